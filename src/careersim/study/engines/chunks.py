"""What a worker of a cluster does: the tasks of a chunk, one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from careersim.study.folder import EXPERIMENT
from careersim.study.store import Store, code_digest
from careersim.study.task import Task, TaskReport
from careersim.study.tasks import run_task
from careersim.study.warming import compile_once
from careersim.study.writing import StoreError

_one_at_a_time = threading.Lock()
"""A worker with several threads still simulates one town at a time."""


def run_chunk(tasks: Sequence[Task], code: str) -> list[TaskReport]:
    """Run tasks in a worker of a cluster and return their reports; results are written into the study's folder.

    Raises
    ------
    StoreError
        If the worker does not see the study's folder, or runs another version of the code.
    """
    if code != code_digest():
        raise StoreError(
            "a worker has another version of careersim than the runner: results under one key would differ"
        )
    for root in {task.root for task in tasks}:
        if not (Store(root).root / EXPERIMENT).is_file():
            raise StoreError(f"a worker does not see the study's folder {root}: it must be on a shared file system")
    with _one_at_a_time:
        return [run_task(task) for task in tasks if _ready(task)]


def _ready(task: Task) -> bool:
    """Compile the simulator first, if this machine has not yet: many workers on one machine must not do so at once."""
    if task.make_model is None:
        compile_once(task.place, task.parameters, [arm.strategy for arm in task.arms], logging.getLogger(__name__).info)
    return True
