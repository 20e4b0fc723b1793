"""Counting people for the monthly measures: everything that many measures share, in one pass over residents."""

from __future__ import annotations

import numpy as np
from numba import njit

from careersim.town.columns import CARE, DISCOURAGED, OTHER_INACTIVE, OUTSIDE, WORKING
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


@njit(cache=True, nogil=True)
def count_people(
    lo, hi, month, benefit, residents, birth_month, stage, reason, post, pay, member, origin, travel, sector, employer, recognised,
    employed,
):  # fmt: skip
    """Mark who is in work; return the counts of `COUNTED` (money in 2^-20)."""
    out = np.zeros(15, np.int64)
    for i in range(lo, hi):
        age = month - birth_month[i]
        if not residents[i] or age < 192 or age >= 780:
            continue
        out[0] += 1
        p, income = post[i], 0.0
        if p >= 0:
            employed[i] = True
            income = pay[i] - travel[p]
            out[1] += 1
            out[4] += sector[p] == OUTSIDE
            out[5] += member[i] if sector[p] != OUTSIDE else 0
            out[6] += recognised[employer[p]]
        elif stage[i] == WORKING:
            income = benefit
            out[2] += reason[i] == 0
            out[3] += reason[i] == DISCOURAGED
            if CARE <= reason[i] <= OTHER_INACTIVE:
                out[10 + reason[i]] += 1
        else:
            out[10] += 1
        pounds = fixed(income, FRACTION)
        out[8] += pounds
        if origin[i] < LOWEST_THIRD:
            out[7] += 1
            out[9] += pounds
    return out


@njit(cache=True, nogil=True)
def local_heads(sector, employer, alive, holders, commuters, vacancies):
    """Count heads of local posts: held by residents, by in-commuters (of the employers that are there), and vacant."""
    held, commuted, vacant = 0, 0, 0
    for p in range(sector.shape[0]):
        local = sector[p] != OUTSIDE
        held += holders[p] * local
        commuted += commuters[p] * (local & (alive[employer[p]] == 1))
        vacant += vacancies[p] * local
    return held, commuted, vacant


def count(town: Town, residents: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Return the counts of `COUNTED` among ``residents`` (a mask) by name, and the mask of those aged 16-64 in work."""
    w, p, employed = town.people, town.posts, np.zeros(len(residents), np.bool_)
    raw = sum_over_rows(
        count_people, town.rows_in_use(town.month), town.month, town.benefit, residents, w.birth_month, w.stage, w.reason, w.post, w.pay, w.member, w.origin, p.travel,
        p.sector, p.employer, town.employers.recognised, employed,
    )  # fmt: skip
    out = {name: float(n) for name, n in zip(COUNTED, raw, strict=True)}
    out["income"] /= FRACTION
    out["income_low_origin"] /= FRACTION
    return out, employed
