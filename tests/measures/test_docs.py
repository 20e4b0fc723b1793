"""What docs/measures.md says works."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import yaml

from careersim.commands.reading import read_options
from careersim.measures.registry import REGISTRY, Snapshot
from towns import lively_town

TEXT = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_choice_of_what_is_kept_can_be_made():
    (block,) = blocks("yaml")
    collect = read_options({"place": "inverclyde", **yaml.safe_load(block)}).collect
    assert collect.groups == ("age", "origin_third*gender")
    assert collect.people


def test_the_measure_of_the_guide_is_one_by_every_group():
    code = next(b for b in blocks("python") if "@measure" in b)
    try:
        exec(compile(code, "measures.md", "exec"), {})
        town = lively_town()
        women = Snapshot(town).within(town.people.gender == 1)
        assert 0 <= REGISTRY["low_paid"].compute(women) <= 1
        assert REGISTRY["low_paid"].doc.startswith("Workers paid less")
    finally:
        REGISTRY.pop("low_paid", None)


def test_every_file_named_is_one_that_is_written():
    from careersim.report import written

    source = Path(written.__file__).read_text(encoding="utf-8")
    for name in re.findall(r"`tables/(\w+)\.parquet`", TEXT):
        assert f'"{name}"' in source, name
    assert np.all([part in TEXT for part in ("ties_file", "elsewhere_rerun", "collect")])
