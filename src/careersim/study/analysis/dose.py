"""Dose and response: what happens as a strategy reaches a larger share of residents, and whom it displaces."""

from __future__ import annotations

import math

import pandas as pd

from careersim.measures.ledger import displacement_ratio
from careersim.study.analysis.bootstrap import bca_of_ratio
from careersim.study.analysis.frames import StudyTable, finite
from careersim.study.statistics import mean_interval

RESPONSES = (
    "people.direct.income",
    "people.spill.income",
    "account.b",
    "total.income",
    "place.employment_rate",
    "cost.public_cost",
)
"""Measures that are shown against the share treated."""
MOST_WORLDS = 4
"""More worlds than this are pooled."""


def dose_response(study: StudyTable) -> pd.DataFrame:
    """Displacement and gains against the share treated, one line a strategy (with its choices) and place.

    A few worlds (up to 4, such as *posts answer to demand* and *posts fixed*) are kept apart; more are pooled.

    Returns
    -------
    pandas.DataFrame
        ``strategy`` (name without its choices), ``world`` (what it sets, in words; empty if pooled), ``arm``, the choices that vary, ``share_treated`` (participants per resident, 0..1; who
        took part in either world), ``displacement`` (pounds lost by others per pound gained by participants, sums pooled) with its BCa
        interval and, where it is blank, its ``reason``; and each of `RESPONSES` with its t interval (``<measure>``, ``<measure>.low``,
        ``<measure>.high``).
    """
    rows = []
    table = study.contest.assign(world=worlds_in_words(study))
    for (place, world, arm), part in table.groupby(["place", "world", "arm"], sort=False, observed=True):
        row = {"place": place, "strategy": str(arm).split(" ")[0], "world": world, "arm": arm}
        row |= {c: part[c].iloc[0] for c in study.choices}
        row |= {"share_treated": mean_interval(part["heads.participants"].to_numpy() / 1000).value}
        row |= _displacement(part, study.seed)
        for measure in (m for m in RESPONSES if m in part):
            e = mean_interval(part[measure].to_numpy())
            row |= {measure: e.value, f"{measure}.low": e.low, f"{measure}.high": e.high}
        rows.append(row | {"replicates": len(part)})
    return pd.DataFrame(rows).sort_values(["place", "strategy", "world", "share_treated"], ignore_index=True)


def worlds_in_words(study: StudyTable) -> pd.Series:
    """What the world of each line of the contest sets, in words; empty if there are too many to keep apart."""
    table, names = study.contest, study.uncertainties
    if not names or table["point"].nunique() > MOST_WORLDS:
        return pd.Series("", index=table.index)
    short = {c: c.rsplit(".", 1)[-1] for c in names}
    if len(set(short.values())) < len(names):
        short = {c: c.removeprefix("uncertainties.").removeprefix("conditions.") for c in names}
    said = {c: f"{word}=" + table[c].astype(str) for c, word in short.items()}
    return pd.DataFrame(said).agg(", ".join, axis=1)


def _displacement(part: pd.DataFrame, seed: int) -> dict:
    """Displacement ratio from sums pooled over replicates; blank with its reason where there is nothing to divide by."""
    own, others = (finite(part[f"sums.{n}"]) for n in ("participants", "others"))
    blank = {"displacement": math.nan, "displacement.low": math.nan, "displacement.high": math.nan}
    if not len(own) or not own.any():
        return blank | {"reason": "nobody took part"}
    value, reason = displacement_ratio(own.sum(), others.sum())
    gain = mean_interval(own)
    if not reason and len(own) > 1 and abs(gain.value) < 3 * gain.standard_error:
        reason = "the gain it divides by is not told from zero"
    if reason:
        return blank | {"reason": reason}
    low, high = bca_of_ratio(-others, own, seed)
    return {"displacement": value, "displacement.low": low, "displacement.high": high, "reason": ""}


def has_doses(study: StudyTable) -> bool:
    """Whether a strategy is studied at several numeric doses (a choice such as its budget)."""
    return any(pd.api.types.is_numeric_dtype(study.table[c]) for c in study.choices)
