"""What a cell can hold, on its way in and out."""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import struct

import numpy as np
import pytest

from xladdin.core.errors import CODES, error, error_text
from xladdin.core.functions.lending import health_factor
from xladdin.core.functions.position import leverage_ratio
from xladdin.udfs import LEV_HEALTH, LEV_LIQPRICE, LEV_MMR, LEV_RATIO, LEV_TIERS


@pytest.mark.parametrize("text", CODES)
def test_an_error_travels_as_a_nan_and_comes_out_as_itself(text: str) -> None:
    value = error(text)
    assert math.isnan(value)
    assert error_text(value) == text
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    assert bits & 0xFFFF == CODES[text]
    assert LEV_RATIO(text, 1) == text
    assert LEV_RATIO([[text, 2]], 1) == [[text, 2.0]]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_infinity_and_a_plain_nan_never_reach_a_cell(value: float) -> None:
    assert error_text(value) == "#NUM!"
    assert LEV_RATIO(value, 1) == "#NUM!"
    assert LEV_RATIO([[value, 2]], 1) == [["#NUM!", 2.0]]
    assert LEV_RATIO(1e308, 1e-308) == "#NUM!"
    assert LEV_RATIO([[1e308, 0]], 1e-308) == [["#NUM!", 0.0]]


@pytest.mark.parametrize("number", [np.float64(10), np.int64(10), np.float32(10), decimal.Decimal(10), np.array(10.0)])
def test_numbers_of_other_kinds_count(number: object) -> None:
    assert LEV_RATIO(number, 2) == 5
    assert LEV_RATIO([[number], [20]], 2) == [[5.0], [10.0]]


NO_NUMBERS = [
    datetime.date(2026, 1, 1),
    datetime.timedelta(1),
    np.datetime64("2026-01-01"),
    np.timedelta64(1, "D"),
    object(),
    float,
    {"type": "x"},
    "10%",
    b"10",
    np.bytes_(b"10"),
    10j,
    np.complex128(10),
    decimal.Decimal("sNaN"),
]


@pytest.mark.parametrize("number", [10**400, fractions.Fraction(10**400, 3)])
def test_what_is_larger_than_any_float_is_out_of_range(number: object) -> None:
    assert LEV_RATIO(number, 2) == "#NUM!"
    assert LEV_RATIO([[number], [20]], 2) == [["#NUM!"], [10.0]]


@pytest.mark.parametrize("thing", NO_NUMBERS)
def test_what_is_no_number_is_a_value_error(thing: object) -> None:
    assert LEV_RATIO(thing, 2) == "#VALUE!"
    assert LEV_RATIO([[thing], [20]], 2) == [["#VALUE!"], [10.0]]
    assert LEV_HEALTH([[thing], [20]], 1, 2) == "#VALUE!"
    assert LEV_MMR(1, [[0, thing]]) == "#VALUE!"
    assert LEV_LIQPRICE(100, 10, 0.01, thing) == "#VALUE!"


@pytest.mark.parametrize("thing", [np.array([1.0, 2.0]), [1.0, 2.0], np.array([[10.0]]), np.array([])])
def test_an_array_in_a_cell_is_a_value_error_of_that_cell(thing: object) -> None:
    assert LEV_RATIO([[thing], [20]], 2) == [["#VALUE!"], [10.0]]
    assert LEV_LIQPRICE(100, 10, 0.01, [[thing], ["short"]])[0] == ["#VALUE!"]


@pytest.mark.parametrize("thing", [*NO_NUMBERS, "10"])
def test_python_is_told_what_is_no_number(thing: object) -> None:
    for given in (thing, [thing] if isinstance(thing, str) else [thing, 20.0]):
        with pytest.raises(TypeError, match="LEV_RATIO takes a number or an array of numbers for position_size, not"):
            leverage_ratio(given, 2)
    with pytest.raises(TypeError, match="LEV_HEALTH takes numbers for thresholds, not"):
        health_factor([1], [thing], 2)
    assert math.isnan(leverage_ratio(10**400, 2))


