from __future__ import annotations

import pytest

from careersim.commands.reading import read_options
from careersim.measures import catalogue
from careersim.measures.collecting import STANDARD
from careersim.scenario.collect import GROUPS, Collect
from careersim.scenario.errors import ScenarioError
from careersim.scenario.template import new_config_text
from careersim.study.plan import plan_of


def options(collect=None, **more):
    return read_options({"place": "inverclyde", **({} if collect is None else {"collect": collect}), **more})


def test_small_by_default():
    collect = options().collect
    assert collect.groups == GROUPS
    assert not collect.people
    assert collect.months is None
    assert set(STANDARD) <= set(catalogue())


def test_what_is_asked_for_in_any_of_its_forms():
    collect = options({"groups": "gender * origin_third, age", "measures": ["gini_pay"], "months": [12, 1]}).collect
    assert collect.groups == ("origin_third*gender", "age")
    assert [m for m in range(1, 13) if collect.keeps(m)] == [1, 12]
    assert [m for m in range(1, 13) if Collect(months={"every": 6}).keeps(m)] == [6, 12]


@pytest.mark.parametrize(
    ("collect", "words"),
    [
        ({"groups": ["gendr"]}, ("collect.groups", "not a group of people", "did you mean gender?")),
        ({"groups": ["gender*age*ethnicity"]}, ("at most two different groups",)),
        ({"groups": ["gender*gender"]}, ("at most two different groups",)),
        ({"months": {"evry": 12}}, ("collect.months", "{every: N}")),
        ({"months": [0]}, ("collect.months", "from 1 to")),
        ({"months": [150]}, ("after the end of the policy period", "1 to 120", "150")),
        ({"measures": ["employment"]}, ("collect.measures", "no such measure", "did you mean employment_rate?")),
        ({"measure": ["hires"]}, ("unknown name", "did you mean measures?")),
        ({"people": "yes please"}, ("collect.people", "true or false")),
    ],
)
def test_errors_say_where_what_and_the_nearest_name(collect, words):
    with pytest.raises(ScenarioError) as error:
        options(collect)
    screen = " ".join(str(error.value).split())
    for word in words:
        assert word in screen


def test_what_is_collected_is_part_of_the_key():
    keys = {
        plan_of(options(collect, replicates=1, strategies=["none"], placebo=False)).design()["key"].iloc[0]
        for collect in (None, {"people": True}, {"groups": []}, {"months": {"every": 12}})
    }
    assert len(keys) == 4


def test_it_stands_in_a_new_config_and_can_be_read_back(tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text(new_config_text())
    assert "\ncollect:\n" in path.read_text()
    from careersim.commands.reading import read_config

    assert read_config(path, ["collect.people=true"]).collect == Collect(people=True)
