"""The network of residents: for networkx, for files, and in three numbers.

All three numbers are about residents (people living in town) and ties between them; a tie to somebody elsewhere is not counted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from careersim.town.columns import HERE, QUALIFICATION_NAMES, STAGE_NAMES, TIE_NAMES, WORKING, People
from careersim.town.sums import FRACTION, fixed
from careersim.town.threads import over_rows
from careersim.town.town import Town

if TYPE_CHECKING:
    import networkx

HIGH_ORIGIN = 0.5
"""Origin rank above which a person counts as of high origin: the better-off half of the country (Chetty et al. 2022)."""


@njit(cache=True, nogil=True)
def degrees(residence, contact):
    """Number of ties to residents of each resident; -1 for everybody else."""
    out = np.full(contact.shape[0], -1, np.int32)
    for i in range(contact.shape[0]):
        if residence[i] == HERE:
            out[i] = 0
            for k in range(contact.shape[1]):
                if contact[i, k] < 0:
                    break
                if residence[contact[i, k]] == HERE:
                    out[i] += 1
    return out


@njit(cache=True, nogil=True)
def _clustering_of(i, residence, contact, contact_of):
    """Share of the pairs of i's contacts who are tied to each other (0 with fewer than two); ``contact_of`` is scratch."""
    n, closed_twice = 0, 0
    for a in range(contact.shape[1]):
        j = contact[i, a]
        if j < 0:
            break
        if residence[j] == HERE:
            contact_of[j] = i
            n += 1
    for a in range(contact.shape[1]):
        j = contact[i, a]
        if j < 0:
            break
        if residence[j] == HERE:
            for b in range(contact.shape[1]):
                if contact[j, b] < 0:
                    break
                closed_twice += contact_of[contact[j, b]] == i
    return float(closed_twice) / (n * (n - 1)) if n > 1 else 0.0


@njit(cache=True, nogil=True)
def local_clustering(lo, hi, residence, contact, out):
    """Local clustering of each resident in 2^-20; 0 for everybody else."""
    contact_of = np.full(contact.shape[0], -1, np.int32)
    for i in range(lo, hi):
        out[i] = 0
        if residence[i] == HERE:
            out[i] = fixed(_clustering_of(i, residence, contact, contact_of), FRACTION)


def clustering_of_each(residence: np.ndarray, contact: np.ndarray) -> np.ndarray:
    """Local clustering of each resident in 2^-20; 0 for everybody else."""
    out = np.empty(len(contact), np.int32)
    over_rows(local_clustering, len(contact), residence, contact, out)
    return out


def mean_clustering(residence: np.ndarray, contact: np.ndarray) -> float:
    """Mean local clustering of residents (Watts and Strogatz 1998)."""
    clustering = clustering_of_each(residence, contact)
    n = int(np.count_nonzero(residence == HERE))
    return float(clustering.sum(dtype=np.int64) / FRACTION / n) if n > 0 else 0.0


@njit(cache=True, nogil=True)
def high_origin_share(residence, origin, contact):
    """High-origin share of all resident contacts of residents of the lower-origin half."""
    high, n = 0, 0
    for i in range(contact.shape[0]):
        if residence[i] != HERE or origin[i] > HIGH_ORIGIN:
            continue
        for k in range(contact.shape[1]):
            if contact[i, k] < 0:
                break
            if residence[contact[i, k]] == HERE:
                n += 1
                high += origin[contact[i, k]] > HIGH_ORIGIN
    return high / n if n > 0 else 0.0


def degree(town: Town) -> float:
    """Mean number of ties of residents to residents."""
    d = degrees(town.people.residence, town.ties.contact)
    return float(d[d >= 0].mean()) if (d >= 0).any() else 0.0


def clustering(town: Town) -> float:
    """Mean local clustering coefficient of residents, 0..1."""
    return mean_clustering(town.people.residence, town.ties.contact)


def economic_connectedness(town: Town) -> float:
    """Share (0..1) of high-origin people among the contacts of low-origin residents: half of Chetty et al.'s (2022) EC."""
    return float(high_origin_share(town.people.residence, town.people.origin, town.ties.contact))


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
