"""Keeping the table of ties symmetric: adding, removing, and settling a month's proposals.

A row holds a person's ties in its first slots, sorted by the identity of the contact: what is summed over slots is then the
same for any order of the people's rows.

Proposals are settled in one round (model.md 6.9). Each person ranks old ties and new ones by (strength, pair luck) and keeps
as many as the row has slots; a tie lives if both keep it.
"""

from __future__ import annotations

import numpy as np

from careersim.chance import TIE_RANK, uniform
from careersim.kernels import inlined, kernel
from careersim.town.columns import GONE, KIN_FRIEND, NOT_YET, People, Ties
from careersim.town.settings import members_by
from careersim.town.threads import over_rows


@kernel
def n_ties(contact, i):
    """Number of ties of person i."""
    n = 0
    for k in range(contact.shape[1]):
        n += contact[i, k] >= 0
    return n


@kernel
def slot_of(contact, i, j):
    """Slot in which i lists j; -1 if they are not tied."""
    slot = -1
    for k in range(contact.shape[1]):
        slot = k if contact[i, k] == j else slot
    return slot


@kernel
def put(contact, strength, kind, ids, i, j, s, c):
    """List j with i (which must have a free slot), in the order of identities."""
    k = n_ties(contact, i)
    while k > 0 and ids[contact[i, k - 1]] > ids[j]:
        contact[i, k], strength[i, k], kind[i, k] = contact[i, k - 1], strength[i, k - 1], kind[i, k - 1]
        k -= 1
    contact[i, k], strength[i, k], kind[i, k] = j, s, c


@kernel
def take_out(contact, strength, kind, i, j):
    """Strike j from i's row; returns whether it was there."""
    k, last = slot_of(contact, i, j), contact.shape[1] - 1
    found = k >= 0
    while found and k < last and contact[i, k + 1] >= 0:
        contact[i, k], strength[i, k], kind[i, k] = contact[i, k + 1], strength[i, k + 1], kind[i, k + 1]
        k += 1
    if found:
        contact[i, k], strength[i, k], kind[i, k] = -1, 0.0, 0
    return found


@kernel
def untie(contact, strength, kind, i, j):
    """Remove the tie between i and j from both rows; returns 1 if there was one."""
    was_there = take_out(contact, strength, kind, i, j)
    if was_there:
        take_out(contact, strength, kind, j, i)
    return int(was_there)


@kernel
def tie(contact, strength, kind, ids, i, j, s, c):
    """Add a tie between i and j, who are not tied and have a free slot each."""
    put(contact, strength, kind, ids, i, j, s, c)
    put(contact, strength, kind, ids, j, i, s, c)


@kernel
def _untie_gone(residence, contact, strength, kind):
    gone, n, lost = np.empty(residence.shape[0], np.int32), 0, 0
    for i in range(residence.shape[0]):
        gone[n] = i
        n += residence[i] == GONE
    for i in gone[:n]:
        while contact[i, 0] >= 0:
            lost += untie(contact, strength, kind, i, contact[i, 0])
    return lost


def remove_gone(residence: np.ndarray, ties: Ties) -> int:
    """Remove all ties of people who have left for good; returns how many."""
    return _untie_gone(residence, ties.contact, ties.strength, ties.kind)


@inlined
def _may_be_tied(residence):
    """Whether a person has entered town, and has not gone for good."""
    return (residence != NOT_YET) & (residence != GONE)


@kernel
def _asks(rows_i, rows_j, kind, strength, residence):
    """What each person is asked: the two ends of each proposal are entries 2e (by i, the smaller row) and 2e + 1.

    Returns who is asked, kind and strength by entry, the people asked, and their entries: those of person i are
    ``entries[start[i]:start[i + 1]]``. Left out are proposals to nobody (-1) or oneself, and people not in town yet or gone for good.
    """
    n = 0
    size = 2 * rows_i.shape[0]
    who, its_kind, its_strength = np.empty(size, np.int32), np.empty(size, np.int8), np.empty(size, np.float32)
    for e in range(rows_i.shape[0]):
        i, j = min(rows_i[e], rows_j[e]), max(rows_i[e], rows_j[e])
        if i >= 0 and i != j and _may_be_tied(residence[i]) and _may_be_tied(residence[j]):
            for one in (i, j):
                who[n], its_kind[n], its_strength[n] = one, kind[e], strength[e]
                n += 1
    start, entries = members_by(who[:n], residence.shape[0])
    people = np.flatnonzero(start[1:] > start[:-1])
    return who[:n], its_kind[:n], its_strength[:n], people, start, entries


@inlined
def _renew(i, asked, who, new_kind, new_strength, contact, strength, kind, keeps):
    """Merge what person i is asked twice, and renew ties that are there: closest kind, greatest strength. Keep the rest; return how many."""
    n = 0
    for q in range(asked.shape[0]):
        e = asked[q]
        k, first = slot_of(contact, i, who[e ^ 1]), e
        for earlier in asked[:q]:
            first = earlier if who[earlier ^ 1] == who[e ^ 1] and first == e else first
        if k >= 0:
            strength[i, k] = max(strength[i, k], new_strength[e])
            kind[i, k] = KIN_FRIEND if new_kind[e] == KIN_FRIEND else kind[i, k]
        elif first != e:
            new_kind[first] = min(new_kind[first], new_kind[e])
            new_strength[first] = max(new_strength[first], new_strength[e])
        else:
            keeps[e] = True
            n += 1
    return n


