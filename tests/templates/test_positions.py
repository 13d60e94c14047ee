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
from support.flags import failing_check
from support.results import result, results

from xladdin import templates
from xladdin.core.functions import account, liquidation, position
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Model, Place
from xladdin.workbook.model_reader import read_model

GIVEN = 17  # columns to fill in, from the left; the next says on what a position stands
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
    """The balance of each venue's main wallet, as the template comes."""
    return {"bybit": 9000.0, "binance": 12000.0, "okx": 4500.0}


COINS = 0.3  # in the wallet "binance BTC"


def is_inverse(row: dict[str, Any]) -> bool:
    return row["Contract"] == "inverse"


def series(rows: list[dict[str, Any]], header: str) -> list[list[Any]]:
    return [[row[header]] for row in rows]


def account_of(rows: list[dict[str, Any]], balance: float) -> tuple[Any, ...]:
    headers = ("Entry", "Quantity", "Side", "Maintenance margin rate", "Price", "Beta")
    return (balance, *(series(rows, header) for header in headers))


def closed_at(row: dict[str, Any], price: float | None) -> float:
    if price is None:
        return 0.0
    paid = row["Fees paid"] + row["Funding paid"]
    contract = row["Contract"] or "linear"
    won = position.position_profit(row["Entry"], price, row["Quantity"], row["Side"], 0, 0.00055, paid, contract)
    return won * price if is_inverse(row) else won


def linear(total: dict[str, float], row: dict[str, Any], shock: float) -> None:
    """Add a linear position to the totals; one in cross margin is added with its wallet."""
    entry, price, quantity, side, rate, venue = (
        row[header] for header in ("Entry", "Price", "Quantity", "Side", "Maintenance margin rate", "Venue")
    )
    sign = 1 if side == "long" else -1
    profit = position.profit(entry, price, quantity, 1, side)
    total["gross_exposure"] += quantity * price
    total["net_exposure"] += sign * quantity * price
    total["unrealised_profit"] += profit
    if row["Margin mode"] == "cross":
        return
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


def inverse(total: dict[str, float], row: dict[str, Any], shock: float) -> None:
    """Add an inverse position, with the wallet of coins where it is the only one that stands on it.

    Everything is in coins, and they are worth the price: before and after the shock.
    """
    entry, price, quantity, side, rate = (
        row[header] for header in ("Entry", "Price", "Quantity", "Side", "Maintenance margin rate")
    )
    sign = 1 if side == "long" else -1
    shocked = price * (1 + shock * row["Beta"])
    won, won_then = (position.profit(entry, at, quantity, 1, side, 0, 0, 0, "inverse") for at in (price, shocked))
    total["gross_exposure"] += quantity
    total["net_exposure"] += sign * quantity
    total["unrealised_profit"] += won * price
    if row["Margin mode"] == "cross":
        coins = COINS
        price_of = liquidation.cross_liquidation_price(coins, entry, quantity, rate, side, contract="inverse")
        total["top_up"] += max(0.0, rate * quantity / shocked - coins - won_then) * price
    else:
        coins = quantity / entry / row["Leverage"]
        price_of = liquidation.liquidation_price(entry, row["Leverage"], rate, side, row["Venue"], 0, "inverse")
        total["top_up"] += price * liquidation.top_up(
            entry, quantity, coins, rate, shocked, side, row["Venue"], 0, "inverse"
        )
    distance = liquidation.liquidation_distance(price, price_of, side)
    alive = sign * (shocked - price_of) > 0
    total["equity"] += (coins + won) * price
    total["margin_asked"] += rate * quantity
    total["equity_after_shock"] += (coins + won_then) * shocked * alive
    total["liquidated_count"] += not alive
    total["nearest_distance"] = min(total["nearest_distance"], distance)


def wallet(total: dict[str, float], held: list[dict[str, Any]], balance: float, shock: float) -> None:
    """Add a wallet and the linear positions in cross margin that stand on it."""
    arguments = account_of(held, balance)
    profit = sum(position.profit(*(row[key] for key in ("Entry", "Price", "Quantity")), 1, row["Side"]) for row in held)
    shocked = [dict(row, Price=row["Price"] * (1 + shock * row["Beta"])) for row in held]
    free = account.account_free_margin(*account_of(shocked, balance))
    total["equity"] += balance + profit
    total["margin_asked"] += sum(row["Maintenance margin rate"] * row["Quantity"] * row["Price"] for row in held)
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


