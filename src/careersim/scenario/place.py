"""A place: one local labour market by its published figures, checked to hang together.

The file of a place holds figures as published, each with unit, year, source and status; here they become plain numbers in
the model's units. A file whose jobs, employed residents and commuting do not balance is refused.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from careersim.scenario.catalogue import place_path
from careersim.scenario.errors import Problem, ScenarioError
from careersim.scenario.figures import UNITS, Figure, FigureSet, Frozen, Shares, declared, optional
from careersim.scenario.loading import Document, read_yaml
from careersim.scenario.national import INDUSTRIES, N_OCCUPATIONS, National, load_national
from careersim.scenario.validation import problems_in

BALANCE_TOLERANCE = 0.005
"""Largest gap allowed between jobs held by residents here and residents working here, per resident 16-64."""
RATES_TOLERANCE = 0.015
"""Largest gap allowed between the employment rate and (1 - inactivity)(1 - unemployment)."""
FIRST_AGE, PENSION_AGE = 13, 66
SMALLEST_PLACE = 1000
OCCUPATION_GROUPS = (
    "managers",
    "professional",
    "associate",
    "admin",
    "trades",
    "caring",
    "sales",
    "process",
    "elementary",
)
"""SOC 2020 major groups 1 to 9."""
SIZES = ("micro", "small", "medium", "large")
"""Employers with 0-9, 10-49, 50-249 and 250 or more heads."""
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Money = Annotated[float, Field(gt=0.0, le=100_000.0)]


class PlaceFigures(FigureSet):
    """The published figures of a place, with their provenance."""

    working_age_population: Figure = declared("count", SMALLEST_PLACE, 2_000_000, "Residents aged 16-64")
    employment_rate: Figure = declared("share", 0.3, 0.95, "Residents 16-64 in work")
    unemployment_rate: Figure = declared("share", 0.005, 0.35, "Unemployed over active residents")
    inactivity_rate: Figure = declared("share", 0.04, 0.6, "Residents 16-64 neither in work nor looking")
    student_share: Figure = declared("share", 0.01, 0.3, "Residents 16-64 inactive because they study")
    care_share: Figure = declared("share", 0.0, 0.3, "Residents 16-64 inactive because they care for family or home")
    sick_share: Figure = declared("share", 0.0, 0.3, "Residents 16-64 inactive because of sickness")
    early_retired_share: Figure = declared("share", 0.0, 0.2, "Residents 16-64 who have retired early")
    other_inactive_share: Figure = declared("share", 0.0, 0.2, "Residents 16-64 inactive for other reasons")
    jobs_density: Figure = declared("ratio", 0.15, 3.0, "Jobs in the place per resident 16-64")
    in_commuter_share: Figure = declared("share", 0.0, 0.9, "Jobs in the place held by people who live elsewhere")
    out_commuter_share: Figure = declared("share", 0.0, 0.9, "Residents in work whose job is outside the place")
    median_pay: Figure = declared("money", 800, 8000, "Median pay of residents who are employees")
    gva_per_job: Figure = declared("money", 1000, 30_000, "Value added per filled job")
    occupation_groups: Shares = declared(
        "share", 0, 1, "Residents in work by SOC 2020 major group", names=OCCUPATION_GROUPS
    )
    industry_shares: Shares = declared("share", 0, 1, "Residents in work by industry", names=INDUSTRIES)
    employer_sizes: Shares = declared("share", 0, 1, "Enterprises by size", names=SIZES)
    birth_rate: Figure = declared("yearly", 0.0, 0.5, "Enterprises born in the year, over active ones")
    death_rate: Figure = declared("yearly", 0.0, 0.5, "Enterprises dead in the year, over active ones")
    qualified_rqf3_share: Figure = declared("share", 0.05, 0.99, "Residents 16-64 qualified at RQF 3 or above")
    rqf4_share: Figure = declared("share", 0.02, 0.95, "Residents 16-64 qualified at RQF 4 or above")
    union_density_private: Figure = declared("share", 0.0, 0.95, "Union members among private sector employees")
    union_density_public: Figure = declared("share", 0.0, 0.98, "Union members among public sector employees")
    minority_share: Figure = declared("share", 0.0, 0.9, "Residents of an ethnic minority")
    housing_difference: Figure = declared(
        "money", -2000, 2000, "Monthly cost of housing per adult elsewhere, less here"
    )
    out_move_rate: Figure = declared("yearly", 0.0, 0.4, "Residents 16-64 who move out of the place")
    connectedness: Figure = declared("share", 0.02, 0.98, "High-origin share of contacts of the lower-origin half")
    digital_excluded_share: Figure = declared("share", 0.0, 0.5, "Adults without internet use")
    # context: shown by describe, not used
    claimant_count_rate: Figure | None = optional("share", 0, 1, "Claimants over residents 16-64")
    universal_credit_share: Figure | None = optional("share", 0, 1, "Working-age households on Universal Credit")
    full_time_pay: Figure | None = optional("money", 500, 10_000, "Median pay of full-time employees")
    income_per_head: Figure | None = optional("money", 100, 10_000, "Gross disposable household income per head")
    no_qualifications_share: Figure | None = optional("share", 0, 1, "Residents 16-64 without qualifications")
    house_price_ratio: Figure | None = optional("ratio", 0.5, 60, "Median house price over yearly residence earnings")
    enterprises: Figure | None = optional("count", 0, 10_000_000, "Active enterprises")
    self_employed_share: Figure | None = optional("share", 0, 1, "Self-employed among residents in work")


class Place(Frozen):
    """A local labour market. Shares are of residents 16-64 unless said otherwise; money is GBP per month."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str = Field(min_length=1, max_length=80)
    group: Literal["constrained", "prosperous", "own"] = "own"
    working_age_population: Annotated[float, Field(ge=SMALLEST_PLACE, le=2_000_000)]
    employment_rate: Share
    unemployment_rate: Share
    """Unemployed over active residents, as published (model-based)."""
    inactivity_rate: Share
    student_share: Share
    care_share: Share
    sick_share: Share
    early_retired_share: Share
    other_inactive_share: Share
    jobs_density: Annotated[float, Field(gt=0.0, le=3.0)]
    """Jobs in the place per resident 16-64."""
    in_commuter_share: Annotated[float, Field(ge=0.0, lt=1.0)]
    """Share of local jobs held by people who live elsewhere."""
    out_commuter_share: Annotated[float, Field(ge=0.0, lt=1.0)]
    """Share of residents in work who hold outside posts."""
    median_pay: Money
    occupation_share: Annotated[tuple[float, ...], Field(min_length=N_OCCUPATIONS, max_length=N_OCCUPATIONS)]
    """Residents in work by the 11 occupations; sums to 1."""
    sector_share: tuple[float, float, float]
    """Local jobs: tradable, local services, public; sums to 1."""
    employer_size_share: tuple[float, float, float, float]
    """Employers with 0-9, 10-49, 50-249, 250+ heads; sums to 1."""
    birth_rate: Share
    """Employers born, per year."""
    death_rate: Share
    """Employers that exit, per year."""
    rqf4_share: Share
    rqf3_share: Share
    """Highest qualification RQF 3 (not above)."""
    union_density_private: Share
    union_density_public: Share
    minority_share: Share
    housing_difference: Annotated[float, Field(ge=-2000.0, le=2000.0)]
    """Monthly cost of housing per adult elsewhere, less here."""
    gva_per_job: Money
    out_move_rate: Share
    """Residents 16-64 who move out, per year."""
    connectedness: Share
    """High-origin share of the contacts of the lower-origin half."""
    digital_excluded_share: Share
    figures: PlaceFigures | None = None
    """The published figures with their provenance; None for a place made in code."""

    @property
    def discouraged_share(self) -> float:
        """Residents who would work but stopped looking: inactivity less the five stated reasons."""
        return self.inactivity_rate - _stated_reasons(self.__dict__)

    @property
    def unemployment_rate_balanced(self) -> float:
        """Unemployed over active residents implied by the employment and inactivity rates."""
        return 1.0 - self.employment_rate / (1.0 - self.inactivity_rate)

    @property
    def full_size(self) -> float:
        """Residents aged 13 to pension age at full size (evenly aged: 53 years of age for every 49)."""
        return self.working_age_population * (PENSION_AGE - FIRST_AGE) / (65 - 16)

    @property
    def jobs(self) -> float:
        """Jobs in the place at full size."""
        return self.jobs_density * self.working_age_population

    @property
    def employed(self) -> float:
        """Residents 16-64 in work at full size."""
        return self.employment_rate * self.working_age_population

    @property
    def balance_gap(self) -> float:
        """Local jobs held by residents less residents working here, per resident 16-64."""
        return _balance_gap(self.__dict__)

    @model_validator(mode="after")
    def _hangs_together(self) -> Place:
        wrong = impossible(self.__dict__)
        if wrong:
            raise ValueError("; ".join(f"{name}: {message} (allowed: {allowed})" for name, message, allowed in wrong))
        return self


