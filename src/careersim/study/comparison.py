"""What the runs of a study say: each strategy against none, paired by replicate, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from careersim.measures.ledger import displacement_ratio
from careersim.measures.stripping import Bounds, stripping_index, verdict
from careersim.study.groups import GROUPS_TABLE
from careersim.study.statistics import (
    Estimate,
    bootstrap_interval,
    mean_interval,
    paired_difference,
    ratio_interval,
)
from careersim.study.tasks import BASELINE, COMPANION, COSTS, PLACEBO

PLACE_MEASURES = (
    "employment_rate",
    "unemployment_rate",
    "median_pay",
    "out_moves",
    "resident_skill",
    "income_low_origin_third",
    "labour_share",
    "climbing_up",
    "climbing_structural",
    "climbing_by_leaving",
)
"""Measures of the place that the final table compares."""
PAIR = ["point", "replicate"]
"""What pairs the arms of one place: the same point of the uncertainties and the same luck."""
GROUPS = {
    "direct": "those who took part",
    "spill": "other residents",
    "changed": "those whose residence it changed",
}
OTHERS = {
    "spill_tied": "nobody is tied to somebody who took part",
    "spill_untied": "everybody is tied to somebody who took part",
}
"""Other residents apart: tied, when policy began, to somebody who took part, or not; and why there may be none."""
LEAST_SPENT = 0.10
"""Below this share of its budget spent, what a strategy costs for its effect is not said."""
NOBODY = {"direct": "nobody took part", "spill": "there is nobody else", "changed": "nobody's residence changed"}
FURTHER = ("employers", "exchequer", "others elsewhere, displacement 1")


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
class ArmResult:
    """One strategy against none."""

    name: str
    place: dict[str, Estimate]
    """Paired differences of the place's measures."""
    people: dict[str, Estimate]
    """GBP a year per person: ``direct.income``, ``direct.own``, ``spill.income`` ..."""
    heads: dict[str, Estimate]
    """``n_participants``, ``n_changed`` per 1,000 residents; ``noise.touched_share``."""
    displacement: Estimate
    account: Account
    cost: dict[str, Estimate]
    """GBP a year per resident by kind and ``total``; ``spent_share`` of the budget. For the effect: GBP ``per_job_month`` of residents and
    ``income_per_pound`` (GBP gained by those who remain, per GBP), of public money; with ``_total`` of all costs together."""
    further: dict[str, Estimate]
    """GBP a year per resident: employers, exchequer, others elsewhere."""
    reach: dict[str, Estimate] = field(default_factory=dict)
    """``gini`` of dW, ``low_third_share`` of the gain, ``gini_change`` of W."""
    groups: dict[str, Estimate] = field(default_factory=dict)
    """Mean income gained in GBP a year by those who lived here when policy began, by their group on that day."""
    shut: Estimate | None = None
    """Leavers per 1,000 residents and year, against none, where the strategy shows nothing of elsewhere; None if that was not run."""
    shut_share: Estimate | None = None
    """Share of the leaving it induces that remains then."""
    signs: list[str] = field(default_factory=list)
    """Where pounds and own terms point in opposite directions, in words."""


@dataclass(frozen=True)
class Comparison:
    """All strategies of one place against none."""

    place: str
    replicates: int
    residents: float
    """Residents simulated in a replicate, mean."""
    scale: float
    """Residents that each stands for."""
    months: int
    baseline: dict[str, Estimate]
    """The place's measures without any strategy."""
    arms: dict[str, ArmResult]

    @property
    def strategies(self) -> list[str]:
        """Arms other than none and the placebo."""
        return [a for a in self.arms if a != PLACEBO]


@dataclass(frozen=True)
class _Frames:
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
        """A number of the effects table by replicate; NaN where it does not exist."""
        return self.effects[name].to_numpy() if name in self.effects else np.full(len(self.effects), math.nan)


