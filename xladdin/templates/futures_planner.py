"""One leveraged futures position: its size, its margin, where it is liquidated, what stop and target bring."""

from __future__ import annotations

from xladdin.templates.kit import (
    ABOVE_ZERO,
    Axis,
    Card,
    Column,
    Line,
    Panel,
    Template,
    chart,
    number,
    one_of,
    styles,
    text,
    whole,
)

_METHODS = ("entry", "mark", "bybit", "binance", "okx", "gate", "bitget", "kraken", "hyperliquid", "dydx")
_LEVERAGE = number(1, 150)
_LEVERAGES = (2, 3, 5, 10, 20, 25, 50)
_CURVE_POINTS = 41
_DISTANCE_LEVERAGES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50)


def template() -> Template:
    """The workbook futures-planner."""
    book = Template(
        "Futures planner",
        "Before you open a leveraged futures position: how big it is, what margin it takes, at which price it is "
        "liquidated, what you win at the target and lose at the stop, and what fees and funding take.",
        steps=[
            "On Inputs, change the blue cells: side, venue, entry, amount, leverage, fees, stop and target.",
            "Read the results beside them: the verdict first, then the prices.",
            "On Dashboard see where profit, break-even and liquidation lie; on Checks that everything adds up.",
        ],
        assumptions=[
            "A linear contract (profit in the quote currency) with isolated margin and no margin added later.",
            "One maintenance margin rate: that of the tier your position falls in. Look it up at your venue.",
            "Fees are fractions of the traded value. Funding is the same rate at each settlement; the sign is the "
            "market's: with a positive rate longs pay and shorts receive.",
            "Beyond the liquidation price the whole margin is lost.",
        ],
        limits=[
            "Coin-margined (inverse) contracts, cross margin and tiers that change on the way are not in this workbook.",
            "Slippage, gaps, auto-deleveraging and insurance fund rules are not modelled.",
            "Venues round prices to their tick; figures here are not rounded, only shown so.",
        ],
    )
    _inputs(book)
    _results(book)
    _calculations(book)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Position")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("symbol", "Symbol", "BTCUSDT", "", "Shown on the dashboard.", text())
    line.input("currency", "Quote currency", "USDT", "", "Currency of prices, margin and profit.", text(8))
    line.input("side", "Side", "long", "", "Long wins when the price rises, short when it falls.", _SIDES)
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*_METHODS))
    line.input("entry", "Entry price", 50000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("sizing", "Amount given as", "margin", "", "What the next line is.", _SIZINGS)
    line.input("amount", "Amount", 1000, '=IF(sizing="quantity","coins",currency)', "Margin, size or quantity.", ABOVE_ZERO, styles.MONEY)
    line.input("leverage", "Leverage", 10, "times", "Position size over margin.", _LEVERAGE, styles.MULTIPLE)
    line.section("Venue terms")
    line.input("maintenance_margin_rate", "Maintenance margin rate", 0.01, "of value", "Of your position's tier.", number(0, 0.5), styles.PERCENT)
    line.input("liquidation_fee", "Liquidation fee", 0, "of value", "Kept back by the venue; often zero.", number(0, 0.05), styles.PERCENT)
    line.input("open_fee", "Fee to open", 0.00055, "of value", "Maker or taker, as you mean to trade.", _FEE, _FEE_FORMAT)
    line.input("close_fee", "Fee to close", 0.00055, "of value", "A stop usually pays the taker fee.", _FEE, _FEE_FORMAT)
    line.input("funding_rate", "Funding rate", 0.0001, "a settlement", "Positive: longs pay shorts.", number(-0.05, 0.05), styles.RATE)
    line.input("settlements", "Settlements held", 9, "times", "Three a day on most venues.", whole(0, 5000), styles.WHOLE)
    line.section("Plan")
    line.input("stop", "Stop price", 47500, "=currency", "Where you give up.", ABOVE_ZERO, styles.PRICE)
    line.input("target", "Target price", 56000, "=currency", "Where you take profit.", ABOVE_ZERO, styles.PRICE)
    line.section("Thresholds and range")
    line.input("watch_distance", "WATCH when nearer than", 0.15, "of entry", "Distance to liquidation.", number(0, 1), styles.PERCENT)
    line.input("danger_distance", "DANGER when nearer than", 0.05, "of entry", "Or liquidation before the stop.", number(0, 1), styles.PERCENT)
    line.input("exit_step", "Step of the profit grid", 0.05, "of entry", "Between two exit prices.", number(0.001, 0.2), styles.PERCENT)


_SIDES = one_of("long", "short")
_SIZINGS = one_of("margin", "size", "quantity")
_FEE = number(-0.01, 0.05)
_FEE_FORMAT = "0.000%"


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    line.sentence("position_in_words", _POSITION_IN_WORDS)
    line.sentence("risk_in_words", _RISK_IN_WORDS)
    line.sentence("plan_in_words", _PLAN_IN_WORDS)
    line.section("Size")
    line.output("position_size", "Position size", 'IF(sizing="margin",LEV_SIZE(amount,leverage),IF(sizing="size",amount,amount*entry))', "=currency", "Value at entry.")
    line.output("margin", "Initial margin", "LEV_MARGIN(position_size,leverage)", "=currency", "What you can lose.")
    line.output("quantity", "Quantity", "LEV_QTY(margin,leverage,entry)", "coins", "", styles.QUANTITY)
    line.section("Prices")
    line.output("liquidation_price", "Liquidation price", "LEV_LIQPRICE(entry,leverage,maintenance_margin_rate,side,method,liquidation_fee)", "=currency", "#N/A: can't be liquidated. #NUM!: can't be opened.", styles.PRICE)
    line.output("liquidation_distance", "Distance to liquidation", "LEV_LIQDISTANCE(entry,liquidation_price,side)", "of entry", "Adverse move until then.", styles.PERCENT)
    line.output("bankruptcy_price", "Bankruptcy price", "LEV_BANKRUPTCY(entry,leverage,side)", "=currency", "Where the margin is gone.", styles.PRICE)
    line.output("breakeven_price", "Break-even price", "LEV_BREAKEVENPRICE(entry,side,open_fee,close_fee,carry)", "=currency", "After fees and funding.", styles.PRICE)
    line.output("stop_leverage", "Highest leverage for the stop", "LEV_STOPLEVERAGE(entry,stop,maintenance_margin_rate,side,method,liquidation_fee)", "times", "Above it liquidation comes first.", styles.MULTIPLE)
    line.section("Profit and cost")
    line.output("profit_at_target", "Profit at target", _profit("target"), "=currency", "After fees and funding.")
    line.output("roi_at_target", "Return at target", "profit_at_target/margin", "of margin", "", styles.PERCENT)
    line.output("profit_at_stop", "Profit at stop", _profit("stop"), "=currency", "The whole margin if liquidated first.")
    line.output("roi_at_stop", "Return at stop", "profit_at_stop/margin", "of margin", "", styles.PERCENT)
    line.output("risk_reward", "Reward to risk", "LEV_RISKREWARD(entry,stop,target)", "times", "By price alone, before costs.", styles.RATIO)
    line.output("funding_cost", "Funding paid", "LEV_FUNDING(position_size,funding_rate,settlements,side)", "=currency", "Negative: received.")
    line.output("carry", "Funding on value", "funding_cost/position_size", "of value", "", styles.PERCENT)


def _profit(exit_price: str) -> str:
    """Profit at an exit price: all of the margin is lost from the liquidation price on."""
    return (
        f"IF(side_sign*({exit_price}-liquidation_barrier)<=0,-margin,"
        f"LEV_PROFIT(entry,{exit_price},quantity,1,side,open_fee,close_fee,funding_cost))"
    )


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(ISNA(liquidation_distance),"SAFE",'
    'IF(OR(liquidation_distance<danger_distance,leverage>=stop_leverage),"DANGER",'
    'IF(liquidation_distance<watch_distance,"WATCH","SAFE"))))'
)
_POSITION_IN_WORDS = (
    'IFERROR(PROPER(side)&" "&TEXT(quantity,"#,##0.0000")&" "&symbol&" at "&TEXT(entry,"#,##0.00")&", "&'
    'TEXT(leverage,"0.0")&"x on "&TEXT(margin,"#,##0.00")&" "&currency&" of margin.","No position: see Checks.")'
)
_RISK_IN_WORDS = (
    'IFERROR("Liquidated at "&TEXT(liquidation_price,"#,##0.00")&", "&TEXT(liquidation_distance,"0.0%")&" from entry"'
    '&IF(leverage>=stop_leverage,": BEFORE the stop is reached.",": after the stop, which comes first."),'
    'IF(ISNA(liquidation_price),"It can\'t be liquidated.","No liquidation price: see Checks."))'
)
_PLAN_IN_WORDS = (
    'IFERROR("Target "&TEXT(profit_at_target,"+#,##0.00;-#,##0.00")&" ("&TEXT(roi_at_target,"+0%;-0%")&"), stop "&'
    'TEXT(profit_at_stop,"+#,##0.00;-#,##0.00")&" ("&TEXT(roi_at_stop,"+0%;-0%")&"): reward to risk "&'
    'TEXT(risk_reward,"0.0")&".","No plan: see Checks.")'
)


def _calculations(book: Template) -> None:
    sheet = book.calculations
    _helpers(book)
    liquidation = sheet.grid(
        "Liquidation price",
        "By leverage and maintenance margin rate. Orange: liquidated before the stop. A dash: can't be opened or "
        "liquidated.",
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Maintenance margin rate", (0.004, 0.005, 0.01, 0.015, 0.02, 0.025, 0.05), styles.PERCENT, number(0, 0.5)),
        lambda row, column: f'IFERROR(LEV_LIQPRICE(entry,{row},{column},side,method,liquidation_fee),"–")',
        styles.PRICE,
        mark=("AND(ISNUMBER({cell}),side_sign*(stop-{cell})<=0)", styles.ORANGE),
    )
    del liquidation
    sheet.grid(
        "Profit",
        "By exit price and leverage on the same margin, after fees and funding; all of the margin from liquidation on.",
        Axis("Exit price", ["entry*(1-exit_step-exit_step-exit_step-exit_step)", *["{previous}+entry*exit_step"] * 8], styles.PRICE),
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        lambda row, column: (
            f"IFERROR(IF(LEV_LIQDISTANCE({row},IFNA(LEV_LIQPRICE(entry,{column},maintenance_margin_rate,side,method,"
            f"liquidation_fee),0),side)<=0,-margin,LEV_PROFIT(entry,{row},margin/entry,{column},side,open_fee,close_fee,"
            f'LEV_FUNDING(margin*{column},funding_rate,settlements,side))),"–")'
        ),
        styles.WHOLE,
        heat=True,
    )
    _charts(book)


def _helpers(book: Template) -> None:
    sheet = book.calculations
    line = Panel(sheet, 2, sheet.row)
    line.section("Helpers")
    line.output("side_sign", "Sign of the side", 'IF(side="long",1,IF(side="short",-1,NA()))', "", "", styles.WHOLE)
    line.output("liquidation_barrier", "Liquidation price or zero", "IFNA(liquidation_price,0)", "", "", styles.PRICE)
    line.output(
        "curve_span",
        "Half width of the curve",
        "MAX(watch_distance,liquidation_distance_or_zero,ABS(stop/entry-1),ABS(target/entry-1))*(1+watch_distance)",
        "",
        "",
        styles.PERCENT,
    )
    line.output("liquidation_distance_or_zero", "Distance or zero", "IFNA(liquidation_distance,0)", "", "", styles.PERCENT)
    sheet.space()


def _charts(book: Template) -> None:
    sheet = book.calculations
    sheet.page_break()
    names, marks_x, marks_y = sheet.table(
        "Points on the chart",
        "",
        [
            Column("Point", "", lambda place, row: _POINTS[place][0], styles.GENERAL),
            Column("Against entry", "%", lambda place, row: f"{_POINTS[place][1]}/entry-1", styles.PERCENT),
            Column("Profit", "quote", lambda place, row: _POINTS[place][2], styles.WHOLE),
        ],
        len(_POINTS),
    )
    first = sheet.row
    _, move, _, profit, _ = sheet.table(
        "Profit over the exit price",
        "",
        [
            Column("Point", "", lambda place, row: place, styles.WHOLE),
            Column("Against entry", "%", lambda place, row: f"MAX(-1,-curve_span)+(curve_span-MAX(-1,-curve_span))*B{row}/MAX({_below(first)})", styles.PERCENT),
            Column("Exit price", "quote", lambda place, row: f"entry*(1+C{row})", styles.PRICE),
            Column("Profit", "quote", lambda place, row: _profit(f"D{row}"), styles.WHOLE),
            Column("Return", "of margin", lambda place, row: f"E{row}/margin", styles.PERCENT),
        ],
        _CURVE_POINTS,
    )
    leverages, distances, stops = _distances(book)
    _dashboard(book, (names, marks_x, marks_y), (move, profit), (leverages, distances, stops))


def _below(row: int) -> str:
    """Where the point numbers of the table that starts at this row stand."""
    return f"$B${row + 2}:$B${row + 1 + _CURVE_POINTS}"
