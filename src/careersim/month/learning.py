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
from functools import cache

import numpy as np

from careersim.chance import CONSIDER, uniform4s
from careersim.kernels import inlined, kernel
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

BATCH = 64
"""People whose luck is drawn together."""

# what a contact shows, packed into 16 bits so that a look at a contact is one read
_TRAITS, _AWAY, _HOLDS, _NEWS = 7, 3, 4, 8


@kernel
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


@kernel
def take_refusals(rows, rejected, morale_fall, attribution, morale):
    """Lower the morale of those who applied and got nothing (2)."""
    for r in range(rows.shape[0]):
        if rejected[r]:
            i = rows[r]
            morale[i] *= 1.0 - morale_fall * (1.0 - attribution[i])


@inlined
def _floor_of(morale_floor, base):
    """Morale below which this person stops looking."""
    return min(morale_floor, 0.5 * base)


@inlined
def keep_heart(recovery, hire_lift, morale_floor, margin, works, hired_now, may_look, base, morale, reason):
    """Let morale recover and rise on hire; stop and resume looking (3). Returns morale and reason."""
    m = morale + recovery * (base - morale)
    if works:
        if reason == DISCOURAGED:
            reason = ACTIVE
        if hired_now:
            m += hire_lift * (1.0 - m)
    elif may_look:
        floor = _floor_of(morale_floor, base)
        if reason == ACTIVE and m < floor:
            reason = DISCOURAGED
        elif reason == DISCOURAGED and m >= floor + min(margin, 0.9 * (base - floor)):
            reason = ACTIVE
    return m, reason


@inlined
def practise(slope, peak_months, decay, floor, works, may_look, months_old, skill):
    """Let skill grow in work up to the peak age, and decay out of work (4). Returns skill."""
    if works:
        left = peak_months - months_old
        if left > 0.0 and skill < LARGEST_SKILL:
            return skill * (1.0 + slope * min(left, peak_months - 16.0 * 12.0))
    elif may_look and skill > floor:
        return skill + decay * (floor - skill)
    return np.float64(skill)


@kernel
def live_on(
    lo, hi, month, heart, practice, awareness_rate, fade_rate, residence, stage, post, hired_month, birth_month, seeking,
    morale_base, morale, reason, skill, self_awareness, career_skill_base, knows_elsewhere_base,
    community_weight_base, career_skill, knows_elsewhere, community_weight, attribution,
):  # fmt: skip
    """What a month does to everybody in town: heart, practice and fading (3-5), in one pass over people."""
    recovery, hire_lift, morale_floor, margin = heart
    growth, peak_age, decay, floor = practice
    peak_months = peak_age * 12.0
    slope = growth / ((peak_age - 16.0) * 12.0)
    for i in range(lo, hi):
        if residence[i] != HERE:
            continue
        works, may_look = post[i] >= 0, stage[i] == WORKING
        morale[i], reason[i] = keep_heart(recovery, hire_lift, morale_floor, margin, works, hired_month[i] == month,
                                          may_look, morale_base[i], morale[i], reason[i])  # fmt: skip
        skill[i] = practise(slope, peak_months, decay, floor, works, may_look, month - birth_month[i], skill[i])
        if works:
            self_awareness[i] += awareness_rate * (1.0 - self_awareness[i])
        if seeking[i] == 0:
            career_skill[i] += fade_rate * (career_skill_base[i] - career_skill[i])
        knows_elsewhere[i] += fade_rate * (knows_elsewhere_base[i] - knows_elsewhere[i])
        community_weight[i] += fade_rate * (community_weight_base[i] - community_weight[i])
        attribution[i] += fade_rate * (0.5 - attribution[i])


@kernel
def show(lo, hi, residence, gender, ethnicity, origin, post, last_occupation, news, face):
    """Pack what others can see of a person: traits, whether away, occupation held, occupation told about."""
    for i in range(lo, hi):
        x = gender[i] | (ethnicity[i] << 1) | (np.int64(origin[i] >= 0.5) << 2)
        x |= np.int64(residence[i] == ELSEWHERE) << _AWAY
        x |= (last_occupation[i] + 1) * (post[i] >= 0) << _HOLDS
        face[i] = x | (news[i] + 1) << _NEWS


