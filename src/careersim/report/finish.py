"""After a study: print the final table, and write tables and figures beside the results."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from careersim.study.plan import label_of
from careersim.study.store import digest
from careersim.study.study import StudyRun
from careersim.study.task import BASELINE
from careersim.study.writing import write_bytes, write_json

if TYPE_CHECKING:
    from careersim.study.comparison import Comparison

DRAWN_RUNS = 3_000
"""Runs, in running order, whose months are drawn."""
MADE_OF = "made-of.json"
NARROW = 110
"""A console narrower than this (and not a terminal) is given the width of the plain table."""


def finish(run: StudyRun, csv: bool = False, figures: bool = True, console: Console | None = None) -> list[Comparison]:
    """Print each place's final table and write ``tables/`` and ``figures/`` into the study's folder.

    Nothing is made again that was made of the same results before: the tables are printed as they stand, and nothing is imported that
    makes them. Of all runs only the numbers that are compared are held (`careersim.study.numbers`), of a batch of runs everything.
    """
    made_of = _made_of(run, csv, figures)
    if _print_as_they_stand(run, made_of, console):
        return []
    from careersim.report.tables import final_table, plain_text
    from careersim.report.written import go_through, write_summary
    from careersim.study.comparison import compare_numbers

    root, comparisons = run.store.root, []
    numbers = go_through(run, csv)
    for place in run.plan.places:
        own = numbers.pop(label_of(place))
        if BASELINE not in own.there:
            continue
        comparison = compare_numbers(own, label_of(place), run.plan.seed)
        comparisons.append(comparison)
        notes, title = _notes(run, label_of(place)), str(getattr(place, "label", label_of(place)))
        (console or wide_console()).print(final_table(comparison, title, notes))
        write_bytes(root / "tables" / f"{comparison.place}.txt", plain_text(comparison, title, notes).encode())
    write_summary(run, comparisons, csv)
    if figures and comparisons:
        _draw(run, comparisons)
    write_json(root / "tables" / MADE_OF, {"made_of": made_of})
    return comparisons


def _draw(run: StudyRun, comparisons: list[Comparison]) -> None:
    """Draw each place's figures."""
    from careersim.report.figures import TRAJECTORIES, draw_all, draw_network
    from careersim.report.written import whole_tasks

    first = run.design.iloc[: whole_tasks(run, DRAWN_RUNS)]
    shown = run.store.read(first, ["monthly"], [name for name, *_ in TRAJECTORIES])
    for comparison in comparisons:
        folder = run.store.root / "figures" / comparison.place
        draw_all(run, shown, comparison, folder)
        if run.n_made or not (folder / "network.png").exists():
            draw_network(run.plan, next(p for p in run.plan.places if label_of(p) == comparison.place), folder)


def _made_of(run: StudyRun, csv: bool, figures: bool) -> str:
    """What tables and figures are made of: the results, their very bytes, and the code that looks at them."""
    run.store.index.load()  # with what was added while the study ran
    results = sorted((key, *run.store.index.vouched(key)) for key in set(run.design["key"]))
    return digest([run.plan.digest(), results, code_of_reports(), csv, figures])


@lru_cache(maxsize=1)
def code_of_reports() -> str:
    """Hash of the source files by which results are compared, tabulated and drawn."""
    package = Path(__file__).resolve().parents[1]
    h = hashlib.blake2b(digest_size=16)
    for path in sorted([*package.glob("report/*.py"), *package.glob("study/*.py"), *package.glob("measures/*.py")]):
        h.update(path.name.encode() + b"\0" + path.read_bytes())
    return h.hexdigest()


def _print_as_they_stand(run: StudyRun, made_of: str, console: Console | None) -> bool:
    """Print the tables that were made before; False if there are none of these very results."""
    folder = run.store.root / "tables"
    try:
        if json.loads((folder / MADE_OF).read_text())["made_of"] != made_of:
            return False
        texts = [(folder / f"{label_of(place)}.txt").read_text() for place in run.plan.places]
    except (OSError, ValueError, KeyError):
        return False
    for text in texts:
        (console or wide_console()).print(text, markup=False, soft_wrap=True)
    return True


def wide_console() -> Console:
    """A console on standard output that is wide enough for the table where there is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal or console.width >= NARROW else Console(highlight=False, width=150)


def _notes(run: StudyRun, place: str) -> tuple[str, ...]:
    """Footnotes of this very study: how the settled town was tested, what to beware of."""
    cited = run.citations.get(place)
    return ((cited,) if cited else ()) + tuple(f"Warning: {w}" for w in run.warnings)
