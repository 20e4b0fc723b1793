"""`online_service`: careering through the web."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice, number
from careersim.services import levers, supports
from careersim.services.digital import Digital
from careersim.services.questionnaire import Questionnaire, suggest
from careersim.services.session import Session
from careersim.town.town import Town

_CHOICE = "a choice of the decision maker"
_COVERED, _ASSURED = 30_000, 30_001
_LISTED, _ROUNDS, _ASPIRATION = 3, 2, 0.9


class OnlineService(Digital):
    """Public careers services on the web: information, automated interaction, and communication.

    *Who*: people out of work who find it (``coverage``) and can use it. *Format*: online. *Content*: information about jobs; an automated
    questionnaire with suggestions; communication with peers (experience is pooled), advisers (skills and encouragement by
    chat) and employers (introductions by the same few willing brokers); digital career literacy can be taught (the 7 Cs). *How much*: three
    visits, a month apart. *Cost*: the price of an online session, of chats with advisers, and brokers' unpaid hours. Government's
    roles are settings: ``coverage``, ``quality_assurance`` (what is not assured is not true: it informs nobody and suggests at
    random) and ``subsidy`` (users pay the rest, and so come less, the poorer the less). *Source*: Hooley, Hutchinson and Watts 2010,
    Careering through the Web; Hooley 2012 (7 Cs). *What it is not*: access: who is offline, or lost on a screen, is not served.
    """

    name: ClassVar[str] = "online_service"
    levers: ClassVar[frozenset[str]] = frozenset(
        {
            "widen_considered",
            "share_experience",
            "raise_career_skill",
            "lift_morale",
            "introduce",
            "teach_digital_literacy",
        }
    )

    format: Literal["one_to_one", "group", "online"] = choice("online", "online by definition", "How it is met")
    information: bool = choice(True, supports.SOURCE, "Support: inform about jobs here and elsewhere")
    automated: bool = choice(True, _CHOICE, "Automated interaction: a questionnaire that suggests occupations")
    peers: bool = choice(True, _CHOICE, "Communication with peers: a forum in which experience is pooled")
    advisers: bool = choice(False, _CHOICE, "Communication with advisers: chats, for a price of their own")
    employers: bool = choice(False, _CHOICE, "Communication with employers: introductions by willing brokers")
    teach_literacy: bool = choice(False, "Hooley 2012 (7 Cs)", "Teach digital career literacy")
    coverage: float = number(
        1.0, 0.0, 1.0, "share", "assumed", _CHOICE, "Share of residents who learn of the service (the same for life)"
    )
    quality_assurance: float = number(
        0.8,
        0.0,
        1.0,
        "share",
        "assumed",
        "no source found",
        "Share of visits in which what is found is assured, and true",
    )
    subsidy: float = number(1.0, 0.05, 1.0, "share", "assumed", _CHOICE, "Share of the price that public money pays")
    broker_hours: float = number(
        0.5,
        0.0,
        20.0,
        "hours",
        "assumed",
        "no source found",
        "Unpaid hours of a broker per user and visit, with employers",
    )
    price_response: float = number(
        0.5, 0.0, 3.0, "elasticity", "assumed", "no source found",
        "Elasticity of use in the share of the price that is paid for one, at the lowest origin; nil at the highest",
    )  # fmt: skip

    def eligible(self, town: Town, month: int) -> np.ndarray:
        """Return who may use it: those with access who have learned of it."""
        known = chance.uniforms(town.key, chance.CONTENT, 0, town.people.id, _COVERED) < self.coverage
        return super().eligible(town, month) & known

    def hazard(self, town: Town, params: Parameters, month: int, rows: np.ndarray) -> np.ndarray:
        """Return the monthly chance to come: less where users pay, the less the lower their origin."""
        response = self.price_response * (1.0 - town.people.origin[rows])
        return super().hazard(town, params, month, rows) * self.subsidy**response

    def full_price(self, params: Parameters) -> float:
        """Return what a visit costs, whoever pays."""
        if self.price is not None:
            return self.price
        chat = params.services.price_chat if self.advisers else 0.0
        return params.services.price_online + chat

    def price_per_head(self, params: Parameters) -> float:
        """Return what a visit costs the public."""
        return self.full_price(params) * self.subsidy

    def deliver(self, session: Session) -> None:
        """Inform and suggest what is assured (and at random what is not), then let people communicate."""
        luck = chance.uniforms(session.town.key, chance.CONTENT, session.month, session.ids, _ASSURED + session.slot)
        assured = luck < self.quality_assurance
        super().deliver(session.only(assured))
        if self.teach_literacy:
            levers.teach_digital_literacy(self._taught(session))
        if self.automated and not session.shadow:
            levers.widen_considered(session, only=self._suggested(session, assured))
        if self.peers:
            self._forum(session)
        if self.advisers:
            levers.raise_career_skill(session)
            levers.lift_morale(session)
        if self.employers:
            supports.broker(session)
            hours = self.broker_hours * len(session.rows)
            session.charge("unpaid_value", hours * session.params.services.price_unpaid_hour)
        if self.subsidy < 1.0:
            session.charge("users_cost", self.fee(session.params) * len(session.rows))

    def fee(self, params: Parameters) -> float:
        """Return what a visit costs the user."""
        return (1.0 - self.subsidy) * self.full_price(params)

    def borne_by_others(self, params: Parameters) -> float:
        """Return what a visit costs others than the public: brokers' hours and the fee."""
        return super().borne_by_others(params) + self.fee(params)

    def unpaid_hours_per_head(self, params: Parameters) -> float:
        """Return the unpaid hours of a visit: a broker's, where users meet employers."""
        return super().unpaid_hours_per_head(params) + (self.broker_hours if self.employers else 0.0)

    @staticmethod
    def _taught(session: Session) -> Session:
        """Return the session as the 7 Cs are taught in it: beginning where each stands, whatever they know."""
        return replace(session, quality=np.full(len(session.rows), session.params.services.online_attention))

    def _suggested(self, session: Session, assured: np.ndarray) -> np.ndarray:
        """Return the list suggested to each: by likes and dislikes, or anything at all."""
        lists, _ = suggest(session, Questionnaire(_LISTED, _ROUNDS, _ASPIRATION))
        n = len(session.town.occupations)
        luck = chance.uniforms(session.town.key, chance.ANSWERS, session.month, session.ids, 1000 + session.slot)
        anything = (np.uint32(1) << (luck * n).astype(np.uint32)).astype(np.uint32)
        return np.where(assured, lists, anything)

    def _forum(self, session: Session) -> None:
        """Let all who are there this month pool their experience, in one forum."""
        session.group[:] = 0
        levers.share_experience(session)
