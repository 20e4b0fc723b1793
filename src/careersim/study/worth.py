"""What one strategy is worth: cost and effect for the money, displacement, reach, and the asset-stripping account.

Sums are pooled over replicates before they are divided; a ratio without meaning is blank and says why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from careersim.measures.ledger import displacement_ratio
from careersim.measures.stripping import Bounds, stripping_index, verdict
from careersim.study.lines import COSTS
from careersim.study.numbers import EFFECTS
from careersim.study.statistics import Estimate, bootstrap_interval, mean_interval, quotient, ratio_interval

LEAST_SPENT = 0.10
"""Below this share of its budget spent, what a strategy costs for its effect is not said."""


@dataclass(frozen=True)
class Account:
    """The asset-stripping account of one strategy, pooled over replicates."""

    verdict: str
    index_name: str
    index: Estimate
    parts: dict[str, Estimate]
    """a, a_own (GBP a year per 1,000 residents), b_participants, b_others (GBP a year per person), c_skill (people of mean
    skill), c_ties, c_support, c_income (GBP a month), each per 1,000 residents; n_left, n_stayed per 1,000 residents."""


@dataclass(frozen=True)
class Frames:
    """One arm's numbers, replicates down, names across; with the same replicates of none."""

    own: pd.DataFrame
    none: pd.DataFrame
    effects: pd.DataFrame
    account: pd.DataFrame
    gains: pd.DataFrame
    """Mean income gained by group."""
    seed: int
    placebo: bool = False

    @property
    def years(self) -> np.ndarray:
        """Discounted years of the policy period."""
        return self.none["discounted_years"].to_numpy()

    @property
    def residents(self) -> np.ndarray:
        """Residents in the run without the policy."""
        return self.none["residents"].to_numpy()

    def effect(self, name: str) -> np.ndarray:
        """A number of the effects table by replicate; NaN where it does not exist. KeyError if it is not among those that are held."""
        if name not in EFFECTS:
            raise KeyError(name)
        return self.effects[name].to_numpy() if name in self.effects else np.full(len(self.effects), math.nan)


def or_reason(e: Estimate, reason: str) -> Estimate:
    """The estimate, with a better reason if it has no value."""
    return e if math.isfinite(e.value) else replace(e, reason=reason)


def ratio_of(over: np.ndarray, under: np.ndarray, seed: int) -> Estimate:
    """Ratio of pooled sums with its BCa interval, or a blank with its reason where what it divides by cannot be told from zero.

    Told from zero means 3 standard errors. With few replicates a bootstrap interval is too narrow (DiCiccio and Efron 1996): where the
    t interval of what is divided does not exclude zero, that interval, over the mean of what it is divided by, is given instead.
    """
    e = mean_interval(under)
    if e.n > 1 and abs(e.value) < 3 * e.standard_error:
        return Estimate(math.nan, n=e.n, reason="what it divides by is not told from zero")
    ratio, t = ratio_interval(over, under, seed), mean_interval(over)
    if not ratio.tells_from_zero or not t.has_interval or t.tells_from_zero:
        return ratio
    low, high = sorted((t.low / e.value, t.high / e.value))
    return replace(ratio, low=low, high=high)


def displacement_of(f: Frames) -> Estimate:
    """Displacement ratio from pooled sums, with BCa interval."""
    own, others = f.effect("sum_participants"), f.effect("sum_others")
    if f.effect("n_participants").sum() == 0:
        return Estimate(math.nan, reason="nobody took part")
    _, reason = displacement_ratio(own.sum(), others.sum())
    if reason:
        return Estimate(math.nan, n=len(own), reason=reason)
    return ratio_of(-others, own, f.seed)


