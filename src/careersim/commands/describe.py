"""``careersim describe``: a config, a place or a strategy in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careersim.scenario.catalogue import experiment_names, looks_like_a_path, parameter_table, place_names
from careersim.scenario.errors import Problem, ScenarioError, nearest
from careersim.scenario.figures import Figure, Shares
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import BALANCE_TOLERANCE, Place, load_place
from careersim.scenario.uncertainties import Spread, spreads

if TYPE_CHECKING:
    from careersim.scenario.experiment import Experiment
    from careersim.services.base import Strategy


@click.command()
@click.argument("what")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Change a setting or parameter first.")
def command(what: str, settings: tuple[str, ...]) -> None:
    """Describe WHAT: a config or place file, or a place, strategy or shipped config by name."""
    if looks_like_a_path(what) or Path(what).is_file():
        _describe_file(Path(what), settings)
    else:
        _describe_name(what, settings)


def _describe_file(path: Path, settings: tuple[str, ...]) -> None:
    from careersim.scenario.loading import read_yaml

    data = read_yaml(path).data
    if isinstance(data, dict) and "figures" in data and "label" in data:
        _describe_place(load_place(path), settings)
    else:
        _describe_config(path, settings)


def _describe_name(name: str, settings: tuple[str, ...]) -> None:
    place = name.strip().lower().replace(" ", "-").replace("_", "-")
    if place in place_names():
        _describe_place(load_place(place), settings)
        return
    if name in experiment_names():
        _describe_config(name, settings)
        return
    from careersim.services import catalogue

    known = catalogue()
    if name in known or ":" in name:
        from careersim.scenario.strategies import strategy_class

        _describe_strategy(name, strategy_class(name, known))
        return
    names = [*place_names(), *known, *experiment_names()]
    allowed = f"a file; a place ({', '.join(place_names())}); a strategy ({', '.join(known)})"
    raise ScenarioError(
        [Problem(f"there is nothing named '{name}'", allowed=allowed, suggestion=nearest(name, names) or "")]
    )


# places


def _describe_place(place: Place, settings: tuple[str, ...]) -> None:
    from careersim.commands.reading import loop_gain
    from careersim.commands.tables import console, show
    from careersim.scenario.experiment import make_experiment

    gain = loop_gain(make_experiment({"places": [place.name]} if place.name in place_names() else {}, settings), place)
    assert place.figures is not None
    rows = [_figure_row(name, figure) for name, figure in place.figures.items()]
    show(
        f"{place.label} ({place.group})",
        ["figure", "value", "95% interval or range", "year", "status", "source"],
        rows,
        right=(1,),
    )
    out = console()
    for line in [*_balance_lines(place), "", *_assumed_lines(place), "", *_gain_lines(gain)]:
        out.print(line, markup=False)
    if place.name in experiment_names():
        out.print(f"\nThere is a config of this name too: careersim run {place.name}", markup=False)


def _figure_row(name: str, figure: Figure | Shares) -> list[str]:
    if isinstance(figure, Figure):
        value = f"{figure.value:,g} {figure.unit}" if figure.value < 1e5 else f"{figure.value:,.0f} {figure.unit}"
        interval = f"{figure.low:g} to {figure.high:g}" if figure.low is not None and figure.high is not None else ""
        corrected = f" (published {figure.published:g})" if figure.published is not None else ""
        return [name, value, interval + corrected, str(figure.year), figure.status, _source(figure)]
    parts = ", ".join(f"{k} {'-' if v is None else f'{v:g}'}" for k, v in figure.value.items())
    return [name, figure.unit, parts, str(figure.year), figure.status, _source(figure)]


def _source(figure: Figure | Shares) -> str:
    return figure.source + (f". {figure.note[0].upper()}{figure.note[1:]}" if figure.note else "")


def _balance_lines(p: Place) -> list[str]:
    here, work_here = p.jobs_density * (1 - p.in_commuter_share), p.employment_rate * (1 - p.out_commuter_share)
    n = p.working_age_population
    return [
        "Balance of jobs, employed residents and commuting",
        f"  {p.jobs:,.0f} jobs here; {p.jobs * p.in_commuter_share:,.0f} held by in-commuters, {here * n:,.0f} by residents",
        f"  {p.employed:,.0f} residents in work; {p.employed * p.out_commuter_share:,.0f} commute out, {work_here * n:,.0f} work here",
        f"  gap {p.balance_gap:+.5f} per resident 16-64 (allowed {BALANCE_TOLERANCE:g})",
        f"  employment and inactivity leave {100 * p.unemployment_rate_balanced:.1f}% of the active unemployed, which is what is simulated; "
        f"published {100 * p.unemployment_rate:.1f}%",
        f"  of inactivity {100 * p.inactivity_rate:.1f}%: study {100 * p.student_share:.1f}, care {100 * p.care_share:.1f}, sickness {100 * p.sick_share:.1f}, "
        f"early retirement {100 * p.early_retired_share:.1f}, other {100 * p.other_inactive_share:.1f}, discouraged {100 * p.discouraged_share:.1f}",
        f"  local jobs: tradable {100 * p.sector_share[0]:.0f}%, local services {100 * p.sector_share[1]:.0f}%, public {100 * p.sector_share[2]:.0f}%",
    ]


def _assumed_lines(place: Place) -> list[str]:
    assert place.figures is not None
    lines = ["What does not come straight from a source"]
    for status in ("derived", "memory", "assumed"):
        names = [name for name, f in place.figures.items() if f.status == status]
        if names:
            lines.append(f"  {status}: {', '.join(names)}")
    return lines


def _gain_lines(gain: float) -> list[str]:
    multiplier = f"{1 / (1 - gain):.2f}" if gain < 1 else "without bound"
    verdict = "" if gain < 0.85 else "; 0.85 or more is refused: local demand would feed on itself"
    return [
        "Loop gain g of local demand (income -> demand -> jobs -> income, entry of employers included)",
        f"  g = {gain:.3f}: one job more brings {multiplier} in all if people can be found for them{verdict}",
    ]


# configs


def _describe_config(path: str | Path, settings: tuple[str, ...]) -> None:
    from careersim.commands.reading import loop_gain, read_config
    from careersim.commands.tables import console
    from careersim.scenario.strategies import strategy_label
    from careersim.study.plan import plan_of

    e = read_config(path, settings)
    out = console()
    arms = [strategy_label(s) for s in e.strategies]
    plan = plan_of(e)
    runs = len(plan.places) * plan.replicates * len(plan.arms) * len(plan.points)
    lines = [
        f"{e.name}: {', '.join(arms)} in {', '.join(e.places)}",
        f"  {e.people:,} people, {e.months} months of policy after {e.parameters.time.burn_in} of burn-in, {e.replicates} replicates, seed {e.seed}",
        f"  {runs} runs ({runs * e.people * e.months / 1e6:,.1f} million person-months), results in {e.folder()}",
    ]
    for name in e.places:
        place = load_place(name)
        lines.append(
            f"  {place.label}: 1 person stands for {place.full_size / e.people:.1f}; loop gain of local demand {loop_gain(e, place):.3f}"
        )
    lines += [f"  note: {warning}" for warning in e.warnings()]
    changed = _changed(e.parameters)
    heading = "Parameters that differ from their defaults"
    lines += ["", heading, *changed] if changed else ["", f"{heading}: none"]
    lines += _varied(e, len(plan.points))
    for line in lines:
        out.print(line, markup=False)


def _changed(parameters: Any) -> list[str]:
    lines = []
    for row in parameter_table():
        value: Any = parameters
        for part in row.name.split("."):
            value = getattr(value, part)
        if value != row.default:
            lines.append(f"  {row.name} = {value} (default {row.default}; {row.allowed} {row.unit})")
    return lines


def _varied(e: Experiment, n_points: int) -> list[str]:
    """What the config sets apart from parameters: conditions, choices and uncertainties."""
    lines = [f"  {g}.{n} = {value}" for g, values in e.conditions.items() for n, value in values.items()]
    lines = ["", "Conditions, from when policy begins", *lines] if lines else []
    if e.choices:
        each = (f"  {name}: {', '.join(map(str, values))}" for name, values in e.choices.items())
        lines += ["", "Choices: each combination is an arm", *each]
    if e.uncertainties:
        ranges = (f"  {s.name}: {_spread_words(s)}" for s in spreads(e.uncertainties))
        kind = e.design.kind if e.design else "grid"
        lines += ["", f"Uncertainties: {n_points} points ({kind}), each with its own none", *ranges]
    return lines


def _spread_words(s: Spread) -> str:
    return ", ".join(map(str, s.values)) if s.listed else f"{s.low:g} to {s.high:g}"


# strategies


def _describe_strategy(name: str, found: type[Strategy]) -> None:
    from careersim.commands.tables import console, show
    from careersim.report.strategies_page import NO_SESSIONS, own_settings, price_of, sentences_of, value_of
    from careersim.services.base import Strategy

    out = console()
    summary, *rest = sentences_of(found) or [""]
    out.print(f"{name}: {summary}", markup=False, style="bold")
    for text in rest:
        out.print(f"  {text.replace('*', '').replace('``', '')}", markup=False)
    levers = sorted(found().may_use())
    out.print(f"  Levers it may use: {', '.join(levers) or 'none of its own'}", markup=False)
    out.print(f"  Price a head and session: {price_of(name, found)}\n", markup=False)
    rows = own_settings(found)
    own = {r.name for r in rows}
    shared = [r for r in parameter_table(Strategy) if r.name not in own]
    heads = ["setting", "default", "allowed", "unit", "meaning"]
    for title, some in (("Settings of its own", rows), ("Settings of every strategy", shared)):
        if some:
            show(title, heads, [[r.name, value_of(r), r.allowed, r.unit, r.doc] for r in some])
    if name in NO_SESSIONS:
        return
    strategy, params = found(), Parameters()
    out.print(
        f"From parameters (careersim list parameters services): budget {strategy.budget_at(params, 0):g}, "
        f"group_size {strategy.size_of_group(params)}, price as above.",
        markup=False,
    )
