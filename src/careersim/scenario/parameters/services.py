"""Services (model.md section 7): how strong a lever is, what things cost, who can broker.

No number here says how good a strategy is. Levers change what can be observed in a person, a tie or an employer; every
strategy that uses a lever uses it with the one strength declared here.
"""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, number

_PRACTICE = "no source found; assumed"


class Services(Group):
    """Strength of the levers, price list, capacity of brokers, and today's provision."""

    # money
    default_budget: float = number(
        0.60, 0.0, 50.0, "GBP per resident per month", "assumed",
        "a decision maker's choice, equal for all strategies; about the price of one interview per 67 residents a month",
        "Budget of a strategy that states none",
    )  # fmt: skip
    provision_budget: float = number(
        0.25, 0.0, 10.0, "GBP per resident per month", "assumed",
        "National Careers Service England, about GBP 100m a year for 36m people of working age (memory)",
        "Today's provision: run in burn-in and in every arm",
    )  # fmt: skip
    price_interview: float = number(
        40.0, 30.0, 70.0, "GBP per session", "derived", "targets.csv cost_interview", "One guidance interview"
    )
    price_group: float = number(
        10.0, 6.0, 15.0, "GBP per head", "assumed", "targets.csv cost_group", "One group session, per head"
    )
    price_online: float = number(2.0, 0.2, 20.0, "GBP per head", "assumed", _PRACTICE, "One online session, per head")
    price_chat: float = number(
        10.0, 4.0, 25.0, "GBP per head", "assumed", "a quarter of an interview (cost_interview)",
        "Chatting with an adviser online, per head and session, on top of the online session",
    )  # fmt: skip
    price_group_teacher: float = number(
        7.0,
        3.0,
        12.0,
        "GBP per head",
        "assumed",
        _PRACTICE,
        "One group session with a teacher: cover and room, per head",
    )
    price_group_peer: float = number(
        3.0, 1.0, 8.0, "GBP per head", "assumed", _PRACTICE,
        "One group session with a trained peer: training, support and room, per head; the peer's hours are unpaid",
    )  # fmt: skip
    peer_hours: float = number(
        3.0,
        1.0,
        8.0,
        "hours",
        "assumed",
        _PRACTICE,
        "Unpaid hours of a peer who facilitates a group, per session, preparation included",
    )
    price_mentoring: float = number(
        38.0, 16.7, 60.0, "GBP per head and month", "derived",
        "targets.csv cost_mentoring: 200 to 720 a pupil-year (upper bound); the middle, over 12",
        "Finding, matching and looking after a mentor, per mentee and month",
    )  # fmt: skip
    price_organiser: float = number(
        30.0, 10.0, 80.0, "GBP per worker approached", "assumed", "targets.csv cost_organiser", "An organising campaign"
    )
    price_dialogue: float = number(
        12.0, 6.0, 25.0, "GBP per head", "assumed", "targets.csv cost_dialogue", "One community dialogue session"
    )
    price_customer: float = number(
        128.0, 45.0, 128.0, "GBP per customer", "derived", "targets.csv cost_ncs (upper bound: expansion figures)",
        "Today's careers service, per customer: a whole programme of interviews",
    )  # fmt: skip
    price_mutual_aid: float = number(
        2.0,
        0.0,
        15.0,
        "GBP per head",
        "assumed",
        _PRACTICE,
        "Room and help for a group run by residents, per head and session",
    )
    price_placement: float = number(
        150.0, 0.0, 600.0, "GBP per placement and month", "assumed", _PRACTICE,
        "What an employer spends on looking after somebody on a placement for a month",
    )  # fmt: skip
    price_unpaid_hour: float = number(
        12.5, 8.0, 20.0, "GBP per hour", "assumed", "targets.csv cost_unpaid_hour",
        "An hour of a volunteer, broker or participant; shown apart",
    )  # fmt: skip
    dues: float = number(
        13.0, 0.0, 40.0, "GBP per member and month", "assumed", "usual full-time subscriptions of UK unions (memory)",
        "Union dues; shown apart",
    )  # fmt: skip
    # capacity and format
    caseload_elasticity: float = number(
        0.5, 0.0, 1.5, "elasticity", "assumed", _PRACTICE,
        "Percent of session quality lost per percent of caseload above what the budget pays for",
    )  # fmt: skip
    group_size: int = number(
        8, 2, 40, "people", "assumed", "targets.csv group_size: 6 to 12 (practice)", "People in a group"
    )
    group_attention: float = number(
        0.8, 0.2, 1.2, "share", "assumed",
        "targets.csv group_v_individual: about equal in reviews of career work, worse in one job-search trial",
        "What individual content conveys per head in a group, relative to one-to-one",
    )  # fmt: skip
    online_attention: float = number(
        0.5, 0.05, 1.0, "share", "assumed", _PRACTICE,
        "What content conveys online to somebody fully literate, relative to one-to-one",
    )  # fmt: skip
    initiative_gradient: float = number(
        0.5, -2.0, 3.0, "log points per rank", "assumed", "Tudor Hart 1971, The inverse care law (sign)",
        "Own initiative: log difference in asking for a service between the highest and the lowest origin",
    )  # fmt: skip
    # levers on what a person can do, knows and feels
    lever_strength: float = number(
        0.22, 0.02, 0.50, "SD per session", "derived",
        "fitted in the pilot (careersim.checks.pilot) to targets.csv career_intervention_d (.30-.60, groups) and "
        "individual_counselling_g (.5-1.1): a programme one-to-one gives .60 SD, one in groups .48",
        "One shared scale: what one session of full quality moves a scale in a person, in its standard deviations",
    )  # fmt: skip
    career_skill_sd: float = number(
        0.15, 0.05, 0.3, "points", "assumed", "scale of the column", "Standard deviation of career_skill"
    )
    self_awareness_sd: float = number(
        0.15, 0.05, 0.3, "points", "assumed", "scale of the column", "Standard deviation of self_awareness"
    )
    morale_sd: float = number(
        0.15, 0.05, 0.3, "points", "assumed", "scale of the column", "Standard deviation of morale"
    )
    digital_literacy_sd: float = number(
        0.15, 0.05, 0.3, "points", "assumed", "scale of the column", "Standard deviation of digital_literacy"
    )
    belief_correction: float = number(
        0.25, 0.0, 0.9, "share per session", "assumed", _PRACTICE,
        "Share of the distance between believed and typical odds closed by one session of information",
    )  # fmt: skip
    widen_chance: float = number(
        0.35, 0.0, 1.0, "chance per session", "assumed", _PRACTICE,
        "Chance that a session adds one occupation to those considered",
    )  # fmt: skip
    suggestion_noise: float = number(
        0.2, 0.0, 2.0, "likeness", "assumed", _PRACTICE,
        "Spread of an adviser's judgement of which occupation fits, in units of likeness of interests (0..1)",
    )  # fmt: skip
    answer_noise: float = number(
        1.0, 0.0, 3.0, "SD of likings", "assumed",
        "retest reliability of interest inventories about .8 at self_awareness .5 (memory)",
        "Spread of error in an answer about own interests, of somebody who does not know them at all",
    )  # fmt: skip
    news_effect: float = number(
        0.5, 0.0, 2.0, "sessions", "assumed",
        "job seekers expect too much: Spinnewijn 2015; Mueller, Spinnewijn and Topa 2021 (sign)",
        "Morale moved by finding out that one's odds are better (worse) than thought by as much as typical odds, in units of lever_strength",
    )  # fmt: skip
    elsewhere_share: float = number(
        0.2, 0.0, 1.0, "share", "assumed", "model.md 7: one parameter for all strategies",
        "Share of everything shown, and of everybody introduced, that lies outside the town",
    )  # fmt: skip
    show_amount: float = number(
        0.25, 0.0, 0.9, "share per session", "assumed", _PRACTICE,
        "Share of what is not yet known of elsewhere that a session would convey if all it showed lay elsewhere",
    )  # fmt: skip
    experience_share: float = number(
        0.15, 0.0, 0.8, "share per session", "assumed", _PRACTICE,
        "Share of the distance to the group's mean closed by sharing experience",
    )  # fmt: skip
    story_effect: float = number(
        0.5, 0.0, 2.0, "sessions", "assumed", "targets.csv peer_null: peers add nothing on average",
        "Morale moved by stories when the share of the group in work is half more (or less) than expected, in units of lever_strength",
    )  # fmt: skip
    attribution_dose: float = number(
        0.15, 0.0, 0.8, "share per session", "assumed", _PRACTICE, "Attribution moved by discussing causes"
    )
    cause_support: float = number(
        0.10, 0.0, 0.8, "points per session", "assumed", _PRACTICE,
        "Support for joint action moved by discussing causes, when setbacks are laid wholly to shared conditions",
    )  # fmt: skip
    community_dose: float = number(
        0.10, 0.0, 0.5, "share per session", "assumed", _PRACTICE, "Worth of community moved by weighing it"
    )
    community_weight_max: float = number(
        200.0, 1.0, 1000.0, "GBP per month and tie", "assumed", _PRACTICE, "Most that a tie can come to be worth"
    )
    # levers on ties
    tie_gain: float = number(
        0.10, 0.0, 0.6, "share per session", "assumed", _PRACTICE,
        "Share of the distance to full strength by which a session strengthens each tie worked on",
    )  # fmt: skip
    introduction_strength: float = number(
        0.4, 0.05, 1.0, "0..1", "assumed", _PRACTICE, "Strength with which an introduced tie begins"
    )
    mentees_per_mentor: float = number(
        5.9, 1.0, 12.0, "people", "measured", "targets.csv mentees_per_mentor (SQW, Mentoring Fund)",
        "Brokered ties that one broker can keep at a time",
    )  # fmt: skip
    willing_share: float = number(
        0.10, 0.0, 1.0, "share", "assumed", _PRACTICE, "Share of those who could broker who are willing to"
    )
    mentor_hours: float = number(
        1.5,
        0.0,
        20.0,
        "hours",
        "assumed",
        _PRACTICE,
        "Unpaid hours of a mentor per mentee and month in a mentoring pool",
    )
    pool_willing_share: float = number(
        0.25, 0.0, 1.0, "share", "assumed", _PRACTICE,
        "Share of those who could broker who are willing when asked face to face by a mentoring pool (willing_share otherwise)",
    )  # fmt: skip
    # joint actions (6.10)
    joint_quorum: int = number(
        3, 1, 40, "people", "assumed", _PRACTICE, "Fewest members who must have joined for a joint action to be carried"
    )
    joint_hours: float = number(
        4.0, 0.0, 40.0, "hours per month", "assumed", _PRACTICE, "Unpaid hours that a member gives to a joint action"
    )
    joint_months: int = number(
        24,
        1,
        240,
        "months",
        "assumed",
        _PRACTICE,
        "Months for which a joint action is carried, and posts it opened are paid for",
    )
    joint_patience: int = number(
        6, 1, 60, "months", "assumed", _PRACTICE, "Months in a row not carried after which a joint action lapses"
    )
    funder_withdrawal: float = number(
        0.1, 0.0, 1.0, "per month", "assumed", _PRACTICE,
        "Hazard with which a funder whose goals come first withdraws the money of a joint action",
    )  # fmt: skip
    local_hiring_rate: float = number(
        0.015, 0.0, 0.1, "per month", "assumed", "order of job leavers a month (targets.csv job_to_job_uk, loss_rate_uk)",
        "Share of the posts of in-commuters that fall free in a month, under a compact advertised here",
    )  # fmt: skip
    wage_floor_ratio: float = number(
        1.10, 1.0, 1.5, "ratio", "derived", "Living Wage Foundation 2024-25: GBP 12.60 over the legal 11.44 (memory)",
        "A local wage floor over the legal minimum",
    )  # fmt: skip
    enterprise_value: float = number(
        0.7, 0.2, 1.2, "share of pay", "assumed", "no source found; the gap is what such posts cost",
        "Value product of a community enterprise's posts over typical pay",
    )  # fmt: skip
    volunteer_share: float = number(
        0.002, 0.0, 0.05, "share of adults", "assumed",
        "about 16% volunteer formally each month (Community Life Survey, England, memory); how many for this: no source",
        "Share of residents of working age who would run a mutual-aid group when civic capital is at its usual level",
    )  # fmt: skip
    rooted_ties: float = number(
        7.0, 0.5, 40.0, "strength", "assumed", "about the mean of summed tie strength in a settled town (Inverclyde: 6.9)",
        "Summed strength of ties here at which a resident volunteers as often as volunteer_share says; in proportion below and above",
    )  # fmt: skip
    volunteer_hours: float = number(
        6.0, 0.5, 40.0, "hours per month", "assumed", _PRACTICE, "Hours that such a volunteer gives in a month"
    )
    session_hours: float = number(
        3.0,
        0.5,
        20.0,
        "hours",
        "assumed",
        _PRACTICE,
        "Hours that running one group session takes, preparation included",
    )
    volunteer_civic: float = number(
        1.0, 0.0, 4.0, "elasticity", "assumed", "model.md 7: capacity follows K; size assumed",
        "Elasticity of volunteers' number to civic capital K",
    )  # fmt: skip
    volunteer_attention: float = number(
        0.6, 0.1, 1.2, "share", "assumed", "targets.csv peer_null: peers add little",
        "What individual content conveys per head in a group run by residents, relative to one-to-one",
    )  # fmt: skip
    # levers on employers
    campaign_months: int = number(
        12, 1, 60, "months", "assumed", _PRACTICE, "How long an organising campaign at an employer lasts"
    )
    campaign_pause: int = number(
        36, 0, 240, "months", "measured",
        "Trade Union and Labour Relations (Consolidation) Act 1992, schedule A1: no new application within 3 years",
        "Months from the start of a campaign until the employer is approached again",
    )  # fmt: skip
    taste_dose: float = number(
        0.10, 0.0, 1.0, "share per approach", "assumed", _PRACTICE,
        "Share of an employer's taste in hiring that being challenged once takes away",
    )  # fmt: skip