@kernel
def look_at_contacts(i, contact, face, likeness, seen, tellers):
    """Count what the contacts of ``i`` hold (weighted by likeness), and list who tell of an application.

    Returns how many live elsewhere and how many tell. Counts are by occupation + 1; entry 0 takes what says nothing, and the last of
    ``face`` is nobody's: no branches, which would cost more than they save.
    """
    seen[:] = 0
    away, n_tell = np.int64(0), 0
    mine = face[i]
    for k in range(contact.shape[1]):
        j = contact[i, k]
        x = np.int64(face[j])
        away += (x >> _AWAY) & 1
        seen[(x >> _HOLDS) & 15] += likeness[(x ^ mine) & _TRAITS]
        tellers[n_tell] = j
        n_tell += x >> _NEWS != 0
    return away, n_tell


@inlined
def believe_contacts(i, weight_of, tellers, face, news_odds, told, told_n, odds_belief):
    """Move believed odds toward the mean outcome that contacts tell of (6), by the weight of so many."""
    told[:] = 0
    told_n[:] = 0
    for j in tellers:
        about = (np.int64(face[j]) >> _NEWS) - 1
        told[about] += news_odds[j]
        told_n[about] += 1
    for o in range(N_OCCUPATIONS):
        if told_n[o] > 0:
            odds_belief[i, o] += weight_of[told_n[o]] * (told[o] / (FRACTION * told_n[o]) - odds_belief[i, o])


@kernel
def believe_information(i, rate, odds, odds_belief):
    """Move believed odds toward the typical odds of the place (6)."""
    for o in range(N_OCCUPATIONS):
        odds_belief[i, o] += rate * (odds[o] - odds_belief[i, o])


@kernel
def draw_each(key, month, person, rows, who, luck):
    """Write one luck for each occupation and each of ``rows``, who are drawn for together."""
    for r in range(rows.shape[0]):
        who[r] = person[rows[r]]
    for draw in range(3):
        uniform4s(key, CONSIDER, month, who, draw, luck[4 * draw : 4 * draw + 4])


@inlined
def widen_and_narrow(consider_rate, unseen_chance, own, seen, luck, b, perhaps, considered):
    """Return the occupations considered after a look at who holds what (7)."""
    n = 0
    for o in range(N_OCCUPATIONS):  # no branch: it would cost more
        expected = consider_rate * seen[o + 1] / FRACTION
        is_seen = seen[o + 1] > 0
        considered &= ~(np.uint32(np.int64(not is_seen) & (luck[o, b] < unseen_chance)) << np.uint32(o))
        perhaps[n] = o
        n += is_seen & (luck[o, b] < expected)  # implied by the test below
    for c in range(n):
        o = perhaps[c]
        if luck[o, b] < 1.0 - math.exp(-consider_rate * seen[o + 1] / FRACTION):
            considered |= np.uint32(1) << np.uint32(o)
    if own >= 0:
        considered |= np.uint32(1) << np.uint32(own)
    return considered


@kernel
def grow_into(i, rate, riasec, o, interests):
    """Move interests toward the profile of the post held, at unit length (8)."""
    length = 0.0
    for d in range(6):
        x = interests[i, d] + rate * (riasec[o, d] - interests[i, d])
        interests[i, d] = x
        length += x * x
    if length > 0.0:
        for d in range(6):
            interests[i, d] /= math.sqrt(length)


@kernel
def weights_of(rate, most):
    """What 0, 1, .. ``most`` contacts who each move by ``rate`` weigh together: ``1 - (1 - rate)^n``."""
    return 1.0 - (1.0 - rate) ** np.arange(most + 1)