@inlined
def _ranks_below(k, other, strengths, luck, names):
    """Whether tie k ranks below another: by strength, then pair luck, then identity."""
    below = (luck[k] < luck[other]) | ((luck[k] == luck[other]) & (names[k] < names[other]))
    return (strengths[k] < strengths[other]) | ((strengths[k] == strengths[other]) & below)


@kernel
def _weakest(strengths, luck, names):
    """Position of the lowest tie."""
    worst = 0
    for k in range(1, strengths.shape[0]):
        worst = k if _ranks_below(k, worst, strengths, luck, names) else worst
    return worst


@kernel
def _make_room(key, month, ids, i, asked, n_new, who, new_strength, contact, strength, keeps, given_up):
    """Person i, asked for more than there is room, keeps the highest ranks: refuses new ties, and writes the old ones given up."""
    old, n = n_ties(contact, i), n_ties(contact, i)
    strengths, names = np.empty(old + n_new, np.float32), np.empty(old + n_new, np.uint32)
    luck, new = np.empty(old + n_new), np.empty(old + n_new, np.int32)
    for k in range(old):
        strengths[k], names[k] = strength[i, k], ids[contact[i, k]]
    for e in asked:
        if keeps[e]:
            strengths[n], names[n], new[n] = new_strength[e], ids[who[e ^ 1]], e
            n += 1
    for k in range(n):
        luck[k] = uniform(key, TIE_RANK, month, min(ids[i], names[k]), max(ids[i], names[k]))
    for m in range(n - contact.shape[1]):
        k = _weakest(strengths, luck, names)
        strengths[k] = np.inf  # out of the running
        if k < old:
            given_up[asked[m]] = contact[i, k]
        else:
            keeps[new[k]] = False


@kernel
def _rank(
    lo, hi, key, month, people, start, entries, who, new_kind, new_strength, ids, contact, strength, kind, keeps, given_up,
):  # fmt: skip
    """Each of ``people`` renews old ties, and of old and new keeps what the row has slots for."""
    for r in range(lo, hi):
        i = people[r]
        asked = entries[start[i] : start[i + 1]]
        n = _renew(i, asked, who, new_kind, new_strength, contact, strength, kind, keeps)
        if n_ties(contact, i) + n > contact.shape[1]:
            _make_room(key, month, ids, i, asked, n, who, new_strength, contact, strength, keeps, given_up)


@kernel
def _agree(who, keeps, given_up, contact, strength, kind):
    """A tie lives if both keep it: returns new ties that do, and old ones that do not and are removed."""
    formed, lost = 0, 0
    for e in range(0, who.shape[0], 2):
        keeps[e] = keeps[e + 1] = keeps[e] & keeps[e + 1]
        formed += keeps[e]
    for e in range(who.shape[0]):
        if given_up[e] >= 0:
            lost += untie(contact, strength, kind, who[e], given_up[e])
    return formed, lost


@kernel
def _list_new(lo, hi, people, start, entries, who, new_kind, new_strength, keeps, ids, contact, strength, kind):
    """List the new contacts of each of ``people``."""
    for r in range(lo, hi):
        i = people[r]
        for e in entries[start[i] : start[i + 1]]:
            if keeps[e]:
                put(contact, strength, kind, ids, i, who[e ^ 1], new_strength[e], new_kind[e])


def settle(
    key: np.uint64,
    month: int,
    people: People,
    ties: Ties,
    rows_i: np.ndarray,
    rows_j: np.ndarray,
    kind: np.ndarray,
    strength: np.ndarray,
) -> tuple[int, int]:
    """Settle all proposals of a month.

    Parameters
    ----------
    rows_i, rows_j : array of int
        The two people of each proposal; pairs named twice, in either order, are merged, a person and itself is ignored, and
        so are people not in town yet or gone for good.
    kind, strength : array
        Kind of tie proposed (columns.KIN_FRIEND ...) and its strength 0..1. A pair already tied keeps the greater strength.

    Returns
    -------
    tuple of int
        Ties formed, and old ties given up for them.
    """
    who, new_kind, new_strength, *asked = _asks(rows_i, rows_j, kind, strength, people.residence)
    new, table = (who, new_kind, new_strength), (ties.contact, ties.strength, ties.kind)
    keeps, given_up = np.zeros(len(who), np.bool_), np.full(len(who), -1, np.int32)
    over_rows(_rank, len(asked[0]), key, month, *asked, *new, people.id, *table, keeps, given_up)
    formed, lost = _agree(who, keeps, given_up, *table)
    over_rows(_list_new, len(asked[0]), *asked, *new, keeps, people.id, *table)
    return formed, lost
