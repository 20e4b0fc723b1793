"""A study's folder: what was asked for, what was asked for before, and how to take it up again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from careersim.study.plan import Plan, plan_of
from careersim.study.store import Store
from careersim.study.writing import StoreError, write_bytes, write_json

EXPERIMENT, DESIGN, POINTS = "experiment.json", "design.parquet", "points.csv"


def write_plan(store: Store, plan: Plan, design: pd.DataFrame) -> None:
    """Write ``experiment.json`` and ``design.parquet``, and a copy of the table of points if the design is one."""
    config = dict(plan.config)
    file = (config.get("design") or {}).get("file")
    if file:
        if Path(file).resolve() != (store.root / POINTS).resolve():
            write_bytes(store.root / POINTS, Path(file).read_bytes())
        config["design"] = {**config["design"], "file": POINTS}
    write_json(store.root / EXPERIMENT, plan.resolved() | {"digest": plan.digest(), "config": config})
    store.write_design(design)


def keep_earlier(store: Store, plan: Plan) -> None:
    """Keep what was asked for before, if it was something else, under ``earlier/<digest>/``."""
    before = read_experiment(store.root, missing_ok=True)
    digest = str(before.get("digest", ""))
    if not digest or digest == plan.digest():
        return
    for name in (EXPERIMENT, DESIGN, POINTS):
        file = store.root / name
        if file.is_file() and not (store.root / "earlier" / digest / name).exists():
            write_bytes(store.root / "earlier" / digest / name, file.read_bytes())


def other_runs(store: Store, design: pd.DataFrame) -> int:
    """How many results in the folder are not of this design: of another config, or of another version of the code."""
    asked = set(design["key"])
    return sum(name not in asked for name in store.names())


def read_experiment(root: Path, missing_ok: bool = False) -> dict[str, Any]:
    """Return ``experiment.json`` of a study's folder.

    Raises
    ------
    StoreError
        If it is missing or not whole.
    """
    try:
        return json.loads((root / EXPERIMENT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if missing_ok:
            return {}
        raise StoreError(f"{root / EXPERIMENT} is missing or not whole: is {root} the folder of a study?") from error


def plan_from(root: Path | str, replicates: int | None = None) -> Plan:
    """Return the plan of a study's folder, as the present version of the code plans it.

    Raises
    ------
    StoreError
        If the folder is not a study's, or what it asks for is not known to this version.
    """
    from pydantic import ValidationError

    from careersim.scenario.experiment import Experiment
    from careersim.scenario.place import Place

    root = Path(root)
    found = read_experiment(root)
    config = dict(found.get("config") or {})
    if not config:
        raise StoreError(f"{root / EXPERIMENT} does not say from which config it was made: run the config itself")
    if (config.get("design") or {}).get("file"):
        config["design"] = {**config["design"], "file": str(root / config["design"]["file"])}
    try:
        experiment = Experiment.model_validate(config)
        places = tuple(Place.model_validate(p) for p in found["places"])
    except (ValidationError, KeyError) as error:
        raise StoreError(
            f"{root / EXPERIMENT} is of another version of careersim and cannot be taken up: {error}"
        ) from error
    return plan_of(experiment, replicates or int(found["replicates"]), places)


def code_of(root: Path) -> str:
    """Digest of the code that a folder's runs were asked of."""
    return str(read_experiment(root, missing_ok=True).get("code", ""))
