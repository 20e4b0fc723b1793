"""Which occupations an employer has: one to six each, so that the place's occupations add up.

Each sector has its own mix (a public employer has teachers and carers, a tradable one machine operators), scaled to the
place's published shares of occupations and sectors. An employer gets a few occupations by keyed luck, more of them the larger
it is, and heads are then fitted to both margins: heads by employer exactly, heads by occupation as nearly as can be.
"""

from __future__ import annotations

import numpy as np

from careersim import chance
from careersim.town.columns import N_OCCUPATIONS
from careersim.town.employer_sizes import fit_to_margins

MOST_OCCUPATIONS = 6
"""Most occupations at one employer."""
LEAST_HEADS = 0.2
"""A post smaller than this is merged into the employer's others."""
OCCUPATION_OF_SECTOR = np.array(
    [
        [1.1, 1.6, 0.6, 1.5, 1.0, 0.9, 1.5, 0.05, 0.4, 2.2, 0.9],
        [1.2, 0.6, 0.5, 0.7, 1.0, 0.9, 1.3, 0.8, 1.8, 0.8, 1.4],
        [0.6, 0.9, 2.2, 1.0, 1.0, 1.3, 0.3, 2.2, 0.1, 0.2, 0.6],
    ]
)
"""Affinity of sectors (tradable, local services, public) to the 11 occupations; assumed, scaled to published margins."""


def sector_mix(jobs: np.ndarray, occupation_share: np.ndarray) -> np.ndarray:
    """Heads by sector and occupation that meet the jobs by sector and the occupation shares."""
    return fit_to_margins(OCCUPATION_OF_SECTOR, jobs, np.asarray(occupation_share, np.float64) * jobs.sum())


def n_occupations(l0: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Occupations at an employer: one at one head, six from about 60 heads."""
    return np.clip(1 + np.floor(np.log(np.maximum(l0, 1.0)) / np.log(2.2) + luck - 0.5), 1, MOST_OCCUPATIONS).astype(
        np.int64
    )


def _cover(chosen: np.ndarray, score: np.ndarray, l0: np.ndarray, mix: np.ndarray) -> None:
    """Give each occupation of the sector to at least one employer with room for it."""
    for o in np.flatnonzero((mix > 0) & ~chosen.any(axis=0)):
        room = chosen.sum(axis=1) < MOST_OCCUPATIONS
        if room.any():
            chosen[np.argmax(np.where(room, score[:, o] + np.log(l0), -np.inf)), o] = True


def spread_over_occupations(l0: np.ndarray, slots: np.ndarray, mix: np.ndarray, key: np.uint64) -> np.ndarray:
    """Heads by employer and occupation for the employers of one sector.

    Parameters
    ----------
    l0 : heads of each employer
    slots : slot rows of the employers (their luck)
    mix : heads of the sector by occupation (11); its scale does not matter
    """
    ids = slots.astype(np.uint32)
    luck = np.stack([chance.uniforms(key, chance.EMPLOYER_SIZE, 0, ids, k + 1) for k in range(N_OCCUPATIONS)], axis=1)
    with np.errstate(divide="ignore"):
        score = np.log(mix)[None, :] - np.log(-np.log(luck))
    place_in_order = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1)
    wanted = n_occupations(l0, chance.uniforms(key, chance.EMPLOYER_SIZE, 0, ids))
    chosen = (place_in_order < wanted[:, None]) & (mix[None, :] > 0)
    _cover(chosen, score, l0, mix)
    target = mix / mix.sum() * l0.sum()
    heads = fit_to_margins(np.where(chosen, l0[:, None] * mix / mix.sum(), 0.0), l0, target, 60)
    kept = (heads >= LEAST_HEADS) | (heads == heads.max(axis=1, keepdims=True)) & (heads > 0)
    return fit_to_margins(np.where(kept, heads, 0.0), l0, target, 30)
