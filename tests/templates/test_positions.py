"""positions: the figures are the Python functions', and a row that can't be computed is said, never counted."""

from __future__ import annotations

import collections
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import account, liquidation, position
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place, read_model

GIVEN = 15  # columns to fill in, from the left
SHOCKS = [step / 20 for step in range(-10, 11) if step]


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(templates.workbook_path("positions"))


def given_rows() -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(templates.workbook_path("positions"))["Positions"]
    rows = list(sheet[sheet.tables["positions"].ref])
    headers = [cell.value for cell in rows[0][:GIVEN]]
    return [dict(zip(headers, (cell.value for cell in row), strict=False)) for row in rows[1:]]


def wallets() -> dict[str, float]:
    """The balance of each venue, as the template comes."""
    return {"bybit": 9000.0, "binance": 12000.0, "okx": 4500.0}


def series(rows: list[dict[str, Any]], header: str) -> list[list[Any]]:
    return [[row[header]] for row in rows]


def account_of(rows: list[dict[str, Any]], balance: float) -> tuple[Any, ...]:
    headers = ("Entry", "Quantity", "Side", "Maintenance margin rate", "Price", "Beta")
    return (balance, *(series(rows, header) for header in headers))


def closed_at(row: dict[str, Any], price: float | None) -> float:
    if price is None:
        return 0.0
    paid = row["Fees paid"] + row["Funding paid"]
    return position.position_profit(row["Entry"], price, row["Quantity"], row["Side"], 0, 0.00055, paid)


def expected(shock: float) -> dict[str, float]:
    total: dict[str, float] = collections.Counter()
    total["nearest_distance"] = 1.0
    rows = given_rows()
    for row in rows:
        entry, price, quantity, side, rate, venue = (
            row[header] for header in ("Entry", "Price", "Quantity", "Side", "Maintenance margin rate", "Venue")
        )
        sign = 1 if side == "long" else -1
        profit = position.profit(entry, price, quantity, 1, side)
        total["gross_exposure"] += quantity * price
        total["net_exposure"] += sign * quantity * price
        total["unrealised_profit"] += profit
        total["net_now"] += closed_at(row, price)
        total["net_at_target"] += closed_at(row, row["Target"])
        total["net_at_stop"] += closed_at(row, row["Stop"])
        if row["Margin mode"] == "cross":
            continue
        margin = row["Margin"] or position.initial_margin(quantity * entry, row["Leverage"])
        price_of = liquidation.liquidation_price(entry, quantity * entry / margin, rate, side, venue)
        distance = liquidation.liquidation_distance(price, price_of, side)
        alive = distance + sign * shock * row["Beta"] > 0
        equity = margin + profit
        total["equity"] += equity
        total["margin_asked"] += rate * quantity * (entry if venue == "mexc" else price)
        total["equity_after_shock"] += (equity + sign * quantity * price * shock * row["Beta"]) * alive
        total["liquidated_count"] += not alive
        total["nearest_distance"] = min(total["nearest_distance"], distance)
        moved = price * (1 + shock * row["Beta"])
        total["top_up"] += liquidation.top_up(entry, quantity, margin, rate, moved, side, venue)
    for venue, balance in wallets().items():
        held = [row for row in rows if (row["Venue"], row["Margin mode"]) == (venue, "cross")]
        arguments = account_of(held, balance)
        profit = sum(
            position.profit(*(row[key] for key in ("Entry", "Price", "Quantity")), 1, row["Side"]) for row in held
        )
        asked = sum(row["Maintenance margin rate"] * row["Quantity"] * row["Price"] for row in held)
        shocked = [dict(row, Price=row["Price"] * (1 + shock * row["Beta"])) for row in held]
        free = account.account_free_margin(*account_of(shocked, balance))
        total["equity"] += balance + profit
        total["margin_asked"] += asked
        total["top_up"] += max(0.0, -free)
        total["liquidated_count"] += len(held) * (free <= 0)
        after = sum(
            position.profit(*(row[key] for key in ("Entry", "Price", "Quantity")), 1, row["Side"]) for row in shocked
        )
        total["equity_after_shock"] += (balance + after) * (free > 0)
        for price_of, row in zip(account.account_liquidation_prices(*arguments), held, strict=True):
            if math.isfinite(price_of[0]):
                distance = liquidation.liquidation_distance(row["Price"], price_of[0], row["Side"])
                total["nearest_distance"] = min(total["nearest_distance"], distance)
    return total


def calculated(model: Model) -> tuple[list[str], list[list[Any]]]:
    """The headers and the rows of the list as they are computed."""
    (values,) = compute(model, [{}])
    sheet = openpyxl.load_workbook(templates.workbook_path("positions"))["Positions"]
    head, *rows = sheet[sheet.tables["positions"].ref]
    return [cell.value for cell in head], [
        [values.get(Place("Positions", cell.row, cell.column)) for cell in row] for row in rows
    ]


def test_liquidations_in_cross_margin_are_those_of_the_whole_account(model: Model) -> None:
    headers, rows = calculated(model)
    given = given_rows()
    for venue, balance in wallets().items():
        places = [n for n, row in enumerate(given) if (row["Venue"], row["Margin mode"]) == (venue, "cross")]
        arguments = account_of([given[place] for place in places], balance)
        move = account.account_liquidation_move(*arguments)
        prices = account.account_liquidation_prices(*arguments)
        for place, (price,) in zip(places, prices, strict=True):
            found = dict(zip(headers, rows[place], strict=True))
            assert found["Common move"] == pytest.approx(move, rel=1e-12)
            assert found["Liquidation"] == (pytest.approx(price, rel=1e-12) if math.isfinite(price) else "never")


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
    ("Venue", "nowhere"),
    ("Margin mode", "both"),
    ("Margin", -1),
    ("Stop", "soon"),
    ("Beta", "high"),
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
    named = {header: f"second_{cell.column_letter}" for header, cell in zip(given_rows()[0], second, strict=False)}
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
        of_row = [values[Place("Positions", cell.row, cell.column)] for cell in second[GIVEN:]]
        assert of_row == ["CHECK", *["check"] * (len(of_row) - 2), "CHECK"], bad
        assert found["gross_exposure"] == pytest.approx(others, rel=1e-12), bad


def test_a_row_below_the_table_is_said(tmp_path: Path) -> None:
    """As Calc leaves it: a row typed below the table, which the table does not take in."""
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    sheet = book["Positions"]
    last = sheet[sheet.tables["positions"].ref][-1]
    for cell in last[:GIVEN]:
        sheet.cell(cell.row + 1, cell.column, cell.value)
    book.save(tmp_path / "below.xlsx")
    found = result(read_model(tmp_path / "below.xlsx"), {})
    assert found["overall_flag"] == "CHECK FAILED: No rows outside the table"
    assert found["verdict"] == "CHECK"


@pytest.mark.parametrize(
    ("venue", "balance", "failing"),
    [
        ("bybit", 100, "Each wallet once"),
        ("gate", None, "Every wallet has a venue and a balance"),
        (None, 100, "Every wallet has a venue and a balance"),
        ("gate", -1, "Every wallet has a venue and a balance"),
    ],
)
def test_a_bad_wallet_is_named(tmp_path: Path, venue: str | None, balance: float | None, failing: str) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    ((_, area),) = book.defined_names["wallets"].destinations
    row = book["Inputs"][area.replace("$", "")][3]
    row[0].value, row[1].value = venue, balance
    book.save(tmp_path / "bad.xlsx")
    assert result(read_model(tmp_path / "bad.xlsx"), {})["overall_flag"] == f"CHECK FAILED: {failing}"


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
