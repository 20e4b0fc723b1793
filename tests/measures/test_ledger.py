from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careersim.measures import ledger as books
from careersim.measures.stripping import Bounds, asset_account, quadrant, stripping_index, stripping_is_said, verdict
from careersim.town.columns import ELSEWHERE, GONE, HERE, IN_MIGRANT, NOT_YET, People, Ties

HOME, AWAY = books.AT_HOME, books.AWAY


def world(place, income, sessions=None, own=None, **more):
    """Everybody at the end of a small world."""
    n = len(place)

    def column(name, fill):
        return np.asarray(more.get(name, np.full(n, fill)))

    income = np.asarray(income, float)
    return books.Lives(
        id=np.arange(n),
        kind=column("kind", 0),
        place=np.asarray(place),
        sessions=np.zeros(n, int) if sessions is None else np.asarray(sessions),
        income=income,
        log_income=np.log(np.maximum(income, 1)),
        own=income if own is None else np.asarray(own, float),
        origin=column("origin", 0.5),
        skill=column("skill", 1.0),
        support=column("support", 0.0),
        pay=column("pay", 2000.0),
        n_ties=column("n_ties", 3),
    )


def small(policy_place, policy_income, none_place, none_income, sessions):
    return world(policy_place, policy_income, sessions), world(none_place, none_income)


money = st.floats(-1e9, 1e9, allow_nan=False)
person = st.tuples(
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(0, 2),
    st.booleans(),
    money,
    money,
    money,
    money,
)


@given(st.lists(person, min_size=1, max_size=60))
def test_rows_add_to_the_total_exactly(people):
    place_p, place_n, kind, sessions, tied, *values = (np.array(c) for c in zip(*people, strict=True))
    income_p, income_n, own_p, own_n = values
    policy = world(place_p, income_p, sessions, own_p, kind=kind)
    none = world(place_n, income_n, own=own_n, kind=kind)
    table = books.ledger(policy, none, tied)
    for measure in books.MEASURES:
        cells = table.query("row == 'cell' and measure == @measure")
        assert cells["fixed"].sum() == books.gains(policy, none, measure).sum()
        assert cells["n"].sum() == len(people)
        took, rest = cells.query("took_part"), cells.query("not took_part")
        assert took["fixed"].sum() + rest["fixed"].sum() == cells["fixed"].sum()
    account = asset_account(policy, none)
    parts = sum(round(account[f"g_{part}"] * 100) for part in ("a", "b", "elsewhere", "neither"))
    assert parts == books.gains(policy, none).sum()
    assert sum(account[f"n_{part}"] for part in ("a", "b", "elsewhere", "neither")) == len(people)
    assert account["n_left"] + account["n_stayed"] == account["n_a"]


