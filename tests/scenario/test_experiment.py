"""Experiments: defaults, settings, impossible combinations, round trip of the new config, schema."""

from __future__ import annotations

import json

import pytest
import yaml

from careersim.scenario.catalogue import configs_folder, experiment_names, parameter_table
from careersim.scenario.errors import ScenarioError
from careersim.scenario.experiment import Experiment, experiment_from, load_experiment, make_experiment, resolve
from careersim.scenario.figures import Frozen
from careersim.scenario.loading import parse_yaml
from careersim.scenario.parameters import Parameters
from careersim.scenario.settings import apply_settings
from careersim.scenario.strategies import build_strategies, check_strategy, strategy_label
from careersim.scenario.template import as_yaml, new_config_text, schema


def read(text: str, *settings: str) -> Experiment:
    return experiment_from(parse_yaml(text, "c.yaml"), settings)


def refused(text: str, *settings: str) -> dict:
    with pytest.raises(ScenarioError) as caught:
        read(text, *settings)
    return {p.field: p for p in caught.value.problems}


def test_defaults():
    e = make_experiment()
    assert (e.people, e.months, e.place, e.policy_months, e.years) == (5000, 120, "inverclyde", 120, 10)
    assert e.parameters == Parameters()
    assert str(e.folder()) == "results/experiment"


def test_short_forms():
    e = read("place: reading\nyears: 2.5\nstrategies: none, one_to_one\n")
    assert e.places == ("reading",)
    assert e.months == 30
    assert e.strategies == ("none", "one_to_one")
    assert read("place: [reading, edinburgh]").places == ("reading", "edinburgh")


@pytest.mark.parametrize("text", ["place: reading\nplaces: [hastings]\n", "years: 1\nmonths: 12\n"])
def test_not_both_forms(text):
    assert "not both" in next(iter(refused(text).values())).message


def test_the_new_config_is_the_default_config():
    text = new_config_text()
    assert experiment_from(parse_yaml(text, "new.yaml")) == make_experiment()
    assert experiment_from(parse_yaml(new_config_text("reading", "x"), "new.yaml")) == make_experiment(
        {"place": "reading", "name": "x"}
    )
    assert max(map(len, text.splitlines())) <= 130


def test_the_new_config_explains_every_parameter():
    lines = new_config_text().splitlines()
    for row in parameter_table():
        name = row.name.rsplit(".", 1)[-1]
        assert any(line.strip().startswith(f"{name}: ") for line in lines), row.name
        assert row.doc, row.name
        assert row.source, row.name
        assert row.grade in ("measured", "derived", "assumed"), row.name
        assert row.unit, row.name
        assert row.allowed, row.name
    assert any("Source: HM Treasury" in line for line in lines)


@pytest.mark.parametrize(
    "value", ["no", "null", "1e3", "a b", "x:y", "", "none", None, True, 0.1, 3, ["none", {"name": "a", "b": 1.5}]]
)
def test_values_survive_yaml(value):
    assert parse_yaml(f"x: {as_yaml(value)}", "f").data["x"] == value


def test_every_error_of_a_file_at_once():
    text = "place: inverclyd\npeople: 10\nreplicates: many\nparameters:\n  search:\n    kapa: 1\n    kappa: 1e3\n  serch: {}\n"
    found = refused(text)
    assert found["place"].suggestion == "inverclyde"
    assert "11 occupations" in found["people"].message
    assert (found["people"].line, found["people"].column) == (2, 9)
    assert found["replicates"].found == "'many'"
    assert found["parameters.search.kapa"].suggestion == "kappa"
    assert found["parameters.search.kappa"].allowed.startswith("0 to 4")
    assert found["parameters.search.kappa"].line == 7
    assert found["parameters.serch"].suggestion == "search"


