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
@click.option(
    "--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="Where runs are made."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="With --engine dask: a running scheduler, such as tcp://10.0.0.5:8786."
)
@click.option("--plan-only", is_flag=True, help="Write the plan for `careersim worker`, and run nothing.")
@click.option("--csv", is_flag=True, help="Also write the tables as CSV.")
@click.option("--no-figures", is_flag=True, help="Do not draw figures.")
def command(
    config: str,
    settings: tuple[str, ...],
    out: str | None,
    workers: int | None,
    engine: str,
    scheduler: str | None,
    plan_only: bool,
    csv: bool,
    no_figures: bool,
) -> None:
    """Run the experiment of CONFIG, and show what each strategy did.

    CONFIG is a file, the name of one that ships, or the folder of a study, which is taken up. Results that are already there and
    whole are not computed again; what failed is left alone (see `careersim retry`).
    """
    from pathlib import Path

    if (Path(config) / "experiment.json").is_file():
        _take_up(config, settings, out, workers, engine, scheduler, no_figures)
        return
    from careersim.commands.reading import read_config

    experiment = read_config(config, settings, lambda e: out or e.folder())
    if plan_only:
        _write_plan(experiment, out or str(experiment.folder()))
        return
    figures = experiment.figures and not no_figures
    run_experiment(experiment, out, workers, csv or experiment.csv, figures, engine, scheduler)


def _take_up(
    folder: str, settings: tuple[str, ...], out: str | None, workers: int | None, engine: str, scheduler: str | None,
    no_figures: bool,
) -> None:  # fmt: skip
    """Go on with the study of a folder."""
    from careersim.study.folder import plan_from

    if settings or out:
        raise click.UsageError("--set and --out go with a config; a study's folder is taken up as it was asked for")
    plan = plan_from(folder)
    figures = plan.config.get("figures", True) and not no_figures
    run_plan(plan, folder, workers, plan.config.get("csv", False), figures, _engine(engine, scheduler, plan))


def _write_plan(experiment: Any, folder: str) -> None:
    """Write what a study consists of, and how its shards are run."""
    from careersim.study.folder import keep_earlier, write_plan
    from careersim.study.lock import working_in
    from careersim.study.plan import plan_of
    from careersim.study.store import Store

    plan, store = plan_of(experiment), Store(folder)
    store.prepare()
    design = plan.design()
    with working_in(store.root):
        keep_earlier(store, plan)
        write_plan(store, plan, design)
    click.echo(f"{len(design)} runs planned in {folder}. Run shard I of N with: careersim worker {folder} --shard I/N")


def run_experiment(
    experiment: Any, out: str | None, workers: int | None, csv: bool, figures: bool, engine: str = "local",
    scheduler: str | None = None,
) -> None:  # fmt: skip
    """Run an experiment in its folder, print the final table, write tables and figures; exit 1 if a run failed."""
    from careersim.study.plan import plan_of

    for warning in experiment.warnings():
        click.echo(f"Note: {warning}.", err=True)
    plan = plan_of(experiment)
    folder = out or str(experiment.folder())
    run_plan(plan, folder, workers or experiment.workers or None, csv, figures, _engine(engine, scheduler, plan))


def _engine(kind: str, scheduler: str | None, plan: Any) -> Any:
    """The engine asked for; None for the processes of this machine."""
    if kind == "local":
        if scheduler:
            raise click.UsageError("--scheduler goes with --engine dask")
        return None
    cluster = plan.config.get("cluster")
    if not scheduler and not cluster:
        raise click.UsageError("--engine dask needs --scheduler ADDRESS, or `cluster` in the config")
    try:
        from careersim.study.engines.dask import DaskEngine
    except ImportError as error:
        raise click.UsageError(
            f"--engine dask needs more packages ({error}): pip install 'careersim[cluster]'"
        ) from error
    return DaskEngine(scheduler, cluster)


def run_plan(
    plan: Any, folder: str, workers: int | None, csv: bool, figures: bool, engine: Any = None, retry: bool = False
) -> None:
    """Run a plan in a folder, print the final table, write tables and figures; exit 1 if a run failed."""
    from pathlib import Path

    from careersim.report.finish import finish
    from careersim.scenario.stopping import StopWhen
    from careersim.study.folder import code_of
    from careersim.study.progress import in_words
    from careersim.study.store import code_digest
    from careersim.study.study import run_study, run_until_precise
    from careersim.study.warming import prepare

    if code_of(Path(folder)) not in ("", code_digest()):
        click.echo("Note: this folder was made by another version of careersim; its results are kept apart.", err=True)
    options: dict[str, Any] = {"workers": workers, "prepare": prepare, "engine": engine, "retry": retry}
    stop = plan.config.get("stop_when")
    if stop is None:
        run = run_study(plan, folder, **options)
    else:
        run = run_until_precise(plan, folder, StopWhen.model_validate(stop), **options)
    finish(run, csv, figures)
    click.echo(f"\n{_made(run)} in {in_words(run.seconds)}; results in {folder}")
    if run.n_failed:
        click.echo(f"{run.n_failed} runs failed (see {folder}/failures); the first:\n  {run.errors[0]}", err=True)
    if run.n_failed_before:
        click.echo(
            f"{run.n_failed_before} runs failed earlier; try them again with: careersim retry {folder}", err=True
        )
    if run.n_failed or run.n_failed_before:
        raise SystemExit(SOME_FAILED)


def _made(run: Any) -> str:
    """What was simulated and what was there already."""
    found = f", {run.n_found} were there already" if run.n_found else ""
    other = f", {run.n_other} of another config or version are kept apart" if run.n_other else ""
    speed = run.months * run.plan.people / run.seconds_simulating / 1e6 if run.seconds_simulating > 0 else 0.0
    rate = (
        f" ({speed:.1f} million person-months a second per process; burn-in {run.seconds_settling:.1f} s)"
        if speed
        else ""
    )
    return f"{run.n_made} runs made{found}{other}{rate}"
