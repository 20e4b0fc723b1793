"""Robustness: in what share of plausible worlds is one strategy better than another, and where does the ranking flip?

A *world* is one point of the design of the uncertainties in one place: numbers nobody knows (graded *assumed*), drawn over their
ranges. In each, strategies are compared by their mean over the replicates of that world.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from careersim.study.analysis.frames import StudyTable
from careersim.study.analysis.prim import Box, best, trajectory, without_idle_limits
from careersim.study.analysis.quantities import HEADLINE, quantity
from careersim.study.statistics import mean_interval
from careersim.study.task import BASELINE

LEAST_WORLDS = 20
"""Fewer worlds than this say nothing about where a ranking flips."""
LEAST_MINORITY = 5


def world_differences(study: StudyTable, measure: str, a: str, b: str) -> pd.DataFrame:
    """Strategy ``a`` less ``b`` in each world: ``difference``, its t interval and ``replicates``, with the world's numbers.

    ``none`` may be either; signs are as measured (see ``Quantity.better`` for which way is good).
    """
    table = study.table
    index = ["place", "point", "replicate"]
    wide = table[table["arm"].isin((a, b))].pivot_table(index=index, columns="arm", values=measure, observed=True)
    wide = wide.assign(**{BASELINE: 0.0}).reindex(columns=[a, b])
    both = (wide[a] - wide[b]).dropna().rename("d").reset_index()
    rows = []
    for _, part in both.groupby(["place", "point"], observed=True):
        e = mean_interval(part["d"].to_numpy())
        at = {"place": part["place"].iloc[0], "point": part["point"].iloc[0]}
        rows.append(at | {"difference": e.value, "low": e.low, "high": e.high, "replicates": e.n})
    frame = pd.DataFrame(rows, columns=["place", "point", "difference", "low", "high", "replicates"])
    numbers = table.drop_duplicates(["place", "point"])[["place", "point", *study.uncertainties]]
    return frame.merge(numbers, on=["place", "point"], how="left")


def share_of_worlds(study: StudyTable, measures: Sequence[str] = HEADLINE) -> pd.DataFrame:
    """Share of plausible worlds in which A beats B, for all pairs of strategies (and none) and measures with a good side.

    Returns
    -------
    pandas.DataFrame
        ``a``, ``b``, ``measure``, ``share`` of worlds in which A's mean is better, its Wilson 95% interval (``low``, ``high``,
        worlds taken as a random sample of the ranges), ``worlds``, and ``a_for_sure``, ``b_for_sure``: shares of worlds in which
        the paired interval of that world excludes zero on A's or on B's side.

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> frame = share_of_worlds(example_study(), ["account.b"])
    >>> frame[["a", "b", "worlds"]].values.tolist()[-1]
    ['one_to_one', 'organising', 200]
    """
    arms = [BASELINE, *study.strategies]
    rows = []
    for measure in (m for m in measures if m in study.table and quantity(m).better):
        for b, a in _pairs(arms):
            worlds = world_differences(study, measure, a, b)
            if len(worlds):
                rows.append({"measure": measure, "a": a, "b": b} | _share(worlds, quantity(measure).better))
    return pd.DataFrame(rows)


def _pairs(arms: list[str]) -> list[tuple[str, str]]:
    """Pairs (B, A): each strategy against none first, then strategies with each other in the design's order."""
    first, *rest = arms
    return [(first, a) for a in rest] + [(b, a) for a, b in combinations(rest, 2)]


