"""The books of services: who received what, when, by whom, at what cost; prices a session; total cost; faults."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from tests.towns import lively_town, parameters

from careersim.services import delivery, levers
from careersim.services.base import Service, Strategy
from careersim.services.one_to_one import OneToOne
from careersim.services.online_service import OnlineService
from careersim.services.participants import ServiceState
from careersim.services.session import Session
from careersim.testing import run_services


def service(**options: object) -> Service:
    return Service(OneToOne(**options), 1, ServiceState.fresh())


def test_the_record_holds_what_each_person_received_when_and_at_what_cost() -> None:
    town, s = lively_town(), service(budget=2.0, unpaid_hours=2.0)
    flows = run_services(town, parameters(), [s], 5)
    record = s.state.received()
    assert len(record) == s.state.participants.received.sum()
    assert np.isclose(record.public_cost.sum(), s.state.spent)
    assert np.isclose(record.unpaid_value.sum(), sum(f["unpaid_value"] for f in flows))
    assert set(record.month) == set(range(40, 45))
    assert (record.by == -1).all()
    names = list(levers.LEVERS)
    used = {n for k, n in enumerate(names) if (record.levers >> np.uint32(k) & 1).any()}
    assert used == s.strategy.may_use()
    once = town.people.id[np.flatnonzero(s.state.participants.received == 1)]
    assert np.isin(once, record.person).all()


def test_the_record_holds_fees_that_users_pay() -> None:
    s = Service(OnlineService(budget=2.0, subsidy=0.5, take_up_rate=1.0), 1, ServiceState.fresh())
    flows = run_services(lively_town(), parameters(), [s], 3)
    record = s.state.received()
    assert (record.users_cost > 0).all()
    assert np.isclose(record.users_cost.sum(), sum(f["users_cost"] for f in flows))
    assert np.allclose(record.users_cost, record.public_cost)


def test_the_record_names_the_mentor() -> None:
    town = lively_town()
    brokering = delivery.make_services({"brokering": {"budget": 20.0}}, parameters(services={"willing_share": 1.0}))
    run_services(town, parameters(services={"willing_share": 1.0}), brokering, 1)
    record = brokering[0].state.received()
    met = record.by[record.by >= 0]
    assert len(met) > 0
    assert np.isin(met, town.people.id).all()
    assert (town.people.post[np.isin(town.people.id, met)] >= 0).all()


def test_the_record_can_be_read_in_words() -> None:
    town, s = lively_town(), service(budget=2.0)
    provision = delivery.provision(parameters())
    run_services(town, parameters(), [*provision, s], 3)
    table = delivery.support_received([*provision, s])
    assert set(table["service"]) == {"provision", "one_to_one"}
    assert len(table["month"]) == sum(x.state.participants.received.sum() for x in (*provision, s))
    assert set(table["levers"][0].split(", ")) == s.strategy.may_use()
    assert delivery.support_received([])["person"].size == 0


def test_nothing_is_recorded_before_policy() -> None:
    town, s = lively_town(), service(budget=2.0)
    town.policy_start = 43
    run_services(town, parameters(), [s], 5)
    assert s.state.received().month.min() == 0


def test_a_session_paid_by_the_group_costs_the_same_however_few_come() -> None:
    options = {"format": "group", "price": 60.0, "price_per": "session", "take_up_rate": 0.05, "take_up": "random"}
    town, s = lively_town(), service(budget=5.0, **options)
    flows = run_services(town, parameters(), [s], 6)
    record = s.state.received()
    for month, flow in zip(range(40, 46), flows, strict=True):
        groups = np.unique(record.group[record.month == month])
        assert flow.get("public_cost", 0.0) == 60.0 * len(groups)


def test_with_equal_total_cost_unpaid_hours_are_paid_from_the_same_budget() -> None:
    """At 40 GBP and 2 unpaid hours of 12.50, a budget buys 40/65 of the sessions when it must cover both."""
    n = {}
    for covers in ("public", "total"):
        town, s = lively_town(), service(budget=1.0, budget_covers=covers, unpaid_hours=2.0, take_up_rate=1.0)
        flows = run_services(town, parameters(), [s], 8)
        n[covers] = s.state.participants.received.sum()
        cost = sum(f.get("public_cost", 0.0) + (f["unpaid_value"] if covers == "total" else 0.0) for f in flows)
        assert np.isclose(cost + sum(f["unspent"] for f in flows), s.state.granted)
    assert n["total"] / n["public"] == pytest.approx(40 / 65, rel=0.05)


def test_with_equal_total_cost_users_fees_are_paid_from_the_same_budget() -> None:
    """Half of a visit's price is the user's: a budget that covers all buys half the visits of one that covers public money."""
    n = {}
    for covers in ("public", "total"):
        options = {
            "name": "online_service",
            "budget": 0.05,
            "budget_covers": covers,
            "subsidy": 0.5,
            "take_up_rate": 1.0,
        }
        town, (s,) = lively_town(), delivery.make_services(options, parameters())
        flows = run_services(town, parameters(), [s], 8)
        n[covers] = s.state.participants.received.sum()
        names = (
            ("public_cost",) if covers == "public" else ("public_cost", "unpaid_value", "users_cost", "employer_cost")
        )
        spent = sum(f.get(name, 0.0) for f in flows for name in names)
        assert np.isclose(spent, s.state.spent)
        assert np.isclose(spent + sum(f["unspent"] for f in flows), s.state.granted)
    assert n["total"] / n["public"] == pytest.approx(0.5, rel=0.05)


class Hosted(Strategy):
    """Employers bear more of a session than anybody foresaw."""

    name: ClassVar[str] = "hosted"

    def deliver(self, session: Session) -> None:
        session.charge("employer_cost", 100.0 * len(session.rows))


@pytest.mark.parametrize("covers", ["public", "total"])
def test_what_was_not_foreseen_is_owed_and_paid_from_the_grants_that_follow(covers: str) -> None:
    town = lively_town()
    s = Service(Hosted(budget=1.0, budget_covers=covers, take_up_rate=1.0), 1, ServiceState.fresh())
    flows = run_services(town, parameters(), [s], 12)
    served, cost = (np.array([f.get(n, 0.0) for f in flows]) for n in ("public_cost", "employer_cost"))
    bill = served + cost if covers == "total" else served
    assert np.isclose(bill.sum() + sum(f["unspent"] for f in flows), s.state.granted)
    assert s.state.spent == pytest.approx(bill.sum())
    assert (served > 0).all() == (covers == "public")
    assert (served[1:] > 0).any()


class FailsAtOne(Strategy):
    """Divides by how far a person's skill is from a certain number."""

    name: ClassVar[str] = "fails_at_one"
    levers: ClassVar[frozenset[str]] = frozenset({"lift_morale"})

    def deliver(self, session: Session) -> None:
        levers.lift_morale(session)
        if (session.town.people.career_skill[session.rows] == 0.123).any():
            raise ValueError("skill must not be .123")


