"""Sums that do not depend on the order of their terms: 64-bit fixed point.

Adding floats in another order changes the last bits, and a town amplifies them. Whatever is summed over people and feeds
back, or enters the ledger, is therefore summed as whole numbers: pence for money, 2^-20 for efficiency, shares and skill.
"""

from __future__ import annotations

import numpy as np

from careersim.kernels import inlined, kernel

PENCE = 100.0
FRACTION = 1048576.0


@inlined
def fixed(x, unit):
    """Return ``x`` in whole ``unit``-ths (PENCE or FRACTION), rounded to nearest."""
    return np.int64(np.floor(x * unit + 0.5))


@kernel
def fixed_sum(values, unit):
    """Order-free sum of an array of floats."""
    total = np.int64(0)
    for x in values:
        total += fixed(x, unit)
    return total / unit


@kernel
def fixed_sums_by(index, values, n, unit):
    """Order-free sums of ``values`` by group ``index`` (entries below 0 are left out); returns ``n`` floats."""
    totals = np.zeros(n, np.int64)
    for i in range(index.shape[0]):
        if index[i] >= 0:
            totals[index[i]] += fixed(values[i], unit)
    return totals / unit


@kernel
def counts_by(index, n):
    """How many entries of ``index`` equal 0..n-1 (entries below 0 are left out)."""
    counts = np.zeros(n, np.int32)
    for i in range(index.shape[0]):
        if index[i] >= 0:
            counts[index[i]] += 1
    return counts


@kernel
def counts_of(group, n, what):
    """How many of each of ``n`` groups a mask over (people, things) holds for."""
    out = np.zeros((n, what.shape[1]), np.int64)
    for i in range(what.shape[0]):
        for k in range(what.shape[1]):
            out[group[i], k] += what[i, k]
    return out


@kernel
def means_of(group, n, values):
    """For each person the mean of every column of ``values`` over their group, one of ``n`` (order-free)."""
    sums, size = np.zeros((n, values.shape[1]), np.int64), np.zeros(n, np.int64)
    for i in range(values.shape[0]):
        size[group[i]] += 1
        for k in range(values.shape[1]):
            sums[group[i], k] += fixed(values[i, k], FRACTION)
    out = np.empty(values.shape)
    for i in range(values.shape[0]):
        for k in range(values.shape[1]):
            out[i, k] = sums[group[i], k] / FRACTION / size[group[i]]
    return out
