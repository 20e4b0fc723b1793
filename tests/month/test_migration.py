"""Migration: the annuity, who moves, what goes with them, the elsewhere process, and order-free luck."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.town.people_town import by_identity, figures, people_town, permuted

from careersim.month import migration
from careersim.month.migration import expected_income
from careersim.scenario.parameters import Parameters
from careersim.town.columns import CARE, ELSEWHERE, HERE, PUPIL, WORKING
from careersim.town.identities import lay_out
from careersim.town.state import digest, fork

EAGER = Parameters(migration={"weigh": "everyone_once", "cost": 0.0})


def ready(people: int = 2000):
    town = people_town(people=people)
    lay_out(town, *figures(), Parameters(), 12)
    return town


def by_recursion(pay, benefit, find, loss, start, months, discount):
    works, total, weight = start, 0.0, 0.0
    for t in range(months):
        total += discount**t * (benefit + works * (pay - benefit))
        weight += discount**t
        works = works * (1 - loss) + (1 - works) * find
    return total / weight


@pytest.mark.parametrize("find", [0.0, 0.08, 0.9])
@pytest.mark.parametrize("loss", [0.0, 0.005, 0.9])
@pytest.mark.parametrize("start", [0.0, 0.6, 1.0])
def test_annuity_is_the_two_state_chain(find, loss, start):
    for months, discount in ((1, 1.0), (60, 0.997), (480, 1.0)):
        expected = by_recursion(2000.0, 450.0, find, loss, start, months, discount)
        assert expected_income(2000.0, 450.0, find, loss, start, months, discount) == pytest.approx(expected, rel=1e-9)


def test_off_lets_nobody_move():
    town = ready()
    before = digest(town)
    migration.step(town, Parameters(migration={"weigh": "off"}), 0)
    assert digest(town) == before


def test_movers_leave_their_posts_and_take_their_pupils():
    town = ready()
    town.log_events = True
    before = fork(town)
    migration.step(town, EAGER, 0)
    w, old, p = town.people, before.people, town.posts
    movers = (w.residence == ELSEWHERE) & (old.residence == HERE)
    workers, pupils = movers & (w.stage == WORKING), movers & (w.stage == PUPIL)
    assert workers.sum() > 50
    assert pupils.sum() > 0
    assert movers.sum() == town.tallies["out_moves"]
    assert (w.post[movers] == -1).all()
    assert (w.moved_month[movers] == 0).all()
    assert (np.bincount(w.post[w.post >= 0], minlength=len(p)) == p.holders).all()
    assert (old.residence[w.parent[pupils]] == HERE).all()
    assert (w.residence[w.parent[pupils]] == ELSEWHERE).all()
    stay = (w.stage == PUPIL) & (w.residence == HERE) & (w.parent >= 0)
    assert (w.residence[w.parent[stay]] == HERE).all()
    log = town.events.columns()
    assert ((log["event"] == 3) & (log["cause"] == 2)).sum() == pupils.sum()


def test_only_working_adults_in_the_labour_force_weigh():
    town = ready()
    w = town.people
    w.reason[:] = np.where(w.post >= 0, w.reason, CARE)
    migration.step(town, EAGER, 0)
    moved = (w.residence == ELSEWHERE) & (w.stage == WORKING)
    assert moved.any()
    assert (w.birth_month[moved] <= -18 * 12).all()
    assert (w.last_pay[moved] > 0).all()


def test_what_is_compared():
    town = ready()
    w = town.people
    rows = np.flatnonzero((w.post >= 0) & (w.residence == HERE))
    weighs = np.zeros(len(w), np.int8)
    weighs[rows] = 1
    base, _ = migration.decide(town, EAGER, rows, weighs)
    assert 0.02 < base.mean() < 0.95

    def share(**changed):
        other = fork(town)
        for name, value in changed.items():
            if name == "worth":
                other.people.community_weight[:] = value
            elif name == "pay":
                other.people.pay *= value
            elif name == "housing":
                other.housing_difference = value
            else:
                other.solved.log_pay_elsewhere = other.solved.log_pay_elsewhere + value
        moves, _ = migration.decide(other, EAGER, rows, weighs)
        return moves

    assert (share(worth=1000.0) <= base).all()
    assert share(worth=1000.0).sum() < base.sum()
    assert (share(pay=2.0) <= base).all()
    assert share(pay=2.0).sum() < base.sum()
    assert (share(housing=1e6)).sum() == 0
    assert (share(mu1=0.3) >= base).all()
    assert share(mu1=0.3).sum() > base.sum()
    costly, _ = migration.decide(town, Parameters(migration={"cost": 0.5}), rows, weighs)
    assert (costly <= base).all()
    assert costly.sum() < base.sum()


def test_cost_is_spread_over_the_horizon():
    town = ready()
    params = Parameters(migration={"weigh": "everyone_once", "cost": 0.1, "horizon": 24})
    w = town.people
    rows = np.flatnonzero(w.post >= 0)[:3]
    w.moving_cost[rows[0]], w.moving_cost_until[rows[0]] = 100.0, 12
    migration._charge_move(town, params, rows, np.full(3, 2000.0), 0)
    share = (1 - math.exp(-0.1)) * 2000.0
    assert w.moving_cost[rows] == pytest.approx([share + 50.0, share, share])
    assert (w.moving_cost_until[rows] == 24).all()


def test_return_within_the_window_with_pupils():
    params = Parameters(migration={"weigh_rate": 0.0, "return_rate": 1.0, "cost": 0.0, "return_window": 10})
    town = ready()
    migration.step(town, EAGER, 0)
    w = town.people
    w.community_weight[:] = 3000.0
    town.solved.log_pay_elsewhere = town.solved.log_pay_elsewhere - 3.0
    w.elsewhere_pay[:] = 0.0
    away = w.residence == ELSEWHERE
    town.tallies.clear()
    late = fork(town)
    migration.step(town, params, 5)
    back = away & (w.residence == HERE)
    assert back.sum() == town.tallies["returns"] > 0
    assert (w.elsewhere_employed[back] == 0).all()
    assert (w.moved_month[back] == 5).all()
    migration.step(late, params, 11)
    assert (late.people.residence == HERE).sum() == (~away & (w.residence == HERE)).sum()


def test_elsewhere_process_settles_and_worlds_come_together():
    town = ready()
    w = town.people
    w.residence[w.stage == WORKING] = ELSEWHERE
    w.elsewhere_employed[:] = 0
    other = fork(town)
    other.people.elsewhere_employed[:] = 1
    params = Parameters(migration={"weigh": "off"})
    works = []
    for month in range(150):
        for world in (town, other):
            migration.step(world, params, month)
        works.append(w.elsewhere_employed[w.stage == WORKING].mean())
    s = town.solved
    assert np.mean(works[60:]) == pytest.approx(
        s.finding_elsewhere / (s.finding_elsewhere + s.loss_elsewhere), abs=0.01
    )
    working = w.stage == WORKING
    assert np.array_equal(w.elsewhere_employed[working], other.people.elsewhere_employed[working])
    assert ((w.elsewhere_pay > 0) == (w.elsewhere_employed == 1))[w.stage == WORKING].all()


def test_row_order_does_not_matter():
    town = ready()
    order = np.random.default_rng(2).permutation(len(town.people))
    worlds = fork(town), permuted(town, order)
    params = Parameters(migration={"weigh_rate": 1.0, "cost": 0.0, "return_rate": 0.5})
    for month in range(6):
        for world in worlds:
            migration.step(world, params, month)
    a, b = (by_identity(world) for world in worlds)
    assert (a["residence"] == ELSEWHERE).sum() > 20
    for name in a:
        assert np.array_equal(a[name], b[name]), name


def test_knowing_elsewhere_and_youth_make_people_weigh():
    town = ready(people=5000)
    w = town.people

    def weighing(**g):
        weighs = np.zeros(len(w), np.int8)
        p = Parameters(migration=g).migration
        migration.wishes_to_weigh(0, len(w), town.key, 0, False, p.weigh_rate, p.return_rate, p.return_window,
                                  p.weigh_peak_age * 12.0, p.weigh_old, p.weigh_decay * 12.0, w.id, w.birth_month,
                                  w.residence, w.stage, w.reason, w.moved_month, w.knows_elsewhere, weighs)  # fmt: skip
        return weighs == 1

    can = (w.residence == HERE) & (w.stage == WORKING) & (w.reason == 0) & (w.birth_month <= -216)
    young = can & (w.birth_month > -30 * 12)
    some = weighing(weigh_rate=1.0)
    assert not some[~can].any()
    assert some[young].mean() > 1.5 * some[can & ~young].mean()
    w.knows_elsewhere[:] = np.minimum(w.knows_elsewhere * 2, 1)
    more = weighing(weigh_rate=1.0)
    assert (more >= some).all()
    assert more.sum() > 1.3 * some.sum()
