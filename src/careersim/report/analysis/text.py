"""The tables of an analysis as they are printed and written to ``analysis.txt``."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence

import pandas as pd
from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from careersim.report.analysis.paper import lines, named, short, shown
from careersim.study.analysis.paired import MOST_REPLICATES
from careersim.study.analysis.quantities import quantity

WIDTH = 150
MOST_ROWS = 60


def section(title: str, *parts: RenderableType) -> Group:
    """A titled part of the analysis."""
    return Group(Text(""), Text(title, "bold"), *parts)


def words(*lines: str) -> Padding:
    """Sentences under a table."""
    return Padding(Text("\n".join(lines)), (0, 0, 0, 2))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1, file: str = "") -> Group:
    """A table whose first ``left`` columns are text; long ones are cut, and the reader told where the rest is."""
    out = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for k, head in enumerate(heads):
        out.add_column(head, justify="left" if k < left else "right", overflow="fold")
    listed = list(rows)
    for row in listed[:MOST_ROWS]:
        if len(row) != len(heads):
            raise ValueError(f"a line of {len(row)} cells under {len(heads)} heads")
        out.add_row(*(cell.replace("[", "\\[") for cell in row))
    rest = len(listed) - MOST_ROWS
    return Group(out, words(f"... and {rest} more lines: {file}")) if rest > 0 else Group(out)


def interval(measure: str, low: float, high: float) -> str:
    """An interval in a measure's shown unit."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    ends = sorted((low, high), key=lambda x: x * quantity(measure).factor)
    return f"{shown(measure, ends[0])} to {shown(measure, ends[1])}"


def p_text(p: float) -> str:
    """A p value as people write it.

    Examples
    --------
    >>> p_text(0.0004), p_text(0.0312), p_text(float("nan"))
    ('<.001', '.031', '–')
    """
    return "–" if not math.isfinite(p) else "<.001" if p < 0.001 else f"{p:.3f}".lstrip("0") if p < 1 else "1"


def label(measure: str) -> str:
    """A measure with its shown unit."""
    return f"{quantity(measure).label} ({quantity(measure).shown_unit})"


def differences_table(frame: pd.DataFrame) -> Group:
    """Paired differences of one place and point."""
    heads = (
        "measure",
        "strategy",
        "difference",
        "95% Student t",
        "95% BCa",
        "p",
        "p (Holm)",
        "variance reduction",
        "replicates",
    )
    rows = []
    last = ""
    for r in lines(frame):
        saved = f"{r.variance_reduction:.1f}x" if math.isfinite(r.variance_reduction) else "–"
        rows.append(
            (label(r.measure) if r.measure != last else "", named(r.arm), shown(r.measure, r.difference), interval(r.measure, r.low, r.high),
             interval(r.measure, r.bca_low, r.bca_high), p_text(r.p), p_text(r.p_holm), saved, str(r.replicates))
        )  # fmt: skip
        last = r.measure
    return table(heads, rows, 2, "analysis/differences.csv")


def replicates_table(frame: pd.DataFrame) -> Group:
    """How many replicates are enough, of one place and point."""
    heads = ("measure", "strategy", "replicates here", "half width here", "half width asked", "replicates needed")
    rows = []
    for r in lines(frame):
        needed = f"{r.needed:,}" if r.needed < MOST_REPLICATES else "over a million"
        rows.append(
            (
                label(r.measure),
                named(r.arm),
                str(r.replicates),
                shown(r.measure, r.half_width, False),
                shown(r.measure, r.asked, False),
                needed,
            )
        )
    return table(heads, rows, 2, "analysis/replicates.csv")


def worlds_table(frame: pd.DataFrame) -> Group:
    """Differences over uncertain worlds of one place."""
    heads = ("measure", "strategy", "median of worlds", "5% to 95% of worlds", "worlds above zero", "worlds")
    rows = [
        (
            label(r.measure),
            named(r.arm),
            shown(r.measure, r.median),
            interval(r.measure, r.low5, r.high95),
            f"{r.above_zero:.0%}",
            str(r.worlds),
        )
        for r in lines(frame)
    ]
    return table(heads, rows, 2, "analysis/worlds.csv")


