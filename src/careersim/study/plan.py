"""The plan of a study: which worlds are run, in which order, under which keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from careersim.scenario.catalogue import configs_folder
from careersim.scenario.choices import variants
from careersim.scenario.collect import Collect
from careersim.scenario.uncertainties import CONDITIONS, parameter_of
from careersim.study.designs import ONE_POINT, points_of, record
from careersim.study.outside import outside_code
from careersim.study.store import Store, code_digest, digest, run_key
from careersim.study.task import BASELINE, COMPANION, PLACEBO, Arm, Task

SHOWING_ELSEWHERE = frozenset({"show_elsewhere", "introduce"})
"""Levers by which a strategy shows something of elsewhere."""
DESIGN_COLUMNS = [
    "key", "place", "arm", "point", "replicate", "seed", "people", "months", "strategy", "parameters",
]  # fmt: skip
CHOICES, UNCERTAINTIES = "choices.", "uncertainties."
"""What the columns of choices and uncertainties begin with in the table of runs."""


@dataclass(frozen=True)
class Plan:
    """What to run: places x arms x replicates, all settings resolved."""

    name: str
    places: tuple[Any, ...]
    """`Place` objects."""
    strategies: Mapping[str, Any]
    """Strategies by the name of their arm; ``none`` and the placebo are added."""
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Choices by the name of their arm: value by the name of the choice."""
    points: pd.DataFrame = field(default_factory=lambda: ONE_POINT)
    """Points of the uncertainties: one line a point, one column a parameter. Every point has its own ``none``."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """How the points were laid (`designs.record`)."""
    people: int = 5000
    months: int = 120
    replicates: int = 10
    seed: int = 1
    parameters: Any = None
    """Resolved `Parameters`, before a point's values are set."""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that take another value when policy begins."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Digests of further inputs (national figures, network files) by name."""
    placebo: bool = True
    """Whether the placebo arm is run, the noise floor."""
    on_error: str = "continue"
    """Whether to go on when a run fails, or to ``stop``."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """The experiment from which the plan was made, as plain data, so that a folder can be taken up without its config."""
    make_model: Callable[..., Any] | None = None
    """Makes a settled model of a task; default the simulator."""
    collect: Collect = field(default_factory=Collect)
    """What is kept of each run."""
    ties_file: str | None = None
    """File with the network at the start; None generates one."""

    @property
    def arms(self) -> dict[str, Any]:
        """All arms by name, ``none`` first and the placebo last."""
        middle = {k: v for k, v in self.strategies.items() if k not in (BASELINE, PLACEBO)}
        return {BASELINE: BASELINE, **middle} | ({PLACEBO: PLACEBO} if self.placebo else {})

    def parameters_at(self, point: int) -> Any:
        """Return the parameters at a point: its values in the place of the study's own."""
        groups = self._values_at(point, conditions=False)
        if not groups:
            return self.parameters
        own = {g: getattr(self.parameters, g) for g in groups}
        changed = {g: type(own[g]).model_validate(own[g].model_dump() | values) for g, values in groups.items()}
        return self.parameters.model_copy(update=changed)

    def conditions_at(self, point: int) -> Mapping[str, Any]:
        """Return the conditions at a point: its values over the study's own."""
        groups = self._values_at(point, conditions=True)
        return {**self.conditions, **{g: {**self.conditions.get(g, {}), **values} for g, values in groups.items()}}

    def _values_at(self, point: int, conditions: bool) -> dict[str, dict[str, Any]]:
        """A point's values by group and parameter: those that hold from the beginning, or from when policy begins."""
        groups: dict[str, dict[str, Any]] = {}
        for name in self.points.columns:
            if name.startswith(CONDITIONS) == conditions:
                group, _, parameter = parameter_of(name).partition(".")
                groups.setdefault(group, {})[parameter] = as_plain(self.points[name].iat[point])
        return groups

    def _scenario(self, place: Any, digests: Mapping[str, str]) -> dict[str, Any]:
        """Everything that determines a run of this plan, apart from replicate and code; large parts by their digests."""
        return {
            "people": self.people,
            "months": self.months,
            "seed": self.seed,
            "collect": plain(self.collect),
            "inputs": {
                k: v for k, v in self.inputs.items() if k in ("national", "ties_file", f"settled/{label_of(place)}")
            },
            **digests,
        }

    def design(self) -> pd.DataFrame:
        """One line a run, in running order: replicates outermost, so that an interrupted study is balanced."""
        scenarios = self._scenario_digests()
        rows = [
            (run_key(scenarios[point, k, arm], replicate), label_of(place), arm, point, replicate)
            for replicate in range(self.replicates)
            for point in range(len(self.points))
            for k, place in enumerate(self.places)
            for arm in self.arms
        ]
        frame = pd.DataFrame(rows, columns=["key", "place", "arm", "point", "replicate"])
        texts = {arm: json.dumps(plain(strategy), sort_keys=True) for arm, strategy in self.arms.items()}
        differing = {p: json.dumps(_differing(self.parameters_at(p)), sort_keys=True) for p in range(len(self.points))}
        frame = frame.assign(seed=self.seed, people=self.people, months=self.months)
        frame = frame.assign(strategy=frame["arm"].map(texts), parameters=frame["point"].map(differing))
        for name in dict.fromkeys(n for values in self.chosen.values() for n in values):
            values = {arm: chosen[name] for arm, chosen in self.chosen.items() if name in chosen}
            frame[CHOICES + name] = frame["arm"].map(_one_type(values))
        for name in self.points.columns:
            frame[UNCERTAINTIES + name] = self.points[name].to_numpy()[frame["point"]]
        return frame

    def _scenario_digests(self) -> dict[tuple[int, int, str], str]:
        """Digest of the scenario of each (point, place, arm), every part hashed once."""
        arms = {arm: digest(_with_code(strategy)) for arm, strategy in self.arms.items()}
        places = [digest(plain(place)) for place in self.places]
        out = {}
        for point in range(len(self.points)):
            there = {
                "parameters": digest(plain(self.parameters_at(point))),
                "conditions": digest(plain(self.conditions_at(point))),
            }
            for k, place in enumerate(self.places):
                for arm, strategy in arms.items():
                    out[point, k, arm] = digest(
                        self._scenario(place, {**there, "place": places[k], "strategy": strategy})
                    )
        return out

    def tasks(self, store: Store, design: pd.DataFrame) -> Iterator[Task]:
        """The tasks that have something missing, in the design's order, made when asked for."""
        return self.tasks_of(store.root, design, frozenset(store.missing(design["key"])))

    def tasks_of(self, root: Path, design: pd.DataFrame, wanted: frozenset[str]) -> Iterator[Task]:
        """The tasks that make the ``wanted`` keys; a key that stands twice in the design is made once.

        ``design`` holds whole tasks, each with all its arms in order.
        """
        arms, places, made = self.arms, {label_of(p): p for p in self.places}, set[str]()
        keys = design["key"].to_numpy()
        first = design[["place", "point", "replicate"]].iloc[:: len(arms)]
        for number, (label, point, replicate) in enumerate(first.itertuples(index=False, name=None)):
            own = keys[number * len(arms) : (number + 1) * len(arms)]
            missing = frozenset(own) & wanted - made
            if missing:
                made |= missing
                members = tuple(Arm(name, s, key) for (name, s), key in zip(arms.items(), own, strict=True))
                yield self._task(root, places[label], int(point), int(replicate), members, missing)

    def _task(
        self, root: Path, place: Any, point: int, replicate: int, arms: tuple[Arm, ...], missing: frozenset[str]
    ) -> Task:
        return Task(
            root=str(root.absolute()),
            place=place,
            people=self.people,
            months=self.months,
            seed=self.seed,
            replicate=replicate,
            point=point,
            parameters=self.parameters_at(point),
            conditions=self.conditions_at(point),
            arms=arms,
            missing=missing,
            label=label_of(place),
            make_model=self.make_model,
            collect=self.collect,
            ties_file=self.ties_file,
        )

    def bare_task(self, place: Any, replicate: int = 0) -> Task:
        """The task of a replicate without any arms: what a settled town is made from."""
        return self._task(Path(), place, 0, replicate, (), frozenset())

    def resolved(self) -> dict[str, Any]:
        """The plan as plain data, for ``experiment.json``."""
        return {
            "name": self.name,
            "seed": self.seed,
            "people": self.people,
            "months": self.months,
            "replicates": self.replicates,
            "strategies": {arm: _with_code(strategy) for arm, strategy in self.strategies.items()},
            "choices": plain(dict(self.chosen)),
            "design": plain(dict(self.sampling)) | {"points": len(self.points), "names": list(self.points.columns)},
            "points": digest(self.points.astype(object).to_dict("split")) if len(self.points.columns) else "",
            "places": [plain(p) for p in self.places],
            "parameters": plain(self.parameters),
            "conditions": plain(self.conditions),
            "collect": plain(self.collect),
            "ties_file": self.ties_file,
            "inputs": dict(self.inputs),
            "code": code_digest(),
        }

    def digest(self) -> str:
        """Hash of the resolved plan."""
        return digest(self.resolved())


