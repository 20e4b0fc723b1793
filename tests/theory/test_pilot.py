"""The pilot: its estimators, and that the levers are scaled as reviews of career services say."""

from __future__ import annotations

import numpy as np
import pytest

from careersim.checks import pilot
from careersim.checks.pilot import SLACK_FREE, run_pilot, seekers
from careersim.model import CareerModel


@pytest.fixture(scope="module")
def town() -> CareerModel:
    more = {"parameters": {"time": {"burn_in": 24}}, "conditions": SLACK_FREE}
    return CareerModel("inverclyde", people=1000, months=40, **more).run_for(2)  # type: ignore[arg-type]


def test_odds_ratio_and_its_error_are_those_of_the_textbook(town: CareerModel) -> None:
    """Of 400 alike, 200 work with and 100 without, independently: odds ratio 3, error sqrt(1/200 + 1/200 + 1/100 + 1/300)."""
    rng = np.random.default_rng(1)
    y1, y0 = rng.permutation(np.arange(400) < 200), rng.permutation(np.arange(400) < 100)
    found = pilot._found(y1, y0, np.array([0.4, 0.6]), town)
    assert found.odds_ratio == pytest.approx(3.0)
    assert found.log_error == pytest.approx(np.sqrt(1 / 200 + 1 / 200 + 1 / 100 + 1 / 300), rel=0.1)
    assert found.d == pytest.approx(0.5)


def test_one_to_one_and_groups_move_career_skill_as_far_as_reviews_find(town: CareerModel) -> None:
    """targets.csv individual_counselling_g .5 to 1.1, career_intervention_d .30 to .60, both within two standard errors."""
    alone = run_pilot(town, "one_to_one", draws=25)
    group = run_pilot(town, "one_to_one", {"format": "group"}, draws=25)
    assert 0.5 - 2 * alone.d_error <= alone.d <= 1.1
    assert 0.30 <= group.d <= 0.60 + 2 * group.d_error
    assert group.d < alone.d


def test_only_the_chosen_are_served(town: CareerModel) -> None:
    rows = seekers(town.town)[:3]
    kind = pilot.served_only(pilot.named("one_to_one"), town.town.people.id[rows])
    served = town.fork([kind(budget=50.0, take_up="random", take_up_rate=1.0)]).run_for(2)
    received = served.services[-1].state.participants.received
    assert set(np.flatnonzero(received)) == set(rows)
