"""Keeping the table of ties symmetric: adding, removing, and settling a month's proposals.

A row holds a person's ties in its first slots, sorted by the identity of the contact: what is summed over slots is then the
same for any order of the people's rows.

Proposals are settled in one round (model.md 6.9). Each person ranks old ties and new ones by (strength, pair luck) and keeps
as many as the row has slots; a tie lives if both keep it.
"""

from __future__ import annotations

import numpy as np

from careersim.chance import TIE_RANK, pair_luck
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
    lost = 0
    for i in range(residence.shape[0]):
        while residence[i] == GONE and contact[i, 0] >= 0:
            lost += untie(contact, strength, kind, i, contact[i, 0])
    return lost


def remove_gone(residence: np.ndarray, ties: Ties) -> int:
    """Remove all ties of people who have left for good; returns how many."""
    return _untie_gone(residence, ties.contact, ties.strength, ties.kind)


@kernel
def _by_pair(low, high, n_people):
    """Order of pairs by the smaller row, then the other (two counting sorts)."""
    by_high = members_by(high, n_people)[1]
    return by_high[members_by(low[by_high], n_people)[1]]


@inlined
def _may_be_tied(residence):
    """Whether a person has entered town, and has not gone for good."""
    return (residence != NOT_YET) & (residence != GONE)


@kernel
def _pairs_of(rows_i, rows_j, kind, strength, residence):
    """Pairs proposed, the smaller row first, without those of a person with itself or with people not in town yet or gone for good."""
    n = 0
    low, high = np.empty(rows_i.shape[0], np.int32), np.empty(rows_i.shape[0], np.int32)
    pair_kind, pair_strength = np.empty(rows_i.shape[0], np.int8), np.empty(rows_i.shape[0], np.float32)
    for e in range(rows_i.shape[0]):
        i, j = min(rows_i[e], rows_j[e]), max(rows_i[e], rows_j[e])
        low[n], high[n], pair_kind[n], pair_strength[n] = i, j, kind[e], strength[e]
        n += (i != j) & _may_be_tied(residence[i]) & _may_be_tied(residence[j])
    return low[:n], high[:n], pair_kind[:n], pair_strength[:n]


@kernel
def _merge_same(low, high, kind, strength, n_people):
    """Merge proposals of the same pair: the greatest strength, the closest kind; returns the pairs left, in order."""
    m = 0
    out = (np.empty_like(low), np.empty_like(low), np.empty_like(kind), np.empty_like(strength))
    for e in _by_pair(low, high, n_people):
        if m > 0 and out[0][m - 1] == low[e] and out[1][m - 1] == high[e]:
            out[2][m - 1] = min(out[2][m - 1], kind[e])
            out[3][m - 1] = max(out[3][m - 1], strength[e])
        else:
            out[0][m], out[1][m], out[2][m], out[3][m] = low[e], high[e], kind[e], strength[e]
            m += 1
    return out[0][:m], out[1][:m], out[2][:m], out[3][:m]


@kernel
def _renew_present(lo, hi, low, high, new_kind, new_strength, contact, strength, kind, is_new):
    """Proposals between people already tied: the greater strength, friendship if proposed; writes which pairs are new."""
    for e in range(lo, hi):
        is_new[e] = True
        for i, j in ((low[e], high[e]), (high[e], low[e])):
            k = slot_of(contact, i, j)
            if k >= 0:
                is_new[e] = False
                strength[i, k] = max(strength[i, k], new_strength[e])
                if new_kind[e] == KIN_FRIEND:
                    kind[i, k] = KIN_FRIEND


@kernel
def _ranks_below(key, month, ids, i, j, s, j_other, s_other):
    """Whether i's tie to j ranks below that to another: by strength, then pair luck, then identity."""
    below = s < s_other
    if s == s_other:
        u = pair_luck(key, TIE_RANK, month, ids[i], ids[j])
        u_other = pair_luck(key, TIE_RANK, month, ids[i], ids[j_other])
        below = u < u_other or (u == u_other and ids[j] < ids[j_other])
    return below


@kernel
def _weakest(key, month, ids, i, contacts, strengths, struck):
    """Position of the lowest tie among those not struck yet."""
    worst = -1
    for k in range(contacts.shape[0]):
        if struck[k] or (worst >= 0 and strengths[k] > strengths[worst]):
            continue
        if worst < 0 or _ranks_below(key, month, ids, i, contacts[k], strengths[k], contacts[worst], strengths[worst]):
            worst = k
    return worst


@kernel
def _times_asked(n_people, low, high):
    """New ties asked of each person."""
    asked = np.zeros(n_people, np.int32)
    for e in range(low.shape[0]):
        asked[low[e]] += 1
        asked[high[e]] += 1
    return asked


