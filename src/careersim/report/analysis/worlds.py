"""Figures over uncertain worlds: sensitivity indices, robustness of the ranking, where it flips, and the phase diagram."""

from __future__ import annotations

import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from careersim.report.analysis.paper import bar, finish, lines, named, paper, short, shown, styles
from careersim.report.style import COLOURS, GREY
from careersim.study.analysis.quantities import quantity
from careersim.study.analysis.robustness import Flip
from careersim.study.task import BASELINE

MOST_PARAMETERS = 15


def sensitivity(indices: pd.DataFrame, title: str) -> Figure:
    """Sensitivity indices with intervals: one panel a strategy, one group of bars a number, one colour an index.

    Parameters
    ----------
    indices
        Lines of `careersim.study.analysis.sensitivity_indices` of one place and one measure.
    """
    arms, kinds = list(dict.fromkeys(indices["arm"])), list(dict.fromkeys(indices["index"]))
    order = indices[indices["index"] == kinds[-1] if "sigma" not in kinds else indices["index"] == "mu*"]
    names = order.groupby("parameter")["value"].max().sort_values(ascending=False).index[:MOST_PARAMETERS].tolist()
    noise = indices["noise_share"].dropna()
    note = "Lines: 95% intervals."
    if indices["by_luck"].notna().any():
        note += " Grey ticks: what a number that does nothing may get by luck (95%)."
    if len(noise):
        note += f" Luck of replicates is {noise.min():.0%} to {noise.max():.0%} of the variance between worlds."
    figure, axes = paper(
        1, len(arms), 3.0 * len(arms) + 2.6, 1.5 + 0.42 * len(names), title, note, sharey=True, sharex=True
    )
    for ax, arm in zip(axes[0], arms, strict=True):
        for k, kind in enumerate(kinds):
            part = indices[(indices["arm"] == arm) & (indices["index"] == kind)].set_index("parameter").reindex(names)
            height = 0.8 / len(kinds)
            at = np.arange(len(names)) + (k - (len(kinds) - 1) / 2) * height
            ax.barh(at, part["value"], height=0.9 * height, color=COLOURS[k], alpha=0.75, label=kind)
            for y, (_, line) in zip(at, part.iterrows(), strict=True):
                bar(ax, line["low"], line["high"], y, "black", 1.2)
                if math.isfinite(line["by_luck"]):
                    ax.plot([line["by_luck"]] * 2, [y - height / 2, y + height / 2], color=GREY, lw=2.2)
        ax.set_title(named(arm), fontsize=10)
        ax.axvline(0, color="black", lw=0.8)
        ax.set_xlabel("index" if "mu*" not in kinds else f"{quantity(indices['measure'].iloc[0]).unit}")
    axes[0, 0].set_yticks(range(len(names)), [short(n) for n in names])
    axes[0, 0].invert_yaxis()
    axes[0, -1].legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    return finish(figure)


def robustness(shares: pd.DataFrame, title: str) -> Figure:
    """In what share of worlds A is better than B: pairs down, measures across.

    Parameters
    ----------
    shares
        `careersim.study.analysis.share_of_worlds`.
    """
    measures = list(dict.fromkeys(shares["measure"]))
    pairs = list(dict.fromkeys(zip(shares["a"], shares["b"], strict=True)))
    worlds = int(shares["worlds"].max())
    note = f"Share of {worlds} plausible worlds in which the first has the better mean; small: 95% interval, worlds taken as a sample of the ranges."
    height, width = 1.9 + 0.5 * len(pairs), 4.2 + 1.35 * len(measures)
    figure, axes = paper(1, 1, width, height, title, note)
    ax, found = axes[0, 0], {(r.a, r.b, r.measure): r for r in lines(shares)}
    grid = np.array([[found[*p, m].share if (*p, m) in found else np.nan for m in measures] for p in pairs])
    ax.imshow(grid, cmap="RdBu", vmin=0, vmax=1, aspect="auto", alpha=0.5)
    for i, p in enumerate(pairs):
        for j, m in enumerate(measures):
            if (*p, m) in found:
                r = found[*p, m]
                ax.text(j, i - 0.08, f"{r.share:.0%}", ha="center", va="center", fontsize=10, fontweight="bold")
                ax.text(j, i + 0.28, f"{r.low:.0%} to {r.high:.0%}", ha="center", va="center", fontsize=7)
    ax.set_yticks(range(len(pairs)), [f"{named(a)}  beats  {named(b)}" for a, b in pairs], fontsize=9)
    labels = [quantity(m).label.replace(": ", ":\n").replace(" (", "\n(").replace(", ", ",\n") for m in measures]
    ax.set_xticks(range(len(measures)), labels, fontsize=8)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return finish(figure)


