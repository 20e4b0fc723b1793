"""Delivery: who is served when, at what price, and how a config becomes services."""

from __future__ import annotations

import numpy as np
import pytest
from tests.towns import lively_town, parameters

from careersim.scenario.errors import ScenarioError
from careersim.services import BUILT_IN, catalogue, delivery, eligibility, names
from careersim.services.base import Service, Strategy
from careersim.services.one_to_one import OneToOne
from careersim.services.participants import ServiceState
from careersim.testing import run_services
from careersim.town.columns import ELSEWHERE, HERE
from careersim.town.town import SERVED


def service(slot: int = 1, **options: object) -> Service:
    return Service(OneToOne(**options), slot, ServiceState.fresh())


def run(town, services, months: int = 6, **services_parameters: object):
    return run_services(town, parameters(services=services_parameters), services, months)


def test_a_price_too_high_for_a_month_is_saved_for_within_a_session() -> None:
    """Fractions of a session are carried over: 400 people, 5 pence, 40 GBP a session is a session every other month."""
    town, s = lively_town(), service(budget=0.05, sessions=1)
    residents = (town.people.residence == HERE).sum()
    run(town, [s], 8)
    assert s.state.participants.received.sum() == int(8 * 0.05 * residents / 40.0)


def test_a_budget_that_cannot_be_spent_is_unspent() -> None:
    town, s = lively_town(), service(budget=10.0, take_up_rate=0.001)
    flows = run(town, [s])
    assert s.state.purse <= 40.0
    assert sum(f["unspent"] for f in flows) > 0.9 * s.state.granted
    assert np.isclose(sum(f["unspent"] + f.get("public_cost", 0.0) for f in flows), s.state.granted)


def test_a_programme_is_finished_before_others_begin() -> None:
    town, s = lively_town(), service(budget=0.4, sessions=3)
    part = None
    for _ in range(6):
        open_programmes = set() if part is None else set(np.flatnonzero(part.sessions_left > 0))
        seen = np.zeros(400, int) if part is None else part.received.copy()
        run(town, [s], 1)
        part = s.state.participants
        served = set(np.flatnonzero(part.received > seen))
        assert served <= open_programmes or open_programmes <= served
    assert part.received.max() == 3


def test_those_who_ask_and_are_not_served_wait() -> None:
    town, s = lively_town(), service(budget=0.2)
    run(town, [s], 4)
    part = s.state.participants
    assert town.tallies["service_queue"] == part.waiting.sum() > 0
    assert not (part.waiting[part.sessions_left > 0]).any()
    waiting = np.flatnonzero(part.waiting)
    town.people.post[waiting] = 0
    run(town, [s], 1)
    assert not s.state.participants.waiting[waiting].any()


def test_who_finds_work_leaves_the_programme() -> None:
    town, s = lively_town(), service(budget=5.0, sessions=12)
    run(town, [s], 2)
    rows = np.flatnonzero(s.state.participants.sessions_left > 0)
    town.people.post[rows[:3]] = 0
    received = s.state.participants.received[rows[:3]].copy()
    run(town, [s], 1)
    assert (s.state.participants.received[rows[:3]] == received).all()
    assert (s.state.participants.sessions_left[rows[:3]] == 0).all()


def test_a_programme_comes_again_only_after_a_while() -> None:
    town, s = lively_town(), service(budget=20.0, sessions=2, again_after=5, take_up_rate=1.0, take_up="random")
    run(town, [s], 5)
    assert s.state.participants.received.max() == 2
    run(town, [s], 2)
    assert s.state.participants.received.max() == 4


def test_quality_falls_as_the_caseload_rises() -> None:
    """With stretch a queue is met by more sessions for the same money, each worth less."""
    town, twin = lively_town(), lively_town()
    usual, stretched = service(budget=0.5), service(budget=0.5, stretch=4.0)
    run(town, [usual], 1)
    run(twin, [stretched], 1)
    assert stretched.state.spent == usual.state.spent
    assert stretched.state.participants.received.sum() > usual.state.participants.received.sum()
    both = np.flatnonzero((usual.state.participants.received > 0) & (stretched.state.participants.received > 0))
    old = lively_town().people.career_skill
    assert (twin.people.career_skill - old)[both].max() < (town.people.career_skill - old)[both].max()


