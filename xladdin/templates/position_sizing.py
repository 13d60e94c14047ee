"""How large a trade may be: risk for each trade, stop, size, leverage, Kelly, and what a losing run costs."""

from __future__ import annotations

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    FRACTION,
    Axis,
    Card,
    Column,
    Line,
    Mark,
    Panel,
    Template,
    cells_of,
    chart,
    money_text,
    multiple_text,
    number,
    one_of,
    percent_text,
    price_text,
    signed_text,
    styles,
    text,
    whole,
)

_LEVERAGE = number(1, 150)
_RISK = number(0.0001, 0.5)
_LONGEST_RUN = 25
_GROWTH_POINTS = 21


def template() -> Template:
    """The workbook position-sizing."""
    book = Template(
        "Position sizing",
        "How large may this trade be? From the part of your balance that you are ready to lose at the stop: the "
        "quantity, the leverage it takes and the leverage it can bear, what Kelly would risk, and what a run of losses "
        "leaves of the account.",
        steps=[
            "On Inputs, change the blue cells: balance, risk for each trade, entry, stop, target and your record.",
            "Read the quantity to order and the verdict beside them, with its reason in words.",
            "On Dashboard see what a losing run leaves you, and where your risk lies against Kelly's.",
        ],
        assumptions=[
            "A linear contract (profit in the quote currency) with isolated margin; the stop is filled at its price.",
            "The fee is charged at the entry and at the exit, and is part of what is lost at the stop.",
            "Trades are independent, each wins with the same chance and wins or loses what this one would.",
            "In a losing run every trade risks the same part of what is then left of the balance.",
        ],
        limits=[
            "Gaps, slippage and funding are not in here: a stop may lose more than planned.",
            "A win rate from few trades is a guess: the full Kelly risk is an upper bound, not a target.",
            "Positions open at the same time in coins that move together are one larger risk.",
        ],
    )
    _inputs(book)
    _results(book)
    _calculations(book)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Account")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("currency", "Quote currency", "USDT", "", "Currency of balance, prices and profit.", text(8))
    line.input("balance", "Account balance", 10000, "=currency", "All you trade with.", ABOVE_ZERO, styles.MONEY)
    line.input("risk", "Risk for each trade", 0.01, "of balance", "What the stop may cost.", _RISK, styles.PERCENT)
    line.section("Trade")
    line.input("symbol", "Symbol", "BTCUSDT", "", "Shown on the dashboard.", text())
    line.input("side", "Side", "long", "", "Long wins when the price rises.", one_of("long", "short"))
    line.input("entry", "Entry price", 60000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("stop", "Stop price", 58000, "=currency", "Where you give up.", ABOVE_ZERO, styles.PRICE)
    line.input("target", "Target price", 65000, "=currency", "Where you take profit.", ABOVE_ZERO, styles.PRICE)
    line.input("leverage", "Leverage set", 5, "times", "What you set at the venue.", _LEVERAGE, styles.MULTIPLE)
    line.section("Venue terms")
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*venues.METHODS))
    line.input(
        "maintenance_margin_rate", "Maintenance margin rate", 0.01, "of value", "Of the tier.", _HALF, styles.PERCENT
    )
    line.input("fee", "Fee of one leg", 0.00055, "of value", "At the entry and at the exit.", number(0, 0.05), "0.000%")
    line.input("venue_leverage", "Highest at the venue", 50, "times", "Or your own limit.", _LEVERAGE, styles.MULTIPLE)
    line.section("Your record")
    line.input("win_rate", "Trades that win", 0.42, "of trades", "From your own journal.", _CHANCE, styles.PERCENT)
    line.input("trades", "Trades looked ahead", 100, "trades", "For the usual longest run.", whole(2, 5000), "#,##0")
    line.input(
        "losing_run", "Losses in a row", 10, "trades", "The run to be ready for.", whole(1, _LONGEST_RUN), "#,##0"
    )
    line.section("Limits of your own")
    line.input("kelly_fraction", "Part of Kelly", 0.5, "of Kelly", "0.5 is half Kelly.", FRACTION, styles.RATIO)
    line.input("kelly_cap", "Cap on Kelly's risk", 0.03, "of balance", "Never risk more than this.", _RISK, "0.00%")
    line.input(
        "leverage_buffer",
        "Buffer below the stop's",
        0.2,
        "of leverage",
        "Kept between stop and liquidation.",
        _BUFFER,
        "0.00%",
    )
    line.input("lowest_reward", "Lowest reward to risk", 1.5, "times", "WATCH below it.", number(0, 100), styles.RATIO)
    line.input("watch_drawdown", "WATCH from a loss of", 0.15, "of balance", "After the losing run.", FRACTION, "0.00%")
    line.input(
        "danger_drawdown", "DANGER from a loss of", 0.3, "of balance", "After the losing run.", FRACTION, "0.00%"
    )


