"""One figure of what each strategy does: direct effect, spillover, displacement and leaving, with 95% intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from careersim.report.kinds import title_of
from careersim.report.style import COLOURS, GREY, STYLE
from careersim.study.comparison import ArmResult, Comparison
from careersim.study.statistics import Estimate
from careersim.study.task import PLACEBO

PANELS: tuple[tuple[str, str, Callable[[ArmResult], Estimate]], ...] = (
    ("Direct effect", "£ a year per person\nwho took part", lambda a: a.people["direct.income"]),
    ("Spillover", "£ a year per\nother resident", lambda a: a.people["spill.income"]),
    ("Displacement", "£ lost by others per £\ngained by participants", lambda a: a.displacement),
    ("Leaving", "leavers a year\nper 1,000 residents", lambda a: a.place["out_moves"]),
)
"""Title, unit and number of each panel."""
FAR = 4.0
"""An interval that reaches this many times as far as the middle half of values do is cut, with an arrow."""


def effects_figure(comparison: Comparison, label: str = "") -> Figure:
    """Draw a line a strategy and a panel an effect; blue above zero, orange below, grey where the interval includes zero."""
    arms = [*comparison.strategies, *([PLACEBO] if PLACEBO in comparison.arms else [])]
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, len(PANELS), figsize=(12.5, 2.0 + 0.3 * len(arms)), sharey=True)
        for ax, (title, unit, get) in zip(axes, PANELS, strict=True):
            _panel(ax, [get(comparison.arms[arm]) for arm in arms])
            ax.set_title(title)
            ax.set_xlabel(unit)
        axes[0].set_yticks(range(len(arms)), [title_of(a) for a in arms])
        axes[0].set_ylim(len(arms) - 0.5, -0.5)
        where = label or comparison.place
        figure.suptitle(f"{where}: what each strategy does, against none", x=0.01, ha="left", fontweight="bold")
        note = "Lines: 95% intervals of the paired difference. Blue: above zero, orange: below, grey: not told from it; words: why there is no value."
        figure.text(0.01, 0.01, note, fontsize=8.5, color=GREY)
        figure.tight_layout(rect=(0, 0.05, 1, 0.98), w_pad=1.5)
    return figure


def _panel(ax: Axes, estimates: list[Estimate]) -> None:
    reach = _reach(estimates)
    for at, e in enumerate(estimates):
        if not math.isfinite(e.value):
            plain: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
            ax.text(
                0.02, at, e.reason, transform=ax.get_yaxis_transform(), va="center", fontsize=7, color=GREY, bbox=plain
            )
            continue
        colour = GREY if not e.tells_from_zero else COLOURS[0] if e.value > 0 else COLOURS[1]
        ax.plot([e.value], [at], "o", color=colour, ms=5)
        if e.has_interval:
            ax.plot([max(e.low, -reach), min(e.high, reach)], [at, at], color=colour, lw=1.6, solid_capstyle="butt")
            for end, beyond, marker in ((-reach, e.low < -reach, "<"), (reach, e.high > reach, ">")):
                if beyond:
                    ax.plot([end], [at], marker, color=colour, ms=5)
    ax.axvline(0, color="black", lw=0.8)
    ax.grid(axis="y", color="#eeeeee", lw=0.8)
    ax.set_axisbelow(True)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:+,.4g}" if x else "0")


def _reach(estimates: list[Estimate]) -> float:
    """How far the axis goes: to the farthest end, unless few intervals are far wider than most; no value is ever cut off."""
    values = [abs(e.value) for e in estimates if math.isfinite(e.value)]
    ends = sorted(abs(x) for e in estimates for x in (e.value, e.low, e.high) if math.isfinite(x))
    if not ends or ends[-1] == 0.0:
        return 1.0
    usual = FAR * ends[int(0.75 * (len(ends) - 1))] or ends[-1]
    return min(ends[-1], max(usual, 1.2 * max(values))) * 1.03
