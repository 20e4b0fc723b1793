"""A small made-up study for examples and tests: known answers, no simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from careersim.scenario.uncertainties import Design, Spread
from careersim.study.analysis.frames import StudyTable
from careersim.study.designs import points

BOUNDS = {"migration.cost": (0.0, 1.0), "search.kappa": (0.0, 2.0), "learning.decay": (0.0, 1.0)}


def example_study(n_worlds: int = 200, replicates: int = 2, seed: int = 1) -> StudyTable:
    """Two strategies in random worlds: organising gains the same everywhere, one-to-one gains with the cost of moving.

    ``account.b`` is 30 for organising and ``60 migration.cost + 5 search.kappa`` for one to one, plus noise; ``learning.decay`` does
    nothing. So organising is better where moving costs little.

    Examples
    --------
    >>> sorted(example_study().table["arm"].unique())
    ['one_to_one', 'organising']
    """
    rng = np.random.default_rng(seed)
    spreads = [Spread(name, low=low, high=high) for name, (low, high) in BOUNDS.items()]
    design = Design(kind="latin_hypercube", n=n_worlds)
    x = points(spreads, design, seed).add_prefix("uncertainties.").to_dict("series")
    gains = {
        "one_to_one": 60 * x["uncertainties.migration.cost"] + 5 * x["uncertainties.search.kappa"],
        "organising": np.full(n_worlds, 30.0),
    }
    parts = []
    for arm, gain in gains.items():
        for replicate in range(replicates):
            noise = rng.normal(0, 1, n_worlds)
            head = {"place": "nowhere", "point": np.arange(n_worlds), "arm": arm, "replicate": replicate}
            level = 0.7 + 0.01 * rng.normal(0, 1, n_worlds)
            spent = 8.0 if arm == "one_to_one" else 5.0
            own = {"account.b": gain + noise, "place.employment_rate": gain / 1e4, "none.employment_rate": level}
            own |= {"cost.public_cost": spent, "cost.total": spent + 1.0}
            parts.append(pd.DataFrame(head | x | own))
    recorded = {**design.model_dump(), "seed": seed, "points": n_worlds, "spreads": {s.name: {} for s in spreads}}
    return StudyTable(pd.concat(parts, ignore_index=True), seed, recorded, "example")
