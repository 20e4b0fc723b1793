"""The final table: what each strategy did, in words and units that a policy maker knows, and the same as plain text and CSV."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field, replace

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from careersim.report.efficient import undominated_sentence, undominated_table
from careersim.report.kinds import BLANK, Kind, title_of
from careersim.report.rows import ASSUMED, ONLY_IN_THE_FILE, SECTIONS, Row, Section
from careersim.report.wide import MOST_ACROSS, NAME_WIDTH, down, in_blocks, one_line
from careersim.study.comparison import ArmResult, Comparison
from careersim.study.lines import COSTS
from careersim.study.statistics import Estimate
from careersim.study.task import PLACEBO

PLAIN_WIDTH = 150
"""Columns of the table in a text file."""


SPENDING = tuple(f"cost.{c}" for c in COSTS)
"""Lines on what is spent, which are not effects."""


@dataclass
class _Notes:
    """Reasons for blanks, numbered as they come up."""

    reasons: list[str] = field(default_factory=list)

    def mark(self, reason: str) -> str:
        """A letter for the reason."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        k = self.reasons.index(reason)
        return ("" if k < 26 else chr(ord("a") + k // 26 - 1)) + chr(ord("a") + k % 26)


def cell(e: Estimate, kind: Kind, notes: _Notes) -> Text:
    """Value above its interval; a blank carries the letter of its reason."""
    if not math.isfinite(e.value):
        return Text(f"{BLANK} ({notes.mark(e.reason or 'no value')})", "dim")
    star = kind.signed and e.tells_from_zero
    out = Text(kind.text(e.value) + ("*" if star else ""), "bold" if star else "")
    if e.has_interval:
        bare = replace(kind, after="")
        return out + Text(f"\n{bare.text(e.low)} to {bare.text(e.high)}", "dim")
    return out if not e.reason else out + Text(f"\n({notes.mark(e.reason)})", "dim")


def final_table(comparison: Comparison, label: str = "", more_notes: tuple[str, ...] = ()) -> Group:
    """The final table of one place, for a terminal: sections, verdicts and footnotes."""
    notes, arms = _Notes(), list(comparison.arms.values())
    parts: list = [Text(heading(comparison, label), "bold")]
    for section in SECTIONS:
        shown = [r for r in section.rows if not r.if_any or any(math.isfinite(r.get(a).value) for a in arms)]
        if not shown:
            continue
        section = Section(section.title, tuple(shown))
        parts.append(Text(""))
        parts += (
            _downwards(section, comparison, arms, notes)
            if len(arms) > MOST_ACROSS
            else [_section(section, comparison, arms, notes)]
        )
        if section.title.startswith("Asset"):
            parts.append(_verdicts(arms))
    parts += [
        Text(""),
        undominated_table(comparison, notes.mark),
        Padding(Text(undominated_sentence(comparison), "bold"), (0, 0, 0, 2)),
    ]
    parts += [Text("")] + [Padding(Text(line), (0, 0, 0, 2)) for line in sentences(comparison)]
    footnotes = [f"({notes.mark(r)}) {r}" for r in notes.reasons] + [*ASSUMED, *more_notes]
    parts += [Text("")] + [Padding(Text(note, "dim"), (0, 0, 0, 2)) for note in footnotes]
    return Group(*parts)


def heading(c: Comparison, label: str = "") -> str:
    """One line: where, how many, how long, how often."""
    years = c.months / 12
    stands = f" (each stands for {c.scale:,.1f})" if c.scale > 1.05 else ""
    replicates = f"{c.replicates} paired replicate" + ("s" if c.replicates != 1 else "")
    return f"{label or c.place}: {c.residents:,.0f} residents{stands}, {years:g} year{'' if years == 1 else 's'}, {replicates}"


def _section(section: Section, comparison: Comparison, arms: list[ArmResult], notes: _Notes) -> Table:
    """One section as a table: lines down, arms across."""
    with_level = any(row.level for row in section.rows)
    table = Table(
        box=box.SIMPLE_HEAD, title=section.title, title_justify="left", title_style="bold", pad_edge=False, expand=False
    )
    table.add_column("", max_width=44)
    if with_level:
        table.add_column("none", justify="right", style="cyan")
    for arm in arms:
        table.add_column(title_of(arm.name), justify="right", style="dim" if arm.name == PLACEBO else "")
    for row in section.rows:
        cells: list = [row.label]
        if with_level:
            level = comparison.baseline.get(row.name.removeprefix("place."))
            cells.append(row.level.text(level.value, signed=False) if level and row.level else "")
        table.add_row(*cells, *(cell(row.get(a), row.kind, notes) for a in arms))
    return table


def _downwards(section: Section, comparison: Comparison, arms: list[ArmResult], notes: _Notes) -> list[Table | Text]:
    """One section for many strategies: strategies down, a few lines of the section across in each table."""
    lines: list[tuple[str, list[Text]]] = []
    if any(row.level for row in section.rows):
        levels = [comparison.baseline.get(row.name.removeprefix("place.")) for row in section.rows]
        said = [
            r.level.text(e.value, signed=False) if e and r.level else ""
            for r, e in zip(section.rows, levels, strict=True)
        ]
        lines.append(("none (level)", [Text(c, "cyan") for c in said]))
    lines += [(title_of(a.name), [one_line(r.get(a), r.kind, notes.mark) for r in section.rows]) for a in arms]
    names, heads = [name for name, _ in lines], [row.label for row in section.rows]
    widths = [max(len(cells[k]) for _, cells in lines) for k in range(len(heads))]
    blocks = in_blocks(widths, PLAIN_WIDTH - min(max(map(len, names)), NAME_WIDTH))
    tables: list[Table | Text] = []
    for k, block in enumerate(blocks):
        if k:
            tables.append(Text(""))
        title = section.title + (f" ({k + 1} of {len(blocks)})" if len(blocks) > 1 else "")
        tables.append(down(title, heads[block], [(name, cells[block]) for name, cells in lines], [title_of(PLACEBO)]))
    return tables


def _verdicts(arms: list[ArmResult]) -> Padding:
    """What the account says of each strategy."""
    said = [f"{title_of(a.name)}: {a.account.verdict}" for a in arms if a.name != PLACEBO]
    return Padding(Text("The account says  " + ";  ".join(said) + ".", "bold"), (0, 0, 0, 2))


def sentences(c: Comparison) -> list[str]:
    """What a reader should not miss, in sentences: chance findings, signs that differ, and the noise floor."""
    out = []
    told = [e.tells_from_zero for e in _intervals(c)]
    if told:
        out.append(
            f"Stars: {len(told)} intervals are shown; if no strategy did anything, about {max(1, round(0.05 * len(told)))} of them would exclude "
            f"zero by chance; {sum(told)} do. Trust a pattern over a single star."
        )
    differ: dict[str, list[str]] = {}
    for a in c.arms.values():
        if a.signs and a.name != PLACEBO:
            differ.setdefault(", ".join(a.signs), []).append(title_of(a.name))
    out += [
        f"{', '.join(n)}: pounds and own terms point in opposite directions for {who}." for who, n in differ.items()
    ]
    factors = [
        a.place["employment_rate"].variance_reduction
        for a in c.arms.values()
        if a.name != PLACEBO and "employment_rate" in a.place
    ]
    if factors and math.isfinite(max(factors)) and c.replicates > 2:
        least, most = f"{min(factors):,.1f}", f"{max(factors):,.1f}"
        out.append(
            "Pairing: the same luck in all worlds made the employment differences as sure as "
            f"{least if least == most else f'{least} to {most}'} times as many unpaired replicates would."
        )
    if PLACEBO in c.arms:
        out.append(_noise_floor(c.arms[PLACEBO]))
    return out


def _noise_floor(placebo: ArmResult) -> str:
    """What the placebo arm says of single lives."""
    touched, size = (placebo.heads[f"noise.{name}"].value for name in ("touched_share", "mean_size"))
    if not touched > 0:
        return (
            "Noise floor: perturbing one resident changed nobody else's life in these replicates; with so few people or years the "
            "placebo says little."
        )
    return (
        f"Noise floor: perturbing one single resident (placebo) changes the income of {100 * touched:.1f}% of people by at least £1 over the "
        f"period (£{size:,.0f} up or down, averaged over everybody), and where {placebo.heads['n_changed'].value:.1f} per 1,000 live. Single lives are "
        "sorted by chance: only means are what a strategy does, and none should be read that is no larger than the placebo's."
    )


def _intervals(c: Comparison) -> list[Estimate]:
    """The differences shown with an interval, costs and head counts apart (they are never zero)."""
    rows = [r for s in SECTIONS for r in s.rows if r.kind.signed and r.name not in SPENDING]
    found = [row.get(c.arms[arm]) for arm in c.strategies for row in rows]
    return [e for e in found if e.has_interval and e.low < e.high]


def plain_text(comparison: Comparison, label: str = "", more_notes: tuple[str, ...] = ()) -> str:
    """The final table as plain text of fixed width, without colour."""
    stream = io.StringIO()
    console = Console(file=stream, width=PLAIN_WIDTH, color_system=None, highlight=False, legacy_windows=False)
    console.print(final_table(comparison, label, more_notes))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def tidy(comparison: Comparison) -> pd.DataFrame:
    """The final table as data: one line per strategy and measure, with interval, replicates and reason for a blank."""
    rows = []
    for arm in comparison.arms.values():
        for section in (*SECTIONS, Section("Further", ONLY_IN_THE_FILE)):
            rows += [_tidy_row(comparison.place, arm, section, row) for row in section.rows]
        rows.append(
            {"place": comparison.place, "strategy": arm.name, "section": "Asset-stripping account", "measure": "account.verdict",
             "label": "What the account says", "unit": "word", "text": arm.account.verdict}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _tidy_row(place: str, arm: ArmResult, section: Section, row: Row) -> dict:
    e = row.get(arm)
    return {
        "place": place,
        "strategy": arm.name,
        "section": section.title,
        "measure": row.name,
        "label": row.label,
        "unit": row.unit,
        "value": e.value,
        "low": e.low,
        "high": e.high,
        "standard_error": e.standard_error,
        "replicates": e.n,
        "variance_reduction": e.variance_reduction,
        "text": e.reason,
    }


__all__ = [
    "SECTIONS",
    "cell",
    "final_table",
    "heading",
    "plain_text",
    "sentences",
    "tidy",
    "title_of",
]
