"""What a strategy is: who, format, content, how much, cost. One class a strategy, each a page.

A strategy declares its settings as fields, whom it is for in `Strategy.eligibility`, which levers it may use in
`Strategy.levers`, and says in `Strategy.deliver` what a session does, in terms of `careersim.services.levers`:

>>> from careersim.services import levers
>>> class JobClub(Strategy):
...     '''People out of work meet in groups, share what they know, and keep each other going.'''
...     name = "job_club"
...     levers = frozenset({"share_experience", "lift_morale"})
...     format: str = "group"
...     def deliver(self, session):
...         super().deliver(session)
...         levers.share_experience(session)
...         levers.lift_morale(session, dose=0.5)
>>> JobClub(budget=0.4).price_per_head(Parameters()) == Parameters().services.price_group
True

Everything else - who asks, who is served, groups, purse, queue, books - is the same for all and is in `programme` and
`delivery`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field, field_validator

from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import Group, choice, number
from careersim.services import eligibility as rules
from careersim.services import programme, supports
from careersim.services.participants import ServiceState
from careersim.services.session import Session
from careersim.town.town import Town

_CHOICE = "a choice of the decision maker"
JOBLESS = {"status": ["unemployed", "discouraged"]}
"""Whom a service is for unless it says otherwise: people out of work who look, or have given up looking."""


def or_parameter(parameter: str, low: float, high: float, unit: str, doc: str) -> Any:
    """Declare a number that is taken from the parameters if not given."""
    more: dict[str, Any] = {
        "unit": unit,
        "grade": "assumed",
        "source": f"default: parameter {parameter}",
        "low": low,
        "high": high,
    }
    return Field(None, ge=low, le=high, description=doc, json_schema_extra=more)


class Strategy(Group):
    """A strategy: its settings, whom it is for, and what a session does. Frozen; unknown settings are refused."""

    model_config = ConfigDict(allow_inf_nan=False)

    name: ClassVar[str] = ""
    """Name in configs, tables and figures."""
    levers: ClassVar[frozenset[str]] = frozenset()
    """Levers that `deliver` may use, besides those of the supports switched on; using another is an error."""
    price_from: ClassVar[str] = ""
    """Entry of the price list (`Services`); empty: the one for the format."""
    replaces_provision: ClassVar[bool] = False
    """Whether it runs instead of today's provision, on the same waiting list, rather than beside it."""
    free: ClassVar[bool] = False
    """Whether it acts without a budget (only what is no service: see `placebo`)."""

    budget: float | None = or_parameter("services.default_budget", 0.0, 50.0, "GBP per resident per month", "Budget")
    budget_share: float = number(1.0, 0.0, 1.0, "share", "assumed", _CHOICE, "Share of the budget, if part of a whole")
    price: float | None = or_parameter("services.price_*", 0.01, 100_000.0, "GBP", "Price of a session, see price_per")
    price_per: Literal["head", "session"] = choice(
        "head", _CHOICE, "What the price is for: a head in a session, or a session, shared by the group that meets"
    )
    budget_covers: Literal["public", "total"] = choice(
        "public", _CHOICE,
        "What the budget must pay for: public money alone, or all that its sessions cost, whoever bears it: public money, priced unpaid "
        "hours, employers' cost and users' fees (equal total cost). Union dues are apart: members pay them with any strategy and with none, "
        "and how many more it makes is known only afterwards; the table shows them, and adds them to all costs",
    )  # fmt: skip
    format: Literal["one_to_one", "group", "online"] = choice("one_to_one", _CHOICE, "How people meet the service")
    sessions: int = number(3, 1, 120, "sessions", "assumed", _CHOICE, "Sessions in a programme, one a month")
    group_size: int | None = or_parameter("services.group_size", 2, 200, "people", "People in a group")
    grouping: Literal["neighbourhood", "mixed"] = choice("neighbourhood", _CHOICE, "Who comes together in a group")
    stretch: float = number(
        1.0, 1.0, 10.0, "ratio", "assumed", _CHOICE,
        "Most sessions given per session paid for: above 1 a queue is met by a higher caseload, at less quality",
    )  # fmt: skip
    take_up: Literal["own_initiative", "targeted", "random"] = choice(
        "own_initiative", _CHOICE, "Who asks: by own initiative, invited by need, or invited at random"
    )
    take_up_rate: float = number(
        0.10,
        0.0,
        1.0,
        "per month",
        "assumed",
        "no source found",
        "Hazard with which an eligible person asks or accepts",
    )
    eligibility: dict[str, Any] = Field(
        default=JOBLESS, description="Who may have it: column -> value, [low, high] or words"
    )
    again_after: int = number(
        12, 0, 1200, "months", "assumed", _CHOICE, "Months from the start of one programme to the start of another"
    )
    start_month: int = number(0, 0, 6000, "months", "assumed", _CHOICE, "First month, counted from the start of policy")
    end_month: int = number(6000, 0, 6000, "months", "assumed", _CHOICE, "First month without it")
    objective: Literal["client", "community", "funder"] = choice(
        "client", _CHOICE,
        "Whose goals come first: decides who is served first when there is a queue, and whether money stays with joint action",
    )  # fmt: skip
    unpaid_hours: float = number(
        0.0,
        0.0,
        20.0,
        "hours",
        "assumed",
        _CHOICE,
        "Unpaid hours of residents per head and session; priced, shown apart",
    )
    shows_elsewhere: bool = choice(
        True, _CHOICE,
        "Whether elsewhere_share of what it shows and of whom it introduces lies outside the town; false (nothing does) is for asking "
        "how much of the leaving it induces comes from that",
    )  # fmt: skip
    information: bool = choice(False, supports.SOURCE, "Support: inform about jobs here and elsewhere")
    advice: bool = choice(False, supports.SOURCE, "Support: advise on what else might suit")
    counselling: bool = choice(False, supports.SOURCE, "Support: counsel and encourage")
    assessment: bool = choice(False, supports.SOURCE, "Support: assess own interests")
    learning: bool = choice(False, supports.SOURCE, "Support: teach career management skills")
    brokering: bool = choice(False, supports.SOURCE, "Support: introduce to people beyond one's own network")
    advocacy: bool = choice(False, supports.SOURCE, "Support: speak for clients to employers")

    @field_validator("eligibility")
    @classmethod
    def _known_columns(cls, value: dict[str, Any]) -> dict[str, Any]:
        rules.check(value)
        return value

    # -- who ----------------------------------------------------------------------------------------------------------

    def eligible(self, town: Town, month: int) -> np.ndarray:
        """Return a mask over people: who may have the service this month."""
        return rules.mask(town, month, self.eligibility)

    def hazard(self, town: Town, params: Parameters, month: int, rows: np.ndarray) -> np.ndarray:
        """Return the monthly chance that each of ``rows``, eligible and free, asks for the service or accepts an invitation."""
        chance = np.full(len(rows), self.take_up_rate)
        if self.take_up == "own_initiative":
            chance *= np.exp(params.services.initiative_gradient * (town.people.origin[rows] - 0.5))
        return np.minimum(chance, 1.0)

    def priority(self, town: Town, params: Parameters, month: int, rows: np.ndarray) -> np.ndarray:
        """Return a number for each of those who asked; the lowest are served first, equal ones by luck.

        The client's objective treats all alike; the community's, and targeting, serve longest out of work first; the funder's serves
        first those likely to be placed fast (creaming).
        """
        w = town.people
        if self.objective == "funder":
            return -(np.log(np.maximum(w.skill[rows], 1e-6)) + w.career_skill[rows] + w.morale[rows]).astype(np.float64)
        if self.objective == "community" or self.take_up == "targeted":
            return -rules.DERIVED["unemployed_months"](town, month)[rows].astype(np.float64)
        return np.zeros(len(rows))

    # -- how much -----------------------------------------------------------------------------------------------------

    def active(self, policy_month: int) -> bool:
        """Whether the service runs in this month, counted from the start of policy."""
        return self.start_month <= policy_month < self.end_month

    def budget_at(self, params: Parameters, policy_month: int) -> float:
        """Return the budget of a month in GBP per resident."""
        whole = params.services.default_budget if self.budget is None else self.budget
        return whole * self.budget_share

    def places(self, params: Parameters) -> int:
        """Return how many people one price pays for at most: the group's size if the price is for a group's session, else 1."""
        return self.size_of_group(params) if self.price_per == "session" and self.format == "group" else 1

    def size_of_group(self, params: Parameters) -> int:
        """Return how many people make a full group."""
        return params.services.group_size if self.group_size is None else self.group_size

    def price_per_head(self, params: Parameters) -> float:
        """Return the price of one session for one person in GBP; of a session that is shared, the share in a full group."""
        if self.price is not None:
            return self.price / self.places(params)
        by_format = {"one_to_one": "price_interview", "group": "price_group", "online": "price_online"}
        return getattr(params.services, self.price_from or by_format[self.format])

    def price_per_session(self, params: Parameters) -> float:
        """Return the price in GBP of what is paid for at once: a head, or a session for a full group."""
        return self.price_per_head(params) * self.places(params)

    def drawn_per_session(self, params: Parameters) -> float:
        """Return what one price draws on the budget in GBP: with equal total cost also what others bear of a full session."""
        if self.budget_covers == "public":
            return self.price_per_session(params)
        return self.price_per_session(params) + self.borne_by_others(params) * self.places(params)

    def borne_by_others(self, params: Parameters) -> float:
        """Return what a session costs others than the public in GBP per head, as far as it is known before: unpaid hours, priced."""
        return self.unpaid_hours_per_head(params) * params.services.price_unpaid_hour

    def unpaid_hours_per_head(self, params: Parameters) -> float:
        """Return the unpaid hours that a session takes per head in a full group."""
        return self.unpaid_hours

    def savings(self, params: Parameters, grant: float) -> float:
        """Return the most, in GBP, that may be carried over to the next month: by default a fraction of one session."""
        return self.drawn_per_session(params)

    def capacity(self, town: Town, params: Parameters, n_paid: int) -> int:
        """Return how many sessions can be given when ``n_paid`` are paid for."""
        return int(n_paid * self.stretch)

    def quality(self, town: Town, params: Parameters, rows: np.ndarray, load: float) -> np.ndarray:
        """Return what individual content conveys to each of ``rows``; ``load`` is sessions given per session paid for."""
        s = params.services
        out = np.full(len(rows), max(load, 1.0) ** -s.caseload_elasticity)
        if self.format == "group":
            out *= s.group_attention
        elif self.format == "online":
            out *= s.online_attention * town.people.digital_access[rows] * town.people.digital_literacy[rows]
        return out

    # -- what ---------------------------------------------------------------------------------------------------------

    def deliver(self, session: Session) -> None:
        """Do what a session does, in terms of levers. By default the supports that are switched on."""
        supports.give(self.supports_on(), session)

    def supports_on(self) -> tuple[str, ...]:
        """Return the names of the supports that are switched on."""
        return tuple(name for name in supports.SUPPORTS if getattr(self, name))

    def may_use(self) -> frozenset[str]:
        """Return the levers declared: its own and those of the supports switched on."""
        return self.levers.union(*(supports.SUPPORTS[name].levers for name in self.supports_on()))

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Give a month's sessions for at most ``purse`` GBP and return what was spent; by default a programme of sessions."""
        return programme.give_sessions(self, service, town, params, month, purse)

    def parts(self) -> list[Strategy]:
        """Return the services this strategy consists of (a mixture has several)."""
        return [self]

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the docstring."""
        return (cls.__doc__ or "").strip().split("\n", 1)[0]


@dataclass(slots=True)
class Service:
    """A strategy at work in one arm: the strategy, its number in the arm and what it remembers."""

    strategy: Strategy
    slot: int
    """0 for today's provision, 1, 2, … for what an arm adds: names its luck."""
    state: ServiceState
    shadow_of: str = ""
    """Name of the arm whose service this only imitates, in the world without it; empty: a real service."""
    broken: bool = False
    """An imitation that failed: it stops, and the world without the strategy goes on. (The arm itself fails and says why.)"""

    @property
    def is_shadow(self) -> bool:
        """Whether it touches nothing and costs nothing: it notes who would have come, so that comparisons are fair.

        Who comes to a service is decided by what happens to people, which differs by chance between two worlds. Those who came in
        the one world had on average worse luck there than in the other. So participants are all who came in either.
        """
        return bool(self.shadow_of)

    @property
    def is_provision(self) -> bool:
        """Whether this is today's provision, which runs in every arm."""
        return self.slot == 0

    def copy(self) -> Service:
        """Return an independent copy, for a fork."""
        return Service(self.strategy, self.slot, self.state.copy(), self.shadow_of, self.broken)

    def keep_rows(self, rows: np.ndarray) -> None:
        """Keep only the given rows of people, in that order."""
        self.state.take(rows)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what it remembers as named arrays, to be saved with the town."""
        return self.state.to_arrays()

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take back what `arrays` gave."""
        self.state = ServiceState.from_arrays(arrays).copy()
