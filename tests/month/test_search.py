"""Search: who looks, adverts, contacts, reservation pay, choice of posts, luck that does not leak."""

from __future__ import annotations

import numpy as np
import pytest
from tests import towns

from careersim.month import hiring, search, separations
from careersim.town import adverts, news
from careersim.town.columns import DISCOURAGED, ELSEWHERE, PUPIL, SICK


def searching_town(n: int = 2000, **changes) -> tuple:
    town = towns.small_town(n, employed=0.85)
    p = towns.parameters(search=changes)
    separations.open_vacancies(
        1, town.posts.employer, town.employers.alive, town.posts.target, town.posts.holders, town.posts.capacity,
        town.posts.vacancies, town.posts.vacant_since,
    )  # fmt: skip
    return town, p


def table(town) -> set:
    """The application table by identity: (id, post, value, id of who told)."""
    t, ids = town.tallies, town.people.id
    told = np.where(t["app_told_by"] >= 0, ids[t["app_told_by"]], 0)
    return set(
        zip(ids[t["app_person"]].tolist(), t["app_post"].tolist(), t["app_value"].tolist(), told.tolist(), strict=True)
    )


def test_who_looks():
    town, p = searching_town(employed_rate=0.0)
    w = town.people
    out = np.flatnonzero(w.post < 0)
    w.reason[out[0]], w.reason[out[1]] = SICK, DISCOURAGED
    w.stage[out[2]], w.residence[out[3]], w.morale[out[4]] = PUPIL, ELSEWHERE, 0.05
    w.morale[out[5:]] = 0.5
    assert np.array_equal(search.find_seekers(town, p, 1), out[5:])


def test_share_of_those_in_work_who_look():
    town, p = searching_town(20_000, employed_rate=0.05, employed_new_excess=0.0, employed_fit_effect=0.0)
    search.find_seekers(town, p, 1)
    in_work = town.people.post >= 0
    assert np.mean(town.people.seeking[in_work] == 2) == pytest.approx(0.05, abs=0.008)


def test_applications_meet_the_rules():
    town, p = searching_town()
    search.step(town, p, 1)
    t, w, posts = town.tallies, town.people, town.posts
    i, o = t["app_person"], posts.occupation[t["app_post"]]
    assert len(i) > 50
    assert np.all(posts.vacancies[t["app_post"]] > 0)
    assert np.all((w.considered[i] >> o.astype(np.uint32)) & 1)
    assert np.all(town.occupations.qualification[o] - w.qualification[i] <= 1)
    assert not np.any((town.occupations.stem[o] == 1) & (w.subject[i] == 0))
    assert np.all(w.seeking[i] > 0)
    assert len(set(zip(i, t["app_post"], strict=True))) == len(i)
    assert np.array_equal(np.bincount(i, minlength=len(w))[t["seeker_rows"]], t["applied_count"])
    assert t["applied_count"].max() <= p.search.max_applications
    told = t["app_told_by"] >= 0
    assert np.all(posts.employer[w.post[t["app_told_by"][told]]] == posts.employer[t["app_post"][told]])
    assert np.all(np.any(town.ties.contact[i[told]] == t["app_told_by"][told][:, None], axis=1))


def test_row_order_does_not_matter():
    town, p = searching_town()
    other, _ = searching_town()
    search.step(town, p, 1)
    order = np.random.default_rng(2).permutation(len(other.people))
    new_row = np.argsort(order)
    other.people, other.ties = other.people.take(order), other.ties.take(order)
    there = other.ties.contact >= 0
    other.ties.contact[there] = new_row[other.ties.contact[there]]
    search.step(other, p, 1)
    assert table(town) == table(other)


def test_threads_do_not_matter(monkeypatch):
    from careersim.town import threads

    town, p = searching_town()
    other, _ = searching_town()
    search.step(town, p, 1)
    monkeypatch.setattr(threads, "_n_threads", 3)
    monkeypatch.setattr(threads, "MIN_ROWS_PER_THREAD", 100)
    search.step(other, p, 1)
    assert table(town) == table(other)


def test_one_more_vacancy_changes_only_those_who_read_of_it():
    town, p = searching_town(hear_rate=0.0, max_applications=32, applications_base=20.0)
    other, _ = searching_town()
    post = int(np.flatnonzero(other.posts.vacancies == 0)[0])
    other.posts.vacancies[post] = 1
    p = towns.parameters(search={**p.search.model_dump(), "adverts_base": 40.0, "max_probes": 100})
    search.step(town, p, 1)
    search.step(other, p, 1)
    gone, new = table(town) - table(other), table(other) - table(town)
    assert not gone
    assert {row[1] for row in new} <= {post}


def test_adverts_are_read_in_proportion_to_vacancies():
    town = towns.town_of(
        towns.alike_people(1), towns.ties_from(np.empty((0, 2), int), 1), *towns.employers_and_posts([[0], [1], [2]])
    )
    town.posts.capacity[:] = 10, 40, 5
    town.posts.vacancies[:] = 2, 6, 0
    first = adverts.first_seats(town)
    is_open = adverts.open_seats(town, first)
    readers, one = np.arange(4000, dtype=np.uint32), np.ones(4000, np.int64)
    seen, n_seen = np.empty((4000, 1), np.int32), np.empty(4000, np.int64)
    adverts.read_adverts(town.key, 1, readers, one, 400, adverts.posts_of_seats(town), is_open, 3, seen, n_seen)
    counts = np.bincount(seen[n_seen == 1, 0], minlength=3)
    assert counts[2] == 0
    assert counts[0] / counts.sum() == pytest.approx(0.25, abs=0.03)


