"""Demography (ODD 6.1): ageing, school, study, inactivity, retirement, and who comes to town.

First phase of the month. Who: everybody who lives here, was due to enter, or lives elsewhere (schooling and retirement only).
Age is derived from the month of birth. In order:

1. Entry. A potential pupil enters at 13 where the parent lives: here, or elsewhere. A potential in-migrant comes if
   keyed luck is below ``admission (u / u_ref)^-k`` (1), u last month's local unemployment, and otherwise stays elsewhere.
2. Working people become inactive at ``entry_r weight_r(age, gender)`` (2), the unemployed ``jobless_factor`` times as often, and return at
   ``exit_r``; entry is solved so that the place's published shares by reason are stationary (`careersim.town.place_constants`).
   Discouragement is not decided here but in learning.
3. At 16 a pupil chooses a STEM subject or not, and stays on in education if latent attainment
   ``a = w_o z(origin) + w_s z(skill) + w_x (share of high-origin adults among the family's contacts - reference) + luck`` (3)
   is above the place's first threshold; at 18 those who still hold a STEM subject keep it or not, and go on above the second; at 18 and 21
   study ends with the qualification with a fixed chance. The chance of STEM (4) is ``Phi(base + interest (likeness - .75) + considered +
   contacts share_of_contacts_of_own_gender_in_work_who_hold_STEM_posts)``.
4. At pension age people leave their post and the model.

Everything is decided from the state at the start of the month, then carried out: the order of rows does not matter.

Sources: Chetty et al. 2022 (exposure to high-status contacts); Su, Rounds and Armstrong 2009 (interests); Gottfredson 1981 (horizon);
inactivity by reason and age after the ONS Annual Population Survey.
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.demography import Demography
from careersim.town.columns import (
    ACTIVE,
    DISCOURAGED,
    ELSEWHERE,
    GONE,
    HERE,
    IN_MIGRANT,
    NOT_YET,
    PUPIL,
    RETIRED,
    RQF3,
    RQF4,
    STUDENT,
    WORKING,
)
from careersim.town.efficiency import ANYBODYS_LIKENESS
from careersim.town.place_constants import AGES, exit_rates, inactivity_weights
from careersim.town.placing import leave_posts
from careersim.town.threads import over_rows
from careersim.town.town import BECAME_INACTIVE, CAME, RETIRED_FROM, STAGE, Town
from careersim.town.traits import attainment_weights, typical_log_skill

NOTHING, RETIRES, ENTERS, TURNS_16, STUDY_ENDS, RETURNS, FALLS_OUT = 0, 1, 2, 3, 4, 5, 10
"""What happens to a person this month; FALLS_OUT + reason (columns.CARE ..) for becoming inactive."""
CAME_AS_MIGRANT, CAME_BACK, TURNED_13 = 1, 2, 3
WORK_AGE, COLLEGE_AGE, GRADUATE_AGE = 16 * 12, 18 * 12, 21 * 12
_YEAR_OF = (np.arange(1200) // 12).clip(max=AGES - 1).astype(np.int64)


@kernel
def age(lo, hi, key, month, pension_months, who, entry_month, birth_month, gender, residence, stage, reason, study_until,
        post, year_of, entry, at_most, exits, jobless_factor, change):  # fmt: skip
    """Write what happens to each person of rows lo..hi-1: one of the codes above. ``at_most`` bounds the sum of ``entry``."""
    lucks = chance.uniforms(key, chance.INACTIVITY, month, who[lo:hi])
    for i in range(lo, hi):
        change[i] = NOTHING
        lives = residence[i]
        if lives == GONE:
            continue
        if lives == NOT_YET:
            if entry_month[i] == month:
                change[i] = ENTERS
            continue
        months_old = month - birth_month[i]
        if months_old >= pension_months:
            change[i] = RETIRES
        elif stage[i] == PUPIL:
            if months_old >= WORK_AGE:
                change[i] = TURNS_16
        elif study_until[i] >= 0 and study_until[i] <= month:
            change[i] = STUDY_ENDS
        elif lives == HERE and stage[i] == WORKING and reason[i] != DISCOURAGED:
            luck = lucks[i - lo]
            if reason[i] != ACTIVE:
                if luck < exits[reason[i] - 1]:
                    change[i] = RETURNS
                continue
            if post[i] < 0:
                luck /= jobless_factor
            year = year_of[months_old]
            if luck > at_most[gender[i], year]:
                continue
            for r in range(4):
                luck -= entry[r, gender[i], year]
                if luck < 0.0:
                    change[i] = FALLS_OUT + 1 + r
                    break


@kernel
def _normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@kernel
def exposure(i, contact, residence, stage, origin, reference):
    """Share of high-origin adults among the contacts of ``i`` who are of working stage; ``reference`` without any."""
    adults, high = 0, 0
    for k in range(contact.shape[1]):
        j = contact[i, k]
        if j >= 0 and (residence[j] == HERE or residence[j] == ELSEWHERE) and stage[j] == WORKING:
            adults += 1
            high += origin[j] > 0.5
    return high / adults if adults > 0 else reference


@kernel
def family_exposure(rows, parent, contact, residence, stage, origin, reference, out):
    """Exposure of each pupil or student's family: the mean of their own and of their parent's contacts."""
    for r in range(rows.shape[0]):
        i = rows[r]
        own = exposure(i, contact, residence, stage, origin, reference)
        p = parent[i]
        out[r] = own if p < 0 else 0.5 * (own + exposure(p, contact, residence, stage, origin, reference))


@kernel
def attainment(
    rows, key, who, origin, skill, exposed, weights, exposure_weight, reference, mean_log_skill, skill_sd, out
):
    """Latent attainment (3), with the permanent luck of the person."""
    for r in range(rows.shape[0]):
        i = rows[r]
        z_origin = math.log(origin[i] / (1.0 - origin[i])) / 1.702
        z_skill = (math.log(skill[i]) - mean_log_skill[r]) / skill_sd
        luck = chance.normal2(key, chance.SCHOOLING, 0, who[i], 0, 0)[0]
        out[r] = weights[0] * z_origin + weights[1] * z_skill + weights[2] * luck
        out[r] += exposure_weight * (exposed[r] - reference)


@kernel
def role_models(i, contact, gender, post, occupation, stem):
    """Share of contacts of one's own gender in work here who hold a STEM post; 0 without any."""
    working, in_stem = 0, 0
    for k in range(contact.shape[1]):
        j = contact[i, k]
        if j >= 0 and gender[j] == gender[i] and post[j] >= 0:
            working += 1
            in_stem += stem[occupation[post[j]]]
    return in_stem / working if working > 0 else 0.0


