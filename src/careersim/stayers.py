"""Who lives in town at the start: people who have weighed elsewhere before, and stayed.

Residents of a settled town are selected: those whose luck elsewhere is much better than here have left by and by (Roy 1951, as in
`careersim.month.migration`). A town that began with people of any luck would lose a tenth of them in its first years, and the young people
who come in their place would be an age wave that runs through the town for a working life. So the luck of the residents of the
start is drawn given that they are still here.
"""

from __future__ import annotations

import numpy as np

from careersim import chance
from careersim.month.migration import YOUNGEST, decide, youth_factor
from careersim.month.pay import set_peoples_pay
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.migration import Migration
from careersim.town.columns import HERE, WORKING
from careersim.town.town import Town
from careersim.town.traits import roy_luck

ROUNDS = 12
"""Times that luck is drawn anew at most; whoever would still leave after that is left to leave."""


def keep_stayers(town: Town, params: Parameters, unemployment: float) -> None:
    """Draw luck here and elsewhere anew for residents who would have left by now, until they would have stayed.

    Whoever has weighed elsewhere at least once in the last ``horizon`` months, with chance ``1 - exp(-n)`` where n is the sum of the
    monthly chances, compares it with what they have here; whoever has weighed it while out of work (n times the place's
    unemployment rate) also with what they would then find. That present circumstances have lasted as long as people look ahead is
    assumed: with it as many leave in the first years as later, twice as many without any selection, half as many if all since 18 counts.
    """
    w, g = town.people, params.migration
    if g.weigh != "keyed":
        return
    rows = np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (town.month - w.birth_month > YOUNGEST))
    months_old = town.month - w.birth_month[rows]
    since = np.maximum(months_old - g.horizon, YOUNGEST)
    times = g.weigh_rate * w.knows_elsewhere[rows] * (months_of_youth(months_old, g) - months_of_youth(since, g))
    luck = chance.uniforms(town.key, chance.PERSON_START, 4, w.id[rows], 0)
    in_work, out_of_work = rows[luck < -np.expm1(-times)], rows[luck < -np.expm1(-times * unemployment)]
    for k in range(ROUNDS):
        set_peoples_pay(town, params, town.month)
        leavers = np.union1d(_leavers(town, params, in_work), _leavers(town, params, out_of_work, out_of_work=True))
        first, second = (chance.normals(town.key, chance.PERSON_START, 5, w.id[leavers], 2 * k + j) for j in (0, 1))
        w.e0[leavers], w.e1[leavers] = roy_luck(first, second, g)
        in_work, out_of_work = np.intersect1d(in_work, leavers), np.intersect1d(out_of_work, leavers)


def months_of_youth(months_old: np.ndarray, migration: Migration) -> np.ndarray:
    """How often elsewhere has been weighed since 18 by people of these ages (months), in months at the age of most moves."""
    peak, decay = migration.weigh_peak_age * 12.0, migration.weigh_decay * 12.0
    ages = range(YOUNGEST, int(months_old.max(initial=YOUNGEST)) + 1)
    return np.cumsum([youth_factor(m, peak, migration.weigh_old, decay) for m in ages])[months_old - YOUNGEST]


def _leavers(town: Town, params: Parameters, rows: np.ndarray, out_of_work: bool = False) -> np.ndarray:
    """Those of ``rows`` who would leave as they are, or as if they had no post."""
    held = town.people.post[rows]
    if out_of_work:
        town.people.post[rows] = -1
    moves, _ = decide(town, params, rows, np.ones(len(town.people), np.int8))
    town.people.post[rows] = held
    return rows[moves]
