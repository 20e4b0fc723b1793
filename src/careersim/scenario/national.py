"""The rest of the country: occupations, wage floor, benefit and the labour market elsewhere."""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator, model_validator

from careersim.scenario.catalogue import configs_folder
from careersim.scenario.errors import ScenarioError
from careersim.scenario.figures import Figure, FigureSet, Frozen, Shares, Status, declared
from careersim.scenario.loading import read_yaml
from careersim.scenario.validation import problems_in

N_OCCUPATIONS = 11
REASONS = ("student", "care", "sick", "early_retired", "other", "discouraged")
"""Why people of working age are inactive, in the order of the split."""
INDUSTRIES = (
    "agriculture",
    "energy_water",
    "manufacturing",
    "construction",
    "distribution_hotels",
    "transport_communication",
    "finance",
    "public",
    "other_services",
)
"""Industries of the Annual Population Survey, by residents in work."""
SECTORS = ("tradable", "local", "public")
Unit = Annotated[float, Field(ge=0.0, le=1.0)]


class NationalFigures(FigureSet):
    """The national figures with their provenance."""

    minimum_wage: Figure = declared("money", 500, 6000, "Wage floor by law, at the mean hours of all employees")
    standard_allowance: Figure = declared("money", 0, 3000, "Benefit of an adult without pay, housing apart")
    housing_element: Figure = declared("money", 0, 3000, "Help with rent of an adult without pay")
    benefit: Figure = declared("money", 100, 4000, "Income of a person without pay")
    median_pay: Figure = declared("money", 1000, 8000, "Median pay of all employees")
    employment_rate: Figure = declared("share", 0.4, 0.95, "Residents 16-64 in work")
    inactivity_rate: Figure = declared("share", 0.05, 0.5, "Residents 16-64 neither in work nor looking")
    elsewhere_unemployment_rate: Figure = declared("share", 0.005, 0.4, "Unemployed over active, rest of the country")
    elsewhere_finding_rate: Figure = declared("monthly", 0.005, 0.9, "Job finding of the unemployed elsewhere")
    elsewhere_loss_rate: Figure = declared("monthly", 0.0001, 0.2, "Job loss of the employed elsewhere")
    digital_excluded_share: Figure = declared("share", 0.0, 0.5, "Adults without internet use")


class Occupation(Frozen):
    """An occupation: what it pays, asks for and is like."""

    name: str
    soc: str
    """Major group of SOC 2020."""
    relative_pay: float = Field(ge=0.3, le=5.0)
    """Median hourly pay over the national median of all employees."""
    riasec: Annotated[tuple[float, ...], Field(min_length=6, max_length=6)]
    """Holland profile (Realistic, Investigative, Artistic, Social, Enterprising, Conventional), a unit vector."""
    qualification: int = Field(ge=0, le=2)
    """Required qualification: 0 below RQF 3, 1 RQF 3, 2 RQF 4+."""
    stem: int = Field(ge=0, le=1)
    """1 if posts require a STEM subject."""
    social_class: int = Field(ge=0, le=2)
    """NS-SEC, three groups: 0 routine and manual, 1 intermediate, 2 higher."""
    women_share: float = Field(ge=0.0, le=1.0)
    """Share of women among holders."""

    @field_validator("riasec", mode="after")
    @classmethod
    def _unit_vector(cls, profile: tuple[float, ...]) -> tuple[float, ...]:
        if any(not math.isfinite(x) or x < 0 for x in profile) or not any(profile):
            raise ValueError("a profile is six numbers of at least 0, not all 0")
        length = math.sqrt(sum(x * x for x in profile))
        return tuple(x / length for x in profile)


class StatedSource(Frozen):
    """Source of one column of the table of occupations."""

    year: int | str
    source: str
    status: Status


class SectorMap(Frozen):
    """How much of each industry is tradable, local or public."""

    source: str
    status: Status
    value: dict[str, dict[str, Unit]]

    @model_validator(mode="after")
    def _whole(self) -> SectorMap:
        if set(self.value) != set(INDUSTRIES):
            raise ValueError(f"must name exactly these industries: {', '.join(INDUSTRIES)}")
        for industry, parts in self.value.items():
            if set(parts) != set(SECTORS) or abs(sum(parts.values()) - 1.0) > 1e-6:
                raise ValueError(f"the parts of {industry} must be tradable, local and public and sum to 1")
        return self


