"""The plain Mesa job-information network of ``experiments/``: the exact chain's unemployment, and careersim's beside it."""

from __future__ import annotations

import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from careersim.checks import exact_job_information_network
from careersim.checks.estimates import batch_mean

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


@pytest.fixture
def experiments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scripts of ``experiments/`` be imported as they import each other."""
    monkeypatch.setattr(sys, "path", [str(EXPERIMENTS), *sys.path])


@pytest.mark.usefixtures("experiments")
def test_plain_mesa_meets_the_exact_chain() -> None:
    from plain_mesa_job_network import JobInformationNetwork

    rings = nx.disjoint_union_all([nx.cycle_graph(4)] * 100)
    model = JobInformationNetwork(rings, arrival=0.2, breakup=0.05, rng=1)
    for _ in range(30 + 640):
        model.step()
    found = batch_mean(model.datacollector.get_model_vars_dataframe()["unemployment"].to_numpy()[30:])
    exact = exact_job_information_network(nx.cycle_graph(4), 0.2, 0.05).unemployment.iloc[0]
    assert abs(found.value - exact) < 3 * found.standard_error
    assert found.standard_error < 0.02 * exact


@pytest.mark.usefixtures("experiments")
def test_both_agree_and_ours_is_faster() -> None:
    from bench_job_network import compare

    r = compare(people=20_000, settling=40, months=3, threads=1)
    assert abs(r["u_own"] - r["u_plain"]) < 4 * r["error"]
    assert r["ratio"] > 3
    assert np.isfinite(r["ratio"])
