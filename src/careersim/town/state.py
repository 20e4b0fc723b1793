"""One saved state of a town, from which every strategy forks.

A state is columns and a few numbers. It is written as one compressed file whose name is the digest of what produced it, and
read back bit for bit.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from careersim.town.columns import Employers, Occupations, People, Posts, Table, Ties
from careersim.town.town import Aggregates, Events, Solved, Town

_TABLES: dict[str, type[Table]] = {
    "people": People,
    "ties": Ties,
    "employers": Employers,
    "posts": Posts,
    "occupations": Occupations,
}
_RECORDS = {"aggregates": Aggregates, "solved": Solved}


def fork(town: Town) -> Town:
    """Return an independent copy of the town: a world that shares the past and may differ from now on."""
    parts: dict[str, Any] = {f.name: getattr(town, f.name) for f in dataclasses.fields(town)}
    for name in _TABLES:
        parts[name] = parts[name].copy()
    for name in _RECORDS:
        parts[name] = copy_record(parts[name])
    parts["events"] = Events(*(list(getattr(town.events, f.name)) for f in dataclasses.fields(Events)))
    parts["ledger_flows"] = dict(town.ledger_flows)
    parts["totals"] = dict(town.totals)
    parts["tallies"] = {}
    return Town(**parts)


def to_arrays(town: Town) -> dict[str, np.ndarray]:
    """Return the whole state as named arrays (the log of causes and the month's scratch are not part of it)."""
    out: dict[str, np.ndarray] = {}
    for name in _TABLES:
        for column, array in getattr(town, name).arrays().items():
            out[f"{name}/{column}"] = array
    for name in _RECORDS:
        for f in dataclasses.fields(getattr(town, name)):
            out[f"{name}/{f.name}"] = np.asarray(getattr(getattr(town, name), f.name))
    numbers = {f.name: getattr(town, f.name) for f in dataclasses.fields(town) if f.type in ("int", "float", "bool")}
    out["numbers"] = np.frombuffer(json.dumps(numbers, sort_keys=True).encode(), np.uint8)
    out["key"] = np.asarray(town.key, np.uint64)
    return out


def from_arrays(arrays: dict[str, np.ndarray]) -> Town:
    """Rebuild a town from `to_arrays`."""
    parts: dict[str, Any] = {}
    for name, table in _TABLES.items():
        parts[name] = table(**{c: arrays[f"{name}/{c}"] for c in table.columns()})
    for name, record in _RECORDS.items():
        values = {f.name: arrays[f"{name}/{f.name}"] for f in dataclasses.fields(record)}
        parts[name] = record(**{n: v if v.ndim else v.item() for n, v in values.items()})
    parts.update(json.loads(arrays["numbers"].tobytes()))
    return Town(key=np.uint64(arrays["key"]), **parts)


def digest(town: Town) -> str:
    """Return a hash of the whole state: equal if and only if two worlds are bit-identical."""
    h = hashlib.blake2b(digest_size=16)
    for name, array in sorted(to_arrays(town).items()):
        h.update(name.encode())
        h.update(np.ascontiguousarray(array).tobytes())
    return h.hexdigest()


def save(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Write named arrays so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    np.savez(buffer, **{k.replace("/", "|"): v for k, v in arrays.items()})  # type: ignore[arg-type]
    content = buffer.getvalue()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as f:
            f.write(hashlib.blake2b(content, digest_size=16).digest())
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path: Path) -> dict[str, np.ndarray] | None:
    """Read named arrays; None if there is no such file or it is not whole (its checksum fails)."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) < 16 or hashlib.blake2b(content[16:], digest_size=16).digest() != content[:16]:
        return None
    with np.load(BytesIO(content[16:]), allow_pickle=False) as arrays:
        return {k.replace("|", "/"): arrays[k] for k in arrays.files}


def copy_record(record: Any) -> Any:
    """Return a dataclass with copies of its arrays, so that what is changed in one world does not change in another."""
    return dataclasses.replace(
        record,
        **{
            f.name: getattr(record, f.name).copy()
            for f in dataclasses.fields(record)
            if isinstance(getattr(record, f.name), np.ndarray)
        },
    )
