"""Levels: what the place looks like in a month (measures.md, "Levels"). Rates are of residents aged 16-64."""

from __future__ import annotations

import numpy as np

from careersim.measures.inequality import duncan, gini, percentile_ratio, rank_slope, theil, theil_between
from careersim.measures.registry import Snapshot, measure, median, ratio
from careersim.town.columns import OUTSIDE, RQF4, WORKING
from careersim.town.network import clustering as mean_clustering
from careersim.town.network import degree as mean_degree
from careersim.town.network import economic_connectedness

APS = "ONS Annual Population Survey, definitions"


@measure("people", 0, 1e6, "stock", monthly=True)
def residents(s: Snapshot) -> float:
    """Residents aged 13 to pension age."""
    return float(s.residents.sum())


@measure("share", 0, 1, APS, monthly=True)
def employment_rate(s: Snapshot) -> float:
    """In work over residents 16-64: E / R."""
    return ratio(s.counts["employed"], s.counts["working_age"])


@measure("share", 0, 1, APS, monthly=True)
def unemployment_rate(s: Snapshot) -> float:
    """Out of work and looking over the active: U / (E + U), 16-64."""
    u = s.counts["unemployed"]
    return ratio(u, u + s.counts["employed"])


@measure("share", 0, 1, APS, monthly=True)
def inactivity_rate(s: Snapshot) -> float:
    """Neither in work nor looking over residents 16-64: 1 - (E + U) / R."""
    return 1.0 - ratio(s.counts["employed"] + s.counts["unemployed"], s.counts["working_age"])


@measure("share", 0, 1, APS, monthly=True)
def discouraged_share(s: Snapshot) -> float:
    """Residents 16-64 who have given up looking, over residents 16-64."""
    return ratio(s.counts["discouraged"], s.counts["working_age"])


@measure("share", 0, 1, "ONS NEET statistics")
def neet_16_24(s: Snapshot) -> float:
    """Residents 16-24 neither in work nor in full-time study, over residents 16-24."""
    w = s.town.people
    young = s.working_age & (s.age < 300)
    return ratio((young & (w.post < 0) & (w.stage == WORKING)).sum(), young.sum())


@measure("share", 0, 1, "Census 2021 workplace tables, definition", monthly=True)
def out_commuting(s: Snapshot) -> float:
    """Residents in work who hold outside posts, over residents in work."""
    return ratio(s.counts["out_commuters"], s.counts["employed"])


@measure("per month", 0, 1e6, "flow", monthly=True)
def hires(s: Snapshot) -> float:
    """Residents hired in the month, job changers included."""
    return s.tally("hires_total")


@measure("share", 0, 1, "Labour Market Trends 2002; Pellizzari 2010", monthly=True)
def contact_share(s: Snapshot) -> float:
    """Hires through contacts over hires of the month."""
    return ratio(s.tally("hires_contact"), s.tally("hires_total"))


@measure("per month", 0, 1, "ONS X02, definition", monthly=True)
def job_to_job_rate(s: Snapshot) -> float:
    """Job changes of the month over residents in work."""
    return ratio(s.tally("job_changes"), s.counts["employed"])


@measure("per month", 0, 1, "ONS, Moving between unemployment and employment", monthly=True)
def job_finding_rate(s: Snapshot) -> float:
    """Hires out of joblessness over the unemployed at the end of the month plus those hires."""
    found = s.tally("hires_total") - s.tally("job_changes")
    return ratio(found, s.counts["unemployed"] + found)


@measure("per month", 0, 1, "ONS, Moving between unemployment and employment", monthly=True)
def loss_rate(s: Snapshot) -> float:
    """Separations to joblessness over residents in work."""
    return ratio(s.tally("separations") + s.tally("exit_layoffs"), s.counts["employed"])


@measure("heads", 0, 1e6, "stock", monthly=True)
def vacancies(s: Snapshot) -> float:
    """Vacant heads in local posts after the month's hiring."""
    return float(s.town.posts.vacancies[s.local_posts].sum())


@measure("share", 0, 1, "ONS VACS01, definition", monthly=True)
def vacancy_rate(s: Snapshot) -> float:
    """Vacant heads over vacant and filled heads of local posts, in-commuters included."""
    p, local = s.town.posts, s.local_posts
    vacant = p.vacancies[local].sum()
    alive = s.town.employers.alive[p.employer[local]] == 1
    return ratio(vacant, vacant + p.holders[local].sum() + p.commuters[local][alive].sum())


@measure("ratio", 0, 100, "ONS VACS01, definition", monthly=True)
def tightness(s: Snapshot) -> float:
    """Vacancies per unemployed resident: V / U."""
    return ratio(s.town.posts.vacancies[s.local_posts].sum(), s.counts["unemployed"])


