"""Section C: a sign is told two-sided, is looked at by its own name, and is not reached where its condition is taken away."""

from __future__ import annotations

import dataclasses

import pytest

from careersim.checks import signs
from careersim.checks.lines import Effort
from careersim.services import BUILT_IN
from careersim.study.statistics import Estimate

LEVELS = "level_tradable", "level_local", "level_public"
BETWEEN, OVER, UNDER = Estimate(0.1, -1.0, 1.2), Estimate(2.0, 1.0, 3.0), Estimate(-2.0, -3.0, -1.0)


@pytest.mark.parametrize(
    ("found", "expected", "verdict"),
    [
        (OVER, signs.ABOVE, signs.REACHED),
        (OVER, signs.BELOW, signs.OPPOSITE),
        (UNDER, signs.ABOVE, signs.OPPOSITE),
        (UNDER, signs.BELOW, signs.REACHED),
        (BETWEEN, signs.ABOVE, signs.NOT_TOLD),
        (BETWEEN, signs.BELOW, signs.NOT_TOLD),
        (BETWEEN, signs.ABOUT, signs.NOT_TOLD),
        (OVER, signs.ABOUT, signs.OPPOSITE),
        (Estimate(2.0), signs.ABOVE, signs.NOT_TOLD),
    ],
)
def test_verdicts_are_two_sided(found: Estimate, expected: str, verdict: str) -> None:
    assert signs.judge(found, expected, within=0.5) == verdict


def test_about_zero_is_reached_only_if_the_interval_is_narrow() -> None:
    assert signs.judge(BETWEEN, signs.ABOUT, within=1.5) == signs.REACHED


def test_every_sign_has_a_topic_an_arm_and_a_valid_experiment() -> None:
    assert len(signs.signs()) >= 14
    for sign in signs.signs().values():
        assert sign.topic in signs.TOPICS
        assert sign.expected in (signs.ABOVE, signs.BELOW, signs.ABOUT)
        assert (sign.within > 0) == (sign.expected == signs.ABOUT)
        assert sign.settings().replicates >= 2


def strategies_of(sign: signs.Sign) -> set[str]:
    """Names of the strategies that a sign's experiment offers."""
    offered = sign.experiment["strategies"]
    return {s if isinstance(s, str) else s["name"] for s in offered}


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"none", "provision", "placebo"}))
def test_every_strategy_has_a_condition_in_which_it_helps_and_one_in_which_it_does_not(name: str) -> None:
    mine = [s for s in signs.signs().values() if name in strategies_of(s)]
    assert len(mine) >= 2
    assert len({s.condition for s in mine}) >= 2


def smaller(sign: signs.Sign, **conditions: object) -> signs.Sign:
    """The sign's experiment in a town that settles in ten years, under other conditions."""
    short = {"parameters": {"time": {"burn_in": 120}}, "people": 2000, "replicates": 6}
    given = {**sign.experiment.get("conditions", {}), **conditions}
    return dataclasses.replace(sign, experiment={**sign.experiment, **short, "conditions": given})


@pytest.mark.parametrize(
    ("name", "without", "verdicts"),
    [
        ("elsewhere-steep", {"migration": {"skill_return": 0.0}}, [signs.OPPOSITE]),
        # with posts for everybody nobody is displaced
        ("one-to-one-posts-fixed", {"demand": dict.fromkeys(LEVELS, 3.0)}, [signs.NOT_TOLD, signs.OPPOSITE]),
        # people who learn from refusals know by themselves that odds are poor
        ("research-discourages", {"learning": {"own_rate": 0.2}}, [signs.NOT_TOLD, signs.OPPOSITE]),
    ],
)
def test_a_sign_is_reached_under_its_condition_and_not_without(name: str, without: dict, verdicts: list[str]) -> None:
    sign = signs.signs()[name]
    assert signs.find(smaller(sign)).verdict == signs.REACHED
    assert signs.find(smaller(sign, **without)).verdict in verdicts


def test_a_quick_line_fails_only_if_the_sign_is_told_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = signs.signs()["elsewhere-steep"]
    verdicts = {}
    for found in (OVER, BETWEEN, UNDER):
        monkeypatch.setattr(
            signs, "find", lambda s, effort, e=found: signs.Found(sign, e, signs.judge(e, sign.expected))
        )
        verdicts[found.value] = [signs.line(sign.name, Effort(quick=q))[0].passed for q in (True, False)]
    assert verdicts == {2.0: [False, False], 0.1: [True, False], -2.0: [True, True]}
