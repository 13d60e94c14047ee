"""The account against the sums of an exchange in 40 digits, and its move against one that is walked."""

from __future__ import annotations

import math
import random
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.udfs import LEV_ACCOUNTRATIO, LEV_FREEMARGIN, LEV_LIQACCOUNT, LEV_LIQCROSS, LEV_LIQPOSITIONS

mpmath.mp.dps = 40
DICE = random.Random(14)


def account(dice: random.Random) -> dict[str, Any]:
    """Positions as a table of a venue has them, some against each other, at prices that have moved."""
    count = dice.randint(1, 40)
    entries = [10 ** dice.uniform(-2, 5) for _ in range(count)]
    prices = [entry * dice.uniform(0.7, 1.4) for entry in entries]
    values = [10 ** dice.uniform(0, 4) for _ in range(count)]
    betas = dice.choice([[1.0] * count, [dice.choice([1, 1, 0.5, 1.7, 2.5, 0, -0.4]) for _ in range(count)]])
    return {
        "wallet": sum(values) * dice.uniform(0.02, 1.2),
        "entries": entries,
        "quantities": [value / price for value, price in zip(values, prices, strict=True)],
        "sides": [dice.choice([1, 1, 1, -1]) if dice.random() < 0.9 else -1 for _ in range(count)],
        "mmrs": [dice.choice([0.004, 0.005, 0.01, 0.025, 0.1]) for _ in range(count)],
        "prices": prices,
        "betas": betas,
        "deductions": [dice.choice([0, 0, value * 0.002]) for value in values],
        "fee": dice.choice([0, 0.0005]),
    }


ACCOUNTS = [account(DICE) for _ in range(150)]


def excess(
    found: dict[str, Any], move: Any = 0, alone: int | None = None, price: Any = None, number: Any = mpmath.mpf
) -> Any:
    """Equity less requirement after a common move, or where one price alone is another."""
    total, fee = number(found["wallet"]), number(found["fee"])
    for place, (entry, quantity, side, mmr, now, beta, deduction) in enumerate(
        zip(*(found[name] for name in list(found)[1:8]), strict=True)
    ):
        moved = price if place == alone else number(now) * max(number(0), 1 + number(beta) * move)
        total += side * number(quantity) * (moved - number(entry))
        total -= (number(mmr) + fee) * number(quantity) * moved - number(deduction)
    return total


def asked(found: dict[str, Any]) -> list[Any]:
    return [[[cell] for cell in value] if isinstance(value, list) else value for value in found.values()]


def walked(found: dict[str, Any], direction: int) -> float:
    """How far the prices go in a direction until the equity meets the requirement; infinity where they never do."""

    def is_left(distance: float) -> bool:
        return bool(excess(found, direction * distance, number=float) > 0)

    before = at = 0.0
    while at < (0.9999 if direction < 0 else 1e7):
        before, at = at, min(at + max(1 / 400, at / 20), 1.0 if direction < 0 else math.inf)
        if not is_left(at):
            for _ in range(60):
                middle = (before + at) / 2
                before, at = (middle, at) if is_left(middle) else (before, middle)
            return at
    return math.inf


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_the_move_is_where_a_walk_ends(start: int) -> None:
    for found in ACCOUNTS[start : start + 50]:
        move = LEV_LIQACCOUNT(*asked(found))
        if excess(found) <= 0:
            assert move == 0
            continue
        fall, rise = walked(found, -1), walked(found, 1)
        if min(fall, rise) == math.inf:
            assert move == "#N/A"
        else:
            assert move == pytest.approx(-fall if fall <= rise else rise, rel=1e-8)
            assert abs(excess(found, mpmath.mpf(move))) <= 1e-12 * (1 + abs(move)) * sum(
                quantity * price for quantity, price in zip(found["quantities"], found["prices"], strict=True)
            )


def test_the_accounts_that_are_walked_are_of_every_kind() -> None:
    moves = [LEV_LIQACCOUNT(*asked(found)) for found in ACCOUNTS]
    assert 0 in moves
    assert "#N/A" in moves
    assert sum(isinstance(move, float) and move < 0 for move in moves) > 20
    assert sum(isinstance(move, float) and move > 0 for move in moves) > 20


