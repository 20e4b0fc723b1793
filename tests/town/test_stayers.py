"""Residents of the start are those who have weighed elsewhere and stayed: exact against the decision itself."""

from __future__ import annotations

import numpy as np
import pytest
from tests.town.people_town import figures, people_town, permuted

from careersim.month.migration import YOUNGEST, decide, youth_factor
from careersim.month.pay import set_peoples_pay
from careersim.scenario.parameters import Parameters
from careersim.stayers import keep_stayers, months_of_youth
from careersim.town.columns import WORKING
from careersim.town.place_constants import write_constants

ALWAYS = Parameters(migration={"weigh_rate": 1.0})
"""Weighed so often that by thirty everybody has."""


@pytest.fixture
def town():
    made = people_town()
    write_constants(made, *figures(), ALWAYS)
    made.people.knows_elsewhere[:] = 1.0
    return made


def grown(town):
    w = town.people
    return np.flatnonzero((w.stage == WORKING) & (town.month - w.birth_month > YOUNGEST + 36))


def leavers(town, params=ALWAYS):
    rows = grown(town)
    moves, _ = decide(town, params, rows, np.ones(len(town.people), np.int8))
    return rows[moves]


def test_hardly_anybody_is_left_who_would_go_at_once(town):
    before = len(leavers(town))
    keep_stayers(town, ALWAYS, 0.0)
    assert before > 0.1 * len(grown(town)), "without selection many would"
    assert len(leavers(town)) < 0.01 * len(grown(town))


def test_whoever_would_have_stayed_keeps_their_luck(town):
    w = town.people
    first = w.e0.copy(), w.e1.copy()
    keep_stayers(town, ALWAYS, 0.0)
    changed = (w.e0 != first[0]) | (w.e1 != first[1])
    assert changed.any()
    assert not changed[w.stage != WORKING].any(), "pupils and students have weighed nothing yet"
    w.e0[:], w.e1[:] = first
    set_peoples_pay(town, ALWAYS, 0)
    would_go = np.zeros(len(w), bool)
    would_go[leavers(town)] = True
    assert would_go[changed & np.isin(np.arange(len(w)), grown(town))].all()


def test_luck_here_rises_and_luck_elsewhere_falls(town):
    """Of two unit normals (a, b) given b - a below a bound, a rises and b falls, by the same rule at any correlation below 1 (Roy 1951)."""
    w, rows = town.people, grown(town)
    before = w.e0[rows].mean(), w.e1[rows].mean()
    keep_stayers(town, ALWAYS, 0.0)
    assert w.e0[rows].mean() > before[0]
    assert w.e1[rows].mean() < before[1] - 0.05


def test_nobody_is_chosen_where_nobody_weighs_or_moving_costs_too_much(town):
    before = town.people.e1.copy()
    keep_stayers(town, Parameters(migration={"weigh": "off"}), 0.1)
    keep_stayers(town, Parameters(migration={"weigh_rate": 0.0}), 0.1)
    keep_stayers(town, Parameters(migration={"weigh_rate": 1.0, "cost": 3.0}), 0.1)
    assert (town.people.e1 == before).all()


def test_the_order_of_people_does_not_matter(town):
    order = np.random.default_rng(1).permutation(len(town.people))
    other = permuted(town, order)
    keep_stayers(town, ALWAYS, 0.05)
    keep_stayers(other, ALWAYS, 0.05)
    assert (other.people.e1 == town.people.e1[order]).all()


def test_months_of_youth_add_up():
    g = Parameters().migration
    ages = np.array([YOUNGEST, YOUNGEST + 1, 12 * 40])
    each = [
        youth_factor(m, 12 * g.weigh_peak_age, g.weigh_old, 12 * g.weigh_decay) for m in range(YOUNGEST, 12 * 40 + 1)
    ]
    assert months_of_youth(ages, g) == pytest.approx([1.0, 2.0, sum(each)])
