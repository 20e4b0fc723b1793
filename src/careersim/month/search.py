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
from numba import njit

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.town.adverts import PROBES, first_seats, open_seats, posts_of_seats, price_posts, read_adverts
from careersim.town.columns import ACTIVE, HERE, WORKING
from careersim.town.efficiency import LONGEST_TENURE, MEAN_LIKENESS, fit_of, likeness_to, log_fit, new_hire_factors
from careersim.town.news import (
    LOOKING_IN_WORK,
    LOOKING_OUT_OF_WORK,
    NOT_LOOKING,
    NOTHING,
    hear_tips,
    mark_news,
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
@njit(cache=True, nogil=True)
def decide_to_look(
    lo, hi, key, month, floor, rate, by_tenure, fit_effect, fit_weight, gap_penalty, subject_penalty, ids, residence,
    stage, reason, post, morale, hired_month, interests, qualification, subject, occupation, riasec, required, stem,
    seeking,
):  # fmt: skip
    """Equation 1: write who looks this month, in and out of work. Fit is looked at only where it can decide."""
    luck = chance.uniforms(key, chance.LOOKING, month, ids[lo:hi])
    undecided, n = np.empty(hi - lo, np.int32), 0
    for i in range(lo, hi):
        free = (residence[i] == HERE) & (stage[i] == WORKING)
        looks = free & (post[i] < 0) & (reason[i] == ACTIVE) & (morale[i] >= floor)
        seeking[i] = LOOKING_OUT_OF_WORK if looks else NOT_LOOKING
        undecided[n] = i
        at_most = rate * by_tenure[min(month - hired_month[i], LONGEST_TENURE)] * MOST_BY_FIT
        n += free & (post[i] >= 0) & (luck[i - lo] < at_most)
    for k in range(n):
        i = undecided[k]
        o = occupation[post[i]]
        fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                      fit_weight, gap_penalty, subject_penalty)  # fmt: skip
        by_fit = min(max(math.exp(-fit_effect * fit), 1.0 / MOST_BY_FIT), MOST_BY_FIT)
        if luck[i - lo] < rate * by_tenure[min(month - hired_month[i], LONGEST_TENURE)] * by_fit:
            seeking[i] = LOOKING_IN_WORK


# -- what seekers see and want ----------------------------------------------------------------------------------------
@njit(cache=True, nogil=True, inline="always")
def _reservation_ratio(months_out, r0, r12, r24, r36, least):
    if months_out < 12:
        return r0 + (r12 - r0) * months_out / 12.0
    if months_out < 24:
        return r12 + (r24 - r12) * (months_out - 12) / 12.0
    return max(r24 + (r36 - r24) * (months_out - 24) / 12.0, least)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True, inline="always")
def _mistaken_view(key, person, o):
    """Fixed error in a person's view of an occupation: mean 0, variance 1, nearly normal."""
    a, b, c, d = chance.uniform4(key, chance.SELF_VIEW, 0, person, o)
    return (a + b + c + d - 2.0) * math.sqrt(3.0)


@njit(cache=True, nogil=True)
def view_occupations(
    lo, hi, key, max_gap, subject_required, belief_weight, view_spread, fit_weight, gap_penalty, subject_penalty,
    skill_exponent, seekers, ids, considered, odds_belief, self_awareness, skill, e0, interests, qualification, subject,
    riasec, required, stem, known, worth,
):  # fmt: skip
    """Parts of equation 5: write, by occupation, log believed odds (CLOSED if out of reach) and skill and fit as seen."""
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
            known[s, o] = CLOSED
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
            known[s, o] = belief_weight * math.log(max(odds_belief[i, o], LEAST_ODDS))
            worth[s, o] = level + fit + (1.0 - self_awareness[i]) * unseen


# -- applications -----------------------------------------------------------------------------------------------------
@njit(cache=True, nogil=True)
def _insert(rank, p, value, teller, n, most, ranks, posts, values, tellers):
    """Insert a post into a short list kept best first (ties: smaller post row); return the list's length."""
    if n == most and (rank < ranks[n - 1] or (rank == ranks[n - 1] and p > posts[n - 1])):
        return n
    c = min(n, most - 1)
    while c > 0 and (ranks[c - 1] < rank or (ranks[c - 1] == rank and posts[c - 1] > p)):
        ranks[c], posts[c], values[c], tellers[c] = ranks[c - 1], posts[c - 1], values[c - 1], tellers[c - 1]
        c -= 1
    ranks[c], posts[c], values[c], tellers[c] = rank, p, value, teller
    return min(n + 1, most)