def star(n: int, strength: float) -> tuple:
    """One person in work, tied to ``n`` people out of work, one tie stronger; the employer has a vacancy."""
    edges = np.array([[0, i] for i in range(1, n + 1)])
    town = towns.town_of(
        towns.alike_people(n + 1), towns.ties_from(edges, n + 1), *towns.employers_and_posts([[2, 3]], heads=2)
    )
    towns.put_in_work(town, np.array([0]), np.array([0]))
    town.posts.vacancies[:] = 0, 1
    town.ties.strength[0, 0] = strength
    town.people.seeking[1:] = 1
    return town


@pytest.mark.parametrize(("kappa", "share"), [(0.0, 0.25), (1.0, 0.5)])
def test_news_goes_to_one_contact_in_proportion_to_strength(kappa, share):
    town = star(4, 1.0)
    town.ties.strength[0, 1:4] = 1 / 3
    p = towns.parameters(search={"hear_rate": 1.0, "kappa": kappa})
    told = np.zeros(5)
    for month in range(1500):
        whom, post = search.spread_news(town, p, month)
        told[whom[0]] += 1
        assert post[0] == 1
        assert np.all(whom[1:] == -1)
    assert told[1] / 1500 == pytest.approx(share, abs=0.05)


def test_the_only_contact_who_looks_is_told_however_weak_the_tie():
    """Why strong ties shut others out only where news is wanted by many (sign own-network-shuts-out)."""
    town = star(4, 0.05)
    town.people.seeking[2:] = 0
    whom, _ = search.spread_news(town, towns.parameters(search={"hear_rate": 1.0, "kappa": 4.0}), 1)
    assert whom[0] == 1


def test_nobody_is_told_who_does_not_look():
    town = star(3, 0.5)
    town.people.seeking[:] = 0
    whom, _ = search.spread_news(town, towns.parameters(search={"hear_rate": 1.0}), 1)
    assert np.all(whom == -1)


def test_of_two_who_tell_of_the_same_post_the_stronger_tie_counts():
    town = towns.small_town(50)
    seen, n_seen, told_by = np.full((1, 5), 7, np.int32), np.ones(1, np.int64), np.empty((1, 5), np.int32)
    contact, strength = np.array([[1, 2, -1]]), np.array([[0.2, 0.6, 0.0]])
    told_whom, told_post = np.array([-1, 0, 0, -1]), np.array([0, 7, 7])
    news.hear_tips(np.zeros(1, int), town.people.id, contact, strength, told_whom, told_post, seen, n_seen, told_by)
    assert (n_seen[0], told_by[0, 0]) == (1, 2)


def reservation(town, **changes) -> np.ndarray:
    p = towns.parameters(search={"reservation_slack": 1.0, "reservation_spread": 0.0, **changes})
    return np.exp(search.what_seekers_want(town, p, 60, np.arange(len(town.people)))[0])


def test_reservation_pay_falls_with_months_out():
    town = star(4, 0.5)
    town.people.last_pay[:] = 2000
    town.people.jobless_since[1:] = 60, 48, 36, 24
    got = reservation(town, switching_cost=0.1)
    assert got[0] == pytest.approx(town.people.pay[0] * np.exp(0.1))
    assert got[1:] == pytest.approx([2060, 1920, 1760, 1600])


def test_reservation_pay_is_at_least_the_benefit_and_at_most_the_floor_for_the_lowest_paid():
    town = star(2, 0.5)
    town.people.last_pay[:] = 0, 0, town.minimum_wage
    town.people.jobless_since[1:] = 60
    assert reservation(town)[1:] == pytest.approx([town.benefit, town.minimum_wage])


def test_spread_keeps_the_mean_of_reservation_pay():
    n = 20_000
    town = towns.town_of(
        towns.alike_people(n), towns.ties_from(np.empty((0, 2), int), n), *towns.employers_and_posts([[2]])
    )
    town.people.last_pay[:] = 5000
    town.people.jobless_since[:] = 60
    assert reservation(town, reservation_spread=0.25).mean() == pytest.approx(5150, rel=0.01)


def test_better_known_selves_choose_better():
    town, p = searching_town(self_view_spread=1.0)
    seekers = np.flatnonzero(town.people.post < 0)
    town.people.self_awareness[:] = 1.0
    _, true = search.what_seekers_want(town, p, 1, seekers)
    town.people.self_awareness[:] = 0.0
    _, seen = search.what_seekers_want(town, p, 1, seekers)
    is_open = np.isfinite(true)
    assert not np.allclose(true[is_open], seen[is_open])
    assert np.std(seen[is_open] - true[is_open]) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("variant", ["vacancies", "exogenous"])
def test_a_town_without_posts_or_people(variant):
    for n in (0, 3):
        people = towns.alike_people(n)
        town = towns.town_of(people, towns.ties_from(np.empty((0, 2), int), n), *towns.employers_and_posts([[]]))
        p = towns.parameters(search={"news": variant, "news_rate": 1.0})
        separations.step(town, p, 1)
        search.step(town, p, 1)
        hiring.step(town, p, 1)
        assert len(town.tallies["app_person"]) == 0
        assert town.tallies["hires_total"] == 0
