"""After a study: print the final table, and write tables and figures beside the results."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from careersim.report.tables import final_table, plain_text, tidy
from careersim.study.comparison import Comparison, compare
from careersim.study.groups import groups_table
from careersim.study.plan import label_of
from careersim.study.store import RUN_COLUMNS, write_bytes
from careersim.study.study import StudyRun
from careersim.study.tasks import ledger_of

NARROW = 110
"""A console narrower than this (and not a terminal) is given the width of the plain table."""


def finish(run: StudyRun, csv: bool = False, figures: bool = True, console: Console | None = None) -> list[Comparison]:
    """Print each place's final table and write ``tables/`` and ``figures/`` into the study's folder."""
    results, comparisons = run.results(), []
    for place in run.plan.places:
        if results.empty or not ((results["place"] == label_of(place)) & (results["arm"] == "none")).any():
            continue
        comparison = compare(results, label_of(place), run.plan.seed)
        comparisons.append(comparison)
        notes = _notes(run, label_of(place))
        title = str(getattr(place, "label", label_of(place)))
        (console or wide_console()).print(final_table(comparison, title, notes))
        write_bytes(
            run.store.root / "tables" / f"{comparison.place}.txt", plain_text(comparison, title, notes).encode()
        )
    write_tables(run.store.root / "tables", results, comparisons, csv)
    if figures and comparisons:
        from careersim.report.figures import draw_all, draw_network

        for comparison in comparisons:
            folder = run.store.root / "figures" / comparison.place
            draw_all(run, results, comparison, folder)
            if run.n_made or not (folder / "network.png").exists():
                draw_network(run.plan, next(p for p in run.plan.places if label_of(p) == comparison.place), folder)
    return comparisons


def wide_console() -> Console:
    """A console on standard output that is wide enough for the table where there is no terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal or console.width >= NARROW else Console(highlight=False, width=150)


def _notes(run: StudyRun, place: str) -> tuple[str, ...]:
    """Footnotes of this very study: how the settled town was tested, what to beware of."""
    cited = run.citations.get(place)
    return ((cited,) if cited else ()) + tuple(f"Warning: {w}" for w in run.warnings)


def write_tables(folder: Path, results: pd.DataFrame, comparisons: list[Comparison], csv: bool) -> None:
    """Write monthly series, ledgers, groups of people and the final table as tidy Parquet, and as CSV on request."""
    monthly = results[results["table"] == "monthly"].drop(columns=["table", "group"])
    frames = {
        "groups": groups_table(results),
        "monthly": monthly.astype({"measure": str}),
        "ledger": ledgers(results),
        "summary": pd.concat([tidy(c) for c in comparisons], ignore_index=True) if comparisons else pd.DataFrame(),
    }
    for name, frame in frames.items():
        buffer = io.BytesIO()
        pq.write_table(
            pa.Table.from_pandas(frame, preserve_index=False), buffer, compression="zstd", write_page_checksum=True
        )
        write_bytes(folder / f"{name}.parquet", buffer.getvalue())
        if csv:
            write_bytes(folder / f"{name}.csv", frame.to_csv(index=False).encode())


def ledgers(results: pd.DataFrame) -> pd.DataFrame:
    """The ledgers of all runs, one line per cell and measure, with place, arm and replicate in front."""
    frames = []
    for run, part in results[results["table"] == "ledger"].groupby(RUN_COLUMNS):
        frame = ledger_of(part)
        frames.append(pd.DataFrame(dict(zip(RUN_COLUMNS, run, strict=True)), index=frame.index).join(frame))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
