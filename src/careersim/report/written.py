"""The tables beside a study's results, written run by run: months, ledgers, groups of people, the final table."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from careersim.report.tables import tidy
from careersim.study.comparison import Comparison
from careersim.study.groups import GROUPS_TABLE, groups_table
from careersim.study.store import RUN_COLUMNS
from careersim.study.study import StudyRun
from careersim.study.tasks import ledger_of
from careersim.study.writing import StoreError, drop, write_bytes


def write_tables(run: StudyRun, comparisons: list[Comparison], csv: bool) -> None:
    """Write monthly series, ledgers, groups of people and the final table as tidy Parquet, and as CSV on request."""
    folder = run.store.root / "tables"
    _write(folder / "monthly", _monthly(run), csv)
    _write(folder / "ledger", _ledgers(run), csv)
    _write(folder / "groups", [groups_table(run.store.read(run.design, [GROUPS_TABLE]))], csv)
    summary = pd.concat([tidy(c) for c in comparisons], ignore_index=True) if comparisons else pd.DataFrame()
    _write(folder / "summary", [summary], csv)


def _monthly(run: StudyRun) -> Iterator[pd.DataFrame]:
    """The monthly series, a batch of runs at a time."""
    for lines in run.store.batches(run.design, ["monthly"]):
        yield lines.drop(columns=["table", "group"]).astype({"measure": str})


def _ledgers(run: StudyRun) -> Iterator[pd.DataFrame]:
    """The ledgers, one line per cell and measure, with place, arm, point and replicate in front."""
    for lines in run.store.batches(run.design, ["ledger"]):
        frame = ledger_of(lines)
        yield frame[[*RUN_COLUMNS, *(c for c in frame if c not in RUN_COLUMNS)]]


def _write(path: Path, frames: Iterable[pd.DataFrame], csv: bool) -> None:
    """Write frames one after the other as one table, whole or not at all."""
    frames = iter(frames)
    first = next((f for f in frames if len(f)), None)
    if first is None:
        write_bytes(path.with_suffix(".parquet"), _bytes_of(pd.DataFrame()))
        return
    table = pa.Table.from_pandas(first, preserve_index=False).replace_schema_metadata(None)
    beside = f".{os.getpid()}.{secrets.token_hex(4)}.tmp"
    files = {path.with_suffix(".parquet"): path.with_name(f".{path.name}.parquet{beside}")}
    if csv:
        files[path.with_suffix(".csv")] = path.with_name(f".{path.name}.csv{beside}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writers = [_writer(temporary, table.schema) for temporary in files.values()]
        for writer in writers:
            writer.write_table(table)
        for frame in frames:
            more = pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False).replace_schema_metadata(None)
            for writer in writers:
                writer.write_table(more)
        for writer in writers:
            writer.close()
        for final, temporary in files.items():
            os.replace(temporary, final)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        for temporary in files.values():
            drop(temporary)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter | pacsv.CSVWriter:
    if ".csv" in path.name:
        return pacsv.CSVWriter(path, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)


def _bytes_of(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def code_of_reports() -> str:
    """Hash of the source files by which results are compared, tabulated and drawn."""
    package = Path(__file__).resolve().parents[1]
    h = hashlib.blake2b(digest_size=16)
    for path in sorted([*package.glob("report/*.py"), *package.glob("study/*.py"), *package.glob("measures/*.py")]):
        h.update(path.name.encode() + b"\0" + path.read_bytes())
    return h.hexdigest()
