"""What is kept of an arm: one long table with the monthly series, a summary, the ledger against ``none`` and its effects.

A line is (table, month of policy or -1 for the whole period, measure, group, value); see ``careersim.study.results``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from careersim.measures import catalogue
from careersim.measures import ledger as books
from careersim.measures.collecting import Collector
from careersim.measures.period import Start
from careersim.measures.stripping import asset_account
from careersim.scenario.collect import Collect
from careersim.study.groups import ALL, WHOLE_PERIOD, Line, group_lines
from careersim.study.results import LONG_COLUMNS, NUMBERS

LEVEL_WINDOW = 12
"""A level is compared as its mean over this many last months (or as many as there are)."""
COSTS = ("public_cost", "employer_cost", "dues", "unpaid_value", "users_cost")
"""Kinds of cost, kept apart: public money, employers' own, members' dues, priced unpaid hours, users' fees."""


@dataclass
class ArmResult:
    """One simulated arm, as long as it is needed for comparison."""

    levels: list[dict[str, float]]
    lives: books.Lives
    totals: dict[str, float]
    """Discounted GBP since policy began, by name."""
    job_months: float
    contacts_at_start: np.ndarray
    scale: float
    discounted_years: float
    start: Start
    """The day on which policy began."""
    collector: Collector
    """Measures taken by group."""
    period: dict[tuple[str, str], float]
    """Measures of the whole period by (measure, group)."""
    cost: np.ndarray
    """Public GBP spent by the strategy on each person."""
    budget: tuple[float, float]
    """GBP granted to the strategy and spent of it, not discounted."""
    would_have: dict[str, np.ndarray] = field(default_factory=dict)
    """In ``none``: sessions that each person would have received from another arm's strategy, by arm."""

    def beside(self, arm: str) -> ArmResult:
        """This world as it is compared with ``arm``: sessions are those it would have given here."""
        if arm not in self.would_have:
            return self
        return replace(self, lives=replace(self.lives, sessions=self.would_have[arm]))


def result_lines(result: ArmResult, none: ArmResult | None, collect: Collect | None = None) -> pd.DataFrame:
    """What is kept of an arm's results as one long table; ``none`` is the arm it is compared with."""
    collect = collect or Collect()
    lines = [*monthly_lines(result.levels, collect), *_of_period("summary", summary(result))]
    if none is not None:
        tied = books.tied_to_contacts(books.took_part(result.lives, none.lives), none.contacts_at_start)
        table = books.ledger(result.lives, none.lives, tied, result.totals, none.totals)
        lines += _of_period("effects", effects(result, none, table))
        lines += _of_period("account", asset_account(result.lives, none.lives))
        lines += ledger_lines(table)
    lines += group_lines(result, none, collect)
    return long_table(lines)


