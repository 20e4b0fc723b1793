"""How large the employers of a place are, and which of them a run at n of N people has.

Employers at full size are laid out class by class from the place's published shares of employers by size, with a Pareto
tail inside each class (Axtell 2001). A run takes a systematic sample of them, ordered by sector and size, so that each sector
and size class keeps its share of jobs; an employer that would hold more than a stated share of the run's jobs is cut to that
share, stands for fewer of its like, and remembers its full-scale heads.
"""

from __future__ import annotations

import numpy as np

from careersim.kernels import kernel
from careersim.scenario.parameters.demand import Demand
from careersim.town.columns import PUBLIC

CLASS_EDGES = np.array([1.0, 10.0, 50.0, 250.0, 1000.0])
"""Heads at which the published size classes begin; the last edge rises with the place."""
SECTOR_OF_CLASS = np.array([[0.7, 1.0, 1.4, 1.1], [1.6, 1.3, 0.8, 0.6], [0.1, 0.5, 0.9, 2.0]])
"""Affinity of sectors (tradable, local services, public) to size classes; assumed, scaled to the published margins."""
SMALLEST_CUT = 2.0
"""Heads below which no employer is cut, however small the run."""


def fit_to_margins(table: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int = 100) -> np.ndarray:
    """Scale a non-negative table to given row and column sums (iterative proportional fitting); rows are met exactly."""
    out = table.astype(np.float64).copy()
    for _ in range(rounds):
        sums = out.sum(axis=0)
        out *= np.divide(columns, sums, out=np.zeros_like(sums), where=sums > 0)
        sums = out.sum(axis=1)
        factor = np.divide(rows, sums, out=np.zeros_like(sums), where=sums > 0)
        out *= factor[:, None]
        if np.all(np.abs(factor - 1.0) < 1e-9):
            break
    return out


@kernel
def exit_hazard(heads, death_rate, reference, exponent):
    """Monthly hazard of exit at normal profit of an employer of ``heads`` full-scale heads (number or array)."""
    return death_rate / 12.0 * (np.maximum(heads, 1.0) / reference) ** -exponent


def dormant_chance(heads: np.ndarray, sector: np.ndarray, demand: Demand) -> np.ndarray:
    """Share of time for which slots stand empty, at normal demand and profit."""
    if not demand.turnover:
        return np.zeros(len(heads))
    h = (
        exit_hazard(heads, demand.death_rate, demand.exit_size_reference, demand.exit_size_exponent)
        * demand.empty_months
    )
    return np.where(sector >= PUBLIC, 0.0, h / (1.0 + h))


def _sizes_at(quantile: np.ndarray, low: float, high: float, tail: float) -> np.ndarray:
    """Quantiles of a Pareto distribution cut at both ends."""
    return (low**-tail - quantile * (low**-tail - high**-tail)) ** (-1.0 / tail)


def _middles(n: int) -> np.ndarray:
    return (np.arange(n) + 0.5) / n


def jobs_by_size(size_share: np.ndarray, edges: np.ndarray, tail: float) -> np.ndarray:
    """Share of jobs by size class from the published share of *employers* by size class."""
    means = [np.mean(_sizes_at(_middles(2000), edges[c], edges[c + 1], tail)) for c in range(4)]
    heads = np.asarray(size_share, np.float64) * means
    return heads / heads.sum()


def _class_sizes(heads: float, low: float, high: float, tail: float) -> np.ndarray:
    """Sizes of the employers that share ``heads`` jobs in one class."""
    n = max(1, round(heads / np.mean(_sizes_at(_middles(2000), low, high, tail))))
    sizes = _sizes_at(_middles(n), low, high, tail)
    return sizes * heads / sizes.sum()


def full_scale_employers(jobs: np.ndarray, size_share: np.ndarray, demand: Demand) -> tuple[np.ndarray, np.ndarray]:
    """Heads and sector of every employer of the place at full size, ordered by sector and size.

    Parameters
    ----------
    jobs : array of 3
        Jobs by sector at full size.
    size_share : array of 4
        Published shares of employers with 0-9, 10-49, 50-249 and 250 or more heads.
    """
    total = jobs.sum()
    edges = CLASS_EDGES.copy()
    edges[-1] = max(500.0, min(10_000.0, demand.largest_share * total))
    cells = fit_to_margins(SECTOR_OF_CLASS, jobs, total * jobs_by_size(size_share, edges, demand.size_tail))
    heads, sectors = [], []
    for s in range(3):
        for c in range(4):
            if cells[s, c] > 0.5:
                sizes = _class_sizes(cells[s, c], edges[c], edges[c + 1], demand.size_tail)
                heads.append(sizes)
                sectors.append(np.full(len(sizes), s, np.int8))
    return np.concatenate(heads), np.concatenate(sectors)


def sample_employers(
    heads: np.ndarray, sector: np.ndarray, fraction: float, largest: float, start: float
) -> tuple[np.ndarray, np.ndarray]:
    """Take a systematic sample for a run at ``fraction`` of full size.

    Parameters
    ----------
    heads, sector
        Employers at full size, ordered by sector and size.
    fraction : float
        People in the run over people at full size.
    largest : float
        Most heads that an employer may have in the run.
    start : float
        Luck of the sample, 0..1.

    Returns
    -------
    rows : rows of the employers taken (a cut one may be taken several times)
    l0 : their heads in the run; sums by sector are ``fraction`` times those of ``heads``
    """
    cut = np.minimum(heads, largest)
    reached = np.floor(np.cumsum(fraction * heads / cut) + start)
    rows = np.repeat(np.arange(len(heads)), np.diff(reached, prepend=np.floor(start)).astype(np.int64))
    l0 = cut[rows]
    for s in np.unique(sector):
        wanted = fraction * heads[sector == s].sum()
        mine = sector[rows] == s
        if not mine.any():
            continue
        for _ in range(20):
            l0[mine] = np.minimum(l0[mine] * wanted / l0[mine].sum(), largest)
        l0[mine] *= wanted / l0[mine].sum()
    return rows, l0 * (fraction * heads.sum() / l0.sum())