@kernel
def stem_profile(stem, riasec):
    """Mean Holland profile of STEM occupations, at unit length, and the set of them as bits."""
    profile, bits, length = np.zeros(riasec.shape[1]), np.uint32(0), 0.0
    for o in range(stem.shape[0]):
        if stem[o] == 1:
            bits |= np.uint32(1) << np.uint32(o)
            profile += riasec[o]
    for x in profile:
        length += x * x
    return profile / max(math.sqrt(length), 1e-12), bits


@kernel
def choose_stem(rows, draw, key, who, gender, interests, considered, contact, post, occupation, stem, riasec, base,
                w_interest, w_considered, w_contacts, w_gender, out):  # fmt: skip
    """Whether each person chooses (``draw`` 3, at 16) or keeps (4, at 18) a STEM subject (4)."""
    profile, stem_bits = stem_profile(stem, riasec)
    for r in range(rows.shape[0]):
        i = rows[r]
        likeness = 0.0
        for d in range(6):
            likeness += interests[i, d] * profile[d]
        x = base + w_interest * (likeness - ANYBODYS_LIKENESS) + w_gender * gender[i]
        x += w_considered * ((considered[i] & stem_bits) != 0)
        x += w_contacts * role_models(i, contact, gender, post, occupation, stem)
        out[r] = chance.uniform(key, chance.SCHOOLING, 0, who[i], 0, draw) < _normal_cdf(x)


