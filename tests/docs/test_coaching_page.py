"""The page for trainers shows a record as the command tells it today."""

from __future__ import annotations

import re
from pathlib import Path

from tests.towns import lively_town, parameters

from careersim.report.coaching import groups_of, record, tell
from careersim.services.base import Service
from careersim.services.coaching_steps import STEP_NAMES
from careersim.services.collective_coaching import CollectiveCoaching
from careersim.services.participants import ServiceState
from careersim.testing import run_services
from careersim.town import state

PAGE = (Path(__file__).parents[2] / "docs" / "collective-coaching.md").read_text(encoding="utf-8")


def told_today() -> str:
    none = lively_town()
    policy = state.fork(none)
    service = Service(CollectiveCoaching(budget=20.0, take_up_rate=1.0, topic="stem"), 1, ServiceState.fresh())
    run_services(policy, parameters(), [service], 7)
    run_services(none, parameters(), [], 7)
    return tell(record(service, policy, none, groups_of(service)[0]))


NUMBER = re.compile(r"^(One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|\d+)\b")
SOMETIMES = ("misheard", "Joint action proposed")


def form(text: str) -> list[str]:
    """Headings, and the first word of every kind of sentence, without what differs from group to group."""
    lines = [re.sub(r"\d[\d.,]*", "0", line) for line in text.splitlines()]
    lines = [line for line in lines if line and not any(words in line for words in SOMETIMES)]
    starts = [NUMBER.sub("N", line.strip()).split()[0] if line.startswith(" ") else line for line in lines]
    return list(dict.fromkeys(starts))


def test_the_record_on_the_page_has_the_form_that_the_command_gives() -> None:
    block = re.search(r"<!-- record.*?```text\n(.*?)```", PAGE, flags=re.DOTALL)
    assert block
    assert form(block[1]) == form(told_today())
    assert len(form(block[1])) > 12


def test_the_page_names_only_what_exists() -> None:
    root = Path(__file__).parents[2]
    services = root / "src" / "careersim" / "services"
    for name in re.findall(r"`([a-z_]+\.py)`", PAGE):
        assert (services / name).exists(), name
    for path in re.findall(r"`((?:configs|docs|experiments|month)/[\w/.-]+\.\w+)`", PAGE):
        assert (root / path).exists() or (root / "src" / "careersim" / path).exists(), path
    assert len(STEP_NAMES) >= 10
