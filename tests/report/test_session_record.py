"""The record of a coaching group: whole as data, plain when told."""

from __future__ import annotations

import json

import pytest
from tests.towns import lively_town, parameters

from careersim.commands.session import arm_that_coaches
from careersim.report.coaching import groups_of, record, tell
from careersim.services.base import Service
from careersim.services.collective_coaching import CollectiveCoaching
from careersim.services.participants import ServiceState
from careersim.testing import run_services
from careersim.town import state

STAGES = ("Plan", "Vision", "Activities", "Steps", "Transition", "Evaluation", "What the twins say")


def worlds(months: int, **options: object):
    none = lively_town()
    policy = state.fork(none)
    plan = CollectiveCoaching(budget=20.0, take_up_rate=1.0, topic="stem", aim="enter", **options)
    service = Service(plan, 1, ServiceState.fresh())
    run_services(policy, parameters(), [service], months)
    run_services(none, parameters(), [], months)
    return service, policy, none


@pytest.fixture(scope="module")
def records():
    service, policy, none = worlds(7)
    return [record(service, policy, none, whole) for whole in groups_of(service)]


def test_a_record_is_plain_data_and_survives_json(records) -> None:
    assert records
    assert json.loads(json.dumps(records)) == records


def test_a_record_holds_plan_goal_themes_options_plan_evaluation_and_twins(records) -> None:
    for r in records:
        met = r["met"]
        assert sum(met["small_groups"]) == met["members"]
        assert met["facilitators"] == len(met["small_groups"]) == len(r["activities"]) == len(r["transition"])
        assert sum(r["vision"]["votes"].values()) == met["members"]
        assert r["vision"]["renegotiated"] == (r["vision"]["agreed"] != r["plan"]["aim"])
        for group in r["activities"]:
            for theme in group["themes"]:
                assert 0 < theme["heard"] <= group["members"]
                assert theme["level"] in ("micro", "meso", "macro")
        for options, plan in zip(r["steps"], r["transition"], strict=True):
            assert len(options) == 4
            assert 0 < len(plan) <= 3
        assert r["evaluation"]["goal"] == r["vision"]["agreed"]
        assert r["twins"]["with"]["occupations_considered"] >= r["twins"]["without"]["occupations_considered"]


def test_what_is_fed_back_is_the_sum_of_what_small_groups_heard(records) -> None:
    for r in records:
        most = r["fed_back"][0]
        mine = [t["heard"] for g in r["activities"] for t in g["themes"] if t["barrier"] == most["barrier"]]
        assert sum(mine) <= most["heard"] <= r["met"]["members"]
        assert f'Fed back, the whole group heard most of: "{most["says"]}"' in tell(r)


def test_a_record_is_told_stage_by_stage_in_plain_sentences(records) -> None:
    text = tell(records[0])
    at = [text.index(f"\n{stage}") for stage in STAGES]
    assert at == sorted(at)
    for code in ("{topic}", "None", "nan", "_", "[", "True"):
        assert code not in text, code
    assert records[0]["vision"]["agreed_in_words"] in text


def test_a_group_still_under_way_is_told_as_far_as_it_got() -> None:
    service, policy, none = worlds(2)
    r = record(service, policy, none, 0)
    assert r["evaluation"] is None
    assert "has not come to its last session" in tell(r)


def test_the_record_of_a_client_alone_speaks_of_a_client() -> None:
    service, policy, none = worlds(7, format="one_to_one")
    text = tell(record(service, policy, none, 0))
    assert "One client came, alone with an adviser." in text
    assert "group" not in text.split("What the twins say")[0].replace("RECORD OF GROUP", "")
    assert "Client: " in text


def test_the_arm_that_is_read_aloud_is_one_that_coaches_groups_where_there_is_one() -> None:
    alone = {"name": "collective_coaching", "format": "one_to_one"}
    assert (
        arm_that_coaches({"interviews": "one_to_one", "alone": alone, "groups": "collective_coaching"}, None)
        == "groups"
    )
    assert arm_that_coaches({"alone": alone}, None) == "alone"
    assert arm_that_coaches({"alone": alone, "groups": "collective_coaching"}, "alone") == "alone"
