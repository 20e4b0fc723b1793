"""When enough replicates have been run."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class StopWhen(BaseModel):
    """Replicates are added until the 95% interval of a measure's paired difference is narrow enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str = Field(
        default="employment_rate", description="A measure of the place, or of people such as direct.income"
    )
    half_width: float = Field(
        gt=0.0,
        le=1e9,
        description="Half width asked for, in the measure's unit",
        json_schema_extra={"unit": "its unit"},
    )
    max_replicates: int = Field(
        default=64,
        ge=1,
        le=100_000,
        description="Most replicates",
        json_schema_extra={"low": 1, "high": 100_000, "unit": "count"},
    )
