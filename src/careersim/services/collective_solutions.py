"""`collective_solutions`: what can we do about this together that we cannot do alone?"""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters.declare import choice, number
from careersim.services import levers
from careersim.services.acting_together import ActsTogether
from careersim.services.session import Session


class CollectiveSolutions(ActsTogether):
    """People in the same position choose a joint action on what stands in their way, and carry it if enough of them join.

    *Who*: people out of work who ask; pupils or workers by ``eligibility``. *Format*: group. *Content*: Hooley's fourth question. Members get to
    know each other and talk about causes; at the end the group infers what stands most in the way and proposes the joint action that
    answers it: a challenge to discriminatory hiring, a compact with an employer, a mentoring pool, a campaign for a wage floor, a
    community enterprise. Who joins follows from support and thresholds (6.10), never from the strategy. *How much*: four meetings, then up
    to two years of action. *Cost*: the price of a group session, also for staff who support the action; members' hours are unpaid and priced;
    employers' cost of placements apart. *Source*: Hooley; Granovetter 1978. *What it is not*: it teaches nobody how to find a job, and
    unless posts are opened it only changes who gets them.
    """

    name: ClassVar[str] = "collective_solutions"
    levers: ClassVar[frozenset[str]] = frozenset({"introduce_each_other", "discuss_causes"})

    sessions: int = number(
        4, 1, 120, "sessions", "assumed", "a choice of the decision maker", "Meetings before the group decides"
    )
    individual_steps: bool = choice(
        False, "a choice of the decision maker", "Whether a group may choose individual steps"
    )

    def meet(self, session: Session) -> None:
        """Get to know each other, talk about causes."""
        levers.introduce_each_other(session)
        levers.discuss_causes(session)
