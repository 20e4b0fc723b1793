"""The settings in which people meet: teams at work, streets, schools.

An employer's staff falls into teams and a neighbourhood's residents into streets by a fixed keyed split: the same person is
in the same team of an employer in every world and month, whoever else works there.
"""

from __future__ import annotations

import numpy as np
from numba import uint32, uint64

from careersim.chance import STREET, TEAM, block
from careersim.kernels import inlined, kernel

_TO_UNIT_32 = 1.0 / 2**32
_LOW = np.uint64(0xFFFFFFFF)
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@kernel
def _luck_in(key, decision, who, setting):
    """32 bits of luck of each identity of ``who`` in its setting (an employer slot or a neighbourhood), once and for all."""
    out = np.empty(who.shape[0], np.uint32)
    for i in range(who.shape[0]):
        out[i] = block(key, decision, 0, who[i], setting[i])[0]
    return out


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
def employers_of(post, employer_of_post):
    """Employer slot of each person; -1 for those without a post."""
    out = np.empty(post.shape[0], np.int32)
    for i in range(post.shape[0]):
        out[i] = employer_of_post[post[i]] if post[i] >= 0 else -1
    return out


@kernel
def teams(key, ids, employer, first_team):
    """Team of each person; -1 for those without an employer."""
    out, luck = np.full(ids.shape[0], -1, np.int32), _luck_in(key, TEAM, ids, employer)
    for i in range(ids.shape[0]):
        f = employer[i]
        if f >= 0:
            out[i] = first_team[f] + luck[i] % uint32(first_team[f + 1] - first_team[f])
    return out


@kernel
def streets(key, ids, home, n_streets):
    """Street of each person, by neighbourhood and street in it."""
    out, luck = np.empty(ids.shape[0], np.int32), _luck_in(key, STREET, ids, home)
    for i in range(ids.shape[0]):
        out[i] = home[i] * n_streets + luck[i] % uint32(n_streets)
    return out


@kernel
def members_by(group, n_groups):
    """Entries by group (counting sort): members of g are ``members[start[g]:start[g + 1]]``."""
    start = np.zeros(n_groups + 2, np.int64)
    for e in range(group.shape[0]):
        start[group[e] + 2] += 1
    for g in range(n_groups):
        start[g + 2] += start[g + 1]
    members = np.empty(group.shape[0], np.int32)
    for e in range(group.shape[0]):
        free = group[e] + 1
        members[start[free]] = e
        start[free] += 1
    return start[: n_groups + 1], members


@kernel
def setting(rows, group, n_groups, ids):
    """Where the people ``rows``, each in one group, meet: rows and identities by group, and where those of each group start."""
    start, members = members_by(group, n_groups)
    for m in range(members.shape[0]):
        members[m] = rows[members[m]]
    return start, members, ids[members]
