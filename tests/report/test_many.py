"""Sixteen strategies: the table stays readable, and ends with the undominated set."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from careersim.report.effects import _reach, effects_figure
from careersim.report.efficient import per_resident, standings, undominated_sentence
from careersim.report.figures import few_arms, save, trajectories
from careersim.report.tables import SECTIONS, plain_text
from careersim.study.comparison import Comparison, compare
from careersim.study.statistics import Estimate


@pytest.fixture(scope="module")
def many(run) -> Comparison:
    """The small study with its strategies under sixteen names, each dearer and better than the one before."""
    few = compare(run.results(), "nowhere", 7)
    arms = {}
    for k in range(16):
        arm = few.arms[few.strategies[k % 2]]
        name = f"strategy_{k + 1}_with_a_long_name"
        cost = {**arm.cost, "public_cost": Estimate(float(k))}
        parts = {**arm.account.parts, "b": Estimate(1000.0 * (k if k % 3 else -k), n=4)}
        arms[name] = replace(arm, name=name, cost=cost, account=replace(arm.account, parts=parts))
    return replace(few, arms=arms | {"placebo": few.arms["placebo"]})


def test_the_table_of_many_has_a_line_a_strategy_and_fits_the_page(many: Comparison) -> None:
    text = plain_text(many, "Nowhere")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 150
    assert sum(line.strip().startswith("strategy 1 with a long name") for line in lines) >= len(SECTIONS)
    assert not any(line.strip() == "with a long name" for line in lines), "names are not broken"
    for section in SECTIONS:
        for row in section.rows:
            assert row.if_any or all(word in text for word in row.label.split()), row.label
    assert len(lines) < 330


def test_it_ends_with_the_undominated_set(many: Comparison) -> None:
    text = plain_text(many)
    assert text.index("Undominated set") > text.index("Displacement, cost")
    said = " ".join(text[text.index("No other strategy gains") :].split())
    kept = [s.name for s in standings(many) if s.at_public_cost]
    assert kept[0] == "none"
    assert len(kept) == 2 + sum(1 for k in range(1, 16) if k % 3), "none, one as cheap, and those that gain more"
    assert all(name.replace("_", " ") in said for name in kept)


def test_strategies_by_which_residents_lose_are_named_as_such(many: Comparison) -> None:
    assert "residents lose by" not in undominated_sentence(many)
    name = many.strategies[3]
    arm = many.arms[name]
    parts = {**arm.account.parts, "b": Estimate(-5000.0, n=4)}
    cut = replace(arm, cost={**arm.cost, "public_cost": Estimate(-2.0)}, account=replace(arm.account, parts=parts))
    said = undominated_sentence(replace(many, arms=many.arms | {name: cut}))
    assert f"Of these, residents lose by: {name.replace('_', ' ')} (none other" in said


def test_few_strategies_end_with_it_too(run) -> None:
    assert "Undominated set" in plain_text(compare(run.results(), "nowhere", 7))


def test_a_strategy_without_a_known_gain_is_not_in_the_set(many: Comparison) -> None:
    name = many.strategies[1]
    arm = many.arms[name]
    parts = {**arm.account.parts, "b": Estimate(math.nan, reason="not measured")}
    unknown = replace(many, arms=many.arms | {name: replace(arm, account=replace(arm.account, parts=parts))})
    assert not next(s for s in standings(unknown) if s.name == name).at_public_cost
    assert per_resident(Estimate(1500.0, 1000.0, 2000.0)).high == 2.0


def test_the_figure_of_effects_has_four_panels_and_every_strategy(many: Comparison, tmp_path) -> None:
    figure = effects_figure(many, "Nowhere")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Direct effect", "Spillover", "Displacement", "Leaving"]
    assert len(figure.axes[0].get_yticklabels()) == 17
    assert save(figure, tmp_path / "effects").exists()


def test_no_value_is_drawn_where_it_is_not() -> None:
    few = [
        Estimate(1.0, -20.0, 30.0),
        Estimate(210.0, 175.0, 246.0),
        Estimate(3.0, -8.0, 9.0),
        Estimate(2.0, -8.0, 9.0),
    ]
    assert 210.0 < _reach(few) <= 246.0 * 1.03
    wide = [Estimate(float(k), k - 1.0, k + 1.0) for k in range(1, 8)] + [Estimate(3.0, -1.0, 900.0)]
    assert 7.0 < _reach(wide) < 40.0


def test_only_lines_that_can_be_told_apart_are_drawn(many: Comparison, run) -> None:
    drawn = few_arms(many)
    assert len(drawn) == 7
    assert drawn[-1] == "placebo"
    words = " ".join(t.get_text() for t in trajectories(run.results(), many, "Nowhere").texts)
    assert "Drawn: 6 of 16 strategies" in words
    assert few_arms(few := replace(many, arms={a: many.arms[a] for a in (*many.strategies[:6], "placebo")})) == list(
        few.arms
    )
