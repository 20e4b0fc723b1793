"""Search: who looks, how widely they read, whom they hear from, what they apply for."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class Search(Group):
    """Looking for work by adverts and contacts."""

    # who looks
    morale_floor: float = number(
        0.15, 0.0, 1.0, "0..1", "assumed", "model.md 4", "Morale below which a person out of work stops looking"
    )
    employed_rate: float = number(
        0.08,
        0.0,
        1.0,
        "per month",
        "derived",
        "Set so that job_to_job_uk (targets.csv) comes out near .009 a month",
        "Chance that a person in work looks this month, at long tenure and mean fit",
    )
    employed_new_excess: float = number(
        1.5,
        0.0,
        20.0,
        "ratio",
        "assumed",
        "On-the-job search falls with tenure: Pissarides and Wadsworth 1994 (sign)",
        "By how much the chance of a new hire exceeds that at long tenure, over the latter",
    )
    employed_tenure_scale: float = number(
        24.0, 1.0, 240.0, "months", "assumed", "As above", "Tenure over which that excess falls by a factor e"
    )
    employed_fit_effect: float = number(
        4.0,
        0.0,
        20.0,
        "elasticity",
        "assumed",
        "Jovanovic 1979 (sign)",
        "By how many log points looking in work falls when fit rises by one log point",
    )
    # adverts
    adverts_base: float = number(
        4.0, 0.0, 40.0, "adverts per month", "assumed", "No source found", "Adverts read without career skill"
    )
    adverts_career_skill: float = number(
        12.0,
        0.0,
        40.0,
        "adverts per month",
        "assumed",
        "No source found",
        "More adverts read at full career skill",
    )
    adverts_digital: float = number(
        0.5,
        0.0,
        1.0,
        "share",
        "assumed",
        "Most vacancies are advertised online only; size not measured",
        "Share of adverts out of reach without digital access and literacy",
    )
    max_probes: int = number(
        400, 2, 4000, "probes", "assumed", "model.md 3", "Rows of the table of posts drawn before reading stops"
    )
    # contacts
    news: Literal["vacancies", "exogenous"] = choice(
        "vacancies",
        "model.md 6.6; Calvo-Armengol and Jackson 2004",
        "vacancies: contacts tell of real vacancies; exogenous: the theory case, news of own, non-rival posts",
    )
    news_rate: float = number(
        0.1, 0.0, 1.0, "per month", "assumed", "checks.md A1", "Exogenous variant: chance a of hearing of a post"
    )
    hear_rate: float = number(
        0.5,
        0.0,
        1.0,
        "per month",
        "derived",
        "Set so that contacts_share_uk (targets.csv) comes out near .28",
        "Chance that somebody in work hears of a vacancy of the own employer in a month that it has one",
    )
    kappa: float = number(
        1.0,
        0.0,
        4.0,
        "exponent",
        "assumed",
        "model.md 6.6; 0 is uniform, as in Calvo-Armengol and Jackson 2004",
        "How far news goes to strong ties first: chance of being told is proportional to strength^kappa",
    )
    # applications
    applications_base: float = number(
        0.5, 0.0, 20.0, "per month", "assumed", "No source found", "Applications without career skill and morale"
    )
    applications_career_skill: float = number(
        3.0, 0.0, 20.0, "per month", "assumed", "No source found", "More applications at full career skill"
    )
    applications_morale: float = number(
        2.0, 0.0, 20.0, "per month", "assumed", "No source found", "More applications at full morale"
    )
    max_applications: int = number(
        8, 1, 32, "per month", "assumed", "No source found", "Most applications a person sends in a month"
    )
    max_gap: int = number(
        1,
        0,
        2,
        "levels",
        "assumed",
        "No source found",
        "Qualification levels that a person may fall short and still think it worth applying",
    )
    subject_required: bool = choice(
        True,
        "model.md 4: some posts require a STEM subject",
        "Whether posts that ask for a STEM subject are out of reach",
    )
    self_view_spread: float = number(
        0.1,
        0.0,
        2.0,
        "log points",
        "assumed",
        "No source found",
        "Spread of the error in the own view of fit in an occupation at self_awareness 0",
    )
    belief_weight: float = number(
        1.0, 0.0, 2.0, "exponent", "assumed", "model.md 6.6", "Weight of believed odds against fit and pay"
    )
    # reservation pay
    reservation_0: float = number(
        1.03, 0.0, 2.0, "ratio", "measured", "targets.csv reservation_decline", "Reservation over last pay, just out"
    )
    reservation_12: float = number(
        0.96, 0.0, 2.0, "ratio", "measured", "targets.csv reservation_decline", "The same 12 months out"
    )
    reservation_24: float = number(
        0.88, 0.0, 2.0, "ratio", "measured", "targets.csv reservation_decline", "The same 24 months out"
    )
    reservation_36: float = number(
        0.80,
        0.0,
        2.0,
        "ratio",
        "measured",
        "targets.csv reservation_decline",
        "The same 36 months out; falls on beyond",
    )
    reservation_least: float = number(
        0.4, 0.0, 2.0, "ratio", "assumed", "No source found beyond 36 months", "Lowest reservation over last pay"
    )
    reservation_slack: float = number(
        0.7,
        0.2,
        1.5,
        "ratio",
        "assumed",
        "People take work below the reservation they state: Krueger and Mueller 2016 (sign); size assumed",
        "Pay that is taken over the reservation pay that is stated",
    )
    reservation_spread: float = number(
        0.25,
        0.0,
        1.0,
        "log points",
        "assumed",
        "Reservation over last pay differs widely between persons: Feldstein and Poterba 1984 (sign)",
        "Spread over spells out of work of reservation pay around its mean",
    )
    switching_cost: float = number(
        0.05,
        0.0,
        2.0,
        "log points",
        "assumed",
        "No source found",
        "By how much pay must exceed present pay before a person in work applies",
    )

    @property
    def max_adverts(self) -> int:
        """Adverts a person can read in a month at most."""
        return int(self.adverts_base + self.adverts_career_skill) + 1
