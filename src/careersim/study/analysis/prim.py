"""PRIM, the patient rule induction method (Friedman and Fisher 1999), as used for scenario discovery (Bryant and Lempert 2010).

Given worlds (their uncertain numbers) and which of them are of interest, PRIM looks for a box: ranges of a few numbers within which
most worlds are of interest (*density*) and which holds most worlds of interest (*coverage*). It peels a small share of
worlds off the face that raises the mean most per world lost, again and again, then pastes back what does no harm. Checked in the tests
against the EMA workbench, with whose defaults this agrees limit by limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

ALPHA = 0.05
"""Share of the worlds in the box that is peeled off, or pasted on, at a time."""
LEAST_MASS = 0.05
"""Least share of all worlds in a box."""


@dataclass(frozen=True)
class Box:
    """A box on the trajectory of peeling and pasting."""

    low: np.ndarray
    high: np.ndarray
    """Limits of each number, both included."""
    n: int
    """Worlds inside."""
    n_of_interest: int
    coverage: float
    """Share of all worlds of interest that are inside."""
    density: float
    """Share of the worlds inside that are of interest."""
    restricted: np.ndarray
    """Which numbers are limited."""


def trajectory(x: np.ndarray, y: np.ndarray, alpha: float = ALPHA, least_mass: float = LEAST_MASS) -> list[Box]:
    """All boxes from the whole range to the last pasted one.

    Parameters
    ----------
    x
        Worlds down, uncertain numbers across.
    y
        Whether each world is of interest.

    Examples
    --------
    >>> x = np.random.default_rng(1).random((400, 3))
    >>> box = best(trajectory(x, x[:, 0] > 0.7))
    >>> box.restricted.tolist(), bool(abs(box.low[0] - 0.7) < 0.05)
    ([True, False, False], True)
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, bool).astype(np.float64)
    whole = (x.min(axis=0), x.max(axis=0))
    boxes = [_box(x, y, *whole, whole)]
    for candidates, grows in ((_peels, False), (_pastes, True)):
        while True:
            step = _best_step(x, y, boxes[-1], candidates(x, boxes[-1], whole, alpha), whole, least_mass, grows)
            if step is None:
                break
            boxes.append(step)
    return boxes


def _box(x: np.ndarray, y: np.ndarray, low: np.ndarray, high: np.ndarray, whole: tuple) -> Box:
    inside = _inside(x, low, high)
    n, k, total = int(inside.sum()), int(y[inside].sum()), y.sum()
    restricted = (low != whole[0]) | (high != whole[1])
    return Box(low, high, n, k, k / total if total else math.nan, k / n if n else math.nan, restricted)


def _inside(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.asarray(((low <= x) & (x <= high)).all(axis=1))


Limits = tuple[np.ndarray, np.ndarray]


def _peels(x: np.ndarray, box: Box, whole: tuple, alpha: float) -> Iterator[Limits]:
    """Boxes a slice smaller: off the top and off the bottom of each number."""
    inside = x[_inside(x, box.low, box.high)]
    for j in range(x.shape[1]):
        yield box.low, _with(box.high, j, quantile(inside[:, j], 1 - alpha))
        yield _with(box.low, j, quantile(inside[:, j], alpha)), box.high


def _pastes(x: np.ndarray, box: Box, whole: tuple, alpha: float) -> Iterator[Limits]:
    """Boxes a slice larger: at the bottom and at the top of each limited number."""
    for j in np.flatnonzero(box.restricted).tolist():
        below = x[_inside(x, _with(box.low, j, whole[0][j]), _with(box.high, j, box.low[j]))][:, j]
        yield _with(box.low, j, quantile(below, 1 - alpha) if len(below) else whole[0][j]), box.high
        above = x[_inside(x, _with(box.low, j, box.high[j]), _with(box.high, j, whole[1][j]))][:, j]
        yield box.low, _with(box.high, j, quantile(above, alpha) if len(above) else whole[1][j])


def _with(limits: np.ndarray, j: int, value: float) -> np.ndarray:
    out = limits.copy()
    out[j] = value
    return out


def _best_step(
    x: np.ndarray, y: np.ndarray, box: Box, candidates: Iterator[Limits], whole: tuple, least_mass: float, grows: bool
) -> Box | None:
    """The candidate with the highest gain in mean per world lost or won; None if none helps."""
    found = [_box(x, y, low, high, whole) for low, high in candidates]
    if not found:
        return None
    chosen = max(found, key=lambda b: (_gain(box, b), -int(b.restricted.sum())))
    right_way = chosen.n > box.n if grows else chosen.n < box.n
    return chosen if right_way and chosen.n >= least_mass * len(x) and _gain(box, chosen) > 0 else None


def _gain(old: Box, new: Box) -> float:
    """Gain in density per world lost or won."""
    changed = abs(new.n - old.n)
    return ((new.density if new.n else 0.0) - old.density) / changed if changed else 0.0


def quantile(values: np.ndarray, share: float) -> float:
    """The cut at a share of the values, moved to between two different values where it falls among equal ones.

    Examples
    --------
    >>> quantile(np.array([1.0, 1, 1, 2, 3]), 0.05)
    1.5
    """
    v = np.sort(values)
    at = (len(v) - 1) * share
    below, above = math.floor(at), math.ceil(at)
    if share > 0.5:
        while v[below] == v[above] and below > 0:
            below -= 1
    else:
        while v[below] == v[above] and above < len(v) - 1:
            above += 1
    return float((v[below] + v[above]) / 2)


def best(boxes: list[Box]) -> Box:
    """The box with the best balance of coverage and density (their harmonic mean), the least restricted of equals."""

    def balance(b: Box) -> tuple[float, int]:
        both = b.coverage + b.density
        return (2 * b.coverage * b.density / both if both > 0 else 0.0, -int(b.restricted.sum()))

    return max(boxes, key=balance)


def chance_of_limits(x: np.ndarray, y: np.ndarray, box: Box) -> np.ndarray:
    """For each limit (low, high across), the chance that luck alone gives such density if the limit were not there.

    The quasi-p value of Bryant and Lempert (2010): a one-sided binomial test of the worlds of interest in the box against the density of the
    box without that limit. NaN where there is no limit.
    """
    y = np.asarray(y, bool)
    out = np.full((2, x.shape[1]), math.nan)
    whole = (x.min(axis=0), x.max(axis=0))
    for j in np.flatnonzero(box.restricted).tolist():
        for side, (limits, free) in enumerate(((box.low, whole[0][j]), (box.high, whole[1][j]))):
            if limits[j] == free:
                continue
            low, high = (_with(box.low, j, free), box.high) if side == 0 else (box.low, _with(box.high, j, free))
            without = y[_inside(x, low, high)]
            out[side, j] = stats.binomtest(
                box.n_of_interest, box.n, float(without.mean()), alternative="greater"
            ).pvalue
    return out


def without_idle_limits(x: np.ndarray, y: np.ndarray, box: Box, level: float = 0.05) -> Box:
    """The box without limits that luck explains: the least sure is dropped, and the rest judged again, until all hold."""
    x, y = np.asarray(x, np.float64), np.asarray(y, bool)
    whole = (x.min(axis=0), x.max(axis=0))
    while box.restricted.any():
        p = chance_of_limits(x, y, box)
        side, j = divmod(int(np.nanargmax(p)), p.shape[1])
        if p[side, j] <= level:
            break
        low, high = (
            (_with(box.low, j, whole[0][j]), box.high) if side == 0 else (box.low, _with(box.high, j, whole[1][j]))
        )
        box = _box(x, y.astype(np.float64), low, high, whole)
    return box
