"""What keeps large studies small and quick: numbers held as arrays, results gone through once, nothing imported that is not needed."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from careersim.report import written
from careersim.report.export import export, runs_table
from careersim.report.finish import finish
from careersim.report.tables import tidy
from careersim.study import analysis
from careersim.study.analysis import bootstrap, frames
from careersim.study.comparison import compare
from careersim.study.numbers import COMPARED, Numbers, numbers_of
from careersim.study.outside import outside_code
from careersim.study.study import run_study
from careersim.study.worth import Frames

HEAVY = ("numba", "mesa", "scipy.stats", "matplotlib", "networkx")
RESUMES = """
import sys
from io import StringIO
from careersim.commands import run as _
from careersim.study.folder import code_of
from careersim.report.finish import finish
from careersim.study.plan import Plan
from careersim.study.status import status
from careersim.study.study import run_study
plan = Plan("small", ("nowhere",), {"help": "help"}, people=200, months=12, replicates=3, seed=7)
run = run_study(plan, sys.argv[1], workers=2, stream=StringIO())
finish(run, figures=False)
assert run.n_found == 9 and status(sys.argv[1]).done == 9, run
print("imported:", *(name for name in sys.argv[2:] if name in sys.modules))
"""


@pytest.fixture
def run(plan, tmp_path):
    """The small study, run."""
    return run_study(plan, tmp_path / "study", workers=1, stream=StringIO())


def quiet() -> Console:
    return Console(file=StringIO(), width=150)


def imported(folder: Path) -> list[str]:
    """What a process of its own has imported of the heavy packages when it has taken a complete study up."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    words = [sys.executable, "-c", RESUMES, folder, *HEAVY]
    out = subprocess.run(words, capture_output=True, text=True, env=env, check=True).stdout
    return out.rpartition("imported:")[2].split()


def test_a_complete_study_is_taken_up_without_the_simulator(run) -> None:
    finish(run, figures=False, console=quiet())
    assert imported(run.store.root) == []
    (run.store.root / "tables" / "made-of.json").unlink()
    assert "scipy.stats" in imported(run.store.root), "what makes the table is imported when it is made"


def test_results_gone_through_in_parts_give_the_same_table(run, monkeypatch) -> None:
    sizes = []
    batches = run.store.batches
    monkeypatch.setattr(run.store, "batches", lambda *a, size: sizes.append(size) or batches(*a, size=size))
    at_once = finish(run, figures=False, console=quiet())[0]
    tables = {f.name: pd.read_parquet(f) for f in (run.store.root / "tables").glob("*.parquet")}
    (run.store.root / "tables" / "made-of.json").unlink()
    monkeypatch.setattr(written, "HELD_LINES", 1)
    in_parts = finish(run, figures=False, console=quiet())[0]
    assert sizes[0] > 9, "all at once where there are few lines"
    assert sizes[0] % 3 == 0, "whole tasks"
    assert sizes[1] == 3, "a task at least"
    for comparison in (at_once, in_parts):
        pd.testing.assert_frame_equal(tidy(comparison), tidy(compare(run.results(), "nowhere", 7)))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(pd.read_parquet(run.store.root / "tables" / name), table)


def test_only_what_is_compared_is_held_and_absent_runs_are_absent(run) -> None:
    gone = run.design.query("arm == 'help' and replicate == 1")["key"].iloc[0]
    run.store.path(gone).unlink()
    lines = run.results()
    whole, parts = numbers_of(lines, "nowhere"), Numbers(1, 3)
    for k in (2, 0, 1):
        parts.add(lines[lines["replicate"] == k])
    for arm in ("none", "help", "placebo"):
        for table in COMPARED if arm != "none" else ("summary",):
            frame = whole.frame(arm, table)
            pd.testing.assert_frame_equal(frame, parts.frame(arm, table))
            assert frame.index.get_level_values("replicate").tolist() == [0, 2] if arm == "help" else [0, 1, 2]
            assert set(frame) <= set(COMPARED[table])
            own = lines[(lines["arm"] == arm) & (lines["table"] == table) & (lines["replicate"] == 2)]
            own = own.set_index(own["measure"].astype(str))["value"]
            np.testing.assert_array_equal(frame.loc[(0, 2)].to_numpy(), own[list(frame)].to_numpy())
    assert whole.frame("help", "groups").columns.str.contains("=").all()


def test_a_number_that_is_not_held_is_told_and_not_taken_for_missing() -> None:
    effects = pd.DataFrame({"n_changed": [1.0], "noise.other": [2.0]})
    frames = Frames(effects, effects, effects, effects, effects, 1)
    assert frames.effect("n_changed").tolist() == [1.0]
    assert np.isnan(frames.effect("n_participants")).all()
    with pytest.raises(KeyError):
        frames.effect("noise.other")


def test_levels_are_read_for_the_measures_asked_for_only(run) -> None:
    full = analysis.open_study(run.store.root)
    some = analysis.open_study(run.store.root, ["place.median_pay", "account.b"])
    assert {"place.median_pay", "none.median_pay", "place.employment_rate", "account.b"} <= set(some.table)
    assert "place.labour_share" in full.table
    assert "place.labour_share" not in some.table
    pd.testing.assert_frame_equal(some.table, full.table[list(some.table)])
    assert some.n_missing == full.n_missing == 0
    unknown = analysis.open_study(run.store.root, ["place.no_such_level"])
    assert set(unknown.table) == set(full.table), "what there is can be told"


def test_an_analysis_and_an_export_that_read_a_few_tasks_at_a_time_are_the_same(run, tmp_path, monkeypatch) -> None:
    gone = run.design.query("arm == 'none' and replicate == 1")["key"].iloc[0]
    run.store.path(gone).unlink()
    root, parts = run.store.root, []
    whole, csv = analysis.open_study(root), export(root, tmp_path / "whole.csv").read_bytes()
    read = frames.read_numbers
    monkeypatch.setattr(frames, "read_numbers", lambda *of: parts.append(len(of[1])) or read(*of))
    monkeypatch.setattr(frames, "BATCH", 1)
    pd.testing.assert_frame_equal(analysis.open_study(root).table, whole.table)
    assert analysis.open_study(root).n_missing == whole.n_missing == 1
    assert export(root, tmp_path / "parts.csv").read_bytes() == csv
    assert runs_table(root).to_csv(index=False).encode() == csv
    assert parts == 4 * [3, 3, 3], "whole tasks"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["parts.csv", "study", "whole.csv"]


def test_resamples_drawn_a_few_at_a_time_are_the_same(monkeypatch) -> None:
    x = np.random.default_rng(1).normal(size=(60, 3))
    at_once = bootstrap.resampled_sums(x, 7, 500)
    monkeypatch.setattr(bootstrap, "HELD_NUMBERS", 60 * 7)
    np.testing.assert_allclose(bootstrap.resampled_sums(x, 7, 500), at_once, rtol=1e-12)
    assert np.abs(bootstrap.resampled_sums(x, 8, 500) - at_once).max() > 0.1


def test_code_outside_the_package_is_found_in_parts_too(tmp_path, monkeypatch) -> None:
    text = "from careersim.services.one_to_one import OneToOne\nclass Mine(OneToOne):\n    pass\n"
    (tmp_path / "my_own_code.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert outside_code({"mixture": {"of": ["brokering", "own_network"]}}) == []
    mine = outside_code("my_own_code:Mine")
    assert len(mine) == 1
    assert outside_code(["brokering", {"name": "my_own_code:Mine", "budget": 1.0}]) == mine
