"""``careersim analyse DIR``: what a study says, with tables and figures."""

from __future__ import annotations

from typing import Any

import click


@click.command("analyse", short_help="Analyse a study: differences, precision, robustness, sensitivity, frontier.")
@click.argument("folder", type=click.Path())
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Measure to analyse. Repeatable.")
@click.option("--gain", metavar="NAME", help="Measure of the gain in the undominated set (default account.b).")
@click.option(
    "--half-width",
    "half_widths",
    multiple=True,
    metavar="MEASURE=H",
    help="Half width asked for: how many replicates does it need? Repeatable.",
)
@click.option("--phase", metavar="X,Y", help="Axes of the phase diagram, e.g. place,uncertainties.migration.cost.")
@click.option("--no-figures", is_flag=True, help="Do not draw figures.")
def command(
    folder: str,
    measures: tuple[str, ...],
    gain: str | None,
    half_widths: tuple[str, ...],
    phase: str | None,
    no_figures: bool,
) -> None:
    """Analyse the results in FOLDER, print tables, and write tables (Parquet, CSV) and figures to FOLDER/analysis.

    What is done follows from what the study varies. Docs: docs/studies.md.
    """
    from careersim.report.analysis.analyse import Wish, analyse

    wish: dict[str, Any] = {"figures": not no_figures, "half_widths": dict(map(_half_width, half_widths))}
    if measures:
        wish |= {"measures": measures, "served": measures[:2]}
    if gain:
        wish["gain"] = gain
    if phase:
        wish["axes"] = _axes(phase)
    found = analyse(folder, Wish(**wish))
    click.echo(f"\n{len(found.tables)} tables and {len(found.figures)} figures in {folder}/analysis")


def _half_width(text: str) -> tuple[str, float]:
    """A measure and the half width asked for."""
    name, _, value = text.partition("=")
    try:
        width = float(value)
    except ValueError:
        width = 0.0
    if not width > 0:
        raise click.UsageError(
            f"--half-width is MEASURE=H with H above 0, such as place.employment_rate=0.002; found '{text}'"
        )
    return name.strip(), width


def _axes(text: str) -> tuple[str, str]:
    """The two axes of the phase diagram."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(parts):
        raise click.UsageError(f"--phase names two axes, X,Y; found '{text}'")
    return parts[0], parts[1]
