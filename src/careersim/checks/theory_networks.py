"""Lines of checks A1, A4, A9, A10: news, stocks and ties against their exact results."""

from __future__ import annotations

import math
from collections.abc import Sequence

import networkx as nx

from careersim.checks import contacts, homophily, lake
from careersim.checks.estimates import Estimate
from careersim.checks.exact_job_network import exact_job_information_network
from careersim.checks.job_network import simulate
from careersim.checks.lines import Effort, Line, above, near

A, B = 0.1, 0.015
MONTHS_OUT = (1, 2, 10)
Group = tuple[str, Sequence[int]]
Pairs = tuple[str, Sequence[tuple[int, int]]]


def network_lines(
    effort: Effort,
    name: str,
    graph: nx.Graph,
    groups: Sequence[Group],
    pairs: Sequence[Pairs] = (),
    months_out: Sequence[int] = (),
    arrival: float = A,
    breakup: float = B,
    copies: int = 20_000,
    months: int = 100,
) -> list[Line]:
    """Simulated against exact: unemployment of groups and correlations of pairs alike by symmetry, job finding of all."""
    condition = f"{name}, a={arrival:g}, b={breakup:g}"
    expected = exact_job_information_network(graph, arrival, breakup, correlations=bool(pairs), months_out=months_out)
    rng = effort.rng(f"A1 {condition}")
    sums = simulate(graph, arrival, breakup, months, copies, rng, months_out, correlations=bool(pairs))
    lines = []
    for group, people in groups:
        value, error = sums.unemployment(people)
        found = Estimate(float(value[0]), float(error[0]))
        lines.append(
            near(f"unemployment{group}", condition, expected.unemployment.iloc[people[0]], found, effort.precision)
        )
    for pair, members in pairs:
        i, j = members[0]
        exact = expected[f"correlation_{list(graph.nodes)[j]}"].iloc[i]
        found = Estimate(*sums.mean_correlation(members))
        lines.append(near(f"correlation{pair}", condition, exact, found, effort.precision_of_correlations))
    for k, d in enumerate(months_out):
        value, error = sums.job_finding(k, together=True)
        found = Estimate(float(value[0]), float(error[0]))
        what = f"job finding, out at least {d} month{'s' if d > 1 else ''}"
        lines.append(near(what, condition, expected[f"job_finding_{d}"].iloc[0], found, effort.precision))
    return lines


def empty(effort: Effort) -> list[Line]:
    """A1: nobody knows anybody."""
    return network_lines(
        effort, "4 people, no ties", nx.empty_graph(4), [("", range(4))], copies=5000, months=effort.pick(400, 100)
    )


def link(effort: Effort) -> list[Line]:
    """A1: two people who know each other."""
    copies, months = effort.pick(50_000, 10_000), effort.pick(1600, 300)
    return network_lines(
        effort, "2 people, one link", nx.path_graph(2), [("", (0, 1))], [("", [(0, 1)])], copies=copies, months=months
    )


def ring(effort: Effort) -> list[Line]:
    """A1: four in a ring."""
    near_by, across = [(0, 1), (1, 2), (2, 3), (3, 0)], [(0, 2), (1, 3)]
    copies, months = effort.pick(50_000, 5000), effort.pick(2100, 400)
    pairs = [(" of neighbours", near_by), (" across", across)]
    return network_lines(
        effort, "ring of 4", nx.cycle_graph(4), [("", range(4))], pairs, MONTHS_OUT, copies=copies, months=months
    )


def complete(effort: Effort) -> list[Line]:
    """A1: four who all know each other."""
    pairs = [("", [(i, j) for i in range(4) for j in range(i)])]
    copies, months = effort.pick(50_000, 5000), effort.pick(700, 400)
    return network_lines(
        effort, "complete 4", nx.complete_graph(4), [("", range(4))], pairs, MONTHS_OUT, copies=copies, months=months
    )


def star(effort: Effort) -> list[Line]:
    """A1: one who knows five who know only them."""
    copies, months = effort.pick(20_000, 4000), effort.pick(200, 100)
    groups = [(" of the centre", [0]), (" of the others", range(1, 6))]
    return network_lines(
        effort, "star of 6", nx.star_graph(5), groups, arrival=0.2, breakup=0.05, copies=copies, months=months
    )


