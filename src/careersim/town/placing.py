"""Taking up and leaving a post: the one place where who holds which post is changed.

Keeps ``posts.holders``, the person's work columns and the log of causes in step with each other.
"""

from __future__ import annotations

import numpy as np

from careersim.kernels import kernel
from careersim.town.columns import CONTACT, FORMAL
from careersim.town.town import HIRED, LOST_POST, Town


@kernel
def _leave(rows, month, post, pay, last_pay, last_occupation, hired_month, jobless_since, member, holders, occupation):
    for r in range(rows.shape[0]):
        i = rows[r]
        p = post[i]
        holders[p] -= 1
        last_pay[i] = pay[i]
        last_occupation[i] = occupation[p]
        post[i] = -1
        pay[i] = 0.0
        hired_month[i] = -1
        jobless_since[i] = month
        member[i] = 0


@kernel
def _take_up(
    rows, to_posts, told_by, first_pay, month, post, pay, last_occupation, hired_month, jobless_since, hired_through,
    holders, vacancies, vacant_since, occupation,
):  # fmt: skip
    for r in range(rows.shape[0]):
        i = rows[r]
        p = to_posts[r]
        holders[p] += 1
        vacancies[p] = max(vacancies[p] - 1, 0)
        if vacancies[p] == 0:
            vacant_since[p] = -1
        post[i] = p
        pay[i] = first_pay[r]
        last_occupation[i] = occupation[p]
        hired_month[i] = month
        jobless_since[i] = -1
        hired_through[i] = CONTACT if told_by[r] >= 0 else FORMAL


@kernel
def holders_of(post, wanted):
    """Rows of the people who hold a post ``p`` with ``wanted[p]``."""
    rows, n = np.empty(post.shape[0], np.int64), 0
    for i in range(post.shape[0]):
        rows[n] = i
        n += (post[i] >= 0) & (wanted[max(post[i], 0)] != 0)
    return rows[:n].copy()


def leave_posts(town: Town, rows: np.ndarray, cause: int | np.ndarray, month: int) -> None:
    """Take the people in ``rows`` (all in work) out of their posts; the posts' holders fall, vacancies are left as they are.

    ``cause`` is one of the LOST_POST causes of `careersim.town.town`, one for all or one a row.
    """
    if len(rows) == 0:
        return
    w, p = town.people, town.posts
    if town.log_events:
        town.events.add(month, rows, LOST_POST, cause, other=w.post[rows], value=w.pay[rows])
    _leave(
        rows,
        month,
        w.post,
        w.pay,
        w.last_pay,
        w.last_occupation,
        w.hired_month,
        w.jobless_since,
        w.member,
        p.holders,
        p.occupation,
    )


def take_up_posts(
    town: Town, rows: np.ndarray, posts: np.ndarray, told_by: np.ndarray, pay: np.ndarray, month: int
) -> None:
    """Put the people in ``rows`` (none in work) into ``posts``; holders rise, vacancies fall.

    ``told_by`` is the row of the contact who told, or -1, ``pay`` what each person is paid until pay is next set, GBP per month.
    """
    if len(rows) == 0:
        return
    w, p = town.people, town.posts
    _take_up(
        rows,
        posts,
        told_by,
        pay,
        month,
        w.post,
        w.pay,
        w.last_occupation,
        w.hired_month,
        w.jobless_since,
        w.hired_through,
        p.holders,
        p.vacancies,
        p.vacant_since,
        p.occupation,
    )
    if town.log_events:
        town.events.add(month, rows, HIRED, w.hired_through[rows], other=told_by, value=w.pay[rows])
