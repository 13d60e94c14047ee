from __future__ import annotations

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.cells import stepped

from xladdin.udfs import (
    LEV_AVGENTRY,
    LEV_BORROWED,
    LEV_BREAKEVENPRICE,
    LEV_EXITPRICE,
    LEV_FUNDING,
    LEV_MARGIN,
    LEV_MAXQTY,
    LEV_PROFIT,
    LEV_QTY,
    LEV_RATIO,
    LEV_ROI,
    LEV_SIZE,
)

mpmath.mp.dps = 50
prices = st.floats(1e-3, 1e6)
leverages = st.floats(1, 125)
quantities = st.floats(1e-4, 1e6)
fees = stepped(-0.001, 0.01)
carries = stepped(-0.05, 0.05)
sides = st.sampled_from(["long", "short"])
contracts = st.sampled_from(["linear", "inverse"])


@given(prices, leverages, sides, fees, fees, carries, contracts)
def test_break_even_undoes_the_profit(entry, leverage, side, open_fee, close_fee, carry, contract) -> None:
    price = LEV_BREAKEVENPRICE(entry, side, open_fee, close_fee, carry, contract)
    # What is left is the rounding of a price that near the entry: a few last digits of the whole position.
    assert LEV_ROI(entry, price, leverage, side, open_fee, close_fee, carry, contract) == pytest.approx(
        0, abs=4e-16 * 4 * leverage
    )
    quantity = 1000 * entry if contract == "inverse" else 1000
    value = quantity / entry if contract == "inverse" else quantity * entry
    won = LEV_PROFIT(entry, price, quantity, 1, side, open_fee, close_fee, carry * value, contract)
    assert won == pytest.approx(0, abs=4e-16 * 4 * value)


@given(prices, leverages, st.floats(-0.9, 0.9), sides, fees, fees, carries, contracts)
def test_the_exit_price_gives_its_roi(entry, leverage, roi, side, open_fee, close_fee, carry, contract) -> None:
    price = LEV_EXITPRICE(entry, leverage, roi, side, open_fee, close_fee, carry, contract)
    assume(not isinstance(price, str) and price > 0)
    found = LEV_ROI(entry, price, leverage, side, open_fee, close_fee, carry, contract)
    moved = max(price / entry, entry / price)
    assert found == pytest.approx(roi, abs=4e-16 * 4 * leverage * moved)


@given(prices, sides, fees, fees, carries, contracts)
def test_break_even_is_the_exit_price_of_no_return(entry, side, open_fee, close_fee, carry, contract) -> None:
    even = LEV_BREAKEVENPRICE(entry, side, open_fee, close_fee, carry, contract)
    assert LEV_EXITPRICE(entry, 10, 0, side, open_fee, close_fee, carry, contract) == even


@given(prices, st.floats(0.5, 2), quantities, leverages, sides, fees, fees, contracts)
def test_roi_is_the_profit_over_the_margin(entry, moved, margin, leverage, side, open_fee, close_fee, contract) -> None:
    quantity = LEV_QTY(margin, leverage, entry, contract)
    profit = LEV_PROFIT(entry, entry * moved, quantity, 1, side, open_fee, close_fee, 0, contract)
    roi = LEV_ROI(entry, entry * moved, leverage, side, open_fee, close_fee, 0, contract)
    assert profit / margin == pytest.approx(roi, abs=2e-15 * leverage)


@given(prices, st.floats(-1e-6, 1e-6), leverages, sides)
def test_linear_and_inverse_agree_to_first_order(entry, move, leverage, side) -> None:
    linear, inverse = (
        LEV_ROI(entry, entry * (1 + move), leverage, side, 0, 0, 0, contract) for contract in ("linear", "inverse")
    )
    # They differ by the square of the move, and by what the rounding of the exit price itself makes of the move.
    assert linear == pytest.approx(inverse, abs=leverage * (1.1 * move * move + 4e-16))


@pytest.mark.parametrize("contract", ["linear", "inverse"])
@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("move", [1e-12, 1e-9, 1e-6, 1e-3, 1.0])
def test_a_small_profit_keeps_its_digits(move: float, side: str, contract: str) -> None:
    entry, out, quantity = 64123.7, 64123.7 * (1 + move), 0.37
    sign = 1 if side == "long" else -1
    e, x, q = map(mpmath.mpf, (entry, out, quantity))
    exact = sign * (q * (1 / e - 1 / x) if contract == "inverse" else q * (x - e))
    found = LEV_PROFIT(entry, out, quantity, 1, side, 0, 0, 0, contract)
    assert abs(found / exact - 1) < 1e-15
    exact = sign * (1 - e / x if contract == "inverse" else x / e - 1) * 20
    assert abs(LEV_ROI(entry, out, 20, side, 0, 0, 0, contract) / exact - 1) < 1e-15


@given(prices, prices, quantities, sides, fees, fees, st.integers(-8, 8))
def test_another_currency_scales_the_profit(entry, out, quantity, side, open_fee, close_fee, power) -> None:
    scale = 2.0**power
    profit = LEV_PROFIT(entry, out, quantity, 1, side, open_fee, close_fee)
    assert LEV_PROFIT(entry * scale, out * scale, quantity, 1, side, open_fee, close_fee) == profit * scale


@given(prices, prices, quantities, contracts)
def test_what_the_long_wins_the_short_loses(entry, out, quantity, contract) -> None:
    long, short = (LEV_PROFIT(entry, out, quantity, 1, side, 0, 0, 0, contract) for side in ("long", "short"))
    assert long == -short


