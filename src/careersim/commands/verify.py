"""``careersim verify``: exact theory, invariants and signs, a line a check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from careersim.checks.lines import Check, Line

WIDTHS = 40, 56, 24, 22
"""Columns: what, condition, expected, found."""
LINE_SECONDS = 15.0


@click.command("verify", short_help="Check the model against exact theory, invariants and signs.")
@click.option("--only", metavar="A1,B5", help="Checks to run, separated by commas; A, B or C for all of a kind.")
@click.option(
    "--quick", is_flag=True, help="Less precision: standard errors up to 3% (correlations 10%) instead of 1%."
)
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE", help="Also write everything as JSON."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N", help="Luck of the checks.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes (default: one per processor).")
@click.option(
    "--write-docs", type=click.Path(dir_okay=False), metavar="FILE", help="Write docs/why-believe.md from a full run."
)
def command(
    only: str | None, quick: bool, json_file: str | None, seed: int, workers: int | None, write_docs: str | None
) -> int:
    """Check the model against exact theory (A), invariants (B) and reachable signs (C), a line a check; exit 1 if any fails."""
    if write_docs and (quick or only):
        raise click.UsageError("--write-docs needs a full run: leave out --quick and --only.")
    from careersim.checks.lines import Effort
    from careersim.checks.registry import chosen
    from careersim.checks.verify import verify, write_json

    try:
        checks = chosen(only)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    say_head(quick)
    with _Progress() as progress:
        verdict = verify(
            checks, Effort(quick, seed), workers, lambda check, lines: show(check, lines, progress), progress.move
        )
    click.echo(f"\n{verdict.summary()}")
    for line in verdict.failed:
        click.echo(
            f"FAILED {line.check}: {line.what}; {line.condition}: expected {line.expected}, found {line.found} {line.note}".rstrip()
        )
    if json_file:
        write_json(verdict, Path(json_file))
    if write_docs:
        _write_page(write_docs, checks, verdict)
    return 1 if verdict.failed else 0


def _write_page(path: str, checks: list[Check], verdict: Any) -> None:
    from careersim.checks.page import why_believe

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(why_believe(checks, verdict), encoding="utf-8")


def say_head(quick: bool) -> None:
    """Print what is being done, and the columns."""
    limit = "3% of the expected value, 10% for correlations" if quick else "1% of the expected value"
    click.echo(f"Tolerance 3 standard errors, two-sided; standard errors at most {limit}.\n")
    click.echo("      " + _columns("what", "condition", "expected", "found ± s.e.") + f"{'z':>6}  verdict")


def show(check: Check, lines: list[Line], progress: _Progress) -> None:
    """Print a check and its lines."""
    text = [f"{check.id:<5} {check.title}"]
    for line in lines:
        z = f"{line.z:+.1f}" if line.z == line.z and abs(line.z) < 1e6 else ""
        text.append(
            "      " + _columns(line.what, line.condition, line.expected, line.found) + f"{z:>6}  {line.verdict}"
        )
    progress.say("\n".join(text))


def _columns(*cells: str) -> str:
    return "".join(f"{cell:<{width}} " for cell, width in zip(cells, WIDTHS, strict=True))


class _Progress:
    """A line on standard error that says how much is done: rewritten on a terminal, now and then elsewhere."""

    def __init__(self) -> None:
        import time

        self.clock, self.live = time.monotonic, sys.stderr.isatty()
        self.began = self.last = self.clock()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        if self.live:
            click.echo("\r\033[K", nl=False, err=True)

    def say(self, text: str) -> None:
        """Print results."""
        self._clear()
        click.echo(text)

    def move(self, share: float) -> None:
        """Show the share of the work done, and about how long the rest takes."""
        from careersim.study.progress import in_words

        now = self.clock()
        left = in_words((now - self.began) * (1.0 - share) / share) if share > 0 else "?"
        text = f"{100 * share:.0f}% of the work done, about {left} left"
        if self.live:
            click.echo(f"\r\033[K{text}", nl=False, err=True)
        elif now - self.last >= LINE_SECONDS and share < 1.0:
            self.last = now
            click.echo(text, err=True)
