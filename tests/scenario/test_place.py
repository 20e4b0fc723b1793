"""Places: those that ship hang together; those that cannot be are refused with line, field and range."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careersim.scenario.catalogue import configs_folder, place_names
from careersim.scenario.errors import ScenarioError
from careersim.scenario.figures import Figure
from careersim.scenario.loading import parse_yaml
from careersim.scenario.national import load_national
from careersim.scenario.place import BALANCE_TOLERANCE, RATES_TOLERANCE, Place, load_place, place_from

TEXT = (configs_folder() / "places" / "inverclyde.yaml").read_text()


def replaced(figure: str, value: str, text: str = TEXT) -> str:
    """Return a place file with the value of one figure replaced."""
    out, n = re.subn(rf"(?m)^(  {figure}:\n    value: ).*$", rf"\g<1>{value}", text)
    assert n == 1, figure
    return out


def refused(text: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        place_from(parse_yaml(text, "town.yaml"))
    return caught.value


def test_ten_places_ship():
    assert {"inverclyde", "blackpool", "north-east-lincolnshire", "reading", "edinburgh"} <= set(place_names())
    assert len(place_names()) == 10


@pytest.mark.parametrize("name", place_names())
def test_every_place_that_ships_hangs_together(name):
    place = load_place(name)
    assert place.name == name
    assert (
        abs(place.jobs_density * (1 - place.in_commuter_share) - place.employment_rate * (1 - place.out_commuter_share))
        <= BALANCE_TOLERANCE
    )
    assert (
        abs((1 - place.inactivity_rate) * (1 - place.unemployment_rate) - place.employment_rate)
        <= RATES_TOLERANCE + 1e-9
    )
    assert 0.005 <= place.discouraged_share <= 0.03
    assert 0.02 <= place.unemployment_rate_balanced <= 0.08
    for shares in (place.occupation_share, place.sector_share, place.employer_size_share):
        assert sum(shares) == pytest.approx(1.0)
    assert len(place.occupation_share) == 11
    assert place.rqf3_share > 0
    assert place.full_size > place.working_age_population


@pytest.mark.parametrize("name", place_names())
def test_every_figure_has_unit_year_source_and_status(name):
    figures = load_place(name).figures
    assert figures is not None
    for field, figure in figures.items():
        assert figure.unit, field
        assert figure.year, field
        assert len(figure.source) >= 3, field
        if isinstance(figure, Figure) and figure.published is not None:
            assert figure.note, field
            assert figure.low <= figure.value <= figure.high, field


def test_figures_that_rest_on_memory_say_so():
    for name in place_names():
        figures = load_place(name).figures
        assert figures.jobs_density.status == "memory"
        assert figures.in_commuter_share.status == "assumed"
        assert figures.out_commuter_share.status == "derived"


def test_published_figures_are_converted():
    place = load_place("edinburgh")
    assert place.working_age_population == 369_218
    assert place.median_pay == pytest.approx(704.8 * 52 / 12)
    assert place.gva_per_job == pytest.approx(85_247 / 12)
    assert place.employment_rate == pytest.approx(0.821)
    assert place.birth_rate == pytest.approx(0.1206)


def test_constrained_places_differ_in_inactivity_and_value_added_not_unemployment():
    places = [load_place(n) for n in place_names()]
    constrained = [p for p in places if p.group == "constrained"]
    prosperous = [p for p in places if p.group == "prosperous"]
    assert min(p.inactivity_rate for p in constrained) > max(p.inactivity_rate for p in prosperous)
    assert max(p.gva_per_job for p in constrained) < min(p.gva_per_job for p in prosperous)
    assert min(p.unemployment_rate for p in constrained) <= max(p.unemployment_rate for p in prosperous)


def test_names_are_found_in_several_spellings():
    assert load_place("North East Lincolnshire").name == "north-east-lincolnshire"
    assert load_place("merthyr_tydfil").name == "merthyr-tydfil"
    assert load_place(configs_folder() / "places" / "reading.yaml").name == "reading"


@pytest.mark.parametrize(
    ("wrong", "near"), [("inverclide", "inverclyde"), ("merthyr", "merthyr-tydfil"), ("Redding", "reading")]
)
def test_unknown_place_names_the_nearest(wrong, near):
    with pytest.raises(ScenarioError) as caught:
        load_place(wrong)
    assert caught.value.problems[0].suggestion == near


def test_missing_file(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ScenarioError):
            load_place(path)


def test_a_place_of_ten_people_is_refused_with_a_reason():
    problem = refused(replaced("working_age_population", "10")).problems[0]
    assert problem.field == "figures.working_age_population.value"
    assert "1,000 people" in problem.message
    assert problem.line > 0


@pytest.mark.parametrize(
    ("figure", "value", "allowed"),
    [
        ("employment_rate", "684", "30 to 95 %"),
        ("inactivity_rate", "100", "4 to 60 %"),
        ("jobs_density", "0", "0.15 to 3 ratio"),
        ("median_pay", "-5", "184.615 to 1846.15 GBP/week"),
        ("birth_rate", "51", "0 to 50 % per year"),
    ],
)
def test_out_of_range_says_the_range_in_the_files_unit(figure, value, allowed):
    text = replaced(figure, value)
    problem = refused(text).problems[0]
    assert problem.field == f"figures.{figure}.value"
    assert problem.allowed == allowed
    assert value in problem.found
    assert text.splitlines()[problem.line - 1].strip() == f"value: {value}"


def test_all_errors_are_reported_together():
    text = replaced("employment_rate", "684", replaced("median_pay", "much")).replace("  sick_share:", "  sik_share:")
    fields = {p.field: p for p in refused(text).problems}
    assert fields["figures.sik_share"].suggestion == "sick_share"
    assert set(fields) == {
        "figures.sik_share",
        "figures.sick_share",
        "figures.median_pay.value",
        "figures.employment_rate.value",
    }
    assert fields["figures.sick_share"].message == "is missing"


@pytest.mark.parametrize("value", ["true", ".nan", ".inf", "null", "[1]", "six"])
def test_what_is_no_number_is_refused(value):
    assert refused(replaced("employment_rate", value)).problems[0].field == "figures.employment_rate.value"


def test_imbalance_is_refused_and_says_what_would_close_it():
    problem = refused(replaced("out_commuter_share", "10")).problems[0]
    assert problem.field == "figures.out_commuter_share.value"
    closing = float(problem.allowed.split()[0])
    place = place_from(parse_yaml(replaced("out_commuter_share", f"{100 * closing}"), "town.yaml"))
    assert abs(place.balance_gap) < 1e-4


def test_more_jobs_than_residents_and_commuters_can_hold():
    assert "in_commuter_share of at least" in refused(replaced("jobs_density", "2.5")).problems[0].allowed


@pytest.mark.parametrize(
    ("figure", "value", "words"),
    [
        ("inactivity_rate", "40", "does not agree"),
        ("sick_share", "20", "five stated reasons"),
        ("rqf4_share", "90", "RQF 3"),
        ("gva_per_job", "13000", "no employer could live"),
    ],
)
def test_impossible_combinations(figure, value, words):
    assert any(words in p.message for p in refused(replaced(figure, value)).problems)


def test_a_wage_floor_above_all_pay_is_refused():
    messages = " ".join(p.message for p in refused(replaced("median_pay", "190")).problems)
    assert "above the pay of every occupation" in messages
    assert "nobody would work" not in messages or "benefit" in messages


def test_shares_must_sum_and_be_complete():
    assert "sum" in refused(TEXT.replace("professional: 22", "professional: 72")).problems[0].message
    missing = refused(TEXT.replace("professional: 22, ", "")).problems[0]
    assert "missing" in missing.message
    assert "professional" in missing.found
    unknown = refused(TEXT.replace("professional: 22", "profesional: 22")).problems[0]
    assert unknown.suggestion == "professional"


def test_unknown_unit_and_status():
    unit = refused(TEXT.replace("unit: GBP/week", "unit: USD/week")).problems[0]
    assert "GBP/month" in unit.allowed
    status = refused(TEXT.replace("status: memory", "status: memry", 1)).problems[0]
    assert status.suggestion == "memory"


def test_a_place_made_in_code_is_checked_too():
    place = load_place("inverclyde")
    values = place.model_dump() | {"out_commuter_share": 0.0, "figures": None}
    with pytest.raises(ValueError, match="do not balance"):
        Place(**values)


def test_a_place_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        load_place("reading").median_pay = 1.0


@given(st.floats(0.2, 1.2), st.floats(0.0, 0.6), st.floats(0.0, 0.6))
def test_balance_holds_or_the_place_is_refused(jobs, in_share, out_share):
    place = load_place("hastings")
    values = place.model_dump() | {"jobs_density": jobs, "in_commuter_share": in_share, "out_commuter_share": out_share}
    gap = jobs * (1 - in_share) - place.employment_rate * (1 - out_share)
    if abs(gap) <= BALANCE_TOLERANCE:
        assert Place(**values).balance_gap == pytest.approx(gap)
    else:
        with pytest.raises(ValueError, match="balance"):
            Place(**values)


def test_edited_files_are_read_again(tmp_path: Path):
    file = tmp_path / "own.yaml"
    file.write_text(TEXT)
    assert load_place(file).working_age_population == 48_557
    import os

    file.write_text(replaced("working_age_population", "50000"))
    os.utime(file, ns=(1, 1))
    assert load_place(file).working_age_population == 50_000


def test_national_figures():
    uk = load_national()
    assert len(uk.occupations) == 11
    assert [o.stem for o in uk.occupations] == [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    for o in uk.occupations:
        assert sum(x * x for x in o.riasec) == pytest.approx(1.0)
    hours = uk.minimum_wage / 12.21
    assert 30 * 52 / 12 <= hours <= 38 * 52 / 12
    assert uk.benefit < uk.minimum_wage < uk.median_pay * min(o.relative_pay for o in uk.occupations) * 1.05
    assert uk.benefit == pytest.approx(uk.figures.amount("standard_allowance") + uk.figures.amount("housing_element"))
    u, f, d = uk.elsewhere_unemployment_rate, uk.elsewhere_finding_rate, uk.elsewhere_loss_rate
    assert d / (d + f) == pytest.approx(u, abs=0.001)
    assert sum(uk.inactivity_shares.values()) == pytest.approx(1.0)


def test_national_file_errors_are_located(tmp_path):
    text = (configs_folder() / "national.yaml").read_text()
    file = tmp_path / "n.yaml"
    file.write_text(replaced("minimum_wage", "9000", text.replace("relative_pay: 1.45", "relative_pay: 145")))
    with pytest.raises(ScenarioError) as caught:
        load_national(file)
    fields = [p.field for p in caught.value.problems]
    assert "occupations[0].relative_pay" in fields
    assert "figures.minimum_wage.value" in fields
