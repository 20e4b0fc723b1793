"""Shared set-up: kernels are compiled before test processes start, and generated cases are the same in every run."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")


def pytest_configure(config: pytest.Config) -> None:
    """Compile once, in the process that starts the others: parallel first builds of Numba's cache can go wrong."""
    several = getattr(config.option, "numprocesses", None)
    if several and not hasattr(config, "workerinput") and not config.option.collectonly:
        compile_everything()


def compile_everything() -> None:
    """Run a tiny town with every strategy."""
    from careersim import CareerModel
    from careersim.services import catalogue

    model = CareerModel("inverclyde", people=300, months=3, parameters={"time": {"burn_in": 24}})
    for strategy in catalogue():
        model.fork(strategy, log_events=True).run_for(3)
