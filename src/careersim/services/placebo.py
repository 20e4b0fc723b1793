"""`placebo`: one resident changed a little, to show how much of a difference is mere sorting."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from careersim import chance
from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import number
from careersim.services import levers, programme
from careersim.services.base import Service, Strategy
from careersim.town.columns import HERE, WORKING
from careersim.town.town import Town


class Placebo(Strategy):
    """One resident's career skill is changed a little, once: the noise floor of every comparison.

    *Who*: one resident of working age drawn by luck. *Content*: a fraction of one session. *Cost*: none. *What it is not*: a strategy. As posts are
    rival, one changed application can pass round the town; differences of this size say nothing about a policy.
    """

    name: ClassVar[str] = "placebo"
    levers: ClassVar[frozenset[str]] = frozenset({"raise_career_skill"})
    free: ClassVar[bool] = True

    budget: float | None = number(0.0, 0.0, 0.0, "GBP per resident per month", "assumed", "no service", "No budget")
    dose: float = number(0.1, 0.0, 5.0, "sessions", "assumed", "no service", "Size of the change")

    def run(self, service: Service, town: Town, params: Parameters, month: int, purse: float) -> float:
        """Change one resident in the first month."""
        if month != town.policy_start + self.start_month:
            return 0.0
        w = town.people
        rows = np.flatnonzero((w.residence == HERE) & (w.stage == WORKING) & (w.career_skill < 0.9))
        luck = chance.uniforms(town.key, chance.PERTURB, 0, w.id[rows])
        one = rows[np.lexsort((w.id[rows], luck))[:1]]
        session = programme.open_session(self, service, town, params, month, one, np.ones(len(one), np.int64))
        levers.raise_career_skill(session, self.dose)
        programme.check_levers(self, session)
        return 0.0
