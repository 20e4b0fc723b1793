"""A network from a file, from the config to the town."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from careersim.commands.reading import read_config, read_options
from careersim.model import CareerModel
from careersim.scenario.errors import ScenarioError
from careersim.study.plan import plan_of

PEOPLE = 300


def options(path, **more):
    return read_options({"place": "inverclyde", "people": PEOPLE, "ties_file": str(path), **more})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("net.csv", None, ("no such file",)),
        ("net.csv", "from,to,wieght\n0,1,1\n", ("net.csv:1", "unknown column 'wieght'", "from, to, strength, kind")),
        ("net.csv", "0,1\n0,300\n", ("net.csv:2", "there is no person 300", "people 0 to 299")),
        ("net.csv", "# nothing\n", ("holds no ties",)),
        ("net.csv", "\n".join(f"0,{k}" for k in range(1, 60)), ("person 0 has more than", "ties.max_ties")),
        ("net.xlsx", "", ("ending '.xlsx' is unknown",)),
        ("net.graphml", "<nonsense", ("not readable as GraphML",)),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_anything_runs(tmp_path, name, text, words):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(ScenarioError) as error:
        options(tmp_path / name)
    screen = " ".join(str(error.value).split())
    for word in ("ties_file", *words):
        assert word in screen


def test_it_lies_beside_the_config_and_its_content_is_part_of_the_key(tmp_path):
    (tmp_path / "c.yaml").write_text(
        "place: inverclyde\npeople: 300\nreplicates: 1\nties_file: net.txt\nstrategies: [none]\n"
    )
    keys = []
    for text in ("0 1\n", "0 2\n"):
        (tmp_path / "net.txt").write_text(text)
        keys.append(plan_of(read_config(tmp_path / "c.yaml")).design()["key"].iloc[0])
    assert keys[0] != keys[1]


def test_a_reader_is_warned_that_burn_in_wears_it_away(tmp_path):
    (tmp_path / "net.txt").write_text("0 1\n")
    assert any("little is left" in w for w in options(tmp_path / "net.txt").warnings())
    settings = {"parameters": {"time": {"burn_in": 0}}}
    assert not any("little is left" in w for w in options(tmp_path / "net.txt", **settings).warnings())


def test_policy_begins_with_the_network_of_the_file(tmp_path):
    ring = nx.cycle_graph(PEOPLE)
    nx.write_graphml(ring, tmp_path / "ring.graphml")
    model = CareerModel(
        "inverclyde",
        people=PEOPLE,
        rng=1,
        months=3,
        parameters={"time": {"burn_in": 0}},
        ties_file=str(tmp_path / "ring.graphml"),
    )
    contact = model.town.ties.contact
    assert ((contact >= 0).sum(axis=1)[:PEOPLE] == 2).all()
    order = np.argsort(model.town.people.id[:PEOPLE])
    assert set(contact[order[0]][contact[order[0]] >= 0]) == {order[1], order[-1]}
    model.run_for(3)
    assert model.levels[-1]["residents"] > 0