@given(quantities, leverages)
def test_size_margin_and_ratio_undo_one_another(margin, leverage) -> None:
    size = LEV_SIZE(margin, leverage)
    assert LEV_MARGIN(size, leverage) == pytest.approx(margin, rel=1e-15)
    assert LEV_RATIO(size, margin) == pytest.approx(leverage, rel=1e-15)
    assert LEV_BORROWED(margin, leverage) == pytest.approx(size - margin, abs=1e-15 * size)


@given(st.lists(st.tuples(prices, quantities), min_size=1, max_size=6), contracts)
def test_the_average_entry_lies_between_the_fills_and_has_their_profit(fills, contract) -> None:
    entries, amounts = [[price] for price, _ in fills], [[amount] for _, amount in fills]
    average = LEV_AVGENTRY(entries, amounts, contract)
    assert min(entries)[0] * (1 - 1e-15) <= average <= max(entries)[0] * (1 + 1e-15)
    out = 2 * max(entries)[0]
    single = sum(LEV_PROFIT(price, out, amount, 1, "long", 0, 0, 0, contract) for price, amount in fills)
    total = sum(amount for _, amount in fills)
    assert LEV_PROFIT(average, out, total, 1, "long", 0, 0, 0, contract) == pytest.approx(single, rel=1e-13, abs=0)


def test_nothing_filled_has_no_average() -> None:
    assert LEV_AVGENTRY([[100], [110]], [[0], [0]]) == "#NUM!"
    assert LEV_AVGENTRY([[100], [110]], [[0], [1]]) == 110
    assert LEV_AVGENTRY([[100], [None]], [[1], [1]]) == "#N/A"


@given(quantities, stepped(-0.01, 0.01), stepped(0, 1000))
def test_funding_that_the_long_pays_the_short_receives(size, rate, periods) -> None:
    assert LEV_FUNDING(size, rate, periods) == -LEV_FUNDING(size, rate, periods, "short")


def test_no_price_gives_more_than_there_is_to_win() -> None:
    assert LEV_EXITPRICE(100, 1, 1.5, "short") == "#NUM!"  # a short wins at most its whole value
    assert LEV_EXITPRICE(100, 1, 1, "short") == 0
    assert LEV_EXITPRICE(100, 1, -2) == "#NUM!"
    assert LEV_EXITPRICE(100, 1, 1, "long", 0, 0, 0, "inverse") == "#NUM!"  # in coin, no rise doubles a long
    assert LEV_PROFIT(100, 0, 5, 1, "long", 0, 0, 0, "inverse") == "#NUM!"


def test_the_margin_of_an_inverse_contract_is_in_coin_and_needs_the_price() -> None:
    # Bybit's own example: 60,000 USD at 50,000 with 10x.
    assert LEV_MARGIN(60000, 10, "inverse", 50000) == pytest.approx(0.12, rel=1e-15)
    assert LEV_MARGIN(60000, 10, "inverse") == "#N/A"
    assert LEV_MARGIN(60000, 10, "linear", 50000) == LEV_MARGIN(60000, 10) == 6000


def test_fees_and_carry_that_are_left_out_are_nothing() -> None:
    assert LEV_ROI(100, 110, 5) == pytest.approx(0.5, rel=1e-15)
    assert LEV_PROFIT(100, 110, 3) == 30
    assert LEV_BREAKEVENPRICE(100) == 100
    assert LEV_EXITPRICE(100, 5, 0.5) == pytest.approx(110, rel=1e-15)


TIERS = [[0, 0.004, 125], [50_000, 0.005, 100], [250_000, 0.01, 50], [1_000_000, 0.025, 20], [5_000_000, 0.05, 10]]
SIDES = st.sampled_from([1.0, -1.0])


def test_the_order_cost_that_an_exchange_prints() -> None:
    # Bybit Help Center, "Order Cost (USDT Contract)": 1 BTC at 50,000, 10x, 0.06%, costs 5,057.
    assert LEV_MAXQTY(5057, 10, 50000, 0.0006) == pytest.approx(1)
    # The same page of a sell order: fee to close on 1 + 1/leverage of the value.
    assert LEV_MAXQTY(5000 + 30 + 33, 10, 50000, 0.0006, "short") == pytest.approx(1)


@given(st.floats(1, 1e6), st.floats(1, 125), st.floats(1, 1e5), st.floats(0, 0.002), SIDES)
def test_the_largest_order_costs_the_wallet(
    wallet: float, leverage: float, price: float, fee: float, side: float
) -> None:
    quantity = LEV_MAXQTY(wallet, leverage, price, fee, side)
    value = quantity * price
    assert value / leverage + fee * value + fee * value * (1 - side / leverage) == pytest.approx(wallet)
    coins = LEV_MAXQTY(wallet, leverage, price, fee, side, "inverse") / price
    assert coins / leverage + fee * coins + fee * coins * (1 + side / leverage) == pytest.approx(wallet)


@given(
    st.floats(1, 1e7),
    st.floats(1.001, 10),
    st.floats(1, 125),
    st.floats(0, 0.01),
    SIDES,
    st.sampled_from(["linear", "inverse"]),
)
def test_a_larger_wallet_opens_more_and_a_higher_fee_less(
    wallet: float, times: float, leverage: float, fee: float, side: float, contract: str
) -> None:
    most = LEV_MAXQTY(wallet, leverage, 100, fee, side, contract)
    assert LEV_MAXQTY(wallet * times, leverage, 100, fee, side, contract) > most
    assert LEV_MAXQTY(wallet, leverage, 100, fee + 0.001, side, contract) < most
    held = LEV_MAXQTY(wallet, leverage, 100, fee, side, contract, TIERS)
    assert held <= most
    assert LEV_MAXQTY(wallet * times, leverage, 100, fee, side, contract, TIERS) >= held
