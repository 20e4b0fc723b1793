"""Joint actions (model.md 6.10): what people can do together that they cannot do alone, and who joins in.

*What happens in a month* to an action that a group has proposed, in this order:

1. Its members are organised, as workers are at an employer where a campaign runs: support moves to ``organising.campaign_aim`` at
   ``organising.campaign_rate`` (6.10), if the purse pays for the staff who do it. Oldest actions come first.
2. A member joins when support + share of the other members who had joined last month >= the person's threshold (Granovetter
   1978; 6.10). A member for whom this no longer holds leaves with ``organising.leave_rate``.
3. The action is *carried* if at least ``joint_quorum`` have joined. It then does what its kind does, by levers; it counts as
   activity of those who joined (civic capital), and their hours are priced as unpaid hours.
4. It ends after ``joint_months`` carried months, after ``joint_patience`` months in a row not carried, or - where the funder's goals
   come first (``objective: funder``) - with chance ``funder_withdrawal`` a month.

Nobody is given a post: posts that are opened or freed are advertised, and won or lost like any other. Use `propose` in a
strategy's `deliver`, and `carry_on` in its `run`; `careersim.services.acting_together` does both.

Sources: Granovetter 1978; Hooley's fourth question ("what can we do about this together that we cannot do alone?"). Sizes: parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.services import enterprise, levers, programme
from careersim.services.compact import place_and_hire_locally
from careersim.services.partners import find_brokers
from careersim.services.session import Session
from careersim.services.supports import employers_hiring
from careersim.services.wage_campaign import campaign_for_floor
from careersim.town.columns import HERE, Table, column
from careersim.town.town import Town

if TYPE_CHECKING:
    from careersim.services.base import Service, Strategy

_WITHDRAWAL = 64


@dataclass(slots=True)
class Actions(Table):
    """One row a joint action that a group of one service has proposed, in the order of proposal."""

    kind: np.ndarray = column(np.int8, "index", "kind of action, in the order of JOINT_ACTIONS")
    group: np.ndarray = column(np.int32, "number", "group that proposed it")
    begun: np.ndarray = column(np.int32, "month", "month in which it was proposed")
    carried: np.ndarray = column(np.int32, "months", "months in which it was carried")
    idle: np.ndarray = column(np.int32, "months", "months in a row in which it was not carried")
    target: np.ndarray = column(np.int32, "row", "employer it is about; -1 none", -1)
    joined: np.ndarray = column(np.int32, "people", "members who had joined in the last month")
    ended: np.ndarray = column(np.int8, "code", "0 under way, 1 done, 2 lapsed, 3 money withdrawn")
    paid_by: np.ndarray = column(np.int8, "code", "who bears what opened posts cost: 0 budget, 1 employers")


UNDER_WAY, DONE, LAPSED, WITHDRAWN = 0, 1, 2, 3
PAID_BY = ("budget", "employers")


@dataclass(frozen=True)
class JointAction:
    """One kind of joint action: the barriers it answers (`careersim.services.stories`), its levers, what a carried month does."""

    answers: frozenset[str]
    levers: frozenset[str]
    act: Callable[[Session, Actions, int, float], None]
    """Given the session of those who joined, the actions, the row of this one, and the GBP left for it."""
    doc: str


def challenge_hiring(s: Session, actions: Actions, a: int, purse: float) -> None:
    """Go together to one employer that hires and ask it to choose otherwise: `challenge_taste`, once."""
    levers.challenge_taste(s, employers_hiring(s.only(s.ids == s.ids.min())))


def pool_mentors(s: Session, actions: Actions, a: int, purse: float) -> None:
    """Ask people placed to broker face to face: more of them are willing; each member meets one who has room."""
    mentors = find_brokers(s, s.params.services.pool_willing_share)
    s.given_by(mentors)
    levers.introduce(s, mentors)
    hours = s.params.services.mentor_hours * float((mentors >= 0).sum())
    s.charge("unpaid_value", hours * s.params.services.price_unpaid_hour)


JOINT_ACTIONS: dict[str, JointAction] = {
    "challenge_hiring": JointAction(
        frozenset({"closed_doors"}),
        frozenset({"challenge_taste"}),
        challenge_hiring,
        "Members go to one employer a month that is hiring and challenge whom it hires: its taste falls.",
    ),
    "employer_compact": JointAction(
        frozenset({"few_posts", "closed_doors"}),
        frozenset({"hire_locally", "try_work", "introduce"}),
        place_and_hire_locally,
        "An employer with many in-commuters gives placements, which it pays for, and advertises their posts here as they fall free.",
    ),
    "mentoring_pool": JointAction(
        frozenset({"contacts"}),
        frozenset({"introduce"}),
        pool_mentors,
        "Members ask people in higher posts, or of high origin, face to face to be mentors: more are willing than otherwise.",
    ),
    "wage_floor": JointAction(
        frozenset({"low_pay"}),
        frozenset({"organise", "agree_floor"}),
        campaign_for_floor,
        "A campaign at one low-paying employer at a time; it agrees a floor when a majority of its staff would join in.",
    ),
    "community_enterprise": JointAction(
        frozenset({"few_posts"}),
        frozenset({"open_posts", "subsidise"}),
        enterprise.open_and_keep,
        "A community enterprise opens posts worth less than their pay; what is missing is charged to the budget or borne by it.",
    ),
}
"""Every kind of joint action by name."""


def levers_of(names: Sequence[str]) -> frozenset[str]:
    """Return the levers that the named joint actions use."""
    return frozenset({"take_part", "organise_members"}).union(*(JOINT_ACTIONS[name].levers for name in names))


def answering(barrier: str, names: Sequence[str]) -> list[str]:
    """Return those of the named joint actions that answer a barrier."""
    return [name for name in names if barrier in JOINT_ACTIONS[name].answers]


# --- what a service keeps ---------------------------------------------------------------------------------------------


def actions_of(memory: dict[str, np.ndarray]) -> Actions:
    """Return the joint actions that a service's memory holds."""
    if "joint/kind" not in memory:
        return Actions.empty(0)
    return Actions(**{name: memory[f"joint/{name}"] for name in Actions.columns()})