def compare(results: pd.DataFrame, place: str, seed: int) -> Comparison:
    """Compare all arms of one place with none.

    Parameters
    ----------
    results
        Lines of all runs (``StudyRun.results``).
    seed
        The study's seed, from which the bootstrap's generator is made.
    """
    lines = results[(results["place"] == place) & (results["month"] == -1)]
    none = _wide(lines, "summary", BASELINE)
    if none.empty:
        raise ValueError(f"no finished run of '{BASELINE}' for {place}: nothing to compare with")
    arms: dict[str, ArmResult] = {}
    names = [name for name in dict.fromkeys(lines["arm"]) if name != BASELINE]
    for name in (n for n in names if not n.endswith(COMPANION)):
        own = _wide(lines, "summary", name)
        both = own.index.intersection(none.index)
        if len(both):
            effects, account = (_wide(lines, t, name).loc[both] for t in ("effects", "account"))
            frames = _Frames(
                own.loc[both], none.loc[both], effects, account, _gains_by_group(lines, name), seed, name == PLACEBO
            )
            arms[name] = _arm(name, frames)
    for name in (n for n in names if n.endswith(COMPANION) and n.removesuffix(COMPANION) in arms):
        open_arm = name.removesuffix(COMPANION)
        leavers = {arm: _wide(lines, "summary", arm)["out_moves"] for arm in (open_arm, name)}
        arms[open_arm] = _with_companion(arms[open_arm], leavers[open_arm], leavers[name], none["out_moves"], seed)
    return Comparison(
        place=place,
        replicates=len(none),
        residents=float(none["residents"].mean()),
        scale=float(none["scale"].mean()),
        months=int(none["months"].max()) if "months" in none else 0,
        baseline={m: mean_interval(none[m].to_numpy()) for m in PLACE_MEASURES if m in none},
        arms=arms,
    )


def _wide(lines: pd.DataFrame, table: str, arm: str) -> pd.DataFrame:
    """One table of one arm: points and replicates down, names across."""
    part = lines[(lines["table"] == table) & (lines["arm"] == arm)]
    part = part.assign(measure=part["measure"].astype(str))
    return part.pivot(index=PAIR, columns="measure", values="value").sort_index()


