"""The network at the start: generated to meet published figures, or read from a file.

**Generated.** Three rings are laid through the residents, each in an order that puts likely contacts side by side:

* kin and friends: by school catchment, then age (with two years' noise);
* colleagues: by employer, team, place in the team;
* neighbours: by neighbourhood, street, house.

Walking on along a ring, each person passes a candidate with chance ``1 - c * acceptance`` (careersim.town.homophily) and becomes tied
otherwise, until the quota (half the mean degree) is met. Three numbers are found by bisection: closeness ``c`` of the first ring
so that close ties have the clustering of ``close_clustering`` (a small c reaches further along the ring, so fewer contacts know each
other); c of the other two rings so that all ties have ``clustering``; and the homophily of origin so that the share of
high-origin contacts of the low-origin half meets the place's published connectedness. The last also rules how ties form later
(careersim.month.ties), so that the network stays near its start. Pupils are tied to the parent they live with.

Time and memory grow linearly with people. In a large town the bisection uses a sample of catchments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from careersim.chance import NETWORK_START, normals, pair_luck, uniform, uniforms
from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.ties import TieParameters
from careersim.town.columns import COWORKER, HERE, KIN_FRIEND, NEIGHBOUR, PUPIL, Employers, People, Posts, Ties
from careersim.town.homophily import acceptance, homophilies, traits
from careersim.town.network import high_origin_share, mean_clustering
from careersim.town.settings import employers_of, first_teams, streets, teams
from careersim.town.tie_rows import n_ties, slot_of, tie

SAMPLE = 40_000
"""People on whom closeness and homophily are found in a larger town."""
ROUNDS = 2
"""Rounds of finding the three numbers, each given the other two."""
FUSSY, LIKED_AT_ONCE = 0.5, 3.0
"""Range of closeness: below, small settings run out of candidates; above, all but the least alike are taken at once."""
BATCH = 8
"""Candidates on a ring whose luck is drawn together."""
_FRIENDS, _COLLEAGUES, _NEIGHBOURS, _QUOTA, _AGE, _PLACE, _STRENGTH = 0, 1, 2, 10, 20, 30, 40


class HasConnectedness(Protocol):
    """What the generator needs to know of a place."""

    connectedness: float


@dataclass(frozen=True)
class StartNetwork:
    """The generated network and the three numbers found for it."""

    ties: Ties
    close_closeness: float
    """Chance that a fully liked candidate on the friends' ring is taken."""
    weak_closeness: float
    """The same on the colleagues' and neighbours' rings."""
    origin_homophily: float
    """Log odds over the whole range of origin ranks that meet the place's connectedness."""


@dataclass(frozen=True)
class _Rings:
    """Rows in ring order, and for each position the first position of its cell and the one after its last."""

    people: People
    friends: tuple[np.ndarray, ...]
    colleagues: tuple[np.ndarray, ...]
    neighbours: tuple[np.ndarray, ...]
    at_work: np.ndarray


@kernel
def _draw_candidates(key, ring, at, d, first, end, order, ids, rows, low, high, luck):
    """Write the candidates ``d``, ``d + 1`` ... behind position ``at`` and the luck of each pair; returns how many."""
    one = ids[order[at]]
    for m in range(BATCH):
        behind = first + (at - first + d + m) % (end - first)
        rows[m] = order[behind]
        low[m], high[m] = min(one, ids[rows[m]]), max(one, ids[rows[m]])
    for m in range(BATCH):
        luck[m] = uniform(key, NETWORK_START, 0, low[m], high[m], ring)
    return min(BATCH, end - first - d)


@kernel
def _join_ring(key, ring, quota, closeness, c, usual, ids, traits, homophily, laid, ties):
    """Walk along one ring and tie each person to the first ``quota`` accepted candidates behind."""
    (order, first, end), (contact, strength, kind) = laid, ties
    width, close = contact.shape[1], c == KIN_FRIEND
    rows, low, high = np.empty(BATCH, np.int32), np.empty(BATCH, np.uint32), np.empty(BATCH, np.uint32)
    luck = np.empty(BATCH)
    rounding = uniforms(key, NETWORK_START, 0, ids[order], _QUOTA + ring)
    for at in range(order.shape[0]):
        i = order[at]
        wanted = min(math.floor(quota[i] + rounding[at]), width - n_ties(contact, i))
        d, n, m = 1, 0, 0
        while wanted > 0:
            if m == n:
                n, m = _draw_candidates(key, ring, at, d, first[at], end[at], order, ids, rows, low, high, luck), 0
                d += n
                if n == 0:
                    break
            j, u = rows[m], luck[m]
            m += 1
            # the first test is cheap, and implied by the second
            if u >= closeness or u >= closeness * acceptance(i, j, close, traits, homophily):
                continue
            if slot_of(contact, i, j) < 0 and n_ties(contact, j) < width:
                s = usual * (0.5 + 0.5 * pair_luck(key, NETWORK_START, 0, ids[i], ids[j], _STRENGTH))
                tie(contact, strength, kind, ids, i, j, np.float32(s), np.int8(c))
                wanted -= 1


