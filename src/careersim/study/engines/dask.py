"""The Dask engine: the same tasks over a cluster, one that runs already or one that is asked for from a job scheduler.

Tasks travel in chunks of at least about a second; workers write results into the study's folder, which they must see under
the same path; only short reports come back. A lost worker's chunk is run again by Dask; a chunk that keeps killing workers is
taken apart, and a task that still does becomes a failure on record. If Dask's scheduler goes away, it is waited for, and
what was under way is given out anew: results that were written meanwhile are found and kept.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass
from itertools import islice
from typing import Any

from distributed import Client, Future, KilledWorker, wait
from distributed.client import FuturesCancelledError
from distributed.comm import CommClosedError

from careersim.study.engines import Watcher, record_death
from careersim.study.engines.chunks import run_chunk
from careersim.study.engines.sharing import Part, UnderWay
from careersim.study.store import Store, code_digest
from careersim.study.task import Task, TaskReport
from careersim.study.writing import StoreError

CHUNK_SECONDS = 1.0
"""A chunk is made about this long, so that Dask's own work per chunk (about a millisecond) does not count."""
LARGEST_CHUNK = 200
AHEAD = 2
"""Chunks given out per worker thread."""
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 300.0
"""How long a scheduler that went away is waited for."""
GONE = (CommClosedError, OSError, TimeoutError, asyncio.CancelledError, futures.CancelledError, FuturesCancelledError)

KINDS = {
    "slurm": "SLURMCluster",
    "pbs": "PBSCluster",
    "sge": "SGECluster",
    "lsf": "LSFCluster",
    "oar": "OARCluster",
    "htcondor": "HTCondorCluster",
}
"""Kinds of job scheduler, and their classes in dask-jobqueue."""


@dataclass
class _Chunk:
    parts: list[Part]
    future: Future | None = None


