"""Hiring: deferred acceptance against a brute-force reference, what employers rank by, stocks after a month."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import towns

from careersim.month import hiring, pay, search, separations

KEY = np.uint64(99)


@st.composite
def markets(draw):
    """A small market: applications with distinct (person, post), values and scores with ties, vacancies."""
    n_people, n_posts = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    pairs = [(i, p) for i in range(n_people) for p in range(n_posts)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    levels = st.integers(0, draw(st.sampled_from([1, 1000])))
    values = draw(st.lists(levels, min_size=len(chosen), max_size=len(chosen)))
    scores = draw(st.lists(levels, min_size=len(chosen), max_size=len(chosen)))
    vacancies = draw(st.lists(st.integers(0, 3), min_size=n_posts, max_size=n_posts))
    ids, posts = (np.array(x) for x in zip(*chosen, strict=True))
    return ids.astype(np.uint32) + 1, posts, np.array(values, float), np.array(scores, float), np.array(vacancies)


def strict_orders(ids, posts, values, scores):
    """Ranks of applications, smaller better, as persons and as posts see them, ties broken as documented."""
    luck = hiring.lucks(KEY, 3, ids, posts)
    by_person = {a: (-values[a], luck[a], posts[a]) for a in range(len(ids))}
    by_post = {a: (-scores[a], luck[a], ids[a]) for a in range(len(ids))}
    return by_person, by_post


def blocks(taken, market) -> bool:
    """Whether some person and post would both rather be matched with each other."""
    ids, posts, values, scores, vacancies = market
    by_person, by_post = strict_orders(ids, posts, values, scores)
    for a in range(len(ids)):
        mine = [b for b in taken if ids[b] == ids[a]]
        if a in taken or (mine and by_person[mine[0]] < by_person[a]):
            continue
        theirs = [b for b in taken if posts[b] == posts[a]]
        if len(theirs) < vacancies[posts[a]] or any(by_post[b] > by_post[a] for b in theirs):
            return True
    return False


def feasible(taken, market) -> bool:
    ids, posts, _, _, vacancies = market
    a = list(taken)
    return len(set(ids[a])) == len(a) and np.all(np.bincount(posts[a], minlength=len(vacancies)) <= vacancies)


def clear(market) -> np.ndarray:
    ids, posts, values, scores, vacancies = market
    return hiring.clear(KEY, 3, ids, posts, values, scores, vacancies)


@settings(max_examples=150, deadline=None)
@given(markets())
def test_clearing_is_feasible_and_stable(market):
    taken = set(np.flatnonzero(clear(market)))
    assert feasible(taken, market)
    assert not blocks(taken, market)


@settings(max_examples=50, deadline=None)
@given(markets())
def test_clearing_is_best_for_applicants_among_all_stable_matchings(market):
    ids, posts, values, scores, _ = market
    if len(ids) > 9:
        ids, posts, values, scores = ids[:9], posts[:9], values[:9], scores[:9]
        market = (ids, posts, values, scores, market[4])
    by_person, _ = strict_orders(ids, posts, values, scores)
    own = {ids[a]: by_person[a] for a in np.flatnonzero(clear(market))}
    for r in range(len(ids) + 1):
        for other in itertools.combinations(range(len(ids)), r):
            if feasible(other, market) and not blocks(set(other), market):
                assert {ids[a] for a in other} == set(own)
                assert all(own[ids[a]] <= by_person[a] for a in other)


@settings(max_examples=100, deadline=None)
@given(markets(), st.randoms(use_true_random=False))
def test_clearing_does_not_depend_on_the_order_of_applications(market, random):
    order = np.array(random.sample(range(len(market[0])), len(market[0])))
    shuffled = (*(x[order] for x in market[:4]), market[4])
    assert np.array_equal(clear(market)[order], clear(shuffled))


def test_clearing_nothing():
    empty = np.empty(0)
    assert len(hiring.clear(KEY, 1, empty.astype(np.uint32), empty.astype(int), empty, empty, np.zeros(3, int))) == 0


def one_application(**changes):
    """Town of many alike people out of work who apply to one post each; returns town and parameters."""
    n = 4000
    town = towns.town_of(
        towns.alike_people(n), towns.ties_from(np.empty((0, 2), int), n), *towns.employers_and_posts([[2]] * n)
    )
    town.posts.vacancies[:] = 1
    rows = np.arange(n, dtype=np.int32)
    town.tallies = {
        "app_person": rows,
        "app_post": rows,
        "app_value": np.zeros(n),
        "app_told_by": np.full(n, -1, np.int32),
    }
    return town, towns.parameters(hiring=changes)


def mean_score(town, p) -> float:
    return float(hiring.score_applications(town, p, 10).mean())


def test_score_by_duration_referral_presentation_and_taste():
    town, p = one_application(noise=0.0, clarity=0.0, productivity_weight=0.0)
    w, h = town.people, p.hiring
    w.jobless_since[:] = 10
    base = mean_score(town, p)
    assert base == pytest.approx(h.presentation * (0.5 - hiring.USUAL_CAREER_SKILL))
    w.jobless_since[:] = 0
    assert mean_score(town, p) == pytest.approx(base - h.duration_penalty * np.log(11))
    w.jobless_since[:] = 10
    town.tallies["app_told_by"][:] = 0
    assert mean_score(town, p) == pytest.approx(base + h.referral_bonus)
    town.tallies["app_told_by"][:] = -1
    w.ethnicity[:] = 1
    town.employers.taste_ethnicity[:] = 0.25
    assert mean_score(town, p) == pytest.approx(base - 0.25)
    w.ethnicity[:] = 0
    town.employers.taste_gender[:] = -0.5
    assert mean_score(town, p) == pytest.approx(base - 0.5)
    w.gender[:] = 1
    assert mean_score(town, p) == pytest.approx(base)


def test_referral_and_career_skill_make_the_signal_clearer():
    town, p = one_application(noise=0.5, clarity=0.2, referral_noise=0.5)
    plain = hiring.score_applications(town, p, 10).std()
    assert plain == pytest.approx(0.5 * 0.9, rel=0.05)
    town.tallies["app_told_by"][:] = 0
    assert hiring.score_applications(town, p, 10).std() == pytest.approx(plain * 0.5, rel=0.01)


def test_recognised_employers_prefer_own_staff():
    town, p = one_application(noise=0.0)
    town.people.jobless_since[:] = -1
    town.people.post[:] = np.arange(4000)
    base = mean_score(town, p)
    town.employers.recognised[:2000] = 1
    assert mean_score(town, p) == pytest.approx(base + p.hiring.progression_bonus / 2)


@pytest.mark.parametrize("cut", [0.4, 0.8])
def test_taste_cuts_call_backs_by_what_the_normal_tail_says(cut):
    town, p = one_application(productivity_weight=0.0, presentation=0.0, clarity=0.0, noise=0.5, taste_weight=1.0)
    town.people.jobless_since[:] = 10
    town.employers.taste_ethnicity[:] = 0.12
    for ethnicity, shift in ((0, 0.0), (1, 0.12)):
        town.people.ethnicity[:] = ethnicity
        called = hiring.score_applications(town, p, 10) > cut
        expected = 0.5 * math.erfc((cut + shift) / 0.5 / math.sqrt(2))
        assert abs(called.mean() - expected) < 3 * math.sqrt(expected * (1 - expected) / called.size)


@pytest.fixture(scope="module")
def lived_in():
    """A town of 3,000 after a year of separations, search and hiring, with a check of stocks every month."""
    town = towns.small_town(3000, employed=0.9)
    p = towns.parameters(hiring={"bar": 0.3})
    town.log_events = True
    hires = 0.0
    for month in range(1, 13):
        town.tallies = {}
        separations.step(town, p, month)
        before, vacant = town.people.post.copy(), town.posts.vacancies.copy()
        search.step(town, p, month)
        hiring.step(town, p, month)
        w, t = town.people, town.tallies
        assert np.array_equal(np.bincount(w.post[w.post >= 0], minlength=len(town.posts)), town.posts.holders)
        changed = np.flatnonzero((w.post >= 0) & (w.post != before))
        assert len(changed) == t["hires_total"] == t["hires"].sum()
        assert np.all(np.bincount(w.post[changed], minlength=len(vacant)) <= vacant)
        assert np.array_equal(town.posts.vacancies, vacant - np.bincount(w.post[changed], minlength=len(vacant)))
        assert np.count_nonzero(before[changed] >= 0) == t["job_changes"]
        assert t["hires_contact"] == np.count_nonzero(w.hired_through[changed] == 1)
        in_vain = t["seeker_rows"][t["rejected"]]
        assert not np.any(np.isin(in_vain, changed))
        assert t["applications"].sum() == t["applied_count"].sum() == len(t["app_person"])
        hires += t["hires_total"]
    town.tallies["hires_of_the_year"] = hires
    return town


def test_stocks_and_tallies_agree_every_month(lived_in):
    assert lived_in.tallies["hires_of_the_year"] > 50


def test_new_hires_are_paid_as_pay_will_pay_them(lived_in):
    w, logged = lived_in.people, lived_in.events.columns()
    covered = lived_in.employers.recognised[lived_in.posts.employer] == 1
    hired = (w.hired_month >= 1) & ~covered[w.post]
    before = w.pay[hired].copy()
    pay.set_peoples_pay(lived_in, towns.parameters(), lived_in.month)
    assert np.array_equal(w.pay[hired], before)
    assert len(np.unique(before)) > 20
    last = (logged["event"] == 1) & (logged["month"] == 12) & ~covered[w.post[logged["person"]]]
    assert np.array_equal(logged["value"][last], w.pay[logged["person"][last]])


def test_causes_are_logged(lived_in):
    events = lived_in.events.columns()
    assert {1, 2, 8} <= set(events["event"].tolist())
    refused = events["event"] == 8
    assert set(events["cause"][refused].tolist()) <= {hiring.LOST_TO_BETTER, hiring.BELOW_BAR}
    assert np.all(events["other"][refused] >= 0)
