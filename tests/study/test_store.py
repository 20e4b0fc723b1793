from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from careersim.study.results import LONG_COLUMNS
from careersim.study.store import ResultConflict, Store, StoreError, canonical, run_key, write_bytes


@pytest.fixture
def store(tmp_path):
    s = Store(tmp_path / "study")
    s.prepare()
    return s


def lines(n=500, shift=0.0):
    frame = pd.DataFrame({"table": "monthly", "month": np.arange(n), "measure": "employment_rate", "group": "all"})
    return frame.assign(value=np.sin(np.arange(n)) + shift)[LONG_COLUMNS]


KEY = "ab" + "0" * 30


def test_what_is_written_is_read(store):
    store.write_run(KEY, lines(), {"arm": "none"})
    assert store.is_done(KEY)
    got = store.read_run(KEY)
    assert got["value"].tolist() == lines()["value"].tolist()
    assert list(got.columns) == LONG_COLUMNS


def test_half_written_file_does_not_count_and_goes_to_quarantine(store):
    path = store.write_run(KEY, lines(), {})
    path.write_bytes(path.read_bytes()[:-100])
    assert store.missing([KEY]) == [KEY]
    assert not path.exists()
    assert len(list((store.root / "quarantine").iterdir())) == 1


def test_empty_file_does_not_count(store):
    path = store.path(KEY)
    path.parent.mkdir(parents=True)
    path.touch()
    assert store.missing([KEY]) == [KEY]


def test_no_single_bit_flip_gives_other_numbers_silently(store):
    path = store.write_run(KEY, lines(), {})
    good, expected = path.read_bytes(), lines()["value"].tolist()
    rng = np.random.default_rng(1)
    detected = 0
    for _ in range(300):
        at, bit = int(rng.integers(len(good))), int(rng.integers(8))
        bad = bytearray(good)
        bad[at] ^= 1 << bit
        path.write_bytes(bytes(bad))
        try:
            same = store.read_run(KEY)["value"].tolist() == expected
        except ValueError:
            detected += 1
        else:
            assert same
    assert detected > 150


def test_a_file_under_another_key_does_not_count(store):
    path = store.write_run(KEY, lines(), {})
    other = "cd" + KEY[2:]
    store.path(other).parent.mkdir(parents=True)
    store.path(other).write_bytes(path.read_bytes())
    assert store.missing([KEY, other]) == [other]


def test_same_result_twice_is_dropped_and_another_is_an_alarm(store):
    store.write_run(KEY, lines(), {})
    store.write_run(KEY, lines(), {})
    with pytest.raises(ResultConflict, match="both are kept"):
        store.write_run(KEY, lines(shift=1e-12), {})
    assert store.is_done(KEY)
    assert len(list(store.path(KEY).parent.iterdir())) == 2


def test_keys_depend_on_what_matters_only():
    scenario = {"place": "a", "people": 10, "strategy": {"b": 1, "a": 2}}
    swapped = {"strategy": {"a": 2, "b": 1}, "people": 10, "place": "a"}
    assert run_key(scenario, 0) == run_key(swapped, 0)
    assert len({run_key(scenario, 0), run_key(scenario, 1), run_key({**scenario, "people": 11}, 0)}) == 3


def test_canonical_refuses_nan():
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_folder_that_is_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="is not a folder"):
        Store(tmp_path / "taken").prepare()


def test_folder_below_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="is not a folder"):
        Store(tmp_path / "taken" / "study").prepare()


def test_folder_without_permission_by_the_system_is_told_in_words(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(StoreError, match=r"cannot make the folder .*Permission denied"):
        Store(tmp_path / "study").prepare()


def test_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_bytes(tmp_path / "x.json", b"{}")
    assert list(tmp_path.iterdir()) == []


def test_failures_are_numbered_by_attempt(store):
    store.write_failure(KEY, {"message": "first"})
    store.write_failure(KEY, {"message": "second"})
    assert [f["attempt"] for f in store.failures()] == [1, 2]


def test_missing_design_is_told_in_words(store):
    with pytest.raises(StoreError, match="is missing or not whole"):
        store.read_design()
