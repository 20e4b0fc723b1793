"""Results by group of people, as lines of a run's long table.

Table ``groups`` (whole period): levels of each group as the mean of the last 12 months, flows per 1,000 of the group and year, measures of the
whole period, and what the policy gave those who lived here when it began (``gain.income``, ``gain.own``: mean dW in GBP; ``gain.n``:
how many they are), by their group on that day. Table ``monthly_groups``: the months asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from careersim.measures import catalogue
from careersim.measures import ledger as books
from careersim.measures.collecting import Collector
from careersim.measures.groups import cells
from careersim.measures.period import Period, Start
from careersim.scenario.collect import Collect
from careersim.town.columns import HERE
from careersim.town.town import Town

GROUPS_TABLE, GROUP_MONTHS_TABLE = "groups", "monthly_groups"
WHOLE_PERIOD, ALL, BASELINE = -1, "all", "none"
GAINS = ("income", "own")
CELL = ["place", "strategy", "group", "measure"]
"""What a line of `groups_table` is about."""
Line = tuple[str, int, str, str, float]
"""A line of the long table: table, month of policy (-1: whole period), measure, group, value."""


def period_values(start: Start, town: Town, collect: Collect) -> dict[tuple[str, str], float]:
    """Measures of the whole period by (measure, group): of all, and of each group by what it was when policy began."""
    out = {}
    for name, m in catalogue(period=True).items():
        out[name, ALL] = m.compute(Period(start, town))
    named = {name: m for name, m in catalogue(period=True).items() if m.by_group and _wanted(name, collect)}
    for grouping in collect.groups if named else ():
        for label, mask in cells(start.codes, grouping):
            period = Period(start, town, mask)
            out |= {(name, label): m.compute(period) for name, m in named.items()}
    return out


def _wanted(name: str, collect: Collect) -> bool:
    return collect.measures is None or name in collect.measures


def group_lines(result: Any, none: Any | None, collect: Collect) -> list[Line]:
    """All lines by group of one arm's result; ``none`` is the arm it is compared with."""
    lines = [*_closing(result), *_months(result.collector, collect)]
    if none is not None:
        lines += _gains(result, none, collect)
    return [line for line in lines if np.isfinite(line[-1])]


def _closing(result: Any) -> Iterator[Line]:
    for (name, group), value in {**result.collector.closing(), **result.period}.items():
        if group != ALL:
            yield GROUPS_TABLE, WHOLE_PERIOD, name, group, value


def _months(collector: Collector, collect: Collect) -> Iterator[Line]:
    for line in collector.by_group if collect.months is not None else ():
        if collect.keeps(line.month):
            yield GROUP_MONTHS_TABLE, line.month, line.measure, line.group, line.value


def _gains(result: Any, none: Any, collect: Collect) -> Iterator[Line]:
    """Mean dW of those who lived here when policy began, by their group on that day."""
    here = none.start.residence == HERE
    dw = {m: books.gains(result.lives, none.lives, m) for m in GAINS}
    for grouping in collect.groups:
        for label, mask in cells(none.start.codes, grouping):
            who = mask & here
            n = int(who.sum())
            yield GROUPS_TABLE, WHOLE_PERIOD, "gain.n", label, float(n)
            for m in GAINS if n else ():
                yield GROUPS_TABLE, WHOLE_PERIOD, f"gain.{m}", label, float(dw[m][who].sum()) / books.MEASURES[m] / n


def group_sums(results: pd.DataFrame) -> pd.DataFrame:
    """What some replicates, whole with all their arms, add to `groups_table`: by cell their number, sums, and squares about their mean."""
    lines = results[results["table"] == GROUPS_TABLE].astype({"measure": str, "group": str})
    pair = ["place", "group", "measure", "point", "replicate"]
    none = lines[lines["arm"] == BASELINE].set_index(pair)["value"].rename("none")
    own = lines[lines["arm"] != BASELINE].rename(columns={"arm": "strategy"}).join(none, on=pair)
    own["difference"] = np.where(own["measure"].str.startswith("gain."), own["value"], own["value"] - own["none"])
    by = own.astype({"place": str, "strategy": str}).groupby(CELL, sort=False)
    out = by.agg(
        with_none=("none", "count"), none=("none", "sum"), replicates=("difference", "count"),
        difference=("difference", "sum"), squares=("difference", "var"),
    )  # fmt: skip
    return out.assign(squares=out["squares"].fillna(0.0) * (out["replicates"] - 1).clip(lower=0))


def with_more(sums: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Two `group_sums` put together; squares about the two means as by Chan, Golub and LeVeque (1983, The American Statistician 37(3))."""
    cells = sums.index if sums.index.equals(more.index) else sums.index.union(more.index, sort=False)
    a, b = (part.reindex(cells, fill_value=0.0) for part in (sums, more))
    apart = b["difference"] / b["replicates"].clip(lower=1) - a["difference"] / a["replicates"].clip(lower=1)
    out = a + b
    between = apart**2 * a["replicates"] * b["replicates"] / out["replicates"].clip(lower=1)
    return out.assign(squares=out["squares"] + between)


def groups_table(sums: pd.DataFrame) -> pd.DataFrame:
    """Each strategy by group of people, paired by replicate: one line a place, strategy, group and measure; from `group_sums`.

    Columns ``none`` (mean without a strategy), ``difference`` (policy less none; of gains the gain itself, GBP over the period, discounted)
    with its 95% interval ``low`` to ``high``, and ``replicates``.
    """
    n = sums["replicates"]
    mean = sums["difference"] / n.where(n > 0)
    half = stdtrit(n - 1, 0.975) * np.sqrt(sums["squares"] / (n - 1).where(n > 1) / n)
    out = pd.DataFrame(
        {"none": sums["none"] / sums["with_none"].where(sums["with_none"] > 0), "difference": mean, "replicates": n}
    )
    return out.assign(low=mean - half, high=mean + half).reset_index()
