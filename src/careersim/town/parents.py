"""Who a pupil's parent is: fixed beforehand, from residents of suitable age, whatever order their rows are in."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from careersim import chance
from careersim.town.columns import HERE, PUPIL, People
from careersim.town.town import Town

YOUNGEST, TYPICAL, OLDEST = 20 * 12, 30 * 12, 45 * 12
"""Age of a parent at birth, in months."""
PUPIL_AGE = 13 * 12
"""Age of the child when it enters town as a pupil."""
SPREAD = 5.5 * 12
"""Spread of that age in months (ONS births by parents' characteristics, mean about 31, from memory)."""


def candidates(people: People) -> np.ndarray:
    """Rows of residents who can be parents, sorted by month of birth and identity (not by row)."""
    rows = np.flatnonzero((people.residence == HERE) & (people.stage != PUPIL))
    return rows[np.lexsort((people.id[rows], people.birth_month[rows]))]


def pick_parents(people: People, sorted_rows: np.ndarray, birth: np.ndarray, who: np.ndarray, key) -> np.ndarray:
    """Row of the parent of each child born in month ``birth`` with identity ``who``; -1 if nobody has a suitable age.

    The parent's age is drawn, and the parent is one of those born within half a year of it (else of all suitable).
    """
    born = people.birth_month[sorted_rows]
    z = chance.normals(key, chance.PARENT, 0, who, 0)
    age = np.clip(TYPICAL + SPREAD * z, YOUNGEST + 6, OLDEST - 6).astype(np.int64)
    low, high = np.searchsorted(born, birth - age - 6), np.searchsorted(born, birth - age + 6, "right")
    none = low == high
    low = np.where(none, np.searchsorted(born, birth - OLDEST), low)
    high = np.where(none, np.searchsorted(born, birth - YOUNGEST, "right"), high)
    pick = low + (chance.uniforms(key, chance.PARENT, 0, who, 1) * (high - low)).astype(np.int64)
    found = high > low
    out = np.full(len(birth), -1, np.int32)
    out[found] = sorted_rows[pick[found]]
    return out


def parent_pay(town: Town, rows: np.ndarray) -> np.ndarray:
    """Pay by which a parent's household is ranked: present pay, else last pay, at least the benefit."""
    w = town.people
    pay = np.where(w.post[rows] >= 0, w.pay[rows], w.last_pay[rows])
    return np.maximum(pay, max(town.benefit, 1.0))


def standing(town: Town, rows: np.ndarray) -> np.ndarray:
    """Where parents stand by pay among residents of the ages at which pupils have parents, in normal scores.

    Only the standing within the place is taken; the place's own standing in the nation comes from its published pay.
    """
    w = town.people
    age = town.month - w.birth_month
    peers = (w.residence == HERE) & (age >= YOUNGEST + PUPIL_AGE) & (age < OLDEST + PUPIL_AGE)
    everyone = np.sort(parent_pay(town, np.flatnonzero(peers)))
    pay = parent_pay(town, rows)
    middle = 0.5 * (np.searchsorted(everyone, pay) + np.searchsorted(everyone, pay, "right"))
    return ndtri(np.clip(middle / len(everyone), 1e-3, 1 - 1e-3))
