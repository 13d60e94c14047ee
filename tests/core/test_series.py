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


@pytest.mark.parametrize("library", [pandas, polars])
def test_of_a_frame_too_it_is_said_why_a_row_has_no_value(library: Any) -> None:
    trades = frame(library)
    said = lev.errors(trades, "liquidation_price")
    assert (type(said), said.name) == (library.Series, "liquidation_price")
    assert said.to_list() == [
        "",
        '#VALUE!: side is \'sideways\'; allowed is "long" or "short"',
        "#N/A: entry is blank and has no default",
        "#NUM!: mmr 0.5 is 50%; the initial margin at 4x is 25%",
    ]
    if library is pandas:
        assert list(said.index) == list("abcd")
    renamed = trades.rename(columns={"leverage": "lev"}) if library is pandas else trades.rename({"leverage": "lev"})
    assert lev.errors(renamed, lev.liquidation_price, leverage="lev", side="long", mmr=0.01).to_list() == [
        "",
        "",
        "#N/A: entry is blank and has no default",
        "",
    ]


@pytest.mark.parametrize("library", [pandas, polars])
def test_a_function_of_all_rows_gives_one_value_of_a_frame(library: Any) -> None:
    fills = library.DataFrame({"prices": [100.0, 200.0], "quantities": [3.0, 1.0]})
    assert lev.apply(fills, "average_entry") == 125
    assert lev.errors(fills, "average_entry") == ""
    said = lev.errors(fills, "average_entry", quantities=[1, -1])
    assert said == "#NUM!: quantities has -1 at place 2; allowed is >= 0"


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
    with pytest.raises(TypeError, match="collect the frame first"):
        lev.errors(frame(polars).lazy(), "liquidation_price")
    with pytest.raises(TypeError, match="errors of a frame takes one function after it"):
        lev.errors(frame(polars))
    with pytest.raises(
        TypeError, match="LEV_LIQPRICE has no argument lev; did you mean leverage; it has entry, leverage"
    ):
        lev.apply(frame(pandas), "liquidation_price", lev=3)


def test_what_is_one_value_or_rows_stays_so() -> None:
    trades = frame(pandas)
    assert lev.average_entry(trades.leverage, trades.leverage) == pytest.approx((100 + 400 + 25 + 16) / 39)
    assert isinstance(lev.ladder(trades.leverage, trades.leverage, 1000, 0.01), np.ndarray)
    assert lev.errors(lev.liquidation_price, 50000, 10, 0.01) == ""


def _as_list(found: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in np.ravel(found)]


BLANK = "#N/A: entry is blank and has no default"


@pytest.mark.parametrize(
    "entries",
    [
        np.ma.array([50000, 60000], mask=[False, True]),
        np.ma.array([50000.0, 60000.0], mask=[False, True]),
        [50000, None],
        (50000, None),
        [50000.0, math.nan],
        [50000, pandas.NA],
        np.array([50000, None], dtype=object),
        [np.ma.array([50000, 60000], mask=[False, True])],
    ],
)
def test_what_is_blank_or_masked_in_an_array_is_a_blank(entries: Any) -> None:
    assert _as_list(lev.liquidation_price(entries, 10, 0.01)) == [45500, None]
    assert np.ravel(lev.errors(lev.liquidation_price, entries, 10, 0.01)).tolist() == ["", BLANK]
    assert np.ravel(lev.errors("liquidation_price", entries, leverage=10, mmr=0.01)).tolist() == ["", BLANK]


@pytest.mark.parametrize("library", [pandas, polars])
@pytest.mark.parametrize("mmrs", [np.ma.array([0.01, 0.02], mask=[False, True]), [0.01, None]])
def test_it_is_so_beside_the_columns_of_a_frame(library: Any, mmrs: Any) -> None:
    trades = library.DataFrame({"entry": [50000.0, 60000.0]})
    assert values(lev.apply(trades, "liquidation_price", leverage=10, mmr=mmrs)) == [45500, None]
    said = lev.errors(lev.liquidation_price, trades["entry"], 10, mmrs)
    assert said.to_list() == ["", "#N/A: mmr is blank and has no default"]


def test_a_blank_of_an_argument_with_a_default_is_said_too() -> None:
    for fees in ([0.01, None], np.array([0.01, math.nan]), np.ma.array([0.01, 0.01], mask=[False, True])):
        given = 50000, 10, 0.01, "long", "entry", fees
        assert _as_list(lev.liquidation_price(*given)) == [46000, None]
        assert lev.errors(lev.liquidation_price, *given).tolist() == [
            "",
            "#N/A: fee is blank; allowed is >= 0 and < 1, or to leave it out altogether",
        ]


@pytest.mark.parametrize("blank", [math.nan, np.ma.masked])
def test_one_value_that_is_blank_is_said_too(blank: Any) -> None:
    assert math.isnan(lev.liquidation_price(50000, 10, 0.01, "long", "entry", blank))
    said = "#N/A: fee is blank; allowed is >= 0 and < 1, or to leave it out altogether"
    assert lev.errors("liquidation_price", 50000, 10, 0.01, "long", "entry", blank) == said
    assert lev.errors("liquidation_price", blank, 10, 0.01) == BLANK


