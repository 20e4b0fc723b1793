"""The list of checks: A, exact theory; B, what must hold in every world; C, signs that must be reachable."""

from __future__ import annotations

from functools import partial

from careersim.checks import invariants, signs, theory_markets, theory_networks
from careersim.checks.lines import Check, Effort, Line, Part


def _parts(check: str, *parts: tuple[str, object, float]) -> list[Part]:
    return [Part(check, name, run, seconds) for name, run, seconds in parts]  # type: ignore[arg-type]


CHECKS: tuple[Check, ...] = (
    Check(
        "A1",
        "Job-information network",
        "With news of own posts only, passed on by contacts in work, unemployment, its correlation between contacts and job "
        "finding by months out of work are those of the exact Markov chain.",
        "Calvo-Armengol and Jackson 2004, American Economic Review 94(3)",
        _parts(
            "A1",
            ("empty", theory_networks.empty, 1),
            ("link", theory_networks.link, 10),
            ("ring", theory_networks.ring, 21),
            ("complete", theory_networks.complete, 15),
            ("star", theory_networks.star, 3),
            ("apart", theory_networks.apart, 5),
        ),
    ),
    Check(
        "A2",
        "Urn-ball hiring",
        "Where each seeker sends one application to one of V posts, V (1 - (1 - 1/V)^U) are hired.",
        "Butters 1977; Petrongolo and Pissarides 2001, Journal of Economic Literature 39(2)",
        _parts("A2", ("urn ball", theory_markets.urn_ball, 4)),
    ),
    Check(
        "A3",
        "Displacement",
        "What treated people gain in jobs others lose in part, all where posts are fixed and always filled, none where they are unlimited.",
        "from A2; the question of Crépon et al. 2013, Quarterly Journal of Economics 128(2)",
        _parts(
            "A3",
            ("0.25 seekers a post", theory_markets.displacement(0.25, 90_000, 10_000), 20),
            ("1 seeker a post", theory_markets.displacement(1.0, 25_000, 3400), 6),
            ("2 seekers a post", theory_markets.displacement(2.0, 12_000, 2400), 4),
            ("shares treated", theory_markets.displacement_by_share, 6),
        ),
    ),
    Check(
        "A4",
        "Two-state lake and Beveridge curve",
        "With equal hazards unemployment is s / (s + f - s f); with fixed posts more jobs mean less unemployment and more vacancies.",
        "Pissarides 2000, Equilibrium Unemployment Theory",
        _parts("A4", ("lake", theory_networks.lakes, 6), ("beveridge", theory_networks.beveridge, 7)),
    ),
    Check(
        "A5",
        "Wage floor under monopsony",
        "A floor raises employment up to where supply meets demand and costs jobs above; under competition it costs jobs at once.",
        "Stigler 1946; Manning 2003, Monopsony in Motion",
        _parts("A5", ("floor", theory_markets.floor, 0.2)),
    ),
    Check(
        "A6",
        "Right to manage",
        "Bargained pay is 1 + power (1 - a) / a of outside pay, and employment follows labour demand.",
        "Nickell and Andrews 1983, Oxford Economic Papers 35",
        _parts("A6", ("right to manage", theory_markets.right_to_manage, 0.2)),
    ),
    Check(
        "A7",
        "Thresholds of joining in",
        "Who joins is decided by the whole distribution of thresholds: a small change can turn one joiner into everybody.",
        "Granovetter 1978, American Journal of Sociology 83(6)",
        _parts("A7", ("thresholds", theory_markets.thresholds, 1)),
    ),
    Check(
        "A8",
        "Self-selection into leaving",
        "Who leaves, and how well they earned here, follows from the spread of pay here and elsewhere and their correlation.",
        "Roy 1951, Oxford Economic Papers 3(2); Borjas 1987, American Economic Review 77(4)",
        _parts("A8", ("roy", theory_markets.roy, 2)),
    ),
    Check(
        "A9",
        "Matches through contacts",
        "On a random regular graph the chance to be told of a post rises with the number of contacts, peaks, and falls.",
        "Calvo-Armengol and Zenou 2005, Journal of Urban Economics 57",
        _parts("A9", ("regular graphs", theory_networks.regular_graphs, 35)),
    ),
    Check(
        "A10",
        "Homophily",
        "In two equal blocks the share of ties within one's block is p / (p + q).",
        "Holland, Laskey and Leinhardt 1983, Social Networks 5(2)",
        _parts("A10", ("blocks", theory_networks.blocks, 5)),
    ),
    *(
        Check(i, title, claim, "by construction", _parts(i, (title, run, 2)))
        for i, title, claim, run in invariants.INVARIANTS
    ),
    *(
        Check(i, title, claim, "by experiment", _parts(i, *((n, partial(signs.line, n), 6) for n in named)))
        for i, (title, claim) in signs.TOPICS.items()
        if (named := [n for n, sign in signs.signs().items() if sign.topic == i])
    ),
)
"""Every check, in the order of the report."""


def chosen(only: str | None) -> list[Check]:
    """Return the checks named: identifiers or a letter, separated by commas; all if None.

    Raises
    ------
    ValueError
        For a name that is no check, with those that are.
    """
    if only is None:
        return list(CHECKS)
    wanted = [name.strip().upper() for name in only.split(",") if name.strip()]
    known = {c.id for c in CHECKS} | {c.id[0] for c in CHECKS}
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise ValueError(
            f"no such check: {', '.join(unknown) or 'none given'}. There are: {', '.join(c.id for c in CHECKS)}; A, B or C for all of a kind"
        )
    return [c for c in CHECKS if c.id in wanted or c.id[0] in wanted]


def run_part(check: str, name: str, effort: Effort) -> list[Line]:
    """Run one part of one check, in this process."""
    for c in CHECKS:
        for part in c.parts:
            if c.id == check and part.name == name:
                return part.run(effort)
    raise KeyError(f"no part {name!r} of check {check}")
