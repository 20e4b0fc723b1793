"""The job-information network, simulated by the town's own separation, search and hiring phases (checks.md A1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd

from careersim.checks import bare
from careersim.checks.estimates import MOST_MONTHS, jackknife, whole
from careersim.checks.exact_job_network import check_rates, contacts_of
from careersim.kernels import kernel
from careersim.month import hiring, search, separations
from careersim.scenario.parameters import Parameters
from careersim.town.town import Town

BATCHES = 100
"""Groups of independent replicates (or, if there are few, stretches of months) from which standard errors come."""
MOST_FOR_CORRELATIONS = 200
CONVERGED = 1e-7
"""Distance from the long run, as a share of the start's, at the end of the run-in."""

Report = Callable[[float], None]
"""Told the share of the work that is done."""


def job_information_network(
    graph: nx.Graph,
    arrival: float,
    breakup: float,
    months: int,
    replicates: int,
    rng: np.random.Generator | int | None,
    *,
    correlations: bool = False,
    months_out: Sequence[int] = (),
    run_in: int | None = None,
) -> pd.DataFrame:
    """Unemployment of each person in a network in which contacts pass on news of jobs, simulated.

    The model is Calvo-Armengol and Jackson (2004), run by the town's own separation, search and hiring phases with
    ``search.news: exogenous``, ``search.kappa: 0`` and ``separations.breakup_everyone``. In a month (1) each person hears of one
    own, non-rival post with chance ``arrival``; who is out of work takes it, who is in work tells one contact out of work, each as
    likely, who takes it; (2) every match ends with chance ``breakup``, new ones included. The state is recorded after (2), which in
    the simulator's month is *before search* (``record.after: separations``).

    Parameters
    ----------
    graph : networkx.Graph
        Who knows whom: undirected, of any size; it need not be connected.
    arrival, breakup : float
        Chances a month of hearing of a post (*a*) and of losing one (*b*), each 0 to 1.
    months : int
        Months recorded.
    replicates : int
        Independent copies of the graph, simulated side by side in one town.
    rng : numpy.random.Generator or int or None
        Source of the luck; the same generator state or seed gives the same result.
    correlations : bool
        Add ``correlation_<person>`` and ``correlation_<person>_error`` for each person (at most 200 people).
    months_out : sequence of int
        Add ``job_finding_<d>`` and ``job_finding_<d>_error``: chance of being in work next month, given out of work for at least d months.
    run_in : int, optional
        Months simulated before recording, from everybody in work; by default enough to reach the long run.

    Returns
    -------
    pandas.DataFrame
        One row a person, columns ``unemployment`` and ``unemployment_error`` (standard error, from independent replicates, or
        from stretches of months if there are few), and those asked for. Same names as `exact_job_information_network`.

    Raises
    ------
    ValueError
        For rates outside 0 to 1, both rates 0, or more months than luck can tell apart (65,000).

    References
    ----------
    Calvo-Armengol and Jackson 2004, *American Economic Review* 94(3).

    Examples
    --------
    >>> import networkx as nx
    >>> job_information_network(nx.cycle_graph(4), 0.1, 0.015, months=60, replicates=500, rng=1).shape
    (4, 2)
    """
    sums = simulate(graph, arrival, breakup, months, replicates, rng, months_out, run_in, correlations)
    frame = pd.DataFrame(index=pd.Index(list(graph.nodes), name="person"))
    frame["unemployment"], frame["unemployment_error"] = sums.unemployment()
    if correlations:
        table, error = sums.correlations()
        for k, person in enumerate(graph.nodes):
            frame[f"correlation_{person}"], frame[f"correlation_{person}_error"] = table[:, k], error[:, k]
    for k, d in enumerate(months_out):
        frame[f"job_finding_{d}"], frame[f"job_finding_{d}_error"] = sums.job_finding(k)
    return frame


