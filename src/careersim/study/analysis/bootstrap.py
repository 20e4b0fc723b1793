"""BCa intervals (Efron 1987) of many means or ratios at once: replicates are resampled, the same for all columns.

For one number `careersim.study.statistics.bootstrap_interval` is used; a study of a thousand worlds and thirty measures has tens of
thousands, and these two statistics are sums, so that all resamples are one matrix product. As there, from `MANY` replicates on an interval
is that of the jackknife.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy import stats

from careersim.study.statistics import MANY, jackknife_interval

RESAMPLES = 4000
HELD_NUMBERS = 2_000_000
"""Counts of resamples that are held at a time."""


def bca_of_means(values: np.ndarray, seed: int, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """BCa interval of the mean of each column.

    Parameters
    ----------
    values
        Replicates down, columns across; no NaN.
    seed
        The study's seed: the same study gives the same interval.

    Returns
    -------
    low, high
        NaN where the replicates are fewer than two or all equal.

    Examples
    --------
    >>> low, high = bca_of_means(np.arange(20.0)[:, None], seed=1)
    >>> bool(low[0] < 9.5 < high[0])
    True
    """
    x = np.asarray(values, np.float64)
    n = len(x)
    if n < 2:
        return np.full(x.shape[1], math.nan), np.full(x.shape[1], math.nan)
    jackknife = (x.sum(axis=0) - x) / (n - 1)
    if n >= MANY:
        return jackknife_interval(x.mean(axis=0), jackknife, confidence)
    return bca(x.mean(axis=0), resampled_sums(x, seed) / n, jackknife, confidence)


def bca_of_ratio(over: np.ndarray, under: np.ndarray, seed: int, confidence: float = 0.95) -> tuple[float, float]:
    """BCa interval of the ratio of two sums pooled over replicates.

    Examples
    --------
    >>> low, high = bca_of_ratio(np.array([1.0, 2, 3, 2]), np.array([10.0, 11, 12, 9]), seed=1)
    >>> low < 8 / 42 < high
    True
    """
    a, b = np.asarray(over, np.float64), np.asarray(under, np.float64)
    if len(a) < 2:
        return math.nan, math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        jackknife = ((a.sum() - a) / (b.sum() - b))[:, None]
        value = np.array([a.sum() / b.sum()])
        if len(a) >= MANY:
            low, high = jackknife_interval(value, jackknife, confidence)
        else:
            sums = resampled_sums(np.column_stack([a, b]), seed)
            low, high = bca(value, (sums[:, 0] / sums[:, 1])[:, None], jackknife, confidence)
    return float(low[0]), float(high[0])


def resampled_sums(x: np.ndarray, seed: int, resamples: int = RESAMPLES) -> np.ndarray:
    """Sum of each column in each resample of the replicates (resamples down, columns across).

    Where there are many replicates, resamples are drawn a few at a time: the same ones, and no more than `HELD_NUMBERS` counts are held.
    """
    n = len(x)
    if n * resamples <= HELD_NUMBERS:
        return _counts(n, seed, resamples) @ x
    rng, at_once = np.random.default_rng(seed), max(HELD_NUMBERS // n, 1)
    return np.vstack([_drawn(rng, n, min(at_once, resamples - k)) @ x for k in range(0, resamples, at_once)])


@lru_cache(maxsize=4)
def _counts(n: int, seed: int, resamples: int) -> np.ndarray:
    return _drawn(np.random.default_rng(seed), n, resamples)


def _drawn(rng: np.random.Generator, n: int, resamples: int) -> np.ndarray:
    """How often each of ``n`` replicates is drawn in each resample (resamples down, replicates across)."""
    return rng.multinomial(n, np.full(n, 1.0 / n), size=resamples).astype(np.float64)


def bca(
    value: np.ndarray, resampled: np.ndarray, jackknife: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bias-corrected and accelerated interval of each column from its resamples and its jackknife values."""
    tail = (1.0 - confidence) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        below = ((resampled < value).mean(axis=0) + (resampled <= value).mean(axis=0)) / 2.0
        bias = stats.norm.ppf(below)
        away = jackknife.mean(axis=0) - jackknife
        speed = (away**3).sum(axis=0) / (6.0 * (away**2).sum(axis=0) ** 1.5)
        ends = []
        for z in stats.norm.ppf([tail, 1.0 - tail]):
            share = stats.norm.cdf(bias + (bias + z) / (1.0 - speed * (bias + z)))
            ends.append(_quantiles(resampled, share))
    return ends[0], ends[1]


def _quantiles(resampled: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The quantile of each column at its own share; NaN where the share is no number."""
    out = np.full(resampled.shape[1], math.nan)
    for j, share in enumerate(np.broadcast_to(shares, out.shape)):
        if np.isfinite(share):
            out[j] = np.quantile(resampled[:, j], share)
    return out
