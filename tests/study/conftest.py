from __future__ import annotations

import pytest
from fake_town import fake_model

from careersim.study.plan import Plan


@pytest.fixture
def plan():
    """A small study on the stand-in town."""
    return Plan(
        "small", ("nowhere",), {"help": "help"}, people=200, months=12, replicates=3, seed=7, make_model=fake_model
    )