@measure("GBP per month", 0, 1e6, "ONS ASHE, definition", monthly=True)
def median_pay(s: Snapshot) -> float:
    """Median pay of residents in work."""
    return median(s.pay)


@measure("GBP per month", 0, 1e6, "ONS ASHE, definition", monthly=True)
def mean_pay(s: Snapshot) -> float:
    """Mean pay of residents in work."""
    return float(s.pay.mean()) if s.pay.size else float("nan")


@measure("share", 0, 2, "national accounts, definition", monthly=True)
def labour_share(s: Snapshot) -> float:
    """Pay bill over output of local employers, in-commuters included."""
    f = s.town.employers
    local = f.sector != OUTSIDE
    return ratio(f.pay_bill[local].sum(), f.output[local].sum())


@measure("GBP per month", 0, 1e6, "national accounts, definition", monthly=True)
def output_per_job(s: Snapshot) -> float:
    """Output of local employers over filled jobs (compare: GVA per filled job)."""
    local = s.town.employers.sector != OUTSIDE
    p = s.town.posts
    jobs = (
        p.holders[s.local_posts] + p.commuters[s.local_posts] * (s.town.employers.alive[p.employer[s.local_posts]])
    ).sum()
    return ratio(s.town.employers.output[local].sum(), jobs)


@measure("ratio", 0, 2, "measures.md")
def gini_pay(s: Snapshot) -> float:
    """Gini coefficient of residents' pay."""
    return gini(s.pay)


@measure("nats", 0, 5, "Theil 1967")
def theil_pay(s: Snapshot) -> float:
    """Theil index of residents' pay."""
    return theil(s.pay)


@measure("share", 0, 1, "Theil 1967")
def theil_between_occupations(s: Snapshot) -> float:
    """Share of the Theil index of pay that lies between occupations."""
    return theil_between(s.pay, s.town.people.last_occupation[s.employed])


@measure("ratio", 1, 100, "ONS ASHE, definition")
def p90_p10(s: Snapshot) -> float:
    """Ninetieth over tenth percentile of residents' pay."""
    return percentile_ratio(s.pay)


def _median_gap(s: Snapshot, column: np.ndarray) -> float:
    low, high = s.town.people.pay[s.employed & (column == 1)], s.town.people.pay[s.employed & (column == 0)]
    return 1.0 - median(low) / median(high) if low.size and high.size else float("nan")


@measure("share", -1, 1, "ONS gender pay gap, definition")
def gender_pay_gap(s: Snapshot) -> float:
    """One less women's median pay over men's."""
    return _median_gap(s, s.town.people.gender)


@measure("share", -1, 1, "ONS ethnicity pay gaps, definition")
def ethnic_pay_gap(s: Snapshot) -> float:
    """One less minority residents' median pay over the majority's."""
    return _median_gap(s, s.town.people.ethnicity)


@measure("index", 0, 1, "Duncan and Duncan 1955")
def segregation(s: Snapshot) -> float:
    """Duncan index of occupational segregation by gender: half the summed difference of occupation shares."""
    return duncan(s.town.people.last_occupation[s.employed], s.town.people.gender[s.employed])


@measure("slope", -1, 1, "Chetty et al. 2014")
def rank_rank_slope(s: Snapshot) -> float:
    """Slope of residents' income rank (ages 25-64) on the national rank of their parents' income."""
    adults = s.working_age & (s.age >= 300)
    return rank_slope(s.town.people.origin[adults], s.income[adults])


@measure("log points", -10, 10, "model.md 6.3")
def match_quality(s: Snapshot) -> float:
    """Mean likeness (cosine) of workers' interests and their occupation's Holland profile."""
    w = s.town.people
    profile = s.town.occupations.riasec[w.last_occupation[s.employed]]
    return float(np.einsum("ij,ij->i", w.interests[s.employed], profile).mean()) if s.pay.size else float("nan")


@measure("share", 0, 1, "DBT Trade Union Membership, definition", monthly=True)
def union_density(s: Snapshot) -> float:
    """Union members over residents in work at the place's own employers (outside posts have no unions in the model)."""
    return ratio(s.counts["members_at_local_posts"], s.counts["employed"] - s.counts["out_commuters"])


@measure("share", 0, 1, "DBT Trade Union Membership, definition", monthly=True)
def union_coverage(s: Snapshot) -> float:
    """Residents in work whose employer recognises a union, over residents in work."""
    return ratio(s.counts["covered"], s.counts["employed"])