def step(town: Town, params: Parameters, month: int) -> None:
    """Let everybody get a month older, and carry out what follows from it."""
    d, w = params.demography, town.people
    if not d.on:
        return
    entry = town.solved.inactivity_entry[:, None, None] * inactivity_weights() * town.solved.inactivity_rate_factor
    at_most = 1.000001 * entry.sum(axis=0)
    change = np.empty(town.rows_in_use(month), np.int8)
    over_rows(age, len(change), town.key, month, params.time.pension_age * 12, w.id, w.entry_month, w.birth_month, w.gender,
              w.residence, w.stage, w.reason, w.study_until, w.post, _YEAR_OF, entry, at_most, exit_rates(d),
              d.jobless_factor, change)  # fmt: skip
    changed = np.flatnonzero(change != NOTHING)
    what = change[changed]
    finish_or_go_on(town, params, month, changed[what == TURNS_16], changed[what == STUDY_ENDS])
    fall_out(town, changed[what > FALLS_OUT], what[what > FALLS_OUT] - FALLS_OUT, month)
    come_back_to_work(town, changed[what == RETURNS], month)
    retire(town, changed[what == RETIRES], month)
    enter(town, params, changed[what == ENTERS], month)


def finish_or_go_on(town: Town, params: Parameters, month: int, at_16: np.ndarray, ending: np.ndarray) -> None:
    """School and study: subjects, qualifications, and what comes next. All is decided before anything is written."""
    d, w = params.demography, town.people
    learners = np.concatenate([at_16, ending])
    if len(learners) == 0:
        return
    latent = _latent(town, d, learners)
    months_old = month - w.birth_month[ending]
    at_18, at_21 = months_old < GRADUATE_AGE, months_old >= GRADUATE_AGE
    stem_16 = _stem(town, d, at_16, 3, d.stem_base_16)
    stem_18 = _stem(town, d, ending[at_18], 4, d.stem_base_18)
    passes = chance.uniforms(town.key, chance.SCHOOLING, 0, w.id[ending], 1) < d.completion
    passes[at_21] = chance.uniforms(town.key, chance.SCHOOLING, 0, w.id[ending[at_21]], 2) < d.completion
    on_at_16 = latent[: len(at_16)] > town.solved.schooling[0]
    on_at_18 = at_18 & passes & (latent[len(at_16) :] > town.solved.schooling[1])
    w.subject[at_16] = stem_16
    w.subject[ending[at_18]] &= stem_18.astype(np.int8)
    _qualify(town, d, ending[at_18 & passes], RQF3)
    _qualify(town, d, ending[at_21 & passes], RQF4)
    _study(town, at_16[on_at_16], COLLEGE_AGE, month)
    _study(town, ending[on_at_18], GRADUATE_AGE, month)
    _start_working_life(town, np.concatenate([at_16[~on_at_16], ending[~on_at_18]]), month)


def _latent(town: Town, d: Demography, rows: np.ndarray) -> np.ndarray:
    w, contact = town.people, town.ties.contact
    exposed, out = np.empty(len(rows)), np.empty(len(rows))
    family_exposure(rows, w.parent, contact, w.residence, w.stage, w.origin, d.exposure_reference, exposed)
    gained = np.array([0.0, d.skill_gain_rqf3, d.skill_gain_rqf3 + d.skill_gain_rqf4])[w.qualification[rows]]
    mean_log_skill = gained - typical_log_skill(d) - d.skill_youth
    weights = np.array(attainment_weights(d))
    attainment(rows, town.key, w.id, w.origin, w.skill, exposed, weights, d.attainment_exposure, d.exposure_reference,
               mean_log_skill, d.skill_sd, out)  # fmt: skip
    return out


def _stem(town: Town, d: Demography, rows: np.ndarray, draw: int, base: float) -> np.ndarray:
    w, o, out = town.people, town.occupations, np.zeros(len(rows), np.bool_)
    choose_stem(rows, draw, town.key, w.id, w.gender, w.interests, w.considered, town.ties.contact, w.post,
                town.posts.occupation, o.stem, o.riasec, base, d.stem_interest, d.stem_considered, d.stem_contacts,
                d.stem_gender, out)  # fmt: skip
    return out


def _qualify(town: Town, d: Demography, rows: np.ndarray, level: int) -> None:
    gain = d.skill_gain_rqf3 if level == RQF3 else d.skill_gain_rqf4
    town.people.qualification[rows] = level
    town.people.skill[rows] *= np.float32(math.exp(gain))


