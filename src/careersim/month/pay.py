"""Pay: what each post pays, what each holder is paid, and what employers earn (model.md 6.3).

*What happens.* The market sets markdown pay at every post from last month's unemployment and concentration. Once a year each
post's pay is reviewed and, where a union is recognised, bargained. Holders are paid by their efficiency. Employers' output,
pay bill and profit follow.

*Who, in what order.* All posts at once (1-4), all holders at once (5-6), all employers at once (7).

1. ``eps = eps_ref (HHI / HHI_burn-in)^-k`` in the post's occupation.
2. ``wm = typical . premium . (u / u_ref)^c . (1 + 1/eps_ref) / (1 + 1/eps)``; outside posts pay their own constant.
3. Bargained pay b by regime (`careersim.town.wage_setting.bargained_pay`), renewed at the yearly review and, the first time,
   as soon as the union is recognised; it ends with recognition.
4. Pay of the post rises to ``max(wm, b, floor)`` at the review (to the floor - the minimum wage, or what the employer agreed - at once) and falls toward it by at
   most ``largest_fall / 12`` a month.
5. Efficiency ``q_i = skill^b0 . fit . exp(e0_i)``.
6. ``pay_i = pay_p q_i^(1 - compress) . sum q / sum q^(1 - compress)``, so that the post's pay bill is ``pay_p sum q``, and at
   least the floor; compress is 0 without recognition. In-commuters have q = 1.
7. ``output = sum y (sum q + in-commuters)``, ``y = v0 (1 + rho)``; ``profit = output + subsidies - pay - F``, exact in pence.
   Vacant posts yield nothing while F is due.

*Variants.* ``market: competition`` (eps infinite), the four regimes, ``wage_curve`` and ``concentration_exponent`` 0.

Sources: Blanchflower and Oswald 1994; Manning 2003; Azar and Marinescu 2024; Nickell and Andrews 1983; McDonald and Solow 1981.
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.town import wage_setting as wages
from careersim.town.columns import OUTSIDE
from careersim.town.efficiency import log_efficiency, log_fit
from careersim.town.sums import FRACTION, PENCE, fixed
from careersim.town.threads import over_rows, sum_over_rows
from careersim.town.town import PAY_CHANGED, Town


@kernel
def market_pay(
    lo, hi, linear, schedule, eps_ref, exponent, curve, concentration, reference, typical, premium, employer, occupation,
    sector, eps, wm,
):  # fmt: skip
    """Equations 1 and 2: supply elasticity and markdown pay of each post."""
    elasticity = np.empty(typical.shape[0])
    for o in range(typical.shape[0]):
        elasticity[o] = wages.supply_elasticity(eps_ref, concentration[o], reference[o], exponent)
    for p in range(lo, hi):
        if sector[p] == OUTSIDE:
            continue
        o = occupation[p]
        eps[p] = elasticity[o]
        if linear:
            wm[p] = wages.linear_markdown_pay(schedule[0], schedule[1], schedule[2], schedule[3])
        else:
            wm[p] = wages.markdown_pay(typical[o], premium[employer[p]], curve, eps[p], eps_ref)


@inlined
def are_reviewed(lo, hi, key, month, every):
    """Whether the pay of each of posts lo..hi-1 is reviewed this month: once in ``every`` months, in a month of its own."""
    luck, out = np.empty(hi - lo, np.uint32), np.empty(hi - lo, np.bool_)
    for p in range(lo, hi):
        luck[p - lo] = chance.block(key, chance.RENEGOTIATE, 0, p)[0]
    for k in range(hi - lo):
        out[k] = (month + np.int64(luck[k]) % every) % every == 0
    return out


@kernel
def review_pay(
    lo, hi, key, month, every, slowest, regime, beta, eta_rtm, agreed, minimum_wage, employer, sector, recognised, v0, rho, wm,
    bargained, pay, changed,
):  # fmt: skip
    """Equations 3 and 4; ``changed`` marks posts newly covered (1) or no longer covered (2)."""
    reviews = are_reviewed(lo, hi, key, month, every)
    for p in range(lo, hi):
        changed[p] = 0
        if sector[p] == OUTSIDE:
            continue
        reviewed = reviews[p - lo]
        if not recognised[employer[p]]:
            changed[p] = 2 if bargained[p] > 0.0 else 0
            bargained[p] = 0.0
        elif reviewed or bargained[p] <= 0.0:
            changed[p] = 1 if bargained[p] <= 0.0 else 0
            bargained[p] = wages.bargained_pay(regime, wm[p], v0[p], rho[p], beta, eta_rtm)
        floor = wages.floor_at(p, employer, agreed, minimum_wage)
        wanted = max(wm[p], bargained[p], floor)
        if wanted < pay[p]:
            pay[p] = max(wanted, pay[p] * slowest)
        elif reviewed or changed[p] == 1:
            pay[p] = wanted
        pay[p] = max(pay[p], floor)


@inlined
def holders_among(lo, hi, post):
    """Those of rows lo..hi-1 who hold a post, and which (no branch: it would cost more)."""
    rows, posts, n = np.empty(hi - lo, np.uint32), np.empty(hi - lo, np.uint32), 0
    for i in range(lo, hi):
        rows[n], posts[n] = i, post[i]
        n += post[i] >= 0
    return rows[:n], posts[:n]


@kernel
def pay_exponents(compress, employer, sector, recognised):
    """Exponent of efficiency in what the holders of each post are paid: less than 1 where a union is recognised."""
    out = np.empty(employer.shape[0])
    for p in range(employer.shape[0]):
        out[p] = 1.0 - compress if recognised[employer[p]] == 1 and sector[p] != OUTSIDE else 1.0
    return out


@kernel
def measure_efficiency(
    lo, hi, b0, fit_weight, gap_penalty, subject_penalty, post, skill, e0, interests, qualification, subject, occupation,
    riasec, required, stem, exponent, q, narrowed,
):  # fmt: skip
    """Equation 5: write efficiency q of each holder and ``q^exponent``; return the sums of both by post (2^-20)."""
    sums = np.zeros((2, exponent.shape[0]), np.int64)
    rows, posts = holders_among(lo, hi, post)
    covered, n_covered = np.empty(rows.shape[0], np.uint32), 0
    for r in range(rows.shape[0]):
        i, p = rows[r], posts[r]
        o = np.uint32(occupation[p])
        fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                      fit_weight, gap_penalty, subject_penalty)  # fmt: skip
        q[i] = math.exp(log_efficiency(skill[i], fit, e0[i], b0))
        sums[0, p] += fixed(q[i], FRACTION)
        covered[n_covered] = r
        n_covered += exponent[p] != 1.0
    for r in covered[:n_covered]:
        i, p = rows[r], posts[r]
        narrowed[i] = q[i] ** exponent[p]
        sums[1, p] += fixed(narrowed[i], FRACTION)
    return sums


@kernel
def pay_people(lo, hi, floors, post, q, narrowed, exponent, sums, post_pay, pay):
    """Equation 6: write each holder's pay, in whole pence; return the pay bill of residents by post, in pence."""
    bill = np.zeros(exponent.shape[0], np.int64)
    rows, posts = holders_among(lo, hi, post)
    for r in range(rows.shape[0]):
        i, p = rows[r], posts[r]
        amount = post_pay[p] * q[i]
        if exponent[p] != 1.0:
            amount = post_pay[p] * narrowed[i] * (sums[0, p] / max(sums[1, p], np.int64(1)))
        pence = fixed(max(amount, floors[p]), PENCE)
        pay[i] = pence / PENCE
        bill[p] += pence
    return bill


