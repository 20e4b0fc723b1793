"""`psychometric_test`: one shot, one answer."""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters.declare import choice, number
from careersim.services import supports
from careersim.services.careers_software import CareersSoftware

_CHOICE = "a choice of the decision maker"


class PsychometricTest(CareersSoftware):
    """A test of interests taken once, whose items lean toward what is typical of one's gender and origin.

    *Who*: people out of work who ask. *Format*: alone on a screen, or beside an adviser. *Content*: as `careers_software`, but one round
    of questions, never refined, no labour-market information, and items in which people recognise what is typical of people like
    them. *How much*: once. *Cost*: the price of an online session. *Source*: Einarsdottir and Rounds 2009 (gendered items, sign);
    size of the bias assumed. *What it is not*: a measure of ability; employers do not see it.
    """

    name: ClassVar[str] = "psychometric_test"

    sessions: int = number(1, 1, 120, "sessions", "assumed", _CHOICE, "Sittings")
    information: bool = choice(False, supports.SOURCE, "Support: labour-market information")
    list_length: int = number(1, 1, 11, "occupations", "assumed", _CHOICE, "Occupations suggested")
    most_rounds: int = number(1, 1, 20, "rounds", "assumed", "one shot by definition", "Most rounds of questions")
    gender_bias: float = number(
        0.5, 0.0, 2.0, "SD of likings", "assumed", "no source found for the size",
        "Bias of items toward what is typical of one's gender",
    )  # fmt: skip
    origin_bias: float = number(
        0.5, 0.0, 2.0, "SD of likings", "assumed", "no source found for the size",
        "Bias of items toward what is typical of one's origin",
    )  # fmt: skip
