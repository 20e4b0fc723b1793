"""Learning (model.md 6.8): people take something from what happens to them and to those they know.

*Who and in what order.* (a) Everyone who applied this month; (b) everyone in work or out of it; (c) everyone living in
town; (d) a staggered share of them (``reflect_every``) looks at their contacts. Contacts are read as they were before the
phase, so the order of people does not matter.

*What.* Rates are per month; ``x -> y at r`` means ``x <- x + r (y - x)``.

1. Beliefs from own outcomes: for each application sent to an occupation, believed odds -> 1 if it was the one that
   brought the post, else 0, at ``own_rate``.
2. Refusal: who applied and got nothing loses the share ``morale_fall (1 - attribution)`` of morale (Weiner 1985: the
   more a setback is laid to oneself, the more it hurts).
3. Heart: morale -> base at ``morale_recovery``; -> 1 at ``morale_hire`` in the month of being hired. An unemployed person
   with morale below ``floor = min(morale_floor, base / 2)`` stops looking (reason DISCOURAGED), and looks again above
   ``floor + min(return_margin (tightness_ref / tightness)^return_elasticity, .9 (base - floor))``. So this part of inactivity
   moves with the market and with whatever lifts morale, and every discouraged person does return.
4. Practice: skill grows in work by ``skill_growth (peak - age) / (peak - 16)`` until the peak age (Mincer 1974: quadratic
   in logs), and -> ``skill_floor`` at ``skill_decay`` out of work and study; self_awareness -> 1 at ``awareness_rate`` in work.
5. Fading: career_skill -> its base unless used this month (searching), knows_elsewhere and community_weight -> their bases,
   attribution -> 1/2, with one half-life. Digital literacy, once learned, is kept.
6. Beliefs from contacts: -> mean outcome per application of the contacts who searched this month, by occupation, at
   ``1 - (1 - contact_rate)^n``; then -> typical odds of the place at ``information_rate . access . literacy``.
7. Horizon for action (Gottfredson 1981; Hodkinson and Sparkes 1997): an occupation enters `considered` at the rate
   ``consider_rate . Σ_j likeness_ij`` over the contacts j who hold it, likeness = weights of gender, origin half and ethnicity
   shared; one that no contact holds leaves at ``unseen_rate``; one's own is always considered.
8. Interests -> Holland profile of the post held at ``interest_rate``, kept at unit length (Holland 1997).
9. knows_elsewhere -> 1 at ``1 - (1 - elsewhere_rate)^n``, n = contacts who live elsewhere.

6-9 are done every ``reflect_every`` months with compounded rates.

*Sources*: Gottfredson (1981), Circumscription and compromise; Hodkinson and Sparkes (1997), Careership; Holland (1997), Making
vocational choices; Mincer (1974), Schooling, experience and earnings; Weiner (1985), An attributional theory of motivation.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from careersim.chance import CONSIDER, uniform4
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.learning import Learning
from careersim.town.columns import ACTIVE, DISCOURAGED, ELSEWHERE, HERE, N_OCCUPATIONS, RETIRED, WORKING
from careersim.town.sums import FRACTION, fixed
from careersim.town.threads import over_rows
from careersim.town.town import Town

LARGEST_SKILL = 8.0
"""Skill stops growing here (about four standard deviations above the median)."""
SMALLEST_TIGHTNESS = 0.01
"""Vacancies per unemployed below which a market counts as this slack."""

# what a contact shows, packed into 16 bits so that a look at a contact is one read
_TRAITS, _AWAY, _HOLDS, _NEWS = 7, 3, 4, 8


@njit(cache=True, nogil=True)
def judge_applications(
    month, own_rate, app_person, app_post, app_value, occupation, post, hired_month, odds_belief, sent, cared, news,
    news_odds,
):  # fmt: skip
    """Move believed odds by own outcomes (1), and note what each applicant has to tell.

    ``news`` is the occupation told about (-1 none): the one entered, or else the one most cared for; ``news_odds`` the
    outcome per application sent, in 2^-20. Refusals first, then the success: the same whatever the order of the table.
    """
    for a in range(app_person.shape[0]):
        i, p = app_person[a], app_post[a]
        sent[i] += 1
        if post[i] == p and hired_month[i] == month:
            continue
        o = occupation[p]
        odds_belief[i, o] *= 1.0 - own_rate
        if app_value[a] > cared[i] or (app_value[a] == cared[i] and o > news[i]):
            cared[i] = app_value[a]
            news[i] = o
    for a in range(app_person.shape[0]):
        i, p = app_person[a], app_post[a]
        if post[i] == p and hired_month[i] == month:
            o = occupation[p]
            odds_belief[i, o] += own_rate * (1.0 - odds_belief[i, o])
            news[i] = o
            news_odds[i] = fixed(1.0 / sent[i], FRACTION)


@njit(cache=True, nogil=True)
def take_refusals(rows, rejected, morale_fall, attribution, morale):
    """Lower the morale of those who applied and got nothing (2)."""
    for r in range(rows.shape[0]):
        if rejected[r]:
            i = rows[r]
            morale[i] *= 1.0 - morale_fall * (1.0 - attribution[i])


@njit(cache=True, nogil=True, inline="always")
def _floor_of(morale_floor, base):
    """Morale below which this person stops looking."""
    return min(morale_floor, 0.5 * base)


@njit(cache=True, nogil=True)
def keep_heart(
    lo, hi, month, recovery, hire_lift, morale_floor, margin, residence, stage, post, hired_month, morale_base,
    morale, reason,
):  # fmt: skip
    """Let morale recover and rise on hire; stop and resume looking (3)."""
    for i in range(lo, hi):
        if residence[i] != HERE:
            continue
        base = morale_base[i]
        m = morale[i] + recovery * (base - morale[i])
        if post[i] >= 0:
            if reason[i] == DISCOURAGED:
                reason[i] = ACTIVE
            if hired_month[i] == month:
                m += hire_lift * (1.0 - m)
        elif stage[i] == WORKING:
            floor = _floor_of(morale_floor, base)
            if reason[i] == ACTIVE and m < floor:
                reason[i] = DISCOURAGED
            elif reason[i] == DISCOURAGED and m >= floor + min(margin, 0.9 * (base - floor)):
                reason[i] = ACTIVE
        morale[i] = m


@njit(cache=True, nogil=True)
def practise(
    lo, hi, month, growth, peak_age, decay, floor, awareness_rate, residence, stage, post, birth_month, skill,
    self_awareness,
):  # fmt: skip
    """Let skill grow in work and decay out of it, and work show what one likes (4)."""
    slope = growth / ((peak_age - 16.0) * 12.0)
    for i in range(lo, hi):
        if residence[i] != HERE:
            continue
        s = skill[i]
        if post[i] >= 0:
            left = peak_age * 12.0 - (month - birth_month[i])
            if left > 0.0 and s < LARGEST_SKILL:
                skill[i] = s * (1.0 + slope * min(left, (peak_age - 16.0) * 12.0))
            self_awareness[i] += awareness_rate * (1.0 - self_awareness[i])
        elif stage[i] == WORKING and s > floor:
            skill[i] = s + decay * (floor - s)


@njit(cache=True, nogil=True)
def fade(
    lo, hi, rate, residence, seeking, career_skill_base, knows_elsewhere_base, community_weight_base, career_skill,
    knows_elsewhere, community_weight, attribution,
):  # fmt: skip
    """Let what services added fade toward the person's own level (5)."""
    for i in range(lo, hi):
        if residence[i] != HERE:
            continue
        if seeking[i] == 0:
            career_skill[i] += rate * (career_skill_base[i] - career_skill[i])
        knows_elsewhere[i] += rate * (knows_elsewhere_base[i] - knows_elsewhere[i])
        community_weight[i] += rate * (community_weight_base[i] - community_weight[i])
        attribution[i] += rate * (0.5 - attribution[i])


