"""Generate the initial residents of a place, and put them into work.

Ages are stationary (uniform by month from 13 to pension age, stratified); traits are those of `careersim.town.traits`; stages
and inactivity follow the place's published shares, by age and gender as they would be in a stationary town.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.town import traits
from careersim.town.columns import (
    ACTIVE,
    BELOW_RQF3,
    CARE,
    HERE,
    INITIAL,
    PUPIL,
    RQF3,
    STUDENT,
    WORKING,
    People,
)
from careersim.town.parents import candidates, pick_parents
from careersim.town.place_constants import (
    AGES,
    exit_rates,
    full_time_share,
    inactive_by_age,
    solve_inactivity_entry,
)
from careersim.town.town import Town

GROWN_INTO_TRADE = 0.6
"""Weight of the trade's Holland profile beside own interests in people who start in work (settled: likeness near .87)."""
ENTRY_AGE, WORK_AGE, COLLEGE_AGE, GRADUATE_AGE = 13 * 12, 16 * 12, 18 * 12, 21 * 12


def build_people(
    place: Any, national: Any, params: Parameters, people: int, key: np.uint64, age_share: np.ndarray | None = None
) -> People:
    """Return the initial residents of a run of ``people``: ids 0..people-1, month 0, nobody in work yet.

    Parameters
    ----------
    place, national
        Published figures of the place and of the country.
    people : int
        Residents aged 13 to pension age.
    key : uint64
        Seed of the replicate.
    age_share : ndarray, optional
        Settled shares of residents by year of age from 13 (`Solved.age_share`); by default all ages are equally frequent.
    """
    d = params.demography
    mix = traits.mix_here(place, national, d)
    w = People.empty(people)
    w.id[:] = np.arange(people)
    w.origin_kind[:], w.residence[:] = INITIAL, HERE
    months_old = stationary_ages(people, params.time.pension_age, key, age_share)
    w.birth_month[:] = -months_old
    w.entry_month[:] = -months_old + ENTRY_AGE
    z_origin = mix.origin_shift + chance.normals(key, chance.PERSON_PLACE, 0, w.id, 1)
    traits.nature(w, z_origin, mix, params.demography, params.migration, key)
    w.neighbourhood[:] = traits.neighbourhood(z_origin, mix, w.id, traits.n_neighbourhoods(people), d, key)
    w.stage[:] = np.where(months_old < WORK_AGE, PUPIL, WORKING)
    z_origin = _give_parents(w, z_origin, mix, params, key)
    _give_schooling(w, z_origin, months_old, place, mix, d, key)
    adult = months_old >= WORK_AGE
    traits.add_schooling_and_age(w, months_old, d)
    traits.see_as_open(w, z_origin, adult, national, d, key)
    traits.choose_subject(w, w.qualification >= RQF3, national, d, key)
    w.subject[~adult] = 0
    traits.outlook(w, z_origin, mix, d, key)
    _give_inactivity(w, months_old, place, d, key)
    return w


def stationary_ages(people: int, pension_age: int, key: np.uint64, age_share: np.ndarray | None = None) -> np.ndarray:
    """Ages in months, 13 years + 1 month to pension age, dealt out by keyed luck.

    Years of age are as frequent as ``age_share`` says (equally frequent by default), months within a year equally.
    """
    luck = chance.uniforms(key, chance.PERSON_START, 0, np.arange(people, dtype=np.uint32), 0)
    place_in_line = np.empty(people, np.int64)
    place_in_line[np.argsort(luck, kind="stable")] = np.arange(people)
    years = pension_age - ENTRY_AGE // 12
    share = np.full(years, 1.0 / years) if age_share is None or len(age_share) != years else age_share
    edges = np.concatenate([[0.0], np.cumsum(share) / np.sum(share)])
    months = np.interp((place_in_line + 0.5) / max(people, 1), edges, np.arange(years + 1) * 12.0)
    return ENTRY_AGE + 1 + np.minimum(months.astype(np.int64), years * 12 - 1)


