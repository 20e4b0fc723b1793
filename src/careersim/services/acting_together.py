"""Groups that talk about what stands in their way and choose what to do: what several collective strategies have in common."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import field_validator

from careersim.scenario.errors import nearest, shown
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice
from careersim.services import joint_actions, steps
from careersim.services.base import Service, Strategy
from careersim.services.joint_actions import JOINT_ACTIONS
from careersim.services.problems import BARRIERS, inferred
from careersim.services.session import Session
from careersim.town.town import Town

_CHOICE = "a choice of the decision maker"


class ActsTogether(Strategy):
    """A programme of meetings at whose end each group picks the most pressing barrier it sees, and a step that answers it.

    The step is a joint action where one of ``joint`` answers the barrier, else an individual one. A strategy built on this says in
    `meet` what a meeting does; see `careersim.services.joint_actions` for what becomes of a joint action.
    """

    format: Literal["one_to_one", "group", "online"] = choice("group", _CHOICE, "How people meet the service")
    joint: tuple[str, ...] = choice(
        tuple(JOINT_ACTIONS), _CHOICE, "Joint actions that a group may choose; empty: individual steps only"
    )
    individual_steps: bool = choice(True, _CHOICE, "Whether a group may choose individual steps")
    posts_paid_by: Literal["budget", "employers"] = choice(
        "budget", "model.md 6.10", "Who bears what posts of a community enterprise cost beyond their value product"
    )

    @field_validator("joint")
    @classmethod
    def _known_actions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in JOINT_ACTIONS:
                close = nearest(name, list(JOINT_ACTIONS))
                hint = f"did you mean {close}?" if close else f"known: {', '.join(JOINT_ACTIONS)}"
                raise ValueError(f"there is no joint action {shown(name)}; {hint}")
        return value

    def may_use(self) -> frozenset[str]:
        """Return the levers declared, those of the joint actions and of the individual steps that may be chosen."""
        steps_may = steps.INDIVIDUAL_LEVERS if self.individual_steps else frozenset()
        return super().may_use() | joint_actions.levers_of(self.joint) | steps_may

    def joint_price(self, params: Parameters) -> float:
        """Return the cost in GBP of staff who support a joint action, per member who joined and month."""
        return params.services.price_group

    def deliver(self, session: Session) -> None:
        """Meet; in the last meeting decide."""
        super().deliver(session)
        self.meet(session)
        last = session.number >= self.sessions
        if last.any():
            self.decide(session.only(last))

    def meet(self, session: Session) -> None:
        """Do what a meeting does, in terms of levers; by default nothing beyond the supports switched on."""

    def options(self) -> list[str]:
        """Return the barriers that a group may take up."""
        if self.individual_steps:
            return list(BARRIERS)
        return [JOINT_ACTIONS[name].answers for name in self.joint]

    def decide(self, session: Session) -> None:
        """Let each group infer what stands in its way, and propose a joint action or take individual steps."""
        options = self.options()
        if not options:
            return
        party, barriers = inferred(session)
        barrier = steps.most_pressing(barriers, options)[party]
        answer = np.array([joint_actions.answering(str(b), self.joint) for b in barrier])
        answer[session.group < 0] = ""
        for name in self.joint:
            groups = np.unique(session.group[answer == name])
            joint_actions.propose(session, name, groups, self.posts_paid_by)
        if self.individual_steps:
            alone = ~np.isin(session.group, joint_actions.acting_groups(session.memory))
            steps.take_individual_steps(session, np.where(alone, barrier, ""))

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Carry joint actions under way, then hold the month's meetings with what is left of the purse."""
        spent = joint_actions.carry_on(self, service, town, params, month, purse, self.joint_price(params))
        return spent + super().run(service, town, params, month, purse - spent)

    def actions(self, service: Service) -> dict[str, np.ndarray]:
        """Return the joint actions that this service's groups have proposed, as columns (kind by name)."""
        table = joint_actions.actions_of(service.state.memory)
        return {**table.arrays(), "kind": np.array(list(JOINT_ACTIONS))[table.kind]}
