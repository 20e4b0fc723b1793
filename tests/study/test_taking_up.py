"""A config is checked with the simulator when something is to be simulated, and not when its study is complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_town import fake_model

from careersim import cli
from careersim.commands import reading
from careersim.study import tasks, warming

CONFIG = """\
name: small
place: inverclyde
strategies: [one_to_one]
people: 300
months: 12
replicates: 2
figures: false
"""
RUNAWAY = "parameters: {demand: {gamma: 4.0, entry_demand_elasticity: 5.0, kept_share_local: 1.0}}\n"


@pytest.fixture
def gains(monkeypatch) -> list[float]:
    """The loop gains that are computed; the town is the stand-in."""
    computed: list[float] = []
    loop_gain = reading.loop_gain
    monkeypatch.setattr(reading, "loop_gain", lambda *of: computed.append(loop_gain(*of)) or computed[-1])
    monkeypatch.setattr(tasks, "settled_model", fake_model)
    monkeypatch.setattr(warming, "prepare", lambda *of: None)
    return computed


def run(folder: Path, *more: str, config: str = CONFIG) -> int:
    (folder / "c.yaml").write_text(config)
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", str(folder / "c.yaml"), "--out", str(folder / "study"), "--workers", "1", *more])
    return ended.value.code or 0


def test_the_loop_gain_is_computed_when_something_is_asked_for_and_not_for_a_complete_study(gains, tmp_path, capsys):
    assert run(tmp_path) == 0
    assert "6 runs made" in capsys.readouterr().out
    assert len(gains) == 1
    assert run(tmp_path) == 0
    assert "0 runs made, 6 were there already" in capsys.readouterr().out
    assert len(gains) == 1
    assert run(tmp_path, "--set", "replicates=3") == 0
    assert "3 runs made, 6 were there already" in capsys.readouterr().out
    assert len(gains) == 2


def test_what_cannot_be_run_is_refused_and_leaves_a_complete_study_as_it_is(gains, tmp_path, capsys):
    assert run(tmp_path) == 0
    before = (tmp_path / "study" / "experiment.json").read_bytes()
    for more, words in ((RUNAWAY, "run away"), ("uncertainties: {search.kapa: [1]}\n", "did you mean search.kappa?")):
        assert run(tmp_path, config=CONFIG + more) == 2
        assert words in " ".join(capsys.readouterr().err.split())
    assert run(tmp_path, "--set", "strategies=one_to_won") == 2
    assert "one_to_one" in capsys.readouterr().err
    assert (tmp_path / "study" / "experiment.json").read_bytes() == before
    assert not (tmp_path / "study" / "earlier").exists()