@njit(cache=True, nogil=True)
def show(lo, hi, residence, gender, ethnicity, origin, post, last_occupation, news, face):
    """Pack what others can see of a person: traits, whether away, occupation held, occupation told about."""
    for i in range(lo, hi):
        x = gender[i] | (ethnicity[i] << 1) | (np.int64(origin[i] >= 0.5) << 2)
        x |= np.int64(residence[i] == ELSEWHERE) << _AWAY
        if post[i] >= 0:
            x |= (last_occupation[i] + 1) << _HOLDS
        face[i] = x | (news[i] + 1) << _NEWS


@njit(cache=True, nogil=True)
def look_at_contacts(i, contact, face, news_odds, likeness, seen, told, told_n):
    """Count what the contacts of ``i`` hold (weighted by likeness) and tell; return how many live elsewhere, how many tell."""
    seen[:] = 0
    told[:] = 0
    told_n[:] = 0
    away, n_told = 0, 0
    mine = face[i]
    for k in range(contact.shape[1]):
        j = contact[i, k]
        if j < 0:
            continue
        x = face[j]
        away += (x >> _AWAY) & 1
        holds = (x >> _HOLDS) & 15
        if holds:
            seen[holds - 1] += likeness[(x ^ mine) & _TRAITS]
        tells = x >> _NEWS
        if tells:
            told[tells - 1] += news_odds[j]
            told_n[tells - 1] += 1
            n_told += 1
    return away, n_told


