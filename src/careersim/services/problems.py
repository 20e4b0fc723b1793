"""What stands in people's way, as it can be told from their stories: an adviser from one client's, a group from all its members'.

Each barrier is a number from 0 (none) to 1 (it blocks the person altogether), read off what a person could tell about oneself, one's contacts
and the place. What is *inferred* is the mean over those who tell, plus an error of ``story_error`` for each story, which
shrinks as stories are pooled: a group sees shared barriers more clearly than one person does, and an unusual member's own ones less.

Micro, meso and macro are the levels of the Collective Career Coaching Model (Meldrum 2017); which barrier belongs where, and its scale,
are this model's assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import njit

from careersim import chance
from careersim.services.session import Session
from careersim.town.columns import N_OCCUPATIONS, OUTSIDE
from careersim.town.sums import FRACTION, counts_by, fixed_sums_by

_STORY_DRAW = 8192
_LONG_SEARCH = 24.0
_MANY_OCCUPATIONS = 6.0
_SEVERE_TASTE = 0.5


@dataclass(frozen=True)
class Barrier:
    """One kind of thing that stands in the way, and how much of it each person served could tell of (0..1)."""

    level: Literal["micro", "meso", "macro"]
    told: Callable[[Session], np.ndarray]
    doc: str


def _skills(s: Session) -> np.ndarray:
    return 1.0 - s.town.people.career_skill[s.rows].astype(np.float64)


def _interest(s: Session) -> np.ndarray:
    return 1.0 - s.town.people.self_awareness[s.rows].astype(np.float64)


def _morale(s: Session) -> np.ndarray:
    return 1.0 - s.town.people.morale[s.rows].astype(np.float64)


def _horizon(s: Session) -> np.ndarray:
    considered = s.town.people.considered[s.rows]
    n = sum((considered >> np.uint32(o)) & np.uint32(1) for o in range(N_OCCUPATIONS))
    return 1.0 - np.minimum(np.asarray(n, np.float64) / _MANY_OCCUPATIONS, 1.0)


@njit(cache=True, nogil=True)
def _share_in_work(rows, contact, post, out):
    for r in range(rows.shape[0]):
        n, working = 0, 0
        for k in range(contact.shape[1]):
            j = contact[rows[r], k]
            if j >= 0:
                n += 1
                working += post[j] >= 0
        out[r] = working / n if n else 0.0


def _contacts(s: Session) -> np.ndarray:
    out = np.empty(len(s.rows))
    _share_in_work(s.rows, s.town.ties.contact, s.town.people.post, out)
    return 1.0 - out


def _few_posts(s: Session) -> np.ndarray:
    """Months out of work, relative to two years; and for those in work, half the share of the unemployed without a vacancy."""
    since = s.town.people.jobless_since[s.rows]
    searching = np.where(since >= 0, np.minimum((s.month - since) / _LONG_SEARCH, 1.0), 0.0)
    return np.maximum(searching, 0.5 * max(1.0 - s.town.aggregates.tightness, 0.0))


def _discrimination(s: Session) -> np.ndarray:
    """Mean taste of the place's employers against one's gender or ethnicity, relative to a severe one."""
    w, f = s.town.people, s.town.employers
    alive = (f.alive == 1) & (f.sector != OUTSIDE)
    n = max(int(alive.sum()), 1)
    women = fixed_mean(np.maximum(f.taste_gender[alive], 0.0), n)
    men = fixed_mean(np.maximum(-f.taste_gender[alive], 0.0), n)
    minority = fixed_mean(f.taste_ethnicity[alive], n)
    against = np.where(w.gender[s.rows] == 1, women, men) + np.where(w.ethnicity[s.rows] == 1, minority, 0.0)
    return np.clip(against / _SEVERE_TASTE, 0.0, 1.0)


def fixed_mean(values: np.ndarray, n: int) -> float:
    """Mean that does not depend on the order of ``values``."""
    return float(fixed_sums_by(np.zeros(len(values), np.int64), values.astype(np.float64), 1, FRACTION)[0]) / n


def _low_pay(s: Session) -> np.ndarray:
    """How near pay (the last one, of those out of work) is to the legal minimum: 1 at it, 0 at half as much again."""
    w = s.town.people
    pay = np.where(w.post[s.rows] >= 0, w.pay[s.rows], w.last_pay[s.rows])
    over = pay / max(s.town.minimum_wage, 1.0) - 1.0
    return np.where(pay > 0.0, np.clip(1.0 - 2.0 * over, 0.0, 1.0), 0.5)


def _commuters(s: Session) -> np.ndarray:
    """Share of local heads held by people who come in from outside, twice over."""
    p = s.town.posts
    local = p.sector != OUTSIDE
    total = float(p.commuters[local].sum() + p.holders[local].sum())
    return np.full(len(s.rows), min(2.0 * float(p.commuters[local].sum()) / max(total, 1.0), 1.0))


BARRIERS: dict[str, Barrier] = {
    "skills": Barrier("micro", _skills, "career management skills"),
    "interest": Barrier("micro", _interest, "own interests not known"),
    "horizon": Barrier("micro", _horizon, "few occupations seen as open to someone like me"),
    "morale": Barrier("micro", _morale, "low morale"),
    "contacts": Barrier("meso", _contacts, "few contacts in work"),
    "few_posts": Barrier("macro", _few_posts, "too few posts"),
    "discrimination": Barrier("macro", _discrimination, "employers' taste against one's own group"),
    "low_pay": Barrier("macro", _low_pay, "pay at the legal minimum"),
    "commuters": Barrier("macro", _commuters, "local posts held by people from outside"),
}
"""Every barrier by name, from the person outward."""


def told(s: Session) -> np.ndarray:
    """Return what each person served could tell of each barrier: one row a person, one column a barrier, 0..1."""
    return np.column_stack([b.told(s) for b in BARRIERS.values()]) if len(s.rows) else np.empty((0, len(BARRIERS)))


def inferred(s: Session) -> tuple[np.ndarray, np.ndarray]:
    """Infer the barriers of each group from its members' stories, with error; who is in no group stands alone.

    Returns
    -------
    party : array of int
        For each person served, the row of the second array that is about their group or, alone, about themselves.
    barriers : array, one row a party, one column a barrier
        Mean of the stories, each told or understood with a normal error of ``services.story_error``; not below 0.
    """
    alone = np.where(s.group >= 0, s.group.astype(np.int64), -1 - s.ids.astype(np.int64))
    _, party = np.unique(alone, return_inverse=True)
    n = int(party.max(initial=-1)) + 1
    size = counts_by(party, n)
    stories = told(s)
    for b in range(stories.shape[1]):
        z = chance.normals(s.town.key, chance.CONTENT, s.month, s.ids, _STORY_DRAW + s.slot * 64 + b)
        stories[:, b] += s.params.services.story_error * z
    means = [fixed_sums_by(party, stories[:, b], n, FRACTION) / size for b in range(stories.shape[1])]
    return party, np.maximum(np.column_stack(means), 0.0) if n else np.empty((0, len(BARRIERS)))
