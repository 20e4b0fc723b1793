"""A study, from its folder to tables, figures and files for other programs."""

from __future__ import annotations

import json
import warnings
from io import StringIO

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest
from fake_town import fake_model
from rich.console import Console

from careersim.report.analysis.analyse import Wish, analyse, analysis_of, default_axes
from careersim.report.analysis.text import plain
from careersim.report.export import ema_pair, export, runs_table
from careersim.scenario.parameters import Parameters
from careersim.study.analysis import open_study, paired_differences
from careersim.study.analysis.example import example_study
from careersim.study.plan import Plan
from careersim.study.reproduce import reproduce
from careersim.study.store import StoreError
from careersim.study.study import run_study


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    """A study of four worlds, two strategies, one of them at two budgets."""
    strategies = {"one_to_one budget=1": "help", "one_to_one budget=2": "more help", "own_network": "help too"}
    chosen = {f"one_to_one budget={b}": {"one_to_one.budget": float(b)} for b in (1, 2)}
    points = pd.DataFrame({"conditions.search.kappa": [0.5, 0.5, 1.5, 1.5], "migration.cost": [0.1, 0.4, 0.1, 0.4]})
    plan = Plan(
        "varied", ("nowhere",), strategies, chosen, points, {"kind": "grid"}, people=200, months=12, replicates=3, seed=7, parameters=Parameters(),
        make_model=fake_model,
    )  # fmt: skip
    return run_study(plan, tmp_path_factory.mktemp("varied"), workers=1, stream=StringIO())


def quiet() -> Console:
    return Console(file=StringIO(), width=150)


def test_one_world_is_analysed_whole(run):
    console = quiet()
    found = analyse(run.store.root, Wish(half_widths={"place.employment_rate": 0.0001}), console)
    printed = console.file.getvalue()
    for words in (
        "paired differences from no strategy", "95% Student t", "95% BCa", "p (Holm)", "variance reduction",
        "After Holm's adjustment", "how many replicates are enough", "undominated by public cost", "4 replicates a world",
    ):  # fmt: skip
        assert words in printed, words
    folder = run.store.root / "analysis"
    assert (folder / "analysis.txt").read_text().startswith("  small: 2 strategies against none in 1 place(s)")
    for name, frame in found.tables.items():
        pd.testing.assert_frame_equal(pd.read_parquet(folder / f"{name}.parquet"), frame, check_dtype=False)
        assert len(pd.read_csv(folder / f"{name}.csv")) == len(frame)
    for name in found.figures:
        stem = name.replace(".", "-").replace(" ", "-")
        assert (folder / f"{stem}.png").read_bytes().startswith(b"\x89PNG")
        assert b"<svg" in (folder / f"{stem}.svg").read_bytes()[:2000]
    assert {"nowhere-differences", "nowhere-undominated"} <= set(found.figures)
    assert "nowhere-replicates" not in found.figures  # all replicates of the stand-in's employment differ by the same


def test_uncertain_worlds_are_analysed_over_worlds(varied):
    study = open_study(varied.store.root)
    assert study.uncertainties == ["uncertainties.conditions.search.kappa", "uncertainties.migration.cost"]
    assert study.choices == ["choices.one_to_one.budget"]
    found = analysis_of(study, Wish())
    assert {"worlds", "undominated", "doses", "phase"} <= set(found.tables)
    assert "robustness" not in found.tables  # four worlds are no sample
    assert set(found.tables["differences"]["point"]) == {0, 1, 2, 3}
    assert len(found.tables["phase"]) == 4 * len(Wish().served)
    assert found.tables["doses"]["world"].nunique() == 4
    assert "kappa=0.5, cost=0.1" in set(found.tables["doses"]["world"])
    assert default_axes(study) == tuple(study.uncertainties)


def test_the_made_up_study_is_drawn_whole():
    measures = ("account.b", "place.employment_rate")
    axes = ("uncertainties.migration.cost", "uncertainties.search.kappa")
    found = analysis_of(example_study(n_worlds=60), Wish(measures, ("account.b",), axes=axes))
    assert {"robustness", "phase", "nowhere-sensitivity-account.b", "flip-account.b-organising-one_to_one"} <= set(
        found.figures
    )
    assert "migration.cost is below" in " ".join(plain(found.parts).split())


