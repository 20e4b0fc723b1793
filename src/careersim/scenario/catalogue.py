"""What there is to choose from: the places and configs that ship, and all parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from careersim.scenario.errors import Problem, ScenarioError, nearest, plain


def configs_folder() -> Path:
    """Return the folder with the configs that ship: in the installed package, or at the root of a checkout.

    Raises
    ------
    ScenarioError
        If neither exists (a damaged installation).
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "configs", package.parents[1] / "configs"):
        if (folder / "national.yaml").is_file():
            return folder
    raise ScenarioError(
        [Problem("the folder of configs is missing: install careersim again", file=str(package / "configs"))]
    )


def signs_folder() -> Path:
    """Return the folder with the experiments of section C of the checks: ``experiments/signs`` of a checkout, or in the package."""
    beside = configs_folder()
    packaged = beside / "signs"
    return packaged if packaged.is_dir() else beside.parent / "experiments" / "signs"


def place_names() -> list[str]:
    """Return the names of the places that ship, sorted."""
    return sorted(path.stem for path in (configs_folder() / "places").glob("*.yaml"))


def experiment_names() -> list[str]:
    """Return the names of the experiments that ship, sorted."""
    return sorted(path.stem for path in (configs_folder() / "experiments").glob("*.yaml"))


def looks_like_a_path(name: str | Path) -> bool:
    """Return whether a name means a file: it ends in .yaml or .yml, or holds a folder."""
    text = str(name)
    return isinstance(name, Path) or text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text


def place_path(name: str | Path) -> Path:
    """Return the file of a place given by name (``inverclyde``, ``North East Lincolnshire``) or by path.

    Raises
    ------
    ScenarioError
        If there is no such place; names the nearest.
    """
    if looks_like_a_path(name):
        path = Path(name)
        if path.is_dir():
            raise ScenarioError([Problem("is a folder, not a place file", file=str(path))])
        if not path.exists():
            raise ScenarioError(
                [Problem("there is no such file", file=str(path), suggestion=nearest(path.stem, place_names()) or "")]
            )
        return path
    wanted = str(name).strip().lower().replace(" ", "-").replace("_", "-")
    names = place_names()
    if wanted in names:
        return configs_folder() / "places" / f"{wanted}.yaml"
    near = next((n for n in names if wanted and (wanted in n.split("-") or n in wanted.split("-"))), None)
    near = near or nearest(name, names)
    raise ScenarioError(
        [
            Problem(
                f"unknown place '{name}'",
                "place",
                allowed=", ".join(names) + ", or a path to a .yaml file",
                suggestion=near or "",
            )
        ]
    )


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter as declared: the row of ``careersim list parameters`` and of the register of assumptions."""

    name: str
    """Dotted name, such as ``search.kappa``; what ``--set`` takes."""
    default: Any
    allowed: str
    """Range or choices."""
    unit: str
    grade: str
    """measured, derived or assumed."""
    source: str
    doc: str
    low: float | None = None
    high: float | None = None


def parameter_table(model: type[BaseModel] | None = None) -> list[ParameterRow]:
    """Return one row a parameter, in the order of the groups.

    Parameters
    ----------
    model
        The group of parameters; all parameters of the town if not given.
    """
    return _rows(model or _parameters(), "")


def _parameters() -> type[BaseModel]:
    from careersim.scenario.parameters import Parameters

    return Parameters


def _rows(model: type[BaseModel], prefix: str) -> list[ParameterRow]:
    rows: list[ParameterRow] = []
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            rows += _rows(inner, f"{prefix}{name}.")
        else:
            rows.append(_row(prefix + name, info))
    return rows


def _row(name: str, info: Any) -> ParameterRow:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = info.get_default(call_default_factory=True)
    low, high = extra.get("low"), extra.get("high")
    return ParameterRow(
        name,
        default,
        allowed_words(info.annotation, low, high),
        str(extra.get("unit", "")),
        str(extra.get("grade", "")),
        str(extra.get("source", "")),
        info.description or "",
        low,
        high,
    )


def allowed_words(annotation: Any, low: float | None, high: float | None) -> str:
    """Return the allowed range or choices in words."""
    if low is not None and high is not None:
        return f"{plain(low)} to {plain(high)}"
    if annotation is bool:
        return "true or false"
    choices = getattr(annotation, "__args__", ())
    return " or ".join(str(c) for c in choices if isinstance(c, str))
