"""Runs the study in OUT again and again, each time killed (kill -9) at a random moment: python killed_runner.py OUT TIMES SEED."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from io import StringIO
from pathlib import Path

from careersim.study.study import run_study
from faults.stand_in import plan


def study(out: Path) -> None:
    """Run the study in a process of its own, started by fork so that nothing has to be imported again."""
    run_study(plan(), out, workers=1, stream=StringIO())


def forked(out: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            study(out)
        finally:
            os._exit(0)
    return child


def main(out: Path, times: int, seed: int) -> None:
    luck = random.Random(seed)
    began = time.monotonic()
    os.waitpid(forked(out.with_name("measured")), 0)
    whole = time.monotonic() - began
    for _ in range(times):
        child = forked(out)
        time.sleep(luck.uniform(0, whole / 4))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print(times, "kills")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
