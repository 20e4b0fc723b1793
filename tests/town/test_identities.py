"""Identity before policy: names unique, parents fixed, and dropping rows changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from tests.town.people_town import by_identity, figures, people_town, permuted

from careersim.month import demography, migration
from careersim.scenario.parameters import Parameters
from careersim.town.columns import HERE, IN_MIGRANT, NOT_YET, SCHOOL_LEAVER
from careersim.town.identities import compact, lay_out, may_matter, migrant_ages, whole_flow
from careersim.town.state import fork

PARAMS = Parameters(migration={"weigh_rate": 1.0, "cost": 0.0, "return_rate": 0.3, "return_window": 12})


def laid_out(until: int = 24, order: np.ndarray | None = None):
    town = people_town()
    if order is not None:
        town = permuted(town, order)
    lay_out(town, *figures(), PARAMS, until)
    return town


def live(town, months: int, compact_every: int = 0):
    for month in range(months):
        town.month = month
        if month and compact_every and month % compact_every == 0:
            compact(town, PARAMS.migration.return_window)
        if month % 12 == 0:
            lay_out(town, *figures(), PARAMS, month + 12)
        town.tallies.clear()
        demography.step(town, PARAMS, month)
        migration.step(town, PARAMS, month)
    return town


def test_names_are_unique_in_order_and_rows_agree():
    town = laid_out()
    w = town.people
    assert (w.id == np.arange(len(w))).all()
    assert town.next_id == len(w) == len(town.ties)
    new = slice(town.n_people, None)
    assert (w.residence[new] == NOT_YET).all()
    assert (np.diff(w.entry_month[new]) >= 0).all()
    kinds = w.origin_kind[new]
    month_of = w.entry_month[new]
    for month in range(24):
        assert (np.diff(kinds[month_of == month]) >= 0).all()
    assert (kinds == SCHOOL_LEAVER).sum() == pytest.approx(24 * town.n_people / 636, abs=1)
    assert (kinds == IN_MIGRANT).sum() == pytest.approx(24 * town.solved.migrant_rate * town.n_people, abs=1)


def test_rows_in_use_end_with_the_last_who_can_have_entered():
    town = laid_out()
    w, n = town.people, town.n_people
    for month in (0, 7, 23):
        assert town.rows_in_use(month) == n + np.count_nonzero(w.entry_month[n:] <= month)
    w.residence[-1] = HERE
    assert town.rows_in_use(0) == len(w)


def test_laying_out_in_pieces_is_the_same_flow():
    months = np.arange(120)
    whole = whole_flow(7.86, months)
    assert (whole == np.concatenate([whole_flow(7.86, months[:50]), whole_flow(7.86, months[50:])])).all()
    assert whole.sum() == int(120 * 7.86)


def test_a_longer_horizon_gives_the_same_identities():
    short, long = by_identity(laid_out(12)), by_identity(laid_out(24))
    for name, a in short.items():
        assert np.array_equal(a, long[name][: len(a)]), name


def test_parents_are_residents_of_suitable_age_whatever_the_row_order():
    town = laid_out()
    w = town.people
    pupils = np.flatnonzero((w.origin_kind == SCHOOL_LEAVER) & (w.parent >= 0))
    assert len(pupils) > 0
    age = w.birth_month[pupils] - w.birth_month[w.parent[pupils]]
    assert (age >= 20 * 12).all()
    assert (age <= 45 * 12).all()
    assert (w.residence[w.parent[pupils]] == HERE).all()
    assert (w.neighbourhood[pupils] == w.neighbourhood[w.parent[pupils]]).all()
    other = by_identity(laid_out(order=np.random.default_rng(1).permutation(2000)))
    for name, a in by_identity(town).items():
        assert np.array_equal(a, other[name]), name


def test_in_migrants_are_18_to_50_and_mostly_young():
    ages = migrant_ages(np.arange(5000, dtype=np.uint32), people_town().key) / 12
    assert ages.min() >= 18
    assert ages.max() < 50
    assert np.median(ages) < 27


def test_compaction_changes_nothing():
    plain, compacted = live(people_town(), 48), live(people_town(), 48, compact_every=6)
    assert len(compacted.people) < len(plain.people)
    a, b = by_identity(plain), by_identity(compacted)
    here = a["residence"] == HERE
    assert here.sum() == (b["residence"] == HERE).sum()
    kept = np.isin(a["id"], b["id"])
    assert kept[here].all()
    for name in a:
        if name != "parent":
            assert np.array_equal(a[name][kept], b[name]), name
    assert compacted.next_id == plain.next_id


def test_compaction_keeps_whoever_may_matter_and_remaps():
    town = live(people_town(), 36)
    before = fork(town)
    keep = may_matter(town, 12)
    compact(town, 12)
    w, old = town.people, before.people
    assert np.array_equal(w.id, old.id[keep])
    assert town.ties.contact.max() < len(w)
    assert w.parent.max() < len(w)
    here = np.flatnonzero(old.residence == HERE)
    named = lambda t, rows: np.where(t.ties.contact[rows] >= 0, t.people.id[t.ties.contact[rows]].astype(int), -1)  # noqa: E731
    now = np.flatnonzero(w.residence == HERE)
    assert np.array_equal(named(before, here), named(town, now))
