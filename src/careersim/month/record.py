"""Record: what the month leaves behind for the next one and for the ledger (model.md 6.12, measures.md).

Last phase of the month. In order:

1. Each person's net income is added to the ledger: pay less travel, or benefit, while here; pay elsewhere or benefit, less the
   housing difference, while elsewhere; less the instalments of a move. Students and pupils count from their first working
   month. Three accounts are kept, discounted to the start of policy: pounds (1), log pounds (2), and the person's own terms,
   pounds plus the worth of ties and community here (3)::

       W  = sum_t d(t) income_it                                     (1)
       Wl = sum_t d(t) log max(income_it, floor)                     (2)
       Wo = sum_t d(t) (income_it + [here] worth_i * ties_here_it)   (3)

2. The place's aggregates (unemployment, vacancies, odds, pay, concentration, income, civic capital) are taken; in month t
   every decision uses the values of t - 1. All sums are order-free.
3. Money flows of the month are added, discounted, to the town's totals.
"""

from __future__ import annotations

import math

import numpy as np

from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.town.columns import ACTIVE, CARE, DISCOURAGED, ELSEWHERE, HERE, OUTSIDE, WORKING
from careersim.town.sums import FRACTION, PENCE, fixed, fixed_sum
from careersim.town.threads import over_rows, sum_over_rows
from careersim.town.town import Town
from careersim.town.wage_setting import concentration_by_occupation, mean_pay_by_occupation

COUNTED = (
    "residents",
    "residents_16_64",
    "employed",
    "unemployed",
    "students",
    "care",
    "sick",
    "early_retired",
    "other_inactive",
    "discouraged",
    "out_commuters",
    "members",
    "without_pay",
    "pay",
    "travel",
    "ties_here",
)
"""What `count_residents` returns, in order; money in pence, ties in 2^-20."""


@kernel
def count_residents(
    lo, hi, month, residence, birth_month, stage, reason, post, pay, member, ties_here, travel, post_sector,
):  # fmt: skip
    """Count residents by status (16-64 for rates), and sum pay, travel and ties in fixed point; see `COUNTED`."""
    in_work, n_in_work = np.empty(hi - lo, np.uint32), 0
    others, n_others = np.empty(hi - lo, np.uint32), 0
    for i in range(lo, hi):
        in_work[n_in_work], others[n_others] = i, i
        n_in_work += (residence[i] == HERE) & (post[i] >= 0)
        n_others += (residence[i] == HERE) & (post[i] < 0)
    employed, commuters, members, paid, travelling, ties = 0, 0, 0, 0, 0, 0
    for i in in_work[:n_in_work]:
        p, counts = post[i], 192 <= month - birth_month[i] < 780
        employed += counts
        commuters += counts & (post_sector[p] == OUTSIDE)
        members += member[i]
        paid += fixed(pay[i], PENCE)
        travelling += fixed(travel[p], PENCE)
        ties += fixed(ties_here[i], FRACTION)
    not_employed, without_pay, out_of_work = 0, 0, np.zeros(DISCOURAGED + 1, np.int64)
    for i in others[:n_others]:
        grown_up, counts = stage[i] == WORKING, 192 <= month - birth_month[i] < 780
        not_employed += counts
        without_pay += grown_up
        out_of_work[reason[i]] += grown_up & counts
        ties += fixed(ties_here[i], FRACTION)
    first = [
        n_in_work + n_others, employed + not_employed, employed, out_of_work[ACTIVE], not_employed - out_of_work.sum(),
    ]  # fmt: skip
    last = [commuters, members, without_pay, paid, travelling, ties]
    return np.concatenate((np.array(first), out_of_work[CARE:], np.array(last)))


@kernel
def sum_ties_here(lo, hi, month, every, ids, residence, contact, strength, ties_here):
    """Refresh the summed strength of a person's ties to residents, for the share of people whose turn it is."""
    is_here = np.zeros(residence.shape[0] + 1, np.float32)  # the last is for free slots, which are -1
    is_here[:-1] = residence == HERE
    turn, n = np.empty(hi - lo, np.uint32), 0
    for i in range(lo, hi):
        turn[n] = i
        n += (residence[i] == HERE) & ((ids[i] + np.uint32(month)) % np.uint32(every) == 0)
    for r in range(n):
        i = turn[r]
        total = 0.0
        for k in range(contact.shape[1]):
            total += strength[i, k] * is_here[contact[i, k]]
        ties_here[i] = total


