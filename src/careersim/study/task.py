"""What a task is: one replicate of one place with all its arms, as plain data, and the report of what became of it.

Whoever plans, counts or hands out tasks needs no more than this; `careersim.study.tasks` does them, with the simulator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from careersim.scenario.collect import Collect

BASELINE = "none"
PLACEBO = "placebo"
COMPANION = " (nothing elsewhere)"
"""Ends the name of an arm in which a strategy is run once more, showing nothing of elsewhere (`elsewhere_rerun`)."""


@dataclass(frozen=True)
class Arm:
    """One world of a replicate: a strategy under its name."""

    name: str
    strategy: Any
    """Name or JSON-able settings, as the model takes them."""
    key: str
    """Key of its result in the store."""


@dataclass(frozen=True)
class Task:
    """Everything a worker needs; plain and picklable."""

    root: str
    """Folder of the study."""
    place: Any
    people: int
    months: int
    seed: int
    replicate: int
    parameters: Mapping[str, Any] | None
    arms: tuple[Arm, ...]
    """All arms of the replicate, ``none`` first."""
    missing: frozenset[str]
    """Keys of the arms whose result is still to be made."""
    label: str = ""
    """Name of the place, for people."""
    conditions: Mapping[str, Any] | None = None
    """Parameters that take another value when policy begins, in every arm."""
    make_model: Callable[..., Any] | None = None
    """Makes a model at policy start that can be forked; default :func:`settled_model`."""
    point: int = 0
    """Point of the study's uncertainties."""
    collect: Collect = field(default_factory=Collect)
    """What is kept of each run."""
    ties_file: str | None = None
    """File with the network at the start; None generates one."""
    from_the_end: bool = False
    """Whether arms are made from the last to the first."""

    def said(self, arm: Arm, stage: str = "") -> str:
        """Name a run in a message."""
        point = f", point {self.point}" if self.point else ""
        return f"{self.label or self.place}, {arm.name}{point}, replicate {self.replicate}" + (
            f" ({stage})" if stage else ""
        )

    @property
    def arms_to_run(self) -> tuple[Arm, ...]:
        """The arms that have to be simulated, in order: ``none``, with which all are compared, and the missing ones."""
        none, *others = (a for a in self.arms if a.name == BASELINE or a.key in self.missing)
        return (none, *(reversed(others) if self.from_the_end else others))

    @property
    def n_months(self) -> int:
        """Months to simulate after burn-in."""
        return self.months * len(self.arms_to_run)


@dataclass
class TaskReport:
    """What became of a task."""

    done: list[str] = field(default_factory=list)
    """Keys of the results that are there now."""
    failed: dict[str, str] = field(default_factory=dict)
    """Keys of the failed arms, and a line on each."""
    seconds_settling: float = 0.0
    """Time spent making models: burn-in, or reading it from the cache."""
    seconds_simulating: float = 0.0
    months: int = 0
    citation: str = ""
    """How the settled town was tested for stationarity, in a sentence."""
    warnings: list[str] = field(default_factory=list)

    def and_then(self, other: TaskReport) -> TaskReport:
        """This report and that of another part of the task, as one."""
        done = list(dict.fromkeys(self.done + other.done))
        return TaskReport(
            done=done,
            failed={k: line for k, line in (self.failed | other.failed).items() if k not in done},
            seconds_settling=self.seconds_settling + other.seconds_settling,
            seconds_simulating=self.seconds_simulating + other.seconds_simulating,
            months=self.months + other.months,
            citation=self.citation or other.citation,
            warnings=list(dict.fromkeys(self.warnings + other.warnings)),
        )
