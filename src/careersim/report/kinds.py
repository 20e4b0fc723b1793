"""How numbers are written, and what arms are called in tables and figures."""

from __future__ import annotations

from dataclasses import dataclass

from careersim.study.task import PLACEBO

BLANK = "–"


@dataclass(frozen=True)
class Kind:
    """How a number is written."""

    factor: float = 1.0
    decimals: int = 0
    before: str = ""
    after: str = ""
    signed: bool = True

    def text(self, x: float, signed: bool | None = None) -> str:
        """The number with its sign and unit; zero has no sign."""
        shown = round(x * self.factor, self.decimals) + 0.0
        plus = "+" if (self.signed if signed is None else signed) else ""
        sign = "-" if shown < 0 else plus if shown > 0 else ""
        return f"{sign}{self.before}{abs(shown):,.{self.decimals}f}{self.after}"


POINTS = Kind(100, 2, after=" pp")
SHARE = Kind(100, 1, after="%")
POUNDS = Kind(1, 0, before="£")
PENCE = Kind(1, 2, before="£")
COUNT = Kind(1, 1)
PERCENT = Kind(100, 0, after="%", signed=False)
SKILL = Kind(100, 2)
RATIO = Kind(1, 2)
HEADS = Kind(1, 1, signed=False)


def title_of(arm: str) -> str:
    """Name of an arm as a heading."""
    return "placebo (noise)" if arm == PLACEBO else arm.replace("_", " ")