_HALF = number(0, 0.5)
_CHANCE = number(0.01, 0.99)
_BUFFER = number(0, 0.9)


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    line.sentence("reason_in_words", _REASON)
    line.sentence("size_in_words", _SIZE_IN_WORDS)
    line.sentence("record_in_words", _RECORD_IN_WORDS)
    line.sentence("run_in_words", _RUN_IN_WORDS)
    line.section("Size")
    line.output(
        "quantity", "Quantity to order", "LEV_POSITIONSIZE(balance,risk,entry,stop,fee)", "coins", "", styles.QUANTITY
    )
    line.output("position_size", "Position size", "quantity*entry", "=currency", "Value at entry.")
    line.output("risk_amount", "Lost at the stop", f"-{_profit('stop')}", "=currency", "Fees counted.")
    line.output("profit_at_target", "Won at the target", _profit("target"), "=currency", "Fees taken off.")
    line.output("margin", "Initial margin", "LEV_MARGIN(position_size,leverage)", "=currency", "At the leverage set.")
    line.section("Leverage")
    line.output(
        "account_leverage",
        "Position over balance",
        "LEV_RATIO(position_size,balance)",
        "times",
        "The least leverage that will do.",
        '0.00"x"',
    )
    line.output(
        "stop_leverage",
        "Liquidated at the stop",
        "LEV_STOPLEVERAGE(entry,stop,maintenance_margin_rate,side,method)",
        "times",
        "Above it liquidation comes first.",
        styles.MULTIPLE,
    )
    line.output(
        "leverage_limit",
        "Leverage limit",
        "MAX(1,MIN(venue_leverage,stop_leverage*(1-leverage_buffer)))",
        "times",
        "With the buffer; stay at or below it.",
        styles.MULTIPLE,
    )
    line.output(
        "liquidation_price",
        "Liquidation price",
        "LEV_LIQPRICE(entry,leverage,maintenance_margin_rate,side,method)",
        "=currency",
        "#N/A: never. #NUM!: can't be opened.",
        styles.PRICE,
    )
    line.section("Reward and Kelly")
    line.output(
        "risk_reward", "Reward to risk", "LEV_RISKREWARD(entry,stop,target)", "times", "By price alone.", styles.RATIO
    )
    line.output(
        "payoff",
        "Reward to risk after fees",
        "profit_at_target/risk_amount",
        "times",
        "Won for each unit lost.",
        "0.00",
    )
    line.output(
        "needed_win_rate",
        "Wins needed",
        "IF(payoff>0,1/(1+payoff),NA())",
        "of trades",
        "To neither win nor lose.",
        styles.PERCENT,
    )
    line.output(
        "expectancy", "Expected each trade", "kelly_risk*profit_at_target", "=currency", "Average of wins and losses."
    )
    line.output(
        "kelly_risk",
        "Full Kelly risk",
        "LEV_KELLYBET(win_rate,payoff)",
        "of balance",
        "Negative: no edge, don't trade.",
        styles.PERCENT,
    )
    line.output(
        "capped_kelly_risk",
        "Capped Kelly risk",
        # SUM: straight inside MIN, Calc loses the error of an add-in's function.
        "MAX(0,MIN(kelly_cap,SUM(LEV_KELLYBET(win_rate,payoff,kelly_fraction))))",
        "of balance",
        "Your part of Kelly, never above the cap.",
        styles.PERCENT,
    )
    line.section("Losing run")
    line.output("drawdown", "Lost in the run", _DRAWDOWN, "of balance", "", styles.PERCENT)
    line.output(
        "balance_after_run", "Balance after the run", "IF(balance>0,balance*(1-drawdown),NA())", "=currency", ""
    )
    line.output(
        "recovery", "Gain to be back", "1/(1-drawdown)-1", "of balance", "Of what is then left.", styles.PERCENT
    )
    line.output("usual_run", "Usual longest run", _USUAL_RUN, "trades", "In the trades looked ahead.", "0.0")


def _profit(exit_price: str) -> str:
    return f"LEV_PROFIT(entry,{exit_price},quantity,1,side,fee,fee)"


