"""The undominated set of a place: what each strategy costs, what it gains residents, and which no other beats on both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.table import Table
from rich.text import Text

from careersim.report.kinds import PENCE, title_of
from careersim.report.wide import down, one_line
from careersim.study.comparison import Comparison
from careersim.study.frontier import undominated
from careersim.study.lines import COSTS
from careersim.study.statistics import Estimate
from careersim.study.task import BASELINE


@dataclass(frozen=True)
class Standing:
    """Where one strategy stands."""

    name: str
    public: float
    """Public cost, GBP a year per resident."""
    total: float
    """Public money, priced unpaid hours, dues and employers' own cost together, GBP a year per resident."""
    gain: Estimate
    """Income gained by those who live in town in both worlds, GBP a year per resident."""
    at_public_cost: bool
    """Undominated at public cost."""
    at_total_cost: bool
    """Undominated at total cost."""


def standings(comparison: Comparison) -> list[Standing]:
    """Return every strategy, and ``none`` at no cost and no gain, the cheapest first."""
    arms = [comparison.arms[name] for name in comparison.strategies]
    gains = [Estimate(0.0), *(per_resident(a.account.parts["b"]) for a in arms)]
    public = np.array([0.0, *(a.cost["public_cost"].value for a in arms)])
    total = np.array([0.0, *(sum(a.cost[c].value for c in COSTS) for a in arms)])
    gain = np.array([g.value for g in gains])
    sets = zip(undominated(public, gain), undominated(total, gain), strict=True)
    rows = zip([BASELINE, *comparison.strategies], public, total, gains, sets, strict=True)
    out = [Standing(n, float(p), float(t), g, bool(a), bool(b)) for n, p, t, g, (a, b) in rows]
    return sorted(out, key=lambda s: (s.public, s.total))


def per_resident(e: Estimate) -> Estimate:
    """Return an estimate per 1,000 residents as one per resident."""
    return Estimate(
        e.value / 1000, e.low / 1000, e.high / 1000, e.standard_error / 1000, e.n, e.variance_reduction, e.reason
    )


def undominated_table(comparison: Comparison, mark: Callable[[str], str]) -> Table:
    """Cost against gain to residents, the cheapest first, and which strategies no other beats on both."""
    yes = {True: Text("yes", "bold"), False: Text("no", "dim")}
    lines: list[tuple[str, list[Text | str]]] = [
        (
            title_of(s.name),
            [PENCE.text(s.public), PENCE.text(s.total), one_line(s.gain, PENCE, mark), yes[s.at_public_cost], yes[s.at_total_cost]],
        )
        for s in standings(comparison)
    ]  # fmt: skip
    heads = (
        "Public cost",
        "Total cost",
        "Gain to those who remain",
        "Undominated at public cost",
        "Undominated at total cost",
    )
    return down("Undominated set: £ a year per resident", heads, lines)


def undominated_sentence(comparison: Comparison) -> str:
    """Name the undominated strategies, by public cost; those that cost residents something are named as what they are."""
    kept = [s for s in standings(comparison) if s.at_public_cost]
    losing = [title_of(s.name) for s in kept if s.gain.value < 0]
    said = f"No other strategy gains residents as much for as little public money as: {', '.join(title_of(s.name) for s in kept)}."
    if losing:
        said += (
            f" Of these, residents lose by: {', '.join(losing)} (none other loses them as little for as little money)."
        )
    return said
