"""Homophily: how likely two people who meet are to take to each other.

The chance that a meeting becomes a tie is ``exp(-x)``, x a sum of log odds for what sets the two apart: gender, ethnicity,
origin and age (McPherson, Smith-Lovin and Cook 2001, *Birds of a feather*). The start of the network and its monthly change
use the same function.
"""

from __future__ import annotations

import math

import numpy as np

from careersim.kernels import kernel
from careersim.scenario.parameters.ties import TieParameters
from careersim.town.columns import PUPIL, People
from careersim.town.threads import over_rows

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


@kernel
def _profiles(lo, hi, stage, gender, ethnicity, origin, birth_month, out):
    for i in range(lo, hi):
        out[i, 0], out[i, 1], out[i, 2] = gender[i], ethnicity[i], origin[i]
        out[i, 3], out[i, 4] = birth_month[i] / 120.0, stage[i] == PUPIL


def traits(people: People, n_rows: int) -> np.ndarray:
    """What :func:`acceptance` compares of the first rows: gender, ethnicity, origin, birth in decades, whether a pupil."""
    out = np.empty((n_rows, 8), np.float32)
    over_rows(_profiles, n_rows, people.stage, people.gender, people.ethnicity, people.origin, people.birth_month, out)
    return out


@kernel
def acceptance(i, j, close, traits, homophily):
    """Chance (0..1) that i and j, having met, become tied; the same for (j, i).

    Distance in origin rank counts ``h * |o_i - o_j|``; for negative h (unlike preferred) ``-h * (1 - |o_i - o_j|)``, so
    that the chance falls from 1 either way. ``close`` ties between pupils have a gender homophily of their own.
    """
    x = homophily[AGE] * abs(traits[i, 3] - traits[j, 3])
    if traits[i, 0] != traits[j, 0]:
        at_school = close and traits[i, 4] == 1.0 and traits[j, 4] == 1.0
        x += homophily[GENDER_SCHOOL] if at_school else homophily[GENDER]
    if traits[i, 1] != traits[j, 1]:
        x += homophily[ETHNIC]
    apart = abs(traits[i, 2] - traits[j, 2])
    h = homophily[ORIGIN]
    x += h * apart if h >= 0.0 else -h * (1.0 - apart)
    return math.exp(-x)
