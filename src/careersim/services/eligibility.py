"""Who may have a service: a small declarative rule over any column.

``{"gender": "women", "stage": ["student", "working life"], "age": [16, 25], "unemployed_months_min": 3, "in_work": False}`` reads: women,
students or in working life, aged 16 to 25 (both ends allowed), out of work for at least 3 months, without a post. All parts
must hold. Besides the columns of `careersim.town.columns.People` there are those of `DERIVED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from careersim.kernels import kernel
from careersim.scenario.errors import nearest, shown
from careersim.town.columns import (
    ACTIVE,
    DISCOURAGED,
    HERE,
    QUALIFICATION_NAMES,
    REASON_NAMES,
    RESIDENCE_NAMES,
    SECTOR_NAMES,
    STAGE_NAMES,
    STUDENT,
    WORKING,
    People,
)
from careersim.town.town import Town

STATUS_NAMES = ("in work", "unemployed", "discouraged", "inactive", "in education")

NAMES: dict[str, tuple[str, ...]] = {
    "gender": ("men", "women"),
    "ethnicity": ("majority", "minority"),
    "origin_kind": ("initial", "school leaver", "in-migrant"),
    "residence": RESIDENCE_NAMES,
    "stage": STAGE_NAMES,
    "reason": REASON_NAMES,
    "qualification": QUALIFICATION_NAMES,
    "status": STATUS_NAMES,
    "sector": SECTOR_NAMES,
}
"""Words for the codes of a column."""


def _age(town: Town, month: int) -> np.ndarray:
    return (month - town.people.birth_month) // 12


def _age_at_start(town: Town, month: int) -> np.ndarray:
    return (town.policy_start - town.people.birth_month) // 12


def _in_work(town: Town, month: int) -> np.ndarray:
    return town.people.post >= 0


def _unemployed_months(town: Town, month: int) -> np.ndarray:
    since = town.people.jobless_since
    return np.where(since >= 0, month - since, 0)


@kernel
def _status_of(stage, post, reason):
    out = np.empty(stage.shape[0], np.int8)
    for i in range(stage.shape[0]):
        out_of_work = 1 if reason[i] == ACTIVE else 2 if reason[i] == DISCOURAGED else 3
        adult = 0 if post[i] >= 0 else out_of_work if stage[i] == WORKING else 3
        out[i] = 4 if stage[i] <= STUDENT else adult
    return out


def _status(town: Town, month: int) -> np.ndarray:
    return _status_of(town.people.stage, town.people.post, town.people.reason)


def _origin_third(town: Town, month: int) -> np.ndarray:
    return np.minimum((town.people.origin * 3.0).astype(np.int8), 2)


def _sector(town: Town, month: int) -> np.ndarray:
    return np.where(town.people.post >= 0, town.posts.sector[np.maximum(town.people.post, 0)], -1)


DERIVED: dict[str, Callable[[Town, int], np.ndarray]] = {
    "age": _age,
    "age_at_start": _age_at_start,
    "in_work": _in_work,
    "unemployed_months": _unemployed_months,
    "status": _status,
    "origin_third": _origin_third,
    "sector": _sector,
}
"""Columns computed from others: years of age now and when policy began, whether in a post, months out of work, status, origin 0..2, sector worked in."""


def known_names() -> list[str]:
    """Return every name a rule may use."""
    one_wide = [n for n, f in People.columns().items() if not f.metadata["width"]]
    return sorted({*one_wide, *DERIVED})


def _split(name: str) -> tuple[str, str]:
    """Split ``unemployed_months_min`` into column and bound."""
    for bound in ("min", "max"):
        if name.endswith(f"_{bound}"):
            return name.removesuffix(f"_{bound}"), bound
    return name, ""


def _coded(column: str, value: Any) -> Any:
    """Turn a word into its code."""
    if isinstance(value, str):
        words = NAMES.get(column, ())
        if value not in words:
            raise ValueError(_unknown(value, words) if words else f"{column} is a number, found {shown(value)}")
        return words.index(value)
    if not isinstance(value, int | float):
        raise ValueError(f"{column} needs a number or a word, found {shown(value)}")
    return value


def _unknown(name: object, known: Sequence[str]) -> str:
    close = nearest(name, known)
    hint = f"; did you mean {close}?" if close else f"; known: {', '.join(known)}"
    return f"there is no {shown(name)}{hint}"


def check(rules: Mapping[str, Any]) -> None:
    """Refuse rules that cannot be read.

    Raises
    ------
    ValueError
        For an unknown column, word or form, with the nearest known name.
    """
    known = known_names()
    for name, value in rules.items():
        column, bound = _split(name)
        if column not in known:
            raise ValueError(_unknown(name, known))
        several = isinstance(value, list | tuple)
        if several and (bound or len(value) == 0 or (not _by_name(column, value) and len(value) != 2)):
            raise ValueError(f"{name} needs one number, two ends or a list of words, found {shown(value)}")
        for one in value if several else [value]:
            _coded(column, one)


def _by_name(column: str, values: Sequence[Any]) -> bool:
    return column in NAMES and any(isinstance(v, str) for v in values)


def _any_of(values: np.ndarray, codes: Sequence[int]) -> np.ndarray:
    found = values == codes[0]
    for code in codes[1:]:
        found |= values == code
    return found


def mask(town: Town, month: int, rules: Mapping[str, Any]) -> np.ndarray:
    """Return which rows live in town and meet all rules."""
    keep = town.people.residence == HERE
    for name, rule in rules.items():
        column, bound = _split(name)
        values = DERIVED[column](town, month) if column in DERIVED else getattr(town.people, column)
        if isinstance(rule, list | tuple):
            codes = [_coded(column, v) for v in rule]
            found = _any_of(values, codes) if _by_name(column, rule) else (values >= codes[0]) & (values <= codes[1])
        elif bound:
            found = values >= rule if bound == "min" else values <= rule
        else:
            found = values == _coded(column, rule)
        keep &= found
    return keep
