"""Luck: known answers, agreement with another implementation, uniformity, independence, symmetry of pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

from careersim import chance

KEY = np.uint64(0x299F31D0A4093822)
ALL = 0xFFFFFFFF


@njit
def _words(key, c0, c1, c2, c3):
    return chance._philox(key, c0, c1, c2, c3)


@njit
def _uniforms_over_months(key, n):
    out = np.empty(n)
    for t in range(n):
        out[t] = chance.uniform(key, chance.SEPARATION, t, 5)
    return out


# known-answer vectors of Random123 (Salmon et al. 2011), file kat_vectors: philox4x32 with 10 rounds
KNOWN = [
    (0, (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (0xFFFFFFFFFFFFFFFF, (ALL, ALL, ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        0x299F31D0A4093822,
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("key", "counter", "expected"), KNOWN)
def test_known_answers(key, counter, expected):
    assert tuple(int(w) for w in _words(np.uint64(key), *counter)) == expected


def test_block_places_its_arguments_in_the_counter():
    got = chance.block(KEY, 81, 480, 7, 9, 3)
    assert got == _words(KEY, 7, 9, (81 << 16) | 480, 3)


def test_agrees_with_randomgen():
    import randomgen

    for key, counter in [(1, 0), (0x299F31D0A4093822, 12345)]:
        other = randomgen.Philox(key=key, counter=counter, number=4, width=32)
        theirs = other.random_raw(8)
        ours = [w for step in (1, 2) for w in _words(np.uint64(key), counter + step, 0, 0, 0)]
        assert [int(w) for w in ours] == [int(w) for w in theirs]


def test_uniforms_are_uniform():
    n = 200_000
    u = chance.uniforms(KEY, chance.ADVERTS, 3, np.arange(n, dtype=np.uint32))
    assert u.min() > 0.0
    assert u.max() < 1.0
    counts = np.histogram(u, bins=100, range=(0, 1))[0]
    chi_square = ((counts - n / 100) ** 2 / (n / 100)).sum()
    assert abs(chi_square - 99) < 5 * math.sqrt(2 * 99)


def test_every_word_of_uniform4_is_uniform_and_uncorrelated():
    n = 50_000
    draws = np.array([chance.uniform4(KEY, chance.LOOKING, 1, i) for i in range(n)])
    assert np.abs(draws.mean(axis=0) - 0.5).max() < 5 * math.sqrt(1 / 12 / n)
    off_diagonal = np.corrcoef(draws.T) - np.eye(4)
    assert np.abs(off_diagonal).max() < 5 / math.sqrt(n)


def test_normals_have_the_right_moments():
    n = 200_000
    z = chance.normals(KEY, chance.SUITABILITY, 3, np.arange(n, dtype=np.uint32))
    assert abs(z.mean()) < 5 / math.sqrt(n)
    assert abs(z.std() - 1) < 5 / math.sqrt(2 * n)
    assert abs((z**4).mean() - 3) < 5 * math.sqrt(96 / n)


@pytest.mark.parametrize(
    "other",
    [
        {"key": np.uint64(KEY + np.uint64(1))},
        {"decision": chance.LAYOFF},
        {"month": 8},
        {"whom": 1},
        {"k": 1},
    ],
)
def test_changing_any_part_of_the_name_gives_independent_luck(other):
    name = {"key": KEY, "decision": chance.SEPARATION, "month": 7, "whom": 0, "k": 0}
    n = 20_000
    one = np.array([chance.uniform(who=i, **name) for i in range(n)])
    two = np.array([chance.uniform(who=i, **(name | other)) for i in range(n)])
    assert abs(np.corrcoef(one, two)[0, 1]) < 5 / math.sqrt(n)


def test_successive_months_are_uncorrelated():
    n = 60_000
    u = _uniforms_over_months(KEY, n)
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 5 / math.sqrt(n)


def test_the_same_name_has_the_same_luck():
    assert chance.uniform(KEY, 81, 7, 12) == chance.uniform(KEY, 81, 7, np.uint32(12))
    assert chance.uniform(KEY, 81, 7, 12) == chance.uniforms(KEY, 81, 7, np.array([12], np.uint32))[0]


def test_pair_luck_is_symmetric():
    for one, other in [(1, 2), (5, 5), (0, 4_000_000_000)]:
        assert chance.pair_luck(KEY, chance.MEET, 3, one, other) == chance.pair_luck(KEY, chance.MEET, 3, other, one)
    assert chance.pair_luck(KEY, chance.MEET, 3, 1, 2) != chance.pair_luck(KEY, chance.MEET, 3, 1, 3)


def test_replicate_keys_differ():
    keys = {int(chance.replicate_key(s, r)) for s in range(10) for r in range(10)}
    assert len(keys) == 100
