"""What services on a screen have in common: who can use them at all, and who does."""

from __future__ import annotations

import numpy as np

from careersim.scenario.parameters import Parameters
from careersim.services.base import Strategy
from careersim.town.town import Town


class Digital(Strategy):
    """A service that can be used alone on a screen: without digital access not at all, with little literacy seldom and badly."""

    def eligible(self, town: Town, month: int) -> np.ndarray:
        """Return who may have the service: online only those with access to the internet."""
        may = super().eligible(town, month)
        return may & (town.people.digital_access == 1) if self.format == "online" else may

    def hazard(self, town: Town, params: Parameters, month: int, rows: np.ndarray) -> np.ndarray:
        """Return the monthly chance to come to it: online in proportion to digital literacy."""
        chance = super().hazard(town, params, month, rows)
        return chance * town.people.digital_literacy[rows] if self.format == "online" else chance
