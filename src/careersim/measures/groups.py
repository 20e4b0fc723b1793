"""Groups of people by which measures are available; any two may be crossed (multiple barriers).

A grouping gives every row of people a code: the index of its label, or -1 for people in none of the groups. A crossed grouping
is named ``a*b``; the people of one cell are named ``gender=women`` or ``origin_third=lowest*gender=women``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from careersim.measures.registry import Snapshot
from careersim.scenario.collect import GROUPS

AGES = (192, 300, 600)
"""Where the age groups begin, in months: 16, 25 and 50 years."""
THIRDS = ("lowest third", "middle third", "highest third")


@dataclass(frozen=True)
class Grouping:
    """One way to divide people."""

    labels: tuple[str, ...]
    doc: str
    codes: Callable[[Snapshot], np.ndarray]
    """Index of each row's label; -1 for people in none."""


def _origin_third(s: Snapshot) -> np.ndarray:
    return np.minimum((s.town.people.origin * np.float32(3)).astype(np.int8), 2)


def _skill_third(s: Snapshot) -> np.ndarray:
    skill, adults = s.town.people.skill, s.working_age
    cuts = np.quantile(skill[adults], [1 / 3, 2 / 3]) if len(adults) else np.ones(2)
    return np.digitize(skill, cuts).astype(np.int8)


def _age(s: Snapshot) -> np.ndarray:
    return (np.digitize(s.age, AGES) - 1).astype(np.int8)


def _months_out(s: Snapshot) -> np.ndarray:
    """Months out of work when the month's hiring began: those hired this month are counted with how long it took them."""
    w, t = s.town.people, s.town.tallies
    out = np.where((w.jobless_since >= 0) & (w.post < 0), s.town.month - w.jobless_since, -1)
    if "hired_after" in t:
        out[t["hired_rows"]] = t["hired_after"]
    return np.where(out < 0, -1, np.digitize(out, [6, 13])).astype(np.int8)


GROUPINGS: dict[str, Grouping] = {
    "origin_third": Grouping(THIRDS, "national third of the parents' income", _origin_third),
    "gender": Grouping(("men", "women"), "gender", lambda s: s.town.people.gender),
    "ethnicity": Grouping(("majority", "minority"), "ethnicity", lambda s: s.town.people.ethnicity),
    "qualification": Grouping(
        ("below RQF 3", "RQF 3", "RQF 4+"), "highest qualification", lambda s: s.town.people.qualification
    ),
    "age": Grouping(("16-24", "25-49", "50+"), "age in years; younger people are in none", _age),
    "months_out": Grouping(("under 6", "6-12", "over 12"), "months out of work, of those out of work", _months_out),
    "skill_third": Grouping(THIRDS, "third of skill among residents 16-64", _skill_third),
}
"""Every grouping by name, in the order of `careersim.scenario.collect.GROUPS`."""
assert tuple(GROUPINGS) == GROUPS

Codes = Mapping[str, np.ndarray]


def codes_of(s: Snapshot) -> dict[str, np.ndarray]:
    """Return every person's code in every grouping, as the town stands."""
    return {name: grouping.codes(s) for name, grouping in GROUPINGS.items()}


def cells(codes: Codes, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and mask of each group of a grouping, or of each cell of a crossed one.

    Examples
    --------
    >>> codes = {"gender": np.array([0, 1, 1]), "age": np.array([0, 0, -1])}
    >>> [(label, int(mask.sum())) for label, mask in cells(codes, "gender*age")][3]
    ('gender=women*age=16-24', 1)
    """
    first, _, second = name.partition("*")
    for k, label in enumerate(GROUPINGS[first].labels):
        mask = codes[first] == k
        if not second:
            yield f"{first}={label}", mask
            continue
        for k2, other in enumerate(GROUPINGS[second].labels):
            yield f"{first}={label}*{second}={other}", mask & (codes[second] == k2)
