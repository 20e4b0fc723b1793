"""What a service remembers: who is in a programme, who waits, who came, and the purse."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from careersim.town.columns import Table, column

NEVER = -100_000
"""A month before all others."""


@dataclass(slots=True)
class Participants(Table):
    """One row a person (the rows of ``town.people``): where they stand with one service."""

    sessions_left: np.ndarray = column(np.int16, "count", "sessions still to come in the present programme")
    waiting: np.ndarray = column(np.int8, "flag", "asked for the service and was not yet served")
    started: np.ndarray = column(np.int32, "month", "month of the first session of the last programme", NEVER)
    group: np.ndarray = column(np.int32, "number", "group of the last programme; -1 none", -1)
    received: np.ndarray = column(np.int32, "count", "sessions received from this service since it began")
    cost: np.ndarray = column(np.float64, "GBP", "public cost of what was received from this service since it began")


_NUMBERS = {"purse": float, "granted": float, "spent": float, "n_groups": int}


@dataclass(slots=True)
class ServiceState:
    """A service's own state in one run: copied with a fork and saved with the town."""

    participants: Participants
    purse: float = 0.0
    """GBP carried over from earlier months."""
    granted: float = 0.0
    """GBP granted since the service began."""
    spent: float = 0.0
    """GBP of public money spent since the service began."""
    n_groups: int = 0
    """Groups formed so far."""
    memory: dict[str, np.ndarray] = field(default_factory=dict)
    """A strategy's own arrays (for example per employer), if it needs any."""

    @classmethod
    def fresh(cls, n_rows: int = 0) -> ServiceState:
        """Return the state of a service that has not begun."""
        return cls(Participants.empty(n_rows))

    def copy(self) -> ServiceState:
        """Return an independent copy."""
        memory = {name: a.copy() for name, a in self.memory.items()}
        return ServiceState(self.participants.copy(), self.purse, self.granted, self.spent, self.n_groups, memory)

    def fit(self, n_rows: int) -> None:
        """Make room for people whose rows were laid out since last month."""
        missing = n_rows - self.participants.received.shape[0]
        if missing > 0:
            self.participants = self.participants.extend(Participants.empty(missing))

    def take(self, rows: np.ndarray) -> None:
        """Keep only the given rows of people, in that order (when those gone for good are dropped)."""
        self.fit(int(rows.max()) + 1 if len(rows) else 0)
        self.participants = self.participants.take(rows)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return everything as named arrays."""
        out = {f"participants/{name}": a for name, a in self.participants.arrays().items()}
        out.update({name: np.asarray(getattr(self, name)) for name in _NUMBERS})
        out.update({f"memory/{name}": a for name, a in self.memory.items()})
        return out

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> ServiceState:
        """Rebuild a state from `to_arrays`."""
        people = Participants(**{c: arrays[f"participants/{c}"] for c in Participants.columns()})
        numbers = {name: kind(arrays[name]) for name, kind in _NUMBERS.items()}
        memory = {n.removeprefix("memory/"): a for n, a in arrays.items() if n.startswith("memory/")}
        return cls(people, memory=memory, **numbers)
