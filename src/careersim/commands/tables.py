"""Tables on the terminal: as wide as it is, or wide enough for a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

WIDTH_IN_A_FILE = 150


def console() -> Console:
    """Return the terminal; output to a file or a pipe gets a fixed width, so that it does not depend on the window."""
    out = Console(highlight=False, soft_wrap=False)
    return out if out.is_terminal else Console(highlight=False, width=WIDTH_IN_A_FILE)


def show(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = (), note: str = ""
) -> None:
    """Print a table; columns numbered in ``right`` are numbers."""
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption=note or None,
        caption_justify="left",
    )
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    console().print(table)


def percent(share: float, digits: int = 1) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.{digits}f}%"
