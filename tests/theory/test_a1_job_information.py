"""Checks A1 and A9: news of jobs over contacts (Calvo-Armengol and Jackson 2004; Calvo-Armengol and Zenou 2005)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests import towns

from careersim.month import hiring, search, separations

EMPTY: list = []
LINK = [(0, 1)]
RING = [(0, 1), (1, 2), (2, 3), (3, 0)]
COMPLETE = list(itertools.combinations(range(4), 2))
COPIES, BURN_IN, MONTHS = 6000, 60, 60


def theory_parameters():
    return towns.parameters(
        separations={"breakup_everyone": True, "breakup_rate": 0.015},
        search={"news": "exogenous", "news_rate": 0.1, "kappa": 0.0, "morale_floor": 0.0, "employed_rate": 0.0},
    )


def copies_of(edges: list, n: int, copies: int):
    """A town of many copies of one small graph, with one post for everybody, everybody in work."""
    rows = (np.array(edges, int).reshape(-1, 2)[None] + n * np.arange(copies)[:, None, None]).reshape(-1, 2)
    people = towns.alike_people(n * copies)
    town = towns.town_of(people, towns.ties_from(rows, len(people)), *towns.employers_and_posts([[2]], len(people)))
    towns.put_in_work(town, np.arange(len(people)), np.zeros(len(people), int))
    return town


def employed_after_separations(edges: list, n: int = 4) -> np.ndarray:
    """In work after each month's separations: months x copies x n."""
    town, p, record = copies_of(edges, n, COPIES), theory_parameters(), []
    for month in range(BURN_IN + MONTHS):
        town.tallies = {}
        separations.step(town, p, month)
        if month >= BURN_IN:
            record.append((town.people.post >= 0).reshape(COPIES, n))
        search.step(town, p, month)
        hiring.step(town, p, month)
    return np.array(record)


def within(by_copy: np.ndarray, expected: float) -> None:
    """Assert that the mean over independent copies is within 3 standard errors of what theory says."""
    assert abs(by_copy.mean() - expected) < 3 * by_copy.std(ddof=1) / np.sqrt(len(by_copy)) + 1e-12


@pytest.mark.parametrize(
    ("edges", "people", "expected"),
    [
        (EMPTY, [0, 1, 2, 3], 0.132159),
        (LINK, [0, 1], 0.078569),
        (RING, [0, 1, 2, 3], 0.056778),
        (COMPLETE, [0, 1, 2, 3], 0.046569),
    ],
    ids=["empty", "link", "ring", "complete"],
)
def test_unemployment(edges, people, expected):
    out = ~employed_after_separations(edges)[:, :, people]
    within(out.mean(axis=(0, 2)), expected)


@pytest.mark.parametrize(
    ("edges", "u", "pair", "expected"),
    [
        (LINK, 0.078569, (0, 1), 0.052273),
        (RING, 0.056778, (0, 1), 0.020471),
        (RING, 0.056778, (0, 2), 0.018939),
        (COMPLETE, 0.046569, (0, 1), 0.027796),
    ],
    ids=["link", "ring adjacent", "ring opposite", "complete"],
)
def test_correlation_of_contacts(edges, u, pair, expected):
    out = ~employed_after_separations(edges)
    product = (out[:, :, pair[0]] - u) * (out[:, :, pair[1]] - u) / (u * (1 - u))
    within(product.mean(axis=0), expected)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [(RING, (0.249188, 0.247665, 0.240330)), (COMPLETE, (0.307104, 0.301926, 0.274906))],
    ids=["ring", "complete"],
)
def test_exit_from_unemployment_falls_with_duration(edges, expected):
    record = employed_after_separations(edges)
    out_for = np.zeros(record.shape[1:], int)
    exits, at_risk = np.zeros((3, COPIES)), np.zeros((3, COPIES))
    for now, then in itertools.pairwise(record):
        out_for = np.where(now, 0, out_for + 1)
        for row, least in enumerate((1, 2, 10)):
            long_out = out_for >= least
            at_risk[row] += long_out.sum(axis=1)
            exits[row] += (long_out & then).sum(axis=1)
    for row in range(3):
        rate = exits[row].sum() / at_risk[row].sum()
        error = (exits[row] - rate * at_risk[row]).std() * np.sqrt(COPIES) / at_risk[row].sum()
        assert abs(rate - expected[row]) < 3 * error


@pytest.mark.parametrize(("degree", "expected"), [(20, 0.55364), (66, 0.59559)])
def test_a9_matches_through_contacts_on_a_regular_graph(degree, expected):
    n, u = 50_000, 0.1
    rng = np.random.default_rng(7)
    matchings = np.concatenate([rng.permutation(n).reshape(-1, 2) for _ in range(degree)])
    edges = np.unique(np.sort(matchings, axis=1), axis=0)
    ties, p, told = towns.ties_from(edges, n), theory_parameters(), []
    for month in range(6):
        town = towns.town_of(towns.alike_people(n), ties, *towns.employers_and_posts([[2]], n))
        employed = np.flatnonzero(rng.random(n) > u)
        towns.put_in_work(town, employed, np.zeros(len(employed), int))
        out = search.find_seekers(town, p, month)
        whom = search.spread_own_news(town, p, month)[0]
        told.append(np.isin(out, whom[employed]).mean())
    assert abs(np.mean(told) - expected) < 3 * np.sqrt(0.25 / (n * u * len(told)))
