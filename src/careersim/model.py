"""The model: one town in one world, as a `mesa.Model`.

A reader of Mesa can write (the README's code, which a test runs)::

    from careersim import CareerModel

    model = CareerModel("inverclyde", people=2000, rng=1)
    model.run_for(24)
    model.datacollector.get_model_vars_dataframe().tail(1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import mesa

from careersim import agents, burn_in
from careersim.chance import replicate_key
from careersim.loop import simulate_month
from careersim.measures.collecting import Collector
from careersim.scenario.national import National, load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place, load_place
from careersim.services import delivery
from careersim.services.base import Service
from careersim.town import identities, state
from careersim.town.town import Town

if TYPE_CHECKING:
    import networkx
    import pandas as pd


class CareerModel(mesa.Model):
    """A constrained local labour market, settled by burn-in, from the first month of policy.

    Parameters
    ----------
    place : str or Place
        Name of a shipped place, path of a place file, or a `Place`.
    people : int
        Residents simulated (aged 13 to pension age); the place keeps its character at any number.
    rng : int
        Seed of the experiment. All luck is a pure function of it, the replicate and the decision.
    replicate : int
        Number of the replicate.
    strategy : str, mapping or sequence of them
        What is offered during the policy period: a strategy's name, ``{name: {option: value}}``, or several.
    parameters : Parameters or mapping, optional
        Parameters of the model; a mapping overrides defaults.
    ties_file : str, optional
        Edge list or GraphML with the network at the start of burn-in (`careersim.town.ties_file`); without it one is generated.
    conditions : mapping, optional
        Parameters that take another value when policy begins, in every world forked from this one, by group and name.
    months : int
        Longest policy period that will be run: identities of all who may enter by then are laid out at the start.
    log_events : bool
        Keep the log of causes from which life stories are told.
    report : callable, optional
        Told the progress of burn-in: text, months done, months in all.

    Attributes
    ----------
    town : Town
        The state: columns of people, ties, employers and posts.
    levels : list of dict
        Measures taken at the end of each month.
    services : list of Service
        Today's provision and the strategy's services.
    collector : Collector
        Takes the measures; replace it to take them by group or more often (`careersim.measures.collecting`).

    Notes
    -----
    ``model.agents`` is a lazy sequence of views; ``model.rng`` and ``model.random`` belong to Mesa and are not used.
    """

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
        super().__init__(rng=rng)
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
    ) -> CareerModel:
        """Return another world with this one's present state, offered ``strategy`` from now on, with the same luck.

        ``shadows`` are strategies by arm that touch nothing here: it is only noted who would have come to them.
        """
        twin = object.__new__(type(self))
        mesa.Model.__init__(twin, rng=0)
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

    def run_for(self, months: int) -> CareerModel:
        """Simulate ``months`` months and return the model."""
        for _ in range(months):
            self.step()
        return self

    # -- looking ------------------------------------------------------------------------------------------------------

    @property
    def agents(self) -> agents.People:
        """The residents, as views made on request (see `careersim.agents`)."""
        return agents.People(self)

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Mesa's collector of the monthly measures, filled when asked for."""
        collector = mesa.DataCollector(
            model_reporters={name: _reporter(name) for name in ("month", *self.collector.measures)}
        )
        for name, values in collector.model_vars.items():
            values.extend(level[name] for level in self.levels)
        return collector

    def network(self) -> networkx.Graph:
        """Return residents and their ties as a `networkx.Graph` with attributes."""
        from careersim.town.network import network

        return network(self.town)

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


def _reporter(name: str):
    return lambda model: model.levels[-1][name]


__all__ = ["CareerModel", "Service", "Town"]
