"""How far a study is, and whether its files are whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careersim.study.folder import EXPERIMENT, code_of, read_experiment
from careersim.study.lock import FILE, held, working_in
from careersim.study.store import Store, code_digest
from careersim.study.writing import StoreError


@dataclass(frozen=True)
class Status:
    """How far a study is. Every result is read and verified; nothing is changed."""

    runs: int
    """Runs of the design; one that stands there twice counts once."""
    done: int
    running: int
    failed: int
    other: int
    """Results of another config or another version of the code, kept apart."""
    quarantined: int
    code_changed: bool
    """Whether this version of the code is another than the study's: its runs would have other keys."""
    at_work: tuple[dict[str, Any], ...] = ()
    """What each runner that is at work tells of itself."""
    seconds_left: float | None = None
    """At the pace so far; None if nobody is at work or nothing is made yet."""

    @property
    def missing(self) -> int:
        """Runs that are neither done, nor running, nor failed."""
        return max(self.runs - self.done - self.running - self.failed, 0)


def status(root: Path | str) -> Status:
    """Return how far a study is.

    Raises
    ------
    StoreError
        If the folder is not a study's.
    """
    store = Store(root)
    keys = set(store.read_design()["key"])
    done = store.done(keys)
    at_work = tuple(_at_work(store.root))
    running = sum(task["runs"] for one in at_work for task in one["running"])
    failed = store.failed(keys - done)
    quarantined = len(list((store.root / "quarantine").glob("*")))
    other = sum(name not in keys for name in store.names())
    changed = code_of(store.root) not in ("", code_digest())
    return Status(
        len(keys), len(done), min(running, len(keys) - len(done)), len(failed), other, quarantined, changed, at_work,
        _seconds_left(at_work),
    )  # fmt: skip


def _at_work(root: Path) -> list[dict[str, Any]]:
    """What the runners tell of themselves that hold their lock, however old the file is."""
    out = []
    for file in sorted((root / "running").glob("*.json")):
        shard = file.stem.removeprefix("shard-")
        lock = root / FILE if file.stem == "run" else root / "shards" / f"{shard}.lock"
        try:
            told = json.loads(file.read_text())
        except (OSError, ValueError):
            continue
        if held(lock):
            out.append({"name": file.stem, **told})
    return out


def _seconds_left(at_work: tuple[dict[str, Any], ...]) -> float | None:
    left = [
        one["seconds"] * (one["wanted"] - one["made"] - one["failed"]) / (one["made"] + one["failed"])
        for one in at_work
        if one["made"] + one["failed"] > 0
    ]
    return max(left) if left else None


@dataclass
class Check:
    """What came of verifying a study's files."""

    whole: int = 0
    """Results whose every line was decoded and found right."""
    damaged: list[Path] = field(default_factory=list)
    """Results that were not, where they are now."""
    missing: int = 0
    """Runs of the design without a whole result."""
    wrong: list[str] = field(default_factory=list)
    """What else is wrong, in words."""

    @property
    def passed(self) -> bool:
        """Whether every file is whole."""
        return not self.damaged and not self.wrong


def check(root: Path | str) -> Check:
    """Verify every file of a study, decoding each; damaged results are moved to quarantine.

    Raises
    ------
    StoreError
        If the folder is not a study's, or somebody is at work in it.
    """
    store, out = Store(root), Check()
    if not (store.root / EXPERIMENT).exists() and not (store.root / "runs").is_dir():
        raise StoreError(f"{store.root} is not the folder of a study")
    with working_in(store.root):
        store.drop_temporary()
        store.index.forget()
        for name in store.names():
            if "." in name:
                out.wrong.append(f"{store.path(name)}: a run was repeated with another result")
            elif store.is_done(name):
                out.whole += 1
            else:
                aside = store.quarantine(store.path(name))
                out.damaged += [aside] if aside else []
        out.wrong += _wrong_of_the_rest(store)
        try:
            keys = store.read_design()["key"].unique()
            out.missing = sum(not store.path(k).is_file() for k in keys)
        except StoreError as error:
            out.wrong.append(str(error))
    return out


def _wrong_of_the_rest(store: Store) -> list[str]:
    """What is wrong with the files beside the results."""
    out = []
    try:
        read_experiment(store.root)
    except StoreError as error:
        out.append(str(error))
    for file in store.root.glob("failures/*/*.json"):
        try:
            json.loads(file.read_text())
        except (OSError, ValueError):
            out.append(f"{file}: not a whole record of a failure")
    return out