@njit(cache=True, nogil=True)
def believe_contacts(i, contact_rate, told, told_n, odds_belief):
    """Move believed odds toward the mean outcome that contacts tell of (6)."""
    for o in range(N_OCCUPATIONS):
        if told_n[o] > 0:
            weight = 1.0 - (1.0 - contact_rate) ** told_n[o]
            odds_belief[i, o] += weight * (told[o] / (FRACTION * told_n[o]) - odds_belief[i, o])


@njit(cache=True, nogil=True)
def believe_information(belief, rate, odds):
    """Move believed odds toward the typical odds of the place (6)."""
    for o in range(N_OCCUPATIONS):
        belief[o] += rate * (odds[o] - belief[o])


@njit(cache=True, nogil=True)
def draw_each(key, month, who, luck):
    """Write one luck for each occupation."""
    for block in range(3):
        a, b, c, d = uniform4(key, CONSIDER, month, who, 0, block)
        luck[4 * block], luck[4 * block + 1], luck[4 * block + 2], luck[4 * block + 3] = a, b, c, d


@njit(cache=True, nogil=True)
def widen_and_narrow(consider_rate, unseen_chance, own, seen, luck, considered):
    """Return the occupations considered after a look at who holds what (7)."""
    for o in range(N_OCCUPATIONS):
        bit = np.uint32(1) << np.uint32(o)
        if seen[o] > 0:
            expected = consider_rate * seen[o] / FRACTION
            # the first test is cheap, and implied by the second
            if luck[o] < expected and luck[o] < 1.0 - math.exp(-expected):
                considered |= bit
        elif luck[o] < unseen_chance:
            considered &= ~bit
    if own >= 0:
        considered |= np.uint32(1) << np.uint32(own)
    return considered


@njit(cache=True, nogil=True)
def grow_into(i, rate, profile, interests):
    """Move interests toward the profile of the post held, at unit length (8)."""
    length = 0.0
    for d in range(6):
        x = interests[i, d] + rate * (profile[d] - interests[i, d])
        interests[i, d] = x
        length += x * x
    if length > 0.0:
        for d in range(6):
            interests[i, d] /= math.sqrt(length)


@njit(cache=True, nogil=True)
def reflect(
    lo, hi, key, month, every, contact_rate, information_rate, consider_rate, unseen_chance, interest_rate,
    elsewhere_rate, likeness, odds, riasec, person, residence, stage, post, last_occupation, access, literacy,
    contact, face, news_odds, odds_belief, considered, interests, knows_elsewhere,
):  # fmt: skip
    """Let those whose turn it is look at their contacts and themselves (6-9)."""
    seen = np.zeros(N_OCCUPATIONS, np.int64)
    told = np.zeros(N_OCCUPATIONS, np.int64)
    told_n = np.zeros(N_OCCUPATIONS, np.int64)
    luck = np.empty(12)
    for i in range(lo, hi):
        if residence[i] != HERE or stage[i] == RETIRED or (np.int64(person[i]) + month) % every != 0:
            continue
        away, n_told = look_at_contacts(i, contact, face, news_odds, likeness, seen, told, told_n)
        if n_told:
            believe_contacts(i, contact_rate, told, told_n, odds_belief)
        believe_information(odds_belief[i], information_rate * access[i] * literacy[i], odds)
        own = last_occupation[i]
        draw_each(key, month, person[i], luck)
        considered[i] = widen_and_narrow(consider_rate, unseen_chance, own, seen, luck, considered[i])
        if post[i] >= 0 and interest_rate > 0.0:
            grow_into(i, interest_rate, riasec[own], interests)
        if away:
            knows_elsewhere[i] += (1.0 - (1.0 - elsewhere_rate) ** away) * (1.0 - knows_elsewhere[i])


