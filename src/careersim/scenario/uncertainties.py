"""Uncertainties: parameters that nobody knows, and the design by which they are varied.

::

    uncertainties:
      search.kappa: {low: 0.2, high: 0.9}
      ties.degree: [6, 9, 12]
      conditions.demand.gamma: {range: declared}
    design: {kind: sobol, n: 64}

A parameter varied under its own name holds from the beginning: each of its values has a settled town of its own. Under
``conditions.`` it takes its value when policy begins, so that all points share one settled town (see `Experiment.conditions`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from careersim.scenario.catalogue import ParameterRow, parameter_table
from careersim.scenario.errors import Problem, ScenarioError, nearest, plain, shown
from careersim.scenario.loading import Document, Path_, parse_yaml
from careersim.scenario.parameters import Parameters
from careersim.scenario.validation import problems_in

Kind = Literal["grid", "lists", "latin_hypercube", "sobol", "saltelli", "morris", "table"]
DOUBLING = ("sobol", "saltelli")
"""Kinds whose n is a power of two, or the sequence loses its balance."""
MOST_POINTS = 1_000_000
CONDITIONS = "conditions."
"""Begins the name of a parameter that takes its value when policy begins."""
HELD = ("time.", "ties.max_ties")
"""Parameters that cannot change when policy begins."""


class Design(BaseModel):
    """How points are laid over the uncertainties."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = Field(default="grid", description="How points are laid")
    n: int | None = Field(
        default=None,
        ge=1,
        le=MOST_POINTS,
        description="Points (latin_hypercube, sobol), base sample (saltelli), trajectories (morris), levels of a range (grid)",
        json_schema_extra={"unit": "count", "low": 1, "high": MOST_POINTS},
    )
    file: str | None = Field(default=None, description="CSV file of a table: one column a parameter, one line a point")
    second_order: bool = Field(
        default=False, description="Saltelli: also what second-order indices need (nearly twice the points)"
    )
    levels: int = Field(
        default=4,
        ge=4,
        le=64,
        description="Morris: levels of each parameter (even)",
        json_schema_extra={"low": 4, "high": 64},
    )


