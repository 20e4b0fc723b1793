"""Section C: signs that must be reachable, each a small experiment with its condition in words.

A sign is a file of ``experiments/signs/``: a claim, the condition under which it should hold, and an experiment. The condition is set when policy
begins (``conditions`` of the experiment), so that all signs share one settled town. A sign that comes out the other way, or is not
told, fails: the model does not do what the theory says it should, and either of them is to be mended. Where a sign was first missed, its file
says what was tried and which assumption stood in the way.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import yaml

from careersim.checks.lines import FAIL, PASS, Effort, Line
from careersim.scenario.catalogue import signs_folder
from careersim.scenario.experiment import Experiment, make_experiment
from careersim.study.groups import GROUPS_TABLE
from careersim.study.plan import plan_of
from careersim.study.statistics import Estimate, mean_interval
from careersim.study.study import run_study
from careersim.study.task import BASELINE

COMMON: dict[str, Any] = {
    "place": "inverclyde", "people": 6000, "months": 36, "replicates": 6, "placebo": False,
    "parameters": {"time": {"burn_in": 480}},
}  # fmt: skip
"""What every sign's experiment is unless it says otherwise: few large towns, because settling one takes as long whatever its size, and half
the usual burn-in, which worlds that are compared share."""
QUICK: dict[str, Any] = {"people": 2000, "replicates": 2}
QUICK_MONTHS = 12
"""Size of a quick run, which only refuses a sign that is told the other way."""
ABOVE, BELOW, ABOUT = "above 0", "below 0", "about 0"
REACHED, NOT_TOLD, OPPOSITE = "reached", "not told", "opposite"
TOPICS = {
    "C1": ("One-to-one", "What interviews do to clients, to others who look for the same posts, and to who leaves."),
    "C2": ("Information for all", "What the same software, page or research does when many use it."),
    "C3": ("Ties", "Whom own networks shut out and whom brokers let in."),
    "C4": ("Group against one-to-one", "With equal content a group can be worse for each and better for the money."),
    "C5": ("Collective coaching", "When steps that a group agrees on help, and when they take from others."),
    "C6": ("Bargaining", "What organising does to pay, jobs, leaving and those outside."),
    "C7": ("Community", "When a place that turns to itself holds people back, helps them, or does nothing."),
    "C8": (
        "Cuts and combinations",
        "What it does to take today's service away, and to offer several services at once or in turn.",
    ),
}
"""Number, title and claim of each topic of section C."""


@dataclass(frozen=True)
class Sign:
    """A claim about what a strategy does under a condition."""

    name: str
    topic: str
    claim: str
    condition: str
    arm: str
    look_at: str
    """``place.X`` difference from none in a measure of the place; ``people.GROUP.X`` GBP a year per person; ``effects.X`` a number of the
    effects table; ``gap.origin`` mean gain in GBP of residents of the lowest origin third less the highest; ``per_pound.participants`` or ``per_pound.everybody``: income gained per GBP of public cost and priced unpaid hours."""
    expected: str
    experiment: dict[str, Any]
    against: str = ""
    """Arm whose number is taken off, paired by replicate; empty: none."""
    within: float = 0.0
    """For ``about 0``: half width of the band within which the whole interval must lie."""
    tried: str = ""
    """Conditions under which the sign did not come out, and what was found to be the reason: why the condition is what it is."""

    def settings(self) -> Experiment:
        """Return the sign's experiment, checked like any other."""
        groups: dict[str, Any] = (
            {} if self.look_at.startswith("gap.") else {"collect": {"groups": []}}
        )  # taking what nobody looks at takes time
        return make_experiment({"name": self.name, **COMMON, **groups, **self.experiment}, said_in=f"sign {self.name}")


@dataclass(frozen=True)
class Found:
    """A sign and what its experiment gave."""

    sign: Sign
    estimate: Estimate
    verdict: str
    warnings: tuple[str, ...] = field(default=())


@cache
def signs() -> dict[str, Sign]:
    """Return all signs by name."""
    out = {}
    for file in sorted(signs_folder().glob("*.yaml")):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        out[file.stem] = Sign(name=file.stem, **data)
    return out


def towns(names: Sequence[str], effort: Effort) -> range:
    """Return the replicates whose settled town the signs named share."""
    few = int(QUICK["replicates"])
    return range(max((few if effort.quick else signs()[n].settings().replicates for n in names), default=0))


def settle_town(replicate: int, effort: Effort) -> None:
    """Settle a replicate's town and keep it on disk, so that signs looked at side by side do not each settle it."""
    from careersim.model import CareerModel

    people = (QUICK if effort.quick else COMMON)["people"]
    CareerModel(COMMON["place"], people, rng=effort.seed, replicate=replicate, parameters=COMMON["parameters"])


