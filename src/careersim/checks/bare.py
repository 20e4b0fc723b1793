"""Bare towns: hand-made towns of a few columns, in which one part of the model can be looked at alone.

No place file and no builder: everybody is alike unless the check says otherwise, every number is set here, and the steps of
`careersim.month` run on it unchanged.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from careersim.chance import replicate_key
from careersim.scenario.parameters import Parameters
from careersim.town.columns import (
    HERE,
    KIN_FRIEND,
    LOCAL,
    N_OCCUPATIONS,
    WORKING,
    Employers,
    Occupations,
    People,
    Posts,
    Ties,
)
from careersim.town.town import Aggregates, Solved, Town

ALL_OCCUPATIONS = 2**N_OCCUPATIONS - 1
TYPICAL_PAY = (3300, 3400, 3000, 2600, 2500, 1900, 2200, 1700, 1750, 2000, 1650)
"""Pay by occupation in GBP per month; round numbers, of no place."""
QUALIFICATION = (1, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0)
STEM = (0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0)


def parameters(**groups: dict[str, Any]) -> Parameters:
    """Return default parameters with some changed.

    Examples
    --------
    >>> parameters(search={"kappa": 0}).search.kappa
    0.0
    """
    return Parameters(**groups)  # type: ignore[arg-type]


def generator(rng: np.random.Generator | int | None) -> np.random.Generator:
    """Return a generator: the one given, or a new one from a seed (None: from the system)."""
    return np.random.default_rng(rng)


def luck_key(rng: np.random.Generator) -> np.uint64:
    """Draw the key of a town's luck."""
    return np.uint64(rng.integers(0, 2**63))


def occupations(pay: tuple = TYPICAL_PAY) -> Occupations:
    """Return eleven occupations with typical pay, Holland profiles on the hexagon, and requirements."""
    o = Occupations.empty(N_OCCUPATIONS)
    o.typical_pay[:] = pay
    angle = 2 * np.pi * (np.arange(N_OCCUPATIONS)[:, None] / N_OCCUPATIONS - np.arange(6)[None, :] / 6)
    profile = 1.0 + np.cos(angle)
    o.riasec[:] = profile / np.linalg.norm(profile, axis=1, keepdims=True)
    o.qualification[:] = QUALIFICATION
    o.stem[:] = STEM
    o.share[:] = 1 / N_OCCUPATIONS
    return o


def employers_and_posts(occupation_of_post: list[list[int]], heads: int = 1) -> tuple[Employers, Posts]:
    """Return local employers, one an entry, each with a post of ``heads`` heads in each occupation listed."""
    f = Employers.empty(len(occupation_of_post))
    sizes = np.array([len(posts) for posts in occupation_of_post])
    f.sector[:] = LOCAL
    f.n_posts[:] = sizes
    f.first_post[:] = np.cumsum(sizes) - sizes
    f.l0[:] = sizes * heads
    p = Posts.empty(int(sizes.sum()))
    p.employer[:] = np.repeat(np.arange(len(f)), sizes)
    p.occupation[:] = np.concatenate(occupation_of_post)
    p.sector[:] = LOCAL
    p.l0[:] = heads
    p.capacity[:] = heads
    p.target[:] = heads
    p.desired[:] = heads
    p.v0[:] = np.array(TYPICAL_PAY)[p.occupation] * 1.15
    p.wm[:] = p.pay[:] = np.array(TYPICAL_PAY)[p.occupation]
    return f, p


def alike_people(n: int) -> People:
    """Return ``n`` residents in working life, out of work, alike in everything but identity."""
    w = People.empty(n)
    w.id[:] = np.arange(n) + 1
    w.residence[:] = HERE
    w.stage[:] = WORKING
    w.birth_month[:] = -12 * 35
    w.qualification[:] = 2
    w.subject[:] = 1
    w.interests[:] = 1 / np.sqrt(6)
    w.self_awareness[:] = 1
    w.career_skill[:] = 0.5
    w.considered[:] = ALL_OCCUPATIONS
    w.odds_belief[:] = 0.1
    w.morale[:] = 0.7
    w.attribution[:] = 0.5
    w.digital_access[:] = 1
    w.digital_literacy[:] = 1
    w.jobless_since[:] = 0
    return w


