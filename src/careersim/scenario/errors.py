"""What is wrong with an input, said so that it can be put right: file, line, field, allowed range, found, nearest name."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

LINES_ON_A_SCREEN = 22
WIDTH = 110


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, or None if none is close.

    Dots are looked through: ``search.kapa`` and ``kapa`` are both near ``search.kappa``.
    """
    names = sorted(set(known))
    wanted = str(name).strip()
    lowered = {n.lower().replace("-", "_").replace(" ", "_"): n for n in names}
    close = difflib.get_close_matches(wanted.lower().replace("-", "_").replace(" ", "_"), lowered, n=1, cutoff=0.6)
    if close:
        return lowered[close[0]]
    last = {n.rsplit(".", 1)[-1].lower(): n for n in names}
    close = difflib.get_close_matches(wanted.rsplit(".", 1)[-1].lower(), last, n=1, cutoff=0.75)
    return last[close[0]] if close else None


def shown(value: object, width: int = 60) -> str:
    """Return a value as it may stand in a message: short, on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= width else text[: width - 3] + "..."


def plain(value: float) -> str:
    """Return a number as one would type it: 2000000, not 2e+06."""
    return f"{value:.0f}" if abs(value) >= 1000 and value == int(value) else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input."""

    message: str
    """What is wrong, in a sentence."""
    field: str = ""
    """Dotted name of the field, such as ``parameters.search.kappa``."""
    file: str = ""
    """File, or the ``--set`` that gave the value."""
    line: int = 0
    """Line in the file, from 1; 0 if there is none."""
    column: int = 0
    """Column in the line, from 1."""
    allowed: str = ""
    """What is allowed: a range, a list of names, a type."""
    found: str = ""
    """What stands there."""
    suggestion: str = ""
    """The nearest known name, or what to write instead."""

    def where(self) -> str:
        """Return ``file, line 3, column 5``, as far as known."""
        parts = [self.file] if self.file else []
        if self.line:
            parts.append(f"line {self.line}, column {self.column}")
        return ", ".join(parts)

    def text(self) -> str:
        """Return the problem in one or a few lines: where, which field, what is wrong."""
        facts = [self.message]
        if self.allowed:
            facts.append(f"allowed: {self.allowed}")
        if self.found:
            facts.append(f"found: {self.found}")
        if self.suggestion:
            facts.append(f"did you mean {self.suggestion}?")
        head, body = ": ".join(part for part in (self.where(), self.field) if part), "; ".join(facts)
        if not head or len(head) + len(body) + 2 <= WIDTH:
            return textwrap.fill(_cut(f"{head}: {body}" if head else body), WIDTH, subsequent_indent="    ")
        return f"{_cut(head, WIDTH)}\n" + textwrap.fill(
            _cut(body), WIDTH, initial_indent="    ", subsequent_indent="    "
        )


def _cut(text: str, most: int = 5 * WIDTH) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


class ScenarioError(Exception):
    """An input that cannot be run, with every problem found in it.

    Parameters
    ----------
    problems
        What is wrong: problems, or plain sentences.
    title
        One line that says what could not be done.
    """

    def __init__(self, problems: Iterable[Problem | str] | str, title: str = "") -> None:
        listed = [problems] if isinstance(problems, str) else list(problems)
        self.problems: list[Problem] = [p if isinstance(p, Problem) else Problem(p) for p in listed]
        self.title = title
        super().__init__(self.screen())

    def screen(self) -> str:
        """Return a message that fits one screen, without a traceback."""
        n = len(self.problems)
        title = self.title or ("This cannot be run" if n == 1 else f"This cannot be run: {n} problems")
        lines, shown_problems = [f"{title}."], 0
        for problem in sorted(self.problems, key=lambda p: (p.file, p.line, p.column)):
            more = problem.text().splitlines()
            if shown_problems and len(lines) + len(more) > LINES_ON_A_SCREEN - 2:
                break
            lines += ["  " + line for line in more]
            shown_problems += 1
        if shown_problems < n:
            lines.append(f"  ... and {n - shown_problems} more.")
        return "\n".join(lines)
