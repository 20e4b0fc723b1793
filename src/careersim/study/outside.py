"""Strategies that are not of the package: the digest of their source, so that a changed strategy is run again."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from careersim import services
from careersim.scenario.errors import ScenarioError


def outside_code(strategy: Any) -> list[str]:
    """Return the digests of the files, outside the package, in which the classes of a strategy and its parts are written.

    Files that these import are not looked at.

    Examples
    --------
    >>> outside_code("one_to_one")
    []
    """
    if not _may_be_outside(strategy):
        return []
    from careersim.services import delivery

    try:
        wholes = delivery.make_strategies(strategy)
    except ScenarioError:
        return []
    kinds = {kind for whole in wholes for part in (whole, *whole.parts()) for kind in type(part).__mro__}
    modules = {kind.__module__ for kind in kinds if kind.__module__.split(".")[0] not in _KNOWN}
    files = {inspect.getsourcefile(sys.modules[name]) for name in modules}
    return sorted(hashlib.blake2b(Path(f).read_bytes(), digest_size=16).hexdigest() for f in files if f)


def _may_be_outside(strategy: Any) -> bool:
    """Whether a strategy, or a part of it, can be of another package: if any of its words says where, or is a name that a package offers.

    Of the package's own strategies no code is imported to find out.

    Examples
    --------
    >>> _may_be_outside({"mixture": {"of": ["brokering", {"name": "own.code:Mine"}]}}), _may_be_outside({"one_to_one": {"budget": 1}})
    (True, False)
    """
    if isinstance(strategy, str):
        return ":" in strategy or strategy in services.offered()
    if isinstance(strategy, Mapping):
        return any(map(_may_be_outside, (*strategy, *strategy.values())))
    if isinstance(strategy, list | tuple):
        return any(map(_may_be_outside, strategy))
    return not isinstance(strategy, int | float | None)


_KNOWN = ("careersim", "pydantic", "builtins")
