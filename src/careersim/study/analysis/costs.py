"""Cost against gain: which strategies no other beats on both at once, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from careersim.study.analysis.bootstrap import resampled_sums
from careersim.study.analysis.frames import StudyTable
from careersim.study.analysis.quantities import quantity
from careersim.study.frontier import undominated
from careersim.study.statistics import mean_interval
from careersim.study.task import BASELINE

LEAST_REPLICATES = 5
"""Fewer comparisons than this are not resampled."""


def undominated_set(study: StudyTable, gain: str = "account.b", cost: str = "cost.public_cost") -> pd.DataFrame:
    """The undominated set of each place, none among its candidates.

    Parameters
    ----------
    gain
        Measure of the gain (its good side by ``Quantity.better``).
    cost
        ``cost.public_cost``, or ``cost.total`` for public money, unpaid hours, dues and employers' cost together.

    Returns
    -------
    pandas.DataFrame
        A line a strategy: mean ``cost`` and ``gain`` with its Student t interval (``gain_low``, ``gain_high``), ``undominated`` (by the
        means), and ``undominated_share``: the share of bootstrap resamples of the replicates (the same for all strategies) in which
        it is; NaN below 5 replicates, which resampling cannot judge.
    """
    table = study.contest
    frames = [
        _of_place(part, str(place), gain, cost, study.seed)
        for place, part in table.groupby("place", observed=True, sort=False)
    ]
    return pd.concat(frames, ignore_index=True)


def _of_place(part: pd.DataFrame, place: str, gain: str, cost: str, seed: int) -> pd.DataFrame:
    wide = part.pivot_table(
        index=["point", "replicate"], columns="arm", values=[cost, gain], observed=True, sort=False
    ).dropna()
    strategies = list(dict.fromkeys(part["arm"]))
    arms, zero = [BASELINE, *strategies], np.zeros((len(wide), 1))
    costs = np.hstack([zero, wide[cost][strategies].to_numpy()])
    gains = np.hstack([zero, quantity(gain).better * wide[gain][strategies].to_numpy()])
    shares = _shares(costs, gains, seed) if len(wide) >= LEAST_REPLICATES else np.full(len(arms), np.nan)
    intervals = [mean_interval(column) for column in gains.T]
    low, high = ([getattr(e, end) for e in intervals] for end in ("low", "high"))
    return pd.DataFrame(
        {"place": place, "arm": arms, "cost": costs.mean(axis=0), "gain": gains.mean(axis=0), "gain_low": low, "gain_high": high,
         "undominated": undominated(costs.mean(axis=0), gains.mean(axis=0)), "undominated_share": shares,
         "replicates": len(wide)}
    )  # fmt: skip


def _shares(costs: np.ndarray, gains: np.ndarray, seed: int) -> np.ndarray:
    """In what share of resamples of the replicates each strategy is undominated."""
    n = len(costs)
    means = (resampled_sums(x, seed, 1000) / n for x in (costs, gains))
    return np.mean([undominated(c, g) for c, g in zip(*means, strict=True)], axis=0)
