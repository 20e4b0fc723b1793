"""The commands that need no simulation, and how failures are told."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys

import pytest

from careersim import cli
from careersim.scenario.catalogue import configs_folder, parameter_table
from careersim.scenario.experiment import load_experiment

HEAVY = {"numpy", "numba", "pandas", "mesa", "pydantic", "rich", "matplotlib", "pyarrow", "duckdb", "networkx", "scipy"}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return stopped.value.code


def modules_after(code: str) -> set[str]:
    printed = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('MODULES', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(printed.split("MODULES")[1].split())


def test_help_imports_nothing_heavy():
    code = "from careersim import cli\ntry:\n    cli.main(['--help'])\nexcept SystemExit as stop:\n    assert stop.code == 0"
    assert not modules_after(code) & HEAVY


def test_the_scenario_needs_no_numpy():
    loaded = modules_after("import careersim.scenario.experiment, careersim.scenario.template")
    assert not loaded & (HEAVY - {"pydantic"})


def test_help_lists_every_command(capsys):
    assert run("--help") == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in cli.COMMANDS)


def test_unknown_command_suggests(capsys):
    assert run("lst") == 2
    assert "Did you mean 'list'?" in capsys.readouterr().err


def test_list_places(capsys):
    assert run("list", "places") == 0
    printed = capsys.readouterr().out
    assert "edinburgh" in printed
    assert "369,218" in printed


def test_list_parameters(capsys):
    assert run("list", "parameters", "search", "--sources") == 0
    printed = capsys.readouterr().out
    assert "search.kappa" in printed
    assert "hiring.noise" not in printed
    assert run("list", "parameters", "serch") == 2
    assert "did you mean search?" in capsys.readouterr().err


def test_every_row_of_evidence_that_a_source_names_is_there():
    with (configs_folder() / "targets.csv").open(encoding="utf-8") as file:
        rows = {row["id"] for row in csv.DictReader(file)}
    named = {n for row in parameter_table() for n in re.findall(r"targets\.csv `?([a-z]+_[a-z_]+)", row.source)}
    assert len(named) > 20
    assert named <= rows


def test_list_strategies_and_measures(capsys):
    assert run("list", "strategies") == 0
    assert "one_to_one" in capsys.readouterr().out
    assert run("list", "measures") == 0
    assert "employment_rate" in capsys.readouterr().out


def test_describe_place(capsys):
    assert run("describe", "inverclyde") == 0
    printed = capsys.readouterr().out
    assert "ONS APS, LI01" in printed
    assert "assumed: " in printed
    assert "gap +0.0000" in printed
    assert "g = 0." in printed


def test_describe_strategy_and_config(capsys, tmp_path):
    assert run("describe", "one_to_one") == 0
    assert "Interviews by a careers adviser" in capsys.readouterr().out
    config = tmp_path / "c.yaml"
    config.write_text("place: reading\npeople: 500\nparameters: {search: {kappa: 0}}\n")
    assert run("describe", str(config)) == 0
    printed = capsys.readouterr().out
    assert "search.kappa = 0.0" in printed
    assert "500 people are few" in printed


def test_describe_says_what_a_study_varies(capsys):
    assert run("describe", "guidance-dose") == 0
    printed = capsys.readouterr().out
    assert "one_to_one.budget: 0.05, 0.1" in printed
    assert "Uncertainties: 2 points (lists)" in printed
    assert "conditions.demand.turnover: True, False" in printed


def test_describe_unknown(capsys):
    assert run("describe", "onetoone") == 2
    assert "did you mean one_to_one?" in " ".join(capsys.readouterr().err.split())


def test_a_runaway_loop_is_refused(capsys, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text(
        "place: inverclyde\nparameters:\n  demand:\n    gamma: 4.0\n    entry_demand_elasticity: 5.0\n    kept_share_local: 1.0\n"
    )
    assert run("describe", str(config)) == 2
    told = capsys.readouterr().err
    assert "run away" in told
    assert "line 4" in told


def test_new(tmp_path, capsys):
    file = tmp_path / "my study.yaml"
    assert run("new", str(file), "--place", "reading") == 0
    assert load_experiment(file).place == "reading"
    assert load_experiment(file).name == "my-study"
    assert run("new", str(file)) == 2
    assert "exists already" in capsys.readouterr().err
    assert run("new", str(file), "--force") == 0
    assert [p.name for p in tmp_path.iterdir()] == ["my study.yaml"]


def test_new_where_nothing_can_be_written(tmp_path, capsys):
    assert run("new", str(tmp_path / "no" / "x.yaml")) == 2
    assert run("new", str(tmp_path)) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_schema(tmp_path, capsys):
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "careersim experiment"
    assert run("schema", "place", "--out", str(tmp_path / "s.json")) == 0
    assert json.loads((tmp_path / "s.json").read_text())["title"] == "careersim place"


def raising(error: BaseException):
    import click

    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PermissionError(13, "Permission denied", "/results"), 2, "/results"),
        (OSError(28, "No space left on device"), 2, "No space left"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (MemoryError(), 2, "memory"),
    ],
)
def test_failures_are_told_in_words(error, code, words, monkeypatch, capsys):
    monkeypatch.setattr(cli.LazyCommands, "get_command", lambda self, ctx, name: raising(error))
    assert run("schema") == code
    assert words in capsys.readouterr().err


def test_faults_of_the_program_are_not_hidden(monkeypatch):
    monkeypatch.setattr(cli.LazyCommands, "get_command", lambda self, ctx, name: raising(ZeroDivisionError("oops")))
    with pytest.raises(ZeroDivisionError):
        cli.main(["schema"])


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m careersim schema | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=os.environ)
    assert "Traceback" not in done.stderr


def test_configs_are_found():
    assert (configs_folder() / "national.yaml").is_file()
