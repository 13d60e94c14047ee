"""Numbers, words and times as exchanges, brokers and spreadsheets write them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars
import pytest
from click.testing import CliRunner
from support.books import make_book

from xladdin.cli import main
from xladdin.reports import notation


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("1,234.56", 1234.56), ("$1,055.81", 1055.81), ("1234.56 USDT", 1234.56), ("2 BTC", 2), ("1'234.56", 1234.56),
        ("10x", 10), ("Cross 20x", 20), ("20X isolated", 20), ("(2)", -2), ("-$5", -5), ("\u2212 5", -5), ("50%", 0.5),
        ("25 bps", 0.0025), ("0.305USDT", 0.305), ("\u20ac 1 234,5", 1234.5), ("0,02", 0.02), ("1.234.567", 1234567),
        ("1e-5", 1e-5), (" 7 ", 7), ("+2", 2), ("x", None), ("1_0", None), ("\uff11", None), ("inf", None),
        ("nan", None), ("0,055", 0.055), ("0.055 BTC", 0.055), ("0,123,456", None),
        ("(2", None), ("12,34,56", None), ("1.2.3", None), ("--5", None), ("5 coins", None), ("2026-01-01", None),
    ],
)  # fmt: skip
def test_numbers_as_they_are_written(text: str, read_as: float | None) -> None:
    assert notation.numbers(polars.Series([text]))[0].to_list() == [read_as]


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("2026-01-12T21:00:00Z", None, "2026-01-12 21:00:00"),
        ("2026-01-12T21:00:00+02:00", None, "2026-01-12 19:00:00"),
        ("2026-01-01T00:00:00.250Z", None, "2026-01-01 00:00:00.250000"),
        ("12/25/2019, 7:00:00 AM", None, "2019-12-25 07:00:00"),
        ("12/25/2019 12:30 pm", None, "2019-12-25 12:30:00"),
        ("1768251600", None, "2026-01-12 21:00:00"),
        ("1768251600000", None, "2026-01-12 21:00:00"),
        ("2026/01/12 21:00", None, "2026-01-12 21:00:00"),
        ("25.12.2025", None, "2025-12-25 00:00:00"),
        ("03/04/2026", "dmy", "2026-04-03 00:00:00"),
        ("03/04/2026", "mdy", "2026-03-04 00:00:00"),
        ("03/04/2026", None, None),
        ("08/03/2026 - 11:15:00", "dmy", "2026-03-08 11:15:00"),
        ("31/02/2026", "dmy", None),
        ("2026-01-12 25:00", None, None),
        ("yesterday", None, None),
    ],
)
def test_times_as_they_are_written(text: str, order: str | None, moment: str | None) -> None:
    found = notation.time_of(text, order)
    assert (str(found) if found else None) == moment


def test_dates_of_two_meanings_are_asked_for(tmp_path: Path) -> None:
    template = make_book(tmp_path / "own.xlsx", {"A1": datetime.datetime(2020, 1, 1), "A2": "=A1+1"}, {"day": "S!$A$1"})
    table = tmp_path / "t.csv"
    arguments = ["report", str(table), "--template", str(template), "--out", str(tmp_path / "out")]

    def day(*options: str) -> Any:
        result = CliRunner().invoke(main, [*arguments, *options])
        if result.exit_code:
            return result.exit_code
        return openpyxl.load_workbook(tmp_path / "out" / "report-1.xlsx")["S"]["A1"].value

    table.write_text("day\n03/04/2026\n05/06/2026\n")
    assert day() == 3
    assert day("--dates", "dmy") == datetime.datetime(2026, 4, 3)
    assert day("--dates", "mdy") == datetime.datetime(2026, 3, 4)
    table.write_text("day\n03/04/2026\n25/06/2026\n")
    assert day() == datetime.datetime(2026, 4, 3)
    table.write_text("day\n2026-01-12T21:00:00Z\n")
    assert day() == datetime.datetime(2026, 1, 12, 21)
    result = CliRunner().invoke(
        main, ["new", str(template), "-o", str(tmp_path / "n.xlsx"), "--set", "day=2026-01-12T21:00:00Z"]
    )
    assert result.exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "n.xlsx")["S"]["A1"].value == datetime.datetime(2026, 1, 12, 21)
