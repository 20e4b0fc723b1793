"""Whom one person's luck can reach (checks.md B): treat one person, and everybody who differs must be linked to them.

Links are what the model lets people act on each other through: ties, posts applied for or held at the same employer, adverts (a vacancy
filled in one world and open in the other is read in one only), and the caseload of the same service. Place-wide aggregates (unemployment, local demand, concentration, typical odds, civic capital) reach everybody, so they are held
on the baseline path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from careersim.checks.worlds import demand
from careersim.model import CareerModel
from careersim.town import state
from careersim.town.columns import ACTIVE, HERE, WORKING, Table
from careersim.town.town import Town

MOST_MOVED = 6
"""After one person is treated, at most so many hold another post for each month gone by: a vacancy chain or two."""


def treating_one(model: CareerModel, months: int = 1, person: int = 0, raise_by: float = 0.5) -> None:
    """With aggregates held on the baseline path, treating one reaches only the connected.

    The career skill of the ``person``-th seeker is raised. Each month everybody who differs must be linked to the person treated by a
    chain of people who differ. Beliefs and support spread from contact to contact, so in time many differ a little; but few hold another post.

    Raises
    ------
    Broken
        If somebody differs whom nothing connects, or more than a few hold another post.
    """
    worlds = base, treated = model.fork(), model.fork()
    w = treated.town.people
    seekers = (w.residence == HERE) & (w.stage == WORKING) & (w.reason == ACTIVE) & (w.post < 0)
    one = int(np.flatnonzero(seekers)[person])
    w.career_skill[one] = min(1.0, w.career_skill[one] + raise_by)
    reach = Reach(np.arange(len(w)) == one, np.zeros(len(treated.town.employers), bool))
    for month in range(1, months + 1):
        links = Links.before(worlds)
        for world in worlds:
            world.step()
        links.add_month(worlds)
        changed = differing(base.town.people, treated.town.people)
        demand(changed[one], "the person treated does not differ")
        changed |= links.readers
        reach.grow(changed, links)
        strangers = int(np.count_nonzero(changed & ~reach.people))
        demand(strangers == 0, f"in month {month}, {strangers} people differ whom nothing connects")
        moved, most = int(np.count_nonzero(base.town.people.post != w.post)), MOST_MOVED * month
        demand(moved <= most, f"{moved} people hold another post after {month} months, more than {most}")
        treated.town.aggregates = state.copy_record(base.town.aggregates)


@dataclass
class Links:
    """What can link people in a month, in either of two worlds."""

    contacts: list[np.ndarray]
    """Tables of contacts at the start and the end of the month."""
    people: np.ndarray
    employers: np.ndarray
    """Pairs of person and employer: who holds, held or applied for a post there this month."""
    caseload: np.ndarray
    """Who fares differently with a service: one served in somebody's place."""
    readers: np.ndarray
    """Who sent other applications in the one world than in the other."""
    adverts: np.ndarray
    """Employers whose vacancies differ between the worlds."""

    @classmethod
    def before(cls, worlds: tuple[CareerModel, CareerModel]) -> Links:
        """Return the links at the start of a month."""
        none = np.empty(0, np.int64)
        links = cls([], none, none, none, none, np.zeros(len(worlds[0].town.employers), bool))
        links._add(worlds)
        return links

    def add_month(self, worlds: tuple[CareerModel, CareerModel]) -> None:
        """Add the links of the month itself and of its end."""
        self._add(worlds)
        self.readers = applied_otherwise(worlds[0].town, worlds[1].town)
        for m in worlds:
            self._deal(m.town, m.town.tallies["app_person"], m.town.tallies["app_post"])
        self.caseload = np.zeros(len(worlds[0].town.people), bool)
        for ours, theirs in zip(worlds[0].services, worlds[1].services, strict=True):
            self.caseload |= differing(ours.state.participants, theirs.state.participants)

    def _add(self, worlds: tuple[CareerModel, CareerModel]) -> None:
        for m in worlds:
            self.contacts.append(m.town.ties.contact.copy())
            rows = np.flatnonzero(m.town.people.post >= 0)
            self._deal(m.town, rows, m.town.people.post[rows])
        ours, theirs = (m.town.posts for m in worlds)
        self.adverts[ours.employer[ours.vacancies != theirs.vacancies]] = True

    def _deal(self, town: Town, people: np.ndarray, posts: np.ndarray) -> None:
        self.people = np.concatenate([self.people, people])
        self.employers = np.concatenate([self.employers, town.posts.employer[posts]])


@dataclass
class Reach:
    """Whom and which employers the treated person has reached so far."""

    people: np.ndarray
    employers: np.ndarray

    def grow(self, changed: np.ndarray, links: Links) -> None:
        """Reach, through people who changed, everybody linked to those reached before; employers once reached stay so."""
        size = -1
        while self.people.sum() != size:
            size = int(self.people.sum())
            self.employers[links.employers[self.people[links.people]]] = True
            near = contacts_of(contacts_of(self.people, links.contacts), links.contacts)
            near[links.people[self.employers[links.employers]]] = True
            if (self.employers & links.adverts).any():
                near |= links.readers
            if (self.people & links.caseload).any():
                near |= links.caseload
            self.people = self.people | (near & changed)


def contacts_of(who: np.ndarray, tables: list[np.ndarray]) -> np.ndarray:
    """Return ``who`` and everybody who is a contact of one of them in any of the tables."""
    out = who.copy()
    for contact in tables:
        theirs = contact[who]
        out[theirs[theirs >= 0]] = True
    return out


def applied_otherwise(one: Town, other: Town) -> np.ndarray:
    """Who sent other applications this month in the one world than in the other."""
    sent = [
        set(zip(t.tallies["app_person"].tolist(), t.tallies["app_post"].tolist(), strict=True)) for t in (one, other)
    ]
    out = np.zeros(len(one.people), bool)
    out[[person for person, _ in sent[0] ^ sent[1]]] = True
    return out


def differing(a: Table, b: Table) -> np.ndarray:
    """Which rows differ in any column."""
    out = np.zeros(len(a), bool)
    for name, column in a.arrays().items():
        differs = column != getattr(b, name)
        if column.dtype.kind == "f":
            differs &= ~(np.isnan(column) & np.isnan(getattr(b, name)))
        out |= differs if differs.ndim == 1 else differs.any(axis=1)
    return out
