"""One leveraged futures position: its size, its margin, where it is liquidated, what stop and target bring."""

from __future__ import annotations

from typing import Any

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    Axis,
    Card,
    Column,
    Line,
    Mark,
    Panel,
    Sheet,
    Template,
    cells_of,
    chart,
    money_text,
    multiple_text,
    number,
    one_of,
    percent_text,
    price_text,
    signed_percent_text,
    signed_text,
    styles,
    text,
    whole,
)

_LEVERAGE = number(1, 150)
_LEVERAGES = (2, 3, 5, 10, 20, 50)
_CURVE_POINTS = 11
_DISTANCE_LEVERAGES = (2, 3, 4, 5, 7, 10, 15, 20, 30, 50)


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
            "Coin-margined (inverse) contracts, cross margin and tiers that change on the way are not in here.",
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
    line.input("side", "Side", "long", "", "Long wins when the price rises.", _SIDES)
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*venues.METHODS))
    line.input("entry", "Entry price", 50000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("sizing", "Amount given as", "margin", "", "What the next line is.", _SIZINGS)
    line.input(
        "amount",
        "Amount",
        1000,
        '=IF(sizing="quantity","coins",currency)',
        "Margin, size or quantity.",
        ABOVE_ZERO,
        styles.MONEY,
    )
    line.input("leverage", "Leverage", 10, "times", "Position size over margin.", _LEVERAGE, styles.MULTIPLE)
    line.section("Venue terms")
    line.input(
        "maintenance_margin_rate",
        "Maintenance margin rate",
        0.01,
        "of value",
        "Of your position's tier.",
        number(0, 0.5),
        styles.PERCENT,
    )
    line.input(
        "liquidation_fee",
        "Liquidation fee",
        0,
        "of value",
        "Kept back by the venue; often zero.",
        number(0, 0.05),
        styles.PERCENT,
    )
    line.input(
        "open_fee", "Fee to open", 0.00055, "of value", "Maker or taker, as you mean to trade.", _FEE, _FEE_FORMAT
    )
    line.input(
        "close_fee", "Fee to close", 0.00055, "of value", "A stop usually pays the taker fee.", _FEE, _FEE_FORMAT
    )
    line.input(
        "funding_rate",
        "Funding rate",
        0.0001,
        "a settlement",
        "Positive: longs pay shorts.",
        number(-0.05, 0.05),
        styles.RATE,
    )
    line.input(
        "settlements", "Settlements held", 9, "times", "Three a day on most venues.", whole(0, 5000), styles.WHOLE
    )
    line.section("Plan")
    line.input("stop", "Stop price", 47500, "=currency", "Where you give up.", ABOVE_ZERO, styles.PRICE)
    line.input("target", "Target price", 56000, "=currency", "Where you take profit.", ABOVE_ZERO, styles.PRICE)
    line.section("Thresholds and range")
    line.input(
        "watch_distance",
        "WATCH when nearer than",
        0.15,
        "of entry",
        "Distance to liquidation.",
        number(0, 1),
        styles.PERCENT,
    )
    line.input(
        "danger_distance",
        "DANGER when nearer than",
        0.05,
        "of entry",
        "Or liquidation before the stop.",
        number(0, 1),
        styles.PERCENT,
    )
    line.input(
        "exit_step",
        "Step of the profit grid",
        0.05,
        "of entry",
        "Between two exit prices.",
        number(0.001, 0.2),
        styles.PERCENT,
    )


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
    line.output(
        "position_size",
        "Position size",
        'IF(sizing="margin",LEV_SIZE(amount,leverage),IF(sizing="size",amount,IF(sizing="quantity",amount*entry,NA())))',
        "=currency",
        "Value at entry.",
    )
    line.output("margin", "Initial margin", "LEV_MARGIN(position_size,leverage)", "=currency", "What you can lose.")
    line.output("quantity", "Quantity", "LEV_QTY(margin,leverage,entry)", "coins", "", styles.QUANTITY)
    line.section("Prices")
    line.output(
        "liquidation_price",
        "Liquidation price",
        "LEV_LIQPRICE(entry,leverage,maintenance_margin_rate,side,method,liquidation_fee)",
        "=currency",
        "#N/A: never. #NUM!: can't be opened.",
        styles.PRICE,
    )
    line.output(
        "liquidation_distance",
        "Distance to liquidation",
        "LEV_LIQDISTANCE(entry,liquidation_price,side)",
        "of entry",
        "Adverse move until then.",
        styles.PERCENT,
    )
    line.output(
        "bankruptcy_price",
        "Bankruptcy price",
        "LEV_BANKRUPTCY(entry,leverage,side)",
        "=currency",
        "Where the margin is gone.",
        styles.PRICE,
    )
    line.output(
        "breakeven_price",
        "Break-even price",
        "LEV_BREAKEVENPRICE(entry,side,open_fee,close_fee,carry)",
        "=currency",
        "After fees and funding.",
        styles.PRICE,
    )
    line.output(
        "stop_leverage",
        "Highest leverage for the stop",
        "LEV_STOPLEVERAGE(entry,stop,maintenance_margin_rate,side,method,liquidation_fee)",
        "times",
        "Above it liquidation comes first.",
        styles.MULTIPLE,
    )
    line.section("Profit and cost")
    line.output("profit_at_target", "Profit at target", _profit("target"), "=currency", "After fees and funding.")
    line.output("roi_at_target", "Return at target", "profit_at_target/margin", "of margin", "", styles.PERCENT)
    line.output(
        "profit_at_stop", "Profit at stop", _profit("stop"), "=currency", "The whole margin if liquidated first."
    )
    line.output("roi_at_stop", "Return at stop", "profit_at_stop/margin", "of margin", "", styles.PERCENT)
    line.output(
        "risk_reward",
        "Reward to risk",
        "LEV_RISKREWARD(entry,stop,target)",
        "times",
        "By price alone, before costs.",
        styles.RATIO,
    )
    line.output(
        "funding_cost",
        "Funding paid",
        "LEV_FUNDING(position_size,funding_rate,settlements,side)",
        "=currency",
        "Negative: received.",
    )
    line.output("carry", "Funding on value", "funding_cost/position_size", "of value", "", styles.PERCENT)


_PROFIT = "LEV_PROFIT(entry,{exit},quantity,1,side,open_fee,close_fee,funding_cost)"


def _profit(exit_price: str) -> str:
    """Profit at an exit price: all of the margin is lost from the liquidation price on."""
    return f"IF(side_sign*({exit_price}-liquidation_barrier)<=0,-margin,{_PROFIT.format(exit=exit_price)})"


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(ISNA(liquidation_distance),"SAFE",'
    'IF(OR(liquidation_distance<danger_distance,leverage>=stop_leverage),"DANGER",'
    'IF(liquidation_distance<watch_distance,"WATCH","SAFE"))))'
)
_POSITION_IN_WORDS = (
    f'IFERROR(PROPER(side)&" "&{price_text("quantity")}&" "&symbol&" at "&{price_text("entry")}&", "&'
    f'{multiple_text("leverage")}&" on "&{money_text("margin")}&" "&currency&" of margin.","No position: see Checks.")'
)
_RISK_IN_WORDS = (
    f'IFERROR("Liquidated at "&{price_text("liquidation_price")}&", "&{percent_text("liquidation_distance")}&'
    '" from entry"&IF(leverage>=stop_leverage,": BEFORE the stop is reached.",": after the stop, which comes first."),'
    'IF(ISNA(liquidation_price),"It can\'t be liquidated.","No liquidation price: see Checks."))'
)
_PLAN_IN_WORDS = (
    f'IFERROR("Target "&{signed_text("profit_at_target")}&" ("&{signed_percent_text("roi_at_target")}&"), stop "&'
    f'{signed_text("profit_at_stop")}&" ("&{signed_percent_text("roi_at_stop")}&"): reward to risk "&'
    'TEXT(risk_reward,"0.0")&".","No plan: see Checks.")'
)


def _calculations(book: Template) -> None:
    sheet = book.calculations
    _helpers(book)
    sheet.grid(
        "Liquidation price",
        "By leverage and maintenance margin rate. Orange: liquidated before the stop. n/a: can't be opened or "
        "liquidated.",
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Maintenance margin rate", (0.004, 0.005, 0.01, 0.015, 0.025, 0.05), styles.PERCENT, number(0, 0.5)),
        lambda row, column: f'IFERROR(LEV_LIQPRICE(entry,{row},{column},side,method,liquidation_fee),"n/a")',
        styles.PRICE,
        mark=("AND(ISNUMBER({cell}),side_sign*(stop-{cell})<=0)", styles.ORANGE),
    )
    sheet.grid(
        "Profit",
        "By exit price and leverage on the same margin, after fees and funding; all of the margin from liquidation on.",
        Axis(
            "Exit price",
            ["entry*(1-exit_step-exit_step-exit_step-exit_step)", *["{previous}+entry*exit_step"] * 8],
            styles.PRICE,
        ),
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        lambda row, column: (
            f"IFERROR(IF(LEV_LIQDISTANCE({row},_xlfn.IFNA(LEV_LIQPRICE(entry,{column},maintenance_margin_rate,side,"
            f"method,liquidation_fee),0),side)<=0,-margin,LEV_PROFIT(entry,{row},margin/entry,{column},side,open_fee,"
            f'close_fee,LEV_FUNDING(margin*{column},funding_rate,settlements,side))),"n/a")'
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
    line.output(
        "liquidation_barrier", "Liquidation price or zero", "_xlfn.IFNA(liquidation_price,0)", "", "", styles.PRICE
    )
    line.output(
        "curve_span",
        "Half width of the curve",
        "MAX(watch_distance,liquidation_distance_or_zero,ABS(stop/entry-1),ABS(target/entry-1))*(1+watch_distance)",
        "",
        "",
        styles.PERCENT,
    )
    line.output(
        "liquidation_distance_or_zero", "Distance or zero", "_xlfn.IFNA(liquidation_distance,0)", "", "", styles.PERCENT
    )
    line.output("worst_move", "Curve, losing end", "MAX(-1,-side_sign*curve_span)", "", "", styles.PERCENT)
    line.output("best_move", "Curve, winning end", "MAX(-1,side_sign*curve_span)", "", "", styles.PERCENT)
    line.output(
        "last_move",
        "Curve, last move alive",
        "_xlfn.IFNA(liquidation_price/entry-1,worst_move)",
        "",
        "",
        styles.PERCENT,
    )
    sheet.space()


def _charts(book: Template) -> None:
    sheet = book.calculations
    points = _points(sheet)
    sheet.page_break()
    curve, lost = _curve(sheet), _lost(sheet)
    leverages, distances = _distances(book)
    stop_leverages, stop_distances = sheet.table(
        "Distance to the stop",
        "",
        [
            Column("Leverage", "times", lambda place, row: f"{('MIN', 'MAX')[place]}({leverages})", styles.MULTIPLE),
            Column("Distance", "of entry", lambda place, row: "ABS(stop/entry-1)", styles.PERCENT),
        ],
        2,
    )
    _dashboard(book)
    book.dashboard.place(_profit_chart(points, curve, lost), rows=22)
    book.dashboard.place(
        chart(
            "scatter",
            "How much leverage the stop can bear",
            "Leverage (times)",
            "Adverse move from entry (%)",
            [
                Line("Distance to liquidation", leverages, distances, styles.BLUE),
                Line("Distance to your stop", stop_leverages, stop_distances, styles.ORANGE, dash="dash"),
                Line(
                    "Your position",
                    book.address("leverage"),
                    book.address("liquidation_distance"),
                    styles.VERMILLION,
                    mark="diamond",
                    width=0,
                    size=13,
                ),
            ],
            alternative_text="Distance to liquidation falls as leverage rises; where it crosses the dashed line of the "
            "stop's distance, liquidation comes before the stop. A diamond marks this position.",
            x_format='0"x"',
            y_format="0%",
        )
    )


def _points(sheet: Sheet) -> list[str]:
    """The prices that the chart marks: where their names, their moves and their profits stand."""
    return sheet.table(
        "Points on the chart",
        "",
        [
            Column("Point", "", lambda place, row: _POINTS[place][0], styles.GENERAL),
            Column("Against entry", "%", lambda place, row: f"{_POINTS[place][1]}/entry-1", styles.PERCENT),
            Column("Profit", "quote", lambda place, row: _POINTS[place][2], styles.WHOLE),
        ],
        len(_POINTS),
    )


def _curve(sheet: Sheet) -> tuple[str, str]:
    """Profit from the liquidation price to the winning end: where the moves and the profits stand."""
    first = sheet.row + 3
    numbers = f"$B${first}:$B${first - 1 + _CURVE_POINTS}"
    columns = [
        Column("Point", "", lambda place, row: place, styles.WHOLE),
        Column(
            "Against entry",
            "%",
            lambda place, row: f"last_move+(best_move-last_move)*B{row}/MAX({numbers})",
            styles.PERCENT,
        ),
        Column("Exit price", "quote", lambda place, row: f"entry*(1+C{row})", styles.PRICE),
        Column("Profit", "quote", lambda place, row: _PROFIT.format(exit=f"D{row}"), styles.WHOLE),
    ]
    _, move, _, profit = sheet.table(
        "Profit over the exit price", "While the position lives: from its liquidation price on.", columns, _CURVE_POINTS
    )
    return move, profit


def _lost(sheet: Sheet) -> tuple[str, str]:
    """Beyond the liquidation price: where the moves and the loss of the margin stand."""
    moves = ("worst_move", "last_move", "last_move")
    profits = ("-margin", "-margin", _PROFIT.format(exit="liquidation_price"))
    columns = [
        Column("Against entry", "%", lambda place, row: moves[place], styles.PERCENT),
        Column(
            "Profit",
            "quote",
            lambda place, row: f"IF(ISNA(liquidation_price),NA(),{profits[place]})",
            styles.WHOLE,
        ),
    ]
    move, profit = sheet.table("Liquidated", "All of the margin, whatever the price.", columns, len(moves))
    return move, profit


def _profit_chart(points: list[str], curve: tuple[str, str], lost: tuple[str, str]) -> Any:
    looks: list[tuple[str, Mark]] = [
        (styles.BLACK, "circle"),
        (styles.SKY, "square"),
        (styles.VERMILLION, "x"),
        (styles.ORANGE, "triangle"),
        (styles.GREEN, "diamond"),
    ]
    names, xs, ys = (cells_of(address) for address in points)
    lines = [
        Line(name, x, y, colour, mark=mark, width=0)
        for name, x, y, (colour, mark) in zip(names, xs, ys, looks, strict=True)
    ]
    return chart(
        "scatter",
        "Profit over the exit price",
        "Exit price against entry (%)",
        "Profit (quote currency)",
        [
            Line("Profit", *curve, styles.BLUE),
            Line("Liquidated: margin lost", *lost, styles.VERMILLION, dash="sysDot"),
            *lines,
        ],
        alternative_text="Profit after fees and funding over the exit price, from the loss of the whole margin beyond "
        "the liquidation price, through break-even, to the target; entry, stop and liquidation are marked.",
        x_format="+0%;-0%;0%",
    )


def _dashboard(book: Template) -> None:
    sheet = book.dashboard
    sheet.text(
        f'=IF(client="","",client&" · ")&symbol&" · "&side&" · "&{multiple_text("leverage")}&" · "&method',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("liquidation_distance")}&" to liquidation"'),
            Card("Liquidation price", "liquidation_price", styles.PRICE, "=currency"),
            Card("Break-even price", "breakeven_price", styles.PRICE, "=currency"),
            Card("Initial margin", "margin", styles.MONEY, f'="of "&{money_text("position_size")}&" "&currency'),
            Card(
                "Profit at target",
                "profit_at_target",
                styles.MONEY,
                f'={signed_percent_text("roi_at_target")}&" of margin"',
            ),
            Card(
                "Profit at stop", "profit_at_stop", styles.MONEY, f'={signed_percent_text("roi_at_stop")}&" of margin"'
            ),
            Card("Reward to risk", "risk_reward", styles.RATIO, "before costs"),
            Card("Highest leverage", "stop_leverage", styles.MULTIPLE, "for this stop"),
        ]
    )
    for name in ("position_in_words", "risk_in_words", "plan_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.space()


def _checks(book: Template) -> None:
    kept = "(maintenance_margin_rate+liquidation_fee)"
    frozen = venues.condition("method", venues.ENTRY)
    size = 'IF(sizing="margin",amount*leverage,IF(sizing="size",amount,IF(sizing="quantity",amount*entry,NA())))'
    quantity = f"{size}/entry"
    liquidation = (
        f"IF({kept}*leverage>=1,NA(),IF({frozen},entry*(1-side_sign/leverage+side_sign*{kept}),"
        f"entry*(1-side_sign/leverage)/(1-side_sign*{kept})))"
    )
    carry = "side_sign*funding_rate*settlements"
    book.check("Position size", "position_size", size)
    book.check("Initial margin", "margin", f"{size}/leverage")
    book.check("Quantity", "quantity", quantity, styles.QUANTITY)
    book.check("Liquidation price", "liquidation_price", f"IF({liquidation}>0,{liquidation},NA())")
    book.check(
        "Distance to liquidation",
        "liquidation_distance",
        f"IF({liquidation}>0,ABS(entry-{liquidation})/entry,NA())",
        styles.PERCENT,
    )
    book.check("Bankruptcy price", "bankruptcy_price", "IF(side_sign=leverage,NA(),entry*(1-side_sign/leverage))")
    book.check("Break-even price", "breakeven_price", f"entry*(side_sign+open_fee+{carry})/(side_sign-close_fee)")
    for label, price in (("target", "target"), ("stop", "stop")):
        won = f"{quantity}*(side_sign*({price}-entry)-open_fee*entry-close_fee*{price})-{size}*{carry}"
        native = f"IF(side_sign*({price}-liquidation_barrier)<=0,-{size}/leverage,{won})"
        book.check(f"Profit at {label}", f"profit_at_{price}", native)
    book.check("Reward to risk", "risk_reward", "(target-entry)/(entry-stop)", styles.RATIO)
    book.check(
        "Highest leverage for the stop",
        "stop_leverage",
        f"1/(side_sign*(1-stop/entry)+{kept}*IF({frozen},1,stop/entry))",
        styles.MULTIPLE,
    )
    book.check("Funding paid", "funding_cost", f"{size}*{carry}")
    book.rule("Stop is on the losing side", "side_sign*(entry-stop)>0", "Below entry for a long, above it for a short")
    book.rule(
        "Target is on the winning side", "side_sign*(target-entry)>0", "Above entry for a long, below for a short"
    )
    book.rule("Position can be opened", f"{kept}*leverage<1", "Maintenance margin below initial margin")
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")


_POINTS = tuple(
    (f'IFERROR("{label} "&{price_text(price)},"{label}: none")', price, y)
    for label, price, y in (
        ("Entry", "entry", _profit("entry")),
        ("Break-even", "breakeven_price", _profit("breakeven_price")),
        ("Liquidation", "liquidation_price", _profit("liquidation_price")),
        ("Stop", "stop", "profit_at_stop"),
        ("Target", "target", "profit_at_target"),
    )
)


def _distances(book: Template) -> tuple[str, str]:
    """Distance to liquidation by leverage; where the leverages and where the distances stand."""
    sheet = book.calculations
    grid = sheet.grid(
        "Distance to liquidation",
        "By leverage at the position's own maintenance margin rate; 0% where it can't be opened.",
        Axis("Leverage", _DISTANCE_LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Maintenance margin rate", ("maintenance_margin_rate",), styles.PERCENT),
        lambda row, column: (
            f"IFERROR(LEV_LIQDISTANCE(entry,LEV_LIQPRICE(entry,{row},{column},side,method,liquidation_fee),side),0)"
        ),
        styles.PERCENT,
    )
    return grid.row_headers, grid.columns[0]
