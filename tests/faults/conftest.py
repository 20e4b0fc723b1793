from __future__ import annotations

from io import StringIO

import pytest

from careersim.study.study import run_study
from faults.stand_in import contents, plan


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> dict[str, str]:
    """Digest of every result of the study when nothing goes wrong, by key."""
    run = run_study(plan(), tmp_path_factory.mktemp("undisturbed"), workers=1, stream=StringIO())
    found = contents(run.store.root, run.design)
    assert len(found) == 24
    assert "None" not in found.values()
    return found
