"""Search: who looks, what they read and hear of, and what they apply for.

*What happens.* Seekers read adverts and hear of vacancies from contacts in work, rank what they know of, and apply to the
best few. *Who*: residents in working life who are active and out of work, with morale at or above a floor; and a share of
those in work. Pupils, students and the inactive do not look.

*In what order.* Who looks; what people in work hear and whom they tell; then all seekers at once. Nothing depends on
the order of people: each step reads only the state before it.

1. A person in work looks with chance ``employed_rate . (1 + excess . exp(-T / scale)) . fit^-effect``.
2. Adverts: a probe draws a seat in the permanent table of posts and is an advert if the seat is open, so that each vacancy is
   as likely as any other; repeats are dropped. Reading stops at the person's quota
   ``(base + slope . career_skill)(1 - d (1 - access . literacy))`` or after ``max_probes``.
3. Contacts: somebody in work whose employer has a vacancy hears of it with chance ``hear_rate`` and tells the one contact
   who is looking with the smallest ``-ln(u_ij) / strength_ij^kappa``: chances in proportion to strength^kappa. Which of the
   employer's vacancies: in proportion to their number.
4. Reservation pay: ``max(benefit, slack . r . last pay . exp(spread . z - spread^2 / 2))``, r falling with months out
   (``reservation_*``, beyond 36 months on the same line, at least ``reservation_least``), z the luck of the spell; who was
   paid the minimum wage asks for no more than the minimum wage. In work: present pay net of travel, ``switching_cost`` on top.
5. A post is worth ``V = ln(pay net of travel) + b0 ln skill + e0 + F_seen``, at least the minimum wage; F_seen is log fit
   with interests seen through self_awareness: the smaller it is, the more a fixed error replaces the truth. Only posts in considered
   occupations with requirements in reach and V not below reservation are ranked, by ``V + ln(believed odds)``.
6. The best ``base + slope . career_skill + slope . morale`` are applied for.

*Theory variant* ``news: exogenous`` (Calvo-Armengol and Jackson 2004): no adverts; each person hears with chance
``news_rate`` of one own, non-rival post. Somebody out of work takes it; somebody in work passes it to one contact out of
work, who takes it, at most one.

Sources: Calvo-Armengol and Jackson 2004; Calvo-Armengol and Zenou 2005; reservation pay and contacts' share in targets.csv.
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.town.adverts import first_seats, open_seats, posts_of_seats, price_posts, read_adverts
from careersim.town.columns import ACTIVE, HERE, WORKING
from careersim.town.efficiency import LONGEST_TENURE, MEAN_LIKENESS, fit_of, likeness_to, log_fit, new_hire_factors
from careersim.town.news import (
    LOOKING_IN_WORK,
    LOOKING_OUT_OF_WORK,
    NOT_LOOKING,
    hear_tips,
    news_of_posts,
    pass_on_news,
    pass_on_own_news,
    take_own_news,
)
from careersim.town.threads import over_rows
from careersim.town.town import Town

MOST_BY_FIT = 3.0
"""Bound on the factor by which fit raises or lowers the chance to look while in work."""
LEAST_ODDS = 1e-3
"""Believed odds below this are ranked as this."""
CLOSED = -math.inf
BATCH = 64
"""Seekers whose luck is drawn together."""


# -- who looks --------------------------------------------------------------------------------------------------------
@kernel
def decide_to_look(
    lo, hi, key, month, floor, rate, by_tenure, fit_effect, fit_weight, gap_penalty, subject_penalty, ids, residence,
    stage, reason, post, morale, hired_month, interests, qualification, subject, occupation, riasec, required, stem,
    seeking,
):  # fmt: skip
    """Equation 1: write who looks this month, in and out of work. Fit is looked at only where it can decide."""
    employed, n = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        free = (residence[i] == HERE) & (stage[i] == WORKING)
        looks = free & (post[i] < 0) & (reason[i] == ACTIVE) & (morale[i] >= floor)
        seeking[i] = LOOKING_OUT_OF_WORK if looks else NOT_LOOKING
        employed[n] = i
        n += free & (post[i] >= 0) & (rate > 0.0)
    luck = chance.uniforms(key, chance.LOOKING, month, ids[employed[:n]])
    undecided, n_undecided = np.empty(n, np.int32), 0
    for e in range(n):
        at_most = rate * by_tenure[min(month - hired_month[employed[e]], LONGEST_TENURE)] * MOST_BY_FIT
        undecided[n_undecided] = e
        n_undecided += luck[e] < at_most
    for k in range(n_undecided):
        e = undecided[k]
        i = employed[e]
        o = occupation[post[i]]
        fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                      fit_weight, gap_penalty, subject_penalty)  # fmt: skip
        by_fit = min(max(math.exp(-fit_effect * fit), 1.0 / MOST_BY_FIT), MOST_BY_FIT)
        if luck[e] < rate * by_tenure[min(month - hired_month[i], LONGEST_TENURE)] * by_fit:
            seeking[i] = LOOKING_IN_WORK


# -- what seekers see and want ----------------------------------------------------------------------------------------
@inlined
def _reservation_ratio(months_out, r0, r12, r24, r36, least):
    if months_out < 12:
        return r0 + (r12 - r0) * months_out / 12.0
    if months_out < 24:
        return r12 + (r24 - r12) * (months_out - 12) / 12.0
    return max(r24 + (r36 - r24) * (months_out - 24) / 12.0, least)


@kernel
def set_reservations(
    lo, hi, key, month, benefit, floor, slack, r0, r12, r24, r36, least, spread, switching_cost, seekers, ids, post, pay,
    last_pay, jobless_since, travel, reservation,
):  # fmt: skip
    """Equation 4: write log reservation pay of each seeker."""
    for s in range(lo, hi):
        i = seekers[s]
        if post[i] >= 0:
            reservation[s] = math.log(max(pay[i] - travel[post[i]], 1.0)) + switching_cost
        else:
            since = max(jobless_since[i], 0)
            asked = slack * _reservation_ratio(month - since, r0, r12, r24, r36, least) * last_pay[i]
            if spread > 0.0:
                z = chance.normal2(key, chance.RESERVATION, since, ids[i])[0]
                asked *= math.exp(spread * z - 0.5 * spread * spread)
            if last_pay[i] <= floor:
                asked = min(asked, floor)
            reservation[s] = math.log(max(asked, benefit, 1.0))


@inlined
def _mistaken_view(key, person, o):
    """Fixed error in a person's view of an occupation: mean 0, variance 1, nearly normal."""
    a, b, c, d = chance.uniform4(key, chance.SELF_VIEW, 0, person, o)
    return (a + b + c + d - 2.0) * math.sqrt(3.0)


