"""Fixed traits and starting outlook of people: functions of the identity and the place, never of what happens.

Used alike for initial residents and for everybody who may enter later, so that the town reproduces itself. A trait is keyed
luck (named by the person's id) pushed through a stated distribution. ``nature`` draws what people are born with,
``attainment`` says who studies how far, ``outlook`` what people know, expect and see as open to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from careersim import chance
from careersim.scenario.parameters.demography import Demography
from careersim.scenario.parameters.migration import Migration
from careersim.town.columns import BELOW_RQF3, RQF3, RQF4, People
from careersim.town.efficiency import ANYBODYS_LIKENESS

WOMEN_SHARE = 0.5
"""Share of women among residents of working age."""
PEOPLE_PER_NEIGHBOURHOOD = 50
INTEREST_SD = 0.8
"""Spread of an interest around 1 before scaling to unit length: mean likeness to a Holland profile about .75."""
INTEREST_GENDER_GAP = np.array([0.84, 0.26, -0.35, -0.68, -0.04, -0.33])
"""Men less women in sd, RIASEC (Su, Rounds and Armstrong 2009, Men and things, women and people)."""
_MONTHS_16, _MONTHS_35 = 192, 420
YOUTH_SHARE = 0.19
"""Mean over ages 16-66 of youth's want of experience, 1 at 16 and 0 from 35."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The kind of people drawn from: those of the place, or those elsewhere who may come."""

    origin_shift: float
    """Mean of origin in national standard deviations."""
    minority_share: float
    rqf3_share: float
    rqf4_share: float
    digital_excluded_share: float
    comes_from_elsewhere: bool = False


def mix_here(place: Any, national: Any, params: Demography) -> Mix:
    """People of the place. Its origin is shifted by its median pay against the nation's, in spreads of log pay."""
    shift = float(np.log(place.median_pay / national.median_pay)) / params.origin_pay_sd
    return Mix(shift, place.minority_share, place.rqf3_share, place.rqf4_share, place.digital_excluded_share)


def mix_elsewhere(place: Any, params: Demography, origin_shift: float = 0.0, rqf4_share: float = np.nan) -> Mix:
    """People of the rest of the country who may come here: the national mix, drawn by what the place has to offer.

    ``rqf4_share`` is the share with RQF 4 or above that was solved for the place, if it was.
    """
    own = params.migrants_like_place
    q3 = own * place.rqf3_share + (1 - own) * params.rqf3_elsewhere
    q4 = own * place.rqf4_share + (1 - own) * params.rqf4_elsewhere
    if not np.isnan(rqf4_share):
        q3, q4 = q3 * (1.0 - rqf4_share) / (1.0 - q4), rqf4_share
    return Mix(
        own * origin_shift, params.minority_elsewhere, q3, q4, place.digital_excluded_share, comes_from_elsewhere=True
    )


