from __future__ import annotations

import numpy as np
import pytest

from careersim.town import threads
from careersim.town.threads import over_rows, set_threads, sum_over_rows


@pytest.fixture(params=[1, 2, 3])
def n_threads(request, monkeypatch):
    monkeypatch.setattr(threads, "MIN_ROWS_PER_THREAD", 1)
    before = threads._n_threads
    set_threads(request.param)
    yield request.param
    set_threads(before)


def test_every_row_is_covered_once(n_threads):
    seen = np.zeros(101, int)

    def kernel(lo, hi, out):
        out[lo:hi] += 1

    over_rows(kernel, len(seen), seen)
    assert np.all(seen == 1)


def test_sums_of_whole_numbers_do_not_depend_on_threads(n_threads):
    value = np.arange(101) ** 2
    assert sum_over_rows(lambda lo, hi: np.array([value[lo:hi].sum(), hi - lo]), 101).tolist() == [value.sum(), 101]


def test_an_error_in_any_piece_is_raised(n_threads):
    def kernel(lo, hi):
        if lo <= 100 < hi:
            raise ValueError("row 100")

    with pytest.raises(ValueError, match="row 100"):
        over_rows(kernel, 101)
