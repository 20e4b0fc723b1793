"""`collective_bargaining`: organising until recognition."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import number
from careersim.services import eligibility as rules
from careersim.services import levers, programme
from careersim.services.base import Service, Strategy
from careersim.services.participants import NEVER
from careersim.town.columns import OUTSIDE
from careersim.town.sums import FRACTION, counts_by, fixed_sums_by
from careersim.town.town import Town


class CollectiveBargaining(Strategy):
    """Organising campaigns at employers, until the union is recognised and bargains over pay and progression.

    *Who*: workers at local employers without recognition that the law allows it for (at least 21 heads at full size), first where pay is
    furthest below value product and fewest are members. *Format*: at the workplace. *Content*: a campaign, which raises support
    for joint action there while it lasts; who joins, recognition and pay follow from 6.10 and 6.3. *How much*: a campaign of a
    year; a purse is saved up until it pays for a whole employer. *Cost*: a price per worker approached (targets.csv
    cost_organiser); members' dues are shown apart. *Source*: one form of Hooley's fourth question; Trade Union and Labour
    Relations (Consolidation) Act 1992, schedule A1. *What it is not*: it sets no pay and nobody's membership.
    """

    name: ClassVar[str] = "collective_bargaining"
    levers: ClassVar[frozenset[str]] = frozenset({"organise"})
    price_from: ClassVar[str] = "price_organiser"

    eligibility: dict[str, Any] = Field(default={"in_work": True}, description="Which workers may be approached")
    savings_months: float = number(
        24.0, 0.0, 240.0, "months of budget", "assumed", "a choice of the decision maker", "Most that may be saved up"
    )

    def savings(self, params: Parameters, grant: float) -> float:
        """Return the most that may be carried over."""
        return self.savings_months * grant

    def eligible(self, town: Town, month: int) -> np.ndarray:
        """Return which workers could be approached: at local employers without recognition and without a campaign."""
        w = town.people
        at_work = np.flatnonzero(rules.mask(town, month, self.eligibility) & (w.post >= 0))
        out = np.zeros(w.id.shape[0], bool)
        out[at_work] = _open_to_campaigns(town, month)[town.posts.employer[w.post[at_work]]]
        return out

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Begin campaigns at as many of the chosen employers as the purse pays for, in order."""
        heads, price, most = town.employers.heads, self.price_per_head(params), purse + 1e-6
        approached = self._may_be_approached(service, town, params, month)
        if not (approached & (heads * price <= most)).any():
            return 0.0
        workers = np.flatnonzero(self.eligible(town, month))
        employer = town.posts.employer[town.people.post[workers]]
        approached &= counts_by(employer, len(heads)) > 0
        order = _in_order(town, month, np.flatnonzero(approached))
        cost = np.cumsum(heads[order]) * price
        chosen = order[: int(np.searchsorted(cost, most, side="right"))]
        if len(chosen) == 0:
            return 0.0
        self._begun(service, town)[chosen] = month
        rows = workers[np.isin(employer, chosen)]
        session = programme.open_session(self, service, town, params, month, rows, np.ones(len(rows), np.int64))
        levers.organise(session, chosen)
        programme.deliver(self, session)
        return programme.keep_books(self, service, session, float(cost[len(chosen) - 1]))

    def _begun(self, service: Service, town: Town) -> np.ndarray:
        """Month in which each employer was last approached."""
        return service.state.memory.setdefault("begun", np.full(len(town.employers), NEVER, np.int32))

    def _may_be_approached(self, service: Service, town: Town, params: Parameters, month: int) -> np.ndarray:
        """Mask of the employers open to a campaign that are large enough by law and were not approached lately."""
        e = town.employers
        rested = month - self._begun(service, town) >= params.services.campaign_pause
        large = e.heads * e.full_scale >= params.organising.legal_heads
        return _open_to_campaigns(town, month) & rested & large


def _open_to_campaigns(town: Town, month: int) -> np.ndarray:
    """Mask of the local employers without recognition and without a campaign."""
    e = town.employers
    return (e.alive == 1) & (e.sector != OUTSIDE) & (e.recognised == 0) & (e.campaign_until <= month)


def _in_order(town: Town, month: int, employers: np.ndarray) -> np.ndarray:
    """Return ``employers``, worst paid against value product and least organised first."""
    e, p = town.employers, town.posts
    kept = np.maximum(1.0 - p.pay / (p.v0 * (1.0 + p.rho)), 0.0) * p.holders
    holders = fixed_sums_by(p.employer, p.holders.astype(np.float64), len(e), 1.0)
    gap = fixed_sums_by(p.employer, kept, len(e), FRACTION) / np.maximum(holders, 1.0)
    unorganised = 1.0 - e.members / np.maximum(holders, 1.0)
    luck = chance.uniforms(town.key, chance.CAMPAIGN, month, employers)
    return employers[np.lexsort((employers, luck, -(gap * unorganised)[employers]))]