def n_neighbourhoods(people: int) -> int:
    """Neighbourhoods of a run of ``people`` residents (about 50 each, at least one)."""
    return max(1, people // PEOPLE_PER_NEIGHBOURHOOD)


def nature(people: People, z_origin: np.ndarray, mix: Mix, params: Demography, luck: Migration, key: np.uint64) -> None:
    """Write what people are born with: gender, ethnicity, origin, interests, skill before growing up, Roy luck.

    ``z_origin`` is origin in national standard deviations. Skill here is of somebody of 35 without schooling's gains.
    """
    who = people.id
    people.gender[:] = chance.uniforms(key, chance.PERSON_TRAITS, 0, who, 0) < WOMEN_SHARE
    people.ethnicity[:] = chance.uniforms(key, chance.PERSON_TRAITS, 0, who, 1) < mix.minority_share
    people.origin[:] = np.clip(ndtr(z_origin), 1e-4, 1 - 1e-4)
    r = params.skill_origin
    z_skill = r * z_origin + np.sqrt(1 - r * r) * chance.normals(key, chance.PERSON_TRAITS, 0, who, 2)
    people.skill[:] = np.exp(params.skill_sd * z_skill)
    first, second = (chance.normals(key, chance.PERSON_TRAITS, 0, who, k) for k in (3, 4))
    people.e0[:], people.e1[:] = roy_luck(first, second, luck)
    _draw_interests(people, params.interest_gender, key)
    people.threshold[:] = params.threshold_mean + params.threshold_sd * chance.normals(
        key, chance.PERSON_TRAITS, 0, who, 5
    )
    people.support[:] = np.clip(params.support_sd * chance.normals(key, chance.PERSON_TRAITS, 0, who, 6), -1, 1)
    s = params.community_worth_sd
    worth = np.exp(s * chance.normals(key, chance.PERSON_TRAITS, 0, who, 7) - s * s / 2)
    people.community_weight[:] = params.community_worth * worth
    people.community_weight_base[:] = people.community_weight


def roy_luck(first: np.ndarray, second: np.ndarray, luck: Migration) -> tuple[np.ndarray, np.ndarray]:
    """Luck of one's trade here and elsewhere (e0, e1) from two standard normal draws: log points, correlated, mean 1 in levels."""
    s0, s1, rho = luck.luck_sd_here, luck.luck_sd_elsewhere, luck.luck_correlation
    return s0 * first - s0 * s0 / 2, s1 * (rho * first + np.sqrt(1 - rho * rho) * second) - s1 * s1 / 2


def _draw_interests(people: People, gender_share: float, key: np.uint64) -> None:
    """Six positive interests around 1, shifted by gender, scaled to unit length."""
    men = np.where(people.gender == 0, 0.5, -0.5)
    for d in range(6):
        z = chance.normals(key, chance.PERSON_INTERESTS, 0, people.id, d)
        z += men * gender_share * INTEREST_GENDER_GAP[d]
        people.interests[:, d] = np.maximum(1.0 + INTEREST_SD * z, 0.05)
    people.interests /= np.linalg.norm(people.interests, axis=1, keepdims=True)


def neighbourhood(z_origin: np.ndarray, mix: Mix, who: np.ndarray, n: int, params: Demography, key) -> np.ndarray:
    """Neighbourhood of people of that origin: ``n`` equal parts of the town, sorted by origin plus keyed luck."""
    s = params.segregation
    z = s * (z_origin - mix.origin_shift) + np.sqrt(1 - s * s) * chance.normals(key, chance.PERSON_PLACE, 0, who, 0)
    return np.minimum((ndtr(z) * n).astype(np.int32), n - 1)


def attainment_weights(params: Demography) -> tuple[float, float, float]:
    """Weights of origin, skill and luck in latent attainment, which then has variance 1 among people of one place."""
    o, s = params.attainment_origin, params.attainment_skill
    explained = o * o + s * s + 2 * o * s * params.skill_origin
    return o, s, float(np.sqrt(max(1.0 - explained, 0.0)))


def learners(mix: Mix, params: Demography) -> tuple[float, float]:
    """Shares of a year group who study at 16 and go on at 18, so that residents 16-64 reach the qualifications of ``mix``.

    Published shares count people of 16 to 18, and to 21, who have not got there yet.
    """
    rqf3_or_more = (mix.rqf3_share + mix.rqf4_share) * 49 / 47
    on_at_16 = min(rqf3_or_more / params.completion, 0.98)
    return on_at_16, min(mix.rqf4_share * 49 / 44 / params.completion**2, on_at_16 - 0.01)


def thresholds(mix: Mix, params: Demography) -> tuple[float, float]:
    """Latent attainment above which people study at 16 and at 18, so that qualifications reach the shares of ``mix``."""
    o, s, _ = attainment_weights(params)
    mean = (o + s * params.skill_origin) * mix.origin_shift
    on_at_16, on_at_18 = learners(mix, params)
    return mean - float(ndtri(on_at_16)), mean - float(ndtri(on_at_18))


def attainment(people: People, z_origin: np.ndarray, params: Demography, key: np.uint64) -> np.ndarray:
    """Latent attainment of adults at the start: origin, skill and the same permanent luck as at school."""
    o, s, luck = attainment_weights(params)
    z_skill = np.log(people.skill.astype(float)) / params.skill_sd
    return o * z_origin + s * z_skill + luck * chance.normals(key, chance.SCHOOLING, 0, people.id, 0)


def completes(who: np.ndarray, k: int, params: Demography, key: np.uint64) -> np.ndarray:
    """Whether study ends with the qualification; ``k`` = 1 for RQF 3 (at 18), 2 for RQF 4 (at 21)."""
    return chance.uniforms(key, chance.SCHOOLING, 0, who, k) < params.completion


def highest(latent: np.ndarray, who: np.ndarray, mix: Mix, params: Demography, key: np.uint64) -> np.ndarray:
    """Highest qualification of adults with that latent attainment."""
    at_16, at_18 = thresholds(mix, params)
    rqf3 = (latent > at_16) & completes(who, 1, params, key)
    rqf4 = rqf3 & (latent > at_18) & completes(who, 2, params, key)
    return np.where(rqf4, RQF4, np.where(rqf3, RQF3, BELOW_RQF3)).astype(np.int8)


def typical_log_skill(params: Demography) -> float:
    """Mean gain from schooling and age over people of working age in the country: taken off, so that median skill is 1."""
    schooling = params.skill_gain_rqf3 * (params.rqf3_elsewhere + params.rqf4_elsewhere)
    schooling += params.skill_gain_rqf4 * params.rqf4_elsewhere
    return schooling - params.skill_youth * YOUTH_SHARE


def add_schooling_and_age(people: People, months_old: np.ndarray, params: Demography) -> None:
    """Turn skill by nature into skill now: schooling's gains, youth's want of experience, median 1 among adults."""
    gain = np.array([0.0, params.skill_gain_rqf3, params.skill_gain_rqf3 + params.skill_gain_rqf4])
    youth = np.clip((_MONTHS_35 - months_old) / (_MONTHS_35 - _MONTHS_16), 0.0, 1.0)
    people.skill[:] = people.skill * np.exp(
        gain[people.qualification] - typical_log_skill(params) - params.skill_youth * youth
    )


def choose_subject(people: People, rqf_at_least_3: np.ndarray, national: Any, params: Demography, key) -> None:
    """Whether adults of the start once chose a STEM subject: the same readiness as at school, contacts left out."""
    stem = np.array([o.stem for o in national.occupations]) == 1
    profile = np.array([o.riasec for o in national.occupations], float)[stem].mean(axis=0)
    likeness = people.interests @ (profile / np.linalg.norm(profile))
    ready = params.stem_interest * (likeness - ANYBODYS_LIKENESS) + params.stem_gender * (people.gender == 1)
    bits = np.uint32(sum(1 << int(o) for o in np.flatnonzero(stem)))
    ready += params.stem_considered * ((people.considered & bits) != 0)
    first = chance.uniforms(key, chance.SCHOOLING, 0, people.id, 3) < ndtr(params.stem_base_16 + ready)
    second = chance.uniforms(key, chance.SCHOOLING, 0, people.id, 4) < ndtr(params.stem_base_18 + ready)
    people.subject[:] = first & (second | ~rqf_at_least_3)


def see_as_open(
    people: People, z_origin: np.ndarray, adult: np.ndarray, national: Any, params: Demography, key
) -> None:
    """Write ``considered``: occupations seen as open, stereotyped by gender, origin and (adults) qualification."""
    people.considered[:] = 0
    for o, occupation in enumerate(national.occupations):
        own = np.where(people.gender == 1, occupation.women_share, 1.0 - occupation.women_share)
        gap = np.maximum(occupation.qualification - people.qualification, 0) * adult
        ready = params.horizon_base + params.horizon_gender * (own - 0.5) - params.horizon_gap * gap
        ready += params.horizon_origin * z_origin * (occupation.social_class - 1)
        open_to_me = chance.uniforms(key, chance.PERSON_WIDER, 0, people.id, o) < ndtr(ready)
        people.considered |= np.where(open_to_me, np.uint32(1 << o), np.uint32(0)).astype(np.uint32)


def outlook(people: People, z_origin: np.ndarray, mix: Mix, params: Demography, key: np.uint64) -> None:
    """Write what people know and expect, and their digital means, from origin, qualification and keyed luck."""

    def spread(k: int, mean: Any, slope: float = params.outlook_origin, sd: float = params.outlook_sd) -> np.ndarray:
        z = chance.normals(key, chance.PERSON_TRAITS_2, 0, people.id, k)
        return np.clip(mean + slope * z_origin + sd * z, 0.01, 0.99)

    people.self_awareness[:] = spread(0, 0.5)
    people.career_skill[:] = spread(1, 0.5)
    people.morale[:] = spread(2, params.morale_mean)
    people.attribution[:] = spread(3, params.attribution_mean, slope=0.0)
    graduates = (people.qualification == RQF4) | mix.comes_from_elsewhere
    people.knows_elsewhere[:] = spread(4, params.knows_elsewhere_mean + params.knows_elsewhere_rqf4 * graduates)
    people.digital_literacy[:] = spread(5, params.literacy_mean, sd=0.2)
    for name in ("career_skill", "morale", "knows_elsewhere"):
        getattr(people, name + "_base")[:] = getattr(people, name)
    slope = params.excluded_origin
    cut = ndtri(np.clip(mix.digital_excluded_share, 1e-6, 1 - 1e-6)) * np.sqrt(1 + slope * slope)
    excluded = ndtr(cut - slope * (z_origin - mix.origin_shift))
    people.digital_access[:] = chance.uniforms(key, chance.PERSON_TRAITS_2, 0, people.id, 6) >= excluded
    for o in range(people.odds_belief.shape[1]):
        z = chance.normals(key, chance.PERSON_TRAITS_2, 0, people.id, 8 + o)
        people.odds_belief[:, o] = np.clip(params.odds_start * np.exp(0.3 * z - 0.045), 1e-4, 1.0)
