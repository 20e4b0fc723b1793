"""Demand: how many heads each employer wants, which employers exit, and which empty slots are filled (model.md 6.2).

*What happens.* Local demand follows the town's income. Employers whose profit is below what could be earned elsewhere
become likelier to exit, the tradable most; their staff lose their posts at once. Empty slots are refilled, sooner when demand
and expected profit are high, by a new employer of another productivity and other tastes. Then every post says how many
heads it wants.

*Who, in what order.* The place (1); empty slots (3), then employers (2), so that a slot stands empty for at least a month; then
all posts at once (4-6).

1. ``X <- X + ((Inc / Inc_ref)^gamma - X) / lag``, Inc the residents' income recorded last month.
2. Exit: hazard ``death_rate/12 . (S / S_ref)^-a . exp(mobility . max(0, pi - profit / sum v0 L0))``, S full-scale heads.
3. Entry: hazard ``X^(local . e) . K^k . exp(r . (margin - baseline margin)) / empty_months``; the margin expected is that of
   an uncovered employer at present markdown pay, demand and minimum wage.
4. Heads wanted at marginal cost c: ``D(c) = L0 . Z_sector . X^local . (c / v0)^-eta``; local = 1 for local services. Without a
   binding floor ``D0 = D(wm (1 + 1/eps))``, with a floor b > wm ``min(D(b), D0 (b/wm)^eps)``; under efficient bargains
   ``min(D(wm), D0 (b/wm)^eps)``. wm is last month's; floors are the minimum wage, what the employer agreed with a
   campaign, and bargained pay, never rigidity.
5. Target for residents ``floor(D + luck) - in-commuters``; the luck belongs to the post and never changes.
6. ``months_over`` counts consecutive months with holders above target; separations lays off after the second.

*Variants.* ``schedule: linear`` (textbook monopsony), ``feedback: false`` (X stays 1), ``turnover: false`` (no exit or entry).

Sources: Manning 2003 (heads under a floor); Moretti 2010 (local multiplier); Lichter, Peichl and Siegloch 2015 (eta); Evans
1987 (exit and size); ONS Business Demography (exit rate).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.town import wage_setting as wages
from careersim.town.build_employers import dormant_share
from careersim.town.columns import LOCAL, OUTSIDE, PUBLIC
from careersim.town.employer_birth import bear_employers
from careersim.town.employer_sizes import exit_hazard
from careersim.town.placing import holders_of, leave_posts
from careersim.town.threads import over_rows
from careersim.town.town import EMPLOYER_EXITED, Town

if TYPE_CHECKING:
    from careersim.scenario.place import Place

LARGEST_GAIN = 0.85
"""Loop gain of local demand from which a scenario is refused: the town would feed on itself."""
X_BOUNDS = 0.2, 5.0
"""Bounds on local demand X; numerical, never met in a town that is admitted."""


def income_shares(params: Parameters, place: Place, benefit_share: float) -> tuple[float, float]:
    """Income per resident 16-64, and the part of it that moves with local demand, in units of mean pay."""
    d, rents = params.demand, params.pay.rents()
    markup = 1.0 + 1.0 / wages.reference_eps(params.pay)
    margins = [d.kept_shares()[s] * (d.normal_profit + rents[s]) * markup for s in range(3)]
    kept = place.jobs_density * sum(share * m for share, m in zip(place.sector_share, margins, strict=True))
    income = place.employment_rate + (1.0 - place.employment_rate) * benefit_share + kept
    more_profit = d.kept_share_local * ((1.0 + rents[LOCAL]) * markup - 1.0)
    more_pay = (1.0 - place.in_commuter_share) * (1.0 - benefit_share)
    return income, place.jobs_density * place.sector_share[LOCAL] * (more_pay + more_profit)


def loop_gain(params: Parameters, place: Place, benefit_share: float = 0.29) -> float:
    """Gain of the loop local demand -> jobs -> income -> local demand, entry of employers included.

    A tradable job makes ``g / (1 - g)`` local ones, as long as people can be found to fill them: a local multiplier of 1.6
    is a gain of 0.62. ``benefit_share`` is the benefit over mean pay. A gain of `LARGEST_GAIN` or more must be refused.
    """
    if not params.demand.feedback:
        return 0.0
    income, moves = income_shares(params, place, benefit_share)
    entry = 1.0 + params.demand.entry_demand_elasticity * dormant_share(place, params)
    return params.demand.gamma * moves / income * entry


def update_demand_index(town: Town, params: Parameters) -> None:
    """Equation 1: move X toward the town's income relative to burn-in."""
    a, reference = town.aggregates, town.solved.income_ref * town.n_people
    if not params.demand.feedback or reference <= 0.0:
        a.demand_index = 1.0
        return
    wanted = max(a.income / reference, 0.0) ** params.demand.gamma
    a.demand_index += (wanted - a.demand_index) / params.demand.lag
    a.demand_index = min(max(a.demand_index, X_BOUNDS[0]), X_BOUNDS[1])


