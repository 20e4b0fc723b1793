"""``careersim retry DIR``: run again what failed."""

from __future__ import annotations

import click


@click.command("retry", short_help="Run again what failed in a study.")
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("--workers", type=click.IntRange(1), help="Processes (default: one per processor).")
@click.option("--no-figures", is_flag=True, help="Do not draw figures.")
def command(folder: str, workers: int | None, no_figures: bool) -> None:
    """Run again what failed in the study in DIR, and what is missing; earlier failures stay on record."""
    from careersim.commands.run import run_plan
    from careersim.study.folder import plan_from

    plan = plan_from(folder)
    run_plan(plan, folder, workers, plan.config.get("csv", False), not no_figures, retry=True)