@kernel
def _tie_to_parents(ids, parent, is_pupil, usual, ties):
    contact, strength, kind = ties
    for i in range(ids.shape[0]):
        j = parent[i]
        if not is_pupil[i] or j < 0 or slot_of(contact, i, j) >= 0:
            continue
        if n_ties(contact, i) < contact.shape[1] and n_ties(contact, j) < contact.shape[1]:
            tie(contact, strength, kind, ids, i, j, np.float32(usual), np.int8(KIN_FRIEND))


def _ring(rows: np.ndarray, ids: np.ndarray, cell: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows sorted by (cell, place, identity), with the bounds of each one's cell."""
    order = rows[np.lexsort((ids[rows], place[rows], cell[rows]))].astype(np.int32)
    ordered = cell[order]
    new = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(order) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(new, len(order)))
    return order, np.repeat(new, sizes), np.repeat(new + sizes, sizes)


def _lay_rings(people: People, employer: np.ndarray, team: np.ndarray, params: TieParameters, key: np.uint64) -> _Rings:
    here = np.flatnonzero(people.residence == HERE)
    at_work = employer >= 0
    home = people.neighbourhood
    catchment = home // params.school_neighbourhoods
    age = people.birth_month + 24.0 * normals(key, NETWORK_START, 0, people.id, _AGE)
    place = uniforms(key, NETWORK_START, 0, people.id, _PLACE)
    street = streets(key, people.id, home, params.streets)
    friends = _ring(here, people.id, catchment, age)
    colleagues = _ring(here[at_work[here]], people.id, employer, team + place)
    neighbours = _ring(here, people.id, home, street + place)
    return _Rings(people, friends, colleagues, neighbours, at_work)


def _close_ties(rings: _Rings, params: TieParameters, key: np.uint64, c1: float, h: float, parents: bool) -> Ties:
    """Generate the ties of kin and friends for given closeness and homophily of origin, with or without those to parents."""
    people = rings.people
    out = Ties.of_width(len(people), params.max_ties)
    columns = out.contact, out.strength, out.kind
    if parents:
        _tie_to_parents(people.id, people.parent, people.stage == PUPIL, params.close_strength, columns)
    quota = np.full(len(people), params.close_degree / 2.0)
    seen, liking, usual = traits(people, len(people)), homophilies(params, h), params.close_strength
    _join_ring(key, _FRIENDS, quota, c1, KIN_FRIEND, usual, people.id, seen, liking, rings.friends, columns)
    return out


def _with_weak_ties(out: Ties, rings: _Rings, params: TieParameters, key: np.uint64, c2: float, h: float) -> Ties:
    """Add colleagues and neighbours, for given closeness and homophily of origin."""
    people, columns = rings.people, (out.contact, out.strength, out.kind)
    seen, liking, usual = traits(people, len(people)), homophilies(params, h), params.weak_strength
    weak = max(params.degree - params.close_degree, 0.0) / 2.0
    at_work = weak * params.work_share * rings.at_work
    _join_ring(key, _COLLEAGUES, at_work, c2, COWORKER, usual, people.id, seen, liking, rings.colleagues, columns)
    quota = weak - at_work
    _join_ring(key, _NEIGHBOURS, quota, c2, NEIGHBOUR, usual, people.id, seen, liking, rings.neighbours, columns)
    return out


def _generate(rings: _Rings, params: TieParameters, key: np.uint64, c1: float, c2: float, h: float) -> Ties:
    """Generate the network for given closeness of close and weak ties and homophily of origin."""
    return _with_weak_ties(_close_ties(rings, params, key, c1, h, True), rings, params, key, c2, h)


