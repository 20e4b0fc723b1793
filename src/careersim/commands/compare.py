"""``careersim compare``: strategies against none in one place, from the command line alone."""

from __future__ import annotations

import click

from careersim.commands.run import run_experiment


@click.command("compare", short_help="Compare strategies with none in one place.")
@click.option("--place", required=True, help="Name of a place, or path of a place file.")
@click.option(
    "--strategies",
    metavar="A,B,C",
    help="Strategies by name, separated by commas (default: those that `careersim new` shows).",
)
@click.option("--people", type=int, metavar="N", help="People simulated (default 5000).")
@click.option("--years", type=float, metavar="N", help="Length of the policy period in years (default 10).")
@click.option("--replicates", type=int, metavar="N", help="Paired repetitions with other luck (default 8).")
@click.option("--seed", type=int, metavar="N", help="Seed: the same seed gives the same results.")
@click.option("--out", type=click.Path(), help="Folder for the results (default: results/compare-PLACE).")
@click.option("--workers", type=click.IntRange(1), help="Processes (default: one per processor).")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override one setting, e.g. search.kappa=0. Repeatable.",
)
@click.option("--csv", is_flag=True, help="Also write the tables as CSV.")
@click.option("--no-figures", is_flag=True, help="Do not draw figures.")
def command(
    place: str,
    strategies: str | None,
    people: int | None,
    years: float | None,
    replicates: int | None,
    seed: int | None,
    out: str | None,
    workers: int | None,
    settings: tuple[str, ...],
    csv: bool,
    no_figures: bool,
) -> None:
    """Compare strategies with none in one place, with the same people and the same luck, and show what each did."""
    import re
    from pathlib import Path

    from careersim.commands.reading import read_options

    given = {"strategies": strategies, "people": people, "years": years, "replicates": replicates, "seed": seed}
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"compare-{Path(place).stem}")[:80]
    data = {"name": name, "place": place} | {k: v for k, v in given.items() if v is not None}
    experiment = read_options(data, settings, lambda e: out or e.folder())
    run_experiment(experiment, out, workers, csv, not no_figures)
