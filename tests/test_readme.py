"""What the README says works: its code runs, its commands and targets exist, its options parse."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from careersim.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def lines(program: str) -> list[str]:
    every = [line for block in blocks("sh") for line in block.splitlines()]
    return sorted({line for line in every if line.startswith(program + " ")})


def test_there_is_something_to_test() -> None:
    assert blocks("python")
    assert len(lines("careersim")) >= 5
    assert len(lines("make")) >= 2


@pytest.mark.parametrize("code", blocks("python"))
def test_the_code_runs(code: str) -> None:
    world: dict = {}
    exec(compile(code, "README.md", "exec"), world)
    model = world["m"]
    assert model.month == 25
    assert world["oldest"].age > 60
    assert model.network().number_of_nodes() >= len(model.agents)


@pytest.mark.parametrize("line", lines("careersim"))
def test_the_commands_exist_and_their_options_parse(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="careersim")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    command.make_context(line, words, parent=context)
    for word in words:
        if word.startswith("configs/"):
            assert (ROOT / word).exists()


@pytest.mark.parametrize("line", lines("make"))
def test_the_targets_exist(line: str) -> None:
    target = shlex.split(line, comments=True)[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_every_target_and_command_mentioned_in_running_text_exists() -> None:
    for target in re.findall(r"`make ([a-z-]+)`", README):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE), target
    for name in re.findall(r"`careersim ([a-z]+)", README):
        assert name in cli.list_commands(click.Context(cli)), name


def test_nothing_is_left_of_a_merge() -> None:
    """Lines that git writes where two versions meet are in no file that is kept under version control."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = [ROOT / f for f in files if f.endswith((".md", ".py", ".yaml", ".toml", ".txt", "Makefile", "run"))]
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    assert len(texts) > 300
    assert [f.name for f in texts if any(line.startswith(marks) for line in f.read_text("utf-8").splitlines())] == []
