"""`mutual_aid`: groups run by residents themselves."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import number
from careersim.services import levers
from careersim.services.acting_together import ActsTogether
from careersim.services.session import Session
from careersim.town.columns import HERE, WORKING
from careersim.town.sums import FRACTION, fixed_sum
from careersim.town.town import Town


class MutualAid(ActsTogether):
    """Residents run groups for each other: no staff, as many as volunteers' hours and civic capital allow.

    *Who*: people out of work who ask. *Format*: group, run by a volunteer. *Content*: experience is shared, members get to know each
    other and keep each other going; a group may go on to a joint action. *How much*: six meetings, a month apart. Capacity follows
    volunteers: a share of residents of working age, who know people here, times civic capital K. *Cost*: little public money (room and help);
    volunteers' and members' hours are unpaid, priced and shown apart, so at equal total cost it is not cheap. *Source*: Beveridge 1948 (Voluntary action);
    Putnam 2000 (civic capital); targets.csv peer_null. *What it is not*: guidance. Volunteers convey less than advisers,
    and where civic capital is low nobody comes to run a group.
    """

    name: ClassVar[str] = "mutual_aid"
    levers: ClassVar[frozenset[str]] = frozenset({"share_experience", "introduce_each_other", "lift_morale"})
    price_from: ClassVar[str] = "price_mutual_aid"

    sessions: int = number(6, 1, 120, "sessions", "assumed", "a choice of the decision maker", "Meetings of a group")
    unpaid_hours: float = number(
        2.5,
        0.0,
        20.0,
        "hours",
        "assumed",
        "no source found",
        "Unpaid hours per head and session: member's and volunteer's share",
    )

    def joint_price(self, params: Parameters) -> float:
        """Return the cost of room and help; there is no staff."""
        return params.services.price_mutual_aid

    def hours(self, town: Town, params: Parameters) -> float:
        """Return the hours a month that residents would give to run groups: by their ties here and the place's civic capital."""
        w, p = town.people, params.services
        rooted = w.ties_here[(w.residence == HERE) & (w.stage == WORKING)].astype(np.float64) / p.rooted_ties
        civic = town.aggregates.civic_capital**p.volunteer_civic
        return p.volunteer_hours * p.volunteer_share * civic * float(fixed_sum(rooted, FRACTION))

    def capacity(self, town: Town, params: Parameters, n_paid: int) -> int:
        """Return how many can meet: no more than are paid for, nor than volunteers have hours to run groups for."""
        groups = self.hours(town, params) / params.services.session_hours
        return min(super().capacity(town, params, n_paid), int(groups * self.size_of_group(params)))

    def quality(self, town: Town, params: Parameters, rows: np.ndarray, load: float) -> np.ndarray:
        """Return what individual content conveys: volunteers are not advisers."""
        p = params.services
        return super().quality(town, params, rows, load) * p.volunteer_attention / p.group_attention

    def meet(self, session: Session) -> None:
        """Share experience, get to know each other, keep each other going."""
        levers.share_experience(session)
        levers.introduce_each_other(session)
        levers.lift_morale(session, dose=0.5)
