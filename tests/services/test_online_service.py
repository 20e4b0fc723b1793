"""`online_service`: whom it reaches, what government's roles do, and when it widens gaps."""

from __future__ import annotations

import numpy as np
from tests.towns import lively_town, parameters

from careersim.services import delivery
from careersim.testing import run_services
from careersim.town.town import Town


def town_with_a_digital_gradient() -> Town:
    """A town in which digital literacy rises with origin and everybody is out of work."""
    town = lively_town(1500)
    w = town.people
    w.digital_access[:] = 1
    w.digital_literacy[:] = 0.2 + 0.6 * w.origin
    return town


def after(town: Town, months: int = 12, **options: object):
    options = {"budget": 5.0, "sessions": 12, "again_after": 0, **options}
    services = delivery.make_services({"online_service": options}, parameters())
    flows = run_services(town, parameters(), services, months)
    return services[0].state.participants.received, flows


def reach(town: Town, received: np.ndarray) -> tuple[float, float]:
    """Sessions per person in the lowest and the highest third of origins."""
    w = town.people
    may = (w.post < 0) & (w.residence == 1) & (w.stage == 2)
    return received[may & (w.origin < 1 / 3)].mean(), received[may & (w.origin > 2 / 3)].mean()


def test_it_serves_high_origins_more_and_teaching_literacy_narrows_what_it_conveys() -> None:
    """Gaps in use, and in belief corrected, are wide; where literacy is taught the gap in literacy closes."""
    plain, taught = town_with_a_digital_gradient(), town_with_a_digital_gradient()
    low, high = reach(plain, after(plain)[0])
    assert high > 1.3 * low
    received, _ = after(taught, teach_literacy=True)
    w, old = taught.people, town_with_a_digital_gradient().people
    used = received > 3
    lows, highs = used & (w.origin < 1 / 3), used & (w.origin > 2 / 3)
    gap_before = old.digital_literacy[highs].mean() - old.digital_literacy[lows].mean()
    assert w.digital_literacy[lows].mean() > old.digital_literacy[lows].mean()
    assert w.digital_literacy[highs].mean() - w.digital_literacy[lows].mean() < gap_before
    assert (plain.people.digital_literacy == old.digital_literacy).all()


def test_it_does_nothing_for_those_without_access() -> None:
    town = town_with_a_digital_gradient()
    town.people.digital_access[:] = 0
    received, flows = after(town)
    assert received.sum() == 0
    assert not any(f.get("public_cost") for f in flows)


def test_coverage_and_subsidy_are_roles_of_government() -> None:
    counts = {}
    for options in ({}, {"coverage": 0.3}, {"subsidy": 0.5}):
        town = town_with_a_digital_gradient()
        received, flows = after(town, 6, take_up_rate=0.05, **options)
        counts[tuple(options)] = (received > 0).sum(), reach(town, received)
        fees = sum(f.get("users_cost", 0.0) for f in flows)
        public = sum(f.get("public_cost", 0.0) for f in flows)
        assert np.isclose(fees, public) if "subsidy" in options else fees == 0
    assert counts["coverage",][0] < 0.5 * counts[()][0]
    ratio = {k: high / low for k, (_, (low, high)) in counts.items()}
    assert ratio["subsidy",] > ratio[()], "who pays a share comes less, the poorer the less"


def test_what_is_not_assured_informs_nobody() -> None:
    towns = {q: town_with_a_digital_gradient() for q in (0.0, 1.0)}
    for q, town in towns.items():
        after(town, quality_assurance=q, peers=False)
    old = town_with_a_digital_gradient()
    distance = {q: np.abs(t.people.odds_belief - t.aggregates.odds).sum() for q, t in towns.items()}
    assert distance[1.0] < distance[0.0] == np.abs(old.people.odds_belief - old.aggregates.odds).sum()


def test_each_channel_of_communication_is_a_switch_with_its_price() -> None:
    old = town_with_a_digital_gradient()
    town = town_with_a_digital_gradient()
    _, flows = after(town, advisers=True, peers=False, employers=True)
    assert (town.people.career_skill > old.people.career_skill).any()
    assert sum(f.get("unpaid_value", 0.0) for f in flows) > 0
    quiet = town_with_a_digital_gradient()
    received, flows = after(quiet, peers=False)
    assert (quiet.people.career_skill == old.people.career_skill).all()
    assert sum(f.get("unpaid_value", 0.0) for f in flows) == 0
    assert np.isclose(sum(f.get("public_cost", 0.0) for f in flows), 2.0 * received.sum())