def test_a_parameter_at_the_wrong_level_is_found():
    assert refused("kappa: 1")["kappa"].suggestion.endswith("search.kappa")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("seed: true", "seed"),
        ("seed: 1.5", "seed"),
        ("people: .nan", "people"),
        ("people: ten", "people"),
        ("years: -1", "years"),
        ("years: long", "years"),
        ("years: 0", "years"),
        ("years: 0.04", "years"),
        ("months: 0", "months"),
        ("stop_when: {half_width: 0}", "stop_when.half_width"),
        ("name: a/b", "name"),
        ("places: []", "places"),
        ("place: 3", "places[0]"),
        ("strategies: []", "strategies"),
        ("strategies: [3]", "strategies[0]"),
        ("parameters: 3", "parameters"),
        ("parameters: {search: {news: gossip}}", "parameters.search.news"),
        ("parameters: {time: {burn_in: -1}}", "parameters.time.burn_in"),
        ("csv: maybe", "csv"),
    ],
)
def test_wrong_values(text, field):
    found = refused(text)
    assert field in found or field.removesuffix("[0]") in found
    assert all(p.line >= 1 for p in found.values())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("stop_when: {half_width: 0.01, max_replicates: 10}\nreplicates: 50", "stop_when.max_replicates"),
        ("strategies: [none, one_to_one, one_to_one]", "strategies[2]"),
        ("places: [reading, Reading]", "places[1]"),
        ("parameters: {ties: {max_ties: 5}}", "parameters.ties.max_ties"),
    ],
)
def test_impossible_combinations(text, field):
    assert list(refused(text)) == [field]


def test_a_place_given_as_a_config_is_recognised():
    text = (configs_folder() / "places" / "reading.yaml").read_text()
    with pytest.raises(ScenarioError, match="this is a place"):
        read(text)


