"""Ties: how the network starts, how ties are kept, made and lost."""

from __future__ import annotations

from typing import Literal

from careersim.scenario.parameters.declare import Group, choice, number


class TieParameters(Group):
    """Who knows whom at the start, and how that changes."""

    dynamics: Literal["on", "off"] = choice(
        "on", "model.md 6.9", "off: the network is frozen (ties to people gone for good are still removed)"
    )
    max_ties: int = number(
        16,
        2,
        64,
        "ties",
        "assumed",
        "Miritello et al. 2013, Sci Rep 3:1950: a person's capacity for ties is limited and stable",
        "Most job-relevant ties a person keeps; slots of the table of ties",
    )
    # the network at the start
    close_degree: float = number(
        5.0, 0.0, 15.0, "ties", "measured", "targets.csv close_degree (Glasgow cohort)", "Mean close ties at the start"
    )
    close_clustering: float = number(
        0.39,
        0.0,
        0.7,
        "coefficient",
        "measured",
        "targets.csv close_clustering",
        "Clustering of close ties at the start",
    )
    degree: float = number(
        12.0,
        0.0,
        60.0,
        "ties",
        "measured",
        "targets.csv acq_degree",
        "Mean job-relevant ties of all kinds at the start",
    )
    clustering: float = number(
        0.20, 0.0, 0.7, "coefficient", "measured", "targets.csv acq_clustering", "Clustering of all ties at the start"
    )
    # homophily: log odds of a meeting becoming a tie
    gender_homophily_school: float = number(
        2.0,
        0.0,
        6.0,
        "log odds",
        "derived",
        "targets.csv same_sex_ties: ln(.88/.12) in mixed schools",
        "Close ties among pupils: same gender over other",
    )
    gender_homophily: float = number(
        0.5,
        0.0,
        6.0,
        "log odds",
        "assumed",
        "McPherson, Smith-Lovin and Cook 2001, Annu Rev Sociol 27: weaker in adult networks with kin",
        "All other ties: same gender over other",
    )
    ethnic_homophily: float = number(
        0.7,
        0.0,
        6.0,
        "log odds",
        "assumed",
        "McPherson, Smith-Lovin and Cook 2001: the strongest divide beyond what meeting chances explain",
        "Same ethnicity over other",
    )
    origin_homophily: float = number(
        0.5,
        -6.0,
        15.0,
        "log odds over the whole range of ranks",
        "derived",
        "targets.csv ec_uk, friending_half; solved per place so that the start meets the place's connectedness",
        "Distance in origin rank (negative: unlike preferred). Used where no value has been solved for the place",
    )
    age_homophily: float = number(
        0.3, 0.0, 3.0, "log odds per 10 years", "assumed", "McPherson, Smith-Lovin and Cook 2001", "Distance in age"
    )
    # settings in which people meet
    team_size: float = number(
        12.0, 2.0, 1000.0, "heads", "assumed", "span of control in teams, about 5 to 15", "Heads of a team at work"
    )
    streets: int = number(
        4,
        1,
        1000,
        "streets",
        "assumed",
        "about 12 residents 13-66 each",
        "Streets in a neighbourhood of about 50 residents",
    )
    school_neighbourhoods: int = number(
        20,
        1,
        100_000,
        "neighbourhoods",
        "assumed",
        "a school year of about 20 to 60",
        "Neighbourhoods that share a school",
    )
    # keeping
    keep_up_every: int = number(6, 1, 12, "months", "assumed", "speed", "Months between rounds of decay and renewal")
    renewal_half_life: float = number(
        6.0,
        0.5,
        60.0,
        "months",
        "assumed",
        "no direct evidence; varied in robustness",
        "Half-life with which a tie in contact moves to its usual strength",
    )
    close_strength: float = number(
        0.9,
        0.0,
        1.0,
        "0..1",
        "assumed",
        "no direct evidence; varied in robustness",
        "Usual strength of kin and friends in contact",
    )
    weak_strength: float = number(
        0.5,
        0.0,
        1.0,
        "0..1",
        "assumed",
        "no direct evidence; varied in robustness",
        "Usual strength of any other tie in contact",
    )
    close_half_life: float = number(
        36.0,
        1.0,
        240.0,
        "months",
        "assumed",
        "Roberts and Dunbar 2011, Pers Relatsh 18: friendships decay without contact, kin hardly",
        "Half-life of the strength of kin and friends without contact",
    )
    weak_half_life: float = number(
        12.0,
        1.0,
        240.0,
        "months",
        "assumed",
        "Burt 2000, Soc Networks 22: most bridging ties at work are gone within a year or two",
        "Half-life of any other tie's strength without contact",
    )
    distance_factor: float = number(
        0.6,
        0.05,
        1.0,
        "ratio",
        "assumed",
        "no direct evidence; varied in robustness",
        "Half-life of a tie to somebody elsewhere over that without contact in town",
    )
    weakest: float = number(
        0.05,
        0.0,
        0.5,
        "0..1",
        "assumed",
        "no direct evidence; varied in robustness",
        "Strength below which a tie has ended",
    )
    lasting_close: float = number(
        120.0,
        6.0,
        1200.0,
        "months",
        "assumed",
        "Mollenhorst et al. 2014",
        "Half-life of a close tie in spite of contact",
    )
    lasting_weak: float = number(
        80.0,
        6.0,
        1200.0,
        "months",
        "measured",
        "Mollenhorst, Volker and Flap 2014, Soc Networks 37: 48% of ties left after 7 years",
        "Half-life of any other tie in spite of contact",
    )
    # making
    meet_every: int = number(
        3, 1, 12, "months", "assumed", "speed", "Months between meetings of one team, street or school"
    )
    wanted_close: float = number(
        4.8,
        0.0,
        30.0,
        "ties",
        "derived",
        "close_degree in the stationary network",
        "Close ties at which no more are sought",
    )
    wanted: float = number(
        18.0, 0.0, 64.0, "ties", "derived", "acq_degree in the stationary network", "Ties at which no more are sought"
    )
    friend_rate: float = number(
        0.12,
        0.0,
        1.0,
        "per month",
        "derived",
        "close_degree",
        "Chance of seeking a friend, times the share of wanted missing",
    )
    friend_closure: float = number(
        0.93, 0.0, 1.0, "share", "derived", "close_clustering", "Share of new friends sought among friends of friends"
    )
    meet_rate: float = number(
        0.20,
        0.0,
        1.0,
        "per month",
        "derived",
        "acq_degree",
        "Chance of seeking a contact, times the share of wanted missing",
    )
    closure: float = number(
        0.3, 0.0, 1.0, "share", "derived", "acq_clustering", "Share of new contacts sought among contacts' contacts"
    )
    work_share: float = number(
        0.5,
        0.0,
        1.0,
        "share",
        "assumed",
        "no direct evidence; varied in robustness",
        "Share of other new contacts that people in work seek at work",
    )
    new_close_strength: float = number(
        0.6, 0.0, 1.0, "0..1", "assumed", "no direct evidence; varied in robustness", "Strength of a new friendship"
    )
    new_weak_strength: float = number(
        0.3, 0.0, 1.0, "0..1", "assumed", "no direct evidence; varied in robustness", "Strength of any other new tie"
    )
    welcome: int = number(
        4,
        0,
        16,
        "proposals",
        "assumed",
        "no direct evidence; varied in robustness",
        "Meetings of newcomers in their street, or of new pupils with classmates",
    )
