"""Measures by name: each is one function, registered with its unit, range and source under the name used everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from careersim.measures.counting import born_between, count, in_work_of, incomes, local_heads
from careersim.measures.inequality import theil, theil_between
from careersim.town.columns import HERE, OUTSIDE
from careersim.town.network import degree_and_clustering
from careersim.town.town import Town

NOBODY = np.empty(0, np.int64)
"""No rows."""
AGE_AT_START = 14
"""Years of age when policy began of the school year that is followed (`careersim.measures.cohort`)."""


@dataclass
class Snapshot:
    """The town as a measure sees it: residents (or a group of them), with what many measures share computed once."""

    town: Town
    group: np.ndarray | None = None
    """Rows the measure is restricted to (a mask), or None for all residents."""
    whole: Snapshot | None = None
    """The snapshot of all residents, if this is of a group: what does not depend on the group is taken from it."""

    def within(self, group: np.ndarray) -> Snapshot:
        """Return the same town as seen of the people of ``group`` (a mask over rows) alone."""
        return Snapshot(self.town, group, self.whole or self)

    @cached_property
    def residents(self) -> np.ndarray:
        """Mask of residents (13 to pension age) of the group, over rows in use."""
        if self.whole is None or self.group is None:
            return self.town.people.residence[: self.town.rows_in_use(self.town.month)] == HERE
        return self.whole.residents & self.group[: len(self.whole.residents)]

    @cached_property
    def age(self) -> np.ndarray:
        """Age in months."""
        return self.whole.age if self.whole else self.town.month - self.town.people.birth_month

    @cached_property
    def working_age(self) -> np.ndarray:
        """Rows of residents aged 16-64."""
        if self.whole is None or self.group is None:
            month = self.town.month
            return born_between(self.residents, self.town.people.birth_month, month - 779, month - 192)
        return self.whole.working_age.compress(self.group.take(self.whole.working_age))

    @cached_property
    def under_25(self) -> np.ndarray:
        """Which residents aged 16-64 are under 25 (a mask)."""
        return self.town.people.birth_month.take(self.working_age) > self.town.month - 300

    @cached_property
    def origin_thirds(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of residents aged 16-64 in the lowest and in the highest national third of parents' income."""
        origin = self.town.people.origin.take(self.working_age)
        return self.working_age.compress(origin < 1 / 3), self.working_age.compress(origin >= 2 / 3)

    @cached_property
    def school_year(self) -> np.ndarray:
        """Rows of residents of the school year that is followed (`careersim.measures.cohort`): 14 when policy began."""
        youngest = self.town.policy_start - 12 * AGE_AT_START
        return born_between(self.residents, self.town.people.birth_month, youngest - 11, youngest)

    @cached_property
    def counts(self) -> dict[str, float]:
        """Residents aged 16-64 by what they do, and their income (see `careersim.measures.counting.COUNTED`)."""
        return count(self.town, self.working_age)

    @cached_property
    def employed(self) -> np.ndarray:
        """Rows of residents aged 16-64 in work."""
        return in_work_of(self.working_age, self.town.people.post)

    @cached_property
    def pay(self) -> np.ndarray:
        """Pay of the employed, GBP per month."""
        return self.town.people.pay.take(self.employed)

    @cached_property
    def occupation(self) -> np.ndarray:
        """Occupation of the employed."""
        return self.town.people.last_occupation.take(self.employed)

    @cached_property
    def women(self) -> np.ndarray:
        """Which of the employed are women (a mask)."""
        return self.town.people.gender.take(self.employed) == 1

    @cached_property
    def theil(self) -> tuple[float, float]:
        """Theil index of pay, and the share of it that lies between occupations."""
        total = theil(self.pay)
        return total, theil_between(self.pay, self.occupation) / total if total > 0 else float("nan")

    def income(self, rows: np.ndarray) -> np.ndarray:
        """Return the net income of residents: pay less travel, or benefit, GBP per month."""
        w = self.town.people
        return incomes(rows, w.post, w.pay, self.town.posts.travel, w.stage, self.town.benefit)

    @cached_property
    def local_heads(self) -> tuple[int, int, int]:
        """Heads of local posts: held by residents, by in-commuters (of the employers that are there), and vacant."""
        p, alive = self.town.posts, self.town.employers.alive
        return (
            self.whole.local_heads
            if self.whole
            else local_heads(p.sector, p.employer, alive, p.holders, p.commuters, p.vacancies)
        )

    @cached_property
    def degree_and_clustering(self) -> tuple[np.ndarray, np.ndarray]:
        """Ties to residents (-1 for those who are none) and local clustering, in 2^-20, of the person of each row in use."""
        if self.whole:
            return self.whole.degree_and_clustering
        n = len(self.residents)
        return degree_and_clustering(self.town.people.residence[:n], self.town.ties.contact[:n])

    @cached_property
    def local_employers(self) -> np.ndarray:
        """Mask of the place's own employers."""
        return self.town.employers.sector != OUTSIDE

    @cached_property
    def output(self) -> float:
        """Output of the place's own employers, GBP per month."""
        return float(self.town.employers.output.compress(self.local_employers).sum())

    def rows_in(self, flow: str) -> np.ndarray:
        """Return rows of the people of the group in one of the month's flows (a tally such as ``hired_rows``); empty if a phase did not run."""
        rows = self.town.tallies.get(flow, NOBODY)
        return rows if self.group is None else rows.compress(self.group.take(rows))

    def rows(self, *flows: str) -> np.ndarray:
        """Return rows of the people of the group in the month's flows."""
        return self.rows_in(flows[0]) if len(flows) == 1 else np.concatenate([self.rows_in(flow) for flow in flows])

    def flow(self, *flows: str) -> float:
        """Return how many people of the group are in the month's flows."""
        return float(sum(len(self.rows_in(flow)) for flow in flows))


@dataclass(frozen=True)
class Measure:
    """A registered measure."""

    name: str
    unit: str
    low: float
    high: float
    source: str
    monthly: bool
    compute: Callable[[Any], float]
    by_group: bool = True
    """Whether it can be taken of a group of people; otherwise it is a measure of the place."""
    flow: bool = False
    """Whether it counts events of a month, which add up over months (others are levels, which are averaged)."""
    period: bool = False
    """Whether it compares the end of the policy period with its start (others look at one month)."""

    @property
    def doc(self) -> str:
        """Definition: the function's docstring as one paragraph."""
        return " ".join((self.compute.__doc__ or "").split())

    @property
    def when(self) -> str:
        """How often it is taken: every month, once a year, or once for the whole period."""
        return "whole period" if self.period else "every month" if self.monthly else "once a year"


REGISTRY: dict[str, Measure] = {}


def measure(
    unit: str,
    low: float,
    high: float,
    source: str,
    monthly: bool = False,
    by_group: bool = True,
    flow: bool = False,
    period: bool = False,
) -> Callable[[Callable[[Any], float]], Callable[[Any], float]]:
    """Register a function as a measure under its own name; ``monthly`` ones are taken every month, others once a year.

    The function is given a `Snapshot`; with ``period`` a `careersim.measures.period.Period`.
    """

    def register(compute: Callable[[Any], float]) -> Callable[[Any], float]:
        name = compute.__name__
        REGISTRY[name] = Measure(name, unit, low, high, source, monthly, compute, by_group, flow, period)
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


def ratio(top: float | np.integer, bottom: float | np.integer) -> float:
    """Return top / bottom, or NaN where there is nothing to divide by."""
    return float(top) / float(bottom) if bottom else float("nan")
