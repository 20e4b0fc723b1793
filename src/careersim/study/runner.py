"""The local engine: tasks over processes, supervised, so that one bad run or a killed worker loses nothing else.

Workers write results; only short reports travel. A broken pool is rebuilt; the tasks that were in it are run again one at
a time, and one whose process dies three times becomes a failure on record. Ctrl-C stops the workers and leaves valid files.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from careersim.study.progress import Progress
from careersim.study.store import Store
from careersim.study.tasks import Task, TaskReport, run_task

DEATHS_ALLOWED = 3
"""A task whose process has died this often is recorded as failed."""
SLOTS = 4096
"""Progress counters, one per process (by its number); lock-free, so a killed worker cannot block others."""
POLL_SECONDS = 0.25
DONE, SETTLED, SETTLING = 0, 1, 2
OnReport = Callable[[Task, TaskReport], None]

_counters: Any = None


def run_tasks(tasks: Sequence[Task], workers: int, progress: Progress, on_report: OnReport) -> None:
    """Run all tasks; ``on_report`` is told of each when it ends. One worker runs in this process."""
    if not tasks:
        return
    if workers <= 1 or len(tasks) == 1:
        _run_here(tasks, progress, on_report)
    else:
        _Supervisor(min(workers, len(tasks)), progress, on_report).run(tasks)


def _run_here(tasks: Sequence[Task], progress: Progress, on_report: OnReport) -> None:
    """Run the tasks one after the other in this process."""
    counts = [0, 0, 0]
    note = _Notes(counts, 0, lambda: progress.show(counts[DONE], counts[SETTLED], counts[SETTLING]))
    for task in tasks:
        on_report(task, run_task(task, note.tick, note.settling()))


class _Notes:
    """Counts months simulated into three neighbouring counters, for whoever shows progress."""

    def __init__(self, counters: Any, at: int, after: Callable[[], None] | None = None) -> None:
        self.counters, self.at, self.after = counters, at, after

    def tick(self, months: int) -> None:
        """More months of policy have been simulated."""
        self._add(DONE, months)

    def settling(self) -> Callable[[str, int, int], None]:
        """A fresh reporter of burn-in: text, months done, months in all."""
        seen: dict[str, int] = {}

        def report(text: str, done: int, months: int) -> None:
            if text not in seen:
                self._add(SETTLING, months)
            self._add(SETTLED, done - seen.get(text, 0))
            seen[text] = done

        return report

    def _add(self, which: int, months: int) -> None:
        self.counters[self.at + which] += months
        if self.after is not None:
            self.after()


def _start_worker(counters: Any, stop: Any, parent: int) -> None:
    """Set up a worker: Ctrl-C is the parent's business, and it ends when the parent stops it or dies."""
    global _counters
    _counters = counters
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while not stop.value and os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watchdog").start()


def _work(task: Task) -> TaskReport:
    """Run a task in a worker, counting months into this process's counters."""
    note = _Notes(_counters, os.getpid() % SLOTS * 3)
    return run_task(task, note.tick, note.settling())


class _Supervisor:
    """A pool of processes that survives the death of its members."""

    def __init__(self, workers: int, progress: Progress, on_report: OnReport) -> None:
        self.workers, self.progress, self.on_report = workers, progress, on_report
        self.context = get_context("spawn")
        self.counters = self.context.RawArray("q", SLOTS * 3)
        self.deaths: Counter[int] = Counter()

    def run(self, tasks: Sequence[Task]) -> None:
        """Run everything; suspects of a broken pool alone, after it is rebuilt."""
        fresh: deque[tuple[int, Task]] = deque(enumerate(tasks))
        suspects: deque[tuple[int, Task]] = deque()
        while fresh or suspects:
            alone = bool(suspects)
            queue = deque([suspects.popleft()]) if alone else fresh
            for number, task in self._run_until_broken(queue, 1 if alone else self.workers):
                self.deaths[number] += 1
                if self.deaths[number] >= DEATHS_ALLOWED:
                    self.on_report(task, _record_death(task))
                else:
                    suspects.append((number, task))

    def _run_until_broken(self, queue: deque, workers: int) -> list[tuple[int, Task]]:
        """Run tasks from ``queue`` until it is empty or a worker dies; return the tasks that were in a broken pool."""
        stop = self.context.RawValue("b", 0)
        pool = ProcessPoolExecutor(workers, self.context, _start_worker, (self.counters, stop, os.getpid()))
        running: dict[Future, tuple[int, Task]] = {}
        lost: list[tuple[int, Task]] = []
        try:
            while (queue or running) and not lost:
                while queue and len(running) < workers:
                    running[pool.submit(_work, queue[0][1])] = queue[0]
                    queue.popleft()
                done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                self._show()
                for future in done:
                    item = running.pop(future)
                    try:
                        self.on_report(item[1], future.result())
                    except BrokenProcessPool:
                        lost.append(item)
            return lost + list(running.values())
        except BrokenProcessPool:
            return lost + list(running.values())
        except BaseException:
            stop.value = 1
            raise
        finally:
            if lost:
                stop.value = 1
            pool.shutdown(wait=True, cancel_futures=True)

    def _show(self) -> None:
        counts = self.counters
        self.progress.show(sum(counts[DONE::3]), sum(counts[SETTLED::3]), sum(counts[SETTLING::3]))


def _record_death(task: Task) -> TaskReport:
    """Put it on record that a task's process keeps dying."""
    message = f"its process died {DEATHS_ALLOWED} times (out of memory, or killed)"
    report = TaskReport()
    for arm in task.arms:
        if arm.key in task.missing:
            what = {"arm": arm.name, "replicate": task.replicate, "seed": task.seed, "stage": "running"}
            Store(task.root).write_failure(arm.key, {**what, "kind": "WorkerDied", "message": message, "traceback": ""})
            report.failed.append(arm.key)
            report.errors.append(f"{task.label or task.place}, {arm.name}, replicate {task.replicate}: {message}")
    return report
