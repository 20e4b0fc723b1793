"""The pilot that scales the levers: services for 1% of seekers where posts are not scarce, beside the `calibrate` rows of targets.csv.

``python experiments/pilot.py [PEOPLE] [DRAWS]`` runs it (a few minutes at the default 12,000 people and 80 draws of 1%), prints a line for each
format, and writes ``docs/pilot.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from careersim.checks.pilot import MONTHS, SHARE, SLACK_FREE, Pilot, pilot_model, run_pilot

PAGE = Path(__file__).parents[1] / "docs" / "pilot.md"
SERVICES: dict[str, tuple[str, dict[str, Any]]] = {
    "one-to-one": ("one_to_one", {}),
    "the same in groups": ("one_to_one", {"format": "group"}),
    "the same online": ("one_to_one", {"format": "online"}),
    "one-to-one, skill only": (
        "one_to_one",
        {"information": False, "advice": False, "counselling": False, "assessment": False},
    ),
    "one-to-one, motivation only": (
        "one_to_one",
        {"information": False, "advice": False, "learning": False, "assessment": False},
    ),
}
"""What is piloted. The last two part skill from motivation: trials found that job-search help works only with both."""
ROWS = {
    "individual_counselling_g": ("d", "one-to-one", 0.5, 1.1),
    "career_intervention_d": ("d", "the same in groups", 0.30, 0.60),
    "jobsearch_or": ("odds_ratio", "one-to-one", 1.5, 3.5),
}
"""Rows of targets.csv that may be fitted: what of which service, and its band."""


def line(name: str, p: Pilot) -> str:
    """Return a row of the table."""
    low, high = p.interval
    return (
        f"| {name} | {p.n} | {100 * p.employed_without:.1f} | {100 * p.employed:.1f} | {p.odds_ratio:.2f} [{low:.2f}, {high:.2f}] "
        f"| {p.d:.3f} ({p.d_error:.3f}) |"
    )


def verdicts(found: dict[str, Pilot]) -> list[str]:
    """Return a line for each row of targets.csv: band, found, in or out."""
    out = []
    for row, (what, service, low, high) in ROWS.items():
        value = getattr(found[service], what)
        out.append(
            f"| `{row}` | {low} to {high} | {value:.2f} ({service}) | {'inside' if low <= value <= high else 'outside'} |"
        )
    return out


def main(people: int = 12_000, draws: int = 80) -> None:
    """Run the pilot and write the page."""
    model = pilot_model(people)
    found = {name: run_pilot(model, *service, draws=draws) for name, service in SERVICES.items()}
    first = next(iter(found.values()))
    levels = ", ".join(f"{k} {v}" for k, v in SLACK_FREE["demand"].items())
    table = [line(name, p) for name, p in found.items()]
    print(*table, *verdicts(found), sep="\n")
    PAGE.write_text(
        "# The pilot that scales the levers\n\n<!-- Written by `python experiments/pilot.py`; do not edit. -->\n\n"
        f"Services for {100 * SHARE:.0f}% of seekers at a time, in a town of {people:,} people where posts are not scarce ({levels}: {first.tightness:.1f} vacancies "
        f"per unemployed). Each seeker lives once with and once without the service, by the same luck; work is looked at after {MONTHS} months.\n\n"
        "| service | seekers served | in work without, % | in work with, % | odds ratio [95%] | d of career skill, per completed programme (s.e.) |\n"
        "|---|---|---|---|---|---|\n" + "\n".join(table) + "\n\n"
        "| row of targets.csv (may be fitted) | band | found | |\n|---|---|---|---|\n" + "\n".join(verdicts(found)) + "\n\n"
        "One shared `lever_strength` is scaled so that d lies in both bands; what skill is worth to an employer (`hiring.presentation`) so that the odds "
        "ratio does. Nothing else is fitted here, and no row marked `validate` was looked at.\n",
        encoding="utf-8",
    )  # fmt: skip


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
