"""Reading an experiment with everything known: the strategies there are, and what the model refuses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from careersim.scenario.catalogue import looks_like_a_path
from careersim.scenario.choices import variants
from careersim.scenario.errors import Problem, nearest
from careersim.scenario.experiment import Experiment, impossible, load_experiment, make_experiment
from careersim.scenario.loading import Document, Path_
from careersim.scenario.national import load_national
from careersim.scenario.place import Place, load_place
from careersim.scenario.settings import blank_document
from careersim.scenario.strategies import check_strategy
from careersim.scenario.uncertainties import uncertainty_problems

FolderOf = Callable[[Experiment], str | Path]
"""Tells where the results of an experiment are, or will be."""


def read_config(config: str | Path, settings: Sequence[str] = (), folder_of: FolderOf | None = None) -> Experiment:
    """Return the experiment of a config file with ``--set`` settings, with strategies and loop gain checked too.

    With ``folder_of`` only what was not asked of that folder before: a study is checked when it is begun, and taken up without the simulator.
    """
    find_modules_in(Path(config).parent if looks_like_a_path(config) else Path())
    return load_experiment(config, settings, (_checking(folder_of),))


def read_options(data: dict[str, Any], settings: Sequence[str] = (), folder_of: FolderOf | None = None) -> Experiment:
    """Return an experiment from the options of a command, checked like a config."""
    find_modules_in(Path())
    return make_experiment(data, settings, (_checking(folder_of),))


def _checking(folder_of: FolderOf | None) -> Callable[[Experiment, Document], list[Problem]]:
    """The check that makes all of `CHECKS`, or none if the very same was asked of the folder before."""

    def check(experiment: Experiment, document: Document) -> list[Problem]:
        if folder_of is not None and asked_before(experiment, Path(folder_of(experiment))):
            return []
        return [p for one in CHECKS for p in one(experiment, document)]

    return check


def asked_before(experiment: Experiment, folder: Path) -> bool:
    """Whether a folder's study is this very experiment, with the same inputs and the same code: it was checked before it was written there."""
    from careersim.study.folder import read_experiment

    before = read_experiment(folder, missing_ok=True).get("digest")
    if before is None or impossible(experiment):
        return False
    from careersim.study.plan import plan_of

    return bool(plan_of(experiment).digest() == before)


def find_modules_in(folder: Path) -> None:
    """Let a strategy ``module:Class`` be found in a file that lies beside the config, if no installed module has its name."""
    where = str(folder.resolve())
    if where not in sys.path:
        sys.path.append(where)


def known_strategies(experiment: Experiment, document: Document) -> list[Problem]:
    """Return what is wrong with the strategies of an experiment: names and options."""
    from careersim.services import catalogue

    known = catalogue()
    problems: list[Problem] = []
    for k, strategy in enumerate(experiment.strategies):
        problems += check_strategy(strategy, known, document, ("strategies", k))
    return problems or _known_choices(experiment, known, document)


def _known_choices(experiment: Experiment, known: Mapping[str, type], document: Document) -> list[Problem]:
    """Return what is wrong with the options and values that choices name."""
    problems: list[Problem] = []
    for name, values in experiment.choices.items():
        for k, value in enumerate(values):
            for variant in variants(experiment.strategies, {name: [value]}):
                if variant.chosen:
                    at = ("choices", name, k)
                    found = check_strategy(variant.strategy, known, blank_document({}, document.file))
                    problems += [_at(at, p, document) for p in found]
    return list(dict.fromkeys(problems))


def _at(path: Path_, p: Problem, document: Document) -> Problem:
    """The problem as one of what stands at ``path``."""
    return document.problem(path, p.message, allowed=p.allowed, found=p.found, suggestion=p.suggestion)


def possible_points(experiment: Experiment, document: Document) -> list[Problem]:
    """Return the points of the uncertainties at which nothing could be simulated."""
    if not experiment.uncertainties and experiment.design is None:
        return []
    if uncertainty_problems(experiment.uncertainties, experiment.design, document):
        return []  # told already: there are no points to look at
    from careersim.study.plan import plan_of

    plan, told = plan_of(experiment), dict[str, list[int]]()
    for point in range(len(plan.points)):
        own = {"parameters": plan.parameters_at(point), "conditions": plan.conditions_at(point)}
        there = experiment.model_copy(update={**own, **NOTHING_UNCERTAIN})
        for p in impossible(there, document) + no_runaway(there, document):
            told.setdefault(p.message, []).append(point)
    at = ("uncertainties",) if experiment.uncertainties else ("design", "file")
    n = len(plan.points)
    return [
        document.problem(at, f"{len(where)} of {n} points cannot be run (the first is point {where[0]}): {message}")
        for message, where in told.items()
    ]


def loop_gain(experiment: Experiment, place: Place) -> float:
    """Return the gain of the loop from local income to local demand and back, as the simulator refuses or admits it."""
    from careersim.burn_in import own_parameters
    from careersim.month import demand

    own = own_parameters(place, experiment.parameters)
    return float(demand.loop_gain(own, place, load_national().benefit / place.median_pay))


def no_runaway(experiment: Experiment, document: Document) -> list[Problem]:
    """Return the places in which local demand would feed on itself without end (model.md 6.2)."""
    from careersim.month.demand import LARGEST_GAIN

    problems = []
    for name in experiment.places:
        place = load_place(name)
        gain = loop_gain(experiment, place)
        if gain >= LARGEST_GAIN:
            gamma = experiment.parameters.demand.gamma
            message = f"local demand would run away in {place.label}: the loop gain is {gain:.2f} at gamma {gamma:g}"
            allowed = f"a loop gain below {LARGEST_GAIN:g}: gamma below {gamma * LARGEST_GAIN / gain:.2f}"
            problems.append(document.problem(("parameters", "demand", "gamma"), message, allowed=allowed))
    return problems


def known_measures(experiment: Experiment, document: Document) -> list[Problem]:
    """Return the measures to keep that do not exist."""
    from careersim.measures import catalogue

    known = [*catalogue(), *catalogue(period=True)]
    problems = []
    for k, name in enumerate(experiment.collect.measures or ()):
        if name not in known:
            message, allowed = "there is no such measure", "a measure (careersim list measures)"
            at, near = ("collect", "measures", k), nearest(name, known) or ""
            problems.append(document.problem(at, message, allowed=allowed, found=name, suggestion=near))
    return problems


NOTHING_UNCERTAIN: dict[str, Any] = {"uncertainties": {}, "design": None, "choices": {}}


def usable_ties_file(experiment: Experiment, document: Document) -> list[Problem]:
    """Return what is wrong with the network file."""
    if experiment.ties_file is None:
        return []
    from careersim.town.ties_file import TiesFileError, check_ties_file

    try:
        check_ties_file(experiment.ties_file, experiment.people, experiment.parameters.ties.max_ties)
    except TiesFileError as error:
        return [document.problem(("ties_file",), str(error))]
    return []


CHECKS = (usable_ties_file, known_strategies, known_measures, no_runaway, possible_points)
"""The checks that need more than the scenario."""
