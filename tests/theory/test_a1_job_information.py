"""A1 by the public functions, as a researcher calls them; published numbers are in test_exact, precision in `careersim verify`."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from careersim.checks import exact_job_information_network, job_information_network


@pytest.mark.parametrize(
    "graph", [nx.empty_graph(4), nx.path_graph(2), nx.cycle_graph(4), nx.complete_graph(4)], ids=str
)
def test_simulated_meets_exact(graph: nx.Graph) -> None:
    options = {"correlations": True, "months_out": (1, 2, 10)}
    exact = exact_job_information_network(graph, 0.1, 0.015, **options)
    found = job_information_network(graph, 0.1, 0.015, months=60, replicates=6000, rng=3, **options)
    for name in exact:
        gap, error = found[name] - exact[name], found[f"{name}_error"]
        # people of one graph are looked at one by one here: many numbers, hence four standard errors
        assert np.all(np.abs(gap) <= 4 * error + 1e-9), name
