"""Levels: moves, skill, ties, civic life and support received (measures.md, "Levels")."""

from __future__ import annotations

import numpy as np

from careersim.measures.registry import Snapshot, measure, ratio
from careersim.town.columns import RQF4
from careersim.town.network import contacts_by_origin, ties_to_residents
from careersim.town.sums import FRACTION
from careersim.town.threads import sum_over_rows

LEFT, CAME = "left_rows", ("came_rows", "returned_rows")


@measure("people per month", 0, 1e6, "flow", monthly=True, flow=True)
def out_moves(s: Snapshot) -> float:
    """Residents who left for elsewhere in the month, pupils who went with a parent included."""
    return s.flow(LEFT)


@measure("people per month", 0, 1e6, "flow", monthly=True, flow=True)
def in_moves(s: Snapshot) -> float:
    """People who came in the month: in-migrants, and people who came back with their pupils."""
    return s.flow(*CAME)


@measure("skill units per month", 0, 1e7, "model.md 4", monthly=True, flow=True)
def skill_left(s: Snapshot) -> float:
    """Summed skill of those who left in the month (in people of median skill)."""
    return _skill_of(s, s.rows(LEFT))


@measure("skill units per month", 0, 1e7, "model.md 4", monthly=True, flow=True)
def skill_came(s: Snapshot) -> float:
    """Summed skill of those who came in the month (in people of median skill)."""
    return _skill_of(s, s.rows(*CAME))


def _skill_of(s: Snapshot, rows: np.ndarray) -> float:
    return float(s.town.people.skill.take(rows).astype(np.float64).sum())


@measure("ties per month", 0, 1e8, "measures.md", monthly=True, flow=True)
def ties_lost_to_leaving(s: Snapshot) -> float:
    """Ties to people who stay, of those who left in the month."""
    return float(ties_to_residents(s.rows(LEFT), s.town.people.residence, s.town.ties.contact))


@measure("skill units", 0, 1e7, "model.md 4")
def skill_stock(s: Snapshot) -> float:
    """Summed skill of residents 16-64 (in people of median skill)."""
    return _skill_of(s, s.working_age)


@measure("ratio", 0, 100, "model.md 4")
def resident_skill(s: Snapshot) -> float:
    """Mean skill of residents 16-64 (national median 1)."""
    return ratio(skill_stock(s), s.counts["working_age"])


@measure("share", 0, 1, "ONS APS, definition")
def graduate_share(s: Snapshot) -> float:
    """Residents 16-64 with RQF 4 or above, over residents 16-64."""
    graduates = s.town.people.qualification.take(s.working_age) == RQF4
    return ratio(np.count_nonzero(graduates), s.counts["working_age"])


@measure("ratio", 0, 100, "model.md 6.10", monthly=True, by_group=False)
def civic_capital(s: Snapshot) -> float:
    """Civic capital K relative to burn-in."""
    return s.town.aggregates.civic_capital


@measure("ties", 0, 1000, "targets.csv acq_degree")
def degree(s: Snapshot) -> float:
    """Mean number of ties of residents to residents."""
    n = s.degree_and_clustering[0].compress(s.residents)
    return float(n.mean()) if n.size else float("nan")


@measure("coefficient", 0, 1, "Watts and Strogatz 1998; targets.csv acq_clustering")
def clustering(s: Snapshot) -> float:
    """Mean local clustering of residents: the share of a person's contacts who are tied to each other."""
    mine = s.degree_and_clustering[1].compress(s.residents)
    return float(mine.sum(dtype=np.int64) / FRACTION / mine.size) if mine.size else float("nan")


@measure("share", 0, 1, "half of economic connectedness, Chetty et al. 2022; BIT/RSA 2025")
def connectedness(s: Snapshot) -> float:
    """Share of the better-off half by origin among the contacts of residents from the other half."""
    w, whose = s.town.people, s.residents
    return ratio(*sum_over_rows(contacts_by_origin, len(whose), whose, w.residence, w.origin, s.town.ties.contact))


@measure("GBP per month", 0, 1e9, "targets.csv cost rows", monthly=True, by_group=False)
def public_cost(s: Snapshot) -> float:
    """Public money spent on services in the month, today's provision included."""
    return s.town.ledger_flows.get("public_cost", 0.0)


@measure("sessions per person", 0, 1e4, "measures.md")
def sessions_received(s: Snapshot) -> float:
    """Sessions of any service received since policy began, per resident 16-64."""
    return _received(s.town.people.sessions, s.working_age)


@measure("GBP per person", 0, 1e7, "measures.md; targets.csv cost rows")
def support_received(s: Snapshot) -> float:
    """Public cost of what was received from any service since policy began, per resident 16-64."""
    return _received(s.town.people.support_cost, s.working_age)


def _received(column: np.ndarray, rows: np.ndarray) -> float:
    return ratio(column.take(rows).sum(), len(rows))


def _low_to_high(s: Snapshot, column: np.ndarray) -> float:
    """What each resident 16-64 of the lowest origin third received, over what each of the highest did."""
    low, high = s.origin_thirds
    return ratio(_received(column, low), _received(column, high))


@measure("ratio", 0, 1e6, "measures.md")
def sessions_low_to_high(s: Snapshot) -> float:
    """Sessions received per resident 16-64 since policy began: lowest over highest origin third."""
    return _low_to_high(s, s.town.people.sessions)


@measure("ratio", 0, 1e6, "measures.md")
def support_low_to_high(s: Snapshot) -> float:
    """Public GBP of support received per resident 16-64 since policy began: lowest over highest origin third."""
    return _low_to_high(s, s.town.people.support_cost)
