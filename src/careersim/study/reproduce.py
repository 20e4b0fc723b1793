"""Reproduce one result: simulate the run again from what the study recorded, and say whether it is the same bit for bit."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from careersim.scenario.collect import Collect
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place
from careersim.study.manifest import PACKAGES, version
from careersim.study.plan import UNCERTAINTIES, Plan, as_plain, label_of, plain, settled_inputs, ties_input
from careersim.study.results import LONG_COLUMNS, content_digest
from careersim.study.store import Store, code_digest, digest
from careersim.study.task import BASELINE, PLACEBO
from careersim.study.tasks import run_task
from careersim.study.writing import StoreError


@dataclass(frozen=True)
class Reproduction:
    """What came of running a result again."""

    key: str
    what: str
    """Place, arm, point and replicate in words."""
    content: str
    """Digest of the content as stored."""
    again: str
    """Digest of the content as run again."""
    changed: tuple[str, ...] = ()
    """What differs between then and now: code, inputs, versions of packages."""
    differences: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Lines of the result that differ, with both values."""

    @property
    def identical(self) -> bool:
        """Whether every line is the same, bit for bit."""
        return self.content == self.again

    def words(self) -> str:
        """The finding in a few lines."""
        out = [f"{self.what} (run {self.key})"]
        out += [f"  changed since: {change}" for change in self.changed] or ["  same code, inputs and packages as then"]
        if self.identical:
            out.append(f"  bit-identical: every line has the same value (content {self.content})")
            return "\n".join(out)
        n = len(self.differences)
        out.append(f"  NOT the same: {n} lines differ (content {self.content} then, {self.again} now), the largest:")
        for line in self.differences.head(5).to_dict("records"):
            out.append(
                f"    {line['table']}, month {line['month']}, {line['measure']}: {line['then']:.10g} then, {line['now']:.10g} now"
            )
        return "\n".join(out)


def reproduce(
    result: Path | str, folder: Path | str | None = None, make_model: Callable[..., Any] | None = None
) -> Reproduction:
    """Run one result again in a temporary folder and compare.

    Parameters
    ----------
    result
        A run's file (``…/runs/ab/abc….parquet``), or its key (or the beginning of it) with ``folder``.
    folder
        The study's folder.
    make_model
        Makes a settled model of a task; default the simulator.

    Raises
    ------
    StoreError
        If there is no such result, or what is needed to run it again is not there.
    """
    root, key = _find(result, folder)
    store = Store(root)
    then = store.read_run(key)
    row = _row(store, key)
    experiment = _json(root / "experiment.json")
    plan = _plan(row, experiment, make_model)
    design = plan.design()
    own = design[(design["arm"] == row["arm"]) & (design["replicate"] == row["replicate"])].iloc[0]
    with tempfile.TemporaryDirectory() as temporary:
        again = Store(temporary)
        report = run_task(next(plan.tasks_of(again.root, design, frozenset([own["key"]]))))
        for line in report.failed.values():
            raise StoreError(f"the run cannot be repeated: {line}")
        now = again.read_run(own["key"])
    what = f"{row['place']}, {row['arm']}, point {row.get('point', 0)}, replicate {row['replicate']}"
    changed = _changed(root, experiment, plan, own["key"] == key)
    return Reproduction(key, what, content_digest(then), content_digest(now), changed, differing_lines(then, now))


def _find(result: Path | str, folder: Path | str | None) -> tuple[Path, str]:
    """The study's folder and the run's key."""
    path = Path(result)
    if path.suffix == ".parquet":
        if not path.is_file():
            raise StoreError(f"there is no result file {path}")
        return path.resolve().parents[2], path.stem
    if folder is None:
        raise StoreError(f"'{result}' is no result file: give a file of runs/, or a key with --in FOLDER")
    found = sorted(Path(folder).glob(f"runs/*/{result}*.parquet"))
    if len(found) != 1:
        what = "no run" if not found else f"{len(found)} runs"
        raise StoreError(f"{folder} has {what} whose key begins with '{result}'")
    return Path(folder), found[0].stem