@kernel
def reflect(
    lo, hi, key, month, every, contact_rate, information_rate, consider_rate, unseen_chance, interest_rate,
    elsewhere_rate, likeness, odds, riasec, person, residence, stage, post, last_occupation, access, literacy,
    contact, face, news_odds, odds_belief, considered, interests, knows_elsewhere,
):  # fmt: skip
    """Let those whose turn it is look at their contacts and themselves (6-9)."""
    seen = np.zeros(16, np.int64)
    told, told_n = np.empty(N_OCCUPATIONS, np.int64), np.empty(N_OCCUPATIONS, np.int64)
    tellers = np.empty(contact.shape[1], np.int32)
    told_weight, away_weight = weights_of(contact_rate, contact.shape[1]), weights_of(elsewhere_rate, contact.shape[1])
    who, luck, perhaps = np.zeros(BATCH, np.uint32), np.empty((12, BATCH)), np.empty(N_OCCUPATIONS, np.int64)
    turn, n = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        turn[n] = i
        n += (residence[i] == HERE) & (stage[i] != RETIRED) & ((np.int64(person[i]) + month) % every == 0)
    for r in range(n):
        i, b = turn[r], r % BATCH
        if b == 0:
            draw_each(key, month, person, turn[r : min(r + BATCH, n)], who, luck)
        away, n_tell = look_at_contacts(i, contact, face, likeness, seen, tellers)
        if n_tell:
            believe_contacts(i, told_weight, tellers[:n_tell], face, news_odds, told, told_n, odds_belief)
        believe_information(i, information_rate * access[i] * literacy[i], odds, odds_belief)
        own = last_occupation[i]
        considered[i] = widen_and_narrow(consider_rate, unseen_chance, own, seen, luck, b, perhaps, considered[i])
        if post[i] >= 0 and interest_rate > 0.0:
            grow_into(i, interest_rate, riasec, own, interests)
        if away:
            knows_elsewhere[i] += away_weight[away] * (1.0 - knows_elsewhere[i])


@cache
def likeness_weights(*weights: float) -> np.ndarray:
    """Likeness in 2^-20 by which of gender (bit 0), ethnicity (1) and origin half (2) *differ*, given the weight of each."""
    alike = [sum(w for bit, w in enumerate(weights) if not differ >> bit & 1) for differ in range(8)]
    return np.round(np.array(alike) * FRACTION).astype(np.int64)


def return_margin(p: Learning, tightness: float) -> float:
    """Morale above the floor at which the discouraged look again, at this tightness of the market."""
    return p.return_margin * (p.tightness_ref / max(tightness, SMALLEST_TIGHTNESS)) ** p.return_elasticity


def _compound(rate: float, months: int) -> float:
    return 1.0 - (1.0 - rate) ** months


def _learn_from_own(town: Town, p: Learning, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Do 1 and 2; return what each person tells: occupation (-1 none) and outcome per application in 2^-20."""
    w, t, n = town.people, town.tallies, town.rows_in_use(month)
    news, news_odds = np.full(n, -1, np.int8), np.zeros(n + 1, np.int32)
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
    p, w = params.learning, town.people
    if not p.on:
        return
    news, news_odds = _learn_from_own(town, p, month)
    n, every = len(news), p.reflect_every
    over_rows(
        live_on, n, month,
        (p.morale_recovery, p.morale_hire, p.morale_floor, return_margin(p, town.aggregates.tightness)),
        (p.skill_growth, p.skill_peak_age, p.skill_decay, p.skill_floor), p.awareness_rate,
        1.0 - 0.5 ** (1.0 / p.fade_half_life), w.residence, w.stage, w.post, w.hired_month, w.birth_month, w.seeking,
        w.morale_base, w.morale, w.reason, w.skill, w.self_awareness, w.career_skill_base, w.knows_elsewhere_base,
        w.community_weight_base, w.career_skill, w.knows_elsewhere, w.community_weight, w.attribution,
    )  # fmt: skip
    face = np.zeros(n + 1, np.uint16)
    over_rows(show, n, w.residence, w.gender, w.ethnicity, w.origin, w.post, w.last_occupation, news, face)
    over_rows(
        reflect, n, town.key, month, every, p.contact_rate, _compound(p.information_rate, every),
        p.consider_rate * every, _compound(p.unseen_rate, every), _compound(p.interest_rate, every),
        _compound(p.elsewhere_rate, every),
        likeness_weights(p.likeness_gender, p.likeness_ethnicity, p.likeness_origin), town.aggregates.odds, town.occupations.riasec,
        w.id, w.residence, w.stage, w.post, w.last_occupation, w.digital_access, w.digital_literacy,
        town.ties.contact, face, news_odds, w.odds_belief, w.considered, w.interests, w.knows_elsewhere,
    )  # fmt: skip
