"""The settings in which people meet: teams at work, streets, schools.

An employer's staff falls into teams and a neighbourhood's residents into streets by a fixed keyed split: the same person is
in the same team of an employer in every world and month, whoever else works there.
"""

from __future__ import annotations

import numpy as np
from numba import uint64

from careersim.chance import STREET, TEAM, block
from careersim.kernels import inlined, kernel
from careersim.town.threads import over_rows

_TO_UNIT_32 = 1.0 / 2**32
_LOW = np.uint64(0xFFFFFFFF)
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@kernel
def team_of(key, who, employer, n_teams):
    """Team 0..n_teams-1 of identity ``who`` at an employer slot."""
    return np.int64(block(key, TEAM, 0, who, employer)[0]) % n_teams


@kernel
def street_of(key, who, neighbourhood, n_streets):
    """Street 0..n_streets-1 of identity ``who`` in a neighbourhood."""
    return np.int64(block(key, STREET, 0, who, neighbourhood)[0]) % n_streets


@kernel
def luck_word(key, decision, month, who, draw):
    """64 bits of luck of one choice that a person makes among others; see :func:`luck_towards`."""
    a, b, _, _ = block(key, decision, month, who, 0, draw)
    return (uint64(a) << uint64(32)) | uint64(b)


@inlined
def luck_towards(word, whom):
    """Spread one choice's luck over those who may be chosen: 64 bits for identity ``whom``, whoever else is there.

    The finaliser of splitmix64 (Steele, Lea and Flood 2014) on the choice's word and the other's identity: a function of
    (replicate, decision, month, who, whom) like all luck, at a quarter of the cost where twelve are compared to take one.
    """
    x = word + (uint64(whom) + uint64(1)) * _GOLDEN
    x = (x ^ (x >> uint64(30))) * _MIX_1
    x = (x ^ (x >> uint64(27))) * _MIX_2
    return x ^ (x >> uint64(31))


@inlined
def low_unit(luck):
    """The low 32 bits as a number in (0, 1): independent of what the high bits decided."""
    return (float(luck & _LOW) + 0.5) * _TO_UNIT_32


@kernel
def first_teams(l0, team_size):
    """First team of each employer (and the number of all teams at the end): ceil(l0 / team_size) teams, at least one."""
    first = np.zeros(l0.shape[0] + 1, np.int64)
    for f in range(l0.shape[0]):
        first[f + 1] = first[f] + max(1, np.int64(np.ceil(l0[f] / team_size)))
    return first


@kernel
def _write_employers(lo, hi, post, employer_of_post, out):
    for i in range(lo, hi):
        out[i] = employer_of_post[post[i]] if post[i] >= 0 else -1


def employers_of(post: np.ndarray, employer_of_post: np.ndarray) -> np.ndarray:
    """Employer slot of each person; -1 for those without a post."""
    out = np.empty(len(post), np.int32)
    over_rows(_write_employers, len(post), post, employer_of_post, out)
    return out


@kernel
def _write_teams(lo, hi, key, ids, employer, first_team, out):
    for i in range(lo, hi):
        f = employer[i]
        out[i] = -1
        if f >= 0:
            out[i] = first_team[f] + team_of(key, ids[i], f, first_team[f + 1] - first_team[f])


def teams(key: np.uint64, ids: np.ndarray, employer: np.ndarray, first_team: np.ndarray) -> np.ndarray:
    """Team of each person; -1 for those without an employer."""
    out = np.empty(len(ids), np.int32)
    over_rows(_write_teams, len(ids), key, ids, employer, first_team, out)
    return out


@kernel
def _write_streets(lo, hi, key, ids, home, n_streets, out):
    for i in range(lo, hi):
        out[i] = home[i] * n_streets + street_of(key, ids[i], home[i], n_streets)


def streets(key: np.uint64, ids: np.ndarray, home: np.ndarray, n_streets: int) -> np.ndarray:
    """Street of each person, by neighbourhood and street in it."""
    out = np.empty(len(ids), np.int32)
    over_rows(_write_streets, len(ids), key, ids, home, n_streets, out)
    return out


@kernel
def members_by(group, n_groups):
    """Entries by group (counting sort): members of g are ``members[start[g]:start[g + 1]]``."""
    start = np.zeros(n_groups + 1, np.int64)
    for e in range(group.shape[0]):
        start[group[e] + 1] += 1
    for g in range(n_groups):
        start[g + 1] += start[g]
    members = np.empty(start[n_groups], np.int32)
    free = start[:-1].copy()
    for e in range(group.shape[0]):
        g = group[e]
        members[free[g]] = e
        free[g] += 1
    return start, members
