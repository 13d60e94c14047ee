"""positions: the figures are the Python functions', and a row that can't be computed is said, never counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import liquidation, position
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place, read_model

HEADERS = ("Symbol", "Side", "Method", "Entry", "Quantity", "Leverage", "Maintenance margin rate", "Price")
SHOCKS = [step / 20 for step in range(-10, 11) if step]


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("positions"))


def given_rows() -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(templates.workbook_path("positions"))["Positions"]
    rows = list(sheet[sheet.tables["positions"].ref])
    assert tuple(cell.value for cell in rows[0][:8]) == HEADERS
    return [dict(zip(HEADERS, (cell.value for cell in row), strict=False)) for row in rows[1:]]


def expected(shock: float) -> dict[str, float]:
    total = dict.fromkeys(
        ("gross_exposure", "net_exposure", "unrealised_profit", "equity", "margin_asked", "equity_after_shock"), 0.0
    )
    total |= {"liquidated_count": 0, "nearest_distance": 1.0}
    for row in given_rows():
        entry, price, quantity, side, rate = (
            row[header] for header in ("Entry", "Price", "Quantity", "Side", "Maintenance margin rate")
        )
        sign = 1 if side == "long" else -1
        profit = position.profit(entry, price, quantity, 1, side)
        equity = position.initial_margin(quantity * entry, row["Leverage"]) + profit
        price_of = liquidation.liquidation_price(entry, row["Leverage"], rate, side, row["Method"])
        distance = liquidation.liquidation_distance(price, price_of, side)
        alive = distance + sign * shock > 0
        total["gross_exposure"] += quantity * price
        total["net_exposure"] += sign * quantity * price
        total["unrealised_profit"] += profit
        total["equity"] += equity
        total["margin_asked"] += rate * quantity * (entry if row["Method"] == "mexc" else price)
        total["equity_after_shock"] += (equity + sign * quantity * price * shock) * alive
        total["liquidated_count"] += not alive
        total["nearest_distance"] = min(total["nearest_distance"], distance)
    return total


def test_totals_are_the_functions(model: Model) -> None:
    found = results(model, [{"shock": shock} for shock in SHOCKS])
    for shock, values in zip(SHOCKS, found, strict=True):
        for name, value in expected(shock).items():
            # The sums of a dozen figures differ by roundings of the last digits of the largest.
            assert values[name] == pytest.approx(value, rel=1e-12, abs=1e-9), (shock, name)
        assert values["overall_flag"] == "ALL CHECKS PASS"


def test_bad_inputs_are_named(model: Model) -> None:
    bad = [
        ({"shock": -1.5}, "All prices move by"),
        ({"shock": "down"}, "All prices move by"),
        ({"largest_shock": 0}, "Chart of shocks up to"),
        ({"watch_distance": -0.1}, "WATCH when nearer than"),
        ({"danger_distance": 2}, "DANGER when nearer than"),
        ({"danger_distance": 0.2}, "DANGER is nearer than WATCH"),
        ({"largest_count": 1.5}, "DANGER when more than"),
        ({"portfolio": "x" * 41}, "Portfolio"),
    ]
    for (given, failing), found in zip(bad, results(model, [given for given, _ in bad]), strict=True):
        assert found["overall_flag"] == f"CHECK FAILED: {failing}", given
        assert found["verdict"] == "CHECK", given


BAD_CELLS = [
    ("Side", "sideways"),
    ("Method", "nowhere"),
    ("Entry", -1),
    ("Entry", None),
    ("Quantity", 0),
    ("Quantity", "many"),
    ("Leverage", 0),
    ("Leverage", 500),
    ("Maintenance margin rate", 1.5),
    ("Price", -3),
    ("Price", None),
]


def test_a_bad_row_is_named_and_counts_in_no_total(tmp_path: Path) -> None:
    """Each cell of the second row is given a name, so that all bad rows are computed in one call."""
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    sheet = book["Positions"]
    second = sheet[sheet.tables["positions"].ref][2]
    named = {header: f"second_{cell.column_letter}" for header, cell in zip(HEADERS, second, strict=False)}
    title = quote_sheetname(sheet.title)
    for name, cell in zip(named.values(), second, strict=False):
        book.defined_names[name] = DefinedName(name, attr_text=f"{title}!{absolute_coordinate(cell.coordinate)}")
    book.save(tmp_path / "named.xlsx")
    model = read_model(tmp_path / "named.xlsx")
    others = sum(row["Quantity"] * row["Price"] for place, row in enumerate(given_rows()) if place != 1)
    sets = [{named[header]: value} for header, value in BAD_CELLS]
    for bad, values in zip(BAD_CELLS, compute(model, sets), strict=True):
        found = {name: values[output.place] for name, output in model.outputs.items()}
        assert found["overall_flag"] == "CHECK FAILED: Every row can be computed", bad
        assert found["verdict"] == "CHECK", bad
        calculated = [values[Place("Positions", second[0].row, column)] for column in range(10, 19)]
        assert calculated == ["CHECK", *["check"] * 7, "CHECK"], bad
        assert found["gross_exposure"] == pytest.approx(others, rel=1e-12), bad


def test_totals_follow_a_table_that_has_grown(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    sheet = book["Positions"]
    table = sheet.tables["positions"]
    cells = sheet[table.ref][-1]
    for added in range(1, 31):
        for cell in cells:
            sheet.cell(cell.row + added, cell.column, cell.value)
    table.ref = f"{table.ref.partition(':')[0]}:{cells[-1].column_letter}{cells[-1].row + 30}"
    book.save(tmp_path / "grown.xlsx")
    found = result(read_model(tmp_path / "grown.xlsx"), {})
    last = given_rows()[-1]
    assert found["position_count"] == 42
    assert found["gross_exposure"] == pytest.approx(
        expected(-0.1)["gross_exposure"] + 30 * last["Quantity"] * last["Price"], rel=1e-12
    )
    assert found["overall_flag"] == "ALL CHECKS PASS"