@kernel
def value_at_birth(f, first_post, n_posts, v0, l0):
    """``sum v0 L0`` over the employer's posts, GBP per month."""
    total = 0.0
    for p in range(first_post[f], first_post[f] + n_posts[f]):
        total += v0[p] * l0[p]
    return max(total, 1e-9)


@kernel
def exit_chance(f, base, mobility, normal, most, profit_mean, value):
    """Equation 2: chance of exit this month from the base hazard and the profit missing."""
    missing = max(0.0, normal - profit_mean[f] / value)
    return 1.0 - np.exp(-base * min(np.exp(mobility * missing), most))


@kernel
def choose_exits(
    lo, hi, key, month, death_rate, size_reference, size_exponent, mobilities, normal, most, generation, sector, alive, l0,
    full_scale, first_post, n_posts, profit_mean, v0, post_l0, exits,
):  # fmt: skip
    """Mark the employers that exit this month; public and outside employers never do."""
    for f in range(lo, hi):
        exits[f] = False
        if alive[f] == 0 or sector[f] >= PUBLIC:
            continue
        base = exit_hazard(l0[f] * full_scale[f], death_rate, size_reference, size_exponent)
        value = value_at_birth(f, first_post, n_posts, v0, post_l0)
        h = exit_chance(f, base, mobilities[sector[f]], normal, most, profit_mean, value)
        exits[f] = chance.uniform(key, chance.EMPLOYER_EXIT, month, f, generation[f]) < h


@kernel
def margin_over_baseline(f, demand, normal, minimum, first_post, n_posts, fixed_cost, v0, rho, l0, wm):
    """Expected margin of a new uncovered employer less its baseline margin ``pi + rho``, per unit of value product."""
    more, value = -fixed_cost[f], 1e-9
    for p in range(first_post[f], first_post[f] + n_posts[f]):
        more += l0[p] * (demand * (v0[p] * (1.0 + rho[p]) - max(wm[p], minimum)) - v0[p] * (normal + rho[p]))
        value += l0[p] * v0[p]
    return more / value


@kernel
def choose_entries(
    lo, hi, key, month, empty_months, response, normal, minimum, shifts, pull, generation, sector, alive, enterprise,
    first_post, n_posts, fixed_cost, v0, rho, l0, wm, entries,
):  # fmt: skip
    """Equation 3: mark the empty slots that are filled this month; ``pull`` is the factor of X and K by sector.

    Rows kept free for community enterprises are filled by joint action only.
    """
    for f in range(lo, hi):
        entries[f] = False
        if alive[f] == 1 or enterprise[f] == 1:
            continue
        s = sector[f]
        more = margin_over_baseline(f, shifts[s], normal, minimum, first_post, n_posts, fixed_cost, v0, rho, l0, wm)
        h = pull[s] * np.exp(min(max(response * more, -3.0), 3.0)) / empty_months
        entries[f] = chance.uniform(key, chance.EMPLOYER_ENTRY, month, f, generation[f]) < 1.0 - np.exp(-h)


@kernel
def post_heads(p, regime, eta, eta_rtm, minimum, shift, l0, v0, wm, eps, bargained):
    """Equation 4 for one post: heads wanted, in-commuters included."""
    at_v0 = l0[p] * shift
    if bargained[p] > 0.0:
        return wages.covered_heads(regime, bargained[p], minimum, wm[p], eps[p], at_v0, v0[p], eta, eta_rtm)
    return wages.heads_with_floor(minimum, wm[p], eps[p], at_v0, v0[p], eta)


