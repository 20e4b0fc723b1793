"""A month of a programme: who asks, who is served, in which groups, and the books.

1. Whoever is no longer eligible leaves programme and queue. Those in a programme come first; if the purse does not reach
   for all of them, those with the smallest luck.
2. Of the eligible others, a person asks with hazard `Strategy.hazard` (luck keyed by person, month and service) and, once
   having asked, waits until served.
3. Served are the first up to capacity by (`Strategy.priority`, luck, identity): no list is indexed and no order of rows matters.
4. Capacity = whole sessions that the purse pays, times ``stretch`` at most; the fraction is carried over. Where the price is for
   a group's session, as many groups meet as are paid for, the oldest first.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.services import levers
from careersim.services.faults import FailedAt, person_at_fault
from careersim.services.participants import Received
from careersim.services.session import STAFF, Session
from careersim.town.columns import HERE
from careersim.town.town import SERVED, Town

if TYPE_CHECKING:
    from careersim.services.base import Service, Strategy

_EPSILON = 1e-9
COSTS = ("public_cost", "unpaid_value", "employer_cost", "users_cost")
"""What a session may cost, by name, as in `careersim.services.participants.Received`."""


def give_sessions(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, purse: float
) -> float:
    """Give a month's sessions for at most ``purse`` GBP; return what was spent."""
    places, part = strategy.places(params), service.state.participants
    n_paid = math.floor(purse / strategy.drawn_per_session(params) + _EPSILON)
    rows = _choose(strategy, service, town, params, month, strategy.capacity(town, params, n_paid * places))
    if places > 1:
        rows = _of_first_groups(rows, part.group[rows], strategy.capacity(town, params, n_paid))
    if len(rows) == 0:
        return 0.0
    number = np.maximum(strategy.sessions - part.sessions_left[rows].astype(np.int64) + 1, 1)
    load = len(rows) / max(n_paid * places, 1)
    session = open_session(strategy, service, town, params, month, rows, number, load)
    deliver(strategy, session)
    if strategy.format == "group":
        levers.take_part(session)
    part.sessions_left[rows] -= 1
    n_given = len(rows) if places == 1 else len(np.unique(part.group[rows]))
    return keep_books(strategy, service, session, min(n_given, n_paid) * strategy.price_per_session(params))


def deliver(strategy: Strategy, session: Session) -> None:
    """Let the strategy do what a session does.

    Raises
    ------
    FailedAt
        If it raises an error: with the identity of the person it fails at, if that can be told.
    """
    try:
        strategy.deliver(session)
    except Exception as error:
        raise FailedAt(person_at_fault(strategy.deliver, session), error) from error


def _of_first_groups(rows: np.ndarray, group: np.ndarray, n_most: int) -> np.ndarray:
    """Return the rows of the ``n_most`` oldest groups; the others meet another month."""
    return rows[np.isin(group, np.unique(group)[: max(n_most, 0)])]


def _choose(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, n_most: int
) -> np.ndarray:
    """Return the rows served this month: those in a programme first, then those who asked (1-3)."""
    going_on, free = going_on_or_free(strategy, service, town, month)
    if len(going_on) > n_most:
        luck = _luck(town, service, month, going_on, chance.TARGET)
        going_on = going_on[_first(n_most, town.people.id[going_on], luck)]
    asked = asking(strategy, service, town, params, month, free)
    new = first_served(strategy, service, town, params, month, asked, n_most - len(going_on))
    _enrol(strategy, service, town, params, month, new)
    if service.is_shadow:
        return np.sort(np.concatenate([going_on, new]))
    note = town.tallies
    note["service_queue"] = note.get("service_queue", 0.0) + float(len(asked) - len(new))
    return np.sort(np.concatenate([going_on, new]))


def going_on_or_free(strategy: Strategy, service: Service, town: Town, month: int) -> tuple[np.ndarray, np.ndarray]:
    """Let those leave who may no longer have the service (1); return who is in a programme, and who is free to begin one."""
    part = service.state.participants
    may = strategy.eligible(town, month) & (town.people.residence == HERE)
    latest = month - strategy.again_after
    return keep_or_free(may, may.nonzero()[0], part.sessions_left, part.waiting, part.started, latest)


