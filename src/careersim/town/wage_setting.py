"""How pay and heads are set at one post: the pure functions that demand and pay share (model.md 6.2, 6.3).

An employer that faces a labour supply of elasticity ``eps`` hires until the cost of one more head, which is pay plus the
rise that all present staff get, meets the head's value. Left alone it pays ``wm`` below the value product (Manning 2003,
*Monopsony in Motion*). A floor ``b`` (minimum wage or bargained pay) takes that power away up to the marginal cost
``wm (1 + 1/eps)``, and costs jobs only above it. Numbered as in `careersim.month.demand` and `careersim.month.pay`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from careersim.kernels import inlined, kernel
from careersim.town.columns import N_OCCUPATIONS, OUTSIDE

if TYPE_CHECKING:
    from careersim.scenario.parameters.pay import Pay
    from careersim.town.columns import Employers, Posts

RENT_SHARING, MONOPSONY_RENT, RIGHT_TO_MANAGE, EFFICIENT = 0, 1, 2, 3
REGIMES = {
    "rent_sharing": RENT_SHARING,
    "monopsony_rent": MONOPSONY_RENT,
    "right_to_manage": RIGHT_TO_MANAGE,
    "efficient": EFFICIENT,
}
"""Code of each bargaining regime."""
COMPETITIVE_EPS = 1e9
"""Supply elasticity that stands for a perfectly competitive market (finite, so that a column of it stays finite)."""


@inlined
def floor_at(p, employer, agreed, minimum_wage):
    """Floor under pay at post ``p``: the minimum wage, or what its employer agreed if more."""
    return max(agreed[employer[p]], minimum_wage)


@kernel
def _floors(employer, agreed, minimum_wage):
    out = np.empty(employer.shape[0])
    for p in range(employer.shape[0]):
        out[p] = floor_at(p, employer, agreed, minimum_wage)
    return out


def wage_floors(employers: Employers, posts: Posts, minimum_wage: float) -> np.ndarray:
    """Return the floor under pay at each post in GBP per month."""
    return _floors(posts.employer, employers.wage_floor, minimum_wage)


def reference_eps(pay: Pay) -> float:
    """Supply elasticity to the employer at burn-in concentration; near infinite in a competitive market."""
    return COMPETITIVE_EPS if pay.market == "competition" else pay.eps_ref


@kernel
def supply_elasticity(eps_ref, concentration, reference, exponent):
    """``eps = eps_ref (HHI / HHI_burn-in)^-k``; at ``eps_ref`` while either index is unknown (0)."""
    if concentration <= 0.0 or reference <= 0.0:
        return eps_ref
    return eps_ref * (concentration / reference) ** -exponent


@kernel
def wage_curve(unemployment, reference, elasticity):
    """``(u / u_ref)^elasticity``, the pull of local unemployment on pay (Blanchflower and Oswald 1994); 1 if u_ref is 0."""
    if reference <= 0.0:
        return 1.0
    return min(max(unemployment / reference, 0.1), 10.0) ** elasticity


@inlined
def marginal_cost(wm, eps):
    """Cost of one more head to an employer that sets pay: ``wm (1 + 1/eps)``."""
    return wm * (1.0 + 1.0 / eps)


@inlined
def markdown_pay(typical, premium, curve, eps, eps_ref):
    """``wm = typical . premium . curve . (1 + 1/eps_ref) / (1 + 1/eps)``: pay where no floor binds."""
    return typical * premium * curve * (1.0 + 1.0 / eps_ref) / (1.0 + 1.0 / eps)


@inlined
def wanted_heads(cost, at_v0, v0, eta):
    """``D(c) = D(v0) (c / v0)^-eta``: heads wanted at marginal cost c; ``at_v0`` is ``L0 . Z . X^local``."""
    return at_v0 * (cost / v0) ** -eta


@inlined
def heads_without_floor(wm, eps, at_v0, v0, eta):
    """``D0 = D(wm (1 + 1/eps))``: heads where the employer sets pay itself."""
    return wanted_heads(marginal_cost(wm, eps), at_v0, v0, eta)


@inlined
def shorter_side(wanted, supplied):
    """Heads at a binding floor: what is wanted at that pay, or what comes at that pay if that is less."""
    return min(wanted, supplied)


@kernel
def heads_with_floor(floor, wm, eps, at_v0, v0, eta):
    """``min(D(b), D0 (b / wm)^eps)`` for a floor b that binds (b > wm), otherwise ``D0``."""
    alone = heads_without_floor(wm, eps, at_v0, v0, eta)
    if floor <= wm:
        return alone
    return shorter_side(wanted_heads(floor, at_v0, v0, eta), alone * (floor / wm) ** eps)


@kernel
def heads_efficient(pay, wm, eps, at_v0, v0, eta):
    """``min(D(wm), D0 (b / wm)^eps)``: efficient bargains keep heads at their worth elsewhere (McDonald and Solow 1981)."""
    alone = heads_without_floor(wm, eps, at_v0, v0, eta)
    return shorter_side(wanted_heads(wm, at_v0, v0, eta), alone * (pay / wm) ** eps)


@kernel
def bargained_pay(regime, wm, v0, rho, beta, eta_rtm):
    """Pay agreed by a recognised union with bargaining power ``beta``, in GBP per month.

    ``rent_sharing`` and ``efficient``: ``wm + beta (v0 (1 + rho) - wm)``; ``monopsony_rent``: the same with rho = 0;
    ``right_to_manage``: ``wm (1 + beta (1 - a) / a)``, ``a = 1 - 1/eta_rtm`` (Nickell and Andrews 1983).
    """
    if regime == RIGHT_TO_MANAGE:
        a = 1.0 - 1.0 / eta_rtm
        return wm * (1.0 + beta * (1.0 - a) / a)
    value = v0 if regime == MONOPSONY_RENT else v0 * (1.0 + rho)
    return wm + beta * max(value - wm, 0.0)


@kernel
def covered_heads(regime, bargained, minimum, wm, eps, at_v0, v0, eta, eta_rtm):
    """Heads at a post whose pay is bargained, by regime; the minimum wage binds there as well."""
    pay = max(bargained, minimum)
    if regime == EFFICIENT and bargained >= minimum:
        return heads_efficient(max(pay, wm), wm, eps, at_v0, v0, eta)
    return heads_with_floor(pay, wm, eps, at_v0, v0, eta_rtm if regime == RIGHT_TO_MANAGE else eta)


# ---------------------------------------------------------------------------------------------------------------------
# The linear schedule of the textbook (checks.md A5): supply w = s0 + s1 L, value product v0 - v1 L
# ---------------------------------------------------------------------------------------------------------------------


@kernel
def linear_heads_without_floor(s0, s1, v0, v1):
    """Heads where marginal cost ``s0 + 2 s1 L`` meets value ``v0 - v1 L``."""
    return max((v0 - s0) / (2.0 * s1 + v1), 0.0)


@kernel
def linear_markdown_pay(s0, s1, v0, v1):
    """Pay at which just those heads come."""
    return s0 + s1 * linear_heads_without_floor(s0, s1, v0, v1)


@kernel
def linear_heads(floor, wm, s0, s1, v0, v1):
    """Heads at a floor (below ``wm`` it does not bind): the shorter side of demand and supply."""
    if floor <= wm:
        return linear_heads_without_floor(s0, s1, v0, v1)
    return max(shorter_side((v0 - floor) / v1, (floor - s0) / s1), 0.0)


# ---------------------------------------------------------------------------------------------------------------------
# What the record keeps of pay and concentration
# ---------------------------------------------------------------------------------------------------------------------


@kernel
def _concentration(employer, occupation, sector, holders, commuters, alive):
    """Sum of squared shares in filled heads by occupation; an employer has at most one post an occupation."""
    squares, totals, out = np.zeros(N_OCCUPATIONS), np.zeros(N_OCCUPATIONS), np.zeros(N_OCCUPATIONS)
    for p in range(employer.shape[0]):
        if sector[p] != OUTSIDE and alive[employer[p]] == 1:
            filled = float(holders[p] + commuters[p])
            squares[occupation[p]] += filled * filled
            totals[occupation[p]] += filled
    for o in range(N_OCCUPATIONS):
        out[o] = squares[o] / max(totals[o], 1.0) ** 2
    return out


def concentration_by_occupation(posts: Posts, employers: Employers) -> np.ndarray:
    """Herfindahl index (0..1) of filled local heads over employers, by occupation; 0 where nobody holds a post."""
    return _concentration(
        posts.employer, posts.occupation, posts.sector, posts.holders, posts.commuters, employers.alive
    )


@kernel
def _pay_by_occupation(occupation, sector, holders, pay, otherwise):
    bills, heads = np.zeros(N_OCCUPATIONS, np.int64), np.zeros(N_OCCUPATIONS, np.int64)
    out = otherwise.copy()
    for p in range(occupation.shape[0]):
        bills[occupation[p]] += np.int64(math.floor(pay[p] * 100.0 + 0.5)) * holders[p]
        heads[occupation[p]] += holders[p]
    for o in range(N_OCCUPATIONS):
        if heads[o] > 0:
            out[o] = bills[o] / (100.0 * heads[o])
    return out


def mean_pay_by_occupation(posts: Posts, otherwise: np.ndarray) -> np.ndarray:
    """Mean pay of residents' posts (local and outside) in GBP per month by occupation, weighted by holders.

    ``otherwise`` is the value of occupations in which no resident holds a post (last month's, or typical pay).
    """
    return _pay_by_occupation(posts.occupation, posts.sector, posts.holders, posts.pay, otherwise.astype(np.float64))
