"""Demography: who the residents are, how they age, study, leave the labour force and come to town."""

from __future__ import annotations

from careersim.scenario.parameters.declare import Group, choice, number

_DESIGN = "model.md 4, 6.1; no published figure found"


class Demography(Group):
    """Traits of people, schooling, inactivity and in-migration."""

    on: bool = choice(True, "model.md 6.1", "Whether people age, enter, study, retire and change activity")

    # origin and place
    origin_pay_sd: float = number(
        0.55, 0.2, 1.0, "log points", "assumed", "ASHE: UK log pay dispersion about .5-.6 (memory)",
        "Spread of log pay used to turn pay into a national rank"
    )  # fmt: skip
    origin_from_parent: float = number(
        0.6, 0.0, 1.0, "correlation", "assumed", "rank_rank in targets.csv is compared with what emerges",
        "Correlation of the parents' joint income with the pay of the parent who is a person of the model"
    )  # fmt: skip
    segregation: float = number(
        0.4,
        0.0,
        0.99,
        "correlation",
        "assumed",
        _DESIGN,
        "Correlation of origin with the neighbourhood's place in town",
    )
    minority_elsewhere: float = number(
        0.18, 0.0, 1.0, "share", "measured", "ONS Census 2021, ethnic group, England and Wales (memory)",
        "Share of in-migrants of a minority ethnicity"
    )  # fmt: skip
    rqf3_elsewhere: float = number(
        0.21, 0.0, 1.0, "share", "measured", "ONS APS 2023: RQF3+ 67.7% of residents 16-64, less RQF4+",
        "Share of people elsewhere whose highest qualification is RQF 3"
    )  # fmt: skip
    rqf4_elsewhere: float = number(
        0.47, 0.0, 1.0, "share", "measured", "ONS APS 2023, RQF4+ of residents 16-64, UK (memory)",
        "Share of people elsewhere qualified RQF 4 or above"
    )  # fmt: skip
    migrants_like_place: float = number(
        0.5, 0.0, 1.0, "share", "assumed", "posts attract the people who fit them; no source found",
        "How far in-migrants have the qualifications of the place's residents (1) rather than of people elsewhere (0)"
    )  # fmt: skip

    # skill and schooling
    skill_sd: float = number(
        0.3, 0.05, 1.0, "log points", "assumed", _DESIGN, "Spread of log skill before schooling and experience"
    )
    skill_origin: float = number(
        0.3, 0.0, 0.9, "correlation", "assumed", "in the range of the rank-rank slope (Chetty et al. 2014)",
        "Correlation of skill before schooling with origin"
    )  # fmt: skip
    skill_gain_rqf3: float = number(0.05, 0.0, 0.5, "log points", "assumed", _DESIGN, "Skill gained on reaching RQF 3")
    skill_gain_rqf4: float = number(
        0.15, 0.0, 0.7, "log points", "assumed", _DESIGN, "Further skill gained on reaching RQF 4"
    )
    skill_youth: float = number(
        0.3, 0.0, 0.8, "log points", "assumed", _DESIGN, "Skill at 16 below skill at 35, gained by experience"
    )
    attainment_origin: float = number(
        0.25, 0.0, 0.6, "weight", "assumed", "rank_rank in targets.csv is compared with what emerges",
        "Weight of origin in staying on in education (latent attainment has variance 1)"
    )  # fmt: skip
    attainment_skill: float = number(
        0.4, 0.0, 0.6, "weight", "assumed", _DESIGN, "Weight of skill in staying on in education"
    )
    attainment_exposure: float = number(
        0.5, 0.0, 2.0, "weight", "assumed", "sign: Chetty et al. 2022, friends of high status and mobility",
        "Weight of the share of high-origin adults among the family's contacts in staying on"
    )  # fmt: skip
    exposure_reference: float = number(
        0.47, 0.0, 1.0, "share", "measured", "ec_uk in targets.csv (BIT/RSA 2025)",
        "Share of high-origin adults among contacts at which exposure neither helps nor hinders"
    )  # fmt: skip
    completion: float = number(
        0.92, 0.3, 1.0, "share", "assumed", "UK non-continuation about 6-10% (memory)",
        "Share of those who study for a qualification who reach it"
    )  # fmt: skip
    stem_base_16: float = number(
        -1.3, -3.0, 3.0, "probit", "assumed", "set for about a third of a school year (A-level entries, memory)",
        "Readiness to choose a STEM subject at 14-16"
    )  # fmt: skip
    stem_base_18: float = number(
        0.2, -3.0, 3.0, "probit", "assumed", _DESIGN, "Readiness to stay with a STEM subject at 16-18"
    )
    stem_interest: float = number(
        4.5, 0.0, 8.0, "probit", "assumed",
        "Su, Rounds and Armstrong 2009 (sign); size: about half a probit per sd of likeness (.11), i.e. people in STEM subjects and"
        " others lie about .8 sd apart in interests (memory)",
        "Effect of likeness of interests to STEM occupations (less mean likeness) on choosing STEM"
    )  # fmt: skip
    stem_considered: float = number(
        1.0, 0.0, 4.0, "probit", "assumed", _DESIGN, "Effect of considering a STEM occupation on choosing STEM"
    )
    stem_contacts: float = number(
        1.5, 0.0, 6.0, "probit", "assumed", "sign: role models of one's own gender (Porter and Serra 2020, memory)",
        "Effect of the share of contacts of one's gender in work who hold STEM posts"
    )  # fmt: skip
    stem_gender: float = number(
        0.0, -2.0, 2.0, "probit", "assumed", _DESIGN, "Effect of being a girl beyond interests, horizon and contacts"
    )

    # outlook
    outlook_sd: float = number(
        0.15, 0.01, 0.4, "0..1", "assumed", "unit in which effects of interventions (Cohen d) are read",
        "Spread of career_skill, self_awareness, morale and knows_elsewhere between people"
    )  # fmt: skip
    outlook_origin: float = number(
        0.03, 0.0, 0.15, "per sd", "assumed", _DESIGN, "Rise of those and of digital literacy with one sd of origin"
    )
    morale_mean: float = number(0.6, 0.1, 0.95, "0..1", "assumed", _DESIGN, "Mean morale")
    attribution_mean: float = number(
        0.45, 0.05, 0.95, "0..1", "assumed", _DESIGN, "Mean share of setbacks laid to shared conditions"
    )
    knows_elsewhere_mean: float = number(
        0.15, 0.0, 1.0, "0..1", "assumed", _DESIGN, "Mean knowledge of elsewhere of people below RQF 4"
    )
    knows_elsewhere_rqf4: float = number(
        0.45,
        0.0,
        0.7,
        "0..1",
        "assumed",
        _DESIGN,
        "Further knowledge of elsewhere of people with RQF 4 and in-migrants",
    )
    interest_gender: float = number(
        1.0, 0.0, 1.5, "share", "derived",
        "Su, Rounds and Armstrong 2009: gaps in full; with half of them boys and girls chose STEM almost alike and the sexes'"
        " occupations lay nearer together than national figures (women_share in national.yaml)",
        "Share of the published gender gaps in RIASEC interests that is native to people of the model"
    )  # fmt: skip
    horizon_base: float = number(
        -0.1, -3.0, 3.0, "probit", "assumed", _DESIGN, "Readiness to see an occupation as open to someone like me"
    )
    horizon_gender: float = number(
        1.5, 0.0, 5.0, "probit", "assumed", "Gottfredson 1981, circumscription (form)",
        "Effect of the share of one's own gender among holders (less one half) on considering an occupation"
    )  # fmt: skip
    horizon_origin: float = number(
        0.3, 0.0, 2.0, "probit", "assumed", "Gottfredson 1981; Hodkinson and Sparkes 1997 (form)",
        "Effect of one sd of origin on considering the highest class, and minus that on the lowest"
    )  # fmt: skip
    horizon_gap: float = number(
        0.8, 0.0, 3.0, "probit", "assumed", _DESIGN, "Fall per level of qualification missing (adults)"
    )
    odds_start: float = number(
        0.1, 0.001, 1.0, "per application", "assumed", "moves to experience in burn-in", "Mean odds_belief at the start"
    )
    literacy_mean: float = number(0.55, 0.0, 1.0, "0..1", "assumed", _DESIGN, "Mean digital literacy of all ages")
    excluded_origin: float = number(
        0.5, 0.0, 2.0, "probit", "derived", "digital_excluded in targets.csv: all .05-.13, social grade DE .23",
        "Fall of digital exclusion with one sd of origin"
    )  # fmt: skip
    threshold_mean: float = number(
        0.5, -0.5, 2.0, "share", "assumed", "Granovetter 1978 (form)", "Mean threshold for joining in"
    )
    threshold_sd: float = number(0.25, 0.0, 1.0, "share", "assumed", "Granovetter 1978 (form)", "Spread of thresholds")
    support_sd: float = number(0.2, 0.0, 1.0, "-1..1", "assumed", _DESIGN, "Spread of support at the start (mean 0)")
    community_worth: float = number(
        25.0, 0.0, 1000.0, "GBP per month", "assumed", "fitted to moves_young in targets.csv",
        "Mean worth of one tie of full strength in this place"
    )  # fmt: skip
    community_worth_sd: float = number(
        0.6, 0.0, 2.0, "log points", "assumed", _DESIGN, "Spread of the log worth of a tie between people"
    )

    # inactivity
    care_exit: float = number(
        0.008, 0.0, 0.2, "per month", "assumed", "UK flows from inactivity, order of size (memory)", "Return from care"
    )
    sick_exit: float = number(
        0.004, 0.0, 0.2, "per month", "assumed", "long-term sick rarely return within a year (memory)",
        "Return from long-term sickness"
    )  # fmt: skip
    early_retired_exit: float = number(0.002, 0.0, 0.2, "per month", "assumed", _DESIGN, "Return from early retirement")
    other_exit: float = number(0.010, 0.0, 0.2, "per month", "assumed", _DESIGN, "Return from other inactivity")
    jobless_factor: float = number(
        8.0, 1.0, 20.0, "ratio", "assumed", "UK flows: the unemployed leave the labour force more often (sign)",
        "Entry into inactivity of the unemployed over the employed"
    )  # fmt: skip

    # in-migration
    admission: float = number(
        0.8, 0.05, 1.0, "probability", "assumed", "a scale: the flow is solved per place",
        "Chance that a potential in-migrant comes when local unemployment is at its burn-in mean"
    )  # fmt: skip
    admission_unemployment: float = number(
        0.5, 0.0, 5.0, "elasticity", "assumed", "sign: model.md 6.1", "Fall of that chance with local unemployment"
    )
