"""Adverts: how a seeker comes to read of vacancies, without luck hanging on how many there are.

The permanent table of posts has a row for each seat, ``capacity`` seats a post; a post with v vacancies has its first v
seats open. A probe draws a seat and is an advert if that seat is open. So each vacancy is as likely to be read of as any other,
and one vacancy more or less opens or closes one seat and changes nobody's luck with the rest.
"""

from __future__ import annotations

import math

import numpy as np

from careersim import chance
from careersim.kernels import inlined, kernel
from careersim.town.town import Town

PROBES = 64
"""Probes made at once when adverts are read (four a draw of luck)."""


def first_seats(town: Town) -> np.ndarray:
    """First seat of each post in the permanent table, and the number of seats at the end; the same in every world."""
    return _first_seats(town.posts.capacity)


def posts_of_seats(town: Town) -> np.ndarray:
    """Post of each seat in the permanent table."""
    return _posts_of_seats(first_seats(town))


def open_seats(town: Town, first_seat: np.ndarray) -> np.ndarray:
    """1 for each seat that is open this month, else 0."""
    return _open_seats(first_seat, town.posts.vacancies)


@kernel
def _first_seats(capacity):
    first_seat = np.zeros(capacity.shape[0] + 1, np.int64)
    for p in range(capacity.shape[0]):
        first_seat[p + 1] = first_seat[p] + capacity[p]
    return first_seat


@kernel
def _posts_of_seats(first_seat):
    post = np.empty(first_seat[-1], np.int32)
    for p in range(first_seat.shape[0] - 1):
        for seat in range(first_seat[p], first_seat[p + 1]):
            post[seat] = p
    return post


@kernel
def _open_seats(first_seat, vacancies):
    is_open = np.zeros(max(first_seat[-1], 1), np.uint8)
    for p in range(vacancies.shape[0]):
        for seat in range(first_seat[p], min(first_seat[p] + vacancies[p], first_seat[p + 1])):
            is_open[seat] = 1
    return is_open


@kernel
def price_posts(lo, hi, pay, travel, log_pay):
    """Write log pay net of travel of each post."""
    for p in range(lo, hi):
        log_pay[p] = math.log(max(pay[p] - travel[p], 1.0))


@inlined
def seat_of(word, n_seats):
    """Seat that a 32-bit word stands for."""
    return np.int64((np.uint64(word) * np.uint64(n_seats)) >> np.uint64(32))


@inlined
def post_of(seat, first_seat):
    """Post of a seat."""
    return np.searchsorted(first_seat, seat, side="right") - 1


@kernel
def read_adverts(key, month, readers, quota, max_probes, seat_post, is_open, n_posts, seen, n_seen):
    """Write the posts of the adverts that each of ``readers`` (identities) reads, at most ``quota``: ``seen[r, :n_seen[r]]``.

    Probes are made `PROBES` at a time: many draws at once cost a tenth of as many single ones.
    """
    n_probes, n_seats = max_probes // 4 * 4, is_open.shape[0]
    seats, open_ones = np.empty((4, PROBES // 4), np.uint32), np.empty(PROBES, np.uint32)
    last_reader = np.full(n_posts, -1, np.int32)
    for r in range(readers.shape[0]):
        n, done, reader, most = 0, 0, readers[r], quota[r]
        while n < most and done < n_probes:
            for k in range(PROBES // 4):
                a, b, c, d = chance.block(key, chance.ADVERTS, month, reader, 0, done // 4 + k)
                seats[0, k], seats[1, k] = seat_of(a, n_seats), seat_of(b, n_seats)
                seats[2, k], seats[3, k] = seat_of(c, n_seats), seat_of(d, n_seats)
            n_open = 0
            for k in range(min(PROBES, n_probes - done) // 4):
                for draw in range(4):  # no branch: it would cost more
                    open_ones[n_open] = seats[draw, k]
                    n_open += is_open[seats[draw, k]]
            c = 0
            while c < n_open and n < most:
                p = seat_post[open_ones[c]]
                seen[r, n] = p
                n += last_reader[p] != r
                last_reader[p] = r
                c += 1
            done += PROBES
        n_seen[r] = n