def _give_parents(w: People, z_origin: np.ndarray, mix: traits.Mix, params: Parameters, key: np.uint64) -> np.ndarray:
    """Give pupils of the start a parent among the residents, whose neighbourhood and (with luck) origin they share."""
    d = params.demography
    pupils = np.flatnonzero(w.stage == PUPIL)
    w.parent[pupils] = pick_parents(w, candidates(w), w.birth_month[pupils], w.id[pupils], key)
    child = pupils[w.parent[pupils] >= 0]
    parent = w.parent[child]
    w.neighbourhood[child] = w.neighbourhood[parent]
    r = d.origin_from_parent
    z_parent = (z_origin[parent] - mix.origin_shift + chance.normals(key, chance.PARENT, 0, w.id[child], 2)) / np.sqrt(
        2
    )
    z_child = (
        mix.origin_shift + r * z_parent + np.sqrt(1 - r * r) * chance.normals(key, chance.PARENT, 0, w.id[child], 3)
    )
    z_origin = z_origin.copy()
    z_origin[child] = z_child
    w.origin[child] = np.clip(ndtr(z_child), 1e-4, 1 - 1e-4)
    return z_origin


def _give_schooling(w: People, z_origin, months_old, place: Any, mix: traits.Mix, d: Any, key: np.uint64) -> None:
    """Qualification as reached by now, and who still studies (full time: stage STUDENT)."""
    latent = traits.attainment(w, z_origin, d, key)
    at_16, at_18 = traits.thresholds(mix, d)
    final = traits.highest(latent, w.id, mix, d, key)
    college = (months_old >= WORK_AGE) & (months_old < COLLEGE_AGE)
    university = (months_old >= COLLEGE_AGE) & (months_old < GRADUATE_AGE)
    w.qualification[:] = np.where(months_old < COLLEGE_AGE, BELOW_RQF3, final)
    w.qualification[university] = np.minimum(final[university], RQF3)
    studies = (college & (latent > at_16)) | (university & (latent > at_18) & (final >= RQF3))
    w.study_until[studies] = w.birth_month[studies] + np.where(college, COLLEGE_AGE, GRADUATE_AGE)[studies]
    full_time = chance.uniforms(key, chance.SCHOOLING, 0, w.id, 5) < full_time_share(place, mix, d)
    w.stage[studies & full_time] = STUDENT


def _give_inactivity(w: People, months_old: np.ndarray, place: Any, d: Any, key: np.uint64) -> None:
    """Reason of inactivity of working people, by age and gender as in the stationary town; the rest look for work."""
    entry = solve_inactivity_entry(place, d) * (1.0 + (d.jobless_factor - 1.0) * place.unemployment_rate)
    shares = inactive_by_age(entry, exit_rates(d))
    age = np.minimum(months_old // 12, AGES - 1)
    upto = np.cumsum(shares[:, w.gender, age], axis=0)
    luck = chance.uniforms(key, chance.INACTIVITY, 0, w.id, 0)
    reason = np.where(luck < upto[3], CARE + (luck >= upto[:3]).sum(axis=0), ACTIVE)
    w.reason[:] = np.where(w.stage == WORKING, reason, ACTIVE)
    w.jobless_since[(w.stage == WORKING) & (w.reason == ACTIVE)] = 0


def place_initially(town: Town, place: Any, params: Parameters) -> None:
    """Fill posts with the initial residents, near the place's employment rate, so that burn-in starts close by.

    The best qualified and skilled (with luck) take the posts that ask and pay most; posts that ask for STEM go to people with the
    subject first. Holders never exceed a post's target; pay is the post's.
    """
    w = town.people
    seekers = np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (w.reason == ACTIVE) & (w.post < 0))
    slots = _slots(town)
    months_old = town.month - w.birth_month
    residents = int(((w.residence == HERE) & (months_old >= WORK_AGE) & (months_old < 65 * 12)).sum())
    n = min(round(residents * place.employment_rate), len(seekers), len(slots))
    if n == 0:
        return
    seekers, slots = _chosen(town, seekers, slots, n)
    rows, posts = _match(town, seekers, slots)
    _start_work(town, rows, posts, place)