def _bisect(value, target: float, low: float, high: float, rounds: int) -> float:
    """Argument in [low, high] at which the monotone function ``value`` comes nearest to ``target``."""
    f_low, f_high = value(low), value(high)
    rising = f_high > f_low
    if (target - f_low) * (target - f_high) > 0.0:
        return low if abs(target - f_low) < abs(target - f_high) else high
    for _ in range(rounds):
        mid = 0.5 * (low + high)
        if (value(mid) < target) == rising:
            low = mid
        else:
            high = mid
    return 0.5 * (low + high)


def _sample(people: People, employer: np.ndarray, team: np.ndarray, params: TieParameters, key) -> tuple:
    """Everybody in a small town; in a large one the residents of a keyed choice of whole catchments."""
    here = people.residence == HERE
    if here.sum() <= SAMPLE:
        return people, employer, team
    catchment = people.neighbourhood // params.school_neighbourhoods
    n = int(catchment.max()) + 1
    luck = uniforms(key, NETWORK_START, 0, np.arange(n), _PLACE + 1)
    ranked = np.argsort(luck, kind="stable")
    sizes = np.bincount(catchment[here], minlength=n)[ranked]
    chosen = np.zeros(n, np.bool_)
    chosen[ranked[: max(1, int(np.searchsorted(np.cumsum(sizes), SAMPLE)))]] = True
    rows = np.flatnonzero(here & chosen[catchment])
    rows = rows[np.argsort(people.neighbourhood[rows], kind="stable")]  # likely contacts lie side by side in memory
    part = people.take(rows)
    new_row = np.full(len(people) + 1, -1, np.int32)
    new_row[rows] = np.arange(len(rows))
    part.parent[:] = new_row[part.parent]
    return part, employer[rows], team[rows]


def _find(rings: _Rings, place: HasConnectedness, params: TieParameters, key: np.uint64) -> tuple[float, float, float]:
    """Find closeness of close and of weak ties and homophily of origin, in turn."""
    people = rings.people
    c1, c2, h = 1.0, 1.0, params.origin_homophily

    def close_clustering(c: float) -> float:
        return mean_clustering(people.residence, _close_ties(rings, params, key, c, h, False).contact)

    def clustering(c: float) -> float:
        return mean_clustering(people.residence, _with_weak_ties(close.copy(), rings, params, key, c, h).contact)

    def connectedness(x: float) -> float:
        return high_origin_share(people.residence, people.origin, _generate(rings, params, key, c1, c2, x).contact)

    for _ in range(ROUNDS):
        c1 = _bisect(close_clustering, params.close_clustering, 0.05, LIKED_AT_ONCE, 7)
        close = _close_ties(rings, params, key, c1, h, True)
        c2 = _bisect(clustering, params.clustering, FUSSY, LIKED_AT_ONCE, 6)
        h = _bisect(connectedness, place.connectedness, -3.0, 12.0, 10)
    return c1, c2, h


def build_network(
    people: People,
    place: HasConnectedness,
    params: Parameters,
    key: np.uint64,
    posts: Posts | None = None,
    employers: Employers | None = None,
) -> StartNetwork:
    """Generate the start network of the residents (residence HERE) and say what was found on the way.

    Parameters
    ----------
    people : People
        Needs identity, neighbourhood, parent, gender, ethnicity, origin, birth month, stage, residence, post.
    place : Place
        Its ``connectedness`` is met within about .01 if the residents' homes allow it, else approached.
    posts, employers : optional
        With them, people in work have colleagues; without, all weak ties are to neighbours.
    """
    own = params.ties
    employer, team = _workplaces(people, own, key, posts, employers)
    part, part_employer, part_team = _sample(people, employer, team, own, key)
    rings = _lay_rings(part, part_employer, part_team, own, key)
    c1, c2, h = _find(rings, place, own, key)
    if part is not people:
        rings = _lay_rings(people, employer, team, own, key)
    return StartNetwork(_generate(rings, own, key, c1, c2, h), c1, c2, h)


def _workplaces(people: People, own: TieParameters, key, posts: Posts | None, employers: Employers | None) -> tuple:
    """Employer slot and team of each person; -1 without a post."""
    if posts is None or employers is None:
        nobody = np.full(len(people), -1, np.int32)
        return nobody, nobody
    employer = employers_of(people.post, posts.employer)
    return employer, teams(key, people.id, employer, first_teams(employers.l0, own.team_size))


def build_ties(
    people: People,
    place: HasConnectedness,
    params: Parameters,
    key: np.uint64,
    posts: Posts | None = None,
    employers: Employers | None = None,
) -> Ties:
    """Generate the start network of the residents: :func:`build_network` without what was found on the way."""
    return build_network(people, place, params, key, posts, employers).ties