_DRAWDOWN = "IF(AND(risk>0,risk<1,losing_run>=1),1-POWER(1-risk,losing_run),NA())"
# Runs of n losses start about trades*win_rate*(1-win_rate)^n times: the n at which that is once.
_USUAL_RUN = "MAX(0,LN(trades*win_rate)/-LN(1-win_rate))"
_TOO_MUCH_LEVERAGE = "leverage>=stop_leverage"
_REASONS = (
    ("DANGER", _TOO_MUCH_LEVERAGE, '"At "&TEXT(leverage,"0.0")&"x you are liquidated before the stop is reached."'),
    ("DANGER", "margin>balance", '"The margin is more than the balance: set more leverage or risk less."'),
    ("DANGER", "kelly_risk<=0", '"No edge: with these wins and losses the account shrinks, whatever the size."'),
    ("DANGER", "risk>kelly_risk", '"More risk than full Kelly: the account grows less and swings more."'),
    ("DANGER", "drawdown>=danger_drawdown", '"The losing run would take more than you are ready to lose."'),
    ("WATCH", "risk>capped_kelly_risk", '"More risk than your capped Kelly risk."'),
    ("WATCH", "leverage>leverage_limit", '"Leverage is above the limit: little is left between stop and liquidation."'),
    ("WATCH", "drawdown>=watch_drawdown", '"The losing run would cost a good part of the balance."'),
    ("WATCH", "payoff<lowest_reward", '"The reward after fees is small for the risk."'),
)


def _first_that_holds(otherwise: str, words: list[tuple[str, str]]) -> str:
    for holds, word in reversed(words):
        otherwise = f"IF({holds},{word},{otherwise})"
    return f'IF(checks_failed>0,"CHECK",{otherwise})'


_VERDICT = _first_that_holds('"SAFE"', [(holds, f'"{verdict}"') for verdict, holds, _ in _REASONS])
_REASON = _first_that_holds(
    '"Risk, leverage, reward and losing run are all within your limits."',
    [(holds, words) for _, holds, words in _REASONS],
).replace('"CHECK"', '"Something is not right: see Checks."', 1)
_SIZE_IN_WORDS = (
    f'IFERROR(IF(side="long","Buy ","Sell ")&{price_text("quantity")}&" "&symbol&" at "&{price_text("entry")}&'
    f'"; the stop at "&{price_text("stop")}&" costs "&{money_text("risk_amount")}&" "&currency&", "&'
    f'{percent_text("risk")}&" of the balance.","No size: see Checks.")'
)
_RECORD_IN_WORDS = (
    f'IFERROR("A win brings "&TEXT(payoff,"0.0")&" times a loss, so "&{percent_text("needed_win_rate")}&'
    f'" of trades must win; yours: "&{percent_text("win_rate")}&", "&{signed_text("expectancy")}&" "&currency&'
    '" a trade.","No reward: see Checks.")'
)
_RUN_IN_WORDS = (
    f'IFERROR(TEXT(losing_run,"0")&" losses in a row leave "&{money_text("balance_after_run")}&" "&currency&" (-"&'
    f'{percent_text("drawdown")}&"); in "&TEXT(trades,"#,##0")&" trades a run of about "&TEXT(usual_run,"0")&'
    '" is usual.","No losing run: see Checks.")'
)


def _calculations(book: Template) -> None:
    sheet = book.calculations
    line = Panel(sheet, 2, sheet.row)
    line.section("Helpers")
    line.output("side_sign", "Sign of the side", 'IF(side="long",1,IF(side="short",-1,NA()))', "", "", styles.WHOLE)
    line.output("balance_left", "Left after the losing run", "1-drawdown", "", "", styles.PERCENT)
    line.output("widest_risk", "Larger of Kelly and yours", "MAX(risk,kelly_risk)", "", "", styles.PERCENT)
    line.output("growth_span", "Risk at the curve's end", "widest_risk*(1+1-widest_risk)", "", "", styles.PERCENT)
    sheet.space()
    sheet.grid(
        "Quantity",
        "In coins, by risk for each trade and distance of the stop from the entry, fees counted.",
        Axis("Risk", (0.0025, 0.005, 0.01, 0.015, 0.02, 0.03), styles.PERCENT, _RISK),
        Axis("Stop distance", (0.01, 0.02, 0.03, 0.05, 0.08, 0.12), styles.PERCENT, number(0.001, 0.9)),
        lambda row, column: f'IFERROR(LEV_POSITIONSIZE(balance,{row},entry,entry*(1-side_sign*{column}),fee),"n/a")',
        styles.QUANTITY,
    )
    sheet.grid(
        "Leverage at which liquidation meets the stop",
        "By distance of the stop and maintenance margin rate: stay below it.",
        Axis("Stop distance", (0.01, 0.02, 0.03, 0.05, 0.08, 0.12), styles.PERCENT, number(0.001, 0.9)),
        Axis("Maintenance margin rate", (0.004, 0.005, 0.01, 0.015, 0.025, 0.05), styles.PERCENT, _HALF),
        lambda row, column: f'IFERROR(LEV_STOPLEVERAGE(entry,entry*(1-side_sign*{row}),{column},side,method),"n/a")',
        styles.MULTIPLE,
    )
    drawdowns = sheet.grid(
        "Loss of a losing run",
        "Part of the balance lost, by losses in a row and risk for each trade. Orange from WATCH, red from DANGER.",
        Axis("Losses in a row", (3, 5, 8, 10, 15, 20), styles.WHOLE, whole(1, 100)),
        Axis("Risk", (0.005, 0.01, 0.02, 0.03, 0.05, 0.1), styles.PERCENT, _RISK),
        lambda row, column: f"1-POWER(1-{column},{row})",
        styles.PERCENT,
        mark=("{cell}>=danger_drawdown", styles.VERMILLION),
    )
    first, last = drawdowns.rows[0].rpartition("!")[2], drawdowns.rows[-1].rpartition("!")[2]
    corner, end = first.partition(":")[0].replace("$", ""), last.partition(":")[2].replace("$", "")
    sheet.mark(f"{corner}:{end}", f"{corner}>=watch_drawdown", styles.ORANGE)
    _charts(book)


