"""A2 and A3 by the public functions; precision in `careersim verify`."""

from __future__ import annotations

import numpy as np
import pytest

from careersim.checks import displacement, exact_displacement, exact_urn_ball, urn_ball
from careersim.checks.urns import Market


@pytest.mark.parametrize(("u", "v", "expected"), [(20, 10, 8.7842), (10, 20, 8.0253)])
def test_a2_matches(u: int, v: int, expected: float) -> None:
    found = urn_ball(u, v, replicates=1500, rng=1)
    assert exact_urn_ball(u, v) == pytest.approx(expected, abs=5e-5)
    assert abs(found.value - expected) < 3 * found.standard_error


@pytest.mark.parametrize(("x", "expected"), [(0.25, 0.1206), (1, 0.4202), (2, 0.6895)])
def test_a3_displacement_by_one_more_searcher(x: float, expected: float) -> None:
    found = displacement(100, x, replicates=2500, rng=1)
    assert exact_displacement(100, x) == pytest.approx(expected, abs=5e-5)
    assert abs(found.value - expected) < 3 * found.standard_error


def test_a3_no_displacement_where_posts_are_unlimited() -> None:
    market = Market(51, 10, 60, np.uint64(1))
    for month in range(30):
        without, with_one = market.hired(month, 50), market.hired(month, 51)
        assert with_one.all()
        assert np.array_equal(without[:50], with_one[:50])


def test_a3_full_displacement_where_posts_are_always_filled() -> None:
    market = Market(101, 1, 1, np.uint64(1))
    for month in range(30):
        assert market.hired(month, 100).sum() == market.hired(month, 101).sum() == 1