@kernel
def _have_room(lo, hi, low, high, asked, contact, room):
    """Write whether each of the pairs lo..hi-1 has slots for all that is asked of the one, and of the other."""
    for e in range(lo, hi):
        room[e, 0] = asked[low[e]] + n_ties(contact, low[e]) <= contact.shape[1]
        room[e, 1] = asked[high[e]] + n_ties(contact, high[e]) <= contact.shape[1]


@kernel
def _asked_of(asked, full, low, high):
    """New pairs by over-full person: pairs of i are ``pairs[start[i]:start[i] + asked[i]]``."""
    start, total = np.empty(asked.shape[0], np.int64), 0
    for i in full:
        start[i] = total
        total += asked[i]
    pairs, found = np.empty(total, np.int64), np.zeros(asked.shape[0], np.int32)
    for e in range(low.shape[0]):
        for i in (low[e], high[e]):
            if asked[i] > 0:
                pairs[start[i] + found[i]] = e
                found[i] += 1
    return start, pairs


@kernel
def _rank_own(key, month, ids, i, pairs, low, high, new_strength, contact, strength, refused, given_up):
    """Person i keeps the highest ranks; marks refused proposals and writes the contacts of old ties given up (-1 kept)."""
    old = n_ties(contact, i)
    total = old + pairs.shape[0]
    contacts = np.empty(total, np.int32)
    strengths = np.empty(total, np.float32)
    contacts[:old], strengths[:old] = contact[i, :old], strength[i, :old]
    for q in range(pairs.shape[0]):
        e = pairs[q]
        contacts[old + q] = high[e] if low[e] == i else low[e]
        strengths[old + q] = new_strength[e]
    struck = np.zeros(total, np.bool_)
    for _ in range(total - contact.shape[1]):
        struck[_weakest(key, month, ids, i, contacts, strengths, struck)] = True
    for q in range(pairs.shape[0]):
        if struck[old + q]:
            refused[pairs[q]] = True
    for k in range(old):
        given_up[k] = contacts[k] if struck[k] else -1


@kernel
def _make_room(key, month, ids, low, high, new_strength, asked, room, contact, strength, kind, refused):
    """Let the over-full rank old ties and new, all at once: marks refused proposals; returns old ties given up."""
    for e in range(low.shape[0]):
        if room[e, 0]:
            asked[low[e]] = 0
        if room[e, 1]:
            asked[high[e]] = 0
    full = np.flatnonzero(asked)
    start, pairs = _asked_of(asked, full, low, high)
    given_up = np.full((full.shape[0], contact.shape[1]), -1, np.int32)
    for q in range(full.shape[0]):
        i = full[q]
        own = pairs[start[i] : start[i] + asked[i]]
        _rank_own(key, month, ids, i, own, low, high, new_strength, contact, strength, refused, given_up[q])
    lost = 0
    for q in range(full.shape[0]):
        for j in given_up[q]:
            if j >= 0:
                lost += untie(contact, strength, kind, full[q], j)
    return lost


@kernel
def _list_new(lo, hi, one, other, new_kind, new_strength, ids, contact, strength, kind):
    """List the new contacts ``other`` of the people ``one`` (sorted) among rows lo..hi-1."""
    for e in range(np.searchsorted(one, lo), np.searchsorted(one, hi)):
        put(contact, strength, kind, ids, one[e], other[e], new_strength[e], new_kind[e])


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
    low, high, kind, strength = _pairs_of(rows_i, rows_j, kind, strength, people.residence)
    pairs = _merge_same(low, high, kind, strength, len(people))
    is_new = np.empty(len(pairs[0]), np.bool_)
    over_rows(_renew_present, len(is_new), *pairs, ties.contact, ties.strength, ties.kind, is_new)
    low, high, new_kind, new_strength = (column[is_new] for column in pairs)
    refused = np.zeros(len(low), np.bool_)
    table = ties.contact, ties.strength, ties.kind
    asked, room = _times_asked(len(people), low, high), np.empty((len(low), 2), np.bool_)
    over_rows(_have_room, len(low), low, high, asked, ties.contact, room)
    lost = _make_room(key, month, people.id, low, high, new_strength, asked, room, *table, refused)
    low, high, new_kind, new_strength = (column[~refused] for column in (low, high, new_kind, new_strength))
    over_rows(_list_new, len(people), low, high, new_kind, new_strength, people.id, *table)
    _, by_high = members_by(high, len(people))
    mirrored = (column[by_high] for column in (high, low, new_kind, new_strength))
    over_rows(_list_new, len(people), *mirrored, people.id, *table)
    return len(low), lost
