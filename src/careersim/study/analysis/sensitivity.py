"""Sensitivity: which uncertain numbers decide what a strategy does? Indices and intervals by SALib, by the kind of design.

=================== ==========================================================================================
design              indices
=================== ==========================================================================================
saltelli            Sobol first and total order: share of the variance that a number explains alone, and with all its interactions
morris              mu* (mean size of its elementary effects) and sigma (how much they differ: interaction or curvature)
latin_hypercube,    first order by RBD-FAST from the given sample (Tarantola et al. 2006), and PAWN (Pianosi and Wagener 2015, median
sobol               Kolmogorov-Smirnov distance of the outcome's distribution when the number is known in slices). In a finite sample
                    both differ from zero even for numbers that do nothing: ``by_luck`` is what the largest of 19 samples with
                    the outcome shuffled gives (their 95% quantile)
=================== ==========================================================================================

The outcome is a measure's paired difference from none, mean over the replicates of each world. What is left of luck in these means is
*not* explained by any number: `noise_share` says how much of the variance between worlds it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from careersim.study.analysis.frames import AnalysisError, StudyTable, by_point
from careersim.study.designs import problem, sample_again

COLUMNS = ["place", "arm", "measure", "parameter", "index", "value", "low", "high", "by_luck", "noise_share", "worlds"]
SHUFFLES = 19
"""Shuffled samples of which the largest is the 95% quantile by luck."""
RESAMPLES = 40
"""Bootstrap samples of worlds for the interval of an index from a given sample."""
LEAST_SAMPLE = 16
PAWN_SLICES = 8


def sensitivity_indices(study: StudyTable, measures: Sequence[str]) -> pd.DataFrame:
    """Sensitivity indices of each measure of each strategy in each place.

    Returns
    -------
    pandas.DataFrame
        One line an index: ``parameter``, ``index`` (its name), ``value`` with 95% interval ``low`` to ``high``
        (bootstrap), ``by_luck`` (what a number that does nothing gets; NaN where the index needs none),
        ``noise_share`` (share of the variance of the outcome between worlds that is luck of the replicates), ``worlds``.

    Raises
    ------
    AnalysisError
        If the design varies nothing, or worlds that the index needs are missing.

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> frame = sensitivity_indices(example_study(), ["account.b"])
    >>> first = frame[(frame["arm"] == "one_to_one") & (frame["index"] == "first order")]
    >>> first.loc[first["value"].idxmax(), "parameter"]
    'migration.cost'
    """
    kind, names = str(study.design.get("kind", "")), uncertain_numbers(study)
    if not names:
        raise AnalysisError(
            "this study varies no uncertain number over a range: sensitivity needs `uncertainties` and a `design`"
        )
    analyse = ANALYSES.get(kind)
    if analyse is None:
        raise AnalysisError(f"a design of kind '{kind}' gives no sensitivity indices: use {', '.join(ANALYSES)}")
    rows: list[dict[str, Any]] = []
    for place in dict.fromkeys(study.table["place"]):
        for arm in study.strategies:
            for measure in (m for m in measures if m in study.table):
                head = {"place": place, "arm": arm, "measure": measure}
                rows += [head | row for row in _indices(study, analyse, names, **head)]
    return pd.DataFrame(rows, columns=COLUMNS)


Analysis = Callable[[dict[str, Any], np.ndarray, np.ndarray, int], list[dict[str, Any]]]


def uncertain_numbers(study: StudyTable) -> list[str]:
    """Names of the uncertain numbers of a sampled design, in the design's order."""
    return list(study.design.get("spreads", {}))


def _indices(study: StudyTable, analyse: Analysis, names: list[str], place: str, arm: str, measure: str) -> list[dict]:
    y = by_point(study, measure, arm, place)
    missing = int(study.design["points"]) - len(y.dropna())
    if missing:
        raise AnalysisError(
            f"{missing} worlds of the design have no finished '{arm}' in {place}: sensitivity needs them all"
        )
    if len(y) < LEAST_SAMPLE:
        raise AnalysisError(f"{len(y)} worlds are too few for sensitivity indices: at least {LEAST_SAMPLE}")
    if np.ptp(y.to_numpy()) == 0:
        return []
    x = sample_again(study.design)
    statement = problem(names) | {k: study.design.get(k) for k in ("second_order", "levels")}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        rows = analyse(statement, x, y.to_numpy(np.float64), study.seed)
    more = {"noise_share": noise_share(study, measure, arm, place), "worlds": len(y)}
    return [{"by_luck": np.nan, **row, **more} for row in rows]


