"""Strategies made of others: what a mixture and a sequence have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careersim.scenario.errors import Problem, ScenarioError, shown
from careersim.services import delivery
from careersim.services.base import Strategy

Part = str | dict[str, Any]
"""A part as a config states it: a strategy's name, or a mapping with ``name`` and options."""


class Whole(Strategy):
    """A strategy made of parts: what is set for the whole holds for each part that does not state its own."""

    def parts_of(self, part: Part, own: str, **shares: Any) -> list[Strategy]:
        """Return the services of a part, with settings of the whole; ``own`` names an option that only the whole reads."""
        options = {k: v for k, v in _options(part).items() if k not in ("name", own)}
        services = delivery.make_strategy(_options(part)["name"], options).parts()
        mine = set(Strategy.model_fields) - {"budget_share", "start_month", "end_month"}
        common = {k: getattr(self, k) for k in self.model_fields_set & mine}
        return [self._placed(s, common, **shares) for s in services]

    def _placed(
        self, s: Strategy, common: Mapping[str, Any], share: float = 1.0, start: int = 0, end: int = 6000
    ) -> Strategy:
        """Return a service with its share of the budget and its months within those of the whole."""
        start, end = self.start_month + start, min(self.start_month + end, self.end_month)
        place = {
            "budget_share": s.budget_share * (share if s.budget is None else 1.0),
            "start_month": min(s.start_month + start, end),
            "end_month": min(s.end_month + start, end),
        }
        return s.model_copy(update={k: v for k, v in common.items() if k not in s.model_fields_set} | place)

    @staticmethod
    def check_parts(parts: Any, own: str, allowed: str) -> None:
        """Refuse what is not a list of strategies.

        Raises
        ------
        ScenarioError
            Naming the part and what is wrong with it.
        """
        if not isinstance(parts, list | tuple) or not parts:
            raise ScenarioError([Problem("needs a list of strategies", allowed=allowed, found=shown(parts))])
        for part in parts:
            if not isinstance(part, str) and not (isinstance(part, Mapping) and isinstance(part.get("name"), str)):
                raise ScenarioError([Problem("is not a strategy", allowed=allowed, found=shown(part))])
            options = {k: v for k, v in _options(part).items() if k not in ("name", own)}
            delivery.make_strategy(_options(part)["name"], options)


def _options(part: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"name": part} if isinstance(part, str) else dict(part)


def own_number(part: Part, name: str, default: float, high: float) -> float:
    """Return a number that a part states for the whole, such as its weight.

    Raises
    ------
    ScenarioError
        If it is not a number from 0 to ``high``.
    """
    value = _options(part).get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high:
        raise ScenarioError([Problem(f"{name} is out of range", allowed=f"0 to {high:g}", found=shown(value))])
    return float(value)