class DaskEngine:
    """Tasks over a Dask cluster.

    Parameters
    ----------
    scheduler
        Address of a running scheduler, such as ``tcp://10.0.0.5:8786``.
    cluster
        In its place: what is asked for from a job scheduler (see `make_cluster`).
    patience
        Seconds for which a scheduler that cannot be reached is waited for.
    """

    def __init__(
        self, scheduler: str | None = None, cluster: Mapping[str, Any] | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self.cluster = make_cluster(cluster) if cluster and not scheduler else None
        self.address: Any = scheduler or self.cluster
        self.patience = patience
        self.mean_seconds = CHUNK_SECONDS
        self.client: Any = None

    def get_ready(self, n_tasks: int) -> None:
        """Workers of a cluster see to themselves."""

    def run(self, tasks: Iterator[Task], watcher: Watcher) -> None:
        """Run all tasks and return when the last has ended."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what went wrong is told by us, in words
        self.client = self._connect(watcher)
        queue, under_way = enumerate(tasks), UnderWay(watcher)
        chunks: list[_Chunk] = []
        try:
            while True:
                chunks += self._more(queue, len(chunks), under_way)
                if not chunks:
                    return
                self._give_out(chunks, watcher)
                self._wait(chunks)
                chunks = [left for chunk in chunks for left in self._look(chunk, under_way)]
                watcher.progress.show(self._months)
        finally:
            self._leave(chunks)

    _months = 0

    def _connect(self, watcher: Watcher) -> Any:
        """Reach the scheduler, waiting for it if need be."""
        deadline, told = time.monotonic() + self.patience, False
        while True:
            try:
                return Client(self.address, timeout=min(10.0, max(self.patience, 1.0)), set_as_default=False)
            except GONE as error:
                if time.monotonic() >= deadline:
                    raise StoreError(
                        f"no Dask scheduler answers at {self.address} ({type(error).__name__}): "
                        "start one with `dask scheduler`, or give its address with --scheduler"
                    ) from None
                if not told:
                    watcher.progress.say(f"Waiting for the Dask scheduler at {self.address} ...")
                    told = True
                time.sleep(POLL_SECONDS)

    def _more(self, queue: Iterator[tuple[int, Task]], n_chunks: int, under_way: UnderWay) -> list[_Chunk]:
        """New chunks, enough that no worker is idle; at the end of the queue, shares of tasks that are under way."""
        size = int(min(max(round(CHUNK_SECONDS / max(self.mean_seconds, 1e-3)), 1), LARGEST_CHUNK))
        out: list[_Chunk] = []
        threads = self._n_threads()
        while n_chunks + len(out) < AHEAD * threads:
            some = [under_way.begin(number, task) for number, task in islice(queue, size)]
            if not some:
                break
            out.append(_Chunk(some))
        while n_chunks + len(out) < threads and (share := under_way.share()) is not None:
            out.append(_Chunk([share]))
        return out

    def _n_threads(self) -> int:
        try:
            return max(sum(self.client.nthreads().values()), 1) if self.client.status == "running" else 1
        except GONE:
            return 1

    def _give_out(self, chunks: list[_Chunk], watcher: Watcher) -> None:
        """Submit what is not with the scheduler; reach the scheduler anew if it went away."""
        if self.client.status != "running":
            self.client.close(timeout=1)
            self.client = self._connect(watcher)
            for chunk in chunks:
                chunk.future = None
        for chunk in chunks:
            if chunk.future is None:
                tasks = [part.task for part in chunk.parts]
                chunk.future = self.client.submit(run_chunk, tasks, code_digest(), pure=False)

    def _wait(self, chunks: list[_Chunk]) -> None:
        try:
            with self.client.as_current():
                wait([c.future for c in chunks], timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
        except GONE:
            time.sleep(POLL_SECONDS / 10)

    def _look(self, chunk: _Chunk, under_way: UnderWay) -> list[_Chunk]:
        """Take a chunk's reports if it has ended; return what of it is still to be done."""
        future = chunk.future
        if future is None or future.status == "pending":
            return [chunk]
        if future.status in ("cancelled", "lost"):
            return [_Chunk(chunk.parts)]
        try:
            reports = future.result(timeout=10)
        except KilledWorker:
            if len(chunk.parts) > 1:
                return [_Chunk([part]) for part in chunk.parts]
            under_way.end(chunk.parts[0], record_death(chunk.parts[0].task))
            return []
        except GONE:
            return [_Chunk(chunk.parts)]
        for part, report in zip(chunk.parts, reports, strict=True):
            self._note(part.task, report)
            under_way.end(part, report)
        return []

    def _note(self, task: Task, report: TaskReport) -> None:
        """Learn how long tasks take, and make sure that what a worker wrote is in the study's folder as seen from here."""
        self.mean_seconds += 0.2 * (report.seconds_settling + report.seconds_simulating - self.mean_seconds)
        self._months += report.months
        store = Store(task.root)
        for key in report.done:
            if not store.path(key).is_file():
                raise StoreError(
                    f"a Dask worker has written run {key}, but it is not in {store.root}: workers must see the study's "
                    "folder under the same path (a shared file system)"
                )

    def _leave(self, under_way: list[_Chunk]) -> None:
        """Take back what is under way and let go of the cluster."""
        try:
            self.client.cancel([c.future for c in under_way if c.future is not None], force=True)
            self.client.close(timeout=2)
            if self.cluster is not None:
                self.cluster.close(timeout=10)
        except GONE:
            return


def make_cluster(asked: Mapping[str, Any]) -> Any:
    """Return a cluster of jobs as a config's ``cluster`` asks for: ``kind``, number of ``jobs``, and options of dask-jobqueue.

    Raises
    ------
    StoreError
        If the kind or an option is unknown, or the job scheduler's commands are not there.
    """
    import dask_jobqueue

    options = dict(asked)
    kind, jobs = str(options.pop("kind", "slurm")), int(options.pop("jobs", 1))
    if kind not in KINDS:
        raise StoreError(f"cluster: unknown kind '{kind}': there are {', '.join(KINDS)}")
    options.setdefault("processes", options.get("cores", 1))
    try:
        cluster = getattr(dask_jobqueue, KINDS[kind])(**options)
        cluster.scale(jobs=jobs)
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        raise StoreError(f"cluster: {kind} cannot be asked for jobs: {error}") from error
    return cluster