def test_errors_inside_a_place_file_name_that_file(tmp_path):
    place = tmp_path / "own.yaml"
    place.write_text((configs_folder() / "places" / "reading.yaml").read_text().replace("value: 86.1", "value: 861"))
    config = tmp_path / "c.yaml"
    config.write_text("place: own.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(config)
    assert caught.value.problems[0].file == str(place)


def test_a_place_beside_its_config_is_found(tmp_path):
    (tmp_path / "own.yaml").write_text((configs_folder() / "places" / "reading.yaml").read_text())
    (tmp_path / "c.yaml").write_text("place: own.yaml\n")
    assert load_experiment(tmp_path / "c.yaml").place == str(tmp_path / "own.yaml")


def test_settings():
    e = read(
        "people: 2000\nparameters: {search: {kappa: 2}}",
        "search.kappa=0.5",
        "parameters.time.burn_in=12",
        "people=3000",
        "place=reading",
        "years=1",
    )
    assert (e.parameters.search.kappa, e.parameters.time.burn_in, e.people, e.place, e.months) == (
        0.5,
        12,
        3000,
        "reading",
        12,
    )
    assert e.parameters.search.news == Parameters().search.news


def test_settings_of_strategies():
    e = read("strategies: [none, one_to_one]", "strategies.1.budget=1e-1")
    assert e.strategies[1] == {"name": "one_to_one", "budget": 0.1}
    assert read("months: 12", "strategies=none,brokering").strategies == ("none", "brokering")
    assert read("months: 12", "strategies=[none]").strategies == ("none",)


def test_apply_settings_leaves_the_original_alone():
    data = {"parameters": {"search": {"kappa": 1}}}
    assert apply_settings(data, ["search.kappa=2", "out=here"]) == {
        "parameters": {"search": {"kappa": 2}},
        "out": "here",
    }
    assert data == {"parameters": {"search": {"kappa": 1}}}


@pytest.mark.parametrize(
    ("setting", "suggestion"),
    [
        ("search.kapa=1", "search.kappa"),
        ("parameters.serch.kappa=1", "search.kappa"),
        ("poeple=3", "people"),
        ("kappa=1", "search.kappa"),
    ],
)
def test_wrong_settings_name_the_nearest(setting, suggestion):
    with pytest.raises(ScenarioError) as caught:
        apply_settings({}, [setting])
    problem = caught.value.problems[0]
    assert problem.suggestion == suggestion
    assert problem.file == f"--set {setting}"


@pytest.mark.parametrize(
    "setting", ["people", "=3", "search=1", "search.kappa=[1", "people.x=1", "strategies.9.budget=1"]
)
def test_malformed_settings(setting):
    with pytest.raises(ScenarioError):
        read("people: 2000", setting)


def test_a_value_out_of_range_names_the_setting_not_the_file():
    found = refused("people: 2000", "search.kappa=99", "people=ten", "nothing=1")
    assert found["parameters.search.kappa"].file == "--set search.kappa=99"
    assert found["people"].file == "--set people=ten"
    assert found["nothing"].file == "--set nothing=1"


def test_resolved_says_everything_and_is_plain():
    resolved = resolve(
        make_experiment({"places": ["reading"], "strategies": ["none", {"name": "brokering", "budget": 1}]})
    )
    again = json.loads(json.dumps(resolved))
    assert again == resolved
    assert again["strategies"] == [{"name": "none"}, {"name": "brokering", "budget": 1}]
    assert again["places"][0]["figures"]["median_pay"]["source"]
    assert again["national"]["occupations"][0]["name"] == "managers"
    assert set(again["parameters"]) == set(Parameters.model_fields)
    assert None not in again["parameters"].values()


def test_experiments_that_ship_load():
    for name in experiment_names():
        assert load_experiment(name).name == name


def test_schema_is_valid_and_accepts_the_default():
    for kind in ("experiment", "place"):
        text = json.dumps(schema(kind))
        assert '"$schema"' in text
    properties = schema()["properties"]
    data = yaml.safe_load(new_config_text())
    assert set(data) <= set(properties)
    assert schema()["additionalProperties"] is False
    assert properties["people"]["minimum"] == 200
    kappa = schema()["$defs"]["Search"]["properties"]["kappa"]
    assert kappa["unit"]
    assert kappa["maximum"] == 4


class Coaching(Frozen):
    """Stands for a strategy."""

    budget: float = 1.0


def test_strategies_are_found_and_checked():
    known = {"coaching": Coaching}
    document = parse_yaml(
        "strategies: [coching, {name: coaching, budgt: 1}, {budget: 1}, 'json:loads', 'nowhere.at:All', coaching]",
        "c.yaml",
    )
    listed = document.data["strategies"]
    problems = [check_strategy(s, known, document, ("strategies", k)) for k, s in enumerate(listed)]
    assert problems[0][0].suggestion == "coaching"
    assert problems[1][0].field == "strategies[1].budgt"
    assert problems[1][0].suggestion == "budget"
    assert "needs a name" in problems[2][0].message
    assert "is not a careersim.services.base.Strategy" in problems[3][0].message
    assert "cannot be imported" in problems[4][0].message
    assert problems[5] == []
    built = build_strategies([{"name": "coaching", "budget": 2, "label": "twice"}, "coaching"], known)
    assert {k: v.budget for k, v in built.items()} == {"twice": 2.0, "coaching": 1.0}
    assert strategy_label({"name": "a"}) == "a"


def test_few_people_and_one_replicate_are_warned_of():
    assert len(make_experiment({"people": 500, "replicates": 1}).warnings()) == 2
    assert make_experiment().warnings() == []


def test_conditions_are_checked_like_parameters():
    assert read("conditions: {demand: {turnover: false}}").conditions == {"demand": {"turnover": False}}
    problems = refused("conditions:\n  demand: {turnove: false, gamma: 99}\n  time: {burn_in: 3}\n")
    assert problems["conditions.demand.turnove"].suggestion == "demand.turnover"
    assert problems["conditions.demand.gamma"].found == "99"
    assert "under parameters" in problems["conditions.time.burn_in"].message