@pytest.mark.parametrize(("key", "better"), [("community", False), ("funder", True)])
def test_objective_decides_who_is_first(key: str, better: bool) -> None:
    town = lively_town(1200)
    first, alike = service(budget=0.3, objective=key, take_up="random"), service(budget=0.3, take_up="random")
    skill = lively_town(1200).people.skill.copy()
    run(town, [first], 6)
    run(lively_town(1200), [alike], 6)
    picked, anybody = (skill[s.state.participants.received > 0].mean() for s in (first, alike))
    if better:
        assert picked > anybody
    else:
        w = lively_town(1200).people
        out = [(40 - w.jobless_since[s.state.participants.received > 0]).mean() for s in (first, alike)]
        assert out[0] > out[1]


def test_own_initiative_favours_high_origins_by_the_stated_gradient() -> None:
    town = lively_town()
    strategy, params = OneToOne(), parameters()
    rows = np.array([1, 2])
    town.people.origin[rows] = [0.0, 1.0]
    low, high = strategy.hazard(town, params, 1, rows)
    assert np.isclose(high / low, np.exp(params.services.initiative_gradient))


def test_books_per_person_add_up_and_begin_with_policy() -> None:
    town, s = lively_town(), service(budget=2.0)
    town.policy_start, town.log_events = 42, True
    provision = delivery.provision(parameters())
    run(town, provision, 2)
    assert town.people.sessions.sum() == 0
    assert provision[0].state.spent > 0
    before = provision[0].state.spent
    flows = run(town, [*provision, s], 6)
    spent = s.state.spent + provision[0].state.spent - before
    assert np.isclose(town.people.support_cost.sum(), spent)
    assert np.isclose(sum(f["public_cost"] for f in flows), spent)
    log = town.events.columns()
    assert (log["event"] == SERVED).all()
    assert np.isclose(log["value"].sum(), spent)
    assert set(log["cause"]) == {0, 1}
    assert (delivery.took_part([*provision, s], 400) == (s.state.participants.received > 0)).all()


def test_dues_and_unpaid_hours_are_kept_apart() -> None:
    town = lively_town()
    brokering = delivery.make_services("brokering", parameters())
    flows = run(town, brokering, 1)[0]
    heads = brokering[0].state.participants.received.sum()
    assert np.isclose(flows["unpaid_value"], heads * 1.5 * 12.5)
    assert np.isclose(flows["public_cost"], heads * 38.0)
    assert flows["dues"] == 13.0 * ((town.people.member == 1) & (town.people.residence == HERE)).sum()


def test_it_runs_only_between_start_and_end() -> None:
    town, s = lively_town(), service(start_month=3, end_month=5)
    town.policy_start = town.month
    flows = run(town, [s], 7)
    assert [m for m, f in enumerate(flows) if f.get("public_cost", 0) > 0] == [3, 4]


def test_new_rows_and_dropped_rows_of_people() -> None:
    town, s = lively_town(), service(budget=3.0)
    run(town, [s], 2)
    kept = np.flatnonzero(town.people.residence != ELSEWHERE)
    received = s.state.participants.received[kept].copy()
    s.keep_rows(kept)
    assert (s.state.participants.received == received).all()
    s.state.fit(len(kept) + 50)
    assert len(s.state.participants) == len(kept) + 50
    assert s.state.participants.received[-50:].sum() == 0


def test_groups_are_formed_once_and_kept() -> None:
    town, s = lively_town(), service(format="group", budget=5.0, grouping="neighbourhood", take_up_rate=0.6)
    run(town, [s], 1)
    group = s.state.participants.group.copy()
    members = np.bincount(group[group >= 0])
    assert members.max() <= 8
    assert members.min() > 0
    run(town, [s], 1)
    both = (s.state.participants.received == 2) & (group >= 0)
    assert (s.state.participants.group[both] == group[both]).all()


def test_campaigns_go_to_large_unorganised_employers_within_the_purse() -> None:
    town = lively_town()
    town.employers.full_scale[5] = 0.1
    services = delivery.make_services({"collective_bargaining": {"budget": 2.0}}, parameters())
    run(town, services, 24)
    begun = np.flatnonzero(town.employers.campaign_until >= 0)
    assert len(begun) > 1
    assert 5 not in begun
    assert not town.employers.recognised[begun].any()
    assert services[0].state.spent == 30.0 * town.employers.heads[begun].sum()
    approached = services[0].state.participants.received > 0
    assert np.isin(town.posts.employer[town.people.post[approached]], begun).all()


