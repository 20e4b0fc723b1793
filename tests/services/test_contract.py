"""Every built-in strategy passes the contract."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.towns import lively_town

from careersim.services import delivery, names
from careersim.services.programme import UndeclaredLever
from careersim.testing import StrategyContract
from careersim.town.town import Town


class OnTheLivelyTown(StrategyContract):
    def make_town(self) -> Town:
        return lively_town()


for _name in sorted(set(names()) - {"placebo"}):  # every strategy there is, with its defaults
    globals()[f"Test_{_name}"] = type(f"Test_{_name}", (OnTheLivelyTown,), {"strategy": _name})


class TestOneToOneWithAllSevenSupports(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"brokering": True, "advocacy": True, "stretch": 1.5}}


class TestOneToOneInGroups(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"format": "group"}}


class TestOneToOneOnline(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"format": "online", "take_up": "targeted", "objective": "funder"}}


class TestSoftwareBesideAnAdviser(OnTheLivelyTown):
    strategy: ClassVar = {"careers_software": {"format": "one_to_one", "gender_bias": 1.0}}


class TestOnlineServiceWithEverything(OnTheLivelyTown):
    strategy: ClassVar = {
        "online_service": {
            "advisers": True, "employers": True, "teach_literacy": True, "coverage": 0.8, "subsidy": 0.5, "learning": True,
        }
    }  # fmt: skip


class TestGroupLearningOfStrengthsByPeers(OnTheLivelyTown):
    strategy: ClassVar = {"group_learning": {"focus": "strengths", "facilitator": "peer"}}


class TestProvisionMovedOnline(OnTheLivelyTown):
    strategy: ClassVar = {"current_provision": {"scale": 0.5, "cut_moves_to": "online"}}


class TestMixtureOfManyThings(OnTheLivelyTown):
    strategy: ClassVar = {
        "mixture": {
            "of": [
                {"name": "one_to_one", "weight": 3},
                {"name": "sequence", "steps": [{"name": "brokering", "months": 45}, "careers_software"]},
                {"name": "collective_bargaining", "budget": 2.0},
            ],
            "budget": 1.0,
        }
    }


class TestCommunityDialogue(OnTheLivelyTown):
    strategy = "community_dialogue"


class TestCollectiveSolutions(OnTheLivelyTown):
    strategy: ClassVar = {"collective_solutions": {"sessions": 2}}


class TestCollectiveSolutionsOfWorkers(OnTheLivelyTown):
    strategy: ClassVar = {
        "collective_solutions": {"sessions": 1, "eligibility": {"in_work": True}, "joint": ["wage_floor"]}
    }


class TestMutualAid(OnTheLivelyTown):
    strategy: ClassVar = {"mutual_aid": {"sessions": 3}}


class TestAGroupPaidBySession(OnTheLivelyTown):
    strategy: ClassVar = {"one_to_one": {"format": "group", "price": 60.0, "price_per": "session"}}


class TestCollectiveCoaching(OnTheLivelyTown):
    strategy = "collective_coaching"


class TestCoachingAlone(OnTheLivelyTown):
    strategy: ClassVar = {"collective_coaching": {"format": "one_to_one", "topic": "stem", "stretch": 1.0}}


class TestLargeCoachingGroups(OnTheLivelyTown):
    strategy: ClassVar = {"collective_coaching": {"stretch": 1.5, "topic": "higher", "aim": "know_people"}}


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