@kernel
def plan_heads(
    lo, hi, key, linear, schedule, regime, eta, eta_rtm, agreed, minimum_wage, shifts, employer, sector, alive, l0, v0, wm, eps,
    bargained, commuters, holders, desired, target, months_over,
):  # fmt: skip
    """Equations 4-6: desired and target heads of each post, and months above target."""
    luck = np.empty(hi - lo)
    for p in range(lo, hi):
        luck[p - lo] = chance.uniform(key, chance.POST_ROUNDING, 0, p)
    for p in range(lo, hi):
        s, floor = sector[p], wages.floor_at(p, employer, agreed, minimum_wage)
        if alive[employer[p]] == 0:
            desired[p] = 0.0
        elif s == OUTSIDE:
            desired[p] = l0[p]
        elif linear:
            desired[p] = wages.linear_heads(
                max(floor, bargained[p]), wm[p], schedule[0], schedule[1], schedule[2], schedule[3]
            )
        else:
            desired[p] = post_heads(p, regime, eta, eta_rtm, floor, shifts[s], l0, v0, wm, eps, bargained)
        target[p] = 0
        if desired[p] > 0.0:
            heads = np.int32(np.floor(desired[p] + luck[p - lo]))
            target[p] = max(heads - commuters[p], 0)
        months_over[p] = months_over[p] + 1 if holders[p] > target[p] else 0


def shifts_by_sector(town: Town, params: Parameters) -> tuple[float, ...]:
    """``Z_sector . X^local`` by sector."""
    x = town.aggregates.demand_index
    return tuple(z * x if sector == LOCAL else z for sector, z in enumerate(params.demand.levels()))


def exit_employers(town: Town, params: Parameters, month: int) -> None:
    """Equation 2: employers exit; their staff lose their posts now."""
    e, d, posts = town.employers, params.demand, town.posts
    exits = np.zeros(len(e), np.bool_)
    over_rows(
        choose_exits, len(e), town.key, month, d.death_rate, d.exit_size_reference, d.exit_size_exponent,
        d.mobilities(), d.normal_profit, d.exit_factor_max, e.generation, e.sector, e.alive, e.l0, e.full_scale,
        e.first_post, e.n_posts, e.profit_mean, posts.v0, posts.l0, exits,
    )  # fmt: skip
    if not exits.any():
        return
    gone = exits[posts.employer]
    staff = holders_of(town.people.post[: town.rows_in_use(month)], gone)
    leave_posts(town, staff, EMPLOYER_EXITED, month)
    town.tallies["exit_layoffs"], town.tallies["exit_staff_rows"] = float(len(staff)), staff
    posts.vacancies[gone], posts.bargained[gone] = 0, 0.0
    f = exits.nonzero()[0]
    town.tallies["exits"] = float(len(f))
    e.alive[f], e.empty_since[f] = 0, month
    e.recognised[f], e.months_majority[f], e.months_below[f] = 0, 0, 0
    e.members[f], e.heads[f], e.campaign_until[f], e.wage_floor[f] = 0, 0, -1, 0.0


def fill_slots(town: Town, params: Parameters, month: int) -> None:
    """Equation 3: new employers fill empty slots, with the traits of the slot's next generation."""
    e, d, posts, a = town.employers, params.demand, town.posts, town.aggregates
    pull = np.full(4, a.civic_capital**d.entry_civic_elasticity)
    pull[LOCAL] *= a.demand_index**d.entry_demand_elasticity
    entries = np.zeros(len(e), np.bool_)
    over_rows(
        choose_entries, len(e), town.key, month, d.empty_months, d.entry_profit_response, d.normal_profit,
        town.minimum_wage, shifts_by_sector(town, params), pull, e.generation, e.sector, e.alive, e.enterprise, e.first_post,
        e.n_posts, e.fixed_cost, posts.v0, posts.rho, posts.l0, posts.wm, entries,
    )  # fmt: skip
    slots = entries.nonzero()[0]
    if len(slots) == 0:
        return
    town.tallies["entries"] = float(len(slots))
    e.alive[slots], e.empty_since[slots] = 1, -1
    e.generation[slots] += 1
    bear_employers(slots, e, posts, town.occupations, params, town.key, town.minimum_wage)


def step(town: Town, params: Parameters, month: int) -> None:
    """Move local demand; let employers exit and enter; say how many heads each post wants."""
    d, e, p = params.demand, town.employers, town.posts
    update_demand_index(town, params)
    if d.turnover:
        fill_slots(town, params, month)
        exit_employers(town, params, month)
    over_rows(
        plan_heads, len(p), town.key, d.schedule == "linear", d.linear(), wages.REGIMES[params.pay.regime], d.eta,
        params.pay.eta_rtm, e.wage_floor, town.minimum_wage, shifts_by_sector(town, params), p.employer, p.sector, e.alive, p.l0, p.v0,
        p.wm, p.eps, p.bargained, p.commuters, p.holders, p.desired, p.target, p.months_over,
    )  # fmt: skip
