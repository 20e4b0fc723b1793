"""A7: thresholds for joining in (Granovetter 1978), with the organising phase."""

from __future__ import annotations

import numpy as np
import pytest

from careersim.checks import joined, normal_thresholds


def test_thresholds_0_to_99_all_join() -> None:
    assert joined(np.arange(100) / 100) == 100


def test_change_one_threshold_and_one_joins() -> None:
    thresholds = np.arange(100) / 100
    thresholds[1] = 0.02
    assert joined(thresholds) == 1


@pytest.mark.parametrize(("sd", "low", "high"), [(0.12220, 0.0, 0.12), (0.12224, 0.99, 1.01)])
def test_normal_thresholds_jump_at_the_critical_spread(sd: float, low: float, high: float) -> None:
    assert low < joined(normal_thresholds(100_000, 0.25, sd)) / 100_000 < high
