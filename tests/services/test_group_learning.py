"""`group_learning` and `career_research`: when pooling and finding out help, do nothing, and harm."""

from __future__ import annotations

import numpy as np
import pytest
from tests.towns import lively_town, parameters

from careersim.services import delivery
from careersim.testing import run_services
from careersim.town.columns import HERE, WORKING
from careersim.town.town import Town

EVERYBODY = {"budget": 50.0, "take_up": "random", "take_up_rate": 1.0, "sessions": 4}


def after(town: Town, name: str, months: int = 4, **options: object):
    services = delivery.make_services({name: EVERYBODY | options}, parameters())
    flows = run_services(town, parameters(), services, months)
    return services[0].state.participants, flows


def clients(town: Town) -> np.ndarray:
    w = town.people
    return np.flatnonzero((w.post < 0) & (w.residence == HERE) & (w.stage == WORKING) & np.isin(w.reason, (0, 5)))


def test_a_group_helps_those_who_know_less_than_the_others_and_only_them() -> None:
    town, alike = lively_town(), lively_town()
    rows = clients(town)
    alike.people.career_skill[:] = 0.4
    before = town.people.career_skill[rows].copy()
    after(town, "group_learning")
    after(alike, "group_learning")
    gain = town.people.career_skill[rows] - before
    assert gain[before < np.median(before)].mean() > gain[before >= np.median(before)].mean()
    assert (gain >= 0).all()
    assert np.allclose(alike.people.career_skill[rows], 0.4), "a group knows what its members know"


def test_pooling_with_nobody_does_nothing() -> None:
    """The content of a group, met one to one, moves no belief: it takes others."""
    town, old = lively_town(), lively_town()
    after(town, "group_learning", format="one_to_one")
    assert (town.people.odds_belief == old.people.odds_belief).all()
    assert (town.people.career_skill == old.people.career_skill).all()


@pytest.mark.parametrize("focus", ["problems", "strengths"])
def test_stories_lower_morale_where_no_step_succeeds_unless_strengths_are_asked_for(focus: str) -> None:
    town, old = lively_town(), lively_town()
    rows = clients(town)
    after(town, "group_learning", focus=focus)
    moved = (town.people.morale - old.people.morale)[rows]
    assert (moved < 0).all() if focus == "problems" else (moved == 0).all()


def test_where_more_find_work_than_expected_stories_lift_morale() -> None:
    town, old = lively_town(), lively_town()
    rows = clients(town)
    services = delivery.make_services({"group_learning": EVERYBODY}, parameters())
    run_services(town, parameters(), services, 1)
    found = rows[::2]
    town.people.post[found] = 0
    run_services(town, parameters(), services, 2)
    left = np.setdiff1d(rows, found)
    group = services[0].state.participants.group
    mostly = np.array([np.isin(np.flatnonzero(group == g), found).mean() for g in group[left]]) > 0.4
    assert (town.people.morale - old.people.morale)[left[mostly]].mean() > 0


def test_problems_make_causes_shared_and_strengths_ones_own() -> None:
    moved = {}
    for focus in ("problems", "strengths"):
        town, old = lively_town(), lively_town()
        rows = clients(town)
        after(town, "group_learning", focus=focus)
        moved[focus] = [
            getattr(town.people, c)[rows].mean() - getattr(old.people, c)[rows].mean()
            for c in ("attribution", "support", "self_awareness")
        ]
    assert moved["problems"][0] > 0 > moved["strengths"][0]
    assert moved["problems"][1] > moved["strengths"][1]
    assert moved["strengths"][2] > 0 == moved["problems"][2]


@pytest.mark.parametrize(("who", "price", "hours"), [("staff", 10.0, 0.0), ("teacher", 7.0, 0.0), ("peer", 3.0, 3.0)])
def test_who_facilitates_is_counted_and_priced(who: str, price: float, hours: float) -> None:
    part, flows = after(lively_town(), "group_learning", 1, facilitator=who)
    met = part.received > 0
    n_groups = len(np.unique(part.group[met]))
    assert flows[0]["public_cost"] == pytest.approx(price * met.sum())
    assert flows[0]["unpaid_value"] == pytest.approx(hours * 12.5 * n_groups)


@pytest.mark.parametrize(("believed", "sign"), [(0.9, -1), (0.001, 1)])
def test_finding_out_discourages_who_expected_too_much_and_encourages_who_expected_too_little(
    believed: float, sign: int
) -> None:
    town, old = lively_town(), lively_town()
    rows = clients(town)
    town.people.odds_belief[:] = old.people.odds_belief[:] = believed
    after(town, "career_research", tell=False)
    assert (np.sign(town.people.morale - old.people.morale)[rows] == sign).mean() > 0.95
    assert (np.abs(town.people.odds_belief - town.aggregates.odds) < np.abs(believed - town.aggregates.odds))[
        rows
    ].all()


def test_truer_beliefs_about_poor_odds_lower_search(settled) -> None:
    """In the whole month: applications fall, and some give up, where people expected far too much."""
    from careersim.services.delivery import make_services

    def searched(months: int, *services) -> tuple[float, float]:
        model = settled.fork()
        town = model.town
        town.people.odds_belief[:] = np.maximum(8.0 * town.aggregates.odds, 0.6)
        town.people.morale[:] = 0.35
        model.services += services
        sent = 0.0
        for _ in range(months):
            model.step()
            sent += float(town.tallies["applications"].sum())
        return sent, model.levels[-1]["discouraged_share"]

    research = make_services(
        {"career_research": EVERYBODY | {"tell": False, "critical": False, "depth": 4.0}}, settled.parameters
    )
    sent_none, given_up_none = searched(6)
    sent, given_up = searched(6, *research)
    assert sent < sent_none
    assert given_up > given_up_none


def test_research_is_told_to_contacts() -> None:
    moved = {}
    for tell in (True, False):
        town, old = lively_town(), lively_town()
        after(town, "career_research", 1, tell=tell)
        others = np.setdiff1d(np.flatnonzero(town.people.residence == HERE), clients(town))
        moved[tell] = (town.people.odds_belief != old.people.odds_belief).any(axis=1)[others].mean()
    assert moved[False] == 0
    assert moved[True] > 0.5
