"""The examples that are not about leverage: they build, their checks pass, and their figures are right."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.books import named_values

from xladdin.templates import library
from xladdin.templates.build import write
from xladdin.templates.read import read_template
from xladdin.templates.trial import tried

EXAMPLES = sorted((library.folder() / "examples").glob("*.toml"))


def values(example: str, folder: Path) -> dict[str, Any]:
    """The value of each name of a built example."""
    path = folder / f"{example}.xlsx"
    write(read_template(library.folder() / "examples" / f"{example}.toml", library.fields_path()), path)
    return named_values(path)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_builds_and_its_checks_pass(path: Path) -> None:
    assert tried(path).remarks == []


def test_the_invoice(tmp_path: Path) -> None:
    found = values("invoice", tmp_path)
    assert found["net_total"] == pytest.approx(180 + 69 + 36, rel=1e-12)
    assert found["tax_total"] == pytest.approx(34.2 + 13.11 + 2.52, rel=1e-12)
    assert found["left_to_pay"] == pytest.approx(334.83 - 200, rel=1e-12)
    assert found["due"] == datetime.datetime(2026, 4, 1)
    assert found["state"] == "OPEN"
    assert found["sum_in_words"] == (
        "Invoice 2026-117: 334.83 EUR for Harbour Bakery, due on 2026-04-01; 134.83 still open."
    )


def test_the_fuel_log(tmp_path: Path) -> None:
    found = values("fuel-log", tmp_path)
    assert found["distance"] == 43930 - 41250
    assert found["consumption"] == pytest.approx((40.7 + 44.2 + 41.5 + 43.9) / 2680 * 100, rel=1e-12)
    assert found["state"] == "THRIFTY"


def test_the_loan_comparison(tmp_path: Path) -> None:
    found = values("loan-comparison", tmp_path)
    rate = 0.059 / 12
    assert found["payment_a"] == pytest.approx(20000 * rate / (1 - (1 + rate) ** -48), rel=1e-12)
    assert found["cheaper"] == "OFFER B"
    assert found["why"] == "Its interest and fee come to less."


@pytest.mark.parametrize("example", ["invoice", "fuel-log", "loan-comparison"])
def test_what_needs_no_function_of_ours_asks_for_none(example: str, tmp_path: Path) -> None:
    path = tmp_path / "built.xlsx"
    write(read_template(library.folder() / "examples" / f"{example}.toml", library.fields_path()), path)
    book = openpyxl.load_workbook(path)
    found = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if "LEV_" in str(cell.value)]
    assert found == []