_RISKS = (("Your risk", "risk"), ("Capped Kelly", "capped_kelly_risk"), ("Full Kelly", "MAX(0,kelly_risk)"))


def _left_column(header: str, risk: str) -> Column:
    return Column(header, "of balance", lambda place, row: f"POWER(1-{risk},B{row})", styles.PERCENT)


def _growth(risk: str) -> str:
    """The mean of the logarithm that a trade adds to the account."""
    return f"win_rate*LN(1+payoff*{risk})+(1-win_rate)*LN(1-{risk})"


def _charts(book: Template) -> None:
    sheet = book.calculations
    sheet.page_break()
    losses, yours, capped, full = sheet.table(
        "What is left after losses in a row",
        "At your risk, at the capped and at the full Kelly risk.",
        [
            Column("Losses", "in a row", lambda place, row: place, styles.WHOLE),
            *[_left_column(header, risk) for header, risk in _RISKS],
        ],
        _LONGEST_RUN + 1,
    )
    sheet.page_break()
    numbers = f"$B${sheet.row + 3}:$B${sheet.row + 2 + _GROWTH_POINTS}"
    _, risks, growths = sheet.table(
        "Growth by risk",
        "What a trade adds to the account in the long run (the mean of the logarithm), by the risk for each trade.",
        [
            Column("Point", "", lambda place, row: place, styles.WHOLE),
            Column("Risk", "of balance", lambda place, row: f"growth_span*B{row}/MAX({numbers})", styles.PERCENT),
            Column("Growth", "a trade", lambda place, row: _growth(f"C{row}"), "0.000%"),
        ],
        _GROWTH_POINTS,
    )
    points, point_risks, point_growths = sheet.table(
        "Points on the chart",
        "",
        [
            Column("Point", "", lambda place, row: f'"{_RISKS[place][0]} "&TEXT(C{row},"0.0%")', styles.GENERAL),
            Column("Risk", "of balance", lambda place, row: _RISKS[place][1], styles.PERCENT),
            Column("Growth", "a trade", lambda place, row: _growth(f"C{row}"), "0.000%"),
        ],
        len(_RISKS),
    )
    _dashboard(book)
    names = cells_of(points)
    book.dashboard.place(
        chart(
            "scatter",
            "What a losing run leaves of the account",
            "Losses in a row (trades)",
            "Balance left (% of today's)",
            [
                Line(names[0], losses, yours, styles.BLUE),
                Line(names[1], losses, capped, styles.ORANGE, dash="dash"),
                Line(names[2], losses, full, styles.VERMILLION, dash="sysDot"),
                Line(
                    "After your losing run",
                    book.address("losing_run"),
                    book.address("balance_left"),
                    styles.BLUE,
                    mark="diamond",
                    width=0,
                    size=12,
                ),
            ],
            alternative_text="What is left of the balance after up to 25 losses in a row, at your risk, at the capped "
            "and at the full Kelly risk; a diamond marks the losing run to be ready for.",
            x_format="0",
            y_format="0%",
        ),
        rows=20,
    )
    looks: list[tuple[str, Mark]] = [
        (styles.BLUE, "diamond"),
        (styles.ORANGE, "triangle"),
        (styles.VERMILLION, "square"),
    ]
    marks = [
        Line(name, x, y, colour, mark=mark, width=0, size=11)
        for name, x, y, (colour, mark) in zip(names, cells_of(point_risks), cells_of(point_growths), looks, strict=True)
    ]
    book.dashboard.place(
        chart(
            "scatter",
            "Growth of the account by risk: more than Kelly earns less",
            "Risk for each trade (% of balance)",
            "Long-run growth (% a trade)",
            [Line("Growth", risks, growths, styles.SKY), *marks],
            alternative_text="Long-run growth a trade over the risk for each trade: it rises to a top at the full "
            "Kelly risk and falls beyond; your risk and the capped Kelly risk are marked.",
            x_format="0%",
            y_format="0.0%",
        ),
        rows=20,
    )


