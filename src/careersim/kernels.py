"""How a loop over people is compiled: the decorators of every kernel.

Two things can cost more than what a loop computes. A *signed* index may be negative and then counts from the end: each use tests for it,
and no such loop is made into vector instructions. So `careersim.town.threads` gives rows as unsigned numbers. And a division that must
raise an error at zero keeps a loop from being made into vector instructions: kernels divide as numpy does, and the month looks for
what is not finite (`careersim.loop`).
"""

from __future__ import annotations

from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")
"""Compile a function over arrays: kept on disk, and run without holding up other threads."""
inlined = njit(cache=True, nogil=True, error_model="numpy", inline="always")
"""Compile a small function into each kernel that calls it."""
any_order = njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc"})
"""Compile a sum of which only matters whether it is a number: the order of its terms is left to the compiler."""