def costs(f: Frames, per_year: np.ndarray) -> dict[str, Estimate]:
    """What it costs, by kind and together, and what for; effects for the money are blank if hardly any of the budget was spent."""
    public, total = f.effect("cost.public_cost"), np.sum([f.effect(f"cost.{c}") for c in COSTS], axis=0)
    out = {c: mean_interval(f.effect(f"cost.{c}") / per_year) for c in COSTS} | {
        "total": mean_interval(total / per_year)
    }
    granted, used = f.effect("budget.granted"), f.effect("budget.spent")
    share = used.sum() / granted.sum() if granted.sum() > 0 else math.nan
    spent_share = np.divide(used, granted, out=np.full(len(used), math.nan), where=granted > 0)
    out["spent_share"] = or_reason(mean_interval(spent_share), "it has no budget of its own")
    jobs, income = f.effect("extra_job_months"), f.account["g_b"].to_numpy()
    for spent, name, kind in ((public, "", "public money"), (total, "_total", "money")):
        blank = ""
        if f.placebo:
            blank = "the placebo is no service"
        elif spent.sum() <= 0:
            blank = f"no {kind} spent"
        elif share < LEAST_SPENT:
            blank = f"only {100 * share:.0f}% of its budget could be spent"
        out[f"per_job_month{name}"] = _cost_per_job_month(spent, jobs, blank, f.seed)
        out[f"income_per_pound{name}"] = (
            Estimate(math.nan, n=len(spent), reason=blank) if blank else ratio_of(income, spent, f.seed)
        )
    return out


def _cost_per_job_month(spent: np.ndarray, gained: np.ndarray, blank: str, seed: int) -> Estimate:
    """GBP per extra job-month of residents; blank where nothing was spent or no job-month was added."""
    if blank or gained.sum() <= 0:
        return Estimate(math.nan, n=len(spent), reason=blank or "no extra job-months")
    return ratio_of(spent, gained, seed)


def reach_of(f: Frames) -> dict[str, Estimate]:
    """How widely the gain reaches: its Gini, the share of the lowest origin third, the change in the inequality of W."""
    low, whole = f.effect("reach.low_third"), f.effect("reach.all")
    if not np.nansum(whole) > 0:
        share = Estimate(math.nan, n=len(whole), reason="residents did not gain")
    else:
        share = ratio_of(low, whole, f.seed)
    alike = or_reason(mean_interval(f.effect("reach.gini")), "nobody's income changed")
    return {"gini": alike, "low_third_share": share, "gini_change": mean_interval(f.effect("reach.gini_change"))}


def account_of(f: Frames) -> Account:
    """The asset-stripping account: parts with t intervals, index with BCa interval, and what may be said."""
    a = f.account
    thousand = 1000.0 / f.residents
    parts = {
        "a": mean_interval(a["g_a"].to_numpy() * thousand / f.years),
        "a_own": mean_interval(a["own_a"].to_numpy() * thousand / f.years),
        "b": mean_interval(a["g_b"].to_numpy() * thousand / f.years),
        "b_participants": _per_head(a, "remain_participants", f.years),
        "b_others": _per_head(a, "remain_others", f.years),
    }
    for name in ("c_skill", "c_ties", "c_support", "c_income", "n_left", "n_stayed"):
        parts[name] = mean_interval(a[name].to_numpy() * thousand)
    g_a, g_b = a["g_a"].to_numpy(), a["g_b"].to_numpy()
    said = verdict({"g_a": g_a.sum(), "g_b": g_b.sum()}, *(_bounds(parts[p]) for p in ("a", "b_others", "c_income")))
    name, index = _index(g_a, g_b, f.seed)
    return Account(said, name, index, parts)


def _per_head(account: pd.DataFrame, group: str, years: np.ndarray) -> Estimate:
    """GBP a year for each person of a group, by replicate."""
    n = account[f"n_{group}"].to_numpy()
    total = account[f"g_{group}"].to_numpy()
    each = np.divide(total, n * years, out=np.full(len(n), math.nan), where=n > 0)
    return or_reason(mean_interval(each), "nobody took part" if group == "remain_participants" else "nobody")


def _bounds(e: Estimate) -> Bounds:
    return Bounds(e.value, e.low, e.high)


def _index(g_a: np.ndarray, g_b: np.ndarray, seed: int) -> tuple[str, Estimate]:
    """ASI or pounds lost per pound gained, with its BCa interval, or a blank with its reason."""
    size = np.sign(g_a.sum()) * g_a + np.sign(g_b.sum()) * g_b
    name, _, reason = stripping_index(g_a.mean(), g_b.mean(), mean_interval(size).standard_error)
    if reason:
        return "", Estimate(math.nan, n=len(g_a), reason=reason)
    if name == "ASI":
        return name, bootstrap_interval(_asi, (g_a, g_b), seed)
    return name, ratio_of(-g_b, g_a, seed)


def _asi(g_a: np.ndarray, g_b: np.ndarray, axis: int = -1) -> np.ndarray:
    a, b = g_a.sum(axis), g_b.sum(axis)
    return quotient(a - b, np.abs(a) + np.abs(b))
