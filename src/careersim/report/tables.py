"""The final table: what each strategy did, in words and units that a policy maker knows, and the same as plain text and CSV."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from careersim.report.efficient import undominated_sentence, undominated_table
from careersim.report.kinds import BLANK, COUNT, HEADS, PENCE, POINTS, POUNDS, RATIO, SHARE, SKILL, Kind, title_of
from careersim.report.wide import MOST_ACROSS, down, in_blocks, one_line
from careersim.study.comparison import GROUPS, ArmResult, Comparison
from careersim.study.statistics import Estimate
from careersim.study.tasks import LEVEL_WINDOW, PLACEBO

PLAIN_WIDTH = 150
"""Columns of the table in a text file."""


@dataclass(frozen=True)
class Row:
    """One line of the table: what it is about, where its numbers come from, how they are written."""

    name: str
    """Name in the CSV."""
    label: str
    unit: str
    kind: Kind
    get: Callable[[ArmResult], Estimate]
    level: Kind | None = None
    """How the level without a strategy is written; None if there is none."""


@dataclass(frozen=True)
class Section:
    """Lines that belong together."""

    title: str
    rows: tuple[Row, ...]


def _place(name: str, label: str, unit: str, kind: Kind, level: Kind) -> Row:
    return Row(
        f"place.{name}",
        label,
        unit,
        kind,
        lambda a: a.place.get(name, Estimate(math.nan, reason="not measured")),
        level,
    )


def _people(name: str, label: str) -> Row:
    return Row(f"people.{name}", label, "GBP a year per person", POUNDS, lambda a: a.people[name])


def _account(name: str, label: str, unit: str, kind: Kind) -> Row:
    return Row(f"account.{name}", label, unit, kind, lambda a: a.account.parts[name])


def _cost(name: str, label: str) -> Row:
    return Row(f"cost.{name}", label, "GBP a year per resident", PENCE, lambda a: a.cost[name])


def _further(name: str, label: str) -> Row:
    return Row(f"further.{name}", label, "GBP a year per resident", PENCE, lambda a: a.further[name])


def _index_if(a: ArmResult, name: str) -> Estimate:
    """The index, if it is of this name, else a blank with its reason."""
    if a.account.index_name == name or not a.account.index_name:
        return a.account.index
    opposite = (
        "the two groups' gains have opposite signs" if name == "ASI" else "the two groups' gains have the same sign"
    )
    return Estimate(math.nan, n=a.account.index.n, reason=opposite)


SECTIONS = (
    Section(
        "The place, against no strategy",
        (
            _place("employment_rate", "Employment (share of residents 16-64)", "share", POINTS, SHARE),
            _place("unemployment_rate", "Unemployment (share of the active)", "share", POINTS, SHARE),
            _place("median_pay", "Median pay of residents, a month", "GBP per month", POUNDS, POUNDS),
            _place("out_moves", "Leavers a year per 1,000 residents", "per 1,000 residents and year", COUNT, COUNT),
            _place("resident_skill", "Resident skill (national median 100)", "ratio to national median", SKILL, Kind(100, 1)),
            _place("income_low_origin_third", "Income, lowest origin third, a month", "GBP per month", POUNDS, POUNDS),
            _place("labour_share", "Labour share of local output", "share", POINTS, SHARE),
        ),
    ),
    Section(
        "People, £ a year each: income, and income plus worth of ties and community in their own terms",
        (
            Row("heads.participants", "Took part, per 1,000 residents", "per 1,000 residents", HEADS, lambda a: a.heads["n_participants"]),
            _people("direct.income", "Those who took part: income"),
            _people("direct.own", "Those who took part: own terms"),
            _people("spill.income", "Other residents: income"),
            _people("spill.own", "Other residents: own terms"),
            Row("heads.changed", "Residence changed by it, per 1,000", "per 1,000 residents", HEADS, lambda a: a.heads["n_changed"]),
            _people("changed.income", "Those whose residence changed: income"),
            _people("changed.own", "Those whose residence changed: own terms"),
        ),
    ),
    Section(
        "Asset-stripping account",
        (
            _account("a", "(a) Gain of those whose residence changed, £ a year per 1,000 residents", "GBP a year per 1,000 residents", POUNDS),
            _account("b_participants", "(b) Remaining participants, £ a year each", "GBP a year per person", POUNDS),
            _account("b_others", "(b) Remaining others, £ a year each", "GBP a year per person", POUNDS),
            _account("c_income", "(c) Pay that left, net of what stayed, £ a month per 1,000", "GBP per month per 1,000 residents", POUNDS),
            _account("c_skill", "(c) Skill, in people of median skill per 1,000", "people of median skill per 1,000 residents", RATIO),
            _account("c_ties", "(c) Ties per 1,000", "ties per 1,000 residents", COUNT),
            _account("c_support", "(c) Support for joint action per 1,000", "support per 1,000 residents", RATIO),
            Row("account.asi", "Index (gains of changed against remaining, -1 to 1)", "ratio", RATIO, lambda a: _index_if(a, "ASI")),
            Row("account.lost_per_pound", "Lost by those who remain per £ gained by leavers", "ratio", RATIO, lambda a: _index_if(a, "lost per pound gained")),
        ),
    ),
    Section(
        "Displacement, cost and the other accounts",
        (
            Row("displacement", "Lost by others per £ gained by participants", "ratio", RATIO, lambda a: a.displacement),
            _cost("public_cost", "Public cost, £ a year per resident"),
            _cost("unpaid_value", "Unpaid hours, priced, £ a year per resident"),
            _cost("dues", "Members' dues, £ a year per resident"),
            _cost("employer_cost", "Employers' own cost, £ a year per resident"),
            Row("cost.per_job_month", "Public £ per extra job-month of residents", "GBP per job-month", POUNDS, lambda a: a.cost["per_job_month"]),
            _further("employers", "Employers' profit, £ a year per resident"),
            _further("exchequer", "Exchequer, £ a year per resident"),
            _further("others elsewhere, displacement 1", "Others elsewhere, if each leaver takes a job there from somebody"),
        ),
    ),
)  # fmt: skip
"""The final table, section by section."""

ASSUMED = (
    "Each world is the same town with the same people and the same luck; differences are means over paired replicates, with 95% "
    "intervals (Student t; BCa bootstrap for ratios). * marks an interval that excludes zero.",
    f"Levels of the place are means of the last {LEVEL_WINDOW} months; leavers are counted over the whole period.",
    "Income is real and net of travel, housing difference and moving cost; gains are discounted (Green Book, 3.5% a year) and spread "
    "over the years of the period. Own terms add the worth to that person of ties and community here: an assumed valuation.",
    "By default elsewhere has room for everybody, which flatters leaving; the last row prices it if each extra leaver took a job "
    "from somebody there. Everything beyond pay (care, health, self-employment) is left out, and strength of services is partly assumed.",
    "The placebo arm changes one resident a little: read no difference that is no larger than the placebo's.",
)


@dataclass
class _Notes:
    """Reasons for blanks, numbered as they come up."""

    reasons: list[str] = field(default_factory=list)

    def mark(self, reason: str) -> str:
        """A letter for the reason."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        return chr(ord("a") + self.reasons.index(reason) % 26)


