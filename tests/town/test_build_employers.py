"""Building employers and posts: the published totals at any number of people."""

from __future__ import annotations

import numpy as np
import pytest

from careersim.chance import replicate_key
from careersim.scenario.national import load_national
from careersim.scenario.place import load_place
from careersim.town.build_employers import ENTERPRISE_SEATS, build_employers, dormant_share, typical_pay
from careersim.town.columns import OUTSIDE, PUBLIC
from careersim.town.employer_sizes import sample_employers
from careersim.town.occupation_mix import MOST_OCCUPATIONS
from careersim.town.town import Solved
from towns import parameters

KEY = replicate_key(1, 0)


def built(name: str, people: int, key: np.uint64 = KEY, **groups: dict):
    place, setting = load_place(name), parameters(**groups)
    return place, setting, *build_employers(place, load_national(), setting, people, key, Solved())


@pytest.mark.parametrize("name", ["inverclyde", "blackpool", "edinburgh"])
@pytest.mark.parametrize("people", [2000, 5000, 20_000, 370_000])
def test_published_totals_are_met(name: str, people: int) -> None:
    place, setting, e, p, _ = built(name, people)
    local = e.sector != OUTSIDE
    residents = people * 49 / 53
    jobs = place.jobs_density * residents
    raised = jobs / ((1 - dormant_share(place, setting)) * (1 - Solved().vacancy_share))
    assert e.l0[local].sum() == pytest.approx(raised, rel=1e-9)
    posts = p.sector != OUTSIDE
    occupations = np.bincount(p.occupation[posts], p.l0[posts], 11) / raised
    assert occupations == pytest.approx(np.array(place.occupation_share), abs=0.002 + 10 / people)
    sectors = np.bincount(e.sector[local], e.l0[local], 3) / raised
    assert sectors == pytest.approx(np.array(place.sector_share), abs=0.015)
    outside = place.employment_rate * place.out_commuter_share * residents / (1 - Solved().vacancy_share)
    assert p.l0[~posts].sum() == pytest.approx(outside)
    assert e.l0[local].max() <= 0.05 * raised * 1.01
    assert p.commuters[posts].sum() == pytest.approx(
        place.in_commuter_share * (1 - Solved().vacancy_share) * raised, abs=3 * np.sqrt(len(p))
    )


def test_layout_is_contiguous_and_rows_make_sense() -> None:
    _, _, e, p, o = built("inverclyde", 5000)
    assert np.array_equal(np.repeat(np.arange(len(e)), e.n_posts), p.employer)
    assert np.array_equal(e.first_post, np.searchsorted(p.employer, np.arange(len(e))))
    ordinary = e.enterprise == 0
    assert np.all(e.n_posts[(e.sector != OUTSIDE) & ordinary] <= MOST_OCCUPATIONS)
    assert np.all(e.alive[~ordinary] == 0)  # rows kept free for community enterprises
    assert np.all(np.diff(p.employer) >= 0)
    assert len(np.unique(p.employer.astype(np.int64) * 16 + p.occupation)) == len(p)
    asked = ordinary[p.employer]
    assert np.array_equal(p.capacity[asked], np.ceil(0.3 * p.l0[asked]) + 1)
    assert np.all(p.capacity[~asked] == ENTERPRISE_SEATS)
    assert np.all((p.travel > 0) == (p.sector == OUTSIDE))
    assert np.all(p.target[e.alive[p.employer] == 0] == 0)
    assert np.all(e.fixed_cost >= 0)
    assert np.all(e.alive[e.sector >= PUBLIC] == 1)
    assert np.all(o.typical_pay > 0)


def test_a_cut_employer_keeps_its_full_scale_heads() -> None:
    _, _, e, _, _ = built("inverclyde", 5000)
    largest = e.l0 * e.full_scale
    assert largest.max() > 5 * e.l0.max()
    assert np.median(e.full_scale[e.l0 < 40]) == pytest.approx(1.0, abs=0.1)


def test_at_full_size_nobody_is_cut_and_everybody_is_taken_once() -> None:
    heads = np.sort(1.0 / np.random.default_rng(1).random(1000))
    sector = np.zeros(1000, np.int8)
    rows, l0 = sample_employers(heads, sector, 1.0, heads.max(), 0.37)
    assert np.array_equal(rows, np.arange(1000))
    assert l0 == pytest.approx(heads)


def test_no_turnover_no_empty_slots() -> None:
    place, setting, e, _, _ = built("inverclyde", 5000, demand={"turnover": False})
    assert dormant_share(place, setting) == 0.0
    assert np.all(e.alive[e.enterprise == 0] == 1)


def test_same_key_same_employers_other_key_others() -> None:
    _, _, e, p, _ = built("inverclyde", 5000)
    _, _, f, q, _ = built("inverclyde", 5000)
    assert all(np.array_equal(a, b) for a, b in zip(p.arrays().values(), q.arrays().values(), strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(e.arrays().values(), f.arrays().values(), strict=True))
    _, _, g, _, _ = built("inverclyde", 5000, replicate_key(1, 1))
    assert not np.array_equal(e.premium[:100], g.premium[:100])


def test_typical_pay_puts_the_median_where_it_is_published() -> None:
    relative, share = np.array([1.5, 1.0, 0.7]), np.array([0.3, 0.4, 0.3])
    typical = typical_pay(2500.0, relative, share, 0.35)
    rng = np.random.default_rng(1)
    occupation = rng.choice(3, 400_000, p=share)
    pay = typical[occupation] * np.exp(rng.normal(-0.5 * 0.35**2, 0.35, 400_000))
    assert np.median(pay) == pytest.approx(2500.0, rel=0.005)
    assert typical / typical[1] == pytest.approx(relative)


def test_tastes_follow_the_typing_of_occupations() -> None:
    _, _, e, p, o = built("edinburgh", 20_000)
    women, ordinary = np.bincount(p.employer, p.l0 * o.women_share[p.occupation]), e.enterprise == 0
    assert np.corrcoef(women[ordinary] / e.l0[ordinary], e.taste_gender[ordinary])[0, 1] < -0.3
    assert np.all(np.isfinite(e.taste_gender))
    assert np.all(e.taste_ethnicity >= 0)
