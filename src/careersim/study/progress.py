"""Progress on a terminal: how much is done and how long it will take; silence under two seconds."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

QUIET_SECONDS = 2.0
LINE_SECONDS = 15.0
"""Seconds between two plain lines where there is no terminal."""


class Progress:
    """Shows the share of months simulated: a bar with time left on a terminal, a plain line now and then elsewhere.

    Parameters
    ----------
    total : int
        Months to simulate in all.
    stream : file, optional
        Where to show it; default standard error.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = max(total, 1)
        self.stream = stream or sys.stderr
        self.began = time.monotonic()
        self.last_line = self.began
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def say(self, text: str) -> None:
        """Print a line at once, above the bar if there is one."""
        if self.bar is not None:
            self.bar.console.print(text, highlight=False)
        else:
            print(text, file=self.stream, flush=True)

    def show(self, done: int, settled: int = 0, settling: int = 0) -> None:
        """Show that ``done`` months of policy and ``settled`` of ``settling`` months of burn-in are simulated."""
        now = time.monotonic()
        if now - self.began < QUIET_SECONDS:
            return
        total = self.total + settling
        done = min(done + settled, total)  # a shared task simulates its `none` once more
        doing = "settling and simulating" if settled < settling else "simulating"
        if self.stream.isatty():
            self._show_bar(doing, done, total)
        elif now - self.last_line >= LINE_SECONDS:
            self.last_line = now
            left = (now - self.began) * (total - done) / done if done else float("nan")
            print(f"{doing}: {100 * done // total}% done, about {in_words(left)} left", file=self.stream, flush=True)

    def _show_bar(self, doing: str, done: int, total: int) -> None:
        """Make the bar when first needed, and move it."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        if self.bar is None:
            columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
            self.bar = Bar(*columns, TextColumn("left"), console=Console(file=self.stream), transient=True)
            self.task = self.bar.add_task(doing, total=total)
            self.bar.start()
        self.bar.update(self.task, description=doing, completed=done, total=total)


def in_words(seconds: float) -> str:
    """A length of time as a person would say it.

    Examples
    --------
    >>> in_words(5), in_words(75), in_words(8000)
    ('5 s', '1 min 15 s', '2 h 13 min')
    """
    if seconds != seconds:
        return "?"
    s = round(seconds)
    if s < 60:
        return f"{s} s"
    if s < 3600:
        return f"{s // 60} min {s % 60} s"
    return f"{s // 3600} h {s % 3600 // 60} min"
