"""Founding a community enterprise: filling a row kept free for one with a new employer."""

from __future__ import annotations

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.town import wage_setting as wages
from careersim.town.employer_birth import bear_employers
from careersim.town.town import Town

ENTERPRISE_COLUMNS = (
    *(f"employers.{c}" for c in ("alive", "empty_since", "generation", "premium", "taste_gender", "taste_ethnicity", "l0")),
    *(f"employers.{c}" for c in ("fixed_cost", "profit_mean", "kept_share")),
    *(f"posts.{c}" for c in ("l0", "v0", "wm", "pay", "rho", "bargained", "eps")),
)  # fmt: skip
"""Columns that founding an enterprise writes."""


def found_employer(town: Town, params: Parameters, f: int, heads: np.ndarray) -> None:
    """Bring row ``f`` to life with ``heads`` by occupation, without taste, rent or fixed cost.

    L0 solves ``D = heads`` (6.2) at present pay, so that the heads are wanted from the start although v0 lies below pay.
    """
    e, p = town.employers, town.posts
    e.alive[f], e.empty_since[f] = 1, -1
    e.generation[f] += 1
    bear_employers(np.array([f]), e, p, town.occupations, params, town.key, town.minimum_wage)
    e.taste_gender[f], e.taste_ethnicity[f], e.kept_share[f] = 0.0, 0.0, 1.0
    e.premium[f], e.fixed_cost[f], e.profit_mean[f] = 1.0, 0.0, 0.0
    posts = slice(e.first_post[f], e.first_post[f] + e.n_posts[f])
    typical = town.occupations.typical_pay[p.occupation[posts]]
    p.rho[posts], p.eps[posts], p.wm[posts] = 0.0, wages.reference_eps(params.pay), typical
    p.v0[posts] = params.services.enterprise_value * typical
    p.pay[posts] = np.maximum(typical, town.minimum_wage)
    demand = town.aggregates.demand_index
    for k in range(int(e.first_post[f]), int(e.first_post[f] + e.n_posts[f])):
        wanted = wages.heads_with_floor(town.minimum_wage, p.wm[k], p.eps[k], demand, p.v0[k], params.demand.eta)
        p.l0[k] = heads[p.occupation[k]] / wanted
    e.l0[f] = p.l0[posts].sum()
