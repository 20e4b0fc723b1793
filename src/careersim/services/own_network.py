"""`own_network`: who can help you with your career?"""

from __future__ import annotations

from typing import ClassVar

from careersim.services import levers
from careersim.services.base import Strategy
from careersim.services.session import Session


class OwnNetwork(Strategy):
    """Present ties are strengthened and used: bonding social capital.

    *Who*: people out of work who ask. *Format*: one-to-one. *Content*: Hooley's first question, "Who can help you with your career?":
    whom one knows is mapped and contacted, so that ties to residents grow stronger on both sides and carry more news of
    vacancies. *How much*: three sessions, a month apart. *Cost*: the price of an interview. *Source*: Hooley; Granovetter 1973;
    Putnam 2000 (bonding). *What it is not*: it makes no new ties; what a contact passes on to one seeker another does not hear.
    """

    name: ClassVar[str] = "own_network"
    levers: ClassVar[frozenset[str]] = frozenset({"strengthen_ties"})

    def deliver(self, session: Session) -> None:
        """Strengthen present ties."""
        super().deliver(session)
        levers.strengthen_ties(session)
