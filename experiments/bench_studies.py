"""Speed and memory of the batch machinery on this machine (``make bench``): overhead, two workers, and every command on a large study.

Nothing here passes or fails. ``--runs N`` sets the size of the study that is laid out and taken up again (10,000 by default; 100,000 takes
about ten minutes to lay out, and half an hour in all), ``--replicates N`` that of the study that is simulated. Beside the time on the clock stands
processor time: where others work on the machine too, only that tells what the machinery does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from careersim.scenario.experiment import make_experiment
from careersim.study.folder import write_plan
from careersim.study.index import bytes_digest
from careersim.study.plan import Plan, plan_of
from careersim.study.results import encode
from careersim.study.store import Store
from careersim.study.study import StudyRun, run_study
from careersim.study.warming import prepare

ARMS = ["one_to_one", "own_network", "brokering"]
ROUNDS = 3
"""How often one worker is set beside two; the median counts."""


def simulated(replicates: int, months: int = 60) -> Plan:
    """2,000 people in five arms (none and placebo among them)."""
    settings = {"people": 2000, "months": months, "replicates": replicates, "strategies": ARMS, "name": "bench"}
    return plan_of(make_experiment(settings))


@dataclass(frozen=True)
class Spent:
    """What something took."""

    clock: float
    processor: float
    """Seconds of all processes."""
    peak_mb: float = 0.0

    def __str__(self) -> str:
        memory = f", peak {self.peak_mb:.0f} MB" if self.peak_mb else ""
        return f"{self.clock:.1f} s ({self.processor:.1f} s of processor time{memory})"


def processor_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def timed(plan: Plan, workers: int) -> tuple[StudyRun, Spent]:
    """Run a study in a fresh folder."""
    began, before = time.perf_counter(), processor_seconds()
    with tempfile.TemporaryDirectory() as folder:
        run = run_study(plan, folder, workers=workers, stream=StringIO())
    return run, Spent(time.perf_counter() - began, processor_seconds() - before)


def overhead(replicates: int) -> None:
    """Print the share of machinery in simulation time, and how much faster two workers are than one."""
    plan = simulated(replicates)
    with tempfile.TemporaryDirectory() as folder:
        run_study(replace(plan, replicates=2), Path(folder) / "warm", workers=2, stream=StringIO(), prepare=prepare)
        run_study(replace(plan, months=1), Path(folder) / "settled", workers=2, stream=StringIO())
    timed(replace(plan, replicates=1), 1)  # one worker is this process: what it imports is imported now
    shares, ratios = [], []
    for _ in range(ROUNDS):
        (one, alone), (_, together) = timed(plan, 1), timed(plan, 2)
        simulating = one.seconds_simulating + one.seconds_settling
        shares.append(one.seconds / simulating - 1)
        ratios.append(alone.clock / together.clock)
        print(f"{one.n_made} runs of 2,000 people x 60 months: one worker {alone}, two workers {together}", flush=True)
    print(f"batch machinery: {100 * statistics.median(shares):.1f}% of simulation time")
    print(f"two workers: {statistics.median(ratios):.2f} times one")


def laid_out(folder: Path, runs: int) -> None:
    """A complete study of many runs, laid out with the results of a small one."""
    with tempfile.TemporaryDirectory() as small:
        run = run_study(simulated(1, months=12), small, workers=1, stream=StringIO())
        frames = {arm: run.store.read_run(key) for arm, key in run.design[["arm", "key"]].itertuples(index=False)}
    plan = simulated(runs // len(frames), months=12)
    store, design = Store(folder), plan.design()
    store.prepare()
    write_plan(store, plan, design)
    for arm, replicate, key in design[["arm", "replicate", "key"]].itertuples(index=False):
        content = encode(frames[arm].assign(value=frames[arm]["value"] * (1 + 1e-6 * replicate)), {"key": key})
        store.path(key).parent.mkdir(parents=True, exist_ok=True)
        store.path(key).write_bytes(content)
        store.index.add(key, bytes_digest(content))


def command(*words: str | Path) -> Spent:
    """Run a command of careersim in a process of its own; its time includes starting Python."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "careersim", *map(str, words)], stdout=subprocess.DEVNULL)
    _, ended, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(ended):
        raise RuntimeError(f"careersim {words[0]} failed")
    return Spent(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--replicates", type=int, default=40)
    given = parser.parse_args()
    if given.replicates:
        overhead(given.replicates)
    with tempfile.TemporaryDirectory() as folder:
        laid_out(Path(folder), given.runs)
        print(f"a complete study of {given.runs:,} runs:")
        for name, words in (
            ("taken up, the table made for the first time", ("run", folder, "--no-figures")),
            ("taken up again, nothing to do", ("run", folder, "--no-figures")),
            ("status", ("status", folder)),
            ("analyse", ("analyse", folder, "--no-figures")),
            ("check (every file decoded)", ("check", folder)),
        ):
            print(f"  {name}: {command(*words)}", flush=True)


if __name__ == "__main__":
    main()
