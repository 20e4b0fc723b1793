"""A8 (checks.md): Roy selection with the same kernels, everybody weighing once, no benefit, ties, risk or return."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests import towns

from careersim.checks import exact_roy, roy
from careersim.month import migration
from careersim.scenario.parameters import Parameters
from careersim.town.columns import ELSEWHERE

N = 200_000


def within(found, expected: float) -> bool:
    """Whether an estimate is within 3 standard errors of what theory says (given to 3 digits)."""
    return abs(found.value - expected) < 3 * found.standard_error + 0.0005


def test_positive_selection():
    found = roy(0.4, 0.6, 0.9, gap=0.1, cost=0.3, people=N, rng=1)
    assert within(found.share, 0.250)
    assert within(found.movers, 0.240)
    assert within(found.stayers, -0.080)


def test_negative_selection():
    assert within(roy(0.6, 0.4, 0.9, gap=0.1, cost=0.3, people=N, rng=1).movers, -0.617)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.9])
@pytest.mark.parametrize(("sd_here", "sd_elsewhere"), [(0.3, 0.6), (0.5, 0.4)])
def test_selection_follows_the_truncated_normal(sd_here, sd_elsewhere, rho):
    found = roy(sd_here, sd_elsewhere, rho, gap=0.0, cost=0.2, people=N, rng=2)
    for estimate, expected in zip(found, exact_roy(sd_here, sd_elsewhere, rho, 0.0, 0.2), strict=True):
        assert within(estimate, expected)
    assert (found.movers.value > 0) == (sd_elsewhere / sd_here > 1 / rho if rho > 0 else False)


@pytest.mark.parametrize(("b1", "sign"), [(1.5, 1), (0.0, -1)])
def test_the_skilled_leave_if_and_only_if_skill_pays_more_elsewhere(b1, sign):
    """Here skill is in pay with elasticity 1 (b0 = 1): b1 > 1 draws the skilled, b1 < 1 the unskilled."""
    _, skill, leaves = roy_town_with_skilled_pay(b1)
    gap = skill[leaves].mean() - skill[~leaves].mean()
    assert sign * gap > 0.02


def roy_town_with_skilled_pay(b1: float):
    """The Roy town with pay here that has elasticity 1 to skill."""
    params = Parameters(migration={"weigh": "everyone_once", "cost": 0.3, "arrive_in_work": 1.0, "skill_return": b1})
    town = towns.small_town(20_000, employed=1.0, heads_over=1.2)
    w = town.people
    working = np.flatnonzero(w.post >= 0)
    w.pay[working] = 1000.0 * np.exp(w.e0[working]) * w.skill[working]
    town.solved.log_pay_elsewhere = np.full(3, math.log(1000.0))
    town.solved.loss_elsewhere, town.benefit, town.month = 0.0, 0.0, 0
    town.aggregates.separation_rate = 0.0
    skill = np.log(w.skill.astype(float))
    migration.step(town, params, 0)
    leaves = (w.residence == ELSEWHERE)[working]
    return None, skill[working], leaves
