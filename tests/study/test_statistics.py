from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from careersim.study import statistics
from careersim.study.analysis.bootstrap import bca_of_means, bca_of_ratio
from careersim.study.statistics import bootstrap_interval, mean_interval, paired_difference, ratio_interval


def test_t_interval_is_scipys():
    x = np.random.default_rng(1).normal(3, 2, 12)
    e = mean_interval(x)
    low, high = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    assert (e.low, e.high) == (pytest.approx(low), pytest.approx(high))
    assert e.n == 12


def test_paired_interval_is_scipys_paired_test():
    rng = np.random.default_rng(2)
    common = rng.normal(0, 5, 15)
    a, b = common + rng.normal(1, 0.5, 15), common + rng.normal(0, 0.5, 15)
    e = paired_difference(a, b)
    low, high = stats.ttest_rel(a, b).confidence_interval(0.95)
    assert (e.low, e.high) == (pytest.approx(low), pytest.approx(high))
    assert e.variance_reduction > 10
    assert e.tells_from_zero


def test_one_replicate_has_a_value_and_a_reason():
    e = mean_interval(np.array([2.0]))
    assert (e.value, e.has_interval) == (2.0, False)
    assert "one replicate" in e.reason
    b = bootstrap_interval(np.mean, (np.array([2.0]),), 1)
    assert (b.value, b.has_interval) == (2.0, False)


def test_nothing_has_no_value_and_a_reason():
    e = mean_interval(np.array([math.nan, math.nan]))
    assert math.isnan(e.value)
    assert e.reason


def test_replicates_without_a_value_are_left_out():
    assert mean_interval(np.array([1.0, math.nan, 3.0])).n == 2


def test_unpaired_arms_are_refused():
    with pytest.raises(ValueError, match="not paired"):
        paired_difference(np.ones(3), np.ones(4))


def test_same_seed_same_bca_interval_and_it_holds_the_value():
    rng = np.random.default_rng(3)
    over, under = rng.normal(10, 1, 20), rng.normal(50, 3, 20)
    one, two = ratio_interval(over, under, 5), ratio_interval(over, under, 5)
    assert one == two
    assert one.low < one.value < one.high
    assert one.value == pytest.approx(over.sum() / under.sum())


def test_bca_of_a_mean_is_close_to_t():
    x = np.random.default_rng(4).normal(0, 1, 40)
    b, t = bootstrap_interval(np.mean, (x,), 1), mean_interval(x)
    assert (b.low, b.high) == (pytest.approx(t.low, abs=0.08), pytest.approx(t.high, abs=0.08))


def test_equal_replicates_give_a_value_with_a_reason():
    e = bootstrap_interval(np.mean, (np.ones(5),), 1)
    assert e.value == 1
    assert not e.has_interval
    assert e.reason


def test_coverage_of_t_interval_over_many_studies():
    rng = np.random.default_rng(5)
    hits = sum(e.low < 1 < e.high for e in (mean_interval(rng.normal(1, 2, 8)) for _ in range(2000)))
    assert abs(hits / 2000 - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 2000)


def test_from_many_replicates_on_the_interval_is_the_jackknifes_and_close_to_bca(monkeypatch):
    rng = np.random.default_rng(6)
    over, under = rng.gamma(1.0, 1.0, statistics.MANY), rng.gamma(2.0, 1.0, statistics.MANY)
    many, many_means = ratio_interval(over, under, 1), bca_of_means(over[:, None], 1)
    assert bca_of_ratio(over, under, 1) == (pytest.approx(many.low), pytest.approx(many.high))
    assert many_means == (
        pytest.approx(mean_interval(over).low, rel=1e-4),
        pytest.approx(mean_interval(over).high, rel=1e-4),
    )
    monkeypatch.setattr(statistics, "MANY", statistics.MANY + 1)
    bca = ratio_interval(over, under, 1)
    assert bca.low != many.low
    assert many.standard_error == pytest.approx(bca.standard_error, rel=0.03)
    off = np.subtract((many.low, many.high), (bca.low, bca.high)) / bca.standard_error
    assert np.abs(off).max() < 0.15
    assert bootstrap_interval(np.mean, (over[:-1],), 1).low != mean_interval(over[:-1]).low


def test_many_equal_replicates_give_a_reason():
    e = bootstrap_interval(np.mean, (np.ones(statistics.MANY),), 1)
    assert (e.value, e.has_interval, e.reason) == (1.0, False, statistics.ALL_EQUAL)
    assert np.isnan(bca_of_means(np.ones((statistics.MANY, 2)), 1)).all()
