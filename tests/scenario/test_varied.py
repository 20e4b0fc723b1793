"""Choices, uncertainties, designs and ``extends`` of a config: what is refused, where it is said to stand, and how it merges."""

from __future__ import annotations

import pytest

from careersim.scenario.choices import variants
from careersim.scenario.errors import ScenarioError
from careersim.scenario.experiment import experiment_from, load_experiment
from careersim.scenario.loading import parse_yaml
from careersim.scenario.uncertainties import spreads

RANGE = "uncertainties: {search.kappa: {low: 0.1, high: 0.9}}\n"


def problem(text, *settings):
    with pytest.raises(ScenarioError) as caught:
        experiment_from(parse_yaml(text, "c.yaml"), settings)
    assert len(caught.value.screen().splitlines()) <= 22
    (only,) = caught.value.problems
    return only


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("uncertainties: {serch.kappa: [1]}", "uncertainties.serch.kappa", "did you mean search.kappa?"),
        ("uncertainties: {search.kappa: [0.5, 99]}", "uncertainties.search.kappa[1]", "allowed: 0 to 4"),
        ("uncertainties: {search.kappa: [true]}", "uncertainties.search.kappa[0]", "must be a number"),
        ("uncertainties: {search.kappa: []}", "uncertainties.search.kappa", "values to try or a range"),
        ("uncertainties: {search.kappa: {low: 0.1}}", "uncertainties.search.kappa", "is no range"),
        ("uncertainties: {search.kappa: {range: wide}}", "uncertainties.search.kappa", "allowed: declared"),
        ("uncertainties: {search.kappa: {low: 0.9, high: 0.1}}", "uncertainties.search.kappa", "low must be below"),
        ("uncertainties: {search.kappa: {low: -9, high: 0.1}}", "uncertainties.search.kappa.low", "0 to 4"),
        ("uncertainties: {record.after: {low: 1, high: 2}}", "uncertainties.record.after", "has no range"),
        (
            "uncertainties: {conditions.time.burn_in: [3]}",
            "uncertainties.conditions.time.burn_in",
            "did you mean time.b",
        ),
        (
            "uncertainties: {conditions.search.kapa: [3]}",
            "uncertainties.conditions.search.kapa",
            "did you mean search.",
        ),
        (RANGE, "uncertainties", "need a design"),
        ("design: {kind: sobol, n: 4}", "design", "nothing is uncertain"),
        (RANGE + "design: {kind: sobol, n: 100}", "design.n", "did you mean 64 or 128?"),
        (RANGE + "design: {kind: saltelli, n: 3}", "design.n", "power of two"),
        (RANGE + "design: {kind: latin_hypercube}", "design", "needs n"),
        (RANGE + "design: {kind: lists}", "design", "side by side"),
        (RANGE + "design: {kind: sobl, n: 4}", "design.kind", "did you mean sobol?"),
        (RANGE + "design: {kind: morris, n: 4, levels: 5}", "design.levels", "even"),
        (RANGE + "design: {kind: sobol, n: 4, file: a.csv}", "design.file", "only a table"),
        (RANGE + "design: {kind: table, file: a.csv}", "uncertainties", "first line"),
        ("design: {kind: table}", "design", "needs a file"),
        ("choices: {one_too_one.budget: [1]}", "choices.one_too_one.budget", "did you mean one_to_one.budget?"),
        ("choices: {one_to_one.budget: [1, 1]}", "choices.one_to_one.budget", "twice"),
        ("choices: {one_to_one.budget: [1], all.budget: [2]}", "choices.one_to_one.budget", "all strategies too"),
    ],
)
def test_what_is_refused_and_where_it_stands(text, field, words):
    found = problem(text)
    assert found.field == field
    assert words in found.text().replace("\n    ", " ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("serch.kappa\n1\n", "did you mean search.kappa?"),
        ("search.kappa\n1\n-3\n", "line 3"),
        ("search.kappa,ties.degree\n1\n", "1 values, the first line 2 names"),
        ("search.kappa\n", "no points"),
        ("search.kappa,search.kappa\n1,1\n", "one name"),
        ("search.kappa\nmany\n", "must be a number"),
    ],
)
def test_what_is_refused_of_a_table(tmp_path, text, words):
    (tmp_path / "t.csv").write_text(text)
    (tmp_path / "c.yaml").write_text("design: {kind: table, file: t.csv}")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(tmp_path / "c.yaml")
    assert "t.csv" in caught.value.problems[0].file
    assert words in " ".join(caught.value.screen().split())


def test_ranges_are_the_declared_ones_and_settings_reach_dotted_names():
    e = experiment_from(
        parse_yaml("design: {kind: sobol, n: 4}", "c.yaml"), ["uncertainties.search.kappa={range: declared}"]
    )
    (spread,) = spreads(e.uncertainties)
    assert (spread.low, spread.high) == (0.0, 4.0)


def test_no_choice_applies_to_none():
    made = variants(["none", "one_to_one"], {"all.budget": [1, 2.5]})
    assert [v.label for v in made] == ["none", "one_to_one budget=1", "one_to_one budget=2.5"]


def test_a_config_states_only_what_differs_from_another(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "base.yaml").write_text(
        "place: reading\nyears: 3\nparameters: {search: {kappa: 1}, ties: {degree: 6}}\n" + RANGE
        + "design: {kind: sobol, n: 4}\n"
    )  # fmt: skip
    (tmp_path / "c.yaml").write_text(
        "extends: sub/base.yaml\nplaces: [hastings]\nparameters: {search: {kappa: 2}}\nuncertainties: {search.kappa: [1]}\n"
        "design: {kind: grid}\n"
    )
    e = load_experiment(tmp_path / "c.yaml")
    assert (e.places, e.months, e.parameters.search.kappa, e.parameters.ties.degree) == (("hastings",), 36, 2, 6)
    assert e.uncertainties == {"search.kappa": [1]}
    assert e.design.n is None


def test_an_error_names_the_file_that_holds_it(tmp_path):
    (tmp_path / "base.yaml").write_text("months: 12\npeople: 3\n")
    (tmp_path / "c.yaml").write_text("extends: base.yaml\nseed: many\n")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(tmp_path / "c.yaml")
    assert {(p.field, p.file.rsplit("/")[-1], p.line) for p in caught.value.problems} == {
        ("people", "base.yaml", 2), ("seed", "c.yaml", 2),
    }  # fmt: skip


@pytest.mark.parametrize(("named", "words"), [("c.yaml", "circle"), ("gone.yaml", "no such file"), ("3", "path of a")])
def test_what_cannot_be_extended(tmp_path, named, words):
    (tmp_path / "c.yaml").write_text(f"extends: {named}\n")
    with pytest.raises(ScenarioError, match=words):
        load_experiment(tmp_path / "c.yaml")
