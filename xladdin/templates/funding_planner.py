"""What funding takes from a position that is held: its cost, break-even drifting, liquidation creeping."""

from __future__ import annotations

from typing import Any

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    Axis,
    Card,
    Column,
    Line,
    Panel,
    Template,
    chart,
    money_text,
    multiple_text,
    number,
    one_of,
    percent_text,
    price_text,
    signed_percent_text,
    styles,
    text,
    whole,
)

_SIDES = one_of("long", "short")
_LEVERAGE = number(1, 150)
_FEE = number(-0.01, 0.05)
_RATE = number(-0.05, 0.05)
_FEE_FORMAT = "0.000%"
_SIGNED = "+0.0%;-0.0%;0.0%"
_LONGEST = 90
_DAYS = (1, 3, 7, 14, 30, 90)
_RATES = (-0.0001, 0, 0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.001)
_LEVERAGES = (1, 2, 3, 5, 10, 15, 20, 25)


def template() -> Template:
    """The workbook funding-planner."""
    book = Template(
        "Funding planner",
        "What it costs to hold a perpetual futures position: what funding takes from the return for each day up to "
        "ninety, how the break-even price drifts, and how liquidation creeps nearer though the price stands still.",
        steps=[
            "On Inputs, change the blue cells: the position, the exit price you hope for, the funding rate, the days.",
            "Read the verdict and the three sentences beside them: what funding takes, and when it has taken all.",
            "On Dashboard see both day by day; on Calculations the same for other rates and other leverages.",
        ],
        assumptions=[
            "A linear contract (profit in the quote currency) with isolated margin. Funding is paid out of the margin.",
            "Funding is the same rate at each settlement, on the position's value at entry. With a positive rate longs "
            "pay and shorts receive.",
            "The price stays between liquidation and the exit price until you leave.",
            "One maintenance margin rate: that of your position's tier. Prices and rates are examples.",
        ],
        limits=[
            "Rates change at every settlement: look at the range of rates on Calculations, not at one.",
            "As the price moves, the value that funding is paid on moves with it; that is not in here.",
            "Coin-margined (inverse) contracts and cross margin are not in here.",
        ],
    )
    _inputs(book)
    _results(book)
    charts = _calculations(book)
    _dashboard(book, charts)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Position")
    line.input("symbol", "Symbol", "BTCUSDT", "", "Shown on the dashboard.", text())
    line.input("currency", "Quote currency", "USDT", "", "Currency of prices, margin and profit.", text(8))
    line.input("side", "Side", "long", "", "Long wins when the price rises.", _SIDES)
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*venues.METHODS))
    line.input("entry", "Entry price", 80000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("exit_price", "Exit price", 84000, "=currency", "Where you hope to leave.", ABOVE_ZERO, styles.PRICE)
    line.input("margin", "Margin", 2000, "=currency", "Your own money in the position.", ABOVE_ZERO, styles.MONEY)
    line.input("leverage", "Leverage", 10, "times", "Position size over margin.", _LEVERAGE, styles.MULTIPLE)
    line.section("Funding")
    line.input("funding_rate", "Funding rate", 0.00015, "a settlement", "Positive: longs pay.", _RATE, styles.RATE)
    line.input(
        "settlements_a_day", "Settlements a day", 3, "times", "Three on most venues.", whole(1, 24), styles.WHOLE
    )
    line.input("days_held", "Days held", 30, "days", "Until you leave.", whole(0, _LONGEST), styles.WHOLE)
    line.section("Venue terms")
    line.input("open_fee", "Fee to open", 0.0002, "of value", "Maker or taker, as you trade.", _FEE, _FEE_FORMAT)
    line.input("close_fee", "Fee to close", 0.00055, "of value", "Maker or taker, as you trade.", _FEE, _FEE_FORMAT)
    line.input(
        "maintenance_margin_rate",
        "Maintenance margin rate",
        0.005,
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
    line.section("Thresholds and units")
    line.input(
        "watch_share",
        "WATCH when funding takes",
        0.2,
        "of profit",
        "That part of the profit before it.",
        number(0, 10),
        styles.PERCENT,
    )
    line.input(
        "danger_share",
        "DANGER when funding takes",
        0.5,
        "of profit",
        "Or liquidation is nearer than below.",
        number(0, 10),
        styles.PERCENT,
    )
    line.input(
        "danger_distance",
        "DANGER when nearer than",
        0.05,
        "of entry",
        "Distance to liquidation at the end.",
        number(0, 1),
        styles.PERCENT,
    )
    line.input("days_a_year", "Days a year", 365, "days", "For the yearly rate.", whole(360, 366), styles.WHOLE)


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    line.sentence("cost_in_words", _COST_IN_WORDS)
    line.sentence("time_in_words", _TIME_IN_WORDS)
    line.sentence("prices_in_words", _PRICES_IN_WORDS)
    line.section("What funding costs")
    line.output("position_size", "Position size", "LEV_SIZE(margin,leverage)", "=currency", "Funding is paid on this.")
    line.output("funding_cost", "Funding paid", _funding("days_held"), "=currency", "Negative: received.")
    line.output("funding_a_day", "Funding a day", _funding("1"), "=currency", "Negative: received.")
    line.output(
        "funding_on_margin", "Funding on margin", "funding_cost/margin", "of margin", "Over the days held.", _PERCENT
    )
    line.output(
        "yearly_rate",
        "Yearly rate on margin",
        "funding_a_day*days_a_year/margin",
        "of margin",
        "If it stayed like that for a year.",
        _PERCENT,
    )
    line.section("Profit at the exit price")
    line.output("profit_before", "Before funding", _profit("0"), "=currency", "After fees.")
    line.output(
        "profit_after",
        "After funding",
        f"IF(margin_left<=margin_kept,-margin,{_profit('funding_cost')})",
        "=currency",
        "All of the margin if liquidated first.",
    )
    line.output("roi_before", "Return before funding", _roi("leverage", "0"), "of margin", "", _PERCENT)
    line.output(
        "roi_after",
        "Return after funding",
        f"IF(margin_left<=margin_kept,-1,{_roi('leverage', 'funding_cost/position_size')})",
        "of margin",
        "",
        _PERCENT,
    )
    line.output(
        "share_taken",
        "Part that funding takes",
        "IF(profit_before>0,funding_cost/profit_before,NA())",
        "of profit",
        "Negative: it adds to the profit.",
        _PERCENT,
    )
    line.section("Prices at the end")
    line.output("breakeven_price", "Break-even price", _breakeven("funding_cost"), "=currency", _NOTE, styles.PRICE)
    line.output(
        "breakeven_drift",
        "Break-even has drifted",
        f"breakeven_price/{_breakeven('0')}-1",
        "",
        "Against that on the first day.",
        _PERCENT,
    )
    line.output(
        "liquidation_price", "Liquidation price", _liquidation("margin_left"), "=currency", _NEVER, styles.PRICE
    )
    line.output(
        "liquidation_drift",
        "Liquidation has crept",
        f"liquidation_price/{_liquidation('margin')}-1",
        "",
        "Against that on the first day.",
        _PERCENT,
    )
    line.output(
        "liquidation_distance",
        "Distance to liquidation",
        "LEV_LIQDISTANCE(entry,liquidation_price,side)",
        "of entry",
        "From the entry price.",
        _PERCENT,
    )
    line.section("How long it can be held")
    line.output(
        "days_of_profit",
        "Until the profit is gone",
        "IF(AND(profit_before>0,funding_a_day>0),profit_before/funding_a_day,NA())",
        "days",
        "#N/A: never, funding is not paid.",
        "#,##0.0",
    )
    line.output(
        "days_alive",
        "Until liquidation",
        "IF(funding_a_day>0,(margin-margin_kept)/funding_a_day,NA())",
        "days",
        "At the entry price, by funding alone.",
        "#,##0.0",
    )


_PERCENT = styles.PERCENT
_NOTE = "After fees and funding."
_NEVER = "#N/A: never. #NUM!: funding took the margin."


def _funding(days: str) -> str:
    return f"LEV_FUNDING(position_size,funding_rate,settlements_a_day*{days},side)"


def _profit(funding: str) -> str:
    return f"LEV_PROFIT(entry,exit_price,LEV_QTY(margin,leverage,entry),1,side,open_fee,close_fee,{funding})"


def _roi(leverage: str, carry: str) -> str:
    return f"LEV_ROI(entry,exit_price,{leverage},side,open_fee,close_fee,{carry})"


def _breakeven(funding: str) -> str:
    return f"LEV_BREAKEVENPRICE(entry,side,open_fee,close_fee,{funding}/position_size)"


def _liquidation(margin: str) -> str:
    """The liquidation price with this much of the margin left."""
    return f"LEV_LIQPRICE(entry,position_size/{margin},maintenance_margin_rate,side,method,liquidation_fee)"


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(margin_left<=margin_kept,share_taken>=danger_share,'
    'IFERROR(liquidation_distance<danger_distance,FALSE)),"DANGER",IF(share_taken>=watch_share,"WATCH","SAFE")))'
)
_COST_IN_WORDS = (
    'IFERROR("In "&TEXT(days_held,"0")&" days "&IF(funding_cost<0,"you receive ","funding takes ")&'
    f'{money_text("ABS(funding_cost)")}&" "&currency&", "&{percent_text("ABS(funding_on_margin)")}&" of the margin"&'
    f'IF(funding_cost<0,".",": "&{percent_text("share_taken")}&" of the profit."),"No funding: see Checks.")'
)
_TIME_IN_WORDS = (
    'IFERROR(IF(funding_a_day>0,"The profit is gone after "&TEXT(days_of_profit,"#,##0")&" days; at the entry price '
    'funding alone liquidates after "&TEXT(days_alive,"#,##0")&" days.","Time costs nothing: funding is not paid by '
    'your side."),"No time: see Checks.")'
)
_PRICES_IN_WORDS = (
    f'IFERROR("Break-even is then "&{price_text("breakeven_price")}&" ("&{signed_percent_text("breakeven_drift")}&'
    f'"), liquidation "&{price_text("liquidation_price")}&" ("&{signed_percent_text("liquidation_drift")}&'
    '" since the first day).",IF(ISNA(liquidation_price),"It can\'t be liquidated.",'
    'IF(checks_failed>0,"No prices: see Checks.","Funding alone has liquidated it by then.")))'
)


def _calculations(book: Template) -> list[Any]:
    """Helpers, grids and the calendar; gives the charts of it."""
    sheet = book.calculations
    sheet.widths(20, *[13] * 9)
    _helpers(book)
    _by_rate(book)
    _by_leverage(book)
    sheet.page_break()
    return _calendar(book)


def _helpers(book: Template) -> None:
    line = Panel(book.calculations, 2, book.calculations.row)
    line.section("Helpers")
    line.output("side_sign", "Sign of the side", 'IF(side="long",1,IF(side="short",-1,NA()))', "", "", styles.WHOLE)
    line.output("margin_left", "Margin left", "margin-funding_cost", "", "")
    line.output("margin_kept", "Margin asked", "position_size*(maintenance_margin_rate+liquidation_fee)", "", "")
    book.calculations.space()


def _return(leverage: str, rate: str, days: str) -> str:
    """The return at the exit price after funding, or a word where funding alone has liquidated the position."""
    carry = f"LEV_FUNDING(1,{rate},settlements_a_day*{days},side)"
    liquidated = f"1/{leverage}-{carry}<=maintenance_margin_rate+liquidation_fee"
    return f'IFERROR(IF({liquidated},"gone",{_roi(leverage, carry)}),"n/a")'


def _by_rate(book: Template) -> None:
    book.calculations.grid(
        "Return at the exit price, by funding rate and days",
        "On the margin, after fees and funding. gone: funding alone has liquidated the position.",
        Axis("Funding rate", _RATES, styles.RATE, _RATE),
        Axis("Days held", _DAYS, styles.WHOLE, whole(0, 365)),
        lambda row, column: _return("leverage", row, column),
        _SIGNED,
        mark=('{cell}="gone"', styles.VERMILLION),
        heat=True,
    )


def _by_leverage(book: Template) -> None:
    book.calculations.grid(
        "Return at the exit price, by leverage and days",
        "On the same margin, at your funding rate. Leverage multiplies the move and the funding alike.",
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Days held", _DAYS, styles.WHOLE, whole(0, 365)),
        lambda row, column: _return(row, "funding_rate", column),
        _SIGNED,
        mark=('{cell}="gone"', styles.VERMILLION),
        heat=True,
    )


def _calendar(book: Template) -> list[Any]:
    """Every day up to the longest: what has been paid, what is left, and where the prices stand."""

    def returned_after(row: int) -> str:
        return f"IF(E{row}<=margin_kept,-1,{_roi('leverage', f'D{row}/position_size')})"

    days, _, _, _, _, breakeven, _, liquidation, before, after = book.calculations.table(
        "Day by day",
        "#N/A: funding alone has liquidated the position by then, or it can't be liquidated.",
        [
            Column("Day", "", lambda place, row: place, styles.WHOLE),
            Column("Settlements", "so far", lambda place, row: f"settlements_a_day*B{row}", styles.WHOLE),
            Column("Funding", "quote", lambda place, row: f"LEV_FUNDING(position_size,funding_rate,C{row},side)"),
            Column("Margin left", "quote", lambda place, row: f"margin-D{row}"),
            Column("Break-even", "quote", lambda place, row: _breakeven(f"D{row}"), styles.PRICE),
            Column("Break-even", "of entry", lambda place, row: f"F{row}/entry-1", _SIGNED),
            Column("Liquidation", "quote", lambda place, row: f"IFERROR({_liquidation(f'E{row}')},NA())", styles.PRICE),
            Column("Liquidation", "of entry", lambda place, row: f"IFERROR(H{row}/entry-1,NA())", _SIGNED),
            Column("Return", "before", lambda place, row: "roi_before", _SIGNED),
            Column("Return", "after", lambda place, row: returned_after(row), _SIGNED),
        ],
        _LONGEST + 1,
    )
    charts = [_return_chart(book, days, before, after), _price_chart(book, days, breakeven, liquidation)]
    for made in charts:
        made.x_axis.scaling.min, made.x_axis.scaling.max = 0, _LONGEST
        made.x_axis.majorUnit = _LONGEST / 6
    return charts


def _return_chart(book: Template, days: str, before: str, after: str) -> Any:
    return chart(
        "scatter",
        "What funding takes from the return at the exit price",
        "Days held (days)",
        "Return on margin (%)",
        [
            Line("Before funding", days, before, styles.BLACK, dash="dash", width=1.5),
            Line("After funding", days, after, styles.BLUE),
            Line(
                "Your plan",
                book.address("days_held"),
                book.address("roi_after"),
                styles.VERMILLION,
                mark="diamond",
                width=0,
                size=13,
            ),
        ],
        alternative_text="The return on margin at the exit price falls in a straight line with every day of funding, "
        "from the return before funding; where it crosses zero the profit is gone. A diamond marks the days planned.",
        x_format="0",
        y_format="0%",
    )


def _price_chart(book: Template, days: str, breakeven: str, liquidation: str) -> Any:
    target_days, targets = book.calculations.table(
        "The exit price on the chart",
        "",
        [
            Column("Day", "", lambda place, row: f"{('MIN', 'MAX')[place]}({days})", styles.WHOLE),
            Column("Exit price", "of entry", lambda place, row: "exit_price/entry-1", _SIGNED),
        ],
        2,
    )
    return chart(
        "scatter",
        "Break-even drifts and liquidation creeps, though the price stands still",
        "Days held (days)",
        "Price against entry (%)",
        [
            Line("Exit price", target_days, targets, styles.GREEN, dash="dash", width=1.5),
            Line("Break-even price", days, breakeven, styles.BLUE),
            Line("Liquidation price", days, liquidation, styles.VERMILLION, dash="sysDot"),
        ],
        alternative_text="Against the entry price, day by day: the break-even price moves towards the exit price and "
        "the liquidation price towards the entry, as funding is paid out of the margin.",
        x_format="0",
        y_format="+0%;-0%;0%",
    )


def _dashboard(book: Template, charts: list[Any]) -> None:
    sheet = book.dashboard
    sheet.text(
        f'=symbol&" · "&side&" · "&{multiple_text("leverage")}&" · "&TEXT(funding_rate,"0.0000%")&" a settlement"',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card(
                "Verdict",
                "verdict",
                styles.TEXT,
                f'=IFERROR({percent_text("share_taken")}&" of the profit goes","see Checks")',
            ),
            Card("Funding paid", "funding_cost", styles.MONEY, '="in "&TEXT(days_held,"0")&" days, "&currency'),
            Card("Return after funding", "roi_after", "0.0%", f'={percent_text("roi_before")}&" before"'),
            Card("Yearly rate on margin", "yearly_rate", "0.0%", "if it stayed like that"),
            Card("Break-even price", "breakeven_price", styles.PRICE, f"={_drift('breakeven_drift')}"),
            Card("Liquidation price", "liquidation_price", styles.PRICE, f"={_drift('liquidation_drift')}"),
            Card(
                "Until the profit is gone",
                'IF(ISNA(days_of_profit),"never",days_of_profit)',
                '#,##0" days"',
                "at this funding rate",
            ),
            Card("Until liquidation", 'IF(ISNA(days_alive),"never",days_alive)', '#,##0" days"', "by funding alone"),
        ]
    )
    for name in ("cost_in_words", "time_in_words", "prices_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    for made in charts:
        sheet.place(made, rows=22)


def _drift(name: str) -> str:
    return f'{signed_percent_text(name)}&" since the first day"'


def _checks(book: Template) -> None:
    size = "margin*leverage"
    settled = "settlements_a_day*days_held"
    carry = f"side_sign*funding_rate*{settled}"
    kept = "(maintenance_margin_rate+liquidation_fee)"
    left = f"(margin-{size}*{carry})"
    returned = f"(leverage*(side_sign*(exit_price/entry-1)-open_fee-close_fee*exit_price/entry-{carry}))"
    before = f"({size}*(side_sign*(exit_price/entry-1)-open_fee-close_fee*exit_price/entry))"
    frozen = venues.condition("method", venues.ENTRY)
    share = f"{left}/({size})"
    liquidation = (
        f"IF({frozen},entry*(1-side_sign*{share}+side_sign*{kept}),entry*(1-side_sign*{share})/(1-side_sign*{kept}))"
    )
    liquidated = f"{left}<={size}*{kept}"
    book.check("Position size", "position_size", size)
    book.check("Funding paid", "funding_cost", f"{size}*{carry}")
    book.check("Profit before funding", "profit_before", before)
    book.check("Profit after funding", "profit_after", f"IF({liquidated},-margin,margin*{returned})")
    book.check("Return after funding", "roi_after", f"IF({liquidated},-1,{returned})", _PERCENT)
    book.check("Part that funding takes", "share_taken", f"IF({before}>0,{size}*{carry}/{before},NA())", _PERCENT)
    book.check(
        "Break-even price",
        "breakeven_price",
        f"entry*(side_sign+open_fee+{carry})/(side_sign-close_fee)",
        styles.PRICE,
    )
    book.check(
        "Liquidation price",
        "liquidation_price",
        f"IF(OR({liquidated},{liquidation}<=0),NA(),{liquidation})",
        styles.PRICE,
    )
    book.check(
        "Until liquidation",
        "days_alive",
        f"IF(side_sign*funding_rate>0,(1/leverage-{kept})/(side_sign*funding_rate*settlements_a_day),NA())",
        "#,##0.0",
    )
    book.rule(
        "Exit price is on the winning side",
        "side_sign*(exit_price-entry)>0",
        "Above entry for a long, below for a short",
    )
    book.rule("Exit price pays the fees", "profit_before>0", "Otherwise there is no profit for funding to take")
    book.rule("Position can be opened", f"{kept}*leverage<1", "Maintenance margin below initial margin")
    book.rule("WATCH comes before DANGER", "watch_share<=danger_share", "Thresholds in order")
