"""Series of pandas and polars in, Series of the same library out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import polars
import pytest

import xladdin as lev

ROWS: dict[str, list[Any]] = {
    "entry": [50000.0, 60000.0, None, 100.0],
    "leverage": [10, 20, 5, 4],
    "side": ["long", "sideways", "short", None],
    "mmr": [0.01, 0.01, 0.01, 0.5],
}
EXPECTED = [45500.0, None, None, None]


def frame(library: Any) -> Any:
    index = {"index": list("abcd")} if library is pandas else {}
    return library.DataFrame(ROWS, **index)


def values(found: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in found.to_list()]


@pytest.mark.parametrize("library", [pandas, polars])
def test_a_series_comes_back_with_its_index_and_name(library: Any) -> None:
    trades = frame(library)
    found = lev.liquidation_price(trades["entry"], 10, 0.01)
    assert type(found) is library.Series
    assert (found.name, values(found)) == ("entry", [45500, 54600, None, 91])
    if library is pandas:
        assert list(found.index) == list("abcd")


@pytest.mark.parametrize("library", [pandas, polars])
def test_one_bad_word_or_rate_spoils_its_own_row_alone_and_why_is_said(library: Any) -> None:
    trades = frame(library)
    columns = [trades[name] for name in ("entry", "leverage", "mmr", "side")]
    assert values(lev.liquidation_price(*columns)) == EXPECTED
    said = lev.errors(lev.liquidation_price, *columns)
    assert type(said) is library.Series
    assert said.to_list() == [
        "",
        '#VALUE!: side is \'sideways\'; allowed is "long" or "short"',
        "#N/A: entry is blank and has no default",
        "#NUM!: mmr 0.5 is 50%; the initial margin at 4x is 25%",
    ]


@pytest.mark.parametrize("library", [pandas, polars])
def test_columns_named_like_arguments_are_the_arguments(library: Any) -> None:
    trades = frame(library)
    found = lev.apply(trades, "liquidation_price")
    assert (found.name, values(found)) == ("liquidation_price", EXPECTED)
    assert values(lev.apply(trades, lev.liquidation_price, side="long", mmr=0.005)) == [45250, 57300, None, 75.5]
    renamed = trades.rename(columns={"leverage": "lev"}) if library is pandas else trades.rename({"leverage": "lev"})
    assert values(lev.apply(renamed, "LEV_LIQPRICE", leverage="lev")) == EXPECTED


def test_an_expression_is_one_of_polars_and_is_computed_with_the_frame() -> None:
    trades = frame(polars).lazy()
    found = trades.select(
        a=lev.liquidation_price(polars.col("entry"), polars.col("leverage"), 0.01),
        b=lev.apply(trades, "liquidation_price", side="long", mmr=0.005),
        c=lev.average_entry(polars.col("entry").fill_null(1), polars.col("leverage")),
    ).collect()
    assert values(found["a"]) == [45500, 57600, None, 76]
    assert values(found["b"]) == [45250, 57300, None, 75.5]
    assert found["c"][0] == pytest.approx((500000 + 1200000 + 5 + 400) / 39, rel=1e-14)


def test_blanks_of_every_kind_of_column_are_blanks() -> None:
    columns = [
        pandas.Series([1, None], dtype="Int64"),
        pandas.Series([1, None], dtype=object),
        pandas.Series([True, None], dtype="boolean"),
        polars.Series([1, None]),
        polars.Series(["1.0", None]).cast(polars.Decimal(10, 2)),
    ]
    for column in columns:
        assert values(lev.position_size(column, 2)) == [2, None]


def test_series_of_different_indexes_are_refused() -> None:
    one = pandas.Series([1.0, 2.0])
    with pytest.raises(ValueError, match="LEV_SIZE takes Series of one index"):
        lev.position_size(one, pandas.Series([1.0, 2.0], index=[1, 2]))
    with pytest.raises(ValueError, match="LEV_SIZE takes arrays of one shape"):
        lev.position_size(polars.Series([1.0, 2.0]), np.array([1.0, 2.0, 3.0]))


def test_what_is_no_function_or_argument_is_said() -> None:
    with pytest.raises(ValueError, match="xladdin has no function 'liquidation'"):
        lev.apply(frame(pandas), "liquidation")
    with pytest.raises(TypeError, match="there is no column 'pricee' for entry; did you mean price; there are price"):
        lev.apply(pandas.DataFrame({"price": [1.0]}), "liquidation_price", entry="pricee", leverage=10, mmr=0.01)
    with pytest.raises(TypeError, match="collect the frame first"):
        lev.errors("liquidation_price", polars.col("entry"), 10, 0.01)
    with pytest.raises(
        TypeError, match="LEV_LIQPRICE has no argument lev; did you mean leverage; it has entry, leverage"
    ):
        lev.apply(frame(pandas), "liquidation_price", lev=3)


def test_what_is_one_value_or_rows_stays_so() -> None:
    trades = frame(pandas)
    assert lev.average_entry(trades.leverage, trades.leverage) == pytest.approx((100 + 400 + 25 + 16) / 39)
    assert isinstance(lev.ladder(trades.leverage, trades.leverage, 1000, 0.01), np.ndarray)
    assert lev.errors(lev.liquidation_price, 50000, 10, 0.01) == ""