def apart(effort: Effort) -> list[Line]:
    """A1: eight people in parts that are not connected."""
    graph = nx.disjoint_union_all([nx.complete_graph(3), nx.path_graph(4), nx.empty_graph(1)])
    groups = [(" in the triangle", range(3)), (" at the ends of the line", (3, 6)), (" alone", [7])]
    copies, months = effort.pick(20_000, 4000), effort.pick(300, 120)
    return network_lines(
        effort, "8 people in three parts", graph, groups, arrival=0.15, breakup=0.04, copies=copies, months=months
    )


def lakes(effort: Effort) -> list[Line]:
    """A4: two states, the default hazards and hiring."""
    lines = []
    for f, s in ((0.1, 0.015), (0.3, 0.1)):
        rng = effort.rng(f"A4 {f} {s}")
        found = lake.two_state_lake(f, s, 20_000, effort.pick(640, 96), rng)
        lines.append(
            near(
                "unemployment, two states", f"finding {f:g}, loss {s:g}", lake.exact_lake(f, s), found, effort.precision
            )
        )
    return lines


def beveridge(effort: Effort) -> list[Line]:
    """A4: more jobs, less unemployment and more vacancies."""
    people, loss, months = effort.pick(8000, 4000), 0.02, effort.pick(1600, 192)
    lines, points = [], []
    for jobs in (0.9, 1.0, 1.1):
        point = lake.beveridge_point(jobs, loss, people, months, effort.rng(f"A4 {jobs}"))
        u, v = lake.exact_beveridge(jobs, loss, people)
        condition = f"{jobs:g} jobs a person, loss {loss:g}"
        lines.append(near("Beveridge curve, unemployment", condition, u, point.unemployment, effort.precision))
        lines.append(near("Beveridge curve, vacancies", condition, v, point.vacancies, effort.precision))
        points.append(point)
    for a, b, name in ((0, 1, "0.9 to 1 jobs"), (1, 2, "1 to 1.1 jobs")):
        fall = _difference(points[a].unemployment, points[b].unemployment)
        rise = _difference(points[b].vacancies, points[a].vacancies)
        lines.append(above("unemployment falls", name + " a person", fall))
        lines.append(above("vacancies rise", name + " a person", rise))
    return lines


def _difference(one: Estimate, other: Estimate) -> Estimate:
    return Estimate(one.value - other.value, math.hypot(one.standard_error, other.standard_error))


def regular_graphs(effort: Effort) -> list[Line]:
    """A9: with more contacts more are told, up to a point."""
    people = {20: 50_000, 66: 50_000, 400: effort.pick(50_000, 10_000)}
    months = {20: effort.pick(60, 10), 66: effort.pick(2000, 10), 400: effort.pick(800, 20)}
    lines, found = [], {}
    for s in people:
        found[s] = contacts.contact_matches(s, 0.1, 0.1, people[s], months[s], effort.rng(f"A9 {s}"))
        expected = contacts.exact_contact_matches(s, 0.1, 0.1)
        lines.append(
            near("told of a post by a contact", f"{s} contacts each, u=v=0.1", expected, found[s], effort.precision)
        )
    if not effort.quick:
        lines.append(
            above("fewer are told with 400 contacts than with 66", "u=v=0.1", _difference(found[66], found[400]))
        )
    return lines


def blocks(effort: Effort) -> list[Line]:
    """A10: like take to like."""
    lines = []
    for p, q in ((0.1, 0.02), (0.1, 0.1), (0.3, 0.1)):
        rng = effort.rng(f"A10 {p} {q}")
        found = homophily.same_type_share(p, q, effort.pick(6000, 2000), effort.pick(20, 8), rng)
        expected = homophily.exact_same_type_share(p, q)
        lines.append(
            near(
                "share of ties within one's block",
                f"two blocks, {p:g} within, {q:g} across",
                expected,
                found,
                effort.precision,
            )
        )
    return lines


__all__ = ["apart", "beveridge", "blocks", "complete", "empty", "lakes", "link", "regular_graphs", "ring", "star"]
