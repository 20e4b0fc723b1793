"""Time: burn-in, policy period, discounting."""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, number


class Time(Group):
    """How long, from when, and what a pound later is worth now."""

    burn_in: int = number(
        960,
        0,
        2400,
        "months",
        "assumed",
        "model.md 2; stationarity is tested per place",
        "Months simulated before policy, from a stationary age distribution",
    )
    discount_rate: float = number(
        0.035,
        0.0,
        0.15,
        "per year",
        "measured",
        "HM Treasury, The Green Book (2022)",
        "Social time preference rate used to discount the ledger",
    )
    pension_age: int = number(
        66, 55, 75, "years", "measured", "GOV.UK, State Pension age 2020-26", "Age at which working life ends"
    )

    def discount(self, months: int) -> float:
        """Weight of a pound received ``months`` after the start of policy."""
        return (1.0 + self.discount_rate) ** (-months / 12.0)
