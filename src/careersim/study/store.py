"""The store: results on disk that are either whole and right, or not there.

Layout of a study's folder::

    experiment.json             what was asked for: resolved scenario and digests
    manifest.json               how it was produced: versions, seeds, wall time, the command that does it again
    design.parquet              one line a run: key, arm, replicate, seed, scenario
    runs/<kk>/<key>.parquet     one run = one arm of one replicate; counts as done only if it is there *and* validates
    people/<kk>/<key>.parquet   on request: one line a person of that run; the run's note holds its digest
    failures/<kk>/<key>.<attempt>.json
    quarantine/                 files that did not validate, moved aside
    events/*.jsonl              log only

A key is the hash of everything that determines a result and of nothing that does not. Files are written whole or not at all
(temporary file, fsync, rename, fsync of the folder), with page checksums, and carry the digest of their own content.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

RANDOM_SCHEME = "philox4x32-10/1"
"""Names how luck is drawn; part of every key."""
LONG_COLUMNS = ["table", "month", "measure", "group", "value"]
RUN_COLUMNS = ["place", "arm", "point", "replicate"]
"""What says in a study's results from which run a line is."""
LONG_SCHEMA = pa.schema(
    [
        ("table", pa.dictionary(pa.int32(), pa.string())),
        ("month", pa.int32()),
        ("measure", pa.dictionary(pa.int32(), pa.string())),
        ("group", pa.dictionary(pa.int32(), pa.string())),
        ("value", pa.float64()),
    ]
)
"""Every result of a run is lines of this shape: which table, month of policy (-1: whole period), measure, group, value."""
META = b"careersim"
NOT_IN_CODE = ("app", "checks", "commands", "report")
"""Parts of the package that cannot change a result."""


class StoreError(Exception):
    """Something about the folder that the user can put right; the message says what."""

    def screen(self) -> str:
        """The message as the command line shows it."""
        return f"{self}."


class ResultConflict(RuntimeError):
    """A run was repeated and gave another result: the simulation is not deterministic, or the key misses something."""