class National(Frozen):
    """The country: figures, occupations, and how published groups map to the model's.

    ``minimum_wage``, ``benefit`` and ``median_pay`` are GBP per month; the elsewhere rates are per month; the rest are shares.
    """

    name: str
    figures: NationalFigures
    inactivity_split: Shares
    stem_split: Shares
    sector_of_industry: SectorMap
    occupation_sources: dict[str, StatedSource]
    occupations: Annotated[tuple[Occupation, ...], Field(min_length=N_OCCUPATIONS, max_length=N_OCCUPATIONS)]

    @model_validator(mode="after")
    def _possible(self) -> National:
        if self.minimum_wage >= self.median_pay * max(o.relative_pay for o in self.occupations):
            raise ValueError(
                f"figures.minimum_wage: GBP {self.minimum_wage:.0f} a month is above the pay of every occupation"
            )
        if self.benefit >= self.median_pay:
            raise ValueError("figures.benefit: a person without pay would have more than the median employee")
        if set(self.inactivity_split.value) != set(REASONS):
            raise ValueError(f"inactivity_split: must name exactly {', '.join(REASONS)}")
        if set(self.stem_split.value) != {"professional", "associate"}:
            raise ValueError("stem_split: must name exactly professional, associate")
        return self

    @property
    def minimum_wage(self) -> float:
        """Wage floor by law, GBP per month, at the mean hours of all employees (as the pay figures are)."""
        return self.figures.amount("minimum_wage")

    @property
    def benefit(self) -> float:
        """Income of a person without pay, GBP per month."""
        return self.figures.amount("benefit")

    @property
    def median_pay(self) -> float:
        """Median pay of all employees, GBP per month."""
        return self.figures.amount("median_pay")

    @property
    def employment_rate(self) -> float:
        """Share of residents 16-64 in work."""
        return self.figures.amount("employment_rate")

    @property
    def inactivity_rate(self) -> float:
        """Share of residents 16-64 neither in work nor looking."""
        return self.figures.amount("inactivity_rate")

    @property
    def elsewhere_unemployment_rate(self) -> float:
        """Unemployed over active in the rest of the country."""
        return self.figures.amount("elsewhere_unemployment_rate")

    @property
    def elsewhere_finding_rate(self) -> float:
        """Job finding of the unemployed elsewhere, per month."""
        return self.figures.amount("elsewhere_finding_rate")

    @property
    def elsewhere_loss_rate(self) -> float:
        """Job loss of the employed elsewhere, per month."""
        return self.figures.amount("elsewhere_loss_rate")

    @property
    def digital_excluded_share(self) -> float:
        """Share of adults without internet use."""
        return self.figures.amount("digital_excluded_share")

    @property
    def inactivity_shares(self) -> dict[str, float]:
        """Shares of the inactive by reason, summing to 1."""
        return _scaled(self.inactivity_split.value)

    @property
    def stem_shares(self) -> dict[str, float]:
        """STEM share of professional and of associate occupations."""
        factor = 0.01 if self.stem_split.unit == "%" else 1.0
        return {name: (value or 0.0) * factor for name, value in self.stem_split.value.items()}

    def sectors_of(self, industry_shares: dict[str, float]) -> tuple[float, float, float]:
        """Return the shares of tradable, local and public work for shares by industry."""
        sums = [
            sum(share * self.sector_of_industry.value[i][s] for i, share in industry_shares.items()) for s in SECTORS
        ]
        total = sum(sums)
        return (sums[0] / total, sums[1] / total, sums[2] / total)


def _scaled(values: dict[str, float | None]) -> dict[str, float]:
    total = sum(v or 0.0 for v in values.values())
    return {name: (v or 0.0) / total for name, v in values.items()}


def load_national(path: str | Path | None = None) -> National:
    """Return the national figures that ship, or those of a file.

    Raises
    ------
    ScenarioError
        With every problem of the file, each with line and allowed range.
    """
    return _load_national(str(path) if path else str(configs_folder() / "national.yaml"))


@functools.lru_cache(maxsize=8)
def _load_national(path: str) -> National:
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise ScenarioError([document.problem((), "must be a mapping (name: value)")])
    try:
        return National.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(problems_in(error, document, National), "The national figures cannot be used") from None


def describe_source(provenance: Any) -> str:
    """Return year, source and status of a figure in one line."""
    return f"{provenance.year}, {provenance.source} [{provenance.status}]"
