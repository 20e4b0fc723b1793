"""Figures of paired differences and of how many replicates are enough."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from careersim.report.analysis.paper import axis_label, bar, finish, lines, named, paper, shown, styles
from careersim.report.style import GREY
from careersim.study.analysis.frames import is_strategy
from careersim.study.analysis.paired import half_width_at
from careersim.study.analysis.quantities import quantity

MOST_PANELS = 8
MOST_LINES = 8
"""Curves in the figure of replicates: the strategies whose differences vary most."""


def forest(differences: pd.DataFrame, title: str) -> Figure:
    """Every strategy's paired differences with t (thick) and BCa (thin) intervals; filled: told apart after Holm's adjustment.

    Parameters
    ----------
    differences
        One place's lines of `careersim.study.analysis.paired_differences`, one point.
    """
    measures = list(dict.fromkeys(differences["measure"]))[:MOST_PANELS]
    arms = list(dict.fromkeys(differences["arm"]))
    style, columns = styles(arms), min(4, len(measures))
    rows = math.ceil(len(measures) / columns)
    note = (
        "Dots: mean paired difference from no strategy; thick lines: 95% Student t, thin: 95% BCa; filled: told from zero after Holm's "
        "adjustment for all tests of this place."
    )
    figure, axes = paper(
        rows, columns, 3.1 * columns + 1.4, (1.15 + 0.3 * len(arms)) * rows + 0.7, title, note, sharey=True
    )
    for ax, measure in zip(axes.flat, measures, strict=False):
        part = differences[differences["measure"] == measure].set_index("arm")
        factor = quantity(measure).factor
        for k, arm in enumerate(arms):
            if arm in part.index and math.isfinite(part.loc[arm, "difference"]):
                _dot(ax, part.loc[arm], k, factor, *style[arm])
        ax.axvline(0, color="black", lw=0.8, zorder=1)
        ax.set_xlabel(axis_label(measure).replace("\nagainst no strategy", ""), fontsize=8.5)
        ax.grid(axis="x", color="#e4e4e4", lw=0.6)
        ax.tick_params(axis="x", labelsize=8.5)
        ax.locator_params(axis="x", nbins=4)
    for ax in axes.flat[len(measures) :]:
        ax.set_visible(False)
    axes[0, 0].set_yticks(range(len(arms)), [named(a) for a in arms])
    axes[0, 0].invert_yaxis()
    return finish(figure)


def _dot(ax, line: pd.Series, at: int, factor: float, colour: str, marker: str) -> None:
    low, high = sorted((factor * line["low"], factor * line["high"]))
    bar(ax, low, high, at, colour, 3.0)
    bar(ax, factor * line["bca_low"], factor * line["bca_high"], at + 0.22, colour, 1.0)
    sure = bool(line["p_holm"] < 0.05)
    ax.plot(
        factor * line["difference"], at, marker, ms=7, mec=colour, mfc=colour if sure else "white", mew=1.5, zorder=3
    )


def precision(enough: pd.DataFrame, title: str) -> Figure:
    """Half width of the 95% interval against the number of replicates, by strategy, and where the study stands.

    Parameters
    ----------
    enough
        Lines of `careersim.study.analysis.enough_replicates` of one place, point and measure, with a spread above zero.
    """
    measure, part = enough["measure"].iloc[0], enough[enough["arm"].map(is_strategy)]
    part = part.nlargest(MOST_LINES, "standard_deviation")
    factor, style = quantity(measure).factor, styles(part["arm"])
    note = (
        "Curves: what Student's t expects from the spread of the paired differences found. Dots: this study. Crosses: the half width asked "
        "for, or half the difference found, and the replicates it needs."
    )
    figure, axes = paper(1, 1, 9.0, 4.6, title, note)
    ax, n = axes[0, 0], np.unique(np.round(np.geomspace(3, 2000, 60)).astype(int))
    for line in lines(part):
        colour, marker = style[line.arm]
        curve = [abs(factor) * half_width_at(line.standard_deviation, int(k)) for k in n]
        ax.plot(n, curve, color=colour, lw=1.6, label=f"{named(line.arm)}: {_needs(measure, line)}")
        ax.plot(line.replicates, abs(factor) * line.half_width, marker, color=colour, ms=8)
        if n[0] <= line.needed <= n[-1]:
            ax.plot(line.needed, abs(factor) * line.asked, "x", color=colour, ms=9, mew=2)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("replicates")
    ax.set_ylabel(f"half width of the 95% interval\n({quantity(measure).shown_unit})")
    ax.set_title(quantity(measure).label)
    ax.grid(color="#e4e4e4", lw=0.6, which="both")
    ax.legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.yaxis.set_major_formatter(lambda x, _: f"{x:g}")
    return finish(figure)


def _needs(measure: str, line) -> str:
    needed = f"{line.needed:,}" if line.needed < 1_000_000 else "over a million"
    return f"{needed} for ±{shown(measure, line.asked, signed=False)}"


def over_worlds(table: pd.DataFrame, measures: list[str], title: str) -> Figure:
    """Where uncertain numbers are varied: each strategy's difference in every world, as dots over their range.

    Parameters
    ----------
    table
        One place's lines of a study's table.
    """
    measures = [m for m in measures if m in table][:MOST_PANELS]
    arms = [a for a in dict.fromkeys(table["arm"]) if is_strategy(a)]
    style, columns = styles(arms), min(4, len(measures))
    rows = math.ceil(len(measures) / columns)
    note = "Each dot is one plausible world (mean over its replicates, against no strategy in the same world). Bars: median and 5% to 95% of worlds."
    figure, axes = paper(
        rows, columns, 3.1 * columns + 1.4, (1.2 + 0.42 * len(arms)) * rows + 0.7, title, note, sharey=True
    )
    for ax, measure in zip(axes.flat, measures, strict=False):
        for k, arm in enumerate(arms):
            worlds = (
                quantity(measure).factor
                * table[table["arm"] == arm].groupby("point")[measure].mean().dropna().to_numpy()
            )
            shift = 0.28 * np.sin(np.arange(len(worlds)) * 2.4)
            ax.plot(worlds, k + shift, ".", color=style[arm][0], ms=3, alpha=0.45)
            if len(worlds):
                low, middle, high = np.quantile(worlds, [0.05, 0.5, 0.95])
                bar(ax, low, high, k, "black", 1.4)
                ax.plot(middle, k, style[arm][1], color="black", ms=5, zorder=3)
        ax.axvline(0, color=GREY, lw=0.8, zorder=1)
        ax.set_xlabel(axis_label(measure).replace("\nagainst no strategy", ""), fontsize=8.5)
        ax.tick_params(axis="x", labelsize=8.5)
        ax.locator_params(axis="x", nbins=4)
    for ax in axes.flat[len(measures) :]:
        ax.set_visible(False)
    axes[0, 0].set_yticks(range(len(arms)), [named(a) for a in arms])
    axes[0, 0].invert_yaxis()
    return finish(figure)