@kernel
def close_accounts(
    lo, hi, memory, sector, alive, first_post, n_posts, fixed_cost, v0, rho, total, commuters, post_pay, bill, subsidy,
    output, pay_bill, profit, profit_mean,
):  # fmt: skip
    """Equation 7 for each local employer; return the sums of residents' and commuters' pay, profit, F, output and subsidies, in pence."""
    sums, account = np.zeros(6, np.int64), np.empty(6, np.int64)
    for f in range(lo, hi):
        account[:] = 0
        if alive[f] == 1 and sector[f] != OUTSIDE:
            for p in range(first_post[f], first_post[f] + n_posts[f]):
                account[0] += bill[p]
                account[1] += fixed(post_pay[p], PENCE) * commuters[p]
                account[4] += fixed(v0[p] * (1.0 + rho[p]) * (total[p] / FRACTION + commuters[p]), PENCE)
            account[3] = fixed(fixed_cost[f], PENCE)
            account[5] = fixed(subsidy[f], PENCE)
            account[2] = account[4] + account[5] - account[0] - account[1] - account[3]
        output[f] = account[4] / PENCE
        pay_bill[f] = (account[0] + account[1]) / PENCE
        profit[f] = account[2] / PENCE
        if alive[f] == 1:
            profit_mean[f] += (profit[f] - profit_mean[f]) / memory
        sums += account
    return sums


