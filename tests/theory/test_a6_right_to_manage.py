"""Check A6: right to manage, output N^.7 scaled so that labour demand is w^(-1/.3) and outside pay is 1."""

from __future__ import annotations

import pytest

from careersim.month import demand, pay
from careersim.town import wage_setting as wages
from careersim.town.columns import TRADABLE
from towns import bare_town, parameters

EXACT = {0.25: (1.10714, 0.71229), 0.5: (1.21429, 0.52352), 1.0: (1.42857, 0.30455)}
"""Bargaining power -> (pay, employment)."""


def bargain(beta: float, regime: str = "right_to_manage", **more: float) -> tuple[float, float]:
    """Pay and heads at one covered post where the competitive pay is 1 and heads at it are 1."""
    town = bare_town([[5]], heads=1.0, sector=TRADABLE, eps=wages.COMPETITIVE_EPS)
    town.occupations.typical_pay[:] = town.posts.wm[:] = town.posts.v0[:] = town.posts.pay[:] = 1.0
    town.posts.rho[:] = more.get("rho", 0.0)
    town.employers.recognised[:] = 1
    eta_rtm = more.get("eta_rtm", 1 / (1 - 0.7))
    setting = parameters(
        pay={"market": "competition", "regime": regime, "bargaining_power": beta, "eta_rtm": eta_rtm},
        demand={"turnover": False},
    )
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    return town.posts.pay[0], town.posts.desired[0]


@pytest.mark.parametrize("beta", EXACT)
def test_exact_numbers(beta: float) -> None:
    assert bargain(beta) == pytest.approx(EXACT[beta], abs=5e-6)


@pytest.mark.parametrize(
    "wrong", [{"eta_rtm": 1 / (1 - 0.6)}, {"regime": "rent_sharing"}, {"regime": "efficient", "rho": 0.3}]
)
def test_another_regime_or_elasticity_is_seen(wrong: dict) -> None:
    assert bargain(0.5, **wrong) != pytest.approx(EXACT[0.5], abs=1e-3)


def test_efficient_bargains_keep_heads_at_their_worth_elsewhere() -> None:
    amount, heads = bargain(0.5, "efficient", rho=0.4)
    assert amount == pytest.approx(1.2)
    assert heads == pytest.approx(1.0)


def test_rent_sharing_and_monopsony_rent_differ_by_the_product_rent() -> None:
    town_pay, _ = bargain(0.5, "rent_sharing", rho=0.4)
    without, heads = bargain(0.5, "monopsony_rent", rho=0.4)
    assert town_pay == pytest.approx(1.2)
    assert (without, heads) == pytest.approx((1.0, 1.0))


def test_under_monopsony_a_bargain_within_the_value_product_costs_no_jobs() -> None:
    town = bare_town([[5]], heads=100.0)
    town.employers.recognised[:] = 1
    setting = parameters(demand={"turnover": False})
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    assert town.posts.wm[0] < town.posts.pay[0] < town.posts.v0[0]
    assert town.posts.desired[0] >= 100.0
