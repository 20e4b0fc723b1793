"""Designs: where the points of a study's uncertainties lie. The same config and seed give the same points, bit for bit.

Points are numbered from 0, in the order in which SALib's ``analyze`` functions take their results (Saltelli, Morris).
Samples are drawn in 0..1 for each parameter and carried to its range or its listed values (`Spread.at`), so `record` states
SALib's problem in 0..1: sensitivities are comparable between parameters whatever their units.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from careersim.scenario.uncertainties import Design, Spread, read_points, spreads

SEED_OF_SAMPLES = 0x5EED
"""Keeps the seed of samples apart from other uses of the study's seed."""
ONE_POINT = pd.DataFrame(index=range(1))
"""Nothing is uncertain: one point, without values."""


def points_of(experiment: Any) -> pd.DataFrame:
    """Return the points of an experiment: one line a point, one column an uncertain parameter."""
    design = experiment.design or Design()
    if design.kind == "table" and design.file is not None:
        return pd.DataFrame(read_points(design.file))
    return points(spreads(experiment.uncertainties), design, experiment.seed)


def points(varied: Sequence[Spread], design: Design, seed: int) -> pd.DataFrame:
    """Return the points that a design lays over what is varied.

    Examples
    --------
    >>> points([Spread("a", (1, 2)), Spread("b", ("x", "y"))], Design(kind="lists"), 1).values.tolist()
    [[1, 'x'], [2, 'y']]
    >>> len(points([Spread("a", low=0, high=1), Spread("b", (1, 2, 3))], Design(kind="saltelli", n=8), 1))
    32
    """
    if not varied:
        return ONE_POINT
    if design.kind == "lists":
        return pd.DataFrame({s.name: s.values for s in varied})
    if design.kind == "grid":
        levels = [_levels(s, design.n or 0) for s in varied]
        return pd.DataFrame(list(itertools.product(*levels)), columns=[s.name for s in varied])
    u = unit_sample(design.kind, [s.name for s in varied], design.n or 0, seed, design.second_order, design.levels)
    return pd.DataFrame({s.name: [s.at(x) for x in u[:, k]] for k, s in enumerate(varied)})


def _levels(spread: Spread, n: int) -> tuple[Any, ...]:
    """Listed values, or ``n`` levels of a range from end to end."""
    if spread.listed:
        return spread.values
    levels = np.linspace(spread.low, spread.high, n).tolist()
    return tuple(dict.fromkeys(round(x) if spread.whole else x for x in levels))


def unit_sample(
    kind: str, names: Sequence[str], n: int, seed: int, second_order: bool = False, levels: int = 4
) -> np.ndarray:
    """Return a sample in 0..1, one line a point: the matrix that SALib's ``analyze`` takes as ``X``."""
    rng = np.random.default_rng([SEED_OF_SAMPLES, seed])
    if kind == "latin_hypercube":
        return (rng.permuted(np.tile(np.arange(n), (len(names), 1)), axis=1).T + rng.random((n, len(names)))) / n
    if kind == "sobol":
        from scipy.stats import qmc

        return qmc.Sobol(len(names), scramble=True, seed=rng).random(n)
    whole = int(rng.integers(2**31))
    if kind == "saltelli":
        from SALib.sample import sobol

        return sobol.sample(problem(names), n, calc_second_order=second_order, scramble=True, seed=whole)
    if kind == "morris":
        from SALib.sample import morris

        return morris.sample(problem(names), n, num_levels=levels, seed=whole)
    raise ValueError(f"a {kind} is no sample")


def problem(names: Sequence[str]) -> dict[str, Any]:
    """Return SALib's statement of the problem, in 0..1."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0] for _ in names]}


def record(experiment: Any) -> dict[str, Any]:
    """Return the design as plain data for ``experiment.json``: enough to draw the same sample again (`sample_again`)."""
    design = experiment.design or Design()
    names = list(experiment.uncertainties)
    out: dict[str, Any] = {**design.model_dump(mode="json"), "seed": experiment.seed}
    if design.kind in ("saltelli", "morris"):
        out["problem"] = problem(names)
    out["spreads"] = {
        s.name: {"values": list(s.values)} if s.listed else {"low": s.low, "high": s.high, "whole": s.whole}
        for s in spreads(experiment.uncertainties)
    }
    return out


def sample_again(recorded: dict[str, Any]) -> np.ndarray:
    """Return the sample in 0..1 of a recorded design, one line a point in the order of ``point``."""
    names = list(recorded["spreads"])
    return unit_sample(
        recorded["kind"], names, recorded["n"], recorded["seed"], recorded["second_order"], recorded["levels"]
    )
