"""`provision`: today's careers service, which runs in burn-in and in every arm."""

from __future__ import annotations

from typing import ClassVar

from careersim.scenario.parameters import Parameters
from careersim.services.one_to_one import OneToOne


class Provision(OneToOne):
    """Today's careers service: interviews at a stated budget per resident, before and during policy, in every arm.

    *Who*, *format*, *content*, *how much*: as `one_to_one`. *Cost*: parameter ``services.provision_budget``. The price of a
    customer's programme is the national service's (targets.csv cost_ncs). *What it is not*: a
    strategy to compare; every strategy comes on top of it.
    """

    name: ClassVar[str] = "provision"

    def active(self, policy_month: int) -> bool:
        """Run always."""
        return True

    def price_per_head(self, params: Parameters) -> float:
        """Return the price of an interview: that of a customer (targets.csv cost_ncs) over the interviews of a programme."""
        if self.price is None and self.format == "one_to_one":
            return params.services.price_customer / self.sessions
        return super().price_per_head(params)

    def budget_at(self, params: Parameters, policy_month: int) -> float:
        """Return the stated budget of today's provision."""
        return params.services.provision_budget if self.budget is None else self.budget
