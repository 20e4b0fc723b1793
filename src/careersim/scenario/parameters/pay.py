"""Pay: markdown, wage curve, bargaining, efficiency."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class Pay(Group):
    """How pay at a post and a person's pay are set."""

    market: Literal["monopsony", "competition"] = choice(
        "monopsony",
        "model.md 6.3; `competition` is the case of checks.md A5 and A6",
        "Whether employers have power over pay (finite supply elasticity) or none",
    )
    eps_ref: float = number(
        6.67, 2.0, 20.0, "elasticity", "derived",
        "targets.csv `markdown`: (value - pay) / pay = 0.15 = 1/eps (Azar and Marinescu 2024; range 0.10-0.50 there)",
        "Elasticity of labour supply to the employer at the place's burn-in concentration",
    )  # fmt: skip
    concentration_exponent: float = number(
        0.25, 0.0, 1.0, "elasticity", "derived",
        "targets.csv `concentration_pay`: -0.05 log points from the 25th to the 75th percentile of concentration",
        "How fast the supply elasticity falls as concentration in the occupation rises above its burn-in mean (k)",
    )  # fmt: skip
    wage_curve: float = number(
        -0.10, -0.12, 0.0, "elasticity", "measured",
        "targets.csv `wage_curve`: Blanchflower and Oswald (from memory)",
        "Elasticity of markdown pay to local unemployment relative to burn-in",
    )  # fmt: skip
    regime: Literal["rent_sharing", "monopsony_rent", "right_to_manage", "efficient"] = choice(
        "rent_sharing", "model.md 6.3", "What a recognised union bargains over"
    )
    bargaining_power: float = number(
        0.12, 0.0, 1.0, "share of rent", "derived",
        "targets.csv `union_premium_private`: 0.08 log points at the default markdown and national rents",
        "Share of the rent above markdown pay that a recognised union obtains (beta)",
    )  # fmt: skip
    eta_rtm: float = number(
        3.3333333333333335, 1.1, 10.0, "elasticity", "assumed",
        "labour share of 0.7 in output, checks.md A6",
        "Own-pay elasticity of labour demand at covered posts under right_to_manage",
    )  # fmt: skip
    compress: float = number(
        0.25, 0.0, 1.0, "share", "assumed",
        "sign: unions narrow pay differentials (Card, Lemieux and Riddell 2004); size assumed",
        "How far a recognised union narrows pay differentials by efficiency (1: all paid alike)",
    )  # fmt: skip
    review_every: int = number(
        12, 1, 36, "months", "assumed", "yearly pay round", "Months between two pay reviews of a post"
    )
    largest_fall: float = number(
        0.02, 0.0, 1.0, "per year", "assumed",
        "pay frozen in pounds falls by inflation (2% a year)",
        "Fastest fall of real pay at a post",
    )  # fmt: skip
    profit_memory: float = number(
        24.0, 1.0, 120.0, "months", "assumed", "no source found", "Time constant of the slow mean of profit"
    )
    rent_tradable: float = number(
        0.75, 0.0, 4.0, "share of v0", "derived",
        "GVA per filled job in England (67,338 a year, ONS 2023) over pay and markdown gives .55 over all sectors; highest in traded ones",
        "Product rent of tradable employers (rho) in the nation; places by their GVA per job (`Pay.at_value_added`)",
    )  # fmt: skip
    rent_local: float = number(
        0.45, 0.0, 4.0, "share of v0", "derived", "as rent_tradable", "Product rent of local services (rho)"
    )
    rent_public: float = number(
        0.45, 0.0, 4.0, "share of v0", "derived", "as rent_tradable", "Product rent of public employers (rho)"
    )
    mean_over_median: float = number(
        1.10,
        1.0,
        2.0,
        "ratio",
        "measured",
        "ONS ASHE, all employees (from memory)",
        "Mean over median pay of employees",
    )
    skill_exponent: float = number(
        0.7,
        0.0,
        1.5,
        "elasticity",
        "assumed",
        "no source found",
        "Return to skill here (b0): efficiency = skill^b0 . fit . luck",
    )
    fit_weight: float = number(
        0.3, 0.0, 2.0, "log points per cosine", "assumed",
        "sign: congruence of interests predicts performance (Nye et al. 2012); size assumed",
        "Weight of the likeness of interests and occupation in log efficiency",
    )  # fmt: skip
    gap_penalty: float = number(
        0.15,
        0.0,
        1.0,
        "log points per level",
        "assumed",
        "no source found",
        "Efficiency lost per level of qualification missing",
    )
    subject_penalty: float = number(
        0.10,
        0.0,
        1.0,
        "log points",
        "assumed",
        "no source found",
        "Efficiency lost in a STEM post without a STEM subject",
    )
    pay_spread: float = number(
        0.35, 0.05, 1.0, "log points", "assumed",
        "spread within an occupation; used once, to place typical pay so that the median meets the published one",
        "Standard deviation of log pay within an occupation, mean efficiency 1",
    )  # fmt: skip

    def at_value_added(self, gva_per_job: float, median_pay: float, sector_share: tuple[float, float, float]) -> Pay:
        """Return these parameters with rents scaled so that output per job meets the place's published GVA per filled job.

        Output per job is about mean pay over the markdown, times one plus the mean rent.
        """
        without_rent = self.mean_over_median * median_pay * (1.0 + 1.0 / self.eps_ref)
        wanted = max(gva_per_job / without_rent - 1.0, 0.02)
        names = ("rent_tradable", "rent_local", "rent_public")
        mean = sum(getattr(self, n) * share for n, share in zip(names, sector_share, strict=True))
        factor = wanted / mean if mean > 0 else 0.0
        return self.model_copy(update={n: min(getattr(self, n) * factor, 4.0) for n in names})

    def rents(self) -> tuple[float, float, float, float]:
        """Product rent rho by sector: tradable, local services, public, outside."""
        return self.rent_tradable, self.rent_local, self.rent_public, 0.0
