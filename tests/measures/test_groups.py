from __future__ import annotations

import math

import numpy as np
import pytest

from careersim.measures import catalogue
from careersim.measures.collecting import Collector
from careersim.measures.groups import GROUPINGS, cells, codes_of
from careersim.measures.registry import Snapshot
from careersim.scenario.collect import Collect
from towns import lively_town


@pytest.fixture
def town():
    town = lively_town(600)
    in_work = np.flatnonzero(town.people.post >= 0)
    town.people.last_occupation[in_work] = town.posts.occupation[town.people.post[in_work]]
    hired = in_work[:9]
    town.people.hired_through[hired[:3]] = 1
    town.tallies.update(
        hired_rows=hired, job_changer_rows=hired[:4], hired_after=np.array([-1] * 4 + [0, 5, 6, 12, 13]),
        separated_rows=np.flatnonzero(town.people.post < 0)[:5], left_rows=np.flatnonzero(town.people.residence == 2)[:6],
    )  # fmt: skip
    return town


@pytest.mark.parametrize("name", catalogue())
def test_every_measure_keeps_its_range_and_says_what_it_is(town, name):
    m = catalogue()[name]
    value = m.compute(Snapshot(town))
    assert math.isnan(value) or m.low <= value <= m.high
    assert m.doc.endswith((".", ")"))
    assert m.unit
    assert m.source


@pytest.mark.parametrize("name", [n for n, m in catalogue().items() if m.by_group])
def test_a_group_of_everybody_has_the_measure_of_the_place(town, name):
    whole = Snapshot(town)
    m = catalogue()[name]
    everybody = m.compute(whole.within(np.ones(len(town.people), bool)))
    assert everybody == pytest.approx(m.compute(whole), nan_ok=True, rel=1e-12)


@pytest.mark.parametrize("name", [n for n, m in catalogue().items() if m.by_group])
def test_a_measure_of_a_group_is_that_of_a_town_of_these_people_alone(town, name):
    """Nobody outside the group has a part in its measure, but through ties and the ranks of the others."""
    if name in ("degree", "clustering", "connectedness", "ties_lost_to_leaving"):
        return
    women = town.people.gender == 1
    before = catalogue()[name].compute(Snapshot(town).within(women))
    men = ~women
    town.people.pay[men] *= 3.0
    town.people.skill[men] *= 2.0
    town.people.qualification[men] = 0
    town.people.member[men] = 1
    town.people.sessions[men] += 5
    town.people.reason[men] = 2
    assert catalogue()[name].compute(Snapshot(town).within(women)) == pytest.approx(before, nan_ok=True, rel=1e-12)


@pytest.mark.parametrize("name", [n for n, m in catalogue().items() if m.flow])
def test_flows_of_groups_add_to_the_flow_of_all(town, name):
    whole, compute = Snapshot(town), catalogue()[name].compute
    parts = [compute(whole.within(mask)) for _, mask in cells(codes_of(whole), "gender")]
    assert sum(parts) == pytest.approx(compute(whole))
    assert compute(whole) > 0 or name in ("in_moves", "skill_came")


def test_crossed_groups_part_the_people_of_both(town):
    codes = codes_of(Snapshot(town))
    found = dict(cells(codes, "origin_third*gender"))
    assert list(found)[1] == "origin_third=lowest third*gender=women"
    assert len(found) == 6
    assert np.sum(list(found.values()), axis=0).tolist() == [1] * len(town.people)


def test_months_out_of_those_hired_this_month_are_how_long_it_took_them(town):
    codes = GROUPINGS["months_out"].codes(Snapshot(town))
    assert codes[town.tallies["hired_rows"]].tolist() == [-1] * 4 + [0, 0, 1, 1, 2]
    in_work = town.people.post >= 0
    in_work[town.tallies["hired_rows"]] = False
    assert (codes[in_work] == -1).all()


def test_ages_and_thirds(town):
    town.people.birth_month[:3] = [town.month - 12 * 15, town.month - 12 * 16, town.month - 12 * 50]
    codes = codes_of(Snapshot(town))
    assert codes["age"][:3].tolist() == [-1, 0, 2]
    adults = Snapshot(town).working_age
    for third in range(3):
        assert abs((codes["skill_third"][adults] == third).mean() - 1 / 3) < 0.02


def test_groups_are_taken_only_in_the_months_asked_for(town):
    collector = Collector(Collect(groups=("gender",), months={"every": 5}, measures=("hires", "gini_pay")), months=20)
    taken = [m for m in range(1, 21) if (town.tallies, collector.take(town, m))]
    assert sorted({line.month for line in collector.by_group}) == [5, *range(9, 21)]
    assert len(taken) == 20
    assert {line.measure for line in collector.by_group} == {"people", "hires", "gini_pay"}
    assert {line.month for line in collector.by_group if line.measure == "gini_pay"} == {5, 10, 11, 14, 15, 17, 20}
    assert math.isfinite(collector.take(town, 5)["gini_pay"])
    assert math.isnan(collector.take(town, 7)["gini_pay"])


def test_closing_means_make_rates_of_flows(town):
    collector = Collector(Collect(groups=("gender",), measures=("hires", "employment_rate")), months=12)
    for m in range(1, 13):
        collector.take(town, m)
    s = Snapshot(town).within(town.people.gender == 1)
    n, hires = s.counts["working_age"], catalogue()["hires"].compute(s)
    closing = collector.closing()
    assert closing["hires", "gender=women"] == pytest.approx(12_000 * hires / n)
    assert closing["employment_rate", "gender=women"] == pytest.approx(catalogue()["employment_rate"].compute(s))
