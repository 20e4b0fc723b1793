"""The end of the queue: whoever has nothing to do takes a share of a task under way, so that all end together.

A share is the same task with fewer arms to make, in the reverse order: whoever has the task goes from the first arm to the last, whoever takes a share of
it from the last to the first, and nobody makes what is there already. So nobody who is at work has to be told, results are the same, and if one is
late the other does its part too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from careersim.study.engines import Watcher
from careersim.study.store import Store
from careersim.study.task import Task, TaskReport


@dataclass(frozen=True, eq=False)
class Part:
    """What one worker is given at a time."""

    number: int
    """Of the task in the queue."""
    task: Task
    """The task, or a share of it."""


class UnderWay:
    """The tasks that are with workers, whole or in parts; a task has ended when all its parts have."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self._tasks: dict[int, Task] = {}
        self._own: dict[Part, frozenset[str]] = {}
        """Keys that each part is to make, without those that were given away."""
        self._reports: dict[int, TaskReport] = {}

    def begin(self, number: int, task: Task) -> Part:
        """A task is given to a worker."""
        self.watcher.began(task)
        self._tasks[number], self._reports[number] = task, TaskReport()
        part = Part(number, task)
        self._own[part] = task.missing
        return part

    def share(self) -> Part | None:
        """A share of the task that has most left, for a worker that has nothing to do; None if none is worth sharing."""
        left = {part: self._left_of(part) for part in self._own}
        part = max(left, key=lambda p: len(left[p]), default=None)
        if part is None or shared(len(left[part])) == 0:
            return None
        own = frozenset(left[part][-shared(len(left[part])) :])
        share = Part(part.number, replace(part.task, missing=own, from_the_end=not part.task.from_the_end))
        self._own[part] -= own
        self._own[share] = own
        return share

    def _left_of(self, part: Part) -> list[str]:
        """Keys that a part has still to make, in its order; none before its first result is there: till then its town may be settling."""
        store, own = Store(part.task.root), self._own[part]
        left = [arm.key for arm in part.task.arms_to_run if arm.key in own and not store.path(arm.key).is_file()]
        return left if len(left) < len(own) else []

    def end(self, part: Part, report: TaskReport) -> None:
        """A part has ended; its task has, if that was the last part of it."""
        del self._own[part]
        self._reports[part.number] = self._reports[part.number].and_then(report)
        if all(other.number != part.number for other in self._own):
            self.watcher.ended(self._tasks.pop(part.number), self._reports.pop(part.number))

    def lose(self, parts: Iterable[Part]) -> list[tuple[int, Task]]:
        """Some parts were lost with their workers: the tasks of which nothing is under way any more, with their numbers, to be run again."""
        lost = {part.number for part in parts}
        self._own = {part: own for part, own in self._own.items() if part.number not in lost}
        return [(number, self._tasks.pop(number)) for number in sorted(lost)]


def shared(left: int) -> int:
    """How many of the arms that are left are given away.

    One is being made already, and whoever takes a share has to simulate ``none`` too: the rest is halved.

    Examples
    --------
    >>> [shared(left) for left in (1, 3, 4, 5, 6, 16)]
    [0, 0, 1, 1, 2, 7]
    """
    return max(left - 2, 0) // 2
