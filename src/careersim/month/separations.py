"""Separations: who loses or leaves a post this month, and which posts are then vacant.

*What happens.* People in work quit into joblessness or lose their post; posts that have been above their target for
some months lay people off; posts below target become vacant and stay so for this month's search.

*Who, in what order.* All holders are judged at once, each by one luck. Layoffs follow, newest first, among the holders
then left. Vacancies are counted last.

1. Hazard of person i in post p, tenure T months, log fit F:
   ``h = rate . (1 + excess . exp(-T / tenure_scale)) . exp(-fit_effect . F)``, the last factor held within 1/3 and 3;
   ``rate`` is ``loss_rate`` and ``quit_rate``, the latter times ``voice_quit_ratio`` where a union is recognised
   (Freeman 1980). One luck decides: below the loss hazard lost, below the sum of both quit.
2. A post with holders above target for ``layoff_after`` months lays off the surplus, ranked by (tenure in bands of
   ``tenure_band`` months, fit, luck): newest and worst matched first.
3. Vacancies are ``max(target - holders, 0)`` while the employer is alive, at most the post's capacity.

The posts of people who change job this month are vacant next month: vacancy chains.
*Simple variant* ``breakup_everyone``: hazard ``breakup_rate`` for all in work, no layoffs (Calvo-Armengol and Jackson 2004).

Sources: Farber 1999 (tenure), Jovanovic 1979 (match quality), Freeman 1980 (voice); rates in targets.csv (loss_rate_uk).
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.town.efficiency import LONGEST_TENURE, log_fit, new_hire_factors
from careersim.town.placing import holders_of, leave_posts
from careersim.town.threads import over_rows
from careersim.town.town import LAID_OFF, QUIT, Town

MOST_BY_FIT = 3.0
"""Bound on the factor by which fit raises or lowers the hazard."""


@inlined
def _fit_factor(fit, effect):
    return min(max(math.exp(-effect * fit), 1.0 / MOST_BY_FIT), MOST_BY_FIT)


@kernel
def end_matches(
    lo, hi, key, month, quit_rate, loss_rate, by_tenure, most_by_tenure, fit_effect, voice, fit_weight, gap_penalty,
    subject_penalty, ids, post, hired_month, interests, qualification, subject, occupation, employer, recognised, riasec,
    required, stem, cause,
):  # fmt: skip
    """Equation 1: write QUIT, LAID_OFF or 0 for each person. Fit is looked at only where it can decide."""
    luck = chance.uniforms(key, chance.SEPARATION, month, ids[lo:hi])
    undecided, n = np.empty(hi - lo, np.int32), 0
    most = (quit_rate + loss_rate) * most_by_tenure * MOST_BY_FIT
    for i in range(lo, hi):
        cause[i] = 0
        undecided[n] = i
        n += (post[i] >= 0) & (luck[i - lo] < most)
    for k in range(n):
        i, u = undecided[k], luck[undecided[k] - lo]
        p = post[i]
        o = occupation[p]
        fit = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                      fit_weight, gap_penalty, subject_penalty)  # fmt: skip
        factor = by_tenure[min(month - hired_month[i], LONGEST_TENURE)] * _fit_factor(fit, fit_effect)
        lost = loss_rate * factor
        quits = quit_rate * factor * (voice if recognised[employer[p]] else 1.0)
        if u < lost:
            cause[i] = LAID_OFF
        elif u < lost + quits:
            cause[i] = QUIT


@kernel
def end_any_match(lo, hi, key, month, rate, ids, post, cause):
    """Simple variant: write LAID_OFF with chance ``rate`` for each person in work, else 0."""
    luck = chance.uniforms(key, chance.SEPARATION, month, ids[lo:hi])
    for i in range(lo, hi):
        cause[i] = LAID_OFF if post[i] >= 0 and luck[i - lo] < rate else 0


@kernel
def fits_in_post(
    rows, fit_weight, gap_penalty, subject_penalty, post, interests, qualification, subject, occupation, riasec,
    required, stem, fit,
):  # fmt: skip
    """Log fit of each of ``rows`` in the post held."""
    for r in range(rows.shape[0]):
        i = rows[r]
        o = occupation[post[i]]
        fit[r] = log_fit(interests, i, riasec, o, qualification[i], required[o], subject[i], stem[o],
                         fit_weight, gap_penalty, subject_penalty)  # fmt: skip


@kernel
def open_vacancies(month, employer, alive, target, holders, capacity, vacancies, vacant_since):
    """Equation 3, and since when each post has stood vacant."""
    for p in range(target.shape[0]):
        v = min(max(target[p] - holders[p], 0), capacity[p]) if alive[employer[p]] else 0
        vacancies[p] = v
        if v == 0:
            vacant_since[p] = -1
        elif vacant_since[p] < 0:
            vacant_since[p] = month


def break_up(town: Town, parameters: Parameters, month: int) -> np.ndarray:
    """Equation 1 (or the simple variant): the cause of separation of each person in use, 0 if none."""
    w, p, s, pay = town.people, town.posts, parameters.separations, parameters.pay
    cause = np.empty(town.rows_in_use(month), np.int8)
    if s.breakup_everyone:
        over_rows(end_any_match, len(cause), town.key, month, s.breakup_rate, w.id, w.post, cause)
        return cause
    over_rows(
        end_matches, len(cause), town.key, month, s.quit_rate, s.loss_rate,
        new_hire_factors(s.new_hire_excess, s.tenure_scale), 1.0 + s.new_hire_excess, s.fit_effect, s.voice_quit_ratio,
        pay.fit_weight, pay.gap_penalty, pay.subject_penalty, w.id, w.post, w.hired_month, w.interests, w.qualification,
        w.subject, p.occupation, p.employer, town.employers.recognised, town.occupations.riasec,
        town.occupations.qualification, town.occupations.stem, cause,
    )  # fmt: skip
    return cause


def choose_layoffs(town: Town, parameters: Parameters, month: int) -> np.ndarray:
    """Equation 2: rows of the people laid off by posts too long above target."""
    w, p, s, pay = town.people, town.posts, parameters.separations, parameters.pay
    over = ((p.months_over >= s.layoff_after) & (p.holders > p.target)).nonzero()[0]
    if len(over) == 0:
        return over
    surplus = np.zeros(len(p), np.int32)
    surplus[over] = (p.holders - p.target)[over]
    rows = holders_of(w.post[: town.rows_in_use(month)], surplus)
    post, fit = w.post[rows], np.empty(len(rows))
    fits_in_post(
        rows, pay.fit_weight, pay.gap_penalty, pay.subject_penalty, w.post, w.interests, w.qualification, w.subject,
        p.occupation, town.occupations.riasec, town.occupations.qualification, town.occupations.stem, fit,
    )  # fmt: skip
    luck = chance.uniforms(town.key, chance.LAYOFF, month, w.id[rows])
    band = (month - w.hired_month[rows]) // s.tenure_band
    order = np.lexsort((w.id[rows], luck, fit, band, post))
    rows, post = rows[order], post[order]
    standing = np.arange(len(rows)) - np.searchsorted(post, post)
    return rows[standing < surplus[post]]


def step(town: Town, parameters: Parameters, month: int) -> None:
    """End matches, lay off, open vacancies."""
    p, s = town.posts, parameters.separations
    cause = break_up(town, parameters, month)
    rows = (cause != 0).nonzero()[0]
    leave_posts(town, rows, cause[rows], month)
    laid_off = np.empty(0, np.int64)
    if s.layoffs and not s.breakup_everyone:
        laid_off = choose_layoffs(town, parameters, month)
        leave_posts(town, laid_off, LAID_OFF, month)
    open_vacancies(
        month, p.employer, town.employers.alive, p.target, p.holders, p.capacity, p.vacancies, p.vacant_since
    )
    quits = float(np.count_nonzero(cause == QUIT))
    town.tallies["quits"] = quits
    town.tallies["separated_rows"] = np.concatenate([rows, laid_off])
    town.tallies["layoffs"] = len(rows) + len(laid_off) - quits
    town.tallies["separations"] = float(len(rows) + len(laid_off))
