"""The compact with an employer: placements for members, and posts of in-commuters advertised here as they fall free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.services import levers
from careersim.services.session import Session
from careersim.town.columns import OUTSIDE
from careersim.town.placing import holders_of

if TYPE_CHECKING:
    from careersim.services.joint_actions import Actions

_HOST = 16_384


def place_and_hire_locally(s: Session, actions: Actions, a: int, purse: float) -> None:
    """Keep the compact for a month: local hiring, and a placement for each member out of work, at the employer's cost."""
    f = _partner(s, actions, a)
    if f < 0:
        return
    actions.target[a] = f
    levers.hire_locally(s, np.array([f]))
    placed = s.only(s.town.people.post[s.rows] < 0)
    if len(placed.rows) == 0:
        return
    e, p = s.town.employers, s.town.posts
    posts = slice(e.first_post[f], e.first_post[f] + e.n_posts[f])
    mine = p.occupation[posts][p.l0[posts] > 0.0]
    luck = chance.uniforms(s.town.key, chance.BROKER, s.month, placed.ids, _HOST - 1)
    levers.try_work(placed, mine[(luck * len(mine)).astype(np.int64)].astype(np.int64))
    levers.introduce(placed, _staff_for(placed, f))
    s.charge("employer_cost", s.params.services.price_placement * len(placed.rows))


def _partner(s: Session, actions: Actions, a: int) -> int:
    """Row of the employer of the compact: the present one, else that with most in-commuters not yet in one; -1 none."""
    e, p, old = s.town.employers, s.town.posts, int(actions.target[a])
    if old >= 0 and e.alive[old] == 1:
        return old
    heads = np.bincount(p.employer, p.commuters, len(e)).astype(np.int64)
    heads[(e.alive == 0) | (e.sector == OUTSIDE)] = 0
    heads[actions.target[actions.target >= 0]] = 0
    best = int(np.argmax(heads))
    return best if heads[best] > 0 else -1


def _staff_for(s: Session, f: int) -> np.ndarray:
    """One of the employer's resident staff for each person placed, by luck over staff; -1 if it has none."""
    w = s.town.people
    staff = holders_of(w.post, s.town.posts.employer == f)
    return luckiest(staff, s.rows, s.town.key, s.month, _HOST, w.id)


@kernel
def luckiest(staff, rows, key, month, first_draw, ids):
    """For each of ``rows`` the one of ``staff`` with the smallest luck, drawn anew for each; -1 if there is no staff."""
    out = np.full(rows.shape[0], -1, np.int32)
    for r in range(rows.shape[0]):
        least = np.inf
        for j in staff:
            luck = chance.uniform(key, chance.BROKER, month, ids[j], 0, first_draw + np.int64(ids[rows[r]]))
            if luck < least or (luck == least and ids[j] < ids[out[r]]):
                least = luck
                out[r] = j
    return out
