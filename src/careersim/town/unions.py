"""Unions at the start: who is recognised and who is a member; and density by sector.

Used to build a town, and by the solver that sets the join rates of new hires (`Solved.join_rate`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careersim.chance import COVERED, FIRST_MEMBERS, uniforms
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.organising import Organising
from careersim.town.columns import HERE, OUTSIDE, PUBLIC
from careersim.town.town import Town

if TYPE_CHECKING:
    from careersim.scenario.place import Place

LARGEST_MEMBER_SHARE = 0.97
"""Members over residents at recognised employers never start above this."""


def wanted_density(place: Place) -> np.ndarray:
    """Return members over residents in work by sector of the local employer, as published (outside: 0)."""
    out = np.full(4, place.union_density_private)
    out[PUBLIC], out[OUTSIDE] = place.union_density_public, 0.0
    return out


def by_custom(town: Town, p: Organising) -> np.ndarray:
    """Return which employer slots recognise a union by custom (flags): the same slots in every month and generation.

    In each sector, slots large enough by law come in a fixed order of luck weighted by heads (the larger, the sooner), until
    their posts for residents hold the sector's covered share. One that would overshoot is passed over (the first one only if it
    would by more than it fills).
    """
    e, posts, n = town.employers, town.posts, len(town.employers)
    residents = np.bincount(posts.employer, weights=np.maximum(posts.l0 - posts.commuters, 0.0), minlength=n)
    out = np.zeros(n, np.int8)
    for sector, share in enumerate((p.covered_share_private, p.covered_share_private, p.covered_share_public)):
        inside = e.sector == sector
        missing = residents[inside].sum() * share
        rows = np.flatnonzero(inside & (e.l0 * e.full_scale >= p.legal_heads) & (residents > 0))
        luck = np.log(uniforms(town.key, COVERED, 0, rows)) / np.maximum(e.l0[rows], 1e-9)
        chosen = False
        for f in rows[np.argsort(-luck, kind="stable")]:
            if residents[f] <= (missing if chosen else 2.0 * missing):
                out[f], chosen = 1, True
                missing -= residents[f]
    return out


def initial_recognition(town: Town, place: Place, params: Parameters) -> None:
    """Write which employers recognise a union at the start (`employers.recognised`): by custom, the same in every place."""
    town.employers.recognised[:] = by_custom(town, params.organising) * (town.employers.alive == 1)


def initial_members(town: Town, place: Place, params: Parameters) -> None:
    """Write who is a member at the start, and count heads and members, given `employers.recognised` and who holds which post.

    By sector, as many holders at recognised employers as the published density asks for, chosen by luck.
    """
    w, e, posts = town.people, town.employers, town.posts
    at_work = (w.residence == HERE) & (w.post >= 0)
    employer = np.where(at_work, posts.employer[w.post], 0)
    sector = np.where(at_work, e.sector[employer], OUTSIDE)
    covered = at_work & (e.recognised[employer] == 1)
    luck = uniforms(town.key, FIRST_MEMBERS, 0, w.id)
    w.member[:] = 0
    for s, density in enumerate(wanted_density(place)):
        rows = np.flatnonzero(covered & (sector == s))
        wanted = round(density * np.count_nonzero(at_work & (sector == s)))
        chosen = np.lexsort((w.id[rows], luck[rows]))[: min(wanted, int(LARGEST_MEMBER_SHARE * len(rows)))]
        w.member[rows[chosen]] = 1
    e.heads[:] = np.bincount(posts.employer, weights=posts.holders + posts.commuters, minlength=len(e))
    e.members[:] = np.bincount(employer[w.member == 1], minlength=len(e))


def density_by_sector(town: Town) -> np.ndarray:
    """Return union members over residents in work, by sector of the employer (0 where nobody works)."""
    w = town.people
    rows = np.flatnonzero((w.residence == HERE) & (w.post >= 0))
    sector = town.posts.sector[w.post[rows]]
    heads = np.bincount(sector, minlength=4)
    return np.bincount(sector, weights=w.member[rows], minlength=4) / np.maximum(heads, 1)
