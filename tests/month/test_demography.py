"""Demography: entry, school, inactivity, retirement; stocks and flows agree; row order and the off variant."""

from __future__ import annotations

import numpy as np
import pytest
from tests.town.people_town import by_identity, figures, people_town, permuted

from careersim.month import demography
from careersim.scenario.parameters import Parameters
from careersim.town.columns import (
    ACTIVE,
    ELSEWHERE,
    GONE,
    HERE,
    IN_MIGRANT,
    NOT_YET,
    PUPIL,
    SCHOOL_LEAVER,
    STUDENT,
    WORKING,
)
from careersim.town.identities import lay_out
from careersim.town.state import digest, fork

PARAMS = Parameters()


def ready(months: int = 24, people: int = 2000):
    town = people_town(people=people)
    lay_out(town, *figures(), PARAMS, months)
    return town


def run(town, months: int, params: Parameters = PARAMS):
    for month in range(months):
        town.month = month
        town.tallies.clear()
        demography.step(town, params, month)
    return town


def test_off_changes_nothing():
    town = ready()
    before = digest(town)
    demography.step(town, Parameters(demography={"on": False}), 0)
    assert digest(town) == before


def test_residents_follow_from_the_flows():
    town = ready()
    for month in range(24):
        before = (town.people.residence == HERE).sum()
        town.tallies.clear()
        demography.step(town, PARAMS, month)
        flows = town.tallies
        change = flows["turned_13"] + flows["in_moves"] - flows["retired"]
        assert (town.people.residence == HERE).sum() - before == change
        p = town.posts
        held = np.bincount(town.people.post[town.people.post >= 0], minlength=len(p))
        assert (held == p.holders).all()
    assert (town.people.residence != NOT_YET).all()


def test_everybody_is_in_the_stage_of_their_age():
    town = run(ready(36), 36)
    w = town.people
    lives = (w.residence == HERE) | (w.residence == ELSEWHERE)
    age = 35 - w.birth_month
    assert (age[lives] < 66 * 12).all()
    assert ((w.stage == PUPIL) == (age < 16 * 12))[lives].all()
    assert not (lives & (w.stage == STUDENT) & (age >= 21 * 12)).any()
    assert (w.post[lives & (w.stage != WORKING)] == -1).all()
    assert (w.post[w.residence == GONE] == -1).all()


def test_pupils_enter_where_the_parent_lives():
    town = ready()
    w = town.people
    pupils = np.flatnonzero((w.origin_kind == SCHOOL_LEAVER) & (w.parent >= 0))
    away = w.parent[pupils[::2]]
    w.residence[away], w.moved_month[away] = ELSEWHERE, 0
    w.post[away] = -1
    run(town, 24)
    lives_with = w.residence[w.parent[pupils]] != GONE
    assert (w.residence[pupils] == w.residence[w.parent[pupils]])[lives_with].all()
    assert (w.moved_month[pupils][w.residence[pupils] == ELSEWHERE] == 0).all()


def test_in_migration_falls_with_unemployment():
    town = ready(60)
    slack = fork(town)
    slack.aggregates.unemployment = 4 * town.solved.unemployment_ref
    few, many = (run(t, 60).people for t in (slack, town))
    came = lambda w: ((w.origin_kind == IN_MIGRANT) & (w.residence == HERE)).sum()  # noqa: E731
    assert came(few) < 0.7 * came(many)
    assert demography.admission_chance(town, PARAMS.demography) == pytest.approx(PARAMS.demography.admission)
    refused = (many.origin_kind == IN_MIGRANT) & (many.residence == ELSEWHERE)
    assert (many.moved_month[refused] == -1).all()


def test_inactivity_stays_near_the_published_shares():
    place, national = figures()
    params = Parameters(demography={"jobless_factor": 1.0})
    town = people_town(people=5000)
    town.solved.migrant_rate = 0.0
    lay_out(town, place, national, params, 120)
    run(town, 120, params)
    w = town.people
    age = 119 - w.birth_month
    residents = (w.residence == HERE) & (age >= 192) & (age < 780)
    published = (place.care_share, place.sick_share, place.early_retired_share, place.other_inactive_share)
    for reason, wanted in enumerate(published, 1):
        assert (w.reason[residents] == reason).mean() == pytest.approx(wanted, abs=0.02)
    assert ((w.reason != ACTIVE) & (w.post >= 0)).sum() == 0


def test_exposure_raises_qualification_and_role_models_raise_stem():
    town = ready()
    w, contact = town.people, town.ties.contact
    learners = np.flatnonzero(w.stage == PUPIL)
    at_16 = np.full(len(learners), demography.TURNS_16, np.int8)
    adults = np.flatnonzero(w.stage == WORKING)
    high, low = adults[w.origin[adults] > 0.5], adults[w.origin[adults] <= 0.5]
    latent = {}
    for name, friends in (("high", high), ("low", low)):
        contact[learners] = friends[: contact.shape[1]]
        latent[name] = demography.attainment_of(town, PARAMS.demography, learners, at_16)
    assert (latent["high"] > latent["low"]).all()
    women = adults[(w.gender[adults] == 1) & (w.post[adults] >= 0)]
    stem = town.occupations.stem[town.posts.occupation[w.post[women]]] == 1
    girls = learners[w.gender[learners] == 1]
    chosen = {}
    for name, friends in (("stem", women[stem]), ("other", women[~stem])):
        contact[girls] = np.resize(friends, contact.shape[1])
        chosen[name] = demography.takes_stem(town, PARAMS.demography, girls, at_16[: len(girls)])
    assert chosen["stem"].sum() > chosen["other"].sum()
    assert (chosen["stem"] >= chosen["other"]).all()


def test_row_order_does_not_matter():
    town = ready()
    order = np.random.default_rng(2).permutation(len(town.people))
    a, b = by_identity(run(fork(town), 24)), by_identity(run(permuted(town, order), 24))
    for name in a:
        assert np.array_equal(a[name], b[name]), name


def test_treating_one_person_changes_nobody_elses_luck():
    town = ready()
    other = fork(town)
    i = int(np.flatnonzero(town.people.post >= 0)[0])
    other.people.skill[i] *= 2
    a, b = run(town, 24).people, run(other, 24).people
    assert np.array_equal(a.stage, b.stage)
    assert np.array_equal(a.reason, b.reason)
    assert np.array_equal(np.delete(a.residence, i), np.delete(b.residence, i))


def test_causes_are_logged():
    town = ready()
    town.log_events = True
    run(town, 12)
    log = town.events.columns()
    came = log["cause"][log["event"] == 4]
    assert set(came) <= {1, 3}
    assert len(came) > 0
    assert (log["event"] == 9).sum() > 0
