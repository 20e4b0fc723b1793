"""``docs/add-a-strategy.md`` from a user's side: its code, config and test are run as they stand, and what goes wrong is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "add-a-strategy.md").read_text(encoding="utf-8")
CODE, CONTRACT = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
CONFIG = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)[0]
ENTRY_POINT = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)[0]
SMALL = ["--set", "people=300", "--set", "months=6", "--set", "replicates=1"]
QUICK = [*SMALL, "--set", "placebo=false", "--workers", "1", "--no-figures"]


def careersim(*words: object, cwd: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | (
        {"PYTHONPATH": os.pathsep.join([path, os.environ.get("PYTHONPATH", "")])} if path else {}
    )
    command = [sys.executable, "-m", "careersim", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the page's reader has it: strategy, config and test."""
    (tmp_path / "job_club.py").write_text(CODE)
    (tmp_path / "job-club.yaml").write_text(CONFIG)
    (tmp_path / "test_job_club.py").write_text(CONTRACT)
    return tmp_path


def test_the_class_is_about_25_lines() -> None:
    lines = [line for line in CODE[CODE.index("class JobClub") :].splitlines() if line.strip()]
    assert len(lines) <= 25


def test_the_pages_config_runs_beside_the_strategy(folder: Path) -> None:
    described = careersim("describe", "job_club:JobClub", cwd=folder)
    assert described.returncode == 0, described.stderr
    assert "Who: people out of work who ask." in described.stdout
    done = careersim("run", "job-club.yaml", *QUICK, cwd=folder)
    assert done.returncode == 0, done.stderr
    for words in ("job club", "job club cheering", "Undominated set"):
        assert words in done.stdout
    assert "4 runs made" in done.stdout
    again = careersim("run", "job-club.yaml", *QUICK, cwd=folder)
    assert "4 were there already" in again.stdout
    (folder / "job_club.py").write_text(CODE.replace("dose=self.encouragement", "dose=2 * self.encouragement"))
    changed = careersim("run", "job-club.yaml", *QUICK, cwd=folder)
    assert "2 runs made, 2 were there already" in changed.stdout, "a changed strategy is run again, and nothing else"


def test_the_pages_test_passes(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "zero or touches or says",
        "test_job_club.py",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_an_installed_package_offers_its_strategy_by_entry_point(folder: Path) -> None:
    """A distribution as an installer leaves it: the module and its metadata on the path."""
    package, metadata = folder / "site" / "my_package", folder / "site" / "my_package-1.0.dist-info"
    package.mkdir(parents=True)
    metadata.mkdir()
    (package / "__init__.py").write_text("")
    (folder / "job_club.py").rename(package / "job_club.py")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: my_package\nVersion: 1.0\n")
    group, line = ENTRY_POINT.strip().splitlines()
    (metadata / "entry_points.txt").write_text(
        f"[{group.split('.', 2)[2].strip(chr(34) + ']')}]\n{line.replace(chr(34), '')}\nbroken = my_package.nothing:There\n"
    )
    path = str(folder / "site")
    listed = careersim("list", "strategies", cwd=folder, path=path)
    assert "job_club" in listed.stdout, listed.stderr
    assert "'broken' of my_package cannot be loaded" in listed.stderr
    config = yaml.safe_load(CONFIG) | {"strategies": ["job_club", {"name": "job_club", "label": "more", "budget": 2.0}]}
    (folder / "named.yaml").write_text(yaml.safe_dump(config))
    done = careersim("run", "named.yaml", *QUICK, cwd=folder, path=path)
    assert done.returncode == 0, done.stderr
    assert "more" in done.stdout


def test_an_error_names_strategy_month_and_person_and_spoils_only_its_arm(folder: Path) -> None:
    lines = CODE.replace(
        "        levers.share_experience(session)\n",
        "        if session.month >= session.town.policy_start + 2:\n"
        "            who = session.ids[session.ids % 7 == 0]\n"
        "            if len(who):\n"
        '                raise ValueError(f"no form for {who[0]}")\n'
        "        levers.share_experience(session)\n",
    )
    (folder / "job_club.py").write_text(lines)
    done = careersim("run", "job-club.yaml", *QUICK, "--set", "people=600", cwd=folder)
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert "2 runs failed" in told
    assert re.search(r"job_club.*month \d+ of policy.*person \d+.*no form for \d+", told), told
    assert "Traceback" not in told
    assert "one to one" in done.stdout
    assert "2 runs made" in done.stdout, "none and the other strategy"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def broken(:\n", ["job_club:JobClub", "cannot be imported", "SyntaxError"]),
        ("JobClub = 3\n", ["job_club:JobClub", "is not a careersim.services.base.Strategy"]),
        ("import nowhere_to_be_found\n", ["cannot be imported", "nowhere_to_be_found"]),
    ],
)
def test_a_strategy_that_cannot_be_loaded_is_told_on_one_screen(folder: Path, code: str, words: list[str]) -> None:
    (folder / "job_club.py").write_text(code)
    done = careersim("run", "job-club.yaml", *QUICK, cwd=folder)
    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert "Traceback" not in told
    for word in words:
        assert word in told
