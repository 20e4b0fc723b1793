"""How a parameter is declared: once, with unit, range, evidence grade and source."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Grade = Literal["measured", "derived", "assumed"]


class Group(BaseModel):
    """Parameters of one submodel: frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def number(default: float, low: float, high: float, unit: str, grade: Grade, source: str, doc: str, **more: Any) -> Any:
    """Declare a number: default, allowed range (both ends allowed), unit, evidence grade, source and meaning."""
    return Field(
        default,
        ge=low,
        le=high,
        description=doc,
        json_schema_extra={"unit": unit, "grade": grade, "source": source, "low": low, "high": high, **more},
    )


def choice(default: str | bool | tuple[str, ...], source: str, doc: str) -> Any:
    """Declare a switch or a choice among named variants (annotate the field with ``Literal`` or ``bool``)."""
    return Field(default, description=doc, json_schema_extra={"unit": "choice", "grade": "assumed", "source": source})
