"""Migration: who weighs elsewhere, what is compared, what moving costs, and work elsewhere."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number

_ROY = "form: Roy 1951, Borjas 1987; size assumed"


class Migration(Group):
    """Leaving, coming back, and the elsewhere process."""

    weigh: Literal["keyed", "everyone_once", "off"] = choice(
        "keyed", "model.md 6.11; checks.md A8",
        "Who weighs elsewhere: a keyed draw each month, everyone in the first month of policy, or nobody"
    )  # fmt: skip
    weigh_rate: float = number(
        0.12, 0.0, 1.0, "per month", "assumed", "fitted to moves_young in targets.csv",
        "Chance a month that a person at the age of most moves who knows elsewhere fully weighs it"
    )  # fmt: skip
    weigh_old: float = number(
        0.25, 0.0, 1.0, "ratio", "assumed", "Rogers and Castro 1981, migration schedules (form)",
        "Chance of weighing late in working life over that at the peak"
    )  # fmt: skip
    weigh_peak_age: float = number(
        22.0, 18.0, 40.0, "years", "measured", "ONS internal migration: moves peak at 19-22 (memory)",
        "Age up to which weighing is at its peak"
    )  # fmt: skip
    weigh_decay: float = number(
        8.0, 1.0, 40.0, "years", "assumed", "Rogers and Castro 1981 (form)", "Years for the youth excess to fall to 1/e"
    )
    horizon: int = number(60, 1, 480, "months", "assumed", "model.md 6.11", "H: months over which income is compared")
    cost: float = number(
        0.05, 0.0, 3.0, "log points", "assumed", "fitted to moves_young in targets.csv", "C: moving cost"
    )
    skill_return: float = number(
        1.0, 0.0, 3.0, "elasticity", "assumed", _ROY, "b1: elasticity of pay elsewhere to skill"
    )
    luck_sd_here: float = number(0.25, 0.0, 1.0, "log points", "assumed", _ROY, "s0: spread of e0")
    luck_sd_elsewhere: float = number(0.4, 0.0, 1.0, "log points", "assumed", _ROY, "s1: spread of e1")
    luck_correlation: float = number(0.3, -1.0, 1.0, "correlation", "assumed", _ROY, "rho: correlation of e0 and e1")
    arrive_in_work: float = number(
        0.4, 0.0, 1.0, "probability", "assumed", "most moves for work are made with an offer (memory)",
        "Chance that who moves is in work in the first month elsewhere"
    )  # fmt: skip
    applications: float = number(
        3.0, 0.1, 50.0, "per month", "assumed", "order of the applications a seeker sends",
        "Applications a month that a person reckons with when weighing what can be found here"
    )  # fmt: skip
    return_rate: float = number(
        0.06, 0.0, 1.0, "per month", "assumed", "model.md 6.11: some return", "Chance a month of weighing to return"
    )
    return_window: int = number(
        120, 0, 600, "months", "assumed", "model.md 6.11", "Months after leaving during which a person may return"
    )