def test_the_ratio_and_what_is_free_are_the_sums() -> None:
    for found in ACCOUNTS:
        free = excess(found)
        worth = sum(
            (mpmath.mpf(mmr) + mpmath.mpf(found["fee"])) * mpmath.mpf(quantity) * mpmath.mpf(now) - mpmath.mpf(less)
            for quantity, mmr, now, less in zip(
                found["quantities"], found["mmrs"], found["prices"], found["deductions"], strict=True
            )
        )
        scale = abs(free) + abs(worth) + abs(found["wallet"])
        assert abs(LEV_FREEMARGIN(*asked(found)) - free) <= 1e-12 * scale
        ratio = LEV_ACCOUNTRATIO(*asked(found))
        if free + worth <= 0:
            assert ratio == "#NUM!"
        elif free + worth > 1e-3 * scale:
            assert abs(ratio - worth / (free + worth)) <= 1e-9 * max(1, abs(ratio))


def test_at_each_price_of_a_position_the_account_is_liquidated() -> None:
    seen = 0
    for found in ACCOUNTS[:60]:
        rows = LEV_LIQPOSITIONS(*asked(found))
        assert len(rows) == len(found["entries"])
        for place, (price,) in enumerate(rows):
            if price == "#N/A":  # nor does the price of nothing
                assert (excess(found, 0, place, mpmath.mpf(0)) > 0) == (found["sides"][place] > 0)
                continue
            seen += 1
            scale = abs(found["wallet"]) + found["quantities"][place] * price
            assert abs(excess(found, 0, place, mpmath.mpf(price))) <= 1e-9 * scale
    assert seen > 300


def test_an_account_of_one_position_is_the_cross_margin_of_one() -> None:
    for wallet, entry, quantity, mmr, deduction, side in [
        (1535443.01, 32481.98, 109.488, 0.025, 16300, 1),
        (300, 50000, 0.1, 0.005, 0, 1),
        (300, 50000, 0.1, 0.005, 0, -1),
    ]:
        price = LEV_LIQCROSS(wallet, entry, quantity, mmr, side, deduction)
        assert LEV_LIQPOSITIONS(wallet, entry, quantity, side, mmr, None, None, deduction)[0][0] == pytest.approx(price)
        move = LEV_LIQACCOUNT(wallet, entry, quantity, side, mmr, None, None, deduction)
        assert entry * (1 + move) == pytest.approx(price, rel=1e-12)


def test_the_two_positions_that_an_exchange_has_printed_a_price_of() -> None:
    # A demo account of Bitget, public API answer of 2024-12: BTC long 0.0046, ETH long 0.0056, at these marks.
    wallet = (0.0046 * 0.039 * 94663.3 + 0.0056 * 1.88 * 3366.76) / 0.01749097777 - 0.6396 - 0.2632
    btc = LEV_LIQCROSS(wallet, 94646.9, 0.039, 0.0046, "long", 0, 0.0056 * 1.88 * 3366.76, 0.2632)
    eth_entry = 3366.76 - 0.2632 / 1.88
    shown = LEV_LIQPOSITIONS(
        wallet, [[94646.9], [eth_entry]], [[0.039], [1.88]], "long", [[0.0046], [0.0056]], [[94663.3], [3366.76]]
    )
    assert btc == pytest.approx(18801.660351978073, abs=0.001)
    assert shown[0][0] == pytest.approx(18801.660351978073, abs=0.001)


