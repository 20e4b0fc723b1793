"""`brokering`: access to networks beyond one's own."""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters.declare import choice, number
from careersim.services import supports
from careersim.services.base import Strategy


class Brokering(Strategy):
    """Introductions and mentors beyond one's own network: bridging social capital.

    *Who*: people out of work who ask. *Format*: one-to-one. *Content*: a willing broker - a resident in a higher post, or in work with
    origin in the top third - becomes a mentor and introduces the client to people in work whom they know; the shared
    ``elsewhere_share`` of introductions is to people elsewhere. *How much*: six months; a broker keeps 5.9 mentees at a time
    and has few slots for ties, so brokers run out. *Cost*: the price of mentoring (targets.csv cost_mentoring); the broker's
    hours are unpaid, priced and shown apart. *Source*: SQW (mentees per mentor); Chetty et al. 2022; Resnjanskij et al. 2024.
    *What it is not*: it changes nothing that the client can do.
    """

    name: ClassVar[str] = "brokering"
    price_from: ClassVar[str] = "price_mentoring"

    sessions: int = number(6, 1, 120, "sessions", "assumed", "a choice of the decision maker", "Months of mentoring")
    unpaid_hours: float = number(
        1.5, 0.0, 20.0, "hours", "assumed", "no source found", "Broker's hours per mentee and month"
    )
    brokering: bool = choice(True, supports.SOURCE, "Support: introduce to people beyond one's own network")
