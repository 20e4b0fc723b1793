"""A study's folder, as its user meets it: planned, made by shards, looked at, damaged, put right."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import careersim

STUDY = """\
name: shared
place: inverclyde
strategies: [one_to_one]
people: 300
months: 6
replicates: 2
placebo: false
choices: {one_to_one.budget: [0.5, 1]}
uncertainties: {conditions.search.kappa: [0.4, 0.8]}
parameters: {time: {burn_in: 24}}
"""


def said(done, code: int = 0) -> str:
    assert done.code == code, done.out + done.err
    assert "Traceback" not in done.err
    return " ".join((done.out + done.err).split())


def test_a_study_is_planned_made_by_shards_looked_at_and_put_right(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(STUDY)
    assert "12 runs planned" in said(careersim("run", "c.yaml", "--out", "s", "--plan-only", cwd=tmp_path))
    assert "missing 12 100.0%" in said(careersim("status", "s", cwd=tmp_path))
    for shard in ("1/2", "2/2"):
        assert "6 runs made" in said(careersim("worker", "s", "--shard", shard, cwd=tmp_path, seconds=1500))
    text = said(careersim("run", "s", "--no-figures", cwd=tmp_path))
    assert "0 runs made, 12 were there already" in text
    assert "budget=0.5" in text
    one = sorted(tmp_path.glob("s/runs/*/*.parquet"))[0]
    one.write_bytes(one.read_bytes()[:-1])
    assert "done 11 91.7%" in said(careersim("status", "s", cwd=tmp_path))
    assert "1 runs of the design have none" in said(careersim("check", "s", cwd=tmp_path), code=1)
    assert "1 runs made, 11 were there already" in said(careersim("retry", "s", "--no-figures", cwd=tmp_path))
    assert "12 results are whole" in said(careersim("check", "s", cwd=tmp_path))


def test_what_is_no_study_is_told_in_words(tmp_path: Path) -> None:
    for command in (["status", "."], ["check", "."], ["retry", "."], ["worker", ".", "--shard", "1/2"]):
        assert "the folder of a study" in said(careersim(*command, cwd=tmp_path), code=2)
    assert not list(tmp_path.iterdir())
    (tmp_path / "c.yaml").write_text(STUDY)
    for more, words in (
        (["--engine", "dask"], "--scheduler ADDRESS"),
        (["--scheduler", "tcp://127.0.0.1:1"], "goes with --engine dask"),
        (["--set", "uncertainties.search.kapa=[1]"], "did you mean search.kappa?"),
        (["--set", "choices.one_to_one.budgt=[1]"], "did you mean budget?"),
        (["--set", "choices.one_to_one.budget=[-1]"], "out of range"),
        (["--set", "design={kind: sobol, n: 3}"], "did you mean 2 or 4?"),
    ):
        assert words in said(careersim("run", "c.yaml", "--out", "s", *more, cwd=tmp_path), code=2)
