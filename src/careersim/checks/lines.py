"""A line of `careersim verify`: what was expected, what was found, and the verdict."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from careersim.checks.estimates import Estimate

STANDARD_ERRORS = 3.0
"""Two-sided tolerance of sampled checks: one line in 370 fails by chance."""
ROUNDING = 1e-6
"""Relative tolerance of checks in which luck has no part."""
PASS, FAIL, IMPRECISE, ERROR = "pass", "fail", "imprecise", "error"
"""Verdicts."""


@dataclass(frozen=True)
class Line:
    """One result."""

    what: str
    condition: str
    expected: str
    found: str
    verdict: str
    expected_value: float = math.nan
    found_value: float = math.nan
    standard_error: float = math.nan
    z: float = math.nan
    """Found less expected in standard errors; NaN where luck has no part."""
    precision: float = math.nan
    """Largest standard error allowed, as a share of the expected value."""
    note: str = ""
    check: str = ""

    @property
    def passed(self) -> bool:
        """Whether the model does what it should."""
        return self.verdict == PASS


@dataclass(frozen=True)
class Effort:
    """How much is simulated, and with which luck."""

    quick: bool = False
    seed: int = 1

    def pick(self, full: int, quick: int) -> int:
        """Return the size for this effort."""
        return quick if self.quick else full

    @property
    def precision(self) -> float:
        """Largest standard error as a share of the expected value: 1%, or 3% in a quick run."""
        return 0.03 if self.quick else 0.01

    @property
    def precision_of_correlations(self) -> float:
        """The same for correlations: 1%, or 10% in a quick run."""
        return 0.10 if self.quick else 0.01

    def rng(self, name: str) -> np.random.Generator:
        """Luck of a part of the checks, its own whatever else is run."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


@dataclass(frozen=True)
class Part:
    """A piece of a check that runs by itself."""

    check: str
    """A1, B3 ..."""
    name: str
    run: Callable[[Effort], list[Line]]
    seconds: float = 1.0
    """Rough time of the full run, to start long parts first."""


@dataclass(frozen=True)
class Check:
    """A row of the list of checks."""

    id: str
    title: str
    claim: str
    """What the model must do, in a sentence."""
    source: str
    parts: list[Part] = field(default_factory=list)


def digits(value: float, error: float = 0.0) -> str:
    """Write a number with as many digits as its error, or six, allow.

    Examples
    --------
    >>> digits(0.056778123), digits(8.784233, 0.0042), digits(100.0)
    ('0.0567781', '8.7842', '100')
    """
    if math.isnan(value):
        return "none"
    if error > 0.0:
        return f"{value:.{max(0, min(7, 1 - math.floor(math.log10(error))))}f}"
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def near(what: str, condition: str, expected: float, found: Estimate, precision: float) -> Line:
    """A sampled number must lie within three standard errors of theory, and be sampled well enough to say so."""
    gap, error = found.value - expected, found.standard_error
    if error > 0.0:
        z, inside = gap / error, abs(gap) <= STANDARD_ERRORS * error
    else:
        z, inside = math.nan, abs(gap) <= ROUNDING * max(abs(expected), 1.0)
    precise = error <= precision * abs(expected) or error == 0.0
    verdict = FAIL if not inside else PASS if precise else IMPRECISE
    text = digits(found.value, error) + (f" ± {digits(error, error)}" if error > 0.0 else " ± 0")
    return Line(what, condition, digits(expected), text, verdict, expected, found.value, error, z, precision)


def exact(what: str, condition: str, expected: float, found: float) -> Line:
    """A number in which luck has no part must equal theory, up to rounding."""
    same = abs(found - expected) <= ROUNDING * max(abs(expected), 1e-12)
    verdict = PASS if same else FAIL
    return Line(what, condition, digits(expected), digits(found), verdict, expected, found, 0.0)


def above(what: str, condition: str, found: Estimate) -> Line:
    """A difference must be above zero by three standard errors."""
    z = found.value / found.standard_error if found.standard_error > 0.0 else math.copysign(math.inf, found.value)
    text = f"{digits(found.value, found.standard_error)} ± {digits(found.standard_error, found.standard_error)}"
    verdict = PASS if z >= STANDARD_ERRORS else FAIL
    return Line(what, condition, "> 0 by 3 s.e.", text, verdict, 0.0, found.value, found.standard_error, z)


def holds(what: str, condition: str, expected: str, problem: str | None) -> Line:
    """Something must hold without exception; ``problem`` says where it does not."""
    return Line(what, condition, expected, problem or "holds", FAIL if problem else PASS)
