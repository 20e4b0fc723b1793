"""Self-selection into leaving, by the town's own migration phase (checks.md A8)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from careersim.checks import bare
from careersim.checks.estimates import Estimate, between, mean_of, whole
from careersim.month import migration
from careersim.scenario.parameters import Parameters
from careersim.town import traits
from careersim.town.columns import ELSEWHERE

PAY = 1000.0
"""Pay at mean luck, GBP per month; only ratios matter."""


class Leaving(NamedTuple):
    """Who leaves, and what they earned here."""

    share: float
    """Leavers over all."""
    movers: float
    """Mean log pay here of those who leave, from the mean of all."""
    stayers: float
    """The same of those who stay."""


class SimulatedLeaving(NamedTuple):
    """`Leaving` with standard errors."""

    share: Estimate
    movers: Estimate
    stayers: Estimate


def _check(sd_here: float, sd_elsewhere: float, correlation: float, gap: float, cost: float) -> None:
    between("sd_here", sd_here, 0.0, 1.0)
    between("sd_elsewhere", sd_elsewhere, 0.0, 1.0)
    between("correlation", correlation, -1.0, 1.0)
    between("gap", gap, -3.0, 3.0)
    between("cost", cost, 0.0, 3.0)
    if sd_here**2 + sd_elsewhere**2 - 2 * correlation * sd_here * sd_elsewhere <= 1e-12:
        raise ValueError("pay here and elsewhere differ by the same for everybody: all or nobody leaves")


def exact_roy(sd_here: float, sd_elsewhere: float, correlation: float, gap: float, cost: float) -> Leaving:
    """Who leaves if log pay here and elsewhere is bivariate normal: from the truncated normal distribution.

    A person moves if ``gap + e1 - cost > e0``. With ``s = sd(e1 - e0)`` and ``z = (cost - gap) / s``, the share is ``1 - Phi(z)``
    and movers' mean is ``(rho s0 s1 - s0^2) / s . phi(z) / (1 - Phi(z))``. Selection on pay is positive iff s1/s0 > 1/rho.

    References
    ----------
    Roy 1951, *Oxford Economic Papers* 3(2); Borjas 1987, *American Economic Review* 77(4).

    Examples
    --------
    >>> [round(x, 3) for x in exact_roy(0.4, 0.6, 0.9, gap=0.1, cost=0.3)]
    [0.25, 0.24, -0.08]
    >>> round(exact_roy(0.6, 0.4, 0.9, gap=0.1, cost=0.3).movers, 3)
    -0.617
    """
    _check(sd_here, sd_elsewhere, correlation, gap, cost)
    s = math.sqrt(sd_here**2 + sd_elsewhere**2 - 2 * correlation * sd_here * sd_elsewhere)
    z = (cost - gap) / s
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    leave, stay = 0.5 * math.erfc(z / math.sqrt(2)), 0.5 * math.erfc(-z / math.sqrt(2))
    lean = (correlation * sd_here * sd_elsewhere - sd_here**2) / s * density
    return Leaving(leave, lean / leave if leave > 0 else math.nan, -lean / stay if stay > 0 else math.nan)


def roy(
    sd_here: float,
    sd_elsewhere: float,
    correlation: float,
    gap: float,
    cost: float,
    people: int,
    rng: np.random.Generator | int | None,
) -> SimulatedLeaving:
    """Who leaves, simulated by the migration phase: everybody weighs elsewhere once, with certain work at both ends.

    No benefit, ties, risk or return; permanent luck here and elsewhere (``people.e0``, ``e1``) is drawn by the town's own builder.

    Parameters
    ----------
    sd_here, sd_elsewhere : float
        Spread of log pay here and elsewhere, 0 to 1.
    correlation : float
        Correlation of the two, -1 to 1.
    gap : float
        Mean log pay elsewhere less here.
    cost : float
        Moving cost, log points, at least 0.
    people : int
        People who weigh it.
    rng : numpy.random.Generator or int or None
        Source of the luck.

    Returns
    -------
    SimulatedLeaving
        Share leaving, and mean log pay here of movers and stayers, with standard errors (people are independent).
    """
    _check(sd_here, sd_elsewhere, correlation, gap, cost)
    n = whole("people", people, 2)
    params = roy_parameters(sd_here, sd_elsewhere, correlation, cost)
    employers, posts = bare.employers_and_posts([[10]], heads=n)
    key = bare.luck_key(bare.generator(rng))
    town = bare.town_of(bare.alike_people(n), bare.no_ties(n), employers, posts, key=key)
    w = town.people
    traits.nature(w, np.zeros(n), traits.Mix(0.0, 0.0, 0.3, 0.4, 0.1), params.demography, params.migration, town.key)
    w.skill[:] = 1.0
    bare.put_in_work(town, np.arange(n), np.zeros(n, np.int64))
    w.pay[:] = PAY * np.exp(w.e0 + sd_here**2 / 2)
    town.solved.log_pay_elsewhere = np.full(3, math.log(PAY) + gap + sd_elsewhere**2 / 2)
    town.solved.loss_elsewhere, town.benefit, town.month = 0.0, 0.0, 0
    town.aggregates.separation_rate = 0.0
    before = np.log(w.pay / PAY)
    migration.step(town, params, 0)
    leaves = w.residence == ELSEWHERE
    nobody = Estimate(math.nan, math.nan)
    movers, stayers = (mean_of(before[g]) if g.any() else nobody for g in (leaves, ~leaves))
    return SimulatedLeaving(mean_of(leaves), movers, stayers)


def roy_parameters(sd_here: float, sd_elsewhere: float, correlation: float, cost: float) -> Parameters:
    """Parameters under which migration is Roy's choice of occupation by place."""
    return bare.parameters(
        migration={
            "weigh": "everyone_once",
            "cost": cost,
            "horizon": 12,
            "arrive_in_work": 1.0,
            "luck_sd_here": sd_here,
            "luck_sd_elsewhere": sd_elsewhere,
            "luck_correlation": correlation,
        }
    )
