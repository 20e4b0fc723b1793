"""Counting people for the monthly measures: everything that many measures share, in one pass over residents aged 16-64."""

from __future__ import annotations

import numpy as np

from careersim.kernels import kernel
from careersim.town.columns import ACTIVE, CARE, DISCOURAGED, OUTSIDE, WORKING
from careersim.town.sums import FRACTION, fixed
from careersim.town.threads import sum_over_rows
from careersim.town.town import Town

COUNTED = (
    "working_age",
    "employed",
    "unemployed",
    "discouraged",
    "out_commuters",
    "members_at_local_posts",
    "covered",
    "low_origin",
    "income",
    "income_low_origin",
    "students",
    "care",
    "sick",
    "early_retired",
    "other_inactive",
)
"""What `count` returns by name: residents aged 16-64, and those of them who ...; net incomes in GBP per month."""
LOWEST_THIRD = np.float32(1 / 3)


@kernel
def born_between(residents, birth_month, first, last):
    """Rows of those of ``residents`` (a mask) who were born in months ``first`` to ``last``."""
    rows, n = np.empty(residents.shape[0], np.int64), 0
    for i in range(residents.shape[0]):
        rows[n] = i
        n += residents[i] & (birth_month[i] >= first) & (birth_month[i] <= last)
    return rows[:n].copy()


@kernel
def in_work_of(rows, post):
    """Those of ``rows`` who hold a post."""
    out, n = np.empty(rows.shape[0], np.int64), 0
    for i in rows:
        out[n] = i
        n += post[i] >= 0
    return out[:n].copy()


@kernel
def incomes(rows, post, pay, travel, stage, benefit):
    """Return the net income of those of ``rows``: pay less travel, or benefit, GBP per month."""
    out = np.empty(rows.shape[0])
    for k in range(rows.shape[0]):
        i = rows[k]
        if post[i] >= 0:
            out[k] = pay[i] - travel[post[i]]
        else:
            out[k] = benefit if stage[i] == WORKING else 0.0
    return out


@kernel
def count_people(lo, hi, rows, benefit, stage, reason, post, pay, member, origin, travel, sector, employer, recognised):
    """Return the counts of `COUNTED` (money in 2^-20)."""
    in_work, n_in_work = np.empty(hi - lo, np.uint32), 0
    others, n_others = np.empty(hi - lo, np.uint32), 0
    for i in rows[lo:hi]:
        in_work[n_in_work], others[n_others] = i, i
        n_in_work += post[i] >= 0
        n_others += post[i] < 0
    at_local_posts, members, covered, low, income, income_low = 0, 0, 0, 0, 0, 0
    for i in in_work[:n_in_work]:
        p = post[i]
        is_local, is_low, pounds = sector[p] != OUTSIDE, origin[i] < LOWEST_THIRD, fixed(pay[i] - travel[p], FRACTION)
        at_local_posts += is_local
        members += member[i] * is_local
        covered += recognised[employer[p]]
        low += is_low
        income += pounds
        income_low += pounds * is_low
    on_benefit, out_of_work = fixed(benefit, FRACTION), np.zeros(DISCOURAGED + 1, np.int64)
    for i in others[:n_others]:
        grown_up, is_low = stage[i] == WORKING, origin[i] < LOWEST_THIRD
        out_of_work[reason[i]] += grown_up
        low += is_low
        income += on_benefit * grown_up
        income_low += on_benefit * (grown_up & is_low)
    first = [
        n_in_work + n_others, n_in_work, out_of_work[ACTIVE], out_of_work[DISCOURAGED], n_in_work - at_local_posts, members,
        covered, low, income, income_low, n_others - out_of_work.sum(),
    ]  # fmt: skip
    return np.concatenate((np.array(first), out_of_work[CARE:DISCOURAGED]))


@kernel
def local_heads(sector, employer, alive, holders, commuters, vacancies):
    """Count heads of local posts: held by residents, by in-commuters (of the employers that are there), and vacant."""
    held, commuted, vacant = 0, 0, 0
    for p in range(sector.shape[0]):
        local = sector[p] != OUTSIDE
        held += holders[p] * local
        commuted += commuters[p] * (local & (alive[employer[p]] == 1))
        vacant += vacancies[p] * local
    return held, commuted, vacant


def count(town: Town, rows: np.ndarray) -> dict[str, float]:
    """Return the counts of `COUNTED` among ``rows`` (residents aged 16-64) by name."""
    w, p = town.people, town.posts
    raw = sum_over_rows(
        count_people, len(rows), rows, town.benefit, w.stage, w.reason, w.post, w.pay, w.member, w.origin, p.travel, p.sector,
        p.employer, town.employers.recognised,
    )  # fmt: skip
    out = dict(zip(COUNTED, raw.astype(np.float64).tolist(), strict=True))
    out["income"] /= FRACTION
    out["income_low_origin"] /= FRACTION
    return out
