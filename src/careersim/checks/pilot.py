"""The pilot: a service for 1% of seekers in a town where posts are not scarce, beside what trials of such services found.

So few are served, and so many posts stand open, that nobody is displaced: what is found is what a service does to a person. The strength of the
levers is scaled here and nowhere else: rows ``career_intervention_d``, ``individual_counselling_g`` and ``jobsearch_or`` of targets.csv. (The
rows about job clubs, mandatory search and peers are for comparison only.)

The same seekers live once with and once without the service. With y employed or not after some months, and p the share employed,

* ``odds ratio = [p1 / (1 - p1)] / [p0 / (1 - p0)]``, with the standard error of its log by the delta method over pairs;
* ``d`` = mean difference in career_skill of those who completed the programme, over its standard deviation among seekers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from careersim import chance
from careersim.model import CareerModel
from careersim.services import named
from careersim.services.base import Strategy
from careersim.town.columns import ACTIVE, HERE, WORKING
from careersim.town.town import Town

SHARE = 0.01
"""Share of seekers served at a time."""
MONTHS = 6
"""Months from the first session until employment is looked at."""
SLACK_FREE = {"demand": {"level_tradable": 1.2, "level_local": 1.2, "level_public": 1.2}}
"""Conditions of the pilot: a fifth more posts than the place has jobs, from the first month of policy."""
_CHOSEN = 7000


@dataclass(frozen=True)
class Pilot:
    """What the pilot of one service found."""

    n: int
    """Seekers served, over all draws of 1%."""
    employed: float
    """Share of them in work in the end, served."""
    employed_without: float
    odds_ratio: float
    log_error: float
    """Standard error of the log of the odds ratio."""
    d: float
    d_error: float
    tightness: float
    """Vacancies per unemployed when the pilot began."""

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of the odds ratio."""
        return tuple(self.odds_ratio * math.exp(s * 1.96 * self.log_error) for s in (-1, 1))  # type: ignore[return-value]


def seekers(town: Town) -> np.ndarray:
    """Return the rows of the unemployed who look for work."""
    w = town.people
    return np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (w.reason == ACTIVE) & (w.post < 0))


def served_only(kind: type[Strategy], ids: np.ndarray) -> type[Strategy]:
    """Return the strategy for the given identities alone."""

    class ForThese(kind):  # type: ignore[valid-type,misc]
        """The strategy, for those of the pilot."""

        def eligible(self, town: Town, month: int) -> np.ndarray:
            """Return who may have it: those of the pilot who are still eligible."""
            return super().eligible(town, month) & np.isin(town.people.id, ids)

    return ForThese


def run_pilot(model: CareerModel, name: str, options: Mapping[str, Any] | None = None, draws: int = 40) -> Pilot:
    """Serve ``draws`` disjoint samples of 1% of seekers, each in a world of its own, and compare them with the world without.

    Parameters
    ----------
    model : CareerModel
        At the month in which the pilot begins; see `pilot_model`.
    name, options
        Strategy and its settings; it is given ample money, and everybody chosen comes.
    """
    without = model.fork().run_for(MONTHS)
    sessions = named(name)(**(options or {})).sessions
    early = model.fork().run_for(sessions)
    rows = seekers(model.town)
    luck = chance.uniforms(model.town.key, chance.PERTURB, 0, model.town.people.id[rows], _CHOSEN)
    rows, n = rows[np.argsort(luck)], max(1, round(SHARE * len(rows)))
    spread = float(model.town.people.career_skill[rows].std())
    y1, y0, gained = [], [], []
    for k in range(min(draws, len(rows) // n)):
        mine = rows[k * n : (k + 1) * n]
        kind = served_only(named(name), model.town.people.id[mine])
        strategy = kind(**{"budget": 50.0, "take_up": "random", "take_up_rate": 1.0, **(options or {})})
        with_it = model.fork([strategy]).run_for(sessions)
        done = mine[with_it.services[-1].state.participants.received[mine] >= sessions]
        gained.append(with_it.town.people.career_skill[done].astype(float) - early.town.people.career_skill[done])
        with_it.run_for(max(MONTHS - sessions, 0))
        y1.append(with_it.town.people.post[mine] >= 0)
        y0.append(without.town.people.post[mine] >= 0)
    return _found(np.concatenate(y1), np.concatenate(y0), np.concatenate(gained) / spread, model)


def _found(y1: np.ndarray, y0: np.ndarray, gained: np.ndarray, model: CareerModel) -> Pilot:
    """Odds ratio and d with their standard errors over pairs of twins."""
    p1, p0, n = y1.mean(), y0.mean(), len(y1)
    pull = (y1 - p1) / (p1 * (1 - p1)) - (y0 - p0) / (p0 * (1 - p0))
    return Pilot(
        n, float(p1), float(p0), float(p1 / (1 - p1) / (p0 / (1 - p0))), float(pull.std() / math.sqrt(n)),
        float(gained.mean()), float(gained.std() / math.sqrt(max(len(gained), 1))), float(model.town.aggregates.tightness),
    )  # fmt: skip


def pilot_model(
    people: int = 20_000, place: str = "inverclyde", rng: int = 1, wait: int = 6, **more: Any
) -> CareerModel:
    """Return a town that has lived with posts in plenty for ``wait`` months."""
    return CareerModel(place, people=people, rng=rng, months=wait + 24, conditions=SLACK_FREE, **more).run_for(wait)
