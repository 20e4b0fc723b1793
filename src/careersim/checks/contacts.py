"""Matches through contacts on a random regular graph, by the town's own news kernels (checks.md A9)."""

from __future__ import annotations

import numpy as np

from careersim.checks import bare
from careersim.checks.estimates import Estimate, mean_of, probability, whole
from careersim.checks.job_network import theory_parameters
from careersim.kernels import kernel
from careersim.month import search
from careersim.town.columns import Ties


def exact_contact_matches(degree: int, unemployment: float, arrival: float) -> float:
    """Chance that somebody out of work is told of a post by a contact, each person having ``degree`` contacts.

    ``P(s) = 1 - [1 - v (1-u) (1 - (1-u)^s) / (u s)]^s``: a contact is in work, hears (v), and tells one of the contacts
    out of work. With more contacts more may tell, but each has more to choose from and some are told twice: P peaks.

    References
    ----------
    Calvo-Armengol and Zenou 2005, Job matching, social network and word-of-mouth communication, *Journal of Urban Economics* 57.

    Examples
    --------
    >>> [round(exact_contact_matches(s, 0.1, 0.1), 5) for s in (20, 66, 400)]
    [0.55364, 0.59559, 0.59384]
    """
    u, v, s = probability("unemployment", unemployment), probability("arrival", arrival), whole("degree", degree, 0)
    if s == 0:
        return 0.0
    told = (1.0 - (1.0 - u) ** s) / (u * s) if u > 0.0 else 1.0
    return 1.0 - (1.0 - v * (1.0 - u) * told) ** s


def contact_matches(
    degree: int,
    unemployment: float,
    arrival: float,
    people: int,
    replicates: int,
    rng: np.random.Generator | int | None,
) -> Estimate:
    """Share of those out of work whom a contact tells of a post in one month, simulated on one random regular graph.

    Who is out of work is drawn independently each replicate; who hears and whom they tell is the search phase with
    ``news: exogenous`` and ``kappa: 0``.

    Parameters
    ----------
    degree : int
        Contacts of everybody (s).
    unemployment : float
        Chance of being out of work (u), above 0.
    arrival : float
        Chance of hearing of a post in the month (v).
    people : int
        Size of the graph; the theory is of a large one (``people`` far above ``degree`` squared, or 50,000).
    replicates : int
        Months, with other luck and other people out of work.
    rng : numpy.random.Generator or int or None
        Source of the luck.

    Returns
    -------
    Estimate
        Mean over replicates and its standard error.
    """
    exact_contact_matches(degree, unemployment, arrival)
    if unemployment == 0.0:
        raise ValueError("unemployment must be above 0: nobody would be looking")
    rng = bare.generator(rng)
    ties = Ties.of_width(people, max(degree, 1))
    list_contacts(regular_graph(people, degree, rng), np.zeros(people, np.int64), ties.contact)
    ties.strength[ties.contact >= 0] = 0.5
    town = bare.town_of(
        bare.alike_people(people), ties, *bare.employers_and_posts([[2]], people), key=bare.luck_key(rng)
    )
    setting, told = theory_parameters(arrival, 0.5), []
    for month in range(whole("replicates", replicates)):
        town.people.post[:] = np.where(rng.random(people) < unemployment, -1, 0)
        out = search.find_seekers(town, setting, month)
        whom, _ = search.spread_own_news(town, setting, month)
        hears = np.zeros(people, bool)
        hears[whom[(town.people.post >= 0) & (whom >= 0)]] = True
        if len(out):
            told.append(hears[out].mean())
    return mean_of(np.array(told))


@kernel
def list_contacts(edges, n_contacts, contact):
    """Write both ends of every edge to the table of contacts."""
    for e in range(edges.shape[0]):
        for one, other in ((edges[e, 0], edges[e, 1]), (edges[e, 1], edges[e, 0])):
            contact[one, n_contacts[one]] = other
            n_contacts[one] += 1


def regular_graph(people: int, degree: int, rng: np.random.Generator) -> np.ndarray:
    """Edges of a random graph in which everybody has ``degree`` contacts: random matchings, repeats swapped away.

    ``people`` must be even and well above ``degree``.
    """
    n, s = whole("people", people, 2), whole("degree", degree, 0)
    if n % 2 or s >= n // 2:
        raise ValueError(f"people must be even and more than twice the degree, not {n} with degree {s}")
    if s == 0:
        return np.empty((0, 2), np.int64)
    edges = np.concatenate([rng.permutation(n).reshape(-1, 2) for _ in range(s)]).astype(np.int64)
    while True:
        edges.sort(axis=1)
        code = edges[:, 0] * n + edges[:, 1]
        order = np.argsort(code, kind="stable")
        again = order[1:][code[order[1:]] == code[order[:-1]]]
        wrong = np.union1d(again, np.flatnonzero(edges[:, 0] == edges[:, 1]))
        if len(wrong) == 0:
            return edges
        _swap(edges, wrong, rng)


def _swap(edges: np.ndarray, wrong: np.ndarray, rng: np.random.Generator) -> None:
    """Exchange one end of each wrong edge with one of a random other edge, each edge taking part once."""
    others = rng.integers(0, len(edges), len(wrong))
    _, first = np.unique(others, return_index=True)
    first = first[~np.isin(others[first], wrong)]
    a, b = wrong[first], others[first]
    edges[a, 1], edges[b, 1] = edges[b, 1].copy(), edges[a, 1].copy()
