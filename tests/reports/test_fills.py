"""Lists of fills: what is refused in them, and what is a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from support.command import call
from support.exports import fills, positions, report

FIRST = "2026-01-01 09:00:00,XUSDT,BUY,100,2,200,0.2,0"
LAST = "2026-01-01 10:00:00,XUSDT,SELL,120,2,240,0.3,40"


def journal(path: Path, *options: str) -> Result:
    """What is said of a list of fills with --quiet."""
    book = path.with_suffix(".xlsx")
    return call("report", path, "--template", "trading-journal", "--into", book, "--force", "--quiet", *options)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([FIRST, LAST, FIRST, LAST], "line 4 is the same as line 2, line 5 is the same as line 3; each is counted."),
        ([FIRST, LAST, "Total,,,,,,0.5,40"], "not counted as a row: line 4 (Total)."),
        ([FIRST, LAST.replace(",0.3,", ",,")], "no fee in line 3; it is counted as 0."),
        (
            [FIRST.replace("0.2", "-0.2"), LAST.replace("0.3", "-0.3")],
            "all 2 fees are negative, which in Binance futures trade history is what was earned",
        ),
    ],
)
def test_what_makes_a_wrong_sum_of_fills_is_a_doubt(rows: list[str], told: str, tmp_path: Path) -> None:
    result = journal(fills(tmp_path / "t.csv", rows))
    assert (result.exit_code, told in result.stderr) == (0, True), result.stderr


def test_fills_as_they_usually_are_raise_no_doubt(tmp_path: Path) -> None:
    """One fee that was earned, for an order that waited, is usual."""
    result = journal(fills(tmp_path / "t.csv", [FIRST.replace("0.2", "-0.2"), LAST]))
    assert result.exit_code == 0
    assert "t.csv" not in result.stderr


@pytest.mark.parametrize(("second", "is_told"), [("7", True), ("8", False)])
def test_a_fill_is_known_by_the_number_that_the_venue_gave_it(second: str, is_told: bool, tmp_path: Path) -> None:
    """Of two exports, of which one has its times in another zone; other fills may be alike in all but the number."""
    path = tmp_path / "t.csv"
    path.write_text(
        "time,symbol,side,price,quantity,fee,trade id\n2026-11-01 10:00,X,buy,100,1,0.1,7\n"
        f"2026-11-01 11:00,X,buy,100.0,1,0.10,{second}\n2026-11-02 10:00,X,sell,110,2,0.1,9\n"
    )
    result = journal(path)
    assert (result.exit_code, "line 3 is the same as line 2" in result.stderr) == (0, is_told), result.stderr


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([FIRST.replace("0.2", "0.04%"), LAST], "line 2, column Fee: found '0.04%'; allowed is a fee in money."),
        ([FIRST, LAST.replace("0.3", "5 kW")], "line 3, column Fee: found '5 kW'; allowed is a fee in money."),
        ([FIRST, LAST.replace(",40", ",20%")], "column Realized Profit: found '20%'; allowed is a profit in money."),
        (
            [FIRST.replace(",2,", ",-2,"), LAST.replace(",2,", ",-2,")],
            "line 2, column Quantity: found '-2'; allowed is a number above 0 beside 'BUY'.",
        ),
        ([FIRST, LAST.replace(",0.3", "")], "line 3: it has fewer values than the 8 columns of the header."),
        ([FIRST, f"{LAST},9"], "line 3: it has more values than the 8 columns of the header."),
        ([FIRST, f"soon{LAST[19:]}"], "line 3: found 'soon' as the time of the fill; allowed is a date and a time"),
    ],
)
def test_what_is_no_fill_is_refused(rows: list[str], said: str, tmp_path: Path) -> None:
    result = journal(fills(tmp_path / "t.csv", rows))
    assert result.exit_code == 3
    assert said in result.stderr


def test_a_sale_may_have_a_quantity_below_0(tmp_path: Path) -> None:
    (made,) = positions(fills(tmp_path / "t.csv", [FIRST, LAST.replace(",2,", ",-2,")]))
    assert (made["side"], made["quantity"], made["exit_price"]) == ("long", 2, 120)


def test_fills_without_a_column_of_the_time_are_asked_for_it(tmp_path: Path) -> None:
    """Nothing else says in which order they were: here the newest is first."""
    path = tmp_path / "t.csv"
    rows = "XUSDT,Sell,120,2,2026-01-01 10:00,0.3\nXUSDT,Buy,100,2,2026-01-01 09:00,0.2\n"
    path.write_text(f"Symbol,Side,Exec Price,Exec Qty,When,Costs\n{rows}")
    refused = journal(path)
    assert refused.exit_code == 3
    assert "t.csv, read as: Bybit trade history, has no column for the time of a fill" in refused.stderr
    assert '--map "When=time"' in refused.stderr
    taken, (made,) = report(path, tmp_path, "--map", "When=time")
    assert (taken.exit_code, made["side"], made["realised"]) == (0, "long", 40)
    assert 'the profit is before fees; if there is one, --map "COLUMN=fee"' in taken.stderr
    taken, (made,) = report(path, tmp_path, "--map", "When=time", "--map", "Costs=fee")
    assert (taken.exit_code, made["realised"]) == (0, 39.5)
    assert "before fees" not in taken.stderr


@pytest.mark.parametrize(
    "header", ["When,Symbol,Side,Price,Quantity,Fee", "When,Symbol,Side,Price,Quantity,Fee,Realized Profit"]
)
def test_an_export_is_known_by_a_column_that_was_said(header: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    profit = ",{}" if "Profit" in header else ""
    rows = [
        f"2026-01-01 {9 + hour}:00,XUSDT,{side},{price},2,0.25"
        for hour, side, price in ((0, "Buy", 100), (1, "Sell", 120))
    ]
    path.write_text("\n".join([header, *(row + profit.format(40 * hour) for hour, row in enumerate(rows))]))
    assert "no column for Closed, Entry, Exit price" in journal(path).stderr
    taken, (made,) = report(path, tmp_path, "--map", "When=time")
    assert (taken.exit_code, made["side"], made["realised"]) == (0, "long", 39.5), taken.stderr


@pytest.mark.parametrize(
    ("quantity", "fee", "is_told"),
    [
        ("0.1", "4.85", False),
        ("9700", "4.85", True),
        ("0.1", "0.0005", True),
        ("0.1", "485", True),
        ("0.1", "0", False),
    ],
)
def test_fees_that_do_not_fit_the_value_of_fills_are_a_doubt(
    quantity: str, fee: str, is_told: bool, tmp_path: Path
) -> None:
    """0.1 coins at 97,000 cost 4.85 at 0.05%; 9,700 is their value in dollars, and 0.0005 the rate."""
    path = tmp_path / "t.csv"
    rows = [f"2026-01-01 {hour}:00,XUSDT,{side},97000,{quantity},{fee}" for hour, side in ((10, "Buy"), (11, "Sell"))]
    path.write_text("\n".join(["Time,Symbol,Side,Price,Quantity,Fee", *rows]))
    result, made = report(path, tmp_path, "--quiet")
    assert (result.exit_code, len(made)) == (0, 1)
    assert ("a fee may be a rate, or a quantity money" in result.stderr) == is_told, result.stderr
