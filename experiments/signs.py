"""Signs that must be reachable (section C of the checks): each config of ``experiments/signs/`` is a claim, a condition and an experiment.

``python experiments/signs.py [NAME ...]`` runs them (what is there already is not run again), prints a verdict a line, and
writes ``docs/signs.md`` with a figure each to ``docs/signs/``. A sign that is not reached is a finding about the model, and is shown as one.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from careersim.commands.reading import read_options
from careersim.study.comparison import ArmResult, compare
from careersim.study.plan import label_of, plan_of
from careersim.study.statistics import Estimate
from careersim.study.study import run_study
from careersim.study.warming import prepare

ROOT = Path(__file__).parents[1]
CONFIGS, PAGE, FIGURES = ROOT / "experiments" / "signs", ROOT / "docs" / "signs.md", ROOT / "docs" / "signs"
COMMON: dict[str, Any] = {"place": "inverclyde", "people": 2000, "years": 4, "replicates": 10, "placebo": False}
"""What every sign's experiment is unless it says otherwise."""
UNITS = {
    "income": "GBP a year per person",
    "out_moves": "people",
    "rate": "share of residents 16-64",
    "pay": "GBP a month",
}
OPEN = """## Open

These signs need strategies that are not built yet, and are added with them: careers software (the same advice to all; origin gaps
online), career research (truer beliefs about poor odds), group learning and collective coaching (group against one-to-one with content
equal; peer support added to planning; shared stories where no step succeeds), community dialogue (lock-in; nowhere to go), mutual aid
(low civic capital), mixtures and sequences.
"""


@dataclass(frozen=True)
class Sign:
    """A claim, and what was found."""

    name: str
    config: dict[str, Any]
    found: Estimate
    verdict: str


def look(arm: ArmResult, path: str) -> Estimate:
    """Return the number that a sign is about: ``place.X``, ``people.X`` or ``displacement``."""
    table, _, name = path.partition(".")
    if table == "displacement":
        return arm.displacement
    return {"place": arm.place, "people": arm.people}[table][name]


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Difference of two arms, their errors taken as independent: wider than it need be, because both share their luck."""
    value, error = one.value - other.value, math.hypot(one.standard_error, other.standard_error)
    return Estimate(value, value - 2.2 * error, value + 2.2 * error, error, min(one.n, other.n))


def judge(found: Estimate, expected: str, within: float = 0.0) -> str:
    """``reached`` if the 95% interval lies where the claim says, ``opposite`` if it lies beyond, else ``not told``."""
    if not found.has_interval:
        return f"no interval: {found.reason}"
    if expected == "about 0":
        return (
            "reached"
            if -within <= found.low and found.high <= within
            else "not told"
            if found.low <= 0 <= found.high
            else "opposite"
        )
    sign = 1 if expected == "above 0" else -1
    low, high = sorted((sign * found.low, sign * found.high))
    return "reached" if low > 0 else "opposite" if high < 0 else "not told"


def run(file: Path) -> Sign:
    """Run the experiment of one sign and judge it."""
    config = yaml.safe_load(file.read_text(encoding="utf-8"))
    experiment = read_options({"name": file.stem, **COMMON, **config["experiment"]})
    study = run_study(plan_of(experiment), ROOT / "results" / "signs" / file.stem, prepare=prepare)
    if study.errors:
        raise RuntimeError(f"{file.stem}: {study.errors[0]}")
    arms = compare(study.results(), label_of(study.plan.places[0]), experiment.seed).arms
    found = look(arms[config["arm"]], config["look_at"])
    if "against" in config:
        found = difference(found, look(arms[config["against"]], config["look_at"]))
    return Sign(file.stem, config, found, judge(found, config["expected"], config.get("within", 0.0)))


def unit_of(path: str) -> str:
    """Unit of the number a sign is about."""
    return next((unit for word, unit in UNITS.items() if word in path), "ratio")


def draw(sign: Sign) -> None:
    """Draw the number with its interval against zero."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    e = sign.found
    figure, axes = plt.subplots(figsize=(6, 1.6), layout="constrained")
    axes.axvline(0, color="0.5", linewidth=1)
    axes.errorbar([e.value], [0], xerr=[[e.value - e.low], [e.high - e.value]], fmt="o", color="#0b5394", capsize=4)
    axes.set(
        yticks=[], ylim=(-1, 1), xlabel=f"{sign.config['look_at']}, {unit_of(sign.config['look_at'])} (95% interval)"
    )
    axes.set_title(f"{sign.config['claim']}\n{sign.verdict}", fontsize=9, loc="left")
    FIGURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURES / f"{sign.name}.png", dpi=120, metadata={"Software": None})
    plt.close(figure)


def section(sign: Sign) -> str:
    """Return the page's section on a sign."""
    c, e = sign.config, sign.found
    against = f", less {c['against']}" if "against" in c else ""
    number = f"{e.value:.4g} [{e.low:.4g}, {e.high:.4g}] {unit_of(c['look_at'])}, {e.n} replicates"
    return (
        f"### {c['claim']}\n\n*Condition.* {c['condition']}\n\n*Looked at.* `{c['look_at']}` of {c['arm']}{against}, against none, paired; expected"
        f" {c['expected']}.\n\n*Found.* {number}. **{sign.verdict}**\n\n![{sign.name}](signs/{sign.name}.png)\n"
        f"{c.get('finding', '')}\n"
    )


def main(names: list[str]) -> None:
    """Run the signs named (all without names), print verdicts, and write the page when all were run."""
    files = [CONFIGS / f"{name}.yaml" for name in names] or sorted(CONFIGS.glob("*.yaml"))
    signs = []
    for file in files:
        sign = run(file)
        signs.append(sign)
        e = sign.found
        print(
            f"{sign.name:<28} {e.value:>10.4g} [{e.low:.4g}, {e.high:.4g}]  expected {sign.config['expected']:<8}  {sign.verdict}",
            flush=True,
        )
        draw(sign)
    if not names:
        head = "# Signs that can be reached, and those that cannot\n\n<!-- Written by `python experiments/signs.py`; do not edit. -->\n\n"
        PAGE.write_text(head + "\n".join(section(s) for s in signs) + "\n" + OPEN, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
