"""A floor under monopsony and right-to-manage bargaining, by the town's own pay and demand phases (checks.md A5, A6)."""

from __future__ import annotations

from typing import Literal

from careersim.checks import bare
from careersim.checks.estimates import between
from careersim.month import demand, pay
from careersim.scenario.parameters import Parameters
from careersim.town import wage_setting
from careersim.town.columns import TRADABLE
from careersim.town.town import Town

TEXTBOOK_SUPPLY = 5.0, 0.1
TEXTBOOK_VALUE = 30.0, 0.1
Market = Literal["monopsony", "competition"]
PAY, HEADS = 1900.0, 40.0
"""Pay without a floor (GBP per month) and heads at that pay of the post looked at; results are ratios to them."""


def _post_after(town: Town, setting: Parameters) -> tuple[float, float]:
    """Pay and heads wanted at the first post after a pay and a demand phase."""
    pay.step(town, setting, 1)
    demand.step(town, setting, 1)
    return float(town.posts.pay[0]), float(town.posts.desired[0])


def exact_linear_monopsony(
    floor: float, supply: tuple[float, float] = TEXTBOOK_SUPPLY, value: tuple[float, float] = TEXTBOOK_VALUE
) -> float:
    """Employment at a wage floor of an employer with supply ``w = s0 + s1 L`` and value product ``v0 - v1 L``.

    Without a binding floor marginal cost ``s0 + 2 s1 L`` meets value; with one, the shorter side of demand and supply.

    References
    ----------
    Manning 2003, *Monopsony in Motion*, ch. 12; Stigler 1946.

    Examples
    --------
    >>> [round(exact_linear_monopsony(b), 1) for b in (0, 15, 17.5, 20, 25)]
    [83.3, 100.0, 125.0, 100.0, 50.0]
    """
    (s0, s1), (v0, v1) = supply, value
    alone = (v0 - s0) / (2 * s1 + v1)
    if floor <= s0 + s1 * alone:
        return max(alone, 0.0)
    return max(min((v0 - floor) / v1, (floor - s0) / s1), 0.0)


def linear_monopsony(
    floor: float, supply: tuple[float, float] = TEXTBOOK_SUPPLY, value: tuple[float, float] = TEXTBOOK_VALUE
) -> float:
    """Employment of a lone monopsonist at a wage floor, by the pay and demand phases with ``demand.schedule: linear``.

    Parameters
    ----------
    floor : float
        Minimum wage, GBP; 0 for none.
    supply, value : (float, float)
        Intercept and slope of labour supply (GBP, GBP per head), and of the value product (the slope is taken off).

    Returns
    -------
    float
        Heads wanted. No luck is involved.
    """
    names = ("supply_at_zero", "supply_slope", "value_at_zero", "value_slope")
    schedule = dict(zip(names, (*supply, *value), strict=True))
    town = bare.bare_town([[5]])
    town.minimum_wage = between("floor", floor, 0.0, 1e6)
    setting = bare.parameters(demand={"schedule": "linear", "turnover": False, "feedback": False, **schedule})
    return _post_after(town, setting)[1]


def exact_monopsony(
    floor_share: float, supply_elasticity: float = 6.67, demand_elasticity: float = 0.4, market: Market = "monopsony"
) -> float:
    """Employment at a wage floor over employment without one, with constant elasticities.

    A floor b above pay w draws ``(b/w)^eps`` times the heads, up to where demand ``(b/v)^-eta``, v = w(1 + 1/eps), is less;
    under competition (eps infinite, v = w) demand alone decides.

    Examples
    --------
    >>> [round(exact_monopsony(x), 4) for x in (1.0, 1.005, 1.02, 1.4)]
    [1.0, 1.0338, 1.0491, 0.9243]
    """
    eps, eta = supply_elasticity, demand_elasticity
    if floor_share <= 1.0:
        return 1.0
    if market == "competition":
        return floor_share**-eta
    return min(floor_share**eps, (floor_share / (1.0 + 1.0 / eps)) ** -eta)


def monopsony(
    floor_share: float, supply_elasticity: float = 6.67, demand_elasticity: float = 0.4, market: Market = "monopsony"
) -> float:
    """Employment at a wage floor over employment without one, by the pay and demand phases in their default form.

    Parameters
    ----------
    floor_share : float
        Floor over pay without a floor; at most 1 does not bind.
    supply_elasticity : float
        Elasticity of labour supply to the employer (``pay.eps_ref``, 2 to 20).
    demand_elasticity : float
        Own-pay elasticity of labour demand (``demand.eta``, .1 to 1).
    market : {"monopsony", "competition"}
        Whether the employer sets pay.

    Returns
    -------
    float
        Ratio of heads wanted. No luck is involved.
    """
    eps = wage_setting.COMPETITIVE_EPS if market == "competition" else supply_elasticity
    setting = bare.parameters(
        pay={"market": market, "eps_ref": supply_elasticity}, demand={"turnover": False, "eta": demand_elasticity}
    )
    heads = []
    for floor in (0.0, PAY * between("floor_share", floor_share, 0.0, 100.0)):
        town = bare.bare_town([[5]], heads=HEADS, eps=eps)
        town.minimum_wage = floor
        heads.append(_post_after(town, setting)[1])
    return heads[1] / heads[0]


def exact_right_to_manage(power: float, labour_exponent: float = 0.7) -> tuple[float, float]:
    """Pay and employment, each over what they are without a union, where a union bargains over pay and the employer sets heads.

    With output ``N^a`` and outside pay 1, the union maximises ``(w - 1) N`` and the employer profit with weights that give
    ``w = 1 + power (1 - a) / a``; labour demand is ``w^(-1/(1-a))``.

    References
    ----------
    Nickell and Andrews 1983, *Oxford Economic Papers* 35; Booth 1995, *The Economics of the Trade Union*.

    Examples
    --------
    >>> [tuple(round(x, 5) for x in exact_right_to_manage(b)) for b in (0.25, 0.5, 1)]
    [(1.10714, 0.71229), (1.21429, 0.52352), (1.42857, 0.30455)]
    """
    a = between("labour_exponent", labour_exponent, 0.1, 0.9)
    w = 1.0 + between("power", power, 0.0, 1.0) * (1.0 - a) / a
    return w, w ** (-1.0 / (1.0 - a))


def right_to_manage(power: float, labour_exponent: float = 0.7) -> tuple[float, float]:
    """Pay and heads at a covered post, by the pay and demand phases with ``pay.regime: right_to_manage``.

    Parameters
    ----------
    power : float
        Bargaining power of the union, 0 to 1 (``pay.bargaining_power``).
    labour_exponent : float
        Exponent a of labour in output, .1 to .9 (``pay.eta_rtm = 1 / (1 - a)``).

    Returns
    -------
    pay, heads : float
        Each over what it is at competitive pay, which is 1. No luck is involved.
    """
    exact_right_to_manage(power, labour_exponent)
    town = bare.bare_town([[5]], heads=1.0, sector=TRADABLE, eps=wage_setting.COMPETITIVE_EPS)
    town.occupations.typical_pay[:] = town.posts.wm[:] = town.posts.v0[:] = town.posts.pay[:] = 1.0
    town.employers.recognised[:] = 1
    eta = 1.0 / (1.0 - labour_exponent)
    rule = {"market": "competition", "regime": "right_to_manage", "bargaining_power": power, "eta_rtm": eta}
    return _post_after(town, bare.parameters(pay=rule, demand={"turnover": False}))
