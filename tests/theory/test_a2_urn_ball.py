"""Checks A2 and A3: urn-ball hiring, and whom one more searcher displaces."""

from __future__ import annotations

import numpy as np
import pytest
from tests import towns

from careersim.month import hiring, search

ONE_BALL = {
    "search": {
        "adverts_base": 1.0, "adverts_career_skill": 0.0, "adverts_digital": 0.0, "hear_rate": 0.0,
        "applications_base": 1.0, "applications_career_skill": 0.0, "applications_morale": 0.0, "morale_floor": 0.0,
        "employed_rate": 0.0,
    },
    "hiring": {"bar": -100.0, "productivity_weight": 0.0, "presentation": 0.0, "duration_penalty": 0.0, "clarity": 0.0},
}  # fmt: skip


def matched(n_seekers: int, n_posts: int, months: int, heads: int = 1, looking: int | None = None) -> np.ndarray:
    """Who of ``n_seekers`` (the first ``looking`` of them searching) finds a post, in each of many one-month markets."""
    p = towns.parameters(**ONE_BALL)
    no_ties = np.empty((0, 2), int)
    record = np.zeros((months, n_seekers), bool)
    for month in range(months):
        town = towns.town_of(
            towns.alike_people(n_seekers),
            towns.ties_from(no_ties, n_seekers),
            *towns.employers_and_posts([[2]] * n_posts, heads),
        )
        town.posts.vacancies[:] = heads
        town.people.morale[looking if looking is not None else n_seekers :] = -1.0
        search.step(town, p, month)
        hiring.step(town, p, month)
        record[month] = town.people.post >= 0
    return record


@pytest.mark.parametrize(("u", "v", "expected"), [(20, 10, 8.7842), (10, 20, 8.0253)])
def test_a2_matches(u, v, expected):
    found = matched(u, v, 1500).sum(axis=1)
    assert abs(found.mean() - expected) < 3 * found.std() / np.sqrt(len(found))


@pytest.mark.parametrize(("u", "v", "expected"), [(25, 100, 0.1206), (100, 100, 0.4202), (200, 100, 0.6895)])
def test_a3_displacement_by_one_more_searcher(u, v, expected):
    months = 2500
    without, with_one = matched(u + 1, v, months, looking=u), matched(u + 1, v, months)
    others_lost = (without[:, :u].sum(axis=1) - with_one[:, :u].sum(axis=1)).astype(float)
    gained = with_one[:, u].astype(float)
    d = others_lost.mean() / gained.mean()
    error = np.std(others_lost - d * gained) / np.sqrt(months) / gained.mean()
    assert abs(d - expected) < 3 * error


def test_a3_no_displacement_where_posts_are_unlimited():
    without, with_one = matched(51, 10, 30, heads=60, looking=50), matched(51, 10, 30, heads=60)
    assert with_one.all()
    assert np.array_equal(without[:, :50], with_one[:, :50])


def test_a3_full_displacement_where_posts_are_always_filled():
    without, with_one = matched(101, 1, 30, looking=100), matched(101, 1, 30)
    assert np.all(without.sum(axis=1) == 1)
    assert np.all(with_one.sum(axis=1) == 1)
