"""Organising: support, joining, recognition. (Thresholds and first support of people: `Demography`.)"""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class Organising(Group):
    """When people join in, when a union is recognised, when it lapses."""

    on: bool = choice(True, "variant of the theory checks", "Whether anybody joins or leaves; false freezes membership")
    contacts: Literal["ties", "everyone"] = choice(
        "ties",
        "Granovetter (1978) is `everyone`",
        "Whose membership is looked at: own ties, or everybody in work in town",
    )
    joins_at: Literal["presence", "anywhere"] = choice(
        "presence",
        "in Britain 22% of employees are members, nearly all where a union is present (BEIS, from memory)",
        "Where a person may join by threshold: at employers with recognition, members or a campaign; or at any",
    )
    reflect_every: int = number(
        3,
        1,
        12,
        "months",
        "assumed",
        "numerical: rates are compounded, so only the timing changes",
        "Months between two looks at one's contacts (a staggered share of people each month)",
    )
    contact_rate: float = number(
        0.04, 0.0, 1.0, "per month", "assumed", "no source found", "Pull of support to the mean support of contacts"
    )
    grievance_rate: float = number(
        0.04,
        0.0,
        1.0,
        "per month",
        "assumed",
        "no source found",
        "Pull of support to what own grievance calls for (to 0 without grievance)",
    )
    pay_grievance: float = number(
        2.0,
        0.0,
        10.0,
        "per unit of pay below value product",
        "assumed",
        "no source found",
        "Grievance from pay at the post being below its value product, per unit of the shortfall",
    )
    search_grievance: float = number(
        0.5, 0.0, 1.0, "0..1", "assumed", "no source found", "Grievance of a year or more out of work and wanting it"
    )
    search_months: float = number(
        12.0, 1.0, 60.0, "months", "assumed", "no source found", "Months out of work at which search is hopeless"
    )
    discrimination_grievance: float = number(
        0.5,
        0.0,
        1.0,
        "0..1",
        "assumed",
        "no source found",
        "Grievance of having been refused in the month by an employer with a taste against one's own group",
    )
    neutral_attribution: float = number(
        0.5,
        0.0,
        1.0,
        "0..1",
        "assumed",
        "symmetry",
        "Attribution at which a grievance leaves support alone; above it raises, below it lowers support",
    )
    campaign_rate: float = number(
        0.12,
        0.0,
        1.0,
        "per month",
        "assumed",
        "no source found",
        "Pull of workers' support to the campaign's aim while a campaign runs at their employer",
    )
    campaign_aim: float = number(
        0.6, 0.0, 1.0, "-1..1", "assumed", "no source found", "Support that a campaign leads its workers to"
    )
    leave_rate: float = number(
        0.005,
        0.0,
        0.2,
        "per month",
        "assumed",
        "no source found",
        "Hazard of leaving the union of a member whose threshold is not met",
    )
    covered_share_private: float = number(
        0.22,
        0.0,
        1.0,
        "share",
        "assumed",
        "between pay covered by agreement (about 15% private) and union presence (about 30%), UK 2018, BEIS (memory)",
        "Share of private posts for residents at slots where recognition is the custom; density cannot exceed it",
    )
    covered_share_public: float = number(
        0.82,
        0.0,
        1.0,
        "share",
        "assumed",
        "between pay covered by agreement (about 59% public) and union presence (about 85%), UK 2018, BEIS (memory)",
        "The same for public posts",
    )
    majority: float = number(
        0.5,
        0.0,
        1.0,
        "share",
        "measured",
        "Trade Union and Labour Relations (Consolidation) Act 1992, schedule A1",
        "Members over resident heads needed for recognition",
    )
    majority_months: int = number(
        3, 1, 60, "months", "assumed", "model.md 6.10", "Consecutive months of majority before recognition"
    )
    legal_heads: float = number(
        21.0,
        0.0,
        1000.0,
        "full-scale heads",
        "measured",
        "Trade Union and Labour Relations (Consolidation) Act 1992, schedule A1: at least 21 workers",
        "Smallest employer at which recognition can be had",
    )
    lapse_share: float = number(
        0.3, 0.0, 1.0, "share", "assumed", "model.md 6.10", "Members over resident heads below which recognition erodes"
    )
    lapse_months: int = number(
        12,
        1,
        120,
        "months",
        "assumed",
        "model.md 6.10",
        "Consecutive months below that share before recognition lapses",
    )
