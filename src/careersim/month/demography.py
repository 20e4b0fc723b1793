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
from careersim.kernels import inlined, kernel
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

NOTHING, RETIRES, ENTERS, TURNS_16, TURNS_18, TURNS_21, RETURNS, FALLS_OUT = 0, 1, 2, 3, 4, 5, 6, 10
"""What happens to a person this month; FALLS_OUT + reason (columns.CARE ..) for becoming inactive. Study ends at 18 or 21."""
STAYED_AWAY, CAME_AS_MIGRANT, CAME_BACK, TURNED_13 = 0, 1, 2, 3
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
            change[i] = TURNS_18 if months_old < GRADUATE_AGE else TURNS_21
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


@inlined
def learns(what):
    """Whether what happens to a person is that school or study ends."""
    return TURNS_16 <= what <= TURNS_21


@kernel
def attainment(
    rows, what, key, who, parent, origin, skill, qualification, contact, residence, stage, weights, exposure_weight, reference,
    mean_log_skill, skill_sd,
):  # fmt: skip
    """Latent attainment (3) of learners, with their permanent luck; a family's exposure is the mean of one's own and the parent's."""
    out = np.zeros(rows.shape[0])
    for r in range(rows.shape[0]):
        if not learns(what[r]):
            continue
        i, p = rows[r], parent[rows[r]]
        exposed = exposure(i, contact, residence, stage, origin, reference)
        if p >= 0:
            exposed = 0.5 * (exposed + exposure(p, contact, residence, stage, origin, reference))
        z_origin = math.log(origin[i] / (1.0 - origin[i])) / 1.702
        z_skill = (math.log(skill[i]) - mean_log_skill[qualification[i]]) / skill_sd
        luck = chance.normal2(key, chance.SCHOOLING, 0, who[i], 0, 0)[0]
        out[r] = weights[0] * z_origin + weights[1] * z_skill + weights[2] * luck
        out[r] += exposure_weight * (exposed - reference)
    return out


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
def choose_stem(
    rows, what, key, who, gender, interests, considered, contact, post, occupation, stem, riasec, base_16, base_18,
    w_interest, w_considered, w_contacts, w_gender,
):  # fmt: skip
    """Whether each person chooses (at 16) or keeps (at 18) a STEM subject (4)."""
    out = np.zeros(rows.shape[0], np.bool_)
    profile, stem_bits = stem_profile(stem, riasec)
    for r in range(rows.shape[0]):
        if what[r] != TURNS_16 and what[r] != TURNS_18:
            continue
        i = rows[r]
        draw, base = (3, base_16) if what[r] == TURNS_16 else (4, base_18)
        likeness = 0.0
        for d in range(6):
            likeness += interests[i, d] * profile[d]
        x = base + w_interest * (likeness - ANYBODYS_LIKENESS) + w_gender * gender[i]
        x += w_considered * ((considered[i] & stem_bits) != 0)
        x += w_contacts * role_models(i, contact, gender, post, occupation, stem)
        out[r] = chance.uniform(key, chance.SCHOOLING, 0, who[i], 0, draw) < _normal_cdf(x)
    return out


@kernel
def go_on_or_finish(
    rows, what, latent, in_stem, month, key, thresholds, completion, gain_rqf3, gain_rqf4, who, birth_month, subject,
    qualification, skill, study_until, stage, reason, jobless_since,
):  # fmt: skip
    """Write what learners' attainment and subject lead to: a qualification, study (full time or beside working life), work; return for
    whom a stage of life begins."""
    begins = np.zeros(rows.shape[0], np.bool_)
    for r in range(rows.shape[0]):
        if not learns(what[r]):
            continue
        i, goes_on, until = rows[r], False, 0
        if what[r] == TURNS_16:
            subject[i] = in_stem[r]
            goes_on, until = latent[r] > thresholds[0], COLLEGE_AGE
        elif what[r] == TURNS_18:
            subject[i] &= in_stem[r]
            if chance.uniform(key, chance.SCHOOLING, 0, who[i], 0, 1) < completion:
                qualification[i] = RQF3
                skill[i] *= gain_rqf3
                goes_on, until = latent[r] > thresholds[1], GRADUATE_AGE
        elif chance.uniform(key, chance.SCHOOLING, 0, who[i], 0, 2) < completion:
            qualification[i] = RQF4
            skill[i] *= gain_rqf4
        study_until[i] = birth_month[i] + until if goes_on else -1
        if stage[i] == WORKING:
            continue
        begins[r] = True
        if goes_on and chance.uniform(key, chance.SCHOOLING, 0, who[i], 0, 5) < thresholds[2]:
            stage[i] = STUDENT
        else:
            stage[i], reason[i], jobless_since[i] = WORKING, ACTIVE, month
    return begins


