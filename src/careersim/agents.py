"""Mesa views: an agent's face on one row of the town's columns, made when somebody asks for it.

The town's state is columns; nothing here holds any. A million people make no million objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import mesa
import numpy as np

from careersim.town.columns import ELSEWHERE, HERE

if TYPE_CHECKING:
    from careersim.model import CareerModel


class _View(mesa.Agent):
    """A `mesa.Agent` that reads and writes one row; it is not registered anywhere and costs nothing when dropped."""

    _table = ""

    def __init__(self, model: CareerModel, row: int) -> None:
        # mesa.Agent.__init__ would register the view and keep the model alive for ever (Mesa 3.3: Agent._ids)
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", int(row))
        object.__setattr__(self, "pos", None)

    def __getattr__(self, name: str) -> Any:
        table = getattr(self.model.town, type(self)._table)
        if name not in table.columns():
            raise AttributeError(f"{type(self).__name__} has no column {name!r}")
        return getattr(table, name)[self.row]

    def __setattr__(self, name: str, value: Any) -> None:
        table = getattr(self.model.town, type(self)._table)
        if name not in table.columns():
            raise AttributeError(f"{type(self).__name__} has no column {name!r}")
        getattr(table, name)[self.row] = value

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.model is self.model and other.row == self.row

    def __hash__(self) -> int:
        return hash((type(self).__name__, id(self.model), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"


class Worker(_View):
    """One person; attributes are the columns of `careersim.town.columns.People`."""

    _table = "people"

    @property
    def unique_id(self) -> int:
        """Identity of the person, the same in every world."""
        return int(self.model.town.people.id[self.row])

    @property
    def age(self) -> float:
        """Age in years."""
        return (self.model.town.month - int(self.birth_month)) / 12.0

    @property
    def contacts(self) -> list[Worker]:
        """People this person has a tie to."""
        return [Worker(self.model, j) for j in self.model.town.ties.contact[self.row] if j >= 0]

    @property
    def employer(self) -> Employer | None:
        """Present employer, or None."""
        return None if self.post < 0 else Employer(self.model, self.model.town.posts.employer[self.post])


class Employer(_View):
    """One employer slot; attributes are the columns of `careersim.town.columns.Employers`."""

    _table = "employers"

    @property
    def unique_id(self) -> int:
        """Slot of the employer."""
        return self.row

    @property
    def staff(self) -> list[Worker]:
        """Residents who hold one of the employer's posts."""
        w, p = self.model.town.people, self.model.town.posts
        held = (w.post >= 0) & (p.employer[w.post] == self.row)
        return [Worker(self.model, int(i)) for i in np.flatnonzero(held)]


class People(Sequence):
    """The residents as a lazy sequence of `Worker` views, in the spirit of `mesa.agent.AgentSet`."""

    def __init__(self, model: CareerModel, rows: np.ndarray | None = None) -> None:
        self.model = model
        self.rows = np.flatnonzero(model.town.people.residence == HERE) if rows is None else rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Worker: ...
    @overload
    def __getitem__(self, index: slice) -> People: ...
    def __getitem__(self, index: int | slice) -> Worker | People:
        if isinstance(index, slice):
            return People(self.model, self.rows[index])
        return Worker(self.model, int(self.rows[index]))

    def __iter__(self) -> Iterator[Worker]:
        return (Worker(self.model, int(row)) for row in self.rows)

    def __contains__(self, item: object) -> bool:
        return isinstance(item, Worker) and item.model is self.model and item.row in self.rows

    def select(self, keep: Callable[[Worker], bool]) -> People:
        """Return the people for whom ``keep`` is true."""
        return People(self.model, np.array([w.row for w in self if keep(w)], dtype=np.intp))

    def get(self, column: str) -> np.ndarray:
        """Return a column of `careersim.town.columns.People` for these people."""
        return getattr(self.model.town.people, column)[self.rows]

    def leavers(self) -> People:
        """Return the people who live elsewhere and once lived here."""
        w = self.model.town.people
        return People(self.model, np.flatnonzero((w.residence == ELSEWHERE) & (w.moved_month >= 0)))
