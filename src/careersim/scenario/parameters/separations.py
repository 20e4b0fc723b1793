"""Separations: how often work ends, for whom sooner, and who goes first in a layoff."""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, choice, number


class Separations(Group):
    """Monthly hazards from a post to joblessness, and the order of layoffs."""

    quit_rate: float = number(
        0.0011,
        0.0,
        0.1,
        "per month",
        "derived",
        "targets.csv loss_rate_uk .0047 (.003-.006) in all; the split between quits and losses is assumed",
        "Chance of quitting into joblessness, long tenure, mean fit, no voice",
    )
    loss_rate: float = number(
        0.0017,
        0.0,
        0.1,
        "per month",
        "derived",
        "targets.csv loss_rate_uk .0047 (.003-.006) in all; the split between quits and losses is assumed",
        "Chance of losing the post (dismissal, contract ended) at long tenure and mean fit",
    )
    new_hire_excess: float = number(
        3.0,
        0.0,
        20.0,
        "ratio",
        "assumed",
        "Falling hazard by tenure: Farber 1999, Handbook of Labor Economics 3B, ch. 37 (sign and shape)",
        "By how much the hazard of a new hire exceeds that at long tenure, over the latter",
    )
    tenure_scale: float = number(
        12.0,
        1.0,
        120.0,
        "months",
        "assumed",
        "Hazard falls most within the first two years: Farber 1999 (shape)",
        "Tenure over which the excess hazard of new hires falls by a factor e",
    )
    fit_effect: float = number(
        4.0,
        0.0,
        20.0,
        "elasticity",
        "assumed",
        "Jovanovic 1979, Job matching and the theory of turnover (sign)",
        "By how many log points the hazard falls when fit rises by one log point",
    )
    voice_quit_ratio: float = number(
        0.6,
        0.2,
        1.0,
        "hazard ratio",
        "measured",
        "targets.csv union_quits .6 (.35-.7); Freeman 1980",
        "Quits where a union is recognised over quits elsewhere",
    )
    layoffs: bool = choice(True, "model.md 6.4", "Whether posts above their target for long lay people off")
    layoff_after: int = number(
        2, 1, 24, "months", "assumed", "model.md 6.2", "Months above target after which holders are laid off"
    )
    tenure_band: int = number(
        12,
        1,
        240,
        "months",
        "assumed",
        "Last in, first out is common but not exact; within a band the worst matched go first",
        "Width of the tenure bands by which the newest are laid off first",
    )
    breakup_everyone: bool = choice(
        False,
        "Calvo-Armengol and Jackson 2004; checks.md A1",
        "Simple variant: the same hazard for everyone in work, new hires included, and no layoffs",
    )
    breakup_rate: float = number(
        0.015,
        0.0,
        1.0,
        "per month",
        "assumed",
        "Calvo-Armengol and Jackson 2004; checks.md A1",
        "Hazard of the simple variant",
    )
