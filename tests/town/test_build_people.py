"""Initial residents: shares as published, traits correlated as stated, posts filled consistently."""

from __future__ import annotations

import numpy as np
import pytest
from tests.town.people_town import figures, people_town

from careersim.chance import replicate_key
from careersim.scenario.parameters import Parameters
from careersim.town.build_people import build_people, stationary_ages
from careersim.town.columns import PUPIL, STUDENT, WORKING
from careersim.town.place_constants import exit_rates, inactive_by_age, solve_inactivity_entry

PARAMS = Parameters()
N = 20_000


@pytest.fixture(scope="module", params=["inverclyde", "reading"])
def built(request):
    place, national = figures(request.param)
    return place, build_people(place, national, PARAMS, N, replicate_key(1, 0))


def of_working_age(w):
    return (w.birth_month <= -16 * 12) & (w.birth_month > -65 * 12)


def test_ages_are_uniform_from_13_to_pension_age():
    ages = stationary_ages(6360, 66, replicate_key(1, 0))
    assert (np.bincount(ages, minlength=793)[157:] == 10).all()
    assert ages.min() == 157
    assert ages.max() == 792


def test_identities_and_no_nan(built):
    _, w = built
    assert (w.id == np.arange(N)).all()
    for name, a in w.arrays().items():
        assert np.isfinite(a).all(), name


def test_shares_are_the_places(built):
    place, w = built
    adult = of_working_age(w)
    share = lambda flag: flag[adult].mean()  # noqa: E731
    assert share(w.qualification == 2) == pytest.approx(place.rqf4_share, abs=0.015)
    assert share(w.qualification == 1) == pytest.approx(place.rqf3_share, abs=0.015)
    assert share(w.stage == STUDENT) == pytest.approx(place.student_share, abs=0.01)
    published = (place.care_share, place.sick_share, place.early_retired_share, place.other_inactive_share)
    for reason, wanted in enumerate(published, 1):
        assert share((w.stage == WORKING) & (w.reason == reason)) == pytest.approx(wanted, abs=0.01)
    assert w.ethnicity.mean() == pytest.approx(place.minority_share, abs=0.01)
    assert 1 - w.digital_access.mean() == pytest.approx(place.digital_excluded_share, abs=0.01)


def test_traits_are_correlated_as_stated(built):
    _, w = built
    adult = of_working_age(w)
    corr = lambda a, b: np.corrcoef(a[adult], b[adult])[0, 1]  # noqa: E731
    assert 0.1 < corr(w.origin, w.qualification) < 0.5
    assert 0.2 < corr(np.log(w.skill), w.qualification) < 0.7
    assert 0.15 < corr(w.origin, w.neighbourhood) < 0.6
    assert corr(w.e0, w.e1) == pytest.approx(PARAMS.migration.luck_correlation, abs=0.03)
    assert np.median(w.skill[adult]) == pytest.approx(1.0, abs=0.06)
    assert np.exp(w.e0.astype(float)).mean() == pytest.approx(1.0, abs=0.01)
    assert np.exp(w.e1.astype(float)).mean() == pytest.approx(1.0, abs=0.015)
    assert np.linalg.norm(w.interests, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert w.subject[adult & (w.gender == 0)].mean() > w.subject[adult & (w.gender == 1)].mean()
    assert w.digital_access[w.origin > 0.7].mean() > w.digital_access[w.origin < 0.3].mean()


def test_horizon_is_stereotyped_by_gender(built):
    _, w = built
    trades, caring = 1 << 6, 1 << 7
    men, women = w.gender == 0, w.gender == 1
    assert ((w.considered & trades) > 0)[men].mean() > ((w.considered & trades) > 0)[women].mean() + 0.2
    assert ((w.considered & caring) > 0)[women].mean() > ((w.considered & caring) > 0)[men].mean() + 0.2


def test_pupils_have_a_parent_of_suitable_age_next_door(built):
    _, w = built
    pupils = np.flatnonzero(w.stage == PUPIL)
    assert (w.parent[pupils] >= 0).all()
    age_at_birth = w.birth_month[pupils] - w.birth_month[w.parent[pupils]]
    assert (age_at_birth >= 20 * 12).all()
    assert (age_at_birth <= 45 * 12).all()
    assert (w.neighbourhood[pupils] == w.neighbourhood[w.parent[pupils]]).all()


def test_entry_into_inactivity_reproduces_the_shares():
    place, _ = figures()
    d = PARAMS.demography
    entry = solve_inactivity_entry(place, d) * (1 + (d.jobless_factor - 1) * place.unemployment_rate)
    found = inactive_by_age(entry, exit_rates(d))[:, :, 16:65].mean(axis=(1, 2))
    wanted = [place.care_share, place.sick_share, place.early_retired_share, place.other_inactive_share]
    assert found == pytest.approx(wanted, rel=1e-3)


def test_posts_are_filled_consistently_and_near_the_employment_rate():
    town = people_town(people=5000)
    place, _ = figures()
    w, p = town.people, town.posts
    assert (np.bincount(w.post[w.post >= 0], minlength=len(p)) == p.holders).all()
    assert (p.holders <= p.target).all()
    assert (p.vacancies == np.maximum(p.target - p.holders, 0)).all()
    works = w.post >= 0
    assert works[of_working_age(w)].mean() == pytest.approx(place.employment_rate, abs=0.025)
    assert (w.stage[works] == WORKING).all()
    assert (w.reason[works] == 0).all()
    assert (w.pay[works] == p.pay[w.post[works]]).all()
    assert (w.hired_month[works] <= -2).all()
    assert (w.considered[works] >> p.occupation[w.post[works]] & 1 == 1).all()
    top = town.occupations.qualification[p.occupation[w.post[works]]] == 2
    assert w.qualification[works][top].mean() > w.qualification[works][~top].mean() + 0.3
