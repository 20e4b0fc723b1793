"""An experiment: which strategies in which places, how many people, for how long, how often; and every parameter.

Everything has a default, declared here or in its group of parameters and nowhere else. A config file states what differs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from careersim.scenario.catalogue import configs_folder, experiment_names, looks_like_a_path, place_names
from careersim.scenario.choices import choice_problems
from careersim.scenario.collect import Collect
from careersim.scenario.errors import Problem, ScenarioError, nearest, shown
from careersim.scenario.extending import read_config_file
from careersim.scenario.loading import Document
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import number
from careersim.scenario.place import load_place
from careersim.scenario.settings import apply_to_document, blank_document
from careersim.scenario.stopping import StopWhen
from careersim.scenario.strategies import strategy_label, strategy_parts
from careersim.scenario.uncertainties import Design, table_path, uncertainty_problems
from careersim.scenario.validation import all_names, problems_in, truth_values_for_numbers

FEWEST_PEOPLE = 200
"""Below this, posts are so few that luck decides everything and the place has no character left."""
ADVISED_PEOPLE = 1000
MONTHS_MOST = 1200
DEFAULT_STRATEGIES = ("none", "one_to_one", "own_network", "brokering", "collective_bargaining")
_SETTING = "a decision of whoever runs it"


def _choice(default: Any, doc: str, unit: str = "choice", **more: Any) -> Any:
    return Field(
        default, description=doc, json_schema_extra={"unit": unit, "grade": "assumed", "source": _SETTING, **more}
    )


def _whole(default: int, low: int, high: int, unit: str, doc: str) -> Any:
    return number(default, low, high, unit, "assumed", _SETTING, doc)


Name = Annotated[str, Field(min_length=1, max_length=200)]


class Experiment(BaseModel):
    """What to run."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    name: str = Field(
        "experiment",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$",
        max_length=80,
        description="Name of the experiment: letters, digits, space, dot, dash, underscore; names the folder of results",
        json_schema_extra={"unit": "name"},
    )
    places: tuple[Name, ...] = _choice(
        ("inverclyde",),
        "Places by name (careersim list places) or path to a place file; `place: NAME` is short for one",
        "names",
    )
    strategies: tuple[str | dict[str, Any], ...] = _choice(
        DEFAULT_STRATEGIES,
        "Strategies to compare with none: names, or mappings with a name and options such as {name: one_to_one, budget: 1.0}",
        "names",
    )
    people: int = _whole(
        5000,
        FEWEST_PEOPLE,
        2_000_000,
        "people",
        "Residents aged 13 to pension age that are simulated, of all that live there; at least 1000 for results to rest on",
    )
    months: int = _whole(
        120, 1, MONTHS_MOST, "months", "Length of the policy period; `years: N` is another way to say it"
    )
    replicates: int = _whole(
        8, 1, 100_000, "count", "Replicates: repetitions with other luck, paired across strategies"
    )
    seed: int = _whole(
        1, 0, 2**53, "count", "Seed of the experiment: the same seed gives the same results, bit for bit"
    )
    placebo: bool = _choice(
        True, "Also run the placebo arm (one person perturbed): the noise floor of person-level sorting"
    )
    choices: dict[str, tuple[Any, ...]] = _choice(
        {},
        "What a decision maker sets: options of strategies to try, such as {one_to_one.budget: [0.5, 1, 2]}; each combination is an arm",
        "values by name",
    )
    uncertainties: dict[str, Any] = _choice(
        {},
        "What nobody knows: parameters to vary, as [VALUES], {low: L, high: H} or {range: declared}; each point has its own none",
        "values by name",
    )
    design: Design | None = _choice(
        None,
        "How uncertainties are varied: {kind: grid, lists, latin_hypercube, sobol, saltelli, morris or table; n: ...; "
        "file: ... (table)}; null takes every combination of listed values",
        "design",
    )
    stop_when: StopWhen | None = _choice(
        None,
        "Add replicates until {measure: employment_rate, half_width: 0.002}: the 95% interval of every paired difference "
        "is that narrow, or max_replicates (64) are reached; null runs just the replicates above",
        "rule",
    )
    on_error: Literal["continue", "stop"] = _choice(
        "continue", "When a run fails: go on with the others, or stop; a failure is kept as data either way"
    )
    ties_file: str | None = _choice(
        None,
        "File with the network at the start of burn-in, edge list (.csv, .tsv, .txt) or .graphml, people numbered 0 to people - 1; null generates one",
        "path",
    )
    elsewhere_rerun: bool = _choice(
        False,
        "Also run each strategy that shows something of elsewhere once more with nothing shown: how much of the leaving it induces remains",
    )
    workers: int = _whole(0, 0, 1024, "processes", "Processes that run at once; 0 takes one a core")
    cluster: dict[str, Any] = _choice(
        {},
        "For --engine dask without --scheduler: jobs to ask for, such as {kind: slurm, jobs: 10, cores: 4, memory: 16GB, "
        "walltime: '02:00:00'}; further options are those of dask-jobqueue",
        "options",
    )
    out: str | None = Field(
        None,
        description="Folder for the results; null means results/NAME",
        json_schema_extra={"unit": "path", "grade": "assumed", "source": _SETTING},
    )
    csv: bool = _choice(False, "Also write the tables as CSV")
    figures: bool = _choice(True, "Also draw the figures (PNG and SVG)")
    collect: Collect = Field(
        default_factory=Collect,
        description="What is kept of each run beside the ledger and the summary: measures, months, groups, people",
    )
    parameters: Parameters = Field(
        default_factory=Parameters, description="Parameters of the town that differ from their defaults"
    )

    conditions: dict[str, dict[str, Any]] = _choice(
        {},
        "Parameters that take another value when policy begins, in every arm, none included: the condition under which strategies are "
        "compared in a town that has settled without it, such as {demand: {turnover: false}}",
        "parameters",
    )

    @model_validator(mode="before")
    @classmethod
    def _other_words(cls, data: Any) -> Any:
        return _in_one_form(dict(data)) if isinstance(data, dict) else data

    @field_validator("places", mode="after")
    @classmethod
    def _at_least_one_place(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        if not places:
            raise PydanticCustomError(
                "no_place", "names no place", {"allowed": ", ".join(place_names()), "found": "an empty list"}
            )
        return places

    @field_validator("strategies", mode="before")
    @classmethod
    def _names_or_mappings(cls, strategies: Any) -> Any:
        listed = strategies if isinstance(strategies, (list, tuple)) else []
        if isinstance(strategies, (list, tuple)) and not strategies:
            raise PydanticCustomError(
                "no_strategy", "names no strategy", {"allowed": "at least one", "found": "an empty list"}
            )
        for k, strategy in enumerate(listed):
            if not isinstance(strategy, (str, dict)):
                context = {"at": str(k), "allowed": "NAME, or {name: NAME, option: value}", "found": shown(strategy)}
                raise PydanticCustomError("no_strategy", "is not a strategy", context)
        return strategies

    @property
    def place(self) -> str:
        """The first place."""
        return self.places[0]

    @property
    def policy_months(self) -> int:
        """Length of the policy period in months."""
        return self.months

    @property
    def years(self) -> float:
        """Length of the policy period in years."""
        return self.months / 12

    def folder(self) -> Path:
        """Return the folder for the results."""
        return Path(self.out) if self.out else Path("results") / self.name

    def warnings(self) -> list[str]:
        """Return what a reader of the results should be told."""
        told = []
        if self.ties_file is not None and self.parameters.ties.dynamics == "on" and self.parameters.time.burn_in >= 60:
            told.append(
                f"ties come and go: after {self.parameters.time.burn_in} months of burn-in little is left of the network in {self.ties_file}; "
                "to begin policy with it, set time.burn_in=0"
            )
        if self.people < ADVISED_PEOPLE:
            told.append(
                f"{self.people} people are few: below {ADVISED_PEOPLE} a place loses its character; use it to try things out"
            )
        if self.replicates < 2 and self.stop_when is None and not self.uncertainties and self.design is None:
            told.append("one replicate gives no interval: use at least 2, better 8")
        return told


def _in_one_form(data: dict[str, Any]) -> dict[str, Any]:
    """Fold ``place`` into ``places``, ``years`` into ``months``, and ``a, b`` into lists."""
    if "place" in data:
        _not_both(data, "place", "places")
        data["places"] = data.pop("place")
    if "years" in data:
        _not_both(data, "years", "months")
        years = data.pop("years")
        if (
            isinstance(years, bool)
            or not isinstance(years, (int, float))
            or years != years
            or not 1 / 24 < years <= MONTHS_MOST / 12
        ):
            context = {"at": "years", "allowed": f"a month (1/12) to {MONTHS_MOST // 12} years", "found": repr(years)}
            raise PydanticCustomError("years", "out of range", context)
        data["months"] = round(years * 12)
    for name in ("places", "strategies"):
        if isinstance(data.get(name), str):
            data[name] = [part.strip() for part in data[name].split(",") if part.strip()]
        elif name == "strategies" and isinstance(data.get(name), dict):
            data[name] = [data[name]]
    if isinstance(data.get("uncertainties"), dict):
        data["uncertainties"] = {str(k).removeprefix("parameters."): v for k, v in data["uncertainties"].items()}
    return data


def _not_both(data: dict[str, Any], short: str, long: str) -> None:
    if long in data:
        raise PydanticCustomError(
            "both",
            f"give either {short} or {long}, not both",
            {"at": short, "allowed": f"{short} or {long}", "found": "both"},
        )


def config_path(name_or_path: str | Path) -> Path:
    """Return the file of an experiment given by path, or by the name of one that ships.

    Raises
    ------
    ScenarioError
        If there is none; names the nearest.
    """
    if looks_like_a_path(name_or_path) or Path(name_or_path).is_file():
        return Path(name_or_path)
    names = experiment_names()
    if name_or_path in names:
        return configs_folder() / "experiments" / f"{name_or_path}.yaml"
    allowed = ", ".join(["a path to a .yaml file", *names])
    raise ScenarioError(
        [
            Problem(
                f"there is no config '{name_or_path}'", allowed=allowed, suggestion=nearest(name_or_path, names) or ""
            )
        ]
    )


Check = Callable[["Experiment", Document], list[Problem]]
"""A further check of an experiment, supplied by those who know more (which strategies exist, what the model refuses)."""


def load_experiment(config: str | Path, settings: Sequence[str] = (), checks: Sequence[Check] = ()) -> Experiment:
    """Return the experiment of a config file with ``--set`` settings applied.

    Raises
    ------
    ScenarioError
        With every problem of the file and the settings.
    """
    return experiment_from(read_config_file(config_path(config)), settings, checks)


def make_experiment(
    data: dict[str, Any] | None = None,
    settings: Sequence[str] = (),
    checks: Sequence[Check] = (),
    said_in: str = "the command",
) -> Experiment:
    """Return an experiment from plain values, such as the options of a command. See `load_experiment`."""
    return experiment_from(blank_document(data or {}, said_in), settings, checks)


def experiment_from(document: Document, settings: Sequence[str] = (), checks: Sequence[Check] = ()) -> Experiment:
    """Return the experiment that a document describes, with settings applied and everything checked."""
    title = f"The config in {document.file} cannot be run"
    if not isinstance(document.data, dict):
        raise ScenarioError([document.problem((), "a config is a mapping (name: value)")], title)
    if "figures" in document.data and "label" in document.data:
        message = f"this is a place, not a config: write `place: {document.file}` in a config"
        raise ScenarioError([document.problem((), message)], title)
    document, problems = apply_to_document(document, settings, Experiment)
    problems += truth_values_for_numbers(document, Experiment)
    if ("place",) in document.marks:
        document.marks[("places",)] = document.marks[("place",)]
    try:
        experiment = Experiment.model_validate(document.data)
    except ValidationError as error:
        problems += _with_reasons(problems_in(error, document, Experiment)) + _unknown_places(document)
        raise ScenarioError(problems, title) from None
    experiment = _with_files_beside(experiment, document)
    problems += impossible(experiment, document)
    for check in checks:
        problems += check(experiment, document)
    if problems:
        raise ScenarioError(problems, title)
    return experiment


def _with_files_beside(experiment: Experiment, document: Document) -> Experiment:
    """Return the experiment with the files it names found beside the config that names them."""
    named = enumerate(experiment.places)
    found = tuple(str(beside(name, document.mark(place_mark(document, k)).file)) for k, name in named)
    changed: dict[str, Any] = {"places": found}
    if experiment.design is not None and experiment.design.file is not None:
        file = str(table_path(experiment.design.file, document.mark(("design",)).file))
        changed["design"] = experiment.design.model_copy(update={"file": file})
    if experiment.ties_file is not None:
        changed["ties_file"] = str(_file_beside(experiment.ties_file, document.mark(("ties_file",)).file))
    return experiment.model_copy(update=changed)


def _file_beside(name: str, config: str) -> Path:
    """Return a file given by a relative path as lying beside its config, if it is there."""
    candidate = Path(config).parent / name
    return candidate if not Path(name).exists() and candidate.exists() else Path(name)


def _unknown_places(document: Document) -> list[Problem]:
    """Return what is wrong with the places of a config that is wrong elsewhere too."""
    named = document.data.get("place", document.data.get("places"))
    names = [n.strip() for n in named.split(",")] if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        return []
    return _place_problems([str(beside(n, document.file)) for n in names], document)


def _with_reasons(problems: list[Problem]) -> list[Problem]:
    """Say why too few people cannot be run."""
    reason = (
        "out of range: a town needs enough people for several posts in each of 11 occupations, or luck alone decides"
    )
    few = [p.field == "people" and p.message == "out of range" for p in problems]
    return [dataclasses.replace(p, message=reason) if is_few else p for p, is_few in zip(problems, few, strict=True)]


def impossible(experiment: Experiment, document: Document | None = None) -> list[Problem]:
    """Return the combinations in an experiment that cannot be run."""
    document = document or blank_document({}, "the experiment")
    ties, problems = experiment.parameters.ties, []
    if experiment.collect.latest() > experiment.months:
        message = "names a month after the end of the policy period"
        allowed, found = f"1 to {experiment.months} months", str(experiment.collect.latest())
        problems.append(document.problem(("collect", "months"), message, allowed=allowed, found=found))
    stop = experiment.stop_when
    if stop is not None and stop.max_replicates < experiment.replicates:
        at, allowed = ("stop_when", "max_replicates"), f"at least {experiment.replicates}"
        problems.append(document.problem(at, "is below replicates", allowed=allowed, found=str(stop.max_replicates)))
    if ties.max_ties < ties.degree:
        message = "is below the mean number of ties asked for (ties.degree)"
        problems.append(
            document.problem(("parameters", "ties", "max_ties"), message, allowed=f"at least {ties.degree:g}")
        )
    if ties.degree < max(ties.close_degree, 1.0):
        message = "too few: all ties include the close ones (ties.close_degree), and without ties there is no town"
        allowed = (
            f"at least {max(ties.close_degree, 1.0):g}; for a town in which contacts pass no news on: search.kappa 0"
        )
        problems.append(document.problem(("parameters", "ties", "degree"), message, allowed=allowed))
    problems += _condition_problems(experiment, document)
    problems += choice_problems(experiment.strategies, experiment.choices, document)
    problems += uncertainty_problems(experiment.uncertainties, experiment.design, document)
    return problems + _place_problems(experiment.places, document) + _twice(experiment, document)


def _condition_problems(experiment: Experiment, document: Document) -> list[Problem]:
    """Return what is wrong with the conditions: unknown names, values out of range, and what cannot change in a settled town."""
    names = [n.removeprefix("parameters.") for n in all_names(Experiment) if n.startswith("parameters.")]
    problems = []
    for name, value in [(f"{g}.{n}", v) for g, values in experiment.conditions.items() for n, v in values.items()]:
        group, _, short = name.partition(".")
        at = ("conditions", group, short)
        if name not in names:
            message = "there is no such parameter (see careersim list parameters)"
            problems.append(document.problem(at, message, suggestion=nearest(name, names) or "", key=True))
        elif group == "time" or name == "ties.max_ties":
            problems.append(document.problem(at, "cannot change when policy begins: set it under parameters"))
        else:
            try:
                Parameters().under({group: {short: value}})
            except ValidationError as error:
                problems += [document.problem(at, e["msg"], found=shown(value)) for e in error.errors()]
    return problems


def _place_problems(names: Sequence[str], document: Document) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for k, name in enumerate(names):
        at = place_mark(document, k)
        try:
            place = load_place(name)
        except ScenarioError as error:
            for p in error.problems:
                known = document.problem(at, p.message, allowed=p.allowed, suggestion=p.suggestion)
                problems.append(p if p.file else known)
            continue
        if place.name in seen:
            problems.append(document.problem(at, f"{place.name} is named twice"))
        seen.add(place.name)
    return problems


def place_mark(document: Document, k: int) -> tuple[str | int, ...]:
    """Return where the k-th place stands in a config."""
    return ("place",) if isinstance(document.data, dict) and "place" in document.data else ("places", k)


def beside(name: str, config: str) -> str | Path:
    """Return a place given by a relative path as lying beside its config, if it is there."""
    if looks_like_a_path(name) and not Path(name).exists():
        candidate = Path(config).parent / name
        if candidate.exists():
            return candidate
    return name


def _twice(experiment: Experiment, document: Document) -> list[Problem]:
    problems: list[Problem] = []
    labels: set[str] = set()
    for k, strategy in enumerate(experiment.strategies):
        label = strategy_label(strategy)
        if label in labels:
            message = f"{label} is listed twice: give one of them a label of its own"
            problems.append(document.problem(("strategies", k), message))
        labels.add(label)
    return problems


def resolve(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment with nothing left implicit: every setting, parameter, place figure and national figure.

    The result holds plain values only (it can be written as JSON) and is what a run's key and manifest are made of.
    """
    data = experiment.model_dump(mode="json")
    data["strategies"] = [{"name": name, **options} for name, options in map(strategy_parts, experiment.strategies)]
    data["places"] = [load_place(name).model_dump(mode="json") for name in experiment.places]
    data["national"] = load_national().model_dump(mode="json")
    data["out"] = str(experiment.folder())
    return data
