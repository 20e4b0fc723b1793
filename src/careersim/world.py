"""A world: one town, what is offered in it, and its past; made, forked and run month by month.

Everything that simulates uses this; `careersim.model.CareerModel` is the same as a `mesa.Model`, for readers of Mesa. (Importing Mesa takes
as long as all else together, and a worker of a study needs nothing of it.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from careersim import burn_in
from careersim.chance import replicate_key
from careersim.loop import simulate_month
from careersim.measures.collecting import Collector
from careersim.scenario.national import National, load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place, load_place
from careersim.services import delivery
from careersim.town import identities, state

if TYPE_CHECKING:
    import pandas as pd


class World:
    """A town from the first month of policy under one strategy; parameters and attributes as of `careersim.model.CareerModel`."""

    def __init__(
        self,
        place: str | Place = "inverclyde",
        people: int = 5000,
        *,
        rng: int = 0,
        replicate: int = 0,
        strategy: str | Mapping[str, Any] | Sequence[Any] = "none",
        parameters: Parameters | Mapping[str, Any] | None = None,
        ties_file: str | None = None,
        conditions: Mapping[str, Mapping[str, Any]] | None = None,
        months: int = 120,
        log_events: bool = False,
        report: burn_in.Report | None = None,
    ) -> None:
        self._make_ready(rng)
        self.place = place if isinstance(place, Place) else load_place(place)
        self.national: National = load_national()
        self.parameters = parameters if isinstance(parameters, Parameters) else Parameters(**(parameters or {}))
        self.setting = burn_in.Setting.of(self.place, self.national, self.parameters, people, ties_file)
        self.parameters = self.setting.parameters
        self.months = months
        key = replicate_key(rng, replicate)
        self.town, self.services, self.burn_in_info = burn_in.burned_in(self.setting, key, report)
        identities.lay_out(self.town, self.place, self.national, self.parameters, self.town.policy_start + months)
        self.parameters = self.parameters.under(conditions or {})
        self._start(strategy, log_events)

    def _make_ready(self, rng: int) -> None:
        """Do what a subclass needs before there is a town."""

    def _start(self, strategy: str | Mapping[str, Any] | Sequence[Any], log_events: bool) -> None:
        self.town.log_events = log_events
        self.strategy = strategy
        self.services = [*self.services, *delivery.make_services(strategy, self.parameters)]
        self.levels: list[dict[str, float]] = []
        self.collector = Collector()

    def fork(
        self,
        strategy: str | Mapping[str, Any] | Sequence[Any] = "none",
        log_events: bool = False,
        shadows: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return another world with this one's present state, offered ``strategy`` from now on, with the same luck.

        ``shadows`` are strategies by arm that touch nothing here: it is only noted who would have come to them.
        """
        twin = object.__new__(type(self))
        twin._make_ready(0)
        for name in ("place", "national", "parameters", "setting", "months", "burn_in_info"):
            setattr(twin, name, getattr(self, name))
        twin.town = state.fork(self.town)
        twin.services = [s.copy() for s in self.services if s.is_provision]
        twin._start(strategy, log_events)
        for arm, imitated in (shadows or {}).items():
            twin.services += delivery.make_services(imitated, self.parameters, shadow_of=arm)
        return twin

    # -- running ------------------------------------------------------------------------------------------------------

    @property
    def month(self) -> int:
        """Months of the policy period simulated so far."""
        return self.town.month - self.town.policy_start

    def step(self) -> None:
        """Simulate one month.

        Raises
        ------
        RuntimeError
            If the policy period laid out at the start (``months``) is over.
        """
        if self.month >= self.months:
            raise RuntimeError(f"this model was made for {self.months} months: make it with a larger `months`")
        town, sampled = self.town, {}

        def sample(phase: str) -> None:
            if phase == "separations":
                sampled.update(self.collector.take(town, self.month + 1))

        early = self.parameters.record.after == "separations"
        simulate_month(town, self.parameters, self.services, sample if early else None)
        self.levels.append({"month": self.month, **(sampled or self.collector.take(town, self.month))})

    def run_for(self, months: int) -> Self:
        """Simulate ``months`` months and return the world."""
        for _ in range(months):
            self.step()
        return self

    def support_received(self) -> pd.DataFrame:
        """Return who received what, when, by whom and at what cost: one row for each time, in the order of services.

        Columns: month of policy, person and (if a resident gave it) giver by identity, service by name, session of the programme (0: a
        month of joint action), group, levers used, quality, and public, unpaid and employers' cost in GBP.
        """
        import pandas as pd

        return pd.DataFrame(delivery.support_received(self.services))

    def series(self) -> pd.DataFrame:
        """Return the monthly measures as a frame, one row a month."""
        import pandas as pd

        return pd.DataFrame(self.levels).set_index("month")