def _share(worlds: pd.DataFrame, better: int) -> dict[str, float]:
    d, low, high = (better * worlds[c].to_numpy() for c in ("difference", "low", "high"))
    if better < 0:
        low, high = high, low
    n, wins = len(d), int((d > 0).sum())
    ends = wilson(wins, n)
    sure, against = float((low > 0).mean()), float((high < 0).mean())
    return {"share": wins / n, "low": ends[0], "high": ends[1], "worlds": n, "a_for_sure": sure, "b_for_sure": against}


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's (1927) interval of a share of ``k`` in ``n``.

    Examples
    --------
    >>> [round(x, 3) for x in wilson(9, 10)]
    [0.596, 0.982]
    """
    if n == 0:
        return math.nan, math.nan
    interval = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Flip:
    """Where the ranking of two strategies flips."""

    measure: str
    usual: str
    """The strategy that is better in most worlds."""
    other: str
    worlds: int
    share_other: float
    """Share of worlds in which the other is better."""
    box: Box | None
    """Where the other is better; None if no condition on the uncertainties tells these worlds from the rest."""
    names: tuple[str, ...]
    """Names of the uncertainties, in the order of the box's limits."""
    whole: tuple[np.ndarray, np.ndarray]
    reason: str = ""

    def words(self) -> str:
        """The condition in a sentence."""
        head = f"{title(self.other)} beats {title(self.usual)} ({quantity(self.measure).label}) in {self.share_other:.0%} of {self.worlds} worlds"
        if self.box is None:
            return f"{head}; {self.reason}."
        limits = " and ".join(self._limit(j) for j in np.flatnonzero(self.box.restricted).tolist())
        return (
            f"{head}: mostly where {limits}. There it is better in {self.box.density:.0%} of {self.box.n} worlds, "
            f"which are {self.box.coverage:.0%} of all worlds in which it is."
        )

    def _limit(self, j: int) -> str:
        assert self.box is not None
        low, high, name = self.box.low[j], self.box.high[j], self.names[j].removeprefix("uncertainties.")
        if low > self.whole[0][j] and high < self.whole[1][j]:
            return f"{name} lies between {low:.3g} and {high:.3g}"
        return f"{name} is above {low:.3g}" if low > self.whole[0][j] else f"{name} is below {high:.3g}"


def title(arm: str) -> str:
    """Name of an arm in a sentence.

    Examples
    --------
    >>> title("one_to_one"), title("none")
    ('one to one', 'no strategy')
    """
    return "no strategy" if arm == BASELINE else arm.replace("_", " ")


def ranking_flip(study: StudyTable, measure: str, a: str, b: str) -> Flip:
    """The PRIM box of the uncertainties in which the ranking of two strategies is the unusual one.

    Limits that luck explains are dropped (quasi-p above .05, `careersim.study.analysis.prim`).

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> flip = ranking_flip(example_study(), "account.b", "one_to_one", "organising")
    >>> flip.other, [flip.names[j] for j in np.flatnonzero(flip.box.restricted)]
    ('organising', ['uncertainties.migration.cost'])
    """
    worlds = world_differences(study, measure, a, b)
    names = tuple(c for c in study.uncertainties if pd.api.types.is_numeric_dtype(worlds[c]))
    x = worlds[list(names)].to_numpy(np.float64)
    a_wins = quantity(measure).better * worlds["difference"].to_numpy() > 0
    usual, other, flipped = (a, b, ~a_wins) if 2 * a_wins.sum() >= len(worlds) else (b, a, a_wins)
    whole = (x.min(axis=0), x.max(axis=0)) if x.size else (np.empty(0), np.empty(0))
    share, n = float(flipped.mean()) if len(flipped) else math.nan, len(worlds)
    few = n < LEAST_WORLDS or not names
    if few or int(flipped.sum()) < LEAST_MINORITY:
        reason = f"too few worlds (under {LEAST_WORLDS}) to say where" if few else "too few to say where"
        return Flip(measure, usual, other, n, share, None, names, whole, reason)
    box = without_idle_limits(x, flipped, best(trajectory(x, flipped)))
    if not box.restricted.any():
        reason = "no condition on the uncertain numbers tells these worlds from the rest"
        return Flip(measure, usual, other, n, share, None, names, whole, reason)
    return Flip(measure, usual, other, n, share, box, names, whole)


def ranking_flips(study: StudyTable, measures: Sequence[str]) -> list[Flip]:
    """`ranking_flip` of all pairs of strategies, and of each with none, for each measure with a good side."""
    arms = [BASELINE, *study.strategies]
    chosen = [m for m in measures if m in study.table and quantity(m).better]
    return [ranking_flip(study, m, a, b) for m in chosen for b, a in _pairs(arms)]


def over_worlds(study: StudyTable, measures: Sequence[str] = HEADLINE) -> pd.DataFrame:
    """Each strategy's difference from none over the worlds of a place: median, 5% and 95% of worlds, share above zero.

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> frame = over_worlds(example_study(), ["account.b"]).set_index("arm")
    >>> bool(25 < frame.loc["organising", "median"] < 35)
    True
    """
    rows = []
    for (place, arm), part in study.contest.groupby(["place", "arm"], sort=False):
        for measure in (m for m in measures if m in part):
            means = part.groupby("point")[measure].mean().dropna().to_numpy()
            if len(means):
                low, middle, high = np.quantile(means, [0.05, 0.5, 0.95])
                found = {"median": middle, "low5": low, "high95": high, "above_zero": float((means > 0).mean())}
                rows.append({"place": place, "arm": arm, "measure": measure, **found, "worlds": len(means)})
    return pd.DataFrame(rows)