def test_supports_are_switches_on_campaigns_too() -> None:
    town, plain = lively_town(), lively_town()
    for where, options in ((town, {"learning": True}), (plain, {})):
        run(where, delivery.make_services({"collective_bargaining": {"budget": 2.0, **options}}, parameters()), 24)
    gained = town.people.career_skill > plain.people.career_skill
    assert gained.any()
    assert (town.people.post[gained] >= 0).all()
    assert np.array_equal(town.employers.campaign_until, plain.employers.campaign_until)


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"none", "provision", "placebo"}))
def test_supports_are_switches_on_every_strategy(name: str) -> None:
    taste = []
    for on in (False, True):
        town = lively_town()
        spec = {"name": name, "budget": 20.0, "take_up": "random", "take_up_rate": 1.0, "advocacy": on}
        services = delivery.make_services(spec, parameters())
        for k, s in enumerate(services):
            s.slot = 0 if s.strategy.replaces_provision else k + 1
        run(town, services, 24)
        taste.append(float(np.abs(town.employers.taste_gender).sum() + np.abs(town.employers.taste_ethnicity).sum()))
    assert taste[1] < taste[0]


def test_the_placebo_changes_one_person_once() -> None:
    town = lively_town()
    town.policy_start = town.month
    before = town.people.career_skill.copy()
    flows = run(town, delivery.make_services("placebo", parameters()), 3)
    assert (town.people.career_skill != before).sum() == 1
    assert town.people.sessions.sum() == 0
    assert not any(f.get("public_cost") for f in flows)


def test_a_replacement_takes_over_todays_provision() -> None:
    class Half(OneToOne):
        """Today's provision at half the budget."""

        name = "half"
        replaces_provision = True

    town, usual = lively_town(), lively_town()
    half = [*delivery.provision(parameters()), Service(Half(budget=0.125), 1, ServiceState.fresh())]
    all_of_it = delivery.provision(parameters())
    run(town, half, 12)
    run(usual, all_of_it, 12)
    assert half[1].state.granted == 0
    assert np.isclose(half[0].state.granted, all_of_it[0].state.granted / 2)


# --- from a config ---------------------------------------------------------------------------------------------------


def test_all_forms_of_a_config_mean_the_same() -> None:
    forms = [
        {"one_to_one": {"budget": 0.3}},
        {"name": "one_to_one", "budget": 0.3, "label": "guidance"},
        ["none", {"name": "one_to_one", "options": {"budget": 0.3}}],
        {"name": "careersim.services.one_to_one:OneToOne", "budget": 0.3},
        OneToOne(budget=0.3),
    ]
    for form in forms:
        services = delivery.make_services(form, parameters())
        assert [s.strategy for s in services] == [OneToOne(budget=0.3)]
        assert [s.slot for s in services] == [1]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("one_to_on", ["one_to_on", "did you mean one_to_one"]),
        ({"one_to_one": {"budjet": 1}}, ["budjet", "did you mean budget"]),
        ({"one_to_one": {"budget": -1}}, ["budget", "0.0 to 50.0", "-1"]),
        ({"one_to_one": {"budget": float("nan")}}, ["budget", "finite"]),
        ({"one_to_one": {"eligibility": {"gendr": "women"}}}, ["gendr", "did you mean gender"]),
        ({"one_to_one": {"eligibility": {"gender": "womn"}}}, ["womn", "did you mean women"]),
        ({"one_to_one": {"eligibility": {"age": [16]}}}, ["age", "two ends"]),
        ("no.such:Class", ["no.such:Class", "cannot be loaded"]),
        ("careersim.services.levers:lever", ["not a careersim.services.base.Strategy"]),
        ({"one_to_one": 3}, ["one_to_one", "mapping"]),
    ],
)
def test_errors_name_what_is_wrong(spec: object, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as error:
        delivery.make_services(spec, parameters())  # type: ignore[arg-type]
    for word in words:
        assert word in " ".join(str(error.value).split())


def test_the_catalogue_knows_every_name() -> None:
    assert list(catalogue()) == names()
    for name, kind in catalogue().items():
        assert kind.name == name
        assert issubclass(kind, Strategy)


def test_eligibility_reads_words_ranges_and_bounds() -> None:
    town = lively_town()
    w = town.people
    rules = {"gender": "women", "stage": ["student", "working life"], "age": [20, 50], "unemployed_months_min": 6}
    age = (40 - w.birth_month) // 12
    out = np.where(w.jobless_since >= 0, 40 - w.jobless_since, 0)
    expected = (
        (w.residence == HERE)
        & (w.gender == 1)
        & (w.stage >= 1)
        & (w.stage <= 2)
        & (age >= 20)
        & (age <= 50)
        & (out >= 6)
    )
    assert (eligibility.mask(town, 40, rules) == expected).all()
    assert (eligibility.mask(town, 40, {"in_work": True}) == ((w.residence == HERE) & (w.post >= 0))).all()
    assert set(np.unique(w.reason[eligibility.mask(town, 40, {"status": "discouraged"})])) <= {5}