def flip(found: Flip, worlds: pd.DataFrame, title: str) -> Figure:
    """Where the ranking flips: worlds over the two numbers that the box limits most, and the box.

    Parameters
    ----------
    worlds
        `careersim.study.analysis.robustness.world_differences` of the two strategies.
    """
    assert found.box is not None
    x, y = _two_numbers(found)
    names = [found.names[k] for k in (x, y)]
    a_wins = quantity(found.measure).better * worlds["difference"].to_numpy() > 0
    first = worlds.attrs.get("a", found.usual)
    usual_wins = a_wins if first == found.usual else ~a_wins
    style = {True: (COLOURS[0], "o", found.usual), False: (COLOURS[1], "^", found.other)}
    note = (
        "Each mark is a world; light marks: which is better cannot be told in that world. Frame: the box found by PRIM."
    )
    figure, axes = paper(1, 1, 7.2, 5.4, title, note)
    ax = axes[0, 0]
    told = (worlds["low"] > 0) | (worlds["high"] < 0)
    for won, (colour, marker, arm) in style.items():
        for sure in (False, True):
            part = worlds[(usual_wins == won) & (told == sure)]
            label = f"{named(arm)} is better" if sure else None
            ax.plot(
                part[names[0]], part[names[1]], marker, color=colour, ms=6, alpha=0.9 if sure else 0.35, label=label
            )
    low, high = found.box.low[[x, y]], found.box.high[[x, y]]
    ax.add_patch(Rectangle(tuple(low), *(high - low), fill=False, ec="black", lw=1.8))
    ax.set_xlabel(short(names[0]))
    ax.set_ylabel(short(names[1]))
    ax.set_title(quantity(found.measure).label, fontsize=10)
    ax.legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1))
    return finish(figure)


def _two_numbers(found: Flip) -> tuple[int, int]:
    """The two numbers whose range the box cuts most (the second may be unrestricted)."""
    assert found.box is not None
    span = np.maximum(found.whole[1] - found.whole[0], 1e-300)
    kept = (found.box.high - found.box.low) / span
    order = np.argsort(kept, kind="stable")
    return int(order[0]), int(order[1]) if len(order) > 1 else int(order[0])


def phase(
    cells: dict[str, pd.DataFrame], x: str, y: str, title: str, arms: list[str], places: dict[float, str] | None = None
) -> Figure:
    """The phase diagram: which strategy serves residents best in each cell, one panel a measure.

    Parameters
    ----------
    cells
        `careersim.study.analysis.phase_diagram` by measure.
    arms
        All strategies of the study, in its order: gives each its colour.
    places
        Names at the values of the x axis, where it is places.
    """
    style = styles(arms)
    best = {a for frame in cells.values() for a in frame["best"]}
    arms = [a for a in [*arms, BASELINE] if a in best]
    note = (
        "Colour: best strategy; number: its gain over no strategy in the unit above; pale: it cannot be told from the runner-up "
        "(95% interval of the paired margin holds zero)."
    )
    xs = sorted({v for frame in cells.values() for v in frame["x"]})
    ys = sorted({v for frame in cells.values() for v in frame["y"]})
    tightness: dict[Any, float] = {}
    if not places and not x.startswith("none."):
        tightness = pd.concat(cells.values()).groupby("x")["tightness"].mean().dropna().to_dict()
    figure, axes = paper(
        1, len(cells), max(1.05 * len(xs), 3.6) * len(cells) + 2.8, 0.62 * len(ys) + 2.4, title, note, sharey=True
    )
    for ax, (measure, frame) in zip(axes[0], cells.items(), strict=True):
        for c in lines(frame):
            i, j = xs.index(c.x), ys.index(c.y)
            ax.add_patch(
                Rectangle((i - 0.5, j - 0.5), 1, 1, color=style[c.best][0], alpha=0.85 if c.told else 0.3, lw=0)
            )
            ax.text(i, j, shown(measure, quantity(measure).better * c.gain), ha="center", va="center", fontsize=8)
        ax.set_xlim(-0.5, len(xs) - 0.5)
        ax.set_ylim(-0.5, len(ys) - 0.5)
        ax.set_xticks(
            range(len(xs)),
            [_tick(v, places, tightness.get(v)) for v in xs],
            rotation=35 if places else 0,
            ha="right" if places else "center",
            fontsize=8.5,
        )
        ax.set_yticks(range(len(ys)), [f"{v:.3g}" for v in ys], fontsize=8.5)
        said = f"{short(x)}\n(in brackets: vacancies per unemployed without a strategy)" if tightness else short(x)
        ax.set_xlabel("place (tightness without a strategy)" if places else said)
        ax.set_title(f"{quantity(measure).label}\n({quantity(measure).shown_unit})", fontsize=9.5)
    axes[0, 0].set_ylabel(short(y))
    handles = [plt.Rectangle((0, 0), 1, 1, color=style[a][0], alpha=0.85) for a in arms]
    axes[0, -1].legend(
        handles, [named(a) for a in arms], fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1)
    )
    return finish(figure)


def _tick(value: float, places: dict[float, str] | None, tightness: float | None) -> str:
    """A value of the x axis: the place's name, or the number with the tightness it makes."""
    if places and value in places:
        return f"{places[value]} ({value:.2f})"
    return f"{value:.3g}" + (f"\n({tightness:.2f})" if tightness is not None and math.isfinite(tightness) else "")
