"""The numbers that strategies are compared by, of all runs of one place, as arrays: one a number and arm, points and replicates down.

They are filled as results are gone through, a batch of runs at a time: a run adds about a hundred floats to what is held, however many
lines its result has.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from careersim.study.groups import GROUPS_TABLE, WHOLE_PERIOD
from careersim.study.lines import COSTS

PLACE_MEASURES = (
    "employment_rate",
    "unemployment_rate",
    "median_pay",
    "out_moves",
    "resident_skill",
    "income_low_origin_third",
    "labour_share",
    "climbing_up",
    "climbing_structural",
    "climbing_by_leaving",
)
"""Measures of the place that the final table compares."""
PAIR = ["point", "replicate"]
"""What pairs the arms of one place: the same point of the uncertainties and the same luck."""
GROUPS = {
    "direct": "those who took part",
    "spill": "other residents",
    "changed": "those whose residence it changed",
}
OTHERS = {
    "spill_tied": "nobody is tied to somebody who took part",
    "spill_untied": "everybody is tied to somebody who took part",
}
"""Other residents apart: tied, when policy began, to somebody who took part, or not; and why there may be none."""
FURTHER = ("employers", "in-commuters", "exchequer", "others elsewhere, displacement 1")
EFFECTS = (
    *(f"{group}.{measure}" for group in GROUPS for measure in ("income", "own", "log_income")),
    *(f"{group}.income" for group in OTHERS),
    *(f"row.{row}" for row in FURTHER),
    *(f"cost.{cost}" for cost in COSTS),
    *("n_participants", "n_changed", "sum_participants", "sum_others", "extra_job_months"),
    *("budget.granted", "budget.spent", "noise.touched_share", "noise.mean_size"),
    *("reach.gini", "reach.gini_change", "reach.low_third", "reach.all"),
)
ACCOUNT = (
    *("g_a", "g_b", "own_a", "g_remain_participants", "n_remain_participants", "g_remain_others", "n_remain_others"),
    *("c_skill", "c_ties", "c_support", "c_income", "n_left", "n_stayed"),
)
COMPARED = {
    "summary": (*PLACE_MEASURES, "residents", "scale", "discounted_years", "months"),
    "effects": EFFECTS,
    "account": ACCOUNT,
}
"""The numbers that are compared, by table; and the mean income gained by each group of people (`GAIN`)."""
GAIN = "gain.income"


class Numbers:
    """What `COMPARED` names, of one place's runs.

    Parameters
    ----------
    points, replicates
        How many there are of each; a run of which nothing is added is not there.
    """

    def __init__(self, points: int, replicates: int) -> None:
        self.points, self.replicates = points, replicates
        self.there: dict[str, np.ndarray] = {}
        """By arm, in the order in which they came: of which points and replicates there is a run."""
        self._columns: dict[tuple[str, str, str], np.ndarray] = {}

    def add(self, lines: pd.DataFrame) -> None:
        """Take in the lines of some runs (`careersim.study.store.Store.read`)."""
        lines = lines[lines["month"] == WHOLE_PERIOD]
        for table, names in COMPARED.items():
            part = lines[(lines["table"] == table) & lines["measure"].isin(names)]
            self._fill(part, table, part["measure"])
        part = lines[(lines["table"] == GROUPS_TABLE) & (lines["measure"] == GAIN)]
        self._fill(part, GROUPS_TABLE, part["group"])

    def _fill(self, lines: pd.DataFrame, table: str, names: pd.Series) -> None:
        rows = lines["point"].to_numpy(np.int64) * self.replicates + lines["replicate"].to_numpy()
        values = lines["value"].to_numpy()
        cells: dict[Any, Any] = lines.groupby([lines["arm"].astype(object), names.astype(object)], sort=False).indices
        for (arm, name), at in cells.items():
            self._column(str(arm), table, str(name))[rows[at]] = values[at]
            self.there[str(arm)][rows[at]] = True

    def _column(self, arm: str, table: str, name: str) -> np.ndarray:
        n = self.points * self.replicates
        if arm not in self.there:
            self.there[arm] = np.zeros(n, bool)
        if (arm, table, name) not in self._columns:
            self._columns[arm, table, name] = np.full(n, np.nan)
        return self._columns[arm, table, name]

    def frame(self, arm: str, table: str) -> pd.DataFrame:
        """One table of one arm: points and replicates of the runs that are there down, names across; NaN where a run has no such number."""
        rows = np.flatnonzero(self.there.get(arm, ()))
        index = pd.MultiIndex.from_arrays(np.divmod(rows, self.replicates), names=PAIR)
        mine = sorted(name for of, where, name in self._columns if (of, where) == (arm, table))
        return pd.DataFrame({name: self._columns[arm, table, name][rows] for name in mine}, index=index)


def numbers_of(results: pd.DataFrame, place: str) -> Numbers:
    """The numbers of one place, from the lines of all runs."""
    lines = results[results["place"] == place]
    out = Numbers(
        int(lines["point"].max()) + 1 if len(lines) else 0, int(lines["replicate"].max()) + 1 if len(lines) else 0
    )
    out.add(lines)
    return out
