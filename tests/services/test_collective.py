"""Community dialogue, collective solutions and mutual aid: each helps under one condition and does nothing, or harms, under another."""

from __future__ import annotations

import numpy as np
from tests.towns import lively_town, parameters

from careersim.month import migration
from careersim.services import delivery
from careersim.services.mutual_aid import MutualAid
from careersim.testing import run_services
from careersim.town.columns import HERE, N_OCCUPATIONS
from careersim.town.town import Town


def run(town: Town, spec: object, months: int = 8, params=None):
    params = params or parameters()
    services = delivery.make_services(spec, params)
    run_services(town, params, services, months)
    return services[0]


def leavers(town: Town, params) -> int:
    """How many residents of working age would leave if all weighed elsewhere now."""
    w = town.people
    rows = np.flatnonzero((w.residence == HERE) & (w.stage == 2))
    weighs = np.zeros(len(w), np.int8)
    weighs[rows] = 1
    moves, _ = migration.decide(town, params, rows, weighs)
    return int(moves.sum())


def town_to_leave(better: float) -> Town:
    """Return a town from which pay elsewhere draws people by as much as ``better``."""
    town = lively_town(800)
    town.people.considered[:] = 2**N_OCCUPATIONS - 1
    town.solved.log_pay_elsewhere[:] = np.log(2500.0 * better)
    town.solved.finding_elsewhere, town.solved.loss_elsewhere = 0.08, 0.01
    return town


# -- community dialogue ------------------------------------------------------------------------------------------------
DIALOGUE = {"community_dialogue": {"budget": 10.0, "take_up_rate": 1.0, "take_up": "random"}}


def test_dialogue_helps_where_what_stands_in_the_way_is_individual() -> None:
    """Nobody is long out of work and odds seem good: groups hear that skills are missing, and members learn some."""
    town = lively_town()
    w = town.people
    w.jobless_since[w.post < 0] = town.month
    w.career_skill[:] = 0.05
    w.odds_belief[:] = 0.5
    service = run(town, DIALOGUE, 4)
    served = service.state.participants.received >= 3
    assert (w.career_skill[served] > 0.05).mean() > 0.5


def test_dialogue_locks_in_those_whom_elsewhere_would_pay_more() -> None:
    """Members weigh the place more: fewer would leave although pay elsewhere is better (in income they are worse off)."""
    params = parameters(services={"community_dose": 0.5, "tie_gain": 0.0})
    stay, none = town_to_leave(1.3), town_to_leave(1.3)
    run(stay, DIALOGUE, 6, params)
    assert leavers(none, params) > 0
    assert leavers(stay, params) < leavers(none, params)


def test_dialogue_changes_nobodys_leaving_where_there_is_nowhere_to_go() -> None:
    params = parameters(services={"community_dose": 0.5, "tie_gain": 0.0})
    stay, none = town_to_leave(0.2), town_to_leave(0.2)
    run(stay, DIALOGUE, 6, params)
    assert leavers(stay, params) == leavers(none, params) == 0


# -- collective solutions ----------------------------------------------------------------------------------------------
SOLUTIONS = {"collective_solutions": {"budget": 10.0, "take_up_rate": 1.0, "take_up": "random", "sessions": 1}}


def unfair_town(threshold: float) -> Town:
    town = lively_town()
    town.people.ethnicity[:] = 1
    town.employers.taste_ethnicity[:] = 0.6
    town.people.threshold[:] = threshold
    town.people.odds_belief[:], town.people.attribution[:] = 0.05, 0.8
    town.people.jobless_since[town.people.post < 0] = 60
    return town


def test_acting_together_lowers_employers_taste_where_people_would_join() -> None:
    town = unfair_town(0.2)
    run(town, SOLUTIONS, 12)
    assert town.employers.taste_ethnicity.mean() < 0.55


def test_acting_together_does_nothing_where_nobody_would_be_first() -> None:
    town = unfair_town(1.5)
    service = run(town, SOLUTIONS, 12)
    assert (town.employers.taste_ethnicity == np.float32(0.6)).all()
    assert service.state.spent > 0.0
    assert service.state.participants.joined.sum() == 0


# -- mutual aid --------------------------------------------------------------------------------------------------------
AID = {"mutual_aid": {"budget": 10.0, "take_up_rate": 1.0, "take_up": "random"}}


def test_mutual_aid_serves_for_little_public_money_where_civic_capital_is_high() -> None:
    town = lively_town()
    town.aggregates.civic_capital = 3.0
    service = run(town, AID)
    record = service.state.received()
    assert service.state.participants.received.sum() > 20
    assert record.public_cost.sum() < record.unpaid_value.sum()


def test_mutual_aid_fails_where_civic_capital_is_low() -> None:
    """Nobody comes to run a group when few know people here: the money stays unspent."""
    town = lively_town()
    town.aggregates.civic_capital = 0.3
    town.people.ties_here[:] *= 0.3
    service = run(town, AID)
    assert service.state.participants.received.sum() == 0
    assert service.state.spent == 0.0


def test_hours_follow_volunteers_ties_and_civic_capital() -> None:
    town, params = lively_town(), parameters()
    usual = MutualAid().hours(town, params)
    town.aggregates.civic_capital = 0.5
    assert np.isclose(MutualAid().hours(town, params), usual / 2)
    town.people.ties_here[:] *= 2
    assert np.isclose(MutualAid().hours(town, params), usual, rtol=1e-4)
