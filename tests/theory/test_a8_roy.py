"""A8 (checks.md): Roy selection with the same kernels, everybody weighing once, no benefit, ties, risk or return."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests import towns

from careersim.month import migration
from careersim.scenario.parameters import Parameters
from careersim.town import traits
from careersim.town.columns import ELSEWHERE

N = 200_000


def roy_town(
    sd_here: float, sd_elsewhere: float, rho: float, gap: float, cost: float, b1: float = 1.0, skill_sd: float = 0.0
):
    """Return a town in which pay here is ``exp(e0)`` of log mean 0, and elsewhere of log mean ``gap``."""
    params = Parameters(
        migration={
            "weigh": "everyone_once", "cost": cost, "horizon": 12, "arrive_in_work": 1.0, "luck_sd_here": sd_here,
            "luck_sd_elsewhere": sd_elsewhere, "luck_correlation": rho, "skill_return": b1,
        },
        demography={"skill_sd": max(skill_sd, 0.05), "skill_origin": 0.0},
    )  # fmt: skip
    employers, posts = towns.employers_and_posts([[10]], heads=N)
    people = towns.alike_people(N)
    town = towns.town_of(people, towns.ties_from(np.empty((0, 2), int), N), employers, posts)
    mix = traits.Mix(0.0, 0.0, 0.3, 0.4, 0.1)
    traits.nature(people, np.zeros(N), mix, params.demography, params.migration, town.key)
    if skill_sd == 0.0:
        people.skill[:] = 1.0
    towns.put_in_work(town, np.arange(N), np.zeros(N, int))
    scale = 1000.0
    mean0, mean1 = -(sd_here**2) / 2, -(sd_elsewhere**2) / 2
    people.pay[:] = scale * np.exp(people.e0 - mean0)
    town.solved.log_pay_elsewhere = np.full(3, math.log(scale) + gap - mean1)
    town.solved.loss_elsewhere, town.benefit, town.month = 0.0, 0.0, 0
    town.aggregates.separation_rate = 0.0
    before = np.log(people.pay / scale)
    skill = np.log(people.skill.astype(float))
    migration.step(town, params, 0)
    return before, skill, people.residence == ELSEWHERE


def within(sample: np.ndarray, expected: float) -> bool:
    """Whether the mean of a sample is within 3 standard errors of what theory says (given to 3 digits)."""
    return abs(sample.mean() - expected) < 3 * sample.std() / math.sqrt(len(sample)) + 0.0005


def exact(sd_here, sd_elsewhere, rho, gap, cost):
    """Share leaving and mean log pay here of movers and stayers, from the truncated bivariate normal."""
    sd = math.sqrt(sd_here**2 + sd_elsewhere**2 - 2 * rho * sd_here * sd_elsewhere)
    z = (cost - gap) / sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    leave = 0.5 * math.erfc(z / math.sqrt(2))
    lean = (rho * sd_here * sd_elsewhere - sd_here**2) / sd * density
    return leave, lean / leave, -lean / (1 - leave)


def test_positive_selection():
    pay, _, leaves = roy_town(0.4, 0.6, 0.9, gap=0.1, cost=0.3)
    assert within(leaves.astype(float), 0.250)
    assert within(pay[leaves], 0.240)
    assert within(pay[~leaves], -0.080)


def test_negative_selection():
    pay, _, leaves = roy_town(0.6, 0.4, 0.9, gap=0.1, cost=0.3)
    assert within(pay[leaves], -0.617)


@pytest.mark.parametrize("rho", [0.0, 0.4, 0.9])
@pytest.mark.parametrize(("sd_here", "sd_elsewhere"), [(0.3, 0.6), (0.5, 0.4)])
def test_selection_follows_the_truncated_normal(sd_here, sd_elsewhere, rho):
    pay, _, leaves = roy_town(sd_here, sd_elsewhere, rho, gap=0.0, cost=0.2)
    share, movers, stayers = exact(sd_here, sd_elsewhere, rho, 0.0, 0.2)
    assert within(leaves.astype(float), share)
    assert within(pay[leaves], movers)
    assert within(pay[~leaves], stayers)
    assert (pay[leaves].mean() > 0) == (sd_elsewhere / sd_here > 1 / rho if rho > 0 else False)


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
