"""The user's path, end to end, through the installed command."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.cli.conftest import COMMAND, SMALL, careersim

from careersim.study.store import Store

ROOT = Path(__file__).parents[2]
N_RUNS = 8
"""none, two strategies and the placebo, twice."""


@pytest.fixture(scope="module")
def study(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished study."""
    out = tmp_path_factory.mktemp("study") / "results"
    done = careersim("run", config, "--out", out, "--csv", "--workers", 2)
    assert done.code == 0, done.err
    assert f"{N_RUNS} runs made" in done.out
    (out / "printed.txt").write_text(done.out)
    return out


def contents(out: Path) -> dict[str, str]:
    """The content of each run, by key."""
    store = Store(out)
    return {key: store.read_run(key).to_csv() for key in store.read_design()["key"]}


def test_the_table_speaks_to_a_policy_maker(study: Path) -> None:
    printed = (study / "printed.txt").read_text()
    for words in (
        "Employment", "Median pay", "Leavers", "Resident skill", "lowest origin third", "Labour share", "Took part",
        "Other residents: income", "own terms", "residence changed", "Asset-stripping account", "The account says",
        "Lost by others per £ gained", "Public cost", "placebo (noise)", "Noise floor", "2 paired replicates",
    ):  # fmt: skip
        assert words in printed, words
    assert "nan" not in printed.lower().split()


