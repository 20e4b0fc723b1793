"""Joint actions: who joins, what a carried action does, what it costs, and how it ends."""

from __future__ import annotations

import numpy as np
import pytest
from tests.towns import lively_town, parameters

from careersim.month import demand, pay
from careersim.scenario.errors import ScenarioError
from careersim.services import delivery, joint_actions, stories
from careersim.services.base import Service
from careersim.services.collective_solutions import CollectiveSolutions
from careersim.services.enterprise import room
from careersim.services.joint_actions import DONE, JOINT_ACTIONS, LAPSED, UNDER_WAY, WITHDRAWN
from careersim.services.participants import ServiceState
from careersim.services.session import Session
from careersim.services.wage_campaign import willing_share
from careersim.testing import run_services
from careersim.town.columns import HERE
from careersim.town.town import Town

NO_CAMPAIGN = {"campaign_rate": 0.0}


def acting(town: Town, kind: str, n: int = 8, **options: object) -> Service:
    """Return a service with one group of ``n`` people out of work that has just proposed a joint action."""
    service = Service(
        CollectiveSolutions(budget=20.0, take_up_rate=0.0, **options), 1, ServiceState.fresh(len(town.people))
    )
    rows = np.flatnonzero((town.people.residence == HERE) & (town.people.post < 0))[:n]
    service.state.participants.group[rows] = 0
    group = np.zeros(n, np.int32)
    ones = np.ones(n, np.int64)
    session = Session(town, parameters(), town.month, 1, rows, np.ones(n), ones, group, service.state.memory)
    joint_actions.propose(session, kind, np.array([0]))
    return service


def members(service: Service) -> np.ndarray:
    return np.flatnonzero(service.state.participants.group == 0)


def willing(town: Town, service: Service) -> None:
    """Let every member be willing from the start."""
    town.people.threshold[members(service)] = -2.0


def actions(service: Service) -> joint_actions.Actions:
    return joint_actions.actions_of(service.state.memory)


def test_members_join_one_after_the_other_by_granovetters_rule() -> None:
    """Thresholds 0, 1/7, ..., 1: one more joins each month, and all do; with one threshold missing nobody follows the first."""
    for second, expected in ((1 / 7, [1, 2, 3, 4, 5, 6, 7, 8]), (2.5 / 7, [1] * 8)):
        town = lively_town()
        service = acting(town, "challenge_hiring")
        rows = members(service)
        town.people.support[rows] = 0.0
        town.people.threshold[rows] = np.arange(8) / 7
        town.people.threshold[rows[1]] = second
        seen = []
        for _ in range(8):
            run_services(town, parameters(organising=NO_CAMPAIGN), [service], 1)
            seen.append(int(service.state.participants.joined.sum()))
        assert seen[: len(expected)] == expected


def test_being_organised_brings_people_to_join() -> None:
    joined = []
    for rate in (0.0, 0.12):
        town = lively_town()
        service = acting(town, "challenge_hiring")
        rows = members(service)
        town.people.support[rows], town.people.threshold[rows] = 0.0, 0.4
        run_services(
            town, parameters(organising={"campaign_rate": rate}, services={"joint_patience": 60}), [service], 12
        )
        joined.append(service.state.participants.joined.sum())
    assert joined[0] == 0
    assert joined[1] == 8


def test_nothing_is_carried_below_the_quorum_and_it_lapses() -> None:
    town = lively_town()
    service = acting(town, "challenge_hiring")
    town.people.threshold[members(service)] = 3.0
    taste = town.employers.taste_ethnicity.copy()
    run_services(town, parameters(services={"joint_patience": 4}), [service], 4)
    assert actions(service).ended.tolist() == [LAPSED]
    assert (town.employers.taste_ethnicity == taste).all()