def find(sign: Sign, effort: Effort = Effort(), workers: int = 1) -> Found:  # noqa: B008
    """Run a sign's experiment and say what was found.

    Raises
    ------
    RuntimeError
        If a run of the experiment fails.
    """
    experiment = sign.settings()
    size = {**QUICK, "months": min(QUICK_MONTHS, experiment.months)} if effort.quick else {}
    experiment = experiment.model_copy(update={"seed": effort.seed, **size})
    with tempfile.TemporaryDirectory() as folder:
        run = run_study(plan_of(experiment), folder, workers, command=[], stream=StringIO())
        if run.errors:
            raise RuntimeError(run.errors[0])
        results = run.results()
    estimate = mean_interval(values(results, sign))
    return Found(sign, estimate, judge(estimate, sign.expected, sign.within))


def values(results: pd.DataFrame, sign: Sign) -> np.ndarray:
    """Return the number that a sign is about, one a replicate, from the lines of its runs."""
    out = _of_arm(results, sign.arm, sign.look_at)
    if sign.against:
        out = out - _of_arm(results, sign.against, sign.look_at)
    return out.to_numpy()


def _of_arm(results: pd.DataFrame, arm: str, look_at: str) -> pd.Series:
    kind, _, name = look_at.partition(".")
    if kind == "place":
        return _column(results, arm, "summary", name) - _column(results, BASELINE, "summary", name)
    if kind == "people":
        return _column(results, arm, "effects", name) / _column(results, BASELINE, "summary", "discounted_years")
    if kind == "effects":
        return _column(results, arm, "effects", name)
    if kind == "gap":
        low, high = (f"origin_third={third} third" for third in ("lowest", "highest"))
        return _column(results, arm, GROUPS_TABLE, "gain.income", low) - _column(
            results, arm, GROUPS_TABLE, "gain.income", high
        )
    if kind == "per_pound":
        gain = _column(results, arm, "effects", "sum_participants")
        if name == "everybody":
            gain = gain + _column(results, arm, "effects", "sum_others")
        cost = _column(results, arm, "effects", "cost.public_cost") + _column(
            results, arm, "effects", "cost.unpaid_value"
        )
        return gain / cost
    raise ValueError(f"a sign cannot look at {look_at!r}: place., people., effects., gap. or per_pound.")


def _column(results: pd.DataFrame, arm: str, table: str, name: str, group: str = "all") -> pd.Series:
    chosen = (results["arm"] == arm) & (results["table"] == table) & (results["measure"] == name)
    chosen &= (results["month"] == -1) & (results["group"] == group)
    if not chosen.any():
        raise ValueError(f"there is no {table} {name!r} of arm {arm!r}")
    return results[chosen].set_index("replicate")["value"].sort_index()


def judge(found: Estimate, expected: str, within: float = 0.0) -> str:
    """``reached`` if the 95% interval lies where the claim says, ``opposite`` if it lies beyond, else ``not told``.

    Examples
    --------
    >>> judge(Estimate(2.0, 1.0, 3.0), "above 0"), judge(Estimate(2.0, 1.0, 3.0), "below 0")
    ('reached', 'opposite')
    """
    if not found.has_interval:
        return NOT_TOLD
    if expected == ABOUT:
        if -within <= found.low and found.high <= within:
            return REACHED
        return OPPOSITE if found.low > within or found.high < -within else NOT_TOLD
    low, high = (found.low, found.high) if expected == ABOVE else (-found.high, -found.low)
    return REACHED if low > 0 else OPPOSITE if high < 0 else NOT_TOLD


def line(name: str, effort: Effort) -> list[Line]:
    """Return the line of a sign for `careersim verify`.

    It passes if the sign is reached (in a quick run: is not told the other way).
    """
    return [line_of(find(signs()[name], effort), effort)]


def line_of(found: Found, effort: Effort) -> Line:
    """Return what was found of a sign as a line."""
    e, sign = found.estimate, found.sign
    passed = found.verdict == REACHED or (effort.quick and found.verdict == NOT_TOLD)
    expected = sign.expected + (f" within {sign.within:g}" if sign.expected == ABOUT else "")
    return Line(
        what=sign.claim,
        condition=sign.condition,
        expected=expected,
        found=f"{e.value:.3g} [{e.low:.3g}, {e.high:.3g}]",
        verdict=PASS if passed else FAIL,
        expected_value=0.0,
        found_value=e.value,
        standard_error=e.standard_error,
        z=e.value / e.standard_error if e.standard_error else math.nan,
        note=found.verdict if not passed else "",
    )
