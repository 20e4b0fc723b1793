"""The page of strategies, written from their docstrings and fields: ``docs/strategies.md`` (``careersim list strategies --docs``)."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

from careersim.scenario.catalogue import ParameterRow, parameter_table
from careersim.scenario.parameters import Parameters
from careersim.services import BUILT_IN, named
from careersim.services.base import Strategy

PARTS = ("Who", "Format", "Content", "How much", "Cost", "Source", "What it is not", "Example")
"""What the docstring of a strategy says, in this order."""
NO_SESSIONS = ("none", "placebo", "mixture", "sequence")
"""Strategies that give no sessions themselves, and so have neither format nor price of their own."""
HEAD = """# Strategies

<!-- Written by `careersim list strategies --docs` from the docstrings and fields of the code; do not edit. -->

Every strategy is *who* x *format* x *content* x *how much* x *cost*, one class in one file of `src/careersim/services/`. It acts through
levers only: what people know, whom they know, how they search, how pay is set; never employment, pay, residence or civic capital.
The settings of every strategy stand at the end. How to write your own: `docs/add-a-strategy.md`.
"""


def strategies_page(names: Iterable[str] = tuple(BUILT_IN)) -> str:
    """Return the page on the named strategies, in Markdown."""
    kinds = {name: named(name) for name in names}
    parts = [HEAD, _overview(kinds), *(section(name, kind) for name, kind in kinds.items()), _shared()]
    return "\n".join(parts)


def sentences_of(kind: type) -> list[str]:
    """Return what a strategy's docstring says: first its summary, then one entry a part (who, format, content, …)."""
    text = " ".join((inspect.getdoc(kind) or "").split())
    starts = "|".join(PARTS)
    return [t.strip() for t in re.split(rf"\s(?=\*(?:{starts})\*)|\s(?=(?:Example):)", text) if t.strip()]


def own_settings(kind: type[Strategy]) -> list[ParameterRow]:
    """Return the settings that a strategy adds, and those of every strategy for which it has a default of its own."""
    shared = {row.name: row for row in parameter_table(Strategy)}
    return [row for row in parameter_table(kind) if row.name not in shared or row.default != shared[row.name].default]


def price_of(name: str, kind: type[Strategy]) -> str:
    """Return the default price of a strategy in words."""
    if name in NO_SESSIONS:
        return "–"
    return f"£{kind().price_per_head(Parameters()):,.2f}"


def format_of(name: str, kind: type[Strategy]) -> str:
    """Return the default format of a strategy in words."""
    if name in NO_SESSIONS:
        return "–"
    return str(kind.model_fields["format"].default).replace("_", " ")


def _overview(kinds: dict[str, type[Strategy]]) -> str:
    lines = [
        f"| [`{name}`](#{name}) | {kind.summary()} | {format_of(name, kind)} | {price_of(name, kind)} |"
        for name, kind in kinds.items()
    ]
    head = "| strategy | what it does | format | price a head and session |\n|---|---|---|---|"
    return "\n".join([head, *lines, ""])


def section(name: str, kind: type[Strategy]) -> str:
    """Return the section on one strategy."""
    summary, *rest = sentences_of(kind)
    lines = [f"## {name}", "", summary, "", *(f"- {text}" for text in rest), ""]
    levers = kind().may_use()
    lines += ["Levers: " + (", ".join(f"`{lever}`" for lever in sorted(levers)) or "none of its own") + ".", ""]
    rows = own_settings(kind)
    return "\n".join([*lines, *(_table(rows) if rows else []), ""])


def _shared() -> str:
    lines = ["## Settings of every strategy", "", *_table(parameter_table(Strategy)), ""]
    return "\n".join(lines)


def _table(rows: Iterable[ParameterRow]) -> list[str]:
    out = ["| setting | default | allowed | unit | grade | meaning (source) |", "|---|---|---|---|---|---|"]
    for r in rows:
        meaning = f"{r.doc} ({r.source})" if r.source else r.doc
        cells = (f"`{r.name}`", value_of(r), r.allowed, r.unit, r.grade, meaning)
        out.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
    return out


def value_of(row: ParameterRow) -> str:
    """Return a default as one would type it in a config."""
    if row.default is None:
        return "from parameters"
    return str(row.default).lower() if isinstance(row.default, bool) else str(row.default)