def _keep(memory: dict[str, np.ndarray], actions: Actions) -> None:
    memory.update({f"joint/{name}": a for name, a in actions.arrays().items()})


def propose(session: Session, kind: str, groups: np.ndarray, paid_by: str = "budget") -> None:
    """Let each of the ``groups`` (numbers) propose a joint action of that kind, unless it has one under way.

    ``paid_by`` says who bears what posts opened by a community enterprise cost: "budget" or "employers". There can be no more
    enterprises than rows kept free for them; the groups with the lowest numbers come first.
    """
    actions = actions_of(session.memory)
    busy = set(actions.group[actions.ended == UNDER_WAY].tolist())
    new = np.array([g for g in groups.tolist() if g >= 0 and g not in busy], np.int64)
    if kind == "community_enterprise":
        new = new[: enterprise.room(session.town, actions, list(JOINT_ACTIONS).index(kind))]
    more = Actions.empty(len(new))
    more.kind[:], more.group[:], more.begun[:] = list(JOINT_ACTIONS).index(kind), new, session.month
    more.paid_by[:] = PAID_BY.index(paid_by)
    _keep(session.memory, actions.extend(more))


def acting_groups(memory: dict[str, np.ndarray]) -> np.ndarray:
    """Return the numbers of the groups that have a joint action under way."""
    actions = actions_of(memory)
    return actions.group[actions.ended == UNDER_WAY]


# --- the month --------------------------------------------------------------------------------------------------------


def carry_on(
    strategy: Strategy, service: Service, town: Town, params: Parameters, month: int, purse: float, price: float
) -> float:
    """Organise the members of actions under way, let them join, and carry the actions that have enough of them.

    Parameters
    ----------
    price : float
        Cost in GBP of staff who organise and support an action, per member of the group and month.

    Returns
    -------
    float
        What was drawn on the budget in GBP; never more than ``purse``.
    """
    actions = actions_of(service.state.memory)
    under_way, spent = np.flatnonzero(actions.ended == UNDER_WAY), 0.0
    if len(under_way) == 0:
        return 0.0
    service.state.fit(len(town.people))
    members, circle = _circles(service, town, actions)
    for a in under_way:
        session = _meeting(service, town, params, month, members[circle == a])
        drawn = _month_of(strategy, service, session, actions, int(a), purse - spent, price)
        spent += drawn
        _end(strategy, session, actions, int(a))
    _keep(service.state.memory, actions)
    return spent