def likeness_weights(p: Learning) -> np.ndarray:
    """Likeness in 2^-20 by which of gender (bit 0), ethnicity (1) and origin half (2) *differ*."""
    weights = (p.likeness_gender, p.likeness_ethnicity, p.likeness_origin)
    alike = [sum(w for bit, w in enumerate(weights) if not differ >> bit & 1) for differ in range(8)]
    return np.round(np.array(alike) * FRACTION).astype(np.int64)


def return_margin(p: Learning, tightness: float) -> float:
    """Morale above the floor at which the discouraged look again, at this tightness of the market."""
    return p.return_margin * (p.tightness_ref / max(tightness, SMALLEST_TIGHTNESS)) ** p.return_elasticity


def _compound(rate: float, months: int) -> float:
    return 1.0 - (1.0 - rate) ** months


def _learn_from_own(town: Town, p: Learning, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Do 1 and 2; return what each person tells: occupation (-1 none) and outcome per application in 2^-20."""
    w, t, n = town.people, town.tallies, len(town.people)
    news, news_odds = np.full(n, -1, np.int8), np.zeros(n, np.int32)
    if "app_person" in t:
        judge_applications(
            month, p.own_rate, t["app_person"], t["app_post"], t["app_value"], town.posts.occupation, w.post,
            w.hired_month, w.odds_belief, np.zeros(n, np.int32), np.full(n, -np.inf), news, news_odds,
        )  # fmt: skip
    if "rejected" in t:
        take_refusals(t["seeker_rows"], t["rejected"], p.morale_fall, w.attribution, w.morale)
    return news, news_odds


def step(town: Town, params: Parameters, month: int) -> None:
    """One month of learning for everybody in town."""
    p, w, n = params.learning, town.people, len(town.people)
    if not p.on:
        return
    news, news_odds = _learn_from_own(town, p, month)
    over_rows(
        keep_heart, n, month, p.morale_recovery, p.morale_hire, p.morale_floor,
        return_margin(p, town.aggregates.tightness), w.residence, w.stage, w.post, w.hired_month, w.morale_base,
        w.morale, w.reason,
    )  # fmt: skip
    over_rows(
        practise, n, month, p.skill_growth, p.skill_peak_age, p.skill_decay, p.skill_floor, p.awareness_rate,
        w.residence, w.stage, w.post, w.birth_month, w.skill, w.self_awareness,
    )  # fmt: skip
    over_rows(
        fade, n, 1.0 - 0.5 ** (1.0 / p.fade_half_life), w.residence, w.seeking, w.career_skill_base,
        w.knows_elsewhere_base, w.community_weight_base, w.career_skill, w.knows_elsewhere, w.community_weight,
        w.attribution,
    )  # fmt: skip
    face = np.empty(n, np.uint16)
    over_rows(show, n, w.residence, w.gender, w.ethnicity, w.origin, w.post, w.last_occupation, news, face)
    every = p.reflect_every
    over_rows(
        reflect, n, town.key, month, every, p.contact_rate, _compound(p.information_rate, every),
        p.consider_rate * every, _compound(p.unseen_rate, every), _compound(p.interest_rate, every),
        _compound(p.elsewhere_rate, every), likeness_weights(p), town.aggregates.odds, town.occupations.riasec,
        w.id, w.residence, w.stage, w.post, w.last_occupation, w.digital_access, w.digital_literacy,
        town.ties.contact, face, news_odds, w.odds_belief, w.considered, w.interests, w.knows_elsewhere,
    )  # fmt: skip