def _gains_by_group(lines: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Mean income gained by group of people: replicates down, groups across."""
    part = lines[(lines["table"] == GROUPS_TABLE) & (lines["arm"] == arm) & (lines["measure"] == "gain.income")]
    part = part.assign(group=part["group"].astype(str))
    return part.pivot(index=PAIR, columns="group", values="value").sort_index()


def _with_companion(arm: ArmResult, opened: pd.Series, shut: pd.Series, none: pd.Series, seed: int) -> ArmResult:
    """Add what is left of the induced leaving where nothing of elsewhere is shown."""
    both = opened.index.intersection(shut.index).intersection(none.index)
    induced, left = ((s.loc[both] - none.loc[both]).to_numpy() for s in (opened, shut))
    e = mean_interval(induced)
    if not e.tells_from_zero or e.value <= 0:
        share = Estimate(math.nan, n=e.n, reason="no induced leaving told from zero")
    else:
        share = _ratio(left, induced, seed)
    return replace(arm, shut=paired_difference(shut.loc[both].to_numpy(), none.loc[both].to_numpy()), shut_share=share)


def _arm(name: str, f: _Frames) -> ArmResult:
    """All comparisons of one arm."""
    measures = [m for m in PLACE_MEASURES if m in f.own and m in f.none]
    people = {
        f"{g}.{m}": _or_reason(mean_interval(f.effect(f"{g}.{m}") / f.years), NOBODY[g])
        for g in GROUPS
        for m in ("income", "own", "log_income")
    }
    people |= {f"{g}.income": _or_reason(mean_interval(f.effect(f"{g}.income") / f.years), OTHERS[g]) for g in OTHERS}
    per_year = f.residents * f.years
    heads = {n: mean_interval(1000 * f.effect(n) / f.residents) for n in ("n_participants", "n_changed")}
    heads |= {n: mean_interval(f.effect(n)) for n in ("noise.touched_share", "noise.mean_size")}
    gains = f.gains.reindex(f.none.index).div(f.years, axis=0)
    return ArmResult(
        name=name,
        place={m: paired_difference(f.own[m].to_numpy(), f.none[m].to_numpy()) for m in measures},
        people=people,
        heads=heads,
        displacement=_displacement(f),
        account=_account(f),
        cost=_cost(f, per_year),
        further={row: mean_interval(f.effect(f"row.{row}") / per_year) for row in FURTHER},
        reach=_reach(f),
        groups={str(g): mean_interval(gains[g].to_numpy()) for g in gains},
        signs=_where_signs_differ(people),
    )


def _or_reason(e: Estimate, reason: str) -> Estimate:
    """The estimate, with a better reason if it has no value."""
    return e if math.isfinite(e.value) else replace(e, reason=reason)


def _displacement(f: _Frames) -> Estimate:
    """Displacement ratio from pooled sums, with BCa interval."""
    own, others = f.effect("sum_participants"), f.effect("sum_others")
    if f.effect("n_participants").sum() == 0:
        return Estimate(math.nan, reason="nobody took part")
    _, reason = displacement_ratio(own.sum(), others.sum())
    if reason:
        return Estimate(math.nan, n=len(own), reason=reason)
    return _ratio(-others, own, f.seed)


def _ratio(over: np.ndarray, under: np.ndarray, seed: int) -> Estimate:
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


def _cost(f: _Frames, per_year: np.ndarray) -> dict[str, Estimate]:
    """What it costs, by kind and together, and what for; effects for the money are blank if hardly any of the budget was spent."""
    public, total = f.effect("cost.public_cost"), np.sum([f.effect(f"cost.{c}") for c in COSTS], axis=0)
    out = {c: mean_interval(f.effect(f"cost.{c}") / per_year) for c in COSTS} | {
        "total": mean_interval(total / per_year)
    }
    granted, used = f.effect("budget.granted"), f.effect("budget.spent")
    share = used.sum() / granted.sum() if granted.sum() > 0 else math.nan
    spent_share = np.divide(used, granted, out=np.full(len(used), math.nan), where=granted > 0)
    out["spent_share"] = _or_reason(mean_interval(spent_share), "it has no budget of its own")
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
            Estimate(math.nan, n=len(spent), reason=blank) if blank else _ratio(income, spent, f.seed)
        )
    return out


def _cost_per_job_month(spent: np.ndarray, gained: np.ndarray, blank: str, seed: int) -> Estimate:
    """GBP per extra job-month of residents; blank where nothing was spent or no job-month was added."""
    if blank or gained.sum() <= 0:
        return Estimate(math.nan, n=len(spent), reason=blank or "no extra job-months")
    return _ratio(spent, gained, seed)


def _reach(f: _Frames) -> dict[str, Estimate]:
    """How widely the gain reaches: its Gini, the share of the lowest origin third, the change in the inequality of W."""
    low, whole = f.effect("reach.low_third"), f.effect("reach.all")
    if not np.nansum(whole) > 0:
        share = Estimate(math.nan, n=len(whole), reason="residents did not gain")
    else:
        share = _ratio(low, whole, f.seed)
    alike = _or_reason(mean_interval(f.effect("reach.gini")), "nobody's income changed")
    return {"gini": alike, "low_third_share": share, "gini_change": mean_interval(f.effect("reach.gini_change"))}


def _where_signs_differ(people: dict[str, Estimate]) -> list[str]:
    """Groups for whom pounds and own terms point in opposite directions."""
    return [
        GROUPS[g]
        for g in GROUPS
        if people[f"{g}.income"].value * people[f"{g}.own"].value < 0
        and (people[f"{g}.income"].tells_from_zero or people[f"{g}.own"].tells_from_zero)
    ]


def _account(f: _Frames) -> Account:
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
    return _or_reason(mean_interval(each), "nobody took part" if group == "remain_participants" else "nobody")


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
    return name, _ratio(-g_b, g_a, seed)


def _asi(g_a: np.ndarray, g_b: np.ndarray) -> float:
    a, b = g_a.sum(), g_b.sum()
    size = abs(a) + abs(b)
    return float((a - b) / size) if size else math.nan


def monthly_bands(results: pd.DataFrame, place: str, measure: str) -> dict[str, pd.DataFrame]:
    """By arm: monthly mean of a measure, and mean and 95% band of its paired difference from none.

    Columns ``mean``, ``difference``, ``low``, ``high``; index month of policy (from 1).
    """
    chosen = (results["place"] == place) & (results["table"] == "monthly") & (results["measure"] == measure)
    wide = results[chosen].pivot_table(index=["arm", *PAIR], columns="month", values="value", observed=True)
    out: dict[str, pd.DataFrame] = {}
    if BASELINE not in wide.index.get_level_values("arm"):
        return out
    none = wide.loc[BASELINE]
    for arm in wide.index.get_level_values("arm").unique():
        own = wide.loc[arm]
        both = own.index.intersection(none.index)
        out[arm] = _band(own.loc[both], none.loc[both])
    return out


def _band(own: pd.DataFrame, none: pd.DataFrame) -> pd.DataFrame:
    """Mean, and paired difference with its t band, by month."""
    from scipy import stats

    d, n = own - none, len(own)
    half = d.std(ddof=1) / math.sqrt(n) * stats.t.ppf(0.975, n - 1) if n > 1 else d.mean() * math.nan
    mean = d.mean()
    return pd.DataFrame({"mean": own.mean(), "difference": mean, "low": mean - half, "high": mean + half})
