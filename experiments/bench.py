"""Speed and memory on this machine: medians of repeated runs, printed as a table (``make bench``, about five minutes).

Nothing here passes or fails. Figures in the README name the machine they were taken on.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ONE_TOWN = """
import json, resource, sys, time
from careersim import CareerModel
from careersim.kept import cache_folder
from careersim.town.threads import set_threads
people, months, threads = map(int, sys.argv[1:4])
set_threads(threads)
def town(people, months):
    model = CareerModel("edinburgh", people=people, rng=1, months=months, parameters={"time": {"burn_in": 0}})
    for kept in cache_folder().glob(f"town-{model.burn_in_info['digest']}-*"):
        kept.unlink()
    return model
town(1000, 12).run_for(12)
start = time.perf_counter()
model = town(people, months)
built = time.perf_counter()
model.run_for(months)
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"build": built - start, "run": done - built, "rate": people * months / (done - built), "peak": peak}))
"""

FIVE_ARMS = """
import json, sys, time
start = time.perf_counter()
from careersim import CareerModel
imported = time.perf_counter()
people, months = map(int, sys.argv[1:3])
base = CareerModel("inverclyde", people=people, rng=1)
settled = time.perf_counter()
arms = ["one_to_one", "own_network", "brokering", "collective_bargaining"]
worlds = [base.fork(arm) for arm in arms] + [base]
for world in worlds:
    world.run_for(1)
loaded = time.perf_counter()
for world in worlds:
    world.run_for(months - 1)
done = time.perf_counter()
print(json.dumps({"imports": imported - start, "settle": settled - imported, "load": loaded - settled, "run": done - loaded,
                  "all": done - start}))
"""


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
    child(FIVE_ARMS, 1000, 13)
    with tempfile.TemporaryDirectory() as fresh:
        first, second = (child(FIVE_ARMS, 1000, 13, NUMBA_CACHE_DIR=fresh)["all"] for _ in range(2))
    return first - second


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"first compilation of everything: {compilation():.0f} s")
    started = time.perf_counter()
    child(FIVE_ARMS, 5000, 120)
    print(f"5,000 people, first use (with burn-in, if it is not kept yet): {time.perf_counter() - started:.1f} s")
    five = middle([child(FIVE_ARMS, 5000, 120) for _ in range(5)])
    print(
        f"5,000 people, 120 months, 5 arms: {five['all']:.2f} s in all; imports {five['imports']:.2f}, settled town from disk "
        f"{five['settle']:.2f}, kernels from disk and first month {five['load']:.2f}, simulation {five['run']:.2f}"
    )
    print(
        f"{'people':>10} {'months':>7} {'threads':>8} {'build s':>9} {'run s':>8} {'million person-months/s':>25} {'GB':>6}"
    )
    for people, months, threads, repeats in (
        (10_000, 120, 1, 3),
        (100_000, 120, 1, 3),
        (100_000, 120, 2, 3),
        (1_000_000, 120, 2, 1),
    ):
        r = middle([child(ONE_TOWN, people, months, threads) for _ in range(repeats)])
        rate, memory = r["rate"] / 1e6, r["peak"]
        print(
            f"{people:>10,} {months:>7} {threads:>8} {r['build']:>9.1f} {r['run']:>8.1f} {rate:>25.2f} {memory:>6.2f}"
        )


if __name__ == "__main__":
    main()
