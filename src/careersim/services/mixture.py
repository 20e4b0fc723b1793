"""`mixture`: several strategies at once, each with a share of the budget."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, field_validator

from careersim.services.base import Strategy
from careersim.services.whole import Part, Whole, own_number

_ALLOWED = "NAME, or {name: NAME, weight: 0 to 1000, option: value}"


class Mixture(Whole):
    """Several strategies side by side, which share one budget by weight.

    *Who*, *format*, *content*, *how much*: as each part says; what is set for the mixture (say, ``eligibility``) holds for each part that does
    not state its own. *Cost*: the mixture's budget, divided by ``weight`` (1 if none is stated); a part that states a ``budget``
    of its own, or changes today's provision, keeps its own and takes no share. *Source*: model.md 7. *What it is not*: coordination: the parts have queues, groups and purses of
    their own, and what one part does not spend is not handed to another.

    Example: ``{name: mixture, of: [{name: one_to_one, weight: 3}, {name: brokering, weight: 1}]}``.
    """

    name: ClassVar[str] = "mixture"

    of: tuple[Any, ...] = Field(
        ("one_to_one", "group_learning"),
        description="Parts: names, or mappings with name, weight and options",
        json_schema_extra={"unit": "strategies", "grade": "assumed", "source": "a choice of the decision maker"},
    )

    @field_validator("of", mode="before")
    @classmethod
    def _strategies(cls, parts: Any) -> Any:
        cls.check_parts(parts, "weight", _ALLOWED)
        for part in parts:
            own_number(part, "weight", 1.0, 1000.0)
        return tuple(parts)

    def parts(self) -> list[Strategy]:
        """Return the services of all parts, each with its share of the budget."""
        weights = [0.0 if self._pays_for_itself(part) else own_number(part, "weight", 1.0, 1000.0) for part in self.of]
        whole = sum(weights) or 1.0
        shares = [w / whole for w in weights]
        return [s for p, share in zip(self.of, shares, strict=True) for s in self.parts_of(p, "weight", share=share)]

    def _pays_for_itself(self, part: Part) -> bool:
        has_budget = isinstance(part, dict) and part.get("budget") is not None
        return has_budget or any(s.replaces_provision for s in self.parts_of(part, "weight"))