@given(st.lists(person, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_order_of_people_changes_no_cell(people, random):
    order = list(range(len(people)))
    random.shuffle(order)

    def table(rows):
        place_p, place_n, kind, sessions, tied, *values = (np.array(c) for c in zip(*rows, strict=True))
        policy = world(place_p, values[0], sessions, values[2], kind=kind)
        return books.ledger(policy, world(place_n, values[1], own=values[3], kind=kind), tied)

    one, other = table(people), table([people[i] for i in order])
    assert one.drop(columns="total").equals(other.drop(columns="total"))


def test_pence_are_exact_where_floats_are_not():
    policy, none = small([HOME] * 10, [0.1] * 10, [HOME] * 10, [0.0] * 10, [0] * 10)
    assert sum([0.1] * 10) != 1.0
    assert books.total_effect(books.ledger(policy, none)) == 1.0


def test_other_identities_are_refused():
    one, other = world([HOME], [1.0]), replace(world([HOME], [1.0]), id=np.array([5]))
    with pytest.raises(ValueError, match="same identities"):
        books.ledger(one, other)


def test_known_small_ledger():
    policy, none = small(
        [HOME, HOME, AWAY, HOME], [110, 90, 200, 100], [HOME, HOME, HOME, HOME], [100, 100, 100, 100], [1, 0, 1, 0]
    )
    tied = np.array([False, True, False, False])
    table = books.ledger(policy, none, tied)
    assert books.direct_effect(table) == 55
    assert books.spillover(table) == -5
    assert (books.spillover(table, tied=True), books.spillover(table, tied=False)) == (-10, 0)
    assert books.total_effect(table) == 100
    assert books.displacement_ratio(110, -10) == (pytest.approx(1 / 11), "")
    left = table.query("measure == 'income' and place_policy == 'elsewhere' and place_none == 'here'")
    assert (left["n"].item(), left["total"].item()) == (1, 100)


def test_further_rows():
    policy, none = small([HOME], [100], [HOME], [100], [0])
    flows = {"profit": 50.0, "pay_commuters": 70.0, "benefits": 30.0, "public_cost": 20.0, "elsewhere_jobs": 500.0}
    table = books.ledger(
        policy, none, None, flows, {"profit": 80.0, "pay_commuters": 75.0, "benefits": 40.0, "elsewhere_jobs": 100.0}
    )
    rows = table[table["row"] != "cell"].set_index("row")["total"]
    assert rows["employers"] == -30
    assert rows["in-commuters"] == -5
    assert rows["exchequer"] == 10 - 20
    assert rows["others elsewhere, displacement 0"] == 0
    assert rows["others elsewhere, displacement 1"] == -400


@pytest.mark.parametrize(
    ("participants", "others", "reason"),
    [
        (0.0, -1.0, "participants did not gain"),
        (5.0, 1.0, "others did not lose"),
        (math.nan, -1.0, "participants did not gain"),
    ],
)
def test_displacement_is_blank_with_its_reason(participants, others, reason):
    value, why = books.displacement_ratio(participants, others)
    assert math.isnan(value)
    assert why == reason


def test_posts_fixed_means_ratio_one():
    assert books.displacement_ratio(100.0, -100.0) == (1.0, "")


def test_took_part_are_those_served_in_either_world():
    policy, none = world([HOME] * 3, [1] * 3, [2, 0, 0]), world([HOME] * 3, [1] * 3, [0, 1, 0])
    assert books.took_part(policy, none).tolist() == [True, True, False]


def test_ties_to_participants():
    ties = Ties.of_width(4, 2)
    ties.contact[0, 0], ties.contact[1, 0] = 1, 0
    ties.contact[2, 1], ties.contact[3, 0] = 3, 2
    assert books.tied_to(np.array([True, False, False, False]), ties).tolist() == [False, True, False, False]


def test_where_people_are_counted():
    people = People.empty(6)
    people.residence[:] = [HERE, ELSEWHERE, NOT_YET, NOT_YET, GONE, GONE]
    people.entry_month[:] = [0, 0, 50, 150, 0, 0]
    people.origin_kind[2:4] = IN_MIGRANT
    last = np.array([HERE, ELSEWHERE, NOT_YET, NOT_YET, HERE, ELSEWHERE])
    names = [books.PLACES[p] for p in books.end_place(people, 100, last)]
    assert names == ["here", "elsewhere", "elsewhere", "not yet", "here", "elsewhere"]
    assert books.PLACES[books.end_place(people, 100)[4]] == "gone"


@pytest.mark.parametrize(
    ("left", "stayed_gain", "name"),
    [(100, 10, "shared"), (100, -10, "stripping"), (-100, 10, "retaining"), (-100, -10, "harm")],
)
def test_each_quadrant_in_a_known_town(left, stayed_gain, name):
    policy, none = small([AWAY, HOME, HOME], [1000 + left, 1000 + stayed_gain, 1000], [HOME] * 3, [1000] * 3, [1, 0, 0])
    account = asset_account(policy, none)
    assert (account["g_a"], account["g_b"]) == (left, stayed_gain)
    assert quadrant(account["g_a"], account["g_b"]) == name
    assert (account["n_left"], account["n_remain_others"]) == (1, 2)


def test_what_left_is_net_of_what_stayed():
    policy = world([AWAY, HOME], [1, 1], skill=[2.0, 1.5], pay=[0, 3000], n_ties=[1, 4], support=[0, 0.5])
    none = world([HOME, AWAY], [1, 1], skill=[1.8, 1.2], pay=[2500, 0], n_ties=[6, 1], support=[1.0, 0])
    account = asset_account(policy, none)
    assert account["c_skill"] == pytest.approx(1.5 - 1.8)
    assert (account["c_ties"], account["c_income"], account["c_support"]) == (4 - 6, 500, 0.5 - 1.0)
    assert (account["n_left"], account["n_stayed"]) == (1, 1)


def test_nobody_changed_has_no_change():
    same = world([HOME, AWAY], [5, 5])
    account = asset_account(same, same)
    assert quadrant(account["g_a"], account["g_b"]) == "no change"


def test_index_of_alike_signs_and_ratio_of_opposite_ones():
    assert stripping_index(30.0, 10.0, 1.0) == ("ASI", 0.5, "")
    assert stripping_index(100.0, -25.0, 1.0) == ("lost per pound gained", 0.25, "")
    assert stripping_index(-100.0, 25.0, 1.0).value == 0.25


@pytest.mark.parametrize(
    ("a", "b", "se", "reason"),
    [
        (-1, -1, 0.1, "both groups lose"),
        (1, 1, 1.0, "too small"),
        (1, 1, math.nan, "2 replicates"),
        (0, 0, 0.0, "too small"),
    ],
)
def test_index_is_blank_with_its_reason(a, b, se, reason):
    name, value, why = stripping_index(a, b, se)
    assert name == ""
    assert math.isnan(value)
    assert reason in why


UP, DOWN, WIDE = Bounds(1, 0.5, 1.5), Bounds(-1, -1.5, -0.5), Bounds(-1, -3, 1)
NONE = Bounds(1, math.nan, math.nan)


@pytest.mark.parametrize(
    ("a", "b", "c", "said"),
    [
        (UP, DOWN, UP, True),
        (UP, UP, DOWN, True),
        (UP, WIDE, WIDE, False),
        (WIDE, DOWN, DOWN, False),
        (DOWN, DOWN, DOWN, False),
        (NONE, DOWN, DOWN, False),
        (UP, NONE, NONE, False),
    ],
)
def test_rule_for_saying_stripping(a, b, c, said):
    assert stripping_is_said(a, b, c) is said


def test_verdict_never_says_stripping_by_signs_alone():
    account = {"g_a": 10.0, "g_b": -10.0}
    assert verdict(account, UP, DOWN, UP) == "stripping"
    assert verdict(account, WIDE, WIDE, WIDE) == "not established (signs alone would say stripping)"
    assert verdict({"g_a": 1.0, "g_b": 1.0}, UP, UP, UP) == "shared"
