"""The community enterprise: posts worth less than they are paid, opened by joint action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim.services import levers
from careersim.services.session import Session
from careersim.town.columns import N_OCCUPATIONS
from careersim.town.town import Town

if TYPE_CHECKING:
    from careersim.services.joint_actions import Actions


def room(town: Town, actions: Actions, kind: int) -> int:
    """Return how many more enterprises there is a free row for, beside those already proposed (actions of that ``kind``)."""
    free = np.count_nonzero((town.employers.enterprise == 1) & (town.employers.alive == 0))
    proposed = np.count_nonzero((actions.kind == kind) & (actions.ended == 0) & (actions.target < 0))
    return max(int(free) - int(proposed), 0)


def open_and_keep(s: Session, actions: Actions, a: int, purse: float) -> None:
    """Found the enterprise if there is none, and pay last month's shortfall of value product below pay.

    The shortfall is charged to the budget while the purse reaches, or left with the enterprise (``posts_paid_by: employers``);
    when it is no longer paid, the enterprise is an employer like any other, with little profit: it obeys 6.2.
    """
    f = int(actions.target[a])
    if f < 0:
        free = np.flatnonzero((s.town.employers.enterprise == 1) & (s.town.employers.alive == 0))
        free = np.setdiff1d(free, actions.target[actions.ended == 0])
        if len(free):
            actions.target[a] = free[0]
            levers.open_posts(s, int(free[0]), heads_wanted(s))
        return
    if s.town.employers.alive[f] == 0:
        return
    e = s.town.employers
    shortfall = max(float(e.pay_bill[f] - e.output[f] + e.fixed_cost[f]), 0.0)
    if actions.paid_by[a]:
        s.charge("employer_cost", shortfall)
        return
    granted = min(shortfall, max(purse, 0.0))
    levers.subsidise(s, f, granted)
    s.charge("public_cost", granted)


def heads_wanted(s: Session) -> np.ndarray:
    """Heads by occupation: one for each member who joined, in the last occupation, else the least demanding one."""
    w, o = s.town.people, s.town.occupations
    simplest = int(np.argmin(o.typical_pay))
    last = w.last_occupation[s.rows].astype(np.int64)
    return np.bincount(np.where(last >= 0, last, simplest), minlength=N_OCCUPATIONS)
