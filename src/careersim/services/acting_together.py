"""Groups that talk about what stands in their way and choose what to do: what several collective strategies have in common."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import field_validator

from careersim import chance
from careersim.scenario.errors import nearest, shown
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice
from careersim.services import joint_actions, stories
from careersim.services.base import Service, Strategy
from careersim.services.coaching_steps import STEPS
from careersim.services.joint_actions import JOINT_ACTIONS
from careersim.services.session import Session
from careersim.town.sums import counts_by, counts_of
from careersim.town.town import Town

_CHOICE = "a choice of the decision maker"
_ALONE = {step.name: step for step in STEPS if not step.joint}
"""Steps that a person can take alone, in the order of preference."""
_ALONE_LEVERS = frozenset[str]().union(*(step.levers for step in _ALONE.values()))
_WHICH = 8192


class ActsTogether(Strategy):
    """A programme of meetings at whose end each group picks the barrier that most of its members tell of, and a step that answers it.

    Barriers are heard with error from members' stories (`careersim.services.stories`, as in collective coaching). The step is a joint
    action where one of ``joint`` answers the barrier (by luck if several do), else an individual one. A strategy built on
    this says in `meet` what a meeting does; see `careersim.services.joint_actions` for what becomes of a joint action.
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
        alone = _ALONE_LEVERS if self.individual_steps else ()
        return super().may_use().union(joint_actions.levers_of(self.joint), alone)

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

    def options(self, barrier: str) -> list[str]:
        """Return what a group may choose against a barrier: joint actions first, else the individual step, else nothing."""
        joint = joint_actions.answering(barrier, self.joint)
        alone = [name for name, step in _ALONE.items() if barrier in step.answers][:1]
        return joint or (alone if self.individual_steps else [])

    def decide(self, session: Session) -> None:
        """Let each group hear what stands in its way, and propose a joint action or take individual steps."""
        topic = stories.topic_of("work", session.town)
        own = stories.own_view(session.town, session.rows, session.month, topic)
        heard = stories.heard(session, own, stories.stories(own, session.params.coaching))
        choice_of = self.choose(session, *_shares(session.group, session.ids, heard))
        chosen = set(choice_of.tolist())
        for name in (n for n in self.joint if n in chosen):
            groups = np.unique(session.group[choice_of == name])
            joint_actions.propose(session, name, groups, self.posts_paid_by)
        for name, step in _ALONE.items():
            if name in chosen:
                step.take(session.only(choice_of == name), topic)

    def choose(self, session: Session, party: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Return for each person the step their group (``party``) chooses, given the share of members who tell of each barrier."""
        options = [self.options(name) for name in stories.BARRIER_NAMES]
        answered = np.array([bool(o) for o in options])
        if not answered.any() or len(share) == 0:
            return np.full(len(party), "", "U32")
        worst = np.argmax(np.where(answered, share, -1.0), axis=1)
        draw = _WHICH + session.slot
        luck = chance.uniforms(session.town.key, chance.CONTENT, session.month, _lowest(session.ids, party), draw)
        chosen = [options[b][int(u * len(options[b]))] for b, u in zip(worst, luck, strict=True)]
        return np.array(chosen, "U32")[party]

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Carry joint actions under way, then hold the month's meetings with what is left of the purse."""
        spent = joint_actions.carry_on(self, service, town, params, month, purse, self.joint_price(params))
        return spent + super().run(service, town, params, month, purse - spent)

    def actions(self, service: Service) -> dict[str, np.ndarray]:
        """Return the joint actions that this service's groups have proposed, as columns (kind by name)."""
        table = joint_actions.actions_of(service.state.memory)
        return {**table.arrays(), "kind": np.array(list(JOINT_ACTIONS))[table.kind]}


def _shares(group: np.ndarray, ids: np.ndarray, heard: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each person's party (their group; who is in none stands alone) and the share of each party that tells of each barrier."""
    alone = np.where(group >= 0, group.astype(np.int64), -1 - ids.astype(np.int64))
    _, party = np.unique(alone, return_inverse=True)
    n = int(party.max(initial=-1)) + 1
    return party, counts_of(party, n, heard) / np.maximum(counts_by(party, n), 1)[:, None]


def _lowest(ids: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Return the lowest identity in each party: it names the party's luck."""
    out = np.full(int(party.max(initial=-1)) + 1, np.iinfo(np.uint32).max, np.uint32)
    np.minimum.at(out, party, ids)
    return out
