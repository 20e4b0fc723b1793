"""The STEM session: what interviews, coaching alone and coaching in groups do for the girls of one school year.

``python experiments/stem_session.py [FOLDER [KEY=VALUE ...]]`` runs ``configs/experiments/stem_session.yaml`` (what is in FOLDER, by
default results/stem_session, is not run again) and writes ``docs/stem-session.md`` and its figure.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from careersim.commands.reading import read_config
from careersim.study.plan import plan_of
from careersim.study.statistics import Estimate, paired_difference
from careersim.study.study import run_study
from careersim.study.warming import prepare

ROOT = Path(__file__).parents[1]
PAGE, FIGURE = ROOT / "docs" / "stem-session.md", ROOT / "docs" / "stem-session.png"
LOOKED_AT = {
    "STEM subject chosen at 16": ("girls_stem_subject", 36),
    "STEM subject kept at 18": ("girls_stem_subject", 60),
    "the same of boys, at 16": ("boys_stem_subject", 36),
    "occupations considered, after a year": ("girls_considered", 12),
    "consider a STEM occupation, after a year": ("girls_consider_stem", 12),
    "consider a STEM occupation, after 10 years": ("girls_consider_stem", 120),
    "in a STEM post after 10 years": ("girls_stem_posts", 120),
    "pay after 10 years, GBP a month": ("girls_pay", 120),
    "women among holders of STEM posts, whole town": ("women_in_stem", 120),
    "segregation by gender (Duncan), whole town": ("segregation", 120),
}
"""What the page shows: measure and month of policy."""
DRAWN = ("STEM subject chosen at 16", "STEM subject kept at 18", "in a STEM post after 10 years")


def values(results: pd.DataFrame, arm: str, measure: str, month: int) -> np.ndarray:
    """Return a monthly measure of an arm, one value a replicate, in their order."""
    part = results.query("table == 'monthly' and arm == @arm and measure == @measure and month == @month")
    return part.sort_values("replicate")["value"].to_numpy()


def look(results: pd.DataFrame, arms: list[str]) -> dict[str, tuple[float, dict[str, Estimate]]]:
    """Return for each thing looked at its mean without any strategy, and each arm's paired difference from it."""
    out = {}
    for words, (measure, month) in LOOKED_AT.items():
        none = values(results, "none", measure, month)
        out[words] = (
            float(none.mean()),
            {arm: paired_difference(values(results, arm, measure, month), none) for arm in arms},
        )
    return out


def as_table(found: dict[str, tuple[float, dict[str, Estimate]]], arms: list[str]) -> str:
    """Return the page's table."""
    heads = ["girls of the school year", "none", *(arm.replace("_", " ") for arm in arms)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for words, (none, differences) in found.items():
        digits = 0 if none > 100 else 2 if none > 1 else 3
        cells = [f"{e.value:+.{digits}f} [{e.low:+.{digits}f}, {e.high:+.{digits}f}]" for e in differences.values()]
        lines.append(f"| {words} | {none:.{digits}f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw(found: dict[str, tuple[float, dict[str, Estimate]]], arms: list[str]) -> None:
    """Draw shares with each strategy beside those without, with the interval of the difference."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    colours = ("#8c510a", "#5ab4ac", "#01665e")
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for k, words in enumerate(DRAWN):
        none, differences = found[words]
        axes.hlines(none, k - 0.4, k + 0.4, color="0.35", linestyle="dashed", label="without" if k == 0 else "")
        for a, (arm, e) in enumerate(differences.items()):
            axes.bar(
                k - 0.27 + 0.27 * a, none + e.value, 0.24, yerr=[[e.value - e.low], [e.high - e.value]], capsize=3,
                color=colours[a % len(colours)], label=arm.replace("_", " ") if k == 0 else "",
            )  # fmt: skip
    axes.set(
        xticks=range(len(DRAWN)), xticklabels=DRAWN, ylabel="share of the girls of one school year", ylim=(0, None)
    )
    axes.set_title(
        "Girls who were 14 when policy began; bars: 95% interval of the paired difference", fontsize=9, loc="left"
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(FIGURE, dpi=120, metadata={"Software": None})
    plt.close(figure)


def main(folder: str | None = None, *settings: str) -> None:
    """Run what is missing, and write the page."""
    experiment = read_config("stem_session", settings)
    study = run_study(plan_of(experiment), folder or ROOT / "results" / "stem_session", prepare=prepare)
    if study.errors:
        raise RuntimeError(study.errors[0])
    results = study.results()
    arms = [arm for arm in study.plan.strategies if arm != "none"]
    found = look(results, arms)
    n = results.query("arm == 'none'")["replicate"].nunique()
    draw(found, arms)
    head = (
        "# The STEM session\n\n<!-- Written by `python experiments/stem_session.py`; do not edit. -->\n\n"
        f"`configs/experiments/stem_session.yaml`: {study.plan.people:,} people of {study.plan.places[0].label}, {n} replicates, about 45 girls in "
        "the school year of each; differences from the same town and luck without the strategy, with 95% intervals. What the arms are and what may"
        " be concluded: [collective-coaching.md](collective-coaching.md).\n\n"
    )
    PAGE.write_text(head + as_table(found, arms) + "\n\n![Shares](stem-session.png)\n", encoding="utf-8")
    print(as_table(found, arms))


if __name__ == "__main__":
    main(*sys.argv[1:])
