"""Record: when a month is looked at, and how slowly aggregates follow it."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class Record(Group):
    """What the month's last phase keeps."""

    after: Literal["hiring", "separations"] = choice(
        "hiring",
        "model.md 5; checks.md A1",
        "Sampling point of monthly levels: at the end of the month (after hiring), or between separations and search",
    )
    odds_half_life: float = number(
        6.0, 1.0, 60.0, "months", "assumed", "model.md 4", "Half-life of the slow mean of typical odds by occupation"
    )
    civic_half_life: float = number(
        24.0, 1.0, 240.0, "months", "assumed", "model.md 6.10", "Half-life of civic capital K toward civic activity"
    )
    ties_every: int = number(
        3,
        1,
        12,
        "months",
        "assumed",
        "staggered by identity, for speed",
        "How often a person's summed ties here are refreshed",
    )
    worth_floor: float = number(
        100.0,
        1.0,
        1000.0,
        "GBP per month",
        "assumed",
        "keeps log income finite",
        "Least income counted in the log ledger",
    )
