"""Learning (model.md 6.8): directions, ranges, stationarity, and independence of threads and row order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import alike_people, employers_and_posts, parameters, put_in_work, small_town, ties_from, town_of

from careersim.month import learning
from careersim.town import threads
from careersim.town.columns import ACTIVE, DISCOURAGED, ELSEWHERE, NOT_YET, Ties
from careersim.town.town import Town

MONTHLY = parameters(learning={"reflect_every": 1})
LEARNED = (
    "odds_belief", "considered", "interests", "morale", "reason", "skill", "career_skill", "knows_elsewhere",
    "self_awareness", "attribution",
)  # fmt: skip


def applied(town: Town, rows: list[int], posts: list[int], got_nothing: list[bool]) -> None:
    """Let each of ``rows`` have sent one application, to the post beside it."""
    town.tallies.update(
        seeker_rows=np.array(rows), applied_count=np.ones(len(rows), int), rejected=np.array(got_nothing),
        app_person=np.array(rows, np.int32), app_post=np.array(posts, np.int32), app_value=np.ones(len(rows)),
    )  # fmt: skip
    town.people.seeking[rows] = 1


def trio(edges: list[tuple[int, int]] = ((0, 1), (0, 2)), n: int = 3) -> Town:
    """Three people, the first tied to both others; two employers of occupations 0 and 1."""
    w = alike_people(n)
    w.morale_base[:] = w.morale
    w.career_skill_base[:] = w.career_skill
    return town_of(w, ties_from(np.array(edges), n), *employers_and_posts([[0], [1]], heads=n))


def market_of(n: int = 400, months: int = 3, seed: int = 2) -> Town:
    """A mixed town with made-up applications by everybody out of work, before learning."""
    town = small_town(n, seed)
    w, rng = town.people, np.random.default_rng(seed)
    w.morale_base[:] = w.morale
    w.odds_belief[:] = rng.random(w.odds_belief.shape)
    rows = np.flatnonzero(w.post < 0)
    persons = np.repeat(rows, 3).astype(np.int32)
    town.tallies.update(
        seeker_rows=rows, applied_count=np.full(len(rows), 3), rejected=rng.random(len(rows)) < 0.8,
        app_person=persons, app_post=rng.integers(0, len(town.posts), len(persons)).astype(np.int32),
        app_value=rng.random(len(persons)),
    )  # fmt: skip
    return town


def test_refusal_lowers_and_hire_raises_the_odds_believed() -> None:
    town = trio()
    applied(town, [0, 1], [0, 0], [True, False])
    put_in_work(town, np.array([1]), np.array([0]), hired_month=1)
    learning.step(town, parameters(learning={"contact_rate": 0, "information_rate": 0}), 1)
    assert town.people.odds_belief[:, 0] == pytest.approx([0.1 * 0.95, 0.1 + 0.05 * 0.9, 0.1])
    assert town.people.odds_belief[:, 1] == pytest.approx(0.1)


def test_contacts_tell_of_their_outcomes() -> None:
    town = trio()
    applied(town, [1, 2], [0, 1], [False, True])
    put_in_work(town, np.array([1]), np.array([0]), hired_month=1)
    learning.step(town, parameters(learning={"reflect_every": 1, "information_rate": 0, "contact_rate": 0.2}), 1)
    assert town.people.odds_belief[0, :3] == pytest.approx([0.1 + 0.2 * 0.9, 0.1 * 0.8, 0.1])


def test_information_needs_access_and_literacy() -> None:
    town = trio()
    town.people.digital_access[1], town.people.digital_literacy[2] = 0, 0.5
    town.aggregates.odds[:] = 0.3
    learning.step(town, MONTHLY, 1)
    rate = MONTHLY.learning.information_rate
    assert town.people.odds_belief[:, 4] == pytest.approx([0.1 + 0.2 * rate, 0.1, 0.1 + 0.1 * rate])


def test_refusal_hurts_more_the_more_it_is_laid_to_oneself() -> None:
    town = trio()
    town.people.attribution[:] = [0.0, 0.5, 1.0]
    applied(town, [0, 1, 2], [0, 0, 0], [True, True, True])
    learning.step(town, parameters(learning={"morale_recovery": 0, "morale_fall": 0.2}), 1)
    assert town.people.morale == pytest.approx([0.7 * 0.8, 0.7 * 0.9, 0.7])


def test_the_disheartened_stop_looking_and_return_sooner_in_a_tight_market() -> None:
    def months_away(tightness: float) -> int:
        town = trio()
        town.aggregates.tightness = tightness
        town.people.morale[:] = 0.2
        learning.step(town, MONTHLY, 1)
        assert np.all(town.people.reason == DISCOURAGED)
        for month in range(2, 200):
            learning.step(town, MONTHLY, month)
            if town.people.reason[0] == ACTIVE:
                return month
        return 200

    assert months_away(2.0) < months_away(0.5) < 150


def test_hire_lifts_morale_and_ends_discouragement() -> None:
    town = trio()
    town.people.reason[0] = DISCOURAGED
    put_in_work(town, np.array([0, 1]), np.array([0, 0]), hired_month=np.array([1, 0]))
    learning.step(town, MONTHLY, 1)
    assert town.people.morale == pytest.approx([0.7 + 0.3 * 0.3, 0.7, 0.7])
    assert town.people.reason[0] == ACTIVE


def test_horizon_widens_through_people_like_me_and_keeps_the_own_occupation() -> None:
    n = 4000
    edges = np.array([(i, i + 1) for i in range(0, n, 2)])
    town = trio(edges, n)
    w = town.people
    w.considered[:] = 0
    w.gender[np.arange(0, n, 4)] = 1  # every second pair is of two genders
    put_in_work(town, np.arange(1, n, 2), np.zeros(n // 2, int))
    p = parameters(learning={"reflect_every": 1, "consider_rate": 0.3, "unseen_rate": 0.0})
    learning.step(town, p, 1)
    sees = (w.considered & 1) == 1
    assert np.all(sees[1::2])
    unlike, alike = sees[0::4].mean(), sees[2::4].mean()
    assert alike == pytest.approx(1 - np.exp(-0.3), abs=0.04)
    assert unlike == pytest.approx(1 - np.exp(-0.15), abs=0.04)
    assert np.all(w.considered <= 1)


def test_what_is_never_seen_is_forgotten() -> None:
    town = trio(np.empty((0, 2), int), 3000)
    put_in_work(town, np.arange(3000), np.ones(3000, int))
    learning.step(town, parameters(learning={"reflect_every": 1, "unseen_rate": 0.1}), 1)
    considered = town.people.considered
    assert np.all(considered & 2)
    assert np.mean((considered & 1) == 0) == pytest.approx(0.1, abs=0.02)


def test_interests_move_toward_the_post_at_unit_length() -> None:
    town = trio()
    put_in_work(town, np.array([0]), np.array([1]))
    profile = town.occupations.riasec[1]
    before = town.people.interests @ profile
    for month in range(1, 60):
        learning.step(town, MONTHLY, month)
    after = town.people.interests @ profile
    assert after[0] > before[0] + 0.005
    assert after[1:] == pytest.approx(before[1:])
    assert np.linalg.norm(town.people.interests, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_skill_grows_in_work_less_with_age_and_decays_out_of_it() -> None:
    town = trio()
    w = town.people
    put_in_work(town, np.array([0, 1]), np.array([0, 0]))
    w.birth_month[1] = -12 * 45
    learning.step(town, MONTHLY, 1)
    assert w.skill[0] > w.skill[1] > 1.0 > w.skill[2]
    assert w.self_awareness[2] == 1


def test_service_effects_fade_by_half_in_a_half_life_unless_used() -> None:
    town = trio(np.empty((0, 2), int))
    w = town.people
    w.career_skill[:], w.knows_elsewhere[:], w.attribution[:] = 0.9, 0.6, 0.9
    w.seeking[1] = 1
    for month in range(int(MONTHLY.learning.fade_half_life)):
        learning.step(town, MONTHLY, month)
    assert w.career_skill == pytest.approx([0.7, 0.9, 0.7], abs=1e-4)
    assert w.knows_elsewhere == pytest.approx(0.3, abs=1e-4)
    assert w.attribution == pytest.approx(0.7, abs=1e-4)


def test_contacts_elsewhere_teach_about_elsewhere() -> None:
    town = trio()
    town.people.residence[2] = ELSEWHERE
    before = town.people.copy()
    learning.step(town, MONTHLY, 1)
    assert town.people.knows_elsewhere[0] == pytest.approx(MONTHLY.learning.elsewhere_rate)
    assert town.people.knows_elsewhere[1] == 0
    assert np.array_equal(town.people.odds_belief[2], before.odds_belief[2])


def test_those_not_in_town_and_a_switched_off_submodel_stay_as_they_are() -> None:
    town = market_of()
    town.people.residence[::3] = NOT_YET
    before = town.people.copy()
    learning.step(town, parameters(learning={"on": False}), 1)
    for name in LEARNED:
        assert np.array_equal(getattr(town.people, name), getattr(before, name))
    town.tallies.clear()
    learning.step(town, MONTHLY, 1)
    for name in LEARNED:
        assert np.array_equal(getattr(town.people, name)[::3], getattr(before, name)[::3])


def permuted(town: Town, order: np.ndarray) -> Town:
    """The same town with the people's rows in another order, and the contacts' slots and applications reversed."""
    where = np.empty(len(order), np.int64)
    where[order] = np.arange(len(order))
    t, ties = town.tallies, town.ties
    contact = np.where(ties.contact >= 0, where[ties.contact], -1)[order][:, ::-1].astype(np.int32)
    out = town_of(
        town.people.take(order),
        Ties(np.ascontiguousarray(contact), ties.strength[order][:, ::-1].copy(), ties.kind[order][:, ::-1].copy()),
        town.employers.copy(), town.posts.copy(),
    )  # fmt: skip
    out.key, out.month = town.key, town.month
    rows = np.argsort(where[t["seeker_rows"]])
    out.tallies = {
        "seeker_rows": where[t["seeker_rows"]][rows], "applied_count": t["applied_count"][rows],
        "rejected": t["rejected"][rows], "app_person": where[t["app_person"]][::-1].astype(np.int32),
        "app_post": t["app_post"][::-1].copy(), "app_value": t["app_value"][::-1].copy(),
    }  # fmt: skip
    return out


def test_row_order_does_not_matter() -> None:
    town = market_of()
    order = np.random.default_rng(5).permutation(len(town.people))
    other = permuted(town, order)
    for month in range(1, 7):
        learning.step(town, parameters(), month)
        learning.step(other, parameters(), month)
    for name in LEARNED:
        assert np.array_equal(getattr(town.people, name)[order], getattr(other.people, name)), name


def test_threads_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = market_of(), market_of()
    learning.step(one, MONTHLY, 1)
    monkeypatch.setattr(threads, "MIN_ROWS_PER_THREAD", 50)
    monkeypatch.setattr(threads, "_n_threads", 2)
    learning.step(two, MONTHLY, 1)
    for name in LEARNED:
        assert np.array_equal(getattr(one.people, name), getattr(two.people, name)), name


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    rates=st.fixed_dictionaries(
        {
            "own_rate": st.floats(0, 0.5),
            "contact_rate": st.floats(0, 0.5),
            "information_rate": st.floats(0, 0.5),
            "morale_fall": st.floats(0, 0.9),
            "interest_rate": st.floats(0, 0.1),
            "skill_decay": st.floats(0, 0.05),
            "elsewhere_rate": st.floats(0, 0.5),
            "reflect_every": st.integers(1, 12),
        }
    ),
)
def test_everything_stays_in_range(seed: int, rates: dict) -> None:
    town = market_of(60, seed=seed)
    w = town.people
    w.residence[::9] = ELSEWHERE
    w.post[::9] = -1
    for month in range(1, 15):
        learning.step(town, parameters(learning=rates), month)
    for name in ("odds_belief", "morale", "career_skill", "knows_elsewhere", "self_awareness", "attribution"):
        column = getattr(w, name)
        assert np.all((column >= 0) & (column <= 1)), name
    assert np.all((w.skill > 0) & np.isfinite(w.skill))
    assert np.linalg.norm(w.interests, axis=1) == pytest.approx(np.ones(len(w)), abs=1e-4)
    assert np.all(w.considered < 2**11)
