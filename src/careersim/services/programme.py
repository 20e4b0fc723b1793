"""A month of a programme: who asks, who is served, in which groups, and the books.

1. Whoever is no longer eligible leaves programme and queue. Those in a programme come first; if the purse does not reach
   for all of them, those with the smallest luck.
2. Of the eligible others, a person asks with hazard `Strategy.hazard` (luck keyed by person, month and service) and, once
   having asked, waits until served.
3. Served are the first up to capacity by (`Strategy.priority`, luck, identity): no list is indexed and no order of rows matters.
4. Capacity = whole sessions that the purse pays, times ``stretch`` at most; the fraction is carried over.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.services import levers
from careersim.services.session import Session
from careersim.town.columns import HERE
from careersim.town.sums import counts_by
from careersim.town.town import SERVED, Town

if TYPE_CHECKING:
    from careersim.services.base import Service, Strategy

_EPSILON = 1e-9


def give_sessions(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, purse: float
) -> float:
    """Give a month's sessions for at most ``purse`` GBP; return what was spent."""
    price = strategy.price_per_head(params)
    n_paid = math.floor(purse / price + _EPSILON)
    rows = _choose(strategy, service, town, params, month, strategy.capacity(town, params, n_paid))
    if len(rows) == 0:
        return 0.0
    part = service.state.participants
    number = np.maximum(strategy.sessions - part.sessions_left[rows].astype(np.int64) + 1, 1)
    session = open_session(strategy, service, town, params, month, rows, number, len(rows) / max(n_paid, 1))
    strategy.deliver(session)
    if strategy.format == "group":
        levers.take_part(session)
    part.sessions_left[rows] -= 1
    return keep_books(strategy, service, session, min(len(rows), n_paid) * price)


def _choose(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, n_most: int
) -> np.ndarray:
    """Return the rows served this month: those in a programme first, then those who asked (1-3)."""
    ids, part = town.people.id, service.state.participants
    may = strategy.eligible(town, month) & (town.people.residence == HERE)
    part.sessions_left *= may
    part.waiting *= may
    under_way = part.sessions_left > 0
    going_on = np.flatnonzero(under_way)
    going_on = going_on[_first(n_most, ids[going_on], _luck(town, service, month, going_on, chance.TARGET))]
    free = np.flatnonzero(may & ~under_way & (month - part.started >= strategy.again_after))
    hazard = strategy.hazard(town, params, month, free)
    asking = free[(part.waiting[free] == 1) | (_luck(town, service, month, free, chance.TAKE_UP) < hazard)]
    part.waiting[asking] = 1
    luck, priority = _luck(town, service, month, asking, chance.TARGET), strategy.priority(town, params, month, asking)
    new = asking[_first(n_most - len(going_on), ids[asking], luck, priority)]
    _enrol(strategy, service, town, params, month, new)
    if service.is_shadow:
        return np.sort(np.concatenate([going_on, new]))
    note = town.tallies
    note["service_queue"] = note.get("service_queue", 0.0) + float(len(asking) - len(new))
    return np.sort(np.concatenate([going_on, new]))


def _luck(town: Town, service: Service, month: int, rows: np.ndarray, decision: int) -> np.ndarray:
    return chance.uniforms(town.key, decision, month, town.people.id[rows], service.slot)


def _first(n: int, ids: np.ndarray, luck: np.ndarray, *priority: np.ndarray) -> np.ndarray:
    """Positions of the first ``n`` by (priority, luck, identity)."""
    return np.lexsort((ids, luck, *priority))[: max(n, 0)]


def _enrol(strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, rows: np.ndarray) -> None:
    """Begin a programme; group services form their groups now and keep them."""
    part = service.state.participants
    part.waiting[rows] = 0
    part.sessions_left[rows] = strategy.sessions
    part.started[rows] = month
    if strategy.format == "group" and len(rows):
        size = params.services.group_size if strategy.group_size is None else strategy.group_size
        place = town.people.neighbourhood[rows] if strategy.grouping == "neighbourhood" else np.zeros(len(rows))
        order = np.lexsort((town.people.id[rows], _luck(town, service, month, rows, chance.GROUPING), place))
        part.group[rows[order]] = service.state.n_groups + np.arange(len(rows)) // size
        service.state.n_groups += -(-len(rows) // size)


def open_session(
    strategy: Strategy,
    service: Service,
    town: Town,
    params: Parameters,
    month: int,
    rows: np.ndarray,
    number: np.ndarray,
    load: float = 1.0,
) -> Session:
    """Return the month's session for the people in ``rows`` (sorted, each once)."""
    quality = strategy.quality(town, params, rows, load)
    group = service.state.participants.group[rows] if strategy.format == "group" else np.full(len(rows), -1, np.int32)
    in_work = _in_work(service, town, group) if strategy.format == "group" else None
    return Session(
        town, params, month, service.slot, rows, quality, number, group, service.state.memory, service.is_shadow, in_work
    )  # fmt: skip


def _in_work(service: Service, town: Town, group: np.ndarray) -> np.ndarray:
    """Return the share in work of all who began in each of the groups: who found work comes no more, but has been heard of."""
    n, roll = service.state.n_groups, service.state.participants.group
    began = np.flatnonzero(roll >= 0)
    works = began[(town.people.post[began] >= 0) | (town.people.elsewhere_employed[began] == 1)]
    share = counts_by(roll[works], n) / np.maximum(counts_by(roll[began], n), 1)
    return share[group] if n else np.zeros(len(group))


def keep_books(strategy: Strategy, service: Service, session: Session, price_paid: float) -> float:
    """Record who received what at what cost; return the public money spent in GBP."""
    check_levers(strategy, session)
    town, part, rows, n = session.town, service.state.participants, session.rows, max(len(session.rows), 1)
    session.charge("public_cost", price_paid)
    session.charge("unpaid_value", strategy.unpaid_hours * len(rows) * session.params.services.price_unpaid_hour)
    spent = session.costs["public_cost"]
    part.received[rows] += 1
    part.cost[rows] += spent / n
    if service.is_shadow:
        return spent
    if session.month >= town.policy_start:
        town.people.sessions[rows] += 1
        town.people.support_cost[rows] += spent / n
        if town.log_events:
            town.events.add(session.month, rows, SERVED, cause=service.slot, other=session.number, value=spent / n)
    for name, gbp in session.costs.items():
        town.ledger_flows[name] = town.ledger_flows.get(name, 0.0) + gbp
    town.tallies["service_sessions"] = town.tallies.get("service_sessions", 0.0) + float(len(rows))
    return spent


class UndeclaredLever(RuntimeError):
    """A strategy used a lever that it does not declare."""


def check_levers(strategy: Strategy, session: Session) -> None:
    """Compare what a strategy touched with what it declares that it touches.

    Raises
    ------
    UndeclaredLever
        Naming the strategy, the month and the levers.
    """
    undeclared = set(session.touch.calls) - strategy.may_use() - {"take_part"}
    if undeclared:
        names = ", ".join(sorted(undeclared))
        raise UndeclaredLever(
            f"strategy {strategy.name!r}, month {session.month}: uses {names} without declaring it in `levers`"
        )
