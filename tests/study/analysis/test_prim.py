"""Own PRIM beside the EMA workbench's, on the same worlds: the same boxes, limit by limit."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from careersim.study.analysis.prim import best, chance_of_limits, quantile, trajectory, without_idle_limits

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ema_workbench.analysis import prim as oracle
    from ema_workbench.analysis.prim_util import get_quantile


def corner(x):
    return (x[:, 0] > 0.6) & (x[:, 1] < 0.5)


def band(x):
    return (x[:, 2] > 0.3) & (x[:, 2] < 0.7)


def ring(x):
    return ((x - 0.5) ** 2).sum(axis=1) < 0.2


def cases():
    rng = np.random.default_rng(3)
    for n in (60, 400):
        smooth, coarse = rng.random((n, 4)), rng.integers(0, 6, (n, 4)) / 5.0
        for rule in (corner, band, ring):
            noisy = rule(smooth) ^ (rng.random(n) < 0.1)
            yield pytest.param(smooth, noisy, id=f"{rule.__name__}-{n}")
        yield pytest.param(coarse, corner(coarse) ^ (rng.random(n) < 0.1), id=f"ties-{n}")


@pytest.mark.parametrize(("x", "y"), list(cases()))
def test_every_box_is_the_workbenchs(x, y):
    names = [f"x{j}" for j in range(x.shape[1])]
    found = oracle.Prim(pd.DataFrame(x, columns=names), y.astype(int), threshold=0.01).find_box()
    own = trajectory(x, y)
    assert len(own) == len(found.box_lims)
    for box, limits in zip(own, found.box_lims, strict=True):
        assert box.low == pytest.approx(limits.loc[0].to_numpy(float), abs=0)
        assert box.high == pytest.approx(limits.loc[1].to_numpy(float), abs=0)
    theirs = found.peeling_trajectory
    assert [b.coverage for b in own] == pytest.approx(theirs["coverage"].tolist())
    assert [b.density for b in own] == pytest.approx(theirs["density"].tolist())
    assert [int(b.restricted.sum()) for b in own] == theirs["res_dim"].tolist()
    for k, box in enumerate(own):
        chance = chance_of_limits(x, y, box)
        for name, theirs_p in found.qp[k].items():
            ours = np.nan_to_num(chance[:, names.index(name)], nan=-1.0)
            assert ours == pytest.approx(theirs_p)


def test_the_cut_is_the_workbenchs():
    rng = np.random.default_rng(1)
    for _ in range(200):
        values = rng.integers(0, 5, rng.integers(2, 30)).astype(float)
        for share in (0.05, 0.95):
            assert quantile(values, share) == get_quantile(values, share)


def test_limits_that_luck_explains_are_dropped():
    rng = np.random.default_rng(5)
    x = rng.random((300, 5))
    y = (x[:, 0] > 0.5) & (rng.random(300) < 0.9)
    box = without_idle_limits(x, y, best(trajectory(x, y)))
    assert box.restricted.tolist() == [True, False, False, False, False]
    assert box.low[0] == pytest.approx(0.5, abs=0.05)
    assert box.density > 0.8
    assert box.coverage > 0.9


def test_pure_luck_gives_no_box_most_of_the_time():
    """Searching many boxes finds something in noise now and then: the test of limits is of each alone."""
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, y = rng.random((100, 4)), rng.random(100) < 0.5
        box = without_idle_limits(x, y, best(trajectory(x, y)))
        found += bool(box.restricted.any())
    assert found <= 10, found