def long_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Lines as a table (`careersim.study.results.LONG_COLUMNS`)."""
    columns = dict(zip(LONG_COLUMNS, zip(*lines, strict=True) if lines else [()] * len(LONG_COLUMNS), strict=True))
    return pd.DataFrame({name: np.array(values, NUMBERS.get(name, object)) for name, values in columns.items()})


def _of_period(table: str, values: Mapping[str, float]) -> list[Line]:
    """Numbers by name, about the whole period and everybody, as lines."""
    return [(table, WHOLE_PERIOD, measure, ALL, value) for measure, value in values.items()]


def monthly_lines(levels: Sequence[Mapping[str, float]], collect: Collect) -> Iterator[Line]:
    """The monthly series as lines: months are counted from 1, the first of policy; measures not taken are left out."""
    for month, values in enumerate(levels, 1):
        for measure, value in values.items() if collect.keeps(month) else ():
            wanted = measure != "month" and (collect.measures is None or measure in collect.measures)
            if wanted and _is_number(value):
                yield "monthly", month, measure, ALL, value


def _is_number(value: Any) -> bool:
    """True for a finite number."""
    return isinstance(value, int | float | np.number) and math.isfinite(value)


def ledger_lines(table: pd.DataFrame) -> Iterator[Line]:
    """The ledger as lines: the cell in ``group``, two lines each: heads and the sum in whole units (exact in a float)."""
    cells = table[books.CELL_COLUMNS].astype({"took_part": int, "tied": int})
    groups = ["|".join(map(str, cell)) for cell in zip(*(cells[c].tolist() for c in cells), strict=True)]
    for column in ("n", "fixed"):
        for measure, group, value in zip(table["measure"].tolist(), groups, table[column].tolist(), strict=True):
            yield "ledger", WHOLE_PERIOD, f"{measure}.{column}", group, value


def ledger_of(lines: pd.DataFrame) -> pd.DataFrame:
    """The ledgers back from the lines of one or more runs (inverse of :func:`ledger_lines`), with what names the run in front."""
    part = lines[lines["table"] == "ledger"]
    codes, words = pd.factorize(part["measure"])
    name, kind = zip(*(str(w).rsplit(".", 1) for w in words), strict=True) if len(words) else ((), ())
    is_head = np.array([k == "n" for k in kind], bool)[codes]
    heads, sums = part[is_head], part[~is_head]
    if not np.array_equal(heads["group"].astype(str), sums["group"].astype(str)):
        raise ValueError("the lines of a ledger are not whole")
    cells, groups = pd.factorize(heads["group"])
    split = pd.DataFrame([str(g).split("|") for g in groups], columns=list(books.CELL_COLUMNS)).iloc[cells]
    measure = np.array(name, object)[codes[is_head]]
    unit = pd.Series(measure, dtype=object).map(books.MEASURES).to_numpy()
    fixed = sums["value"].to_numpy().astype("int64")
    out = heads[[c for c in heads if c not in LONG_COLUMNS]].reset_index(drop=True)
    out = out.join(split.reset_index(drop=True)).assign(measure=measure, n=heads["value"].to_numpy().astype("int64"))
    out[["took_part", "tied"]] = out[["took_part", "tied"]] == "1"
    return out.assign(fixed=fixed, unit=unit, total=fixed / unit)


def summary(result: ArmResult) -> dict[str, float]:
    """One number a measure for this arm: levels as the mean of the last months, flows per 1,000 residents and year, totals.

    ``total.<name>`` are discounted GBP since policy began in the run (not scaled up); ``residents`` is the number of people
    in the run, ``scale`` how many residents each stands for.
    """
    last = result.levels[-LEVEL_WINDOW:]
    names = dict.fromkeys(name for values in result.levels for name in values if name != "month")
    flows = [name for name, m in catalogue().items() if m.flow and name in names]
    out = {}
    for name in names:
        values = [v[name] for v in last if name in v and _is_number(v[name])]
        if values and name not in flows:
            out[name] = float(np.mean(values))
    for name in flows:
        moved = sum(v.get(name, 0.0) for v in result.levels)
        resident_years = sum(v.get("residents", 0.0) for v in result.levels) / 12.0
        out[name] = 1000.0 * moved / resident_years if resident_years else float("nan")
    out |= {name: value for (name, group), value in result.period.items() if group == ALL}
    out |= {f"total.{name}": value for name, value in result.totals.items()}
    out |= {
        "months": float(len(result.levels)),
        "job_months": result.job_months,
        "scale": result.scale,
        "discounted_years": result.discounted_years,
    }
    return {k: v for k, v in out.items() if np.isfinite(v)}


def effects(result: ArmResult, none: ArmResult, table: pd.DataFrame) -> dict[str, float]:
    """The person-level numbers of one replicate: means in GBP over the period (discounted), sums, heads and reach.

    Names: ``direct`` participants, ``spill`` everybody else, ``changed`` those whose place of residence the policy changed,
    ``noise`` how far people are sorted differently at all.
    """
    took = books.took_part(result.lives, none.lives)
    changed = result.lives.place != none.lives.place
    out: dict[str, float] = {"n_participants": float(took.sum()), "n_changed": float(changed.sum())}
    for measure, unit in books.MEASURES.items():
        dw = books.gains(result.lives, none.lives, measure)
        out[f"direct.{measure}"] = books.direct_effect(table, measure)
        out[f"spill.{measure}"] = books.spillover(table, measure)
        out[f"changed.{measure}"] = float(dw[changed].mean()) / unit if changed.any() else float("nan")
        out[f"total.{measure}"] = books.total_effect(table, measure)
    out["sum_participants"] = books.direct_effect(table, per_person=False)
    out["sum_others"] = books.spillover(table, per_person=False)
    out["spill_tied.income"] = books.spillover(table, tied=True)
    out["spill_untied.income"] = books.spillover(table, tied=False)
    out |= books.reach(result.lives, none.lives)
    pounds = books.gains(result.lives, none.lives) / books.PENCE
    alive = books.here_in_either(result.lives, none.lives)
    out["noise.touched_share"] = float((np.abs(pounds[alive]) >= 1.0).mean()) if alive.any() else 0.0
    out["noise.mean_size"] = float(np.abs(pounds[alive]).mean()) if alive.any() else 0.0
    further = table[table["row"] != "cell"]
    out |= {f"row.{row}": float(total) for row, total in zip(further["row"], further["total"], strict=True)}
    out["budget.granted"], out["budget.spent"] = result.budget
    for cost in COSTS:
        out[f"cost.{cost}"] = result.totals.get(cost, 0.0) - none.totals.get(cost, 0.0)
    out["extra_job_months"] = result.job_months - none.job_months
    return out
