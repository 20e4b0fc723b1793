"""Whole groups and their small groups: who sits with whom, and what each small group has come to.

A small group is known by its number (the column `group` of those who take part) and a row of the table here; small groups with one
``whole`` form one whole group. Luck of a group is that of its lead, the member with the lowest identity: numbers of groups
depend on what happens in a world, identities do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_COLUMNS = ("whole", "lead", "whole_lead", "agreed", "options", "plan")


@dataclass
class Groups:
    """The small groups of one service, one row a group, kept in the service's memory."""

    memory: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        for name in _COLUMNS:
            self.memory.setdefault(f"group_{name}", np.empty(0, np.int64))
        for name in ("member_id", "member_whole"):
            self.memory.setdefault(name, np.empty(0, np.int64))

    def seat_members(self, ids: np.ndarray, whole: np.ndarray) -> None:
        """Remember who began in which whole group."""
        for name, new in (("member_id", ids), ("member_whole", whole)):
            self.memory[name] = np.concatenate([self.memory[name], np.asarray(new, np.int64)])

    def began(self, wholes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the identities of all who began in the whole groups, and the group of each (position in ``wholes``, sorted)."""
        inside = np.isin(self.memory["member_whole"], wholes)
        return self.memory["member_id"][inside], np.searchsorted(wholes, self.memory["member_whole"][inside])

    def column(self, name: str) -> np.ndarray:
        """Return a column: whole, lead, whole_lead (identities), agreed (goal), options, plan (bit sets of steps)."""
        return self.memory[f"group_{name}"]

    def __len__(self) -> int:
        return len(self.column("whole"))

    def add(self, whole: np.ndarray, lead: np.ndarray, whole_lead: np.ndarray) -> None:
        """Add small groups."""
        fresh = {"whole": whole, "lead": lead, "whole_lead": whole_lead}
        for name in _COLUMNS:
            new = np.asarray(fresh.get(name, np.zeros(len(whole))), np.int64)
            self.memory[f"group_{name}"] = np.concatenate([self.column(name), new])


def seat(order: np.ndarray, size: int, n_small: int) -> tuple[np.ndarray, np.ndarray]:
    """Seat people, given in ``order``, in whole groups of up to ``n_small`` small groups of up to ``size``, as even as can be.

    Returns small and whole group of each, both counted from 0.

    Examples
    --------
    >>> [x.tolist() for x in seat(np.arange(7), 3, 2)]
    [[0, 0, 0, 1, 1, 1, 2], [0, 0, 0, 0, 0, 0, 1]]
    """
    n = len(order)
    whole = np.arange(n) // (size * n_small)
    small = np.empty(n, np.int64)
    first = 0
    for w in range(int(whole[-1]) + 1 if n else 0):
        here = np.flatnonzero(whole == w)
        k = -(-len(here) // size)
        small[here] = first + np.arange(len(here)) * k // len(here)
        first += k
    return small, whole
