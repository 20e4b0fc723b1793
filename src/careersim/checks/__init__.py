"""Why believe it: special cases of the model beside their exact results, and what must hold in every world.

Each simulated function runs the town's own phases under a special configuration; each exact function shares no code with it.
Names are imported when first used.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "job_network": ("job_information_network",),
    "exact_job_network": ("exact_job_information_network",),
    "urns": ("displacement", "exact_displacement", "exact_urn_ball", "urn_ball"),
    "lake": ("beveridge_point", "exact_beveridge", "exact_lake", "two_state_lake"),
    "wages": (
        "exact_linear_monopsony",
        "exact_monopsony",
        "exact_right_to_manage",
        "linear_monopsony",
        "monopsony",
        "right_to_manage",
    ),
    "thresholds": ("exact_joined", "joined", "normal_thresholds"),
    "leaving": ("exact_roy", "roy"),
    "contacts": ("contact_matches", "exact_contact_matches"),
    "homophily": ("exact_same_type_share", "same_type_share"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    """Import a function from its file when it is asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
