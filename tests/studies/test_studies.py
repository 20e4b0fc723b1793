"""The studies that ship run from their configs, and their small reference results come out again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from experiments import studies
from scipy import stats

ROOT = Path(__file__).parents[2]
NAMES = list(studies.STUDIES)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A function that runs a study at its small size, once, and returns what was found and where."""
    root, kept = tmp_path_factory.mktemp("studies"), {}

    def run(name):
        if name not in kept:
            kept[name] = studies.run(name, root / name, small=True, workers=1), root / name
        return kept[name]

    return run


@pytest.mark.parametrize("name", NAMES)
def test_the_design_is_the_references_line_by_line(done, name):
    expected = pd.read_csv(studies.REFERENCE / name / "design.csv")
    found = studies.design_of(done(name)[1])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_results_are_the_references(done, name):
    """Same code and packages: bit for bit. Others: within what luck allows, which notices a gross change and no more."""
    found, folder = done(name)
    expected = json.loads((studies.REFERENCE / name / "made-by.json").read_text())
    now = studies.made_by(folder)
    if all(now[k] == expected[k] for k in ("code", "packages")):
        assert now["content"] == expected["content"]
        return
    index = ["place", "point", "arm", "measure"]
    then = pd.read_csv(studies.REFERENCE / name / "differences.csv").set_index(index)
    both = then.join(found.tables["differences"].set_index(index), rsuffix="_now", how="inner")
    assert len(both) == len(then)
    error = np.hypot(both["standard_error"], both["standard_error_now"])
    df = both["replicates"].min() + both["replicates_now"].min() - 2
    told = error > 0
    apart = (both["difference_now"] - both["difference"])[told].abs() / error[told]
    assert (apart > stats.t.ppf(0.9995, df)).mean() < 0.05


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_that_answers_the_question_is_drawn(done, name):
    found, folder = done(name)
    for figure in studies.STUDIES[name].figures:
        assert (folder / "analysis" / f"{figure}.png").exists(), (figure, list(found.figures))


@pytest.mark.parametrize("name", NAMES)
def test_the_small_study_is_the_full_one_but_for_its_size(name):
    small = yaml.safe_load(studies.config_of(name, True).read_text())
    assert small["extends"] == f"../{name}.yaml"
    assert set(small) <= {
        "extends",
        "people",
        "months",
        "replicates",
        "parameters",
        "places",
        "strategies",
        "choices",
        "uncertainties",
        "design",
    }
    assert name in (ROOT / "docs" / "studies.md").read_text()
