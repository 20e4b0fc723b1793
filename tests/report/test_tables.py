from __future__ import annotations

import math

import pandas as pd
import pytest

from careersim.report.finish import finish
from careersim.report.kinds import POINTS, POUNDS
from careersim.report.rows import ONLY_IN_THE_FILE, SECTIONS
from careersim.report.tables import plain_text, tidy
from careersim.study.comparison import compare


@pytest.fixture
def comparison(run):
    return compare(run.results(), "nowhere", 7)


def test_table_says_all_that_a_policy_maker_asked_for(comparison):
    text = plain_text(comparison, "Nowhere")
    for words in (
        "Nowhere: 295 residents (each stands for 2.0), 2 years, 4 paired replicates",
        "Employment", "Median pay", "Leavers", "Resident skill", "lowest origin third", "Labour share",
        "Those who took part: income", "Other residents: own terms", "Those whose residence", "The account says",
        "Lost by others per £ gained", "Public cost", "placebo (noise)", "Noise floor", "one to one", "+1.00 pp*",
    ):  # fmt: skip
        assert words in text, words


def test_no_line_of_the_text_is_wider_than_the_page(comparison):
    assert max(map(len, plain_text(comparison).splitlines())) <= 150


def test_blank_cells_carry_a_reason(comparison):
    text = plain_text(comparison)
    assert "– (a)" in text
    assert "others did not lose" in text or "nobody" in text


def test_signs_that_differ_are_said(comparison):
    assert (
        "one to one, own network: pounds and own terms point in opposite directions for those whose residence it changed"
        in " ".join(plain_text(comparison).split())
    )


def test_tidy_has_every_measure_of_every_arm(comparison):
    frame = tidy(comparison)
    n_rows = sum(len(s.rows) for s in SECTIONS) + len(ONLY_IN_THE_FILE) + 1
    assert len(frame) == n_rows * len(comparison.arms)
    blank = frame[frame["value"].isna()]
    assert (blank["text"].fillna("") != "").all()


@pytest.mark.parametrize(
    ("kind", "x", "text"),
    [(POINTS, 0.0123, "+1.23 pp"), (POUNDS, -1234.4, "-£1,234"), (POUNDS, -0.2, "£0"), (POUNDS, math.pi, "+£3")],
)
def test_numbers_are_written_for_people(kind, x, text):
    assert kind.text(x) == text


def test_finish_writes_tables_and_figures(run, capsys):
    finish(run, csv=True)
    assert "Employment" in capsys.readouterr().out
    root = run.store.root
    summary = pd.read_parquet(root / "tables" / "summary.parquet")
    assert set(summary["strategy"]) == {"one_to_one", "own_network", "placebo"}
    for name in ("monthly", "ledger", "summary"):
        assert len(pd.read_csv(root / "tables" / f"{name}.csv")) == len(
            pd.read_parquet(root / "tables" / f"{name}.parquet")
        )
    for name in ("trajectories", "who-gains-who-loses"):
        assert (root / "figures" / "nowhere" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
        assert b"<svg" in (root / "figures" / "nowhere" / f"{name}.svg").read_bytes()[:600]


def test_the_written_ledger_adds_exactly(run):
    finish(run, figures=False)
    ledger = pd.read_parquet(run.store.root / "tables" / "ledger.parquet")
    cells = ledger[(ledger["row"] == "cell") & (ledger["measure"] == "income")]
    assert (cells.groupby(["arm", "replicate"])["n"].sum() == 300).all()
    sums = cells.groupby(["arm", "replicate"])["fixed"].sum()
    total = (
        run.results().query("table == 'effects' and measure == 'total.income'").set_index(["arm", "replicate"])["value"]
    )
    assert (sums - (total * 100).round()).abs().max() == 0