def ties_from(edges: np.ndarray, n: int, max_ties: int | None = None) -> Ties:
    """Return symmetric ties of strength 1/2 for the undirected ``edges`` (two columns of rows)."""
    both = np.concatenate([edges, edges[:, ::-1]]) if len(edges) else np.empty((0, 2), np.int64)
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    degree = np.bincount(both[:, 0], minlength=n)
    ties = Ties.of_width(n, max_ties or max(int(degree.max(initial=0)), 1))
    slot = np.arange(len(both)) - np.repeat(np.cumsum(degree) - degree, degree)
    ties.contact[both[:, 0], slot] = both[:, 1]
    ties.strength[both[:, 0], slot] = 0.5
    ties.kind[both[:, 0], slot] = KIN_FRIEND
    return ties


def no_ties(n: int) -> Ties:
    """Return a table of ties for ``n`` people who know nobody."""
    return ties_from(np.empty((0, 2), np.int64), n, 1)


def town_of(
    people: People,
    ties: Ties,
    employers: Employers,
    posts: Posts,
    seed: int = 1,
    replicate: int = 0,
    key: np.uint64 | None = None,
) -> Town:
    """Return a town of the given parts in month 1; ``key`` is its luck, or ``seed`` and ``replicate`` are."""
    return Town(
        key=replicate_key(seed, replicate) if key is None else key,
        month=1,
        policy_start=0,
        people=people,
        ties=ties,
        employers=employers,
        posts=posts,
        occupations=occupations(),
        aggregates=Aggregates(),
        solved=Solved(),
        n_people=len(people),
        scale=1.0,
        benefit=450.0,
        minimum_wage=1500.0,
        housing_difference=0.0,
        next_id=int(people.id.max(initial=0)) + 1,
    )


def put_in_work(town: Town, rows: np.ndarray, posts: np.ndarray, hired_month: int | np.ndarray = 0) -> None:
    """Let the people in ``rows`` hold ``posts``."""
    w, p = town.people, town.posts
    w.post[rows] = posts
    w.pay[rows] = w.last_pay[rows] = p.pay[posts]
    w.last_occupation[rows] = p.occupation[posts]
    w.hired_month[rows] = hired_month
    w.jobless_since[rows] = -1
    p.holders[:] += np.bincount(posts, minlength=len(p)).astype(np.int32)


def bare_town(
    mixes: list[list[int]],
    heads: float = 10.0,
    sector: int = LOCAL,
    eps: float = 6.67,
    pi: float = 0.05,
    people: People | None = None,
) -> Town:
    """Return a town for demand and pay alone: employers of one ``sector`` with given occupations, valued at reference pay.

    No minimum wage, no references solved (X stays 1, no wage curve), premium 1, no product rent; people, if any, out of work.
    """
    f, p = employers_and_posts(mixes)
    f.sector[:], p.sector[:] = sector, sector
    p.l0[:] = p.desired[:] = heads
    p.target[:] = p.capacity[:] = int(heads)
    f.l0[:] = f.n_posts * heads
    p.eps[:] = eps
    p.v0[:] = p.wm * (1.0 + 1.0 / eps)
    f.fixed_cost[:] = np.bincount(p.employer, (p.v0 * (1.0 - pi) - p.wm) * p.l0, len(f))
    f.profit_mean[:] = np.bincount(p.employer, pi * p.v0 * p.l0, len(f))
    people = alike_people(0) if people is None else people
    town = town_of(people, no_ties(len(people)), f, p)
    town.minimum_wage = 0.0
    return town
