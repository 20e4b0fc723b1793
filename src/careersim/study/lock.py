"""Who works in a study's folder: one runner, or several shards of one; the operating system keeps the lock.

A lock of the system (``flock``) is gone the moment its process is, however it died, and knows nothing of clocks: there is no stale lock
to detect. Results are safe even without it (each is written whole, under the hash of what made it); it keeps two runners from doing
the same work and from writing each other's tables.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from careersim.study.writing import StoreError

FILE = "lock"
TRIES, PAUSE = 20, 0.05
"""A reader (`held`) may have the lock for a moment: a runner tries this often before it gives up."""
UNSUPPORTED = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""Some network file systems keep no locks."""


@contextmanager
def working_in(root: Path, shard: str = "") -> Iterator[None]:
    """Hold a study's folder while working in it: alone, or as one of its shards.

    Raises
    ------
    StoreError
        If another runner, or the same shard, is at work there.
    """
    with _locked(root / FILE, shared=bool(shard), root=root):
        if not shard:
            yield
            return
        with _locked(root / "shards" / f"{shard.replace('/', '-of-')}.lock", shared=False, root=root):
            yield


@contextmanager
def _locked(path: Path, shared: bool, root: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(f"cannot write to the folder {root}: {error.strerror}") from error
    try:
        taken, who = _take(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX), "its shards"
        if not taken and not shared:
            if _take(file, fcntl.LOCK_SH):  # its shards hold it, or a runner has just let go of it
                taken = _take(file, fcntl.LOCK_EX)
            else:
                who = _holder(path)
        if not taken:
            raise StoreError(
                f"another careersim is working in {root} ({who}): wait for it, stop it, or give another --out"
            )
        if not shared:
            with suppress(OSError):
                os.ftruncate(file, 0)
                os.write(file, json.dumps({"process": os.getpid(), "host": socket.gethostname()}).encode())
        yield
    finally:
        os.close(file)


def _take(file: int, how: int) -> bool:
    for _ in range(TRIES):
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(PAUSE)
        except OSError as error:
            if error.errno in UNSUPPORTED:
                return True
            raise StoreError(f"the folder cannot be locked: {error.strerror}") from error
    return False


def _holder(path: Path) -> str:
    try:
        who = json.loads(path.read_text())
        return f"process {who['process']} on {who['host']}"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds a lock, and hold it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def held(path: Path) -> bool:
    """Whether somebody holds a lock exclusively."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(file)