def canonical(value: Any) -> str:
    """One text for one meaning: JSON with sorted keys and no spaces; whole floats and integers are kept apart."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: Any) -> str:
    """Blake2b hash of the canonical JSON of ``value``, 32 hexadecimal digits."""
    return hashlib.blake2b(canonical(value).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Hash of the package's source files that can change a result."""
    root = Path(__file__).resolve().parents[1]
    h = hashlib.blake2b(digest_size=16)
    for path in sorted(root.rglob("*.py")):
        part = path.relative_to(root)
        if part.parts[0] not in NOT_IN_CODE:
            h.update(part.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return h.hexdigest()


def run_key(scenario: Any, replicate: int) -> str:
    """Key of one run: hash of scenario (with its input digests), replicate, code and random scheme.

    Paths, number of workers and labels are not part of it, so a wider study reuses the runs of a narrower one.
    """
    return digest(
        {"scenario": scenario, "replicate": replicate, "code": code_digest(), "random": RANDOM_SCHEME},
    )


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one, the new one or none, never half; survives loss of power."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as f:
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        _drop(temporary)
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    except BaseException:
        _drop(temporary)
        raise


def _drop(path: Path) -> None:
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


def encode(frame: pd.DataFrame, meta: Mapping[str, Any]) -> bytes:
    """A long table as Parquet bytes with page checksums; ``meta`` and the digest of the content go into the file."""
    table = pa.Table.from_pandas(frame[LONG_COLUMNS], schema=LONG_SCHEMA, preserve_index=False)
    note = {**meta, "content": content_digest(frame)}
    table = table.replace_schema_metadata({META: canonical(note).encode()})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def content_digest(frame: pd.DataFrame) -> str:
    """Hash of a long table's content: equal if and only if two runs gave the same lines, bit for bit."""
    h = hashlib.blake2b(digest_size=16)
    for column in LONG_COLUMNS:
        values = frame[column]
        if column in ("month", "value"):
            h.update(values.to_numpy("int64" if column == "month" else "float64").tobytes())
        else:
            h.update("\0".join(values.astype(str)).encode())
    return h.hexdigest()


def read_table(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Read and verify one result file: its lines and its note; raises ValueError if it is not whole and right."""
    try:
        table = pq.read_table(path, page_checksum_verification=True, memory_map=False, partitioning=None)
        note = json.loads((table.schema.metadata or {})[META])
        frame = table.to_pandas()
        right = note.get("content") == content_digest(frame)
    except (OSError, KeyError, AttributeError, TypeError, pa.ArrowException, ValueError) as error:
        raise ValueError(f"{path}: not a whole result file ({error})") from error
    if not right:
        raise ValueError(f"{path}: content does not match its own digest")
    return frame, note


def _digest_of_bytes(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class Store:
    """One study's folder."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def prepare(self) -> None:
        """Make the folder and make sure that it can be written to; raises StoreError in words if not."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise StoreError(f"{self.root} is not a folder") from error
        except OSError as error:
            raise StoreError(f"cannot make the folder {self.root}: {error.strerror}") from error
        probe = self.root / f".probe.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise StoreError(f"cannot write to the folder {self.root}: {error.strerror}") from error

    def path(self, key: str) -> Path:
        """Where the run with this key is, or would be."""
        return self.root / "runs" / key[:2] / f"{key}.parquet"

    def write_run(
        self, key: str, frame: pd.DataFrame, meta: Mapping[str, Any], people: pd.DataFrame | None = None
    ) -> Path:
        """Store a run, and its table of people first if there is one; if a whole run is there, keep it, and fail loudly if ours differs."""
        if people is not None:
            meta = {**meta, "people": self._write_people(key, people)}
        path = self.path(key)
        content = encode(frame, {**meta, "key": key})
        there = self._content_of(path, key)
        if there is None:
            write_bytes(path, content)
        elif there != content_digest(frame):
            other = path.with_name(f"{key}.conflict-{secrets.token_hex(4)}.parquet")
            write_bytes(other, content)
            raise ResultConflict(f"run {key} was repeated with another result; both are kept: {path} and {other.name}")
        return path

    def _content_of(self, path: Path, key: str) -> str | None:
        """Digest of the content of a run that is there and whole, with its table of people if it has one; else None."""
        try:
            note = read_table(path)[1]
        except ValueError:
            return None
        whole = note.get("key") == key and self._has_people(key, note.get("people"))
        return note["content"] if whole else None

    def people_path(self, key: str) -> Path:
        """Where the table of people of the run with this key is, if it was asked for (`collect: {people: true}`)."""
        return self.root / "people" / key[:2] / f"{key}.parquet"

    def _write_people(self, key: str, people: pd.DataFrame) -> str:
        """Store a run's table of people; return the digest of the file, which goes into the run's note."""
        buffer = io.BytesIO()
        frame = people.assign(key=pd.Categorical([key] * len(people)))
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        write_bytes(self.people_path(key), buffer.getvalue())
        return _digest_of_bytes(buffer.getvalue())

    def _has_people(self, key: str, wanted: str | None) -> bool:
        """Whether the table of people that a run's note names (None: it has none) is there, bit for bit."""
        if wanted is None:
            return True
        try:
            return _digest_of_bytes(self.people_path(key).read_bytes()) == wanted
        except OSError:
            return False

    def read_people(self, key: str) -> pd.DataFrame:
        """The table of people of one run, verified; raises StoreError if it was not kept or is not whole."""
        note, path = read_table(self.path(key))[1], self.people_path(key)
        if note.get("people") is None:
            raise StoreError(f"run {key} kept no table of people: ask for it with collect: {{people: true}}")
        if not self._has_people(key, note["people"]):
            raise StoreError(f"{path} is missing or not whole: run the study again")
        return pq.read_table(path, page_checksum_verification=True, memory_map=False, partitioning=None).to_pandas()

    def is_done(self, key: str) -> bool:
        """True if the run is there and validates."""
        path = self.path(key)
        return path.is_file() and self._content_of(path, key) is not None

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Keys that have no valid run; files that are there but do not validate are moved to quarantine."""
        out = []
        for key in keys:
            if not self.is_done(key):
                self.quarantine(self.path(key))
                out.append(key)
        return out

    def quarantine(self, path: Path) -> None:
        """Move a file that does not validate aside, keeping it for inspection."""
        if path.is_file():
            aside = self.root / "quarantine" / f"{path.stem}.{secrets.token_hex(4)}{path.suffix}"
            try:
                aside.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, aside)
            except OSError as error:
                raise StoreError(f"cannot move the damaged file {path}: {error.strerror}") from error

    def read_run(self, key: str) -> pd.DataFrame:
        """Lines of one run, verified."""
        frame, note = read_table(self.path(key))
        if note.get("key") != key:
            raise ValueError(f"{self.path(key)}: holds run {note.get('key')}")
        return frame

    def write_failure(self, key: str, what: Mapping[str, Any]) -> Path:
        """Record a failed run as data: stage, arm, replicate, message, traceback."""
        folder = self.root / "failures" / key[:2]
        attempt = len(list(folder.glob(f"{key}.*.json"))) + 1 if folder.is_dir() else 1
        path = folder / f"{key}.{attempt}.json"
        write_json(path, {"key": key, "attempt": attempt, **what})
        return path

    def failures(self) -> list[dict[str, Any]]:
        """All failures on record."""
        return [json.loads(p.read_text()) for p in sorted((self.root / "failures").glob("*/*.json"))]

    def write_design(self, design: pd.DataFrame) -> None:
        """Store the table of runs (one line a run)."""
        buffer = io.BytesIO()
        table = pa.Table.from_pandas(design, preserve_index=False)
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        write_bytes(self.root / "design.parquet", buffer.getvalue())

    def read_design(self) -> pd.DataFrame:
        """The table of runs; raises StoreError if there is none or it is not whole."""
        path = self.root / "design.parquet"
        try:
            return pq.read_table(path, page_checksum_verification=True, memory_map=False).to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{path} is missing or not whole: is {self.root} the folder of a study?") from error

    def log(self, event: str, **more: Any) -> None:
        """Append a line to this process's event log (for people; nothing reads it back)."""
        line = json.dumps({"time": time.time(), "event": event, **more}, default=str)
        path = self.root / "events" / f"{os.getpid()}.jsonl"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "a") as f:
                f.write(line + "\n")
        except OSError:
            return

    def read_all(self, design: pd.DataFrame | None = None) -> pd.DataFrame:
        """All valid runs of the design as one table: its lines with place, arm, point and replicate in front."""
        design = self.read_design() if design is None else design
        frames = []
        for line in design[["key", *RUN_COLUMNS]].to_dict("records"):
            if self.path(line["key"]).is_file():
                frame = self.read_run(line["key"])
                for column in reversed(RUN_COLUMNS):
                    frame.insert(0, column, line[column])
                frames.append(frame)
        if not frames:
            return pd.DataFrame(columns=[*RUN_COLUMNS, *LONG_COLUMNS])
        return pd.concat(frames, ignore_index=True)
