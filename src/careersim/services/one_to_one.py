"""`one_to_one`: interviews by a careers adviser."""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters.declare import choice
from careersim.services import supports
from careersim.services.base import Strategy


class OneToOne(Strategy):
    """Interviews by a careers adviser with one client: the field's default.

    *Who*: people out of work who ask. *Format*: one-to-one. *Content*: five of the seven supports, all of which stop at the
    client: career management skills, true odds (and something of elsewhere), own interests, occupations considered, morale.
    *How much*: three interviews, a month apart. *Cost*: the price of an interview (targets.csv cost_interview). *Source*:
    Whiston et al. 2017; Milot-Lapointe and Arifoulline 2025. *What it is not*: it opens no posts and, by default, no doors:
    brokering and advocacy can be switched on.
    """

    name: ClassVar[str] = "one_to_one"

    information: bool = choice(True, supports.SOURCE, "Support: inform about jobs here and elsewhere")
    advice: bool = choice(True, supports.SOURCE, "Support: advise on what else might suit")
    counselling: bool = choice(True, supports.SOURCE, "Support: counsel and encourage")
    assessment: bool = choice(True, supports.SOURCE, "Support: assess own interests")
    learning: bool = choice(True, supports.SOURCE, "Support: teach career management skills")