def test_a_challenge_lowers_the_taste_of_one_employer_a_month() -> None:
    town = lively_town()
    service = acting(town, "challenge_hiring")
    willing(town, service)
    for _ in range(3):
        before = town.employers.taste_ethnicity.copy()
        run_services(town, parameters(), [service], 1)
        assert np.count_nonzero(town.employers.taste_ethnicity != before) == 1
        assert (town.employers.taste_ethnicity <= before).all()


def test_a_pool_of_mentors_has_more_of_them_than_are_willing_otherwise() -> None:
    found = []
    for share in (0.0, 1.0):
        town = lively_town()
        service = acting(town, "mentoring_pool")
        willing(town, service)
        run_services(town, parameters(services={"pool_willing_share": share}), [service], 1)
        found.append(sum(len(p[0]) for p in town.tallies.get("proposals", [])))
    assert found[0] == 0
    assert found[1] > 0
    record = service.state.received()
    assert (record.by >= 0).any()


def test_a_compact_gives_placements_at_the_employers_cost_and_posts_of_commuters() -> None:
    town = lively_town()
    town.posts.commuters[:] = 0
    town.posts.commuters[6] = 100
    service = acting(town, "employer_compact")
    willing(town, service)
    flows = run_services(town, parameters(), [service], 12)
    assert actions(service).target[0] == town.posts.employer[6]
    assert flows[0]["employer_cost"] == 8 * 150.0
    assert 75 <= town.posts.commuters[6] < 95
    assert town.posts.commuters.sum() == town.posts.commuters[6]


@pytest.fixture
def enterprise_town() -> Town:
    town = lively_town()
    town.employers.alive[11], town.employers.enterprise[11] = 0, 1
    town.posts.l0[town.posts.employer == 11] = 0.0
    town.posts.eps[:] = 6.67
    return town


def test_an_enterprise_opens_posts_and_what_they_cost_is_charged_and_paid(enterprise_town: Town) -> None:
    town = enterprise_town
    service = acting(town, "community_enterprise")
    willing(town, service)
    town.people.last_occupation[members(service)] = town.posts.occupation[town.posts.employer == 11][0]
    params = parameters(demand={"turnover": False, "feedback": False})
    run_services(town, params, [service], 1)
    assert town.employers.alive[11] == 1
    demand.step(town, params, town.month)
    assert town.posts.desired[town.posts.employer == 11].sum() == pytest.approx(8.0)
    town.employers.pay_bill[11], town.employers.output[11] = 10_000.0, 7000.0
    flows = run_services(town, params, [service], 1)[0]
    assert flows["public_cost"] == pytest.approx(3000.0 + 8 * 10.0)
    town.ledger_flows.clear()
    pay.book_money(town, params, np.zeros(len(town.posts), np.int64), np.zeros(len(town.posts), np.int64))
    assert town.ledger_flows["subsidies"] == 3000.0
    assert town.employers.subsidy[11] == 0.0


def test_posts_may_be_left_to_the_enterprise_to_pay_for(enterprise_town: Town) -> None:
    town = enterprise_town
    service = acting(town, "community_enterprise")
    service.state.memory["joint/paid_by"][:] = joint_actions.PAID_BY.index("employers")
    willing(town, service)
    run_services(town, parameters(), [service], 1)
    town.employers.pay_bill[11], town.employers.output[11] = 10_000.0, 7000.0
    flows = run_services(town, parameters(), [service], 1)[0]
    assert flows["employer_cost"] == 3000.0
    assert town.employers.subsidy[11] == 0.0


def test_no_more_enterprises_are_proposed_than_there_is_room_for(enterprise_town: Town) -> None:
    service = acting(enterprise_town, "community_enterprise")
    kind = list(JOINT_ACTIONS).index("community_enterprise")
    assert room(enterprise_town, joint_actions.Actions.empty(0), kind) == 1
    assert room(enterprise_town, actions(service), kind) == 0
    nobody = acting(lively_town(), "community_enterprise")
    assert len(actions(nobody)) == 0


