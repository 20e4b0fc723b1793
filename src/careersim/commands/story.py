"""``careersim story``: one person's life with a strategy and without, in plain sentences."""

from __future__ import annotations

from typing import Any

import click


@click.command("story", short_help="Tell one person's life with a strategy and without.")
@click.option("--place", required=True, help="Name of a place, or path of a place file.")
@click.option("--strategy", required=True, help="Name of a strategy.")
@click.option("--person", type=click.IntRange(0), metavar="ID", help="Whose life (default: the one changed most).")
@click.option("--people", type=int, metavar="N", help="People simulated (default 5000).")
@click.option("--years", type=float, metavar="N", help="Length of the policy period in years (default 10).")
@click.option("--replicate", type=click.IntRange(0), default=0, show_default=True, metavar="R", help="Which luck.")
@click.option("--seed", type=int, metavar="N", help="Seed of the experiment.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Override one setting. Repeatable.")
def command(
    place: str,
    strategy: str,
    person: int | None,
    people: int | None,
    years: float | None,
    replicate: int,
    seed: int | None,
    settings: tuple[str, ...],
) -> None:
    """Tell one person's life in both worlds, with the causes, and the month from which they differ."""
    from careersim.commands.reading import read_options

    given = {"people": people, "years": years, "seed": seed, "strategies": strategy}
    experiment = read_options({"place": place} | {k: v for k, v in given.items() if v is not None}, settings)
    click.echo(told(experiment, person, replicate), nl=False)


def told(experiment: Any, person: int | None, replicate: int) -> str:
    """Simulate both worlds and tell the story of one person."""
    from careersim.report.story import live, most_changed, row_of, tell
    from careersim.scenario.errors import ScenarioError
    from careersim.scenario.national import load_national
    from careersim.study.plan import arm_of, plan_of
    from careersim.study.progress import Progress
    from careersim.study.tasks import settled_model
    from careersim.study.warming import prepare

    plan = plan_of(experiment)
    arm, offered = arm_of(experiment.strategies[0])
    with Progress(1) as progress:
        prepare(plan, progress, 1)
        settled = settled_model(
            plan.bare_task(plan.places[0], replicate), lambda text, done, months: progress.show(0, done, months)
        )
    if person is None:
        policy_town, none_town = (settled.fork(s).run_for(plan.months).town for s in (offered, "none"))
        row = most_changed(policy_town, none_town, settled.town)
    else:
        try:
            row = row_of(settled.town, person)
        except KeyError:
            most = int(settled.town.people.id.max())
            raise ScenarioError(f"there is no person {person} in this replicate (ids go up to {most})") from None
    none = live(settled.fork(log_events=True), "none", row, plan.months)
    policy = live(settled.fork(offered, log_events=True), arm, row, plan.months)
    return tell(none, policy, [o.name for o in load_national().occupations])
