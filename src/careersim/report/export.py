"""Export a study to files that other programs read: one CSV, one Excel workbook, or what the EMA workbench loads.

* **CSV**: a line a run: the design's columns and every number about the whole run; then the differences from none.
* **Excel**: the sheets *design* (a line a run), *summary* (paired differences with intervals), *ledger* (a line a cell and measure
  of each run) and *notes* (what it is, units, versions, the command that repeats it).
* **EMA**: a ``.tar.gz`` that ``ema_workbench.load_results`` reads: ``experiments`` (a line a strategy in a world: uncertainties,
  choices, ``policy`` the strategy, ``scenario`` the world, ``model`` the place) and ``outcomes`` (the measures, means over replicates).
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from careersim.report.tables import ASSUMED
from careersim.study import analysis as api
from careersim.study.analysis.frames import StudyTable, in_parts, measures_of, pair
from careersim.study.lines import ledger_of
from careersim.study.store import Store
from careersim.study.writing import StoreError, write_bytes, write_parts

EXCEL_ROWS = 1_048_576
EMA_VERSION = 0.1
DIFFERENCE = "difference."
KINDS = ("one.csv", "one.xlsx", "ema.tar.gz")


def export(folder: Path | str, to: Path | str) -> Path:
    """Write the study in ``folder`` to one file; its kind follows from its name (``.csv``, ``.xlsx``, ``.tar.gz``).

    Raises
    ------
    StoreError
        If the folder is no study, the name is of no known kind, or the study is too large for a sheet of Excel.
    """
    path = Path(to)
    if path.suffix == ".csv":
        write_csv(folder, path)
    elif path.suffix == ".xlsx":
        write_bytes(path, workbook(folder))
    elif path.name.endswith((".tar.gz", ".tgz")):
        write_bytes(path, ema_archive(*ema_pair(api.open_study(folder))))
    else:
        raise StoreError(f"'{to}' is of no known kind: end it in .csv, .xlsx or .tar.gz (EMA workbench)")
    return path


def runs_table(folder: Path | str) -> pd.DataFrame:
    """One line a run: design, every number about the whole run, and its differences from none (empty for none itself)."""
    parts = list(_parts_of_runs(folder))
    return pd.concat(parts, ignore_index=True)[_in_order(dict.fromkeys(str(c) for part in parts for c in part))]


def write_csv(folder: Path | str, path: Path) -> None:
    """Write `runs_table` as CSV; of a large study a part is held at a time, and what has been gone through is kept beside the file."""
    files: list[Path] = []
    names: dict[str, None] = {}
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as beside:
        for part in _parts_of_runs(folder):
            files.append(Path(beside) / f"{len(files)}.parquet")
            part.to_parquet(files[-1])
            names |= dict.fromkeys(map(str, part))
        columns = _in_order(names)
        whole = (pd.read_parquet(file).reindex(columns=columns) for file in files)
        write_parts(path, (part.to_csv(index=False, header=k == 0).encode() for k, part in enumerate(whole)))


def _parts_of_runs(folder: Path | str) -> Iterator[pd.DataFrame]:
    """`runs_table`, some whole tasks at a time; raises StoreError if there is no run."""
    store = Store(folder)
    design = store.read_design()
    found = False
    for some, numbers in in_parts(store, design):
        found = True
        yield _with_differences(some, numbers)
    if not found:
        raise StoreError(f"{store.root} has no finished run: run `careersim run` first")


def _with_differences(design: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Runs of whole tasks with their numbers and differences from none."""
    table = pair(design if "point" in design else design.assign(point=0), numbers)
    differences = table[["place", "point", "arm", "replicate", *measures_of(table)]]
    known = [c for c in differences if c not in ("place", "point", "arm", "replicate")]
    differences = differences.rename(columns={c: f"{DIFFERENCE}{c}" for c in known})
    runs = design.merge(numbers, left_on="key", right_index=True, how="inner")
    on = [c for c in ("place", "point", "arm", "replicate") if c in runs]
    return runs.merge(differences.drop(columns=[c for c in ("point",) if c not in on]), on=on, how="left")


def _in_order(names: Iterable[str]) -> list[str]:
    """Columns of all parts: what is of a run itself, then differences."""
    return sorted(names, key=lambda name: name.startswith(DIFFERENCE))


