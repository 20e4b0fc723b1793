"""Learning: what people take from what happens to them and to those they know."""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, choice, number


class Learning(Group):
    """How beliefs, horizon, interests, morale, skill and the effects of services move in a month."""

    on: bool = choice(True, "variant of the theory checks", "Whether anybody learns; false freezes every column")
    reflect_every: int = number(
        3,
        1,
        12,
        "months",
        "assumed",
        "numerical: rates are compounded, so only the timing changes",
        "Months between two looks at one's contacts (a staggered share of people each month)",
    )
    own_rate: float = number(
        0.05,
        0.0,
        0.5,
        "per application",
        "assumed",
        "no source found",
        "Weight of the outcome of one own application in the believed odds of its occupation",
    )
    contact_rate: float = number(
        0.03,
        0.0,
        0.5,
        "per contact told about",
        "assumed",
        "no source found",
        "Weight of the outcome of one contact's search in the believed odds of its occupation",
    )
    information_rate: float = number(
        0.03,
        0.0,
        0.5,
        "per month",
        "assumed",
        "no source found",
        "Pull of believed odds to the typical odds of the place, at full digital access and literacy",
    )
    likeness_gender: float = number(
        0.5,
        0.0,
        1.0,
        "weight",
        "assumed",
        "order after Gottfredson (1981): sex type before social standing",
        "Weight of a contact of one's own gender as an example of someone like me",
    )
    likeness_origin: float = number(
        0.3,
        0.0,
        1.0,
        "weight",
        "assumed",
        "order after Gottfredson (1981)",
        "Weight of a contact from one's own half of origins as an example of someone like me",
    )
    likeness_ethnicity: float = number(
        0.2,
        0.0,
        1.0,
        "weight",
        "assumed",
        "no source found",
        "Weight of a contact of one's own ethnicity as an example of someone like me",
    )
    consider_rate: float = number(
        0.008,
        0.0,
        0.5,
        "per month",
        "assumed",
        "no source found",
        "Rate at which an occupation enters the horizon, per contact alike in everything who holds it",
    )
    unseen_rate: float = number(
        0.01,
        0.0,
        0.5,
        "per month",
        "assumed",
        "no source found",
        "Rate at which an occupation that no contact holds leaves the horizon",
    )
    interest_rate: float = number(
        0.003,
        0.0,
        0.1,
        "per month",
        "assumed",
        "interests are stable over decades (Low et al. 2005, from memory)",
        "Pull of interests to the Holland profile of the post held",
    )
    morale_fall: float = number(
        0.13,
        0.0,
        0.9,
        "share",
        "assumed",
        "sign: Paul and Moser (2009), from memory",
        "Share of morale lost in a month of applications without an offer, if laid wholly to oneself",
    )
    morale_recovery: float = number(
        0.03, 0.0, 0.9, "per month", "assumed", "no source found", "Pull of morale to the person's base"
    )
    morale_hire: float = number(
        0.3,
        0.0,
        1.0,
        "share",
        "assumed",
        "sign: Paul and Moser (2009), from memory",
        "Share of the way to full morale that being hired lifts a person",
    )
    morale_floor: float = number(
        0.25,
        0.0,
        0.9,
        "0..1",
        "assumed",
        "set for 1-2% of residents discouraged in a constrained place",
        "Morale below which an unemployed person stops looking (at most half of the person's base)",
    )
    return_margin: float = number(
        0.15,
        0.0,
        0.9,
        "0..1",
        "assumed",
        "set for 1-2% of residents discouraged in a constrained place",
        "Morale above the floor at which a discouraged person looks again, at reference tightness",
    )
    return_elasticity: float = number(
        0.5,
        0.0,
        3.0,
        "elasticity",
        "assumed",
        "no source found",
        "How strongly tightness lowers the morale needed to look again",
    )
    tightness_ref: float = number(
        0.83,
        0.05,
        5.0,
        "vacancies per unemployed",
        "measured",
        "ONS, UK 2023: 1.2 unemployed per vacancy (targets.csv tightness_uk)",
        "Tightness at which the return margin holds",
    )
    skill_growth: float = number(
        0.0035,
        0.0,
        0.02,
        "per month",
        "derived",
        "set for a stationary median of 1 given `Demography.skill_youth` and about 75% of the time in work",
        "Growth of skill in work at age 16; falls in a straight line to 0 at the peak age",
    )
    skill_peak_age: float = number(
        50.0, 30.0, 66.0, "years", "assumed", "age-earnings profiles, from memory", "Age at which skill stops growing"
    )
    skill_decay: float = number(
        0.004,
        0.0,
        0.05,
        "per month",
        "assumed",
        "sign: Edin and Gustavsson (2008); size from memory",
        "Share of skill above the floor lost in a month out of work and study",
    )
    skill_floor: float = number(
        0.5, 0.1, 1.0, "ratio", "assumed", "no source found", "Skill to which long worklessness leads"
    )
    awareness_rate: float = number(
        0.002,
        0.0,
        0.1,
        "per month",
        "assumed",
        "no source found",
        "Share of what is unknown about own interests that a month in work shows",
    )
    fade_half_life: float = number(
        18.0,
        1.0,
        600.0,
        "months",
        "assumed",
        "interventions' effects fade within years; no rate found",
        "Half-life of what services add to career skill (when not searching), knowledge of elsewhere, worth of community, attribution",
    )
    elsewhere_rate: float = number(
        0.003,
        0.0,
        0.5,
        "per month",
        "assumed",
        "no source found",
        "Rate at which each contact who lives elsewhere teaches what is unknown about elsewhere",
    )
