"""A small settled town for tests of strategies in the whole month."""

from __future__ import annotations

import pytest

from careersim import CareerModel

MONTHS = 24


@pytest.fixture(scope="session")
def settled() -> CareerModel:
    """A town of 1,000 ready for two years of policy."""
    return CareerModel("inverclyde", people=1000, rng=3, months=MONTHS)
