from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careersim.measures import catalogue
from careersim.measures.period import Period, Start
from careersim.town.columns import ELSEWHERE, GONE
from towns import alike_people, employers_and_posts, ties_from, town_of


def town_with(last_occupation):
    """A town of people whose (last) occupations are given; occupations 0, 1, 2 are of class 0, 1, 2."""
    n = len(last_occupation)
    employers, posts = employers_and_posts([[0], [1], [2]])
    town = town_of(alike_people(n), ties_from(np.empty((0, 2), int), n, 2), employers, posts, 1)
    town.occupations.social_class[:3] = [0, 1, 2]
    town.people.last_occupation[:] = last_occupation
    town.people.post[:] = last_occupation
    town.people.pay[:] = np.array([1500.0, 2000.0, 3000.0])[last_occupation]
    town.solved.log_pay_elsewhere[:] = np.log(2500.0)
    return town


def climbing(before, after, change=lambda people: None):
    town = town_with(before)
    start = Start.of(town)
    town.people.last_occupation[:] = after
    change(town.people)
    values = {n: m.compute(Period(start, town)) for n, m in catalogue(period=True).items()}
    return tuple(values[f"climbing_{n}"] for n in ("up", "down", "structural", "exchange", "by_leaving"))


def test_a_swap_is_exchange():
    assert climbing([0, 1, 2, 0], [1, 0, 2, 0]) == (250, 250, 0, 250, 0)


def test_more_good_posts_are_structural():
    assert climbing([0, 0, 1, 2], [2, 0, 1, 2]) == (500, 0, 500, 0, 0)


def test_fewer_good_posts_are_structural_and_negative():
    assert climbing([0, 0, 1, 2], [0, 0, 1, 1]) == (0, 250, -250, 0, 0)


moves = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


@given(moves)
def test_steps_up_are_structural_and_exchange_and_nothing_else(people):
    before, after = np.array(people).T
    up, down, structural, exchange, _ = climbing(before, after)
    assert up == pytest.approx(max(structural, 0) + exchange)
    assert up - down == pytest.approx(structural)
    margin = after.sum() - before.sum()
    assert structural == pytest.approx(1000 * margin / len(people))


def test_who_leaves_is_of_the_class_of_the_pay_there():
    """Here the classes earn 1500, 2000, 3000; elsewhere the same workers would earn 2500 at skill 1: the bounds move with that."""
    before = [0, 1, 2] * 10

    def leave(people):
        people.residence[[0, 1]] = ELSEWHERE
        people.elsewhere_employed[[0, 1]] = 1
        people.elsewhere_pay[:2] = [3500.0, 2500.0]

    up, down, _, _, by_leaving = climbing(before, before, leave)
    assert (up, by_leaving) == (pytest.approx(2000 / 30), pytest.approx(2000 / 30))
    assert down == 0


def test_out_of_work_elsewhere_keeps_the_class_and_the_retired_are_not_counted():
    def go(people):
        people.residence[0] = ELSEWHERE
        people.residence[1] = GONE

    assert climbing([0, 1, 2], [0, 2, 2], go) == (0, 0, 0, 0, 0)


def test_climbing_by_group_is_of_those_who_were_in_it_when_policy_began():
    town = town_with([0, 0, 1, 1])
    town.people.gender[:] = [1, 1, 0, 0]
    start = Start.of(town)
    town.people.last_occupation[:] = [2, 1, 1, 1]
    up = catalogue(period=True)["climbing_up"].compute
    assert up(Period(start, town, start.codes["gender"] == 1)) == 1500
    assert up(Period(start, town, start.codes["gender"] == 0)) == 0
