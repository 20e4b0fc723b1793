"""``careersim worker DIR --shard i/n``: one shard of a study, for job arrays."""

from __future__ import annotations

import click


@click.command("worker", short_help="Run one shard of a study, for job arrays.")
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("--shard", required=True, metavar="I/N", help="Which of how many shards, from 1: 3/10.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
def command(folder: str, shard: str, workers: int) -> None:
    """Run shard I of N of the study that was planned in DIR (careersim run CONFIG --out DIR --plan-only).

    Shards of one study may run at the same time on many machines that share DIR. When all are done, `careersim run DIR` makes
    what is still missing, and tables and figures.
    """
    from careersim.commands.run import SOME_FAILED
    from careersim.study.folder import plan_from
    from careersim.study.progress import in_words
    from careersim.study.study import run_study
    from careersim.study.warming import prepare

    run = run_study(plan_from(folder), folder, workers, prepare=prepare, shard=shard)
    click.echo(f"Shard {shard}: {run.n_made} runs made, {run.n_found} were there already, in {in_words(run.seconds)}")
    if run.n_failed:
        click.echo(f"{run.n_failed} runs failed; the first:\n  {run.errors[0]}", err=True)
        raise SystemExit(SOME_FAILED)
