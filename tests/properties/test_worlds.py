"""What must be true of worlds that share their past (checks.md B)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from careersim import CareerModel
from careersim.loop import BrokenState, simulate_month
from careersim.month import record
from careersim.town import state, threads
from careersim.town.columns import ELSEWHERE, HERE, OUTSIDE, STUDENT, WORKING, People, Ties

MONTHS = 18
STRATEGIES = ("one_to_one", "own_network", "brokering", "collective_bargaining")


@pytest.fixture(scope="module")
def settled() -> CareerModel:
    """A small town after a short burn-in: enough to have everything going on."""
    return CareerModel("inverclyde", people=1500, rng=3, months=MONTHS, parameters={"time": {"burn_in": 60}})


def run(model: CareerModel, strategy: object = "none", months: int = MONTHS) -> CareerModel:
    return model.fork(strategy).run_for(months)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def without(settled: CareerModel) -> CareerModel:
    return run(settled)


def test_none_twice_is_bit_identical(settled: CareerModel, without: CareerModel) -> None:
    assert state.digest(run(settled).town) == state.digest(without.town)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_zero_budget_equals_none_bit_for_bit(settled: CareerModel, without: CareerModel, strategy: str) -> None:
    assert state.digest(run(settled, {strategy: {"budget": 0.0}}).town) == state.digest(without.town)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_funded_strategy_changes_the_world(settled: CareerModel, without: CareerModel, strategy: str) -> None:
    treated = run(settled, strategy)
    assert state.digest(treated.town) != state.digest(without.town)
    assert treated.town.totals["public_cost"] > without.town.totals["public_cost"]


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
def test_any_number_of_threads_gives_the_same_bits(settled, without, n_threads: int, monkeypatch) -> None:
    monkeypatch.setattr(threads, "MIN_ROWS_PER_THREAD", 100)
    monkeypatch.setattr(threads, "_n_threads", n_threads)
    assert state.digest(run(settled).town) == state.digest(without.town)


def permuted(model: CareerModel, rng: np.random.Generator) -> tuple[CareerModel, np.ndarray]:
    """A twin whose people stand in other rows, and the row at which each person now stands."""
    twin = model.fork()
    n = len(twin.town.people)
    order = rng.permutation(n)
    new_row = np.empty(n, np.int64)
    new_row[order] = np.arange(n)
    twin.town.people = twin.town.people.take(order)
    twin.town.ties = twin.town.ties.take(order)
    for table, column in ((twin.town.people, "parent"), (twin.town.ties, "contact")):
        rows = getattr(table, column)
        rows[rows >= 0] = new_row[rows[rows >= 0]]
    for service in twin.services:
        service.keep_rows(order)
    return twin, new_row


def test_row_order_does_not_matter(settled: CareerModel, without: CareerModel) -> None:
    twin, new_row = permuted(settled, np.random.default_rng(1))
    twin.run_for(MONTHS)
    a, b = without.town, twin.town
    for name in People.columns():
        if name == "parent":
            continue
        np.testing.assert_array_equal(getattr(a.people, name), getattr(b.people, name)[new_row], err_msg=name)
    for table in ("posts", "employers"):
        for name, column in getattr(a, table).arrays().items():
            np.testing.assert_array_equal(column, getattr(getattr(b, table), name), err_msg=f"{table}.{name}")
    assert a.totals == b.totals


def test_taking_measures_changes_nothing(settled: CareerModel, without: CareerModel) -> None:
    bare = settled.fork()
    for _ in range(MONTHS):
        simulate_month(bare.town, bare.parameters, bare.services)
    assert state.digest(bare.town) == state.digest(without.town)


def test_stocks_equal_last_months_stocks_plus_flows(settled: CareerModel) -> None:
    model = settled.fork("one_to_one")
    for _ in range(MONTHS):
        before = record.counts(model.town)["residents"]
        model.step()
        now, t = record.counts(model.town)["residents"], model.town.tallies
        gone = t.get("retired", 0.0)
        assert now - before == t["in_moves"] + t["turned_13"] - t["out_moves"] - gone


def check_invariants(model: CareerModel) -> None:
    """Who holds which post, ties and money, in any month of any world."""
    town = model.town
    w, p, f, ties = town.people, town.posts, town.employers, town.ties
    held = w.post[w.post >= 0]
    np.testing.assert_array_equal(np.bincount(held, minlength=len(p)), p.holders)
    at_work = w.post >= 0
    assert np.all(w.residence[at_work] == HERE)
    assert np.all(w.stage[at_work] == WORKING)
    assert np.all(w.reason[at_work] == 0)
    assert np.all(w.pay[at_work] > 0)
    assert np.all(w.pay[~at_work] == 0)
    assert np.all(w.post[w.stage == STUDENT] < 0)
    assert np.all(p.vacancies >= 0)
    assert np.all(p.vacancies <= np.maximum(p.target - 0, 0))
    assert np.all(p.holders[f.alive[p.employer] == 0] == 0)
    for name in ("career_skill", "morale", "knows_elsewhere", "self_awareness", "digital_literacy", "attribution"):
        x = getattr(w, name)
        assert np.all((x >= 0) & (x <= 1)), name
    assert np.all((w.support >= -1) & (w.support <= 1))
    assert np.all((w.odds_belief >= 0) & (w.odds_belief <= 1))
    check_ties(ties, w)
    flows = town.ledger_flows
    inflow = flows["output"] + flows["subsidies"]
    outflow = flows["pay_residents"] + flows["pay_commuters"] + flows["profit"] + flows["fixed_cost"]
    assert abs(inflow - outflow) <= 1e-6 * max(inflow, 1.0)
    local = p.sector != OUTSIDE
    assert np.all(p.capacity[local] >= 1)


def check_ties(ties: Ties, w: People) -> None:
    rows, slots = np.nonzero(ties.contact >= 0)
    to = ties.contact[rows, slots]
    assert np.all(rows != to)
    n = len(w)
    there = rows * n + to
    assert len(np.unique(there)) == len(there)
    back = np.sort(to * n + rows)
    np.testing.assert_array_equal(np.sort(there), back)
    order, reverse = np.argsort(there), np.argsort(to * n + rows)
    np.testing.assert_array_equal(ties.strength[rows, slots][order], ties.strength[rows, slots][reverse])
    assert np.all((ties.strength[rows, slots] >= 0) & (ties.strength[rows, slots] <= 1))


@pytest.mark.parametrize("strategy", ["none", *STRATEGIES])
def test_invariants_hold_every_month(settled: CareerModel, strategy: str) -> None:
    model = settled.fork(strategy)
    for _ in range(MONTHS):
        model.step()
        check_invariants(model)


def test_a_number_that_is_none_stops_the_run_with_month_and_column(settled: CareerModel) -> None:
    model = settled.fork()
    model.town.people.skill[5] = np.nan
    with pytest.raises(BrokenState, match=rf"month {model.town.month}: column people\.skill"):
        model.step()


def test_rows_are_the_same_identities_in_every_arm(settled: CareerModel, without: CareerModel) -> None:
    treated = run(settled, "brokering")
    for name in ("id", "origin_kind", "entry_month", "birth_month", "gender", "ethnicity", "e0", "e1", "threshold"):
        np.testing.assert_array_equal(getattr(treated.town.people, name), getattr(without.town.people, name))


def test_treating_one_person_reaches_only_the_connected(settled: CareerModel, monkeypatch) -> None:
    """With the place's aggregates held on one path, one person's luck reaches others only through ties, posts and employers."""
    frozen = dataclasses.replace(settled.town.aggregates)
    monkeypatch.setattr(record, "update_aggregates", lambda town, params: None)
    base, treated = settled.fork(), settled.fork()
    for m in (base, treated):
        m.town.aggregates = state.copy_record(frozen)
    w = treated.town.people
    one = int(np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (w.reason == 0) & (w.post < 0))[0])
    w.career_skill[one] = min(1.0, w.career_skill[one] + 0.3)
    base.step()
    treated.step()
    changed = np.flatnonzero(_changed(base.town.people, treated.town.people))
    assert one in changed
    assert len(changed) <= 12, (
        "one month after, only the person, rivals for the same posts and their contacts may differ"
    )


def _changed(a: People, b: People) -> np.ndarray:
    out = np.zeros(len(a), bool)
    for name, column in a.arrays().items():
        differs = column != getattr(b, name)
        out |= differs if differs.ndim == 1 else differs.any(axis=1)
    return out


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
