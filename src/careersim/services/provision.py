"""`provision`: today's careers service, which runs in burn-in and in every arm."""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters import Parameters
from careersim.services.one_to_one import OneToOne


class Provision(OneToOne):
    """Today's careers service: interviews at a stated budget per resident, before and during policy, in every arm.

    *Who*, *format*, *content*, *how much*: as `one_to_one`. *Cost*: parameter ``services.provision_budget``. *What it is not*: a
    strategy to compare; every strategy comes on top of it.
    """

    name: ClassVar[str] = "provision"

    def active(self, policy_month: int) -> bool:
        """Run always."""
        return True

    def budget_at(self, params: Parameters, policy_month: int) -> float:
        """Return the stated budget of today's provision."""
        return params.services.provision_budget if self.budget is None else self.budget
