"""One task: one replicate of one place with all its arms, from burn-in to stored results.

The arms fork from one saved state, so they are paired person by person. Each arm's result is one long table
(``study.store``): the monthly series, the ledger against ``none``, the asset-stripping account and a summary of numbers.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

import numpy as np

from careersim.measures import ledger as books
from careersim.measures.collecting import Collector
from careersim.measures.period import Start
from careersim.scenario.collect import Collect
from careersim.study.groups import period_values
from careersim.study.interrupt import CtrlC
from careersim.study.lines import ArmResult, result_lines
from careersim.study.people import people_table
from careersim.study.store import ResultConflict, Store, StoreError
from careersim.study.task import BASELINE, COMPANION, Arm, Task, TaskReport
from careersim.town.columns import ELSEWHERE, HERE
from careersim.town.threads import set_threads

LARGE_TOWN = 200_000
"""People from which several threads share out the rows of a town rather than arms."""

Tick = Callable[[int], None]
"""Told how many more months have been simulated."""
Report = Callable[[str, int, int], None]
"""Told what is being settled before policy, and how many of how many months are done."""


def settled_model(task: Task, report: Report | None = None) -> Any:
    """The simulator at policy start, offered nothing yet: burn-in read from the cache, or simulated."""
    from careersim.world import World

    return World(
        task.place,
        people=task.people,
        rng=task.seed,
        replicate=task.replicate,
        parameters=task.parameters,
        conditions=task.conditions,
        ties_file=task.ties_file,
        months=task.months,
        report=report,
    )


def run_task(task: Task, tick: Tick | None = None, report: Report | None = None, threads: int = 1) -> TaskReport:
    """Simulate the missing arms of a task and store each as soon as it is whole.

    Burn-in happens once; every arm is a fork of the same settled town. What is there already (made by a process that died, or by somebody who
    shares the task) is not made again. A failing arm is recorded and spoils only itself; if
    the burn-in or ``none`` fails, there is nothing to compare with, and all missing arms fail. Several ``threads`` run arms side by
    side, ``none`` first; a town of `LARGE_TOWN` people or more would need much memory for that: there they share out the rows of one arm after another.
    """
    out = TaskReport()
    for arm in task.arms:
        if arm.key in task.missing:
            _is_there(task, arm, out)
    if len(out.done) == len(task.missing):
        return out
    began = time.perf_counter()
    try:
        settled = (task.make_model or settled_model)(task, report)
        out.citation, out.warnings = cite(settled)
    except (StoreError, ResultConflict):
        raise
    except Exception as error:
        for arm in task.arms:
            if arm.key not in out.done:
                _note_failure(task, arm, "settling", error, out)
        return out
    out.seconds_settling = time.perf_counter() - began
    baseline, *others = task.arms_to_run
    if task.people >= LARGE_TOWN and threads > 1:
        set_threads(threads)
        threads = 1
    none: Future[ArmResult | None] = Future()
    arms = [partial(_run_arm, task, arm, settled, none, out) for arm in (baseline, *others)]
    _run_side_by_side(arms, tick or (lambda months: None), threads)
    return out


class _Stopped(BaseException):
    """Another arm must not go on: it is told at its next month."""


def _run_side_by_side(arms: Sequence[Callable[[Tick], object]], tick: Tick, threads: int) -> None:
    """Run arms on some threads; whatever ends one of them (a full disk, Ctrl-C) ends all within a month."""
    if threads == 1 or len(arms) < 2:
        for arm in arms:
            arm(tick)
        return
    stop, lock = threading.Event(), threading.Lock()
    with CtrlC() as ctrl_c:

        def heed(months: int) -> None:
            """Count months, unless the arms are to end."""
            if stop.is_set() or ctrl_c.pressed:
                raise _Stopped
            with lock:
                tick(months)

        pool = ThreadPoolExecutor(threads)
        try:
            for future in as_completed([pool.submit(arm, heed) for arm in arms]):
                future.result()
        except BaseException:
            stop.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _run_arm(
    task: Task, arm: Arm, settled: Any, none: Future[ArmResult | None], out: TaskReport, tick: Tick | None
) -> None:
    """Make and store the result of one arm; that of ``none`` is told to the others, which are compared with it."""
    if arm.name != BASELINE:
        _make(task, arm, settled, none, out, tick)
        return
    try:
        none.set_result(_make(task, arm, settled, None, out, tick))
    finally:
        none.cancel()  # if it was stopped; what has a result keeps it


def _make(
    task: Task, arm: Arm, settled: Any, none: Future[ArmResult | None] | None, out: TaskReport, tick: Tick | None
) -> ArmResult | None:
    """Fork, simulate, measure and store one arm; a failure is noted, and gives None."""
    stage, began, model = "forking", time.perf_counter(), None
    if none and _is_there(task, arm, out):
        return None
    try:
        if none and none.done():
            _result_of(none)
        model = settled.fork(arm.strategy, shadows=None if none else _shadows(task))
        stage = "simulating"
        result = simulate(model, task.months, tick, task.collect)
        out.seconds_simulating += time.perf_counter() - began
        out.months += task.months
        stage = "measuring"
        beside = _result_of(none).beside(arm.name) if none else None
        frame = result_lines(result, beside, task.collect)
        people = people_table(result, beside) if task.collect.people and beside else None
        stage = "storing"
        if arm.key in task.missing:
            note = {"arm": arm.name, "point": task.point, "replicate": task.replicate, "seed": task.seed}
            Store(task.root).write_run(arm.key, frame, note, people)
            _note_done(arm, out)
        return result
    except (StoreError, ResultConflict):
        raise
    except Exception as error:
        month = len(model.levels) + 1 if model is not None and stage == "simulating" else None
        _note_failure(task, arm, stage, error, out, month)
        return None


def _result_of(none: Future[ArmResult | None]) -> ArmResult:
    """The world without a strategy, as soon as it is there; an error if it failed."""
    try:
        result = none.result()
    except CancelledError:
        raise _Stopped from None
    if result is None:
        raise RuntimeError(f"not run, because the arm '{BASELINE}' of this replicate failed")
    return result


def _is_there(task: Task, arm: Arm, out: TaskReport) -> bool:
    """Whether the result of an arm is there and whole."""
    there = arm.key in out.done or Store(task.root).is_done(arm.key)
    if there:
        _note_done(arm, out)
    return there


def _note_done(arm: Arm, out: TaskReport) -> None:
    if arm.key not in out.done:
        out.done.append(arm.key)


def _shadows(task: Task) -> dict[str, Any]:
    """The other arms' strategies, imitated in the world without them to see who would have come."""
    return {arm.name: arm.strategy for arm in task.arms if arm.name != BASELINE and not arm.name.endswith(COMPANION)}


