"""What a person is worth in a post: efficiency and fit, used alike by pay, hiring and the ledger.

``q_i = skill^b0 . fit . exp(e0_i)`` (model.md 6.3), computed in logs. Fit compares the person's RIASEC interests with the
occupation's Holland profile (Holland 1997, *Making vocational choices*) and counts qualification and subject missing.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from careersim.kernels import inlined, kernel

MEAN_LIKENESS = 0.87
"""Likeness (cosine) at which interests neither add to nor take from fit: the mean of people and the trades they are in."""
ANYBODYS_LIKENESS = 0.75
"""Mean likeness of anybody's interests to any trade's profile, as among pupils who have not chosen yet."""


@inlined
def likeness_to(interests, i, riasec, o):
    """Likeness (cosine) of the interests of person ``i`` to the profile of occupation ``o``."""
    likeness = 0.0
    for d in range(6):
        likeness += interests[i, d] * riasec[o, d]
    return likeness


@inlined
def fit_of(likeness, qualification, required, subject, stem, fit_weight, gap_penalty, subject_penalty):
    """Log of the fit of a person in an occupation; 0 for mean likeness and all requirements met."""
    out = fit_weight * (likeness - MEAN_LIKENESS)
    if required > qualification:
        out -= gap_penalty * (required - qualification)
    if stem == 1 and subject == 0:
        out -= subject_penalty
    return out


@inlined
def log_fit(interests, i, riasec, o, qualification, required, subject, stem, fit_weight, gap_penalty, subject_penalty):
    """Log of the fit of person ``i`` in occupation ``o``; see `fit_of`."""
    likeness = likeness_to(interests, i, riasec, o)
    return fit_of(likeness, qualification, required, subject, stem, fit_weight, gap_penalty, subject_penalty)


@inlined
def log_efficiency(skill, fit_log, e0, skill_exponent):
    """Log of efficiency ``q = skill^b0 . fit . exp(e0)``."""
    return skill_exponent * math.log(skill) + fit_log + e0


LONGEST_TENURE = 1199
"""Months of tenure beyond which a match counts as no older."""


@cache
def new_hire_factors(excess: float, scale: float) -> np.ndarray:
    """``1 + excess . exp(-T / scale)`` by months of tenure T, 0..`LONGEST_TENURE`: hazards are greatest in new matches."""
    return _new_hire_factors(excess, scale)


@kernel
def _new_hire_factors(excess, scale):
    out = np.empty(LONGEST_TENURE + 1)
    for t in range(LONGEST_TENURE + 1):
        out[t] = 1.0 + excess * math.exp(-t / scale)
    return out
