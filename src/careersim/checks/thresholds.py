"""Threshold models of joining in, by the town's own organising phase (checks.md A7)."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from careersim.checks import bare
from careersim.month import organising
from careersim.scenario.parameters import Parameters

MOST_MONTHS = 20_000


def granovetter() -> Parameters:
    """Everybody looks at everybody, every month; nobody leaves; opinions do not move."""
    return bare.parameters(
        organising={
            "contacts": "everyone",
            "joins_at": "anywhere",
            "reflect_every": 1,
            "leave_rate": 0.0,
            "contact_rate": 0.0,
            "grievance_rate": 0.0,
        }
    )


def normal_thresholds(n: int, mean: float, sd: float) -> np.ndarray:
    """Thresholds at the quantiles (i + 1/2) / n of a normal distribution."""
    return mean + sd * ndtri((np.arange(n) + 0.5) / n)


def exact_joined(thresholds: np.ndarray) -> int:
    """How many join in the end when each joins once the share who have joined is at least the own threshold.

    Going up the sorted thresholds, the next person joins if theirs is at most the share already in; the first who does not
    ends it. Thresholds are held in single precision, as the town stores them.

    References
    ----------
    Granovetter 1978, Threshold models of collective behavior, *American Journal of Sociology* 83(6).

    Examples
    --------
    >>> exact_joined(np.arange(100) / 100)
    100
    >>> exact_joined(np.r_[0, 2, np.arange(2, 100)] / 100)
    1
    """
    asked = np.sort(np.asarray(thresholds, np.float32))
    held_back = np.flatnonzero(asked > (np.arange(len(asked)) / max(len(asked), 1)).astype(np.float32))
    return int(held_back[0]) if len(held_back) else len(asked)


def joined(thresholds: np.ndarray, rng: np.random.Generator | int | None = None) -> int:
    """How many have joined when nobody joins any more, by the organising phase: all at once, month by month, from nobody.

    Parameters
    ----------
    thresholds : array
        Share of all in town who must have joined, by person, any number of people.
    rng : numpy.random.Generator or int or None
        Luck plays no part here; who stands in which row is shuffled with it, and does not matter.

    Returns
    -------
    int
        People who have joined.
    """
    thresholds = np.asarray(thresholds, np.float64)
    n = len(thresholds)
    if n == 0 or not np.isfinite(thresholds).all():
        raise ValueError("thresholds must be finite numbers, at least one")
    people = bare.alike_people(n)
    people.threshold[:] = bare.generator(rng).permutation(thresholds)
    town = bare.town_of(people, bare.no_ties(n), *bare.employers_and_posts([[0]], heads=n))
    bare.put_in_work(town, np.arange(n), np.zeros(n, np.int64))
    setting, before = granovetter(), -1
    for month in range(1, MOST_MONTHS):
        organising.step(town, setting, month)
        now = int(town.people.member.sum())
        if now == before:
            return now
        before = now
    raise RuntimeError(f"people still join after {MOST_MONTHS} months")
