"""Estimates with their standard errors, and the refusal of parameters out of range."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

MOST_MONTHS = 65_000
"""Months that luck can tell apart, less a margin (`careersim.chance.block`)."""


class Estimate(NamedTuple):
    """A simulated number and its standard error (0 if luck has no part in it, NaN if one replicate cannot tell)."""

    value: float
    standard_error: float


def mean_of(replicates: np.ndarray) -> Estimate:
    """Mean of independent replicates with its standard error."""
    x = np.asarray(replicates, np.float64)
    error = x.std(ddof=1) / math.sqrt(len(x)) if len(x) > 1 else math.nan
    return Estimate(float(x.mean()), float(error))


def batch_mean(series: np.ndarray, batches: int = 32) -> Estimate:
    """Mean of an autocorrelated series with the standard error from means of consecutive batches.

    Each batch must be long against the memory of the series, here months against 1 / (finding + loss).
    """
    x = np.asarray(series, np.float64)
    length = len(x) // batches
    if length == 0:
        raise ValueError(f"a series of {len(x)} months cannot be cut into {batches} batches")
    return mean_of(x[: length * batches].reshape(batches, length).mean(axis=1))


def jackknife(statistic: Callable[[np.ndarray], np.ndarray], batches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A statistic of sums and its standard error, leaving out one batch at a time (Quenouille, Tukey).

    Parameters
    ----------
    statistic : callable
        Function of the sums over batches (a ratio, a correlation).
    batches : array
        Sums by batch; the first axis runs over independent batches.

    Returns
    -------
    value, standard_error : array
        NaN standard errors where there is one batch.
    """
    total = batches.sum(axis=0)
    value = np.asarray(statistic(total), np.float64)
    n = len(batches)
    if n < 2:
        return value, np.full_like(value, np.nan)
    left_out = np.stack([np.asarray(statistic(total - one), np.float64) for one in batches])
    spread = ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    return value, np.sqrt(spread * (n - 1) / n)


def probability(name: str, value: float) -> float:
    """Return ``value`` if it is a number from 0 to 1; otherwise say so."""
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} is a chance per month and must lie between 0 and 1, not {value}")
    return float(value)


def between(name: str, value: float, low: float, high: float) -> float:
    """Return ``value`` if it lies between ``low`` and ``high``, both allowed; otherwise say so."""
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {value}")
    return float(value)


def whole(name: str, value: int, low: int = 1) -> int:
    """Return ``value`` if it is a whole number of at least ``low``; otherwise say so."""
    if value != int(value) or value < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, not {value}")
    return int(value)
