"""Who facilitates a group: what a head and session cost the public, and what unpaid hours it takes.

Staff are careers advisers; a teacher works in paid time that a school already pays for, but cover is bought; a trained peer is paid nothing,
so that a session costs room, training and support, and the peer's hours are priced and shown apart.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice
from careersim.services.base import Strategy
from careersim.services.session import Session

_CHOICE = "a choice of the decision maker"
Facilitator = Literal["staff", "teacher", "peer"]
"""Who facilitates."""


def price_of_group(params: Parameters, who: str) -> float:
    """Return the public price of a group session in GBP per head.

    Examples
    --------
    >>> [price_of_group(Parameters(), who) for who in ("staff", "teacher", "peer")]
    [10.0, 7.0, 3.0]
    """
    s = params.services
    return {"staff": s.price_group, "teacher": s.price_group_teacher, "peer": s.price_group_peer}[who]


def unpaid_hours_of(params: Parameters, who: str, n_groups: int) -> float:
    """Return the unpaid hours that facilitating ``n_groups`` for one session takes."""
    return params.services.peer_hours * n_groups if who == "peer" else 0.0


class Facilitated(Strategy):
    """A service for groups, each with a facilitator who is counted and priced."""

    format: Literal["one_to_one", "group", "online"] = choice("group", _CHOICE, "How people meet the service")
    facilitator: Facilitator = choice("staff", _CHOICE, "Who facilitates: staff, teacher or trained peer")

    def price_per_head(self, params: Parameters) -> float:
        """Return the price of a session for one person: in groups by who facilitates, else by format."""
        if self.price is None and self.format == "group":
            return price_of_group(params, self.facilitator)
        return super().price_per_head(params)

    def unpaid_hours_per_head(self, params: Parameters) -> float:
        """Return the unpaid hours per head and session, those of a peer who facilitates a full group among them."""
        facilitating = unpaid_hours_of(params, self.facilitator, 1) / self.size_of_group(params)
        return super().unpaid_hours_per_head(params) + (facilitating if self.format == "group" else 0.0)

    def deliver(self, session: Session) -> None:
        """Give the supports switched on; charge the unpaid hours of the peers who facilitate the groups that met."""
        super().deliver(session)
        if self.facilitator == "peer":
            n_groups = len(np.unique(session.group[session.group >= 0]))
            hours = unpaid_hours_of(session.params, self.facilitator, n_groups)
            session.charge("unpaid_value", hours * session.params.services.price_unpaid_hour)
