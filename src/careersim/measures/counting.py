"""Counting people for the monthly measures: everything that many measures share, in one pass over residents aged 16-64."""

from __future__ import annotations

import numpy as np

from careersim.kernels import kernel
from careersim.town.columns import ACTIVE, CARE, DISCOURAGED, OTHER_INACTIVE, OUTSIDE, WORKING
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
def of_working_age(residents, birth_month, month):
    """Rows of those of ``residents`` (a mask) who are aged 16-64."""
    rows, n = np.empty(residents.shape[0], np.int64), 0
    for i in range(residents.shape[0]):
        rows[n] = i
        n += residents[i] & (month - birth_month[i] >= 192) & (month - birth_month[i] < 780)
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
def count_people(lo, hi, rows, benefit, stage, reason, post, pay, member, origin, travel, sector, employer, recognised):
    """Return the counts of `COUNTED` (money in 2^-20)."""
    out = np.zeros(15, np.int64)
    in_work, n_in_work = np.empty(hi - lo, np.int64), 0
    others, n_others = np.empty(hi - lo, np.int64), 0
    for i in rows[lo:hi]:
        in_work[n_in_work], others[n_others] = i, i
        n_in_work += post[i] >= 0
        n_others += post[i] < 0
    out[0], out[1] = n_in_work + n_others, n_in_work
    for i in in_work[:n_in_work]:
        p = post[i]
        is_local, is_low, pounds = sector[p] != OUTSIDE, origin[i] < LOWEST_THIRD, fixed(pay[i] - travel[p], FRACTION)
        out[4] += not is_local
        out[5] += member[i] * is_local
        out[6] += recognised[employer[p]]
        out[7] += is_low
        out[8] += pounds
        out[9] += pounds * is_low
    on_benefit = fixed(benefit, FRACTION)
    for i in others[:n_others]:
        grown_up = stage[i] == WORKING
        is_low, pounds = origin[i] < LOWEST_THIRD, on_benefit * grown_up
        out[2] += grown_up & (reason[i] == ACTIVE)
        out[3] += grown_up & (reason[i] == DISCOURAGED)
        if grown_up and CARE <= reason[i] <= OTHER_INACTIVE:
            out[10 + reason[i]] += 1
        out[10] += not grown_up
        out[7] += is_low
        out[8] += pounds
        out[9] += pounds * is_low
    return out


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
    out = {name: float(n) for name, n in zip(COUNTED, raw, strict=True)}
    out["income"] /= FRACTION
    out["income_low_origin"] /= FRACTION
    return out
