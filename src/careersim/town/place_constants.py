"""Constants of a place that demography and migration run on: solved from its published figures, kept in ``town.solved``.

Entry into inactivity is solved, not set: exit rates are parameters, and entry is whatever makes the stationary shares by
reason the place's published ones, given how entry varies over age and gender.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from careersim.kernels import kernel
from careersim.scenario.parameters import Parameters
from careersim.town import traits
from careersim.town.town import Town

AGES = 67
"""Ages in years with a row in age tables (0..66; older people use the last)."""
_COUNTED = slice(16, 65)
WORKS_IN = np.array([[0.70, 0.27, 0.03], [0.45, 0.45, 0.10], [0.15, 0.25, 0.60]])
"""Share of people of each qualification (rows) in occupations that require each (columns), United Kingdom (order of size of
APS 2023 overqualification figures, from memory: assumed)."""


@cache
def inactivity_weights() -> np.ndarray:
    """How entry into inactivity varies: [reason 0..3, gender, age in years], 1 at the age of most entry.

    Care peaks from 25 to 40 and is three times as frequent for women; sickness rises with age; early retirement begins at 50; other
    reasons fall with age (shapes after ONS APS inactivity by reason and age, from memory: assumed).
    """
    age = np.arange(AGES, dtype=float)
    care = np.exp(-(((age - 33.0) / 11.0) ** 2))
    sick = np.clip((age - 10.0) / 55.0, 0.0, 1.0)
    retired = np.clip((age - 49.0) / 15.0, 0.0, 1.0)
    other = np.clip(1.2 - age / 60.0, 0.2, 1.0)
    by_age = np.stack([care, sick, retired, other]) * (age >= 16)
    by_gender = np.array([[1 / 3, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    return by_gender[:, :, None] * by_age[:, None, :]


def exit_rates(params: Any) -> np.ndarray:
    """Exit rates a month from care, sickness, early retirement and other inactivity."""
    return np.array([params.care_exit, params.sick_exit, params.early_retired_exit, params.other_exit])


@kernel
def _age_with_rates(rates, exits, shares):
    """Write the shares inactive by [reason, gender, age] of people who enter at 16 active, month by month."""
    now = np.zeros(4)
    for gender in range(2):
        now[:] = 0.0
        for age in range(16, AGES):
            for _ in range(12):
                active = max(1.0 - (now[0] + now[1] + now[2] + now[3]), 0.0)
                for r in range(4):
                    now[r] = now[r] + rates[r, gender, age] * active - exits[r] * now[r]
            shares[:, gender, age] = now


def inactive_by_age(entry: np.ndarray, exits: np.ndarray) -> np.ndarray:
    """Expected share inactive by [reason, gender, age] if people enter at 16 active and meet these rates."""
    shares = np.zeros((4, 2, AGES))
    _age_with_rates(entry[:, None, None] * inactivity_weights(), exits, shares)
    return shares


def solve_inactivity_entry(place: Any, params: Any) -> np.ndarray:
    """Entry rates a month at full weight that make the shares of residents 16-64 by reason the place's.

    The unemployed enter ``jobless_factor`` times as often, so the rate of the employed is that much lower.
    """
    wanted = np.array([place.care_share, place.sick_share, place.early_retired_share, place.other_inactive_share])
    exits = exit_rates(params)
    entry = wanted * exits
    for _ in range(40):
        found = inactive_by_age(entry, exits)[:, :, _COUNTED].mean(axis=(1, 2))
        entry = entry * np.where(found > 0, wanted / np.maximum(found, 1e-12), 0.0)
    return entry / (1.0 + (params.jobless_factor - 1.0) * place.unemployment_rate)


def full_time_share(place: Any, mix: traits.Mix, params: Any) -> float:
    """Share of learners who study full time, so that students are the place's share of residents 16-64."""
    on_at_16, on_at_18 = traits.learners(mix, params)
    years = 2.0 * on_at_16 + 3.0 * on_at_18 * params.completion
    return min(1.0, place.student_share * 49.0 / years)


def log_pay_elsewhere(national: Any, pay_spread: float) -> np.ndarray:
    """mu1 by qualification: log of mean pay of people so qualified, working in the rest of the country.

    National median pay times the relative pay of the occupations they work in (`WORKS_IN`); ``pay_spread``, the spread of log pay
    within an occupation, turns medians into means.
    """
    pay = np.array([o.relative_pay for o in national.occupations], float)
    asks = np.array([o.qualification for o in national.occupations])
    by_requirement = np.array([pay[asks == q].mean() if (asks == q).any() else 1.0 for q in range(3)])
    return np.log(national.median_pay * (WORKS_IN @ by_requirement)) + 0.5 * pay_spread**2


def write_constants(town: Town, place: Any, national: Any, params: Parameters) -> None:
    """Write the constants of demography and migration into ``town.solved`` (the same each time it is called)."""
    d = params.demography
    here = traits.mix_here(place, national, d)
    town.solved.inactivity_entry = solve_inactivity_entry(place, d)
    town.solved.schooling = np.array([*traits.thresholds(here, d), full_time_share(place, here, d)])
    town.solved.log_pay_elsewhere = log_pay_elsewhere(national, params.pay.pay_spread)
    town.solved.finding_elsewhere = float(national.elsewhere_finding_rate)
    town.solved.loss_elsewhere = float(national.elsewhere_loss_rate)
