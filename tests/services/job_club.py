"""A strategy as a user would write it, and one with a mistake."""

from __future__ import annotations

from typing import ClassVar, Literal

from careersim.services import levers
from careersim.services.base import Strategy
from careersim.services.session import Session


class JobClub(Strategy):
    """People out of work meet in groups, share what they know, and keep each other going."""

    name: ClassVar[str] = "job_club"
    levers: ClassVar[frozenset[str]] = frozenset({"share_experience", "introduce_each_other", "lift_morale"})

    format: Literal["one_to_one", "group", "online"] = "group"

    def deliver(self, session: Session) -> None:
        super().deliver(session)
        levers.share_experience(session)
        levers.introduce_each_other(session)
        levers.lift_morale(session, dose=0.5)


class Undeclared(Strategy):
    """Uses a lever that it does not declare."""

    name: ClassVar[str] = "undeclared"

    def deliver(self, session: Session) -> None:
        levers.raise_career_skill(session)
