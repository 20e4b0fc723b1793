"""Demand: heads wanted, the local multiplier, entry and exit, and how employers are born."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class Demand(Group):
    """How many heads employers want, how local demand feeds back, who enters and exits, and what new employers are like."""

    schedule: Literal["isoelastic", "linear"] = choice(
        "isoelastic", "model.md 6.2; `linear` is the textbook case of checks.md A5", "Form of the demand for heads"
    )
    feedback: bool = choice(True, "model.md 6.2", "Whether residents' income moves local demand; false holds X at 1")
    turnover: bool = choice(True, "model.md 6.2", "Whether employers exit and slots are refilled")
    eta: float = number(
        0.4, 0.1, 1.0, "elasticity", "measured",
        "targets.csv `labour_demand`: Lichter, Peichl and Siegloch 2015 (-0.2 to -0.6)",
        "Own-pay elasticity of labour demand, absolute value",
    )  # fmt: skip
    gamma: float = number(
        1.78, 0.0, 4.0, "elasticity", "derived",
        "targets.csv `local_multiplier`: 1.6 local jobs per tradable job (Moretti 2010) is a loop gain of 0.62 in a place with "
        "national employment, sectors (40% local services), benefits and rents and no commuting",
        "Elasticity of local demand X to the town's income relative to burn-in",
    )  # fmt: skip
    lag: float = number(
        6.0, 1.0, 36.0, "months", "assumed", "no source found", "Time constant with which X follows income"
    )
    level_tradable: float = number(
        1.0, 0.2, 3.0, "ratio", "assumed", "1 is the published number of jobs", "Demand for tradable employers (Z)"
    )
    level_local: float = number(
        1.0,
        0.2,
        3.0,
        "ratio",
        "assumed",
        "1 is the published number of jobs",
        "Demand for local services apart from X (Z)",
    )
    level_public: float = number(
        1.0, 0.2, 3.0, "ratio", "assumed", "1 is the published number of jobs", "Demand for public employers (Z)"
    )
    supply_at_zero: float = number(
        5.0, 0.0, 100.0, "GBP", "assumed", "checks.md A5", "Linear schedule: pay at which the first head comes"
    )
    supply_slope: float = number(
        0.1, 0.001, 10.0, "GBP per head", "assumed", "checks.md A5", "Linear schedule: slope of supply"
    )
    value_at_zero: float = number(
        30.0, 0.0, 1000.0, "GBP", "assumed", "checks.md A5", "Linear schedule: value product of the first head"
    )
    value_slope: float = number(
        0.1,
        0.001,
        10.0,
        "GBP per head",
        "assumed",
        "checks.md A5",
        "Linear schedule: fall of the value product per head",
    )
    # entry and exit
    death_rate: float = number(
        0.11, 0.0, 0.4, "per year", "measured",
        "ONS Business Demography 2024: deaths 10-16% of active enterprises a year by place; set from the place file",
        "Share of employers of reference size that exit in a year at normal profit",
    )  # fmt: skip
    exit_size_reference: float = number(
        2.0,
        1.0,
        50.0,
        "heads",
        "assumed",
        "most enterprises have under 5 heads",
        "Full-scale heads at which death_rate holds",
    )
    exit_size_exponent: float = number(
        0.5, 0.0, 1.0, "elasticity", "assumed",
        "sign: exit falls with size (Evans 1987); size assumed",
        "How fast the hazard of exit falls with full-scale heads",
    )  # fmt: skip
    exit_mobility_tradable: float = number(
        30.0, 0.0, 100.0, "log points per share of value", "assumed", "no source found",
        "Rise of the log hazard of exit per share of value product by which profit is below normal: tradable",
    )  # fmt: skip
    exit_mobility_local: float = number(
        10.0, 0.0, 100.0, "log points per share of value", "assumed", "no source found",
        "Rise of the log hazard of exit per share of value product by which profit is below normal: local services",
    )  # fmt: skip
    exit_factor_max: float = number(
        20.0, 1.0, 100.0, "ratio", "assumed", "numerical bound", "Largest factor of low profit on the hazard of exit"
    )
    normal_profit: float = number(
        0.05, 0.0, 0.12, "share of v0", "assumed", "no source found", "Profit that could be earned elsewhere (pi)"
    )
    empty_months: float = number(
        9.0, 1.0, 60.0, "months", "assumed", "births and deaths of enterprises balance (ONS Business Demography)",
        "Mean months until a slot is filled again at normal demand and profit",
    )  # fmt: skip
    entry_demand_elasticity: float = number(
        1.0,
        0.0,
        5.0,
        "elasticity",
        "assumed",
        "no source found",
        "Elasticity of entry of local services to local demand X",
    )
    entry_profit_response: float = number(
        5.0, 0.0, 50.0, "log points per share of value", "assumed", "no source found",
        "Rise of log entry per share of value product by which expected profit is above its baseline",
    )  # fmt: skip
    entry_civic_elasticity: float = number(
        0.0,
        0.0,
        2.0,
        "elasticity",
        "assumed",
        "model.md 6.10: assumed, default 0",
        "Elasticity of entry to civic capital K",
    )
    # how employers are born
    size_tail: float = number(
        1.06,
        0.5,
        2.5,
        "exponent",
        "measured",
        "Axtell 2001, firm sizes (United States)",
        "Pareto exponent of size within a class",
    )
    largest_share: float = number(
        0.05, 0.01, 0.5, "share of jobs", "assumed", "model.md 2", "Largest share of the run's jobs at one employer"
    )
    productivity_spread_tradable: float = number(
        0.6, 0.0, 1.5, "log points", "assumed", "interdecile ratios of firm productivity near 4 (Syverson 2011)",
        "Standard deviation of log productivity: tradable",
    )  # fmt: skip
    productivity_spread_local: float = number(
        0.5, 0.0, 1.5, "log points", "assumed", "as tradable", "Standard deviation of log productivity: local services"
    )
    productivity_spread_public: float = number(
        0.2, 0.0, 1.5, "log points", "assumed", "national pay scales", "Standard deviation of log productivity: public"
    )
    pay_of_productivity: float = number(
        0.25, 0.0, 1.0, "elasticity", "assumed", "rent-sharing elasticities near 0.05-0.3 (Card et al. 2018, from memory)",
        "How far productivity passes into pay and value product: premium = productivity^m",
    )  # fmt: skip
    taste_gender: float = number(
        0.20, 0.0, 2.0, "log points", "assumed", "sign: hiring follows the sex typing of occupations (Riach and Rich 2006)",
        "Penalty on the gender against type in an occupation held by one gender only",
    )  # fmt: skip
    taste_gender_spread: float = number(
        0.10, 0.0, 2.0, "log points", "assumed", "no source found", "Spread of the taste about gender over employers"
    )
    taste_ethnicity: float = number(
        0.25, 0.0, 2.0, "log points", "assumed",
        "to be fitted to targets.csv `discrimination`: 1.6 applications per call-back",
        "Mean penalty on minority applicants",
    )  # fmt: skip
    taste_ethnicity_spread: float = number(
        0.20,
        0.0,
        2.0,
        "log points",
        "assumed",
        "no source found",
        "Spread of the penalty on minority applicants over employers",
    )
    kept_share_tradable: float = number(
        0.10, 0.0, 1.0, "share", "assumed", "no source found", "Share of profit kept locally: tradable"
    )
    kept_share_local: float = number(
        0.50, 0.0, 1.0, "share", "assumed", "no source found", "Share of profit kept locally: local services"
    )
    outside_level: float = number(
        0.5, 0.0, 1.0, "share", "assumed", "no source found",
        "Pay of outside posts: 0 the place's own level, 1 the national level (in logs)",
    )  # fmt: skip
    outside_spread: float = number(
        0.10, 0.0, 1.0, "log points", "assumed", "no source found", "Spread of pay over outside employers"
    )
    travel_cost: float = number(
        130.0, 0.0, 1000.0, "GBP per month", "assumed", "about GBP 6 a working day; no source found",
        "Median monthly cost of travel to an outside post",
    )  # fmt: skip
    travel_spread: float = number(
        0.4, 0.0, 1.5, "log points", "assumed", "no source found", "Spread of the cost of travel over outside employers"
    )

    def linear(self) -> tuple[float, float, float, float]:
        """The linear schedule: supply at no heads and its slope, value at no heads and its fall."""
        return self.supply_at_zero, self.supply_slope, self.value_at_zero, self.value_slope

    def levels(self) -> tuple[float, float, float, float]:
        """Exogenous demand Z by sector: tradable, local services, public, outside."""
        return self.level_tradable, self.level_local, self.level_public, 1.0

    def mobilities(self) -> tuple[float, float, float, float]:
        """Response of log exit to missing profit by sector; public and outside employers never exit."""
        return self.exit_mobility_tradable, self.exit_mobility_local, 0.0, 0.0

    def kept_shares(self) -> tuple[float, float, float, float]:
        """Share of profit kept locally by sector: tradable, local services, public, outside."""
        return self.kept_share_tradable, self.kept_share_local, 0.0, 0.0

    def productivity_spreads(self) -> tuple[float, float, float, float]:
        """Standard deviation of log productivity by sector; for outside employers the spread of log pay directly."""
        return (
            self.productivity_spread_tradable,
            self.productivity_spread_local,
            self.productivity_spread_public,
            0.0,
        )

    def at_death_rate(self, death_rate: float) -> Demand:
        """Return these parameters with the place's published death rate of employers (per year)."""
        return self.model_copy(update={"death_rate": death_rate})
