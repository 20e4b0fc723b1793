"""Running a study: from a plan to a folder of results, doing only what is missing."""

from __future__ import annotations

import math
import os
import platform
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from careersim.scenario.stopping import StopWhen
from careersim.study.comparison import compare
from careersim.study.plan import Plan, label_of
from careersim.study.progress import Progress
from careersim.study.runner import run_tasks
from careersim.study.store import RANDOM_SCHEME, Store, code_digest, is_whole_json, write_json
from careersim.study.tasks import Task, TaskReport

PACKAGES = ("careersim", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "networkx")


@dataclass
class StudyRun:
    """What came of running a study."""

    store: Store
    plan: Plan
    design: pd.DataFrame
    n_found: int = 0
    """Runs that were there and whole already."""
    n_made: int = 0
    errors: list[str] = field(default_factory=list)
    """One line for each failed run."""
    citations: dict[str, str] = field(default_factory=dict)
    """By place: how the settled town was tested for stationarity."""
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    seconds_settling: float = 0.0
    seconds_simulating: float = 0.0
    months: int = 0
    """Months of policy simulated, over all runs."""

    def take(self, task: Task, report: TaskReport) -> None:
        """Add the report of one task."""
        self.n_made += len(report.done)
        self.errors += report.errors
        self.seconds_settling += report.seconds_settling
        self.seconds_simulating += report.seconds_simulating
        self.months += report.months
        if report.citation:
            self.citations.setdefault(task.label, report.citation)
        self.warnings += [w for w in report.warnings if w not in self.warnings]

    def results(self) -> pd.DataFrame:
        """All valid runs as one long table (place, arm, point, replicate, table, month, measure, group, value)."""
        return self.store.read_all(self.design)


def run_study(
    plan: Plan,
    out: Path | str,
    workers: int | None = None,
    command: Sequence[str] | None = None,
    stream: Any = None,
    prepare: Callable[[Plan, Progress, int], None] | None = None,
) -> StudyRun:
    """Run what is missing of a plan in the folder ``out``, and write its experiment, design and manifest.

    Parameters
    ----------
    workers
        Processes; default one per processor. With one, everything runs in this process.
    command
        The command line that reproduces the study; default this process's own.
    stream
        Where progress is shown; default standard error.
    prepare
        Called once before any task if something is missing (compiles the simulator before workers start).
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    store = Store(out)
    store.prepare()
    design = plan.design()
    write_json(store.root / "experiment.json", plan.resolved() | {"digest": plan.digest()})
    store.write_design(design)
    tasks = list(plan.tasks(store, design))
    run = StudyRun(store, plan, design, n_found=len(design) - sum(len(t.missing) for t in tasks))
    workers = workers or os.cpu_count() or 1
    store.log("start", runs=len(design), missing=len(design) - run.n_found, workers=workers)
    try:
        with Progress(sum(t.n_months for t in tasks), stream) as progress:
            if tasks and prepare is not None:
                prepare(plan, progress, workers)
            run_tasks(tasks, workers, progress, run.take)
    finally:
        run.seconds = time.perf_counter() - began
        store.log("end", made=run.n_made, failed=len(run.errors), seconds=run.seconds)
    if tasks or not is_whole_json(store.root / "manifest.json"):
        write_json(store.root / "manifest.json", manifest(run, command, started, workers))
    return run


def run_until_precise(plan: Plan, out: Path | str, stop: StopWhen, **options: Any) -> StudyRun:
    """Run a study, adding replicates until every strategy's 95% interval of a measure is narrow enough.

    Sequential rule: replicates grow by what the present standard error says is needed (at least two, at most double), until
    the widest half width over strategies and places is at most ``half_width`` or ``max_replicates`` are reached.
    """
    while True:
        run = run_study(plan, out, **options)
        widest = _widest(run, stop.measure)
        if plan.replicates >= stop.max_replicates or run.errors or widest <= stop.half_width:
            return run
        more = min((widest / stop.half_width) ** 2, 2.0) if math.isfinite(widest) else 2.0
        replicates = max(plan.replicates + 2, math.ceil(plan.replicates * more))
        plan = replace(plan, replicates=min(stop.max_replicates, replicates))


def _widest(run: StudyRun, measure: str) -> float:
    """Largest half width of the paired differences of a measure; infinite where there is no interval."""
    results, widest = run.results(), 0.0
    for place in run.plan.places:
        comparison = compare(results, label_of(place), run.plan.seed)
        for arm in comparison.strategies:
            own = comparison.arms[arm]
            e = own.place[measure] if measure in own.place else own.people[measure]
            widest = max(widest, (e.high - e.low) / 2 if e.has_interval else math.inf)
    return widest


def manifest(run: StudyRun, command: Sequence[str] | None, started: datetime, workers: int) -> dict[str, Any]:
    """How the results were produced: enough to produce them again and to see on what they depend."""
    plan = run.plan
    return {
        "careersim": version("careersim"),
        "command": shlex.join(command if command is not None else ["careersim", *sys.argv[1:]]),
        "experiment": plan.resolved(),
        "experiment_digest": plan.digest(),
        "code": code_digest(),
        "random": RANDOM_SCHEME,
        "seed": plan.seed,
        "replicates": list(range(plan.replicates)),
        "packages": {name: version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "seconds_settling": round(run.seconds_settling, 3),
        "seconds_simulating": round(run.seconds_simulating, 3),
        "runs": {"all": len(run.design), "found": run.n_found, "made": run.n_made, "failed": len(run.errors)},
        "stationarity": run.citations,
        "warnings": run.warnings,
        "failures": run.errors,
    }


def version(package: str) -> str:
    """Installed version of a package, or 'not installed'."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
