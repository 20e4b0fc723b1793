"""The manifest: how results were produced, enough to produce them again and to see on what they depend."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import metadata
from typing import Any

from careersim.study.store import RANDOM_SCHEME, code_digest

PACKAGES = ("careersim", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "networkx")


def manifest(run: Any, command: Sequence[str] | None, started: datetime, workers: int) -> dict[str, Any]:
    """How the results were produced."""
    plan = run.plan
    return {
        "careersim": version("careersim"),
        "command": shlex.join(command if command is not None else ["careersim", *sys.argv[1:]]),
        "experiment": plan.resolved(),
        "experiment_digest": plan.digest(),
        "code": code_digest(),
        "random": RANDOM_SCHEME,
        "seed": plan.seed,
        "replicates": list(range(plan.replicates)),
        "packages": {name: version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "seconds_settling": round(run.seconds_settling, 3),
        "seconds_simulating": round(run.seconds_simulating, 3),
        "runs": {"all": len(run.design), "found": run.n_found, "made": run.n_made, "failed": run.n_failed},
        "stationarity": run.citations,
        "warnings": run.warnings,
        "failures": run.errors,
    }


def version(package: str) -> str:
    """Installed version of a package, or 'not installed'."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
