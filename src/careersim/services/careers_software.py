"""`careers_software`: likes and dislikes in, occupations out."""

from __future__ import annotations

from typing import ClassVar, Literal

from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice, number
from careersim.services import levers, supports
from careersim.services.digital import Digital
from careersim.services.questionnaire import Questionnaire, suggest
from careersim.services.session import Session

_CHOICE = "a choice of the decision maker"


class CareersSoftware(Digital):
    """A programme that matches likes and dislikes to occupations, of the type of CASCAiD's.

    *Who*: people out of work who ask. *Format*: alone on a screen (``online``), which needs digital access and literacy, or beside
    an adviser (``one_to_one``). *Content*: likes and dislikes are ticked, with errors where people do not know themselves; occupations
    are suggested by Holland's types; the user answers more questions until satisfied; labour-market information follows. There
    is no luck in matching: all who answer alike are given the same list, and all read the same odds. *How much*: two sessions,
    a month apart. *Cost*: the price of an online session, and of an interview where an adviser sits beside. *Source*:
    Holland 1997; model.md 7 (CASCAiD type); Simon 1955. *What it is not*: a judgement of what others will apply for: the more people use it,
    the more of them want the same posts.
    """

    name: ClassVar[str] = "careers_software"
    levers: ClassVar[frozenset[str]] = frozenset({"widen_considered"})

    format: Literal["one_to_one", "group", "online"] = choice("online", _CHOICE, "Alone (online) or beside an adviser")
    sessions: int = number(2, 1, 120, "sessions", "assumed", _CHOICE, "Sittings, one a month")
    information: bool = choice(True, supports.SOURCE, "Support: labour-market information")
    assessment: bool = choice(True, supports.SOURCE, "Support: answering makes own interests clearer")
    list_length: int = number(3, 1, 11, "occupations", "assumed", _CHOICE, "Occupations suggested at a time")
    most_rounds: int = number(
        4, 1, 20, "rounds", "assumed", "levels of questions of CASCAiD's type", "Most rounds of questions"
    )
    aspiration: float = number(
        0.9, 0.0, 1.0, "likeness", "assumed", "above the mean of people and the trades they are in (0.87)",
        "Likeness to own interests at which a user is satisfied with a suggestion",
    )  # fmt: skip
    gender_bias: float = number(
        0.0,
        0.0,
        2.0,
        "SD of likings",
        "assumed",
        "no source found",
        "Bias of items toward what is typical of one's gender",
    )
    origin_bias: float = number(
        0.0,
        0.0,
        2.0,
        "SD of likings",
        "assumed",
        "no source found",
        "Bias of items toward what is typical of one's origin",
    )

    def price_per_head(self, params: Parameters) -> float:
        """Return the price of a sitting: the licence, and an adviser's time if there is one."""
        if self.price is not None or self.format == "online":
            return super().price_per_head(params)
        return super().price_per_head(params) + params.services.price_online

    def deliver(self, session: Session) -> None:
        """Give the supports switched on, ask, and suggest."""
        super().deliver(session)
        if session.shadow:
            return
        q = Questionnaire(self.list_length, self.most_rounds, self.aspiration, self.gender_bias, self.origin_bias)
        lists, _ = suggest(session, q)
        levers.widen_considered(session, only=lists)
