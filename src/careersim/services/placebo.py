"""`placebo`: one resident changed a little, to show how much of a difference is mere sorting."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import number
from careersim.services import levers, programme
from careersim.services.base import Service, Strategy
from careersim.town.columns import ACTIVE, HERE, WORKING
from careersim.town.town import Town


class Placebo(Strategy):
    """One resident's career skill is raised, month after month for a year: the noise floor of every comparison.

    *Who*: one resident who is out of work and looks for it when policy begins, drawn by luck. *Content*: what five sessions
    move, each month, so that it is felt in this one life. *Cost*: none, and nobody counts as having taken part. *What it is not*: a strategy. As posts are rival,
    one changed application can pass round the town; differences of this size say nothing about a policy.
    """

    name: ClassVar[str] = "placebo"
    levers: ClassVar[frozenset[str]] = frozenset({"raise_career_skill"})
    free: ClassVar[bool] = True

    budget: float | None = number(0.0, 0.0, 0.0, "GBP per resident per month", "assumed", "no service", "No budget")
    dose: float = number(5.0, 0.0, 5.0, "sessions a month", "assumed", "no service", "Size of the change")
    months: int = number(12, 1, 1200, "months", "assumed", "no service", "How long it is repeated")

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Change one resident in each of the first months."""
        since = month - town.policy_start - self.start_month
        if since == 0:
            service.state.memory["who"] = self._draw(town)
        if not 0 <= since < self.months or "who" not in service.state.memory:
            return 0.0
        w = town.people
        one = np.flatnonzero((w.residence == HERE) & np.isin(w.id, service.state.memory["who"]))
        session = programme.open_session(self, service, town, params, month, one, np.ones(len(one), np.int64))
        levers.raise_career_skill(session, self.dose)
        programme.check_levers(self, session)
        return 0.0

    @staticmethod
    def _draw(town: Town) -> np.ndarray:
        """Return the identity of the resident (none if nobody looks for work)."""
        w = town.people
        rows = np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (w.reason == ACTIVE) & (w.post < 0))
        luck = chance.uniforms(town.key, chance.PERTURB, 0, w.id[rows])
        return w.id[rows[np.lexsort((w.id[rows], luck))[:1]]]
