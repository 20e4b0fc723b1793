"""A figure with its unit, year, source and status: the form in which all data enter."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

Status = Literal["seen", "memory", "assumed", "derived"]
"""seen: read in the source; memory: recalled, not looked up; assumed: judged; derived: computed from other figures."""

UNITS: dict[str, dict[str, float]] = {
    "share": {"share": 1.0, "%": 0.01},
    "money": {"GBP/month": 1.0, "GBP/week": 52.0 / 12.0, "GBP/year": 1.0 / 12.0},
    "yearly": {"per year": 1.0, "% per year": 0.01, "per month": 12.0},
    "monthly": {"per month": 1.0, "% per month": 0.01},
    "count": {"people": 1.0, "count": 1.0},
    "ratio": {"ratio": 1.0},
}
"""Kind of quantity -> unit in a file -> factor to the model's unit (share, GBP/month, per year, per month, count)."""


class Frozen(BaseModel):
    """A frozen record that refuses unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(Frozen):
    """Where a figure comes from."""

    unit: str
    """Unit of ``value`` as published."""
    year: int | str = Field(union_mode="left_to_right")
    """Year, or period, that the figure describes."""
    source: str = Field(min_length=3)
    """Publisher and table, or the reasoning for an assumption."""
    status: Status
    """seen, memory, assumed or derived."""
    note: str = ""
    """What a reader should know: corrections, suppression, reach."""


class Figure(Provenance):
    """One published number."""

    value: float = Field(allow_inf_nan=False)
    low: float | None = None
    """Lower end of the published 95% interval, in the same unit."""
    high: float | None = None
    """Upper end of the published 95% interval."""
    published: float | None = None
    """The number as published, where ``value`` was corrected (``note`` says why)."""

    @field_validator("value", mode="before")
    @classmethod
    def _a_number(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise PydanticCustomError("float_type", "Input should be a valid number")
        return value


class Shares(Provenance):
    """Several published numbers that make up a whole, such as the shares of nine occupation groups.

    A name without a value (``null``) was suppressed by the publisher; the rest is scaled to sum to 1.
    """

    value: dict[str, float | None]


def declared(kind: str, low: float, high: float, doc: str, **more: Any) -> Any:
    """Declare a figure: kind of quantity (a key of ``UNITS``), allowed range in the model's unit, and meaning."""
    extra = {"kind": kind, "low": low, "high": high, **more}
    return Field(description=doc, json_schema_extra=extra)


def optional(kind: str, low: float, high: float, doc: str) -> Any:
    """Declare a figure that may be missing."""
    return Field(default=None, description=doc, json_schema_extra={"kind": kind, "low": low, "high": high})


def in_model_unit(figure: Figure, kind: str) -> float:
    """Return the figure's value in the model's unit."""
    return round(figure.value * UNITS[kind][figure.unit], 10)


def _say_range(kind: str, unit: str, low: float, high: float) -> str:
    factor = UNITS[kind][unit]
    return f"{low / factor:.6g} to {high / factor:.6g} {unit}"


class FigureSet(Frozen):
    """Figures by name, each checked against the declared units and range."""

    @field_validator("*", mode="after")
    @classmethod
    def _in_range(cls, figure: Any, info: Any) -> Any:
        extra = cls.model_fields[info.field_name].json_schema_extra
        if not isinstance(figure, (Figure, Shares)) or not isinstance(extra, dict):
            return figure
        _check_unit(figure, extra)
        if isinstance(figure, Figure):
            _check_range(figure, extra)
        else:
            _check_shares(figure, extra)
        return figure

    def items(self) -> list[tuple[str, Figure | Shares]]:
        """Return the figures that are present, by name, in the declared order."""
        pairs = ((name, getattr(self, name)) for name in type(self).model_fields)
        return [(name, f) for name, f in pairs if isinstance(f, (Figure, Shares))]

    def amount(self, name: str) -> float:
        """Return a figure in the model's unit."""
        extra: Any = type(self).model_fields[name].json_schema_extra
        return in_model_unit(getattr(self, name), extra["kind"])


def _check_unit(figure: Figure | Shares, extra: dict[str, Any]) -> None:
    units = UNITS[extra["kind"]]
    if figure.unit not in units:
        context = {"at": "unit", "allowed": " or ".join(units), "found": repr(figure.unit)}
        raise PydanticCustomError("figure_unit", "unknown unit", context)


def _check_range(figure: Figure, extra: dict[str, Any]) -> None:
    if not extra["low"] - 1e-12 <= in_model_unit(figure, extra["kind"]) <= extra["high"] + 1e-12:
        allowed = _say_range(extra["kind"], figure.unit, extra["low"], extra["high"])
        context = {"at": "value", "allowed": allowed, "found": f"{figure.value:g} {figure.unit}"}
        raise PydanticCustomError("figure_range", "out of range", context)


def _check_shares(figure: Shares, extra: dict[str, Any]) -> None:
    names = list(extra["names"])
    unknown = [n for n in figure.value if n not in names]
    if unknown:
        context = {"at": f"value.{unknown[0]}", "known": names, "found": repr(unknown[0])}
        raise PydanticCustomError("figure_name", "unknown name", context)
    missing = [n for n in names if n not in figure.value]
    if missing:
        context = {"at": "value", "allowed": ", ".join(names), "found": f"nothing for {', '.join(missing)}"}
        raise PydanticCustomError("figure_missing", "a name is missing (write null where suppressed)", context)
    whole = 1.0 / UNITS[extra["kind"]][figure.unit]
    for name, value in figure.value.items():
        if value is not None and not 0.0 <= value <= whole:
            context = {"at": f"value.{name}", "allowed": f"0 to {whole:g} {figure.unit}", "found": f"{value:g}"}
            raise PydanticCustomError("figure_range", "out of range", context)
    total = sum(v for v in figure.value.values() if v is not None)
    low, high = 0.85 * whole, 1.02 * whole
    if not low <= total <= high:
        context = {
            "at": "value",
            "allowed": f"a sum of {low:g} to {high:g} {figure.unit}",
            "found": f"a sum of {total:g}",
        }
        raise PydanticCustomError("figure_sum", "the shares do not sum to a whole", context)
