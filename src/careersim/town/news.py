"""News of vacancies: what people in work hear, whom they tell, and what is told to a seeker.

Each teller tells one contact and writes only the own row; each seeker then looks whether a contact told. No step depends
on the order of people. The theory variant passes on own, non-rival posts (Calvo-Armengol and Jackson 2004).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from careersim import chance
from careersim.town.adverts import post_of, seat_of
from careersim.town.settings import low_unit, luck_towards, luck_word

NOT_LOOKING, LOOKING_OUT_OF_WORK, LOOKING_IN_WORK = 0, 1, 2
"""Codes of ``people.seeking``."""
NOTHING, SEVERAL = -1, -2
"""What is heard at a post besides the one post of the employer that has a vacancy: that there is none, or several."""


@njit(cache=True, nogil=True, inline="always")
def _weight(strength, kappa):
    """``strength ** kappa``, without the power in the two common cases."""
    if kappa == 0.0:
        return 1.0
    if kappa == 1.0:
        return float(strength)
    return float(strength) ** kappa


@njit(cache=True, nogil=True)
def _looking(j, most_seeking, seeking, contact, slots):
    """Write the slots of those contacts of ``j`` who are looking; return how many (no branches: they would cost more)."""
    n = 0
    for k in range(contact.shape[1]):
        i = contact[j, k]
        looks = seeking[max(i, 0)]
        slots[n] = k
        n += (i >= 0) & (looks != NOT_LOOKING) & (looks <= most_seeking)
    return n


@njit(cache=True, nogil=True)
def _choose_contact(key, month, kappa, most_seeking, j, ids, seeking, contact, strength, slots):
    """Contact of ``j`` who is looking, drawn in proportion to strength^kappa; -1 if none. ``slots`` is scratch."""
    best, chosen = math.inf, -1
    n = _looking(j, most_seeking, seeking, contact, slots)
    for c in range(n):
        i, weight = contact[j, slots[c]], _weight(strength[j, slots[c]], kappa)
        if weight <= 0.0:
            continue
        if n == 1:
            return i
        wait = -math.log(chance.uniform(key, chance.PASSED_ON, month, ids[j], ids[i])) / weight
        if wait < best or (wait == best and ids[i] < ids[chosen]):
            best, chosen = wait, i
    return chosen


@njit(cache=True, nogil=True)
def _choose_vacancy(key, month, person, first, n, vacancies):
    """Post among ``first .. first + n - 1``, drawn in proportion to vacancies; -1 if there are none."""
    best, chosen = math.inf, -1
    word = luck_word(key, chance.TIP_CHOICE, month, person, 0)
    for p in range(first, first + n):
        if vacancies[p] > 0:
            wait = -math.log(low_unit(luck_towards(word, p))) / vacancies[p]
            if wait < best:
                best, chosen = wait, p
    return chosen


@njit(cache=True, nogil=True)
def mark_news(first_post, n_posts, vacancies, news):
    """Write for each post which one post of its employer has vacancies (`NOTHING` if none, `SEVERAL` if more than one)."""
    for f in range(first_post.shape[0]):
        heard = NOTHING
        for p in range(first_post[f], first_post[f] + n_posts[f]):
            if vacancies[p] > 0:
                heard = p if heard == NOTHING else SEVERAL
        for p in range(first_post[f], first_post[f] + n_posts[f]):
            news[p] = heard


@njit(cache=True, nogil=True)
def pass_on_news(
    lo, hi, key, month, hear_rate, kappa, ids, post, seeking, contact, strength, news, employer, first_post, n_posts,
    vacancies, told_whom, told_post,
):  # fmt: skip
    """Write whom each person in work tells (-1 nobody) and of which post."""
    luck = chance.uniforms(key, chance.HEARD, month, ids[lo:hi])
    hearers, n = np.empty(hi - lo, np.int32), 0
    for j in range(lo, hi):
        told_whom[j] = -1
        hearers[n] = j
        n += (post[j] >= 0) & (news[max(post[j], 0)] != NOTHING) & (luck[j - lo] < hear_rate)
    slots = np.empty(contact.shape[1], np.int64)
    for h in range(n):
        j = hearers[h]
        i = _choose_contact(key, month, kappa, LOOKING_IN_WORK, j, ids, seeking, contact, strength, slots)
        if i >= 0:
            told_whom[j], told_post[j] = i, news[post[j]]
            if told_post[j] == SEVERAL:
                f = employer[post[j]]
                told_post[j] = _choose_vacancy(key, month, ids[j], first_post[f], n_posts[f], vacancies)


@njit(cache=True, nogil=True)
def pass_on_own_news(
    lo, hi, key, month, news_rate, kappa, ids, post, seeking, contact, strength, told_whom, told_post
):  # fmt: skip
    """Theory variant: write who hears of an own post; told_whom[j] = j if j takes it."""
    luck = chance.uniforms(key, chance.NEWS, month, ids[lo:hi])
    hearers, n = np.empty(hi - lo, np.int32), 0
    for j in range(lo, hi):
        told_whom[j] = -1
        hearers[n] = j
        n += luck[j - lo] < news_rate
    slots = np.empty(contact.shape[1], np.int64)
    for h in range(n):
        j = hearers[h]
        if post[j] >= 0:
            told_post[j] = post[j]
            told_whom[j] = _choose_contact(
                key, month, kappa, LOOKING_OUT_OF_WORK, j, ids, seeking, contact, strength, slots
            )
        elif seeking[j] == LOOKING_OUT_OF_WORK:
            told_whom[j] = j


@njit(cache=True, nogil=True)
def take_own_news(lo, hi, key, month, seekers, ids, seeking, contact, told_whom, told_post, first_seat, taken, told_by):
    """Theory variant: write the post that each seeker out of work takes (-1 none) and who told (-1: own news)."""
    for s in range(lo, hi):
        i = seekers[s]
        taken[s], told_by[s] = -1, -1
        if seeking[i] != LOOKING_OUT_OF_WORK:
            continue
        if told_whom[i] == i and first_seat[-1] > 0:
            word = chance.block(key, chance.NEWS, month, ids[i], 0, 1)[0]
            taken[s] = post_of(seat_of(word, first_seat[-1]), first_seat)
            continue
        best = 0.0
        for k in range(contact.shape[1]):
            j = contact[i, k]
            if j >= 0 and told_whom[j] == i:
                luck = chance.pair_luck(key, chance.TIP_CHOICE, month, ids[i], ids[j])
                if luck > best:
                    best, taken[s], told_by[s] = luck, told_post[j], j


@njit(cache=True, nogil=True)
def hear_tips(i, ids, contact, strength, told_whom, told_post, seen, n_seen, told_by, told_strength):
    """Add the posts that contacts told ``i`` of; of two who told of the same the stronger tie counts, then identity."""
    for c in range(n_seen):
        told_by[c] = -1
    for k in range(contact.shape[1]):
        j = contact[i, k]
        if j < 0 or told_whom[j] != i:
            continue
        c = 0
        while c < n_seen and seen[c] != told_post[j]:
            c += 1
        if c == n_seen:
            seen[c], told_by[c] = told_post[j], -1
            n_seen += 1
        other = told_by[c]
        nearer = other < 0 or strength[i, k] > told_strength[c]
        if nearer or (strength[i, k] == told_strength[c] and ids[j] < ids[other]):
            told_by[c], told_strength[c] = j, strength[i, k]
    return n_seen
