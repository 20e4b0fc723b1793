"""Texts made from the declarations: a config that shows everything, and the JSON Schema for editors."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from pydantic import BaseModel

from careersim.scenario.catalogue import allowed_words
from careersim.scenario.experiment import Experiment
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import PlaceFile

HEAD = """\
# A config of careersim: what to run. Every setting and parameter stands here at its default; delete what you keep.
# Run it with `careersim run FILE`; change one value without editing by `--set search.kappa=0`.
# A comment gives what it means, [unit; allowed range; evidence grade], and the source.
# Grades: measured (from data), derived (computed from data), assumed (judged; its range is what robustness studies vary).
"""


def new_config_text(place: str | None = None, name: str | None = None) -> str:
    """Return a config with every setting and parameter at its default, each explained by a comment.

    Parameters
    ----------
    place
        Place to run; the default one if not given.
    name
        Name of the experiment.
    """
    changed: dict[str, Any] = {}
    if place:
        changed["places"] = [place]
    if name:
        changed["name"] = name
    lines = [HEAD]
    for field in Experiment.model_fields:
        info = Experiment.model_fields[field]
        value = changed.get(field, info.get_default(call_default_factory=True))
        if field != "parameters":
            lines += _nested(field, info, value) if isinstance(value, BaseModel) else _entry(field, info, value, "")
    lines += ["", "parameters:"]
    for group, info in Parameters.model_fields.items():
        lines += _group(group, info.annotation)
    return "\n".join(lines) + "\n"


def _nested(name: str, info: Any, value: BaseModel) -> list[str]:
    lines = ["", *(f"# {line}" for line in textwrap.wrap(info.description, 114)), f"{name}:"]
    for field, inner in type(value).model_fields.items():
        lines += _entry(field, inner, getattr(value, field), "  ")
    return lines


def _group(name: str, model: Any) -> list[str]:
    first = (model.__doc__ or "").strip().splitlines()
    title = textwrap.wrap(f"---- {name}: {first[0] if first else ''}", 114)
    lines = ["", *(f"  # {line}" for line in title), f"  {name}:"]
    for field, info in model.model_fields.items():
        lines += _entry(field, info, info.get_default(call_default_factory=True), "    ")
    return lines


def _entry(name: str, info: Any, value: Any, indent: str) -> list[str]:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    facts = [
        extra.get("unit", ""),
        allowed_words(info.annotation, extra.get("low"), extra.get("high")),
        extra.get("grade", ""),
    ]
    words = [f"{info.description or name}. [{'; '.join(f for f in facts if f)}]"]
    if extra.get("source") and indent:
        words.append(f"Source: {extra['source']}")
    lines = [""] if not indent else []
    for sentence in words:
        width = 118 - len(indent)
        lines += [f"{indent}# {line}" for line in textwrap.wrap(" ".join(sentence.split()), width - 2)]
    return [*lines, f"{indent}{name}: {as_yaml(value)}"]


def as_yaml(value: Any) -> str:
    """Return a value as YAML on one line (JSON is YAML; plain words stay without quotes)."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(as_yaml(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {as_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str) and value.replace("-", "").replace("_", "").isalpha() and value.lower() not in _NOT_WORDS:
        return value
    return json.dumps(value)


_NOT_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def schema(kind: str = "experiment") -> dict[str, Any]:
    """Return the JSON Schema of a config (``experiment``) or of a place file (``place``)."""
    model: type[BaseModel] = PlaceFile if kind == "place" else Experiment
    out = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    out["title"] = f"careersim {kind}"
    if model is Experiment:
        _allow_short_forms(out["properties"])
    return out


def _allow_short_forms(properties: dict[str, Any]) -> None:
    """Let editors accept what the loader accepts: one place, years, a comma-separated list."""
    properties["place"] = {"type": "string", "description": "One place by name or path: short for places"}
    properties["extends"] = {"type": "string", "description": "Path of a config from which this one differs"}
    properties["years"] = {
        "type": "number",
        "minimum": 0,
        "maximum": 100,
        "description": "Length of the policy period in years",
    }
    for name in ("places", "strategies"):
        as_list = {k: properties[name].pop(k) for k in ("type", "items") if k in properties[name]}
        properties[name]["anyOf"] = [as_list, {"type": "string"}]
