"""Paired statistics: what the difference between two arms is, and how sure that is.

Replicates are paired across arms by construction (same seed, same luck), so differences are taken within replicates and
replicates, never arms, are resampled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

ONE_REPLICATE = "one replicate: no interval"
NO_REPLICATE = "no value"
ALL_EQUAL = "the interval cannot be computed from so few or so equal replicates"
HELD_NUMBERS = 250_000
"""Numbers that the bootstrap holds at a time, however many replicates there are."""
MANY = 5_000
"""From so many replicates on a jackknife interval takes the place of BCa. What BCa corrects, bias and skewness, falls with the root of their
number (Efron and Tibshirani 1993, ch. 22): at 5,000 replicates of skewness 2 the ends of a ratio's interval move by .03 standard errors, no more than
the luck of 9,999 resamples moves them, and by .07 at skewness 4. Resamples of 20,000 replicates take ten seconds an interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval and the reason where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan
    standard_error: float = math.nan
    n: int = 0
    """Replicates it rests on."""
    variance_reduction: float = math.nan
    """How many times more replicates unpaired arms would have needed for the same interval."""
    reason: str = ""
    """Why the interval, or the value, is missing."""

    @property
    def has_interval(self) -> bool:
        """True if both ends are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def tells_from_zero(self) -> bool:
        """True if the interval excludes zero."""
        return self.has_interval and (self.low > 0 or self.high < 0)


def mean_interval(values: np.ndarray, confidence: float = 0.95) -> Estimate:
    """Mean of independent replicates with its Student t interval.

    Values that are not numbers (a replicate in which nobody took part) are left out. One value gives no interval.
    """
    x = np.asarray(values, np.float64)
    x = x[np.isfinite(x)]
    if len(x) == 0:
        return Estimate(math.nan, n=0, reason=NO_REPLICATE)
    mean = float(x.mean())
    if len(x) == 1:
        return Estimate(mean, n=1, reason=ONE_REPLICATE)
    se = float(x.std(ddof=1)) / math.sqrt(len(x))
    half = float(stdtrit(len(x) - 1, 0.5 + confidence / 2)) * se
    return Estimate(mean, mean - half, mean + half, se, len(x))


def paired_difference(policy: np.ndarray, none: np.ndarray, confidence: float = 0.95) -> Estimate:
    """Mean paired difference ``policy - none`` with its t interval and the variance-reduction factor achieved.

    Parameters
    ----------
    policy, none
        One value a replicate, in the same order of replicates.

    Notes
    -----
    The factor is (var(policy) + var(none)) / var(policy - none): how much common random numbers saved. Infinite if all
    differences are equal.
    """
    p, q = np.asarray(policy, np.float64), np.asarray(none, np.float64)
    if p.shape != q.shape:
        raise ValueError(f"arms are not paired: {p.shape[0]} replicates against {q.shape[0]}")
    both = np.isfinite(p) & np.isfinite(q)
    p, q = p[both], q[both]
    e = mean_interval(p - q, confidence)
    factor = variance_reduction(p, q)
    return Estimate(e.value, e.low, e.high, e.standard_error, e.n, factor, e.reason)


def variance_reduction(policy: np.ndarray, none: np.ndarray) -> float:
    """(var(policy) + var(none)) / var(policy - none) over replicates; NaN below two replicates or if nothing varies."""
    if len(policy) < 2:
        return math.nan
    apart = float(np.var(policy, ddof=1) + np.var(none, ddof=1))
    together = float(np.var(policy - none, ddof=1))
    if apart == 0:
        return math.nan
    return apart / together if together > 0 else math.inf


def bootstrap_interval(
    statistic: Callable[..., np.ndarray],
    samples: tuple[np.ndarray, ...],
    seed: int,
    confidence: float = 0.95,
    resamples: int = 9999,
) -> Estimate:
    """A ratio or index with its BCa interval (Efron 1987); replicates are resampled, the same for every sample.

    From `MANY` replicates on the interval is that of the jackknife (Efron and Stein 1981), with the normal distribution's quantiles.

    Parameters
    ----------
    statistic
        Function of one array a sample that returns the number, a smooth function of means: sums over replicates, its last axis (``axis``), are
        pooled inside it. It is given many resamples at once.
    samples
        Arrays by replicate, all in the same order.
    seed
        The study's seed: the same study gives the same interval.
    """
    arrays = tuple(np.asarray(s, np.float64) for s in samples)
    n = len(arrays[0])
    if n == 0:
        return Estimate(math.nan, reason=NO_REPLICATE)
    value = float(statistic(*arrays))
    if not math.isfinite(value):
        return Estimate(value, n=n, reason="not a number")
    if n == 1:
        return Estimate(value, n=1, reason=ONE_REPLICATE)
    if n >= MANY:
        without_each = statistic(*(((a.sum() - a) / (n - 1))[:, None] for a in arrays), axis=-1)
        low, high = (float(end) for end in jackknife_interval(value, without_each, confidence))
        error = float(jackknife_error(without_each))
        return Estimate(value, low, high, error, n, reason="" if math.isfinite(low) else ALL_EQUAL)
    result = _bca(statistic, arrays, seed, confidence, resamples)
    low, high = (float(x) for x in result.confidence_interval)
    if not (math.isfinite(low) and math.isfinite(high)):
        return Estimate(value, n=n, standard_error=float(result.standard_error), reason=ALL_EQUAL)
    return Estimate(value, low, high, float(result.standard_error), n)


def _bca(statistic, arrays, seed, confidence, resamples):
    """scipy's BCa bootstrap with our own generator and without its warnings about degenerate samples."""
    import warnings

    from scipy import stats  # takes longer than all else that a table needs

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return stats.bootstrap(
            arrays,
            statistic,
            n_resamples=resamples,
            batch=max(HELD_NUMBERS // len(arrays[0]), 1),
            paired=len(arrays) > 1,
            vectorized=True,
            confidence_level=confidence,
            method="BCa",
            rng=np.random.default_rng(seed),
        )


def jackknife_error(without_each: np.ndarray) -> np.ndarray:
    """Standard error of a statistic from its values without each of the replicates (down)."""
    n = len(without_each)
    away = without_each - without_each.mean(axis=0)
    return np.sqrt((n - 1) / n * (away**2).sum(axis=0))


def jackknife_interval(
    value: np.ndarray | float, without_each: np.ndarray, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of a statistic from its values without each of the replicates (down); NaN where they are all equal.

    Examples
    --------
    >>> x = np.arange(5000.0)
    >>> low, high = jackknife_interval(x.mean(), (x.sum() - x) / 4999)
    >>> round(float(low), 1), round(float(high), 1)
    (2459.5, 2539.5)
    """
    error = np.where(np.ptp(without_each, axis=0) > 0, jackknife_error(without_each), math.nan)
    half = ndtri(0.5 + confidence / 2) * error
    return value - half, value + half


def ratio_interval(over: np.ndarray, under: np.ndarray, seed: int) -> Estimate:
    """Ratio of sums pooled over replicates, with BCa interval."""
    return bootstrap_interval(_ratio_of_sums, (over, under), seed)


def _ratio_of_sums(over: np.ndarray, under: np.ndarray, axis: int = -1) -> np.ndarray:
    return quotient(over.sum(axis), under.sum(axis))


def quotient(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    """``over / under``, NaN where there is nothing to divide by."""
    return np.divide(over, under, out=np.full(np.shape(under), math.nan), where=under != 0)
