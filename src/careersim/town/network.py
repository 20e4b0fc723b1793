"""The network of residents: for networkx, for files, and in three numbers.

All three numbers are about residents (people living in town) and ties between them; a tie to somebody elsewhere is not counted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from careersim.kernels import kernel
from careersim.town.columns import HERE, QUALIFICATION_NAMES, STAGE_NAMES, TIE_NAMES, WORKING, People
from careersim.town.sums import FRACTION, fixed
from careersim.town.threads import over_rows, sum_over_rows
from careersim.town.town import Town

if TYPE_CHECKING:
    import networkx

HIGH_ORIGIN = 0.5
"""Origin rank above which a person counts as of high origin: the better-off half of the country (Chetty et al. 2022)."""


@kernel
def ties_of_residents(lo, hi, residence, contact, degree, later, n_later):
    """Write the number of each resident's ties to residents (-1 for everybody else), and those of them with later rows."""
    for i in range(lo, hi):
        degree[i], n_later[i] = -1, 0
        if residence[i] != HERE:
            continue
        n, n_behind = 0, 0
        for k in range(contact.shape[1]):
            j = contact[i, k]
            counts = (j >= 0) & (residence[max(j, 0)] == HERE)
            later[i, n_behind] = j
            n += counts
            n_behind += counts & (j > i)
        degree[i], n_later[i] = n, n_behind


@kernel
def triangles_of_each(lo, hi, later, n_later):
    """Triangles of ties that each person is a corner of: those with their first corner among rows lo..hi-1."""
    triangles, tied_to_i = np.zeros(later.shape[0], np.int32), np.zeros(later.shape[0], np.uint8)
    for i in range(lo, hi):
        for a in range(n_later[i]):
            tied_to_i[later[i, a]] = 1
        for a in range(n_later[i]):
            j, n = later[i, a], 0
            for b in range(n_later[j]):
                n += tied_to_i[later[j, b]]
                triangles[later[j, b]] += tied_to_i[later[j, b]]
            triangles[i] += n
            triangles[j] += n
        for a in range(n_later[i]):
            tied_to_i[later[i, a]] = 0
    return triangles


@kernel
def local_clustering(lo, hi, degree, triangles, out):
    """Share of the pairs of each resident's contacts who are tied to each other, in 2^-20 (0 with fewer than two)."""
    for i in range(lo, hi):
        pairs_twice = degree[i] * (degree[i] - 1)
        out[i] = fixed(2.0 * triangles[i] / pairs_twice, FRACTION) if degree[i] > 1 else 0


def degree_and_clustering(residence: np.ndarray, contact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ties to residents (-1 for those who are none) and local clustering in 2^-20 (0 for those who are none) of each person."""
    n = len(contact)
    degree, n_later, later = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(contact.shape, np.uint32)
    over_rows(ties_of_residents, n, residence, contact, degree, later, n_later)
    triangles = sum_over_rows(triangles_of_each, n, later, n_later)
    out = np.empty(n, np.int32)
    over_rows(local_clustering, n, degree, triangles, out)
    return degree, out


def mean_clustering(residence: np.ndarray, contact: np.ndarray) -> float:
    """Mean local clustering of residents (Watts and Strogatz 1998)."""
    clustering = degree_and_clustering(residence, contact)[1]
    n = int(np.count_nonzero(residence == HERE))
    return float(clustering.sum(dtype=np.int64) / FRACTION / n) if n > 0 else 0.0


@kernel
def contacts_by_origin(lo, hi, whose, residence, origin, contact):
    """Resident contacts of those of lower origin among ``whose`` (a mask of residents): how many are of high origin, and all."""
    high, n = 0, 0
    for i in range(lo, hi):
        if not whose[i] or origin[i] > HIGH_ORIGIN:
            continue
        for k in range(contact.shape[1]):
            j = contact[i, k]
            counts = (j >= 0) & (residence[max(j, 0)] == HERE)
            high += counts & (origin[max(j, 0)] > HIGH_ORIGIN)
            n += counts
    return np.array([high, n])


@kernel
def ties_to_residents(rows, residence, contact):
    """How many ties to residents those in ``rows`` have."""
    n = 0
    for i in rows:
        for j in contact[i]:
            n += j >= 0 and residence[j] == HERE
    return n


def high_origin_share(residence: np.ndarray, origin: np.ndarray, contact: np.ndarray) -> float:
    """High-origin share of all resident contacts of residents of the lower-origin half."""
    high, n = sum_over_rows(contacts_by_origin, len(contact), residence == HERE, residence, origin, contact)
    return float(high / n) if n > 0 else 0.0


def degree(town: Town) -> float:
    """Mean number of ties of residents to residents."""
    d = degree_and_clustering(town.people.residence, town.ties.contact)[0]
    return float(d[d >= 0].mean()) if (d >= 0).any() else 0.0


def clustering(town: Town) -> float:
    """Mean local clustering coefficient of residents, 0..1."""
    return mean_clustering(town.people.residence, town.ties.contact)


def economic_connectedness(town: Town) -> float:
    """Share (0..1) of high-origin people among the contacts of low-origin residents: half of Chetty et al.'s (2022) EC."""
    return high_origin_share(town.people.residence, town.people.origin, town.ties.contact)


def status_of(people: People, i: int) -> str:
    """What a person does: pupil, student, employed, unemployed, inactive or retired."""
    if people.stage[i] != WORKING:
        return STAGE_NAMES[people.stage[i]]
    if people.post[i] >= 0:
        return "employed"
    return "unemployed" if people.reason[i] == 0 else "inactive"


def _node(people: People, i: int) -> dict[str, object]:
    return {
        "id": int(people.id[i]),
        "gender": ("man", "woman")[people.gender[i]],
        "ethnicity": ("majority", "minority")[people.ethnicity[i]],
        "origin": float(people.origin[i]),
        "qualification": QUALIFICATION_NAMES[people.qualification[i]],
        "status": status_of(people, i),
        "pay": float(people.pay[i]),
        "member": bool(people.member[i]),
        "residence": ("not yet", "here", "elsewhere", "gone")[people.residence[i]],
    }


def network(town: Town) -> networkx.Graph:
    """Residents and all their contacts as a graph for networkx.

    Nodes are rows of people, with id, gender, ethnicity, origin (rank 0..1), qualification, status, pay (GBP per month), member
    and residence; edges have strength (0..1) and kind.
    """
    import networkx as nx

    people, ties = town.people, town.ties
    i, k = np.nonzero(ties.contact >= 0)
    j = ties.contact[i, k]
    once = i < j
    i, j, k = i[once], j[once], k[once]
    graph = nx.Graph()
    rows = np.unique(np.concatenate([np.flatnonzero(people.residence == HERE), i, j]))
    graph.add_nodes_from((int(r), _node(people, r)) for r in rows)
    graph.add_edges_from(
        (int(a), int(b), {"strength": float(s), "kind": TIE_NAMES[c]})
        for a, b, s, c in zip(i, j, ties.strength[i, k], ties.kind[i, k], strict=True)
    )
    return graph


def write_graphml(town: Town, path: str | Path) -> None:
    """Write :func:`network` to a GraphML file (Gephi, Cytoscape, igraph and networkx read it)."""
    import networkx as nx

    nx.write_graphml(network(town), path)