def _slots(town: Town) -> np.ndarray:
    """One entry for each free head of each post: its row."""
    p = town.posts
    return np.repeat(np.arange(len(p)), np.maximum(p.target - p.holders, 0))


def _chosen(town: Town, seekers: np.ndarray, slots: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Which ``n`` people work (the skilled more likely) and which ``n`` heads are filled (keyed by post and head)."""
    w = town.people
    luck = chance.normals(town.key, chance.PERSON_START, 0, w.id[seekers], 1) - np.log(w.skill[seekers])
    head = np.arange(len(slots)) - np.searchsorted(slots, slots)
    luck_of_head = chance.uniforms(town.key, chance.PERSON_START, 1, (slots * 64 + head % 64).astype(np.uint32), 0)
    return seekers[np.lexsort((w.id[seekers], luck))[:n]], slots[np.lexsort((slots, luck_of_head))[:n]]


def _match(town: Town, seekers: np.ndarray, slots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair people and heads, best with best; heads that ask for a STEM subject take those who have it first."""
    w, o = town.people, town.occupations
    score = w.qualification[seekers] + 1.5 * np.log(w.skill[seekers])
    score = score + 0.4 * chance.normals(town.key, chance.PERSON_START, 0, w.id[seekers], 2)
    people = seekers[np.lexsort((w.id[seekers], -score))]
    occupation = town.posts.occupation[slots]
    luck = chance.uniforms(town.key, chance.PERSON_START, 2, slots.astype(np.uint32), 0)
    asks = o.qualification[occupation] + o.typical_pay[occupation] / o.typical_pay.max()
    heads = slots[np.lexsort((slots, luck, -asks))]
    stem_heads = np.flatnonzero(o.stem[town.posts.occupation[heads]] == 1)
    stem_people = np.flatnonzero(w.subject[people] == 1)
    k = min(len(stem_heads), len(stem_people))
    return _moved_to_front(people, stem_people[:k]), _moved_to_front(heads, stem_heads[:k])


def _moved_to_front(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the values at positions ``first``, then all others in their order."""
    rest = np.ones(len(values), np.bool_)
    rest[first] = False
    return np.concatenate([values[first], values[rest]])


def _start_work(town: Town, rows: np.ndarray, posts: np.ndarray, place: Any) -> None:
    """Write the work columns: tenure is exponential with a mean of 60 months and ends at 16; interests have grown toward the trade."""
    w, p = town.people, town.posts
    w.post[rows] = posts
    w.pay[rows] = p.pay[posts]
    w.last_pay[rows] = p.pay[posts]
    w.last_occupation[rows] = p.occupation[posts]
    w.considered[rows] |= np.left_shift(np.uint32(1), p.occupation[posts].astype(np.uint32))
    u = chance.uniforms(town.key, chance.PERSON_START, 0, w.id[rows], 3)
    longest = np.maximum(town.month - w.birth_month[rows] - WORK_AGE, 0)
    w.hired_month[rows] = town.month - 2 - np.minimum(-60.0 * np.log(u), longest).astype(np.int32)
    w.jobless_since[rows] = -1
    profile = town.occupations.riasec[p.occupation[posts]]
    grown = w.interests[rows] + GROWN_INTO_TRADE * profile
    w.interests[rows] = grown / np.linalg.norm(grown, axis=1, keepdims=True)
    p.holders += np.bincount(posts, minlength=len(p)).astype(np.int32)
    p.vacancies[:] = np.maximum(p.target - p.holders, 0)
