"""Hiring: how employers rank who applied, and who gets which post.

*What happens.* Each application gets a score; those below the bar are refused; the rest are cleared all at once, and those
hired take up their posts. *Who*: everybody who applied this month, and the posts applied for.

1. Score of person i at post p of employer f, in log points:
   ``S = w (b0 ln skill + F + e0) + presentation . (career_skill - usual) + referral . [told] + progression . [own staff, recognised]
   - duration . ln(1 + months out) - taste_f(gender, ethnicity) + sd . z_ip``,
   ``sd = noise (1 - clarity . career_skill)``, times ``referral_noise`` if told of by a contact; z_ip is the luck of the pair
   in this month; what is usual is `USUAL_CAREER_SKILL`, so that the bar means the same whatever presentation is worth. F is the true log fit, with requirements missing.
2. Applications with S below ``bar - bar_fall . ln(1 + months vacant)`` are refused, even if the post stays vacant.
3. Clearing: worker-proposing deferred acceptance (Gale and Shapley 1962) over the month's applications, with vacancies as
   capacity. Persons rank by worth (ties: luck, post); posts by S (ties: luck, identity). The result is the stable matching
   best for applicants, and does not depend on the order of rows or applications.
4. Those hired who had a post leave it (vacant next month), and all take up their new one, at the post's pay times their own
   efficiency until pay is next set.

Posts are rival: one person's hire is another's refusal, and displacement emerges. In the theory variant of search
(``news: exogenous``) posts are not rival and every post taken is filled.

Sources: Montgomery 1991 (referral), Kroft, Lange and Notowidigdo 2013 (duration), Zschirnt and Ruedin 2016 (taste).
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.town.efficiency import log_efficiency, log_fit
from careersim.town.placing import leave_posts, take_up_posts
from careersim.town.sums import PENCE
from careersim.town.threads import over_rows
from careersim.town.town import CHANGED_JOB, REJECTED, Town
from careersim.town.wage_setting import wage_floors

USUAL_CAREER_SKILL = 0.5
"""Career skill of a usual applicant: it is worth nothing beyond what the bar takes for granted."""
LOST_TO_BETTER, BELOW_BAR = 1, 2
"""Causes of the event REJECTED, logged for the application a refused seeker cared for most; other = post."""


# -- how employers rank -----------------------------------------------------------------------------------------------
@kernel
def expect_productivity(
    lo, hi, weight, skill_exponent, fit_weight, gap_penalty, subject_penalty, app_person, app_post, skill, e0, interests,
    qualification, subject, occupation, riasec, required, stem, score,
):  # fmt: skip
    """First term of equation 1: write weighted log efficiency of each application."""
    for a in range(lo, hi):
        i = app_person[a]
        o = occupation[app_post[a]]
        fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                      fit_weight, gap_penalty, subject_penalty)  # fmt: skip
        score[a] = weight * log_efficiency(skill[i], fit, e0[i], skill_exponent)


@inlined
def _penalty(taste_gender, taste_ethnicity, gender, ethnicity):
    """Log points taken off by taste: on women if positive, on men if negative; on minority applicants."""
    out = taste_ethnicity if ethnicity == 1 else 0.0
    if gender == 1:
        out += max(taste_gender, 0.0)
    else:
        out += max(-taste_gender, 0.0)
    return out


@kernel
def judge(
    lo, hi, key, month, presentation, clarity, referral_bonus, referral_noise, progression, duration_penalty, taste_weight,
    noise, app_person, app_post, app_told_by, ids, post, gender, ethnicity, career_skill, jobless_since, employer,
    recognised, taste_gender, taste_ethnicity, score,
):  # fmt: skip
    """Rest of equation 1: add to the score of each application what the employer sees, likes and mistakes."""
    z = chance.normals_towards(key, chance.SUITABILITY, month, ids[app_person[lo:hi]], app_post[lo:hi])
    for a in range(lo, hi):
        i, p = app_person[a], app_post[a]
        f = employer[p]
        spread = noise * (1.0 - clarity * career_skill[i])
        s = presentation * (career_skill[i] - USUAL_CAREER_SKILL)
        s -= taste_weight * _penalty(taste_gender[f], taste_ethnicity[f], gender[i], ethnicity[i])
        if app_told_by[a] >= 0:
            s += referral_bonus
            spread *= referral_noise
        if post[i] >= 0:
            if recognised[f] == 1 and employer[post[i]] == f:
                s += progression
        elif jobless_since[i] >= 0:
            s -= duration_penalty * math.log1p(month - jobless_since[i])
        score[a] += s + spread * z[a - lo]


# -- clearing ---------------------------------------------------------------------------------------------------------
@kernel
def _before(a, b, values, luck, names):
    """Whether application ``a`` ranks before ``b``: by value, then luck, then name (of the post or person)."""
    if values[a] != values[b]:
        return values[a] > values[b]
    if luck[a] != luck[b]:
        return luck[a] < luck[b]
    return names[a] < names[b]


@kernel
def applicants(ids):
    """Number the people in a sorted list of identities: who each entry is, and where each one's entries start and end."""
    person, starts, n = np.empty(ids.shape[0], np.int64), np.empty(ids.shape[0] + 1, np.int64), 0
    for a in range(ids.shape[0]):
        if a == 0 or ids[a] != ids[a - 1]:
            starts[n] = a
            n += 1
        person[a] = n - 1
    starts[n] = ids.shape[0]
    return person, starts[:n].copy(), starts[1 : n + 1]


