"""Cost against gain: which strategies no other beats on both at once, and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from careersim.study.analysis.bootstrap import resample_counts
from careersim.study.analysis.frames import StudyTable
from careersim.study.analysis.quantities import quantity
from careersim.study.frontier import undominated
from careersim.study.tasks import BASELINE, PLACEBO


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
        A line a strategy: mean ``cost`` and ``gain``, ``undominated`` (by the means), ``undominated_share``: the share of bootstrap
        resamples of the replicates (the same for all strategies) in which it is, and ``gain_low``, ``gain_high``: the percentile
        95% interval of the gain from the same resamples.
    """
    table = study.table[study.table["arm"] != PLACEBO]
    frames = [
        _of_place(part, str(place), gain, cost, study.seed)
        for place, part in table.groupby("place", observed=True, sort=False)
    ]
    return pd.concat(frames, ignore_index=True)


def _of_place(part: pd.DataFrame, place: str, gain: str, cost: str, seed: int) -> pd.DataFrame:
    wide = part.pivot_table(
        index=["point", "replicate"], columns="arm", values=[cost, gain], observed=True, sort=False
    ).dropna()
    arms = [BASELINE, *dict.fromkeys(wide.columns.get_level_values(1))]
    zero = np.zeros((len(wide), 1))
    costs = np.hstack([zero, wide[cost].to_numpy()])
    gains = np.hstack([zero, quantity(gain).better * wide[gain].to_numpy()])
    counts = resample_counts(len(wide), seed, 1000) / len(wide)
    drawn_costs, drawn_gains = counts @ costs, counts @ gains
    kept = [undominated(c, g) for c, g in zip(drawn_costs, drawn_gains, strict=True)]
    low, high = np.quantile(drawn_gains, [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {"place": place, "arm": arms, "cost": costs.mean(axis=0), "gain": gains.mean(axis=0), "gain_low": low, "gain_high": high,
         "undominated": undominated(costs.mean(axis=0), gains.mean(axis=0)), "undominated_share": np.mean(kept, axis=0),
         "replicates": len(wide)}
    )  # fmt: skip
