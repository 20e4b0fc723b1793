"""``careersim export DIR --to FILE``: a study as one CSV, one Excel workbook, or for the EMA workbench."""

from __future__ import annotations

import click


@click.command("export", short_help="Export a study to one CSV, one Excel workbook, or for the EMA workbench.")
@click.argument("folder", type=click.Path())
@click.option(
    "--to", required=True, metavar="FILE", help="one.csv, one.xlsx, or ema (ema.tar.gz) for the EMA workbench."
)
def command(folder: str, to: str) -> None:
    """Export the results in FOLDER to one file; its kind follows from its name.

    `--to ema` writes FOLDER/ema.tar.gz, which ema_workbench.load_results reads.
    """
    from pathlib import Path

    from careersim.report.export import export

    path = export(folder, Path(folder) / "ema.tar.gz" if to == "ema" else to)
    click.echo(f"wrote {path}")
