"""Coaching (model.md 7): how stories become themes, how a group agrees, and what a work experience conveys.

No number here says how good coaching is. They say when somebody has a story to tell, how often a story is misheard, and how
a group weighs what it heard when it chooses what to do; what that leads to is for the levers, and then for the town.
"""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, number

_PRACTICE = "no source found; assumed"
_MODEL = "this model's reading of Meldrum 2017, Collective Career Coaching Model; no figure found"


class Coaching(Group):
    """Stories, themes, goals and plans of coaching, alone or in groups."""

    story_error: float = number(
        0.2, 0.0, 0.5, "share", "assumed", _PRACTICE,
        "Share of stories misheard: a barrier heard of that is none for the teller, or one not heard of; .5 tells nothing",
    )  # fmt: skip
    story_below: float = number(
        0.45, 0.0, 1.0, "0..1", "assumed", _PRACTICE,
        "Career skill, self-awareness, morale or use of information below which somebody has a story of it to tell",
    )  # fmt: skip
    few_occupations: int = number(
        4, 1, 11, "occupations", "assumed", _PRACTICE, "Considering fewer occupations than this is a narrow horizon"
    )
    few_contacts: int = number(
        3, 1, 16, "people", "assumed", _PRACTICE, "Knowing fewer people in work than this is a want of contacts"
    )
    poor_odds: float = number(
        0.11,
        0.0,
        1.0,
        "per application",
        "assumed",
        "the lower quarter of the unemployed in a settled constrained place",
        "Mean believed odds in considered occupations below which doors seem closed",
    )
    long_search: int = number(
        6,
        1,
        60,
        "months",
        "assumed",
        "duration classes of measures.md",
        "Months out of work after which posts seem too few",
    )
    low_pay: float = number(
        0.8, 0.1, 1.5, "ratio", "assumed", _PRACTICE, "Pay below this share of what one's contacts are paid is low"
    )
    aim_anchor: float = number(
        0.2, 0.0, 2.0, "points", "assumed", _MODEL,
        "What the planned aim has in advance of other goals when the group votes; appeal of a goal runs from 0 to 1",
    )  # fmt: skip
    vote_luck: float = number(
        0.2,
        0.0,
        2.0,
        "points",
        "assumed",
        _PRACTICE,
        "Spread of the luck in how a member votes, for goals and for steps",
    )
    goal_weight: float = number(
        0.3, 0.0, 2.0, "points", "assumed", _MODEL,
        "What a step that serves the agreed goal has in advance of one that only answers a story; stories run from 0 to 1",
    )  # fmt: skip
    feedback: float = number(
        0.5, 0.0, 1.0, "share", "assumed", _MODEL,
        "Weight of what the whole group fed back, beside what the small group heard itself, in looking for steps",
    )  # fmt: skip
    experience_interest: float = number(
        0.03, 0.0, 0.2, "share", "assumed",
        "ten months in a post (learning.interest_rate); interests of adolescents are less settled (Low et al. 2005, memory)",
        "Share of the distance between interests and an occupation's profile covered by a work experience",
    )  # fmt: skip
    host_share: float = number(
        0.36, 0.0, 1.0, "share", "measured", "Employer Skills Survey 2019, England: employers offering work experience (memory)",
        "Share of employers who take people for a work experience",
    )  # fmt: skip
    host_hours: float = number(
        4.0, 0.0, 40.0, "hours", "assumed", _PRACTICE, "Employer's hours for each person on a work experience, priced"
    )