@kernel
def view_occupations(
    lo, hi, key, max_gap, subject_required, view_spread, fit_weight, gap_penalty, subject_penalty, skill_exponent,
    seekers, ids, considered, self_awareness, skill, e0, interests, qualification, subject, riasec, required, stem, worth,
):  # fmt: skip
    """Part of equation 5: write, by occupation, skill and fit as seen (CLOSED if not considered or out of reach)."""
    who, within_reach = np.zeros(BATCH, np.uint32), np.empty(riasec.shape[0], np.int64)
    mistaken = np.empty((riasec.shape[0], BATCH))
    for s in range(lo, hi):
        i, b = seekers[s], (s - lo) % BATCH
        if b == 0:
            for other in range(min(BATCH, hi - s)):
                who[other] = ids[seekers[s + other]]
            for o in range(riasec.shape[0]):
                for other in range(BATCH):
                    mistaken[o, other] = _mistaken_view(key, who[other], o)
        n = 0
        for o in range(riasec.shape[0]):
            worth[s, o] = CLOSED
            seen = ((considered[i] >> np.uint32(o)) & np.uint32(1) != 0) & (required[o] - qualification[i] <= max_gap)
            within_reach[n] = o
            n += seen & ((not subject_required) | (stem[o] != 1) | (subject[i] != 0))
        level = skill_exponent * math.log(skill[i]) + e0[i]
        for r in range(n):
            o = within_reach[r]
            likeness = likeness_to(interests, i, riasec, o)
            fit = fit_of(likeness, qualification[i], required[o], subject[i], stem[o],
                         fit_weight, gap_penalty, subject_penalty)  # fmt: skip
            unseen = view_spread * mistaken[o, b] - fit_weight * (likeness - MEAN_LIKENESS)
            worth[s, o] = level + fit + (1.0 - self_awareness[i]) * unseen


