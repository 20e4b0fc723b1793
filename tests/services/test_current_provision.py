"""`current_provision`: today's service at another size or moved."""

from __future__ import annotations

import numpy as np
import pytest
from tests.services.conftest import MONTHS
from tests.towns import lively_town, parameters

from careersim import CareerModel
from careersim.services import delivery
from careersim.services.provision import Provision
from careersim.study import tasks
from careersim.testing import run_services
from careersim.town import state


def arm(settled: CareerModel, **options: object) -> CareerModel:
    return settled.fork({"current_provision": options}).run_for(MONTHS)


def test_at_scale_one_nothing_differs_from_none_bit_for_bit(settled: CareerModel) -> None:
    none = settled.fork().run_for(MONTHS)
    for options in ({}, {"scale": 1.0, "cut_moves_to": "online"}, {"start_month": 12}):
        assert state.digest(arm(settled, **options).town) == state.digest(none.town)
    assert state.digest(arm(settled, scale=0.5).town) != state.digest(none.town)


@pytest.mark.parametrize(("scale", "share"), [(0.5, 0.5), (0.0, 0.0), (2.0, 2.0)])
def test_it_takes_the_place_and_the_money_of_todays_provision(scale: float, share: float) -> None:
    town, usual, params = lively_town(), lively_town(), parameters()
    services = [*delivery.provision(params), *delivery.make_services({"current_provision": {"scale": scale}}, params)]
    flows = run_services(town, params, services, 12)
    today = run_services(usual, params, delivery.provision(params), 12)
    granted = [sum(f["public_cost"] + f["unspent"] for f in fs if "unspent" in f) for fs in (flows, today)]
    assert np.isclose(granted[0], share * granted[1]) if scale else granted[0] == 0
    assert (town.people.sessions.sum() > usual.people.sessions.sum()) == (scale > 1)


def test_what_is_cut_is_saved_or_moved() -> None:
    """Online the same money gives more sessions, to those who are online; saved, it gives none."""
    served, params = {}, parameters()
    for moved in ("savings", "group", "online"):
        town = lively_town(800)
        spec = {"current_provision": {"scale": 0.5, "cut_moves_to": moved}}
        services = [*delivery.provision(params), *delivery.make_services(spec, params)]
        flows = run_services(town, params, services, 12)
        served[moved] = town.people.sessions.sum()
        residents = (town.people.residence == 1).sum()
        granted = sum(f.get("public_cost", 0.0) + f.get("unspent", 0.0) for f in flows)
        assert np.isclose(granted, 12 * 0.25 * residents * (0.5 if moved == "savings" else 1.0))
    assert served["savings"] < served["group"] < served["online"]


def test_who_took_part_is_who_used_the_service_in_either_world(settled: CareerModel) -> None:
    spec = {"current_provision": {"scale": 0.0}}
    none = settled.fork(shadows={"cut": spec, "other": "one_to_one"}).run_for(MONTHS)
    cut = settled.fork(spec).run_for(MONTHS)
    without = tasks.would_have_received(none)
    assert (without["cut"] == none.town.people.sessions).all()
    assert without["cut"].sum() > 0
    assert without["other"].sum() != none.town.people.sessions.sum()
    received = tasks.received(cut)
    assert received is not None
    assert received.sum() <= 1, "at most the session begun to be saved for before the cut"
    assert state.digest(none.town) == state.digest(settled.fork().run_for(MONTHS).town)


def test_the_content_is_todays() -> None:
    interviews, moved = delivery.make_services(
        {"current_provision": {"scale": 0.4, "cut_moves_to": "group"}}, parameters()
    )
    assert interviews.strategy.supports_on() == moved.strategy.supports_on() == Provision().supports_on()
    assert moved.strategy.format == "group"
    assert moved.strategy.budget_at(parameters(), 0) == pytest.approx(0.6 * 0.25)
