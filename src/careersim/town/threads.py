"""Running a kernel over rows on several threads, with the same result for any number of them.

A row kernel takes ``(lo, hi, ...)``, is compiled with ``nogil=True`` and writes only rows ``lo..hi-1``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

MIN_ROWS_PER_THREAD = 4_000
"""Below this, handing rows to another thread costs more than it saves."""

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


def over_rows(kernel: Callable[..., object], n_rows: int, *args: object) -> None:
    """Call ``kernel(lo, hi, *args)`` so that rows 0..n_rows-1 are each covered once."""
    parts = max(1, min(_n_threads, n_rows // MIN_ROWS_PER_THREAD))
    if parts == 1:
        kernel(0, n_rows, *args)
        return
    edges = [n_rows * p // parts for p in range(parts + 1)]
    for done in [_pool(parts).submit(kernel, edges[p], edges[p + 1], *args) for p in range(parts)]:
        done.result()
