"""Settings on the command line: ``--set search.kappa=0`` overrides one value of a config."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from careersim.scenario.errors import Problem, ScenarioError, nearest
from careersim.scenario.loading import Document, Mark, Path_, parse_yaml
from careersim.scenario.validation import all_names

OTHER_WORDS = {"places": ("place",), "place": ("places",), "months": ("years",), "years": ("months",)}
"""Two ways to say one thing: the later one counts."""
BY_DOTTED_NAME = ("choices", "uncertainties")
"""Groups whose entries are named by a dotted name."""


def apply_settings(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return ``data`` with settings such as ``search.kappa=0`` or ``people=2000`` applied; ``data`` is not changed.

    A group of parameters may be named without ``parameters.`` in front.

    Raises
    ------
    ScenarioError
        If a setting is not of the form name=value, or names nothing that can be set.
    """
    from careersim.scenario.experiment import Experiment

    document, problems = apply_to_document(blank_document(data, "the config"), settings, Experiment)
    if problems:
        raise ScenarioError(problems, "These settings cannot be used")
    return document.data


def blank_document(data: dict[str, Any], said_in: str) -> Document:
    """Return a document around plain values; ``said_in`` is named in messages."""
    return Document(copy.deepcopy(data), said_in)


def apply_to_document(
    document: Document, settings: Sequence[str], model: type[BaseModel]
) -> tuple[Document, list[Problem]]:
    """Return a document with settings applied, whose marks name the setting a value came from, and what is wrong."""
    out = Document(copy.deepcopy(document.data), document.file, dict(document.marks), dict(document.keys))
    problems: list[Problem] = []
    for setting in settings:
        problems += _apply(out, setting, model)
    return out, problems


def _apply(document: Document, setting: str, model: type[BaseModel]) -> list[Problem]:
    said_in = f"--set {setting}"
    name, equals, text = setting.partition("=")
    name = name.strip()
    if not equals or not name:
        return [Problem("a setting has the form name=value, such as search.kappa=0", file=said_in)]
    path = _path_of(name, model)
    top = path[0]
    known = [*model.model_fields, "place", "years"]
    if top not in known:
        return [_unknown(name, said_in, known, model)]
    if path[0] == "parameters" and ".".join(map(str, path)) not in all_names(model):
        return [_unknown(name, said_in, [], model)]
    if path == ("parameters",) or _is_group(path, model):
        return [Problem("is a group: set one of its parameters", name, said_in)]
    try:
        value = parse_yaml(text, said_in).data if text.strip() else None
    except ScenarioError as error:
        return [Problem(p.message, name, said_in) for p in error.problems]
    return _put(document, path, value, Mark(said_in))


def _path_of(name: str, model: type[BaseModel]) -> Path_:
    parts = [int(part) if part.isdigit() else part for part in name.replace("[", ".").replace("]", "").split(".")]
    if parts[0] in BY_DOTTED_NAME:
        first, _, rest = name.partition(".")
        return (first, rest.removeprefix("parameters.")) if rest else (first,)
    groups = _groups(model)
    return ("parameters", *parts) if parts[0] in groups else tuple(parts)


def _groups(model: type[BaseModel]) -> list[str]:
    return [n.split(".")[1] for n in all_names(model) if n.count(".") == 1 and n.startswith("parameters.")]


def _is_group(path: Path_, model: type[BaseModel]) -> bool:
    return len(path) == 2 and path[0] == "parameters" and path[1] in _groups(model)


def _unknown(name: str, said_in: str, known: list[str], model: type[BaseModel]) -> Problem:
    names = [n.removeprefix("parameters.") for n in all_names(model)] + known
    near = nearest(name.removeprefix("parameters."), names) or ""
    return Problem(
        "there is nothing of this name to set (see careersim list parameters)", name, said_in, suggestion=near
    )


def _put(document: Document, path: Path_, value: Any, mark: Mark) -> list[Problem]:
    """Set the value at a path, making groups on the way."""
    if not isinstance(document.data, dict):
        document.data = {}
    for other in OTHER_WORDS.get(str(path[0]), ()):
        document.data.pop(other, None)
    at: Any = document.data
    part: Any
    for k, part in enumerate(path[:-1]):
        problem = _cannot_enter(at, part, path[: k + 1], mark)
        if problem:
            return [problem]
        inner = at[part] if isinstance(at, list) else at.get(part)
        if inner is None:
            inner = {}
        elif isinstance(inner, str) and path[0] == "strategies":
            inner = {"name": inner}
        at[part] = inner
        at = inner
    problem = _cannot_enter(at, path[-1], path, mark)
    if problem:
        return [problem]
    at[path[-1]] = value
    for known in [p for p in document.marks if p[: len(path)] == path]:
        del document.marks[known]
    document.marks[path] = mark
    document.keys[path] = mark
    return []


def _cannot_enter(at: Any, part: str | int, path: Path_, mark: Mark) -> Problem | None:
    name = ".".join(map(str, path))
    if isinstance(at, list):
        if isinstance(part, int) and part < len(at):
            return None
        return Problem("no such item in the list", name, mark.file, allowed=f"0 to {len(at) - 1}")
    if isinstance(at, dict):
        return None
    return Problem("a value stands where a group is needed", name, mark.file)
