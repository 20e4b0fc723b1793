"""A real Dask scheduler and workers on this machine."""

from __future__ import annotations

import socket
from pathlib import Path

from faults.processes import start, wait_until


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens at a port."""
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


def start_scheduler(port: int, folder: Path):
    """`dask scheduler` at a port of the loopback."""
    words = ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
    process = start(*words, cwd=folder)
    wait_until(lambda: answers(port))
    return process


def start_worker(port: int, folder: Path):
    """`dask worker` of one thread, in one process."""
    words = [
        "-m",
        "distributed.cli.dask_worker",
        f"tcp://127.0.0.1:{port}",
        "--nthreads",
        1,
        "--no-nanny",
        "--no-dashboard",
    ]
    return start(*words, "--local-directory", folder, cwd=folder)
