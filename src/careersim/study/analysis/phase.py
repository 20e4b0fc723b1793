"""The phase diagram: which strategy serves residents best, over two axes such as tightness and the pull of elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from careersim.study.analysis.frames import AnalysisError, StudyTable
from careersim.study.analysis.quantities import quantity
from careersim.study.statistics import mean_interval
from careersim.study.task import BASELINE

MOST_VALUES = 15
"""An axis with more values than this is cut into `CLASSES` classes."""
CLASSES = 6


def phase_diagram(study: StudyTable, x: str, y: str, measure: str = "account.b") -> pd.DataFrame:
    """The best strategy in each cell of two axes, and by how much.

    Parameters
    ----------
    x, y
        Axes: a column of the study's table, such as ``uncertainties.migration.skill_return``, ``place``, or a level without a strategy
        such as ``none.tightness``. ``place`` is ordered by tightness without a strategy. More than 15 values are cut into 6 classes.
    measure
        What *best* means (its good side by ``Quantity.better``).

    Returns
    -------
    pandas.DataFrame
        A line a cell: ``x``, ``y`` (mean of the axis in the cell), ``best`` (a strategy, or none), ``gain`` of the best over none,
        ``runner_up``, ``margin`` over it with its paired t interval (``low``, ``high``), ``told`` (whether the interval excludes zero),
        ``comparisons`` (replicates and worlds in the cell) and ``tightness`` (vacancies per unemployed there without a strategy, if measured).

    Notes
    -----
    The best of several is chosen by the same replicates that measure its margin, so the margin is a little flattered where it is not told.

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> cells = phase_diagram(example_study(), "uncertainties.migration.cost", "uncertainties.search.kappa")
    >>> cells.loc[cells["x"] < 0.3, "best"].unique().tolist(), cells.loc[cells["x"] > 0.7, "best"].unique().tolist()
    (['organising'], ['one_to_one'])
    """
    table = study.contest
    if not quantity(measure).better:
        raise AnalysisError(
            f"'{measure}' has no good side: a phase diagram needs a measure of which more, or less, is better"
        )
    for axis in (x, y):
        if axis not in table:
            axes = [*study.uncertainties, "place", *(c for c in map(str, table) if c.startswith("none."))]
            raise AnalysisError(f"there is no axis '{axis}' in this study; there are: {', '.join(axes[:12])}")
    cells = table.assign(x_cell=_cell_of(table, x), y_cell=_cell_of(table, y))
    rows = []
    for (at_x, at_y), part in cells.groupby(["x_cell", "y_cell"], observed=True, sort=True):
        rows.append({"x": at_x, "y": at_y} | _best(part, measure))
    return pd.DataFrame(rows)


def _cell_of(table: pd.DataFrame, axis: str) -> pd.Series:
    """The value of an axis that stands for each line's cell."""
    if axis == "place":
        by = "none.tightness" if "none.tightness" in table else "none.employment_rate"
        return table.groupby("place", observed=True)[by].transform("mean")
    values = table[axis].astype(float)
    if values.nunique() <= MOST_VALUES:
        return values
    classes = pd.qcut(values, CLASSES, duplicates="drop")
    return values.groupby(classes, observed=True).transform("mean")


def _best(part: pd.DataFrame, measure: str) -> dict:
    """Best and runner-up of one cell, none among them; margins are paired by world and replicate."""
    sign = quantity(measure).better
    tightness = part["none.tightness"].mean() if "none.tightness" in part else math.nan
    wide = part.pivot_table(
        index=["place", "point", "replicate"], columns="arm", values=measure, observed=True
    ).dropna()
    wide = sign * wide
    wide[BASELINE] = 0.0
    order = wide.mean().sort_values(ascending=False, kind="stable").index
    best, second = order[0], order[1]
    margin = mean_interval((wide[best] - wide[second]).to_numpy())
    return {
        "best": best, "gain": float(wide[best].mean()), "runner_up": second, "margin": margin.value, "low": margin.low,
        "high": margin.high, "told": bool(margin.low > 0) if math.isfinite(margin.low) else False, "comparisons": len(wide), "tightness": float(tightness),
    }  # fmt: skip


def boundary(cells: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """Where a strategy stops being best: for each y, the largest x up to which it is, and the smallest from which it is.

    Examples
    --------
    >>> cells = pd.DataFrame({"x": [1, 2, 3], "y": [0, 0, 0], "best": ["a", "a", "b"]})
    >>> boundary(cells, "a").values.tolist()
    [[0.0, 1.0, 2.0]]
    """
    won = cells[cells["best"] == strategy]
    rows = [(y, part["x"].min(), part["x"].max()) for y, part in won.groupby("y")]
    return pd.DataFrame(rows, columns=["y", "from_x", "to_x"], dtype=np.float64)
