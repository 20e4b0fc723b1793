"""A10: homophily in a block model. Two equal large blocks, meetings anywhere; like take to each other with chance .1, unlike .02.

The share of ties within a block is then .1 / (.1 + .02) = .8333. The submodel itself, with one street for everybody, no triadic
closure, no teams, and homophily of ethnicity alone: log odds ln(.1 / .02).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.towns import neighbourly_town, parameters

from careersim.month import ties as submodel

ODDS = 0.1 / 0.02
SILENT = {
    "gender_homophily": 0.0,
    "gender_homophily_school": 0.0,
    "origin_homophily": 0.0,
    "age_homophily": 0.0,
    "friend_rate": 0.0,
    "closure": 0.0,
    "work_share": 0.0,
    "streets": 1,
    "meet_every": 1,
    "meet_rate": 1.0,
}


def same_type_share(log_odds: float, n: int = 3000, months: int = 4) -> tuple[float, float]:
    """Share of ties within a block and its standard error."""
    town = neighbourly_town(n, employed=0.0)
    town.people.neighbourhood[:] = 0
    town.people.ethnicity[:] = np.arange(n) % 2
    for month in range(1, months + 1):
        submodel.step(town, parameters(ties={**SILENT, "ethnic_homophily": log_odds}), month)
    i, k = np.nonzero(town.ties.contact >= 0)
    same = town.people.ethnicity[i] == town.people.ethnicity[town.ties.contact[i, k]]
    p = same.mean()
    return float(p), math.sqrt(p * (1 - p) / (len(same) / 2))


def test_same_type_share_of_the_block_model():
    share, error = same_type_share(math.log(ODDS))
    assert error < 0.005
    assert share == pytest.approx(ODDS / (1 + ODDS), abs=3 * error)


def test_without_homophily_half_the_ties_are_within():
    share, error = same_type_share(0.0)
    assert share == pytest.approx(0.5, abs=3 * error)
