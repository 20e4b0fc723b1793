"""From a study's folder to one table: a line a comparison (one strategy against none, one replicate of one world).

Every analysis starts from this table. Its columns: ``place``, ``point`` (design point of the uncertainties), ``arm``,
``replicate``; the design's ``choices.*`` and ``uncertainties.*``; one column a measure of `careersim.study.analysis.quantities`
(policy less none, in the same replicate of the same world); ``none.<measure>``, the level without a strategy; and ``sums.*``,
the sums from which ratios are pooled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from careersim.study.analysis.quantities import is_needed, quantities_of
from careersim.study.store import BATCH, Store, StoreError
from careersim.study.task import BASELINE, COMPANION, PLACEBO

WORLD = ["place", "point", "replicate"]
"""Columns that name a world: arms of the same world are paired."""
ONE_NUMBER = ("summary", "effects", "account")
"""Tables that hold one number a run."""


class AnalysisError(StoreError):
    """A study that cannot be analysed in the way asked for; the message says why and what would help."""


@dataclass(frozen=True)
class StudyTable:
    """A study read for analysis."""

    table: pd.DataFrame
    """One line a comparison (see the module)."""
    seed: int = 1
    design: dict[str, Any] = field(default_factory=dict)
    """How the points were laid (`careersim.study.designs.record`): kind, seed, numbers varied."""
    name: str = ""
    n_runs: int = 0
    n_missing: int = 0
    """Runs of the design that are not there yet, or failed."""

    @property
    def uncertainties(self) -> list[str]:
        """Columns of the uncertainties that take more than one value."""
        return varied(self.table, "uncertainties.")

    @property
    def choices(self) -> list[str]:
        """Columns of the choices that take more than one value."""
        return varied(self.table, "choices.")

    @property
    def arms(self) -> list[str]:
        """All arms that are compared with none, in the design's order."""
        return list(dict.fromkeys(self.table["arm"]))

    @property
    def strategies(self) -> list[str]:
        """The arms that are strategies to choose from (`is_strategy`)."""
        return [arm for arm in self.arms if is_strategy(arm)]

    @property
    def contest(self) -> pd.DataFrame:
        """The lines of the strategies to choose from."""
        return self.table[self.table["arm"].isin(self.strategies)]


def is_strategy(arm: str) -> bool:
    """Whether an arm is a strategy to choose from: not none, the placebo, or a rerun that shows nothing of elsewhere.

    Examples
    --------
    >>> is_strategy("brokering"), is_strategy("placebo")
    (True, False)
    """
    return arm not in (BASELINE, PLACEBO) and not arm.endswith(COMPANION)


def varied(table: pd.DataFrame, prefix: str) -> list[str]:
    """Columns of a table that begin with ``prefix`` and take more than one value.

    Examples
    --------
    >>> varied(pd.DataFrame({"choices.a": [1, 2], "choices.b": [1, 1]}), "choices.")
    ['choices.a']
    """
    return [c for c in map(str, table) if c.startswith(prefix) and table[c].nunique(dropna=False) > 1]


def open_study(folder: Path | str, measures: Sequence[str] | None = None) -> StudyTable:
    """Read a study's folder for analysis: runs that are there, whole and paired with none.

    Parameters
    ----------
    folder
        Folder of the results of ``careersim run``.
    measures
        Measures that will be analysed; of the place's levels only these are read and held. None, or one that is not there: all are.

    Raises
    ------
    AnalysisError
        If the folder is no study, or no strategy has a finished run beside its finished run without one.
    """
    store = Store(folder)
    design = store.read_design()
    if "point" not in design:
        design = design.assign(point=0)
    experiment = _experiment(store.root)
    parts, n_there = [], 0
    for some, numbers in in_parts(store, design, measures):
        parts.append(pair(some, numbers))
        n_there += len(numbers)
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if measures is not None and not {*measures} <= {*table}:
        return open_study(folder)
    if table.empty:
        raise AnalysisError(
            f"{store.root} has no finished run of a strategy beside one of '{BASELINE}': run `careersim run` first"
        )
    return StudyTable(
        table, int(design["seed"].iloc[0]), _design_of(experiment), str(experiment.get("name", store.root.name)),
        len(design), len(design) - n_there,
    )  # fmt: skip


