"""The settled towns beside published figures that no place was fitted to: flows between work and unemployment, job changes, contacts, ties.

``python experiments/flows.py [REPLICATES] [PLACE ...]`` follows people through five years without a strategy, as the surveys do (who was out of work at
one wave and in work at the next), prints the table and writes ``docs/flows.md``. Published figures are of the nation: a place need not meet them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from careersim import CareerModel
from careersim.scenario.catalogue import configs_folder
from careersim.town.columns import ACTIVE, HERE, WORKING
from careersim.town.town import Town

PAGE = Path(__file__).parents[1] / "docs" / "flows.md"
PLACES = ("inverclyde", "blackpool", "north-east-lincolnshire", "reading", "edinburgh")
YEARS, QUARTER = 5, 3
YOUNGEST, OLDEST = 16 * 12, 65 * 12 - 1
SHORT, LONG = 3, 24
"""Months out of work below which a spell is short, and above which it is long, when a quarter begins."""

ROWS = {
    "found, a month": ("find_rate_uk", "unemployed at one month's end, in work at the next"),
    "found, a quarter": (None, "the same over a quarter: 22% in the UK in 2013, 25 to 28% in 2019 to 2023"),
    "lost, a month": ("loss_rate_uk", "in work at one month's end, unemployed at the next"),
    "lost, a quarter": (None, "the same over a quarter: 1.4% in the UK in 2013"),
    "changed, a month": ("job_to_job_uk", "in work at both months' ends, in another post"),
    "short over long": ("find_ratio_duration", "found in a quarter, under 3 months out over more than 2 years out"),
    "unemployed per vacancy": ("tightness_uk", "mean over the months of vacancies per unemployed, turned over"),
    "contact_share": ("contacts_share_uk", "hires through contacts over hires"),
    "degree": ("acq_degree", "ties of residents to residents"),
    "connectedness": ("ec_uk", "the better-off half's share among the contacts of the other half"),
    "rank_rank_slope": ("rank_rank", "residents' income rank on that of their parents"),
}
"""What is compared: the row of targets.csv (None: a figure of the same source in other terms), and how it is taken here."""
MEASURES = ("tightness", "contact_share", "degree", "connectedness", "rank_rank_slope")


class Wave:
    """Who lived here at 16 to 64, in work or looking for it, at the end of a month."""

    def __init__(self, town: Town) -> None:
        w, age = town.people, town.month - town.people.birth_month
        self.here = (w.residence == HERE) & (age >= YOUNGEST) & (age <= OLDEST)
        self.employed = self.here & (w.post >= 0)
        self.unemployed = self.here & (w.post < 0) & (w.stage == WORKING) & (w.reason == ACTIVE)
        self.post, self.months_out = w.post.copy(), town.month - w.jobless_since


def share(now: np.ndarray, of: np.ndarray) -> tuple[int, int]:
    """Return how many of ``of`` are in ``now``, and how many they are."""
    return np.count_nonzero(now & of), np.count_nonzero(of)


def monthly(then: Wave, now: Wave) -> dict[str, tuple[int, int]]:
    """Return what happened within a month to those who lived here at both its ends."""
    in_both = then.employed & now.employed
    return {
        "found, a month": share(now.employed, then.unemployed & now.here),
        "lost, a month": share(now.unemployed, then.employed & now.here),
        "changed, a month": share(then.post != now.post, in_both),
    }


def quarterly(then: Wave, now: Wave) -> dict[str, tuple[int, int]]:
    """Return what happened within a quarter to those who lived here at both its ends."""
    out = then.unemployed & now.here
    return {
        "found, a quarter": share(now.employed, out),
        "lost, a quarter": share(now.unemployed, then.employed & now.here),
        "short": share(now.employed, out & (then.months_out < SHORT)),
        "long": share(now.employed, out & (then.months_out > LONG)),
    }


def follow(place: str, replicate: int, people: int = 5000) -> dict[str, float]:
    """Follow a town for five years without a strategy; return what `ROWS` names."""
    model = CareerModel(place, people=people, rng=1, replicate=replicate, months=12 * YEARS)
    counts: dict[str, np.ndarray] = {}
    last = quarter = Wave(model.town)
    for month in range(1, 12 * YEARS + 1):
        model.run_for(1)
        now = Wave(model.town)
        seen = monthly(last, now)
        if month % QUARTER == 0:
            seen |= quarterly(quarter, now)
            quarter = now
        for name, pair in seen.items():
            counts[name] = counts.get(name, 0) + np.array(pair)
        last = now
    found = {name: events / max(people_at_risk, 1) for name, (events, people_at_risk) in counts.items()}
    taken = model.datacollector.get_model_vars_dataframe()[list(MEASURES)].mean()
    return {
        **found,
        **taken,
        "short over long": found["short"] / found["long"],
        "unemployed per vacancy": 1.0 / taken["tightness"],
    }


def cell(values: list[float]) -> str:
    """Return mean and standard error over replicates."""
    digits = 4 if np.mean(values) < 0.02 else 3 if np.mean(values) < 1 else 2
    error = np.std(values, ddof=1) / len(values) ** 0.5
    return f"{np.mean(values):.{digits}f} ({error:.{digits}f})"


def published(row: str | None) -> tuple[str, str]:
    """Return the band of a row of targets.csv, and what the row may be used for."""
    if row is None:
        return "", ""
    with (configs_folder() / "targets.csv").open(encoding="utf-8") as file:
        found = next(r for r in csv.DictReader(file) if r["id"] == row)
    return f"{found['low']} to {found['high']}", found["use"]


def main(replicates: int = 4, *places: str) -> None:
    """Run the towns and write the page."""
    chosen = places or PLACES
    towns = {place: [follow(place, r) for r in range(replicates)] for place in chosen}
    lines = [
        f"| what | counted as | row | band | use | {' | '.join(chosen)} |",
        "|---|---|---|---|---|" + "---|" * len(chosen),
    ]
    for name, (row, how) in ROWS.items():
        cells = [cell([run[name] for run in towns[place]]) for place in chosen]
        band, use = published(row)
        lines.append(f"| {name.replace('_', ' ')} | {how} | {row or ''} | {band} | {use} | {' | '.join(cells)} |")
    print(*lines, sep="\n")
    PAGE.write_text(
        "# The settled towns beside published figures that no place was fitted to\n\n"
        "<!-- Written by `python experiments/flows.py`; do not edit. -->\n\n"
        f"{replicates} towns of 5,000 a place, {YEARS} years without a strategy; mean, and in brackets its standard error. Flows are counted as the surveys count them: "
        "people who live here at both ends of a month or quarter, 16 to 64, by what they are at each end. The bands are of the nation (`configs/targets.csv`); a place need "
        "not lie in them, but the places together should lie around them. Rows for `calibrate` could have been fitted nationally, rows for `validate` never were.\n\n"
        + "\n".join(lines) + "\n\n"
        "The measure `job_finding_rate` of a run is larger than what is found here: it counts everybody hired out of joblessness, also those who came from school or "
        "inactivity within the month, whom the survey never sees unemployed.\n",
        encoding="utf-8",
    )  # fmt: skip


if __name__ == "__main__":
    main(*(int(a) if a.isdigit() else a for a in sys.argv[1:]))
