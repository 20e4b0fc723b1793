"""Small hand-made towns for tests of single submodels: no place file, no builder, every number set here.

The barest of them are `careersim.checks.bare`, shared with the checks of theory.
"""

from __future__ import annotations

import numpy as np

from careersim.checks import bare
from careersim.checks.bare import (
    ALL_OCCUPATIONS,
    QUALIFICATION,
    STEM,
    TYPICAL_PAY,
    alike_people,
    employers_and_posts,
    occupations,
    parameters,
    put_in_work,
    ties_from,
    town_of,
)
from careersim.town.columns import (
    DISCOURAGED,
    ELSEWHERE,
    HERE,
    LOCAL,
    N_OCCUPATIONS,
    PUPIL,
    WORKING,
    People,
    Ties,
)
from careersim.town.town import Town

__all__ = [
    "ALL_OCCUPATIONS",
    "QUALIFICATION",
    "STEM",
    "TYPICAL_PAY",
    "alike_people",
    "bare_town",
    "employers_and_posts",
    "lively_town",
    "mixed_people",
    "neighbourly_people",
    "neighbourly_town",
    "occupations",
    "parameters",
    "put_in_work",
    "random_edges",
    "small_town",
    "ties_from",
    "town_of",
]


def bare_town(
    mixes: list[list[int]],
    heads: float = 10.0,
    n_people: int = 0,
    sector: int = LOCAL,
    eps: float = 6.67,
    pi: float = 0.05,
) -> Town:
    """Return a town for demand and pay alone (`careersim.checks.bare.bare_town`), with ``n_people`` mixed people out of work."""
    return bare.bare_town(mixes, heads, sector, eps, pi, mixed_people(n_people) if n_people else None)


def mixed_people(n: int, seed: int = 1) -> People:
    """Return ``n`` residents in working life, out of work, who differ in skill, interests, qualification, group, morale."""
    rng = np.random.default_rng(seed)
    w = alike_people(n)
    w.gender[:] = rng.random(n) < 0.5
    w.ethnicity[:] = rng.random(n) < 0.1
    w.origin[:] = rng.random(n)
    w.birth_month[:] = -12 * rng.integers(18, 60, n)
    w.e0[:] = rng.normal(-0.02, 0.2, n)
    w.e1[:] = rng.normal(-0.02, 0.2, n)
    w.qualification[:] = rng.choice(3, n, p=[0.35, 0.3, 0.35])
    w.subject[:] = rng.random(n) < 0.3
    w.skill[:] = np.exp(rng.normal(0.0, 0.3, n) + 0.15 * (w.qualification - 1))
    x = np.abs(rng.normal(1.0, 0.6, (n, 6)))
    w.interests[:] = x / np.linalg.norm(x, axis=1, keepdims=True)
    w.self_awareness[:] = rng.random(n)
    w.career_skill[:] = rng.beta(3, 4, n)
    w.morale[:] = rng.beta(6, 3, n)
    w.digital_access[:] = rng.random(n) < 0.92
    w.digital_literacy[:] = rng.beta(4, 2, n)
    w.considered[:] = (rng.random((n, N_OCCUPATIONS)) < 0.45) @ (1 << np.arange(N_OCCUPATIONS))
    w.support[:] = rng.uniform(-0.3, 0.3, n)
    w.threshold[:] = rng.random(n)
    return w


def random_edges(n: int, degree: int, seed: int = 1) -> np.ndarray:
    """Return the edges of a random graph in which nobody has more than ``degree`` contacts and most have as many."""
    rng = np.random.default_rng(seed)
    edges = rng.permutation(np.repeat(np.arange(n), degree))[: n * degree // 2 * 2].reshape(-1, 2)
    edges = np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1)
    return np.unique(edges, axis=0)


