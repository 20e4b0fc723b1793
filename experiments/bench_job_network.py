"""Speed of the job-information network beside a plain Mesa model of it, in one process (part of ``make bench``).

Both simulate the same random regular graph with the same rates, from the same start; they agree on unemployment within error.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
from plain_mesa_job_network import JobInformationNetwork

from careersim.checks import bare
from careersim.checks.exact_job_network import contacts_of
from careersim.checks.job_network import theory_parameters, town_of_copies
from careersim.month import hiring, search, separations
from careersim.town.threads import set_threads

PEOPLE, CONTACTS = 100_000, 6
ARRIVAL, BREAKUP = 0.1, 0.015
SETTLING, MONTHS = 40, 10


class OwnNetwork:
    """The town's own separation, search and hiring phases as a model with `step` and `unemployment`."""

    def __init__(self, graph: nx.Graph, rng: int) -> None:
        self.town = town_of_copies(contacts_of(graph), 1, bare.luck_key(bare.generator(rng)))
        self.parameters, self.month, self.shares = theory_parameters(ARRIVAL, BREAKUP), 0, []

    def step(self) -> None:
        """One month: jobs end, the state is recorded, news spreads, offers are taken."""
        self.town.tallies = {}
        separations.step(self.town, self.parameters, self.month)
        self.shares.append(np.count_nonzero(self.town.people.post < 0) / len(self.town.people))
        search.step(self.town, self.parameters, self.month)
        hiring.step(self.town, self.parameters, self.month)
        self.month += 1


def seconds(step: Callable[[], None]) -> float:
    """Seconds of one month."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def compare(people: int = PEOPLE, settling: int = SETTLING, months: int = MONTHS, threads: int = 2) -> dict[str, float]:
    """Seconds a month of both (medians of months in turn; of ours the median of five in a row), their ratio, unemployment, its standard error."""
    graph = nx.random_regular_graph(CONTACTS, people, seed=1)
    own, plain = OwnNetwork(graph, 1), JobInformationNetwork(graph, ARRIVAL, BREAKUP, rng=1)
    set_threads(threads)
    for _ in range(settling):
        own.step()
        plain.step()
    fast_and_slow = []
    for _ in range(months):  # in turn, so that whatever else the machine does falls on both
        fast_and_slow.append((statistics.median(seconds(own.step) for _ in range(5)), seconds(plain.step)))
    fast, slow = (statistics.median(times) for times in zip(*fast_and_slow, strict=True))
    shares = plain.datacollector.get_model_vars_dataframe()["unemployment"].to_numpy()
    u, v = np.mean(own.shares[settling:]), np.mean(shares[settling:])
    # months in a row are nearly the same people: one month's error, with room for contacts' correlation
    error = math.sqrt(2.0 * u * (1.0 - u) / people)
    return {"own": fast, "plain": slow, "ratio": slow / fast, "u_own": float(u), "u_plain": float(v), "error": error}


def main() -> None:
    """Print the comparison."""
    r = compare(threads=min(2, os.cpu_count() or 1))
    print(f"job-information network, {PEOPLE:,} people with {CONTACTS} contacts each, one process, up to 2 threads:")
    print(
        f"  careersim {1e3 * r['own']:.2f} ms a month, plain Mesa {1e3 * r['plain']:.0f} ms a month: {r['ratio']:.0f} times as fast"
    )
    print(f"  unemployment {r['u_own']:.4f} and {r['u_plain']:.4f}, standard error of the difference {r['error']:.4f}")


if __name__ == "__main__":
    main()
