"""What must be true of worlds that share their past (checks.md B)."""

from __future__ import annotations

import numpy as np
import pytest

from careersim import CareerModel
from careersim.checks import reach, worlds
from careersim.checks.worlds import STRATEGIES
from careersim.loop import BrokenState
from careersim.town import state
from careersim.town.columns import ELSEWHERE

MONTHS = 18


@pytest.fixture(scope="module")
def settled() -> CareerModel:
    """A small town after a short burn-in: enough to have everything going on."""
    return CareerModel("inverclyde", people=1500, rng=3, months=MONTHS, parameters={"time": {"burn_in": 60}})


def run(model: CareerModel, strategy: object = "none", months: int = MONTHS) -> CareerModel:
    return model.fork(strategy).run_for(months)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def without(settled: CareerModel) -> CareerModel:
    return run(settled)


def test_none_twice_is_bit_identical(settled: CareerModel) -> None:
    worlds.none_twice(settled, MONTHS)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_zero_budget_equals_none_bit_for_bit(settled: CareerModel, strategy: str) -> None:
    worlds.zero_budget(settled, MONTHS, strategy)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_funded_strategy_changes_the_world(settled: CareerModel, strategy: str) -> None:
    worlds.funded(settled, MONTHS, strategy)


def test_fork_equals_a_full_rerun(settled: CareerModel) -> None:
    half = settled.fork("one_to_one").run_for(MONTHS // 2)
    rerun = CareerModel(
        "inverclyde", people=1500, rng=3, months=MONTHS, parameters={"time": {"burn_in": 60}}, strategy="one_to_one"
    ).run_for(MONTHS // 2)
    assert state.digest(half.town) == state.digest(rerun.town)


def test_saved_and_loaded_state_goes_on_identically(settled: CareerModel, without: CareerModel, tmp_path) -> None:
    path = tmp_path / "town.npz"
    state.save(state.to_arrays(settled.town), path)
    loaded = state.load(path)
    assert loaded is not None
    twin = settled.fork()
    twin.town = state.from_arrays(loaded)
    assert state.digest(twin.run_for(MONTHS).town) == state.digest(without.town)


def test_a_half_written_state_is_not_read(settled: CareerModel, tmp_path) -> None:
    path = tmp_path / "town.npz"
    state.save(state.to_arrays(settled.town), path)
    path.write_bytes(path.read_bytes()[:-100])
    assert state.load(path) is None


@pytest.mark.parametrize("n_threads", [2, 4])
def test_any_number_of_threads_gives_the_same_bits(settled: CareerModel, n_threads: int) -> None:
    worlds.any_threads(settled, MONTHS, n_threads)


@pytest.mark.parametrize("strategy", ["none", *STRATEGIES])
def test_row_order_does_not_matter(settled: CareerModel, strategy: str) -> None:
    worlds.any_row_order(settled, MONTHS, np.random.default_rng(1), strategy)


def test_taking_measures_changes_nothing(settled: CareerModel) -> None:
    worlds.measuring_changes_nothing(settled, MONTHS)
    worlds.one_more_measure(settled, MONTHS)


@pytest.mark.parametrize("strategy", ["none", *STRATEGIES])
def test_stocks_flows_and_invariants_hold_every_month(settled: CareerModel, strategy: str) -> None:
    worlds.accounting(settled, MONTHS, strategy)


def test_a_number_that_is_none_stops_the_run_with_month_and_column(settled: CareerModel) -> None:
    model = settled.fork()
    model.town.people.skill[5] = np.nan
    with pytest.raises(BrokenState, match=rf"month {model.town.month}: column people\.skill"):
        model.step()


def test_rows_are_the_same_identities_in_every_arm(settled: CareerModel, without: CareerModel) -> None:
    treated = run(settled, "brokering")
    for name in ("id", "origin_kind", "entry_month", "birth_month", "gender", "ethnicity", "e0", "e1", "threshold"):
        np.testing.assert_array_equal(getattr(treated.town.people, name), getattr(without.town.people, name))


@pytest.mark.parametrize("person", range(5))
def test_treating_one_person_reaches_only_the_connected(settled: CareerModel, person: int) -> None:
    """With the place's aggregates held on one path, one person's luck reaches others only through ties, posts and employers."""
    reach.treating_one(settled, 4, person)


def test_people_elsewhere_hold_no_post_here(without: CareerModel) -> None:
    w = without.town.people
    assert np.all(w.post[w.residence == ELSEWHERE] < 0)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_noting_who_would_have_come_changes_nothing(settled: CareerModel, without: CareerModel, strategy: str) -> None:
    shadowed = settled.fork("none", shadows={"arm": strategy}).run_for(MONTHS)
    assert state.digest(shadowed.town) == state.digest(without.town)
    (shadow,) = [s for s in shadowed.services if s.is_shadow]
    assert shadow.state.participants.received.sum() > 0


def test_a_service_that_conveys_nothing_serves_its_own_shadow(settled: CareerModel) -> None:
    """With levers of no strength the worlds are equal, and so are those who came and those who would have come."""
    model = settled.fork("none", shadows={"arm": "one_to_one"}).run_for(MONTHS)
    idle = settled.fork({"one_to_one": {"sessions": 3}})
    for service in idle.services:
        if not service.is_provision:
            service.shadow_of = "itself"
    idle.run_for(MONTHS)
    came = next(s for s in idle.services if s.is_shadow).state.participants.received
    would_have = next(s for s in model.services if s.is_shadow).state.participants.received
    np.testing.assert_array_equal(came, would_have)


def test_conditions_take_hold_when_policy_begins_and_not_before(settled: CareerModel) -> None:
    def town(conditions: dict) -> CareerModel:
        given = {"time": {"burn_in": 60}}
        return CareerModel("inverclyde", people=1500, rng=3, months=MONTHS, parameters=given, conditions=conditions)

    fixed = town({"demand": {"turnover": False}})
    assert state.digest(fixed.town) == state.digest(settled.town)
    assert town({}).parameters == settled.parameters
    generation = fixed.town.employers.generation.copy()
    assert (run(fixed).town.employers.generation == generation).all()  # nobody exits
    assert (run(settled).town.employers.generation != generation).any()