def test_unknown_measures_and_axes_are_told_with_the_nearest(run):
    with pytest.raises(StoreError, match=r"did you mean 'place\.employment_rate'"):
        analyse(run.store.root, Wish(measures=("place.employmnt_rate",)), quiet())
    with pytest.raises(StoreError, match="no axis 'nothing'"):
        analyse(run.store.root, Wish(axes=("nothing", "place")), quiet())


def test_duckdb_and_pandas_read_results_in_one_line(varied):
    root = varied.store.root
    mean = duckdb.sql(
        f"select arm, avg(value) as employment from read_parquet('{root}/runs/*/*.parquet', filename=true) r "
        f"join '{root}/design.parquet' d on parse_filename(r.filename, true) = d.key "
        "where r.table = 'summary' and measure = 'employment_rate' and point = 0 group by arm order by arm"
    ).df()
    results = varied.results().query("table == 'summary' and measure == 'employment_rate' and point == 0")
    by_hand = results.groupby("arm")["value"].mean()
    assert mean.set_index("arm")["employment"].to_dict() == pytest.approx(by_hand.to_dict())
    key = varied.design["key"].iloc[1]
    one = pd.read_parquet(root / "runs" / key[:2] / f"{key}.parquet")
    assert list(one.columns) == ["table", "month", "measure", "group", "value"]
    assert pd.read_parquet(root / "design.parquet")["choices.one_to_one.budget"].dropna().unique().tolist() == [
        1.0,
        2.0,
    ]


def test_one_csv_has_every_run_with_its_differences(varied, tmp_path):
    frame = pd.read_csv(export(varied.store.root, tmp_path / "one.csv"))
    assert len(frame) == len(varied.design)
    assert frame["key"].tolist() == varied.design["key"].tolist()
    got = frame[(frame["arm"] == "own_network") & (frame["point"] == 2)]
    means = paired_differences(open_study(varied.store.root), ["account.b"])
    expected = means.query("arm == 'own_network' and point == 2")["difference"].iloc[0]
    assert got["difference.account.b"].mean() == pytest.approx(expected)
    assert frame.loc[frame["arm"] == "none", "difference.account.b"].isna().all()
    assert frame["uncertainties.migration.cost"].notna().all()


def test_the_workbook_has_its_four_sheets_right(varied, tmp_path):
    book = openpyxl.load_workbook(export(varied.store.root, tmp_path / "one.xlsx"), read_only=True)
    assert book.sheetnames == ["design", "summary", "ledger", "notes"]
    sheets = {name: pd.read_excel(tmp_path / "one.xlsx", sheet_name=name) for name in book.sheetnames}
    assert sheets["design"]["key"].tolist() == varied.design["key"].tolist()
    stored = pd.read_parquet(varied.store.path(varied.design["key"].iloc[1])).query("table == 'ledger'")
    first = varied.design.iloc[1]
    mine = sheets["ledger"].query(f"arm == '{first['arm']}' and point == 0 and replicate == 0")
    assert mine["n"].sum() == stored[stored["measure"].astype(str).str.endswith(".n")]["value"].sum()
    expected = paired_differences(open_study(varied.store.root), ["account.b"])
    got = sheets["summary"].query("measure == 'account.b'")
    assert got["difference"].to_numpy() == pytest.approx(expected["difference"].to_numpy())
    notes = dict(zip(sheets["notes"]["about"], sheets["notes"]["text"], strict=True))
    assert "GBP a year per 1,000 residents" in notes["unit of account.b"]
    assert "package numpy" in notes


