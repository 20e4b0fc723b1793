"""Lines of checks A2, A3, A5 to A8: markets, pay, joining and leaving against their exact results."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from careersim.checks import leaving, urns, wages
from careersim.checks import thresholds as th
from careersim.checks.estimates import Estimate
from careersim.checks.lines import Effort, Line, above, exact, near

POSTS = 100


def urn_ball(effort: Effort) -> list[Line]:
    """A2: one application each."""
    lines = []
    for u, v in ((20, 10), (10, 20), (100, 100)):
        found = urns.urn_ball(u, v, effort.pick(8000, 600), effort.rng(f"A2 {u} {v}"))
        lines.append(
            near(
                "hires, one application each",
                f"{u} seekers, {v} posts",
                urns.exact_urn_ball(u, v),
                found,
                effort.precision,
            )
        )
    return lines


def displacement(seekers_per_post: float, full: int, quick: int) -> Callable[[Effort], list[Line]]:
    """A3: one more searcher, scattered posts."""

    def run(effort: Effort) -> list[Line]:
        x, rng = seekers_per_post, effort.rng(f"A3 {seekers_per_post}")
        found = urns.displacement(POSTS, x, replicates=effort.pick(full, quick), rng=rng, in_turn=True)
        expected = urns.exact_displacement(POSTS, x)
        condition = f"U/V = {x:g}, one more searcher"
        return [near("jobs others lose per job gained", condition, expected, found, effort.precision)]

    return run


def displacement_by_share(effort: Effort) -> list[Line]:
    """A3: many treated; posts that always fill; posts without limit."""
    lines = []
    for share in (0.1, 0.5):
        found = urns.displacement(POSTS, 1.0, share, replicates=effort.pick(8000, 1200), rng=effort.rng(f"A3 {share}"))
        expected = urns.exact_displacement(POSTS, 1.0, share)
        condition = f"U/V = 1, {100 * share:g}% more searchers"
        lines.append(near("jobs others lose per job gained", condition, expected, found, effort.precision))
    for supply, words in (("filled", "posts fixed and always filled"), ("unlimited", "posts unlimited")):
        found = urns.displacement(POSTS, 1.5, 0.2, supply, replicates=effort.pick(400, 60), rng=effort.rng(supply))  # type: ignore[arg-type]
        expected = urns.exact_displacement(POSTS, 1.5, 0.2, supply)  # type: ignore[arg-type]
        lines.append(
            near("jobs others lose per job gained", f"{words}, 20% more searchers", expected, found, effort.precision)
        )
    return lines


def floor(effort: Effort) -> list[Line]:
    """A5: a floor under monopsony raises employment up to the value product, and cuts it above."""
    lines = []
    for b in (0.0, 15.0, 17.5, 20.0, 25.0):
        condition = (
            f"supply w = 5 + .1 L, value 30 - .1 L, floor {b:g}"
            if b
            else "supply w = 5 + .1 L, value 30 - .1 L, no floor"
        )
        lines.append(
            exact("employment at a wage floor", condition, wages.exact_linear_monopsony(b), wages.linear_monopsony(b))
        )
    for share in (0.9, 1.005, 1.02, 1.1, 1.3):
        condition = f"constant elasticities, floor {share:g} of pay"
        lines.append(
            exact("employment over that without floor", condition, wages.exact_monopsony(share), wages.monopsony(share))
        )
    for share in (1.001, 1.1):
        found = wages.monopsony(share, market="competition")
        expected = wages.exact_monopsony(share, market="competition")
        condition = f"competition, floor {share:g} of pay"
        lines.append(exact("employment over that without floor", condition, expected, found))
        lines.append(above("jobs a binding floor costs", condition, Estimate(1.0 - found, 0.0)))
    return lines


def right_to_manage(effort: Effort) -> list[Line]:
    """A6: the union bargains over pay, the employer sets heads."""
    lines = []
    for power, a in ((0.25, 0.7), (0.5, 0.7), (1.0, 0.7), (0.5, 0.5)):
        pay, heads = wages.right_to_manage(power, a)
        expected = wages.exact_right_to_manage(power, a)
        condition = f"output N^{a:g}, bargaining power {power:g}"
        lines.append(exact("bargained pay", condition, expected[0], pay))
        lines.append(exact("employment at that pay", condition, expected[1], heads))
    return lines


def thresholds(effort: Effort) -> list[Line]:
    """A7: one person's threshold can decide how many join."""
    n = effort.pick(100_000, 20_000)
    step, changed = np.arange(100) / 100, np.r_[0, 2, np.arange(2, 100)] / 100
    cases = [("thresholds 0 to .99", step), ("the .01 among them made .02", changed)]
    cases += [
        (f"{n:,} normal thresholds, mean .25, sd {sd:g}", th.normal_thresholds(n, 0.25, sd))
        for sd in (0.12, 0.1222, 0.12224, 0.13)
    ]
    return [exact("people who join", c, th.exact_joined(t), th.joined(t, effort.rng(f"A7 {c}"))) for c, t in cases]


def roy(effort: Effort) -> list[Line]:
    """A8: who leaves follows from spreads and correlation of pay here and elsewhere."""
    lines, people = [], effort.pick(500_000, 80_000)
    for s0, s1, rho, gap, cost in ((0.4, 0.6, 0.9, 0.1, 0.3), (0.6, 0.4, 0.9, 0.1, 0.3), (0.3, 0.6, 0.0, 0.0, 0.2)):
        condition = f"sd {s0:g} here, {s1:g} elsewhere, rho {rho:g}, gap {gap:g}, cost {cost:g}"
        found = leaving.roy(s0, s1, rho, gap, cost, people, effort.rng(f"A8 {condition}"))
        expected = leaving.exact_roy(s0, s1, rho, gap, cost)
        for what, e, x in zip(
            ("share leaving", "log pay of movers", "log pay of stayers"), expected, found, strict=True
        ):
            lines.append(near(what, condition, e, x, effort.precision))
    return lines
