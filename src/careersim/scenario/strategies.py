"""Strategies as a config names them: a name from the catalogue, or ``package.module:Class``, with options."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from careersim.scenario.errors import Problem, ScenarioError, nearest
from careersim.scenario.loading import Document, Path_
from careersim.scenario.validation import problems_in

Named = str | dict[str, Any]
"""A strategy in a config: a name, or a mapping with ``name`` and options (``label`` names its arm)."""


def strategy_parts(strategy: Named) -> tuple[str, dict[str, Any]]:
    """Return the name and the options (``label`` among them) of a strategy."""
    if isinstance(strategy, str):
        return strategy, {}
    options = {str(k): v for k, v in strategy.items()}
    return str(options.pop("name", "")), options


def strategy_label(strategy: Named) -> str:
    """Return the name of a strategy's arm: its label, or else its name."""
    name, options = strategy_parts(strategy)
    return str(options.get("label", name))


def strategy_class(name: str, known: Mapping[str, type]) -> type:
    """Return the class of a strategy.

    Raises
    ------
    ScenarioError
        If there is none of this name, or it cannot be imported; names the nearest.
    """
    if name in known:
        return known[name]
    if ":" not in name:
        raise ScenarioError(
            [Problem(f"unknown strategy '{name}'", allowed=", ".join(known), suggestion=nearest(name, known) or "")]
        )
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        raise ScenarioError(f"the strategy '{name}' cannot be imported: {type(error).__name__}: {error}") from None
    if not (inspect.isclass(found) and hasattr(found, "deliver") and hasattr(found, "levers")):
        raise ScenarioError(f"'{name}' is not a careersim.services.base.Strategy")
    return found


def check_strategy(strategy: Named, known: Mapping[str, type], document: Document, at: Path_ = ()) -> list[Problem]:
    """Return what is wrong with a strategy of a config: its name or its options."""
    try:
        build_strategy(strategy, known)
    except ValidationError as error:
        name, _ = strategy_parts(strategy)
        model: Any = strategy_class(name, known)
        return problems_in(error, document, model, at)
    except ScenarioError as error:
        where = (*at, "name") if isinstance(strategy, dict) and "name" in strategy else at
        return [
            document.problem(where, p.message, allowed=p.allowed, found=p.found, suggestion=p.suggestion)
            for p in error.problems
        ]
    return []


def build_strategy(strategy: Named, known: Mapping[str, type]) -> Any:
    """Return the strategy itself, with its options checked."""
    name, options = strategy_parts(strategy)
    if not name:
        raise ScenarioError([Problem("a strategy needs a name", allowed="NAME, or {name: NAME, option: value}")])
    found = strategy_class(name, known)
    options.pop("label", None)
    return found.model_validate(options) if issubclass(found, BaseModel) else found(**options)


def build_strategies(strategies: Iterable[Named], known: Mapping[str, type]) -> dict[str, Any]:
    """Return the strategies of an experiment by label, in its order."""
    return {strategy_label(s): build_strategy(s, known) for s in strategies}
