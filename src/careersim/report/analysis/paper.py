"""What the figures of an analysis share: how a measure is written, labels of strategies, interval bars, footnotes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from careersim.report.style import COLOURS, GREY, STYLE
from careersim.report.tables import title_of
from careersim.study.analysis.quantities import quantity
from careersim.study.task import BASELINE, PLACEBO

MARKERS = "osD^vPX<>"


def named(arm: str) -> str:
    """Name of an arm in figures.

    Examples
    --------
    >>> named("none"), named("one_to_one budget=2")
    ('no strategy', 'one to one budget=2')
    """
    return "no strategy" if arm == BASELINE else title_of(arm).removesuffix(" (noise)")


def styles(arms: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each arm: a colour for each strategy, a marker for each of its choices; none and the placebo are grey.

    Examples
    --------
    >>> found = styles(["one_to_one budget=1", "one_to_one budget=2", "brokering"])
    >>> found["one_to_one budget=1"][0] == found["one_to_one budget=2"][0] != found["brokering"][0]
    True
    """
    named_arms = [a for a in dict.fromkeys(arms) if a not in (BASELINE, PLACEBO)]
    families: dict[str, list[str]] = {}
    for arm in named_arms:
        families.setdefault(arm.split(" ")[0], []).append(arm)
    out = {}
    for k, family in enumerate(families.values()):
        for j, arm in enumerate(family):
            out[arm] = (COLOURS[k % len(COLOURS)], MARKERS[(j if len(family) > 1 else k) % len(MARKERS)])
    return out | {BASELINE: (GREY, "s"), PLACEBO: (GREY, "x")}


def shown(measure: str, value: float, signed: bool = True) -> str:
    """A measure's value in its shown unit, with a sign.

    Examples
    --------
    >>> shown("place.employment_rate", 0.0123), shown("account.b", -1234.4)
    ('+1.23', '-1,234')
    """
    if not math.isfinite(value):
        return "–"
    x = value * quantity(measure).factor
    decimals = 0 if abs(x) >= 100 else 1 if abs(x) >= 10 else 2
    x = round(x, decimals) + 0.0
    return f"{x:{'+' if signed and x else ''},.{decimals}f}"


def axis_label(measure: str) -> str:
    """Label of a measure's axis: its name and shown unit."""
    q = quantity(measure)
    return f"{q.label}\n({q.shown_unit})\nagainst no strategy"


def short(parameter: str) -> str:
    """Name of an uncertain number or axis in figures.

    Examples
    --------
    >>> short("uncertainties.migration.cost"), short("none.tightness")
    ('migration.cost', 'tightness without a strategy')
    """
    if parameter.startswith("none."):
        return f"{parameter.removeprefix('none.').replace('_', ' ')} without a strategy"
    return parameter.removeprefix("uncertainties.").removeprefix("choices.").removeprefix("conditions.")


def lines(frame: pd.DataFrame) -> list[Any]:
    """The lines of a frame, each with its columns as attributes."""
    return list(frame.itertuples(index=False))


def bar(ax: Axes, low: float, high: float, at: float, colour: str, width: float = 1.6, upright: bool = False) -> None:
    """An interval as a line; nothing where there is none."""
    if math.isfinite(low) and math.isfinite(high):
        ends, here = [low, high], [at, at]
        ax.plot(*((here, ends) if upright else (ends, here)), color=colour, lw=width, solid_capstyle="butt", zorder=2)


def paper(
    rows: int, columns: int, width: float, height: float, title: str, note: str, **more: Any
) -> tuple[Figure, Any]:
    """A figure with axes, title and footnote in the house style; lay it out with `finish`."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **more)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        figure.text(0.01, 0.005, note, fontsize=8.5, color=GREY, va="bottom")
    return figure, axes


def finish(figure: Figure, note_lines: int = 1) -> Figure:
    """Make room for title and footnote."""
    bottom = (0.08 + 0.14 * note_lines) / figure.get_figheight()
    with plt.rc_context(STYLE):
        figure.tight_layout(rect=(0, bottom, 1, 0.99), h_pad=1.6, w_pad=2.0)
    return figure
