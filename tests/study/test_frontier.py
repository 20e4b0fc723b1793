"""The undominated set."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from careersim.study.frontier import undominated

NUMBERS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=9)


def test_equal_ones_are_both_kept_and_the_unknown_neither_in_nor_in_the_way() -> None:
    assert undominated([1, 1, 2], [5, 5, 5]).tolist() == [True, True, False]
    assert undominated([0, 1, math.nan], [math.nan, 5, 9]).tolist() == [False, True, False]


@given(NUMBERS)
def test_it_is_what_the_definition_says(points: list[tuple[int, int]]) -> None:
    cost, gain = np.array(points, float).T
    kept = undominated(cost, gain)
    for k, (c, g) in enumerate(points):
        beaten = any(cc <= c and gg >= g and (cc, gg) != (c, g) for cc, gg in points)
        assert kept[k] == (not beaten)
    assert kept.any()
