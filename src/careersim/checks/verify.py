"""Running the checks: on several processes, in the order of the list, with progress and a summary."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from careersim import __version__
from careersim.checks import signs
from careersim.checks.lines import ERROR, Check, Effort, Line
from careersim.checks.registry import run_part

Task = tuple[str, tuple[str, ...]]
"""A check and the names of the parts of it that are run together."""


@dataclass(frozen=True)
class Verdict:
    """What a run of the checks found."""

    lines: tuple[Line, ...]
    quick: bool
    seed: int
    seconds: float

    @property
    def failed(self) -> list[Line]:
        """Lines that did not pass."""
        return [line for line in self.lines if not line.passed]

    @property
    def largest_error(self) -> float:
        """Largest standard error as a share of the expected value, among sampled lines that are not correlations."""
        shares = [
            line.standard_error / abs(line.expected_value)
            for line in self.lines
            if line.standard_error > 0 and line.expected_value != 0 and "correlation" not in line.what
        ]
        return max(shares, default=0.0)

    def summary(self) -> str:
        """The run in two sentences."""
        sampled = [line.z for line in self.lines if math.isfinite(line.z) and line.expected_value != 0]
        text = f"{len(self.lines) - len(self.failed)} of {len(self.lines)} lines pass, in {self.seconds:.0f} s."
        if sampled:
            outside = sum(abs(z) > 2 for z in sampled)
            text += (
                f" {len(sampled)} are sampled against an exact number: largest standard error {100 * self.largest_error:.1f}% of it"
                f" (correlations aside), {outside} beyond 2 standard errors ({0.0455 * len(sampled):.1f} expected by chance)."
            )
        return text

    def to_json(self) -> str:
        """Return everything as JSON; NaN and infinity become null."""
        lines = [
            {k: _plain(v) for k, v in dataclasses.asdict(line).items()} | {"passed": line.passed} for line in self.lines
        ]
        head = {
            "careersim": __version__,
            "mode": "quick" if self.quick else "full",
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
        }
        counts = {"lines": len(self.lines), "failed": len(self.failed)}
        return json.dumps({**head, **counts, "results": lines}, indent=1, ensure_ascii=False)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def verify(
    checks: Sequence[Check],
    effort: Effort,
    workers: int | None = None,
    report: Callable[[Check, list[Line]], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Verdict:
    """Run checks and return the verdict.

    Parameters
    ----------
    checks : sequence of Check
        What to run; results keep this order.
    effort : Effort
        Quick or full, and the seed.
    workers : int, optional
        Processes; default one a processor. 1 runs everything in this process.
    report : callable, optional
        Told each check and its lines as soon as it and all before it are done.
    progress : callable, optional
        Told the share of the work that is done.
    """
    began = time.monotonic()
    tasks = _tasks(checks)
    workers = min(workers or os.cpu_count() or 1, len(tasks))
    done: dict[Task, list[Line]] = {}
    out: list[Line] = []
    waiting = list(checks)
    weight = {task: _seconds(checks, task) for task in tasks}
    for task, lines in _run(tasks, effort, workers):
        done[task] = lines
        if progress is not None:
            progress(sum(weight[t] for t in done) / sum(weight.values()))
        while waiting and all(t in done for t in tasks if _covers(t, waiting[0])):
            check = waiting.pop(0)
            mine = [line for t in tasks if _covers(t, check) for line in done[t] if line.check == check.id]
            out += mine
            if report is not None:
                report(check, mine)
    return Verdict(tuple(out), effort.quick, effort.seed, time.monotonic() - began)


def _tasks(checks: Sequence[Check]) -> list[Task]:
    """Each part of A and C by itself; all of B together, because they share a settled town."""
    tasks: list[Task] = [(c.id, (p.name,)) for c in checks if c.id[0] != "B" for p in c.parts]
    worlds = tuple(c.id for c in checks if c.id[0] == "B")
    return [*tasks, ("B", worlds)] if worlds else tasks


def _covers(task: Task, check: Check) -> bool:
    return check.id in task[1] if task[0] == "B" else task[0] == check.id


def _seconds(checks: Sequence[Check], task: Task) -> float:
    if task[0] == "B":
        return 20.0
    return next(p.seconds for c in checks if c.id == task[0] for p in c.parts if p.name == task[1][0])


def _run(tasks: list[Task], effort: Effort, workers: int) -> Iterator[tuple[Task, list[Line]]]:
    """Yield tasks and their lines: in order in this process, or as they finish in several, the longest first.

    Signs come last, and the towns that they share are settled before anything else.
    """
    if workers <= 1:
        for task in tasks:
            yield task, run_task(task, effort)
        return
    from concurrent.futures import as_completed

    from careersim.checks.registry import CHECKS

    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        for replicate in signs.towns([name for check, names in tasks if check[0] == "C" for name in names], effort):
            pool.submit(signs.settle_town, replicate, effort)
        longest_first = sorted(tasks, key=lambda t: (t[0][0] == "C", -_seconds(CHECKS, t)))
        running: dict[Future, Task] = {pool.submit(run_task, t, effort): t for t in longest_first}
        for finished in as_completed(running):
            yield running[finished], finished.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def run_task(task: Task, effort: Effort) -> list[Line]:
    """Run the parts of a task; a part that breaks is one line that says how."""
    from careersim.checks.registry import CHECKS

    lines: list[Line] = []
    pairs = (
        [(i, p.name) for i in task[1] for c in CHECKS if c.id == i for p in c.parts]
        if task[0] == "B"
        else [(task[0], n) for n in task[1]]
    )
    for check, name in pairs:
        try:
            found = run_part(check, name, effort)
        except Exception as error:
            note = "".join(traceback.format_exception_only(error)).strip()
            found = [Line(name, "", "a result", note, ERROR)]
        lines += [dataclasses.replace(line, check=check) for line in found]
    return lines


def write_json(verdict: Verdict, path: Path) -> None:
    """Write the verdict beside nothing half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    partial.write_text(verdict.to_json() + "\n", encoding="utf-8")
    os.replace(partial, path)
