"""The model: one town in one world, as a `mesa.Model`.

A reader of Mesa can write (the README's code, which a test runs)::

    from careersim import CareerModel

    model = CareerModel("inverclyde", people=2000, rng=1)
    model.run_for(24)
    model.datacollector.get_model_vars_dataframe().tail(1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from careersim import agents
from careersim.services.base import Service
from careersim.town.town import Town
from careersim.world import World

if TYPE_CHECKING:
    import networkx


class CareerModel(World, mesa.Model):
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

    def _make_ready(self, rng: int) -> None:
        mesa.Model.__init__(self, rng=rng)

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


def _reporter(name: str):
    return lambda model: model.levels[-1][name]


__all__ = ["CareerModel", "Service", "Town"]
