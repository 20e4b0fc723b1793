"""Luck: every random draw of the simulator is a pure function of what it decides.

``u = chance(replicate, decision, month, who, whom, k)``. There is no generator and no state: the same decision about the
same person in the same month has the same luck in every world, on every thread and in every row order. Two worlds that
differ only in policy therefore differ only where the policy made them differ (common random numbers, matched by event).

The function is Philox4x32-10 (Salmon et al. 2011, *Parallel random numbers: as easy as 1, 2, 3*), a counter-based
generator: the key is the replicate's 64-bit seed, the counter is ``(who, whom, decision * 2^16 + month, k)``.

Nothing else in the package draws random numbers.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numba import int64, uint32, uint64

from careersim.kernels import inlined, kernel

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint32(0x9E3779B9)
_W1 = np.uint32(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_TO_UNIT_32 = 1.0 / 2**32
_TO_UNIT_52 = 1.0 / 2**52

# ---------------------------------------------------------------------------------------------------------------------
# Decisions: one number for each thing that luck decides. Bands of 20 a submodel; a number is never reused.
# ---------------------------------------------------------------------------------------------------------------------
# building the town (month 0)
PERSON_TRAITS = 1
PERSON_TRAITS_2 = 2
PERSON_INTERESTS = 3
PERSON_PLACE = 4
PERSON_START = 5
EMPLOYER_TRAITS = 6
EMPLOYER_SIZE = 7
POST_ROUNDING = 8
COMMUTERS = 9
OUTSIDE_POST = 10
NETWORK_START = 11
PARENT = 12
PERSON_WIDER = 13
BUILD_SPARE = 14
# demography
SCHOOLING = 21
INACTIVITY = 22
IN_MIGRATION = 23
MIGRANT_AGE = 24
# demand
EMPLOYER_EXIT = 41
EMPLOYER_ENTRY = 42
# pay
RENEGOTIATE = 61
# separations
SEPARATION = 81
LAYOFF = 82
# services
TAKE_UP = 101
TARGET = 102
CONTENT = 103
GROUPING = 104
BROKER = 105
CAMPAIGN = 106
ELSEWHERE_SHARE = 107
PERTURB = 108
ANSWERS = 109
COACHING = 115
# search
LOOKING = 121
ADVERTS = 122
HEARD = 123
PASSED_ON = 124
TIP_CHOICE = 125
APPLY = 126
NEWS = 127
SELF_VIEW = 128
RESERVATION = 129
# hiring
SUITABILITY = 141
HIRE_TIE_BREAK = 142
# learning
CONSIDER = 161
BELIEF = 162
# ties
MEET = 181
MEET_WHOM = 182
TIE_RANK = 183
WELCOME = 184
CLOSURE = 185
ACCEPT_TIE = 186
TEAM = 187
STREET = 188
LOSE_TOUCH = 189
# organising
JOIN = 201
LEAVE_UNION = 202
NEW_HIRE_JOINS = 203
COVERED = 204
FIRST_MEMBERS = 205
# migration
WEIGH = 221
RETURN = 222
ELSEWHERE_WORK = 223


@inlined
def _philox(key, c0, c1, c2, c3):
    """Ten rounds of Philox4x32 on counter (c0, c1, c2, c3); returns four 32-bit words as uint32."""
    k0 = uint32(key & _LOW)
    k1 = uint32(key >> uint64(32))
    x0, x1, x2, x3 = uint32(c0), uint32(c1), uint32(c2), uint32(c3)
    for _ in range(10):
        p0 = _M0 * uint64(x0)
        p1 = _M1 * uint64(x2)
        x0, x1, x2, x3 = (
            uint32(uint32(p1 >> uint64(32)) ^ x1 ^ k0),
            uint32(p1 & _LOW),
            uint32(uint32(p0 >> uint64(32)) ^ x3 ^ k1),
            uint32(p0 & _LOW),
        )
        k0 = uint32(k0 + _W0)
        k1 = uint32(k1 + _W1)
    return x0, x1, x2, x3


@inlined
def block(key, decision, month, who, whom=0, k=0):
    """Four 32-bit words for one decision.

    Parameters
    ----------
    key : uint64
        Seed of the replicate.
    decision : int
        One of the constants of this module.
    month : int
        Month counter, 0..65535 (0 for what is decided once and for all).
    who, whom : int
        Identity of the person, employer or post decided about, and of the other party (0 if none). For pairs that have
        no direction pass the smaller identity first.
    k : int
        Number of the draw within the decision.
    """
    return _philox(uint64(key), who, whom, (uint32(decision) << uint32(16)) | uint32(month), k)


@inlined
def _open_unit(a, b):
    """52 bits of two words as the middle of one of 2^52 cells of (0, 1): never 0, never 1."""
    return (float(int64((uint64(a) << uint64(20)) | (uint64(b) >> uint64(12)))) + 0.5) * _TO_UNIT_52


@inlined
def uniform(key, decision, month, who, whom=0, k=0):
    """A number in the open interval (0, 1) with 52 bits."""
    a, b, _, _ = block(key, decision, month, who, whom, k)
    return _open_unit(a, b)


@inlined
def uniform4(key, decision, month, who, whom=0, k=0):
    """Four numbers in (0, 1) with 32 bits each: for rates and shares."""
    a, b, c, d = block(key, decision, month, who, whom, k)
    return (
        (float(a) + 0.5) * _TO_UNIT_32,
        (float(b) + 0.5) * _TO_UNIT_32,
        (float(c) + 0.5) * _TO_UNIT_32,
        (float(d) + 0.5) * _TO_UNIT_32,
    )


@inlined
def normal2(key, decision, month, who, whom=0, k=0):
    """Two independent standard normal numbers (Box and Muller 1958)."""
    a, b, c, d = block(key, decision, month, who, whom, k)
    u, v = _open_unit(a, b), _open_unit(c, d)
    r = math.sqrt(-2.0 * math.log(u))
    return r * math.cos(2.0 * math.pi * v), r * math.sin(2.0 * math.pi * v)


@kernel
def pair_luck(key, decision, month, one, other, k=0):
    """Luck of an undirected pair of identities: the same whichever is named first."""
    if one < other:
        return uniform(key, decision, month, one, other, k)
    return uniform(key, decision, month, other, one, k)


@kernel
def uniforms(key, decision, month, who, k=0):
    """One number in (0, 1) for each identity of the array ``who``."""
    out = np.empty(who.shape[0], np.float64)
    for i in range(who.shape[0]):
        out[i] = uniform(key, decision, month, who[i], 0, k)
    return out


@kernel
def uniform4s(key, decision, month, who, k, out):
    """Write four numbers in (0, 1) for each identity of ``who`` to the rows of ``out`` (many at once cost a fifth of single ones)."""
    for i in range(who.shape[0]):
        out[0, i], out[1, i], out[2, i], out[3, i] = uniform4(key, decision, month, who[i], 0, k)


@kernel
def normals(key, decision, month, who, k=0):
    """One standard normal number for each identity of the array ``who``."""
    out = np.empty(who.shape[0], np.float64)
    for i in range(who.shape[0]):
        out[i] = normal2(key, decision, month, who[i], 0, k)[0]
    return out


@kernel
def normals_towards(key, decision, month, who, whom):
    """One standard normal number for each identity of ``who`` and what stands beside it in ``whom``."""
    out, v = np.empty(who.shape[0], np.float64), np.empty(who.shape[0], np.float64)
    for i in range(who.shape[0]):
        a, b, c, d = block(key, decision, month, who[i], whom[i])
        out[i], v[i] = _open_unit(a, b), _open_unit(c, d)
    for i in range(who.shape[0]):
        out[i] = math.sqrt(-2.0 * math.log(out[i])) * math.cos(2.0 * math.pi * v[i])
    return out


@kernel
def uniforms_of(key, decision, month, who, first, n):
    """Numbers in (0, 1): the draws ``first`` to ``first + n - 1`` of each identity of ``who``."""
    out = np.empty((who.shape[0], n), np.float64)
    for i in range(who.shape[0]):
        for k in range(n):
            out[i, k] = uniform(key, decision, month, who[i], 0, first + k)
    return out


@kernel
def normals_of(key, decision, month, who, first, n):
    """Standard normal numbers: the draws ``first`` to ``first + n - 1`` of each identity of ``who``."""
    out = np.empty((who.shape[0], n), np.float64)
    for i in range(who.shape[0]):
        for k in range(n):
            out[i, k] = normal2(key, decision, month, who[i], 0, first + k)[0]
    return out


def replicate_key(seed: int, replicate: int) -> np.uint64:
    """Key of a replicate: a hash of the experiment's seed and the replicate's number, equal across arms.

    Examples
    --------
    >>> bool(replicate_key(1, 0) == replicate_key(1, 0)), bool(replicate_key(1, 0) == replicate_key(1, 1))
    (True, False)
    """
    digest = hashlib.blake2b(f"careersim/{seed}/{replicate}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
