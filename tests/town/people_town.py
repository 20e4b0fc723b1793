"""A small town of a real place with people, posts and ties, for tests of people, identities and migration."""

from __future__ import annotations

from functools import cache

import numpy as np

from careersim.chance import replicate_key
from careersim.scenario.national import National, load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place, load_place
from careersim.town.build_employers import build_employers
from careersim.town.build_people import build_people, place_initially
from careersim.town.build_ties import build_ties
from careersim.town.columns import Ties
from careersim.town.state import fork
from careersim.town.town import Aggregates, Solved, Town


def figures(name: str = "inverclyde") -> tuple[Place, National]:
    """Return a place and the country."""
    return load_place(name), load_national()


@cache
def _built(name: str, people: int) -> Town:
    place, national = figures(name)
    params, key, solved = Parameters(), replicate_key(3, 0), Solved(unemployment_ref=place.unemployment_rate)
    employers, posts, occupations = build_employers(place, national, params, people, key, solved)
    posts.pay[:] = occupations.typical_pay[posts.occupation]
    residents = build_people(place, national, params, people, key)
    town = Town(
        key=key, month=0, policy_start=0, people=residents, ties=Ties.of_width(people, 20), employers=employers,
        posts=posts, occupations=occupations, aggregates=Aggregates(unemployment=place.unemployment_rate), solved=solved,
        n_people=people, scale=1.0, benefit=national.benefit, minimum_wage=national.minimum_wage,
        housing_difference=place.housing_difference, next_id=people,
    )  # fmt: skip
    place_initially(town, place, params)
    town.ties = build_ties(residents, place, params, key, posts, employers)
    town.aggregates.mean_pay = occupations.typical_pay.copy()
    return town


def people_town(name: str = "inverclyde", people: int = 2000) -> Town:
    """Return a fresh copy of a town at the start of burn-in."""
    return fork(_built(name, people))


def permuted(town: Town, order: np.ndarray) -> Town:
    """Return the same world with the rows of people in another order."""
    out = fork(town)
    new_row = np.empty(len(order) + 1, np.int32)
    new_row[order], new_row[-1] = np.arange(len(order)), -1
    out.people, out.ties = town.people.take(order), town.ties.take(order)
    out.people.parent[:] = new_row[out.people.parent]
    out.ties.contact[:] = new_row[out.ties.contact]
    return out


def by_identity(town: Town) -> dict[str, np.ndarray]:
    """Return the columns of people sorted by identity, parents named by identity."""
    w = town.people
    order = np.argsort(w.id)
    out = {name: a[order] for name, a in w.arrays().items()}
    ids = np.append(w.id.astype(np.int64), -1)
    out["parent"] = ids[w.parent][order]
    return out
