"""The campaign for a local wage floor: employers agree to it one by one, when a majority of their staff would join in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.services import levers
from careersim.services.session import Session
from careersim.town.columns import OUTSIDE
from careersim.town.placing import holders_of
from careersim.town.sums import counts_by
from careersim.town.town import Town

if TYPE_CHECKING:
    from careersim.services.joint_actions import Actions

_LUCK = 128


def campaign_for_floor(s: Session, actions: Actions, a: int, purse: float) -> None:
    """Campaign at one employer until it agrees or the campaign is over, then at the next; agreed floors stay.

    The price of an organiser is paid for each of the employer's heads when the campaign there begins.
    """
    e, f = s.town.employers, int(actions.target[a])
    level = s.params.services.wage_floor_ratio * s.town.minimum_wage
    if f >= 0 and e.alive[f] == 1 and e.campaign_until[f] > s.month and e.wage_floor[f] < level:
        if willing_share(s.town, f) >= s.params.organising.majority:
            levers.agree_floor(s, f, level)
            actions.target[a] = -1
        return
    f = _next_employer(s, level, purse)
    actions.target[a] = f
    if f >= 0:
        levers.organise(s, np.array([f]))
        s.charge("public_cost", float(e.heads[f]) * s.params.services.price_organiser)


def willing_share(town: Town, f: int) -> float:
    """Share of an employer's resident staff who would join in, once everybody has looked at everybody (Granovetter 1978)."""
    w = town.people
    staff = holders_of(w.post, town.posts.employer == f)
    n, joined = len(staff), 0
    for _ in range(n + 1):
        share = joined / max(n, 1)
        now = int(np.count_nonzero((w.support[staff] + share).astype(np.float32) >= w.threshold[staff]))
        if now <= joined:
            break
        joined = now
    return joined / n if n else 0.0


def _next_employer(s: Session, level: float, purse: float) -> int:
    """Row of the next employer: by luck among those that pay some staff below the floor and that the purse pays for; -1 none."""
    e, p = s.town.employers, s.town.posts
    low_paying = counts_by(np.where((p.pay < level) & (p.holders > 0), p.employer, -1), len(e)) > 0
    open_to = (e.alive == 1) & (e.sector != OUTSIDE) & (e.wage_floor < level) & (e.campaign_until <= s.month)
    able = np.flatnonzero(low_paying & open_to & (e.heads * s.params.services.price_organiser <= purse))
    if len(able) == 0:
        return -1
    luck = chance.uniforms(s.town.key, chance.CAMPAIGN, s.month, able, _LUCK + s.slot)
    return int(able[np.lexsort((able, luck))[0]])
