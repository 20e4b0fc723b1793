"""Starting, watching and killing processes of our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 600.0
"""Seconds after which a test that waits for something gives up: no result depends on it."""


def start(*words: object, **more) -> subprocess.Popen:
    """Start Python with the tests on its path; Ctrl-C is heeded even if the tests run in the background."""
    paths = [str(HERE.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.Popen(
        [sys.executable, *map(str, words)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **more,
    )  # fmt: skip


@contextmanager
def running(*words: object, **more) -> Iterator[subprocess.Popen]:
    """A process that is killed at the end if it still runs."""
    process = start(*words, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


def wait_until(what: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def n_results(root: Path) -> int:
    return len(list(root.glob("runs/*/*.parquet")))


def children(parent: int, word: str) -> list[int]:
    """Processes whose parent is ``parent`` and whose command line holds ``word``."""
    out = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if status[0] != "Z" and int(status[1]) == parent and word in command:
            out.append(int(folder.name))
    return out


def workers_of(runner: int) -> list[int]:
    """A runner's workers: forks of the process that has imported the simulator for them, or (not on Linux) processes started anew."""
    servers = children(runner, "forkserver")
    return [w for server in servers for w in children(server, "forkserver")] + children(runner, "spawn_main")


def alive(process: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