def cite(model: Any) -> tuple[str, list[str]]:
    """The sentence by which a run cites the stationarity test of its settled town, and warnings."""
    if not hasattr(model, "setting"):
        return "", []
    from careersim.study.stationarity import citation

    return citation(model.setting, model.burn_in_info["series"])


def _note_failure(
    task: Task, arm: Arm, stage: str, error: Exception, out: TaskReport, month: int | None = None
) -> None:
    """Store a failure and add it to the task's report, if the arm was asked for."""
    if arm.key in task.missing:
        out.failed[arm.key] = f"{task.said(arm, stage)}: {error}"
        Store(task.root).write_failure(arm.key, _failure(task, arm, stage, error, month))


def _failure(task: Task, arm: Arm, stage: str, error: BaseException, month: int | None) -> dict[str, Any]:
    """A failure as data; ``month`` is that of policy in which it happened, if it had begun."""
    return {
        "place": task.label or str(task.place),
        "arm": arm.name,
        "point": task.point,
        "replicate": task.replicate,
        "seed": task.seed,
        "stage": stage,
        "month": month,
        "kind": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(error)),
    }


def simulate(model: Any, months: int, tick: Tick | None = None, collect: Collect | None = None) -> ArmResult:
    """Run a model from policy start to its end, month by month, remembering where people live and their work elsewhere.

    The worth of the jobs that this town's people hold elsewhere is, each month, their number times (their mean pay less
    benefit), discounted; it prices displacement elsewhere.
    """
    town, params = model.town, model.parameters
    start, contacts = town.month, town.ties.contact.copy()
    first_day = Start.of(town, params.migration.skill_return)
    model.collector = Collector(collect or Collect(), months)
    last_place = town.people.residence.copy()
    elsewhere_jobs = years = 0.0
    for _ in range(months):
        weight = params.time.discount(town.month - start)
        model.run_for(1)
        people = town.people
        settled = (people.residence == HERE) | (people.residence == ELSEWHERE)
        np.copyto(last_place, people.residence, where=settled)
        working = (people.residence == ELSEWHERE) & (people.elsewhere_employed == 1)
        elsewhere_jobs += weight * float((people.elsewhere_pay[working] - town.benefit).sum())
        years += weight / 12.0
        if tick is not None:
            tick(1)
    return ArmResult(
        levels=list(model.levels)[-months:],
        lives=books.lives(town.people, town.month, town.ties, last_place, received(model)),
        would_have=would_have_received(model),
        totals={**town.totals, "elsewhere_jobs": elsewhere_jobs},
        job_months=float(town.people.job_months.sum()),
        contacts_at_start=contacts,
        scale=float(town.scale),
        discounted_years=years,
        start=first_day,
        collector=model.collector,
        period=period_values(first_day, town, collect or Collect()),
        cost=cost_of_each(model),
        budget=budget_of(model),
    )


