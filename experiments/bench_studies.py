"""Speed and memory of the batch machinery on this machine (``make bench``): overhead, two workers, and every command on a large study.

Nothing here passes or fails; it takes about five minutes. ``--runs N`` sets the size of the study that is laid out and taken up again (10,000 by
default; 100,000 takes about ten minutes to lay out, and three quarters of an hour in all), ``--replicates N`` that of the study that is simulated
(200 make the 1,000 runs that are asked for, in half an hour; the shorter the study, the more the start of workers counts). Beside the time on the clock
stands processor time: where others work on the machine too, only that tells what the machinery does. What two processes are worth that
do nothing but count is measured too: no batch tool can do better than the machine.
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
from contextlib import suppress
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
ROUNDS = 2
"""How often one worker is set beside two; the median counts."""
COUNTING = "for _ in range(60_000_000): pass"
WAITING = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, ended, used = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(ended), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""Starts a command and waits for it: a small process, for a child's peak of memory is counted from that of whoever started it."""


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
    """Processor time of this process, of those it has waited for, and of its children that live on (workers are forks of one) with theirs."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15])) if int(fields[1]) == os.getpid() else 0
    return sum(u.ru_utime + u.ru_stime for u in used) + ticks / os.sysconf("SC_CLK_TCK")


def counting(processes: int) -> float:
    """Seconds that some processes take which only count, side by side."""
    began = time.perf_counter()
    for one in [subprocess.Popen([sys.executable, "-c", COUNTING]) for _ in range(processes)]:
        one.wait()
    return time.perf_counter() - began


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
    shares, ratios, possible = [], [], []
    for _ in range(ROUNDS):
        (one, alone), (_, together) = timed(plan, 1), timed(plan, 2)
        simulating = one.seconds_simulating + one.seconds_settling
        shares.append(one.seconds / simulating - 1)
        ratios.append(alone.clock / together.clock)
        possible.append(2 * counting(1) / counting(2))
        print(f"{one.n_made} runs of 2,000 people x 60 months: one worker {alone}, two workers {together}", flush=True)
    print(f"batch machinery: {100 * statistics.median(shares):.1f}% of simulation time")
    print(
        f"two workers: {statistics.median(ratios):.2f} times one "
        f"(two processes that only count do {statistics.median(possible):.2f} times what one does)"
    )


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
    careersim = [sys.executable, "-m", "careersim", *map(str, words)]
    told = subprocess.run([sys.executable, "-c", WAITING, *careersim], stdout=subprocess.PIPE, text=True, check=True)
    code, processor, peak = map(float, told.stdout.split())
    if code:
        raise RuntimeError(f"careersim {words[0]} failed")
    return Spent(time.perf_counter() - began, processor, peak)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--replicates", type=int, default=12)
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
            ("export to CSV", ("export", folder, "--to", Path(folder) / "runs.csv")),
            ("check (every file decoded)", ("check", folder)),
        ):
            print(f"  {name}: {command(*words)}", flush=True)


if __name__ == "__main__":
    main()
