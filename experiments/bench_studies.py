"""Speed and memory of the batch machinery on this machine (``make bench``): overhead, two workers, resume, memory of the runner.

Nothing here passes or fails. ``--runs N`` sets the size of the study that is taken up again (10,000 by default; 100,000 takes about
ten minutes to lay out), ``--replicates N`` that of the study that is simulated.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from careersim.report.finish import finish
from careersim.scenario.experiment import make_experiment
from careersim.study.index import bytes_digest
from careersim.study.plan import Plan, plan_of
from careersim.study.results import encode
from careersim.study.store import Store
from careersim.study.study import run_study
from careersim.study.warming import prepare

ARMS = ["one_to_one", "own_network", "brokering"]


def simulated(replicates: int) -> Plan:
    """2,000 people for 60 months in five arms (none and placebo among them)."""
    settings = {"people": 2000, "months": 60, "replicates": replicates, "strategies": ARMS, "name": "bench"}
    return plan_of(make_experiment(settings))


def overhead(replicates: int) -> dict[str, float]:
    """Share of machinery in simulation time, and how much faster two workers are than one."""
    plan = simulated(replicates)
    with tempfile.TemporaryDirectory() as folder:
        run_study(replace(plan, replicates=2), Path(folder) / "warm", workers=2, stream=StringIO(), prepare=prepare)
        run_study(replace(plan, months=1), Path(folder) / "settled", workers=2, stream=StringIO())
        one = run_study(plan, Path(folder) / "one", workers=1, stream=StringIO())
        two = run_study(plan, Path(folder) / "two", workers=2, stream=StringIO())
    simulating = one.seconds_simulating + one.seconds_settling
    return {
        "runs": one.n_made,
        "simulating_s": simulating,
        "overhead": one.seconds / simulating - 1,
        "two_workers": one.seconds / two.seconds,
    }


def laid_out(folder: Path, runs: int) -> Plan:
    """A complete study of many runs, laid out with the results of a small one."""
    with tempfile.TemporaryDirectory() as small:
        run = run_study(replace(simulated(1), months=12), small, workers=1, stream=StringIO())
        frames = {arm: run.store.read_run(key) for arm, key in run.design[["arm", "key"]].itertuples(index=False)}
    plan = replace(simulated(runs // 5), months=12)
    store, design = Store(folder), plan.design()
    store.prepare()
    for arm, replicate, key in design[["arm", "replicate", "key"]].itertuples(index=False):
        content = encode(frames[arm].assign(value=frames[arm]["value"] * (1 + 1e-6 * replicate)), {"key": key})
        store.path(key).parent.mkdir(parents=True, exist_ok=True)
        store.path(key).write_bytes(content)
        store.index.add(key, bytes_digest(content))
    return plan


def take_up(folder: Path, runs: int, table: bool) -> dict[str, float]:
    """Take a complete study up: plan it, verify every file, and print its final table."""
    began = time.perf_counter()
    plan = replace(simulated(runs // 5), months=12)
    run = run_study(plan, folder, workers=2, stream=StringIO())
    verified = time.perf_counter()
    if table:
        finish(run, figures=False, console=Console(file=StringIO(), width=150))
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = {
        "missing": run.n_made,
        "verified_s": verified - began,
        "table_s": done - verified,
        "cpu_s": time.process_time(),
    }
    return spent | {"peak_mb": peak}


def in_a_process(*words: object) -> dict[str, float]:
    """Run a part of this file in a process of its own; its time includes starting Python."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, __file__, *map(str, words)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout) | {"process_s": time.perf_counter() - began}


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--replicates", type=int, default=40)
    parser.add_argument("--take-up", type=Path)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    if given.take_up:
        print(json.dumps(take_up(given.take_up, given.runs, given.table)))
        return
    o = overhead(given.replicates)
    print(
        f"batch machinery, {o['runs']:.0f} runs of 2,000 people x 60 months: {100 * o['overhead']:.1f}% of simulation time"
    )
    print(f"two workers: {o['two_workers']:.2f} times one")
    with tempfile.TemporaryDirectory() as folder:
        laid_out(Path(folder), given.runs)
        for name, words in (("first table", ["--table"]), ("again", ["--table"]), ("without table", [])):
            r = in_a_process("--take-up", folder, "--runs", given.runs, *words)
            print(
                f"complete study of {given.runs:,} runs taken up, {name}: {r['process_s']:.1f} s in all (planned and verified "
                f"{r['verified_s']:.1f} s, table {r['table_s']:.1f} s; processor {r['cpu_s']:.1f} s), peak {r['peak_mb']:.0f} MB"
            )


if __name__ == "__main__":
    main()
