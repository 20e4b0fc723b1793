"""The final table of many strategies: strategies down, so that they are compared within a column, a line each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from careersim.report.kinds import BLANK, Kind
from careersim.study.statistics import Estimate

MOST_ACROSS = 6
"""Strategies that stand side by side; more are listed downwards."""
MOST_COLUMNS = 4
"""Measures in one table."""
NAME_WIDTH = 28


def in_blocks(rows: Sequence[Any], most: int = MOST_COLUMNS) -> list[Sequence[Any]]:
    """Return the rows in as few blocks of nearly equal size as hold at most ``most`` each.

    Examples
    --------
    >>> [len(block) for block in in_blocks(range(9))]
    [3, 3, 3]
    """
    n = math.ceil(len(rows) / most)
    size = math.ceil(len(rows) / n) if n else 1
    return [rows[k : k + size] for k in range(0, len(rows), size)]


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
        box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False, expand=False
    )
    table.add_column("", max_width=NAME_WIDTH, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right", max_width=28)
    for name, cells in lines:
        table.add_row(name, *cells, style="dim" if name in dim else None)
    return table
