"""`collective_coaching`: a group agrees on goals, tells stories, finds themes, explores steps, writes a plan and carries it out."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from careersim.scenario.errors import nearest
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice, number
from careersim.services import coaching_stages as stages
from careersim.services import diary, joint_actions, levers, programme
from careersim.services.base import Service
from careersim.services.coaching_steps import STEP_NAMES, STEPS
from careersim.services.facilitators import Facilitated
from careersim.services.goals import GOAL_NAMES
from careersim.services.groups import Groups, seat
from careersim.services.session import Session
from careersim.town.town import Town

_SOURCE = "Meldrum 2017, Collective Career Coaching Model (adapted from GINA): the plan"
_CHOICE = "a choice of the decision maker"


class CollectiveCoaching(Facilitated):
    """A group re-negotiates its goals, shares stories, explores steps and co-writes and carries out a plan.

    *Who*: people out of work who ask; they form whole groups of up to ``small_groups`` times ``group_size``. *Format*: group, with a
    facilitator for each small group (or alone with an adviser: the same stages, individual steps only). *Content*: *Plan* - why, for whom,
    topic, aim, learning outcomes, timings. *Deliver* - Vision (the whole group re-negotiates and agrees a goal), Activities (small
    groups share stories, find themes, feed back), Steps (small groups explore options, feed back), Transition (small groups co-write a
    plan), and months in which the plan is carried out, at the end of which the whole group revisits its goal. Barriers are inferred with
    error from members' stories. *How much*: six sessions, a month apart: one a stage, and two more for the plan. *Cost*: a facilitator for
    each small group, full or not; hosts' hours are the employers' cost. *Source*: Meldrum 2017, adapted from GINA; micro, meso and macro
    factors are prompts; which step answers which barrier is this model's assumption. *What it is not*: it opens no posts; a goal
    agreed on is not a goal reached.
    """

    name: ClassVar[str] = "collective_coaching"

    sessions: int = number(
        6, 4, 120, "sessions", "assumed", _CHOICE, "Sessions: four stages, and more to carry out the plan"
    )
    small_groups: int = number(
        4, 1, 12, "groups", "assumed", _CHOICE, "Small groups in a whole group, a facilitator each"
    )
    fewest: int = number(6, 1, 200, "people", "assumed", _CHOICE, "Fewest people with whom a whole group begins")
    grouping: Literal["neighbourhood", "mixed"] = choice("mixed", _CHOICE, "Who comes together in a group")
    why: str = choice("people meet the same barriers one by one", _SOURCE, "Plan: why")
    for_whom: str = choice("people out of work", _SOURCE, "Plan: for whom, in words (`eligibility` is the rule)")
    topic: Literal["work", "stem", "higher"] = choice("work", _SOURCE, "Plan: topic")
    aim: Literal[GOAL_NAMES] = choice("enter", _SOURCE, "Plan: aim, which the group re-negotiates")  # type: ignore[valid-type]
    learning_outcomes: tuple[str, ...] = choice(
        "name what stands in our way; know steps that answer it; have a plan of our own", _SOURCE, "Plan: learning outcomes"
    )  # fmt: skip
    timings: str = choice(
        "one session a month", _SOURCE, "Plan: timings, in words (`sessions` and `start_month` are the rule)"
    )
    repertoire: tuple[str, ...] = Field(
        default=STEP_NAMES, description="Steps that a group may come upon", json_schema_extra={"unit": "names"}
    )
    options_explored: int = number(4, 1, 12, "steps", "assumed", _CHOICE, "Options that a small group explores")
    plan_length: int = number(3, 1, 12, "steps", "assumed", _CHOICE, "Steps in a plan")

    @field_validator("learning_outcomes", mode="before")
    @classmethod
    def _in_one_line(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(";")) if isinstance(value, str) else value

    @field_validator("repertoire")
    @classmethod
    def _known_steps(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in STEP_NAMES:
                close = nearest(name, STEP_NAMES)
                hint = f"; did you mean {close}?" if close else ""
                raise ValueError(f"there is no step {name!r}{hint} (known: {', '.join(STEP_NAMES)})")
        if not value:
            raise ValueError("a group needs at least one step to explore")
        return value

    @property
    def aim_code(self) -> int:
        """Position of the planned aim among the goals."""
        return GOAL_NAMES.index(self.aim)

    # -- how much -----------------------------------------------------------------------------------------------------

    def size(self, params: Parameters) -> int:
        """Return how many people sit in a full small group: one with an adviser alone."""
        return 1 if self.format == "one_to_one" else self.size_of_group(params)

    def fee(self, params: Parameters) -> float:
        """Return the price in GBP of a facilitator for a session of one small group."""
        return self.price_per_head(params) * self.size(params)

    def drawn_per_group(self, params: Parameters) -> float:
        """Return what a session of one small group draws on the budget in GBP."""
        others = self.borne_by_others(params) * self.size(params) if self.budget_covers == "total" else 0.0
        return self.fee(params) + others

    def savings(self, params: Parameters, grant: float) -> float:
        """Return the most that may be carried over: what a session of one whole group draws."""
        return self.drawn_per_group(params) * self.small_groups

    def may_use(self) -> frozenset[str]:
        """Return the levers of the repertoire, of sharing stories in groups, and of the supports switched on."""
        steps = (STEPS[STEP_NAMES.index(name)].levers for name in self.repertoire)
        return super().may_use().union({"share_experience", "introduce_each_other"}, *steps)

    # -- a month ------------------------------------------------------------------------------------------------------

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Carry on joint actions of earlier plans, then let as many whole groups meet as the purse pays for, and begin new ones."""
        spent = joint_actions.carry_on(self, service, town, params, month, purse, self.price_per_head(params))
        part, purse = service.state.participants, purse - spent
        in_programme, free = programme.going_on_or_free(self, service, town, month)
        n_facilitators = math.floor(purse / self.drawn_per_group(params) + 1e-9)
        going_on = self._meeting(service, in_programme, n_facilitators)
        left = n_facilitators - len(np.unique(part.group[going_on]))
        new = self._begin(service, town, params, month, free, left)
        rows = np.sort(np.concatenate([going_on, new]))
        if len(rows) == 0:
            return spent
        n_small = len(np.unique(part.group[rows]))
        counted = (self.sessions - part.sessions_left[rows].astype(np.int64)) + 1
        load = len(rows) / (n_small * self.size(params))
        session = programme.open_session(self, service, town, params, month, rows, counted, load)
        session.group = part.group[rows]  # also alone: the diary is kept by group
        self.deliver(session)
        if self.format == "group":
            levers.take_part(session)
        part.sessions_left[rows] -= 1
        return spent + programme.keep_books(self, service, session, n_small * self.fee(params))

    def deliver(self, session: Session) -> None:
        """Do what the stage of each group is: one session after the other, then the plan until the last."""
        super().deliver(session)
        stages.hold(self, session)

    def _meeting(self, service: Service, rows: np.ndarray, n_facilitators: int) -> np.ndarray:
        """Return those of ``rows`` in the oldest whole groups that there are facilitators for; the others meet next month."""
        part = service.state.participants
        small = np.unique(part.group[rows])
        whole = Groups(service.state.memory).column("whole")
        wholes, n_small = np.unique(whole[small], return_counts=True)
        funded = wholes[: int(np.searchsorted(np.cumsum(n_small), n_facilitators, side="right"))]
        return rows[np.isin(whole[part.group[rows]], funded)]

    def _begin(
        self, service: Service, town: Town, params: Parameters, month: int, free: np.ndarray, n_facilitators: int
    ) -> np.ndarray:
        """Form new groups of those of ``free`` who asked (as in `programme`), for at most ``n_facilitators`` small groups; return who is in."""
        size = self.size(params)
        asking = programme.asking(self, service, town, params, month, free)
        new = programme.first_served(
            self, service, town, params, month, asking, int(n_facilitators * size * self.stretch)
        )
        order = programme.seating_order(self, service, town, month, new)
        seats = int(size * self.stretch)
        small, whole = seat(order, seats, 1 if self.format == "one_to_one" else self.small_groups)
        if len(new) and self.format == "group" and (whole == whole[-1]).sum() < min(self.fewest, seats):
            keep = whole < whole[-1]
            order, small, whole = order[keep], small[keep], whole[keep]
        if len(order) == 0:
            return order
        self._enrol(service, town, month, order, small, whole)
        return order

    def _enrol(
        self, service: Service, town: Town, month: int, rows: np.ndarray, small: np.ndarray, whole: np.ndarray
    ) -> None:
        """Write new groups into the books."""
        part, state, ids = service.state.participants, service.state, town.people.id[rows].astype(np.int64)
        groups = Groups(state.memory)
        first_whole = int(groups.column("whole").max(initial=-1)) + 1
        lead, whole_lead = _lowest(ids, small), _lowest(ids, whole)
        whole_of = np.zeros(len(lead), np.int64)
        whole_of[small] = whole
        groups.add(first_whole + whole_of, lead, whole_lead[whole_of])
        part.waiting[rows] = 0
        part.sessions_left[rows] = self.sessions
        part.started[rows] = month
        part.group[rows] = state.n_groups + small
        groups.seat_members(ids, first_whole + whole)
        diary.note(state.memory, month, diary.MEMBER, first_whole + whole, state.n_groups + small, ids, 1.0)
        state.n_groups += len(lead)


def _lowest(ids: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the lowest identity in each group."""
    out = np.full(int(group.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(out, group, ids)
    return out
