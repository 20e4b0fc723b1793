"""Bad input: one screen in words, exit code 2, and nothing half-written that looks whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.conftest import CONFIG, careersim

from careersim.scenario.catalogue import configs_folder

PLACE = configs_folder() / "places" / "inverclyde.yaml"
MOST_LINES = 40


def refused(*arguments: object, cwd: Path) -> str:
    """Run a command that must be refused, and return what it said."""
    before = sorted(p for p in cwd.rglob("*"))
    done = careersim(*arguments, cwd=cwd, seconds=120)
    told = done.out + done.err
    assert done.code == 2, told
    assert 0 < len(told.splitlines()) <= MOST_LINES, told
    assert "Traceback" not in told
    after = sorted(p for p in cwd.rglob("*"))
    assert after == before, "something was written"
    return " ".join(told.split())


def compare(cwd: Path, *more: object, place: str = "inverclyde") -> str:
    words = ["compare", "--place", place, "--strategies", "one_to_one", "--people", 300, "--replicates", 1]
    return refused(*words, "--years", 1, "--out", "out", "--set", "parameters.time.burn_in=24", *more, cwd=cwd)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pepole: 500", ["line 7", "pepole", "unknown name", "did you mean people?"]),
        ("parameters: {search: {kapa: 1}}", ["kapa", "did you mean", "kappa"]),
        ("seed: many", ["line 7", "seed", "whole number", "many"]),
        ("csv: 3", ["csv", "true or false"]),
        ("seed: true", ["seed", "must be a number"]),
        ("workers: -1", ["workers", "out of range", "0 to 1024"]),
        ("parameters: {pay: {wage_curve: .nan}}", ["wage_curve", "found: nan"]),
        ("parameters: {ties: {max_ties: 4}}", ["max_ties", "degree"]),
        ("stop_when: {half_width: 0.01, max_replicates: 1}", ["max_replicates", "below replicates"]),
        ("places: [reading]", ["place", "not both"]),
        ("people: 500", ["people", "given twice"]),
        ("parameters: {demand: {gamma: 4, entry_demand_elasticity: 5, kept_share_local: 1}}", ["run away", "gamma"]),
        ("parameters: [", ["is the file whole"]),
    ],
)
def test_a_wrong_config(tmp_path: Path, line: str, words: list[str]) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG.replace("parameters: {time: {burn_in: 24}}\n", "") + line + "\n")
    told = refused("run", "c.yaml", cwd=tmp_path)
    assert "c.yaml" in told
    for word in words:
        assert word in told, told
    assert refused("describe", "c.yaml", cwd=tmp_path) == told


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["--set", "serch.kappa=1"], ["serch.kappa", "did you mean search.kappa?"]),
        (["--set", "search.kappa"], ["search.kappa"]),
        (["--set", "search.kappa=a lot"], ["search.kappa", "number"]),
        (["--set", "search.kappa=-1"], ["search.kappa", "allowed"]),
        (["--set", "ties.max_ties=0"], ["max_ties", "2 to 64"]),
        (["--set", "ties.degree=0"], ["ties.degree", "without ties"]),
        (["--set", "ties.degree=0", "--set", "ties.close_degree=0"], ["ties.degree", "without ties"]),
        (["--set", "time.pension_age=16"], ["pension_age", "55 to 75"]),
        (["--years", "-1"], ["years"]),
        (["--years", "0"], ["years", "out of range", "a month (1/12) to 100 years"]),
        (["--people", "10"], ["people", "posts in each of 11 occupations", "200 to 2000000"]),
        (["--people", "5000000"], ["people", "out of range"]),
        (["--people", "many"], ["people", "integer"]),
        (["--replicates", "0"], ["replicates", "out of range"]),
        (["--workers", "0"], ["workers"]),
        (["--strategies", "one_too_one"], ["did you mean one_to_one?"]),
        (["--strategies", "os:getcwd"], ["os:getcwd"]),
        (["--strategies", ""], ["names no strategy"]),
        (["--place", "inverclid"], ["did you mean inverclyde?"]),
        (["--no-such-option"], ["No such option"]),
    ],
)
def test_wrong_options(tmp_path: Path, settings: list[str], words: list[str]) -> None:
    told = compare(tmp_path, *settings)
    for word in words:
        assert word in told, told


def changed_place(folder: Path, name: str, value: str) -> str:
    """Write Inverclyde with one figure changed."""
    text, n = re.subn(rf"(\n  {name}:\n    value: )[^\n]*", rf"\g<1>{value}", PLACE.read_text())
    assert n == 1
    (folder / "p.yaml").write_text(text)
    return "./p.yaml"


@pytest.mark.parametrize(
    ("figure", "value", "words"),
    [
        ("working_age_population", "10", ["1000 to", "found: 10 people"]),
        ("jobs_density", "0", ["jobs_density", "out of range"]),
        ("jobs_density", "0.9", ["balance"]),
        ("employment_rate", "0", ["employment_rate", "out of range"]),
        ("inactivity_rate", "100", ["inactivity_rate", "out of range"]),
        ("median_pay", "a lot", ["median_pay", "number"]),
        ("median_pay", ".nan", ["median_pay"]),
    ],
)
def test_an_impossible_place(tmp_path: Path, figure: str, value: str, words: list[str]) -> None:
    told = compare(tmp_path, place=changed_place(tmp_path, figure, value))
    for word in ["p.yaml", *words]:
        assert word in told, told


def test_a_missing_figure_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PLACE.read_text().replace("\n  median_pay:\n", "\n  medianpay:\n"))
    told = compare(tmp_path, place="./p.yaml")
    assert "median_pay" in told
    assert "did you mean median_pay?" in told


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_bytes(PLACE.read_bytes()[:2000])
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "folder.yaml").mkdir()
    for name, words in (
        ("half.yaml", "is the file whole"), ("binary.yaml", "not UTF-8"), ("empty.yaml", "is empty"),
        ("folder.yaml", "cannot be read"), ("absent.yaml", "cannot be read"),
    ):  # fmt: skip
        for command in (["run", name], ["describe", f"./{name}"]):
            told = refused(*command, cwd=tmp_path)
            assert name in told
            assert words in told
        told = compare(tmp_path, place=f"./{name}")
        assert name in told


def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    for out in ("taken", "taken/below"):
        assert "taken" in compare(tmp_path, "--out", out)
    assert "taken" in refused("new", "taken/below.yaml", cwd=tmp_path)
    assert "taken" in refused("new", "taken", cwd=tmp_path)
    assert "taken" in refused("schema", "--out", "taken/below.json", cwd=tmp_path)


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("CAREERSIM_CACHE", str(tmp_path / "taken"))
    words = ["story", "--place", "inverclyde", "--strategy", "one_to_one", "--people", 300, "--years", 1]
    assert "taken" in refused(*words, "--set", "parameters.time.burn_in=24", cwd=tmp_path)


def test_unknown_names_get_the_nearest(tmp_path: Path) -> None:
    assert "Did you mean 'compare'?" in refused("compar", cwd=tmp_path)
    assert "did you mean" in refused("describe", "inverclid", cwd=tmp_path)
    assert "did you mean" in refused("run", "inverclid", cwd=tmp_path)
    assert "did you mean" in refused("list", "parameters", "serch", cwd=tmp_path)
    assert "did you mean" in refused("story", "--place", "inverclyde", "--strategy", "brokring", cwd=tmp_path)


def test_a_session_needs_a_place_an_arm_that_coaches_and_a_group_that_was(tmp_path: Path) -> None:
    assert "--place" in refused("session", cwd=tmp_path)
    assert "no arm of this experiment coaches" in refused(
        "session", "--place", "inverclyde", "--strategy", "one_to_one", cwd=tmp_path
    )
