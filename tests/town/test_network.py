"""The network for networkx, and its three numbers against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from tests.towns import neighbourly_town, random_edges, ties_from

from careersim.town.columns import ELSEWHERE, HERE
from careersim.town.network import clustering, degree, economic_connectedness, network, write_graphml


@pytest.fixture
def town():
    t = neighbourly_town(300)
    t.ties = ties_from(random_edges(300, 8), 300, 16)
    t.people.residence[:20] = ELSEWHERE
    return t


def test_numbers_agree_with_networkx(town):
    residents = np.flatnonzero(town.people.residence == HERE)
    graph = network(town).subgraph(residents.tolist())
    assert degree(town) == pytest.approx(2 * graph.number_of_edges() / len(residents))
    assert clustering(town) == pytest.approx(nx.average_clustering(graph), abs=1e-5)
    origin = nx.get_node_attributes(graph, "origin")
    of_low = [origin[j] > 0.5 for i in graph if origin[i] <= 0.5 for j in graph[i]]
    assert economic_connectedness(town) == pytest.approx(np.mean(of_low))


def test_graph_has_attributes_and_survives_a_file(town, tmp_path):
    graph = network(town)
    assert set(graph.nodes[25]) == {
        "id",
        "gender",
        "ethnicity",
        "origin",
        "qualification",
        "status",
        "pay",
        "member",
        "residence",
    }
    write_graphml(town, tmp_path / "town.graphml")
    again = nx.read_graphml(tmp_path / "town.graphml", node_type=int)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {frozenset(e): again.edges[e] for e in again.edges} == {frozenset(e): graph.edges[e] for e in graph.edges}


def test_empty_network():
    town = neighbourly_town(50)
    assert (degree(town), clustering(town), economic_connectedness(town)) == (0.0, 0.0, 0.0)
