from __future__ import annotations

import math
import shutil
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from fake_town import fake_model
from scipy import stats

from careersim.study.analysis import enough_replicates, open_study, paired_differences, replicates_needed
from careersim.study.analysis.bootstrap import bca_of_means, bca_of_ratio
from careersim.study.analysis.example import example_study
from careersim.study.analysis.frames import AnalysisError
from careersim.study.analysis.paired import half_width_at, holm, many_tests
from careersim.study.comparison import compare
from careersim.study.plan import Plan
from careersim.study.store import StoreError
from careersim.study.study import run_study


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    strategies = {"one_to_one": "help", "own_network": "more help"}
    plan = Plan("small", ("nowhere",), strategies, people=300, months=24, replicates=6, seed=7, make_model=fake_model)
    return run_study(plan, tmp_path_factory.mktemp("study"), workers=1, stream=StringIO())


def test_bca_of_means_is_scipys():
    rng = np.random.default_rng(1)
    values = np.column_stack([rng.normal(3, 2, 15), rng.lognormal(0, 1, 15)])
    low, high = bca_of_means(values, seed=1)
    for k in range(2):
        found = stats.bootstrap(
            (values[:, k],), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(2)
        )
        spread = found.standard_error
        assert low[k] == pytest.approx(found.confidence_interval.low, abs=0.12 * spread)
        assert high[k] == pytest.approx(found.confidence_interval.high, abs=0.12 * spread)


def test_bca_of_a_ratio_is_scipys():
    rng = np.random.default_rng(2)
    over, under = rng.normal(10, 3, 20), rng.normal(50, 9, 20)
    low, high = bca_of_ratio(over, under, seed=1)
    found = stats.bootstrap(
        (over, under), lambda a, b: a.sum() / b.sum(), n_resamples=20_000, method="BCa", paired=True, vectorized=False,
        rng=np.random.default_rng(3),
    )  # fmt: skip
    assert low == pytest.approx(found.confidence_interval.low, abs=0.12 * found.standard_error)
    assert high == pytest.approx(found.confidence_interval.high, abs=0.12 * found.standard_error)


def test_equal_replicates_have_no_bca_interval():
    low, high = bca_of_means(np.ones((5, 1)), seed=1)
    assert math.isnan(low[0])
    assert math.isnan(high[0])


def test_differences_are_those_of_the_final_table(run):
    study = open_study(run.store.root)
    table = compare(run.results(), "nowhere", 7)
    frame = paired_differences(
        study, ["place.employment_rate", "people.direct.income", "account.b", "cost.public_cost"]
    )
    for arm, result in table.arms.items():
        got = frame[frame["arm"] == arm].set_index("measure")
        for measure, e in (
            ("place.employment_rate", result.place["employment_rate"]),
            ("people.direct.income", result.people["direct.income"]),
            ("account.b", result.account.parts["b"]),
            ("cost.public_cost", result.cost["public_cost"]),
        ):
            line = got.loc[measure]
            assert line[["difference", "low", "high", "standard_error"]].tolist() == pytest.approx(
                [e.value, e.low, e.high, e.standard_error], nan_ok=True
            )
            assert line["replicates"] == e.n
        saved = got.loc["place.employment_rate", "variance_reduction"]
        assert saved == pytest.approx(result.place["employment_rate"].variance_reduction)


def test_every_measure_of_the_final_table_is_the_same_here(run):
    """One name, one number: whatever both the final table and the analysis call by a name, they agree on."""
    from careersim.report.tables import tidy

    study, said = open_study(run.store.root), tidy(compare(run.results(), "nowhere", 7))
    said = said[said["measure"].isin(study.table.columns)]
    frame = paired_differences(study, said["measure"].unique().tolist()).set_index(["arm", "measure"])["difference"]
    assert said["measure"].nunique() >= 15
    for _, line in said.iterrows():
        assert frame[line["strategy"], line["measure"]] == pytest.approx(line["value"], nan_ok=True), line["measure"]


def test_holm_by_hand_and_with_gaps():
    assert holm(np.array([0.01, math.nan, 0.04, 0.03])) == pytest.approx([0.03, math.nan, 0.06, 0.06], nan_ok=True)
    assert holm(np.array([0.5, 0.9])) == pytest.approx([1.0, 1.0])


def test_holm_keeps_the_chance_of_any_false_finding():
    rng = np.random.default_rng(1)
    false = sum((holm(rng.random(10)) < 0.05).any() for _ in range(4000))
    assert abs(false / 4000 - 0.05) < 3 * math.sqrt(0.05 * 0.95 / 4000) + 0.002


def test_the_note_counts_what_is_there(run):
    frame = paired_differences(open_study(run.store.root))
    tested = frame[(frame["arm"] != "placebo") & frame["p"].notna()]
    assert f"{len(tested)} differences are tested here" in many_tests(frame)
    assert frame.loc[frame["arm"] == "placebo", "p_holm"].isna().all()
    assert (tested["p_holm"] >= tested["p"]).all()


@pytest.mark.parametrize(("sd", "half_width"), [(1.0, 1.0), (1.0, 0.3), (5.0, 0.1), (0.001, 1.0)])
def test_replicates_needed_are_just_enough(sd, half_width):
    n = replicates_needed(sd, half_width)
    assert half_width_at(sd, n) <= half_width
    assert n == 2 or half_width_at(sd, n - 1) > half_width


def test_enough_replicates_says_more_for_a_narrower_interval():
    frame = paired_differences(example_study(replicates=8), ["account.b"]).query("point == 0")
    wide, narrow = (enough_replicates(frame, {"account.b": h}) for h in (1.0, 0.5))
    assert (narrow["needed"] > wide["needed"]).all()
    assert wide["half_width"].to_numpy() == pytest.approx(((frame["high"] - frame["low"]) / 2).to_numpy())


def test_missing_and_damaged_runs_are_left_out_with_their_pairs(run, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(run.store.root, root)
    design = pd.read_parquet(root / "design.parquet")
    key = design.query("arm == 'none' and replicate == 1")["key"].iloc[0]
    path = root / "runs" / key[:2] / f"{key}.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    gone = design.query("arm == 'one_to_one' and replicate == 2")["key"].iloc[0]
    (root / "runs" / gone[:2] / f"{gone}.parquet").unlink()
    study = open_study(root)
    assert study.n_missing == 2
    found = study.table.groupby("arm")["replicate"].apply(sorted).to_dict()
    assert found["one_to_one"] == [0, 3, 4, 5]
    assert found["own_network"] == [0, 2, 3, 4, 5]


def test_a_folder_that_is_no_study_is_told(tmp_path, run):
    with pytest.raises(StoreError, match="the folder of a study"):
        open_study(tmp_path)
    shutil.copytree(run.store.root, tmp_path / "empty")
    shutil.rmtree(tmp_path / "empty" / "runs")
    with pytest.raises(AnalysisError, match="run `careersim run` first"):
        open_study(tmp_path / "empty")
