"""The tables beside a study's results, written run by run: months, ledgers, groups of people, the final table."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from careersim.report.tables import tidy
from careersim.study.comparison import Comparison
from careersim.study.groups import GROUPS_TABLE, group_sums, groups_table, with_more
from careersim.study.lines import ledger_of
from careersim.study.numbers import COMPARED, Numbers
from careersim.study.plan import label_of
from careersim.study.store import BATCH, RUN_COLUMNS
from careersim.study.study import StudyRun
from careersim.study.writing import StoreError, drop

READ = ("monthly", "ledger", GROUPS_TABLE, *COMPARED)
"""Tables of a run that are gone through."""
HELD_LINES = 100_000
"""Lines of results that are held at a time, about."""


def go_through(run: StudyRun, csv: bool) -> dict[str, Numbers]:
    """Write monthly series, ledgers and groups of people as tidy Parquet, and as CSV on request; return each place's numbers to compare.

    Results are gone through once, a batch of runs at a time.
    """
    folder, plan = run.store.root / "tables", run.plan
    numbers = {label_of(place): Numbers(len(plan.points), plan.replicates) for place in plan.places}
    groups: pd.DataFrame | None = None
    with _Table(folder / "monthly", csv) as monthly, _Table(folder / "ledger", csv) as ledger:
        for lines in run.store.batches(run.design, READ, size=_at_once(run)):
            monthly.add(lines[lines["table"] == "monthly"].drop(columns=["table", "group"]))
            books = ledger_of(lines)
            ledger.add(books[[*RUN_COLUMNS, *(c for c in books if c not in RUN_COLUMNS)]])
            sums = group_sums(lines)
            groups = sums if groups is None else with_more(groups, sums)
            for place, own in numbers.items():
                own.add(lines[lines["place"] == place])
    with _Table(folder / "groups", csv) as table:
        table.add(pd.DataFrame() if groups is None else groups_table(groups))
    return numbers


def _at_once(run: StudyRun) -> int:
    """How many runs are gone through at a time: as many as have about `HELD_LINES` lines, judged by the first task."""
    arms = len(run.plan.arms)
    lines = len(run.store.read(run.design.iloc[:arms], READ))
    return whole_tasks(run, min(BATCH, arms * HELD_LINES // max(lines, 1)))


def write_summary(run: StudyRun, comparisons: list[Comparison], csv: bool) -> None:
    """Write the final table as tidy Parquet, and as CSV on request."""
    with _Table(run.store.root / "tables" / "summary", csv) as table:
        table.add(pd.concat([tidy(c) for c in comparisons], ignore_index=True) if comparisons else pd.DataFrame())


def whole_tasks(run: StudyRun, most: int) -> int:
    """How many runs of the design are looked at: whole tasks, in running order, up to about ``most``."""
    arms = len(run.plan.arms)
    return max(most // arms, 1) * arms


class _Table:
    """A table that is written frame by frame, as Parquet and perhaps CSV; it is there when all is written, or not at all."""

    def __init__(self, path: Path, csv: bool) -> None:
        beside = f"{os.getpid()}.{secrets.token_hex(4)}.tmp"
        kinds = (".parquet", ".csv") if csv else (".parquet",)
        self.path, self.schema = path, None
        self.files = {path.with_suffix(kind): path.with_name(f".{path.name}{kind}.{beside}") for kind in kinds}
        self.writers: list[pq.ParquetWriter | pacsv.CSVWriter] = []

    def __enter__(self) -> _Table:
        return self

    def add(self, frame: pd.DataFrame) -> None:
        """Write some lines; words are written as words, not as categories."""
        if frame.empty and self.schema is not None:
            return
        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        if self.schema is None or not self.writers:
            self._open(_plain(table.schema))
        for writer in self.writers:
            writer.write_table(table.cast(self.schema))

    def _open(self, schema: pa.Schema) -> None:
        self.schema = schema
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.writers = [_writer(file, schema) for file in self.files.values()]
        except OSError as error:
            raise self._told(error) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            if kind is None and not self.writers:
                self.add(pd.DataFrame())
            for writer in self.writers:
                writer.close()
            for final, temporary in self.files.items() if kind is None else ():
                os.replace(temporary, final)
        except OSError as failed:
            raise self._told(failed) from failed
        finally:
            for temporary in self.files.values():
                drop(temporary)
        if isinstance(error, OSError):
            raise self._told(error) from error

    def _told(self, error: OSError) -> StoreError:
        return StoreError(f"cannot write {self.path}: {error.strerror or error}")


def _plain(schema: pa.Schema) -> pa.Schema:
    """A schema in which words are words."""
    return pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in schema])


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter | pacsv.CSVWriter:
    if ".csv." in path.name:
        return pacsv.CSVWriter(path, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)
