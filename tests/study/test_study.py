from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_town import FakeModel, fake_model

from careersim.measures import ledger as books
from careersim.study import tasks
from careersim.study.comparison import compare, monthly_bands
from careersim.study.lines import ledger_of, result_lines
from careersim.study.store import Store
from careersim.study.study import run_study
from careersim.study.tasks import _run_side_by_side, simulate


@pytest.fixture
def run(plan, tmp_path):
    return run_study(plan, tmp_path / "study", workers=1, stream=StringIO())


def test_every_run_is_stored_once_and_the_manifest_tells_how(run):
    assert (len(run.design), run.n_made, run.errors) == (9, 9, [])
    assert run.store.missing(run.design["key"]) == []
    manifest = json.loads((run.store.root / "manifest.json").read_text())
    assert manifest["runs"] == {"all": 9, "found": 0, "made": 9, "failed": 0}
    assert manifest["packages"]["numpy"] == np.__version__
    assert not list(run.store.root.rglob("*.tmp"))


def test_a_second_run_finds_everything_and_a_wider_one_reuses_it(run, plan):
    again = run_study(plan, run.store.root, workers=1, stream=StringIO())
    assert (again.n_found, again.n_made) == (9, 0)
    wider = run_study(replace(plan, replicates=4), run.store.root, workers=1, stream=StringIO())
    assert (wider.n_found, wider.n_made) == (9, 3)


def test_only_what_is_missing_is_run_and_gives_the_same_result(run, plan):
    key = run.design.query("arm == 'help' and replicate == 1")["key"].item()
    before = run.store.read_run(key)
    run.store.path(key).unlink()
    again = run_study(plan, run.store.root, workers=1, stream=StringIO())
    assert again.n_made == 1
    pd.testing.assert_frame_equal(before, run.store.read_run(key))


def test_processes_give_the_same_bits_as_one(run, plan, tmp_path):
    other = run_study(plan, tmp_path / "two", workers=2, stream=StringIO())
    assert other.errors == []
    for key in run.design["key"]:
        pd.testing.assert_frame_equal(run.store.read_run(key), other.store.read_run(key))


def test_arms_side_by_side_give_the_same_bits_as_one_after_another(run, plan, tmp_path):
    one = replace(plan, replicates=1)
    other = run_study(one, tmp_path / "threads", workers=3, stream=StringIO())
    assert (other.errors, other.n_made) == ([], 3)
    for key in other.design["key"]:
        pd.testing.assert_frame_equal(run.store.read_run(key), other.store.read_run(key))


def test_whatever_ends_one_arm_ends_all_within_a_month():
    """One arm meets a full disk; the others, which would run for ever, stop."""

    def full_disk(tick):
        raise OSError("no space left")

    def endless(tick):
        while True:
            tick(1)

    with pytest.raises(OSError, match="no space"):
        _run_side_by_side([endless, full_disk, endless], lambda months: None, 2)


def test_a_failing_arm_spoils_only_itself(plan, tmp_path):
    out = run_study(replace(plan, strategies={"help": "help", "bad": "broken"}), tmp_path, workers=1, stream=StringIO())
    assert len(out.errors) == 3
    assert "bad" in out.errors[0]
    assert out.n_made == 9
    failure = out.store.failures()[0]
    assert (failure["stage"], failure["arm"]) == ("forking", "bad")
    assert "cannot be made" in failure["traceback"]


class NoneFails(FakeModel):
    """A town in which the world without a strategy fails in its third month, after the others have ended or before they begin."""

    pause = 0.0

    def run_for(self, months):
        for _ in range(months):
            if self.strategy == "none" and self.town.month == 2:
                time.sleep(self.pause)
                raise ValueError("no world without a strategy")
            super().run_for(1)
        return self


def none_fails(task, report=None):
    return NoneFails(task)


def none_fails_late(task, report=None):
    model = NoneFails(task)
    model.pause = 0.5
    return model


@pytest.mark.parametrize(("make", "workers"), [(none_fails, 1), (none_fails, 3), (none_fails_late, 3)])
def test_where_none_fails_nothing_is_compared_and_each_arm_says_why(plan, tmp_path, make, workers):
    out = run_study(replace(plan, replicates=1, make_model=make), tmp_path, workers=workers, stream=StringIO())
    assert (out.n_made, out.n_failed) == (0, 3)
    said = {f["arm"]: f["message"] for f in out.store.failures()}
    assert said.pop("none") == "no world without a strategy"
    assert set(said) == {"help", "placebo"}
    assert all("the arm 'none' of this replicate failed" in why for why in said.values())