@kernel
def rank_choices(first_choice, last_choice, values, luck, posts, order):
    """Put the applications of each person, ``order[first_choice : last_choice]``, in order: best first."""
    for one in range(first_choice.shape[0]):
        for c in range(first_choice[one] + 1, last_choice[one]):
            a, k = order[c], c
            while k > first_choice[one] and _before(a, order[k - 1], values, luck, posts):
                order[k] = order[k - 1]
                k -= 1
            order[k] = a


@kernel
def _worst(first, n, held, scores, luck, ids):
    """Slot of the least wanted of the ``n`` applications held from slot ``first``."""
    worst = first
    for slot in range(first + 1, first + n):
        if _before(held[worst], held[slot], scores, luck, ids):
            worst = slot
    return worst


@kernel
def _propose(a, p, capacity, scores, luck, ids, first_slot, held, n_held):
    """Post ``p`` considers application ``a``; return the application refused, -1 if none."""
    if n_held[p] < capacity[p]:
        held[first_slot[p] + n_held[p]] = a
        n_held[p] += 1
        return -1
    if capacity[p] == 0:
        return a
    slot = _worst(first_slot[p], n_held[p], held, scores, luck, ids)
    out = held[slot]
    if _before(out, a, scores, luck, ids):
        return a
    held[slot] = a
    return out


@kernel
def defer_acceptance(person, post, scores, luck, ids, capacity, first_slot, next_choice, last_choice, held, n_held):
    """Gale and Shapley 1962, persons proposing. Applications are grouped by person, best first; posts rank by score.

    ``next_choice`` (first choice at the start) and ``last_choice`` bound a person's applications; ``held`` is written: the
    applications that post p keeps are ``held[first_slot[p] : first_slot[p] + n_held[p]]``.
    """
    for one in range(next_choice.shape[0]):
        proposer = one
        while proposer >= 0 and next_choice[proposer] < last_choice[proposer]:
            a = next_choice[proposer]
            next_choice[proposer] += 1
            refused = _propose(a, post[a], capacity, scores, luck, ids, first_slot, held, n_held)
            proposer = person[refused] if refused >= 0 else -1


@kernel
def lucks(key, month, ids, posts):
    """Luck of each pair of person and post that decides ties."""
    out = np.empty(ids.shape[0], np.float64)
    for a in range(ids.shape[0]):
        out[a] = chance.uniform(key, chance.HIRE_TIE_BREAK, month, ids[a], posts[a])
    return out