@njit(cache=True, nogil=True)
def choose_posts(
    lo, hi, key, month, adverts_base, adverts_slope, adverts_digital, max_adverts, max_probes, apply_base, apply_skill,
    apply_morale, max_applications, log_floor, seekers, reservation, known, worth, ids, post, career_skill, morale,
    digital_access, digital_literacy, contact, strength, told_whom, told_post, seat_post, is_open, log_pay, occupation,
    n_sent, sent_post, sent_value, sent_told_by,
):  # fmt: skip
    """Equations 2, 3, 5, 6 for the seekers among rows lo..hi-1: write the best few posts each knows of."""
    room, first, end = max_adverts + contact.shape[1], np.searchsorted(seekers, lo), np.searchsorted(seekers, hi)
    seen, told_by, told_strength = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
    seats, ranks, values = np.empty(PROBES, np.int64), np.empty(max_applications), np.empty(max_applications)
    posts, tellers = np.empty(max_applications, np.int32), np.empty(max_applications, np.int32)
    luck = np.empty((4, end - first))
    chance.uniform4s(key, chance.APPLY, month, ids[seekers[first:end]], 0, luck)
    for s in range(first, end):
        i, u, v = seekers[s], luck[0, s - first], luck[1, s - first]
        digital = 1.0 - adverts_digital * (1.0 - digital_access[i] * digital_literacy[i])
        quota = min(int((adverts_base + adverts_slope * career_skill[i]) * digital + u), max_adverts)
        most = int(apply_base + apply_skill * career_skill[i] + apply_morale * morale[i] + v)
        most = min(most, max_applications)
        n = 0
        if most > 0:
            n_seen = read_adverts(key, month, ids[i], quota, max_probes, seat_post, is_open, seats, seen)
            n_seen = hear_tips(i, ids, contact, strength, told_whom, told_post, seen, n_seen, told_by, told_strength)
            for c in range(n_seen):
                p = seen[c]
                o = occupation[p]
                if known[s, o] == CLOSED or p == post[i]:
                    continue
                value = max(log_pay[p] + worth[s, o], log_floor)
                if value >= reservation[s]:
                    n = _insert(known[s, o] + value, p, value, told_by[c], n, most, ranks, posts, values, tellers)
        for c in range(n):
            sent_post[s, c], sent_value[s, c], sent_told_by[s, c] = posts[c], values[c], tellers[c]
        n_sent[s] = n


@njit(cache=True, nogil=True)
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
    """Equation 3: whom each person tells (row, -1 nobody) and of which post."""
    w, p, f, s = town.people, town.posts, town.employers, parameters.search
    n = town.rows_in_use(month)
    told_whom, told_post = np.empty(n, np.int32), np.empty(n, np.int32)
    news = np.full(max(len(p), 1), NOTHING, np.int32)
    mark_news(f.first_post, f.n_posts, p.vacancies, news)
    over_rows(
        pass_on_news, n, town.key, month, s.hear_rate, s.kappa, w.id, w.post, w.seeking, town.ties.contact,
        town.ties.strength, news, p.employer, f.first_post, f.n_posts, p.vacancies, told_whom, told_post,
    )  # fmt: skip
    return told_whom, told_post


def what_seekers_want(
    town: Town, parameters: Parameters, month: int, seekers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log reservation pay of each seeker, and log believed odds and worth by occupation."""
    w, s, pay, o = town.people, parameters.search, parameters.pay, town.occupations
    reservation = np.empty(len(seekers))
    over_rows(
        set_reservations, len(seekers), town.key, month, town.benefit, town.minimum_wage, s.reservation_slack, s.reservation_0,
        s.reservation_12, s.reservation_24, s.reservation_36, s.reservation_least, s.reservation_spread,
        s.switching_cost, seekers, w.id, w.post, w.pay, w.last_pay, w.jobless_since, town.posts.travel,
        reservation,
    )  # fmt: skip
    known = np.empty((len(seekers), len(o)))
    worth = np.empty((len(seekers), len(o)))
    over_rows(
        view_occupations, len(seekers), town.key, s.max_gap, s.subject_required, s.belief_weight, s.self_view_spread,
        pay.fit_weight, pay.gap_penalty, pay.subject_penalty, pay.skill_exponent, seekers, w.id, w.considered,
        w.odds_belief, w.self_awareness, w.skill, w.e0, w.interests, w.qualification, w.subject, o.riasec,
        o.qualification, o.stem, known, worth,
    )  # fmt: skip
    return reservation, known, worth


def apply_for_posts(town: Town, parameters: Parameters, month: int, seekers: np.ndarray) -> np.ndarray:
    """Equations 2 to 6: write the application table to the tallies; return how many each seeker sent."""
    w, p, s = town.people, town.posts, parameters.search
    told_whom, told_post = spread_news(town, parameters, month)
    reservation, known, worth = what_seekers_want(town, parameters, month, seekers)
    log_pay = np.empty(len(p))
    over_rows(price_posts, len(p), p.pay, p.travel, log_pay)
    shape = (len(seekers), s.max_applications)
    n_sent, sent_post = np.empty(len(seekers), np.int32), np.empty(shape, np.int32)
    sent_value, sent_told_by = np.empty(shape), np.empty(shape, np.int32)
    over_rows(
        choose_posts, len(told_whom), town.key, month, s.adverts_base, s.adverts_career_skill, s.adverts_digital, s.max_adverts,
        s.max_probes, s.applications_base, s.applications_career_skill, s.applications_morale, s.max_applications,
        math.log(max(town.minimum_wage, 1.0)), seekers, reservation, known, worth, w.id, w.post, w.career_skill,
        w.morale, w.digital_access, w.digital_literacy, town.ties.contact, town.ties.strength, told_whom, told_post,
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