def test_an_arm_that_waits_for_none_ends_with_it_and_is_no_failure(plan, tmp_path, monkeypatch):
    """``none`` is stopped (Ctrl-C) while another arm, which has ended, waits to be compared with it."""

    def stopped_after_a_while(model, months, *further):
        if model.strategy == "none":
            time.sleep(0.3)
            raise KeyboardInterrupt
        return simulate(model, months, *further)

    monkeypatch.setattr(tasks, "simulate", stopped_after_a_while)
    task = next(plan.tasks(Store(tmp_path), plan.design()))
    with pytest.raises(KeyboardInterrupt):
        tasks.run_task(task, threads=3)
    assert Store(tmp_path).failures() == []


def test_a_task_whose_process_dies_three_times_is_a_failure_and_the_study_goes_on(plan, tmp_path):
    deadly = replace(plan, strategies={"deadly": "deadly"}, replicates=2)
    out = run_study(deadly, tmp_path, workers=2, stream=StringIO())
    assert len(out.errors) >= 2
    assert all("died 3 times" in e for e in out.errors)
    assert out.store.is_done(out.design.query("arm == 'none' and replicate == 0")["key"].item())


def test_the_stored_ledger_is_the_ledger_and_adds_exactly(plan):
    task = next(plan.tasks(Store("unused"), plan.design()))
    settled = fake_model(task)
    none, policy = simulate(settled.fork("none"), 12), simulate(settled.fork("help"), 12)
    lines = result_lines(policy, none)
    table = ledger_of(lines)
    for measure, unit in books.MEASURES.items():
        dw = books.gains(policy.lives, none.lives, measure)
        cells = table.query("row == 'cell' and measure == @measure")
        assert cells["fixed"].sum() == dw.sum()
        assert cells["n"].sum() == len(dw)
        assert (cells["unit"] == unit).all()


def test_comparison_finds_what_the_stand_in_does(run):
    c = compare(run.results(), "nowhere", seed=1)
    help_, placebo = c.arms["help"], c.arms["placebo"]
    assert help_.place["employment_rate"].value == pytest.approx(0.01)
    assert help_.place["employment_rate"].variance_reduction > 1
    assert help_.people["direct.income"].value > 0 > help_.people["spill.income"].value
    assert placebo.heads["n_participants"].value == pytest.approx(1000 / 195)
    assert help_.account.parts["a"].value > 0
    assert help_.displacement.value == pytest.approx(0.2, rel=0.2)
    assert math.isnan(c.arms["placebo"].displacement.value)


def test_one_replicate_has_values_but_no_intervals(plan, tmp_path):
    run = run_study(replace(plan, replicates=1), tmp_path, workers=1, stream=StringIO())
    c = compare(run.results(), "nowhere", seed=1)
    e = c.arms["help"].place["employment_rate"]
    assert math.isfinite(e.value)
    assert (e.has_interval, e.reason) == (False, "one replicate: no interval")


def test_bands_are_of_paired_differences(run):
    bands = monthly_bands(run.results(), "nowhere", "employment_rate")
    assert bands["help"]["difference"].to_numpy() == pytest.approx(0.01)
    assert (bands["none"]["difference"] == 0).all()


SCRIPT = """
import sys, time
sys.path.insert(0, {here!r})
from fake_town import FakeModel
from careersim.study.plan import Plan
from careersim.study.study import run_study

class Slow(FakeModel):
    def run_for(self, months):
        time.sleep(0.05)
        return super().run_for(months)

def slow(task, report=None):
    model = FakeModel(task)
    model.__class__ = Slow
    old = model.fork
    def fork(strategy="none", **more):
        twin = old(strategy, **more)
        twin.__class__ = Slow
        return twin
    model.fork = fork
    return model

if __name__ == "__main__":
    plan = Plan("slow", ("nowhere",), {{"help": "help"}}, people=100, months=10, replicates=40, seed=7, make_model=slow)
    print("ready", flush=True)
    run_study(plan, {out!r}, workers=2)
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_runs_leave_valid_files_and_no_orphans(tmp_path, sign):
    script = tmp_path / "slow.py"
    script.write_text(textwrap.dedent(SCRIPT.format(here=str(Path(__file__).parent), out=str(tmp_path / "study"))))
    child = subprocess.Popen(
        [sys.executable, str(script)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore Ctrl-C
    )
    store, deadline = Store(tmp_path / "study"), time.time() + 60
    while time.time() < deadline and not list(store.root.glob("runs/*/*.parquet")):
        time.sleep(0.1)
    os.kill(child.pid, sign)
    child.communicate(timeout=30)
    files = list(store.root.glob("runs/*/*.parquet"))
    assert files
    assert all(store.is_done(f.stem) for f in files)
    deadline = time.time() + 20
    while time.time() < deadline and _processes_with(str(script)):
        time.sleep(0.1)
    assert _processes_with(str(script)) == []


def _processes_with(text):
    out = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            environment = (folder / "status").read_text()
        except OSError:
            continue
        if text in command and "State:\tZ" not in environment:
            out.append(folder.name)
    return out
