"""What a study keeps of groups and people, with a stand-in for the simulator."""

from __future__ import annotations

import io

import numpy as np
import pyarrow.parquet as pq
import pytest
from fake_town import fake_model

from careersim.scenario.collect import Collect
from careersim.study.plan import Plan
from careersim.study.reproduce import reproduce
from careersim.study.store import StoreError
from careersim.study.study import run_study


def study(folder, **collect):
    plan = Plan(
        name="kept", places=("nowhere",), strategies={"help": "help"}, people=200, months=6, replicates=2, seed=3,
        placebo=False, make_model=fake_model, collect=Collect(**collect),
    )  # fmt: skip
    return run_study(plan, folder, workers=1, stream=io.StringIO())


def key_of(run, arm, replicate=0):
    d = run.design
    return d.loc[(d["arm"] == arm) & (d["replicate"] == replicate), "key"].item()


def test_people_hold_both_worlds_and_the_ledger_can_be_made_from_them(tmp_path):
    run = study(tmp_path, people=True)
    people = run.store.read_people(key_of(run, "help"))
    assert people["id"].is_unique
    assert np.allclose(people["dW_income"], people["W_income_policy"] - people["W_income_none"], atol=0.011)
    assert set(people["place_policy"]) <= {"here", "elsewhere"}
    effects = (
        run.results().query("arm == 'help' and replicate == 0 and table == 'effects'").set_index("measure")["value"]
    )
    assert people["dW_income"].sum() == pytest.approx(effects["total.income"], abs=1e-6)
    assert people.loc[people["took_part"], "dW_own"].mean() == pytest.approx(effects["direct.own"])
    gains = run.results().query("arm == 'help' and replicate == 0 and table == 'groups' and measure == 'gain.income'")
    lowest = gains.set_index("group")["value"]["origin_third=lowest third"]
    here = people[people["kind"] == "initial"]
    assert here.loc[here["origin_third"] == "lowest third", "dW_income"].mean() == pytest.approx(lowest)


def test_nothing_is_kept_of_people_unless_asked(tmp_path):
    run = study(tmp_path)
    assert not (tmp_path / "people").exists()
    with pytest.raises(StoreError, match="collect"):
        run.store.read_people(key_of(run, "help"))


def test_a_damaged_table_of_people_is_made_again(tmp_path):
    run = study(tmp_path, people=True)
    path = run.store.people_path(key_of(run, "help"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40] + b"x" * 40)
    with pytest.raises(StoreError, match="not whole"):
        run.store.read_people(key_of(run, "help"))
    again = study(tmp_path, people=True)
    assert again.n_made == 1
    assert path.read_bytes() == whole
    assert pq.read_table(path, page_checksum_verification=True).num_rows > 0


def test_groups_and_months_are_as_few_as_asked_for(tmp_path):
    lines = study(tmp_path, groups=(), months=(2, 6), measures=("employment_rate",)).results()
    assert "groups" not in set(lines["table"])
    monthly = lines[lines["table"] == "monthly"]
    assert set(monthly["month"]) == {2, 6}
    assert set(monthly["measure"].astype(str)) == {"employment_rate"}
    assert (lines.query("table == 'summary' and measure == 'months'")["value"] == 6).all()


def test_a_run_is_made_again_with_what_it_kept(tmp_path):
    run = study(tmp_path, groups=("gender*age",), months=(2, 5), people=True)
    again = reproduce(run.store.path(key_of(run, "help", 1)), make_model=fake_model)
    assert again.identical
    assert not again.changed
