"""docs/studies.md: its configs, commands, query and code work in the order in which they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import pytest

from careersim.cli import main

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)
SMALL = "--set people=300 --set months=12 --set parameters.time.burn_in=24 --set replicates=2 --workers 1 --no-figures"


def command(line: str) -> None:
    """Run a command line of the page in this process, studies at a small size."""
    first = next(iter(sorted(Path("results/my-study/runs").glob("*/*.parquet"))), None)
    words = shlex.split(re.sub(r"\$\(.*\)", str(first), line))[1:]
    if words[0] == "run":
        words += shlex.split(SMALL) + (["--set", "design.n=20", "--set", "replicates=1"] if "worlds" in line else [])
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0, line


def test_the_page_from_config_to_figure(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    counts = {"yaml": 0, "sh": 0, "sql": 0, "python": 0}
    for language, text in BLOCKS:
        counts[language] += 1
        if language == "yaml":
            Path(text.split("\n", 1)[0].removeprefix("# ").strip()).write_text(text)
        elif language == "sh":
            for line in text.strip().splitlines():
                command(line)
        elif language == "sql":
            assert len(duckdb.sql(text).df()) == 4
        else:
            world: dict = {}
            exec(compile(text, "studies.md", "exec"), world)
            assert len(world["shares"]) == 3
            assert world["enough"] > 10
            assert not world["differences"].empty
    assert counts == {"yaml": 2, "sh": 4, "sql": 1, "python": 1}
    printed = capsys.readouterr().out
    for words in ("paired differences", "Where the ranking flips", "bit-identical", "wrote"):
        assert words in printed, words
    for file in ("my-study.csv", "my-study.xlsx", "results/my-worlds/ema.tar.gz"):
        assert Path(file).stat().st_size > 0
    for figure in ("my-study/analysis/inverclyde-differences.png", "my-worlds/analysis/robustness.png"):
        assert Path("results", figure).exists()


def test_every_table_the_page_names_is_one_that_is_written():
    from careersim.report.analysis import analyse

    source = Path(analyse.__file__).read_text()
    for name in re.findall(r"^\| `(\w+)` \| .* \| .* \|$", TEXT.split("| file in")[1], flags=re.MULTILINE):
        assert f'"{name}"' in source, name
