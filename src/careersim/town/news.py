"""News of vacancies: what people in work hear, whom they tell, and what is told to a seeker.

Each teller tells one contact and writes only the own row; each seeker then looks whether a contact told. No step depends
on the order of people. The theory variant passes on own, non-rival posts (Calvo-Armengol and Jackson 2004).
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.town.adverts import post_of, seat_of
from careersim.town.settings import low_unit, luck_towards, luck_word

NOT_LOOKING, LOOKING_OUT_OF_WORK, LOOKING_IN_WORK = 0, 1, 2
"""Codes of ``people.seeking``."""
NOTHING, SEVERAL = -1, -2
"""What is heard at a post besides the one post of the employer that has a vacancy: that there is none, or several."""


@inlined
def _weight(strength, kappa):
    """``strength ** kappa``, without the power in the two common cases."""
    if kappa == 0.0:
        return 1.0
    if kappa == 1.0:
        return float(strength)
    return float(strength) ** kappa


@kernel
def _keep_who_hear(rows, key, decision, month, rate, ids):
    """Move those of ``rows`` who hear of something this month to the front, and return them."""
    luck, n = chance.uniforms(key, decision, month, ids[rows]), 0
    for r in range(rows.shape[0]):
        rows[n] = rows[r]
        n += luck[r] < rate
    return rows[:n]


@kernel
def _contacts_who_look(tellers, most_seeking, seeking, contact):
    """Rows and slots of the contacts of each teller who are looking: teller t's are those from ``first[t]`` to ``first[t + 1]``."""
    looks = np.zeros(seeking.shape[0] + 1, np.uint8)  # the last is for free slots, which are -1
    for i in range(seeking.shape[0]):
        looks[i] = (seeking[i] != NOT_LOOKING) & (seeking[i] <= most_seeking)
    room, n = (tellers.shape[0] + 1) * contact.shape[1], 0
    first, rows, slots = np.empty(tellers.shape[0] + 1, np.int64), np.empty(room, np.int32), np.empty(room, np.int16)
    for t in range(tellers.shape[0]):
        first[t] = n
        for k in range(contact.shape[1]):
            i = contact[tellers[t], k]
            rows[n], slots[n] = i, k
            n += looks[i]
    first[tellers.shape[0]] = n
    return first, rows[:n], slots[:n]


@kernel
def _lucks_of_pairs(key, month, tellers, first, listeners, ids):
    """Luck of each teller with each contact who is looking."""
    who, whom, luck = ids[listeners], ids[listeners], np.empty(listeners.shape[0])
    for t in range(tellers.shape[0]):
        who[first[t] : first[t + 1]] = ids[tellers[t]]
    for c in range(listeners.shape[0]):
        luck[c] = chance.uniform(key, chance.PASSED_ON, month, who[c], whom[c])
    return luck


@kernel
def _choose_contacts(key, month, kappa, most_seeking, tellers, ids, seeking, contact, strength):
    """Contact of each teller who is looking, drawn in proportion to strength^kappa; -1 if none."""
    first, listeners, slots = _contacts_who_look(tellers, most_seeking, seeking, contact)
    luck = _lucks_of_pairs(key, month, tellers, first, listeners, ids)
    chosen = np.empty(tellers.shape[0], np.int32)
    for t in range(tellers.shape[0]):
        best, chosen[t] = math.inf, -1
        for c in range(first[t], first[t + 1]):
            weight = _weight(strength[tellers[t], slots[c]], kappa)
            if weight <= 0.0 or 1.0 - luck[c] > best * weight:  # -ln u is never less than 1 - u
                continue
            i, wait = listeners[c], -math.log(luck[c]) / weight
            if wait < best or (wait == best and ids[i] < ids[chosen[t]]):
                best, chosen[t] = wait, i
    return chosen


@kernel
def _choose_vacancies(key, month, tellers, ids, post, employer, first_open, open_posts, vacancies, told_post):
    """Write which post at their employer each teller tells of, drawn in proportion to vacancies."""
    words = np.empty(tellers.shape[0], np.uint64)
    for t in range(tellers.shape[0]):
        words[t] = luck_word(key, chance.TIP_CHOICE, month, ids[tellers[t]], 0)
    for t in range(tellers.shape[0]):
        f, best = employer[post[tellers[t]]], math.inf
        for c in range(first_open[f], first_open[f + 1]):
            p = open_posts[c]
            luck = low_unit(luck_towards(words[t], p))
            if 1.0 - luck > best * vacancies[p]:  # -ln u is never less than 1 - u
                continue
            wait = -math.log(luck) / vacancies[p]
            if wait < best:
                best, told_post[tellers[t]] = wait, p