@kernel
def _clear(key, month, order, ids, posts, values, scores, vacancies):
    luck = lucks(key, month, ids, posts)
    person, starts, ends = applicants(ids[order])
    rank_choices(starts, ends, values, luck, posts, order)
    slots = np.cumsum(vacancies)
    held, n_held = np.full(slots[-1], -1, np.int64), np.zeros(vacancies.shape[0], np.int64)
    defer_acceptance(
        person, posts[order], scores[order], luck[order], ids[order], vacancies, slots - vacancies, starts, ends, held, n_held
    )  # fmt: skip
    taken = np.zeros(ids.shape[0], np.bool_)
    for a in held:
        if a >= 0:
            taken[order[a]] = True
    return taken


def clear(
    key: np.uint64,
    month: int,
    ids: np.ndarray,
    posts: np.ndarray,
    values: np.ndarray,
    scores: np.ndarray,
    vacancies: np.ndarray,
) -> np.ndarray:
    """Equation 3: which applications end in a hire.

    Parameters
    ----------
    key, month
        Luck that breaks ties.
    ids : array of uint32
        Identity of who applied, one entry an application, in any order.
    posts, values, scores : array
        Post applied for, its worth to the person, the post's score of the person.
    vacancies : array
        Vacancies by post row.

    Returns
    -------
    array of bool
        True where the application ends in a hire: at most one a person, at most ``vacancies`` a post.
    """
    return _clear(key, month, np.argsort(ids, kind="stable"), ids, posts, values, scores, vacancies)


# -- the phase --------------------------------------------------------------------------------------------------------
def score_applications(town: Town, parameters: Parameters, month: int) -> np.ndarray:
    """Equation 1 for the month's application table."""
    w, p, f, o = town.people, town.posts, town.employers, town.occupations
    h, pay, t = parameters.hiring, parameters.pay, town.tallies
    score = np.empty(len(t["app_person"]))
    over_rows(
        expect_productivity, len(score), h.productivity_weight, pay.skill_exponent, pay.fit_weight, pay.gap_penalty,
        pay.subject_penalty, t["app_person"], t["app_post"], w.skill, w.e0, w.interests, w.qualification, w.subject,
        p.occupation, o.riasec, o.qualification, o.stem, score,
    )  # fmt: skip
    over_rows(
        judge, len(score), town.key, month, h.presentation, h.clarity, h.referral_bonus, h.referral_noise,
        h.progression_bonus, h.duration_penalty, h.taste_weight, h.noise, t["app_person"], t["app_post"],
        t["app_told_by"], w.id, w.post, w.gender, w.ethnicity, w.career_skill, w.jobless_since, p.employer, f.recognised,
        f.taste_gender, f.taste_ethnicity, score,
    )  # fmt: skip
    return score


@kernel
def reach_bar(month, bar, bar_fall, vacant_since, posts, score):
    """Equation 2: whether each application has the score asked for at its post."""
    reached = np.empty(posts.shape[0], np.bool_)
    for a in range(posts.shape[0]):
        since = vacant_since[posts[a]]
        reached[a] = score[a] >= bar - bar_fall * math.log1p(month - since if since >= 0 else 0)
    return reached


def choose_hires(town: Town, parameters: Parameters, month: int) -> np.ndarray:
    """Equations 1 to 3: rows of the application table that end in a hire; leaves ``app_viable`` (at or above the bar)."""
    t = town.tallies
    if parameters.search.news == "exogenous":
        t["app_viable"] = np.ones(len(t["app_person"]), bool)
        return np.arange(len(t["app_person"]))
    score = score_applications(town, parameters, month)
    h = parameters.hiring
    t["app_viable"] = reach_bar(month, h.bar, h.bar_fall, town.posts.vacant_since, t["app_post"], score)
    viable = np.flatnonzero(t["app_viable"])
    person, post, value = (t[name][viable] for name in ("app_person", "app_post", "app_value"))
    taken = clear(town.key, month, town.people.id[person], post, value, score[viable], town.posts.vacancies)
    return viable[taken]


