"""What a runner tells of itself while it works: a small file that `careersim status` reads."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from typing import Any

from careersim.study.task import Task, TaskReport

EVERY_SECONDS = 1.0


class Running:
    """Keeps ``running/<name>.json``: which tasks are under way, how many runs are made, and for how long it has worked.

    Lengths of time are counted by the steady clock of the process: a system clock set back changes nothing.
    """

    def __init__(self, root: Path, name: str, wanted: int, workers: int | str) -> None:
        self.path = root / "running" / f"{name}.json"
        self.facts: dict[str, Any] = {"process": os.getpid(), "host": socket.gethostname(), "workers": workers}
        self.wanted, self.made, self.failed = wanted, 0, 0
        self.tasks: dict[int, dict[str, Any]] = {}
        self.began = time.monotonic()
        self.written = -EVERY_SECONDS

    def begin(self, task: Task) -> None:
        """A task begins."""
        self.tasks[id(task)] = {
            "place": task.label,
            "point": task.point,
            "replicate": task.replicate,
            "runs": len(task.missing),
        }
        self.write()

    def end(self, task: Task, report: TaskReport) -> None:
        """A task has ended."""
        self.tasks.pop(id(task), None)
        self.made += len(report.done)
        self.failed += len(report.failed)
        self.write()

    def write(self, at_once: bool = False) -> None:
        """Write the file, at most once a second; nothing depends on it, so a failure to write is passed over."""
        now = time.monotonic()
        if not at_once and now - self.written < EVERY_SECONDS:
            return
        self.written = now
        text = json.dumps(
            self.facts
            | {"wanted": self.wanted, "made": self.made, "failed": self.failed, "seconds": round(now - self.began, 3)}
            | {"running": list(self.tasks.values())}
        )
        temporary = self.path.with_suffix(f".{os.getpid()}.new")
        try:
            self.path.parent.mkdir(exist_ok=True)
            temporary.write_text(text)
            os.replace(temporary, self.path)
        except OSError:
            return

    def close(self) -> None:
        """Nothing runs any more."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return
