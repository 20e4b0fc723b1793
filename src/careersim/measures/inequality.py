"""Inequality and association: textbook formulas on plain arrays."""

from __future__ import annotations

import numpy as np

from careersim.kernels import kernel


def gini(x: np.ndarray) -> float:
    """Gini coefficient: mean absolute difference over twice the mean.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    if x.size == 0 or x.sum() == 0:
        return float("nan")
    y = np.sort(x)
    rank = np.arange(1, y.size + 1)
    return float(2 * (rank * y).sum() / (y.size * y.sum()) - (y.size + 1) / y.size)


def gini_of_both_signs(x: np.ndarray) -> float:
    """Gini coefficient of values of both signs: mean absolute difference of two of them, over its most at their mean size.

    ``G = sum_ij |x_i - x_j| / (2 (n - 1) sum_i |x_i|)``, between 0 (all alike) and 1 (Raffinetti, Siletti and Vernizzi 2015, Statistical
    Methods and Applications 24: 507-521); NaN of fewer than two values or of zeros alone.

    Examples
    --------
    >>> gini_of_both_signs(np.array([1.0, 1.0])), gini_of_both_signs(np.array([0.0, 5.0])), gini_of_both_signs(np.array([-1.0, 1.0]))
    (0.0, 1.0, 1.0)
    """
    size = np.abs(x).sum()
    if x.size < 2 or size == 0:
        return float("nan")
    rank = np.arange(1, x.size + 1)
    differences = 2.0 * ((2 * rank - x.size - 1) * np.sort(x)).sum()
    return float(differences / (2.0 * (x.size - 1) * size))


def theil(x: np.ndarray) -> float:
    """Theil's T in nats: mean of (x/m) log(x/m) (Theil 1967)."""
    r = x.compress(x > 0) / x.mean() if x.size and x.sum() > 0 else x[:0]
    return float((r * np.log(r)).sum() / x.size) if r.size else float("nan")


def theil_between(x: np.ndarray, group: np.ndarray) -> float:
    """The part of Theil's T that lies between groups: sum of income share times log(group mean / mean)."""
    sums, heads = np.bincount(group, x), np.bincount(group)
    sums, heads = sums[sums > 0], heads[sums > 0]
    return float((sums / x.sum() * np.log(sums / heads / x.mean())).sum())


def percentile_ratio(x: np.ndarray, high: float = 90, low: float = 10) -> float:
    """Ratio of two percentiles."""
    if x.size == 0:
        return float("nan")
    top, bottom = np.percentile(x, [high, low])
    return float(top / bottom) if bottom > 0 else float("nan")


def duncan(category: np.ndarray, group: np.ndarray) -> float:
    """Duncan index of dissimilarity of a group (a mask) and the others over categories: half the summed difference of shares."""
    n = int(category.max(initial=0)) + 1
    a = np.bincount(category.compress(group), minlength=n)
    b = np.bincount(category, minlength=n) - a
    if not a.sum() or not b.sum():
        return float("nan")
    return float(0.5 * np.abs(a / a.sum() - b / b.sum()).sum())


def rank_slope(origin_rank: np.ndarray, income: np.ndarray) -> float:
    """Least-squares slope of income rank (0..1, ties averaged) on origin rank."""
    if origin_rank.size < 2 or np.ptp(origin_rank) == 0:
        return float("nan")
    x = origin_rank - origin_rank.mean()
    return float((x * ranks(income)).sum() / (x * x).sum())


def ranks(x: np.ndarray) -> np.ndarray:
    """Rank of each value among all of them (0..1); equal values share the mean of their ranks.

    Examples
    --------
    >>> ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [0.6666666666666666, 0.16666666666666666, 0.6666666666666666]
    """
    return _ranks_in(np.argsort(x), x)


@kernel
def _ranks_in(order, x):
    """Rank of each value, given which stands where in order."""
    out, first = np.empty(x.size), 0
    while first < x.size:
        last = first + 1
        while last < x.size and x[order[last]] == x[order[first]]:
            last += 1
        for k in order[first:last]:
            out[k] = 0.5 * (first + last) / x.size
        first = last
    return out