def starting_pay(town: Town, parameters: Parameters, rows: np.ndarray, posts: np.ndarray) -> np.ndarray:
    """What each of ``rows`` is paid in ``posts`` until pay is next set: the post's pay by own efficiency, in whole pence."""
    w, p, o, pay = town.people, town.posts, town.occupations, parameters.pay
    worth = np.empty(len(rows))
    over_rows(
        expect_productivity, len(rows), 1.0, pay.skill_exponent, pay.fit_weight, pay.gap_penalty, pay.subject_penalty, rows,
        posts, w.skill, w.e0, w.interests, w.qualification, w.subject, p.occupation, o.riasec, o.qualification, o.stem, worth,
    )  # fmt: skip
    floors = wage_floors(town.employers, p, town.minimum_wage)[posts]
    return np.floor(np.maximum(p.pay[posts] * np.exp(worth), floors) * PENCE + 0.5) / PENCE


def take_up(town: Town, parameters: Parameters, hires: np.ndarray, month: int) -> None:
    """Equation 4 for the applications in ``hires``; job changers leave first."""
    t = town.tallies
    rows, posts, told_by = (t[name][hires] for name in ("app_person", "app_post", "app_told_by"))
    changers = rows[town.people.post[rows] >= 0]
    since = town.people.jobless_since[rows]
    t["hired_rows"], t["job_changer_rows"] = rows, changers
    t["hired_after"] = np.where(since >= 0, month - since, -1)
    leave_posts(town, changers, CHANGED_JOB, month)
    take_up_posts(town, rows, posts, told_by, starting_pay(town, parameters, rows, posts), month)
    t["job_changes"] = float(len(changers))
    t["hires_total"] = float(len(rows))
    t["hires_contact"] = float(np.count_nonzero(told_by >= 0))


@kernel
def outcomes(n_people, n_occupations, app_person, app_post, hires, occupation, seekers, applied):
    """Applications and hires by occupation, who was hired, and which of ``seekers`` applied in vain."""
    applications, hired_in = np.zeros(n_occupations), np.zeros(n_occupations)
    for p in app_post:
        applications[occupation[p]] += 1.0
    hired = np.zeros(n_people, np.bool_)
    for a in hires:
        hired_in[occupation[app_post[a]]] += 1.0
        hired[app_person[a]] = True
    return applications, hired_in, hired, (applied > 0) & ~hired[seekers]


def count(town: Town, hires: np.ndarray, month: int) -> None:
    """Leave applications and hires by occupation, and who applied in vain."""
    t = town.tallies
    t["applications"], t["hires"], hired, t["rejected"] = outcomes(
        len(town.people), len(town.occupations), t["app_person"], t["app_post"], hires, town.posts.occupation,
        t["seeker_rows"], t["applied_count"],
    )  # fmt: skip
    if town.log_events:
        log_rejections(town, ~hired[t["app_person"]], month)


def log_rejections(town: Town, refused: np.ndarray, month: int) -> None:
    """Log for each refused person the post cared for most, and whether somebody better got it."""
    t = town.tallies
    apps = np.flatnonzero(refused)
    apps = apps[np.lexsort((t["app_post"][apps], -t["app_value"][apps], t["app_person"][apps]))]
    person = t["app_person"][apps]
    first = apps[np.flatnonzero(np.r_[True, person[1:] != person[:-1]])] if len(apps) else apps
    cause = np.where(t["app_viable"][first], LOST_TO_BETTER, BELOW_BAR)
    town.events.add(month, t["app_person"][first], REJECTED, cause, other=t["app_post"][first])


def step(town: Town, parameters: Parameters, month: int) -> None:
    """Rank, clear, take up, count."""
    hires = choose_hires(town, parameters, month)
    take_up(town, parameters, hires, month)
    count(town, hires, month)
