"""A7: thresholds for joining in (Granovetter 1978, Threshold models of collective behavior), with the model's own kernels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from tests.towns import alike_people, employers_and_posts, parameters, put_in_work, ties_from, town_of

from careersim.month import organising

GRANOVETTER = parameters(
    organising={
        "contacts": "everyone",
        "joins_at": "anywhere",
        "reflect_every": 1,
        "leave_rate": 0.0,
        "contact_rate": 0.0,
        "grievance_rate": 0.0,
    }
)


def joined(thresholds: np.ndarray, most_months: int = 2000, order: np.ndarray | None = None) -> int:
    """How many have joined when nobody joins any more."""
    n = len(thresholds)
    people = alike_people(n)
    people.threshold[:] = thresholds if order is None else thresholds[order]
    town = town_of(people, ties_from(np.empty((0, 2), int), n), *employers_and_posts([[0]], heads=n))
    put_in_work(town, np.arange(n), np.zeros(n, int))
    before = -1
    for month in range(1, most_months):
        organising.step(town, GRANOVETTER, month)
        now = int(town.people.member.sum())
        if now == before:
            return now
        before = now
    raise AssertionError("still joining")


def test_thresholds_0_to_99_all_join() -> None:
    assert joined(np.arange(100) / 100) == 100


def test_change_one_threshold_and_one_joins() -> None:
    thresholds = np.arange(100) / 100
    thresholds[1] = 0.02
    assert joined(thresholds) == 1


def test_order_of_people_does_not_matter() -> None:
    order = np.random.default_rng(1).permutation(100)
    assert joined(np.arange(100) / 100, order=order) == 100


@pytest.mark.parametrize(("sd", "low", "high"), [(0.12220, 0.0, 0.12), (0.12224, 0.99, 1.01)])
def test_normal_thresholds_jump_at_the_critical_spread(sd: float, low: float, high: float) -> None:
    n = 100_000
    thresholds = 0.25 + sd * ndtri((np.arange(n) + 0.5) / n)
    assert low < joined(thresholds) / n < high


def test_a_larger_threshold_nowhere_reached_keeps_everybody_out() -> None:
    assert joined(np.full(50, 0.01)) == 0
