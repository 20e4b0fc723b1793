"""`community_dialogue`: how does our community support us, and how do our careers affect our community?"""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters.declare import choice, number
from careersim.services import levers
from careersim.services.acting_together import ActsTogether
from careersim.services.session import Session


class CommunityDialogue(ActsTogether):
    """Neighbours ask how their community supports careers and what careers do to the community, and pick a step on a local problem.

    *Who*: people out of work who ask, with their neighbourhood. *Format*: group. *Content*: both directions of Hooley's third question. What
    others here are worth to oneself is weighed, ties to residents and to people who left are kept, causes are talked about; at the end
    the group infers, from its members' stories and with error, what stands most in the way, and picks an individual step or a joint
    action that answers it. *How much*: three meetings, a month apart; joint action as long as enough members carry it. *Cost*: the price of
    a dialogue session (targets.csv cost_dialogue: assumed), the same for staff who support a joint action; members' hours
    are unpaid, priced and shown apart. *Source*: Hooley; Freire 1970 (dialogue). *What it is not*: it opens nothing by itself.
    Who comes to value the place more leaves it less readily, also where leaving would pay: lock-in is a cost that can be seen in income.
    """

    name: ClassVar[str] = "community_dialogue"
    levers: ClassVar[frozenset[str]] = frozenset({"weigh_community", "strengthen_ties", "keep_tie", "discuss_causes"})
    price_from: ClassVar[str] = "price_dialogue"

    weigh: float = number(
        1.0, -1.0, 3.0, "sessions", "assumed", "a choice of the decision maker",
        "How far a meeting moves what the community is worth to its members (below 0: it finds it wanting)",
    )  # fmt: skip
    causes: bool = choice(True, "model.md 7", "Whether causes of setbacks are talked about")

    def meet(self, session: Session) -> None:
        """Weigh community, keep ties here and to those who left, talk about causes."""
        levers.weigh_community(session, dose=self.weigh)
        levers.strengthen_ties(session)
        levers.keep_tie(session)
        if self.causes:
            levers.discuss_causes(session)