def noise_share(study: StudyTable, measure: str, arm: str, place: str) -> float:
    """Share of the variance between worlds' means that is luck of their replicates; NaN below two replicates.

    Within-world variance over the number of replicates, over the variance of the worlds' means.
    """
    part = study.table[(study.table["arm"] == arm) & (study.table["place"] == place)]
    worlds = part.groupby("point")[measure]
    replicates = worlds.count().mean()
    between = worlds.mean().var(ddof=1)
    return (
        float(min(worlds.var(ddof=1).mean() / replicates / between, 1.0)) if replicates > 1 and between > 0 else np.nan
    )


def _rows(names: Sequence[str], index: str, value: Any, half: Any, lowest: float = -np.inf) -> list[dict[str, Any]]:
    """Lines of one index from SALib's values and half widths."""
    return [
        {
            "parameter": n,
            "index": index,
            "value": float(v),
            "low": max(float(v) - float(h), lowest),
            "high": float(v) + float(h),
        }
        for n, v, h in zip(names, value, half, strict=True)
    ]


def _sobol(statement: dict, x: np.ndarray, y: np.ndarray, seed: int) -> list[dict[str, Any]]:
    """Saltelli's estimators; whether second order was sampled is told by the number of worlds."""
    from SALib.analyze import sobol

    d, second = len(statement["names"]), bool(statement["second_order"])
    if len(y) % (2 * d + 2 if second else d + 2):
        raise AnalysisError(f"{len(y)} worlds are not whole Saltelli blocks of {2 * d + 2 if second else d + 2}")
    found = sobol.analyze(statement, y, calc_second_order=second, seed=seed, print_to_console=False)
    first = _rows(statement["names"], "first order", found["S1"], found["S1_conf"])
    return first + _rows(statement["names"], "total order", found["ST"], found["ST_conf"])


def _morris(statement: dict, x: np.ndarray, y: np.ndarray, seed: int) -> list[dict[str, Any]]:
    from SALib.analyze import morris

    found = morris.analyze(statement, x, y, num_levels=int(statement["levels"]), seed=seed, print_to_console=False)
    none = np.full(len(statement["names"]), np.nan)
    return _rows(statement["names"], "mu*", found["mu_star"], found["mu_star_conf"], 0.0) + [
        row | {"low": np.nan, "high": np.nan} for row in _rows(statement["names"], "sigma", found["sigma"], none)
    ]


def _given_sample(statement: dict, x: np.ndarray, y: np.ndarray, seed: int) -> list[dict[str, Any]]:
    """First-order and PAWN indices from one sample of worlds, beside what luck alone gives."""
    rng = np.random.default_rng(seed)
    shuffled = [rng.permutation(y) for _ in range(SHUFFLES)]
    drawn = [rng.integers(len(y), size=len(y)) for _ in range(RESAMPLES)]
    rows = []
    for index, of in (("first order", _first_order), ("PAWN", _pawn)):
        value = of(statement, x, y)
        again = np.array([of(statement, x[i], y[i]) for i in drawn])
        low, high = value + np.nanquantile(again, [0.025, 0.975], axis=0) - np.nanmean(again, axis=0)
        luck = np.max([of(statement, x, s) for s in shuffled], axis=0)
        for k, name in enumerate(statement["names"]):
            ends = {"low": float(low[k]), "high": float(high[k]), "by_luck": float(luck[k])}
            rows.append({"parameter": name, "index": index, "value": float(value[k]), **ends})
    return rows


def _first_order(statement: dict, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    from SALib.analyze import rbd_fast

    harmonics = min(10, len(y) // 4 - 1)
    found = rbd_fast.analyze(statement, x, y, M=harmonics, num_resamples=0, print_to_console=False)
    return np.asarray(found["S1"], np.float64)


def _pawn(statement: dict, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Median over slices of each number of the Kolmogorov-Smirnov distance between the slice's outcomes and all outcomes.

    The same as ``SALib.analyze.pawn`` (whose slices leave the largest value out), for all slices at once: some hundred samples are needed.
    """
    order = np.argsort(y, kind="stable")
    last = np.append(np.diff(y[order]) > 0, True)
    whole = (np.arange(len(y)) + 1.0)[last] / len(y)
    out = np.empty(x.shape[1])
    for j, column in enumerate(x.T):
        edges = np.nanquantile(column, np.arange(PAWN_SLICES + 1) / PAWN_SLICES)
        inside = (column[order, None] >= edges[:-1]) & (column[order, None] < edges[1:])
        counts = inside.sum(axis=0)
        shares = np.cumsum(inside, axis=0)[last][:, counts > 0] / counts[counts > 0]
        out[j] = np.median(np.abs(shares - whole[:, None]).max(axis=0))
    return out


ANALYSES: dict[str, Analysis] = {
    "saltelli": _sobol,
    "morris": _morris,
    "latin_hypercube": _given_sample,
    "sobol": _given_sample,
}
"""How a design of each kind is analysed."""