def _own_services(model: Any) -> list[Any]:
    """The services of the arm's strategy: not today's provision, and no imitations."""
    return [s for s in getattr(model, "services", []) if not (s.is_provision or s.is_shadow)]


def received(model: Any) -> np.ndarray | None:
    """Sessions each person received from the arm's strategy, not from today's provision; None if services do not tell.

    Where the strategy changes today's provision, that is what it gives: its sessions since policy began count too.
    """
    if not getattr(model, "services", []):
        return None
    own = _own_services(model)
    return _with_provision(model, own, _sums_of("received", own, len(model.town.people)), "sessions").astype(np.int64)


def would_have_received(model: Any) -> dict[str, np.ndarray]:
    """Sessions each person would have received from the strategies imitated in this world, by arm."""
    shadows = [s for s in getattr(model, "services", []) if s.is_shadow]
    arms = dict.fromkeys(s.shadow_of for s in shadows)
    by_arm = {arm: [s for s in shadows if s.shadow_of == arm] for arm in arms}
    n = len(model.town.people)
    return {
        arm: _with_provision(model, own, _sums_of("received", own, n), "sessions").astype(np.int64)
        for arm, own in by_arm.items()
    }


def cost_of_each(model: Any) -> np.ndarray:
    """Public GBP spent on each person by the arm's strategy; where it changes today's provision, by that too."""
    own = _own_services(model)
    return _with_provision(model, own, _sums_of("cost", own, len(model.town.people)), "support_cost")


def budget_of(model: Any) -> tuple[float, float]:
    """GBP granted to the arm's strategy since policy began, and spent of it."""
    own = [s.state for s in _own_services(model)]
    return float(sum(s.granted for s in own)), float(sum(s.spent for s in own))


def _with_provision(model: Any, services: list[Any], values: np.ndarray, column: str) -> np.ndarray:
    """Add what this world's services gave since policy began, if one of ``services`` changes today's provision."""
    changes = any(s.strategy.replaces_provision for s in services)
    return values + getattr(model.town.people, column) if changes else values


def _sums_of(column: str, services: list[Any], n_rows: int) -> np.ndarray:
    """Sums over services of a column of their participants."""
    total = np.zeros(n_rows)
    for service in services:
        values = getattr(service.state.participants, column)
        total[: len(values)] += values
    return total
