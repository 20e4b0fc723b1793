"""Measures of the whole policy period: *climbing*, moves in social class from its start to its end.

*Who*: people who lived here and belonged to a social class when policy began (NS-SEC in three groups, of the present or last
post) and are in working life at the end, here or elsewhere. *Steps*: classes moved, up or down: 2, 1, 0, -1 or -2.

With u steps up and d steps down in all, ``u = max(u - d, 0) + min(u, d)``:

* **structural**, ``u - d``: the net change of all positions (negative: down); whoever is out of work keeps the class of the last post. It is what the change of the
  margins of the mobility table forces;
* **exchange**, ``min(u, d)``: each step up for which somebody else moved a step down.

This is the decomposition of movement into growth and transfer of Fields and Ok (1996, Journal of Economic Theory 71: 349-377), with
class as the measure of position; for the mobility table it is Yasuda's (1964, American Sociological Review 29: 16-23) split into forced
and pure mobility, counted in steps. Working lives tend upward in any world: what a policy did is the paired difference.

*Elsewhere* has pay, not posts. Somebody in work there is put into the class whose usual pay is nearest: the bounds lie halfway, in logs,
between the mean log pay of neighbouring classes here when policy began, raised by what the same workers would earn more elsewhere on
average (an assumed rule). Those out of work keep the class of their last post.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from careersim.measures.groups import Codes, codes_of
from careersim.measures.registry import Snapshot, measure, ratio
from careersim.town.columns import ELSEWHERE, HERE, WORKING
from careersim.town.town import Town

SOURCE = "NS-SEC, 3 groups; Fields and Ok 1996; Yasuda 1964"
PER = "steps per 1,000 people"
NO_CLASS = -1


@dataclass(frozen=True)
class Start:
    """What is remembered of the day on which policy began."""

    residence: np.ndarray
    social_class: np.ndarray
    """0 routine and manual, 1 intermediate, 2 higher; -1 none."""
    codes: Codes
    """Everybody's group in every grouping."""
    bounds_elsewhere: np.ndarray
    """Log pay elsewhere above which somebody counts as intermediate, and as higher."""

    @classmethod
    def of(cls, town: Town, skill_return: float = 1.0) -> Start:
        """Remember the town as it is; ``skill_return`` is the exponent of skill in pay elsewhere."""
        w = town.people
        bounds = _bounds_elsewhere(town, skill_return)
        return cls(w.residence.copy(), class_here(town), codes_of(Snapshot(town)), bounds)


def class_here(town: Town) -> np.ndarray:
    """Social class of everybody's present or last post; -1 if there was none."""
    last = town.people.last_occupation
    return np.where(last >= 0, town.occupations.social_class[np.maximum(last, 0)], NO_CLASS).astype(np.int8)


def _bounds_elsewhere(town: Town, skill_return: float) -> np.ndarray:
    """Halfway between the mean log pay of neighbouring classes here, raised by the mean difference of pay elsewhere."""
    w = town.people
    rows = np.flatnonzero((w.residence == HERE) & (w.post >= 0) & (w.pay > 0))
    social_class, here = class_here(town)[rows], np.log(w.pay[rows])
    if set(np.unique(social_class)) < {0, 1, 2}:
        return np.full(2, np.inf)
    mean = np.array([here[social_class == k].mean() for k in range(3)])
    mu1 = town.solved.log_pay_elsewhere[w.qualification[rows]]
    away = mu1 + skill_return * np.log(w.skill[rows].astype(np.float64)) + w.e1[rows]
    return 0.5 * (mean[:-1] + mean[1:]) + float((away - here).mean())


@dataclass
class Period:
    """The policy period of one world, as a measure of it sees it."""

    start: Start
    town: Town
    """The world at the end."""
    group: np.ndarray | None = None
    """Rows the measure is restricted to (a mask), or None for everybody."""

    @cached_property
    def people(self) -> np.ndarray:
        """Mask of those who had a class here at the start and are in working life at the end."""
        w, s = self.town.people, self.start
        alive = ((w.residence == HERE) | (w.residence == ELSEWHERE)) & (w.stage == WORKING)
        mine = alive & (s.residence == HERE) & (s.social_class != NO_CLASS)
        return mine if self.group is None else mine & self.group

    @cached_property
    def steps(self) -> np.ndarray:
        """Classes moved by each of `people`."""
        w = self.town.people
        pay = np.log(np.maximum(w.elsewhere_pay, 1e-9))
        by_pay = np.digitize(pay, np.minimum(self.start.bounds_elsewhere, 1e9)).astype(np.int8)
        away = (w.residence == ELSEWHERE) & (w.elsewhere_employed == 1)
        at_end = np.where(away, by_pay, class_here(self.town))
        return (at_end.astype(np.int64) - self.start.social_class)[self.people]

    @property
    def left(self) -> np.ndarray:
        """Which of `people` live elsewhere at the end."""
        return self.town.people.residence[self.people] == ELSEWHERE

    def per_thousand(self, steps: float) -> float:
        """Steps per 1,000 of `people`."""
        return ratio(1000.0 * steps, self.people.sum())


def _up(p: Period) -> float:
    return float(np.maximum(p.steps, 0).sum())


def _down(p: Period) -> float:
    return float(np.maximum(-p.steps, 0).sum())


@measure(PER, 0, 2000, SOURCE, period=True)
def climbing_up(p: Period) -> float:
    """Steps up in social class over the policy period, per 1,000 people who had a class here at its start."""
    return p.per_thousand(_up(p))


@measure(PER, 0, 2000, SOURCE, period=True)
def climbing_down(p: Period) -> float:
    """Steps down in social class over the policy period, per 1,000 people who had a class here at its start."""
    return p.per_thousand(_down(p))


@measure(PER, 0, 2000, SOURCE, period=True)
def climbing_by_leaving(p: Period) -> float:
    """Steps up of those who live elsewhere at the end (part of climbing_up), per 1,000 people who had a class here at the start."""
    return p.per_thousand(np.maximum(p.steps, 0)[p.left].sum())


@measure(PER, -2000, 2000, SOURCE, period=True, by_group=False)
def climbing_structural(p: Period) -> float:
    """Steps up less steps down, per 1,000 people (negative: down); whoever is out of work keeps the class of the last post."""
    return p.per_thousand(_up(p) - _down(p))


@measure(PER, 0, 2000, SOURCE, period=True, by_group=False)
def climbing_exchange(p: Period) -> float:
    """Steps up for which somebody else moved a step down, per 1,000 people: the smaller of steps up and steps down."""
    return p.per_thousand(min(_up(p), _down(p)))