@dataclass(frozen=True)
class Spread:
    """What is thought possible of one parameter: listed values, or a range."""

    name: str
    """Dotted name, such as ``search.kappa``."""
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    """Whether only whole numbers make sense."""

    @property
    def listed(self) -> bool:
        """Whether values are listed rather than a range given."""
        return bool(self.values)

    def at(self, u: float) -> Any:
        """Return the value at ``u`` in 0..1: every listed value, and every whole number, is as likely as any other.

        Examples
        --------
        >>> Spread("a", low=2.0, high=4.0).at(0.25), Spread("b", low=2, high=4, whole=True).at(0.9), Spread("c", ("x", "y")).at(0.5)
        (2.5, 4, 'y')
        """
        if self.listed:
            return self.values[min(int(u * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return int(min(self.low + int(u * (self.high - self.low + 1)), self.high))
        return float(self.low + u * (self.high - self.low))


def spreads(uncertainties: Mapping[str, Any]) -> tuple[Spread, ...]:
    """Return the uncertainties of a config that was found right."""
    rows = {r.name: r for r in parameter_table()}
    return tuple(_spread(name, value, rows[parameter_of(name)]) for name, value in uncertainties.items())


def parameter_of(name: str) -> str:
    """Return the name of the parameter that an uncertainty is about."""
    return name.removeprefix(CONDITIONS)


def _spread(name: str, value: Any, row: ParameterRow) -> Spread:
    if not isinstance(value, Mapping):
        return Spread(name, tuple(value))
    low, high = (row.low, row.high) if "range" in value else (value["low"], value["high"])
    return Spread(name, low=float(low), high=float(high), whole=isinstance(row.default, int))  # type: ignore[arg-type]


def uncertainty_problems(uncertainties: Mapping[str, Any], design: Design | None, document: Document) -> list[Problem]:
    """Return what is wrong with the uncertainties of a config and their design."""
    rows = {r.name: r for r in parameter_table()}
    problems = []
    for name, value in uncertainties.items():
        at = ("uncertainties", name)
        parameter = parameter_of(name)
        if parameter not in rows:
            near = nearest(parameter, rows) or ""
            message = "there is no parameter of this name (see careersim list parameters)"
            problems.append(document.problem(at, message, key=True, suggestion=near))
        elif parameter != name and parameter.startswith(HELD):
            problems.append(document.problem(at, "cannot change when policy begins", key=True, suggestion=parameter))
        elif isinstance(value, Mapping):
            problems += _range_problems(value, rows[parameter], document, at)
        elif not isinstance(value, (list, tuple)) or not value:
            message = "must be values to try or a range"
            allowed = "[VALUE, ...], {low: L, high: H} or {range: declared}"
            problems.append(document.problem(at, message, allowed=allowed, found=shown(value)))
        else:
            for k, one in enumerate(value):
                problems += value_problems(name, one, document, (*at, k))
    return problems or _design_problems(uncertainties, design, document)


def _range_problems(value: Mapping[str, Any], row: ParameterRow, document: Document, at: Path_) -> list[Problem]:
    if row.low is None or row.high is None:
        return [document.problem(at, "has no range: list the values to try", allowed=row.allowed)]
    if set(value) == {"range"}:
        right = value["range"] == "declared"
        return [] if right else [document.problem(at, "unknown range", allowed="declared", found=shown(value["range"]))]
    if set(value) != {"low", "high"}:
        return [
            document.problem(at, "is no range", allowed="{low: L, high: H} or {range: declared}", found=shown(value))
        ]
    problems = [p for end in ("low", "high") for p in value_problems(row.name, value[end], document, (*at, end))]
    if not problems and not value["low"] < value["high"]:
        found = f"{plain(value['low'])} to {plain(value['high'])}"
        problems.append(document.problem(at, "low must be below high", found=found))
    return problems


def value_problems(name: str, value: Any, document: Document, at: Path_) -> list[Problem]:
    """Return what is wrong with one value of a parameter: its type or its declared range."""
    group, _, field = parameter_of(name).partition(".")
    model: Any = Parameters.model_fields[group].annotation
    if isinstance(value, bool) and model.model_fields[field].annotation is not bool:
        return [document.problem(at, "must be a number", found=str(value).lower())]
    try:
        model.model_validate({field: value})
    except ValidationError as error:
        found = problems_in(error, Document({}, document.file), model)
        return [
            document.problem(at, p.message, allowed=p.allowed, found=p.found, suggestion=p.suggestion) for p in found
        ]
    return []


def _design_problems(uncertainties: Mapping[str, Any], design: Design | None, document: Document) -> list[Problem]:
    """Return what is wrong with the design over uncertainties that are right in themselves."""
    ranges = [name for name, value in uncertainties.items() if isinstance(value, Mapping)]
    at = ("design",)
    if design is None:
        message = f"ranges ({', '.join(ranges)}) need a design that says how they are sampled"
        advice = "design: {kind: latin_hypercube, n: 100}"
        return [document.problem(("uncertainties",), message, suggestion=advice)] if ranges else []
    if design.kind == "table":
        return _table_problems(uncertainties, design, document)
    if not uncertainties:
        return [document.problem(at, "is given, but nothing is uncertain: name parameters under uncertainties")]
    if design.file is not None:
        return [document.problem((*at, "file"), "only a table has a file", suggestion="kind: table")]
    if design.kind == "lists":
        lengths = {name: len(value) for name, value in uncertainties.items() if name not in ranges}
        if ranges or len(set(lengths.values())) > 1:
            found = ", ".join([*(f"{n}: {k}" for n, k in lengths.items()), *(f"{n}: a range" for n in ranges)])
            return [
                document.problem(at, "lists are gone through side by side: all need equally many values", found=found)
            ]
        return []
    return _n_problems(design, ranges, document)


def _n_problems(design: Design, ranges: list[str], document: Document) -> list[Problem]:
    at, n = ("design", "n"), design.n
    if n is None:
        if design.kind == "grid" and not ranges:
            return []
        what = "how many levels a range has" if design.kind == "grid" else "how many points are laid"
        return [
            document.problem(("design",), f"{design.kind} needs n: {what}", suggestion=f"{{kind: {design.kind}, n: 8}}")
        ]
    if design.kind in DOUBLING and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        message = "must be a power of two: the sequence is balanced only then"
        return [document.problem(at, message, found=str(n), suggestion=f"{below} or {2 * below}")]
    if n < 2 and design.kind != "sobol":
        return [document.problem(at, "is too few", allowed="at least 2", found=str(n))]
    if design.kind == "morris" and design.levels % 2:
        return [document.problem(("design", "levels"), "must be even", found=str(design.levels))]
    return []


def _table_problems(uncertainties: Mapping[str, Any], design: Design, document: Document) -> list[Problem]:
    at = ("design", "file")
    if uncertainties:
        return [document.problem(("uncertainties",), "a table names its parameters in its first line: leave this out")]
    if design.file is None:
        return [document.problem(("design",), "a table needs a file", suggestion="{kind: table, file: points.csv}")]
    try:
        read_points(table_path(design.file, document.mark(at).file))
    except ScenarioError as error:
        return error.problems
    return []


def table_path(file: str, config: str) -> Path:
    """Return a table's file, looked for beside its config."""
    beside = Path(config).parent / file
    return beside if not Path(file).is_absolute() and beside.exists() else Path(file)


def read_points(path: Path | str) -> list[dict[str, Any]]:
    """Return the points of a table: a CSV file with one column a parameter and one line a point.

    Raises
    ------
    ScenarioError
        If it cannot be read, a column is no parameter, or a value is wrong.
    """
    file = str(path)
    try:
        with open(path, newline="", encoding="utf-8-sig") as f:
            lines = [line for line in csv.reader(f) if any(cell.strip() for cell in line)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = getattr(error, "strerror", None) or error
        raise ScenarioError([Problem(f"this table cannot be read: {what}", file=file)]) from None
    names = [cell.strip().removeprefix("parameters.") for cell in lines[0]] if lines else []
    known = [r.name for r in parameter_table()]
    unknown = [n for n in names if parameter_of(n) not in known]
    problems = [
        Problem("this column is no parameter", n, file, 1, 1, suggestion=nearest(n, known) or "") for n in unknown
    ]
    if len(lines) < 2:
        problems.append(Problem("this table has no points: a line of names, then a line of values a point", file=file))
    if len(set(names)) < len(names):
        problems.append(Problem("two columns of this table have one name", file=file))
    if problems:
        raise ScenarioError(problems)
    points = [_point(names, line, file, k) for k, line in enumerate(lines[1:], start=2)]
    wrong = [
        p for k, point in enumerate(points, start=2) for n, v in point.items() for p in _cell_problems(n, v, file, k)
    ]
    if wrong:
        raise ScenarioError(wrong)
    return points


def _point(names: list[str], line: list[str], file: str, k: int) -> dict[str, Any]:
    if len(line) != len(names):
        message = f"this line has {len(line)} values, the first line {len(names)} names"
        raise ScenarioError([Problem(message, file=file, line=k, column=1)])
    return {n: parse_yaml(cell.strip() or "null", file).data for n, cell in zip(names, line, strict=True)}


def _cell_problems(name: str, value: Any, file: str, line: int) -> list[Problem]:
    found = value_problems(name, value, Document({}, file), (name,))
    return [Problem(p.message, name, file, line, 1, p.allowed, p.found, p.suggestion) for p in found]