def test_shapes() -> None:
    assert LEV_RATIO([10, 20], 2) == [[5.0, 10.0]]  # a flat list is a row
    assert LEV_RATIO(((10,), (20,)), 2) == [[5.0], [10.0]]
    assert LEV_RATIO(np.array([[10.0, 20.0]]), [[2], [4]]) == [[5.0, 10.0], [2.5, 5.0]]
    assert LEV_RATIO([[10]], 2) == [[5.0]]
    assert LEV_RATIO([[10, 20]], [[1, 2, 3]]) == "#VALUE!"
    assert LEV_RATIO([], 2) == "#VALUE!"


@pytest.mark.parametrize(
    ("side", "found"),
    [("LONG", 45500), (" Long ", 45500), ("buy", 45500), (1, 45500), (1.0, 45500), (True, 45500)]
    + [("Sell", 54500), (-1, 54500), (0, "#VALUE!"), (False, "#VALUE!"), (2, "#VALUE!"), ("longish", "#VALUE!")],
)
def test_the_ways_to_write_a_side(side: object, found: object) -> None:
    shown = LEV_LIQPRICE(50000, 10, 0.01, side)
    assert shown == found if isinstance(found, str) else shown == pytest.approx(found, rel=1e-15)
    assert LEV_LIQPRICE(50000, 10, 0.01, [[side]]) == [[shown]]


@pytest.mark.parametrize(
    "venue", ["binance", "OKX", "Bybit", "bitget", "kraken", "Hyperliquid", "dydx", "Bybit 2026", "mark"]
)
def test_a_venue_is_its_method(venue: str) -> None:
    assert LEV_LIQPRICE(50000, 10, 0.01, "long", venue) == LEV_LIQPRICE(50000, 10, 0.01, "long", "mark")


@pytest.mark.parametrize("venue", ["bitmex", "mexc", "delta", "bybit 2024", " Bybit 2020 ", "KuCoin 2024", "entry"])
def test_a_venue_on_the_entry_value_or_its_rule_of_a_year(venue: str) -> None:
    assert LEV_LIQPRICE(50000, 10, 0.01, "long", venue) == LEV_LIQPRICE(50000, 10, 0.01)


@pytest.mark.parametrize("venue", ["bybit 2025", "bybit2024", "binance 2024", "bybit 1999", "mtgox", "2024"])
def test_a_year_of_two_rules_or_of_none_is_no_method(venue: str) -> None:
    assert LEV_LIQPRICE(50000, 10, 0.01, "long", venue) == "#VALUE!"


def test_a_table_of_one_cell_or_with_a_blank_tail() -> None:
    assert LEV_MMR(5, [[0, 0.01], [None, None], ["", ""]]) == 0.01
    assert LEV_MMR([[5], [500]], [[0, 0.01], [100, 0.02]]) == [[0.01], [0.02]]
    assert LEV_MMR(5, np.array([[0, 0.01]])) == 0.01


@pytest.mark.parametrize("text", CODES)
def test_an_error_in_the_place_of_a_text_stays_itself(text: str) -> None:
    assert LEV_TIERS(text, "BTCUSDT") == LEV_TIERS([[text]], "BTCUSDT") == text
    assert LEV_TIERS("binance", text) == LEV_TIERS("binance", [[text]]) == text


def test_a_text_is_taken_without_the_blanks_around_it_and_nothing_else_is_one() -> None:
    assert LEV_TIERS(" Binance ", " btcusdt ") == LEV_TIERS("binance", [["BTCUSDT"]]) == LEV_TIERS("binance", "BTCUSDT")
    assert LEV_TIERS("binance", "BTCUSDT")[0][0] == 0
    assert LEV_TIERS("", "BTCUSDT") == LEV_TIERS(None, "BTCUSDT") == "#N/A"
    for wrong in ("  ", 7, True, [["binance"], ["binance"]]):
        assert LEV_TIERS(wrong, "BTCUSDT") == "#VALUE!", wrong
