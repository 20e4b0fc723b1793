"""What a person is worth in a post: efficiency and fit, used alike by pay, hiring and the ledger.

``q_i = skill^b0 . fit . exp(e0_i)`` (model.md 6.3), computed in logs. Fit compares the person's RIASEC interests with the
occupation's Holland profile (Holland 1997, *Making vocational choices*) and counts qualification and subject missing.
"""

from __future__ import annotations

import math

from numba import njit

MEAN_LIKENESS = 0.87
"""Likeness (cosine) at which interests neither add to nor take from fit: the mean of people and the trades they are in."""
ANYBODYS_LIKENESS = 0.75
"""Mean likeness of anybody's interests to any trade's profile, as among pupils who have not chosen yet."""


@njit(cache=True, nogil=True, inline="always")
def log_fit(interests, i, riasec, o, qualification, required, subject, stem, fit_weight, gap_penalty, subject_penalty):
    """Log of the fit of person ``i`` in occupation ``o``; 0 for mean likeness and all requirements met."""
    likeness = 0.0
    for d in range(6):
        likeness += interests[i, d] * riasec[o, d]
    out = fit_weight * (likeness - MEAN_LIKENESS)
    if required > qualification:
        out -= gap_penalty * (required - qualification)
    if stem == 1 and subject == 0:
        out -= subject_penalty
    return out


@njit(cache=True, nogil=True, inline="always")
def log_efficiency(skill, fit_log, e0, skill_exponent):
    """Log of efficiency ``q = skill^b0 . fit . exp(e0)``."""
    return skill_exponent * math.log(skill) + fit_log + e0