def _dashboard(book: Template) -> None:
    sheet = book.dashboard
    sheet.text(
        f'=IF(client="","",client&" · ")&symbol&" · "&side&" · "&{percent_text("risk")}&" risk · "&method',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("risk")}&" of balance at risk"'),
            Card(
                "Quantity to order",
                "quantity",
                styles.QUANTITY,
                f'="coins, "&{money_text("position_size")}&" "&currency',
            ),
            Card("Lost at the stop", "risk_amount", styles.MONEY, '=currency&", fees counted"'),
            Card("Leverage limit", "leverage_limit", styles.MULTIPLE, f'={multiple_text("leverage")}&" is set"'),
            Card("Reward to risk", "payoff", styles.RATIO, "after fees"),
            Card("Expected each trade", "expectancy", styles.MONEY, "=currency"),
            Card(
                "Capped Kelly risk", "capped_kelly_risk", styles.PERCENT, f'="full Kelly "&{percent_text("kelly_risk")}'
            ),
            Card("Lost in the run", "drawdown", styles.PERCENT, '=TEXT(losing_run,"0")&" losses in a row"'),
        ]
    )
    for name in ("reason_in_words", "size_in_words", "record_in_words", "run_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.space()


def _checks(book: Template) -> None:
    quantity = "balance*risk/(ABS(entry-stop)+fee*(entry+stop))"
    frozen = venues.condition("method", venues.ENTRY)
    won = f"{quantity}*(side_sign*(target-entry)-fee*(entry+target))"
    payoff = f"({won})/(balance*risk)"
    kelly = f"(win_rate-(1-win_rate)/({payoff}))"
    liquidation = (
        f"IF(maintenance_margin_rate*leverage>=1,NA(),IF({frozen},"
        "entry*(1-side_sign/leverage+side_sign*maintenance_margin_rate),"
        "entry*(1-side_sign/leverage)/(1-side_sign*maintenance_margin_rate)))"
    )
    book.check("Quantity to order", "quantity", quantity, styles.QUANTITY)
    book.check("Lost at the stop", "risk_amount", "balance*risk")
    book.check("Won at the target", "profit_at_target", won)
    book.check("Initial margin", "margin", f"{quantity}*entry/leverage")
    book.check("Position over balance", "account_leverage", f"{quantity}*entry/balance", '0.00"x"')
    book.check(
        "Liquidated at the stop",
        "stop_leverage",
        f"1/(side_sign*(1-stop/entry)+maintenance_margin_rate*IF({frozen},1,stop/entry))",
        styles.MULTIPLE,
    )
    book.check("Liquidation price", "liquidation_price", f"IF({liquidation}>0,{liquidation},NA())", styles.PRICE)
    book.check("Reward to risk", "risk_reward", "(target-entry)/(entry-stop)", styles.RATIO)
    book.check("Expected each trade", "expectancy", f"win_rate*{won}-(1-win_rate)*balance*risk")
    book.check("Full Kelly risk", "kelly_risk", kelly, styles.PERCENT)
    book.check(
        "Capped Kelly risk", "capped_kelly_risk", f"MAX(0,MIN(kelly_cap,kelly_fraction*{kelly}))", styles.PERCENT
    )
    book.rule("Stop is on the losing side", "side_sign*(entry-stop)>0", "Below entry for a long, above it for a short")
    book.rule(
        "Target is on the winning side", "side_sign*(target-entry)>0", "Above entry for a long, below for a short"
    )
    book.rule("Target pays the fees", "profit_at_target>0", "Else the trade can't win")
    book.rule("Position can be opened", "maintenance_margin_rate*leverage<1", "Maintenance margin below initial margin")
    book.rule("Leverage is within the venue's", "leverage<=venue_leverage", "Highest at the venue")
    book.rule("DANGER is beyond WATCH", "danger_drawdown>=watch_drawdown", "Thresholds in order")
