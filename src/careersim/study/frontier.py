"""The undominated set: which strategies no other one beats on cost and gain at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def undominated(cost: ArrayLike, gain: ArrayLike) -> np.ndarray:
    """Return which strategies are undominated (Pareto efficient; Pareto 1906).

    One dominates another if it costs no more and gains no less, and is better in at least one of the two. Equal ones do
    not dominate each other. A strategy without a finite cost or gain is not in the set and dominates none.

    Parameters
    ----------
    cost
        Cost of each strategy; any unit, the less the better (GBP a year per resident in the final table).
    gain
        Gain of each strategy; any unit, the more the better.

    Returns
    -------
    numpy.ndarray
        A mask, one entry a strategy.

    Examples
    --------
    >>> undominated(cost=[0.0, 7.0, 7.0, 9.0], gain=[0.0, 20.0, 10.0, 15.0]).tolist()
    [True, True, False, False]
    """
    c, g = np.asarray(cost, float), np.asarray(gain, float)
    known = np.isfinite(c) & np.isfinite(g)
    no_worse = (c[:, None] <= c) & (g[:, None] >= g)
    better = no_worse & ((c[:, None] < c) | (g[:, None] > g))
    return known & ~(better & known[:, None]).any(axis=0)
