"""The final table of many strategies: strategies down, so that they are compared within a column, a line each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from rich import box
from rich.table import Table
from rich.text import Text

from careersim.report.kinds import BLANK, Kind
from careersim.study.statistics import Estimate

MOST_ACROSS = 6
"""Strategies that stand side by side; more are listed downwards."""
NAME_WIDTH = 28
LEAST_WIDTH = 14
"""A column is at least as wide as this, so that its head takes few lines."""
BETWEEN = 2
"""Characters between columns."""


def in_blocks(widths: Sequence[int], room: int) -> list[slice]:
    """Return which columns stand in which table: as many side by side as there is room for.

    Examples
    --------
    >>> [range(5)[block] for block in in_blocks([20, 20, 30, 20, 5], 66)]
    [range(0, 2), range(2, 4), range(4, 5)]
    """
    out, start, used = [], 0, 0
    for k, width in enumerate(widths):
        needed = max(width, LEAST_WIDTH) + BETWEEN
        if k > start and used + needed > room:
            out.append(slice(start, k))
            start, used = k, 0
        used += needed
    return [*out, slice(start, len(widths))]


def one_line(e: Estimate, kind: Kind, mark: Callable[[str], str]) -> Text:
    """Return value and interval on one line; a blank carries the letter of its reason."""
    if not math.isfinite(e.value):
        return Text(f"{BLANK} ({mark(e.reason or 'no value')})", "dim")
    bare = replace(kind, after="", before="", signed=False)
    star = kind.signed and e.tells_from_zero
    out = Text(kind.text(e.value) + ("*" if star else ""), "bold" if star else "")
    if e.has_interval:
        return out + Text(f" {bare.text(e.low)} to {bare.text(e.high)}", "dim")
    return out if not e.reason else out + Text(f" ({mark(e.reason)})", "dim")


def down(
    title: str, heads: Sequence[str], lines: Sequence[tuple[str, Sequence[Text | str]]], dim: Sequence[str] = ()
) -> Table:
    """Return a table with a line for each strategy; those in ``dim`` are set back."""
    table = Table(
        box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False, show_edge=False
    )
    table.add_column("", max_width=NAME_WIDTH, overflow="fold")
    for k, head in enumerate(heads):
        widest = max((len(cells[k]) for _, cells in lines), default=0)
        table.add_column(head, justify="right", width=max(widest, LEAST_WIDTH))
    for name, cells in lines:
        table.add_row(name, *cells, style="dim" if name in dim else None)
    return table
