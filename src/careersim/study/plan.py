"""The plan of a study: which worlds are run, in which order, under which keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from careersim.scenario.catalogue import configs_folder
from careersim.study.store import Store, code_digest, digest, run_key
from careersim.study.tasks import BASELINE, PLACEBO, Arm, Task

DESIGN_COLUMNS = ["key", "place", "arm", "replicate", "seed", "people", "months", "strategy", "parameters"]


@dataclass(frozen=True)
class Plan:
    """What to run: places x arms x replicates, all settings resolved."""

    name: str
    places: tuple[Any, ...]
    """`Place` objects."""
    strategies: Mapping[str, Any]
    """Strategies by the name of their arm; ``none`` and the placebo are added."""
    people: int = 5000
    months: int = 120
    replicates: int = 10
    seed: int = 1
    parameters: Any = None
    """Resolved `Parameters`."""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that take another value when policy begins."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Digests of further inputs (national figures, network files) by name."""
    placebo: bool = True
    """Whether the placebo arm is run, the noise floor."""
    make_model: Callable[..., Any] | None = None
    """Makes a settled model of a task; default the simulator."""

    @property
    def arms(self) -> dict[str, Any]:
        """All arms by name, ``none`` first and the placebo last."""
        middle = {k: v for k, v in self.strategies.items() if k not in (BASELINE, PLACEBO)}
        return {BASELINE: BASELINE, **middle} | ({PLACEBO: PLACEBO} if self.placebo else {})

    def scenario(self, place: Any, strategy: Any) -> dict[str, Any]:
        """Everything that determines a run of this plan, apart from replicate and code."""
        return {
            "place": plain(place),
            "people": self.people,
            "months": self.months,
            "seed": self.seed,
            "parameters": plain(self.parameters),
            "conditions": plain(self.conditions),
            "strategy": plain(strategy),
            "inputs": {k: v for k, v in self.inputs.items() if k in ("national", f"settled/{label_of(place)}")},
        }

    def design(self) -> pd.DataFrame:
        """One line a run, in running order: replicates outermost, so that an interrupted study is balanced."""
        arms, parameters = self.arms, json.dumps(plain(self.parameters), sort_keys=True)
        scenarios = {(k, a): self.scenario(p, s) for k, p in enumerate(self.places) for a, s in arms.items()}
        rows = []
        for replicate in range(self.replicates):
            for k, place in enumerate(self.places):
                for arm, strategy in arms.items():
                    key = run_key(scenarios[k, arm], replicate)
                    text = json.dumps(plain(strategy), sort_keys=True)
                    line = (key, label_of(place), arm, replicate, self.seed, self.people, self.months, text, parameters)
                    rows.append(line)
        return pd.DataFrame(rows, columns=DESIGN_COLUMNS)

    def tasks(self, store: Store, design: pd.DataFrame) -> list[Task]:
        """The tasks that have something missing, in the design's order."""
        missing = frozenset(store.missing(design["key"]))
        arms, out = self.arms, []
        keys = design.set_index(["replicate", "place", "arm"])["key"].to_dict()
        for replicate in range(self.replicates):
            for place in self.places:
                label = label_of(place)
                members = tuple(Arm(name, strategy, keys[replicate, label, name]) for name, strategy in arms.items())
                wanted = frozenset(a.key for a in members) & missing
                if wanted:
                    out.append(self._task(store.root, place, replicate, members, wanted))
        return out

    def _task(self, root: Path, place: Any, replicate: int, arms: tuple[Arm, ...], missing: frozenset[str]) -> Task:
        return Task(
            root=str(root),
            place=place,
            people=self.people,
            months=self.months,
            seed=self.seed,
            replicate=replicate,
            parameters=self.parameters,
            conditions=self.conditions,
            arms=arms,
            missing=missing,
            label=label_of(place),
            make_model=self.make_model,
        )

    def resolved(self) -> dict[str, Any]:
        """The plan as plain data, for ``experiment.json``."""
        return {
            "name": self.name,
            "seed": self.seed,
            "people": self.people,
            "months": self.months,
            "replicates": self.replicates,
            "strategies": plain(dict(self.strategies)),
            "places": [plain(p) for p in self.places],
            "parameters": plain(self.parameters),
            "conditions": plain(self.conditions),
            "inputs": dict(self.inputs),
            "code": code_digest(),
        }

    def digest(self) -> str:
        """Hash of the resolved plan."""
        return digest(self.resolved())


def label_of(place: Any) -> str:
    """Short name of a place."""
    return str(getattr(place, "name", place))


def plain(value: Any) -> Any:
    """Settings as JSON-able data: pydantic models are dumped, mappings and sequences walked."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def plan_of(experiment: Any, replicates: int | None = None) -> Plan:
    """The plan of an `Experiment`: places loaded, strategies under their labels, inputs digested."""
    from careersim.scenario.national import load_national
    from careersim.scenario.place import load_place

    return Plan(
        name=experiment.name,
        places=tuple(load_place(name) for name in experiment.places),
        strategies=dict(arm_of(s) for s in experiment.strategies),
        people=experiment.people,
        months=experiment.months,
        replicates=experiment.replicates if replicates is None else replicates,
        seed=experiment.seed,
        parameters=experiment.parameters,
        conditions=experiment.conditions,
        inputs={"national": digest(plain(load_national()))} | settled_inputs(),
        placebo=experiment.placebo,
    )


def settled_inputs() -> dict[str, str]:
    """Digests of the solved constants that ship: a run starts from them, so its key names them."""
    folder = configs_folder() / "settled"
    shipped = sorted(f for f in folder.glob("*.json") if not f.name.endswith(".check.json")) if folder.is_dir() else []
    return {f"settled/{f.stem}": digest(f.read_text(encoding="utf-8")) for f in shipped}


def arm_of(strategy: str | Mapping[str, Any]) -> tuple[str, Any]:
    """Name of the arm and strategy as the model takes it, from a strategy as a config states it.

    Examples
    --------
    >>> arm_of("brokering"), arm_of({"name": "one_to_one", "budget": 1.0, "label": "double"})
    (('brokering', 'brokering'), ('double', {'one_to_one': {'budget': 1.0}}))
    """
    if isinstance(strategy, str):
        return strategy, strategy
    options = dict(strategy)
    name = str(options.pop("name"))
    label = str(options.pop("label", name))
    return label, {name: options} if options else name
