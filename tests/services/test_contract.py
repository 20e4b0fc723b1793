"""Every built-in strategy passes the contract."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.towns import lively_town

from careersim.services import delivery
from careersim.services.programme import UndeclaredLever
from careersim.testing import StrategyContract
from careersim.town.town import Town


class OnTheLivelyTown(StrategyContract):
    def make_town(self) -> Town:
        return lively_town()


class TestNone(OnTheLivelyTown):
    strategy = "none"


class TestOneToOne(OnTheLivelyTown):
    strategy = "one_to_one"


class TestOneToOneWithAllSevenSupports(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"brokering": True, "advocacy": True, "stretch": 1.5}}


class TestOneToOneInGroups(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"format": "group"}}


class TestOneToOneOnline(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"format": "online", "take_up": "targeted", "objective": "funder"}}


class TestOwnNetwork(OnTheLivelyTown):
    strategy = "own_network"


class TestBrokering(OnTheLivelyTown):
    strategy = "brokering"


class TestCollectiveBargaining(OnTheLivelyTown):
    strategy = "collective_bargaining"


class TestPlacebo(OnTheLivelyTown):
    strategy = "placebo"

    def make_town(self) -> Town:
        town = lively_town()
        town.policy_start = town.month
        return town


class TestByPath(OnTheLivelyTown):
    strategy = "tests.services.job_club:JobClub"


class TestTwoAtOnce(OnTheLivelyTown):
    strategy = ("one_to_one", {"name": "brokering", "budget": 0.3})


def test_an_undeclared_lever_is_refused() -> None:
    from tests.services.job_club import Undeclared

    town = lively_town()
    contract = OnTheLivelyTown()
    services = delivery.make_services(Undeclared(budget=5.0), contract.make_parameters())
    with pytest.raises(delivery.StrategyFailed, match=r"undeclared.*month 40.*raise_career_skill") as failed:
        delivery.step(town, contract.make_parameters(), town.month, services)
    assert isinstance(failed.value.__cause__, UndeclaredLever)