@kernel
def news_of_posts(first_post, n_posts, vacancies):
    """Say for each post which one post of its employer has vacancies (`NOTHING` if none, `SEVERAL` if more than one).

    Also returns the posts with vacancies of all employers: those of employer f are ``open_posts[first_open[f] : first_open[f + 1]]``.
    """
    news = np.full(vacancies.shape[0], NOTHING, np.int32)
    first_open, open_posts, n = np.zeros(first_post.shape[0] + 1, np.int64), np.empty(vacancies.shape[0], np.int32), 0
    for f in range(first_post.shape[0]):
        own = range(first_post[f], first_post[f] + n_posts[f])
        for p in own:
            open_posts[n] = p
            n += vacancies[p] > 0
        first_open[f + 1] = n
        if n > first_open[f]:
            for p in own:
                news[p] = open_posts[n - 1] if n == first_open[f] + 1 else SEVERAL
    return news, first_open, open_posts[:n]


@kernel
def pass_on_news(
    lo, hi, key, month, hear_rate, kappa, ids, post, seeking, contact, strength, employer, vacancies, news, first_open,
    open_posts, told_whom, told_post,
):  # fmt: skip
    """Write whom each person in work tells (-1 nobody) and of which post."""
    rows, n = np.empty(hi - lo, np.int64), 0
    for j in range(lo, hi):
        told_whom[j] = -1
        rows[n] = j
        n += (post[j] >= 0) & (news[max(post[j], 0)] != NOTHING)
    tellers = _keep_who_hear(rows[:n], key, chance.HEARD, month, hear_rate, ids)
    chosen = _choose_contacts(key, month, kappa, LOOKING_IN_WORK, tellers, ids, seeking, contact, strength)
    several, n = np.empty(tellers.shape[0], np.int64), 0
    for t in range(tellers.shape[0]):
        j = tellers[t]
        told_whom[j], told_post[j] = chosen[t], news[post[j]]
        several[n] = j
        n += (chosen[t] >= 0) & (told_post[j] == SEVERAL)
    _choose_vacancies(
        key, month, several[:n], ids, post, employer, first_open, open_posts, vacancies, told_post
    )  # fmt: skip


@kernel
def pass_on_own_news(
    lo, hi, key, month, news_rate, kappa, ids, post, seeking, contact, strength, told_whom, told_post
):  # fmt: skip
    """Theory variant: write who hears of an own post; told_whom[j] = j if j takes it."""
    told_whom[lo:hi] = -1
    hearers = _keep_who_hear(np.arange(np.int64(lo), np.int64(hi)), key, chance.NEWS, month, news_rate, ids)
    tellers, n = np.empty(hearers.shape[0], np.int64), 0
    for h in range(hearers.shape[0]):
        j = hearers[h]
        tellers[n] = j
        n += post[j] >= 0
        if post[j] < 0 and seeking[j] == LOOKING_OUT_OF_WORK:
            told_whom[j] = j
    tellers = tellers[:n]
    told_post[tellers] = post[tellers]
    told_whom[tellers] = _choose_contacts(
        key, month, kappa, LOOKING_OUT_OF_WORK, tellers, ids, seeking, contact, strength
    )  # fmt: skip


@kernel
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


@kernel
def hear_tips(rows, ids, contact, strength, told_whom, told_post, seen, n_seen, told_by):
    """Add the posts that contacts told each of ``rows`` of; of two who told of the same the stronger tie counts, then identity.

    What reader r knows of is ``seen[r, :n_seen[r]]``; ``told_by`` is written: who told of it, -1 nobody. The last entry of
    ``told_whom`` is -1: it is what a free slot points at.
    """
    told_strength, slots = np.empty(seen.shape[1], strength.dtype), np.empty(contact.shape[1], np.int64)
    for r in range(rows.shape[0]):
        i, n = rows[r], 0
        for k in range(contact.shape[1]):
            slots[n] = k
            n += told_whom[contact[i, k]] == i
        told_by[r, :] = -1
        for t in range(n):
            j, tie = contact[i, slots[t]], strength[i, slots[t]]
            c = 0
            while c < n_seen[r] and seen[r, c] != told_post[j]:
                c += 1
            if c == n_seen[r]:
                seen[r, c] = told_post[j]
                n_seen[r] += 1
            other = told_by[r, c]
            if other < 0 or tie > told_strength[c] or (tie == told_strength[c] and ids[j] < ids[other]):
                told_by[r, c], told_strength[c] = j, tie
