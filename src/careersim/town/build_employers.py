"""Building a place's employers and posts from its published jobs, sectors, occupations and employer sizes (model.md 2, 6.2).

In order: jobs by sector, raised for posts that stand vacant and slots that stand empty; employers at full size; the run's
sample of them; their occupations; outside posts for residents who work elsewhere; traits of generation 0; in-commuters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.demand import Demand
from careersim.town.columns import LOCAL, N_OCCUPATIONS, OUTSIDE, Employers, Occupations, Posts
from careersim.town.employer_birth import bear_employers
from careersim.town.employer_sizes import SMALLEST_CUT, dormant_chance, full_scale_employers, sample_employers
from careersim.town.occupation_mix import sector_mix, spread_over_occupations
from careersim.town.town import Solved
from careersim.town.wage_setting import reference_eps

if TYPE_CHECKING:
    from careersim.scenario.national import National
    from careersim.scenario.place import Place

RESIDENTS_16_64 = 49 / 53
"""Residents aged 16-64 per resident aged 13-65 (ages are uniform)."""
OUTSIDE_HEADS = 100
"""Heads of a typical outside employer in the run."""
PEOPLE_PER_ENTERPRISE = 500
"""Residents for each row that is kept free for a community enterprise (`careersim.services.joint_actions`)."""
ENTERPRISE_SEATS = 3
"""Most vacancies that a community enterprise advertises in each occupation at a time."""


def jobs_by_sector(place: Place, params: Parameters) -> tuple[np.ndarray, float]:
    """Jobs filled per sector at full size, and the share of heads at birth in slots that stand empty."""
    filled = place.jobs_density * place.working_age_population * np.asarray(place.sector_share, np.float64)
    heads, sector = full_scale_employers(filled, np.asarray(place.employer_size_share), params.demand)
    empty = dormant_chance(heads, sector, params.demand) * heads
    share = np.array([empty[sector == s].sum() / max(filled[s], 1e-9) for s in range(3)])
    raised = filled / (1.0 - share)
    return raised, 1.0 - filled.sum() / raised.sum()


def dormant_share(place: Place, params: Parameters) -> float:
    """Share of the sum of L0 that is in slots standing empty, at normal demand and profit."""
    return jobs_by_sector(place, params)[1]


def _normal_below(x: np.ndarray) -> np.ndarray:
    return np.array([0.5 * math.erfc(-v / math.sqrt(2.0)) for v in x])


def typical_pay(median_pay: float, relative: np.ndarray, share: np.ndarray, spread: float) -> np.ndarray:
    """Typical pay by occupation, at which median pay meets the published one.

    Log pay within an occupation is taken as normal with standard deviation ``spread`` and mean pay equal to typical pay.
    """
    centre = np.log(relative) - 0.5 * spread**2
    low, high = centre.min() - 1.0, centre.max() + 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = float(np.dot(share, _normal_below((middle - centre) / spread)))
        low, high = (middle, high) if below < 0.5 else (low, middle)
    return relative * median_pay / math.exp(middle)


def build_occupations(place: Place, national: National, params: Parameters, pay_level: float = 1.0) -> Occupations:
    """The 11 occupations: national profile and requirements, the place's shares, and pay at the place's level."""
    out = Occupations.empty(N_OCCUPATIONS)
    share = np.asarray(place.occupation_share, np.float64)
    relative = np.array([o.relative_pay for o in national.occupations], np.float64)
    out.typical_pay[:] = pay_level * typical_pay(place.median_pay, relative, share, params.pay.pay_spread)
    riasec = np.array([o.riasec for o in national.occupations], np.float64)
    out.riasec[:] = riasec / np.linalg.norm(riasec, axis=1, keepdims=True)
    out.qualification[:] = [o.qualification for o in national.occupations]
    out.stem[:] = [o.stem for o in national.occupations]
    out.social_class[:] = [o.social_class for o in national.occupations]
    out.women_share[:] = [o.women_share for o in national.occupations]
    out.share[:] = share
    return out


def local_heads(
    place: Place, params: Parameters, people: int, key: np.uint64, vacancy_share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heads by employer and occupation of the run's local employers, their sector, and full-scale heads per head."""
    raised, _ = jobs_by_sector(place, params)
    heads, sector = full_scale_employers(
        raised / (1.0 - vacancy_share), np.asarray(place.employer_size_share), params.demand
    )
    fraction = people * RESIDENTS_16_64 / place.working_age_population
    largest = max(params.demand.largest_share * fraction * heads.sum(), SMALLEST_CUT)
    start = float(chance.uniform(key, chance.EMPLOYER_SIZE, 0, 0, 1))
    rows, l0 = sample_employers(heads, sector, fraction, largest, start)
    sector_of, slots = sector[rows], np.arange(len(rows))
    mix = sector_mix(raised, np.asarray(place.occupation_share))
    by_occupation = np.zeros((len(rows), N_OCCUPATIONS))
    for s in np.unique(sector_of):
        mine = sector_of == s
        by_occupation[mine] = spread_over_occupations(l0[mine], slots[mine], mix[s], key)
    return by_occupation, sector_of, heads[rows] / l0


def outside_heads(place: Place, people: int, vacancy_share: float) -> np.ndarray:
    """Heads by outside employer and occupation: the posts in reach of residents who work outside the place."""
    total = place.employment_rate * place.out_commuter_share * people * RESIDENTS_16_64 / (1.0 - vacancy_share)
    if total <= 0:
        return np.zeros((0, N_OCCUPATIONS))
    n = max(3, round(total / OUTSIDE_HEADS))
    return np.tile(np.asarray(place.occupation_share, np.float64) * total / n, (n, 1))


