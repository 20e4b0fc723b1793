"""A month's sessions of one service: what a strategy's `deliver` is handed, and the log of what it touches."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.town.town import Town

STAFF = -1
"""Giver of what the service's own staff give."""


@dataclass(slots=True)
class Touch:
    """Which levers were used, how often and on whom, and which residents gave what was received."""

    on: dict[str, list[np.ndarray]] = field(default_factory=dict)
    """Rows on which each lever was used, by use."""
    givers: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Rows served, and the identity of the resident who gave it (`STAFF` if none did)."""

    def note(self, lever: str, rows: np.ndarray) -> None:
        """Note one use of a lever on the people in ``rows``."""
        self.on.setdefault(lever, []).append(rows)


@dataclass(slots=True)
class Session:
    """Who is there this month, how well it goes, and the books.

    The arrays have one entry for each person served, in the order of ``rows``. Everything a strategy does to the town it does
    by handing this to a lever of `careersim.services.levers`.
    """

    town: Town
    params: Parameters
    month: int
    slot: int
    """Number of the service in its arm: names its luck."""
    rows: np.ndarray
    """Rows of the people served; residents, each once."""
    quality: np.ndarray
    """What individual content conveys: 1 is an interview at the caseload that the price pays for."""
    number: np.ndarray
    """Which session of the programme this is for the person, from 1."""
    group: np.ndarray
    """Number of the person's group; -1 if not in one."""
    memory: dict[str, np.ndarray]
    """The strategy's own arrays, kept from month to month."""
    shadow: bool = False
    """Whether levers do nothing: it is only noted who would have come. What merely prepares a lever may then be left out."""
    in_work: np.ndarray | None = None
    """Share of all who began in the person's group, also those who came no more, who are in work; None if not known."""
    touch: Touch = field(default_factory=Touch)
    costs: dict[str, float] = field(default_factory=dict)
    """GBP beyond the price of the sessions, by name: public_cost, unpaid_value, employer_cost, users_cost."""

    def only(self, chosen: np.ndarray) -> Session:
        """Return the same session with those for whom the mask ``chosen`` is true; the books are shared."""
        in_work = None if self.in_work is None else self.in_work[chosen]
        return Session(
            self.town, self.params, self.month, self.slot, self.rows[chosen], self.quality[chosen], self.number[chosen],
            self.group[chosen], self.memory, self.shadow, in_work, self.touch, self.costs,
        )  # fmt: skip

    def given_by(self, givers: np.ndarray) -> None:
        """Note which resident (row; -1 nobody) gave each person served what was received: shown in the record."""
        some = givers >= 0
        self.touch.givers.append((self.rows[some], self.town.people.id[givers[some]].astype(np.int64)))

    def charge(self, name: str, gbp: float) -> None:
        """Add to the bill: ``public_cost``, ``unpaid_value``, ``employer_cost`` or ``users_cost``."""
        self.costs[name] = self.costs.get(name, 0.0) + gbp

    @property
    def ids(self) -> np.ndarray:
        """Identities of those served."""
        return self.town.people.id[self.rows]
