"""Measures by name: each is one function, registered with its unit, range and source under the name used everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from careersim.measures.counting import count
from careersim.town.columns import HERE, OUTSIDE, WORKING
from careersim.town.town import Town


@dataclass
class Snapshot:
    """The town as a measure sees it: residents (or a group of them), with what many measures share computed once."""

    town: Town
    group: np.ndarray | None = None
    """Rows the measure is restricted to (a mask), or None for all residents."""
    memory: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def residents(self) -> np.ndarray:
        """Mask of residents (13 to pension age) of the group."""
        here = self.town.people.residence == HERE
        return here if self.group is None else here & self.group

    @cached_property
    def age(self) -> np.ndarray:
        """Age in months."""
        return self.town.month - self.town.people.birth_month

    @cached_property
    def working_age(self) -> np.ndarray:
        """Mask of residents aged 16-64."""
        return self.residents & (self.age >= 192) & (self.age < 780)

    @cached_property
    def _counted(self) -> tuple[dict[str, float], np.ndarray]:
        return count(self.town, self.residents)

    @property
    def counts(self) -> dict[str, float]:
        """Residents aged 16-64 by what they do, and their income (see `careersim.measures.counting.COUNTED`)."""
        return self._counted[0]

    @property
    def employed(self) -> np.ndarray:
        """Mask of residents aged 16-64 in work."""
        return self._counted[1]

    @cached_property
    def pay(self) -> np.ndarray:
        """Pay of the employed, GBP per month."""
        return self.town.people.pay[self.employed]

    @cached_property
    def income(self) -> np.ndarray:
        """Net income of every row's person while here: pay less travel, or benefit, GBP per month."""
        w = self.town.people
        travel = self.town.posts.travel[np.maximum(w.post, 0)]
        return np.where(w.post >= 0, w.pay - travel, np.where(w.stage == WORKING, self.town.benefit, 0.0))

    @cached_property
    def local_posts(self) -> np.ndarray:
        """Mask of posts of the place's own employers."""
        return self.town.posts.sector != OUTSIDE

    def tally(self, name: str) -> float:
        """Return a count of the month (0 if the phase did not run)."""
        found = self.town.tallies.get(name, 0.0)
        return found if isinstance(found, float) else float(np.sum(found))


@dataclass(frozen=True)
class Measure:
    """A registered measure."""

    name: str
    unit: str
    low: float
    high: float
    source: str
    monthly: bool
    compute: Callable[[Snapshot], float]

    @property
    def doc(self) -> str:
        """First line of the function's docstring."""
        return (self.compute.__doc__ or "").strip().splitlines()[0]


REGISTRY: dict[str, Measure] = {}


def measure(
    unit: str, low: float, high: float, source: str, monthly: bool = False
) -> Callable[[Callable[[Snapshot], float]], Callable[[Snapshot], float]]:
    """Register a function as a measure under its own name; ``monthly`` ones are taken every month, others once a year."""

    def register(compute: Callable[[Snapshot], float]) -> Callable[[Snapshot], float]:
        REGISTRY[compute.__name__] = Measure(compute.__name__, unit, low, high, source, monthly, compute)
        return compute

    return register


def median(values: np.ndarray) -> float:
    """Return the median, or NaN of nothing."""
    if not len(values):
        return float("nan")
    middle = len(values) // 2
    parted = np.partition(values, middle)
    below = parted[middle] if len(values) % 2 else parted[:middle].max()
    return float(0.5 * (below + parted[middle]))


def ratio(top: float, bottom: float) -> float:
    """Return top / bottom, or NaN where there is nothing to divide by."""
    return float(top) / float(bottom) if bottom else float("nan")
