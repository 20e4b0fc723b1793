"""A failing run is data: what, when, where; it is left alone until asked for again; the study goes on or stops, as asked."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from careersim.study.status import status
from careersim.study.study import run_study
from faults.stand_in import plan
from study.fake_town import FakeModel

FAILING = {"on": True}


class Failing(FakeModel):
    """Fails in month two of replicate one, while it is asked to."""

    def run_for(self, months):
        if FAILING["on"] and self.replicate == 1 and self.strategy == "help" and self.town.month == 1:
            raise FloatingPointError("no posts are left")
        return super().run_for(months)


def failing_model(task, report=None):
    model = Failing(task)
    model.replicate = task.replicate

    def fork(strategy="none", **more):
        twin = FakeModel.fork(model, strategy, **more)
        twin.__class__ = Failing
        return twin

    model.fork = fork
    return model


def go(out, **more):
    on_error = more.pop("on_error", "continue")
    study = replace(plan(), make_model=failing_model, on_error=on_error)
    return run_study(study, out, workers=1, stream=StringIO(), **more)


@pytest.fixture(autouse=True)
def _failing():
    FAILING["on"] = True


def test_a_failure_says_stage_month_arm_point_and_traceback(tmp_path):
    run = go(tmp_path)
    assert (run.n_made, run.n_failed) == (22, 2)
    assert run.errors[1].startswith("nowhere, help, point 1, replicate 1 (simulating): no posts are left")
    (first, _) = sorted(run.store.failures(), key=lambda f: f["point"])
    assert (first["stage"], first["month"], first["arm"], first["replicate"]) == ("simulating", 2, "help", 1)
    assert first["kind"] == "FloatingPointError"
    assert "in run_for" in first["traceback"]
    assert (status(tmp_path).failed, status(tmp_path).missing) == (2, 0)


def test_what_failed_is_left_alone_until_it_is_asked_for_again(tmp_path):
    go(tmp_path)
    FAILING["on"] = False
    again = go(tmp_path)
    assert (again.n_found, again.n_made, again.n_failed, again.n_failed_before) == (22, 0, 0, 2)
    retried = go(tmp_path, retry=True)
    assert (retried.n_found, retried.n_made, retried.n_failed_before) == (22, 2, 0)
    assert (status(tmp_path).done, status(tmp_path).failed) == (24, 0)


def test_a_study_may_stop_at_the_first_failure(tmp_path):
    run = go(tmp_path, on_error="stop")
    assert run.n_failed == 1
    assert 6 < run.n_made < 22
    assert "first failure" in run.warnings[0]
