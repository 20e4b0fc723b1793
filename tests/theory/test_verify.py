"""`careersim verify`: the quick run passes, what it prints and writes, and that docs/why-believe.md is what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from careersim.checks import registry, signs, verify
from careersim.checks.estimates import Estimate
from careersim.checks.lines import Check, Effort, Line, Part, exact, near
from careersim.checks.page import rows_of

PAGE = Path(__file__).parents[2] / "docs" / "why-believe.md"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``careersim verify`` as a user does."""
    call = [sys.executable, "-m", "careersim", "verify", *arguments]
    return subprocess.run(call, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"})


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], dict]:
    """The quick run of everything."""
    file = tmp_path_factory.mktemp("verify") / "verdict.json"
    done = command("--quick", "--json", str(file))
    return done, json.loads(file.read_text()) if file.exists() else {}


def test_quick_run_passes(quick) -> None:
    done, verdict = quick
    assert done.returncode == 0, done.stdout + done.stderr
    assert verdict["failed"] == 0
    assert verdict["mode"] == "quick"
    assert f"{verdict['lines']} of {verdict['lines']} lines pass" in done.stdout
    claims = {line["what"] for line in verdict["results"] if line["check"][0] == "C"}
    assert claims == {sign.claim for sign in signs.signs().values()}


def test_every_check_has_its_lines(quick) -> None:
    done, verdict = quick
    ids = [c.id for c in registry.CHECKS]
    assert {f"A{k}" for k in range(1, 11)} <= set(ids)
    for check in ids:
        assert f"\n{check} " in done.stdout
        assert any(line["check"] == check for line in verdict["results"])


def test_quick_standard_errors_are_as_promised(quick) -> None:
    for line in quick[1]["results"]:
        if line["standard_error"] and line["expected_value"]:
            most = 0.10 if "correlation" in line["what"] else 0.03
            assert line["standard_error"] <= most * abs(line["expected_value"]), line


def test_page_has_the_lines_of_the_code(quick) -> None:
    """Months and sizes differ between a quick and a full run; what is checked does not."""

    def bare(rows):
        return {(check, what) for check, what, _ in rows}

    lines = {(x["check"], x["what"], x["condition"]) for x in quick[1]["results"]}
    page = rows_of(PAGE.read_text())
    assert bare(page) - bare(lines) <= {("A9", "fewer are told with 400 contacts than with 66")}
    assert bare(lines) <= bare(page)
    for check in ("A1", "A2", "A3", "A4", "A5", "A6", "A8", "A10"):
        assert {row for row in lines if row[0] == check} == {row for row in page if row[0] == check}


def test_page_was_written_by_a_full_run_in_which_all_passed() -> None:
    text = PAGE.read_text()
    assert "do not edit" in text
    assert "| fail |" not in text
    assert "| imprecise |" not in text
    for check in registry.CHECKS:
        assert f"### {check.id} {check.title}" in text
        assert check.claim in text


def test_only_some() -> None:
    done = command("--only", "a6,A5", "--quick", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "A5 " in done.stdout
    assert "A6 " in done.stdout
    assert "A1 " not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--only", "A99"), "no such check: A99"),
        (("--only", ","), "no such check"),
        (("--quick", "--write-docs", "x.md"), "needs a full run"),
    ],
)
def test_bad_options_are_told(arguments: tuple[str, ...], says: str) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_failure_is_shown_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(effort: Effort) -> list[Line]:
        return [exact("two and two", "", 4.0, 5.0), near("a die", "", 3.5, Estimate(3.9, 0.1), effort.precision)]

    def breaks(effort: Effort) -> list[Line]:
        raise ZeroDivisionError("no posts")

    check = Check("A1", "t", "c", "s", [Part("A1", "wrong", wrong), Part("A1", "breaks", breaks)])
    monkeypatch.setattr(registry, "CHECKS", (check,))
    verdict = verify.verify([check], Effort(quick=True), workers=1)
    assert [line.verdict for line in verdict.failed] == ["fail", "fail", "error"]
    assert "ZeroDivisionError: no posts" in verdict.lines[2].found
    assert json.loads(verdict.to_json())["failed"] == 3


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((1.02, 0.01), "pass"),
        ((1.04, 0.01), "fail"),
        ((0.96, 0.01), "fail"),
        ((1.02, 0.04), "imprecise"),
        ((1.0, 0.0), "pass"),
        ((1.1, 0.0), "fail"),
    ],
)
def test_verdicts(found: tuple[float, float], verdict: str) -> None:
    assert near("x", "", 1.0, Estimate(*found), 0.03).verdict == verdict
