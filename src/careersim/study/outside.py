"""Strategies that are not of the package: the digest of their source, so that a changed strategy is run again."""

from __future__ import annotations

import hashlib
import inspect
import sys
from pathlib import Path
from typing import Any

from careersim.scenario.errors import ScenarioError
from careersim.services import delivery


def outside_code(strategy: Any) -> list[str]:
    """Return the digests of the files, outside the package, in which the classes of a strategy and its parts are written.

    Files that these import are not looked at.

    Examples
    --------
    >>> outside_code("one_to_one")
    []
    """
    try:
        wholes = delivery.make_strategies(strategy)
    except ScenarioError:
        return []
    kinds = {kind for whole in wholes for part in (whole, *whole.parts()) for kind in type(part).__mro__}
    modules = {kind.__module__ for kind in kinds if kind.__module__.split(".")[0] not in _KNOWN}
    files = {inspect.getsourcefile(sys.modules[name]) for name in modules}
    return sorted(hashlib.blake2b(Path(f).read_bytes(), digest_size=16).hexdigest() for f in files if f)


_KNOWN = ("careersim", "pydantic", "builtins")
