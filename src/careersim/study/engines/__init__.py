"""Where tasks run: processes of this machine, or a Dask cluster. One code path for the tasks themselves (`careersim.study.tasks`).

An engine takes tasks as they come and tells of each when it begins and when it has ended; results are written by whoever
simulates, and only short reports travel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from careersim.study.progress import Progress
from careersim.study.store import Store
from careersim.study.task import Task, TaskReport

DEATHS_ALLOWED = 3
"""A task whose process has died this often is recorded as failed."""


@dataclass(frozen=True)
class Watcher:
    """Who is told what becomes of tasks."""

    progress: Progress
    began: Callable[[Task], None]
    ended: Callable[[Task, TaskReport], None]
    again: Callable[[Task], None] = lambda task: None
    """Told that a task was lost with its process and will be run again."""


class Engine(Protocol):
    """Runs tasks."""

    def get_ready(self, n_tasks: int) -> None:
        """Begin what can be begun before there are tasks: so many will come."""

    def run(self, tasks: Iterator[Task], watcher: Watcher) -> None:
        """Run all tasks and return when the last has ended."""


def record_death(task: Task) -> TaskReport:
    """Put it on record that a task's process keeps dying, for all that is still missing of it."""
    message = f"its process died {DEATHS_ALLOWED} times (out of memory, or killed)"
    report, store = TaskReport(), Store(task.root)
    for arm in task.arms:
        if arm.key in task.missing and store.is_done(arm.key):
            report.done.append(arm.key)
        elif arm.key in task.missing:
            what = {
                "place": task.label,
                "arm": arm.name,
                "point": task.point,
                "replicate": task.replicate,
                "seed": task.seed,
            }
            died = {"stage": "running", "kind": "WorkerDied", "message": message, "traceback": ""}
            store.write_failure(arm.key, {**what, **died})
            report.failed[arm.key] = f"{task.said(arm)}: {message}"
    return report
