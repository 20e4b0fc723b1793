"""Kernels of the levers that need more than a line of arithmetic a person."""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.town.columns import HERE, STUDENT
from careersim.town.sums import FRACTION, fixed
from careersim.town.tie_rows import slot_of


@kernel
def move_scale(rows, steps, column):
    """Move a 0..1 ``column`` by ``steps``, less beyond the middle of the scale."""
    for r in range(rows.shape[0]):
        old = np.float64(column[rows[r]])
        room = 1.0 - old if steps[r] > 0.0 else old
        column[rows[r]] = min(max(old + steps[r] * min(1.0, 2.0 * room), 0.0), 1.0)


@kernel
def share_covered(pace, quality):
    """Share of a distance that each covers at ``pace`` times ``quality``: from none to all of it."""
    out = np.empty(quality.shape[0])
    for r in range(quality.shape[0]):
        out[r] = min(max(pace * quality[r], 0.0), 1.0)
    return out


@kernel
def move_up(rows, share, column):
    """Move a 0..1 ``column`` a ``share`` of the distance toward 1."""
    for r in range(rows.shape[0]):
        old = np.float64(column[rows[r]])
        column[rows[r]] = old + share[r] * (1.0 - old)


@kernel
def move_toward(rows, share, target, table):
    """Move the rows of a table a ``share`` of the distance toward ``target``."""
    for r in range(rows.shape[0]):
        for k in range(target.shape[0]):
            old = np.float64(table[rows[r], k])
            table[rows[r], k] = old + share[r] * (target[k] - old)


@kernel
def within_reach(stage, qualification, subject, required, stem):
    """Whether an occupation can be suggested: the young may still gain what it requires."""
    return stage <= STUDENT or (required <= qualification and (stem == 0 or subject == 1))


@kernel
def suggest(
    rows,
    chances,
    only,
    noise,
    key,
    month,
    slot,
    first_draw,
    ids,
    stage,
    qualification,
    subject,
    interests,
    riasec,
    required,
    stem,
    considered,
):
    """With chance ``chances`` add to ``considered`` the best-looking occupation of ``only`` within reach."""
    for r in range(rows.shape[0]):
        i = rows[r]
        if chance.uniform(key, chance.CONTENT, month, ids[i], slot, first_draw) >= chances[r]:
            continue
        best, best_score = -1, -np.inf
        for o in range(riasec.shape[0]):
            bit = np.uint32(1 << o)
            if considered[i] & bit or not only[r] & bit:
                continue
            if not within_reach(stage[i], qualification[i], subject[i], required[o], stem[o]):
                continue
            score = noise * chance.uniform(key, chance.CONTENT, month, ids[i], slot, first_draw + 1 + o)
            for d in range(interests.shape[1]):
                score += interests[i, d] * riasec[o, d]
            if score > best_score:
                best, best_score = o, score
        if best >= 0:
            considered[i] = np.uint32(considered[i] | np.uint32(1 << best))


@kernel
def strengthen(rows, gain, residence, wanted, contact, strength):
    """Strengthen ties of ``rows`` to people living in ``wanted``: 1 - s falls by the factor (1 - gain) of either side."""
    for r in range(rows.shape[0]):
        i = rows[r]
        for k in range(contact.shape[1] if gain[i] > 0.0 else 0):
            j = contact[i, k]
            if j < 0 or residence[j] != wanted:
                continue
            if gain[j] > 0.0 and j < i:  # both are served: done once, from the other side
                continue
            new = 1.0 - (1.0 - strength[i, k]) * ((1.0 - gain[i]) * (1.0 - gain[j]))
            strength[i, k] = new
            back = slot_of(contact, j, i)
            if back >= 0:
                strength[j, back] = new


@kernel
def tell(share, residence, contact, strength, before, belief):
    """Move each resident's ``belief`` toward the mean of the contacts who tell (``share`` > 0), as these believed ``before``."""
    told = np.empty(belief.shape[1], np.int64)
    for j in range(contact.shape[0]):
        if residence[j] != HERE:
            continue
        weights, kept = 0, 0
        told[:] = 0
        for k in range(contact.shape[1]):
            i = contact[j, k]
            if i < 0 or share[i] <= 0.0 or residence[i] != HERE:
                continue
            weight = share[i] * strength[j, k]
            weights += fixed(weight, FRACTION)
            kept += fixed(-math.log1p(-min(weight, 0.999)), FRACTION)
            for o in range(told.shape[0]):
                told[o] += fixed(weight * before[i, o], FRACTION)
        if weights > 0:
            covered = 1.0 - math.exp(-kept / FRACTION)
            for o in range(told.shape[0]):
                belief[j, o] += covered * (told[o] / weights - belief[j, o])


@kernel
def likest(i, only, interests, riasec):
    """Occupation of the bit set ``only`` whose Holland profile is most like the interests of ``i``; -1 if the set is empty."""
    best, best_score = -1, -1.0
    for o in range(riasec.shape[0]):
        if only & np.uint32(1 << o):
            score = 0.0
            for d in range(interests.shape[1]):
                score += interests[i, d] * riasec[o, d]
            if score > best_score:
                best, best_score = o, score
    return best


@kernel
def tell_of_occupations(
    rows, chances, only, key, month, slot, ids, residence, stage, interests, contact, strength, riasec, before, considered
):  # fmt: skip
    """Let each of ``rows`` tell contacts at school or in study of the occupation that suits these best, among those considered."""
    for r in range(rows.shape[0]):
        i = rows[r]
        for k in range(contact.shape[1]):
            j = contact[i, k]
            if j < 0 or residence[j] != HERE or stage[j] > STUDENT:
                continue
            if chance.uniform(key, chance.COACHING, month, ids[i], ids[j], slot) >= chances[r] * strength[i, k]:
                continue
            o = likest(j, before[i] & only & ~before[j], interests, riasec)
            if o >= 0:
                considered[j] = np.uint32(considered[j] | np.uint32(1 << o))
