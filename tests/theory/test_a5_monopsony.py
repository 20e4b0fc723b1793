"""Check A5: a floor under monopsony raises employment up to the competitive level, and cuts it above."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from careersim.month import demand, pay
from careersim.town import wage_setting as wages
from towns import bare_town, parameters

TEXTBOOK = {0.0: 250 / 3, 15.0: 100.0, 17.5: 125.0, 20.0: 100.0, 25.0: 50.0}
"""Floor -> employment, supply w = 5 + .1 L, value product 30 - .1 L."""
EPS, ETA, L0, WM = 6.67, 0.4, 40.0, 1900.0
V0 = WM * (1 + 1 / EPS)


def textbook_employment(floor: float) -> float:
    """Heads of a lone monopsonist by the pay and demand phases."""
    town = bare_town([[5]])
    town.minimum_wage = floor
    setting = parameters(demand={"schedule": "linear", "turnover": False, "feedback": False})
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    return town.posts.desired[0]


def heads_at_floor(floor: float, market: str = "monopsony", eps: float = EPS) -> float:
    """Heads of one post of the default form by the pay and demand phases."""
    town = bare_town([[5]], heads=L0, eps=eps)
    town.minimum_wage = floor
    setting = parameters(pay={"market": market, "eps_ref": EPS}, demand={"turnover": False, "eta": ETA})
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    return town.posts.desired[0]


def closed_form(floor: float) -> float:
    """Constant elasticities: D0 = L0 at the markdown pay; supply L0 (b/wm)^eps up to the crossing; then demand."""
    if floor <= WM:
        return L0
    crossing = WM * (1 + 1 / EPS) ** (ETA / (EPS + ETA))
    return L0 * (floor / WM) ** EPS if floor < crossing else L0 * (floor / V0) ** -ETA


def check_textbook(employment: Callable[[float], float]) -> None:
    for floor, expected in TEXTBOOK.items():
        assert employment(floor) == pytest.approx(expected, rel=1e-12)


def test_textbook_numbers() -> None:
    check_textbook(textbook_employment)


@pytest.mark.parametrize("side", ["demand only", "supply only", "floor never binds"])
def test_a_broken_kernel_is_seen(side: str) -> None:
    broken = {
        "demand only": lambda b: (30 - b) / 0.1 if b else 250 / 3,
        "supply only": lambda b: (b - 5) / 0.1 if b else 250 / 3,
        "floor never binds": lambda b: 250 / 3,
    }[side]
    with pytest.raises(AssertionError):
        check_textbook(broken)


@pytest.mark.parametrize("share", [0.5, 0.999, 1.001, 1.005, 1.02, 1.1, 1.15, 1.3, 2.0])
def test_default_form_meets_its_closed_form(share: float) -> None:
    assert heads_at_floor(WM * share) == pytest.approx(closed_form(WM * share), rel=1e-9)


def test_a_floor_up_to_the_marginal_cost_costs_no_jobs() -> None:
    floors = np.linspace(WM, V0, 20)
    heads = np.array([heads_at_floor(b) for b in floors])
    assert np.all(heads >= L0 - 1e-9)
    assert heads.max() > L0 * 1.01
    assert heads_at_floor(V0 * 1.01) < L0


def test_under_competition_any_binding_floor_cuts_employment() -> None:
    assert heads_at_floor(WM * 0.99, "competition", wages.COMPETITIVE_EPS) == pytest.approx(L0)
    heads = [heads_at_floor(WM * s, "competition", wages.COMPETITIVE_EPS) for s in (1.0001, 1.01, 1.1)]
    assert heads == pytest.approx([L0 * s**-ETA for s in (1.0001, 1.01, 1.1)], rel=1e-6)
    assert all(h < L0 for h in heads)
