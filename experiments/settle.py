"""Solve the constants of every shipped place, test the settled towns, and write both to ``configs/settled``.

Run it (``make settle``) after a change to the model or to a default, and commit what it writes: a run with default
parameters then starts at once and cites the test. ``--check-only`` leaves the constants as they are, and does not repeat a test where
the present code settles the very town that was tested, bit by bit (``--again`` does). ``--table`` only prints what the checks found, as the table of
the README.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from careersim import burn_in
from careersim.scenario.catalogue import configs_folder, place_names
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import load_place
from careersim.study import stationarity

FOLDER = configs_folder() / "settled"
RATES = ("employment_rate", "unemployment_rate", "inactivity_rate")


def setting_of(name: str) -> burn_in.Setting:
    """Return a shipped place with default parameters."""
    return burn_in.Setting.of(load_place(name), load_national(), Parameters(), 5000)


def solve(name: str) -> None:
    """Solve a place's constants and write them."""
    setting = setting_of(name)
    (FOLDER / f"{name}.json").write_text(burn_in.constants_as_text(burn_in.solve(setting), setting))


def check(name: str, again: bool) -> None:
    """Test the settled town, unless it is the one that was tested, and write what was found."""
    same = None if again else stationarity.renewed(name)
    found = same or stationarity.check_place(name)
    stationarity.ship(found, setting_of(name), FOLDER)
    missed = [d.measure for d in found.drifts if not d.passed] + [x.measure for x in found.landings if not x.passed]
    stationary = "stationary" if found.stationary else "NOT stationary"
    tested = "the very town that was tested" if same else f"tested on {found.replicates} burn-ins"
    print(f"{found.label} ({tested}): {stationary}; missed: {', '.join(missed) or 'nothing'}", flush=True)


def table(places: list[str]) -> None:
    """Print the stored checks, published / simulated, as a table in Markdown."""
    print(
        "| place | employment % | unemployment % | inactivity % | median pay £ a month | X | drifts too much | outside its band |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in places:
        found = stationarity.stored(setting_of(name))
        if found is None:
            raise SystemExit(
                f"{name} was not checked with these parameters: python experiments/settle.py --check-only {name}"
            )
        at = {x.measure: x for x in found.landings}
        rates = [f"{100 * at[m].published:.1f} / {100 * at[m].simulated:.1f}" for m in RATES]
        pay = f"{at['median_pay'].published:,.0f} / {at['median_pay'].simulated:,.0f}"
        drifts = [f"{d.measure} {d.drift:+.3f} ± {d.standard_error:.3f}" for d in found.drifts if not d.passed]
        outside = [x.measure for x in found.landings if not x.passed]
        cells = [found.label, *rates, pay, f"{at['demand_index'].simulated:.3f}"]
        print("| " + " | ".join([*cells, ", ".join(drifts) or "–", ", ".join(outside) or "–"]) + " |")


def main() -> None:
    """Settle the places named, or all."""
    places = [a for a in sys.argv[1:] if not a.startswith("--")] or place_names()
    if "--table" in sys.argv:
        table(places)
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    if "--check-only" not in sys.argv:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            list(pool.map(solve, places))
    for place in places:
        check(place, again="--again" in sys.argv or "--check-only" not in sys.argv)


if __name__ == "__main__":
    main()
