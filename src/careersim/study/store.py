"""The store: results on disk that are either whole and right, or not there.

Layout of a study's folder::

    experiment.json             what was asked for: resolved scenario and digests
    manifest.json               how it was produced: versions, seeds, wall time, the command that does it again
    design.parquet              one line a run: key, arm, replicate, seed, scenario
    index/*.txt                 digests of files that were verified before (`careersim.study.index`)
    lock                        held by whoever works here (`careersim.study.lock`)
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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from careersim.study.index import Index, bytes_digest
from careersim.study.results import LONG_COLUMNS, LONG_SCHEMA, chosen_lines, content_digest, decode, encode, read_table
from careersim.study.writing import StoreError, drop, write_bytes, write_json

RANDOM_SCHEME = "philox4x32-10/1"
"""Names how luck is drawn; part of every key."""
RUN_COLUMNS = ["place", "arm", "point", "replicate"]
"""What says in a study's results from which run a line is."""
RESULT = ".parquet"
"""Ends the name of a result's file."""
READERS = 4
"""Threads that read and hash results."""
BATCH = 600
"""Runs that are read at a time."""
NOT_IN_CODE = ("app/", "checks/", "commands/", "report/", "study/analysis/", "study/reproduce.py")
"""Parts of the package that cannot change a result."""


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
        if not part.as_posix().startswith(NOT_IN_CODE):
            h.update(part.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return h.hexdigest()


def run_key(scenario: Any, replicate: int) -> str:
    """Key of one run: hash of scenario (with its input digests), replicate, code and random scheme.

    Paths, number of workers and labels are not part of it, so a wider study reuses the runs of a narrower one.
    """
    return digest(
        {"scenario": scenario, "replicate": replicate, "code": code_digest(), "random": RANDOM_SCHEME},
    )


class Store:
    """One study's folder."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self.index = Index(self.root / "index")

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
        return Path(self._name(key))

    def _name(self, key: str) -> str:
        """Path of a run as text: a large study makes one a run."""
        return f"{self.root}/runs/{key[:2]}/{key}{RESULT}"

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
            self.index.add(key, bytes_digest(content), meta.get("people"))
        elif there != content_digest(frame):
            other = path.with_name(f"{key}.conflict-{secrets.token_hex(4)}.parquet")
            write_bytes(other, content)
            raise ResultConflict(f"run {key} was repeated with another result; both are kept: {path} and {other.name}")
        return path

    def _content_of(self, path: Path, key: str) -> str | None:
        """Digest of the content of a run that is there and whole, with its table of people if it has one; else None."""
        if not path.is_file():
            return None
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
        return bytes_digest(buffer.getvalue())

    def _has_people(self, key: str, wanted: str | None) -> bool:
        """Whether the table of people that a run's note names (None: it has none) is there, bit for bit."""
        if wanted is None:
            return True
        try:
            return bytes_digest(self.people_path(key).read_bytes()) == wanted
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
        """True if the run is there and validates: its bytes are those that were verified before, or are verified now."""
        try:
            with open(self._name(key), "rb", buffering=0) as f:
                content = f.read()
        except OSError:
            return False
        found = bytes_digest(content)
        vouched, people = self.index.vouched(key)
        if vouched == found:
            return self._has_people(key, people)
        try:
            note = decode(content)[1]
        except ValueError:
            return False
        right = note.get("key") == key and self._has_people(key, note.get("people"))
        if right:
            self.index.add(key, found, note.get("people"))
        return right

    def done(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` whose run is there and validates; every byte is read."""
        wanted = list(dict.fromkeys(keys))
        self.index.load()
        some = (wanted[k : k + BATCH] for k in range(0, len(wanted), BATCH))
        with ThreadPoolExecutor(READERS) as pool:
            return set(chain.from_iterable(pool.map(self._done_of, some)))

    def _done_of(self, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if self.is_done(key)]

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Keys that have no valid run; files that are there but do not validate are moved to quarantine."""
        wanted = list(dict.fromkeys(keys))
        done = self.done(wanted)
        out = [key for key in wanted if key not in done]
        for key in out:
            self.quarantine(self.path(key))
        return out

    def quarantine(self, path: Path) -> Path | None:
        """Move a file that does not validate aside, keeping it for inspection; return where it is now."""
        if not path.is_file():
            return None
        aside = self.root / "quarantine" / f"{path.stem}.{secrets.token_hex(4)}{path.suffix}"
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, aside)
        except OSError as error:
            raise StoreError(f"cannot move the damaged file {path}: {error.strerror}") from error
        return aside

    def drop_temporary(self) -> None:
        """Remove what killed writers left half written; only while nobody else writes."""
        for folder in (self.root, *self.root.glob("runs/*"), *self.root.glob("failures/*")):
            for name in os.listdir(folder) if folder.is_dir() else ():
                if name.startswith(".") and name.endswith(".tmp"):
                    drop(folder / name)

    def names(self) -> Iterator[str]:
        """Names of all result files that are there, of this design or any other, without their ending: the keys of their runs."""
        for folder in sorted(self.root.glob("runs/*")):
            for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
                if name.endswith(RESULT):
                    yield name.removesuffix(RESULT)

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

    def failed(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` that have a failure on record."""
        recorded = {p.name.split(".")[0] for p in (self.root / "failures").glob("*/*.json")}
        return recorded & set(keys)

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
        """All runs of the design that are there, as one table: its lines with place, arm, point and replicate in front.

        For small studies: `read` takes some of the lines, `batches` goes through a large study piece by piece.
        """
        return self.read(self.read_design() if design is None else design)

    def read(self, design: pd.DataFrame, tables: Sequence[str] = (), measures: Sequence[str] = ()) -> pd.DataFrame:
        """The lines of the runs that are there, or those of some tables and measures, as one frame."""
        parts = [self._lines(design.iloc[k : k + BATCH], tables, measures) for k in range(0, len(design), BATCH)]
        return as_frame(pa.concat_tables(parts)) if parts else pd.DataFrame(columns=[*RUN_COLUMNS, *LONG_COLUMNS])

    def batches(
        self, design: pd.DataFrame, tables: Sequence[str] = (), measures: Sequence[str] = (), size: int = BATCH
    ) -> Iterator[pd.DataFrame]:
        """What `read` gives, in frames of ``size`` runs each, in the design's order."""
        for k in range(0, len(design), size):
            yield as_frame(self._lines(design.iloc[k : k + size], tables, measures))

    def _lines(self, design: pd.DataFrame, tables: Sequence[str], measures: Sequence[str]) -> pa.Table:
        """Chosen lines of some runs, with what says from which run they are."""
        runs, parts = [], []
        for k, key in enumerate(design["key"]):
            if self.path(key).is_file():
                parts.append(chosen_lines(self.path(key), key, tables, measures, self.index.vouched(key)[0]))
                runs.append(k)
        line_of = np.repeat(runs, [len(part) for part in parts]).astype(np.int64)
        lines = pa.concat_tables(parts) if parts else LONG_SCHEMA.empty_table()
        own = design[RUN_COLUMNS].iloc[line_of]
        columns = {name: pa.array(own[name].to_numpy(np.int32)) for name in ("point", "replicate")}
        columns |= {
            name: pa.array(own[name].astype(object), pa.string()).dictionary_encode() for name in ("place", "arm")
        }
        table = pa.table([*(columns[n] for n in RUN_COLUMNS), *lines.columns], names=[*RUN_COLUMNS, *LONG_COLUMNS])
        return table.unify_dictionaries().combine_chunks()


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Lines as a frame, words of results as categories; the table's memory is given up on the way."""
    frame = table.unify_dictionaries().to_pandas(self_destruct=True, split_blocks=True)
    return frame.assign(place=frame["place"].astype(object), arm=frame["arm"].astype(object))
