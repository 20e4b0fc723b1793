"""``careersim list``: places, strategies, measures, parameters."""

from __future__ import annotations

import inspect

import click

from careersim.scenario.catalogue import parameter_table, place_names
from careersim.scenario.place import Place, load_place


@click.group()
def command() -> None:
    """List places, strategies, measures or parameters."""


@command.command()
@click.option("--check", is_flag=True, help="Run the burn-ins: test stationarity and set simulated beside published.")
@click.option(
    "--people", type=click.IntRange(200, 2_000_000), default=5000, show_default=True, help="People of each burn-in."
)
@click.option("--workers", type=click.IntRange(1, 1024), default=None, help="Processes at once (default: one a core).")
@click.argument("names", nargs=-1)
def places(check: bool, people: int, workers: int | None, names: tuple[str, ...]) -> None:
    """List the places that ship, or those NAMED: published figures side by side."""
    found = [load_place(name) for name in names or place_names()]
    if check:
        _check(list(names) or place_names(), people, workers)
        return
    from careersim.commands.tables import show

    heads = [
        "place",
        "kind",
        "16-64",
        "employed",
        "unemployed",
        "inactive",
        "jobs per resident",
        "median pay",
        "value added per job",
    ]
    rows = [_row(p) for p in sorted(found, key=lambda p: -p.inactivity_rate)]
    note = (
        "As published, most inactive first. Shares are of residents 16-64, unemployed of the active; money is GBP per month. The settled town has "
        "the unemployment that employment and inactivity leave: see careersim describe PLACE, also for sources."
    )
    show("Places", heads, rows, right=range(2, 9), note=note)


def _row(p: Place) -> list[str]:
    rates = [f"{100 * r:.1f}%" for r in (p.employment_rate, p.unemployment_rate, p.inactivity_rate)]
    people, pay, value = f"{p.working_age_population:,.0f}", f"{p.median_pay:,.0f}", f"{p.gva_per_job:,.0f}"
    return [p.name, p.group, people, *rates, f"{p.jobs_density:.2f}", pay, value]


def _check(names: list[str], people: int, workers: int | None) -> None:
    from careersim.commands.tables import console
    from careersim.study.stationarity import check_places

    out = console()
    checks = check_places(names, people=people, workers=workers, tell=lambda text: click.echo(text, err=True))
    _show_landings(checks)
    _show_drifts(checks)
    out.print(f"{sum(c.stationary for c in checks)} of {len(checks)} places are stationary.")


def _show_landings(checks: list) -> None:
    from careersim.commands.tables import show

    rows = []
    for c in checks:
        for x in c.landings:
            verdict = "inside" if x.passed else "MISSED"
            rows.append(
                [
                    c.label,
                    x.measure,
                    f"{x.published:.4g}",
                    f"{x.simulated:.4g}",
                    f"{x.standard_error:.2g}",
                    f"{x.band:.2g}",
                    verdict,
                ]
            )
    show(
        "Published and simulated",
        ["place", "measure", "published", "simulated", "s.e.", "band", ""],
        rows,
        right=range(2, 6),
    )


def _show_drifts(checks: list) -> None:
    from careersim.commands.tables import show

    rows = []
    for c in checks:
        for d in c.drifts:
            verdict = "steady" if d.passed else "DRIFTS"
            rows.append(
                [
                    c.label,
                    d.measure,
                    f"{d.mean:.4g}",
                    f"{d.drift:+.3g}",
                    f"{d.standard_error:.2g}",
                    f"{d.allowed:.2g}",
                    verdict,
                ]
            )
    heads = ["place", "measure", "mean", "drift over 60 months", "s.e.", "allowed", ""]
    show("Stationarity", heads, rows, right=range(2, 6))


