"""Measures: what a run reports, each one documented function under one name."""

from __future__ import annotations

from careersim.measures.registry import REGISTRY, Measure


def catalogue(period: bool = False) -> dict[str, Measure]:
    """Return the measures of a month by name; with ``period`` those of the whole policy period."""
    from careersim.measures import community, earnings, labour
    from careersim.measures import period as whole_period  # noqa: F401  (these register)

    _ = labour, earnings, community
    return {name: m for name, m in REGISTRY.items() if m.period == period}