def shares_table(frame: pd.DataFrame) -> Group:
    """In what share of worlds A beats B."""
    heads = ("measure", "A beats B", "share of worlds", "95% interval", "A for sure", "B for sure", "worlds")
    rows = [
        (
            quantity(r.measure).label,
            f"{named(r.a)} > {named(r.b)}",
            f"{r.share:.0%}",
            f"{r.low:.0%} to {r.high:.0%}",
            f"{r.a_for_sure:.0%}",
            f"{r.b_for_sure:.0%}",
            str(r.worlds),
        )
        for r in lines(frame)
    ]
    return table(heads, rows, 2, "analysis/robustness.csv")


def sensitivity_table(frame: pd.DataFrame, most: int = 5) -> Group:
    """The numbers that matter most, of one place: the largest of each strategy, measure and index."""
    heads = ("measure", "strategy", "index", "uncertain number", "value", "95% interval", "by luck", "told from luck")
    rows = []
    for names, part in frame.groupby(["measure", "arm", "index"], sort=False):
        measure, arm, index = map(str, names)
        for r in lines(part.sort_values("value", ascending=False).head(most)):
            bounds = f"{r.low:.2f} to {r.high:.2f}" if math.isfinite(r.low) else "–"
            luck = f"{r.by_luck:.2f}" if math.isfinite(r.by_luck) else "–"
            told = ("yes" if r.value > r.by_luck else "no") if math.isfinite(r.by_luck) else "–"
            rows.append(
                (quantity(measure).label, named(arm), index, short(r.parameter), f"{r.value:.2f}", bounds, luck, told)
            )
    return table(heads, rows, 4, "analysis/sensitivity.csv")


def frontier_table(frame: pd.DataFrame, gain: str) -> Group:
    """Cost, gain and who is undominated, of one place."""
    heads = (
        "strategy",
        "cost, £ a year per resident",
        f"gain: {label(gain)}",
        "95% interval",
        "undominated",
        "in resamples",
    )
    rows = [
        (
            named(r.arm),
            f"{r.cost:,.2f}",
            shown(gain, r.gain),
            interval(gain, r.gain_low, r.gain_high),
            "yes" if r.undominated else "no",
            f"{r.undominated_share:.0%}" if math.isfinite(r.undominated_share) else "–",
        )
        for r in lines(frame.sort_values("cost"))
    ]
    return table(heads, rows, 1, "analysis/undominated.csv")


def doses_table(frame: pd.DataFrame) -> Group:
    """Dose and response of one place."""
    heads = (
        "strategy",
        "world",
        "took part, % of residents",
        "displacement",
        "95% BCa",
        "participants' income",
        "others' income",
        "why blank",
    )
    rows = []
    for r in frame.to_dict("records"):
        bounds = f"{r['displacement.low']:.2f} to {r['displacement.high']:.2f}" if not r["reason"] else "–"
        gains = [shown(m, r.get(m, math.nan)) for m in ("people.direct.income", "people.spill.income")]
        value = f"{r['displacement']:.2f}" if not r["reason"] else "–"
        rows.append(
            (named(r["arm"]), r["world"], f"{100 * r['share_treated']:.1f}", value, bounds, *gains, r["reason"])
        )
    return table(heads, rows, 2, "analysis/doses.csv")


def phase_table(cells: pd.DataFrame, measure: str, x: str, y: str) -> Group:
    """The cells of a phase diagram."""
    heads = (short(x), short(y), "best", f"gain: {label(measure)}", "runner-up", "margin", "95% interval", "told apart")
    rows = [
        (
            f"{r.x:.3g}",
            f"{r.y:.3g}",
            named(r.best),
            shown(measure, r.gain),
            named(r.runner_up),
            shown(measure, r.margin),
            interval(measure, r.low, r.high),
            "yes" if r.told else "no",
        )
        for r in lines(cells)
    ]
    return table(heads, rows, 2, "analysis/phase.csv")


def plain(parts: Sequence[RenderableType]) -> str:
    """The analysis as plain text of fixed width."""
    stream = io.StringIO()
    console = Console(file=stream, width=WIDTH, color_system=None, highlight=False, legacy_windows=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
