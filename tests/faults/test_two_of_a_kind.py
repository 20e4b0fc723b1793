"""Two runners, shards, another config, another version of the code, a clock set back: nothing is mixed up and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import replace
from io import StringIO

import pytest

from careersim.study import store as store_module
from careersim.study.folder import write_plan
from careersim.study.lock import working_in
from careersim.study.status import status
from careersim.study.store import Store
from careersim.study.study import run_study
from careersim.study.writing import StoreError
from faults.processes import HERE, PATIENCE, n_results, running, wait_until
from faults.stand_in import contents, plan


def go(out, study=None, **more):
    return run_study(study or plan(), out, workers=1, stream=StringIO(), **more)


def test_a_second_runner_refuses_and_the_first_is_not_disturbed(tmp_path, undisturbed):
    out = tmp_path / "study"
    with running(HERE / "script.py", out) as runner:
        wait_until(lambda: n_results(out) > 0)
        os.kill(runner.pid, signal.SIGSTOP)  # so that it cannot be done before the second has looked
        with pytest.raises(StoreError, match=f"another careersim is working in .*process {runner.pid} on"):
            go(out)
        os.kill(runner.pid, signal.SIGCONT)
        runner.communicate(timeout=PATIENCE)
        assert runner.returncode == 0
    assert contents(out, go(out).design) == undisturbed


def test_shards_share_the_work_and_no_run_is_made_twice(tmp_path, undisturbed):
    study, store = plan(), Store(tmp_path)
    store.prepare()
    write_plan(store, study, study.design())
    with working_in(tmp_path, "3/3"):
        made = [go(tmp_path, shard=f"{k}/3").n_made for k in (1, 2)]
        with pytest.raises(StoreError, match="another careersim"):
            go(tmp_path, shard="3/3")
        with pytest.raises(StoreError, match="its shards"):
            go(tmp_path)
    made.append(go(tmp_path, shard="3/3").n_made)
    assert sum(made) == 24
    assert max(made) - min(made) <= 3
    run = go(tmp_path)
    assert (run.n_found, run.n_made) == (24, 0)
    assert contents(tmp_path, run.design) == undisturbed


@pytest.mark.parametrize("shard", ["0/3", "4/3", "x", "1/0", "-1/3"])
def test_a_shard_that_is_none_is_refused(tmp_path, shard):
    with pytest.raises(StoreError, match="there is no shard"):
        go(tmp_path, shard=shard)


def test_another_config_gets_keys_of_its_own_and_old_results_are_kept(tmp_path, undisturbed):
    first = go(tmp_path)
    other = go(tmp_path, replace(plan(), months=2))
    assert (other.n_found, other.n_made, other.n_other) == (0, 24, 24)
    kept = tmp_path / "earlier" / first.plan.digest()
    assert json.loads((kept / "experiment.json").read_text())["months"] == 3
    assert len(Store(kept).read_design()) == 24
    again = go(tmp_path)
    assert (again.n_found, again.n_made, again.n_other) == (24, 0, 24)
    assert contents(tmp_path, again.design) == undisturbed


def test_another_version_of_the_code_is_told_and_its_results_are_kept_apart(tmp_path, monkeypatch, undisturbed):
    go(tmp_path)
    assert not status(tmp_path).code_changed
    with monkeypatch.context() as changed:
        for module in ("store", "plan", "status"):
            changed.setattr(f"careersim.study.{module}.code_digest", lambda: "f" * 32)
        told = status(tmp_path)
        assert (told.code_changed, told.done) == (True, 24)
        other = go(tmp_path)
        assert (other.n_found, other.n_made, other.n_other) == (0, 24, 24)
    assert store_module.code_digest() != "f" * 32
    assert contents(tmp_path, go(tmp_path).design) == undisturbed


def test_a_clock_set_back_changes_nothing(tmp_path, monkeypatch, undisturbed):
    go(tmp_path, replace(plan(), replicates=1))
    long_ago, future = 100_000_000.0, 4_000_000_000
    monkeypatch.setattr(time, "time", lambda: long_ago)
    for path in tmp_path.rglob("*"):
        os.utime(path, (future, future))
    again = go(tmp_path)
    assert (again.n_found, again.n_made) == (6, 18)
    assert status(tmp_path).done == 24
    assert contents(tmp_path, again.design) == undisturbed