@kernel
def fall_out_return_or_retire(
    rows, what, month, residence, stage, reason, jobless_since, seeking, elsewhere_employed, elsewhere_pay, ties_here
):  # fmt: skip
    """Write what leaving the labour force, looking for work again and retiring come to; return how many residents retire."""
    retired = 0
    for r in range(rows.shape[0]):
        i = rows[r]
        if what[r] > FALLS_OUT:
            reason[i] = what[r] - FALLS_OUT
        elif what[r] == RETURNS:
            reason[i], jobless_since[i] = ACTIVE, month
        elif what[r] == RETIRES:
            retired += residence[i] == HERE
            stage[i], residence[i], reason[i], seeking[i], jobless_since[i] = RETIRED, GONE, ACTIVE, 0, -1
            elsewhere_employed[i], elsewhere_pay[i], ties_here[i] = 0, 0.0, 0.0
    return retired


@kernel
def come_or_stay_away(
    rows, what, month, key, admission, in_work_elsewhere, who, origin_kind, parent, residence, stage, moved_month, jobless_since,
    elsewhere_employed,
):  # fmt: skip
    """Let those whose month has come live here (in-migrants if admitted, pupils where the parent lives), else elsewhere; return who came how."""
    came = np.full(rows.shape[0], STAYED_AWAY, np.int8)
    for r in range(rows.shape[0]):
        if what[r] != ENTERS:
            continue
        i, p = rows[r], parent[rows[r]]
        if origin_kind[i] != IN_MIGRANT:
            came[r] = STAYED_AWAY if p >= 0 and residence[p] == ELSEWHERE else TURNED_13
        elif chance.uniform(key, chance.IN_MIGRATION, 0, who[i]) < admission:
            came[r] = CAME_AS_MIGRANT
    for r in range(rows.shape[0]):
        if what[r] != ENTERS:
            continue
        i, works = rows[r], stage[rows[r]] == WORKING
        residence[i] = ELSEWHERE if came[r] == STAYED_AWAY else HERE
        if came[r] != STAYED_AWAY:
            jobless_since[i] = month if works else jobless_since[i]
        elif origin_kind[i] == IN_MIGRANT:
            luck = chance.uniform(key, chance.ELSEWHERE_WORK, 0, who[i], 0, 1)
            elsewhere_employed[i] = works and luck < in_work_elsewhere
        else:
            moved_month[i] = moved_month[parent[i]]
    return came


@kernel
def entry_rates(at_full_weight, weights, factor):
    """Chance of becoming inactive by [reason, gender, age], and what bounds its sum over reasons."""
    entry, at_most = np.empty(weights.shape), np.empty(weights.shape[1:])
    for gender in range(weights.shape[1]):
        for year in range(weights.shape[2]):
            total = 0.0
            for r in range(weights.shape[0]):
                entry[r, gender, year] = at_full_weight[r] * weights[r, gender, year] * factor
                total += entry[r, gender, year]
            at_most[gender, year] = 1.000001 * total
    return entry, at_most


def step(town: Town, params: Parameters, month: int) -> None:
    """Let everybody get a month older, and carry out what follows from it."""
    d, w, solved = params.demography, town.people, town.solved
    if not d.on:
        return
    entry, at_most = entry_rates(solved.inactivity_entry, inactivity_weights(), solved.inactivity_rate_factor)
    change = np.empty(town.rows_in_use(month), np.int8)
    over_rows(age, len(change), town.key, month, params.time.pension_age * 12, w.id, w.entry_month, w.birth_month, w.gender,
              w.residence, w.stage, w.reason, w.study_until, w.post, _YEAR_OF, entry, at_most, exit_rates(d),
              d.jobless_factor, change)  # fmt: skip
    changed = (change != NOTHING).nonzero()[0]
    what = change[changed]
    finish_school_or_study(town, d, changed, what, month)
    change_activity(town, changed, what, month)
    enter(town, d, changed, what, month)


