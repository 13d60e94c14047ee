"""What a column is worth for an input: rates, sides, units and currencies."""

from __future__ import annotations

from pathlib import Path

import polars
import pytest
from support.command import call
from support.exports import report
from support.tables import template


@pytest.mark.parametrize(
    ("rates", "options", "read"),
    [
        (["0.4"], (), None),
        (["0.4", "0.5"], (), None),
        (["0.4", "1"], (), [0.004, 0.01]),
        (["0.4", "0.005"], (), [0.4, 0.005]),
        (["0.4%"], (), [0.004]),
        (["0.4"], ("--map", "mmr=maintenance_margin_rate (%)"), [0.004]),
        (["0.4"], ("--map", "mmr=maintenance_margin_rate (fraction)"), [0.4]),
    ],
)
def test_a_rate_is_a_fraction_or_in_percent_as_all_rows_say(
    tmp_path: Path, rates: list[str], options: tuple[str, ...], read: list[float] | None
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,entry,quantity,mmr\n" + "".join(f"long,1,1,{rate}\n" for rate in rates))
    result, made = report(table, tmp_path, *options)
    if read is None:
        assert result.exit_code == 3
        assert "which can be" in result.stderr
    else:
        assert [row["maintenance_margin_rate"] for row in made] == pytest.approx(read, rel=1e-15)


def test_a_rate_that_is_asked_about_keeps_its_sign(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,entry,quantity,mmr\nlong,1,1,-0.4\nlong,1,1,0.3\n")
    result, _ = report(table, tmp_path)
    assert "found -0.4, which can be -40% or -0.4%" in result.stderr


@pytest.mark.parametrize(
    ("side", "quantity", "read"),
    [
        ("BUY", "2", ("long", 2)),
        ("Sell", "2", ("short", 2)),
        ("1", "2", ("long", 2)),
        ("-1", "2", ("short", 2)),
        ("Close Long", "2", ("long", 2)),
        ("Open Short", "2", ("short", 2)),
        ("short", "-2", ("short", 2)),
        ("BOTH", "-2", ("short", 2)),
        ("both", "2 BTC", ("long", 2)),
        ("SHORT", "(2)", ("SHORT", 2)),
    ],
)
def test_a_side_as_venues_say_it(tmp_path: Path, side: str, quantity: str, read: tuple[str, float]) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f'direction,avg price,size\n{side},"1,055.81",{quantity}\n')
    _, (made,) = report(table, tmp_path)
    assert (made["side"], made["quantity"], made["entry"]) == (*read, 1055.81)


@pytest.mark.parametrize("side", ["not long", "no long", "un-long", "long?", "!long", "long-term", "long or short"])
def test_what_may_turn_a_side_is_none(tmp_path: Path, side: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,quantity\n{side},100,2\nlong,100,2\n")
    result, made = report(table, tmp_path)
    assert (result.exit_code, len(made), f"column side: found {side!r}; allowed is" in result.stderr) == (1, 1, True)


@pytest.mark.parametrize("side", ["Long 20x", "long (isolated)", "Buy/Long", "Opened Long", "LONG_POSITION"])
def test_what_stands_beside_a_side_and_does_not_turn_it(tmp_path: Path, side: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"side,entry,quantity\n{side},100,2\n")
    _, (made,) = report(table, tmp_path)
    assert made["side"] == "long"


def test_a_side_by_the_sign_needs_a_quantity(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,entry,days\nBOTH,5,1\nshort,5,1\n")
    result = call("report", table, "--template", template(tmp_path / "own.xlsx"), "--out", tmp_path / "out")
    assert (result.exit_code, "line 2, column side: found 'BOTH'; it says that the sign" in result.stderr) == (1, True)
    assert sorted(path.name for path in (tmp_path / "out").glob("report-*")) == ["report-2.xlsx"]


def test_a_list_in_a_cell_is_shown_as_one(tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    polars.DataFrame({"side": ["long"], "entry": [[1.0, 2.0]], "quantity": [1.0]}).write_parquet(table)
    refused, _ = report(table, tmp_path)
    assert "line 1, column entry: found '[1.0, 2.0]'; allowed is" in refused.output


@pytest.mark.parametrize(
    ("column", "cell", "unit"),
    [
        ("quantity", "1000 USDT", "USDT"),
        ("quantity", "$1000", "$"),
        ("quantity", "USD 1000", "USD"),
        ("quantity", '"1,000.5 EUR"', "EUR"),
        ("quantity", "5 CONT", "CONT"),
        ("fees", "3 BNB", "BNB"),
    ],
)
def test_a_unit_in_a_cell_that_is_not_the_inputs_is_asked_about(
    column: str, cell: str, unit: str, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    row = {"side": "long", "entry": "65000 USDT", "quantity": "2 BTC", "fees": "1.5 USDT"}
    good, bad = ",".join(row.values()), ",".join((row | {column: cell}).values())
    table.write_text(f"{','.join(row)}\n{good}\n{bad}\n")
    result, made = report(table, tmp_path)
    assert (result.exit_code, [(each["entry"], each["quantity"], each["fees"]) for each in made]) == (
        1,
        [(65000, 2, 1.5)],
    )
    assert f"line 3, column {column}: found" in result.stderr
    assert f"{unit} is not what the input {column} counts" in result.stderr
    (tmp_path / "said").mkdir()
    result, made = report(table, tmp_path / "said", "--map", f"{column}={column}")
    assert (result.exit_code, len(made)) == (0, 2), result.stderr


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["65000 USD,,", "65000 JPY,,"], "column entry: found '65000 USD' and '65000 JPY', which are two currencies"),
        (["$65000,,", "\u20ac65000,,"], "column entry: found"),
        (["65000 USDT,9000000 JPY,"], "columns entry and exit_price: found '65000 USDT' and '9000000 JPY'"),
        (["65000 USDT,,1 EUR"], "columns entry and fees: found"),
        (["65000 USDT,65000 USDC,1 USD", "$5,,"], ""),
        (["0.05 BTC,0.06 BTC,", "65000,,"], ""),
    ],
)
def test_prices_and_fees_of_one_table_are_in_one_currency(rows: list[str], said: str, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    lines = [f"long,1,{row}" for row in rows]
    table.write_text("\n".join(["side,quantity,entry,exit_price,fees", *lines]) + "\n", encoding="utf-8")
    result, made = report(table, tmp_path)
    if said:
        assert (result.exit_code, made, result.stderr.count("\n")) == (3, [], 1)
        assert said in result.stderr
    else:
        assert (result.exit_code, len(made)) == (0, len(rows)), result.stderr
