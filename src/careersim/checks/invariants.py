"""Lines of checks B: what must hold in every world, on a small settled town of a real place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial

from careersim.checks import reach, worlds
from careersim.checks.lines import Effort, Line, holds
from careersim.model import CareerModel

PLACE, PEOPLE, SETTLING = "inverclyde", 1500, 60


def make_model(seed: int, months: int, strategy: str = "none") -> CareerModel:
    """Return a small town after a short burn-in: enough to have everything going on."""
    return CareerModel(
        PLACE, people=PEOPLE, rng=seed, months=months, parameters={"time": {"burn_in": SETTLING}}, strategy=strategy
    )


@cache
def settled(seed: int, months: int) -> CareerModel:
    """The town from which all worlds fork, settled once a process."""
    return make_model(seed, months)


def _months(effort: Effort) -> int:
    return effort.pick(18, 6)


def _line(effort: Effort, what: str, condition: str, expected: str, check: Callable[[], None]) -> Line:
    problem = None
    try:
        check()
    except worlds.Broken as broken:
        problem = str(broken)
    return holds(what, f"{condition}, {_months(effort)} months", expected, problem)


def _town(effort: Effort) -> tuple[CareerModel, int]:
    return settled(effort.seed, 18), _months(effort)


def none_twice(effort: Effort) -> list[Line]:
    """B1."""
    model, months = _town(effort)
    return [_line(effort, "none twice", "same luck", "same bits", partial(worlds.none_twice, model, months))]


def zero_budget(effort: Effort) -> list[Line]:
    """B2."""
    model, months = _town(effort)
    lines = []
    for s in worlds.STRATEGIES:
        lines.append(_line(effort, "no money is none", s, "same bits", partial(worlds.zero_budget, model, months, s)))
        lines.append(
            _line(
                effort,
                "money is another world",
                s,
                "other bits, money spent",
                partial(worlds.funded, model, months, s),
            )
        )
    return lines


@contextmanager
def nothing_kept(folder: str) -> Iterator[None]:
    """Settle the town anew, in a folder of its own, instead of reading the kept burn-in."""
    before = os.environ.get("CAREERSIM_CACHE")
    os.environ["CAREERSIM_CACHE"] = folder
    try:
        yield
    finally:
        del os.environ["CAREERSIM_CACHE"]
        if before is not None:
            os.environ["CAREERSIM_CACHE"] = before


def fork_equals_rerun(effort: Effort) -> list[Line]:
    """B3."""
    model, months = _town(effort)

    def again(strategy: str) -> CareerModel:
        if effort.quick:
            return make_model(effort.seed, 18, strategy)
        with tempfile.TemporaryDirectory() as folder, nothing_kept(folder):
            return make_model(effort.seed, 18, strategy)

    return [
        _line(
            effort,
            "fork is a full rerun",
            "one_to_one",
            "same bits",
            partial(worlds.fork_equals_rerun, model, again, months),
        )
    ]


def any_threads(effort: Effort) -> list[Line]:
    """B4."""
    model, months = _town(effort)
    return [
        _line(
            effort,
            "threads do not matter",
            f"1 and {n} threads",
            "same bits",
            partial(worlds.any_threads, model, months, n),
        )
        for n in (2, 4)
    ]


def any_row_order(effort: Effort) -> list[Line]:
    """B5."""
    model, months = _town(effort)
    return [
        _line(
            effort, "row order does not matter", f"people shuffled, {s}", "same lives",
            partial(worlds.any_row_order, model, months, effort.rng(f"B5 {s}"), s),
        )
        for s in ("none", "one_to_one")
    ]  # fmt: skip


def treating_one(effort: Effort) -> list[Line]:
    """B6."""
    model, _ = _town(effort)

    def each() -> None:
        for person in range(effort.pick(8, 3)):
            reach.treating_one(model, effort.pick(4, 2), person)

    condition = f"career skill of one of {effort.pick(8, 3)} seekers raised, aggregates held"
    problem = _line(effort, "", "", "", each)
    found = problem.found if not problem.passed else None
    return [holds("treating one reaches only the connected", condition, "ties, posts, employers", found)]


def accounting(effort: Effort) -> list[Line]:
    """B7."""
    model, months = _town(effort)
    return [
        _line(
            effort,
            "residents, posts, ties and money balance",
            s,
            "every month",
            partial(worlds.accounting, model, months, s),
        )
        for s in ("none", *worlds.STRATEGIES)
    ]


def measuring(effort: Effort) -> list[Line]:
    """B8."""
    model, months = _town(effort)
    return [
        _line(
            effort,
            "measuring changes nothing",
            "all measures or none",
            "same bits",
            partial(worlds.measuring_changes_nothing, model, months),
        ),
        _line(
            effort,
            "measuring changes nothing",
            "one more measure",
            "same bits",
            partial(worlds.one_more_measure, model, months),
        ),
    ]


INVARIANTS: tuple[tuple[str, str, str, Callable[[Effort], list[Line]]], ...] = (
    ("B1", "None twice", "The same place with the same luck is the same world, bit for bit.", none_twice),
    (
        "B2",
        "Zero budget",
        "A strategy without money is the world without it, bit for bit; with money it is not.",
        zero_budget,
    ),
    ("B3", "Fork equals rerun", "A world forked from a saved state is the one simulated in full.", fork_equals_rerun),
    ("B4", "Any threads", "1, 2 and 4 threads give the same bits.", any_threads),
    (
        "B5",
        "Any row order",
        "People in other rows live the same lives: nothing depends on who comes first.",
        any_row_order,
    ),
    (
        "B6",
        "Treating one person",
        "With the place's aggregates held, treating one person changes only people reachable through ties, posts and employers.",
        treating_one,
    ),
    ("B7", "Accounting", "Residents, posts, ties and money balance in every month; numbers are in range.", accounting),
    ("B8", "Measuring", "Taking measures, or one more, changes nothing.", measuring),
)
"""Check, title, claim, lines."""
