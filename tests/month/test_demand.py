"""Demand: local demand, heads, exit and entry."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from careersim.month import demand
from careersim.town import threads
from careersim.town.columns import LOCAL, PUBLIC, TRADABLE
from careersim.town.state import digest, fork
from careersim.town.town import EMPLOYER_EXITED
from towns import bare_town, parameters, put_in_work

STILL = parameters(demand={"turnover": False})
NATIONAL = SimpleNamespace(
    employment_rate=0.75, jobs_density=0.75, in_commuter_share=0.0, out_commuter_share=0.0, sector_share=(0.25, 0.40, 0.35),
    employer_size_share=(0.89, 0.09, 0.016, 0.004), working_age_population=400_000,
)  # fmt: skip


def many(n: int, sector: int = TRADABLE, heads: float = 4.0):
    return bare_town([[k % 11] for k in range(n)], heads=heads, sector=sector)


def test_default_loop_gain_is_a_local_multiplier_of_1_6() -> None:
    g = demand.loop_gain(parameters(), NATIONAL)
    assert g == pytest.approx(1.6 / 2.6, abs=0.02)
    assert demand.loop_gain(parameters(demand={"gamma": 3.0}), NATIONAL) > demand.LARGEST_GAIN
    assert demand.loop_gain(parameters(demand={"feedback": False}), NATIONAL) == 0.0


def test_commuting_in_lowers_the_gain() -> None:
    tight = SimpleNamespace(**{**NATIONAL.__dict__, "jobs_density": 1.25})
    leaky = SimpleNamespace(**{**tight.__dict__, "in_commuter_share": 0.4})
    gain = demand.loop_gain(parameters(), tight)
    assert demand.loop_gain(parameters(), leaky) < 0.75 * gain
    # jobs that commuters hold leave only their profit in town: little more than in a place without those jobs
    assert demand.loop_gain(parameters(), leaky) < 1.2 * demand.loop_gain(parameters(), NATIONAL)


def test_local_demand_follows_income_with_a_lag() -> None:
    town = many(3, LOCAL)
    town.n_people = 100
    demand.step(town, STILL, 1)
    assert town.aggregates.demand_index == 1.0
    town.solved.income_ref, town.aggregates.income = 1000.0, 110_000.0
    demand.step(town, STILL, 1)
    wanted = 1.1**STILL.demand.gamma
    assert town.aggregates.demand_index == pytest.approx(1.0 + (wanted - 1.0) / STILL.demand.lag)
    for _ in range(200):
        demand.step(town, STILL, 1)
    assert town.aggregates.demand_index == pytest.approx(wanted)
    assert town.posts.desired == pytest.approx(4.0 * wanted)


def test_local_demand_moves_local_services_only() -> None:
    for sector, moved in ((TRADABLE, 1.0), (LOCAL, 1.2), (PUBLIC, 1.0)):
        town = many(3, sector)
        town.aggregates.demand_index, town.solved.income_ref, town.n_people = 1.2, 1.0, 1
        town.aggregates.income = 1.2 ** (1 / STILL.demand.gamma)
        demand.step(town, STILL, 1)
        assert town.posts.desired == pytest.approx(4.0 * moved)


def test_rounding_belongs_to_the_post_and_is_fair() -> None:
    town = many(4000, heads=2.3)
    demand.step(town, STILL, 1)
    first = town.posts.target.copy()
    demand.step(town, STILL, 77)
    assert np.array_equal(town.posts.target, first)
    assert set(first) == {2, 3}
    assert first.mean() == pytest.approx(2.3, abs=4 * 0.46 / np.sqrt(4000))


def test_commuters_fill_their_heads_first() -> None:
    town = many(10, heads=4.0)
    town.posts.commuters[:] = 3
    demand.step(town, STILL, 1)
    assert np.all(town.posts.target == 1)
    town.posts.commuters[:] = 6
    demand.step(town, STILL, 1)
    assert np.all(town.posts.target == 0)


def test_months_over_count_only_in_a_row() -> None:
    town = many(2, heads=4.0)
    town.posts.holders[:] = 5, 4
    for month in (1, 2):
        demand.step(town, STILL, month)
    assert town.posts.months_over.tolist() == [2, 0]
    town.posts.holders[:] = 4
    demand.step(town, STILL, 3)
    assert town.posts.months_over.tolist() == [0, 0]


def run(town, setting, months: int, profit_share: float = 0.05) -> np.ndarray:
    """Step demand for some months with profit held at a share of the value product; return the share of slots alive."""
    value = np.bincount(town.posts.employer, town.posts.v0 * town.posts.l0, len(town.employers))
    alive = []
    for month in range(1, months + 1):
        town.employers.profit_mean[:] = profit_share * value
        demand.step(town, setting, month)
        alive.append(town.employers.alive.mean())
    return np.array(alive)


def test_exit_and_entry_settle_where_the_rates_say() -> None:
    town = many(4000, heads=2.0)
    setting = parameters(demand={"entry_profit_response": 0.0})
    alive = run(town, setting, 120)
    d = setting.demand
    h = d.death_rate / 12 * d.empty_months
    assert alive[60:].mean() == pytest.approx(1 / (1 + h), abs=0.01)


@pytest.mark.parametrize(
    ("sector", "factor"), [(TRADABLE, np.exp(30 * 0.05)), (LOCAL, np.exp(10 * 0.05)), (PUBLIC, 0.0)]
)
def test_exit_rises_as_profit_falls_most_where_employers_are_mobile(sector: int, factor: float) -> None:
    town = many(6000, sector, heads=2.0)
    setting = parameters(demand={"empty_months": 60.0})
    run(town, setting, 3, profit_share=0.0)
    exits = np.count_nonzero(town.employers.empty_since >= 0) + town.employers.generation.sum()
    expected = 6000 * 3 * 0.11 / 12 * factor
    assert exits == pytest.approx(expected, abs=4 * np.sqrt(expected) + 0.06 * expected)


def test_large_employers_exit_less() -> None:
    small, large = many(3000, heads=2.0), many(3000, heads=2.0)
    large.employers.full_scale[:] = 50.0
    for town in (small, large):
        run(town, parameters(demand={"empty_months": 60.0}), 12)
    assert large.employers.alive.sum() > small.employers.alive.sum() + 100


def test_staff_of_an_exiting_employer_lose_their_posts_and_nobody_else() -> None:
    town = bare_town([[k % 11] for k in range(200)], heads=2.0, n_people=300, sector=TRADABLE)
    put_in_work(town, np.arange(300), np.arange(300) % 200)
    town.log_events = True
    town.employers.recognised[:] = 1
    town.posts.bargained[:] = 1.0
    before = town.people.post.copy()
    run(town, parameters(demand={"death_rate": 0.4}), 1, profit_share=-0.2)
    gone = town.employers.alive == 0
    assert 10 < gone.sum() < 190
    lost = gone[town.posts.employer[before]]
    assert np.all(town.people.post[lost] == -1)
    assert np.array_equal(town.people.post[~lost], before[~lost])
    assert np.all(town.posts.holders[gone] == 0)
    assert np.all(town.posts.target[gone] == 0)
    assert np.all(town.employers.recognised[gone] == 0)
    assert np.all(town.posts.bargained[gone] == 0)
    log = town.events.columns()
    assert np.all(log["cause"] == EMPLOYER_EXITED)
    assert len(log["person"]) == lost.sum() == town.tallies["exit_layoffs"]


def test_a_refilled_slot_keeps_size_and_occupations_and_draws_new_traits() -> None:
    town = many(300, heads=3.0)
    town.employers.alive[:] = 0
    before = fork(town)
    demand.step(town, parameters(demand={"empty_months": 1.0}), 1)
    new = town.employers.alive == 1
    assert 100 < new.sum() < 300
    assert np.all(town.employers.generation[new] == 1)
    assert np.array_equal(town.posts.l0, before.posts.l0)
    assert np.array_equal(town.posts.occupation, before.posts.occupation)
    assert len(np.unique(town.employers.premium[new])) == new.sum()
    assert town.employers.premium[new].mean() == pytest.approx(1.0, abs=0.05)
    assert np.all(town.employers.taste_ethnicity[new] >= 0)
    assert town.posts.v0[new] == pytest.approx(before.posts.v0[new] * town.employers.premium[new])


def test_slots_fill_sooner_when_demand_and_profit_are_high() -> None:
    filled = []
    for x, minimum in ((0.8, 0.0), (1.0, 0.0), (1.25, 0.0), (1.0, 2600.0)):
        town = many(4000, LOCAL)
        town.employers.alive[:] = 0
        town.aggregates.demand_index, town.minimum_wage = x, minimum
        demand.fill_slots(town, parameters(), 1)
        filled.append(town.employers.alive.sum())
    assert filled[0] < filled[1] < filled[2]
    assert filled[3] < filled[1]


def test_employers_luck_does_not_depend_on_the_number_of_threads() -> None:
    one = many(500)
    two = fork(one)
    run(one, parameters(), 3)
    threads.set_threads(2)
    least = threads.MIN_ROWS_PER_THREAD
    threads.MIN_ROWS_PER_THREAD = 50
    try:
        run(two, parameters(), 3)
    finally:
        threads.MIN_ROWS_PER_THREAD = least
        threads.set_threads(1)
    assert digest(one) == digest(two)