def test_an_empty_row_for_enterprises_is_never_filled_by_an_ordinary_employer(enterprise_town: Town) -> None:
    town, params = enterprise_town, parameters(demand={"empty_months": 1.0})
    town.employers.alive[10] = 0
    for month in range(40, 80):
        demand.fill_slots(town, params, month)
    assert town.employers.alive[10] == 1
    assert town.employers.alive[11] == 0


def test_a_floor_is_agreed_when_a_majority_of_staff_would_join_in_and_pay_rises_to_it() -> None:
    agreed = []
    for threshold in (0.0, 2.0):
        town = lively_town()
        town.minimum_wage = 1600.0
        town.people.threshold[town.people.post >= 0] = threshold
        service = acting(town, "wage_floor")
        willing(town, service)
        run_services(town, parameters(), [service], 6)
        floors = town.employers.wage_floor
        agreed.append(int(np.count_nonzero(floors)))
        if agreed[0]:
            f = int(np.argmax(floors))
            assert floors[f] == pytest.approx(1.1 * 1600.0)
            pay.set_post_pay(town, parameters(), town.month)
            assert town.posts.pay[town.posts.employer == f].min() >= floors[f] - 1e-9
            assert town.posts.pay[town.posts.employer != f].min() < floors[f]
            break
    assert agreed[0] > 0
    town.people.threshold[town.people.post >= 0] = 2.0
    assert willing_share(town, f) == 0.0


def test_a_funder_whose_goals_come_first_withdraws_the_money() -> None:
    ended = {}
    for objective in ("community", "funder"):
        town = lively_town()
        service = acting(town, "challenge_hiring", objective=objective)
        willing(town, service)
        run_services(town, parameters(services={"funder_withdrawal": 1.0}), [service], 2)
        ended[objective] = int(actions(service).ended[0])
    assert ended == {"community": UNDER_WAY, "funder": WITHDRAWN}


def test_it_is_done_after_its_months_and_costs_no_more_than_the_purse() -> None:
    town = lively_town()
    service = acting(town, "challenge_hiring")
    willing(town, service)
    flows = run_services(town, parameters(services={"joint_months": 3}), [service], 5)
    assert actions(service).ended[0] == DONE
    assert [f.get("public_cost", 0.0) for f in flows] == [80.0, 80.0, 80.0, 0.0, 0.0]
    assert flows[0]["unpaid_value"] == 8 * 4.0 * 12.5
    poor = acting(lively_town(), "challenge_hiring")
    assert joint_actions.carry_on(poor.strategy, poor, lively_town(), parameters(), 41, 79.0, 10.0) == 0.0


def test_every_action_answers_a_barrier_that_stories_tell_of() -> None:
    assert all(a.answers and a.answers <= set(stories.BARRIER_NAMES) for a in JOINT_ACTIONS.values())


def test_a_group_chooses_what_answers_the_barrier_most_of_it_tells_of() -> None:
    """All alone without contacts in work: with a pool among the joint actions it is proposed, without one they ask those they know."""
    town = lively_town()
    rows = np.flatnonzero((town.people.residence == HERE) & (town.people.post < 0))[:16]
    share = np.zeros((2, len(stories.BARRIER_NAMES)))
    share[:, stories.BARRIER_NAMES.index("contacts")] = 0.9
    party, ones = np.arange(16) // 8, np.ones(16, np.int64)
    s = Session(town, parameters(), town.month, 1, rows, np.ones(16), ones, party.astype(np.int32), {})
    choices = [CollectiveSolutions(joint=j, individual_steps=i).choose(s, party, share) for j, i in CHOICES]
    assert [set(c) for c in choices] == [{"mentoring_pool"}, {"use_contacts"}, {""}]


CHOICES: list[tuple[tuple[str, ...], bool]] = [(("mentoring_pool",), True), (("wage_floor",), True), ((), False)]


def test_an_unknown_joint_action_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ScenarioError, match="did you mean wage_floor"):
        delivery.make_strategy("collective_solutions", {"joint": ["wage_flor"]})
