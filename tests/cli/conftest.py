"""The installed command, as a user starts it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "careersim"
SMALL = ["--set", "parameters.time.burn_in=24", "--workers", "2"]
CONFIG = """\
name: small
place: inverclyde
strategies: [one_to_one, collective_bargaining]
people: 400
months: 12
replicates: 2
parameters: {time: {burn_in: 24}}
"""


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def careersim(*arguments: object, cwd: Path | None = None, seconds: float = 300.0) -> Done:
    """Run the installed command to its end."""
    words = [str(COMMAND), *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, timeout=seconds)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small experiment with a short burn-in."""
    path = tmp_path_factory.mktemp("configs") / "small.yaml"
    path.write_text(CONFIG)
    return path
