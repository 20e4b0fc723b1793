"""Before the first run on a machine: compile the simulator once, in this process, and settle what all workers need.

Parallel first builds of Numba's cache have crashed (numba issues 4807 and 10128), and a line should say why nothing moves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from careersim.kept import kernel_folder
from careersim.scenario.uncertainties import CONDITIONS
from careersim.study.lock import alone
from careersim.study.plan import Plan
from careersim.study.progress import Progress, in_words
from careersim.study.store import digest
from careersim.study.task import BASELINE

PEOPLE, BURN_IN, MONTHS = 300, 24, 3
"""Size of the town with which everything is compiled."""


def prepare(plan: Plan, progress: Progress, workers: int) -> None:
    """Compile the simulator if this machine has not yet, and solve each place's constants once for all workers."""
    from careersim import burn_in
    from careersim.scenario.national import load_national

    compile_once(plan.places[0], plan.parameters, list(plan.arms.values()), progress.say)
    if workers <= 1 or any(not name.startswith(CONDITIONS) for name in plan.points.columns):
        return  # every point that is a town of its own is solved by the worker that comes to it first
    counts = [0, 0]
    for place in plan.places:
        setting = burn_in.Setting.of(place, load_national(), plan.parameters, plan.people)
        burn_in.solved_for(setting, _reporter(progress, counts))


def _reporter(progress: Progress, counts: list[int]) -> Callable[[str, int, int], None]:
    """Show the solver's months as part of settling."""

    def report(text: str, done: int, months: int) -> None:
        progress.show(0, done, months)

    return report


def compile_once(place: Any, parameters: Any, strategies: Sequence[Any], say: Callable[[str], None]) -> None:
    """Compile the simulator if this machine has not yet; of several processes one does, and the others wait for it."""
    stamp = kernel_folder() / f"compiled-{_stamp(strategies)}"
    if stamp.exists():
        return
    stamp.parent.mkdir(parents=True, exist_ok=True)
    with alone(stamp.parent / "compiling"):
        if not stamp.exists():
            _compile(place, parameters, strategies, say)
            stamp.touch()


def _compile(place: Any, parameters: Any, strategies: Sequence[Any], say: Callable[[str], None]) -> None:
    """Run a tiny town with every strategy, so that every kernel is compiled and kept on disk."""
    from careersim.world import World

    say("Compiling the simulator for this machine (once after installing or changing it; up to 90 s) ...")
    began = time.monotonic()
    small = parameters.model_copy(update={"time": parameters.time.model_copy(update={"burn_in": BURN_IN})})
    model = World(place, people=PEOPLE, parameters=small, months=MONTHS)
    for strategy in (BASELINE, *strategies):
        model.fork(strategy).run_for(MONTHS)
    say(f"... compiled in {in_words(time.monotonic() - began)}.")


def _stamp(strategies: Sequence[Any]) -> str:
    """Names this code with these versions and these kinds of strategies on this machine."""
    import platform

    import numba

    from careersim.burn_in import code_digest

    kinds = sorted({str(s) if isinstance(s, str) else ",".join(map(str, s)) for s in strategies})
    return digest([code_digest(), numba.__version__, platform.node(), platform.python_version(), kinds])
