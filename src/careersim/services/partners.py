"""Whom a service can introduce people to: brokers here, their contacts, people elsewhere, members of one's group.

Brokers and clients meet on a ring. Every willing broker stands at a point of a circle drawn by luck, every client starts at
a point of their own and walks on to the first broker with room who is new to them; clients walk in the order of their luck.
One more broker or client therefore changes only the meetings nearby on the ring (consistent hashing: Karger et al. 1997),
nothing depends on the order of rows, and a town of a million costs no more per client than a town of a thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.scenario.parameters import Parameters
from careersim.services.session import Session
from careersim.town.columns import BROKERED, ELSEWHERE, HERE
from careersim.town.tie_rows import slot_of
from careersim.town.town import Town

_WILLING, _ROOM, _RING, _RING_ELSEWHERE, _START, _CONTACT, _MENTOR = 0, 1, 2, 3, 4, 5, 6
_MAX_STEPS = 64
_HIGHER_CLASS = 2
_TOP_THIRD = 2.0 / 3.0


@kernel
def walk_ring(clients, starts, points, hosts, room, contact, out):
    """Give each client, in the order given, the first host at or after their start who has room and is new to them."""
    n = hosts.shape[0]
    for c in range(clients.shape[0]):
        out[c] = -1
        first = np.searchsorted(points, starts[c])
        for step in range(min(n, _MAX_STEPS)):
            h = (first + step) % n
            j = hosts[h]
            if room[h] > 0 and j != clients[c] and slot_of(contact, clients[c], j) < 0:
                out[c] = j
                room[h] -= 1
                break


@kernel
def contacts_of(clients, of, key, month, slot, ids, residence, post, contact, strength, out):
    """For each client the employed resident contact of ``of`` who is new to them, by luck weighted with strength."""
    for c in range(clients.shape[0]):
        out[c] = -1
        best = -1.0
        for k in range(contact.shape[1] if of[c] >= 0 else 0):
            j = contact[of[c], k]
            if j < 0 or j == clients[c] or residence[j] != HERE or post[j] < 0 or slot_of(contact, clients[c], j) >= 0:
                continue
            u = chance.uniform(key, chance.BROKER, month, ids[clients[c]], ids[j], _CONTACT + slot * 16)
            luck = u ** (1.0 / max(strength[of[c], k], 1e-6))
            if luck > best:
                best = luck
                out[c] = j


@inlined
def is_placed(i, post, origin, occupation, social_class):
    """Whether somebody in work is placed to broker: in a higher post, or with origin in the top third."""
    return (social_class[occupation[post[i]]] == _HIGHER_CLASS) | (origin[i] >= _TOP_THIRD)


@kernel
def willing_brokers(share, key, ids, residence, post, origin, occupation, social_class):
    """Rows of the residents in work who are placed to broker and willing, as a ``share`` of them is; it is the same for life."""
    rows, n, m, k = np.empty(residence.shape[0], np.int64), 0, 0, 0
    for i in range(residence.shape[0]):
        rows[n] = i
        n += (residence[i] == HERE) & (post[i] >= 0)
    for i in rows[:n]:
        rows[m] = i
        m += is_placed(i, post, origin, occupation, social_class)
    luck = chance.uniforms(key, chance.BROKER, 0, ids[rows[:m]], _WILLING)
    for r in range(m):
        rows[k] = rows[r]
        k += luck[r] < share
    return rows[:k].copy()


@kernel
def room_for_mentees(hosts, most, kind):
    """How many mentees each of ``hosts`` has room for, who keeps at ``most`` so many."""
    room = np.empty(hosts.shape[0], np.int64)
    for h in range(hosts.shape[0]):
        room[h] = np.int64(np.floor(most[h]))
        for k in range(kind.shape[1]):
            room[h] -= kind[hosts[h], k] == BROKERED
    return room


@kernel
def mentors_of(clients, key, ids, residence, post, origin, occupation, social_class, contact, kind, out):
    """For each client the contact by a brokered tie who is placed to broker (the luckiest pair if several); -1 none."""
    for c in range(clients.shape[0]):
        out[c] = -1
        best = -1.0
        for k in range(contact.shape[1]):
            j = contact[clients[c], k]
            if j < 0 or kind[clients[c], k] != BROKERED or residence[j] != HERE or post[j] < 0:
                continue
            if not is_placed(j, post, origin, occupation, social_class):
                continue
            luck = chance.pair_luck(key, chance.BROKER, 0, ids[clients[c]], ids[j], _MENTOR)
            if luck > best:
                best = luck
                out[c] = j


@kernel
def pairs_within(rows, group, first, second):
    """Write all pairs of people of the same group (``rows`` sorted by group); return how many."""
    n = 0
    for a in range(rows.shape[0]):
        for b in range(a + 1, rows.shape[0]):
            if group[b] != group[a]:
                break
            first[n] = rows[a]
            second[n] = rows[b]
            n += 1
    return n


def brokers(town: Town, params: Parameters, share: float | None = None) -> np.ndarray:
    """Rows of residents who could and would broker; ``share`` of them are willing (default ``services.willing_share``)."""
    w, share = town.people, params.services.willing_share if share is None else share
    occupation, social_class = town.posts.occupation, town.occupations.social_class
    return willing_brokers(share, town.key, w.id, w.residence, w.post, w.origin, occupation, social_class)


def _on_ring(town: Town, month: int, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort ``rows`` by their point on this month's ring; return rows and points."""
    points = chance.uniforms(town.key, chance.BROKER, month, town.people.id[rows], k)
    order = np.lexsort((town.people.id[rows], points))
    return rows[order].astype(np.int32), points[order]


