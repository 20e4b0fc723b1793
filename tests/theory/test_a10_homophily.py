"""A10: homophily in a block model of two equal blocks: the share of ties within one's block is p / (p + q)."""

from __future__ import annotations

import pytest

from careersim.checks import same_type_share


@pytest.mark.parametrize(("p", "q", "share"), [(0.1, 0.02, 0.8333), (0.1, 0.1, 0.5)])
def test_same_type_share_of_the_block_model(p: float, q: float, share: float) -> None:
    found = same_type_share(p, q, people=3000, replicates=10, rng=1)
    assert found.standard_error < 0.005
    assert found.value == pytest.approx(share, abs=3 * found.standard_error + 5e-5)
