"""Speed and memory on this machine: medians of repeated runs, printed as a table (``make bench``).

Nothing here passes or fails. Figures in the README name the machine they were taken on. One million people take a few minutes
and are left out with ``--no-million``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from careersim.kept import kernel_folder

ONE_TOWN = """
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor
from careersim.kept import cache_folder
from careersim.town.threads import set_threads
from careersim.world import World
place = sys.argv[1]
people, months, threads, worlds = map(int, sys.argv[2:6])
def town(people, months):
    world = World(place, people=people, rng=1, months=months, parameters={"time": {"burn_in": 0}})
    for kept in cache_folder().glob(f"town-{world.burn_in_info['digest']}-*"):
        kept.unlink()
    return world
town(1000, 13).run_for(13)
start = time.perf_counter()
world = town(people, months)
built = time.perf_counter()
if worlds == 1:
    set_threads(threads)
    world.run_for(months)
else:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda world: world.run_for(months), [world.fork() for _ in range(worlds)]))
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"build": built - start, "run": done - built, "rate": worlds * people * months / (done - built) / 1e6,
                  "peak": peak}))
"""

FIVE_ARMS = """
import json, sys, time
start = time.perf_counter()
from concurrent.futures import ThreadPoolExecutor
from careersim.world import World
imported = time.perf_counter()
people, months, threads = map(int, sys.argv[1:4])
base = World("inverclyde", people=people, rng=1)
settled = time.perf_counter()
arms = ["one_to_one", "own_network", "brokering", "collective_bargaining"]
worlds = [base.fork(arm) for arm in arms] + [base]
for world in worlds:
    world.run_for(1)
loaded = time.perf_counter()
if threads == 1:
    for world in worlds:
        world.run_for(months - 1)
else:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda world: world.run_for(months - 1), worlds))
done = time.perf_counter()
print(json.dumps({"imports": imported - start, "settle": settled - imported, "load": loaded - settled, "run": done - loaded,
                  "all": done - start}))
"""

PHASES = """
import json, sys, time
from collections import Counter
from careersim import CareerModel
from careersim.loop import simulate_month
people, months = map(int, sys.argv[1:3])
model = CareerModel("edinburgh", people=people, rng=1, months=months, parameters={"time": {"burn_in": 0}})
seconds, month = Counter(), 0
def after(phase):
    global last
    now = time.process_time()
    if month >= 12:
        seconds[phase] += now - last
    last = now
for month in range(months):
    last = time.process_time()
    simulate_month(model.town, model.parameters, model.services, after)
print(json.dumps({phase: 1e9 * s / people / (months - 12) for phase, s in seconds.items()}))
"""


SIZES = (
    ("edinburgh", 10_000, 1, 1, "one thread"),
    ("edinburgh", 100_000, 1, 1, "one thread"),
    ("edinburgh", 100_000, 2, 1, "rows on two threads"),
    ("edinburgh", 100_000, 2, 2, "two worlds on two threads"),
    ("inverclyde", 100_000, 2, 2, "two worlds on two threads"),
)
"""Place, people, threads, worlds simulated, and how they are shared out (a study of more than one arm runs them side by side).

The largest place, and the constrained town of the main job: a person in work costs more than one out of the labour force.
"""

YARDSTICK = """
import time
start = time.perf_counter()
for turn in range(20_000_000):
    pass
print(20 / (time.perf_counter() - start))
"""


def yardstick() -> str:
    """How quick the machine is at present: an empty loop of Python, alone and in two processes at once."""

    def turns(processes: int) -> list[float]:
        command = [sys.executable, "-c", YARDSTICK]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
        return [float(process.communicate()[0]) for process in running]

    alone, beside = statistics.median(turns(1)[0] for _ in range(3)), sum(turns(2))
    return f"machine at present: {alone:.0f} million turns of an empty Python loop a second, two processes together {beside:.0f}"


def child(code: str, *args: object, **environment: str) -> dict[str, float]:
    """Run ``code`` in a fresh interpreter and return the last line it prints, read as JSON."""
    command = [sys.executable, "-c", code, *map(str, args)]
    out = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if out.returncode != 0:
        raise SystemExit(out.stderr)
    return json.loads(out.stdout.splitlines()[-1])


def middle(results: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each number over repeated runs."""
    return {k: statistics.median(r[k] for r in results) for k in results[0]}


def compilation() -> float:
    """Seconds that the first use costs more than the second, with no compiled kernels kept."""
    child(FIVE_ARMS, 1000, 13, 1)
    with tempfile.TemporaryDirectory() as fresh:
        first, second = (child(FIVE_ARMS, 1000, 13, 1, NUMBA_CACHE_DIR=fresh)["all"] for _ in range(2))
    return first - second


def burn_in() -> float:
    """Seconds to settle a town of 5,000 that is not kept yet, its kernels being compiled."""
    with tempfile.TemporaryDirectory() as fresh:
        kernels = str(kernel_folder().parent)
        return child(FIVE_ARMS, 5000, 13, 1, CAREERSIM_CACHE=fresh, NUMBA_CACHE_DIR=kernels)["settle"]


def line(what: str, asked: str, found: str) -> None:
    """Print a row of the table."""
    print(f"{what:<82} {asked:>14}   {found}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-million", action="store_true", help="leave out one million people")
    million = not parser.parse_args().no_million
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; {yardstick()}")
    line("", "asked", "measured")
    line("first compilation", "under 90 s", f"{compilation():.0f} s")
    line("5,000 people, burn-in of 960 months, once", "apart", f"{burn_in():.1f} s")
    five = middle([child(FIVE_ARMS, 5000, 120, 1) for _ in range(5)])
    two = middle([child(FIVE_ARMS, 5000, 120, 2) for _ in range(5)])
    line(
        "5,000 people, 120 months, 5 arms, in all",
        "under 5 s",
        f"{five['all']:.2f} s (arms on two threads {two['all']:.2f})",
    )
    line("  simulation alone", "under 1.5 s", f"{five['run']:.2f} s (arms on two threads {two['run']:.2f})")
    line(
        "  imports, settled town from disk, kernels and month 1",
        "",
        f"{five['imports']:.2f}, {five['settle']:.2f}, {five['load']:.2f} s",
    )
    for place, people, threads, worlds, how in SIZES:
        r = middle([child(ONE_TOWN, place, people, 120, threads, worlds) for _ in range(3)])
        asked = "3, aim for 10" if threads == 2 else ""
        line(f"{people:,} in {place}, {how}, million person-months a second", asked,
             f"{r['rate']:.2f} (build {r['build']:.1f} s, {r['peak']:.2f} GB)")  # fmt: skip
    if million:
        r = child(ONE_TOWN, "edinburgh", 1_000_000, 120, 2, 1)
        line(
            "1,000,000 people, 120 months, 2 threads",
            "under 120 s",
            f"{r['run']:.0f} s, and {r['build']:.0f} s to build the town",
        )
        line("  peak memory", "under 2 GB", f"{r['peak']:.2f} GB")
    phases = child(PHASES, 100_000, 36)
    print(
        f"\nnanoseconds of CPU per person-month by phase, 100,000 people, one thread: {sum(phases.values()):.0f} in all"
    )
    print(", ".join(f"{name} {ns:.0f}" for name, ns in phases.items()))
    print(yardstick())


if __name__ == "__main__":
    main()
