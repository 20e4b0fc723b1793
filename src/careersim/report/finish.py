"""After a study: print the final table, and write tables and figures beside the results."""

from __future__ import annotations

import json
from dataclasses import replace

from rich.console import Console

from careersim.report.tables import final_table, plain_text
from careersim.report.written import code_of_reports, whole_tasks, write_tables
from careersim.study.comparison import Comparison, compare
from careersim.study.groups import GROUPS_TABLE
from careersim.study.plan import label_of
from careersim.study.store import digest
from careersim.study.study import StudyRun
from careersim.study.tasks import BASELINE, COMPANION
from careersim.study.writing import write_bytes, write_json

COMPARED = ("summary", "effects", "account", GROUPS_TABLE)
"""Tables of a run that strategies are compared by: numbers of the whole period."""
DRAWN = ("monthly", *COMPARED)
HELD_RUNS, DRAWN_RUNS = 4_000, 3_000
"""Runs whose numbers are held at a time in comparing; runs, in running order, whose months are drawn."""
MADE_OF = "made-of.json"
NARROW = 110
"""A console narrower than this (and not a terminal) is given the width of the plain table."""


def finish(run: StudyRun, csv: bool = False, figures: bool = True, console: Console | None = None) -> list[Comparison]:
    """Print each place's final table and write ``tables/`` and ``figures/`` into the study's folder.

    Nothing is made again that was made of the same results before: the tables are printed as they stand. No more than the numbers
    of the whole period of a few arms, or a batch of runs, are held at a time, however large the study is.
    """
    made_of = _made_of(run, csv, figures)
    if _print_as_they_stand(run, made_of, console):
        return []
    root, comparisons = run.store.root, []
    for place in run.plan.places:
        comparison = compare_place(run, label_of(place))
        if comparison is None:
            continue
        comparisons.append(comparison)
        notes, title = _notes(run, label_of(place)), str(getattr(place, "label", label_of(place)))
        (console or wide_console()).print(final_table(comparison, title, notes))
        write_bytes(root / "tables" / f"{comparison.place}.txt", plain_text(comparison, title, notes).encode())
    write_tables(run, comparisons, csv)
    if figures and comparisons:
        from careersim.report.figures import draw_all, draw_network

        shown = run.store.read(run.design.iloc[: whole_tasks(run, DRAWN_RUNS)], DRAWN)
        for comparison in comparisons:
            folder = root / "figures" / comparison.place
            draw_all(run, shown, comparison, folder)
            if run.n_made or not (folder / "network.png").exists():
                draw_network(run.plan, next(p for p in run.plan.places if label_of(p) == comparison.place), folder)
    write_json(root / "tables" / MADE_OF, {"made_of": made_of})
    return comparisons


def compare_place(run: StudyRun, place: str) -> Comparison | None:
    """Compare the strategies of one place with none, holding a few arms at a time; None if no run of none is finished."""
    own = run.design[run.design["place"] == place]
    arms = [a for a in run.plan.arms if a != BASELINE and not a.endswith(COMPANION)]
    at_once = max(1, HELD_RUNS * len(arms) // max(len(own), 1))
    out: Comparison | None = None
    for k in range(0, max(len(arms), 1), at_once):
        some = [BASELINE, *(a + end for a in arms[k : k + at_once] for end in ("", COMPANION))]
        lines = run.store.read(own[own["arm"].isin(some)], COMPARED)
        if not (lines["arm"] == BASELINE).any():
            return None
        part = compare(lines, place, run.plan.seed)
        out = part if out is None else replace(out, arms={**out.arms, **part.arms})
    return out


def _made_of(run: StudyRun, csv: bool, figures: bool) -> str:
    """What tables and figures are made of: the results, their very bytes, and the code that looks at them."""
    results = sorted((key, *run.store.index.vouched(key)) for key in set(run.design["key"]))
    return digest([run.plan.digest(), results, code_of_reports(), csv, figures])


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
