"""A place run at n of its N people keeps its character (model.md 2)."""

from __future__ import annotations

import numpy as np
import pytest

from careersim import CareerModel

BANDS = {
    "employment_rate": 0.025,
    "unemployment_rate": 0.02,
    "inactivity_rate": 0.02,
    "union_density": 0.03,
    "vacancy_rate": 0.02,
    "labour_share": 0.03,
    "job_finding_rate": 0.05,
}
"""Absolute bands on the mean of a year after a short burn-in; two sizes differ by sampling of employers and people too."""
RELATIVE = {"median_pay": 0.06, "income_per_resident": 0.06, "output_per_job": 0.08, "degree": 0.08}
"""Bands relative to the larger town."""
FULL_SIZE = 52_521
"""Residents of Inverclyde aged 13 to pension age (48,557 of working age, ONS 2024)."""


def year_of(people: int) -> dict[str, float]:
    model = CareerModel("inverclyde", people=people, rng=5, months=12, parameters={"time": {"burn_in": 60}})
    frame = model.run_for(12).series()
    return {name: float(np.nanmean(frame[name])) for name in (*BANDS, *RELATIVE)}


@pytest.fixture(scope="module")
def full_size() -> dict[str, float]:
    return year_of(FULL_SIZE)


@pytest.mark.parametrize("people", [5_000, 20_000])
def test_a_part_of_the_place_is_like_the_whole(full_size: dict[str, float], people: int) -> None:
    part = year_of(people)
    for name, band in BANDS.items():
        assert abs(part[name] - full_size[name]) <= band, (name, part[name], full_size[name])
    for name, band in RELATIVE.items():
        assert abs(part[name] / full_size[name] - 1) <= band, (name, part[name], full_size[name])
