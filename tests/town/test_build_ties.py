"""The start network meets its targets; a network from a file is read as written, or refused with the line."""

from __future__ import annotations

from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
from tests.towns import neighbourly_people, neighbourly_town, parameters

from careersim.town.build_ties import build_network, build_ties
from careersim.town.columns import COWORKER, KIN_FRIEND, PUPIL
from careersim.town.network import clustering, degree, economic_connectedness, mean_clustering
from careersim.town.ties_file import TiesFileError, ties_from_file


def only(ties, kind):
    """Contacts of one kind, free slots last."""
    contact = np.where(ties.kind == kind, ties.contact, -1)
    return -np.sort(-contact, axis=1)


@pytest.mark.parametrize(("connectedness", "segregation"), [(0.47, 0.0), (0.45, 0.3), (0.40, 0.3)])
def test_targets_are_met(connectedness, segregation):
    town = neighbourly_town(5000, segregation=segregation)
    place = SimpleNamespace(connectedness=connectedness)
    ties = town.ties = build_ties(town.people, place, parameters(), town.key, town.posts, town.employers)
    people = town.people
    i, k = np.nonzero(ties.kind == KIN_FRIEND)
    j = ties.contact[i, k]
    pupils = (people.stage[i] == PUPIL) & (people.stage[j] == PUPIL)
    assert economic_connectedness(town) == pytest.approx(connectedness, abs=0.01)
    assert degree(town) == pytest.approx(12.0, abs=0.5)
    assert len(i) / 5000 == pytest.approx(5.0, abs=0.5)
    assert mean_clustering(people.residence, only(ties, KIN_FRIEND)) == pytest.approx(0.39, abs=0.05)
    assert 0.10 < clustering(town) < 0.30
    assert (people.gender[i] == people.gender[j])[pupils].mean() == pytest.approx(0.88, abs=0.04)
    assert (people.gender[i] == people.gender[j])[~pupils].mean() < 0.7


def test_colleagues_share_an_employer_and_pupils_know_their_parent():
    town = neighbourly_town(2000)
    place = SimpleNamespace(connectedness=0.45)
    ties = build_ties(town.people, place, parameters(), town.key, town.posts, town.employers)
    people = town.people
    i, k = np.nonzero(ties.kind == COWORKER)
    assert len(i) > 1000
    assert (people.post[i] == people.post[ties.contact[i, k]]).all()
    pupils = np.flatnonzero((people.stage == PUPIL) & (people.parent >= 0))
    assert (ties.contact[pupils] == people.parent[pupils][:, None]).any(axis=1).mean() > 0.95


def test_order_of_rows_does_not_matter():
    people = neighbourly_people(800)
    old_row = np.random.default_rng(1).permutation(800)
    other = people.take(old_row)
    new_row = np.append(np.argsort(old_row), -1)
    other.parent[:] = new_row[other.parent]
    place, key = SimpleNamespace(connectedness=0.45), np.uint64(7)
    a, b = (build_network(p, place, parameters(), key) for p in (people, other))
    assert a.origin_homophily == b.origin_homophily
    expected = np.where(a.ties.contact >= 0, new_row[a.ties.contact], -1)[old_row]
    assert (expected == b.ties.contact).all()
    assert (a.ties.strength[old_row] == b.ties.strength).all()


def test_edge_list_and_graphml_are_read(tmp_path):
    people = neighbourly_people(20)
    (tmp_path / "net.csv").write_text(
        "from,to,strength,kind\n0,1,0.5,neighbour\n1,0\n2,3 # friends\n", encoding="utf-8"
    )
    ties = ties_from_file(tmp_path / "net.csv", people, 4)
    row = np.argsort(people.id)
    assert (ties.contact >= 0).sum() == 4
    assert ties.contact[row[0], 0] == row[1]
    assert ties.strength[row[1], 0] == 0.5
    (tmp_path / "turned.tsv").write_text("kind\ttarget\tsource\tweight\nneighbour\t1\t0\t0.5\n", encoding="utf-8")
    turned = ties_from_file(tmp_path / "turned.tsv", people, 4)
    assert (turned.strength[row[0], 0], turned.kind[row[0], 0], turned.contact[row[0], 0]) == (0.5, 2, row[1])
    nx.write_graphml(nx.cycle_graph(20), tmp_path / "ring.graphml")
    ring = ties_from_file(tmp_path / "ring.graphml", people, 4)
    assert ((ring.contact >= 0).sum(1) == 2).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 1\n2 x\n", r"net.txt:2: 'x' is not the number of a person"),
        ("0 99\n", r"net.txt:1: there is no person 99; the town has people 0 to 19"),
        ("3 3\n", "a person cannot be tied to themselves"),
        ("0 1 1.5\n", "strength must lie above 0 and at most 1, not 1.5"),
        ("0 1 high\n", "strength must be a number from 0 to 1, not 'high'"),
        ("0 1 .5 enemy\n", "kind 'enemy' is unknown; kinds are kin_friend"),
        ("0\n", "expected two people"),
        ("from,to,weigth\n0,1,1\n", "unknown column 'weigth'; columns are from, to, strength, kind"),
        ("to,strength\n0,1\n", "a heading names the columns from and to"),
        ("0 1\n0 2\n0 3\n", "person 0 has more than 2 ties"),
    ],
)
def test_faults_in_a_file_are_named(tmp_path, text, message):
    (tmp_path / "net.txt").write_text(text, encoding="utf-8")
    with pytest.raises(TiesFileError, match=message):
        ties_from_file(tmp_path / "net.txt", neighbourly_people(20), 2)


def test_unknown_files_are_refused(tmp_path):
    people = neighbourly_people(20)
    with pytest.raises(TiesFileError, match="no such file"):
        ties_from_file(tmp_path / "none.csv", people, 4)
    (tmp_path / "net.doc").write_text("0 1", encoding="utf-8")
    with pytest.raises(TiesFileError, match=r"ending '.doc' is unknown"):
        ties_from_file(tmp_path / "net.doc", people, 4)
    (tmp_path / "net.graphml").write_text("not xml", encoding="utf-8")
    with pytest.raises(TiesFileError, match="not readable as GraphML"):
        ties_from_file(tmp_path / "net.graphml", people, 4)
