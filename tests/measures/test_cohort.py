"""The school year that is followed: who is in it, and what is counted."""

from __future__ import annotations

import numpy as np
import pytest
from tests.towns import lively_town

from careersim.measures import catalogue, cohort
from careersim.measures.registry import Snapshot
from careersim.services.eligibility import mask
from careersim.town.columns import ELSEWHERE, HERE


@pytest.fixture
def town():
    town = lively_town()
    town.policy_start = 40
    w = town.people
    w.residence[w.residence == ELSEWHERE] = HERE
    w.birth_month[:] = 40 - 12 * 30
    return town


def test_the_school_year_is_of_those_aged_14_when_policy_began_whatever_the_month(town) -> None:
    w = town.people
    w.birth_month[:4] = [40 - 168, 40 - 179, 40 - 180, 40 - 167]  # 14y0m, 14y11m, 15y, 13y11m
    w.gender[:4] = 1
    for month in (40, 140):
        town.month = month
        assert cohort.school_year(Snapshot(town), 1).tolist() == [0, 1]
        assert np.flatnonzero(mask(town, month, {"age_at_start": 14})).tolist() == [0, 1]


def test_shares_are_over_all_girls_of_the_year(town) -> None:
    w, stem = town.people, np.flatnonzero(town.occupations.stem == 1)
    girls = np.arange(4)
    w.birth_month[girls] = 40 - 170
    w.gender[girls] = 1
    w.subject[girls] = [1, 0, 0, 0]
    w.considered[girls] = [1 << int(stem[0]), 0, 0b11, 0]
    w.considered[2] &= ~np.uint32(sum(1 << int(o) for o in stem))
    w.post[girls] = -1
    w.pay[girls] = 0.0
    in_stem = np.flatnonzero(np.isin(town.posts.occupation, stem))[0]
    w.post[3], w.pay[3] = in_stem, 3000.0
    s = Snapshot(town)
    assert cohort.girls_stem_subject(s) == 0.25
    assert cohort.girls_consider_stem(s) == 0.25
    assert cohort.girls_stem_posts(s) == 0.25
    assert cohort.girls_pay(s) == 3000.0
    assert cohort.girls_considered(s) == pytest.approx((1 + bin(int(w.considered[2])).count("1")) / 4)


def test_without_anybody_of_the_year_there_is_no_number(town) -> None:
    assert all(np.isnan(catalogue()[name].compute(Snapshot(town))) for name in ("girls_stem_subject", "girls_pay"))
