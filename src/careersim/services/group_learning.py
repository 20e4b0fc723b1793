"""`group_learning`: has anyone else had a similar experience?"""

from __future__ import annotations

from typing import ClassVar, Literal

from careersim.scenario.parameters.declare import choice
from careersim.services import levers
from careersim.services.facilitators import Facilitated
from careersim.services.session import Session


class GroupLearning(Facilitated):
    """A group pools what its members have gone through and learned.

    *Who*: people out of work who ask. *Format*: groups with a facilitator each. *Content*: Hooley's second question, "Has anyone else
    had a similar experience? What can we learn from this?": believed odds, career skill and occupations considered are pooled.
    ``focus: problems`` tells all stories, those of not finding anything too, and asks for causes, which are then seen as shared;
    ``focus: strengths`` (appreciative inquiry) asks for what has worked only, makes own strengths clearer, and lets success be laid to
    oneself. *How much*: three sessions, a month apart. *Cost*: the price of a group session by who facilitates; a trained peer's hours are
    priced apart. *Source*: Hooley; Cooperrider and Srivastva 1987. *What it is not*: expertise: a group knows what its members
    know, and a group in which nobody finds work has only that story to tell.
    """

    name: ClassVar[str] = "group_learning"
    levers: ClassVar[frozenset[str]] = frozenset(
        {"share_experience", "introduce_each_other", "discuss_causes", "raise_self_awareness"}
    )

    focus: Literal["problems", "strengths"] = choice(
        "problems", "Hooley; Cooperrider and Srivastva 1987", "What is asked for"
    )

    def deliver(self, session: Session) -> None:
        """Pool experience, get to know each other, and ask why - or what has worked."""
        super().deliver(session)
        levers.introduce_each_other(session)
        if self.focus == "strengths":
            levers.share_experience(session, stories="worked")
            levers.raise_self_awareness(session)
            levers.discuss_causes(session, toward=0.0)
        else:
            levers.share_experience(session)
            levers.discuss_causes(session)
