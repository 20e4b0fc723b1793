"""Organising (model.md 6.10): support, joining, recognition, stationary density, independence of threads and row order."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import (
    alike_people,
    employers_and_posts,
    parameters,
    put_in_work,
    random_edges,
    small_town,
    ties_from,
    town_of,
)

from careersim.month import organising
from careersim.scenario.parameters import Parameters
from careersim.town import threads
from careersim.town.columns import DISCOURAGED, LOCAL, OUTSIDE, PUBLIC, TRADABLE, Ties
from careersim.town.town import JOINED_UNION, PAY_CHANGED, Town

MONTHLY = parameters(organising={"reflect_every": 1})
PLACE = SimpleNamespace(union_density_private=0.13, union_density_public=0.52)


def works(n: int = 40, edges: np.ndarray | None = None) -> Town:
    """One employer of ``n`` people, all in work at pay equal to their value product, thresholds out of reach."""
    w = alike_people(n)
    w.threshold[:] = 2.0
    town = town_of(
        w, ties_from(np.empty((0, 2), int) if edges is None else edges, n), *employers_and_posts([[0]], heads=n)
    )
    town.posts.v0[:] = town.posts.pay
    put_in_work(town, np.arange(n), np.zeros(n, int))
    return town


def ring(n: int) -> np.ndarray:
    return np.array([(i, (i + 1) % n) for i in range(n)])


def test_support_moves_to_that_of_contacts() -> None:
    town = works(4, ring(4))
    town.people.support[:] = [0.8, -0.4, 0.8, -0.4]
    organising.step(town, parameters(organising={"reflect_every": 1, "contact_rate": 0.1, "grievance_rate": 0.0}), 1)
    assert town.people.support == pytest.approx([0.68, -0.28, 0.68, -0.28], abs=1e-5)


@pytest.mark.parametrize(("attribution", "sign"), [(0.9, 1), (0.5, 0), (0.1, -1)])
def test_grievance_raises_or_lowers_support_by_what_it_is_laid_to(attribution: float, sign: int) -> None:
    town = works(4)
    town.people.attribution[:] = attribution
    town.posts.pay *= 0.8
    organising.step(town, MONTHLY, 1)
    rate, weight = MONTHLY.organising.grievance_rate, MONTHLY.organising.pay_grievance
    assert town.people.support == pytest.approx(sign * rate * 0.8 * weight * 0.2, abs=1e-6)


def test_pay_at_value_product_is_no_grievance_and_rent_counts() -> None:
    town = works(4)
    town.people.attribution[:] = 1.0
    organising.step(town, MONTHLY, 1)
    assert np.all(town.people.support == 0)
    town.posts.rho[:] = 0.25
    organising.step(town, MONTHLY, 2)
    assert np.all(town.people.support > 0)


def test_hopeless_search_and_discrimination_are_grievances() -> None:
    town = works(4)
    w = town.people
    w.post[:], w.attribution[:] = -1, 1.0
    w.jobless_since[:] = [30, 6, 6, 30]
    w.reason[2] = DISCOURAGED
    w.gender[3] = 1
    town.employers.taste_gender[:] = 0.1
    town.tallies.update(
        seeker_rows=np.array([0, 3]), rejected=np.array([True, True]), app_person=np.array([0, 3], np.int32),
        app_post=np.zeros(2, np.int32),
    )  # fmt: skip
    organising.step(town, MONTHLY, 30)
    assert w.support[0] == 0
    assert w.support[1] == w.support[2] > 0
    assert w.support[3] > 0


def test_joining_needs_threshold_and_a_union_present() -> None:
    town = works(4, ring(4))
    town.people.threshold[:] = [0.5, 0.5, 0.6, 0.5]
    town.people.member[1] = 1
    organising.step(town, parameters(organising={"reflect_every": 1, "leave_rate": 0}), 1)
    assert town.people.member.tolist() == [0, 1, 0, 0]  # nobody counted as a member yet: no union present
    organising.step(town, parameters(organising={"reflect_every": 1, "leave_rate": 0}), 2)
    assert town.people.member.tolist() == [1, 1, 0, 0]
    organising.step(town, parameters(organising={"reflect_every": 1, "leave_rate": 0}), 3)
    assert town.people.member.tolist() == [1, 1, 0, 1]


def test_members_whose_threshold_is_not_met_leave_with_the_hazard() -> None:
    town = works(5000)
    town.people.member[:] = 1
    town.people.threshold[:100] = 0.0
    organising.step(town, parameters(organising={"reflect_every": 1, "leave_rate": 0.1}), 1)
    assert np.all(town.people.member[:100] == 1)
    assert town.people.member[100:].mean() == pytest.approx(0.9, abs=0.02)


def test_new_hires_at_recognised_employers_join_with_the_sectors_chance() -> None:
    town = works(5000)
    town.people.hired_month[:2500] = 1
    town.solved.join_rate[:] = [0.0, 0.6, 0.0, 0.0]
    organising.step(town, MONTHLY, 1)
    assert town.people.member.sum() == 0
    town.employers.recognised[:] = 1
    organising.step(town, parameters(organising={"leave_rate": 0.0}), 1)
    assert town.people.member[:2500].mean() == pytest.approx(0.6, abs=0.03)
    assert town.people.member[2500:].sum() == 0
    assert town.employers.members[0] == town.people.member.sum()


def test_a_campaign_raises_support_while_it_lasts() -> None:
    town = works(4)
    town.employers.campaign_until[:] = 4
    path = []
    for month in range(1, 8):
        organising.step(town, MONTHLY, month)
        path.append(float(town.people.support[0]))
    assert path[0] < path[1] < path[2] < MONTHLY.organising.campaign_aim
    assert path[3] < path[2]


def recognition(members: int, months: int, n: int = 40, full_scale: float = 1.0, recognised: int = 0) -> Town:
    town = works(n)
    town.people.member[:members] = 1
    town.people.threshold[:members] = -2.0
    town.employers.full_scale[:], town.employers.recognised[:] = full_scale, recognised
    town.solved.join_rate[:] = 0.0
    for month in range(1, months + 1):
        organising.step(town, MONTHLY, month)
    return town


@pytest.mark.parametrize(
    ("members", "months", "n", "full_scale", "expected"),
    [
        (20, 3, 40, 1, 1),
        (20, 2, 40, 1, 0),
        (19, 30, 40, 1, 0),
        (20, 30, 20, 1, 0),
        (20, 3, 21, 1, 1),
        (10, 3, 10, 2.1, 1),
    ],
)
def test_recognition_follows_three_months_of_majority(members, months, n, full_scale, expected) -> None:
    assert recognition(members, months, n, full_scale).employers.recognised[0] == expected


@pytest.mark.parametrize(("members", "months", "expected"), [(11, 11, 1), (11, 12, 0), (12, 40, 1)])
def test_recognition_lapses_after_a_year_below_the_share(members: int, months: int, expected: int) -> None:
    assert recognition(members, months, recognised=1).employers.recognised[0] == expected


def test_joining_and_recognition_are_logged() -> None:
    town = works(40)
    town.log_events = True
    town.people.threshold[:30] = 0.0
    town.employers.campaign_until[:] = 100
    for month in range(1, 4):
        organising.step(town, MONTHLY, month)
    log = town.events.columns()
    assert np.count_nonzero(log["event"] == JOINED_UNION) == 30
    assert np.count_nonzero(log["event"] == PAY_CHANGED) == 40
    assert set(log["month"][log["event"] == PAY_CHANGED].tolist()) == {3}


def sectors_of_town(n: int = 6000, seed: int = 3) -> Town:
    """A town of employers of many sizes in three sectors and outside, everybody in work, initial unions."""
    rng = np.random.default_rng(seed)
    sizes = np.minimum(2 + (20 * rng.pareto(1.2, n)).astype(int), 300)
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), n)]
    employers, posts = employers_and_posts([[int(o)] for o in rng.integers(0, 11, len(sizes))])
    employers.sector[:] = rng.choice([TRADABLE, LOCAL, PUBLIC, OUTSIDE], len(sizes), p=[0.3, 0.35, 0.25, 0.1])
    posts.sector[:] = employers.sector
    posts.l0[:] = posts.target[:] = employers.l0[:] = sizes
    people = alike_people(int(sizes.sum()))
    n = len(people)
    people.id[:] = rng.permutation(n) + 1
    people.threshold[:] = rng.normal(0.5, 0.25, n)
    seats = np.repeat(np.arange(len(posts)), sizes)
    edges = np.concatenate([random_edges(n, 7, seed), np.array([(i, i + k) for i in range(n - 5) for k in (1, 3)])])
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    town = town_of(people, ties_from(edges, n), employers, posts, seed)
    put_in_work(town, np.arange(n), seats)
    organising.initial_recognition(town, PLACE, Parameters())
    organising.initial_members(town, PLACE, Parameters())
    return town


def test_initial_density_is_the_places_by_sector() -> None:
    town = sectors_of_town()
    assert organising.density_by_sector(town) == pytest.approx([0.13, 0.13, 0.52, 0.0], abs=0.005)
    heads = town.employers.heads[town.employers.recognised == 1]
    assert heads.min() >= 21
    covered = np.bincount(town.employers.sector, town.employers.heads * town.employers.recognised, 4)
    share = covered / np.bincount(town.employers.sector, town.employers.heads, 4)
    assert share == pytest.approx([0.22, 0.22, 0.82, 0.0], abs=0.04)


def test_a_new_employer_follows_the_custom_of_its_slot() -> None:
    town = sectors_of_town(1500)
    e, before = town.employers, town.employers.recognised.copy()
    won = np.flatnonzero((before == 0) & (e.sector == LOCAL))[0]
    e.recognised[won] = 1
    e.recognised[:] = e.members[:] = e.heads[:] = 0
    e.generation[:] = 1
    organising.step(town, Parameters(), 1)
    assert np.array_equal(e.recognised, before)


def turnover(town: Town, rng: np.random.Generator) -> None:
    """Let private employers exit at 4% a year, as `demand` does, and the next one follow at once."""
    e = town.employers
    exits = (e.sector < PUBLIC) & (rng.random(len(e)) < 0.04 / 12)
    e.recognised[exits] = e.members[exits] = e.heads[exits] = 0
    e.generation[exits] += 1
    staff = exits[town.posts.employer[town.people.post]]
    town.people.member[staff] = 0
    town.people.hired_month[staff] = town.month


def test_density_is_stationary_over_forty_years_of_turnover() -> None:
    """Posts change hands at 1.5% a month; employers die and are reborn; join rates are corrected as the solver does."""
    town, p, rng = sectors_of_town(), Parameters(), np.random.default_rng(4)
    w, wanted = town.people, np.array([0.13, 0.13, 0.52, 0.0])
    town.solved.join_rate[:] = 0.6
    path, rates = [], []
    for month in range(1, 841):
        town.month = month
        changes = rng.random(len(w)) < 0.015
        w.member[changes], w.hired_month[changes] = 0, month
        turnover(town, rng)
        organising.step(town, p, month)
        path.append(organising.density_by_sector(town))
        if month <= 360 and month % 24 == 0:
            ratio = wanted / np.maximum(np.mean(path[-24:], axis=0), 1e-9)
            rates.append(np.clip(town.solved.join_rate * np.clip(ratio, 0.8, 1.25), 0, 1))
            town.solved.join_rate = np.mean(rates[5:], axis=0) if month == 360 else rates[-1]
    after = np.array(path)[360:]
    assert after.mean(axis=0) == pytest.approx(wanted, abs=0.02)
    assert after[-120:].mean(axis=0) == pytest.approx(after[:120].mean(axis=0), abs=0.02)
    assert np.all(town.solved.join_rate[:3] < 0.95)


def campaigning(n: int = 500, seed: int = 2) -> Town:
    """A mixed town with applications, recognised employers, campaigns and first members."""
    town = small_town(n, seed)
    w, rng = town.people, np.random.default_rng(seed)
    w.attribution[:] = rng.random(n)
    town.employers.campaign_until[::3] = 5
    w.member[:] = (w.post >= 0) & (rng.random(n) < 0.3)
    town.solved.join_rate[:] = 0.5
    rows = np.flatnonzero(w.post < 0)
    town.tallies.update(
        seeker_rows=rows, rejected=rng.random(len(rows)) < 0.8, app_person=np.repeat(rows, 2).astype(np.int32),
        app_post=rng.integers(0, len(town.posts), 2 * len(rows)).astype(np.int32),
    )  # fmt: skip
    return town


CHANGED = ("support", "member")


def test_row_order_does_not_matter() -> None:
    town = campaigning()
    n = len(town.people)
    order = np.random.default_rng(5).permutation(n)
    where = np.argsort(order)
    contact = np.where(town.ties.contact >= 0, where[town.ties.contact], -1)[order][:, ::-1].astype(np.int32)
    ties = Ties(np.ascontiguousarray(contact), town.ties.strength[order], town.ties.kind[order])
    other = town_of(town.people.take(order), ties, town.employers.copy(), town.posts.copy())
    other.key, other.solved = town.key, town.solved
    other.tallies = dict(town.tallies)
    other.tallies["seeker_rows"] = where[town.tallies["seeker_rows"]]
    other.tallies["app_person"] = where[town.tallies["app_person"]].astype(np.int32)
    for month in range(1, 9):
        organising.step(town, parameters(), month)
        organising.step(other, parameters(), month)
    for name in CHANGED:
        assert np.array_equal(getattr(town.people, name)[order], getattr(other.people, name)), name
    for name in ("members", "recognised", "months_majority"):
        assert np.array_equal(getattr(town.employers, name), getattr(other.employers, name)), name


def test_threads_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = campaigning(), campaigning()
    for month in range(1, 4):
        organising.step(one, MONTHLY, month)
    monkeypatch.setattr(threads, "MIN_ROWS_PER_THREAD", 50)
    monkeypatch.setattr(threads, "_n_threads", 2)
    for month in range(1, 4):
        organising.step(two, MONTHLY, month)
    for name in CHANGED:
        assert np.array_equal(getattr(one.people, name), getattr(two.people, name)), name


def test_switched_off_nothing_changes() -> None:
    town = campaigning()
    before = town.people.copy()
    organising.step(town, parameters(organising={"on": False}), 1)
    for name in CHANGED:
        assert np.array_equal(getattr(town.people, name), getattr(before, name))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    rates=st.fixed_dictionaries(
        {
            "contact_rate": st.floats(0, 1),
            "grievance_rate": st.floats(0, 1),
            "pay_grievance": st.floats(0, 10),
            "neutral_attribution": st.floats(0, 1),
            "campaign_rate": st.floats(0, 1),
            "leave_rate": st.floats(0, 0.2),
            "reflect_every": st.integers(1, 6),
            "contacts": st.sampled_from(["ties", "everyone"]),
            "joins_at": st.sampled_from(["presence", "anywhere"]),
        }
    ),
)
def test_everything_stays_in_range(seed: int, rates: dict) -> None:
    town = campaigning(80, seed)
    for month in range(1, 13):
        organising.step(town, parameters(organising=rates), month)
    w, e = town.people, town.employers
    assert np.all((w.support >= -1) & (w.support <= 1))
    assert np.all((w.member == 0) | ((w.member == 1) & (w.post >= 0)))
    assert np.all(e.members <= e.heads)
    assert e.members.sum() == w.member.sum()
    assert np.all((e.recognised == 0) | (e.recognised == 1))
