"""Homophily: how likely two people who meet are to take to each other.

The chance that a meeting becomes a tie is ``exp(-x)``, x a sum of log odds for what sets the two apart: gender, ethnicity,
origin and age (McPherson, Smith-Lovin and Cook 2001, *Birds of a feather*). The start of the network and its monthly change
use the same function.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from careersim.scenario.parameters.ties import TieParameters
from careersim.town.columns import PUPIL, People

GENDER_SCHOOL, GENDER, ETHNIC, ORIGIN, AGE = 0, 1, 2, 3, 4
"""Positions in the array of homophilies."""


def homophilies(params: TieParameters, origin: float | None = None) -> np.ndarray:
    """Return the five log odds as one array; ``origin`` replaces the default for distance in origin rank."""
    return np.array(
        [
            params.gender_homophily_school,
            params.gender_homophily,
            params.ethnic_homophily,
            params.origin_homophily if origin is None else origin,
            params.age_homophily,
        ]
    )


def traits(people: People) -> tuple[np.ndarray, ...]:
    """Return the columns that :func:`acceptance` compares: stage, gender, ethnicity, origin, birth month."""
    return people.stage, people.gender, people.ethnicity, people.origin, people.birth_month


@njit(cache=True, nogil=True)
def acceptance(i, j, close, traits, homophily):
    """Chance (0..1) that i and j, having met, become tied; the same for (j, i).

    Distance in origin rank counts ``h * |o_i - o_j|``; for negative h (unlike preferred) ``-h * (1 - |o_i - o_j|)``, so
    that the chance falls from 1 either way. ``close`` ties between pupils have a gender homophily of their own.
    """
    stage, gender, ethnicity, origin, birth_month = traits
    x = homophily[AGE] * abs(birth_month[i] - birth_month[j]) / 120.0
    if gender[i] != gender[j]:
        at_school = close and stage[i] == PUPIL and stage[j] == PUPIL
        x += homophily[GENDER_SCHOOL] if at_school else homophily[GENDER]
    if ethnicity[i] != ethnicity[j]:
        x += homophily[ETHNIC]
    apart = abs(float(origin[i]) - float(origin[j]))
    h = homophily[ORIGIN]
    x += h * apart if h >= 0.0 else -h * (1.0 - apart)
    return math.exp(-x)
