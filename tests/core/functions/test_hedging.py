from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cells import stepped

from xladdin.udfs import LEV_HEDGE, LEV_PROFIT


@given(stepped(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(1, 1e5), st.floats(1, 1e5))
def test_a_full_hedge_leaves_nothing_to_win_or_lose(exposure, contract_size, before, after) -> None:
    contracts = LEV_HEDGE(exposure, contract_size)
    short = LEV_PROFIT(before, after, abs(contracts) * contract_size, 1, "short" if contracts >= 0 else "long")
    moved = exposure * (after - before)
    assert moved + short == pytest.approx(0, abs=1e-14 * abs(moved))


def test_part_of_a_hedge() -> None:
    assert LEV_HEDGE(100, 10, 0.5) == 5
    assert LEV_HEDGE(100, 10, 0) == 0
    assert LEV_HEDGE(100, 10, -0.5) == "#NUM!"
    assert LEV_HEDGE(-100, 10) == -10
