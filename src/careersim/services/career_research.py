"""`career_research`: we are all career researchers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from careersim.scenario.parameters.declare import choice, number
from careersim.services import levers
from careersim.services.facilitators import Facilitated
from careersim.services.session import Session

_MOST_NEWS = 3.0


class CareerResearch(Facilitated):
    """Clients investigate their labour market themselves, critically, and tell those they know.

    *Who*: people out of work who ask. *Format*: groups. *Content*: each finds out what the odds of jobs here are and why (who is
    hired, who is not, by what rules); conditions are seen as shared; contacts are told. Odds that turn out better than thought
    encourage, odds that turn out worse discourage. *How much*: three sessions, a month apart. *Cost*: the price of a group
    session by who facilitates. *Source*: McCash 2006, We're all career researchers now; Law (SeSiFoUn). *What it is not*: advice: it changes what
    people believe, not what they can do; where the truth is poor, true beliefs can keep people from looking.
    """

    name: ClassVar[str] = "career_research"
    levers: ClassVar[frozenset[str]] = frozenset({"correct_beliefs", "tell_contacts", "discuss_causes", "lift_morale"})

    depth: float = number(
        1.5,
        0.0,
        4.0,
        "sessions",
        "assumed",
        "no source found",
        "What own research tells, in sessions of being informed",
    )
    critical: bool = choice(True, "McCash 2006", "Ask why things are as they are, too")
    tell: bool = choice(True, "McCash 2006", "Tell one's contacts what one has found")

    def deliver(self, session: Session) -> None:
        """Find out, take it in, ask why, tell others."""
        super().deliver(session)
        if session.shadow:
            return
        before = self._expected(session)
        levers.correct_beliefs(session, dose=self.depth)
        typical = self._over_considered(session, np.tile(session.town.aggregates.odds, (len(session.rows), 1)))
        news = np.clip((self._expected(session) - before) / np.maximum(typical, 1e-3), -_MOST_NEWS, _MOST_NEWS)
        levers.lift_morale(session, dose=session.params.services.news_effect * news)
        if self.critical:
            levers.discuss_causes(session)
        if self.tell:
            levers.tell_contacts(session)

    def _expected(self, session: Session) -> np.ndarray:
        """Return the mean odds that each believes in, over the occupations considered."""
        return self._over_considered(session, session.town.people.odds_belief[session.rows].astype(np.float64))

    @staticmethod
    def _over_considered(session: Session, odds: np.ndarray) -> np.ndarray:
        """Return each person's mean of ``odds`` (by person and occupation) over the occupations considered."""
        bits = np.uint32(1) << np.arange(odds.shape[1], dtype=np.uint32)
        considered = (session.town.people.considered[session.rows][:, None] & bits) != 0
        return (odds * considered).sum(axis=1) / np.maximum(considered.sum(axis=1), 1)
