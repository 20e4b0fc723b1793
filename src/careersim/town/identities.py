"""Identity before policy: everybody who may ever enter town gets a row, a name and fixed traits beforehand.

``lay_out`` appends the potential entrants of coming months: pupils who turn 13 (each with a parent fixed now) and potential
in-migrants. Whether they enter is decided in their month; who they are is not. ``compact`` drops rows that can no longer
matter, and changes nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.town import traits
from careersim.town.build_people import COLLEGE_AGE, ENTRY_AGE, GRADUATE_AGE
from careersim.town.columns import (
    ELSEWHERE,
    HERE,
    IN_MIGRANT,
    NOT_YET,
    PUPIL,
    RQF3,
    SCHOOL_LEAVER,
    STUDENT,
    WORKING,
    People,
    Ties,
)
from careersim.town.parents import candidates, pick_parents, standing
from careersim.town.place_constants import write_constants
from careersim.town.town import Town

YOUNGEST_MIGRANT, OLDEST_MIGRANT = 18 * 12, 50 * 12
MIGRANT_AGE_DECAY = 10 * 12
"""Months over which the number of in-migrants falls to 1/e with age (Rogers and Castro 1981, form; size assumed)."""


def lay_out(town: Town, place: Any, national: Any, params: Parameters, until_month: int) -> None:
    """Append rows for all potential entrants of months ``town.laid_out_until`` .. ``until_month - 1``.

    Pupils come at the constant rate that keeps ages stationary, in-migrants at ``town.solved.migrant_rate``; fractions are carried from
    month to month. Month by month, first the pupils then the in-migrants take the next identities. Also writes the place's
    constants (`write_constants`).
    """
    write_constants(town, place, national, params)
    months = np.arange(town.laid_out_until, until_month)
    working_life = params.time.pension_age * 12 - ENTRY_AGE
    n_pupils = whole_flow(town.n_people / working_life, months)
    n_migrants = whole_flow(town.solved.migrant_rate * town.n_people, months)
    month = np.repeat(months, n_pupils + n_migrants)
    first = np.cumsum(n_pupils + n_migrants) - (n_pupils + n_migrants)
    within = np.arange(len(month)) - np.repeat(first, n_pupils + n_migrants)
    is_pupil = within < np.repeat(n_pupils, n_pupils + n_migrants)
    new = People.empty(len(month))
    new.id[:] = town.next_id + np.arange(len(month))
    new.residence[:], new.entry_month[:] = NOT_YET, month
    pupils, migrants = np.flatnonzero(is_pupil), np.flatnonzero(~is_pupil)
    young = _pupils(town, new.take(pupils), place, national, params)
    come = _migrants(town, new.take(migrants), place, national, params)
    in_order = np.argsort(np.concatenate([pupils, migrants]), kind="stable")
    town.people = town.people.extend(young.extend(come).take(in_order))
    town.ties = town.ties.extend(Ties.of_width(len(month), town.ties.contact.shape[1]))
    town.next_id += len(month)
    town.laid_out_until = max(until_month, town.laid_out_until)


def whole_flow(rate: float, months: np.ndarray) -> np.ndarray:
    """How many come in each month at ``rate`` a month: whole numbers that carry fractions forward."""
    return (np.floor(rate * (months + 1) + 1e-9) - np.floor(rate * months + 1e-9)).astype(np.int64)


def _pupils(town: Town, w: People, place: Any, national: Any, params: Parameters) -> People:
    """Potential pupils: parent, and from the parent neighbourhood and origin; nature by identity."""
    d, key = params.demography, town.key
    mix = traits.mix_here(place, national, d)
    w.origin_kind[:], w.stage[:] = SCHOOL_LEAVER, PUPIL
    w.birth_month[:] = w.entry_month - ENTRY_AGE
    w.parent[:] = pick_parents(town.people, candidates(town.people), w.birth_month, w.id, key)
    z_origin = mix.origin_shift + chance.normals(key, chance.PERSON_PLACE, 0, w.id, 1)
    has = w.parent >= 0
    z_parent = standing(town, w.parent[has])
    r = d.origin_from_parent
    luck = z_origin[has] - mix.origin_shift
    z_origin[has] = mix.origin_shift + r * z_parent + np.sqrt(1 - r * r) * luck
    traits.nature(w, z_origin, mix, d, params.migration, key)
    n = traits.n_neighbourhoods(town.n_people)
    w.neighbourhood[:] = traits.neighbourhood(z_origin, mix, w.id, n, d, key)
    w.neighbourhood[has] = town.people.neighbourhood[w.parent[has]]
    _outlook(w, z_origin, np.full(len(w), ENTRY_AGE), mix, national, params, key)
    return w


def _migrants(town: Town, w: People, place: Any, national: Any, params: Parameters) -> People:
    """Potential in-migrants: 18 to 50, fewer with age, of the national mix."""
    d, key = params.demography, town.key
    here = traits.mix_here(place, national, d)
    mix = traits.mix_elsewhere(place, d, here.origin_shift, town.solved.migrant_rqf4_share)
    w.origin_kind[:], w.stage[:] = IN_MIGRANT, WORKING
    months_old = migrant_ages(w.id, key)
    w.birth_month[:] = w.entry_month - months_old
    z_origin = mix.origin_shift + chance.normals(key, chance.PERSON_PLACE, 0, w.id, 1)
    traits.nature(w, z_origin, mix, d, params.migration, key)
    n = traits.n_neighbourhoods(town.n_people)
    w.neighbourhood[:] = traits.neighbourhood(z_origin, here, w.id, n, d, key)
    latent = traits.attainment(w, z_origin, d, key)
    w.qualification[:] = traits.highest(latent, w.id, mix, d, key)
    young = (months_old < GRADUATE_AGE) & (months_old >= COLLEGE_AGE)
    w.qualification[young] = np.minimum(w.qualification[young], RQF3)
    studies = young & (latent > traits.thresholds(mix, d)[1]) & (w.qualification == RQF3)
    w.study_until[studies] = w.birth_month[studies] + GRADUATE_AGE
    full_time = chance.uniforms(key, chance.SCHOOLING, 0, w.id, 5) < town.solved.schooling[2]
    w.stage[studies & full_time] = STUDENT
    _outlook(w, z_origin, months_old, mix, national, params, key)
    traits.choose_subject(w, w.qualification >= RQF3, national, d, key)
    return w


def migrant_ages(who: np.ndarray, key: np.uint64) -> np.ndarray:
    """Ages in months of in-migrants: exponential from 18, cut at 50."""
    u = chance.uniforms(key, chance.MIGRANT_AGE, 0, who, 0)
    span = (OLDEST_MIGRANT - YOUNGEST_MIGRANT) / MIGRANT_AGE_DECAY
    return (YOUNGEST_MIGRANT - MIGRANT_AGE_DECAY * np.log(1.0 - u * (1.0 - np.exp(-span)))).astype(np.int64)


def _outlook(w: People, z_origin, months_old, mix: traits.Mix, national: Any, params: Parameters, key) -> None:
    """Skill at entry, horizon and outlook."""
    d = params.demography
    traits.add_schooling_and_age(w, months_old, d)
    traits.see_as_open(w, z_origin, w.stage == WORKING, national, d, key)
    traits.outlook(w, z_origin, mix, d, key)


def may_matter(town: Town, return_window: int) -> np.ndarray:
    """Flag the rows that can still act or be asked: who lives here, may enter or return, and whom they look at.

    The others are retired, or live elsewhere for good (longer than the return window, or never admitted). Of these stay those that
    somebody who matters still has as a contact, and parents (with their contacts) of whoever has not finished school.
    """
    w, contact = town.people, town.ties.contact
    returns = (w.residence == ELSEWHERE) & (w.moved_month >= 0) & (town.month - w.moved_month <= return_window)
    acts = (w.residence == HERE) | (w.residence == NOT_YET) | returns
    keep = acts.copy()
    in_school = acts & ((w.residence == NOT_YET) | (town.month - w.birth_month <= GRADUATE_AGE))
    parents = np.unique(w.parent[in_school & (w.parent >= 0)])
    keep[parents] = True
    for rows in (np.flatnonzero(acts), parents):
        seen = contact[rows]
        keep[seen[seen >= 0]] = True
    return keep


def compact(town: Town, return_window: int = 120) -> np.ndarray:
    """Drop the rows that can no longer matter and renumber every reference to a row. Nothing else changes.

    Returns a mask of the rows kept, by which others who remember rows can follow.

    Must not be called once policy has begun (the ledger joins by identity, and leavers keep their account), nor while the log of
    causes is kept.
    """
    keep = may_matter(town, return_window)
    if keep.all():
        return keep
    new_row = np.full(len(keep) + 1, -1, np.int32)
    new_row[:-1][keep] = np.arange(keep.sum(), dtype=np.int32)
    town.people = town.people.take(keep)
    town.people.parent[:] = new_row[town.people.parent]
    town.ties = town.ties.take(keep)
    town.ties.contact[:] = new_row[town.ties.contact]
    dropped = town.ties.contact < 0
    town.ties.strength[dropped] = 0.0
    town.ties.kind[dropped] = 0
    town.tallies.clear()
    return keep
