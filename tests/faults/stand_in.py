"""A study of the stand-in town for tests of faults, and how its results are compared with those of an undisturbed run."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from careersim.scenario.parameters import Parameters
from careersim.study.plan import Plan
from careersim.study.store import Store
from study.fake_town import FakeModel, fake_model

REPLICATES = 4


def slow_model(task, report=None):
    """The stand-in, with some time in which it can be killed."""
    time.sleep(0.02)
    return FakeModel(task)


def plan(slow: bool = False, **more) -> Plan:
    """A study of 24 runs: four replicates of two points with three arms."""
    make = slow_model if slow else fake_model
    settings = {"people": 60, "months": 3, "replicates": REPLICATES, "seed": 5} | more
    points = pd.DataFrame({"search.kappa": [0.4, 0.6]})
    return Plan(
        "faults", ("nowhere",), {"help": "help"}, points=points, parameters=Parameters(), make_model=make, **settings
    )


def contents(root: Path, design: pd.DataFrame) -> dict[str, str]:
    """Digest of the content of every run of a design."""
    store = Store(root)
    return {key: str(store._content_of(store.path(key), key)) for key in design["key"]}


def leftovers(root: Path) -> list[Path]:
    """Half-written files."""
    return [p for p in root.rglob(".*.tmp")]
