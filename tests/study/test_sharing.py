"""The end of the queue: an idle worker takes a share of what another has begun; nothing is made twice that is there already."""

from __future__ import annotations

import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from fake_town import FakeModel, fake_model

from careersim.study.engines import Watcher
from careersim.study.engines.local import _submit
from careersim.study.engines.sharing import Part, UnderWay, shared
from careersim.study.plan import Plan
from careersim.study.store import Store
from careersim.study.study import run_study
from careersim.study.task import BASELINE, TaskReport
from careersim.study.tasks import run_task

MONTHS, SECONDS = 12, 0.01
STRATEGIES = {f"help {k}": {"help": {"strength": k}} for k in range(10)}


class Slow(FakeModel):
    """Takes its time over each month, on no processor."""

    def run_for(self, months):
        time.sleep(SECONDS)
        return super().run_for(months)


def slow_model(task, report=None):
    model = Slow(task)
    model.fork = lambda strategy="none", **more: _slow(FakeModel.fork(model, strategy, **more))
    return model


def _slow(model):
    model.__class__ = Slow
    return model


def study(**more) -> Plan:
    """Eleven arms and the placebo."""
    settings = {"people": 60, "months": MONTHS, "replicates": 3, "seed": 7, "make_model": fake_model} | more
    return Plan("small", ("nowhere",), STRATEGIES, **settings)


@pytest.fixture
def under_way(tmp_path):
    """A task that is under way, and what is told of it."""
    told: list[TaskReport] = []
    tasks = UnderWay(Watcher(None, lambda task: None, lambda task, report: told.append(report)))
    plan = study()
    return tasks, next(plan.tasks(Store(tmp_path), plan.design())), told


def made(task, arms) -> None:
    """Let the results of some arms be there."""
    for arm in arms:
        path = Store(task.root).path(arm.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_half_of_what_is_left_is_shared_from_the_end_once_the_first_result_is_there(under_way):
    tasks, task, told = under_way
    whole = tasks.begin(0, task)
    assert tasks.share() is None, "its town may still be settling"
    made(task, task.arms[:2])
    share = tasks.share()
    left = task.arms[2:]
    assert share.task.missing == {arm.key for arm in left[-shared(len(left)) :]}
    assert [a.name for a in share.task.arms_to_run] == [BASELINE, *(a.name for a in reversed(left[-4:]))]
    more = [tasks.share(), tasks.share()]
    assert [len(part.task.missing) for part in more] == [2, 1], "of what is left then"
    assert tasks.share() is None, "three are left, one of them being made; of the shares nothing is there"
    for part in (share, *more):
        tasks.end(part, TaskReport(done=list(part.task.missing), months=2))
    assert told == [], "the task has not ended before all have"
    tasks.end(whole, TaskReport(done=[a.key for a in task.arms[:-6]], months=8))
    (report,) = told
    assert sorted(report.done) == sorted(task.missing)
    assert report.months == 14


def test_what_one_of_two_could_make_has_not_failed(under_way):
    tasks, task, told = under_way
    whole = tasks.begin(0, task)
    made(task, task.arms[:1])
    share = tasks.share()
    tasks.end(share, TaskReport(failed=dict.fromkeys(share.task.missing, "no memory")))
    last = task.arms[-1].key
    tasks.end(whole, TaskReport(done=[k for k in task.missing if k != last], failed={last: "no memory"}))
    assert (told[0].failed, len(told[0].done)) == ({last: "no memory"}, len(task.missing) - 1)


def test_what_is_there_already_is_not_made_again(tmp_path):
    plan, forks = study(replicates=1), []

    def counting(task, report=None):
        model = fake_model(task)
        model.fork = lambda strategy="none", **more: forks.append(strategy) or FakeModel.fork(model, strategy, **more)
        return model

    store, design = Store(tmp_path), plan.design()
    task = replace(next(plan.tasks(store, design)), make_model=counting)
    assert len(run_task(task).done) == len(forks) == len(design)
    forks.clear()
    assert len(run_task(task).done) == len(design), "what is there counts as done"
    assert forks == []
    store.path(design["key"].iloc[4]).unlink()
    assert len(run_task(task).done) == len(design)
    assert forks == [BASELINE, {"help": {"strength": 3}}]


def test_idle_workers_share_the_last_task_and_results_are_the_same(tmp_path):
    alone = run_study(study(), tmp_path / "alone", workers=1, stream=StringIO())
    run = run_study(study(make_model=slow_model), tmp_path / "shared", workers=2, stream=StringIO())
    assert (run.n_made, run.errors) == (len(run.design), [])
    again = run.months // MONTHS - len(run.design)
    assert 1 <= again <= 6, "somebody who took a share has simulated `none` again, and hardly anything else"
    contents = [[r.store._content_of(r.store.path(k), k) for k in r.design["key"]] for r in (alone, run)]
    assert contents[0] == contents[1]
    assert np.all([c is not None for c in contents[0]])


def test_a_pool_that_can_start_no_worker_is_a_broken_one() -> None:
    class NoMore:
        def submit(self, *_):
            raise EOFError("the process from which workers are forked is gone")

    with pytest.raises(BrokenProcessPool, match="is gone"):
        _submit(NoMore(), Part(0, None)).result()