class FailsAlways(FailsAtOne):
    """Fails whoever comes."""

    name: ClassVar[str] = "fails_always"

    def deliver(self, session: Session) -> None:
        raise KeyError("no such thing")


def test_an_error_names_strategy_month_and_the_person_it_is_about() -> None:
    town = lively_town()
    town.people.career_skill = town.people.career_skill.astype(np.float64)
    services = delivery.make_services(FailsAtOne(budget=20.0, take_up_rate=1.0), parameters())
    run_services(town, parameters(), services, 1)
    who = np.flatnonzero(services[0].state.participants.sessions_left > 0)[7]
    town.people.career_skill[who] = 0.123
    with pytest.raises(delivery.StrategyFailed, match=r"'fails_at_one' failed in month 41 of policy, at person") as e:
        run_services(town, parameters(), services, 1)
    assert f"at person {town.people.id[who]}: ValueError: skill must not be .123" in str(e.value)


def test_an_error_that_is_about_nobody_names_nobody() -> None:
    services = delivery.make_services(FailsAlways(budget=20.0, take_up_rate=1.0), parameters())
    with pytest.raises(delivery.StrategyFailed, match=r"'fails_always' failed in month 40 of policy: KeyError"):
        run_services(lively_town(), parameters(), services, 1)


def test_an_imitation_that_fails_stops_and_the_world_goes_on() -> None:
    town = lively_town()
    shadow = delivery.make_services(FailsAlways(budget=20.0, take_up_rate=1.0), parameters(), shadow_of="x")
    real = service(budget=1.0)
    run_services(town, parameters(), [*shadow, real], 3)
    assert shadow[0].broken
    assert real.state.participants.received.sum() > 0


def test_todays_provision_costs_what_a_customer_of_the_national_service_does() -> None:
    provision = delivery.provision(parameters())[0].strategy
    assert provision.price_per_head(parameters()) * provision.sessions == pytest.approx(128.0)