def _experiment(root: Path) -> dict[str, Any]:
    """What was asked for, from ``experiment.json``."""
    try:
        return dict(json.loads((root / "experiment.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{root / 'experiment.json'} is missing or not whole: is {root} the folder of a study?"
        ) from error


def _design_of(experiment: dict[str, Any]) -> dict[str, Any]:
    """How the points were laid, as ``experiment.json`` records it."""
    found = experiment.get("design")
    return dict(found) if isinstance(found, dict) else {}


def in_parts(
    store: Store, design: pd.DataFrame, measures: Sequence[str] | None = None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """The runs that are there, some whole tasks at a time: their lines of the design, and their numbers (`read_numbers`)."""
    arms = design["arm"].nunique()
    size = max(BATCH // arms, 1) * arms
    for k in range(0, len(design), size):
        some = design.iloc[k : k + size]
        numbers = read_numbers(store, some, measures)
        if len(numbers):
            yield some, numbers


def read_numbers(store: Store, design: pd.DataFrame, measures: Sequence[str] | None = None) -> pd.DataFrame:
    """One line a run: all numbers that are about a whole run, columns ``table.measure``, index the run's key; of levels those for ``measures``.

    Page checksums are verified; runs that are missing or damaged are left out (``careersim check`` finds and
    sets aside damaged ones).
    """
    columns: dict[str, np.ndarray] = {}
    there = np.zeros(len(design), bool)
    left_out: set[str] = set()
    for k, key in enumerate(design["key"]):
        numbers = _numbers_of(store.path(key))
        there[k] = numbers is not None
        for name, value in (numbers or {}).items():
            if name in columns:
                columns[name][k] = value
            elif name not in left_out:
                if measures is None or is_needed(name, measures):
                    columns[name] = np.full(len(design), np.nan)
                    columns[name][k] = value
                else:
                    left_out.add(name)
    keys = design["key"].to_numpy()[there]
    return pd.DataFrame({name: columns.pop(name)[there] for name in list(columns)}, index=keys)


def _numbers_of(path: Path) -> dict[str, float] | None:
    """The numbers of one run's file, or None if it is not there or not whole."""
    if not os.path.exists(path):
        return None
    try:
        lines = pq.read_table(
            path, columns=["table", "measure", "group", "value"], page_checksum_verification=True, memory_map=False,
            partitioning=None,
        )  # fmt: skip
        names = pc.cast(lines["table"], pa.string())
        lines = lines.filter(
            pc.and_(pc.is_in(names, pa.array(ONE_NUMBER)), pc.equal(pc.cast(lines["group"], pa.string()), "all"))
        )
        table, measure = (pc.cast(lines[c], pa.string()).to_pylist() for c in ("table", "measure"))
    except (OSError, pa.ArrowException, KeyError):
        return None
    return dict(zip(map(".".join, zip(table, measure, strict=True)), lines["value"].to_pylist(), strict=True))


def pair(design: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Set each strategy's run beside none's in the same world; one line a comparison.

    Parameters
    ----------
    design
        The design: key, place, point, arm, replicate, and settings.
    numbers
        One line a run, index the key, columns ``table.measure`` (`read_numbers`).
    """
    settings = [c for c in map(str, design) if c.startswith(("choices.", "uncertainties."))]
    runs = design.loc[design["key"].isin(numbers.index), ["key", *WORLD, "arm", *settings]]
    is_none = runs["arm"] == BASELINE
    none = runs.loc[is_none, [*WORLD, "key"]].rename(columns={"key": "key_none"})
    both = runs[~is_none].merge(none, on=WORLD, how="inner").reset_index(drop=True)
    own = numbers.reindex(both["key"]).reset_index(drop=True)
    base = numbers.reindex(both["key_none"]).reset_index(drop=True)
    head = both[["place", "point", "arm", "replicate", *settings]]
    return pd.concat([head, quantities_of(own, base)], axis=1)


SETTING = ["place", "point", "arm"]
"""Columns that name a compared setting: one strategy (with its choices) in one world, over replicates."""


def by_point(study: StudyTable, measure: str, arm: str, place: str | None = None) -> pd.Series:
    """Mean over replicates of a measure of one arm, by design point (index: point, ascending)."""
    part = study.table[study.table["arm"] == arm]
    if place is not None:
        part = part[part["place"] == place]
    return part.groupby("point")[measure].mean().sort_index()


def measures_of(table: pd.DataFrame) -> list[str]:
    """Columns of a table that are measures (and not settings, levels or sums)."""
    no = ("choices.", "uncertainties.", "none.", "sums.")
    return [c for c in map(str, table) if "." in c and not c.startswith(no)]


def finite(values: pd.Series | np.ndarray) -> np.ndarray:
    """The values that are numbers."""
    x = np.asarray(values, np.float64)
    return x[np.isfinite(x)]