def test_the_ema_workbench_reads_what_is_exported(varied, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results

        path = export(varied.store.root, tmp_path / "ema.tar.gz")
        experiments, outcomes = load_results(str(path))
    own, expected = ema_pair(open_study(varied.store.root))
    assert list(experiments.columns) == list(own.columns)
    assert {"migration__cost", "conditions__search__kappa", "one_to_one__budget", "policy", "scenario", "model"} <= set(
        experiments
    )
    assert set(outcomes) == set(expected)
    for name, values in expected.items():
        assert outcomes[name] == pytest.approx(values, nan_ok=True)
    assert experiments["policy"].astype(str).tolist() == own["policy"].astype(str).tolist()
    assert len(experiments) == 4 * 4


def test_the_workbench_finds_a_box_in_what_it_read(tmp_path):
    """The pair is not only loaded: its own PRIM runs on it and finds the condition of the made-up study."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results
        from ema_workbench.analysis import prim

        from careersim.report.export import ema_archive

        path = tmp_path / "ema.tar.gz"
        path.write_bytes(ema_archive(*ema_pair(example_study())))
        experiments, outcomes = load_results(str(path))
        chosen = experiments["policy"].astype(str) == "one_to_one"
        x = experiments[chosen][["migration__cost", "search__kappa", "learning__decay"]]
        box = prim.Prim(x, outcomes["account__b"][chosen.to_numpy()] > 40, threshold=0.5).find_box()
    assert box.box_lim.loc[0, "migration__cost"] > 0.45


def test_an_unknown_kind_of_file_and_a_study_too_large_are_told(varied, tmp_path, monkeypatch):
    with pytest.raises(StoreError, match=r"end it in \.csv"):
        export(varied.store.root, tmp_path / "one.sav")
    monkeypatch.setattr("careersim.report.export.EXCEL_ROWS", 10)
    with pytest.raises(StoreError, match="more than Excel holds"):
        export(varied.store.root, tmp_path / "one.xlsx")
    assert not list(tmp_path.iterdir())


def test_every_kind_of_run_is_reproduced_bit_for_bit(varied):
    design = varied.design
    for arm in ("none", "one_to_one budget=2", "placebo"):
        row = design[(design["arm"] == arm) & (design["point"] == 3) & (design["replicate"] == 2)].iloc[0]
        found = reproduce(varied.store.path(row["key"]), make_model=fake_model)
        assert found.identical, found.words()
        assert found.changed == ()
        assert "bit-identical" in found.words()
        assert f"nowhere, {arm}, point 3, replicate 2" in found.words()


def test_what_differs_is_told(varied, tmp_path):
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(varied.store.root, root)
    for name, change in (
        ("experiment.json", {"code": "an older one"}),
        ("manifest.json", {"packages": {"numpy": "1.0"}}),
    ):
        told = json.loads((root / name).read_text())
        (root / name).write_text(json.dumps(told | change))
    key = varied.design.query("arm == 'own_network'")["key"].iloc[0]

    def lucky(task, report=None):
        return FakeWithMoreGain(task)

    found = reproduce(key[:12], root, make_model=lucky)
    assert not found.identical
    words = found.words()
    assert "the simulator's code (an older then" in words
    assert "numpy 1.0 then" in words
    assert "NOT the same" in words
    assert "then," in words
    assert found.differences["then"].ne(found.differences["now"]).all()


def FakeWithMoreGain(task):
    from fake_town import FakeModel

    return FakeModel(task, gain=101.0)


def test_what_cannot_be_reproduced_is_told(varied, tmp_path):
    with pytest.raises(StoreError, match="there is no result file"):
        reproduce(tmp_path / "none.parquet")
    with pytest.raises(StoreError, match="--in FOLDER"):
        reproduce("abc")
    with pytest.raises(StoreError, match="has no run whose key begins with 'zz'"):
        reproduce("zz", varied.store.root)


def test_a_table_of_all_runs_needs_a_finished_run(tmp_path):
    with pytest.raises(StoreError):
        runs_table(tmp_path)


def test_numbers_of_the_table_are_those_of_the_runs(varied):
    frame = runs_table(varied.store.root).set_index("key")
    key = varied.design["key"].iloc[2]
    lines = varied.store.read_run(key).query("table == 'summary'").set_index("measure")["value"]
    for measure, value in lines.items():
        assert frame.loc[key, f"summary.{measure}"] == value
    assert np.isfinite(frame["summary.employment_rate"]).all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["analyse", "nowhere-at-all"], "is missing or not whole"),
        (["analyse", "STUDY", "--half-width", "place.employment_rate"], "MEASURE=H"),
        (["analyse", "STUDY", "--phase", "a"], "names two axes"),
        (["analyse", "STUDY", "--measure", "place.employmnt_rate"], "did you mean 'place.employment_rate'?"),
        (["export", "STUDY", "--to", "one.sav"], "end it in .csv, .xlsx or .tar.gz"),
        (["export", "nowhere-at-all", "--to", "one.csv"], "is missing or not whole"),
        (["reproduce", "abc.parquet"], "there is no result file abc.parquet"),
        (["reproduce", "abc"], "--in FOLDER"),
    ],
)
def test_wrong_input_is_told_on_one_screen(run, words, told, capsys, tmp_path, monkeypatch):
    from careersim.cli import main

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main([str(run.store.root) if w == "STUDY" else w for w in words])
    assert end.value.code == 2
    screen = capsys.readouterr().err
    assert told in " ".join(screen.split())
    assert "Traceback" not in screen
    assert len(screen.splitlines()) <= 22
    assert not list(tmp_path.iterdir())