def small_town(n: int = 2000, seed: int = 1, employed: float = 0.9, heads_over: float = 1.02) -> Town:
    """Return a town of ``n`` mixed people in working life, most in work at employers of one to fifty heads.

    Posts have ``heads_over`` times as many target heads as there are people in work; about twelve contacts each.
    """
    rng = np.random.default_rng(seed)
    people = mixed_people(n, seed)
    n_workers = int(n * employed)
    sizes = np.minimum(1 + rng.pareto(1.1, n), 50).astype(int)
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), n_workers * heads_over) + 1]
    mixes = [np.unique(rng.integers(0, N_OCCUPATIONS, max(1, s // 4))).tolist() for s in sizes]
    employers, posts = employers_and_posts(mixes)
    heads = np.concatenate([np.diff(np.linspace(0, s, len(m) + 1).round()) for s, m in zip(sizes, mixes, strict=True)])
    heads = np.maximum(heads.astype(np.int32), 1)
    posts.l0[:] = heads
    posts.target[:] = heads
    posts.capacity[:] = 2 * heads
    employers.recognised[:] = rng.random(len(employers)) < 0.2
    employers.taste_ethnicity[:] = np.maximum(rng.normal(0.12, 0.1, len(employers)), 0)
    premium = np.exp(rng.normal(0, 0.1, len(employers)))[posts.employer]
    posts.pay[:] *= premium
    posts.wm[:] = posts.pay
    town = town_of(people, ties_from(random_edges(n, 12, seed), n, 12), employers, posts, seed)
    rows, seats = seats_by_qualification(town, rng, n_workers)
    put_in_work(town, rows, seats, -rng.integers(0, 120, len(rows)))
    people.considered[rows] |= np.uint32(1) << posts.occupation[seats].astype(np.uint32)
    return town


def seats_by_qualification(town: Town, rng: np.random.Generator, n_workers: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of ``n_workers`` people and a seat for each, the better qualified in the better paid posts by and large."""
    w, p = town.people, town.posts
    rows = rng.permutation(len(w))[:n_workers]
    seats = rng.permutation(np.repeat(np.arange(len(p)), p.target))[:n_workers]
    demand = town.occupations.qualification + 0.5 * town.occupations.stem + town.occupations.typical_pay / 4000
    seats = seats[np.argsort(demand[p.occupation[seats]] + rng.normal(0, 0.3, len(seats)))]
    rows = rows[: len(seats)]
    standing = w.qualification[rows] + 0.5 * w.subject[rows] + 0.5 * np.log(w.skill[rows])
    return rows[np.argsort(standing + rng.normal(0, 0.3, len(rows)))], seats


def lively_town(n: int = 400, seed: int = 1) -> Town:
    """Return a town in month 40 with all that a service may meet: people in and out of work, discouraged, pupils, people
    elsewhere, ties, employers with vacancies, unions and tastes."""
    rng = np.random.default_rng(seed)
    w = mixed_people(n, seed)
    w.neighbourhood[:] = rng.integers(0, 8, n)
    w.community_weight[:] = w.community_weight_base[:] = 20
    w.knows_elsewhere[:] = rng.beta(2, 5, n)
    w.attribution[:] = rng.random(n)
    w.career_skill_base[:] = w.career_skill
    w.odds_belief[:] = rng.uniform(0.02, 0.4, (n, N_OCCUPATIONS))
    employers, posts = employers_and_posts(
        [[k % N_OCCUPATIONS, (k + 3) % N_OCCUPATIONS] for k in range(12)], heads=n // 24
    )
    posts.capacity[:] = 2 * posts.l0
    posts.commuters[:] = 6
    posts.vacancies[::3] = 2
    employers.taste_gender[:] = rng.normal(0, 0.1, len(employers))
    employers.taste_ethnicity[:] = np.abs(rng.normal(0, 0.1, len(employers)))
    employers.recognised[:3] = 1
    employers.full_scale[:] = 3.0
    in_work = np.flatnonzero(rng.random(n) < 0.6)
    w.post[in_work] = rng.integers(0, len(posts), len(in_work))
    w.pay[in_work] = posts.pay[w.post[in_work]]
    w.jobless_since[in_work] = -1
    w.member[in_work] = rng.random(len(in_work)) < 0.2
    out_of_work = np.flatnonzero(w.post < 0)
    w.jobless_since[out_of_work] = 40 - rng.integers(0, 30, len(out_of_work))
    w.reason[out_of_work[::4]] = DISCOURAGED
    away, young = out_of_work[1::10], out_of_work[2::10]
    w.residence[away] = ELSEWHERE
    w.elsewhere_employed[away] = 1
    w.elsewhere_pay[away] = 2500
    w.stage[young] = PUPIL
    w.birth_month[young] = -12 * 15
    posts.holders[:] = np.bincount(w.post[in_work], minlength=len(posts))
    employers.heads[:] = np.bincount(posts.employer[w.post[in_work]], minlength=len(employers))
    ties = ties_from(random_edges(n, 6, seed), n, max_ties=12)
    w.ties_here[:] = ties.strength.sum(axis=1)
    town = town_of(w, ties, employers, posts, seed)
    town.month = 40
    town.aggregates.odds[:] = np.linspace(0.05, 0.25, N_OCCUPATIONS)
    return town


def neighbourly_people(n: int, seed: int = 1, minority: float = 0.15, segregation: float = 0.3) -> People:
    """Return ``n`` residents aged 13 to 66 in neighbourhoods of 50, which are sorted by origin to the degree ``segregation`` (0..1)."""
    rng = np.random.default_rng(seed)
    people = People.empty(n)
    people.id[:] = rng.permutation(n)
    people.residence[:] = HERE
    age = rng.uniform(13, 66, n)
    people.birth_month[:] = -(age * 12).astype(int)
    people.stage[:] = np.where(age < 16, PUPIL, WORKING)
    people.gender[:] = rng.integers(0, 2, n)
    people.ethnicity[:] = rng.random(n) < minority
    people.origin[:] = rng.random(n)
    order = np.argsort(segregation * people.origin + (1 - segregation) * rng.random(n))
    n_homes = max(1, n // 50)
    people.neighbourhood[order] = rng.permutation(n_homes)[np.arange(n) * n_homes // n]
    for i in np.flatnonzero(people.stage == PUPIL):
        adults = np.flatnonzero((people.neighbourhood == people.neighbourhood[i]) & (age > 33))
        people.parent[i] = rng.choice(adults) if len(adults) else -1
    return people


def neighbourly_town(n: int = 1000, seed: int = 1, employed: float = 0.75, max_ties: int = 16, **more: float) -> Town:
    """Return a town of :func:`neighbourly_people` in month 0, most in work at employers of 1 to 200 heads, without ties yet."""
    rng = np.random.default_rng(seed + 1)
    people = neighbourly_people(n, seed, **more)
    sizes = np.maximum(1, rng.pareto(1.1, max(1, n // 12)) * 4).astype(int).clip(1, 200)
    employers, posts = employers_and_posts([[0]] * len(sizes))
    employers.l0[:] = posts.l0[:] = sizes
    workers = rng.permutation(np.flatnonzero((people.stage == WORKING) & (rng.random(n) < employed)))
    places = np.repeat(np.arange(len(sizes)), sizes)[: len(workers)]
    town = town_of(people, Ties.of_width(n, max_ties), employers, posts, seed)
    town.month = 0
    people.post[workers[: len(places)]] = places
    people.pay[workers[: len(places)]] = 2000.0
    posts.holders[:] = np.bincount(places, minlength=len(sizes))
    return town
