"""Measures: what a run reports, each one documented function under one name."""

from __future__ import annotations

from careersim.measures.registry import REGISTRY, Measure


def catalogue(period: bool = False) -> dict[str, Measure]:
    """Return the measures of a month by name; with ``period`` those of the whole policy period."""
    from careersim.measures import cohort, community, earnings, labour
    from careersim.measures import period as whole_period

    files = [module.__name__ for module in (labour, earnings, community, cohort, whole_period)]
    place = {
        name: files.index(m.compute.__module__) if m.compute.__module__ in files else len(files)
        for name, m in REGISTRY.items()
    }
    return {name: m for name, m in sorted(REGISTRY.items(), key=lambda item: place[item[0]]) if m.period == period}
