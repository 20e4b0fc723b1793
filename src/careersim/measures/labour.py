"""Levels: work (measures.md, "Levels"). Who is in work, who looks, who is hired, and through whom. Rates are of residents 16-64."""

from __future__ import annotations

import numpy as np

from careersim.measures.inequality import duncan
from careersim.measures.registry import Snapshot, measure, ratio
from careersim.town.columns import CONTACT, WORKING

APS = "ONS Annual Population Survey, definition"
FLOWS = "ONS, Moving between unemployment and employment, definition"
HIRED, CHANGED, LOST = "hired_rows", "job_changer_rows", ("separated_rows", "exit_staff_rows")


@measure("people", 0, 1e7, "stock", monthly=True)
def residents(s: Snapshot) -> float:
    """Residents aged 13 to pension age."""
    return float(np.count_nonzero(s.residents))


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
    active = s.counts["employed"] + s.counts["unemployed"]
    return 1.0 - ratio(active, s.counts["working_age"])


def _inactive(s: Snapshot, reason: str) -> float:
    return ratio(s.counts[reason], s.counts["working_age"])


@measure("share", 0, 1, APS, monthly=True)
def discouraged_share(s: Snapshot) -> float:
    """Residents 16-64 who have given up looking, over residents 16-64."""
    return _inactive(s, "discouraged")


@measure("share", 0, 1, APS, monthly=True)
def inactive_study(s: Snapshot) -> float:
    """Residents 16-64 in full-time study and not in work, over residents 16-64."""
    return _inactive(s, "students")


@measure("share", 0, 1, APS, monthly=True)
def inactive_care(s: Snapshot) -> float:
    """Residents 16-64 inactive for looking after family or home, over residents 16-64."""
    return _inactive(s, "care")


@measure("share", 0, 1, APS, monthly=True)
def inactive_sick(s: Snapshot) -> float:
    """Residents 16-64 inactive for long-term sickness, over residents 16-64."""
    return _inactive(s, "sick")


@measure("share", 0, 1, APS, monthly=True)
def inactive_early_retired(s: Snapshot) -> float:
    """Residents 16-64 who have retired early, over residents 16-64."""
    return _inactive(s, "early_retired")


@measure("share", 0, 1, APS, monthly=True)
def inactive_other(s: Snapshot) -> float:
    """Residents 16-64 inactive for another reason, over residents 16-64."""
    return _inactive(s, "other_inactive")


@measure("share", 0, 1, "ONS NEET statistics, definition")
def neet_16_24(s: Snapshot) -> float:
    """Residents 16-24 neither in work nor in full-time study, over residents 16-24."""
    w, young = s.town.people, s.working_age.compress(s.under_25)
    return ratio(np.count_nonzero((w.post.take(young) < 0) & (w.stage.take(young) == WORKING)), len(young))


@measure("share", 0, 1, "Census 2021 workplace tables, definition", monthly=True)
def out_commuting(s: Snapshot) -> float:
    """Residents in work who hold outside posts, over residents in work."""
    return ratio(s.counts["out_commuters"], s.counts["employed"])


@measure("share", 0, 1, "Census 2021 workplace tables, definition", monthly=True, by_group=False)
def in_commuting(s: Snapshot) -> float:
    """Filled heads of local posts that in-commuters hold, over filled heads of local posts."""
    held, commuters, _ = s.local_heads
    return ratio(commuters, held + commuters)


@measure("people per month", 0, 1e6, "flow", monthly=True, flow=True)
def hires(s: Snapshot) -> float:
    """Residents hired in the month, job changers included."""
    return s.flow(HIRED)


@measure("share", 0, 1, "Labour Market Trends 2002; Pellizzari 2010", monthly=True)
def contact_share(s: Snapshot) -> float:
    """Hires through contacts over hires of the month."""
    hired = s.rows(HIRED)
    return ratio(np.count_nonzero(s.town.people.hired_through[hired] == CONTACT), len(hired))


@measure("per month", 0, 1, "ONS X02, definition", monthly=True)
def job_to_job_rate(s: Snapshot) -> float:
    """Job changes of the month over residents in work."""
    return ratio(s.flow(CHANGED), s.counts["employed"])


@measure("per month", 0, 1, FLOWS, monthly=True)
def job_finding_rate(s: Snapshot) -> float:
    """Hires out of joblessness over the unemployed at the end of the month plus those hires."""
    found = s.flow(HIRED) - s.flow(CHANGED)
    return ratio(found, s.counts["unemployed"] + found)


@measure("per month", 0, 1, FLOWS, monthly=True)
def loss_rate(s: Snapshot) -> float:
    """Separations to joblessness (quits, losses, closures) over residents in work."""
    return ratio(s.flow(*LOST), s.counts["employed"])


@measure("heads", 0, 1e7, "stock", monthly=True, by_group=False)
def vacancies(s: Snapshot) -> float:
    """Vacant heads in local posts after the month's hiring."""
    return float(s.local_heads[2])


@measure("share", 0, 1, "ONS VACS01, definition", monthly=True, by_group=False)
def vacancy_rate(s: Snapshot) -> float:
    """Vacant heads over vacant and filled heads of local posts, in-commuters included."""
    vacant = s.local_heads[2]
    return ratio(vacant, sum(s.local_heads))


@measure("ratio", 0, 1e6, "ONS VACS01, definition", monthly=True, by_group=False)
def tightness(s: Snapshot) -> float:
    """Vacancies per unemployed resident: V / U."""
    return ratio(s.local_heads[2], s.counts["unemployed"])


@measure("cosine", 0, 1, "Holland 1997 (congruence); model.md 6.3")
def match_quality(s: Snapshot) -> float:
    """Mean likeness (cosine) of workers' interests and their occupation's Holland profile."""
    w = s.town.people
    interests, profile = w.interests.take(s.employed, axis=0), s.town.occupations.riasec.take(s.occupation, axis=0)
    return float(np.einsum("ij,ij->i", interests, profile).mean()) if s.pay.size else float("nan")


@measure("index", 0, 1, "Duncan and Duncan 1955")
def segregation(s: Snapshot) -> float:
    """Duncan index of occupational segregation by gender: half the summed difference of occupation shares."""
    return duncan(s.occupation, s.women)


@measure("share", 0, 1, "DBT Trade Union Membership, definition", monthly=True)
def union_density(s: Snapshot) -> float:
    """Union members over residents in work at the place's own employers (outside posts have no unions in the model)."""
    return ratio(s.counts["members_at_local_posts"], s.counts["employed"] - s.counts["out_commuters"])


@measure("share", 0, 1, "DBT Trade Union Membership, definition", monthly=True)
def union_coverage(s: Snapshot) -> float:
    """Residents in work whose employer recognises a union, over residents in work."""
    return ratio(s.counts["covered"], s.counts["employed"])


@measure("employers", 0, 1e6, "stock", monthly=True, by_group=False)
def employers_alive(s: Snapshot) -> float:
    """Filled slots of local employers."""
    return float(np.count_nonzero(s.town.employers.alive.compress(s.local_employers)))
