"""The month: what happens, in what order. This page is the whole schedule of the model (model.md 5).

>>> [name for name, _ in PHASES]
['demography', 'demand', 'pay', 'separations', 'services', 'search', 'hiring', 'learning', 'ties', 'organising', 'migration', 'record']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from careersim.kernels import any_order
from careersim.month import (
    demand,
    demography,
    hiring,
    learning,
    migration,
    organising,
    pay,
    record,
    search,
    separations,
    ties,
)
from careersim.scenario.parameters import Parameters
from careersim.services import delivery
from careersim.services.base import Service
from careersim.town.town import Town

Phase = Callable[[Town, Parameters, int, Sequence[Service]], None]


def _submodel(step: Callable[[Town, Parameters, int], None]) -> Phase:
    return lambda town, parameters, month, services: step(town, parameters, month)


PHASES: tuple[tuple[str, Phase], ...] = (
    ("demography", _submodel(demography.step)),
    ("demand", _submodel(demand.step)),
    ("pay", _submodel(pay.step)),
    ("separations", _submodel(separations.step)),
    ("services", delivery.step),
    ("search", _submodel(search.step)),
    ("hiring", _submodel(hiring.step)),
    ("learning", _submodel(learning.step)),
    ("ties", _submodel(ties.step)),
    ("organising", _submodel(organising.step)),
    ("migration", _submodel(migration.step)),
    ("record", _submodel(record.step)),
)


def simulate_month(
    town: Town,
    parameters: Parameters,
    services: Sequence[Service] = (),
    after_phase: Callable[[str], None] | None = None,
) -> None:
    """Simulate one month in place: every phase once, in order; ``after_phase`` is told each phase's name when it is done."""
    town.tallies.clear()
    town.ledger_flows.clear()
    for name, phase in PHASES:
        phase(town, parameters, town.month, services)
        if after_phase is not None:
            after_phase(name)
    refuse_nan(town)
    town.month += 1


class BrokenState(RuntimeError):
    """A number in the state is not a number: the run stops, naming month and column."""


WATCHED = {
    "people": ("pay", "skill", "morale", "support", "w_income", "odds_belief", "career_skill"),
    "posts": ("desired", "pay", "wm", "eps"),
    "employers": ("profit", "output", "pay_bill"),
    "ties": ("strength",),
}
"""Columns looked through each month for values that are not finite numbers."""


def refuse_nan(town: Town) -> None:
    """Stop the run if any money, skill or strength in the state is not a finite number.

    Raises
    ------
    BrokenState
        With the month, the table and the column.
    """
    n = town.rows_in_use(town.month)
    for table, names in WATCHED.items():
        for name in names:
            column = getattr(getattr(town, table), name)
            if not _all_finite((column[:n] if table in ("people", "ties") else column).reshape(-1)):
                raise BrokenState(
                    f"month {town.month}: column {table}.{name} holds a value that is not a finite number"
                )


@any_order
def _all_finite(values):
    """Whether every value is a finite number: those differ from themselves by 0, all else by what is no number."""
    total = values.dtype.type(0)
    for i in range(values.shape[0]):
        total += values[i] - values[i]
    return total == 0
