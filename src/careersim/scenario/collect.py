"""What a study keeps of each run: measures, months, groups and people. Small unless asked for more."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from careersim.scenario.errors import shown

GROUPS = ("origin_third", "gender", "ethnicity", "qualification", "age", "months_out", "skill_third")
"""Groupings of people by which measures are available; `careersim.measures.groups` says what each is."""
MOST_MONTHS = 1200
_SETTING = "a decision of whoever runs it"


def _kept(default: Any, unit: str, doc: str) -> Any:
    extra: dict[str, Any] = {"unit": unit, "grade": "assumed", "source": _SETTING}
    return Field(default=default, description=doc, json_schema_extra=extra)


Name = Annotated[str, Field(min_length=1, max_length=100)]


class Collect(BaseModel):
    """What is kept of each run, beside the ledger and the summary, which always are."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    measures: tuple[Name, ...] | None = _kept(
        None,
        "names",
        "Measures to keep (careersim list measures); null keeps every measure of the place, and by group a standard set",
    )
    months: dict[str, int] | tuple[int, ...] | None = _kept(
        None,
        "months",
        "Months of policy of which measures are kept, by group too: {every: 12} or a list such as [1, 12, 60]; null keeps every "
        "month of the place, and of groups only the mean of the last 12 months (which is kept always)",
    )
    groups: tuple[Name, ...] = _kept(
        GROUPS,
        "names",
        f"Groups of people whose measures are kept: {', '.join(GROUPS)}, or two crossed such as origin_third*gender; [] keeps none",
    )
    people: bool = _kept(
        False,
        "choice",
        "Also keep one line for each person and run: who they are, W in both worlds, where they end, sessions and cost",
    )

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        """Let ``a, b`` stand for a list of names, and a number for every so many months."""
        if not isinstance(data, dict):
            return data
        out = dict(data)
        for name in ("measures", "groups"):
            if isinstance(out.get(name), str):
                out[name] = [part.strip() for part in out[name].split(",") if part.strip()]
        return out

    @field_validator("groups")
    @classmethod
    def _known_groups(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_grouping(k, name) for k, name in enumerate(groups)))

    @field_validator("months", mode="before")
    @classmethod
    def _some_months(cls, months: Any) -> Any:
        if months is None:
            return None
        if isinstance(months, dict) and list(months) == ["every"] and _is_month(months["every"]):
            return months
        if isinstance(months, (list, tuple)) and months and all(_is_month(m) for m in months):
            return tuple(sorted(set(months)))
        allowed = f"{{every: N}} or a list of months, each a whole number from 1 to {MOST_MONTHS}"
        raise PydanticCustomError("months", "says no months", {"allowed": allowed, "found": shown(months)})

    def keeps(self, month: int) -> bool:
        """Return whether a month of policy (from 1) is one whose series is kept."""
        if isinstance(self.months, dict):
            return month % self.months["every"] == 0
        return self.months is None or month in self.months

    def latest(self) -> int:
        """Return the last month that is asked for by name (0 if none is)."""
        if isinstance(self.months, dict):
            return self.months["every"]
        return max(self.months) if self.months else 0


def _is_month(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_MONTHS


def _grouping(k: int, name: str) -> str:
    """Return a grouping's name in the one form, the two of a crossed one in the order of GROUPS."""
    parts = [part.strip() for part in name.split("*")]
    unknown = next((part for part in parts if part not in GROUPS), None)
    allowed = f"{', '.join(GROUPS)}, or two of them as a*b"
    if unknown is not None:
        context = {"at": str(k), "allowed": allowed, "known": list(GROUPS), "found": unknown}
        raise PydanticCustomError("group", "is not a group of people", context)
    if len(parts) > 2 or len(set(parts)) < len(parts):
        context = {"at": str(k), "allowed": allowed, "found": shown(name)}
        raise PydanticCustomError("group", "at most two different groups can be crossed", context)
    return "*".join(sorted(parts, key=GROUPS.index))
