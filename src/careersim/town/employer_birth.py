"""How an employer comes into being: its premium, tastes, value product, first pay and fixed cost.

Used when the town is built (generation 0) and when a slot is refilled. Everything is luck of (slot, generation)::

    premium = productivity^m, mean 1                               (1)
    v0 = typical . premium . (1 + 1/eps_ref)                       (2)
    F  = sum over posts of (v0 (1 - pi) - typical . premium) . L0  (3)

so that baseline profit is ``(pi + rho) v0 L0`` and sharing the rent rho does not by itself mean exit.
"""

from __future__ import annotations

import math

import numpy as np

from careersim.chance import EMPLOYER_TRAITS, normal2
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.town.columns import OUTSIDE, Employers, Occupations, Posts
from careersim.town.wage_setting import reference_eps


@kernel
def draw_premium(key, slot, generation, sd):
    """``premium``: lognormal with mean 1 and log standard deviation ``sd``."""
    z = normal2(key, EMPLOYER_TRAITS, 0, slot, generation, 0)[0]
    return math.exp(sd * z - 0.5 * sd * sd)


@kernel
def draw_tastes(key, slot, generation, typed, gender, gender_sd, ethnicity, ethnicity_sd):
    """Penalties in hiring: on women by the sex typing of the employer's posts (-1..1), on minority applicants (not below 0)."""
    z, y = normal2(key, EMPLOYER_TRAITS, 0, slot, generation, 1)
    return gender * typed + gender_sd * z, max(ethnicity + ethnicity_sd * y, 0.0)


@kernel
def sex_typing(first, last, occupation, l0, women_share):
    """Share of men less share of women among typical holders of posts ``first..last-1``, weighted by heads (-1..1)."""
    typed, heads = 0.0, 0.0
    for p in range(first, last):
        typed += l0[p] * (1.0 - 2.0 * women_share[occupation[p]])
        heads += l0[p]
    return typed / max(heads, 1e-9)


@kernel
def value_posts(first, last, premium, eps_ref, normal_profit, minimum, typical, occupation, l0, v0, wm, pay, bargained):
    """Set value product and first pay of posts ``first..last-1`` (equation 2); return the fixed cost (equation 3)."""
    fixed_cost = 0.0
    for p in range(first, last):
        reference = typical[occupation[p]] * premium
        v0[p] = reference * (1.0 + 1.0 / eps_ref)
        wm[p] = reference
        pay[p] = max(reference, minimum)
        bargained[p] = 0.0
        fixed_cost += (v0[p] * (1.0 - normal_profit) - reference) * l0[p]
    return fixed_cost


@kernel
def baseline_profit(first, last, normal_profit, v0, rho, l0):
    """``sum (pi + rho) v0 L0``."""
    out = 0.0
    for p in range(first, last):
        out += (normal_profit + rho[p]) * v0[p] * l0[p]
    return out


@kernel
def bear(
    slots, key, generation, sector, first_post, n_posts, occupation, l0, rho, typical, women_share, spreads, levels,
    tastes, eps_ref, normal_profit, minimum, premium, taste_gender, taste_ethnicity, fixed_cost, profit_mean, v0, wm, pay,
    bargained,
):  # fmt: skip
    """Give each employer in ``slots`` the traits of its present generation."""
    for r in range(slots.shape[0]):
        f = slots[r]
        first, last = first_post[f], first_post[f] + n_posts[f]
        premium[f] = levels[sector[f]] * draw_premium(key, f, generation[f], spreads[sector[f]])
        typed = sex_typing(first, last, occupation, l0, women_share)
        taste_gender[f], taste_ethnicity[f] = draw_tastes(
            key, f, generation[f], typed, tastes[0], tastes[1], tastes[2], tastes[3]
        )
        fixed_cost[f] = value_posts(
            first, last, premium[f], eps_ref, normal_profit, minimum, typical, occupation, l0, v0, wm, pay, bargained
        )
        profit_mean[f] = baseline_profit(first, last, normal_profit, v0, rho, l0)
        if sector[f] == OUTSIDE:
            fixed_cost[f] = profit_mean[f] = 0.0


def bear_employers(
    slots: np.ndarray,
    employers: Employers,
    posts: Posts,
    occupations: Occupations,
    params: Parameters,
    key: np.uint64,
    minimum_wage: float,
    outside_level: float = 1.0,
) -> None:
    """Draw traits for the employers in ``slots`` (rows) from the luck of (slot, generation), and value their posts.

    ``outside_level`` is pay outside over the place's own typical pay; it matters for outside employers only.
    """
    d, e, p = params.demand, employers, posts
    spreads = (*(spread * d.pay_of_productivity for spread in d.productivity_spreads()[:OUTSIDE]), d.outside_spread)
    levels = 1.0, 1.0, 1.0, outside_level
    tastes = d.taste_gender, d.taste_gender_spread, d.taste_ethnicity, d.taste_ethnicity_spread
    bear(
        slots.astype(np.int64), key, e.generation, e.sector, e.first_post, e.n_posts, p.occupation, p.l0, p.rho,
        occupations.typical_pay, occupations.women_share, spreads, levels, tastes, reference_eps(params.pay),
        d.normal_profit, minimum_wage, e.premium, e.taste_gender, e.taste_ethnicity, e.fixed_cost, e.profit_mean, p.v0,
        p.wm, p.pay, p.bargained,
    )  # fmt: skip
