"""Separations: rates, tenure and voice, order of layoffs, vacancies."""

from __future__ import annotations

import numpy as np
import pytest
from tests import towns

from careersim.month import separations
from careersim.town.town import LAID_OFF, QUIT


def one_firm_each(n: int, **changes) -> tuple:
    """A town in which each of ``n`` alike people works for an own employer."""
    town = towns.town_of(
        towns.alike_people(n), towns.ties_from(np.empty((0, 2), int), n), *towns.employers_and_posts([[2]] * n)
    )
    towns.put_in_work(town, np.arange(n), np.arange(n), hired_month=changes.pop("hired_month", -600))
    return town, towns.parameters(separations=changes)


def rate(town, parameters, cause=None) -> float:
    causes = separations.break_up(town, parameters, 5)
    return float(np.mean(causes == cause if cause else causes > 0))


def test_new_hires_separate_more_often_by_the_excess():
    old, p = one_firm_each(200_000, hired_month=-1200, new_hire_excess=3.0, quit_rate=0.01, loss_rate=0.01)
    new, _ = one_firm_each(200_000, hired_month=5)
    assert rate(new, p) / rate(old, p) == pytest.approx(4.0, rel=0.1)


def test_voice_lowers_quits_and_not_losses():
    town, p = one_firm_each(300_000, quit_rate=0.02, loss_rate=0.02, voice_quit_ratio=0.6)
    without = separations.break_up(town, p, 5)
    town.employers.recognised[:] = 1
    with_voice = separations.break_up(town, p, 5)
    assert np.mean(with_voice == QUIT) / np.mean(without == QUIT) == pytest.approx(0.6, abs=0.05)
    assert np.array_equal(with_voice == LAID_OFF, without == LAID_OFF)
    assert not np.any((with_voice == QUIT) & (without == 0))


def test_poor_matches_end_sooner():
    town, p = one_firm_each(100_000, quit_rate=0.02, loss_rate=0.02)
    well = rate(town, p)
    town.people.qualification[:] = 0
    assert rate(town, p) > 1.2 * well


def test_simple_variant_is_one_constant_hazard_new_hires_included():
    town, p = one_firm_each(200_000, hired_month=5, breakup_everyone=True, breakup_rate=0.015)
    assert rate(town, p) == pytest.approx(0.015, abs=4 * np.sqrt(0.015 / 200_000))


def test_rates_of_zero_end_nothing():
    town, p = one_firm_each(5_000, quit_rate=0.0, loss_rate=0.0)
    separations.step(town, p, 5)
    assert town.tallies["separations"] == 0
    assert town.posts.vacancies.sum() == 0


def crowded_post() -> tuple:
    """Twelve people in one post of which six are wanted, above target for two months."""
    n = 12
    town = towns.town_of(
        towns.alike_people(n), towns.ties_from(np.empty((0, 2), int), n), *towns.employers_and_posts([[2, 3]], heads=n)
    )
    towns.put_in_work(town, np.arange(n), np.zeros(n, int), hired_month=-np.repeat([10, 30, 200], 4))
    town.posts.target[:] = 6, 1
    town.posts.months_over[:] = 2, 0
    return town, towns.parameters(separations={"quit_rate": 0.0, "loss_rate": 0.0})


def test_layoffs_take_the_newest_and_worst_matched_first():
    town, p = crowded_post()
    town.people.qualification[[5, 6]] = 0
    separations.step(town, p, 0)
    assert set(np.flatnonzero(town.people.post < 0)) == {0, 1, 2, 3, 5, 6}
    assert town.posts.holders[0] == 6
    assert town.posts.vacancies.tolist() == [0, 1]
    assert town.posts.vacant_since.tolist() == [-1, 0]
    assert town.tallies["layoffs"] == 6


def test_no_layoffs_before_the_months_are_over():
    town, p = crowded_post()
    town.posts.months_over[:] = 1
    separations.step(town, p, 0)
    assert town.tallies["layoffs"] == 0


def test_layoffs_do_not_depend_on_row_order():
    town, p = crowded_post()
    ids = set(town.people.id[separations.choose_layoffs(town, p, 0)])
    town.people = town.people.take(np.random.default_rng(3).permutation(12))
    assert set(town.people.id[separations.choose_layoffs(town, p, 0)]) == ids


def test_a_post_without_living_employer_has_no_vacancies():
    town, p = one_firm_each(3, quit_rate=0.0, loss_rate=0.0)
    town.posts.target[:] = 3
    town.posts.capacity[:] = 1
    town.employers.alive[0] = 0
    separations.step(town, p, 5)
    assert town.posts.vacancies.tolist() == [0, 1, 1]


def test_holders_match_posts_after_a_month():
    town = towns.small_town(2000)
    separations.step(town, towns.parameters(), 1)
    held = town.people.post[town.people.post >= 0]
    assert np.array_equal(np.bincount(held, minlength=len(town.posts)), town.posts.holders)
    assert np.array_equal(town.people.jobless_since >= 0, town.people.post < 0)