def expected(shock: float) -> dict[str, float]:
    total: dict[str, float] = collections.Counter()
    total["nearest_distance"] = 1.0
    rows = given_rows()
    for row in rows:
        total["net_now"] += closed_at(row, row["Price"])
        total["net_at_target"] += closed_at(row, row["Target"])
        total["net_at_stop"] += closed_at(row, row["Stop"])
        (inverse if is_inverse(row) else linear)(total, row, shock)
    for venue, balance in wallets().items():
        wallet(total, standing_on(venue, rows), balance, shock)
    return total


def standing_on(venue: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The positions in cross margin of a venue's main wallet."""
    return [row for row in rows if (row["Venue"], row["Margin mode"], row["Wallet name"]) == (venue, "cross", None)]


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
        held = standing_on(venue, given)
        places = [given.index(row) for row in held]
        arguments = account_of(held, balance)
        move = account.account_liquidation_move(*arguments)
        prices = account.account_liquidation_prices(*arguments)
        for place, (price,) in zip(places, prices, strict=True):
            found = dict(zip(headers, rows[place], strict=True))
            assert found["Common move"] == pytest.approx(move, rel=1e-12)
            assert found["Liquidation"] == (pytest.approx(price, rel=1e-12) if math.isfinite(price) else "never")


@pytest.mark.parametrize(("long", "short"), [(0.3, 0.1), (0.1, 0.3), (0.3, 0.25)])
def test_the_legs_of_a_hedge_move_together(tmp_path: Path, long: float, short: float) -> None:
    """Long and short of one symbol on one wallet: what is left of both is liquidated, at a price found by halving."""
    legs = {"long": (61_240, long), "short": (62_000, short)}
    rows: list[dict[str, Any]] = [
        {"Symbol": "btcusdt" if side == "short" else "BTCUSDT", "Side": side, "Entry": entry, "Quantity": quantity}
        for side, (entry, quantity) in legs.items()
    ]
    rows = [{**row, "Venue": "bybit", "Margin mode": "cross", "Leverage": 10, "Price": 61_500} for row in rows] + [
        {"Symbol": "ETHUSDT", "Venue": "bybit", "Margin mode": "cross", "Side": "long", "Entry": 3400}
    ]
    rows[2] |= {"Quantity": 1e-13, "Leverage": 10, "Price": 3350}
    rows = [{**row, "Maintenance margin rate": 0.005, "Beta": 1.0, "Fees paid": 0, "Funding paid": 0} for row in rows]
    model = with_rows(tmp_path / "hedge.xlsx", rows, [["bybit", 2500, "", ""]])

    def free(price: float) -> float:
        won = sum((price - entry) * amount * (1 if side == "long" else -1) for side, (entry, amount) in legs.items())
        return 2500 + won - 0.005 * (long + short) * price

    near, far = 61_500.0, 1.0 if long > short else 1e6
    assert free(near) > 0 > free(far)
    for _ in range(80):
        middle = (near + far) / 2
        near, far = (middle, far) if free(middle) > 0 else (near, middle)
    headers, values = calculated(model)
    found = {side: dict(zip(headers, line, strict=True)) for side, line in zip(legs, values[:2], strict=True)}
    goes, stays = ("long", "short") if long > short else ("short", "long")
    assert found[goes]["Liquidation"] == pytest.approx(near, rel=1e-9)
    assert found[goes]["Distance"] == pytest.approx(abs(near / 61_500 - 1), rel=1e-9)
    assert (found[stays]["Liquidation"], found[stays]["Verdict"]) == ("never", "SAFE")
    assert result(model, {})["overall_flag"] == "ALL CHECKS PASS"


def test_a_price_that_others_of_its_symbol_have_not_is_said(tmp_path: Path) -> None:
    rows = [{**row, "Symbol": "BTCUSDT", "Price": 80_000} for row in given_rows()]
    rows = [row for row in rows if row["Contract"] != "inverse" and row["Side"] == "long"]
    rows[2] |= {"Price": 8_000, "Margin mode": "isolated", "Entry": 8_100, "Leverage": 2}
    for row in rows:
        row["Entry"] = row["Price"]
    found = result(with_rows(tmp_path / "b.xlsx", rows, [[venue, 1e9, "", ""] for venue in wallets()]), {})
    assert failing_check(found["overall_flag"]).startswith("One price a symbol: BTCUSDT in row ")


LEGS = {"Symbol": "BTCUSDT", "Margin mode": "cross", "Entry": 60_000, "Quantity": 0.1, "Leverage": 10, "Beta": 1.0}
LEGS = {**LEGS, "Maintenance margin rate": 0.005, "Fees paid": 0, "Funding paid": 0}


@pytest.mark.parametrize(
    ("venues", "prices", "is_said"),
    [
        (("bybit", "bybit"), (61_000, 62_000), True),  # half a pair priced anew
        (("bybit", "bybit"), (62_000, 62_500), True),
        (("bybit", "bybit"), (62_000, 62_100), False),  # looked up a little later
        (("bybit", "bybit"), (0.168, 0.1684), False),  # rounded
        (("bybit", "okx"), (61_000, 62_000), False),
        ((None, None), (61_000, 62_000), False),  # which venues they are of is not known
    ],
)
def test_a_venue_has_one_price_of_a_symbol(
    tmp_path: Path, venues: tuple[str | None, ...], prices: tuple[float, ...], is_said: bool
) -> None:
    mode = "cross" if venues[0] else "isolated"
    rows = [
        {**LEGS, "Venue": venue, "Side": side, "Price": price, "Entry": price, "Margin mode": mode}
        for venue, side, price in zip(venues, ("long", "short"), prices, strict=True)
    ]
    other = {**rows[1], "Symbol": "ETHUSDT", "Price": 3000, "Entry": 3000}
    model = with_rows(tmp_path / "b.xlsx", [*rows, other], [["bybit", 1e9, "", ""], ["okx", 1e9, "", ""]])
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Positions"]
    first = sheet[sheet.tables["positions"].ref][1][0].row
    failing = f"One price a symbol at a venue: BTCUSDT in row {first}"
    assert failing_check(result(model, {})["overall_flag"]) == (failing if is_said else "")


def test_a_quantity_in_dollars_does_not_fit_the_wallet(tmp_path: Path) -> None:
    """12,248 dollars of coins at 61,240 are 0.2 of them; 12,248 of them are 750 million on a wallet of 5,500."""
    for quantity, failing in ((0.2, ""), (12_248, "Wallets fit what stands on them")):
        row = {**LEGS, "Venue": "bybit", "Side": "long", "Entry": 61_240, "Price": 61_900, "Quantity": quantity}
        model = with_rows(
            tmp_path / "b.xlsx", [row, {**row, "Symbol": "ETHUSDT", "Quantity": 0.01}], [["bybit", 5_500]]
        )
        assert failing_check(result(model, {})["overall_flag"]) == failing


@pytest.mark.parametrize(("price", "is_said"), [(13_500, True), (5, True), (2_500, False), (7, False)])
def test_a_price_of_another_scale_than_its_entry_fails_a_check(tmp_path: Path, price: float, is_said: bool) -> None:
    """The only row of its symbol: no other price says that it is 13,500 for 135."""
    row = {**LEGS, "Venue": "bybit", "Side": "long"}
    odd = {**row, "Symbol": "SOLUSDT", "Entry": 135, "Price": price, "Quantity": 0.01}
    model = with_rows(tmp_path / "b.xlsx", [odd, {**row, "Price": 60_000}], [["bybit", 1e7]])
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Positions"]
    first = sheet[sheet.tables["positions"].ref][1][0].row
    failing = f"Prices fit their entries: SOLUSDT in row {first}" if is_said else ""
    assert failing_check(result(model, {})["overall_flag"]) == failing


def test_what_is_never_liquidated_is_not_the_nearest(tmp_path: Path) -> None:
    """Longs on a wallet that pays for all of them are never liquidated; a short is, beyond twice its price."""
    long = {**LEGS, "Venue": "bybit", "Side": "long", "Entry": 60_000, "Price": 60_000}
    short = {**LEGS, "Symbol": "SOLUSDT", "Venue": "okx", "Side": "short", "Entry": 150, "Price": 150, "Quantity": 10}
    found = result(with_rows(tmp_path / "a.xlsx", [long, short], [["bybit", 1e6], ["okx", 1e5]]), {})
    rate = LEGS["Maintenance margin rate"]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Positions"]
    count = len(sheet[sheet.tables["positions"].ref]) - 2  # all but the head and the first are shorts
    price = (1e5 + count * 1500) / (count * 10 * (1 + rate))
    assert found["nearest_distance"] == pytest.approx(price / 150 - 1, rel=1e-12)
    assert failing_check(found["overall_flag"]) == ""
    found = result(with_rows(tmp_path / "b.xlsx", [long], [["bybit", 1e9]]), {})
    assert (found["nearest_distance"], failing_check(found["overall_flag"])) == (1, "")


def with_rows(path: Path, rows: list[dict[str, Any]], balances: list[list[Any]]) -> Model:
    """The template with other positions in its first rows, the last of them in all others, and with other wallets."""
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    sheet = book["Positions"]
    head, *lines = sheet[sheet.tables["positions"].ref]
    for number, line in enumerate(lines):
        for title, cell in zip(head[:GIVEN], line, strict=False):
            cell.value = rows[min(number, len(rows) - 1)].get(title.value)
    ((_, area),) = book.defined_names["wallets"].destinations
    for number, line in enumerate(book["Inputs"][area.replace("$", "")]):
        for cell, value in zip(
            line, [*(balances[number] if number < len(balances) else []), *[None] * 4], strict=False
        ):
            cell.value = value
    book.save(path)
    return read_model(path)


def perpetual(side: str, entry: float, quantity: float, price: float, **others: Any) -> dict[str, Any]:
    """An inverse position in cross margin on the wallet "binance BTC"."""
    row = {"Symbol": "BTCUSD", "Venue": "binance", "Margin mode": "cross", "Wallet name": "BTC", "Contract": "inverse"}
    row |= {"Side": side, "Entry": entry, "Quantity": quantity, "Price": price, "Leverage": 5, "Beta": 1.0}
    return {**row, "Maintenance margin rate": 0.01, "Fees paid": 0, "Funding paid": 0, **others}


@pytest.mark.parametrize("beta", [1.0, 1.5])
@pytest.mark.parametrize("side", ["long", "short"])
def test_a_wallet_of_coins_is_liquidated_where_its_coins_are_gone(tmp_path: Path, side: str, beta: float) -> None:
    """Two contracts of one coin on one wallet: the move is looked for by halving, in coins, without any function."""
    coins = 20_000 if side == "short" else 100_000
    rows = [
        perpetual(side, 60000, 12e9, 62000, Beta=beta),
        perpetual(side, 61000, 9e9, 62500, Beta=beta, Symbol="BTCUSD_261225"),
        perpetual("long", 60000, 1, 62000, Beta=beta),
    ]
    model = with_rows(tmp_path / "coins.xlsx", rows, [["binance", coins, "BTC", "inverse"]])
    sign = 1 if side == "long" else -1

    def free(move: float) -> float:
        total = coins
        for row in rows[:2]:
            price = row["Price"] * (1 + beta * move)
            total += sign * row["Quantity"] * (1 / row["Entry"] - 1 / price) - 0.01 * row["Quantity"] / price
        return total

    near, far = 0.0, -sign * 0.6
    assert free(near) > 0 > free(far)
    for _ in range(80):
        middle = (near + far) / 2
        near, far = (middle, far) if free(middle) > 0 else (near, middle)
    headers, values = calculated(model)
    for line in values[:2]:
        found = dict(zip(headers, line, strict=True))
        assert found["Common move"] == pytest.approx(near, rel=1e-6)  # beside them are twelve of a dollar
    found = result(model, {"shock": near * 0.999})
    assert (found["overall_flag"], found["liquidated_count"]) == ("ALL CHECKS PASS", 0)
    assert result(model, {"shock": near * 1.001})["liquidated_count"] == len(values)


@pytest.mark.parametrize(
    ("changed", "balances", "failing"),
    [
        ({"Contract": "linear"}, [["binance", 0.3, "BTC", "inverse"]], "Every row can be computed"),
        ({"Wallet name": "ETH"}, [["binance", 0.3, "BTC", "inverse"]], "Every row can be computed"),
        ({"Contract": "quanto"}, [["binance", 0.3, "BTC", "inverse"]], "Every row can be computed"),
        ({"Quantity": 0.2}, [["binance", 0.3, "BTC", "inverse"]], "Inverse quantity is quote currency"),
        ({"Price": 3200}, [["binance", 0.3, "BTC", "inverse"]], "A coin wallet has one coin"),
        ({"Beta": 1.2}, [["binance", 0.3, "BTC", "inverse"]], "A coin wallet has one coin"),
        (
            {},
            [["binance", 0.3, "BTC", "inverse"], ["binance", 2, "ETH", "inverse"]],
            "A coin wallet has one coin",
        ),
        ({}, [["binance", 0.3, "BTC", "inverse"], ["binance", 9, "BTC", "linear"]], "Each wallet once"),
    ],
)
def test_a_wallet_that_does_not_fit_its_positions_is_said(
    tmp_path: Path, changed: dict[str, Any], balances: list[list[Any]], failing: str
) -> None:
    row = perpetual("long", 60000, 3000, 62000)
    model = with_rows(tmp_path / "wrong.xlsx", [{**row, **changed}, row], balances)
    found = result(model, {})
    assert failing in found["overall_flag"]
    assert found["verdict"] == "CHECK"


@pytest.mark.parametrize(
    ("mode", "price", "balance"),
    [("isolated", 53000, 0), ("cross", 53000, 1000)],  # by isolated margin it is liquidated at 53,984
)
def test_a_position_that_the_venue_has_closed_is_said(tmp_path: Path, mode: str, price: float, balance: float) -> None:
    row = perpetual("long", 60000, 0.2, price) | {"Contract": None, "Wallet name": None, "Margin mode": mode}
    row["Leverage"] = 10
    wallet_rows = [["binance", balance, None, None]] if balance else []
    found = result(with_rows(tmp_path / "closed.xlsx", [row], wallet_rows), {})
    assert "No position is past its liquidation" in found["overall_flag"]
    assert found["verdict"] == "CHECK"


def test_the_verdict_is_of_the_shock_too(tmp_path: Path) -> None:
    """Each position is far from its own liquidation, and all of them go together."""
    rows = [
        perpetual("long", price, 9000 / price, price) | {"Symbol": symbol, "Contract": None, "Wallet name": None}
        for symbol, price in (("BTCUSDT", 60000), ("ETHUSDT", 3000), ("SOLUSDT", 150))
    ]
    count = len(given_rows())
    by_balance = {
        balance: result(
            with_rows(tmp_path / f"{balance}.xlsx", rows, [["binance", balance, None, None]]),
            {
                "shock": -0.1,
                "largest_count": 100,
                "watch_distance": 0.01,
                "danger_distance": 0.005,
            },
        )
        for balance in (9000 * count * 0.05, 9000 * count)
    }
    lost, kept = by_balance.values()
    assert (lost["equity_after_shock"], lost["liquidated_count"], lost["verdict"]) == (0, count, "DANGER")
    assert (kept["liquidated_count"], kept["verdict"]) == (0, "SAFE")


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
        assert failing_check(found["overall_flag"]) == failing, given
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
    ("Maintenance margin rate", None),
    ("Venue", None),
]
REASONS = {
    ("Venue", "nowhere"): ", no wallet nowhere",
    ("Venue", None): ", no venue",
    ("Leverage", 500): ", its maintenance rate takes all of its margin",
    ("Maintenance margin rate", 1.5): ", its maintenance rate takes all of its margin",
    ("Maintenance margin rate", None): ", no maintenance rate",
}


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
    others = sum(
        row["Quantity"] * (1 if is_inverse(row) else row["Price"])
        for place, row in enumerate(given_rows())
        if place != 1
    )
    sets = [{named[header]: value} for header, value in BAD_CELLS]
    for bad, values in zip(BAD_CELLS, compute(model, sets), strict=True):
        found = {name: values[output.place] for name, output in model.outputs.items()}
        where = f"ETHUSDT in row {second[0].row}{REASONS.get(bad, '')}"
        assert failing_check(found["overall_flag"]) == f"Every row can be computed: {where}", bad
        assert found["verdict"] == "CHECK", bad
        of_row = [values[Place("Positions", cell.row, cell.column)] for cell in second[GIVEN + 1 :]]
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
    assert failing_check(found["overall_flag"]) == "No rows outside the table"
    assert found["verdict"] == "CHECK"


@pytest.mark.parametrize(
    ("venue", "balance", "failing"),
    [
        ("bybit", 100, "Each wallet once: bybit"),
        ("gate", None, "Every wallet has a venue and a balance: gate in row {row}"),
        (None, 100, "Every wallet has a venue and a balance: in row {row}"),
        ("gate", -1, "Every wallet has a venue and a balance: gate in row {row}"),
    ],
)
def test_a_bad_wallet_is_named(tmp_path: Path, venue: str | None, balance: float | None, failing: str) -> None:
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    ((_, area),) = book.defined_names["wallets"].destinations
    row = book["Inputs"][area.replace("$", "")][4]
    row[0].value, row[1].value = venue, balance
    book.save(tmp_path / "bad.xlsx")
    flag = result(read_model(tmp_path / "bad.xlsx"), {})["overall_flag"]
    assert failing_check(flag) == f"{failing.format(row=row[0].row)}"


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
    assert found["position_count"] == 44
    assert found["gross_exposure"] == pytest.approx(expected(-0.1)["gross_exposure"] + 30 * last["Quantity"], rel=1e-12)
    assert found["overall_flag"] == "ALL CHECKS PASS"
