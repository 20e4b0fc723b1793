"""Taking measures month by month: cheap ones each month, others once a year, groups at the months that are asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from careersim.measures import catalogue
from careersim.measures.groups import cells, codes_of
from careersim.measures.registry import Measure, Snapshot
from careersim.scenario.collect import Collect
from careersim.town.town import Town

STANDARD = (
    "employment_rate", "unemployment_rate", "inactivity_rate", "job_finding_rate", "median_pay", "income_per_resident",
    "resident_skill", "out_moves", "in_moves", "sessions_received", "support_received",
)  # fmt: skip
"""Measures taken by group unless others are named."""
CLOSING = 12
"""Months at the end of the policy period in which groups are always measured; what is kept is their mean."""
EVERY = 3
"""Of these months, levels are taken every third (they hardly move from month to month), flows in all."""
SIZE = "people"
"""Name under which the number of residents 16-64 of a group is kept."""


@dataclass
class GroupLine:
    """One measure of one group in one month."""

    month: int
    measure: str
    group: str
    value: float


@dataclass
class Collector:
    """Takes the measures of one world.

    Parameters
    ----------
    collect
        What is asked for.
    months
        Length of the policy period; 0 takes no groups.
    """

    collect: Collect = field(default_factory=Collect)
    months: int = 0
    by_group: list[GroupLine] = field(default_factory=list)
    measures: dict[str, Measure] = field(default_factory=catalogue)

    def take(self, town: Town, month: int) -> dict[str, float]:
        """Take a month's measures (month of policy, from 1): those not due this month are NaN."""
        snapshot = Snapshot(town)
        asked = self.collect.months is not None and self.collect.keeps(month)
        due = month % 12 == 0
        if self.collect.groups and (asked or self.months - CLOSING < month <= self.months):
            self._take_groups(snapshot, month, asked or (self.months - month) % EVERY == 0)
        named = self.collect.measures if asked else None
        return {
            name: m.compute(snapshot) if m.monthly or due or (named and name in named) else math.nan
            for name, m in self.measures.items()
        }

    def _take_groups(self, whole: Snapshot, month: int, levels: bool) -> None:
        """Take every group's flows, and its levels too if they are due."""
        codes = codes_of(whole)
        names = [n for n in self.group_measures if levels or self.measures[n].flow]
        for grouping in self.collect.groups:
            for label, mask in cells(codes, grouping):
                s = whole.within(mask)
                if levels:
                    self.by_group.append(GroupLine(month, SIZE, label, s.counts["working_age"]))
                self.by_group += [GroupLine(month, n, label, self.measures[n].compute(s)) for n in names]

    @property
    def group_measures(self) -> list[str]:
        """Names of the measures of a month taken by group."""
        return measures_by_group(self.collect, self.measures)

    def closing(self) -> Mapping[tuple[str, str], float]:
        """Mean of the last months by (measure, group): levels as they are, flows per 1,000 of the group's 16-64 and year."""
        sums: dict[tuple[str, str], list[float]] = {}
        for line in self.by_group:
            if line.month > self.months - CLOSING and math.isfinite(line.value):
                sums.setdefault((line.measure, line.group), []).append(line.value)
        means = {key: sum(values) / len(values) for key, values in sums.items()}
        size = {group: value for (name, group), value in means.items() if name == SIZE}
        out = {}
        for (name, group), value in means.items():
            flow = name in self.measures and self.measures[name].flow
            out[name, group] = value * 12_000.0 / size[group] if flow and size.get(group) else value
        return out


def measures_by_group(collect: Collect, known: Mapping[str, Measure]) -> list[str]:
    """Names of those of the ``known`` measures that are kept by group."""
    asked = STANDARD if collect.measures is None else collect.measures
    return [name for name in asked if name in known and known[name].by_group]
