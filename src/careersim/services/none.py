"""`none`: nothing is added to what there is."""

from __future__ import annotations

from typing import ClassVar

from careersim.services.base import Strategy


class NoStrategy(Strategy):
    """Nothing is added: today's provision and unions go on, as in burn-in and in every other arm.

    *Who* nobody. *Format*, *content*, *how much*, *cost*: none. *What it is not*: a world without career services.
    """

    name: ClassVar[str] = "none"

    def parts(self) -> list[Strategy]:
        """Return no services."""
        return []
