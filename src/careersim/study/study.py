"""Running a study: from a plan to a folder of results, doing only what is missing."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from careersim.scenario.stopping import StopWhen
from careersim.study.engines import Engine, Watcher
from careersim.study.engines.local import LocalEngine
from careersim.study.folder import keep_earlier, other_runs, write_plan
from careersim.study.lock import working_in
from careersim.study.manifest import manifest
from careersim.study.plan import Plan
from careersim.study.progress import Progress
from careersim.study.running import Running
from careersim.study.store import Store
from careersim.study.task import BASELINE, Task, TaskReport
from careersim.study.writing import StoreError, is_whole_json, write_json

ERRORS_KEPT = 100
"""Messages of failed runs that are kept in memory; all failures are on disk."""


@dataclass
class StudyRun:
    """What came of running a study."""

    store: Store
    plan: Plan
    design: pd.DataFrame
    n_found: int = 0
    """Runs that were there and whole already."""
    n_made: int = 0
    n_failed: int = 0
    """Runs that failed now."""
    n_failed_before: int = 0
    """Runs that failed earlier and were left alone."""
    n_other: int = 0
    """Runs in the folder that belong to another config or another version of the code."""
    errors: list[str] = field(default_factory=list)
    """One line for each of the first failed runs."""
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
        self.n_failed += len(report.failed)
        self.errors += list(report.failed.values())[: ERRORS_KEPT - len(self.errors)]
        self.seconds_settling += report.seconds_settling
        self.seconds_simulating += report.seconds_simulating
        self.months += report.months
        if report.citation:
            self.citations.setdefault(task.label, report.citation)
        self.warnings += [w for w in report.warnings if w not in self.warnings]

    def results(self) -> pd.DataFrame:
        """All valid runs as one long table (place, arm, point, replicate, table, month, measure, group, value)."""
        return self.store.read_all(self.design)


class StopStudy(Exception):
    """A run failed, and the study is to stop then."""


def run_study(
    plan: Plan,
    out: Path | str,
    workers: int | None = None,
    command: Sequence[str] | None = None,
    stream: Any = None,
    prepare: Callable[[Plan, Progress, int], None] | None = None,
    engine: Engine | None = None,
    shard: str = "",
    retry: bool = False,
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
    engine
        Where tasks run; default processes of this machine.
    shard
        ``"i/n"``: only every n-th task, beginning with the i-th (from 1), beside other shards in one folder.
    retry
        Also run again what failed earlier.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    workers = workers or os.cpu_count() or 1
    store = Store(out)
    store.prepare()
    with working_in(store.root, shard):
        design = plan.design()
        if not shard:
            store.drop_temporary()
            store.index.as_one()
            keep_earlier(store, plan)
            write_plan(store, plan, design)
        run, tasks, n_tasks, n_runs = _what_is_missing(plan, store, design, shard, retry)
        months, engine = n_runs * plan.months, engine or LocalEngine(workers)
        watched = Running(store.root, f"shard-{shard.replace('/', '-of-')}" if shard else "run", n_runs, workers)
        store.log("start", runs=len(design), found=run.n_found, months=months, workers=workers, shard=shard)
        try:
            with Progress(months, stream) as progress:
                if n_runs:
                    engine.get_ready(n_tasks)
                if n_runs and prepare is not None:
                    prepare(plan, progress, workers)
                engine.run(tasks, Watcher(progress, watched.begin, _taker(run, watched, store)))
        except StopStudy:
            run.warnings.append("stopped at the first failure, as on_error: stop asks")
        finally:
            watched.close()
            run.seconds = time.perf_counter() - began
            store.log("end", made=run.n_made, failed=run.n_failed, seconds=run.seconds, shard=shard)
        if not shard and (n_runs or not is_whole_json(store.root / "manifest.json")):
            write_json(store.root / "manifest.json", manifest(run, command, started, workers))
    return run


def _what_is_missing(
    plan: Plan, store: Store, design: pd.DataFrame, shard: str, retry: bool
) -> tuple[StudyRun, Iterator[Task], int, int]:
    """What there is already, the tasks still to be done, how many they are, and how many runs they simulate."""
    if shard:
        design = design[in_shard(len(design), len(plan.arms), shard)]
    keys = design["key"].to_numpy()
    missing = frozenset(store.missing(keys))
    failed = frozenset() if retry else frozenset(store.failed(missing))
    run = StudyRun(
        store, plan, design, n_failed_before=len(failed), n_other=other_runs(store, design) if not shard else 0
    )
    wanted = missing - failed
    is_missing = np.fromiter((k in missing for k in keys), bool, len(keys))
    run.n_found = int((~is_missing).sum())
    tasks = plan.tasks_of(store.root, design, wanted)
    return run, tasks, *_how_many(plan, design, wanted)


def in_shard(n_runs: int, n_arms: int, shard: str) -> np.ndarray:
    """Which runs of the design belong to a shard: whole tasks, dealt out in turn.

    Raises
    ------
    StoreError
        If the shard is not of the form i/n with 1 <= i <= n.
    """
    part, _, parts = shard.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise StoreError(f"there is no shard '{shard}': give i/n with i from 1 to n, such as 1/10")
    return (np.arange(n_runs) // n_arms) % int(parts) == int(part) - 1


def _how_many(plan: Plan, design: pd.DataFrame, wanted: frozenset[str]) -> tuple[int, int]:
    """Tasks to be done, and runs that they simulate: the wanted ones, and a ``none`` for each task whose own is there already."""
    chosen = np.fromiter((k in wanted for k in design["key"]), bool, len(design)).reshape(-1, len(plan.arms))
    none_again = chosen.any(axis=1) & ~chosen[:, list(plan.arms).index(BASELINE)]
    return int(chosen.any(axis=1).sum()), int(chosen.sum() + none_again.sum())


def _taker(run: StudyRun, watched: Running, store: Store) -> Callable[[Task, TaskReport], None]:
    """Take the report of each task; stop the study at a failure if it asks for that."""

    def take(task: Task, report: TaskReport) -> None:
        run.take(task, report)
        watched.end(task, report)
        for line in report.failed.values():
            store.log("failed", what=line)
        if report.failed and run.plan.on_error == "stop":
            raise StopStudy

    return take


def run_until_precise(plan: Plan, out: Path | str, stop: StopWhen, **options: Any) -> StudyRun:
    """Run a study, adding replicates until every strategy's 95% interval of a measure is narrow enough.

    Sequential rule: replicates grow by what the present standard error says is needed (at least two, at most double), until
    the widest half width over strategies and places is at most ``half_width`` or ``max_replicates`` are reached.
    """
    from careersim.study.precision import widest

    while True:
        run = run_study(plan, out, **options)
        found = widest(run, stop.measure)
        if plan.replicates >= stop.max_replicates or run.n_failed + run.n_failed_before or found <= stop.half_width:
            return run
        more = min((found / stop.half_width) ** 2, 2.0) if math.isfinite(found) else 2.0
        replicates = max(plan.replicates + 2, math.ceil(plan.replicates * more))
        plan = replace(plan, replicates=min(stop.max_replicates, replicates))
