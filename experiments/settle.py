"""Solve the constants of every shipped place, test the settled towns, and write both to ``configs/settled``.

Run it (``make settle``) after a change to the model or to a default, and commit what it writes: a run with default
parameters then starts at once and cites the test.
"""

from __future__ import annotations

import sys

from careersim import burn_in
from careersim.scenario.catalogue import configs_folder, place_names
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import load_place
from careersim.study import stationarity


def settle(name: str, solve: bool = True) -> None:
    """Solve (unless told not to), test and ship one place."""
    folder = configs_folder() / "settled"
    setting = burn_in.Setting.of(load_place(name), load_national(), Parameters(), 5000)
    if solve:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(burn_in.constants_as_text(burn_in.solve(setting), setting))
    check = stationarity.check_place(name)
    stationarity.ship(check, setting, folder)
    missed = [d.measure for d in check.drifts if not d.passed] + [x.measure for x in check.landings if not x.passed]
    print(
        f"{check.label}: {'stationary' if check.stationary else 'NOT stationary'}; missed: {', '.join(missed) or 'nothing'}",
        flush=True,
    )


if __name__ == "__main__":
    only_check = "--check-only" in sys.argv
    for place in [a for a in sys.argv[1:] if not a.startswith("--")] or place_names():
        settle(place, solve=not only_check)