def _circles(service: Service, town: Town, actions: Actions) -> tuple[np.ndarray, np.ndarray]:
    """Return the residents whose group has an action under way, and the row of that action."""
    under_way = np.flatnonzero(actions.ended == UNDER_WAY)
    of_group = np.full(int(actions.group.max()) + 1, -1, np.int64)
    of_group[actions.group[under_way]] = under_way
    members = members_of(of_group, service.state.participants.group, town.people.residence)
    return members, of_group[service.state.participants.group[members]]


@kernel
def members_of(action, group, residence):
    """Rows of the residents whose ``group`` has an ``action`` (-1 none)."""
    rows, n = np.empty(residence.shape[0], np.int64), 0
    for i in range(residence.shape[0]):
        if residence[i] == HERE and 0 <= group[i] < action.shape[0] and action[group[i]] >= 0:
            rows[n] = i
            n += 1
    return rows[:n].copy()


def _meeting(service: Service, town: Town, params: Parameters, month: int, rows: np.ndarray) -> Session:
    """Return the session of a group's members: number 0 in the record, at full quality."""
    group, number = service.state.participants.group[rows], np.zeros(len(rows), np.int64)
    memory, shadow = service.state.memory, service.is_shadow
    return Session(town, params, month, service.slot, rows, np.ones(len(rows)), number, group, memory, shadow)


def _month_of(
    strategy: Strategy, service: Service, session: Session, actions: Actions, a: int, purse: float, price: float
) -> float:
    """Steps 1-3 for one action; return what was drawn on the budget."""
    p, n = session.params.services, len(session.rows)
    unpaid = p.joint_hours * p.price_unpaid_hour
    most = (price + (unpaid if strategy.budget_covers == "total" else 0.0)) * n
    actions.idle[a] += 1
    if n == 0 or most > purse:
        return 0.0
    session.charge("public_cost", price * n)
    levers.organise_members(session)
    joined = session.only(_join_or_leave(service, session))
    actions.joined[a] = len(joined.rows)
    if len(joined.rows) >= p.joint_quorum:
        actions.idle[a] = 0
        actions.carried[a] += 1
        session.charge("unpaid_value", unpaid * len(joined.rows))
        list(JOINT_ACTIONS.values())[actions.kind[a]].act(joined, actions, a, purse - most)
        levers.take_part(joined)
    return programme.close_session(strategy, service, session)


def _join_or_leave(service: Service, session: Session) -> np.ndarray:
    """Step 2; return a mask of those who have joined."""
    w, rate = session.town.people, session.params.organising.leave_rate
    return join_or_leave(
        session.rows, session.town.key, session.month, service.slot, rate, w.id, w.support, w.threshold,
        service.state.participants.joined,
    )  # fmt: skip


@kernel
def join_or_leave(rows, key, month, slot, leave_rate, ids, support, threshold, joined):
    """Who is willing joins, who no longer is leaves with a hazard; all look at last month's members at once."""
    n_joined, n_others = 0, max(rows.shape[0] - 1, 1)
    for i in rows:
        n_joined += joined[i]
    for i in rows:
        willing = np.float32(support[i] + (n_joined - joined[i]) / n_others) >= threshold[i]
        if willing:
            joined[i] = 1
        elif chance.uniform(key, chance.JOIN, month, ids[i], 0, slot) < leave_rate:
            joined[i] = 0
    return joined[rows] == 1


def _end(strategy: Strategy, session: Session, actions: Actions, a: int) -> None:
    """Step 4: end an action that is over."""
    p = session.params.services
    if actions.carried[a] >= p.joint_months:
        actions.ended[a] = DONE
    elif actions.idle[a] >= p.joint_patience:
        actions.ended[a] = LAPSED
    elif strategy.objective == "funder":
        luck = chance.uniform(session.town.key, chance.CAMPAIGN, session.month, a, session.slot, _WITHDRAWAL)
        actions.ended[a] = WITHDRAWN if luck < p.funder_withdrawal else UNDER_WAY
