"""Designs: right numbers of points, in range, balanced, the same again; what SALib is told; where points and choices go."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from fake_town import fake_model

from careersim.commands.reading import read_options
from careersim.scenario.errors import ScenarioError
from careersim.scenario.experiment import make_experiment
from careersim.scenario.parameters import Parameters
from careersim.scenario.uncertainties import Design, Spread
from careersim.study.designs import points, points_of, record, sample_again, unit_sample
from careersim.study.plan import Plan, plan_of
from careersim.study.store import Store
from careersim.study.study import run_study

RANGES = (Spread("search.kappa", low=0.2, high=0.8), Spread("ties.degree", low=5, high=9), Spread("x", ("a", "b")))


def test_a_grid_is_every_combination_and_lists_go_side_by_side():
    grid = points([Spread("a", (1, 2, 3)), Spread("b", low=0, high=10, whole=True)], Design(n=3), 1)
    assert grid.to_numpy().tolist() == [[a, b] for a in (1, 2, 3) for b in (0, 5, 10)]
    lists = points([Spread("a", (1, 2)), Spread("b", (3, 4))], Design(kind="lists"), 1)
    assert lists.to_numpy().tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("kind", "n", "expected"),
    [("latin_hypercube", 20, 20), ("sobol", 16, 16), ("saltelli", 16, 16 * 5), ("morris", 10, 10 * 4)],
)
def test_samples_have_the_right_size_stay_in_range_and_come_again(kind, n, expected):
    design = Design(kind=kind, n=n)
    frame = points(RANGES, design, 7)
    assert len(frame) == expected
    assert frame["search.kappa"].between(0.2, 0.8).all()
    assert set(frame["x"]) == {"a", "b"}
    pd.testing.assert_frame_equal(frame, points(RANGES, design, 7))
    assert not frame.equals(points(RANGES, design, 8))


def test_second_order_indices_need_more_points():
    assert len(points(RANGES, Design(kind="saltelli", n=8, second_order=True), 1)) == 8 * 8


def test_a_latin_hypercube_has_one_point_in_each_slice():
    u = unit_sample("latin_hypercube", "abc", 50, 3)
    for column in u.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_every_whole_number_is_as_likely_as_any_other():
    values = [Spread("a", low=1, high=4, whole=True).at(u) for u in (np.arange(400) + 0.5) / 400]
    assert np.bincount(values).tolist() == [0, 100, 100, 100, 100]
    assert Spread("a", low=1, high=4, whole=True).at(1.0) == 4


def test_salib_finds_again_what_a_known_function_owes_to_each_parameter():
    """Ishigami-like sum of known variance shares: y = 4 a + 2 b has first-order indices .8 and .2 (exact)."""
    from SALib.analyze import sobol

    names = {"search.kappa": {"low": 0, "high": 4}, "migration.return_window": [12, 24, 36, 48]}
    e = make_experiment({"uncertainties": names, "design": {"kind": "saltelli", "n": 512}})
    recorded = json.loads(json.dumps(record(e)))
    u = sample_again(recorded)
    assert len(u) == len(points_of(e))
    assert points_of(e)["search.kappa"].to_numpy() == pytest.approx(4 * u[:, 0])
    found = sobol.analyze(recorded["problem"], 4 * u[:, 0] + 2 * u[:, 1], calc_second_order=False, seed=1)
    assert found["S1"] == pytest.approx([0.8, 0.2], abs=0.02)


def test_points_reach_parameters_keys_and_the_table_of_runs():
    e = make_experiment(
        {"uncertainties": {"search.kappa": [0, 0.5]}, "strategies": ["one_to_one"], "replicates": 2, "placebo": False}
    )
    plan = plan_of(e)
    assert [plan.parameters_at(p).search.kappa for p in (0, 1)] == [0.0, 0.5]
    design = plan.design()
    assert design["point"].tolist() == [0, 0, 1, 1] * 2
    assert design["replicate"].tolist() == [0] * 4 + [1] * 4
    assert design["key"].is_unique
    assert design["uncertainties.search.kappa"].tolist() == [0, 0, 0.5, 0.5] * 2
    again = Parameters(**json.loads(design["parameters"].iloc[-1]))
    assert again == plan.parameters_at(1)


def test_a_point_may_be_a_condition_that_holds_when_policy_begins():
    given = {"conditions.search.kappa": [0, 0.5], "conditions.search.news_rate": [0.1]}
    plan = plan_of(make_experiment({"uncertainties": given, "conditions": {"demand": {"gamma": 0.1}}}))
    assert plan.parameters_at(1) == plan.parameters_at(0) == Parameters()
    assert plan.conditions_at(1) == {"demand": {"gamma": 0.1}, "search": {"kappa": 0.5, "news_rate": 0.1}}
    assert plan.design()["key"].is_unique


def test_a_point_has_the_key_of_the_same_world_asked_for_otherwise():
    varied = plan_of(make_experiment({"uncertainties": {"search.kappa": [0, 0.5]}, "strategies": ["one_to_one"]}))
    fixed = plan_of(make_experiment({"parameters": {"search": {"kappa": 0.5}}, "strategies": ["one_to_one"]}))
    assert set(fixed.design()["key"]) < set(varied.design()["key"])


def test_choices_multiply_arms_and_none_is_shared():
    choices = {"one_to_one.budget": [0.5, 1], "all.take_up": ["random", "targeted"]}
    plan = plan_of(read_options({"strategies": ["brokering", "one_to_one"], "choices": choices, "replicates": 1}))
    assert len(plan.arms) == 1 + 2 + 4 + 1
    design = plan.design().set_index("arm")
    arm = "one_to_one budget=1 take_up=random"
    assert json.loads(design.loc[arm, "strategy"]) == {"one_to_one": {"budget": 1, "take_up": "random"}}
    assert design.loc[arm, "choices.one_to_one.budget"] == 1
    assert design.loc["brokering take_up=targeted", "choices.all.take_up"] == "targeted"
    assert design["choices.one_to_one.budget"].isna().sum() == 4


def test_a_table_is_read_from_its_file(tmp_path):
    (tmp_path / "points.csv").write_text("search.kappa, search.news\n0.1, contacts\n0.2, contacts\n")
    with pytest.raises(ScenarioError, match="contacts"):
        make_experiment({"design": {"kind": "table", "file": str(tmp_path / "points.csv")}})
    (tmp_path / "points.csv").write_text("search.kappa,ties.max_ties\n0.1,20\n0.2,24\n")
    e = make_experiment({"design": {"kind": "table", "file": str(tmp_path / "points.csv")}})
    assert points_of(e).to_dict("list") == {"search.kappa": [0.1, 0.2], "ties.max_ties": [20, 24]}
    assert plan_of(e).parameters_at(1).ties.max_ties == 24


def test_points_that_coincide_are_run_once(tmp_path):
    plan = Plan(
        "twice", ("nowhere",), {"help": "help"}, people=100, months=3, replicates=2, seed=1, make_model=fake_model,
        parameters=Parameters(), points=pd.DataFrame({"search.kappa": [0.5, 0.5, 0.6]}),
    )  # fmt: skip
    run = run_study(plan, tmp_path, workers=1)
    assert (len(run.design), run.design["key"].nunique(), run.n_made) == (18, 12, 12)
    assert run.results().groupby("point")["value"].sum().nunique() == 1
    assert not list(plan.tasks(Store(tmp_path), run.design))