@dataclass(frozen=True)
class Sums:
    """What was counted, by independent batch: of months out of work, pairs out of work together, exits and those at risk."""

    looks: np.ndarray
    """(batch): times a person was looked at."""
    out: np.ndarray
    """(batch, person): times out of work."""
    both: np.ndarray
    """(batch, person, person): times both out of work."""
    at_risk: np.ndarray
    """(batch, d, person): times out of work for at least the d-th number of months."""
    exits: np.ndarray
    """(batch, d, person): those in work next month."""

    def unemployment(self, people: Sequence[int] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Share out of work by person, or of ``people`` together, and its standard error."""
        out = self.out if people is None else self.out[:, list(people)].mean(axis=1, keepdims=True)
        return jackknife(lambda s: s[1:] / s[0], np.column_stack([self.looks, out]))

    def correlations(self) -> tuple[np.ndarray, np.ndarray]:
        """Correlation of unemployment of all pairs and its standard error."""
        n = self.out.shape[1]
        flat = np.column_stack([self.looks, self.out, self.both.reshape(len(self.looks), -1)])
        return jackknife(lambda s: _correlations(s[0], s[1 : n + 1], s[n + 1 :].reshape(n, n)), flat)

    def mean_correlation(self, pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
        """Mean correlation of some pairs (alike by symmetry) and its standard error."""
        n = self.out.shape[1]
        i, j = np.array(pairs).T
        flat = np.column_stack([self.looks, self.out, self.both.reshape(len(self.looks), -1)])
        value, error = jackknife(
            lambda s: _correlations(s[0], s[1 : n + 1], s[n + 1 :].reshape(n, n))[i, j].mean(keepdims=True), flat
        )
        return float(value[0]), float(error[0])

    def job_finding(self, k: int, together: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Job finding given the k-th number of months out, by person or all ``together``, and its standard error."""
        exits, at_risk = self.exits[:, k], self.at_risk[:, k]
        if together:
            exits, at_risk = exits.sum(axis=1, keepdims=True), at_risk.sum(axis=1, keepdims=True)
        n = exits.shape[1]
        with np.errstate(invalid="ignore", divide="ignore"):
            return jackknife(lambda s: s[:n] / s[n:], np.column_stack([exits, at_risk]))


def _correlations(looks: float, out: np.ndarray, both: np.ndarray) -> np.ndarray:
    u = out / looks
    spread = np.sqrt(u * (1.0 - u))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (both / looks - np.outer(u, u)) / np.outer(spread, spread)


@kernel
def tally(post, batch, n, least, months_out, out, both, at_risk, exits):
    """Count one month: copies of ``n`` people stand in consecutive rows; ``batch`` is the batch of each copy."""
    for c in range(batch.shape[0]):
        for i in range(n):
            row = c * n + i
            works = post[row] >= 0
            for d in range(least.shape[0]):
                if months_out[row] >= least[d]:
                    at_risk[batch[c], d, i] += 1
                    exits[batch[c], d, i] += works
            months_out[row] = 0 if works else months_out[row] + 1
            if works:
                continue
            out[batch[c], i] += 1
            for j in range(both.shape[1]):
                both[batch[c], i, j] += post[c * n + j] < 0


def theory_parameters(arrival: float, breakup: float) -> Parameters:
    """Return the parameters under which the town's search and separations are the job-information network."""
    return bare.parameters(
        separations={"breakup_everyone": True, "breakup_rate": breakup},
        search={"news": "exogenous", "news_rate": arrival, "kappa": 0.0, "morale_floor": 0.0, "employed_rate": 0.0},
    )


def town_of_copies(contacts: list[list[int]], copies: int, key: np.uint64) -> Town:
    """Return a town of ``copies`` of one graph, with one post that has room for all, everybody in work."""
    n = len(contacts)
    edges = np.array([(i, j) for i in range(n) for j in contacts[i] if i < j], np.int64).reshape(-1, 2)
    rows = (edges[None] + n * np.arange(copies)[:, None, None]).reshape(-1, 2)
    people = bare.alike_people(n * copies)
    posts = bare.employers_and_posts([[2]], len(people))
    town = bare.town_of(people, bare.ties_from(rows, len(people)), *posts, key=key)
    bare.put_in_work(town, np.arange(len(people)), np.zeros(len(people), np.int64))
    return town


def months_to_settle(arrival: float, breakup: float) -> int:
    """Months after which the start no longer shows: a person alone comes to rest as ((1-a)(1-b))^t, one with contacts sooner."""
    memory = (1.0 - arrival) * (1.0 - breakup)
    months = math.ceil(math.log(CONVERGED) / math.log(memory)) if memory > 0.0 else 1
    if months > MOST_MONTHS:
        raise ValueError(
            f"at rates of {arrival:g} and {breakup:g} the long run is {months} months away: raise them or pass run_in"
        )
    return months


def simulate(
    graph: nx.Graph,
    arrival: float,
    breakup: float,
    months: int,
    replicates: int,
    rng: np.random.Generator | int | None,
    months_out: Sequence[int] = (),
    run_in: int | None = None,
    correlations: bool = False,
    report: Report | None = None,
) -> Sums:
    """Simulate and count; parameters as in `job_information_network`."""
    contacts = contacts_of(graph)
    check_rates(arrival, breakup)
    whole("months", months)
    whole("replicates", replicates)
    run_in = months_to_settle(arrival, breakup) if run_in is None else whole("run_in", run_in, 0)
    if months + run_in > MOST_MONTHS:
        raise ValueError(
            f"{months} months and {run_in} to settle are more than {MOST_MONTHS}: use more replicates instead"
        )
    n = len(contacts)
    if correlations and n > MOST_FOR_CORRELATIONS:
        raise ValueError(
            f"correlations of all pairs are for at most {MOST_FOR_CORRELATIONS} people; this graph has {n}"
        )
    town = town_of_copies(contacts, replicates, bare.luck_key(bare.generator(rng)))
    setting = theory_parameters(arrival, breakup)
    counted = _Count(n, months, replicates, [whole("months_out", d) for d in months_out], correlations)
    for month in range(run_in + months):
        town.tallies = {}
        separations.step(town, setting, month)
        if month >= run_in:
            counted.add(town.people.post, month - run_in)
        search.step(town, setting, month)
        hiring.step(town, setting, month)
        if report is not None:
            report((month + 1) / (run_in + months))
    return counted.sums()


class _Count:
    """Counts by batch: groups of replicates, or stretches of months if there are few replicates."""

    def __init__(self, n: int, months: int, replicates: int, months_out: Sequence[int], pairs: bool) -> None:
        self.by_copy = replicates >= 32
        batches = min(BATCHES, replicates if self.by_copy else months)
        self.batch = np.arange(replicates) * batches // replicates if self.by_copy else np.zeros(replicates, np.int64)
        self.of_month = np.zeros(months, np.int64) if self.by_copy else np.arange(months) * batches // months
        self.n, self.least = n, np.array(months_out, np.int64)
        self.since = np.zeros(n * replicates, np.int32)
        self.looks = np.zeros(batches)
        self.out = np.zeros((batches, n), np.int64)
        self.both = np.zeros((batches, n if pairs else 0, n if pairs else 0), np.int64)
        self.at_risk = np.zeros((batches, len(months_out), n), np.int64)
        self.exits = np.zeros_like(self.at_risk)

    def add(self, post: np.ndarray, month: int) -> None:
        """Count one recorded month."""
        batch = self.batch + self.of_month[month]
        self.looks += np.bincount(batch, minlength=len(self.looks))
        tally(post, batch, self.n, self.least, self.since, self.out, self.both, self.at_risk, self.exits)

    def sums(self) -> Sums:
        """Return what was counted."""
        return Sums(self.looks, self.out, self.both, self.at_risk, self.exits)
