"""The Dask engine against a real scheduler and workers: a worker lost, the scheduler started anew, and what jobs are asked for."""

from __future__ import annotations

import sys
import threading
from io import StringIO

import pytest

from careersim.study.engines.dask import DaskEngine, make_cluster
from careersim.study.study import run_study
from careersim.study.writing import StoreError
from faults.cluster import free_port, start_scheduler, start_worker
from faults.processes import n_results, wait_until
from faults.stand_in import contents, plan


def test_a_worker_is_lost_and_the_scheduler_is_started_anew_and_nothing_is_lost(tmp_path, undisturbed):
    """One scheduler and two workers; after the first results a worker dies, after some more the scheduler and the other worker."""
    port, out, found = free_port(), tmp_path / "study", {}
    processes = [start_scheduler(port, tmp_path), start_worker(port, tmp_path), start_worker(port, tmp_path)]

    def study():
        engine = DaskEngine(f"tcp://127.0.0.1:{port}", patience=600)
        found["run"] = run_study(plan(slow=True), out, stream=StringIO(), engine=engine)

    runner = threading.Thread(target=study)
    try:
        runner.start()
        wait_until(lambda: n_results(out) >= 1 or not runner.is_alive())
        processes[1].kill()
        seen = n_results(out)
        wait_until(lambda: n_results(out) > seen or not runner.is_alive())
        processes[0].kill()
        processes[2].kill()
        for process in processes:
            process.wait()
        processes += [start_scheduler(port, tmp_path), start_worker(port, tmp_path)]
        runner.join()
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert found["run"].n_failed == 0
    assert contents(out, found["run"].design) == undisturbed


def test_no_scheduler_is_told_in_words(tmp_path):
    engine = DaskEngine(f"tcp://127.0.0.1:{free_port()}", patience=0)
    with pytest.raises(StoreError, match="no Dask scheduler answers"):
        run_study(plan(), tmp_path, stream=StringIO(), engine=engine)


@pytest.mark.parametrize(
    ("kind", "directive"), [("slurm", "#SBATCH --mem=8G"), ("pbs", "#PBS -l select=1:ncpus=2:mem=7630MB")]
)
def test_jobs_are_asked_for_as_the_config_says(kind, directive):
    asked = {"kind": kind, "jobs": 0, "cores": 2, "memory": "8GB", "walltime": "02:00:00", "python": sys.executable}
    cluster = make_cluster(asked | {"scheduler_options": {"host": "127.0.0.1", "dashboard": False}})
    try:
        script = cluster.job_script()
        assert directive in script
        assert "02:00:00" in script
        assert "--nworkers 2" in script
        assert "--nthreads 1" in script
    finally:
        cluster.close()


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"kind": "slum"}, "unknown kind 'slum'"), ({"kind": "slurm", "jobs": 0, "cores": 1}, "cannot be asked")],
)
def test_what_cannot_be_asked_for_is_told_in_words(asked, words):
    with pytest.raises(StoreError, match=words):
        make_cluster(asked)
