"""Hiring: what employers look at when they rank those who apply, and how high the bar is."""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, number


class Hiring(Group):
    """Employers' ranking of applications; all weights in log points of expected productivity."""

    bar: float = number(
        0.48,
        -100.0,
        20.0,
        "log points",
        "derived",
        "Set so that find_rate_uk (.079 a month) and tightness_uk (U/V 1.2) of targets.csv come out",
        "Score below which an application is refused even if the post stays vacant; -100: none refused",
    )
    bar_fall: float = number(
        0.25,
        0.0,
        2.0,
        "log points",
        "assumed",
        "Employers ask for less the longer a vacancy stands: Van Ours and Ridder 1992 (sign)",
        "Fall of the bar per unit of log(1 + months vacant)",
    )
    productivity_weight: float = number(
        0.5,
        0.0,
        5.0,
        "ratio",
        "assumed",
        "model.md 6.7",
        "Weight of expected log productivity (skill, fit, requirements, luck of the trade); 0: not looked at",
    )
    noise: float = number(
        0.5,
        0.0,
        5.0,
        "log points",
        "assumed",
        "Ability at hiring is seen with error about as large as its spread: Altonji and Pierret 2001 (sign)",
        "Standard deviation of the error in the employer's view of an application",
    )
    presentation: float = number(
        2.0,
        0.0,
        4.0,
        "log points",
        "derived",
        "fitted in the pilot (careersim.checks.pilot) to targets.csv jobsearch_or (1.5-3.5)",
        "Better impression of an application by a person with full career skill",
    )
    clarity: float = number(
        0.2, 0.0, 1.0, "share", "assumed", "No source found", "Share of the error removed at full career skill"
    )
    referral_bonus: float = number(
        0.3,
        0.0,
        3.0,
        "log points",
        "derived",
        "Set with hear_rate so that contacts_share_uk (targets.csv) comes out near .28",
        "Preference for an applicant who was told of the post by one of the employer's people",
    )
    referral_noise: float = number(
        0.7,
        0.0,
        1.0,
        "ratio",
        "assumed",
        "Referred hires are known better: Dustmann et al. 2016 (sign)",
        "Error about referred applicants over error about others",
    )
    duration_penalty: float = number(
        0.1,
        0.0,
        1.0,
        "log points",
        "assumed",
        "Kroft, Lange and Notowidigdo 2013 (sign); compared with find_ratio_duration (targets.csv)",
        "Loss of score per unit of log(1 + months out of work)",
    )
    progression_bonus: float = number(
        0.3,
        0.0,
        5.0,
        "log points",
        "assumed",
        "Internal recruitment agreements; size not measured",
        "Preference for present staff where a recognised union has bargained progression",
    )
    taste_weight: float = number(
        1.0,
        0.0,
        5.0,
        "ratio",
        "assumed",
        "0 switches taste off; tastes are drawn at an employer's birth",
        "Factor on taste in ranking",
    )
