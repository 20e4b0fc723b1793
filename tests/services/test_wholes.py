"""`mixture` and `sequence`: shares, months, and errors of their parts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.towns import lively_town, parameters

from careersim.scenario.errors import ScenarioError
from careersim.services import delivery
from careersim.testing import run_services


def budgets(spec: dict, month: int = 0) -> list[float]:
    services = delivery.make_services(spec, parameters())
    return [s.strategy.budget_at(parameters(), month) for s in services if s.strategy.active(month)]


def test_a_mixture_divides_its_budget_by_weight() -> None:
    parts = [{"name": "one_to_one", "weight": 3}, "brokering"]
    assert np.allclose(budgets({"mixture": {"of": parts}}), [0.45, 0.15])
    assert np.allclose(budgets({"mixture": {"of": parts, "budget": 2.0}}), [1.5, 0.5])
    nested = {"mixture": {"of": [{"name": "mixture", "of": parts}, "own_network"], "budget": 2.0}}
    assert np.allclose(budgets(nested), [0.75, 0.25, 1.0])


def test_a_part_with_a_budget_of_its_own_takes_no_share() -> None:
    parts = ["one_to_one", {"name": "brokering", "budget": 1.0}, {"name": "current_provision", "scale": 0.5}]
    assert np.allclose(budgets({"mixture": {"of": parts}}), [0.6, 1.0, 0.125])


def test_settings_of_the_whole_hold_for_parts_that_state_none() -> None:
    parts = ["one_to_one", {"name": "brokering", "sessions": 2}]
    services = delivery.make_services({"mixture": {"of": parts, "sessions": 5, "take_up": "random"}}, parameters())
    assert [s.strategy.sessions for s in services] == [5, 2]
    assert {s.strategy.take_up for s in services} == {"random"}


def test_a_mixture_of_one_is_that_one() -> None:
    one, mixed = lively_town(), lively_town()
    run_services(one, parameters(), delivery.make_services("one_to_one", parameters()), 6)
    run_services(mixed, parameters(), delivery.make_services({"mixture": {"of": ["one_to_one"]}}, parameters()), 6)
    assert np.array_equal(one.people.career_skill, mixed.people.career_skill)
    assert one.people.sessions.sum() == mixed.people.sessions.sum() > 0


def test_a_sequence_hands_the_budget_from_step_to_step() -> None:
    spec = {"sequence": {"steps": [{"name": "brokering", "months": 4}, "one_to_one"], "start_month": 2, "end_month": 9}}
    services = delivery.make_services(spec, parameters())
    running = [[s.strategy.name for s in services if s.strategy.active(m)] for m in range(11)]
    assert running == [[]] * 2 + [["brokering"]] * 4 + [["one_to_one"]] * 3 + [[]] * 2
    town = lively_town()
    town.policy_start = town.month
    flows = run_services(town, parameters(), services, 11)
    residents = int((town.people.residence == 1).sum())
    granted = [f.get("public_cost", 0.0) + f.get("unspent", 0.0) for f in flows]
    assert np.allclose(granted, [0.0] * 2 + [0.6 * residents] * 7 + [0.0] * 2)


def test_a_step_may_be_a_mixture() -> None:
    steps = [{"name": "mixture", "of": ["one_to_one", "brokering"], "months": 6}, "career_research"]
    assert np.allclose(budgets({"sequence": {"steps": steps}}, 5), [0.3, 0.3])
    assert np.allclose(budgets({"sequence": {"steps": steps}}, 6), [0.6])


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"mixture": {"of": ["one_to_on"]}}, ["one_to_on", "did you mean one_to_one"]),
        ({"mixture": {"of": [{"name": "brokering", "budjet": 1}]}}, ["budjet", "did you mean budget"]),
        ({"mixture": {"of": [{"name": "brokering", "weight": -1}]}}, ["weight", "0 to 1000", "-1"]),
        ({"mixture": {"of": []}}, ["needs a list", "NAME"]),
        ({"mixture": {"of": [3]}}, ["is not a strategy", "3"]),
        ({"sequence": {"steps": [{"name": "brokering", "months": "x"}]}}, ["months", "'x'"]),
    ],
)
def test_errors_of_parts_are_told(spec: dict, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as error:
        delivery.make_services(spec, parameters())
    for word in words:
        assert word in " ".join(str(error.value).split())
