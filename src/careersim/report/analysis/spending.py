"""Figures about what is spent: cost against gain with the undominated set, and dose and response."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from careersim.report.analysis.paper import axis_label, bar, finish, lines, named, paper, styles
from careersim.report.style import GREY
from careersim.study.analysis.quantities import quantity


def frontier(frames: dict[str, pd.DataFrame], gain: str, title: str) -> Figure:
    """Cost against gain with 95% intervals, one panel a way to count cost; the undominated set is joined.

    Parameters
    ----------
    frames
        One place's `careersim.study.analysis.undominated_set` by name of the cost.
    """
    arms = list(dict.fromkeys(a for f in frames.values() for a in f["arm"]))
    style, factor = styles(arms), quantity(gain).factor
    note = "Filled and joined: no other strategy costs less and gains more. Lines: 95% intervals (Student t). How sure the set is: the table."
    figure, axes = paper(
        1, len(frames), 4.3 * len(frames) + 3.2, max(4.6, 0.24 * len(arms) + 1.6), title, note, sharey=True
    )
    for ax, (cost, frame) in zip(axes[0], frames.items(), strict=True):
        line = frame[frame["undominated"]].sort_values("cost")
        ax.plot(line["cost"], factor * line["gain"], color=GREY, lw=1.2, zorder=1)
        for p in lines(frame):
            colour, marker = style[p.arm]
            bar(ax, factor * p.gain_low, factor * p.gain_high, p.cost, colour, 1.4, upright=True)
            face = colour if p.undominated else "white"
            ax.plot(
                p.cost,
                factor * p.gain,
                marker,
                ms=8,
                mec=colour,
                mfc=face,
                mew=1.6,
                ls="",
                label=named(p.arm),
                zorder=3,
            )
        ax.axhline(0, color="black", lw=0.8, zorder=0)
        ax.set_xlabel(f"{quantity(cost).label} (£ a year per resident)")
        ax.grid(color="#e4e4e4", lw=0.6)
    axes[0, 0].set_ylabel(axis_label(gain))
    axes[0, -1].legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    return finish(figure)


RESPONSES = ("people.direct.income", "people.spill.income", "account.b")


def doses(frame: pd.DataFrame, title: str) -> Figure:
    """Displacement, and gains of participants, others and those who remain, against the share treated.

    Parameters
    ----------
    frame
        One place's lines of `careersim.study.analysis.dose_response`.
    """
    lines_drawn = list(dict.fromkeys(zip(frame["strategy"], frame["world"], strict=True)))
    style = dict(zip(lines_drawn, styles(f"{s}:{w.replace(' ', '')}" for s, w in lines_drawn).values(), strict=False))
    panels = ["displacement", *(m for m in RESPONSES if m in frame)]
    note = "Bars: 95% intervals (BCa for displacement, Student t otherwise). Displacement is blank where the gain it divides by is not told from zero."
    figure, axes = paper(1, len(panels), 3.3 * len(panels) + 1.6, 4.2, title, note)
    for ax, measure in zip(axes[0], panels, strict=True):
        factor = 1.0 if measure == "displacement" else quantity(measure).factor
        for k, (strategy, world) in enumerate(lines_drawn):
            part = frame[(frame["strategy"] == strategy) & (frame["world"] == world)]
            colour, marker = style[strategy, world]
            x = 100 * part["share_treated"] + 0.5 * (k - (len(lines_drawn) - 1) / 2)
            label = named(strategy) + (f"\n{world}".replace(", ", "\n") if world else "")
            ax.plot(x, factor * part[measure], marker=marker, color=colour, lw=1.4, ms=6, label=label)
            for at, line in zip(x, part.to_dict("records"), strict=True):
                bar(
                    ax, factor * line[f"{measure}.low"], factor * line[f"{measure}.high"], at, colour, 1.2, upright=True
                )
        ax.axhline(0, color="black", lw=0.8, zorder=0)
        ax.set_xlabel("took part, % of residents")
        ax.set_ylabel("£ lost by others per £ gained" if measure == "displacement" else quantity(measure).shown_unit)
        ax.set_title("Displacement" if measure == "displacement" else quantity(measure).label, fontsize=9.5)
        ax.grid(color="#e4e4e4", lw=0.6)
        if not any(math.isfinite(v) for v in frame[measure]):
            ax.text(0.5, 0.5, "blank: see the table for reasons", transform=ax.transAxes, ha="center", color=GREY)
    axes[0, -1].legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    return finish(figure)
