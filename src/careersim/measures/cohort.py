"""One school year of girls, followed: those who were 14 when policy began (the worked example of collective coaching).

They choose a STEM subject at 16, so that between months 24 and 47 of policy all have chosen once; those who study keep it or not at 18,
which all have decided from month 60. Everybody who lives here counts, whether they took part in anything or not; boys of the same year
stand beside them. In a run of 5,000 people about 45 girls are in a school year: only many replicates tell anything.
"""

from __future__ import annotations

import numpy as np

from careersim.measures.registry import Snapshot, measure, ratio

_SOURCE = "model.md 7, the STEM session"


def school_year(s: Snapshot, gender: int) -> np.ndarray:
    """Rows of residents of that gender (0 boys, 1 girls) who were 14 when policy began."""
    return s.school_year.compress(s.town.people.gender.take(s.school_year) == gender)


def _in_stem(s: Snapshot, rows: np.ndarray) -> np.ndarray:
    """Mask of ``rows``: in a post that asks for STEM."""
    post = s.town.people.post.take(rows)
    occupation = s.town.posts.occupation.take(post, mode="clip")
    return (post >= 0) & (s.town.occupations.stem.take(occupation) == 1)


@measure("share", 0, 1, _SOURCE)
def girls_stem_subject(s: Snapshot) -> float:
    """Girls who were 14 when policy began with a STEM subject, chosen at 16 and kept or not at 18, over all of them."""
    rows = school_year(s, 1)
    return ratio(s.town.people.subject[rows].sum(), len(rows))


@measure("share", 0, 1, _SOURCE)
def boys_stem_subject(s: Snapshot) -> float:
    """Boys who were 14 when policy began with a STEM subject, over all of them."""
    rows = school_year(s, 0)
    return ratio(s.town.people.subject[rows].sum(), len(rows))


@measure("occupations", 0, 11, _SOURCE)
def girls_considered(s: Snapshot) -> float:
    """Mean number of occupations that girls who were 14 when policy began consider."""
    rows = school_year(s, 1)
    return ratio(np.bitwise_count(s.town.people.considered[rows]).sum(), len(rows))


@measure("share", 0, 1, _SOURCE)
def girls_consider_stem(s: Snapshot) -> float:
    """Girls who were 14 when policy began and consider at least one STEM occupation, over all of them."""
    rows = school_year(s, 1)
    stem = np.bitwise_or.reduce(1 << np.flatnonzero(s.town.occupations.stem == 1))
    return ratio(np.count_nonzero(s.town.people.considered[rows] & stem), len(rows))


@measure("share", 0, 1, _SOURCE)
def girls_stem_posts(s: Snapshot) -> float:
    """Women who were 14 when policy began in a STEM post, over all of them."""
    rows = school_year(s, 1)
    return ratio(_in_stem(s, rows).sum(), len(rows))


@measure("GBP per month", 0, 1e6, _SOURCE)
def girls_pay(s: Snapshot) -> float:
    """Mean pay of women who were 14 when policy began and are in work here."""
    pay = s.town.people.pay[school_year(s, 1)]
    return float(np.sort(pay[pay > 0.0]).mean()) if (pay > 0.0).any() else float("nan")


@measure("share", 0, 1, "Duncan and Duncan 1955 (segregation), in its plainest form")
def women_in_stem(s: Snapshot) -> float:
    """Women over all residents who hold STEM posts."""
    in_stem = _in_stem(s, s.employed)
    return ratio(np.count_nonzero(s.women & in_stem), np.count_nonzero(in_stem))