def cell(e: Estimate, kind: Kind, notes: _Notes) -> Text:
    """Value above its interval; a blank carries the letter of its reason."""
    if not math.isfinite(e.value):
        return Text(f"{BLANK} ({notes.mark(e.reason or 'no value')})", "dim")
    text = kind.text(e.value) + ("*" if e.tells_from_zero else "")
    out = Text(text, "bold" if e.tells_from_zero else "")
    if e.has_interval:
        bare = replace(kind, after="")
        return out + Text(f"\n{bare.text(e.low)} to {bare.text(e.high)}", "dim")
    return out if not e.reason else out + Text(f"\n({notes.mark(e.reason)})", "dim")


def final_table(comparison: Comparison, label: str = "", more_notes: tuple[str, ...] = ()) -> Group:
    """The final table of one place, for a terminal: sections, verdicts and footnotes."""
    notes, arms = _Notes(), list(comparison.arms.values())
    parts: list = [Text(heading(comparison, label), "bold")]
    for section in SECTIONS:
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


def _downwards(section: Section, comparison: Comparison, arms: list[ArmResult], notes: _Notes) -> list[Table]:
    """One section for many strategies: strategies down, a few lines of the section across in each table."""
    tables = []
    blocks = in_blocks(section.rows)
    for k, rows in enumerate(blocks):
        lines: list = []
        if any(row.level for row in rows):
            levels = [comparison.baseline.get(row.name.removeprefix("place.")) for row in rows]
            cells = [
                r.level.text(e.value, signed=False) if e and r.level else "" for r, e in zip(rows, levels, strict=True)
            ]
            lines.append(("none (level)", [Text(c, "cyan") for c in cells]))
        lines += [(title_of(a.name), [one_line(r.get(a), r.kind, notes.mark) for r in rows]) for a in arms]
        title = section.title + (f" ({k + 1} of {len(blocks)})" if len(blocks) > 1 else "")
        tables.append(down(title, [row.label for row in rows], lines, dim=[title_of(PLACEBO)]))
    return tables


def _verdicts(arms: list[ArmResult]) -> Padding:
    """What the account says of each strategy."""
    said = [f"{title_of(a.name)}: {a.account.verdict}" for a in arms if a.name != PLACEBO]
    return Padding(Text("The account says  " + ";  ".join(said) + ".", "bold"), (0, 0, 0, 2))


def sentences(c: Comparison) -> list[str]:
    """What a reader should not miss, in sentences: signs that differ, and the noise floor."""
    differ: dict[str, list[str]] = {}
    for a in c.arms.values():
        if a.signs and a.name != PLACEBO:
            differ.setdefault(", ".join(a.signs), []).append(title_of(a.name))
    out = [f"{', '.join(n)}: pounds and own terms point in opposite directions for {who}." for who, n in differ.items()]
    factors = [
        a.place["employment_rate"].variance_reduction
        for a in c.arms.values()
        if a.name != PLACEBO and "employment_rate" in a.place
    ]
    if factors and math.isfinite(max(factors)):
        out.append(
            f"Pairing: the same luck in all worlds made the employment differences as sure as {min(factors):.1f} to "
            f"{max(factors):.1f} times as many unpaired replicates would."
        )
    if PLACEBO in c.arms:
        heads = c.arms[PLACEBO].heads
        out.append(
            f"Noise floor: helping one resident a little changes the income of {100 * heads['noise.touched_share'].value:.1f}% of people "
            f"by at least £1 (mean size £{heads['noise.mean_size'].value:,.0f} over the period), and the residence of "
            f"{heads['n_changed'].value:.1f} per 1,000; single lives are sorted by chance, means are what a strategy does."
        )
    return out


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
        for section in SECTIONS:
            for row in section.rows:
                rows.append(_tidy_row(comparison.place, arm, section, row))
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
    "ASSUMED",
    "GROUPS",
    "SECTIONS",
    "cell",
    "final_table",
    "heading",
    "plain_text",
    "sentences",
    "tidy",
    "title_of",
]