@kernel
def keep_or_free(may, rows, sessions_left, waiting, started, latest):
    """Take those who ``may`` no longer out of programme and queue; of ``rows``, who may, return those in a programme and those free."""
    for i in range(may.shape[0]):
        sessions_left[i] *= may[i]
        waiting[i] *= may[i]
    going_on, n = np.empty(rows.shape[0], np.int64), 0
    free, m = np.empty(rows.shape[0], np.int64), 0
    for i in rows:
        going_on[n], free[m] = i, i
        n += sessions_left[i] > 0
        m += (sessions_left[i] == 0) & (started[i] <= latest)
    return going_on[:n].copy(), free[:m].copy()


def asking(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, free: np.ndarray
) -> np.ndarray:
    """Return who asks, or asked earlier and still waits, among those who are ``free`` to begin a programme (2)."""
    part = service.state.participants
    hazard = strategy.hazard(town, params, month, free)
    return who_asks(free, hazard, town.key, month, service.slot, town.people.id, part.waiting)


@kernel
def who_asks(free, hazard, key, month, slot, ids, waiting):
    """Those of ``free`` who wait or whose luck is below the ``hazard`` of asking; they all wait now."""
    luck = chance.uniforms(key, chance.TAKE_UP, month, ids[free], slot)
    asked, n = np.empty(free.shape[0], np.int64), 0
    for k in range(free.shape[0]):
        i = free[k]
        asked[n] = i
        waiting[i] |= luck[k] < hazard[k]
        n += waiting[i] == 1
    return asked[:n].copy()


def first_served(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, asked: np.ndarray, n_most: int
) -> np.ndarray:
    """Return the first ``n_most`` of those who ``asked`` (3)."""
    if len(asked) <= n_most:
        return asked
    luck, priority = _luck(town, service, month, asked, chance.TARGET), strategy.priority(town, params, month, asked)
    return asked[_first(n_most, town.people.id[asked], luck, priority)]


def seating_order(strategy: Strategy, service: Service, town: Town, month: int, rows: np.ndarray) -> np.ndarray:
    """Return ``rows`` in the order in which they are seated in groups: by neighbourhood, if that is the grouping, then by luck."""
    place = town.people.neighbourhood[rows] if strategy.grouping == "neighbourhood" else np.zeros(len(rows))
    return rows[np.lexsort((town.people.id[rows], _luck(town, service, month, rows, chance.GROUPING), place))]


def _luck(town: Town, service: Service, month: int, rows: np.ndarray, decision: int) -> np.ndarray:
    return chance.uniforms(town.key, decision, month, town.people.id[rows], service.slot)


def _first(n: int, ids: np.ndarray, luck: np.ndarray, *priority: np.ndarray) -> np.ndarray:
    """Positions of the first ``n`` by (priority, luck, identity)."""
    return np.lexsort((ids, luck, *priority))[: max(n, 0)]


