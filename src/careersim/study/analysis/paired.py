"""Paired differences: what each strategy changes in each world, how sure that is, and how many replicates are enough."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from careersim.study.analysis.bootstrap import bca_of_means
from careersim.study.analysis.frames import SETTING, StudyTable, is_strategy
from careersim.study.analysis.quantities import HEADLINE
from careersim.study.statistics import mean_interval, variance_reduction

MOST_REPLICATES = 1_000_000


def paired_differences(study: StudyTable, measures: Sequence[str] = HEADLINE) -> pd.DataFrame:
    """Mean paired differences from none, by place, point, arm and measure.

    Returns
    -------
    pandas.DataFrame
        ``difference`` with its Student t interval (``low``, ``high``) and its BCa interval (``bca_low``, ``bca_high``),
        ``standard_error``, ``replicates``, ``variance_reduction`` (how many times more replicates unpaired arms would
        have needed; for levels of the place), ``p`` (two-sided t test) and ``p_holm`` (Holm 1979, over all tests of the
        place in this table; the placebo and reruns that show nothing of elsewhere are no claims and have none).

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> frame = paired_differences(example_study(), ["account.b"])
    >>> sorted(frame["arm"].unique())
    ['one_to_one', 'organising']
    """
    rows = []
    for at, part in study.table.groupby(SETTING, sort=False, observed=True):
        rows += [dict(zip(SETTING, at, strict=True)) | row for row in _differences(part, measures, study.seed)]
    frame = pd.DataFrame(rows)
    frame["p_holm"] = math.nan
    for _, part in frame[frame["arm"].map(is_strategy)].groupby("place", observed=True):
        frame.loc[part.index, "p_holm"] = holm(part["p"].to_numpy())
    return frame


def _differences(part: pd.DataFrame, measures: Sequence[str], seed: int) -> list[dict]:
    """One setting: a line a measure."""
    known = [m for m in measures if m in part]
    values = part[known].to_numpy(np.float64)
    whole = np.isfinite(values).all(axis=0)
    low, high = np.full(len(known), math.nan), np.full(len(known), math.nan)
    low[whole], high[whole] = bca_of_means(values[:, whole], seed)
    out = []
    for k, measure in enumerate(known):
        e = mean_interval(values[:, k])
        out.append(
            {"measure": measure, "difference": e.value, "low": e.low, "high": e.high, "bca_low": low[k], "bca_high": high[k],
             "standard_error": e.standard_error, "replicates": e.n, "variance_reduction": _saved(part, measure),
             "p": p_value(e.value, e.standard_error, e.n)}
        )  # fmt: skip
    return out


def _saved(part: pd.DataFrame, measure: str) -> float:
    """Variance-reduction factor achieved; NaN for what is a difference between worlds in itself."""
    level = f"none.{measure.removeprefix('place.')}"
    if not measure.startswith("place.") or level not in part:
        return math.nan
    none, difference = part[level].to_numpy(np.float64), part[measure].to_numpy(np.float64)
    both = np.isfinite(none) & np.isfinite(difference)
    return variance_reduction((none + difference)[both], none[both])


def p_value(difference: float, standard_error: float, n: int) -> float:
    """Two-sided p of a paired t test; NaN below two replicates.

    Examples
    --------
    >>> round(p_value(2.0, 1.0, 11), 4)
    0.0734
    """
    if n < 2 or not math.isfinite(standard_error):
        return math.nan
    if standard_error == 0:
        return 1.0 if difference == 0 else 0.0
    return float(2 * stats.t.sf(abs(difference / standard_error), n - 1))


def holm(p: np.ndarray) -> np.ndarray:
    """P values adjusted for the number of tests (Holm 1979, step-down Bonferroni); NaN stay NaN.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    out = np.full(len(p), math.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(p[order] * steps), 1.0)
    return out


def many_tests(differences: pd.DataFrame, level: float = 0.05) -> str:
    """The multiple-comparison note, in words.

    Examples
    --------
    >>> frame = pd.DataFrame({"arm": ["a"] * 3, "p": [0.01, 0.04, 0.5], "p_holm": [0.03, 0.08, 0.5]})
    >>> many_tests(frame).split(";")[0]
    '3 differences are tested here: if no strategy did anything, about 0.2 would have p below 0.05 by luck'
    """
    tested = differences[differences["arm"].map(is_strategy) & differences["p"].notna()]
    alone, together = int((tested["p"] < level).sum()), int((tested["p_holm"] < level).sum())
    return (
        f"{len(tested)} differences are tested here: if no strategy did anything, about {level * len(tested):.1f} would have p below "
        f"{level:g} by luck; {alone} have. After Holm's adjustment for the number of tests (within each place) {together} remain. "
        "An interval is about its own difference alone."
    )


def replicates_needed(standard_deviation: float, half_width: float, confidence: float = 0.95) -> int:
    """Fewest replicates whose Student t interval of a mean paired difference has at most this half width.

    Parameters
    ----------
    standard_deviation
        Standard deviation of the paired difference over replicates, in the measure's unit.
    half_width
        Half width asked for, in the same unit.

    Examples
    --------
    >>> replicates_needed(1.0, 1.0)
    7
    >>> replicates_needed(1.0, 0.1)
    387
    """
    if not half_width > 0:
        raise ValueError("a half width is above 0")
    if not math.isfinite(standard_deviation):
        return MOST_REPLICATES
    n = max(2, math.floor((stats.norm.ppf(0.5 + confidence / 2) * standard_deviation / half_width) ** 2))
    while n < MOST_REPLICATES and half_width_at(standard_deviation, n, confidence) > half_width:
        n += 1
    return n


def half_width_at(standard_deviation: float, n: int, confidence: float = 0.95) -> float:
    """Half width of the Student t interval of the mean of ``n`` replicates.

    Examples
    --------
    >>> round(half_width_at(1.0, 10), 3)
    0.715
    """
    return float(stats.t.ppf(0.5 + confidence / 2, n - 1)) * standard_deviation / math.sqrt(n)


def enough_replicates(differences: pd.DataFrame, half_widths: dict[str, float] | None = None) -> pd.DataFrame:
    """How many replicates are enough, by setting and measure.

    Parameters
    ----------
    differences
        From `paired_differences`.
    half_widths
        Half width asked for by measure, in the measure's unit; else half the size of the difference found, the
        least that tells it from zero with something to spare.

    Returns
    -------
    pandas.DataFrame
        ``standard_deviation`` of the paired difference, ``half_width`` reached, ``asked`` and ``needed`` replicates.
        The standard deviation is itself an estimate: with 8 replicates it may be a third off, and the number needed by two thirds.
    """
    frame = differences[differences["replicates"] >= 2].copy()
    frame["standard_deviation"] = frame["standard_error"] * np.sqrt(frame["replicates"])
    frame["half_width"] = (frame["high"] - frame["low"]) / 2
    given = half_widths or {}
    frame["asked"] = [given.get(m, abs(d) / 2) for m, d in zip(frame["measure"], frame["difference"], strict=True)]
    frame["needed"] = [
        replicates_needed(sd, asked) if asked > 0 else MOST_REPLICATES
        for sd, asked in zip(frame["standard_deviation"], frame["asked"], strict=True)
    ]
    return frame[
        [*SETTING, "measure", "replicates", "standard_deviation", "half_width", "asked", "needed"]
    ].reset_index(drop=True)
