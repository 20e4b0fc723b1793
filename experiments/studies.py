"""Published-style studies: each is a config of ``configs/experiments`` and nothing else; this runs and analyses them in turn.

``python experiments/studies.py [NAME ...]`` runs them at full size (what is there already is not run again), and puts the figure that
answers each question into ``docs/studies/``. ``--small`` runs ``configs/experiments/small/NAME.yaml``, in seconds, and writes the reference
results in ``results/reference/`` that the tests regenerate. ``--set people=2000`` and the like change the size.

The same by hand: ``careersim run NAME`` and ``careersim analyse results/NAME``.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from careersim.commands.reading import read_config
from careersim.report.analysis.analyse import Analysis, Wish, analyse
from careersim.study.manifest import PACKAGES, version
from careersim.study.plan import plan_of
from careersim.study.store import Store, code_digest, digest
from careersim.study.study import run_study
from careersim.study.warming import prepare

ROOT = Path(__file__).parents[1]
FIGURES, REFERENCE = ROOT / "docs" / "studies", ROOT / "results" / "reference"
NO_SETTING = ("key", "people", "months", "strategy", "parameters")
"""Columns of the design that a reference leaves out: large, or different with every version of the code."""


@dataclass(frozen=True)
class Study:
    """A study: its question, what is asked of the analysis, and the figures that answer it."""

    question: str
    figures: tuple[str, ...]
    wish: Wish = Wish()


STUDIES = {
    "three-strategies": Study(
        "Does what works in a prosperous place work in a constrained one?",
        ("inverclyde-differences", "reading-differences", "inverclyde-replicates"),
    ),
    "asset-stripping-phase": Study(
        "Which strategy serves those who remain best, over tightness and the pull of elsewhere?",
        ("phase", "inverclyde-worlds"),
    ),
    "equal-budget-frontier": Study(
        "Which strategies does no other beat on cost and gain at once?",
        ("inverclyde-undominated",),
        Wish(gain="total.income"),
    ),
    "ranking-robustness": Study(
        "In what share of plausible worlds is one strategy better than another, and where does the ranking flip?",
        ("robustness", "inverclyde-sensitivity-account-b"),
    ),
    "guidance-dose": Study(
        "As interviews reach more residents, what do participants gain, and who is displaced?", ("inverclyde-doses",)
    ),
}


def config_of(name: str, small: bool) -> Path:
    """The config of a study."""
    folder = ROOT / "configs" / "experiments"
    return folder / "small" / f"{name}.yaml" if small else folder / f"{name}.yaml"


def run(
    name: str, out: Path, small: bool = False, settings: tuple[str, ...] = (), workers: int | None = None
) -> Analysis:
    """Run and analyse one study in the folder ``out``."""
    experiment = read_config(config_of(name, small), settings)
    done = run_study(plan_of(experiment), out, workers=workers, prepare=prepare, command=["careersim", "run", name])
    if done.errors:
        raise RuntimeError(f"{name}: {done.errors[0]}")
    wish = STUDIES[name].wish
    return analyse(out, replace(wish, served=wish.served[:1]) if small else wish)


def design_of(folder: Path) -> pd.DataFrame:
    """The design as a reference holds it: what was run, without keys."""
    design = Store(folder).read_design()
    return design.drop(columns=[c for c in NO_SETTING if c in design])


def made_by(folder: Path) -> dict[str, Any]:
    """What a result depends on, and the digest of every run's content."""
    store = Store(folder)
    contents = [store.read_run(key).to_csv(index=False) for key in store.read_design()["key"]]
    packages = {name: version(name) for name in PACKAGES}
    return {"code": code_digest(), "packages": packages, "content": digest(contents)}


def write_reference(name: str, out: Path, found: Analysis) -> None:
    """Write the small results that tests regenerate."""
    folder = REFERENCE / name
    folder.mkdir(parents=True, exist_ok=True)
    design_of(out).to_csv(folder / "design.csv", index=False)
    found.tables["differences"].to_csv(folder / "differences.csv", index=False)
    (folder / "made-by.json").write_text(json.dumps(made_by(out), indent=2) + "\n", encoding="utf-8")


def keep_figures(name: str, out: Path) -> None:
    """Copy the figures that answer the question into the docs."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    for figure in STUDIES[name].figures:
        drawn = out / "analysis" / f"{figure}.png"
        if drawn.exists():
            shutil.copy(drawn, FIGURES / f"{name}--{figure}.png")


def main() -> None:
    """Run the studies named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(STUDIES)}")
    parser.add_argument("--small", action="store_true", help="the small size; writes results/reference")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting; repeatable"
    )
    parser.add_argument("--workers", type=int, help="processes (default: one a processor)")
    given = parser.parse_args()
    unknown = [n for n in given.names if n not in STUDIES]
    if unknown:
        parser.error(f"there is no study {unknown[0]}; there are: {', '.join(STUDIES)}")
    for name in given.names or STUDIES:
        out = ROOT / "results" / (f"small-{name}" if given.small else name)
        found = run(name, out, given.small, tuple(given.set), given.workers)
        if given.small:
            write_reference(name, out, found)
        else:
            keep_figures(name, out)


if __name__ == "__main__":
    main()
