"""``careersim session``: the record of one coaching group, to be read aloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("session", short_help="Read aloud the record of one coaching group.")
@click.argument("config", required=False)
@click.option("--place", help="Name of a place, or path of a place file (instead of CONFIG).")
@click.option("--strategy", default="collective_coaching", show_default=True, help="Strategy, if no CONFIG is given.")
@click.option("--arm", metavar="NAME", help="Arm of CONFIG (default: the first that coaches groups).")
@click.option("--group", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Which whole group.")
@click.option("--people", type=int, metavar="N", help="People simulated (default 5000).")
@click.option("--years", type=float, metavar="N", help="Length of the policy period in years (default 10).")
@click.option("--replicate", type=click.IntRange(0), default=0, show_default=True, metavar="R", help="Which luck.")
@click.option("--seed", type=int, metavar="N", help="Seed of the experiment.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Override one setting. Repeatable.")
@click.option(
    "--save", is_flag=True, help="Also write the records of all groups as JSON beside the experiment's results."
)
def command(
    config: str | None,
    place: str | None,
    strategy: str,
    arm: str | None,
    group: int,
    people: int | None,
    years: float | None,
    replicate: int,
    seed: int | None,
    settings: tuple[str, ...],
    save: bool,
) -> None:
    """Tell what one coaching group planned, agreed, heard, explored, planned and found - and what the twins say.

    The group is one of CONFIG (a file, or the name of one that ships), or of --strategy in --place. A run has the same luck every time, so
    this is the record of the very group of that replicate.
    """
    from careersim.commands.reading import read_config, read_options
    from careersim.scenario.errors import Problem, ScenarioError

    given = {"people": people, "years": years, "seed": seed}
    set_here = {k: v for k, v in given.items() if v is not None}
    if config is None and place is None:
        raise ScenarioError(
            [Problem("names neither a config nor a place", "session", allowed="CONFIG, or --place NAME")]
        )
    if config is not None:
        words = [f"months={round(v * 12)}" if k == "years" else f"{k}={v}" for k, v in set_here.items()]
        experiment = read_config(config, [*settings, *words])
    else:
        experiment = read_options({"place": place, "strategies": strategy, **set_here}, settings)
    name, records = all_records(experiment, arm, replicate)
    if group > len(records):
        found = f"{len(records)} groups" if records else "no group"
        allowed = f"1 to {len(records)}" if records else "more money, people or years, so that a group begins"
        raise ScenarioError([Problem(f"there is no group {group} of {name}", "group", allowed=allowed, found=found)])
    from careersim.report.coaching import tell

    click.echo(tell(records[group - 1]), nl=False)
    click.echo(
        f"\nThis is group {group} of {len(records)} of '{name}', replicate {replicate} (--group, --replicate).",
        err=True,
    )
    if save:
        path = write(records, experiment.folder(), name, replicate)
        click.echo(f"The records of all {len(records)} groups are in {path}.", err=True)


def all_records(experiment: Any, arm: str | None, replicate: int) -> tuple[str, list[dict[str, Any]]]:
    """Simulate both worlds; return the arm's name and the records of all its groups."""
    from careersim.report.coaching import groups_of, record, services_of
    from careersim.study.plan import plan_of
    from careersim.study.progress import Progress
    from careersim.study.task import Task
    from careersim.study.tasks import settled_model
    from careersim.study.warming import prepare

    plan = plan_of(experiment)
    name = arm_that_coaches(plan.strategies, arm)
    with Progress(1) as progress:
        prepare(plan, progress, 1)
        task = Task(
            "", plan.places[0], plan.people, plan.months, plan.seed, replicate, plan.parameters, (), frozenset()
        )
        settled = settled_model(task, lambda text, done, months: progress.show(0, done, months))
    policy, none = (settled.fork(offered).run_for(plan.months) for offered in (plan.strategies[name], "none"))
    records = [
        {"arm": name, "replicate": replicate, **record(service, policy.town, none.town, whole)}
        for service in services_of(policy)
        for whole in groups_of(service)
    ]
    return name, records


def arm_that_coaches(strategies: Any, arm: str | None) -> str:
    """Return the arm asked for, or else the first that coaches groups (or else clients alone); refuse one that does not coach."""
    from careersim.scenario.errors import Problem, ScenarioError, nearest
    from careersim.services.delivery import make_strategies

    parts = {name: [p for one in make_strategies(spec) for p in one.parts()] for name, spec in strategies.items()}
    coaches = {name: [p for p in ps if p.name == "collective_coaching"] for name, ps in parts.items()}
    coaching = sorted(
        (name for name in coaches if coaches[name]),
        key=lambda name: all(p.format == "one_to_one" for p in coaches[name]),
    )
    if arm is None and coaching:
        return coaching[0]
    if arm in coaching:
        return str(arm)
    message = "no arm of this experiment coaches" if arm is None else f"the arm '{arm}' does not coach"
    allowed = ", ".join(coaching) or "an experiment with the strategy collective_coaching"
    raise ScenarioError([Problem(message, "arm", allowed=allowed, suggestion=nearest(arm or "", coaching) or "")])


def write(records: list[dict[str, Any]], folder: Path, name: str, replicate: int) -> Path:
    """Write the records as JSON beside the results."""
    from careersim.study.store import write_bytes

    path = folder / "sessions" / f"{name}-{replicate}.json"
    write_bytes(path, (json.dumps(records, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
    return path
