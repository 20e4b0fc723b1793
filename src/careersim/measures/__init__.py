"""Measures: what a run reports, each one documented function under one name."""

from __future__ import annotations

from careersim.measures.registry import REGISTRY, Measure


def catalogue() -> dict[str, Measure]:
    """Return every registered measure by name."""
    from careersim.measures import levels  # noqa: F401  (registers)

    return dict(REGISTRY)
