"""Ties: symmetric, without doubles, within their slots, the same for any order of rows; and stationary."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import neighbourly_town, parameters, ties_from

from careersim.month import ties as submodel
from careersim.town.build_ties import build_network
from careersim.town.columns import (
    BROKERED,
    COACHING_GROUP,
    COWORKER,
    ELSEWHERE,
    GONE,
    HERE,
    IN_MIGRANT,
    KIN_FRIEND,
    NEIGHBOUR,
    PUPIL,
    SCHOOL_LEAVER,
    Ties,
)
from careersim.town.network import clustering, degree, economic_connectedness
from careersim.town.tie_rows import settle
from careersim.town.town import Town

OFTEN = {"keep_up_every": 1, "meet_every": 1}


def edges(ties: Ties, ids: np.ndarray) -> dict[tuple[int, int], tuple[bytes, int]]:
    """Directed ties by identities, with the bits of their strength and the kind."""
    i, k = np.nonzero(ties.contact >= 0)
    pairs = zip(ids[i].tolist(), ids[ties.contact[i, k]].tolist(), strict=True)
    return dict(zip(pairs, zip(map(bytes, ties.strength[i, k]), ties.kind[i, k].tolist(), strict=True), strict=True))


def check_sound(town: Town) -> None:
    """Symmetric to the bit, no self ties, no doubles, free slots last, sorted by identity, nobody gone."""
    ties, ids = town.ties, town.people.id
    listed = edges(ties, ids)
    assert len(listed) == (ties.contact >= 0).sum(), "a contact is listed twice"
    assert all(a != b for a, b in listed)
    assert all(listed.get((b, a)) == value for (a, b), value in listed.items())
    free = ties.contact < 0
    assert (np.diff(free.astype(int), axis=1) >= 0).all(), "a free slot lies before a tie"
    assert (ties.kind[free] == 0).all()
    assert (ties.strength[free] == 0).all()
    assert (ties.kind[~free] > 0).all()
    assert ((ties.strength[~free] > 0) & (ties.strength[~free] <= 1)).all()
    order = np.where(free, np.iinfo(np.int64).max, ids[ties.contact].astype(np.int64))
    assert (np.diff(order, axis=1) >= 0).all(), "ties are not sorted by identity"
    assert not (town.people.residence[ties.contact[~free]] == GONE).any()


def with_network(n: int = 600, seed: int = 1, connectedness: float = 0.45, **more: float) -> Town:
    """A neighbourly town with its start network."""
    town = neighbourly_town(n, seed, **more)
    place = SimpleNamespace(connectedness=connectedness)
    found = build_network(town.people, place, parameters(), town.key, town.posts, town.employers)
    town.ties, town.solved.origin_homophily = found.ties, found.origin_homophily
    return town


def churn(town: Town, rng: np.random.Generator, month: int, share: float = 0.01) -> None:
    """People leave for elsewhere or for good, others come back, some change employer."""
    people = town.people
    rows = rng.permutation(np.flatnonzero(people.residence == HERE))[: int(share * len(people))]
    people.residence[rows] = rng.choice([ELSEWHERE, GONE], len(rows))
    people.post[rows] = -1
    back = rng.permutation(np.flatnonzero(people.residence == ELSEWHERE))[: len(rows) // 2]
    people.residence[back] = HERE
    people.moved_month[back] = month - 1
    movers = rng.permutation(np.flatnonzero(people.post >= 0))[: len(rows)]
    people.post[movers] = rng.integers(0, len(town.posts), len(movers))


def permuted(town: Town, seed: int = 5) -> tuple[Town, np.ndarray]:
    """The same town with its people in another order, and the old row of each new row."""
    old_row = np.random.default_rng(seed).permutation(len(town.people))
    new_row = np.append(np.argsort(old_row), -1).astype(np.int32)
    people, ties = town.people.take(old_row), town.ties.take(old_row)
    people.parent[:] = new_row[people.parent]
    ties.contact[:] = new_row[ties.contact]
    other = neighbourly_town(len(town.people))
    for name in ("key", "posts", "employers", "solved"):
        setattr(other, name, getattr(town, name))
    other.people, other.ties = people, ties
    return other, old_row


@pytest.mark.parametrize("max_ties", [4, 16])
def test_ties_stay_sound_through_churn(max_ties):
    params = parameters(ties={**OFTEN, "max_ties": max_ties})
    town, rng = neighbourly_town(500, max_ties=max_ties), np.random.default_rng(1)
    for month in range(30):
        churn(town, rng, month)
        town.tallies.clear()
        before = (town.ties.contact >= 0).sum() // 2
        submodel.step(town, params, month)
        check_sound(town)
        after = (town.ties.contact >= 0).sum() // 2
        assert after - before == town.tallies["ties_formed"] - town.tallies["ties_lost"]
    assert after > 500


def test_order_of_rows_does_not_matter():
    town = with_network(500)
    other, old_row = permuted(town)
    rng = np.random.default_rng(2)
    for month in range(12):
        churn(town, rng, month)
        for name in ("residence", "post", "moved_month"):
            getattr(other.people, name)[:] = getattr(town.people, name)[old_row]
        rows = rng.integers(0, 500, (2, 40))
        new_row = np.argsort(old_row)
        for t, r in ((town, rows), (other, new_row[rows])):
            t.tallies.clear()
            t.tallies["proposals"] = [(r[0], r[1], np.full(40, BROKERED), np.full(40, 0.5))]
            submodel.step(t, parameters(ties=OFTEN), month)
    assert edges(town.ties, town.people.id) == edges(other.ties, other.people.id)
    assert (town.ties.strength[old_row] == other.ties.strength).all(), "slots are in another order"


def test_threads_do_not_matter():
    from careersim.town import threads

    found = []
    least = threads.MIN_ROWS_PER_THREAD
    for n in (1, 3):
        town = with_network(500)
        threads.MIN_ROWS_PER_THREAD = 50
        threads.set_threads(n)
        try:
            for month in range(6):
                submodel.step(town, parameters(ties=OFTEN), month)
        finally:
            threads.MIN_ROWS_PER_THREAD = least
            threads.set_threads(1)
        found.append(town.ties)
    assert all((getattr(found[0], c) == getattr(found[1], c)).all() for c in ("contact", "strength", "kind"))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(2, 14), width=st.integers(2, 6))
def test_settling_keeps_what_both_keep(data, n, width):
    """Against the rule in plain Python: rank by (strength, pair luck), keep the width, live if both keep."""
    from careersim.chance import TIE_RANK, pair_luck

    town = neighbourly_town(n, max_ties=width)
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    strength = st.sampled_from([0.25, 0.5, 0.75])
    proposals = data.draw(st.lists(st.tuples(pair, strength, st.sampled_from([1, 2, 3])), max_size=60))
    old: dict[frozenset, tuple[float, int]] = {}
    room = dict.fromkeys(range(n), width)
    for a, b in data.draw(st.lists(pair, max_size=20)):
        if a != b and frozenset((a, b)) not in old and room[a] and room[b]:
            old[frozenset((a, b))] = (0.5, NEIGHBOUR)
            room[a], room[b] = room[a] - 1, room[b] - 1
    for edge in old:
        a, b = edge
        settle(town.key, 0, town.people, town.ties, *(np.array([x]) for x in (a, b, NEIGHBOUR, 0.5)))
    alive = dict(old)
    for (a, b), s, kind in proposals:
        edge = frozenset((a, b))
        if len(edge) == 2:
            s_old, kind_old = alive.get(edge, (s, kind))
            kind = (KIN_FRIEND if kind == KIN_FRIEND else kind_old) if edge in old else min(kind, kind_old)
            alive[edge] = (max(s, s_old), kind)

    def rank(edge: frozenset) -> tuple:
        a, b = edge
        ids = town.people.id
        return alive[edge][0], pair_luck(town.key, TIE_RANK, 7, ids[a], ids[b])

    keeps = {i: sorted((e for e in alive if i in e), key=rank)[-width:] for i in range(n)}
    expected = {e: v for e, v in alive.items() if all(e in keeps[i] for i in e)}
    columns = (np.array([p[0][0] for p in proposals], int), np.array([p[0][1] for p in proposals], int))
    more = np.array([p[2] for p in proposals], int), np.array([p[1] for p in proposals])
    formed, lost = settle(town.key, 7, town.people, town.ties, *columns, *more)
    check_sound(town)
    i, k = np.nonzero(town.ties.contact >= 0)
    found = {
        frozenset((a, b)): (s, c)
        for a, b, s, c in zip(
            i.tolist(),
            town.ties.contact[i, k].tolist(),
            town.ties.strength[i, k].tolist(),
            town.ties.kind[i, k].tolist(),
            strict=True,
        )
    }
    assert found == expected
    assert formed == len(set(expected) - set(old))
    assert lost == len(set(old) - set(expected))


def two_people(kind: int, residence: int = HERE, together: bool = False) -> Town:
    """Two residents tied with strength 1/2, who meet nobody; at the same employer or not, in different streets of the town."""
    town = neighbourly_town(100, employed=0.0)
    town.ties = ties_from(np.array([[0, 1]]), 100, 16)
    town.ties.kind[[0, 1], 0] = kind
    town.people.neighbourhood[:2] = 0, 1
    town.people.residence[1] = residence
    town.people.post[:2] = (0, 0) if together else (-1, -1)
    town.people.id[:2] = 1000, 1001
    return town


def strength_after(town: Town, months: int, **own: float) -> float:
    params = parameters(
        ties={"friend_rate": 0.0, "meet_rate": 0.0, "lasting_close": 1200.0, "lasting_weak": 1200.0, **own}
    )
    for month in range(months):
        submodel.step(town, params, month)
    assert town.ties.strength[0, 0] == town.ties.strength[1, 0]
    return float(town.ties.strength[0, 0])


def test_decay_without_contact_halves_in_a_half_life():
    assert strength_after(two_people(COWORKER), 12, weak_half_life=12.0) == pytest.approx(0.25, rel=1e-5)
    assert strength_after(two_people(COACHING_GROUP), 12, weak_half_life=12.0) == pytest.approx(0.25, rel=1e-5)


def test_contact_renews_and_distance_fades_faster():
    assert strength_after(two_people(COWORKER, together=True), 60, weak_strength=0.7) == pytest.approx(0.7, abs=0.01)
    assert strength_after(two_people(KIN_FRIEND), 60, close_strength=0.9) == pytest.approx(0.9, abs=0.01)
    away = strength_after(two_people(KIN_FRIEND, ELSEWHERE), 12, close_half_life=24.0, distance_factor=0.5)
    assert away == pytest.approx(0.25, rel=1e-5)


def test_weak_ties_end_and_ties_to_the_gone_are_removed():
    town = two_people(COWORKER)
    assert strength_after(town, 60) == 0.0
    assert town.ties.contact[0, 0] == -1
    town = two_people(KIN_FRIEND, GONE)
    submodel.step(town, parameters(ties={"dynamics": "off"}), 3)
    assert (town.ties.contact == -1).all()
    assert town.tallies["ties_lost"] == 1


def test_off_changes_nothing_else():
    town = with_network(300)
    before = town.ties.copy()
    town.tallies["proposals"] = [tuple(np.array([x]) for x in (0, 7, BROKERED, 1.0))]
    for month in range(12):
        submodel.step(town, parameters(ties={"dynamics": "off"}), month)
    assert all((getattr(before, c) == getattr(town.ties, c)).all() for c in ("contact", "strength", "kind"))


def test_services_proposals_become_ties():
    town = neighbourly_town(200)
    town.tallies["proposals"] = [(np.array([3, 4]), np.array([9, 9]), np.full(2, COACHING_GROUP), np.full(2, 0.8))]
    submodel.step(town, parameters(ties={"friend_rate": 0.0, "meet_rate": 0.0}), 5)
    assert sorted(town.ties.contact[9][town.ties.contact[9] >= 0]) == [3, 4]
    assert (town.ties.kind[9, :2] == COACHING_GROUP).all()
    assert town.tallies["ties_formed"] == 2


def test_newcomers_are_welcome_and_new_pupils_tied_to_their_parent():
    town = neighbourly_town(400)
    people = town.people
    adult, pupil = np.flatnonzero(people.stage != PUPIL)[0], np.flatnonzero(people.stage == PUPIL)[0]
    people.entry_month[[adult, pupil]] = 8
    people.origin_kind[[adult, pupil]] = IN_MIGRANT, SCHOOL_LEAVER
    submodel.step(town, parameters(ties={"friend_rate": 0.0, "meet_rate": 0.0}), 8)
    met = town.ties.contact[adult][town.ties.contact[adult] >= 0]
    assert len(met) >= 2
    assert (people.neighbourhood[met] == people.neighbourhood[adult]).all()
    assert people.parent[pupil] in town.ties.contact[pupil]
    assert (town.ties.contact[pupil] >= 0).sum() >= 3


@pytest.mark.parametrize("connectedness", [0.40, 0.47])
def test_network_is_stationary_when_everybody_stays(connectedness):
    town = with_network(2000, connectedness=connectedness)
    start = economic_connectedness(town)
    for month in range(480):
        submodel.step(town, parameters(), month)
    assert 9.0 < degree(town) < 14.0
    assert 4.0 < (town.ties.kind == KIN_FRIEND).sum() / 2000 < 6.5
    assert 0.10 < clustering(town) < 0.35
    assert economic_connectedness(town) == pytest.approx(start, abs=0.05)
