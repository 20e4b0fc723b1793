"""What a service remembers: who is in a programme, who waits, the purse, and the record of what each person received."""

from __future__ import annotations

from collections.abc import Callable
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
    joined: np.ndarray = column(np.int8, "flag", "has joined the joint action of the group")


@dataclass(slots=True)
class Received(Table):
    """One row for each time a person received something during policy: what, when, by whom, at what cost."""

    month: np.ndarray = column(np.int32, "month", "month of the policy period, from 0")
    person: np.ndarray = column(np.uint32, "", "identity of the person")
    service: np.ndarray = column(np.int8, "number", "0 today's provision, 1, 2, … what the arm adds")
    number: np.ndarray = column(np.int16, "count", "session of the programme, from 1; 0 a month of joint action")
    group: np.ndarray = column(np.int32, "number", "group that met; -1 none", -1)
    by: np.ndarray = column(np.int64, "", "identity of the resident who gave it; -1 the service's staff", -1)
    levers: np.ndarray = column(np.uint32, "bit set", "levers used on the person, in the order of `levers.LEVERS`")
    quality: np.ndarray = column(np.float32, "ratio", "what individual content conveyed; 1 an interview")
    public_cost: np.ndarray = column(np.float32, "GBP", "public money")
    unpaid_value: np.ndarray = column(np.float32, "GBP", "unpaid hours, priced")
    employer_cost: np.ndarray = column(np.float32, "GBP", "cost to employers")
    users_cost: np.ndarray = column(np.float32, "GBP", "fee that the person paid")


_NUMBERS = {"purse": float, "granted": float, "spent": float, "n_groups": int}


@dataclass(slots=True)
class ServiceState:
    """A service's own state in one run: copied with a fork and saved with the town."""

    participants: Participants
    purse: float = 0.0
    """GBP carried over from earlier months; below 0 what is still owed for them."""
    granted: float = 0.0
    """GBP granted since the service began."""
    spent: float = 0.0
    """GBP drawn on the budget since the service began."""
    n_groups: int = 0
    """Groups formed so far."""
    memory: dict[str, np.ndarray] = field(default_factory=dict)
    """A strategy's own arrays (for example per employer), if it needs any."""
    record: list[Callable[[], Received]] = field(default_factory=list)
    """What was received, session by session: each makes its table when the record is read (and never another, so that forks may
    share them)."""

    @classmethod
    def fresh(cls, n_rows: int = 0) -> ServiceState:
        """Return the state of a service that has not begun."""
        return cls(Participants.empty(n_rows))

    def copy(self) -> ServiceState:
        """Return an independent copy."""
        memory = {name: a.copy() for name, a in self.memory.items()}
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return ServiceState(self.participants.copy(), memory=memory, record=list(self.record), **numbers)

    def received(self) -> Received:
        """Return the record of what each person received, in the order in which it was given."""
        tables = [Received.empty(0), *(table() for table in self.record)]
        return Received(**{name: np.concatenate([getattr(t, name) for t in tables]) for name in Received.columns()})

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
        out.update({f"received/{name}": a for name, a in self.received().arrays().items()})
        return out

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> ServiceState:
        """Rebuild a state from `to_arrays`."""
        people = Participants(**{c: arrays[f"participants/{c}"] for c in Participants.columns()})
        numbers = {name: kind(arrays[name]) for name, kind in _NUMBERS.items()}
        memory = {n.removeprefix("memory/"): a for n, a in arrays.items() if n.startswith("memory/")}
        record = Received(**{c: arrays[f"received/{c}"] for c in Received.columns()})
        return cls(people, memory=memory, record=[lambda: record], **numbers)
