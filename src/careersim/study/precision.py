"""How sure the differences are: what decides whether replicates are added."""

from __future__ import annotations

import math
from typing import Any

from careersim.study.numbers import PAIR
from careersim.study.statistics import mean_interval
from careersim.study.task import BASELINE, PLACEBO
from careersim.study.writing import StoreError

ABOUT_PEOPLE = ("direct.", "spill.", "changed.", "total.")
"""Measures of an arm that are differences from none in themselves begin with one of these."""


def widest(run: Any, measure: str) -> float:
    """Largest half width of the 95% intervals of a measure's paired differences, over places, strategies and points.

    Infinite where there is no interval. A measure of people (``direct.income``) is a difference already, summed over the period.

    Raises
    ------
    StoreError
        If no run has such a measure.
    """
    table = "effects" if measure.startswith(ABOUT_PEOPLE) else "summary"
    lines = run.store.read(run.design, [table], [measure])
    if lines.empty:
        raise StoreError(f"stop_when: no run has a measure '{measure}' (see careersim list measures)")
    lines = lines.astype({"place": str, "arm": str})
    values = lines.pivot(index=["place", *PAIR], columns="arm", values="value")
    if table == "summary":
        values = values.sub(values[BASELINE], axis=0)
    halves = []
    for arm in values.columns.difference([BASELINE, PLACEBO]):
        for _, part in values[arm].groupby(level=["place", "point"], observed=True):
            e = mean_interval(part.to_numpy())
            halves.append((e.high - e.low) / 2 if e.has_interval else math.inf)
    return max(halves, default=0.0)
