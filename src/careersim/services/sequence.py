"""`sequence`: one strategy after another."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, field_validator

from careersim.services.base import Strategy
from careersim.services.whole import Whole, own_number

_ALLOWED = "NAME, or {name: NAME, months: 0 to 6000, option: value}"
_FOREVER = 6000.0


class Sequence(Whole):
    """One strategy after another, with the same budget a month.

    *Who*, *format*, *content*, *how much*: as each step says; what is set for the sequence holds for each step that does not state its
    own. A step lasts its ``months``; the last, and one that states none, lasts to the end. *Cost*: the budget of the month goes to the step that
    runs. *Source*: model.md 7. *What it is not*: a handover: who is in a programme when a step ends does not finish it, and money
    saved up is not passed on.

    Example: ``{name: sequence, steps: [{name: brokering, months: 24}, collective_bargaining]}``. A step may be a mixture.
    """

    name: ClassVar[str] = "sequence"

    steps: tuple[Any, ...] = Field(
        ({"name": "one_to_one", "months": 24}, "group_learning"),
        description="Steps: names, or mappings with name, months and options",
        json_schema_extra={"unit": "strategies", "grade": "assumed", "source": "a choice of the decision maker"},
    )

    @field_validator("steps", mode="before")
    @classmethod
    def _strategies(cls, steps: Any) -> Any:
        cls.check_parts(steps, "months", _ALLOWED)
        for step in steps:
            own_number(step, "months", _FOREVER, _FOREVER)
        return tuple(steps)

    def parts(self) -> list[Strategy]:
        """Return the services of all steps, each in its months."""
        out: list[Strategy] = []
        start = 0
        for step in self.steps:
            end = min(start + int(own_number(step, "months", _FOREVER, _FOREVER)), 6000)
            out += self.parts_of(step, "months", start=start, end=end)
            start = end
        return out
