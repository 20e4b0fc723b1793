"""Running a kernel over rows on several threads, with the same result for any number of them.

A row kernel takes ``(lo, hi, ...)`` and writes only rows ``lo..hi-1``, or returns whole numbers that are added up. Rows are cut into
more pieces than there are threads, and whoever is free takes the next: rows do not all cost the same. ``lo`` and ``hi`` are unsigned
(`careersim.kernels` says why).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

MIN_ROWS_PER_THREAD = 4_000
"""Below this, handing rows to another thread costs more than it saves."""
PIECES = 2
"""Pieces a thread."""

_NONE = np.uint64(0)
_n_threads = int(os.environ.get("CAREERSIM_THREADS", "1"))


def set_threads(n: int) -> None:
    """Set how many threads row kernels may use in this process."""
    global _n_threads
    if n < 1:
        raise ValueError(f"threads must be at least 1, not {n}")
    _n_threads = n


@cache
def _pool(n: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n)


def _in_pieces(do: Callable[[int, np.uint64, np.uint64], object], n_rows: int, threads: int) -> None:
    """Call ``do(piece, lo, hi)`` for each piece of the rows, on this thread and ``threads - 1`` others."""
    n = PIECES * threads
    bounds = [np.uint64(n_rows * p // n) for p in range(n + 1)]
    pieces = iter([(p, bounds[p], bounds[p + 1]) for p in range(n)])

    def work() -> None:
        for piece in pieces:
            do(*piece)

    others = [_pool(threads - 1).submit(work) for _ in range(threads - 1)]
    work()
    for other in others:
        other.result()


def _threads_for(n_rows: int) -> int:
    return 1 if _n_threads == 1 else max(1, min(_n_threads, n_rows // MIN_ROWS_PER_THREAD))


def over_rows(kernel: Callable[..., object], n_rows: int, *args: object) -> None:
    """Call ``kernel(lo, hi, *args)`` so that rows 0..n_rows-1 are each covered once."""
    threads = _threads_for(n_rows)
    if threads == 1:
        kernel(_NONE, np.uint64(n_rows), *args)
    else:
        _in_pieces(lambda piece, lo, hi: kernel(lo, hi, *args), n_rows, threads)


def sum_over_rows(kernel: Callable[..., np.ndarray], n_rows: int, *args: object) -> np.ndarray:
    """Sum of the arrays of whole numbers that ``kernel(lo, hi, *args)`` returns, rows 0..n_rows-1 being each covered once."""
    threads = _threads_for(n_rows)
    if threads == 1:
        return kernel(_NONE, np.uint64(n_rows), *args)
    sums: list[np.ndarray] = [np.empty(0)] * (PIECES * threads)

    def do(piece: int, lo: np.uint64, hi: np.uint64) -> None:
        sums[piece] = kernel(lo, hi, *args)

    _in_pieces(do, n_rows, threads)
    return np.sum(sums, axis=0)
