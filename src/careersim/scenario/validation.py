"""From what pydantic found wrong to problems that name file, line, field, allowed range, what was found and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from careersim.scenario.errors import Problem, nearest, plain, shown
from careersim.scenario.loading import Document, Path_, dotted

_EXPECTED = {
    "missing": "is missing",
    "extra_forbidden": "unknown name",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a finite number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping (name: value)",
    "model_type": "must be a mapping (name: value)",
    "model_attributes_type": "must be a mapping (name: value)",
    "frozen_instance": "cannot be changed",
}


def problems_in(
    error: ValidationError, document: Document, model: type[BaseModel], prefix: Path_ = ()
) -> list[Problem]:
    """Return all problems of a validation error, each with its place in the document.

    Parameters
    ----------
    error
        What pydantic found.
    document
        Where the values came from.
    model
        The model that was validated: names the fields known and their units.
    prefix
        Where in the document the model's data begin.
    """
    return [_problem(dict(e), document, model, prefix) for e in error.errors()]


def _problem(e: dict[str, Any], document: Document, model: type[BaseModel], prefix: Path_) -> Problem:
    context = e.get("ctx", {})
    own = tuple(p for p in e["loc"])
    path = prefix + own
    if "at" in context:
        path = path + tuple(int(part) if part.isdigit() else part for part in str(context["at"]).split("."))
    kind = e["type"]
    if kind == "extra_forbidden":
        known = [*_fields_at(model, own[:-1])]
        return document.problem(
            path, "unknown name", key=True, allowed=_some(known), suggestion=_near(own, known, model)
        )
    if kind == "missing":
        return document.problem(path, "is missing", suggestion="", allowed=_allowed(model, own))
    if "allowed" in context or "known" in context:
        known = context.get("known", [])
        near = nearest(str(context.get("found", "")).strip("'"), known) or ""
        return document.problem(
            path,
            e["msg"],
            allowed=context.get("allowed", "") or _some(known),
            found=context.get("found", ""),
            suggestion=near,
        )
    message = _EXPECTED.get(kind) or _plain(kind, e["msg"])
    suggestion = ""
    if kind == "literal_error":
        suggestion = nearest(e["input"], re.findall(r"'([^']*)'", context.get("expected", ""))) or ""
    if kind.startswith("bool") and isinstance(e["input"], str):
        yes = e["input"].lower() in ("yes", "on", "y")
        suggestion = "true" if yes else ("false" if e["input"].lower() in ("no", "off", "n") else "")
    allowed = _allowed(model, own) or str(context.get("expected", ""))
    found = "" if kind == "value_error" else shown(e["input"])
    return document.problem(
        path, message, allowed=allowed if kind != "value_error" else "", found=found, suggestion=suggestion
    )


def _plain(kind: str, message: str) -> str:
    if kind.startswith("bool"):
        return "must be true or false"
    if kind.startswith("int"):
        return "must be a whole number"
    if kind.startswith(("float", "decimal")):
        return "must be a number"
    if kind.startswith("string_type"):
        return "must be text"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return "out of range"
    if kind == "literal_error":
        return "not one of the choices"
    return message.removeprefix("Value error, ").removeprefix("Input should be ")


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_of(part)
        if found:
            return found
    return None


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        if current is None or part not in current.model_fields:
            return None
        current = _model_of(current.model_fields[part].annotation)
    return current


def _fields_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    found = _model_at(model, path)
    return list(found.model_fields) if found else []


def _allowed(model: type[BaseModel], path: tuple[str | int, ...]) -> str:
    """Return the declared range or choices of a field, in words."""
    names = [p for p in path if isinstance(p, str)]
    owner = _model_at(model, tuple(names[:-1])) if names else None
    if owner is None or names[-1] not in owner.model_fields:
        return ""
    info = owner.model_fields[names[-1]]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = extra.get("unit", "")
    if "low" in extra and "high" in extra and "kind" not in extra:
        low, high = float(str(extra["low"])), float(str(extra["high"]))
        return f"{plain(low)} to {plain(high)}" + (f" {unit}" if unit else "")
    choices = getattr(info.annotation, "__args__", ())
    if choices and all(isinstance(c, str) for c in choices):
        return " or ".join(choices)
    return "true or false" if info.annotation is bool else ""


def truth_values_for_numbers(document: Document, model: type[BaseModel]) -> list[Problem]:
    """Return a problem for every true or false that stands where a number belongs (else it would count as 1 or 0)."""
    problems = []
    for path, value in _leaves(document.data, ()):
        if isinstance(value, bool) and any(isinstance(p, str) for p in path):
            owner = _model_at(model, path[:-1])
            info = owner.model_fields.get(str(path[-1])) if owner else None
            kinds = (info.annotation, *getattr(info.annotation, "__args__", ())) if info else ()
            if bool not in kinds and (int in kinds or float in kinds):
                problems.append(
                    document.problem(path, "must be a number", allowed=_allowed(model, path), found=str(value).lower())
                )
    return problems


def _leaves(data: Any, path: Path_) -> Iterable[tuple[Path_, Any]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield (*path, key), value
        yield from _leaves(value, (*path, key))


def all_names(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Return the dotted names of all fields of a model and the models within it."""
    names = []
    for name, info in model.model_fields.items():
        names.append(prefix + name)
        inner = _model_of(info.annotation)
        if inner is not None:
            names += all_names(inner, f"{prefix}{name}.")
    return names


def _near(path: tuple[str | int, ...], known: list[str], model: type[BaseModel]) -> str:
    wanted = str(path[-1]) if path else ""
    return nearest(wanted, known) or nearest(dotted(path), all_names(model)) or ""


def _some(names: list[str], most: int = 14) -> str:
    return ", ".join(names) if len(names) <= most else ""