@given(st.floats(1, 1e5), st.floats(1.001, 3), st.integers(1, 5))
def test_more_money_is_liquidated_further_away(wallet: float, more: float, count: int) -> None:
    entries, sizes = [[100.0 * place] for place in range(1, count + 1)], [[10.0]] * count
    near, far = (LEV_LIQACCOUNT(money, entries, sizes, "long", 0.01) for money in (wallet, wallet * more))
    assert far == "#N/A" or abs(far) >= abs(near)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (([[50000], [3000]], [[0.2]], "long", 0.01), "#VALUE!"),  # different lengths
        (([[50000], [None], [3000]], [[0.2], [None], [2]], "long", 0.01), -0.1161616161616),  # a blank row between
        (([[50000], ["#REF!"]], [[0.2], [2]], "long", 0.01), "#REF!"),
        (([[50000], [3000]], [[0.2], [2]], [["long"], ["up"]], 0.01), "#VALUE!"),
        (([[50000], [3000]], [[0.2], [-2]], "long", 0.01), "#NUM!"),  # said twice
        (([[50000], [3000]], [[0.2], [-2]], None, 0.01), -0.4791666666667),
        (([[50000], [3000]], [[0.2], [-2]], [["long"], [None]], 0.01), -0.4791666666667),
        (([[50000], [3000]], [[0], [0]], "long", 0.01), "#N/A"),  # nothing is open
        (([[50000], [3000]], [[0.2], [2]], "long", 0.01, None, 0), "#N/A"),  # nothing moves
        (([[None]], [[None]], "long", 0.01), "#N/A"),
        (([[50000], [3000]], [[0.2], [2]], "long", [[0.01], [None]]), "#N/A"),
        (([[50000], [3000]], [[0.2], [2]], "long", 1), "#NUM!"),
    ],
)
def test_what_people_type(arguments: tuple[Any, ...], shown: Any) -> None:
    found = LEV_LIQACCOUNT(2000, *arguments)
    assert found == (shown if isinstance(shown, str) else pytest.approx(shown, rel=1e-12))


def test_an_account_without_equity_is_liquidated() -> None:
    arguments = ([[50000], [3000]], [[0.2], [2]], "long", 0.01)
    assert LEV_LIQACCOUNT(0, *arguments) == 0
    assert LEV_LIQACCOUNT(-5, *arguments) == 0
    assert LEV_ACCOUNTRATIO(0, *arguments) == "#NUM!"
    assert LEV_FREEMARGIN(0, *arguments) == -160
    # One bad wallet of a column spoils no neighbour.
    assert [line[0] for line in LEV_FREEMARGIN([[0], ["x"], [160]], *arguments)] == [-160, "#VALUE!", 0]


def test_a_blank_row_keeps_its_place_and_a_row_that_asks_for_all_shows_it() -> None:
    rows = LEV_LIQPOSITIONS(100, [[100], [None], [10]], [[4], [None], [40]], "long", 0.01)
    assert rows[1] == ["#N/A"]
    assert rows[0][0] == pytest.approx(76.7676767676768)
    rows = LEV_LIQPOSITIONS(100, [[100], [10]], [[4], [0]], "long", [[0.9], [0.01]], fee=0.2)
    assert rows == [["#NUM!"], ["#N/A"]]


def test_the_nearest_of_a_fall_and_a_rise() -> None:
    # A short of 1 that moves twice as much against a long of 1: a rise of the market costs.
    arguments = (60, [[100], [100]], [[1], [1]], [["long"], ["short"]], 0, None)
    assert LEV_LIQACCOUNT(*arguments, [[1], [2]]) == pytest.approx(0.6)
    assert LEV_LIQACCOUNT(*arguments, [[1], [-2]]) == pytest.approx(-0.2)
    # The coin that falls twice as fast is worth nothing at -0.5: from there its short earns nothing more, and the long
    # of 150, which had won nothing net so far, loses.
    arguments = (110, [[100], [100]], [[1.5], [1]], [["long"], ["short"]], 0, None, [[1], [2]])
    assert LEV_LIQACCOUNT(*arguments) == pytest.approx(2.2)
    held = (110, [[100], [100]], [[1.9], [0.5]], [["long"], ["short"]], 0, None, [[1], [2]])
    assert LEV_LIQACCOUNT(*held) == pytest.approx(-160 / 190)


def test_without_leverage_nothing_is_liquidated_but_by_a_price_of_zero() -> None:
    """Which no price comes to; a cent less in the wallet, and it is a price."""
    assert LEV_LIQACCOUNT(100, 100, 1, "long", 0) == "#N/A"
    assert LEV_LIQACCOUNT(99.99, 100, 1, "long", 0) == pytest.approx(-0.9999)