def _lay_out(heads: np.ndarray, sector: np.ndarray, full_scale: np.ndarray) -> tuple[Employers, Posts]:
    """Employers and their contiguous posts from heads by employer and occupation."""
    employer, occupation = np.nonzero(heads)
    e, p = Employers.empty(len(heads)), Posts.empty(len(employer))
    e.sector[:], e.full_scale[:] = sector, full_scale
    e.alive[:], e.empty_since[:], e.campaign_until[:] = 1, -1, -1
    e.l0[:] = heads.sum(axis=1)
    e.n_posts[:] = np.count_nonzero(heads, axis=1)
    e.first_post[:] = np.cumsum(e.n_posts) - e.n_posts
    p.employer[:], p.occupation[:], p.l0[:] = employer, occupation, heads[employer, occupation]
    p.sector[:] = e.sector[employer]
    p.capacity[:] = np.ceil(0.3 * p.l0).astype(np.int32) + 1
    p.vacant_since[:] = -1
    return e, p


def _rows_for_enterprises(people: int) -> tuple[Employers, Posts]:
    """Return empty rows, in every world alike, in which joint action can found enterprises during policy."""
    n = max(1, people // PEOPLE_PER_ENTERPRISE)
    e, p = _lay_out(np.ones((n, N_OCCUPATIONS)), np.full(n, LOCAL, np.int8), np.ones(n))
    e.alive[:], e.empty_since[:], e.enterprise[:] = 0, 0, 1
    e.l0[:], p.l0[:], p.capacity[:] = 0.0, 0.0, ENTERPRISE_SEATS
    return e, p


def _behind(employers: Employers, posts: Posts, more: tuple[Employers, Posts]) -> tuple[Employers, Posts]:
    """Append further employers and their posts."""
    e, p = more
    e.first_post += len(posts)
    p.employer += len(employers)
    return employers.extend(e), posts.extend(p)


def _put_to_sleep(employers: Employers, demand: Demand, key: np.uint64) -> None:
    """Start with the share of slots empty that the town will settle at."""
    slots = np.arange(len(employers), dtype=np.uint32)
    luck = chance.uniforms(key, chance.EMPLOYER_TRAITS, 0, slots, 2)
    heads = np.where(employers.enterprise == 1, 1.0, employers.l0 * employers.full_scale)
    empty = (luck < dormant_chance(heads, employers.sector, demand)) & (employers.enterprise == 0)
    employers.alive[empty] = 0
    employers.empty_since[empty] = 0


def post_luck(key: np.uint64, n_posts: int) -> np.ndarray:
    """Luck by which each post rounds its heads: the same in every month, for target heads and in-commuters alike."""
    return chance.uniforms(key, chance.POST_ROUNDING, 0, np.arange(n_posts, dtype=np.uint32))


def _commuters_and_targets(
    e: Employers, p: Posts, commuter_share: float, vacancy_share: float, luck: np.ndarray
) -> None:
    """In-commuters by keyed rounding of their share of filled heads; first targets for residents."""
    share = np.where(p.sector == OUTSIDE, 0.0, commuter_share * (1.0 - vacancy_share))
    p.commuters[:] = np.floor(p.l0 * share + luck)
    alive = e.alive[p.employer] == 1
    p.desired[:] = np.where(alive, p.l0, 0.0)
    p.target[:] = np.where(alive, np.maximum(np.floor(p.l0 + luck) - p.commuters, 0), 0)
    e.heads[:] = np.bincount(p.employer, p.commuters, len(e)) * e.alive


def _travel(p: Posts, demand: Demand, key: np.uint64) -> np.ndarray:
    """Monthly cost of travel: that of the outside employer; none for local posts."""
    z = chance.normals(key, chance.OUTSIDE_POST, 0, p.employer.astype(np.uint32))
    return np.where(p.sector == OUTSIDE, demand.travel_cost * np.exp(demand.travel_spread * z), 0.0)


def build_employers(
    place: Place, national: National, params: Parameters, people: int, key: np.uint64, solved: Solved
) -> tuple[Employers, Posts, Occupations]:
    """Build the employers, posts and occupations of a place for a run of ``people`` residents.

    Parameters
    ----------
    place, national
        Published figures of the place and the country.
    people : int
        Residents aged 13 to pension age in the run.
    key : uint64
        Seed of the replicate.
    solved : Solved
        Its ``vacancy_share`` sets how far the sum of L0 exceeds the published jobs.

    Returns
    -------
    employers, posts, occupations
        Posts of an employer are contiguous; nobody holds any; local employers come first, then outside
        ones, then empty rows for community enterprises.
    """
    local, sector, full_scale = local_heads(place, params, people, key, solved.vacancy_share)
    outside = outside_heads(place, people, solved.vacancy_share)
    e, p = _lay_out(
        np.concatenate([local, outside]),
        np.concatenate([sector, np.full(len(outside), OUTSIDE, np.int8)]),
        np.concatenate([full_scale, np.ones(len(outside))]),
    )
    e, p = _behind(e, p, _rows_for_enterprises(people))
    occupations = build_occupations(place, national, params, solved.pay_level)
    p.rho[:] = np.array(params.pay.rents())[p.sector]
    p.eps[:] = reference_eps(params.pay)
    e.kept_share[:] = np.array(params.demand.kept_shares())[e.sector]
    level = (national.median_pay / place.median_pay) ** params.demand.outside_level
    bear_employers(np.arange(len(e)), e, p, occupations, params, key, national.minimum_wage, level)
    _put_to_sleep(e, params.demand, key)
    _commuters_and_targets(e, p, place.in_commuter_share, solved.vacancy_share, post_luck(key, len(p)))
    p.travel[:] = _travel(p, params.demand, key)
    return e, p, occupations
