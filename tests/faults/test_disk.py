"""A full disk, a folder that cannot be written, damaged files: told in words, nothing half written, put right by running again."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from careersim.study.status import check, status
from careersim.study.store import Store
from careersim.study.study import run_study
from careersim.study.writing import StoreError
from faults.stand_in import contents, leftovers, plan

NOBODY = 65534


def go(out: Path, **more):
    return run_study(plan(), out, workers=1, stream=StringIO(), **more)


def in_a_child(do: Callable[[], None]) -> str:
    """Do something in a process of its own; return what was raised, in words."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            do()
            said = "nothing"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def limit_files(largest: int) -> None:
    """Let this process write no file beyond some size, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))


@pytest.mark.parametrize("largest", [1000, 4500])
def test_files_that_cannot_be_written_whole_are_not_there_at_all(tmp_path, undisturbed, largest):
    def fill():
        limit_files(largest)
        go(tmp_path)

    said = in_a_child(fill)
    assert said.startswith("StoreError: cannot write"), said
    assert leftovers(tmp_path) == []
    assert all(Store(tmp_path).is_done(key) for key in Store(tmp_path).names())
    assert contents(tmp_path, go(tmp_path).design) == undisturbed


def small_disk(folder: Path, kilobytes: int) -> bool:
    """Mount a small disk in memory; False if this user or machine may not."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    return shutil.which("mount") is not None and subprocess.run(words, capture_output=True).returncode == 0


def test_a_full_disk_leaves_whole_files_and_the_study_goes_on_when_there_is_room(tmp_path, undisturbed):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = small_disk(disk, 100)
    try:
        said = in_a_child(lambda: go(disk)) if mounted else in_a_child(lambda: (limit_files(4500), go(disk)))
        assert "StoreError: cannot write" in said, said
        if mounted:
            assert "No space left" in said
            assert 0 < len(list(Store(disk).names())) < 24
        assert leftovers(disk) == []
        assert all(Store(disk).is_done(key) for key in Store(disk).names())
        if mounted:
            subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        assert contents(disk, go(disk).design) == undisturbed
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_told_and_can_be_looked_at(undisturbed):
    folder = Path(tempfile.mkdtemp())
    try:
        out = folder / "study"
        go(out, retry=False)
        (out / "runs").rename(out / "gone")
        for path in (folder, out, *[p for p in out.rglob("*") if p.is_dir()]):
            path.chmod(0o555)
        before = sorted(out.rglob("*"))

        def become_nobody(then: Callable[[], None]) -> Callable[[], None]:
            def do():
                if os.geteuid() == 0:
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                then()

            return do

        said = in_a_child(become_nobody(lambda: go(out)))
        assert said.startswith("StoreError: cannot write to the folder"), said
        said = in_a_child(
            become_nobody(lambda: exec("raise ValueError(status(out).missing)", {"status": status, "out": out}))
        )
        assert said == "ValueError: 24"
        assert sorted(out.rglob("*")) == before
    finally:
        for path in (folder, *[p for p in folder.rglob("*") if p.is_dir()]):
            path.chmod(0o755)
        shutil.rmtree(folder)


def damage(path: Path, how: str) -> None:
    """Damage a file so that its name, and for a flipped bit its size and times too, are what they were."""
    good, times = path.read_bytes(), path.stat()
    bad = bytearray(good)
    if how == "truncated":
        bad = bad[: len(bad) // 2]
    elif how == "empty":
        bad = bytearray()
    else:
        bad[len(bad) // 3] ^= 1
    path.write_bytes(bytes(bad))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("how", ["truncated", "empty", "flipped"])
def test_a_damaged_result_is_moved_aside_and_made_again(tmp_path, undisturbed, how):
    run = go(tmp_path)
    path = run.store.path(run.design["key"].iloc[7])
    damage(path, how)
    assert status(tmp_path).done == 23
    again = go(tmp_path)
    assert (again.n_found, again.n_made) == (23, 1)
    assert len(list((tmp_path / "quarantine").iterdir())) == 1
    assert contents(tmp_path, run.design) == undisturbed


def test_check_finds_every_damaged_file(tmp_path, undisturbed):
    run = go(tmp_path)
    keys = run.design["key"].tolist()
    for key, how in zip(keys[:3], ("truncated", "empty", "flipped"), strict=True):
        damage(run.store.path(key), how)
    run.store.write_failure(keys[5], {"message": "x"}).write_text("{")
    (tmp_path / "experiment.json").write_text("{")
    found = check(tmp_path)
    assert (found.whole, len(found.damaged), found.missing, len(found.wrong)) == (21, 3, 3, 2)
    assert contents(tmp_path, go(tmp_path, retry=True).design) == undisturbed


@pytest.mark.parametrize("text", ["", "torn line without an e", "\0\0\0"])
def test_an_index_that_is_lost_or_damaged_only_costs_time(tmp_path, undisturbed, text):
    run = go(tmp_path)
    damage(run.store.path(run.design["key"].iloc[0]), "truncated")
    for file in (tmp_path / "index").iterdir():
        file.write_text(text)
    again = go(tmp_path)
    assert (again.n_found, again.n_made) == (23, 1)
    assert contents(tmp_path, run.design) == undisturbed


def test_writing_of_the_table_of_runs_that_fails_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(StoreError, match="Input/output error"):
        go(tmp_path)