def _once_a_month(town: Town, month: int, name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` gives, made once for all services of a month: none of them changes where people live, work or whom they know."""
    if town.tallies.get(name, (None, None))[0] != month:
        town.tallies[name] = month, make()
    return town.tallies[name][1]


def _meet(s: Session, hosts: np.ndarray, points: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Let everybody of the session walk the ring in the order of their luck; return a host for each, -1 none."""
    starts = chance.uniforms(s.town.key, chance.BROKER, s.month, s.ids, _START + s.slot * 16)
    order = np.lexsort((s.ids, starts))
    met = np.empty(len(order), np.int32)
    walk_ring(s.rows[order].astype(np.int32), starts[order], points, hosts, room, s.town.ties.contact, met)
    out = np.empty(len(order), np.int32)
    out[order] = met
    return out


def find_brokers(s: Session, share: float | None = None, among: np.ndarray | None = None) -> np.ndarray:
    """For each person served a broker who has room for a further mentee and is new to them; -1 if there is none.

    ``share`` of those placed to broker are willing (default ``services.willing_share``); ``among`` is a mask over people: only these
    are asked.
    """
    town = s.town
    share = s.params.services.willing_share if share is None else share

    def ring() -> tuple[np.ndarray, ...]:
        hosts, points = _on_ring(town, s.month, brokers(town, s.params, share), _RING)
        luck = chance.uniforms(town.key, chance.BROKER, 0, town.people.id[hosts], _ROOM)
        return hosts, points, room_for_mentees(hosts, s.params.services.mentees_per_mentor + luck, town.ties.kind)

    hosts, points, room = _once_a_month(town, s.month, f"ring of brokers, {share}", ring)
    if among is not None:
        hosts, points, room = (a[among[hosts]] for a in (hosts, points, room))
    return _meet(s, hosts, points, room.copy())


def find_elsewhere(s: Session) -> np.ndarray:
    """For each person served somebody in work elsewhere who is new to them; -1 if there is none."""
    w = s.town.people

    def ring() -> tuple[np.ndarray, ...]:
        pool = ((w.residence == ELSEWHERE) & (w.elsewhere_employed == 1)).nonzero()[0]
        return _on_ring(s.town, s.month, pool, _RING_ELSEWHERE)

    hosts, points = _once_a_month(s.town, s.month, "ring elsewhere", ring)
    return _meet(s, hosts, points, np.full(len(hosts), len(s.rows), np.int64))


def find_mentors(s: Session) -> np.ndarray:
    """For each person served the resident mentor they have; -1 none."""
    town, out = s.town, np.empty(len(s.rows), np.int32)
    w, p, t = town.people, town.posts, town.ties
    mentors_of(
        s.rows, town.key, w.id, w.residence, w.post, w.origin, p.occupation, town.occupations.social_class, t.contact,
        t.kind, out,
    )  # fmt: skip
    return out


def find_contacts_of(s: Session, of: np.ndarray) -> np.ndarray:
    """For each person served a contact, in work and new to them, of the person ``of`` (row; -1 none)."""
    town, out = s.town, np.empty(len(s.rows), np.int32)
    w, t = town.people, town.ties
    contacts_of(s.rows, of, town.key, s.month, s.slot, w.id, w.residence, w.post, t.contact, t.strength, out)
    return out


def pairs_of_groups(s: Session) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of people of the session who are in the same group."""
    order = np.lexsort((s.ids, s.group))
    order = order[s.group[order] >= 0]
    rows, group = s.rows[order].astype(np.int32), s.group[order]
    _, sizes = np.unique(group, return_counts=True)
    n = int((sizes * (sizes - 1) // 2).sum())
    first, second = np.empty(n, np.int32), np.empty(n, np.int32)
    pairs_within(rows, group, first, second)
    return first, second
