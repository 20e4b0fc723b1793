"""What a run's file holds: one long table, as Parquet with page checksums and the digest of its own content."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from careersim.study.index import bytes_digest

LONG_COLUMNS = ["table", "month", "measure", "group", "value"]
LONG_SCHEMA = pa.schema(
    [
        ("table", pa.dictionary(pa.int32(), pa.string())),
        ("month", pa.int32()),
        ("measure", pa.dictionary(pa.int32(), pa.string())),
        ("group", pa.dictionary(pa.int32(), pa.string())),
        ("value", pa.float64()),
    ]
)
"""Every result of a run is lines of this shape: which table, month of policy (-1: whole period), measure, group, value."""
NUMBERS = {"month": "int32", "value": "float64"}
META = b"careersim"
DECODING_FAILS = (OSError, KeyError, AttributeError, TypeError, pa.ArrowException, ValueError)
"""What may come of reading bytes that are not a result."""


def encode(frame: pd.DataFrame, meta: Mapping[str, Any]) -> bytes:
    """A long table as Parquet bytes with page checksums; ``meta`` and the digest of the content go into the file."""
    columns = {name: _column(frame, name) for name in LONG_COLUMNS}
    note = {**meta, "content": _digest(columns)}
    arrays = [
        pa.array(values)
        if isinstance(values, np.ndarray)
        else pa.DictionaryArray.from_arrays(pa.array(values[0]), values[1])
        for values in columns.values()
    ]
    table = pa.Table.from_arrays([a.cast(f.type) for a, f in zip(arrays, LONG_SCHEMA, strict=True)], schema=LONG_SCHEMA)
    text = json.dumps(note, sort_keys=True, separators=(",", ":"), allow_nan=False)
    buffer = io.BytesIO()
    table = table.replace_schema_metadata({META: text.encode()})
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def content_digest(frame: pd.DataFrame) -> str:
    """Hash of a long table's content: equal if and only if two runs gave the same lines, bit for bit."""
    return _digest({name: _column(frame, name) for name in LONG_COLUMNS})


def _column(frame: pd.DataFrame, name: str) -> Any:
    """Numbers as they are; words as numbers into the list of words, in the order in which they first appear."""
    if name in NUMBERS:
        return np.ascontiguousarray(frame[name].to_numpy(NUMBERS[name]))
    codes, words = pd.factorize(frame[name])
    return codes.astype(np.int32), [str(w) for w in words]


def _digest(columns: Mapping[str, Any]) -> str:
    h = hashlib.blake2b(digest_size=16)
    for values in columns.values():
        if isinstance(values, np.ndarray):
            h.update(values.tobytes())
        else:
            h.update(values[0].tobytes() + "\0".join(values[1]).encode())
    return h.hexdigest()


def decode(content: bytes, name: str = "") -> tuple[pd.DataFrame, dict[str, Any]]:
    """Lines and note of a result; raises ValueError if the bytes are not a whole and right one."""
    try:
        table = pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True).read(use_threads=False)
        note = json.loads((table.schema.metadata or {})[META])
        frame = table.to_pandas()
        right = note.get("content") == content_digest(frame)
    except DECODING_FAILS as error:
        raise ValueError(f"{name}: not a whole result file ({error})") from error
    if not right:
        raise ValueError(f"{name}: content does not match its own digest")
    return frame, note


def read_table(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Read and verify one result file: its lines and its note; raises ValueError if it is not whole and right."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    return decode(content, str(path))


def chosen_lines(
    path: Path, key: str, tables: Sequence[str], measures: Sequence[str], vouched: str | None = None
) -> pa.Table:
    """Lines of some tables and measures of one result; ``vouched`` is the digest of bytes that were verified before."""
    content = path.read_bytes()
    if bytes_digest(content) != vouched and decode(content, str(path))[1].get("key") != key:
        raise ValueError(f"{path}: holds another run")
    table = pq.ParquetFile(io.BytesIO(content)).read(use_threads=False).replace_schema_metadata(None)
    for name, wanted in (("table", tables), ("measure", measures)):
        if wanted:
            column = table[name].combine_chunks()
            column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
            codes = [k for k, word in enumerate(column.dictionary.to_pylist()) if word in wanted]
            table = table.filter(np.isin(column.indices.to_numpy(), codes))
    return table