@command.command()
@click.option("--docs", is_flag=True, help="Print the page docs/strategies.md instead.")
def strategies(docs: bool) -> None:
    """List the strategies: name, what each does, format and price."""
    from careersim.commands.tables import show
    from careersim.report.strategies_page import format_of, price_of, strategies_page
    from careersim.services import catalogue

    if docs:
        click.echo(strategies_page(), nl=False)
        return
    rows = [[n, first_sentence(inspect.getdoc(k)), format_of(n, k), price_of(n, k)] for n, k in catalogue().items()]
    show(
        "Strategies",
        ["strategy", "what it does", "format", "price"],
        rows,
        right=(3,),
        note="Price: GBP a head and session by default. careersim describe STRATEGY shows settings, levers and cost.",
    )


@command.command()
@click.option("--sources", is_flag=True, help="Show range and source instead of the definition.")
def measures(sources: bool) -> None:
    """List the measures: name, unit, when it is taken, and its definition (or range and source)."""
    from careersim.commands.tables import show
    from careersim.measures import catalogue
    from careersim.scenario.collect import GROUPS

    rows = []
    for m in [*catalogue().values(), *catalogue(period=True).values()]:
        who = "people" if m.by_group else "place"
        last = [plain_range(m.low, m.high), m.source] if sources else [m.doc]
        rows.append([m.name, m.unit, m.when, who, *last])
    heads = ["measure", "unit", "taken", "of", *(["range", "source"] if sources else ["definition"])]
    note = (
        f"Measures of people are available by {', '.join(GROUPS)}, and any two crossed (a*b): see `collect` in a config. "
        "What a policy did to people (ledger, asset-stripping account, cost) is compared in the final table: tables/summary.parquet."
    )
    show("Measures", heads, rows, note=note)


def plain_range(low: float, high: float) -> str:
    """Return a range in words.

    Examples
    --------
    >>> plain_range(0, 1), plain_range(0, 1e9)
    ('0 to 1', '0 and above')
    """
    return f"{low:g} and above" if high >= 1e4 else f"{low:g} to {high:g}"


@command.command()
@click.argument("groups", nargs=-1)
@click.option(
    "--grade", type=click.Choice(["measured", "derived", "assumed"]), help="Only those of one evidence grade."
)
@click.option("--sources", is_flag=True, help="Show sources instead of meanings.")
def parameters(groups: tuple[str, ...], grade: str | None, sources: bool) -> None:
    """List the parameters, or those of GROUPS (such as: search hiring), with unit, range and evidence grade."""
    from careersim.commands.tables import show

    rows = parameter_table()
    _known_groups(groups, [r.name for r in rows])
    chosen = [r for r in rows if (not groups or r.name.split(".")[0] in groups) and (not grade or r.grade == grade)]
    lines = [
        [
            r.name,
            str(r.default).lower() if isinstance(r.default, bool) else f"{r.default}",
            r.allowed,
            r.unit,
            r.grade,
            r.source if sources else r.doc,
        ]
        for r in chosen
    ]
    heads = ["parameter", "default", "allowed", "unit", "grade", "source" if sources else "meaning"]
    cited = (
        " targets.csv: configs/targets.csv; model.md, checks.md: the design, see docs/design-notes.md."
        if sources
        else ""
    )
    show("Parameters", heads, lines, note=f"{len(chosen)} parameters. Change one with --set NAME=VALUE.{cited}")


def _known_groups(groups: tuple[str, ...], names: list[str]) -> None:
    from careersim.scenario.errors import Problem, ScenarioError, nearest

    known = sorted({name.split(".")[0] for name in names})
    unknown = [g for g in groups if g not in known]
    if unknown:
        problems = [
            Problem(f"unknown group of parameters '{g}'", allowed=", ".join(known), suggestion=nearest(g, known) or "")
            for g in unknown
        ]
        raise ScenarioError(problems)


def first_sentence(doc: str | None) -> str:
    """Return the first sentence of a docstring, on one line."""
    text = " ".join((doc or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "." if text else ""
