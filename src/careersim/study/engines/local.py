"""The local engine: tasks over processes, supervised, so that one bad run or a killed worker loses nothing else.

Workers write results; only short reports travel. A broken pool is rebuilt; the tasks that were in it are run again one at
a time, and one whose process dies three times becomes a failure on record. Ctrl-C stops the workers and leaves valid files.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import forkserver, get_context, parent_process
from typing import Any

from careersim.study.engines import DEATHS_ALLOWED, Watcher, record_death
from careersim.study.engines.sharing import Part, UnderWay
from careersim.study.interrupt import CtrlC
from careersim.study.task import Task, TaskReport
from careersim.study.writing import StoreError

SLOTS = 4096
"""Progress counters, one per process (by its number); lock-free, so a killed worker cannot block others."""
POLL_SECONDS = 0.25
AHEAD = 1
"""Tasks that wait for each worker, so that none is idle while the runner is busy."""
DONE, SETTLED, SETTLING = 0, 1, 2
SIMULATOR = ["careersim.study.tasks", "careersim.world"]
FORKED = sys.platform == "linux"
"""Whether workers are forks of a process that has imported the simulator and done nothing else: it has no files of the runner, and no threads but
those of linear algebra, which heeds forks. Elsewhere each worker imports the simulator for itself."""
NO_WORKER = (
    f"no worker process could be started, {DEATHS_ALLOWED} times in a row. In a script of your own, call it under "
    'if __name__ == "__main__": (each worker imports the script first); else see what the workers said above, or use one worker'
)
Numbered = tuple[int, Task]

_counters: Any = None


class LocalEngine:
    """Tasks over ``workers`` processes of this machine; with one, or a lone task, in this process."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def get_ready(self, n_tasks: int) -> None:
        """Let the process from which workers are forked import the simulator, while the runner does something else."""
        if FORKED and self.workers > 1 and n_tasks > 1:
            forkserver.set_forkserver_preload(SIMULATOR)
            forkserver.ensure_running()

    def run(self, tasks: Iterator[Task], watcher: Watcher) -> None:
        """Run all tasks and return when the last has ended."""
        first = list(islice(tasks, 2))
        if not first:
            return
        if self.workers <= 1 or len(first) < 2:
            _run_here(chain(first, tasks), self.workers, watcher)
        else:
            with CtrlC() as ctrl_c:
                _Supervisor(self.workers, watcher, ctrl_c).run(chain(first, tasks))


def _run_here(tasks: Iterator[Task], threads: int, watcher: Watcher) -> None:
    """Run the tasks one after the other in this process; several threads work on each."""
    from careersim.study.tasks import run_task

    counts = [0, 0, 0]
    note = _Notes(counts, 0, lambda: watcher.progress.show(counts[DONE], counts[SETTLED], counts[SETTLING]))
    for task in tasks:
        watcher.began(task)
        watcher.ended(task, run_task(task, note.tick, note.settling(), threads))


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


def _start_worker(counters: Any, started: Any, stop: Any, environment: dict[str, str]) -> None:
    """Set up a worker: Ctrl-C is the runner's business, and it ends when the runner stops it or dies."""
    global _counters
    _counters = counters
    started.value = 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(environment)
    runner = parent_process()

    def watch() -> None:
        while not stop.value and runner is not None and runner.is_alive():
            time.sleep(POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watchdog").start()


def _work(task: Task) -> TaskReport:
    """Run a task in a worker, counting months into this process's counters."""
    from careersim.study.tasks import run_task

    note = _Notes(_counters, os.getpid() % SLOTS * 3)
    return run_task(task, note.tick, note.settling())


def _taken_from(tasks: deque[Numbered]) -> Iterator[Numbered]:
    """Take tasks out one by one, as they are asked for."""
    while tasks:
        yield tasks.popleft()


def _submit(pool: ProcessPoolExecutor, part: Part) -> Future:
    """Give a part of a task to the pool; a pool that is broken already, or can start no worker, gives a future that says so."""
    try:
        return pool.submit(_work, part.task)
    except (BrokenProcessPool, EOFError, ConnectionError) as error:
        broken: Future = Future()
        broken.set_exception(BrokenProcessPool(str(error)))
        return broken


class _Supervisor:
    """A pool of processes that survives the death of its members."""

    def __init__(self, workers: int, watcher: Watcher, ctrl_c: CtrlC) -> None:
        self.workers, self.watcher, self.ctrl_c, self.under_way = workers, watcher, ctrl_c, UnderWay(watcher)
        self.context: Any = get_context("forkserver" if FORKED else "spawn")
        self.counters = self.context.RawArray("q", SLOTS * 3)
        self.deaths: Counter[int] = Counter()
        self.stillborn = 0
        """Pools in a row of which no worker has started."""

    def run(self, tasks: Iterator[Task]) -> None:
        """Run everything; suspects of a broken pool one at a time, after it is rebuilt."""
        fresh: Iterator[Numbered] = enumerate(tasks)
        suspects: deque[Numbered] = deque()
        while True:
            alone = bool(suspects)
            lost = (
                self._run_until_broken(_taken_from(suspects), 1)
                if alone
                else self._run_until_broken(fresh, self.workers)
            )
            for number, task in self.under_way.lose(lost):
                self.deaths[number] += 1
                if self.deaths[number] >= DEATHS_ALLOWED:
                    self.watcher.ended(task, record_death(task))
                else:
                    self.watcher.again(task)
                    suspects.append((number, task))
            if not (alone or lost):
                return

    def _run_until_broken(self, queue: Iterator[Numbered], workers: int) -> list[Part]:
        """Run tasks from ``queue`` until it is empty or a worker dies; return what was in a broken pool."""
        started, stop = self.context.RawValue("b", 0), self.context.RawValue("b", 0)
        ahead = AHEAD if workers > 1 else 0
        set_up = self.counters, started, stop, dict(os.environ)
        pool = ProcessPoolExecutor(workers, self.context, _start_worker, set_up)
        running: dict[Future, Part] = {}
        lost: list[Part] = []
        try:
            while not lost:
                for number, task in islice(queue, workers * (1 + ahead) - len(running)):
                    part = self.under_way.begin(number, task)
                    running[_submit(pool, part)] = part
                while len(running) < workers and (share := self.under_way.share()) is not None:
                    running[_submit(pool, share)] = share
                if not running:
                    break
                done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                self.ctrl_c.heed()
                self._show()
                for future in done:
                    part = running.pop(future)
                    try:
                        self.under_way.end(part, future.result())
                    except BrokenProcessPool:
                        lost.append(part)
            self._refuse_if_none_starts(bool(lost) and not started.value)
            return lost + list(running.values())
        except BaseException:
            stop.value = 1
            raise
        finally:
            if lost:
                stop.value = 1
            pool.shutdown(wait=True, cancel_futures=True)

    def _refuse_if_none_starts(self, none_started: bool) -> None:
        """Stop if no worker of several pools in a row has started: that is no task's fault."""
        self.stillborn = self.stillborn + 1 if none_started else 0
        if self.stillborn >= DEATHS_ALLOWED:
            raise StoreError(NO_WORKER)

    def _show(self) -> None:
        counts = self.counters
        self.watcher.progress.show(sum(counts[DONE::3]), sum(counts[SETTLED::3]), sum(counts[SETTLING::3]))
