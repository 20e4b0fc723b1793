"""The compact table of people that a run keeps on request: one line an identity, both worlds side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from careersim.measures import ledger as books
from careersim.measures.groups import GROUPINGS

NOT_GROUPED = "none"


def people_table(result: Any, none: Any) -> pd.DataFrame:
    """One line for everybody who was here or could have come by the end, in one arm beside ``none``.

    Columns: ``id`` (identity, the same in every arm), ``kind`` (initial, school leaver, in-migrant), the groups as on the day on which
    policy began (``none``: in no group), ``W_<version>_policy`` and ``W_<version>_none`` (income and own in GBP, log_income in log GBP months,
    discounted), ``dW_<version>``, ``place_policy`` and ``place_none`` (where they are counted at the end), ``took_part``, ``sessions`` (from the
    strategy) and ``cost`` (GBP of public money spent on them by the strategy).
    """
    policy, other = result.lives, none.lives
    out: dict[str, Any] = {"id": policy.id, "kind": _named(policy.kind, books.KINDS)}
    for name, grouping in GROUPINGS.items():
        codes = np.where(none.start.codes[name] < 0, len(grouping.labels), none.start.codes[name])
        out[name] = _named(codes, (*grouping.labels, NOT_GROUPED))
    for m, unit in books.MEASURES.items():
        out[f"W_{m}_policy"], out[f"W_{m}_none"] = getattr(policy, m), getattr(other, m)
        out[f"dW_{m}"] = books.gains(policy, other, m) / unit
    out["place_policy"] = _named(policy.place, books.PLACES)
    out["place_none"] = _named(other.place, books.PLACES)
    out |= {"took_part": books.took_part(policy, other), "sessions": policy.sessions, "cost": result.cost}
    frame = pd.DataFrame(out)
    came = (policy.place != books.UNBORN) | (other.place != books.UNBORN)
    return frame[came].sort_values("id", ignore_index=True)


def _named(codes: np.ndarray, names: tuple[str, ...]) -> pd.Categorical:
    """Codes with their names: text to a reader, a byte a person on disk."""
    return pd.Categorical(np.asarray(names, object)[codes], categories=list(names))
