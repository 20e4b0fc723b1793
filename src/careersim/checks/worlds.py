"""What must be true of worlds that share their past (checks.md B); each function raises `Broken` where it is not.

Used by `careersim verify` and by the tests, on any model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from careersim.loop import simulate_month
from careersim.measures.registry import Snapshot
from careersim.model import CareerModel
from careersim.month import record
from careersim.services import delivery
from careersim.town import state, threads
from careersim.town.columns import ACTIVE, HERE, OUTSIDE, STUDENT, WORKING, People, Ties
from careersim.town.town import Town

STRATEGIES = ("one_to_one", "own_network", "brokering", "collective_bargaining", "collective_solutions")
"""Strategies whose worlds are looked at."""
UNIT_INTERVAL = (
    "career_skill",
    "morale",
    "knows_elsewhere",
    "self_awareness",
    "digital_literacy",
    "attribution",
    "odds_belief",
)


class Broken(AssertionError):
    """An invariant does not hold."""


def demand(condition: Any, what: str) -> None:
    """Raise `Broken`, saying ``what``, unless all of ``condition`` is true."""
    if not np.all(condition):
        raise Broken(what)


def run(model: CareerModel, strategy: object = "none", months: int = 18) -> CareerModel:
    """Return a fork offered ``strategy`` after ``months`` months."""
    return model.fork(strategy).run_for(months)  # type: ignore[arg-type]


def same_bits(one: Town, other: Town, what: str) -> None:
    """Two towns are bit-identical, or the columns in which they differ are named."""
    if state.digest(one) == state.digest(other):
        return
    a, b = state.to_arrays(one), state.to_arrays(other)
    differ = [
        n
        for n in a
        if n not in b or a[n].shape != b[n].shape or not np.array_equal(a[n], b[n], equal_nan=a[n].dtype.kind == "f")
    ]
    raise Broken(f"{what}: {', '.join(differ[:4]) or 'bits'} differ")


# -- worlds that must be equal ----------------------------------------------------------------------------------------
def none_twice(model: CareerModel, months: int) -> None:
    """Nothing added, run twice, is the same world."""
    same_bits(run(model, months=months).town, run(model, months=months).town, "none run twice")


def zero_budget(model: CareerModel, months: int, strategy: str) -> None:
    """A strategy without money is the world without it."""
    same_bits(
        run(model, {strategy: {"budget": 0.0}}, months).town,
        run(model, months=months).town,
        f"{strategy} with budget 0",
    )


def funded(model: CareerModel, months: int, strategy: str) -> None:
    """With money it is another world, and money is spent: so that the check above means something."""
    without, treated = run(model, months=months).town, run(model, strategy, months).town
    demand(state.digest(treated) != state.digest(without), f"{strategy} changes nothing")
    demand(treated.totals["public_cost"] > without.totals["public_cost"], f"{strategy} costs nothing")


def fork_equals_rerun(
    model: CareerModel, make: Callable[[str], CareerModel], months: int, strategy: str = "one_to_one"
) -> None:
    """A fork is the same as a model made with the strategy from the start."""
    same_bits(model.fork(strategy).run_for(months).town, make(strategy).run_for(months).town, "fork and full rerun")


def any_threads(model: CareerModel, months: int, n_threads: int) -> None:
    """More threads give the same bits."""
    single = run(model, months=months).town
    with spread_over(n_threads):
        same_bits(single, run(model, months=months).town, f"1 and {n_threads} threads")


@contextmanager
def spread_over(n_threads: int) -> Iterator[None]:
    """Use ``n_threads`` threads however few rows there are."""
    before = threads._n_threads, threads.MIN_ROWS_PER_THREAD
    threads._n_threads, threads.MIN_ROWS_PER_THREAD = n_threads, 100
    try:
        yield
    finally:
        threads._n_threads, threads.MIN_ROWS_PER_THREAD = before


def permuted(model: CareerModel, rng: np.random.Generator) -> tuple[CareerModel, np.ndarray]:
    """A twin whose people stand in other rows, and the row at which each person now stands."""
    twin = model.fork()
    n = len(twin.town.people)
    order = rng.permutation(n)
    new_row = np.empty(n, np.int64)
    new_row[order] = np.arange(n)
    twin.town.people = twin.town.people.take(order)
    twin.town.ties = twin.town.ties.take(order)
    for rows in (twin.town.people.parent, twin.town.ties.contact):
        rows[rows >= 0] = new_row[rows[rows >= 0]]
    for service in twin.services:
        service.keep_rows(order)
    return twin, new_row


def any_row_order(model: CareerModel, months: int, rng: np.random.Generator, strategy: str = "none") -> None:
    """People in other rows live the same lives, and posts, employers and money are the same."""
    twin, new_row = permuted(model, rng)
    twin.services += delivery.make_services(strategy, twin.parameters)
    a, b = run(model, strategy, months).town, twin.run_for(months).town
    for name in People.columns():
        if name != "parent":
            demand(
                equal(getattr(a.people, name), getattr(b.people, name)[new_row]),
                f"people.{name} depends on the order of rows",
            )
    for table in ("posts", "employers"):
        for name, column in getattr(a, table).arrays().items():
            demand(equal(column, getattr(getattr(b, table), name)), f"{table}.{name} depends on the order of rows")
    demand(a.totals == b.totals, "money depends on the order of rows")


def equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two columns are equal, NaN equal to NaN."""
    return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def measuring_changes_nothing(model: CareerModel, months: int) -> None:
    """The world is the same whether measures are taken every month or never."""
    measured, bare = run(model, months=months), model.fork()
    for _ in range(months):
        simulate_month(bare.town, bare.parameters, bare.services)
    same_bits(bare.town, measured.town, "with and without measures")