@measure("people per month", 0, 1e6, "flow", monthly=True)
def out_moves(s: Snapshot) -> float:
    """Residents who left for elsewhere in the month."""
    return s.tally("out_moves")


@measure("people per month", 0, 1e6, "flow", monthly=True)
def in_moves(s: Snapshot) -> float:
    """People who came in the month: in-migrants and returners."""
    return s.tally("in_moves")


@measure("skill units", 0, 1e7, "model.md 4")
def skill_stock(s: Snapshot) -> float:
    """Summed skill of residents 16-64."""
    return float(s.town.people.skill[s.working_age].astype(np.float64).sum())


@measure("ratio", 0, 100, "model.md 4")
def resident_skill(s: Snapshot) -> float:
    """Mean skill of residents 16-64 (national median 1)."""
    return ratio(s.town.people.skill[s.working_age].astype(np.float64).sum(), s.working_age.sum())


@measure("share", 0, 1, "ONS APS, definition")
def graduate_share(s: Snapshot) -> float:
    """Residents 16-64 with RQF 4 or above."""
    return ratio((s.town.people.qualification[s.working_age] == RQF4).sum(), s.working_age.sum())


@measure("GBP per month", 0, 1e6, "measures.md", monthly=True)
def income_per_resident(s: Snapshot) -> float:
    """Net income (pay less travel, or benefit) of residents 16-64, mean."""
    return ratio(s.counts["income"], s.counts["working_age"])


@measure("GBP per month", 0, 1e6, "measures.md", monthly=True)
def income_low_origin_third(s: Snapshot) -> float:
    """Mean net income of residents 16-64 in the lowest national third of parents' income."""
    return ratio(s.counts["income_low_origin"], s.counts["low_origin"])


@measure("ratio", 0, 10, "model.md 6.2", monthly=True)
def demand_index(s: Snapshot) -> float:
    """Local demand X relative to burn-in."""
    return s.town.aggregates.demand_index


@measure("ratio", 0, 10, "model.md 6.10", monthly=True)
def civic_capital(s: Snapshot) -> float:
    """Civic capital K relative to burn-in."""
    return s.town.aggregates.civic_capital


@measure("employers", 0, 1e6, "stock", monthly=True)
def employers_alive(s: Snapshot) -> float:
    """Filled slots of local employers."""
    return float((s.town.employers.alive[s.town.employers.sector != OUTSIDE]).sum())


@measure("ties", 0, 1000, "targets.csv acq_degree")
def degree(s: Snapshot) -> float:
    """Mean number of ties of residents."""
    return mean_degree(s.town)


@measure("coefficient", 0, 1, "targets.csv acq_clustering")
def clustering(s: Snapshot) -> float:
    """Mean local clustering of residents' ties."""
    return mean_clustering(s.town)


@measure("share", 0, 1, "Chetty et al. 2022; BIT/RSA 2025")
def connectedness(s: Snapshot) -> float:
    """Share of high-origin contacts among the contacts of the lower-origin half."""
    return economic_connectedness(s.town)


@measure("GBP per month", 0, 1e9, "targets.csv cost rows", monthly=True)
def public_cost(s: Snapshot) -> float:
    """Public money spent on services in the month."""
    return s.town.ledger_flows.get("public_cost", 0.0)


@measure("sessions", 0, 1e6, "measures.md")
def sessions_low_to_high(s: Snapshot) -> float:
    """Sessions received per resident 16-64 since policy began: lowest over highest origin third."""
    w = s.town.people
    low, high = s.working_age & (w.origin < 1 / 3), s.working_age & (w.origin >= 2 / 3)
    return ratio(ratio(w.sessions[low].sum(), low.sum()), ratio(w.sessions[high].sum(), high.sum()))


GROUPS = ("origin_third", "gender", "ethnicity", "qualification", "age", "months_out")
"""Groups by which any level is available; two may be crossed."""


def group_of(s: Snapshot, name: str) -> np.ndarray:
    """Return each row's group: origin third 0-2; gender; ethnicity; qualification; age 16-24, 25-49, 50+; months out of work."""
    w = s.town.people
    if name == "origin_third":
        return np.minimum((w.origin * 3).astype(np.int8), 2)
    if name in ("gender", "ethnicity", "qualification"):
        return getattr(w, name)
    if name == "age":
        return np.digitize(s.age, [300, 600]).astype(np.int8)
    if name == "months_out":
        out = np.where(w.jobless_since >= 0, s.town.month - w.jobless_since, -1)
        return np.where(out < 0, -1, np.digitize(out, [6, 13])).astype(np.int8)
    raise KeyError(f"no group named {name!r}; known groups: {', '.join(GROUPS)}")
