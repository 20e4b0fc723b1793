"""What the runs of a study say: each strategy against none, paired by replicate, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import pandas as pd
from scipy.special import stdtrit

from careersim.study.groups import GROUPS_TABLE
from careersim.study.numbers import FURTHER, GROUPS, OTHERS, PAIR, PLACE_MEASURES, Numbers, numbers_of
from careersim.study.statistics import Estimate, mean_interval, paired_difference
from careersim.study.task import BASELINE, COMPANION, PLACEBO
from careersim.study.worth import Account, Frames, account_of, costs, displacement_of, or_reason, ratio_of, reach_of

NOBODY = {"direct": "nobody took part", "spill": "there is nobody else", "changed": "nobody's residence changed"}


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


def compare(results: pd.DataFrame, place: str, seed: int) -> Comparison:
    """Compare all arms of one place with none.

    Parameters
    ----------
    results
        Lines of all runs (``StudyRun.results``).
    seed
        The study's seed, from which the bootstrap's generator is made.
    """
    return compare_numbers(numbers_of(results, place), place, seed)


def compare_numbers(numbers: Numbers, place: str, seed: int) -> Comparison:
    """Compare all arms of one place with none, one arm after the other."""
    none = numbers.frame(BASELINE, "summary")
    if none.empty:
        raise ValueError(f"no finished run of '{BASELINE}' for {place}: nothing to compare with")
    arms: dict[str, ArmResult] = {}
    names = [name for name in numbers.there if name != BASELINE]
    for name in (n for n in names if not n.endswith(COMPANION)):
        own = numbers.frame(name, "summary")
        both = own.index.intersection(none.index)
        if len(both):
            effects, account = (numbers.frame(name, table).loc[both] for table in ("effects", "account"))
            gains = numbers.frame(name, GROUPS_TABLE)
            frames = Frames(own.loc[both], none.loc[both], effects, account, gains, seed, name == PLACEBO)
            arms[name] = _arm(name, frames)
    for name in (n for n in names if n.endswith(COMPANION) and n.removesuffix(COMPANION) in arms):
        open_arm = name.removesuffix(COMPANION)
        leavers = {arm: numbers.frame(arm, "summary")["out_moves"] for arm in (open_arm, name)}
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


def _with_companion(arm: ArmResult, opened: pd.Series, shut: pd.Series, none: pd.Series, seed: int) -> ArmResult:
    """Add what is left of the induced leaving where nothing of elsewhere is shown."""
    both = opened.index.intersection(shut.index).intersection(none.index)
    induced, left = ((s.loc[both] - none.loc[both]).to_numpy() for s in (opened, shut))
    e = mean_interval(induced)
    if not e.tells_from_zero or e.value <= 0:
        share = Estimate(math.nan, n=e.n, reason="no induced leaving told from zero")
    else:
        share = ratio_of(left, induced, seed)
    return replace(arm, shut=paired_difference(shut.loc[both].to_numpy(), none.loc[both].to_numpy()), shut_share=share)


def _arm(name: str, f: Frames) -> ArmResult:
    """All comparisons of one arm."""
    measures = [m for m in PLACE_MEASURES if m in f.own and m in f.none]
    people = {
        f"{g}.{m}": or_reason(mean_interval(f.effect(f"{g}.{m}") / f.years), NOBODY[g])
        for g in GROUPS
        for m in ("income", "own", "log_income")
    }
    people |= {f"{g}.income": or_reason(mean_interval(f.effect(f"{g}.income") / f.years), OTHERS[g]) for g in OTHERS}
    per_year = f.residents * f.years
    heads = {n: mean_interval(1000 * f.effect(n) / f.residents) for n in ("n_participants", "n_changed")}
    heads |= {n: mean_interval(f.effect(n)) for n in ("noise.touched_share", "noise.mean_size")}
    gains = f.gains.reindex(f.none.index).div(f.years, axis=0)
    return ArmResult(
        name=name,
        place={m: paired_difference(f.own[m].to_numpy(), f.none[m].to_numpy()) for m in measures},
        people=people,
        heads=heads,
        displacement=displacement_of(f),
        account=account_of(f),
        cost=costs(f, per_year),
        further={row: mean_interval(f.effect(f"row.{row}") / per_year) for row in FURTHER},
        reach=reach_of(f),
        groups={str(g): mean_interval(gains[g].to_numpy()) for g in gains},
        signs=_where_signs_differ(people),
    )


def _where_signs_differ(people: dict[str, Estimate]) -> list[str]:
    """Groups for whom pounds and own terms point in opposite directions."""
    return [
        GROUPS[g]
        for g in GROUPS
        if people[f"{g}.income"].value * people[f"{g}.own"].value < 0
        and (people[f"{g}.income"].tells_from_zero or people[f"{g}.own"].tells_from_zero)
    ]


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
    d, n = own - none, len(own)
    half = d.std(ddof=1) / math.sqrt(n) * stdtrit(n - 1, 0.975) if n > 1 else d.mean() * math.nan
    mean = d.mean()
    return pd.DataFrame({"mean": own.mean(), "difference": mean, "low": mean - half, "high": mean + half})