def test_the_layout_on_disk(study: Path) -> None:
    store = Store(study)
    design = store.read_design()
    assert len(design) == N_RUNS
    assert set(design["arm"]) == {"none", "one_to_one", "collective_bargaining", "placebo"}
    assert all(store.is_done(key) for key in design["key"])
    files = {p.relative_to(study).as_posix() for p in study.rglob("*") if p.is_file()}
    for name in ("monthly", "ledger", "summary"):
        assert {f"tables/{name}.parquet", f"tables/{name}.csv"} <= files
        assert len(pd.read_parquet(study / f"tables/{name}.parquet")) == len(pd.read_csv(study / f"tables/{name}.csv"))
    assert "tables/inverclyde.txt" in files
    assert not [f for f in files if f.endswith((".tmp", ".part"))]
    for name in ("trajectories", "who-gains-who-loses", "network"):
        assert (study / f"figures/inverclyde/{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (study / f"figures/inverclyde/{name}.svg").read_text()[:2000]


def test_csv_and_figures_only_when_asked_for(config: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy"
    shutil.copytree(study, out)
    for folder in ("tables", "figures"):
        shutil.rmtree(out / folder)
    assert careersim("run", config, "--out", out, "--no-figures").code == 0
    assert (out / "tables/summary.parquet").exists()
    assert not list(out.rglob("*.csv"))
    assert not (out / "figures").exists()


def test_the_manifest_reproduces_the_study_bit_for_bit(study: Path, tmp_path: Path) -> None:
    manifest = json.loads((study / "manifest.json").read_text())
    assert {"numba", "numpy", "mesa", "careersim"} <= set(manifest["packages"])
    assert (manifest["seed"], manifest["replicates"]) == (1, [0, 1])
    assert manifest["seconds"] > 0
    assert manifest["experiment"]["parameters"]["time"]["burn_in"] == 24
    words = shlex.split(manifest["command"])
    assert words[0] == "careersim"
    again = tmp_path / "again"
    done = careersim(*words[1:], "--out", again, "--workers", 1)
    assert done.code == 0, done.err
    assert contents(again) == contents(study)


def test_a_second_run_does_nothing_new(config: Path, study: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in [*study.glob("runs/*/*"), study / "manifest.json"]}
    done = careersim("run", config, "--out", study, "--csv")
    assert done.code == 0
    assert f"0 runs made, {N_RUNS} were there already" in done.out
    assert before == {p: p.stat().st_mtime_ns for p in before}
    assert set(study.glob("runs/*/*")) == {p for p in before if p.name != "manifest.json"}


def test_half_written_results_are_made_again(config: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "damaged"
    shutil.copytree(study, out)
    whole, damaged = contents(out), sorted(out.glob("runs/*/*.parquet"))[:2]
    damaged[0].write_bytes(damaged[0].read_bytes()[:-50])
    damaged[1].write_bytes(b"")
    for name in ("design.parquet", "manifest.json", "experiment.json"):
        (out / name).write_bytes((out / name).read_bytes()[:40])
    done = careersim("run", config, "--out", out)
    assert done.code == 0, done.err
    assert f"2 runs made, {N_RUNS - 2} were there already" in done.out
    assert contents(out) == whole
    assert len(list((out / "quarantine").iterdir())) == 2
    assert json.loads((out / "manifest.json").read_text())["runs"]["all"] == N_RUNS


def test_half_written_settled_towns_are_settled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREERSIM_CACHE", str(tmp_path / "kept"))
    words = ["compare", "--place", "inverclyde", "--strategies", "one_to_one", "--people", 300, "--years", 0.5]
    words += ["--replicates", 1, *SMALL, "--no-figures"]
    assert careersim(*words, "--out", tmp_path / "a").code == 0
    kept = list((tmp_path / "kept").glob("*.npz"))
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = careersim(*words, "--out", tmp_path / "b")
    assert done.code == 0, done.err
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_zero_budget_equals_none(tmp_path: Path) -> None:
    config = tmp_path / "nothing.yaml"
    names = ("one_to_one", "own_network", "brokering", "collective_bargaining")
    listed = ", ".join(f"{{name: {name}, budget: 0}}" for name in names)
    config.write_text(
        f"place: inverclyde\nstrategies: [{listed}]\npeople: 300\nmonths: 12\nreplicates: 1\nplacebo: false\n"
        "parameters: {time: {burn_in: 24}}\n"
    )
    done = careersim("run", config, "--out", tmp_path / "out", "--no-figures")
    assert done.code == 0, done.err
    store = Store(tmp_path / "out")
    keys = store.read_design().set_index("arm")["key"]
    frames = {arm: store.read_run(key) for arm, key in keys.items()}
    same = {a: f[f["table"].isin(["monthly", "summary"])].to_csv(index=False) for a, f in frames.items()}
    assert len(same) == 5
    assert len(set(same.values())) == 1


def test_compare(tmp_path: Path) -> None:
    done = careersim(
        "compare", "--place", "reading", "--strategies", "own_network,brokering", "--people", 300, "--years", 0.5,
        "--replicates", 2, "--out", tmp_path / "out", "--set", "search.kappa=0.5", *SMALL,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "own network" in done.out
    assert "brokering" in done.out
    assert (
        json.loads((tmp_path / "out/manifest.json").read_text())["experiment"]["parameters"]["search"]["kappa"] == 0.5
    )


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("places", ["inverclyde", "edinburgh", "369,218"]),
        ("strategies", ["one_to_one", "collective_bargaining"]),
        ("measures", ["employment_rate"]),
        ("parameters", ["search.kappa", "assumed", "measured"]),
    ],
)
def test_list(what: str, words: list[str]) -> None:
    done = careersim("list", what)
    assert done.code == 0, done.err
    assert all(word in done.out for word in words)


def test_list_places_check_sets_simulated_beside_published() -> None:
    done = careersim("list", "places", "inverclyde", "--check", "--people", 300)
    assert done.code == 0, done.err
    for words in ("Published and simulated", "employment_rate", "median_pay", "Stationarity", "of 1 places"):
        assert words in done.out


def test_describe(config: Path) -> None:
    for what, words in (
        ("inverclyde", "Loop gain"), ("one_to_one", "Settings"), (str(config), "400 people"), ("none", "none"),
    ):  # fmt: skip
        done = careersim("describe", what)
        assert done.code == 0, done.err
        assert words in done.out


def test_new_config_runs(tmp_path: Path) -> None:
    assert careersim("new", "mine.yaml", "--place", "blackpool", cwd=tmp_path).code == 0
    text = (tmp_path / "mine.yaml").read_text()
    assert yaml.safe_load(text)["places"] == ["blackpool"]
    small = ["--set", "people=300", "--set", "months=6", "--set", "replicates=1", "--set", "strategies=brokering"]
    done = careersim("run", "mine.yaml", *small, *SMALL, "--no-figures", cwd=tmp_path)
    assert done.code == 0, done.err
    assert Store(tmp_path / "results/mine").read_design()["place"].unique().tolist() == ["blackpool"]


def test_schema_accepts_the_config_that_ships() -> None:
    done = careersim("schema")
    assert done.code == 0
    properties = json.loads(done.out)["properties"]
    shipped = yaml.safe_load((ROOT / "configs/experiments/inverclyde.yaml").read_text())
    assert set(shipped) <= set(properties)


def test_story() -> None:
    words = ["story", "--place", "inverclyde", "--strategy", "one_to_one", "--people", 400, "--years", 2]
    done = careersim(*words, "--set", "parameters.time.burn_in=24")
    assert done.code == 0, done.err
    assert "Person" in done.out
    assert "with one to one" in done.out.lower().replace("_", " ")
    again = careersim(*words, "--set", "parameters.time.burn_in=24")
    assert again.out == done.out
    beyond = careersim(*words, "--set", "parameters.time.burn_in=24", "--person", 99_999_999)
    assert beyond.code == 2
    assert "there is no person" in beyond.err


def _start(*arguments: object) -> subprocess.Popen[str]:
    words = [str(COMMAND), *map(str, arguments)]
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_ctrl_c,
    )


def _heed_ctrl_c() -> None:
    """A shell starts background jobs with Ctrl-C ignored; a person's terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_valid_files(tmp_path: Path, workers: int) -> None:
    out = tmp_path / "out"
    words = ["compare", "--place", "inverclyde", "--strategies", "one_to_one", "--people", 300, "--years", 5]
    words += ["--set", "parameters.time.burn_in=24", "--no-figures", "--out", out, "--workers", workers]
    child = _start(*words, "--replicates", 400)
    deadline = time.time() + 120
    while time.time() < deadline and not list(out.glob("runs/*/*.parquet")):
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Interrupted" in told
    assert "Traceback" not in told
    store = Store(out)
    made = [p.stem for p in out.glob("runs/*/*.parquet")]
    assert made
    assert all(store.is_done(key) for key in made)
    assert not (out / "manifest.json").exists()
    assert not (out / "tables").exists()
    assert not [p for p in out.rglob("*") if p.suffix in (".tmp", ".part")]
    again = careersim(
        *words, "--replicates", workers
    )  # any of the first replicates may have been the first to be stored
    assert again.code == 0, again.err
    assert "were there already" in again.out


def test_the_package_works_outside_the_checkout(tmp_path: Path) -> None:
    """Places and configs travel in the wheel."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheel")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    site = tmp_path / "site"
    with zipfile.ZipFile(next((tmp_path / "wheel").glob("*.whl"))) as wheel:
        wheel.extractall(site)

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(site)}
        return subprocess.run([sys.executable, *words], cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert python("-c", "import careersim; print(careersim.__file__)").stdout.startswith(str(site))
    for words in (["list", "places"], ["describe", "blackpool"], ["describe", "inverclyde"], ["new", "mine.yaml"]):
        done = python("-m", "careersim", *words)
        assert done.returncode == 0, done.stderr