FLOWS = ("pay_residents", "pay_commuters", "profit", "fixed_cost", "output", "subsidies")
"""Money of local employers: pay_residents + pay_commuters + profit + fixed_cost = output + subsidies, to the penny."""


def set_post_pay(town: Town, params: Parameters, month: int) -> np.ndarray:
    """Equations 1-4; returns by post whether coverage by a union began (1) or ended (2)."""
    a, e, p, y, d = town.aggregates, town.employers, town.posts, params.pay, params.demand
    over_rows(
        market_pay, len(p), d.schedule == "linear", d.linear(), wages.reference_eps(y),
        y.concentration_exponent, wages.wage_curve(a.unemployment, town.solved.unemployment_ref, y.wage_curve),
        a.concentration, town.solved.concentration_ref, town.occupations.typical_pay, e.premium, p.employer, p.occupation,
        p.sector, p.eps, p.wm,
    )  # fmt: skip
    changed = np.empty(len(p), np.int8)
    over_rows(
        review_pay, len(p), town.key, month, y.review_every, 1.0 - y.largest_fall / 12.0, wages.REGIMES[y.regime],
        y.bargaining_power, y.eta_rtm, e.wage_floor, town.minimum_wage, p.employer, p.sector, e.recognised, p.v0, p.rho,
        p.wm, p.bargained, p.pay, changed,
    )  # fmt: skip
    return changed


def set_peoples_pay(town: Town, params: Parameters, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Equations 5 and 6; returns by post the sum of holders' efficiency (2^-20) and their pay bill (pence)."""
    w, p, o, y, n = town.people, town.posts, town.occupations, params.pay, town.rows_in_use(month)
    q, narrowed = np.empty(n), np.empty(n)
    exponent = pay_exponents(y.compress, p.employer, p.sector, town.employers.recognised)
    sums = sum_over_rows(
        measure_efficiency, n, y.skill_exponent, y.fit_weight, y.gap_penalty, y.subject_penalty, w.post, w.skill, w.e0,
        w.interests, w.qualification, w.subject, p.occupation, o.riasec, o.qualification, o.stem, exponent, q, narrowed,
    )  # fmt: skip
    floors = wages.wage_floors(town.employers, p, town.minimum_wage)
    bill = sum_over_rows(pay_people, n, floors, w.post, q, narrowed, exponent, sums, p.pay, w.pay)
    return sums[0], bill


def book_money(town: Town, params: Parameters, total: np.ndarray, bill: np.ndarray) -> None:
    """Equation 7: employers' accounts, and the month's flows of money.

    A subsidy granted last month (``employers.subsidy``) is paid now, once.
    """
    e, p = town.employers, town.posts
    sums = sum_over_rows(
        close_accounts, len(e), params.pay.profit_memory, e.sector, e.alive, e.first_post, e.n_posts, e.fixed_cost, p.v0,
        p.rho, total, p.commuters, p.pay, bill, e.subsidy, e.output, e.pay_bill,
        e.profit, e.profit_mean,
    )  # fmt: skip
    e.subsidy[:] = 0.0
    town.ledger_flows |= zip(FLOWS, (sums / PENCE).tolist(), strict=True)
    town.ledger_flows["pay_outside"] = float(bill[p.sector == OUTSIDE].sum() / PENCE)


def log_coverage(town: Town, changed: np.ndarray, month: int) -> None:
    """Log, for holders of posts where coverage by a union began or ended, the pay that follows."""
    if not (town.log_events and changed.any()):
        return
    held = np.flatnonzero(town.people.post >= 0)
    rows = held[changed[town.people.post[held]] > 0]
    posts = town.people.post[rows]
    town.events.add(month, rows, PAY_CHANGED, changed[posts], other=posts, value=town.people.pay[rows])


def step(town: Town, params: Parameters, month: int) -> None:
    """Set pay at posts, pay the holders, close the employers' accounts."""
    changed = set_post_pay(town, params, month)
    book_money(town, params, *set_peoples_pay(town, params, month))
    log_coverage(town, changed, month)
