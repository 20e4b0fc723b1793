from __future__ import annotations

import networkx as nx
import pytest
from matplotlib.text import Text

from careersim.report import figures
from careersim.study.comparison import compare


def town_graph(n):
    graph = nx.random_regular_graph(4, n, seed=1)
    for k, node in enumerate(sorted(graph)):
        status = ("employed", "unemployed", "inactive", "student", "pupil")[k % 5]
        graph.nodes[node].update(status=status, residence="elsewhere" if k % 50 == 1 else "here")
    return graph


def test_sample_is_connected_small_and_of_residents():
    graph = town_graph(2000)
    people = figures.sample(graph)
    assert len(people) == len(set(people)) == figures.MOST_DRAWN
    assert nx.is_connected(graph.subgraph(people))
    assert all(graph.nodes[p]["residence"] == "here" for p in people)
    assert people == figures.sample(graph)


def test_statuses_have_a_colour():
    known = {s for s, _, _ in figures.STATUS}
    graph = town_graph(100)
    assert {figures.status_of(graph.nodes[n]) for n in graph} == known


def test_network_figure_has_a_panel_a_world(tmp_path):
    graph = town_graph(80)
    figure = figures.network_figure({"none": graph, "other": graph}, "Nowhere")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["none", "other"]
    assert figures.save(figure, tmp_path / "network").exists()


def test_labels_do_not_overlap(run):
    results = run.results()
    figure = figures.trajectories(results, compare(results, "nowhere", 7), "Nowhere")
    figure.canvas.draw()
    for ax in figure.axes:
        boxes = [Text.get_window_extent(t) for t in ax.texts]  # without the leader lines
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                assert min(one.y1, other.y1) - max(one.y0, other.y0) < 3


def test_same_study_same_picture(run, tmp_path):
    results = run.results()
    comparison = compare(results, "nowhere", 7)
    one, two = (
        figures.save(figures.gains_and_losses(comparison), tmp_path / name).with_suffix(".svg").read_bytes()
        for name in "ab"
    )
    assert one == two


@pytest.mark.parametrize("n", [1, 5, 9])
def test_colours_exist_for_any_number_of_strategies(n):
    assert len(figures.colour_of([f"s{k}" for k in range(n)])) == n + 2