def test_a_blank_in_a_range_that_is_taken_whole_is_a_blank() -> None:
    prices = np.ma.array([100.0, 300.0], mask=[False, True])
    assert math.isnan(lev.average_entry(prices, [1, 1]))
    assert lev.errors(lev.average_entry, prices, [1, 1]) == (
        "#N/A: prices is blank at place 2, where others are filled in"
    )
    assert lev.errors(lev.average_entry, [100, math.nan], [1, 1]) == "#NUM!: prices is blank at place 2; allowed is > 0"


def _of(columns: list[Any]) -> Any:
    return pandas.DataFrame([[1.0] * len(columns)], columns=columns)


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: lev.evaluate(None), TypeError, "evaluate takes a formula as text, such as '=1+1', not None"),
        (lambda: lev.evaluate(5), TypeError, "evaluate takes a formula as text, such as '=1+1', not 5"),
        (lambda: lev.evaluate(b""), TypeError, "evaluate takes a formula as text, such as '=1+1', not b''"),
        (
            lambda: lev.errors(len, [1]),
            TypeError,
            "a function of xladdin or its name is wanted, not <built-in function len>",
        ),
        (lambda: lev.apply(_of(["entry"]), None), TypeError, "a function of xladdin or its name is wanted, not None"),
        (
            lambda: lev.apply(_of(["entry", "entry"]), "liquidation_price", leverage=10, mmr=0.01),
            ValueError,
            "the frame has 2 columns 'entry'; allowed is one of a name that is taken",
        ),
        (
            lambda: lev.apply(_of(["entry", "lev", "lev"]), "liquidation_price", leverage="lev", mmr=0.01),
            ValueError,
            "the frame has 2 columns 'lev'; allowed is one of a name that is taken",
        ),
        (
            lambda: lev.apply(_of([0, "price"]), "liquidation_price", entry="x", leverage=10, mmr=0.01),
            TypeError,
            "there is no column 'x' for entry; there are 0, price",
        ),
        (
            lambda: lev.apply({"entry": [50000]}, "liquidation_price", leverage=10, mmr=0.01),
            TypeError,
            "apply takes a DataFrame or LazyFrame of pandas or polars, not {'entry': [50000]}",
        ),
        (
            lambda: lev.apply(pandas.Series([1.0]), "liquidation_price", leverage=10, mmr=0.01),
            TypeError,
            "apply takes a DataFrame or LazyFrame of pandas or polars, not 0 1.0 dtype: float64",
        ),
        (
            lambda: lev.liquidation_price(["x"] * 1000, 10, 0.01),
            TypeError,
            "LEV_LIQPRICE takes a number or an array of numbers for entry, not "
            "['x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',...",
        ),
        (
            lambda: lev.liquidation_price(None, 10, 0.01),
            TypeError,
            "LEV_LIQPRICE takes a number or an array of numbers for entry, not None",
        ),
        (
            lambda: lev.average_entry([1, 2, 3], [1, [2, 3]]),
            TypeError,
            "LEV_AVGENTRY takes numbers for quantities, not [1, [2, 3]]",
        ),
        (lambda: lev.read_model(None), TypeError, "read_model takes the path of a workbook, not None"),
        (lambda: lev.recalculate(None, "x.xlsx"), TypeError, "recalculate takes what read_model gives, not None"),
    ],
)
def test_what_is_of_another_kind_is_refused_in_a_sentence(call: Any, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as refused:
        call()
    assert (type(refused.value), str(refused.value)) == (kind, sentence)


def test_a_text_among_numbers_spoils_its_own_row_alone() -> None:
    prices = pandas.Series([50_000, "x", 60_000], index=["a", "b", "c"])
    found = lev.liquidation_price(prices, 10, 0.01)
    assert found.to_dict() == {"a": 45_500, "b": pytest.approx(math.nan, nan_ok=True), "c": 54_600}
    why = lev.errors(lev.liquidation_price, prices, 10, 0.01)
    assert why["a"] == why["c"] == ""
    assert why["b"].startswith("#VALUE!: entry is the text 'x'")
    assert lev.leverage_ratio([10, "x", 30], 2)[[0, 2]].tolist() == [5.0, 15.0]
    with pytest.raises(TypeError, match="takes a number or an array of numbers for entry"):
        lev.liquidation_price(["x", "y"], 10, 0.01)


def test_an_empty_word_says_why_it_has_no_value() -> None:
    why = lev.errors(lev.liquidation_price, 50_000, 10, 0.01, ["long", ""])
    assert why.tolist() == ["", '#VALUE!: side is an empty text; allowed is "long" or "short"']


def test_a_column_of_another_case_is_named() -> None:
    frame = pandas.DataFrame({"Entry": [50_000.0], "MMR": [0.01], "leverage": [10]})
    with pytest.raises(TypeError, match=r'needs entry, mmr; did you mean entry="Entry", mmr="MMR"'):
        lev.apply(frame, "liquidation_price")
    short = pandas.DataFrame({"entry": [50_000.0], "mmr": [0.01], "leverage": [10], "Side ": ["short"]})
    with pytest.raises(TypeError, match=r'takes its columns by name; did you mean side="Side "'):
        lev.apply(short, "liquidation_price")
    for frame_of in (short, polars.DataFrame(short.to_dict("list"))):
        assert lev.apply(frame_of, "liquidation_price", side="Side ").to_list() == [pytest.approx(54_500)]
        assert lev.apply(frame_of, "liquidation_price", side="long").to_list() == [45_500]