def _row(store: Store, key: str) -> dict[str, Any]:
    design = store.read_design()
    rows = design[design["key"] == key].to_dict("records")
    if not rows:
        raise StoreError(f"the design of {store.root} knows no run {key} (kept from an earlier config?)")
    return {str(k): as_plain(v) for k, v in rows[0].items()}


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is missing or not whole") from error


def _plan(row: dict[str, Any], experiment: dict[str, Any], make_model: Callable[..., Any] | None) -> Plan:
    """A study of just this run and the one without a strategy, from what was recorded."""
    place = next(
        p
        for p in experiment["places"]
        if label_of(p) == row["place"] or (isinstance(p, dict) and p["name"] == row["place"])
    )
    prefix = len(UNCERTAINTIES)
    values = {c[prefix:]: [v] for c, v in row.items() if c.startswith(UNCERTAINTIES)}
    parameters = experiment["parameters"]
    return Plan(
        name=str(experiment["name"]),
        places=(Place.model_validate(place) if isinstance(place, dict) else place,),
        strategies={} if row["arm"] in (BASELINE, PLACEBO) else {row["arm"]: json.loads(row["strategy"])},
        points=pd.DataFrame(values) if values else pd.DataFrame(index=range(1)),
        people=int(row["people"]),
        months=int(row["months"]),
        replicates=int(row["replicate"]) + 1,
        seed=int(row["seed"]),
        parameters=Parameters.model_validate(parameters) if parameters else parameters,
        conditions=experiment.get("conditions") or {},
        inputs={k: v for k, v in _inputs(experiment).items() if k in experiment.get("inputs", {})},
        collect=Collect.model_validate(experiment.get("collect") or {}),
        ties_file=experiment.get("ties_file"),
        placebo=row["arm"] == PLACEBO,
        make_model=make_model,
    )


def _inputs(experiment: dict[str, Any]) -> dict[str, str]:
    """Digests of what a run reads besides its settings, as they are now."""
    try:
        ties = ties_input(experiment.get("ties_file"))
    except OSError as error:
        raise StoreError(f"the network file {experiment['ties_file']} cannot be read: {error.strerror}") from error
    return {"national": digest(plain(load_national()))} | settled_inputs() | ties


def _changed(root: Path, experiment: dict[str, Any], plan: Plan, same_key: bool) -> tuple[str, ...]:
    """What the result depends on that is not as it was."""
    out = []
    if experiment.get("code") != code_digest():
        out.append(f"the simulator's code ({str(experiment.get('code'))[:8]} then, {code_digest()[:8]} now)")
    used = ("national", "ties_file", *(f"settled/{label_of(p)}" for p in plan.places))
    then = experiment.get("inputs", {})
    out += [f"input {name}" for name in used if name in then and then[name] != plan.inputs.get(name)]
    packages = _packages(root)
    out += [
        f"{p} {packages[p]} then, {version(p)} now" for p in PACKAGES if p in packages and packages[p] != version(p)
    ]
    if not same_key and not out:
        out.append("something that the key depends on but the study does not record")
    return tuple(out)


def _packages(root: Path) -> dict[str, str]:
    """Versions of packages when the study was run; none known if its manifest was never written."""
    try:
        return dict(_json(root / "manifest.json").get("packages", {}))
    except StoreError:
        return {}


def differing_lines(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Lines of two results that differ, the largest relative difference first; a line that one lacks has NaN there.

    Examples
    --------
    >>> one = pd.DataFrame({"table": ["a", "a"], "month": [1, 2], "measure": "m", "group": "all", "value": [1.0, 2.0]})
    >>> differing_lines(one, one.assign(value=[1.0, 2.5]))[["month", "then", "now"]].values.tolist()
    [[2.0, 2.0, 2.5]]
    """
    names = LONG_COLUMNS[:-1]
    kinds = dict.fromkeys(("table", "measure", "group"), str)
    both = then.astype(kinds).merge(now.astype(kinds), on=names, how="outer", suffixes=("_then", "_now"))
    both = both.rename(columns={"value_then": "then", "value_now": "now"})
    a, b = both["then"].to_numpy(), both["now"].to_numpy()
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    size = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300)
    order = np.argsort(-np.nan_to_num(size, nan=np.inf), kind="stable")
    return both.iloc[[i for i in order if not same[i]]].reset_index(drop=True)