# -- applications -----------------------------------------------------------------------------------------------------
@kernel
def decide_efforts(
    key, month, adverts_base, adverts_slope, adverts_digital, max_adverts, apply_base, apply_skill, apply_morale,
    max_applications, rows, ids, career_skill, morale, digital_access, digital_literacy,
):  # fmt: skip
    """Equations 2 and 6: how many adverts each of ``rows`` reads, and how many applications they write at most."""
    luck = np.empty((4, rows.shape[0]))
    chance.uniform4s(key, chance.APPLY, month, ids[rows], 0, luck)
    quota, most = np.empty(rows.shape[0], np.int64), np.empty(rows.shape[0], np.int64)
    for r in range(rows.shape[0]):
        i = rows[r]
        digital = 1.0 - adverts_digital * (1.0 - digital_access[i] * digital_literacy[i])
        reads = int((adverts_base + adverts_slope * career_skill[i]) * digital + luck[0, r])
        writes = int(apply_base + apply_skill * career_skill[i] + apply_morale * morale[i] + luck[1, r])
        quota[r], most[r] = min(reads, max_adverts), min(writes, max_applications)
    return quota, most


@kernel
def keep_best(
    first, log_floor, belief_weight, seekers, reservation, worth, odds_belief, post, log_pay, occupation, most, seen, n_seen,
    told_by, n_sent, sent_post, sent_value, sent_told_by,
):  # fmt: skip
    """Equation 5: write the best few of the posts that each seeker from ``first`` knows of, best first (ties: smaller post row)."""
    acceptable, values = np.empty(seen.shape[1], np.int64), np.empty(seen.shape[1])
    ranks = np.empty(sent_post.shape[1])
    for r in range(most.shape[0]):
        s, n_acceptable, n = first + r, 0, 0
        own, asked = post[seekers[s]], reservation[s]
        for c in range(n_seen[r]):
            p = seen[r, c]
            o = occupation[p]
            value = max(log_pay[p] + worth[s, o], log_floor)
            acceptable[n_acceptable], values[n_acceptable] = c, value
            n_acceptable += (worth[s, o] != CLOSED) & (p != own) & (value >= asked)
        for a in range(n_acceptable):
            c, value = acceptable[a], values[a]
            p = seen[r, c]
            rank = belief_weight * math.log(max(odds_belief[seekers[s], occupation[p]], LEAST_ODDS)) + value
            k = n
            while k > 0 and (ranks[k - 1] < rank or (ranks[k - 1] == rank and sent_post[s, k - 1] > p)):
                k -= 1
            if k == most[r]:
                continue
            n = min(n + 1, most[r])
            for later in range(n - 1, k, -1):
                ranks[later], sent_post[s, later] = ranks[later - 1], sent_post[s, later - 1]
                sent_value[s, later], sent_told_by[s, later] = sent_value[s, later - 1], sent_told_by[s, later - 1]
            ranks[k], sent_post[s, k], sent_value[s, k], sent_told_by[s, k] = rank, p, value, told_by[r, c]
        n_sent[s] = n


