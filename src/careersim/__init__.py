"""careersim: individual versus collective career strategies in a constrained local labour market.

Public names: `CareerModel` (a `mesa.Model`), `Parameters` and `load_place`; each is imported when it is first used.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from careersim.kept import keep_kernels

# Intel's short vector maths may round differently on another machine; results are to be bit-identical
os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
keep_kernels()

if TYPE_CHECKING:
    from careersim.model import CareerModel

__version__ = "0.1.0"
_HOMES = {
    "CareerModel": "careersim.model",
    "load_place": "careersim.scenario.place",
    "Parameters": "careersim.scenario.parameters",
}
__all__ = ["CareerModel", "Parameters", "load_place"]


def __getattr__(name: str) -> Any:
    """Import public names when first used: ``import careersim`` costs nothing."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'careersim' has no attribute {name!r}")
