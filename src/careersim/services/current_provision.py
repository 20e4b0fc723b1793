"""`current_provision`: more, less, or other, of what there is today."""

from __future__ import annotations

from typing import ClassVar, Literal

from careersim.scenario.parameters import Parameters
from careersim.scenario.parameters.declare import choice, number
from careersim.services.base import Strategy
from careersim.services.provision import Provision

_CHOICE = "a choice of the decision maker"


class CurrentProvision(Provision):
    """Today's careers service at another size, or moved online or to groups.

    *Who*, *content*, *how much*: as today's provision, whose place and waiting list it takes. *Format*: interviews, at ``scale`` times today's
    budget; what is cut can be saved, or spent on the same content online or in groups (``cut_moves_to``). *Cost*: today's budget times
    ``scale``, plus what is moved; money saved shows as a negative cost. *Source*: restructuring and cuts of careers services
    (Hooley 2012; Watts 2013). *What it is not*: an addition: at ``scale`` 1 nothing differs from `none`, bit for bit; those who took
    part are all who used the service in either world.
    """

    name: ClassVar[str] = "current_provision"
    replaces_provision: ClassVar[bool] = True

    scale: float = number(1.0, 0.0, 10.0, "ratio", "assumed", _CHOICE, "Interviews paid for, relative to today")
    cut_moves_to: Literal["savings", "online", "group"] = choice(
        "savings", _CHOICE, "What the money of interviews cut is used for (at a scale below 1)"
    )

    def active(self, policy_month: int) -> bool:
        """Run from start to end; before and after, today's provision goes on."""
        return Strategy.active(self, policy_month)

    def budget_at(self, params: Parameters, policy_month: int) -> float:
        """Return the budget of interviews."""
        return super().budget_at(params, policy_month) * self.scale

    def parts(self) -> list[Strategy]:
        """Return the interviews, and the service to which the rest was moved."""
        interviews = self.model_copy(update={"cut_moves_to": "savings"})
        if self.cut_moves_to == "savings" or self.scale >= 1.0:
            return [interviews]
        given = {k: v for k, v in self.model_dump(exclude_unset=True).items() if k in MovedProvision.model_fields}
        return [interviews, MovedProvision(**given | {"format": self.cut_moves_to, "moved_share": 1.0 - self.scale})]


class MovedProvision(Provision):
    """The part of today's provision that was moved online or to groups: the same content, met otherwise."""

    name: ClassVar[str] = "moved_provision"

    moved_share: float = number(0.5, 0.0, 1.0, "share", "assumed", _CHOICE, "Share of today's budget")

    def active(self, policy_month: int) -> bool:
        """Run from start to end."""
        return Strategy.active(self, policy_month)

    def budget_at(self, params: Parameters, policy_month: int) -> float:
        """Return its budget."""
        return super().budget_at(params, policy_month) * self.moved_share