@kernel
def choose_posts(
    lo, hi, key, month, adverts_base, adverts_slope, adverts_digital, max_adverts, max_probes, apply_base, apply_skill,
    apply_morale, max_applications, log_floor, belief_weight, seekers, reservation, worth, odds_belief, ids, post,
    career_skill, morale, digital_access, digital_literacy, contact, strength, told_whom, told_post, seat_post, is_open, log_pay, occupation,
    n_sent, sent_post, sent_value, sent_told_by,
):  # fmt: skip
    """Equations 2, 3, 5, 6 for the seekers among rows lo..hi-1: write the best few posts each knows of."""
    first, end = np.searchsorted(seekers, lo), np.searchsorted(seekers, hi)
    rows = seekers[first:end]
    quota, most = decide_efforts(
        key, month, adverts_base, adverts_slope, adverts_digital, max_adverts, apply_base, apply_skill, apply_morale,
        max_applications, rows, ids, career_skill, morale, digital_access, digital_literacy,
    )  # fmt: skip
    room = (end - first, max_adverts + contact.shape[1])
    seen, told_by, n_seen = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(end - first, np.int64)
    read_adverts(key, month, ids[rows], quota, max_probes, seat_post, is_open, log_pay.shape[0], seen, n_seen)
    hear_tips(rows, ids, contact, strength, told_whom, told_post, seen, n_seen, told_by)
    keep_best(
        first, log_floor, belief_weight, seekers, reservation, worth, odds_belief, post, log_pay, occupation, most, seen,
        n_seen, told_by, n_sent, sent_post, sent_value, sent_told_by,
    )  # fmt: skip


@kernel
def fill_applications(seekers, n_sent, sent_post, sent_value, sent_told_by, person, post, value, told_by):
    """Write the application table, one row an application, from the seekers' lists."""
    a = 0
    for s in range(seekers.shape[0]):
        for c in range(n_sent[s]):
            person[a], post[a], value[a], told_by[a] = seekers[s], sent_post[s, c], sent_value[s, c], sent_told_by[s, c]
            a += 1


# -- the phase --------------------------------------------------------------------------------------------------------
def find_seekers(town: Town, parameters: Parameters, month: int) -> np.ndarray:
    """Equation 1: mark who looks in ``people.seeking`` and return their rows."""
    w, s, pay, o, n = town.people, parameters.search, parameters.pay, town.occupations, town.rows_in_use(month)
    over_rows(
        decide_to_look, n, town.key, month, s.morale_floor, s.employed_rate,
        new_hire_factors(s.employed_new_excess, s.employed_tenure_scale), s.employed_fit_effect, pay.fit_weight,
        pay.gap_penalty, pay.subject_penalty, w.id, w.residence, w.stage, w.reason, w.post, w.morale, w.hired_month,
        w.interests, w.qualification, w.subject, town.posts.occupation, o.riasec, o.qualification, o.stem, w.seeking,
    )  # fmt: skip
    return np.flatnonzero(w.seeking[:n] != NOT_LOOKING)


