"""``careersim run CONFIG``: run an experiment, do only what is missing, and show the final table."""

from __future__ import annotations

from typing import Any

import click

SOME_FAILED = 1
"""Exit code when some runs failed (the others are kept and shown)."""


@click.command("run", short_help="Run an experiment and show what each strategy did.")
@click.argument("config")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override one setting, e.g. search.kappa=0. Repeatable.",
)
@click.option("--out", type=click.Path(), help="Folder for the results (default: results/NAME).")
@click.option("--workers", type=click.IntRange(1), help="Processes (default: one per processor).")
@click.option("--csv", is_flag=True, help="Also write the tables as CSV.")
@click.option("--no-figures", is_flag=True, help="Do not draw figures.")
def command(
    config: str, settings: tuple[str, ...], out: str | None, workers: int | None, csv: bool, no_figures: bool
) -> None:
    """Run the experiment of CONFIG (a file, or the name of one that ships), and show what each strategy did.

    Results that are already there and whole are not computed again.
    """
    from careersim.commands.reading import read_config

    experiment = read_config(config, settings)
    run_experiment(experiment, out, workers, csv or experiment.csv, experiment.figures and not no_figures)


def run_experiment(experiment: Any, out: str | None, workers: int | None, csv: bool, figures: bool) -> None:
    """Run an experiment in its folder, print the final table, write tables and figures; exit 1 if a run failed."""
    from careersim.report.finish import finish
    from careersim.study.plan import plan_of
    from careersim.study.progress import in_words
    from careersim.study.study import run_study, run_until_precise
    from careersim.study.warming import prepare

    for warning in experiment.warnings():
        click.echo(f"Note: {warning}.", err=True)
    folder = out or str(experiment.folder())
    options: dict[str, Any] = {"workers": workers or experiment.workers or None, "prepare": prepare}
    plan = plan_of(experiment)
    if experiment.stop_when is None:
        run = run_study(plan, folder, **options)
    else:
        run = run_until_precise(plan, folder, experiment.stop_when, **options)
    finish(run, csv, figures)
    click.echo(f"\n{_made(run)} in {in_words(run.seconds)}; results in {folder}")
    if run.errors:
        click.echo(f"{len(run.errors)} runs failed (see {folder}/failures); the first:\n  {run.errors[0]}", err=True)
        raise SystemExit(SOME_FAILED)


def _made(run: Any) -> str:
    """What was simulated and what was there already."""
    found = f", {run.n_found} were there already" if run.n_found else ""
    speed = run.months * run.plan.people / run.seconds_simulating / 1e6 if run.seconds_simulating > 0 else 0.0
    rate = (
        f" ({speed:.1f} million person-months a second per process; burn-in {run.seconds_settling:.1f} s)"
        if speed
        else ""
    )
    return f"{run.n_made} runs made{found}{rate}"
