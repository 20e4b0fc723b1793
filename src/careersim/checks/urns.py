"""Urn-ball hiring and displacement, by the town's own search and hiring phases (checks.md A2, A3)."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from careersim.checks import bare
from careersim.checks.estimates import MOST_MONTHS, Estimate, jackknife, mean_of, whole
from careersim.month import hiring, search
from careersim.scenario.parameters import Parameters
from careersim.town.town import Town

Supply = Literal["scattered", "filled", "unlimited"]
"""How posts are supplied: see `displacement`."""
BATCHES = 200
OCCUPATION = 2
NOT_LOOKING = -1.0
"""Morale below any floor."""


def one_ball() -> Parameters:
    """Parameters under which everybody out of work reads one advert, applies there, and nobody is below the bar."""
    return bare.parameters(
        search={
            "adverts_base": 1.0, "adverts_career_skill": 0.0, "adverts_digital": 0.0, "hear_rate": 0.0,
            "applications_base": 1.0, "applications_career_skill": 0.0, "applications_morale": 0.0, "morale_floor": 0.0,
            "employed_rate": 0.0,
        },
        hiring={"bar": -100.0, "productivity_weight": 0.0, "presentation": 0.0, "duration_penalty": 0.0, "clarity": 0.0},
    )  # fmt: skip


class Market:
    """A labour market of one month, opened again and again with other luck."""

    def __init__(self, n_people: int, n_posts: int, heads: int, key: np.uint64) -> None:
        posts = bare.employers_and_posts([[OCCUPATION]] * n_posts, heads)
        self.town: Town = bare.town_of(bare.alike_people(n_people), bare.no_ties(n_people), *posts, key=key)
        self.heads, self.parameters, self.looks = heads, one_ball(), self.town.people.morale[0]

    def hired(self, month: int, looking: np.ndarray) -> np.ndarray:
        """Who is hired if these people look, all out of work, and all posts are vacant."""
        w, p = self.town.people, self.town.posts
        w.post[:], w.jobless_since[:], w.hired_month[:], w.pay[:] = -1, month, -1, 0.0
        w.morale[:] = np.where(looking, self.looks, NOT_LOOKING)
        p.holders[:], p.vacancies[:], p.vacant_since[:] = 0, self.heads, month
        self.town.tallies = {}
        search.step(self.town, self.parameters, month)
        hiring.step(self.town, self.parameters, month)
        return w.post >= 0


def exact_urn_ball(seekers: int, posts: int) -> float:
    """Expected matches: ``M = V (1 - (1 - 1/V)^U)``.

    Each of U seekers sends one application to one of V posts, each as likely; a post with any hires one of them.

    References
    ----------
    Butters 1977; Petrongolo and Pissarides 2001, *Journal of Economic Literature* 39(2).

    Examples
    --------
    >>> round(exact_urn_ball(20, 10), 4), round(exact_urn_ball(10, 20), 4)
    (8.7842, 8.0253)
    """
    u, v = whole("seekers", seekers, 0), whole("posts", posts)
    return v * (1.0 - (1.0 - 1.0 / v) ** u)


def urn_ball(seekers: int, posts: int, replicates: int, rng: np.random.Generator | int | None) -> Estimate:
    """Matches in a market of one month, simulated: each seeker reads one advert, applies, and posts hire by deferred acceptance.

    Parameters
    ----------
    seekers, posts : int
        People who look (U), and vacancies of one head each (V).
    replicates : int
        Markets, each with other luck.
    rng : numpy.random.Generator or int or None
        Source of the luck.

    Returns
    -------
    Estimate
        Mean number of hires a market, and its standard error.
    """
    whole("replicates", replicates)
    market = Market(whole("seekers", seekers), whole("posts", posts), 1, bare.luck_key(bare.generator(rng)))
    months, everybody = np.arange(min(replicates, MOST_MONTHS)), np.ones(seekers, bool)
    return mean_of(np.array([market.hired(int(month), everybody).sum() for month in months]))


def treated_people(seekers: int, share_treated: float) -> int:
    """Number treated: the nearest whole number to the share, and at least one."""
    if not share_treated > 0.0:
        raise ValueError(f"share_treated must be above 0, not {share_treated}")
    return max(1, round(share_treated * seekers))


def matches(seekers: int, posts: int, supply: Supply) -> float:
    """Expected hires among ``seekers``, by how posts are supplied."""
    if supply == "scattered":
        return exact_urn_ball(seekers, posts)
    if supply == "filled":
        return float(min(seekers, posts))
    if supply == "unlimited":
        return float(seekers)
    raise ValueError(f"supply must be scattered, filled or unlimited, not {supply!r}")


def exact_displacement(
    posts: int, seekers_per_post: float, share_treated: float = 1e-9, supply: Supply = "scattered"
) -> float:
    """Jobs lost by others for each job a treated person gains, in expectation.

    With U others, T treated and M(n) the matches of n seekers: ``D = [M(U) - U M(U+T)/(U+T)] / [T M(U+T)/(U+T)]``.
    For T = 1 and scattered posts this is ``1 - (U+1)(1-1/V)^U / M(U+1)``. Parameters as in `displacement`.

    Examples
    --------
    >>> [round(exact_displacement(100, x), 4) for x in (0.25, 1, 2)]
    [0.1206, 0.4202, 0.6895]
    >>> [round(exact_displacement(100, 1, supply=s), 6) for s in ("filled", "unlimited")]
    [1.0, 0.0]
    """
    u = whole("seekers", round(seekers_per_post * posts))
    t = treated_people(u, share_treated)
    found = matches(u + t, posts, supply) / (u + t)
    return (matches(u, posts, supply) - u * found) / (t * found)


def displacement(
    posts: int,
    seekers_per_post: float,
    share_treated: float = 1e-9,
    supply: Supply = "scattered",
    *,
    replicates: int,
    rng: np.random.Generator | int | None,
    in_turn: bool = False,
) -> Estimate:
    """Jobs lost by others for each job a treated person gains, simulated with and without treatment with the same luck.

    Treatment makes people look who would not: one application each in a month. Model and timing as in `urn_ball`.

    Parameters
    ----------
    posts : int
        Vacancies V.
    seekers_per_post : float
        Others who look in any case, over V.
    share_treated : float
        People treated over those others; at least one person is treated, so that the default is one more searcher.
    supply : {"scattered", "filled", "unlimited"}
        *scattered*: V posts of one head at V employers, applied to at random, so that some get many applications and some none;
        *filled*: V heads at one employer to whom all apply, filled whenever there are as many seekers; *unlimited*: every applicant is hired.
    replicates : int
        Pairs of a world with and a world without treatment.
    rng : numpy.random.Generator or int or None
        Source of the luck.
    in_turn : bool
        Searchers are alike, so in one market each can be the treated in turn: all look in the world with treatment, which these pairs
        share, and all but the treated in the world without. Half the work; but a market that is unfair to some would not show.

    Returns
    -------
    Estimate
        D and its standard error (jackknife over batches of markets).

    References
    ----------
    Crépon et al. 2013, *Quarterly Journal of Economics* 128(2) (the question); urn-ball matching as in `exact_urn_ball`.
    """
    u = whole("seekers", round(seekers_per_post * posts))
    t = treated_people(u, share_treated)
    matches(u, posts, supply)
    heads = {"scattered": 1, "filled": posts, "unlimited": u + t}[supply]
    n_posts = 1 if supply == "filled" else posts
    months = min(whole("replicates", replicates), MOST_MONTHS)
    groups = np.arange(u + t)[::-1] // t
    turns = (u + t) // t if in_turn else 1
    markets = math.ceil(replicates / turns)
    months = min(whole("replicates", markets), MOST_MONTHS)
    lost_and_gained, rng, everybody = [], bare.generator(rng), np.ones(u + t, bool)
    for _ in range(math.ceil(markets / months)):
        market = Market(u + t, n_posts, heads, bare.luck_key(rng))
        for month in range(months):
            with_them, lost, gained = market.hired(month, everybody), 0, 0
            for turn in range(turns):
                others = groups != turn
                without = market.hired(month, others)
                lost += int(without[others].sum() - with_them[others].sum())
                gained += int(with_them[~others].sum())
            lost_and_gained.append((lost, gained))
    pairs = np.array(lost_and_gained, np.float64)
    batches = np.array([b.sum(axis=0) for b in np.array_split(pairs, min(BATCHES, len(pairs)))])
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody treated is hired: no number
        value, error = jackknife(lambda s: s[:1] / s[1:], batches)
    return Estimate(float(value[0]), float(error[0]))
