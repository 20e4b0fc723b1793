"""Reading an experiment with everything known: the strategies there are, and what the model refuses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from careersim.scenario.errors import Problem
from careersim.scenario.experiment import Experiment, load_experiment, make_experiment
from careersim.scenario.loading import Document
from careersim.scenario.national import load_national
from careersim.scenario.place import Place, load_place
from careersim.scenario.strategies import check_strategy


def read_config(config: str | Path, settings: Sequence[str] = ()) -> Experiment:
    """Return the experiment of a config file with ``--set`` settings, with strategies and loop gain checked too."""
    return load_experiment(config, settings, CHECKS)


def read_options(data: dict[str, Any], settings: Sequence[str] = ()) -> Experiment:
    """Return an experiment from the options of a command, checked like a config."""
    return make_experiment(data, settings, CHECKS)


def known_strategies(experiment: Experiment, document: Document) -> list[Problem]:
    """Return what is wrong with the strategies of an experiment: names and options."""
    from careersim.services import catalogue

    known = catalogue()
    problems: list[Problem] = []
    for k, strategy in enumerate(experiment.strategies):
        problems += check_strategy(strategy, known, document, ("strategies", k))
    return problems


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


CHECKS = (known_strategies, no_runaway)
"""The checks that need more than the scenario."""
