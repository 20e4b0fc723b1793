"""Kill -9 at random moments, Ctrl-C twice: what was acknowledged is kept, the end is the same, nobody is left behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

from careersim.study.engines import DEATHS_ALLOWED
from careersim.study.engines.local import FORKED, NO_WORKER
from careersim.study.status import check, status
from careersim.study.store import Store
from careersim.study.study import run_study
from faults.processes import HERE, PATIENCE, alive, children, n_results, running, start, wait_until, workers_of
from faults.stand_in import contents, leftovers, plan

KILLS_OF_RUNNER, KILLS_OF_WORKERS = 27, 3


def finish(out: Path, undisturbed: dict[str, str]) -> None:
    """Run the study to its end and compare it with an undisturbed one."""
    before = {p.stem for p in out.glob("runs/*/*.parquet")}
    assert all(Store(out).is_done(key) for key in before)
    run = run_study(plan(), out, workers=1, stream=StringIO(), retry=True)
    assert run.n_found == len(before)
    assert contents(out, run.design) == undisturbed
    assert leftovers(out) == []
    found = check(out)
    assert (found.passed, found.whole, found.missing) == (True, 24, 0)
    assert not list((out / "quarantine").glob("*"))


def test_a_runner_killed_at_random_moments_loses_nothing(tmp_path, undisturbed):
    out = tmp_path / "study"
    process = start(HERE / "killed_runner.py", out, KILLS_OF_RUNNER, 11)
    said, told = process.communicate(timeout=10 * PATIENCE)
    assert said == f"{KILLS_OF_RUNNER} kills\n", told
    finish(out, undisturbed)


def test_workers_killed_at_random_moments_are_replaced_and_nothing_is_lost(tmp_path, undisturbed):
    out, luck, killed = tmp_path / "study", random.Random(12), 0
    with running(HERE / "script.py", out) as runner:
        while killed < KILLS_OF_WORKERS and runner.poll() is None:
            made = n_results(out)
            wait_until(lambda made=made: n_results(out) > made or runner.poll() is not None)
            workers = workers_of(runner.pid)
            if workers:
                os.kill(luck.choice(workers), signal.SIGKILL)
                killed += 1
        runner.communicate(timeout=PATIENCE)
        assert runner.returncode == 0
    assert killed == KILLS_OF_WORKERS
    finish(out, undisturbed)


def test_the_process_from_which_workers_are_forked_may_be_killed_too(tmp_path, undisturbed):
    out = tmp_path / "study"
    with running(HERE / "script.py", out) as runner:
        wait_until(lambda: n_results(out) > 0 or runner.poll() is not None)
        servers = children(runner.pid, "forkserver")
        assert bool(servers) == FORKED or runner.poll() is not None
        for server in servers:
            os.kill(server, signal.SIGKILL)
        runner.communicate(timeout=PATIENCE)
        assert runner.returncode == 0
    finish(out, undisturbed)


def test_a_killed_runner_leaves_no_workers_and_no_lock(tmp_path, undisturbed):
    out = tmp_path / "study"
    with running(HERE / "script.py", out) as runner:
        wait_until(lambda: n_results(out) > 0)
        assert len(status(out).at_work) == 1
        workers = workers_of(runner.pid)
        runner.kill()
        runner.wait()
    wait_until(lambda: not any(map(alive, workers)))
    assert status(out).at_work == ()
    finish(out, undisturbed)


def test_ctrl_c_twice_ends_at_once_and_leaves_whole_files(tmp_path, undisturbed):
    out = tmp_path / "study"
    with running(HERE / "script.py", out) as runner:
        wait_until(lambda: n_results(out) > 0)
        workers = workers_of(runner.pid)
        for _ in range(2):
            if runner.poll() is None:
                runner.send_signal(signal.SIGINT)
                os.sched_yield()
        runner.communicate(timeout=PATIENCE)
        assert runner.returncode != 0
    wait_until(lambda: not any(map(alive, workers)))
    finish(out, undisturbed)


def test_a_script_that_each_worker_would_run_again_is_told_so_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from careersim.scenario.experiment import make_experiment\n"
        "from careersim.study.plan import plan_of\n"
        "from careersim.study.study import run_study\n"
        "settings = {'people': 1000, 'months': 1, 'replicates': 9, 'strategies': ['one_to_one'], 'name': 'unguarded'}\n"
        "run_study(plan_of(make_experiment(settings)), 'study', workers=2)\n"
    )
    ran = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].endswith(NO_WORKER)
    assert not list((tmp_path / "study" / "failures").rglob("*.json")), "no run is to blame"
    assert ran.stderr.count("An attempt has been made to start a new process") <= 2 * DEATHS_ALLOWED