def _study(town: Town, rows: np.ndarray, until_age: int, month: int) -> None:
    """Go on learning: full time (student), or beside working life."""
    w = town.people
    w.study_until[rows] = w.birth_month[rows] + until_age
    full_time = chance.uniforms(town.key, chance.SCHOOLING, 0, w.id[rows], 5) < town.solved.schooling[2]
    students = rows[full_time & (w.stage[rows] != WORKING)]
    if town.log_events:
        town.events.add(month, students, STAGE, STUDENT)
    w.stage[students] = STUDENT
    _enter_labour_force(town, rows[~full_time & (w.stage[rows] != WORKING)], month)


def _start_working_life(town: Town, rows: np.ndarray, month: int) -> None:
    w = town.people
    w.study_until[rows] = -1
    _enter_labour_force(town, rows[w.stage[rows] != WORKING], month)


def _enter_labour_force(town: Town, rows: np.ndarray, month: int) -> None:
    if town.log_events:
        town.events.add(month, rows, STAGE, WORKING)
    town.people.stage[rows] = WORKING
    town.people.reason[rows] = ACTIVE
    town.people.jobless_since[rows] = month


def fall_out(town: Town, rows: np.ndarray, reason: np.ndarray, month: int) -> None:
    """Leave the labour force for ``reason``, and the post if there is one."""
    w = town.people
    leave_posts(town, rows[w.post[rows] >= 0], BECAME_INACTIVE, month)
    w.reason[rows] = reason


def come_back_to_work(town: Town, rows: np.ndarray, month: int) -> None:
    """Look for work again."""
    town.people.reason[rows] = ACTIVE
    town.people.jobless_since[rows] = month


def retire(town: Town, rows: np.ndarray, month: int) -> None:
    """Leave working life, here or elsewhere, and the model."""
    w = town.people
    leave_posts(town, rows[w.post[rows] >= 0], RETIRED_FROM, month)
    if town.log_events:
        town.events.add(month, rows, STAGE, RETIRED)
    town.tallies["retired"] = float((w.residence[rows] == HERE).sum())
    w.stage[rows], w.residence[rows], w.reason[rows] = RETIRED, GONE, ACTIVE
    w.seeking[rows], w.jobless_since[rows] = 0, -1
    w.elsewhere_employed[rows], w.elsewhere_pay[rows], w.ties_here[rows] = 0, 0.0, 0.0


def admission_chance(town: Town, params: Parameters) -> float:
    """Chance that a potential in-migrant comes (1)."""
    d, u, ref = params.demography, town.aggregates.unemployment, town.solved.unemployment_ref
    if ref <= 0.0:
        return d.admission
    return min(1.0, d.admission * (max(u, 0.005) / ref) ** -d.admission_unemployment)


def enter(town: Town, params: Parameters, rows: np.ndarray, month: int) -> None:
    """Let those whose month has come enter: pupils where the parent lives, in-migrants if admitted, else elsewhere."""
    w = town.people
    migrant = w.origin_kind[rows] == IN_MIGRANT
    admitted = chance.uniforms(town.key, chance.IN_MIGRATION, 0, w.id[rows], 0) < admission_chance(town, params)
    parent = w.parent[rows]
    parent_away = (parent >= 0) & (w.residence[parent] == ELSEWHERE)
    here = np.where(migrant, admitted, ~parent_away)
    w.residence[rows] = np.where(here, HERE, ELSEWHERE)
    away = rows[parent_away & ~migrant]
    w.moved_month[away] = w.moved_month[w.parent[away]]
    w.jobless_since[rows[here & (w.stage[rows] == WORKING)]] = month
    _start_elsewhere(town, rows[migrant & ~admitted])
    if town.log_events:
        town.events.add(month, rows[here], CAME, np.where(migrant, CAME_AS_MIGRANT, TURNED_13)[here])
    town.tallies["came_rows"] = rows[here & migrant]
    town.tallies["turned_13"] = float((here & ~migrant).sum())
    town.tallies["in_moves"] = town.tallies.get("in_moves", 0.0) + float((here & migrant).sum())


def _start_elsewhere(town: Town, rows: np.ndarray) -> None:
    """Those not admitted are in work elsewhere as often as people there are."""
    w, s = town.people, town.solved
    share = s.finding_elsewhere / max(s.finding_elsewhere + s.loss_elsewhere, 1e-12)
    works = chance.uniforms(town.key, chance.ELSEWHERE_WORK, 0, w.id[rows], 1) < share
    w.elsewhere_employed[rows] = works & (w.stage[rows] == WORKING)