def finish_school_or_study(town: Town, d: Demography, rows: np.ndarray, what: np.ndarray, month: int) -> None:
    """School and study: subjects, qualifications, and what comes next. All is decided before anything is written."""
    w = town.people
    latent, in_stem = attainment_of(town, d, rows, what), takes_stem(town, d, rows, what)
    gain_rqf3, gain_rqf4 = np.float32(math.exp(d.skill_gain_rqf3)), np.float32(math.exp(d.skill_gain_rqf4))
    begins = go_on_or_finish(
        rows, what, latent, in_stem, month, town.key, town.solved.schooling, d.completion, gain_rqf3, gain_rqf4, w.id,
        w.birth_month, w.subject, w.qualification, w.skill, w.study_until, w.stage, w.reason, w.jobless_since,
    )  # fmt: skip
    if town.log_events:
        town.events.add(month, rows[begins], STAGE, w.stage[rows[begins]])


def attainment_of(town: Town, d: Demography, rows: np.ndarray, what: np.ndarray) -> np.ndarray:
    """Return the latent attainment (3) of those of ``rows`` who learn."""
    w = town.people
    gained = np.array([0.0, d.skill_gain_rqf3, d.skill_gain_rqf3 + d.skill_gain_rqf4])
    return attainment(
        rows, what, town.key, w.id, w.parent, w.origin, w.skill, w.qualification, town.ties.contact, w.residence, w.stage,
        attainment_weights(d), d.attainment_exposure, d.exposure_reference, gained - typical_log_skill(d) - d.skill_youth,
        d.skill_sd,
    )  # fmt: skip


def takes_stem(town: Town, d: Demography, rows: np.ndarray, what: np.ndarray) -> np.ndarray:
    """Return which of ``rows`` choose or keep a STEM subject (4)."""
    w, o = town.people, town.occupations
    return choose_stem(
        rows, what, town.key, w.id, w.gender, w.interests, w.considered, town.ties.contact, w.post, town.posts.occupation,
        o.stem, o.riasec, d.stem_base_16, d.stem_base_18, d.stem_interest, d.stem_considered, d.stem_contacts, d.stem_gender,
    )  # fmt: skip


def change_activity(town: Town, rows: np.ndarray, what: np.ndarray, month: int) -> None:
    """Leave the labour force, and the post if there is one; look for work again; or leave working life, here or elsewhere, and the model."""
    w, retiring = town.people, what == RETIRES
    leaving = (retiring | (what > FALLS_OUT)) & (w.post[rows] >= 0)
    leave_posts(town, rows[leaving], np.where(retiring, RETIRED_FROM, BECAME_INACTIVE)[leaving], month)
    if town.log_events:
        town.events.add(month, rows[retiring], STAGE, RETIRED)
    town.tallies["retired"] = float(
        fall_out_return_or_retire(
            rows, what, month, w.residence, w.stage, w.reason, w.jobless_since, w.seeking, w.elsewhere_employed,
            w.elsewhere_pay, w.ties_here,
        )
    )  # fmt: skip


def admission_chance(town: Town, d: Demography) -> float:
    """Chance that a potential in-migrant comes (1)."""
    u, ref = town.aggregates.unemployment, town.solved.unemployment_ref
    if ref <= 0.0:
        return d.admission
    return min(1.0, d.admission * (max(u, 0.005) / ref) ** -d.admission_unemployment)


def enter(town: Town, d: Demography, rows: np.ndarray, what: np.ndarray, month: int) -> None:
    """Let those whose month has come enter; those not admitted are in work elsewhere as often as people there are."""
    w, s = town.people, town.solved
    in_work_elsewhere = s.finding_elsewhere / max(s.finding_elsewhere + s.loss_elsewhere, 1e-12)
    came = come_or_stay_away(
        rows, what, month, town.key, admission_chance(town, d), in_work_elsewhere, w.id, w.origin_kind, w.parent, w.residence,
        w.stage, w.moved_month, w.jobless_since, w.elsewhere_employed,
    )  # fmt: skip
    if town.log_events:
        town.events.add(month, rows[came != STAYED_AWAY], CAME, came[came != STAYED_AWAY])
    migrants = rows[came == CAME_AS_MIGRANT]
    town.tallies["came_rows"] = migrants
    town.tallies["turned_13"] = float(np.count_nonzero(came == TURNED_13))
    town.tallies["in_moves"] = town.tallies.get("in_moves", 0.0) + float(len(migrants))
