"""Files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class StoreError(Exception):
    """Something about the folder that the user can put right; the message says what."""

    def screen(self) -> str:
        """The message as the command line shows it."""
        text = str(self)
        return text if text.endswith((".", "?")) else f"{text}."


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one, the new one or none, never half; survives loss of power."""
    write_parts(path, [content])


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file of which one part is held at a time, as `write_bytes` does."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as f:
            for part in parts:
                f.write(part)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        drop(temporary)
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    except BaseException:
        drop(temporary)
        raise


def drop(path: Path) -> None:
    """Remove a temporary file if it is there and can be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable (where the system can)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    """Write readable JSON whole or not at all."""
    write_bytes(path, (json.dumps(value, indent=2, sort_keys=True, default=str) + "\n").encode())


def is_whole_json(path: Path) -> bool:
    """True if the file is there and is JSON from beginning to end."""
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True