def one_more_measure(model: CareerModel, months: int) -> None:
    """The world is the same with a measure added that looks at every column."""
    twin = model.fork()
    for _ in range(months):
        twin.step()
        snapshot = Snapshot(twin.town)
        for table in (snapshot.town.people, snapshot.town.posts, snapshot.town.employers):
            sum(float(np.nansum(column)) for column in table.arrays().values())
    same_bits(twin.town, run(model, months=months).town, "with one more measure")


# -- stocks and flows -------------------------------------------------------------------------------------------------
def accounting(model: CareerModel, months: int, strategy: str = "none") -> None:
    """Every month: residents, posts, ties and money balance, and numbers are in range."""
    twin = model.fork(strategy)
    for _ in range(months):
        before = record.counts(twin.town)["residents"]
        twin.step()
        residents_balance(twin.town, before)
        valid(twin.town)


def residents_balance(town: Town, before: float) -> None:
    """Residents now are those of last month and who came, less who left or retired."""
    t = town.tallies
    change = record.counts(town)["residents"] - before
    flows = t["in_moves"] + t["turned_13"] - t["out_moves"] - t.get("retired", 0.0)
    demand(change == flows, f"residents changed by {change}, flows say {flows}")


def valid(town: Town) -> None:
    """Who holds which post, ties and money, in any month of any world."""
    posts_held(town)
    in_range(town.people)
    ties_symmetric(town.ties, len(town.people))
    money_balances(town)


def posts_held(town: Town) -> None:
    """Everybody in work holds one post, here, in working life, paid; posts know their holders and have room."""
    w, p, f = town.people, town.posts, town.employers
    at_work = w.post >= 0
    demand(np.bincount(w.post[at_work], minlength=len(p)) == p.holders, "holders of a post are not those who hold it")
    demand(w.residence[at_work] == HERE, "somebody elsewhere holds a post")
    demand(w.stage[at_work] == WORKING, "somebody who is not of working life holds a post")
    demand(w.reason[at_work] == ACTIVE, "somebody inactive holds a post")
    demand(w.pay[at_work] > 0, "somebody in work has no pay")
    demand(w.pay[~at_work] == 0, "somebody out of work has pay")
    demand(w.post[w.stage == STUDENT] < 0, "a student holds a post")
    demand(p.vacancies >= 0, "vacancies below 0")
    demand(p.vacancies <= np.maximum(p.target, 0), "vacancies above target")
    demand(p.holders[f.alive[p.employer] == 0] == 0, "an employer that is gone has staff")
    demand(p.capacity[p.sector != OUTSIDE] >= 1, "a local post without room")


def in_range(w: People) -> None:
    """Shares and probabilities lie between 0 and 1, support between -1 and 1."""
    for name in UNIT_INTERVAL:
        x = getattr(w, name)
        demand((x >= 0) & (x <= 1), f"people.{name} out of 0..1")
    demand((w.support >= -1) & (w.support <= 1), "people.support out of -1..1")


def ties_symmetric(ties: Ties, n: int) -> None:
    """A tie is the same from both ends; nobody is tied to themselves, or to the same person twice."""
    rows, slots = np.nonzero(ties.contact >= 0)
    to, strength = ties.contact[rows, slots], ties.strength[rows, slots]
    demand(rows != to, "somebody is tied to themselves")
    there, back = rows * n + to, to * n + rows
    demand(len(np.unique(there)) == len(there), "two people are tied twice")
    demand(equal(np.sort(there), np.sort(back)), "a tie has one end")
    demand(equal(strength[np.argsort(there)], strength[np.argsort(back)]), "a tie differs at its ends")
    demand((strength >= 0) & (strength <= 1), "strength of a tie out of 0..1")


def money_balances(town: Town) -> None:
    """Output and subsidies are paid out as pay, profit and fixed cost, to the penny."""
    flows = town.ledger_flows
    inflow = flows["output"] + flows["subsidies"]
    outflow = flows["pay_residents"] + flows["pay_commuters"] + flows["profit"] + flows["fixed_cost"]
    demand(abs(inflow - outflow) <= 1e-6 * max(inflow, 1.0), f"money in {inflow:.2f}, out {outflow:.2f}")