def _enrol(strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, rows: np.ndarray) -> None:
    """Begin a programme; group services form their groups now and keep them."""
    part = service.state.participants
    begin(rows, strategy.sessions, month, part.waiting, part.sessions_left, part.started, part.joined)
    if strategy.format == "group" and len(rows):
        size = strategy.size_of_group(params)
        part.group[seating_order(strategy, service, town, month, rows)] = (
            service.state.n_groups + np.arange(len(rows)) // size
        )
        service.state.n_groups += -(-len(rows) // size)


@kernel
def begin(rows, sessions, month, waiting, sessions_left, started, joined):
    """Begin a programme of ``sessions``."""
    for i in rows:
        waiting[i], sessions_left[i], started[i], joined[i] = 0, sessions, month, 0


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
    in_work = _in_work(service, town)[group] if strategy.format == "group" and not service.is_shadow else None
    return Session(
        town, params, month, service.slot, rows, quality, number, group, service.state.memory, service.is_shadow, in_work
    )  # fmt: skip


def _in_work(service: Service, town: Town) -> np.ndarray:
    """Return the share in work of all who began in each group: who found work comes no more, but has been heard of."""
    w, state = town.people, service.state
    return share_in_work(state.participants.group, state.n_groups, w.post, w.elsewhere_employed)


@kernel
def share_in_work(group, n, post, elsewhere_employed):
    """Share in work, here or elsewhere, of those in each of ``n`` groups (-1 none)."""
    size, working = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for i in range(post.shape[0]):
        if group[i] >= 0:
            size[group[i]] += 1
            working[group[i]] += (post[i] >= 0) | (elsewhere_employed[i] == 1)
    return working / np.maximum(size, 1)


def keep_books(strategy: Strategy, service: Service, session: Session, price_paid: float) -> float:
    """Record who received what at what cost; return what was drawn on the budget in GBP.

    That is the public money spent or, where the budget covers total cost, the whole bill.
    """
    n, unpaid = len(session.rows), strategy.unpaid_hours * session.params.services.price_unpaid_hour
    session.charge("public_cost", price_paid)
    session.charge("unpaid_value", unpaid * n)
    part, rows = service.state.participants, session.rows
    part.received[rows] += 1
    part.cost[rows] += session.costs["public_cost"] / max(n, 1)
    if session.month >= session.town.policy_start and not service.is_shadow:
        session.town.people.sessions[rows] += 1
    return close_session(strategy, service, session)


def close_session(strategy: Strategy, service: Service, session: Session) -> float:
    """Book the session's bill and write the record; return what was drawn on the budget in GBP."""
    town, rows, costs = session.town, session.rows, session.costs
    public = costs.get("public_cost", 0.0)
    drawn = public if strategy.budget_covers == "public" else sum(costs.values())
    if service.is_shadow:
        return drawn
    check_levers(strategy, session)
    if session.month >= town.policy_start and len(rows):
        town.people.support_cost[rows] += public / len(rows)
        service.state.record.append(partial(_record, service.slot, session.ids, session))
        if town.log_events:
            town.events.add(session.month, rows, SERVED, service.slot, session.number, public / len(rows))
    for name, gbp in costs.items():
        town.ledger_flows[name] = town.ledger_flows.get(name, 0.0) + gbp
    town.tallies["service_sessions"] = town.tallies.get("service_sessions", 0.0) + float(len(rows))
    return drawn


def _record(slot: int, ids: np.ndarray, session: Session) -> Received:
    """Return what each person received in a session: levers used on them, who gave it, and their share of each cost."""
    rows, n = session.rows, len(session.rows)
    used, by = np.zeros(n, np.uint32), np.full(n, STAFF, np.int64)
    for bit, name in enumerate(levers.LEVERS):
        for used_on in session.touch.on.get(name, ()):
            used[slice(None) if used_on is rows else np.searchsorted(rows, used_on)] |= np.uint32(1 << bit)
    for served, giver in session.touch.givers:
        by[np.searchsorted(rows, served)] = giver
    return Received(
        month=np.full(n, session.month - session.town.policy_start, np.int32),
        person=ids,
        service=np.full(n, slot, np.int8),
        number=session.number.astype(np.int16),
        group=session.group.astype(np.int32),
        by=by,
        levers=used,
        quality=session.quality.astype(np.float32),
        **{cost: np.full(n, session.costs.get(cost, 0.0) / n, np.float32) for cost in COSTS},
    )


class UndeclaredLever(RuntimeError):
    """A strategy used a lever that it does not declare."""


def check_levers(strategy: Strategy, session: Session) -> None:
    """Compare what a strategy touched with what it declares that it touches.

    Raises
    ------
    UndeclaredLever
        Naming the strategy, the month and the levers.
    """
    undeclared = set(session.touch.on) - strategy.may_use() - {"take_part"}
    if undeclared:
        names = ", ".join(sorted(undeclared))
        raise UndeclaredLever(
            f"strategy {strategy.name!r}, month {session.month}: uses {names} without declaring it in `levers`"
        )
