from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "study"))

from fake_town import fake_model

from careersim.study.plan import Plan
from careersim.study.study import run_study


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A finished small study on the stand-in town."""
    strategies = {"one_to_one": "help", "own_network": "more help"}
    plan = Plan("small", ("nowhere",), strategies, people=300, months=24, replicates=4, seed=7, make_model=fake_model)
    return run_study(plan, tmp_path_factory.mktemp("study"), workers=1, stream=StringIO())