def spread_news(town: Town, parameters: Parameters, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Equation 3: whom each person tells (row, -1 nobody; one entry more, for free slots of ties) and of which post."""
    w, p, f, s = town.people, town.posts, town.employers, parameters.search
    n = town.rows_in_use(month)
    told_whom, told_post = np.full(n + 1, -1, np.int32), np.empty(n, np.int32)
    over_rows(
        pass_on_news, n, town.key, month, s.hear_rate, s.kappa, w.id, w.post, w.seeking, town.ties.contact,
        town.ties.strength, p.employer, p.vacancies, *news_of_posts(f.first_post, f.n_posts, p.vacancies), told_whom,
        told_post,
    )  # fmt: skip
    return told_whom, told_post


def what_seekers_want(
    town: Town, parameters: Parameters, month: int, seekers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log reservation pay of each seeker, and what they are worth by occupation as they see it (equations 4 and 5)."""
    w, s, pay, o = town.people, parameters.search, parameters.pay, town.occupations
    reservation = np.empty(len(seekers))
    over_rows(
        set_reservations, len(seekers), town.key, month, town.benefit, town.minimum_wage, s.reservation_slack, s.reservation_0,
        s.reservation_12, s.reservation_24, s.reservation_36, s.reservation_least, s.reservation_spread,
        s.switching_cost, seekers, w.id, w.post, w.pay, w.last_pay, w.jobless_since, town.posts.travel,
        reservation,
    )  # fmt: skip
    worth = np.empty((len(seekers), len(o)))
    over_rows(
        view_occupations, len(seekers), town.key, s.max_gap, s.subject_required, s.self_view_spread, pay.fit_weight,
        pay.gap_penalty, pay.subject_penalty, pay.skill_exponent, seekers, w.id, w.considered, w.self_awareness, w.skill,
        w.e0, w.interests, w.qualification, w.subject, o.riasec, o.qualification, o.stem, worth,
    )  # fmt: skip
    return reservation, worth


def apply_for_posts(town: Town, parameters: Parameters, month: int, seekers: np.ndarray) -> np.ndarray:
    """Equations 2 to 6: write the application table to the tallies; return how many each seeker sent."""
    w, p, s = town.people, town.posts, parameters.search
    told_whom, told_post = spread_news(town, parameters, month)
    reservation, worth = what_seekers_want(town, parameters, month, seekers)
    log_pay = np.empty(len(p))
    over_rows(price_posts, len(p), p.pay, p.travel, log_pay)
    shape = (len(seekers), s.max_applications)
    n_sent, sent_post = np.empty(len(seekers), np.int32), np.empty(shape, np.int32)
    sent_value, sent_told_by = np.empty(shape), np.empty(shape, np.int32)
    over_rows(
        choose_posts, len(told_post), town.key, month, s.adverts_base, s.adverts_career_skill, s.adverts_digital, s.max_adverts,
        s.max_probes, s.applications_base, s.applications_career_skill, s.applications_morale, s.max_applications,
        math.log(max(town.minimum_wage, 1.0)), s.belief_weight, seekers, reservation, worth, w.odds_belief, w.id, w.post,
        w.career_skill, w.morale, w.digital_access, w.digital_literacy, town.ties.contact, town.ties.strength, told_whom, told_post,
        posts_of_seats(town), open_seats(town, first_seats(town)), log_pay, p.occupation, n_sent, sent_post, sent_value, sent_told_by,
    )  # fmt: skip
    n = int(n_sent.sum())
    table = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n), np.empty(n, np.int32)
    fill_applications(seekers, n_sent, sent_post, sent_value, sent_told_by, *table)
    town.tallies.update(zip(("app_person", "app_post", "app_value", "app_told_by"), table, strict=True))
    return n_sent


def spread_own_news(town: Town, parameters: Parameters, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Theory variant: who takes each person's news of an own post (row, own row if taken, -1 nobody), and of which post."""
    w, s, ties, n = town.people, parameters.search, town.ties, town.rows_in_use(month)
    told_whom, told_post = np.empty(n, np.int32), np.empty(n, np.int32)
    over_rows(
        pass_on_own_news, n, town.key, month, s.news_rate, s.kappa, w.id, w.post, w.seeking, ties.contact,
        ties.strength, told_whom, told_post,
    )  # fmt: skip
    return told_whom, told_post


def take_news(town: Town, parameters: Parameters, month: int, seekers: np.ndarray) -> np.ndarray:
    """Theory variant: write what was taken as an application table; return how many each seeker took (0 or 1)."""
    w = town.people
    told_whom, told_post = spread_own_news(town, parameters, month)
    taken, told_by = np.empty(len(seekers), np.int32), np.empty(len(seekers), np.int32)
    over_rows(
        take_own_news, len(seekers), town.key, month, seekers, w.id, w.seeking, town.ties.contact, told_whom, told_post,
        first_seats(town), taken, told_by,
    )  # fmt: skip
    takers = taken >= 0
    rows = seekers[takers].astype(np.int32)
    town.tallies.update(
        app_person=rows, app_post=taken[takers], app_value=np.zeros(len(rows)), app_told_by=told_by[takers]
    )
    return takers.astype(np.int32)


def step(town: Town, parameters: Parameters, month: int) -> None:
    """Decide who looks, spread news, and write the month's applications to the tallies."""
    seekers = find_seekers(town, parameters, month)
    exogenous = parameters.search.news == "exogenous"
    sent = (take_news if exogenous else apply_for_posts)(town, parameters, month, seekers)
    town.tallies["seeker_rows"] = seekers
    town.tallies["applied_count"] = sent