def workbook(folder: Path | str) -> bytes:
    """The Excel workbook as bytes: sheets design, summary, ledger, notes."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    store = Store(folder)
    design = store.read_design()
    ledger = _ledger(store, design)
    study = api.open_study(folder)
    sheets = {
        "design": design,
        "summary": api.paired_differences(study, [m for m in api.QUANTITIES if m in study.table]),
        "ledger": ledger,
        "notes": notes(study, store),
    }
    book = Workbook(write_only=True)
    for name, frame in sheets.items():
        _fits(name, len(frame))
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, c, Font) for c in frame.columns])
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            sheet.append([_cell(v) for v in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _ledger(store: Store, design: pd.DataFrame) -> pd.DataFrame:
    """The ledgers of all runs; they are gone through only as far as a sheet holds them."""
    parts, rows = [], 0
    for lines in store.batches(design, ["ledger"]):
        parts.append(ledger_of(lines))
        rows += len(parts[-1])
        _fits("ledger", rows)
    return pd.concat(parts, ignore_index=True)


def _fits(name: str, rows: int) -> None:
    if rows >= EXCEL_ROWS:
        raise StoreError(f"the sheet '{name}' would have {rows:,} rows at least, more than Excel holds: export to .csv")


def _bold(sheet: Any, text: Any, font: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=str(text))
    cell.font = font(bold=True)
    return cell


def _cell(value: Any) -> Any:
    """A value as Excel takes it; text that looks like a formula stays text."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return "'" + value
    return value


def notes(study: StudyTable, store: Store) -> pd.DataFrame:
    """What the workbook's reader should know: what, how produced, units of the measures, assumptions."""
    rows: list[tuple[str, str]] = [
        ("study", study.name),
        ("runs", f"{study.n_runs}, of which {study.n_missing} missing"),
    ]
    try:
        manifest = json.loads((store.root / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = {}
    for name in ("command", "seed", "code", "random", "python", "started", "experiment_digest"):
        if name in manifest:
            rows.append((name, str(manifest[name])))
    rows += [(f"package {k}", str(v)) for k, v in manifest.get("packages", {}).items()]
    rows += [("stationarity", str(v)) for v in manifest.get("stationarity", {}).values()]
    rows += [("note", line) for line in ASSUMED]
    rows += [(f"unit of {q.name}", f"{q.label}: {q.unit}") for q in api.QUANTITIES.values()]
    return pd.DataFrame(rows, columns=["about", "text"])


def ema_pair(study: StudyTable) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The (experiments, outcomes) pair as the EMA workbench returns it from ``perform_experiments``.

    Names are Python identifiers (dots become ``__``); outcomes are means over replicates.

    Examples
    --------
    >>> from careersim.study.analysis.example import example_study
    >>> experiments, outcomes = ema_pair(example_study())
    >>> len(experiments), sorted(experiments.columns)[:2], outcomes["account__b"].shape
    (400, ['learning__decay', 'migration__cost'], (400,))
    """
    settings = [c for c in map(str, study.table) if c.startswith(("uncertainties.", "choices."))]
    groups = study.table.groupby(["place", "point", "arm"], sort=False, observed=True)
    first, means = groups[settings].first(), groups[measures_of(study.table)].mean()
    names = {c: identifier(c.removeprefix("uncertainties.").removeprefix("choices.")) for c in settings}
    at = first.index.to_frame(index=False).rename(columns={"place": "model", "point": "scenario", "arm": "policy"})
    experiments = pd.concat([first.reset_index(drop=True).rename(columns=names), at], axis=1)
    for column in experiments:
        if not pd.api.types.is_numeric_dtype(experiments[column]):
            experiments[column] = experiments[column].astype("category")
    return experiments, {identifier(m): means[m].to_numpy() for m in map(str, means) if means[m].notna().any()}


def identifier(name: str) -> str:
    """A name as a Python identifier.

    Examples
    --------
    >>> identifier("place.employment_rate"), identifier("further.others elsewhere, displacement 1")
    ('place__employment_rate', 'further__others_elsewhere__displacement_1')
    """
    return "".join(c if c.isalnum() or c == "_" else "_" for c in name.replace(".", "__"))


def ema_archive(experiments: pd.DataFrame, outcomes: dict[str, Any]) -> bytes:
    """The pair as ``ema_workbench.save_results`` writes it (format 0.1: experiments.csv, a file an outcome, metadata.json)."""
    files = {"experiments.csv": experiments.to_csv(index=False).encode()}
    listed = []
    for name, values in outcomes.items():
        files[f"{name}.cls"] = pd.DataFrame(values).to_csv(header=False, index=False).encode()
        listed.append(("ScalarOutcome", name, f"{name}.cls"))
    kinds = {str(k): str(v) for k, v in experiments.dtypes.items()}
    files["metadata.json"] = json.dumps({"version": EMA_VERSION, "outcomes": listed, "experiments": kinds}).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
