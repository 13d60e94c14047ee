"""How a function is called from Python."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xladdin.core.errors import error_text
from xladdin.core.functions.liquidation import liquidation_price
from xladdin.core.functions.position import average_entry, profit, return_on_margin
from xladdin.core.functions.risk import position_size_for_risk
from xladdin.core.functions.tiers import maintenance_margin_rate
from xladdin.udfs import LEV_LIQPRICE, LEV_MINEPROFIT


def test_by_name_or_by_position() -> None:
    assert liquidation_price(50000, leverage=10, mmr=0.01, side="short") == liquidation_price(50000, 10, 0.01, "short")
    assert LEV_LIQPRICE(entry=50000, leverage=10, mmr=0.01, contract="inverse") == LEV_LIQPRICE(
        50000, 10, 0.01, None, None, None, "inverse"
    )
    assert LEV_MINEPROFIT(10000, 2, 0.05, 300, price_loss=0.01) == 500


@pytest.mark.parametrize(
    ("args", "named", "message"),
    [
        ((50000, 10), {}, "takes 3 to 7 arguments"),
        ((1, 2, 3, 4, 5, 6, 7, 8), {}, "takes 3 to 7 arguments"),
        ((50000, 10), {"side": "long"}, "needs mmr"),
        ((50000, 10, 0.01), {"sides": "long"}, "'sides'"),
        ((50000, 10, 0.01), {"entry": 1}, "is given entry twice"),
    ],
)
def test_a_wrong_call_is_a_type_error(args: tuple[float, ...], named: dict[str, object], message: str) -> None:
    for call in (liquidation_price, LEV_LIQPRICE):
        with pytest.raises(TypeError, match=message):
            call(*args, **named)


def test_what_has_no_value_is_nan() -> None:
    assert math.isnan(liquidation_price(50000, 1, 0))
    assert math.isnan(liquidation_price(-1, 10, 0.01))
    assert math.isnan(liquidation_price(math.inf, 10, 0.01))
    assert math.isnan(profit(1e308, 1, 1e308))
    assert math.isnan(profit(1e308, 1, np.float64(1e308)))
    found = liquidation_price(np.array([50000, -1.0]), 10, 0.01)
    assert found[0] == 45500
    assert math.isnan(found[1])


def test_a_word_that_is_none_is_refused_in_python() -> None:
    with pytest.raises(ValueError, match='takes "long" or "short" for side'):
        liquidation_price(50000, 10, 0.01, "sideways")


def test_arrays_of_any_number_of_dimensions() -> None:
    entries = np.arange(1.0, 25.0).reshape(2, 3, 4)
    found = liquidation_price(entries, np.array([5, 10, 20])[:, None], 0.01)
    assert found.shape == (2, 3, 4)
    assert found[1, 2, 3] == liquidation_price(24, 20, 0.01)
    assert liquidation_price(np.empty((0, 3)), 10, 0.01).shape == (0, 3)


def test_arrays_of_words_and_lists() -> None:
    found = liquidation_price([50000, 50000], 10, 0.01, ["long", "SHORT"], ["entry", "binance"])
    assert found.tolist() == [
        liquidation_price(50000, 10, 0.01),
        liquidation_price(50000, 10, 0.01, "short", "binance"),
    ]
    assert maintenance_margin_rate([0, 60], [[0, 0.01], [50, 0.02]]).tolist() == [0.01, 0.02]


def test_a_plain_number_that_fails_costs_only_what_it_is_part_of() -> None:
    contracts = ["linear", "inverse"]
    found = return_on_margin(100, 0, 2, contract=np.array(contracts, dtype=object))
    assert found[0] == -2
    assert math.isnan(found[1])
    found = average_entry([100, 110], [0, 0], contracts)
    assert np.isnan(found).all()


def test_the_arguments_stay_as_they_were() -> None:
    entries = np.array([50000.0, -1.0, 60000.0])
    before = entries.copy()
    liquidation_price(entries, np.array([10.0, 10.0, 20.0]), 0.01)
    assert (entries == before).all()


def test_rows_beyond_a_block_are_as_the_first() -> None:
    count = 100_001
    entries = np.linspace(1, 1e5, count)
    entries[70_000] = -1
    found = liquidation_price(entries, 10, 0.01)
    assert math.isnan(found[70_000])
    for index in (0, 32767, 32768, 65536, 69_999, 70_001, count - 1):
        assert found[index] == liquidation_price(float(entries[index]), 10, 0.01)


def test_words_in_an_array_a_blank_and_what_is_none() -> None:
    sides = np.array(["short", None, "up", "LONG"], dtype=object)
    found = liquidation_price(50000, 10, 0.01, sides)
    assert found[[0, 1, 3]].tolist() == pytest.approx([54500, 45500, 45500])
    assert error_text(found[2]) == "#VALUE!"
    kinds = np.array(["inverse", "linear"], dtype=object)
    assert position_size_for_risk(1, 0.02, 50000, 40000, 0, kinds).tolist() == pytest.approx([4000, 0.02 / 10000])


@pytest.mark.parametrize("across", [1, 2, 3])
def test_large_arrays_of_different_shapes_are_as_each_pair_of_their_elements(across: int) -> None:
    """More than is computed at once, by more than one block."""
    entries = np.linspace(100, 60000, 100_000)
    levers = np.array([5.0, 10.0, 20.0])[:across].reshape(-1, 1)
    found = liquidation_price(entries, levers, 0.01)
    assert found.shape == (across, len(entries))
    for row, lever in zip(found, levers.ravel().tolist(), strict=True):
        np.testing.assert_allclose(row, entries * (1 - 1 / lever + 0.01), rtol=1e-14)
    bad = entries.copy()
    bad[70_000] = -1
    found = liquidation_price(bad, levers, 0.01)
    assert np.flatnonzero(np.isnan(found).any(axis=0)).tolist() == [70_000]
