"""The measures that analyses compare: each by name, with label, unit, and which way is better for residents.

Names, definitions and units are those of the final table (`careersim.report.tables`); a few more are added. Everything is *policy less none* in
the same replicate of the same world. A person's gain is discounted and spread over the years of the policy period.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from careersim.study.lines import COSTS
from careersim.study.numbers import FURTHER, PLACE_MEASURES


@dataclass(frozen=True)
class Quantity:
    """A measure of a comparison."""

    name: str
    label: str
    unit: str
    better: int
    """1: more is better for residents; -1: less is; 0: neither can be said."""
    factor: float = 1.0
    """By which it is multiplied to be shown in ``shown_in``."""
    shown_in: str = ""
    """Unit in tables and figures, if another than ``unit``."""

    @property
    def shown_unit(self) -> str:
        """Unit in tables and figures."""
        return self.shown_in or self.unit


_YEAR, _THOUSAND = "GBP a year per person", "GBP a year per 1,000 residents"

QUANTITIES = {
    q.name: q
    for q in (
        Quantity("place.employment_rate", "Employment (share of residents 16-64)", "share", 1, 100, "percentage points"),
        Quantity("place.unemployment_rate", "Unemployment (share of the active)", "share", -1, 100, "percentage points"),
        Quantity("place.median_pay", "Median pay of residents", "GBP per month", 1),
        Quantity("place.out_moves", "Leavers", "per 1,000 residents and year", 0),
        Quantity("place.resident_skill", "Resident skill", "ratio to national median", 1),
        Quantity("place.income_low_origin_third", "Income, lowest origin third", "GBP per month", 1),
        Quantity("place.labour_share", "Labour share of local output", "share", 0, 100, "percentage points"),
        Quantity("heads.participants", "Took part", "per 1,000 residents", 0),
        Quantity("heads.changed", "Residence changed by it", "per 1,000 residents", 0),
        Quantity("people.direct.income", "Those who took part: income", _YEAR, 1),
        Quantity("people.direct.own", "Those who took part: own terms", _YEAR, 1),
        Quantity("people.spill.income", "Other residents: income", _YEAR, 1),
        Quantity("people.spill.own", "Other residents: own terms", _YEAR, 1),
        Quantity("people.changed.income", "Those whose residence changed: income", _YEAR, 1),
        Quantity("people.changed.own", "Those whose residence changed: own terms", _YEAR, 1),
        Quantity("total.income", "Everybody, leavers included: income", "GBP a year per resident", 1),
        Quantity("total.own", "Everybody, leavers included: own terms", "GBP a year per resident", 1),
        Quantity("account.a", "(a) Gain of those whose residence changed", _THOUSAND, 0),
        Quantity("account.b", "(b) Those who remain: income", _THOUSAND, 1),
        Quantity("account.b_own", "(b) Those who remain: own terms", _THOUSAND, 1),
        Quantity("account.c_income", "(c) Pay kept in town (minus: gone with leavers)", "GBP per month per 1,000 residents", 1),
        Quantity("account.c_skill", "(c) Skill kept in town (minus: gone with leavers)", "people of median skill per 1,000 residents", 1),
        Quantity("cost.public_cost", "Public cost", "GBP a year per resident", -1),
        Quantity("cost.unpaid_value", "Unpaid hours, priced", "GBP a year per resident", -1),
        Quantity("cost.dues", "Members' dues", "GBP a year per resident", -1),
        Quantity("cost.employer_cost", "Employers' own cost", "GBP a year per resident", -1),
        Quantity("cost.users_cost", "Users' fees", "GBP a year per resident", -1),
        Quantity("cost.total", "All costs together", "GBP a year per resident", -1),
        Quantity("further.employers", "Employers' profit", "GBP a year per resident", 0),
        Quantity("further.in-commuters", "Pay of people who commute in", "GBP a year per resident", 0),
        Quantity("further.exchequer", "Exchequer", "GBP a year per resident", 1),
        Quantity("further.others elsewhere, displacement 1", "Others elsewhere, if each leaver takes a job there", "GBP a year per resident", 0),
    )
}  # fmt: skip
"""Measures by name."""

RESTED_ON = ("residents", "discounted_years", "tightness", "employment_rate")
"""Levels of the place that analyses need whatever is analysed: to divide by, and to place a town on an axis."""
SERVES_RESIDENTS = ("account.b", "account.b_own")
"""By which *who serves residents best* is judged: those here in both worlds, in pounds and in their own terms."""
HEADLINE = (
    "place.employment_rate", "place.income_low_origin_third", "people.direct.income", "people.spill.income", "account.b",
    "account.b_own", "total.income", "place.out_moves",
)  # fmt: skip
"""Measures that are analysed unless others are asked for."""


def quantity(name: str) -> Quantity:
    """Return a measure by name; any level of the place (``place.<measure>``) is one, whether or not it is listed.

    Examples
    --------
    >>> quantity("place.employment_rate").shown_unit
    'percentage points'
    >>> quantity("place.gini").label
    'gini'
    """
    return QUANTITIES.get(name) or Quantity(name, name.partition(".")[2].replace("_", " "), "as measured", 0)


def is_needed(number: str, measures: Sequence[str]) -> bool:
    """Whether a number of a run (``table.measure``) is needed for some measures: of the place's levels those asked for, and what all rest on.

    Examples
    --------
    >>> is_needed("summary.gini", ["place.gini"]), is_needed("summary.gini", ["account.b"]), is_needed("account.g_b", [])
    (True, False, True)
    """
    table, _, name = number.partition(".")
    return table != "summary" or f"place.{name}" in measures or name in RESTED_ON


def quantities_of(own: pd.DataFrame, none: pd.DataFrame) -> pd.DataFrame:
    """All measures of a set of comparisons, from the numbers of the two runs of each.

    Parameters
    ----------
    own, none
        One line a comparison in the same order: the numbers of the strategy's run and of the run without
        (columns ``table.measure``, see `careersim.study.analysis.frames.read_numbers`).
    """
    years, residents = _column(none, "summary.discounted_years"), _column(none, "summary.residents")
    out: dict[str, np.ndarray] = {}
    for column in (
        c for c in map(str, own) if c.startswith("summary.") and c in none and not c.startswith("summary.total.")
    ):
        name = column.removeprefix("summary.")
        if name not in ("scale", "discounted_years"):
            out[f"place.{name}"] = _column(own, column) - _column(none, column)
            out[f"none.{name}"] = _column(none, column)
    effect: Callable[[str], np.ndarray] = lambda name: _column(own, f"effects.{name}")  # noqa: E731
    account: Callable[[str], np.ndarray] = lambda name: _column(own, f"account.{name}")  # noqa: E731
    out |= {f"heads.{n}": 1000 * effect(f"n_{n}") / residents for n in ("participants", "changed")}
    for group in ("direct", "spill", "changed"):
        out |= {f"people.{group}.{m}": effect(f"{group}.{m}") / years for m in ("income", "own")}
    out |= {f"total.{m}": effect(f"total.{m}") / (residents * years) for m in ("income", "own")}
    thousand = 1000.0 / residents
    out |= {f"account.{n}": account(f"g_{n}") * thousand / years for n in ("a", "b")}
    out["account.b_own"] = account("own_b") * thousand / years
    out |= {f"account.{n}": account(n) * thousand for n in ("c_income", "c_skill")}
    out |= {f"cost.{c}": effect(f"cost.{c}") / (residents * years) for c in COSTS}
    out["cost.total"] = np.sum([out[f"cost.{c}"] for c in COSTS], axis=0)
    out |= {f"further.{row}": effect(f"row.{row}") / (residents * years) for row in FURTHER}
    out |= {"sums.participants": effect("sum_participants"), "sums.others": effect("sum_others")}
    out |= {"sums.public_cost": effect("cost.public_cost"), "sums.extra_job_months": effect("extra_job_months")}
    return pd.DataFrame(out, index=own.index)


def _column(frame: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers; NaN where it was not measured."""
    return frame[name].to_numpy(np.float64) if name in frame else np.full(len(frame), np.nan)


def known_measures() -> tuple[str, ...]:
    """Names of the listed measures, those of the final table's first section first."""
    return (*(f"place.{m}" for m in PLACE_MEASURES), *(n for n in QUANTITIES if not n.startswith("place.")))
