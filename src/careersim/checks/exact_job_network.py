"""The exact Markov chain of the job-information network, for up to 8 people (Calvo-Armengol and Jackson 2004).

Independent of the simulator: a state is the set of people in work after the month's separations; the chance of each
next state is written out from the rules and the chain is solved as a system of linear equations.
"""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np
import pandas as pd

from careersim.checks.estimates import probability, whole

MOST_PEOPLE = 8


def exact_job_information_network(
    graph: nx.Graph, arrival: float, breakup: float, *, correlations: bool = False, months_out: Sequence[int] = ()
) -> pd.DataFrame:
    """Long-run unemployment of each person in a network in which contacts pass on news of jobs, from the exact Markov chain.

    Model and timing are those of `careersim.checks.job_network.job_information_network`, with which it shares no code: in a
    month (1) each person hears of one post with chance ``arrival``; who is out of work takes it, who is in work tells one of
    the contacts out of work, each as likely, who takes it; (2) every match ends with chance ``breakup``, new ones included.
    The state is looked at after (2).

    Parameters
    ----------
    graph : networkx.Graph
        Who knows whom: undirected, at most 8 people; it need not be connected.
    arrival : float
        Chance a month of hearing of a post, 0 to 1 (*a* of the paper).
    breakup : float
        Chance a month that a match ends, 0 to 1 (*b* of the paper).
    correlations : bool
        Add a column ``correlation_<person>`` for each person: of unemployment with theirs (NaN where nobody's varies).
    months_out : sequence of int
        Add a column ``job_finding_<d>`` for each d: chance of being in work next month, given out of work for at least d months.

    Returns
    -------
    pandas.DataFrame
        One row a person (the graph's nodes), column ``unemployment`` and those asked for.

    Raises
    ------
    ValueError
        For rates outside 0 to 1; more than 8 people; both rates 0 (whoever is in work stays so: there is no long run).

    Notes
    -----
    Limits: without arrivals everybody ends out of work; without break-up everybody ends in work; parts of a graph
    that are not connected do not influence each other.

    References
    ----------
    Calvo-Armengol and Jackson 2004, The effects of social networks on employment and inequality, *American Economic
    Review* 94(3).

    Examples
    --------
    >>> import networkx as nx
    >>> exact_job_information_network(nx.cycle_graph(4), arrival=0.1, breakup=0.015).unemployment.round(6).tolist()
    [0.056778, 0.056778, 0.056778, 0.056778]
    """
    contacts = contacts_of(graph)
    n = len(contacts)
    if n > MOST_PEOPLE:
        raise ValueError(
            f"the exact chain has 2^n states and is for at most {MOST_PEOPLE} people; this graph has {n}: simulate it"
        )
    check_rates(arrival, breakup)
    move = search_matrix(contacts, arrival) @ separation_matrix(n, breakup)
    settled = long_run(move)
    out = 1.0 - ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
    frame = pd.DataFrame({"unemployment": settled @ out}, index=pd.Index(list(graph.nodes), name="person"))
    if correlations:
        table = correlation_table(settled, out)
        for k, person in enumerate(graph.nodes):
            frame[f"correlation_{person}"] = table[:, k]
    for d in months_out:
        frame[f"job_finding_{d}"] = [job_finding(settled, move, out[:, i], whole("months_out", d)) for i in range(n)]
    return frame


def check_rates(arrival: float, breakup: float) -> None:
    """Refuse rates out of range, and a network in which nothing ever happens."""
    probability("arrival", arrival)
    probability("breakup", breakup)
    if arrival == 0.0 and breakup == 0.0:
        raise ValueError("with arrival 0 and breakup 0 nothing ever changes: there is no long run to describe")


def contacts_of(graph: nx.Graph) -> list[list[int]]:
    """Return the contacts of each node by position; refuse what is not an undirected graph of people."""
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"graph must be a networkx.Graph, not {type(graph).__name__}")
    if graph.is_directed() or graph.is_multigraph():
        raise ValueError("graph must be undirected, with at most one edge between two people (networkx.Graph)")
    if graph.number_of_nodes() == 0:
        raise ValueError("graph has no people")
    if nx.number_of_selfloops(graph):
        raise ValueError("graph ties a person to themselves: remove self-loops")
    position = {person: k for k, person in enumerate(graph.nodes)}
    return [[position[j] for j in graph.neighbors(i)] for i in graph.nodes]


def search_matrix(contacts: list[list[int]], arrival: float) -> np.ndarray:
    """Chance of each set in work after search (column), given the set in work before it (row); bit i is person i."""
    n = len(contacts)
    out = np.zeros((2**n, 2**n))
    everybody = np.arange(2**n)
    for state in range(2**n):
        now = np.zeros(2**n)
        now[state] = 1.0
        for j in range(n):
            hearers = [j] if not state >> j & 1 else [i for i in contacts[j] if not state >> i & 1]
            if not hearers:
                continue
            then = (1.0 - arrival) * now
            for i in hearers:
                np.add.at(then, everybody | 1 << i, arrival / len(hearers) * now)
            now = then
        out[state] = now
    return out


def separation_matrix(n: int, breakup: float) -> np.ndarray:
    """Chance of each set in work after separations (column), given the set in work before (row)."""
    one = np.array([[1.0, 0.0], [breakup, 1.0 - breakup]])
    out = np.ones((1, 1))
    for _ in range(n):
        out = np.kron(one, out)
    return out


def long_run(move: np.ndarray) -> np.ndarray:
    """Stationary distribution of a chain with one recurrent class."""
    n = len(move)
    equations = np.vstack([move.T - np.eye(n), np.ones(n)])
    settled = np.linalg.lstsq(equations, np.r_[np.zeros(n), 1.0], rcond=None)[0]
    settled = np.maximum(settled, 0.0)
    return settled / settled.sum()


def correlation_table(settled: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Correlations of unemployment between all pairs; NaN where unemployment does not vary."""
    u = settled @ out
    spread = np.sqrt(u * (1.0 - u))
    with np.errstate(invalid="ignore", divide="ignore"):
        table = ((out * settled[:, None]).T @ out - np.outer(u, u)) / np.outer(spread, spread)
    still = spread < 1e-9
    table[still, :] = table[:, still] = np.nan
    return table


def job_finding(settled: np.ndarray, move: np.ndarray, out: np.ndarray, months: int) -> float:
    """Chance that somebody out of work for at least ``months`` months is in work next month; NaN if nobody ever is."""
    weight = settled * out
    for _ in range(months - 1):
        weight = (weight @ move) * out
    total = weight.sum()
    return float(1.0 - ((weight @ move) * out).sum() / total) if total > 1e-12 else float("nan")
