"""Speed and memory on this machine: medians of repeated runs, printed as a table (``make bench``).

Nothing here passes or fails. Figures in the README name the machine they were taken on.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

ONE_TOWN = """
import json, resource, sys, time
import numpy as np
from careersim import CareerModel
from careersim.town.threads import set_threads
people, months, threads = map(int, sys.argv[1:4])
set_threads(threads)
warm = CareerModel("edinburgh", people=1000, rng=9, months=2, parameters={"time": {"burn_in": 0}})
warm.run_for(2)
start = time.perf_counter()
model = CareerModel("edinburgh", people=people, rng=1, months=months, parameters={"time": {"burn_in": 0}})
built = time.perf_counter()
model.run_for(months)
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"build": built - start, "run": done - built, "rate": people * months / (done - built), "peak": peak}))
"""

FIVE_ARMS = """
import json, time
start = time.perf_counter()
from careersim import CareerModel
imported = time.perf_counter()
base = CareerModel("inverclyde", people=5000, rng=1)
settled = time.perf_counter()
arms = ["one_to_one", "own_network", "brokering", "collective_bargaining"]
for arm in arms:
    base.fork(arm).run_for(120)
base.run_for(120)
done = time.perf_counter()
print(json.dumps({"imports": imported - start, "settle": settled - imported, "run": done - settled, "all": done - start}))
"""


def child(code: str, *args: object) -> dict[str, float]:
    """Run ``code`` in a fresh interpreter and return the last line it prints, read as JSON."""
    out = subprocess.run([sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


def middle(results: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each number over repeated runs."""
    return {k: statistics.median(r[k] for r in results) for k in results[0]}


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    started = time.perf_counter()
    child(FIVE_ARMS)
    print(f"first use (compilation if new, solving and burn-in if not kept): {time.perf_counter() - started:.1f} s")
    five = middle([child(FIVE_ARMS) for _ in range(5)])
    print(
        f"5,000 people, 120 months, 5 arms: {five['all']:.2f} s in all; imports {five['imports']:.2f}, settled town from disk "
        f"{five['settle']:.2f}, simulation {five['run']:.2f}"
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
        print(
            f"{people:>10,} {months:>7} {threads:>8} {r['build']:>9.1f} {r['run']:>8.1f} {r['rate'] / 1e6:>25.2f} {r['peak']:>6.2f}"
        )


if __name__ == "__main__":
    main()
