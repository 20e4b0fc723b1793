"""Exact results: the numbers that are published or recomputed by hand, limits, and what is refused (checks.md A)."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from careersim import checks
from careersim.checks.estimates import batch_mean, jackknife
from careersim.checks.job_network import simulate

EMPTY, LINK, RING, COMPLETE = nx.empty_graph(4), nx.path_graph(2), nx.cycle_graph(4), nx.complete_graph(4)
exact = checks.exact_job_information_network


@pytest.mark.parametrize(
    ("graph", "unemployment"),
    [(EMPTY, 0.132159), (LINK, 0.078569), (RING, 0.056778), (COMPLETE, 0.046569)],
)
def test_a1_unemployment(graph: nx.Graph, unemployment: float) -> None:
    np.testing.assert_allclose(exact(graph, 0.1, 0.015).unemployment, unemployment, atol=5e-7)


@pytest.mark.parametrize(
    ("graph", "other", "correlation"),
    [(LINK, 1, 0.052273), (RING, 1, 0.020471), (RING, 2, 0.018939), (COMPLETE, 3, 0.027796)],
)
def test_a1_correlation(graph: nx.Graph, other: int, correlation: float) -> None:
    frame = exact(graph, 0.1, 0.015, correlations=True)
    assert frame[f"correlation_{other}"].iloc[0] == pytest.approx(correlation, abs=5e-7)


@pytest.mark.parametrize(
    ("graph", "finding"), [(RING, (0.249188, 0.247665, 0.240330)), (COMPLETE, (0.307104, 0.301926, 0.274906))]
)
def test_a1_job_finding_falls_with_months_out(graph: nx.Graph, finding: tuple[float, ...]) -> None:
    frame = exact(graph, 0.1, 0.015, months_out=(1, 2, 10))
    np.testing.assert_allclose(frame[["job_finding_1", "job_finding_2", "job_finding_10"]].iloc[0], finding, atol=5e-7)


def test_a1_parts_that_are_not_connected_do_not_matter_to_each_other() -> None:
    together = nx.disjoint_union(LINK, COMPLETE)
    frame = exact(together, 0.2, 0.05, correlations=True)
    np.testing.assert_allclose(frame.unemployment[:2], exact(LINK, 0.2, 0.05).unemployment, rtol=1e-9)
    np.testing.assert_allclose(frame.unemployment[2:], exact(COMPLETE, 0.2, 0.05).unemployment, rtol=1e-9)
    assert abs(frame["correlation_2"].iloc[0]) < 1e-9


def test_a1_names_of_people_are_kept() -> None:
    graph = nx.Graph([("Ann", "Bob"), ("Bob", "Cem")])
    frame = checks.job_information_network(graph, 0.1, 0.02, months=20, replicates=40, rng=1, correlations=True)
    assert list(frame.index) == ["Ann", "Bob", "Cem"]
    assert "correlation_Cem_error" in frame
    assert set(exact(graph, 0.1, 0.02, correlations=True).columns) <= set(frame.columns)


@pytest.mark.parametrize(
    ("arrival", "breakup", "unemployment"),
    [(0.0, 0.1, 1.0), (0.1, 0.0, 0.0), (0.3, 1.0, 1.0), (1.0, 0.25, 0.25), (0, 1, 1)],
)
def test_a1_limits(arrival: float, breakup: float, unemployment: float) -> None:
    graph = nx.path_graph(3)
    np.testing.assert_allclose(exact(graph, arrival, breakup).unemployment, unemployment, atol=1e-9)
    found = checks.job_information_network(graph, arrival, breakup, months=40, replicates=400, rng=1)
    assert np.all(np.abs(found.unemployment - unemployment) <= 4 * found.unemployment_error + 1e-6)


@pytest.mark.parametrize("both", [exact, lambda g, a, b: checks.job_information_network(g, a, b, 10, 10, 1)])
@pytest.mark.parametrize(
    ("graph", "arrival", "breakup", "error", "says"),
    [
        (RING, -0.1, 0.1, ValueError, "arrival is a chance per month and must lie between 0 and 1, not -0.1"),
        (RING, 0.1, 1.5, ValueError, "breakup"),
        (RING, float("nan"), 0.1, ValueError, "arrival"),
        (RING, 0.0, 0.0, ValueError, "nothing ever changes"),
        (nx.Graph(), 0.1, 0.1, ValueError, "no people"),
        (nx.DiGraph([(0, 1)]), 0.1, 0.1, ValueError, "undirected"),
        (nx.Graph([(0, 0)]), 0.1, 0.1, ValueError, "self-loops"),
        ([[0, 1]], 0.1, 0.1, TypeError, "networkx.Graph"),
    ],
)
def test_a1_refuses(both, graph, arrival, breakup, error, says) -> None:
    with pytest.raises(error, match=says):
        both(graph, arrival, breakup)


def test_a1_refuses_nine_people_in_the_exact_chain_but_simulates_them() -> None:
    with pytest.raises(ValueError, match="at most 8 people; this graph has 9"):
        exact(nx.cycle_graph(9), 0.1, 0.1)
    assert len(checks.job_information_network(nx.cycle_graph(9), 0.1, 0.1, months=5, replicates=5, rng=1)) == 9


def test_a1_refuses_what_luck_cannot_tell_apart() -> None:
    with pytest.raises(ValueError, match="use more replicates"):
        checks.job_information_network(LINK, 0.1, 0.1, months=70_000, replicates=1, rng=1)
    with pytest.raises(ValueError, match="the long run is"):
        checks.job_information_network(LINK, 1e-5, 1e-5, months=10, replicates=1, rng=1)
    with pytest.raises(ValueError, match="at most 200 people"):
        checks.job_information_network(nx.path_graph(300), 0.1, 0.1, 10, 10, 1, correlations=True)


def test_a1_one_copy_has_its_error_from_stretches_of_months() -> None:
    frame = checks.job_information_network(LINK, 0.2, 0.1, months=6000, replicates=1, rng=2)
    gap = frame.unemployment - exact(LINK, 0.2, 0.1).unemployment
    assert np.all(frame.unemployment_error > 0)
    assert np.all(np.abs(gap) < 4 * frame.unemployment_error)


@pytest.mark.parametrize("seed", range(4))
def test_a1_any_graph_meets_its_exact_chain(seed: int) -> None:
    graph = nx.gnp_random_graph(6, 0.4, seed=seed)
    arrival, breakup = 0.05 + 0.1 * seed, 0.02 + 0.03 * seed
    expected, sums = exact(graph, arrival, breakup).unemployment, simulate(graph, arrival, breakup, 60, 4000, seed)
    found, error = sums.unemployment()
    assert np.all(np.abs(found - expected) < 4 * error)


def test_a1_same_seed_same_result() -> None:
    one, two, other = (checks.job_information_network(RING, 0.1, 0.02, 20, 50, rng) for rng in (1, 1, 2))
    assert one.equals(two)
    assert not one.equals(other)


def test_a9_peaks() -> None:
    told = [checks.exact_contact_matches(s, 0.1, 0.1) for s in (0, 1, 20, 66, 400)]
    np.testing.assert_allclose(told, [0, 0.09, 0.55364, 0.59559, 0.59384], atol=5e-6)
    assert checks.exact_contact_matches(5, 0.0, 0.1) == pytest.approx(1 - 0.9**5)


def test_a9_graph_is_regular_and_simple() -> None:
    from careersim.checks.contacts import regular_graph

    edges = regular_graph(200, 40, np.random.default_rng(3))
    assert len(np.unique(edges, axis=0)) == len(edges) == 200 * 40 // 2
    assert np.all(edges[:, 0] < edges[:, 1])
    np.testing.assert_array_equal(np.bincount(edges.ravel(), minlength=200), 40)


def test_a7_normal_thresholds_jump_at_the_critical_spread() -> None:
    low, high = (checks.exact_joined(checks.normal_thresholds(100_000, 0.25, sd)) for sd in (0.12220, 0.12224))
    assert low < 12_000
    assert high == 100_000


def test_a7_order_of_people_does_not_matter() -> None:
    thresholds = np.arange(100) / 100
    assert [checks.joined(thresholds, rng) for rng in range(3)] == [100] * 3
    assert checks.joined(np.full(50, 0.01)) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: checks.exact_urn_ball(5, 0), "posts must be a whole number of at least 1"),
        (lambda: checks.urn_ball(5, 2, 0, 1), "replicates"),
        (lambda: checks.exact_displacement(10, 1.0, 0.0), "share_treated must be above 0"),
        (lambda: checks.exact_displacement(10, 1.0, supply="many"), "scattered, filled or unlimited"),
        (lambda: checks.exact_lake(0.0, 0.0), "nothing ever changes"),
        (lambda: checks.two_state_lake(0.1, 0.5, 10, 10, 1), "at most 0.2"),
        (lambda: checks.linear_monopsony(-1.0), "floor must lie between"),
        (lambda: checks.right_to_manage(1.5), "power must lie between 0 and 1"),
        (lambda: checks.right_to_manage(0.5, 0.95), "labour_exponent"),
        (lambda: checks.joined(np.array([])), "at least one"),
        (lambda: checks.roy(0.4, 0.4, 1.0, 0.1, 0.1, 100, 1), "all or nobody leaves"),
        (lambda: checks.roy(2.0, 0.4, 0.5, 0.1, 0.1, 100, 1), "sd_here"),
        (lambda: checks.contact_matches(20, 0.0, 0.1, 100, 1, 1), "unemployment must be above 0"),
        (lambda: checks.contact_matches(60, 0.1, 0.1, 101, 1, 1), "even"),
        (lambda: checks.exact_same_type_share(0.1, 0.2), "across <= within"),
    ],
)
def test_bad_input_is_told(call, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()


def test_standard_errors_from_batches_see_autocorrelation() -> None:
    """An AR(1) series with memory rho has a mean whose variance is (1+rho)/(1-rho) times that of independent draws."""
    rng, rho, n = np.random.default_rng(1), 0.8, 64_000
    x = np.zeros(n)
    for t, shock in enumerate(rng.normal(size=n)):
        x[t] = rho * x[t - 1] + shock
    truth = np.sqrt(1 / (1 - rho) ** 2 / n)
    assert batch_mean(x).standard_error == pytest.approx(truth, rel=0.4)
    assert x.std() / np.sqrt(n) < 0.5 * truth


def test_jackknife_of_a_mean_is_the_standard_error() -> None:
    x = np.random.default_rng(2).normal(size=(50, 1))
    value, error = jackknife(lambda s: s / 50, x)
    leave_one_out_scale = 1.0
    assert value[0] == pytest.approx(x.mean())
    assert error[0] == pytest.approx(x.std() * np.sqrt(49) / 50 * leave_one_out_scale, rel=1e-6)


def test_every_public_function_says_model_and_source() -> None:
    for name in checks.__all__:
        text = getattr(checks, name).__doc__
        assert text
        if name.startswith("exact") and name not in {
            "exact_beveridge",
            "exact_displacement",
            "exact_lake",
            "exact_monopsony",
        }:
            assert "References" in text, name
    assert len(list(itertools.chain(checks.__all__))) >= 20
