"""The test of settled towns: drift by least squares, and what a run may cite when the code has changed since."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from careersim import burn_in
from careersim.chance import replicate_key
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import load_place
from careersim.study import stationarity

PEOPLE = 600
PARAMETERS = Parameters.model_validate({"time": {"burn_in": 120}})


def test_drift_is_slope_times_length():
    line = 3.0 + 0.02 * np.arange(60.0)
    assert stationarity.drift_of(np.stack([line, -line])) == pytest.approx([60 * 0.02, -60 * 0.02])


@pytest.fixture(scope="module")
def tested(tmp_path_factory):
    """A small place tested once, with a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAREERSIM_CACHE", str(tmp_path_factory.mktemp("kept")))
        yield stationarity.check_place("inverclyde", PEOPLE, 2, PARAMETERS, workers=1, most=2)


def setting() -> burn_in.Setting:
    return burn_in.Setting.of(load_place("inverclyde"), load_national(), PARAMETERS, PEOPLE)


def test_a_check_of_other_code_is_cited_as_such_until_the_same_town_is_shown(tested):
    stationarity.store(replace(tested, code="of another day"))
    series = burn_in.burned_in(setting(), replicate_key(0, 0))[2]["series"]
    assert "(with another version of the code)" in stationarity.citation(setting(), series)[0]
    found = stationarity.renewed("inverclyde", PEOPLE, PARAMETERS)
    assert found == tested
    assert "another version" not in stationarity.citation(setting(), series)[0]


def test_a_check_of_another_town_is_not_renewed(tested):
    stationarity.store(replace(tested, town="another town", code="of another day"))
    assert stationarity.renewed("inverclyde", PEOPLE, PARAMETERS) is None
    stationarity.store(tested)


def test_a_check_that_names_no_town_is_not_renewed(tested):
    path = stationarity.store(tested)
    path.write_text(json.dumps({k: v for k, v in asdict(tested).items() if k != "town"}))
    assert stationarity.renewed("inverclyde", PEOPLE, PARAMETERS) is None
    stationarity.store(tested)