def _stated_reasons(v: dict[str, Any]) -> float:
    return v["student_share"] + v["care_share"] + v["sick_share"] + v["early_retired_share"] + v["other_inactive_share"]


def _balance_gap(v: dict[str, Any]) -> float:
    return v["jobs_density"] * (1 - v["in_commuter_share"]) - v["employment_rate"] * (1 - v["out_commuter_share"])


def impossible(v: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what in a place's numbers cannot be together: field, what is wrong, what is allowed."""
    return [*_rates(v), *_balance(v), *_wholes(v), *_ranks(v)]


def _rates(v: dict[str, Any]) -> list[tuple[str, str, str]]:
    wrong = []
    implied = (1 - v["inactivity_rate"]) * (1 - v["unemployment_rate"])
    if abs(implied - v["employment_rate"]) > RATES_TOLERANCE:
        message = f"employment {v['employment_rate']:.3f} does not agree with inactivity and unemployment, which leave {implied:.3f} in work"
        wrong.append(
            ("employment_rate", message, f"{implied - RATES_TOLERANCE:.3f} to {implied + RATES_TOLERANCE:.3f} (share)")
        )
    elif v["employment_rate"] >= 1 - v["inactivity_rate"]:
        wrong.append(("employment_rate", "nobody would be unemployed", f"below {1 - v['inactivity_rate']:.3f} (share)"))
    stated = _stated_reasons(v)
    if not 0.0 <= v["inactivity_rate"] - stated <= 0.08:
        message = f"the five stated reasons sum to {stated:.3f} of an inactivity of {v['inactivity_rate']:.3f}; the rest is discouragement"
        wrong.append(("inactivity_rate", message, f"{stated:.3f} to {stated + 0.08:.3f} (share)"))
    return wrong


def _balance(v: dict[str, Any]) -> list[tuple[str, str, str]]:
    gap = _balance_gap(v)
    if abs(gap) <= BALANCE_TOLERANCE:
        return []
    here = v["jobs_density"] * (1 - v["in_commuter_share"])
    message = (
        f"jobs, employed residents and commuting do not balance: residents hold {here:.3f} of the jobs here per resident, "
        f"but {here - gap:.3f} residents work here"
    )
    closing = 1 - here / v["employment_rate"] if v["employment_rate"] else 0.0
    if closing < 0:
        allowed = f"more in-commuters: in_commuter_share of at least {1 - v['employment_rate'] / v['jobs_density']:.3f}"
    else:
        allowed = f"{closing:.4f} closes it (within {BALANCE_TOLERANCE:g} per resident)"
    return [("out_commuter_share", message, allowed)]


def _wholes(v: dict[str, Any]) -> list[tuple[str, str, str]]:
    wrong = []
    for name in ("occupation_share", "sector_share", "employer_size_share"):
        if any(not 0.0 <= x <= 1.0 for x in v[name]) or abs(sum(v[name]) - 1.0) > 1e-6:
            wrong.append((name, f"the shares sum to {sum(v[name]):.4f}", "shares of 0 to 1 that sum to 1"))
    return wrong


def _ranks(v: dict[str, Any]) -> list[tuple[str, str, str]]:
    wrong = []
    if v["rqf4_share"] + v["rqf3_share"] > 1.0 or v["rqf3_share"] < 0.0:
        wrong.append(
            ("rqf4_share", "must not exceed the share qualified at RQF 3 or above", "0 to qualified_rqf3_share")
        )
    if v["gva_per_job"] <= v["median_pay"]:
        wrong.append(
            (
                "gva_per_job",
                "value added per job is below median pay: no employer could live",
                f"above {v['median_pay']:.0f} GBP/month",
            )
        )
    return wrong


_PLAIN = [name for name in PlaceFigures.model_fields if name in Place.model_fields]
"""Figures that are attributes of a place under the same name."""
_FIGURE_OF = {
    "occupation_share": "occupation_groups",
    "sector_share": "industry_shares",
    "employer_size_share": "employer_sizes",
}


class PlaceFile(Frozen):
    """The form of a place file."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    label: str = Field(min_length=1, max_length=80)
    country: str = ""
    group: Literal["constrained", "prosperous", "own"] = "own"
    about: str = ""
    """What kind of place it is, in a sentence or two."""
    figures: PlaceFigures


def _numbers(file: PlaceFile, national: National) -> dict[str, Any]:
    """Return the plain numbers of a place from its figures."""
    figures = file.figures
    numbers: dict[str, Any] = {name: figures.amount(name) for name in _PLAIN}
    numbers["rqf3_share"] = figures.amount("qualified_rqf3_share") - numbers["rqf4_share"]
    numbers["occupation_share"] = _occupations(_whole(figures.occupation_groups), national)
    numbers["sector_share"] = national.sectors_of(_whole(figures.industry_shares))
    numbers["employer_size_share"] = tuple(_whole(figures.employer_sizes)[s] for s in SIZES)
    return numbers


def _whole(shares: Shares) -> dict[str, float]:
    """Return shares that sum to 1; those suppressed by the publisher count as 0."""
    factor = UNITS["share"][shares.unit]
    values = {name: (v or 0.0) * factor for name, v in shares.value.items()}
    total = sum(values.values())
    return {name: v / total for name, v in values.items()}


def _occupations(groups: dict[str, float], national: National) -> tuple[float, ...]:
    """Return the 11 occupations from the nine major groups and the national STEM split of groups 2 and 3."""
    stem = national.stem_shares
    professional, associate = groups["professional"], groups["associate"]
    high = (professional * stem["professional"], professional * (1 - stem["professional"]))
    middle = (associate * stem["associate"], associate * (1 - stem["associate"]))
    return (groups["managers"], *high, *middle, *(groups[g] for g in OCCUPATION_GROUPS[3:]))


def load_place(name_or_path: str | Path) -> Place:
    """Return a place by name or path.

    Raises
    ------
    ScenarioError
        With every problem of the file: line, field, allowed range, what was found, the nearest known name.
    """
    return _load_place(*_stamp(place_path(name_or_path)))


def _stamp(path: Path) -> tuple[str, int]:
    try:
        return str(path), path.stat().st_mtime_ns
    except OSError:
        return str(path), 0


@functools.lru_cache(maxsize=64)
def _load_place(path: str, _modified: int) -> Place:
    return place_from(read_yaml(path))


def place_from(document: Document, national: National | None = None) -> Place:
    """Return the place that a document describes. See `load_place`."""
    title = f"The place in {document.file} cannot be used"
    if not isinstance(document.data, dict):
        raise ScenarioError([document.problem((), "a place is a mapping with name, label and figures")], title)
    try:
        file = PlaceFile.model_validate(document.data)
    except ValidationError as error:
        problems = problems_in(error, document, PlaceFile)
        raise ScenarioError(_with_reason(problems), title) from None
    national = national or load_national()
    numbers = _numbers(file, national)
    wrong = [*impossible(numbers), *_against_country(numbers, national)]
    if wrong:
        problems = [document.problem(_at(name), message, allowed=allowed) for name, message, allowed in wrong]
        raise ScenarioError(problems, title)
    return Place(name=file.name, label=file.label, group=file.group, figures=file.figures, **numbers)


def _at(name: str) -> tuple[str, ...]:
    return ("figures", _FIGURE_OF.get(name, name), "value")


def _against_country(numbers: dict[str, Any], national: National) -> list[tuple[str, str, str]]:
    """Return what in a place cannot be together with the national wage floor and benefit."""
    top = numbers["median_pay"] * max(o.relative_pay for o in national.occupations)
    wrong = []
    if national.minimum_wage >= top:
        message = f"the wage floor of GBP {national.minimum_wage:.0f} a month is above the pay of every occupation here"
        wrong.append(
            ("median_pay", message, f"above {national.minimum_wage * numbers['median_pay'] / top:.0f} GBP/month")
        )
    if national.benefit >= numbers["median_pay"]:
        message = f"the benefit of GBP {national.benefit:.0f} a month is above median pay: nobody would work"
        wrong.append(("median_pay", message, f"above {national.benefit:.0f} GBP/month"))
    return wrong


def _with_reason(problems: list[Problem]) -> list[Problem]:
    """Add to a population out of range why so few people are no labour market."""
    out = []
    for p in problems:
        if p.field.startswith("figures.working_age_population") and p.message == "out of range":
            reason = (
                "out of range: with fewer than 1,000 people there is no market to speak of in each of 11 occupations"
            )
            p = Problem(reason, p.field, p.file, p.line, p.column, p.allowed, p.found, p.suggestion)
        out.append(p)
    return out