def as_plain(value: Any) -> Any:
    """A value of a table as Python's own: no NumPy scalars in settings."""
    return value.item() if hasattr(value, "item") else value


def _one_type(values: dict[str, Any]) -> dict[str, Any]:
    """Values of one column: numbers if all are numbers, else text."""
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values.values()):
        return {k: float(v) for k, v in values.items()}
    return {k: v if isinstance(v, str) else json.dumps(v, sort_keys=True) for k, v in values.items()}


def _differing(parameters: Any) -> Any:
    """Parameters that differ from their defaults, as plain data: ``Parameters(**these)`` gives all of them."""
    if hasattr(parameters, "model_dump"):
        return {k: v for k, v in parameters.model_dump(mode="json", exclude_defaults=True).items() if v}
    return plain(parameters)


def _with_code(strategy: Any) -> Any:
    """A strategy as plain data and, where it is not of the package, the digests of its code."""
    code = outside_code(strategy)
    return {"strategy": plain(strategy), "code": code} if code else plain(strategy)


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


def plan_of(experiment: Any, replicates: int | None = None, places: Sequence[Any] = ()) -> Plan:
    """The plan of an `Experiment`: places loaded (if not given), strategies under their labels, inputs digested."""
    from careersim.scenario.national import load_national
    from careersim.scenario.place import load_place

    arms = variants(experiment.strategies, experiment.choices)
    strategies = dict(arm_of(v.strategy) for v in arms)
    return Plan(
        name=experiment.name,
        places=tuple(places or (load_place(name) for name in experiment.places)),
        strategies=strategies | (companions(strategies) if experiment.elsewhere_rerun else {}),
        chosen={v.label: v.chosen for v in arms if v.chosen},
        points=points_of(experiment),
        sampling=record(experiment),
        people=experiment.people,
        months=experiment.months,
        replicates=experiment.replicates if replicates is None else replicates,
        seed=experiment.seed,
        parameters=experiment.parameters,
        conditions=experiment.conditions,
        inputs={"national": digest(plain(load_national()))} | settled_inputs() | ties_input(experiment.ties_file),
        placebo=experiment.placebo,
        collect=experiment.collect,
        ties_file=experiment.ties_file,
        on_error=experiment.on_error,
        config=experiment.model_dump(mode="json"),
    )


def companions(strategies: Mapping[str, Any]) -> dict[str, Any]:
    """The arms in which each strategy that may show something of elsewhere shows nothing of it, by their names."""
    from careersim.services.delivery import make_strategies

    out = {}
    for arm, strategy in strategies.items():
        parts = [part for one in make_strategies(strategy) for part in one.parts()]
        if any(part.may_use() & SHOWING_ELSEWHERE for part in parts):
            name, options = (strategy, {}) if isinstance(strategy, str) else next(iter(strategy.items()))
            out[arm + COMPANION] = {name: {**(options or {}), "shows_elsewhere": False}}
    return out


def settled_inputs() -> dict[str, str]:
    """Digests of the solved constants that ship: a run starts from them, so its key names them."""
    folder = configs_folder() / "settled"
    shipped = sorted(f for f in folder.glob("*.json") if not f.name.endswith(".check.json")) if folder.is_dir() else []
    return {f"settled/{f.stem}": digest(f.read_text(encoding="utf-8")) for f in shipped}


def ties_input(ties_file: str | None) -> dict[str, str]:
    """Digest of the network file, if there is one."""
    return {"ties_file": hashlib.blake2b(Path(ties_file).read_bytes(), digest_size=16).hexdigest()} if ties_file else {}


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
