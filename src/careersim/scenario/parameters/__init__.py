"""All parameters of the model, one group a submodel. The default of everything is declared here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from careersim.scenario.parameters.coaching import Coaching
from careersim.scenario.parameters.declare import Group
from careersim.scenario.parameters.demand import Demand
from careersim.scenario.parameters.demography import Demography
from careersim.scenario.parameters.hiring import Hiring
from careersim.scenario.parameters.learning import Learning
from careersim.scenario.parameters.migration import Migration
from careersim.scenario.parameters.organising import Organising
from careersim.scenario.parameters.pay import Pay
from careersim.scenario.parameters.record import Record
from careersim.scenario.parameters.search import Search
from careersim.scenario.parameters.separations import Separations
from careersim.scenario.parameters.services import Services
from careersim.scenario.parameters.ties import TieParameters
from careersim.scenario.parameters.time import Time


class Parameters(Group):
    """Every parameter of the simulated town."""

    time: Time = Field(default_factory=Time)
    demography: Demography = Field(default_factory=Demography)
    demand: Demand = Field(default_factory=Demand)
    pay: Pay = Field(default_factory=Pay)
    separations: Separations = Field(default_factory=Separations)
    services: Services = Field(default_factory=Services)
    coaching: Coaching = Field(default_factory=Coaching)
    search: Search = Field(default_factory=Search)
    hiring: Hiring = Field(default_factory=Hiring)
    learning: Learning = Field(default_factory=Learning)
    ties: TieParameters = Field(default_factory=TieParameters)
    organising: Organising = Field(default_factory=Organising)
    migration: Migration = Field(default_factory=Migration)
    record: Record = Field(default_factory=Record)

    def under(self, conditions: Mapping[str, Mapping[str, Any]]) -> Parameters:
        """Return these parameters with those of ``conditions`` (group, name, value) at other values.

        Raises
        ------
        pydantic.ValidationError
            If a name is unknown or a value out of range.

        Examples
        --------
        >>> Parameters().under({"search": {"kappa": 2.0}}).search.kappa
        2.0
        """
        data = self.model_dump()
        for group, values in conditions.items():
            data[group] = {**data.get(group, {}), **values}
        return Parameters.model_validate(data)
