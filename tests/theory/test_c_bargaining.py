"""Checks C, bargaining: the signs that demand and pay must be able to give, each in a tiny experiment."""

from __future__ import annotations

import numpy as np
import pytest

from careersim.month import demand, pay
from careersim.town.columns import LOCAL, PUBLIC, TRADABLE
from towns import bare_town, parameters, put_in_work

HEADS = 10


def covered_town(rent: float, sector: int = TRADABLE, n: int = 400, recognised: bool = True):
    """Employers of one post of ten alike holders each, with product rent ``rent``."""
    town = bare_town([[5]] * n, heads=HEADS, n_people=n * HEADS, sector=sector)
    put_in_work(town, np.arange(n * HEADS), np.arange(n * HEADS) % n)
    town.posts.rho[:] = rent
    town.employers.recognised[:] = recognised
    w = town.people
    w.skill[:], w.e0[:], w.interests[:], w.qualification[:] = 1.0, 0.0, town.occupations.riasec[5], 2
    return town


def heads_and_pay(rent: float, **settings: object) -> tuple[float, float]:
    """Heads wanted and pay, both over what they are without a union, with fit neutral."""
    setting = parameters(pay={"fit_weight": 0.0, **settings}, demand={"turnover": False})
    town = covered_town(rent, n=3)
    if setting.pay.market == "competition":
        town.posts.v0[:] = town.posts.wm
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    return town.posts.desired[0] / HEADS, town.posts.pay[0] / town.posts.wm[0]


def test_a_bargain_within_the_value_product_raises_pay_and_keeps_jobs() -> None:
    heads, amount = heads_and_pay(0.15, bargaining_power=0.3)
    assert amount > 1.05
    assert heads >= 1.0


def test_a_bargain_beyond_the_value_product_costs_jobs() -> None:
    heads, amount = heads_and_pay(0.4, bargaining_power=0.9)
    assert amount > 1.15
    assert heads < 0.98


def test_in_a_competitive_market_any_bargain_above_pay_costs_jobs() -> None:
    heads, amount = heads_and_pay(0.15, bargaining_power=0.3, market="competition")
    assert amount == pytest.approx(1.045)
    assert heads == pytest.approx(1.045**-0.4)


def test_efficient_bargains_cost_no_jobs_where_rent_sharing_does() -> None:
    assert heads_and_pay(0.4, bargaining_power=0.9, regime="efficient")[0] >= 1.0


def survivors(sector: int, beta: float, recognised: bool, months: int = 36) -> int:
    """Employers of the first generation left after some years, all posts filled throughout."""
    setting = parameters(
        pay={"bargaining_power": beta, "fit_weight": 0.0, "profit_memory": 1.0, "compress": 0.0},
        demand={"empty_months": 60.0},
    )
    town = covered_town(0.15, sector, recognised=recognised)
    for month in range(1, months + 1):
        demand.step(town, setting, month)
        pay.step(town, setting, month)
    return int(np.count_nonzero((town.employers.alive == 1) & (town.employers.generation == 0)))


def test_sharing_the_rent_need_not_mean_exit() -> None:
    assert survivors(TRADABLE, 0.3, True) == survivors(TRADABLE, 0.3, False)


def test_taking_more_than_the_rent_drives_tradable_employers_out_first_and_public_ones_never() -> None:
    tradable, local = (survivors(s, 0.9, False) - survivors(s, 0.9, True) for s in (TRADABLE, LOCAL))
    assert tradable > local + 20
    assert local > 0
    assert survivors(PUBLIC, 0.9, True) == 400
