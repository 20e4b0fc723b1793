"""The page of strategies is written from the code, and the committed one is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from careersim.report.strategies_page import PARTS, sentences_of, strategies_page
from careersim.services import BUILT_IN, named

ROOT = Path(__file__).parents[2]
TOOLS = ("none", "provision", "placebo")
"""Strategies that are no choice of a decision maker: they need not say everything."""


def test_the_committed_page_is_up_to_date() -> None:
    """If this fails: ``careersim list strategies --docs > docs/strategies.md``."""
    assert (ROOT / "docs" / "strategies.md").read_text(encoding="utf-8") == strategies_page()


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - set(TOOLS)))
def test_every_strategy_says_who_format_content_how_much_cost_source_and_what_it_is_not(name: str) -> None:
    said = " ".join(sentences_of(named(name))[1:]).lower()
    for part in PARTS[:-1]:
        assert f"*{part.lower()}*" in said, part