@kernel
def add_to_ledger(
    lo, hi, month, weight, benefit, housing, floor, residence, stage, post, pay, travel, elsewhere_employed, elsewhere_pay,
    moving_cost, moving_cost_until, ties_here, community_weight, w_income, w_log, w_own, job_months,
):  # fmt: skip
    """Add the month's net income of each person to the three accounts (equations 1-3)."""
    for i in range(lo, hi):
        if stage[i] != WORKING or residence[i] < HERE or residence[i] > ELSEWHERE:
            continue
        own = 0.0
        if residence[i] == HERE:
            p = post[i]
            if p >= 0:
                income = pay[i] - travel[p]
                job_months[i] += 1
            else:
                income = benefit
            own = ties_here[i] * community_weight[i]
        else:
            income = (elsewhere_pay[i] if elsewhere_employed[i] else benefit) - housing
        if month < moving_cost_until[i]:
            income -= moving_cost[i]
        w_income[i] += weight * income
        w_log[i] += weight * math.log(max(income, floor))
        w_own[i] += weight * (income + own)


@kernel
def move_odds(speed, hires, applications, odds):
    """Move the odds of each occupation that somebody applied for toward the month's hires over applications."""
    for o in range(odds.shape[0]):
        if applications[o] > 0:
            odds[o] += speed * (hires[o] / applications[o] - odds[o])


def counts(town: Town) -> dict[str, float]:
    """Return what `COUNTED` names for the present state; pay and travel in GBP per month, ties in strength."""
    w, p = town.people, town.posts
    raw = sum_over_rows(
        count_residents, town.rows_in_use(town.month), town.month, w.residence, w.birth_month, w.stage, w.reason, w.post,
        w.pay, w.member, w.ties_here, p.travel, p.sector,
    )  # fmt: skip
    out = dict(zip(COUNTED, raw.astype(np.float64).tolist(), strict=True))
    out["pay"] /= PENCE
    out["travel"] /= PENCE
    out["ties_here"] /= FRACTION
    return out


def update_aggregates(town: Town, params: Parameters) -> None:
    """Take the place's aggregates, which next month's decisions use."""
    a, solved, now = town.aggregates, town.solved, town.tallies["counts"]
    active = max(now["employed"] + now["unemployed"], 1.0)
    a.unemployment = now["unemployed"] / active
    a.vacancies = float(np.dot(town.posts.vacancies, town.posts.sector != OUTSIDE))
    a.tightness = a.vacancies / max(now["unemployed"], 1.0)
    a.mean_pay = mean_pay_by_occupation(town.posts, a.mean_pay)
    a.concentration = concentration_by_occupation(town.posts, town.employers)
    kept = fixed_sum(town.employers.kept_share * town.employers.profit, PENCE)
    a.income = now["pay"] - now["travel"] + town.benefit * now["without_pay"] + kept
    lost = float(town.tallies.get("separations", 0.0)) + float(town.tallies.get("exit_layoffs", 0.0))
    a.separation_rate += 0.05 * (lost / max(now["employed"], 1.0) - a.separation_rate)
    speed = 1.0 - 0.5 ** (1.0 / params.record.odds_half_life)
    if "applications" in town.tallies:
        move_odds(speed, town.tallies["hires"], town.tallies["applications"], a.odds)
    a.civic_activity = now["ties_here"] + now["members"] + float(town.tallies.get("took_part", 0.0))
    if solved.civic_ref > 0:
        target = a.civic_activity / (solved.civic_ref * town.n_people)
        a.civic_capital += (1.0 - 0.5 ** (1.0 / params.record.civic_half_life)) * (target - a.civic_capital)
    town.ledger_flows["benefits"] = town.benefit * now["without_pay"]
    town.ledger_flows["kept_profit"] = kept


def step(town: Town, params: Parameters, month: int) -> None:
    """Close the month: ledger, aggregates, money totals."""
    w, n = town.people, town.rows_in_use(month)
    over_rows(
        sum_ties_here, n, month, params.record.ties_every, w.id, w.residence, town.ties.contact, town.ties.strength,
        w.ties_here,
    )  # fmt: skip
    town.tallies["counts"] = counts(town)
    update_aggregates(town, params)
    if month < town.policy_start:
        return
    weight = params.time.discount(month - town.policy_start)
    over_rows(
        add_to_ledger, n, month, weight, town.benefit, town.housing_difference, params.record.worth_floor, w.residence,
        w.stage, w.post, w.pay, town.posts.travel, w.elsewhere_employed, w.elsewhere_pay, w.moving_cost,
        w.moving_cost_until, w.ties_here, w.community_weight, w.w_income, w.w_log, w.w_own, w.job_months,
    )  # fmt: skip
    for name, amount in town.ledger_flows.items():
        town.totals[name] = town.totals.get(name, 0.0) + weight * amount
