"""Cost for effect, reach, and what is left of leaving where nothing of elsewhere is shown."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.study.fake_town import fake_model
from tests.towns import lively_town, parameters

from careersim.measures.inequality import gini, gini_of_both_signs
from careersim.report.tables import plain_text
from careersim.services import delivery
from careersim.study.comparison import _with_companion, compare
from careersim.study.plan import Plan, companions
from careersim.study.statistics import mean_interval
from careersim.study.study import run_study
from careersim.study.task import COMPANION
from careersim.study.worth import Frames, costs


def frames(spent, unspent, gained, jobs, unpaid=0.0):
    n = len(spent)
    effects = pd.DataFrame(
        {
            "cost.public_cost": spent,
            "budget.granted": spent + unspent,
            "budget.spent": spent,
            "cost.unpaid_value": unpaid,
            "extra_job_months": jobs,
        }
    )
    for name in ("cost.employer_cost", "cost.users_cost", "cost.dues"):
        effects[name] = 0.0
    none = pd.DataFrame({"residents": np.full(n, 1000.0), "discounted_years": np.full(n, 5.0)})
    return Frames(none, none, effects, pd.DataFrame({"g_b": gained}), pd.DataFrame(index=none.index), 1)


def cost(*args, **more):
    f = frames(*(np.array(a, float) for a in args), **more)
    return costs(f, f.residents * f.years)


def test_effects_for_the_money():
    c = cost([100, 110, 90], [0, 0, 0], [400, 440, 360], [10, 11, 9], unpaid=np.array([100.0, 110, 90]))
    assert c["income_per_pound"].value == pytest.approx(4.0)
    assert c["income_per_pound_total"].value == pytest.approx(2.0)
    assert c["per_job_month"].value == pytest.approx(10.0)
    assert c["per_job_month_total"].value == pytest.approx(20.0)
    assert c["spent_share"].value == 1.0
    assert c["total"].value == pytest.approx(200 / 5000)


@pytest.mark.parametrize(
    ("spent", "unspent", "jobs", "reason"),
    [
        ([5, 5], [95, 95], [1, 1.1], "only 5% of its budget could be spent"),
        ([0, 0], [100, 100], [1, 1.1], "no public money spent"),
        ([50, 51], [50, 50], [-1, 0.5], "no extra job-months"),
    ],
)
def test_no_effect_for_the_money_is_said_without_its_reason(spent, unspent, jobs, reason):
    c = cost(spent, unspent, [10, 11], jobs)
    assert math.isnan(c["per_job_month"].value)
    assert c["per_job_month"].reason == reason
    assert math.isnan(c["income_per_pound"].value) == (reason != "no extra job-months")


def test_a_ratio_has_no_star_where_its_gain_is_not_told_from_zero():
    """Four replicates, gains all above zero but far apart: the bootstrap's interval would exclude zero, the t interval does not."""
    gained = [10.0, 300.0, 40.0, 900.0]
    c = cost([10, 10.1, 9.9, 10], [0, 0, 0, 0], gained, [1, 1, 1, 1.1])
    e = c["income_per_pound"]
    assert e.low < 0 < e.value < e.high
    assert not mean_interval(np.array(gained)).tells_from_zero


def test_the_placebo_is_no_service():
    f = replace(frames(*(np.array(a, float) for a in ([1, 2], [0, 0], [10, 11], [1, 1]))), placebo=True)
    assert costs(f, f.residents * f.years)["income_per_pound"].reason == "the placebo is no service"


def test_gini_of_gains_of_both_signs():
    x = np.random.default_rng(1).pareto(3.0, 500)
    assert gini_of_both_signs(x) == pytest.approx(gini(x) * 500 / 499)
    assert gini_of_both_signs(-x) == pytest.approx(gini_of_both_signs(x))
    assert 0 <= gini_of_both_signs(x - x.mean()) <= 1
    assert math.isnan(gini_of_both_signs(np.zeros(5)))


def test_companions_are_of_those_who_may_show_elsewhere():
    found = companions(
        {
            "one_to_one": {"one_to_one": {"budget": 1.0}},
            "collective_bargaining": "collective_bargaining",
            "none": "none",
        }
    )
    assert found == {"one_to_one" + COMPANION: {"one_to_one": {"budget": 1.0, "shows_elsewhere": False}}}


def test_nothing_of_elsewhere_is_shown_and_all_else_is_alike():
    towns = []
    for shows in (True, False):
        town = lively_town()
        town.policy_start = town.month
        offered = {"one_to_one": {"budget": 20.0, "information": True, "shows_elsewhere": shows}}
        for service in delivery.make_services(offered, parameters()):
            for month in range(town.month, town.month + 4):
                delivery.step(town, parameters(), month, [service])
        towns.append(town.people)
    shown, shut = towns
    served = shut.sessions > 0
    assert served.any()
    assert (shown.knows_elsewhere[served] > shut.knows_elsewhere[served]).any()
    assert (shut.knows_elsewhere == lively_town().people.knows_elsewhere).all()
    assert (shown.career_skill == shut.career_skill).all()
    assert (shown.odds_belief == shut.odds_belief).all()


def test_the_share_of_induced_leaving_that_remains(tmp_path):
    study = run_study(
        Plan(
            name="shut", places=("nowhere",), strategies={"help": "help", "help" + COMPANION: "help"}, people=100, months=6,
            replicates=2, seed=3, placebo=False, make_model=fake_model,
        ), tmp_path, workers=1, stream=io.StringIO(),
    )  # fmt: skip
    c = compare(study.results(), "nowhere", 3)
    assert c.strategies == ["help"]
    arm = c.arms["help"]
    assert arm.shut is not None
    assert arm.shut_share is not None
    assert arm.shut_share.value == pytest.approx(1.0)
    assert "Leavers if it showed nothing of elsewhere" in plain_text(c)
    index = pd.RangeIndex(4)
    none = pd.Series([10.0, 11, 12, 13], index)
    opened, shut = none + np.array([2.0, 2.1, 1.9, 2.0]), none + np.array([0.5, 0.6, 0.4, 0.5])
    told = _with_companion(arm, opened, shut, none, 1)
    assert told.shut_share.value == pytest.approx(0.25)
    assert told.shut.value == pytest.approx(0.5)
