"""The table by group of people is the same whether replicates come at once or in parts."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd
import pytest

from careersim.study.groups import GROUPS_TABLE, group_sums, groups_table, with_more


def lines(replicates: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        ("here", arm, 0, replicate, GROUPS_TABLE, -1, measure, group, 1000.0 + rng.normal() + 3.0 * (arm == "advice"))
        for replicate in range(replicates)
        for arm in ("none", "advice")
        for measure in ("pay", "gain.income")
        for group in ("gender=women", "gender=men")
        if not (arm == "none" and measure == "gain.income")
    ]
    columns = ["place", "arm", "point", "replicate", "table", "month", "measure", "group", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_in_parts_as_at_once() -> None:
    every = lines(30)
    whole = groups_table(group_sums(every))
    parts = groups_table(reduce(with_more, (group_sums(every[every["replicate"] // 7 == k]) for k in range(5))))
    pd.testing.assert_frame_equal(whole, parts, rtol=1e-9)


def test_means_and_intervals_are_students() -> None:
    every = lines(12)
    found = groups_table(group_sums(every)).set_index(["group", "measure"]).loc[("gender=women", "pay")]
    women = every[(every["group"] == "gender=women") & (every["measure"] == "pay")]
    d = women[women["arm"] == "advice"]["value"].to_numpy() - women[women["arm"] == "none"]["value"].to_numpy()
    assert found["difference"] == pytest.approx(d.mean())
    assert found["high"] - found["difference"] == pytest.approx(2.2009852 * d.std(ddof=1) / np.sqrt(12))
    assert found["replicates"] == 12


def test_one_replicate_has_no_interval_and_a_gain_is_compared_with_nothing() -> None:
    found = groups_table(group_sums(lines(1))).set_index(["group", "measure"])
    assert found["low"].isna().all()
    assert found["none"].isna().tolist() == [m == "gain.income" for _, m in found.index]
