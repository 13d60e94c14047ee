"""A paper trade against a plain loop over the bars, and what each part of a plan does to it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from xladdin.udfs import LEV_LIQPRICE, LEV_PAPERTRADE

NAMES = ["event", "quantity", "liquidation", "funding", "equity", "drawdown", "added"]


def column(values: list[float]) -> list[list[float]]:
    return [[value] for value in values]


def walk(dice: random.Random, count: int) -> list[tuple[float, float, float, float]]:
    """Bars of a random walk with gaps: open, high, low, close."""
    bars, price = [], 100.0
    for _ in range(count):
        opened = price * (1 + dice.gauss(0, 0.01))
        close = opened * (1 + dice.gauss(0, 0.04))
        high = max(opened, close) * (1 + abs(dice.gauss(0, 0.02)))
        low = min(opened, close) * (1 - abs(dice.gauss(0, 0.02)))
        bars.append((opened, high, low, close))
        price = close
    return bars


def drawn(seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    side = dice.choice(["long", "short"])
    sign = 1 if side == "long" else -1
    return {
        "margin": dice.uniform(10, 1e4),
        "leverage": dice.uniform(0.5, 20),
        "mmr": dice.choice([0.0, dice.uniform(0, 0.03)]),
        "side": side,
        "entry": dice.choice([0.0, 100 * (1 - sign * dice.uniform(-0.02, 0.08))]),
        "stop": dice.choice([0.0, 100 * (1 - sign * dice.uniform(0.02, 0.3))]),
        "target": dice.choice([0.0, 100 * (1 + sign * dice.uniform(0.02, 0.3))]),
        "funding": dice.choice([0.0, dice.gauss(0, 0.002)]),
        "fee": dice.choice([0.0, dice.uniform(0, 0.002)]),
        "band": dice.choice([0.0, dice.uniform(0.01, 0.5)]),
        "addition": dice.choice([0.0, dice.uniform(10, 2e3)]),
        "nearer_than": dice.choice([0.0, dice.uniform(0.02, 0.3)]),
    }


def lived(bars: list[tuple[float, float, float, float]], plan: dict[str, Any]) -> list[list[Any]]:
    """The trade by profit and margin, not by money and coins: entry value, what is set aside, what is won."""
    is_long = plan["side"] == "long"
    sign = 1 if is_long else -1
    coins = average = 0.0
    own = peak = plan["margin"]  # the margin with all that is realised
    state = "waits"
    rows = []
    for opened, high, low, close in bars:
        event, funding, price, filled_late, added = 0, 0.0, opened, False, 0.0
        if state == "waits":
            reached = low <= plan["entry"] if is_long else high >= plan["entry"]
            if not plan["entry"] or reached:
                state, event = "holds", 1
                price = average = plan["entry"] or opened
                filled_late = plan["entry"] > 0
                coins = own * plan["leverage"] / average
                own -= plan["fee"] * coins * average
        elif state == "holds":
            funding = sign * plan["funding"] * coins * opened
            own -= funding
        if state == "holds":
            worst, best = (low, high) if is_long else (high, low)

            stop = plan["stop"]
            left = {at: own + sign * coins * (at - average) - plan["mmr"] * coins * at for at in (price, worst, stop)}
            out = None
            if left[price] <= 0:
                out, event = 0.0, 5
            elif stop and (price <= stop if is_long else price >= stop):
                out, event = price, 3
            elif stop and (worst <= stop if is_long else worst >= stop) and left[stop] > 0:
                out, event = stop, 3
            elif left[worst] <= 0:
                out, event = 0.0, 5
            elif plan["target"] and not filled_late and (best >= plan["target"] if is_long else best <= plan["target"]):
                out, event = plan["target"], 4
            if out is not None:
                won = sign * coins * (out - average) - plan["fee"] * coins * out
                own = max(0.0, own + won) if event != 5 else 0.0
                state, coins = "over", 0.0
            elif plan["band"] and event != 1:
                equity = own + sign * coins * (close - average)
                ratio = coins * close / equity
                if abs(ratio / plan["leverage"] - 1) > plan["band"]:
                    traded = equity * plan["leverage"] / close - coins
                    own = equity - plan["fee"] * abs(traded) * close
                    coins, average, event = coins + traded, close, 2
        if coins and plan["addition"]:
            above = own + sign * coins * (close - average) - plan["mmr"] * coins * close  # over what is asked
            until = above / (coins * (1 - sign * plan["mmr"]))  # the move that takes it
            if until < plan["nearer_than"] * close and (sign < 0 or until < close):
                added, event = plan["addition"], 6
        own += added
        equity = own + sign * coins * (close - average)
        peak = max(peak + added, equity)
        level = (average * coins - sign * own) / (coins * (1 - sign * plan["mmr"])) if coins else 0.0
        rows.append([event, coins, level if level > 0 else "#N/A", funding, equity, 1 - equity / peak, added])
    return rows


def of(bars: list[tuple[float, float, float, float]], plan: dict[str, Any]) -> Any:
    opens, highs, lows, closes = (column(list(prices)) for prices in zip(*bars, strict=True))
    rest = [
        plan[name]
        for name in ("mmr", "side", "entry", "stop", "target", "funding", "fee", "band", "addition", "nearer_than")
    ]
    return LEV_PAPERTRADE(closes, plan["margin"], plan["leverage"], highs, lows, opens, *rest)


def test_500_random_plans_are_a_plain_loop_over_the_bars() -> None:
    seen: dict[float, int] = {}
    for seed in range(500):
        plan = drawn(seed)
        bars = walk(random.Random(-seed - 1), 40)
        for place, (found, wanted) in enumerate(zip(of(bars, plan), lived(bars, plan), strict=True)):
            seen[found[0]] = seen.get(found[0], 0) + 1
            for name, shown, value in zip(NAMES, found, wanted, strict=True):
                if isinstance(value, str) or isinstance(shown, str):
                    assert shown == value, (seed, place, name)
                else:
                    close = pytest.approx(value, rel=1e-9, abs=1e-9 * plan["margin"] * plan["leverage"])
                    assert shown == close, (seed, place, name)
    assert sorted(seen) == [0, 1, 2, 3, 4, 5, 6]
    assert min(seen.values()) > 50


def trade(bars: list[tuple[float, float, float, float]], **plan: Any) -> Any:
    still = {"margin": 100, "leverage": 10, "mmr": 0, "side": "long", "entry": 0, "stop": 0, "target": 0}
    return of(bars, {**still, "funding": 0, "fee": 0, "band": 0, "addition": 0, "nearer_than": 0, **plan})


def test_a_side_may_be_its_sign_or_what_was_done() -> None:
    bars = [(100, 101, 99, 100), (100, 106, 95, 96)]
    for word, *others in (("long", 1, "buy"), ("short", -1, "sell")):
        assert [trade(bars, side=other) for other in others] == [trade(bars, side=word)] * 2
    assert trade(bars, side=-2) == "#VALUE!"


def test_of_stop_and_target_in_one_bar_the_stop_comes_first() -> None:
    (row,) = trade([(100, 120, 94, 110)], stop=95, target=115)
    assert row[0] == 3
    assert row[4] == pytest.approx(50)


def test_a_gap_beyond_the_stop_is_sold_at_the_open() -> None:
    row = trade([(100, 101, 99, 100), (93, 99, 92, 98)], stop=95)[1]
    assert row[0] == 3
    assert row[4] == pytest.approx(30)


def test_a_gap_beyond_liquidation_takes_all() -> None:
    row = trade([(100, 101, 99, 100), (89, 120, 88, 118)], stop=95)[1]
    assert row[0] == 5
    assert row[4] == 0


def test_a_limit_order_takes_no_profit_in_the_bar_that_fills_it() -> None:
    rows = trade([(100, 120, 97, 104), (104, 121, 103, 105)], entry=98, target=110)
    assert [row[0] for row in rows] == [1, 4]


def test_one_that_is_never_reached_keeps_its_margin() -> None:
    rows = trade([(100, 120, 97, 104), (104, 121, 103, 105)], entry=90)
    assert [(row[0], row[1], row[4]) for row in rows] == [(0, 0, 100)] * 2


def test_the_liquidation_price_is_that_of_the_position() -> None:
    for side in ("long", "short"):
        (row,) = trade([(100, 101, 99, 100)], mmr=0.01, side=side)
        assert row[2] == pytest.approx(LEV_LIQPRICE(100, 10, 0.01, side, "mark"), rel=1e-12)


def test_margin_is_added_where_liquidation_is_near_and_moves_it_away() -> None:
    bars = [(100, 101, 99, 100), (100, 100, 94, 94), (94, 96, 89, 95)]
    rows = trade(bars, addition=50, nearer_than=0.05)
    assert [row[0] for row in rows] == [1, 6, 0]  # without it the third bar, at 89, is below 90
    assert [row[6] for row in rows] == [0, 50, 0]
    assert [row[2] for row in rows] == pytest.approx([90, 85, 85])
    assert rows[1][4:6] == pytest.approx([40 + 50, 1 - 90 / 150])
    assert trade(bars)[2][0] == 5


def test_nothing_is_added_that_was_not_said() -> None:
    closes = column([100, 94, 92])
    near = {"nearer_than": 0.05, "mmr": 0.01}
    assert LEV_PAPERTRADE(closes, 100, 10, **near) == LEV_PAPERTRADE(closes, 100, 10, addition=0, **near)
    assert LEV_PAPERTRADE(closes, 100, 10, **near) != LEV_PAPERTRADE(closes, 100, 10, addition=1, **near)


def test_closes_alone_are_enough() -> None:
    rows = LEV_PAPERTRADE(column([100, 105, 95]), 100, 2)
    assert [row[4] for row in rows] == pytest.approx([100, 110, 90])


def test_prices_outside_high_and_low_are_no_bar() -> None:
    assert LEV_PAPERTRADE(column([100]), 100, 2, column([99]), column([98]), column([99])) == "#NUM!"


def test_a_target_that_is_just_touched_is_taken_at_it() -> None:
    prices = ([[100], [110], [105]], 1000, 5, [[100], [112], [106]], [[99], [108], [104]], [[100], [109], [106]])
    rest = (0, "long", 0, 0, 112, 0, 0, 0, 0, 0)
    assert LEV_PAPERTRADE(*prices, *rest, "event", 2) == 4
    assert LEV_PAPERTRADE(*prices, *rest, "equity", 3) == pytest.approx(1000 + 50 * 12, rel=1e-15)
