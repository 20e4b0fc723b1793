"""Homophily in a block model, by the town's own ties phase (checks.md A10)."""

from __future__ import annotations

import math

import numpy as np

from careersim.checks import bare
from careersim.checks.estimates import Estimate, between, mean_of, whole
from careersim.month import ties
from careersim.scenario.parameters import Parameters
from careersim.town.columns import Ties
from careersim.town.town import Town

MONTHS = 4
"""Months of meeting looked at: long enough for thousands of ties, too short for them to end by age."""
WIDTH = 16


def exact_same_type_share(within: float, across: float) -> float:
    """Share of ties within one's block, of two equal large blocks: ``within / (within + across)``.

    References
    ----------
    Holland, Laskey and Leinhardt 1983, *Social Networks* 5(2); Currarini, Jackson and Pin 2009, *Econometrica* 77(4).

    Examples
    --------
    >>> round(exact_same_type_share(0.1, 0.02), 4)
    0.8333
    """
    if not 0.0 < across <= within <= 1.0:
        raise ValueError(f"chances must hold 0 < across <= within <= 1, not within {within} and across {across}")
    return within / (within + across)


def block_parameters(within: float, across: float) -> Parameters:
    """One street for all, no triadic closure or teams, homophily of ethnicity alone, of log odds ln(within / across)."""
    silent = ("gender_homophily", "gender_homophily_school", "origin_homophily", "age_homophily", "friend_rate", "closure",
              "work_share")  # fmt: skip
    log_odds = between("ln(within / across)", math.log(within / across), 0.0, 4.0)
    meeting = {"streets": 1, "meet_every": 1, "meet_rate": 1.0, "ethnic_homophily": log_odds}
    return bare.parameters(ties={**dict.fromkeys(silent, 0.0), **meeting})


def same_type_share(
    within: float, across: float, people: int, replicates: int, rng: np.random.Generator | int | None
) -> Estimate:
    """Share of ties within one's block, simulated: two equal blocks of people, alike otherwise, who meet anywhere.

    Parameters
    ----------
    within, across : float
        Chances that two who meet become tied, of one block and of two; only their ratio matters (at most 50).
    people : int
        People in the town.
    replicates : int
        Towns with other luck.
    rng : numpy.random.Generator or int or None
        Source of the luck.

    Returns
    -------
    Estimate
        Mean over towns and its standard error.
    """
    exact_same_type_share(within, across)
    setting, rng = block_parameters(within, across), bare.generator(rng)
    shares = [
        _share_in(_blocks(whole("people", people, 10), rng), setting) for _ in range(whole("replicates", replicates))
    ]
    return mean_of(np.array(shares))


def _blocks(n: int, rng: np.random.Generator) -> Town:
    town = bare.town_of(
        bare.alike_people(n), Ties.of_width(n, WIDTH), *bare.employers_and_posts([[0]]), key=bare.luck_key(rng)
    )
    town.people.ethnicity[:] = np.arange(n) % 2
    return town


def _share_in(town: Town, setting: Parameters) -> float:
    for month in range(1, MONTHS + 1):
        town.tallies = {}
        ties.step(town, setting, month)
    i, k = np.nonzero(town.ties.contact >= 0)
    return float(np.mean(town.people.ethnicity[i] == town.people.ethnicity[town.ties.contact[i, k]]))
