"""A book of positions in a table that grows: exposure, margin ratio, what is nearest to liquidation, a shock."""

from __future__ import annotations

from typing import Any

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    Card,
    Column,
    InputColumn,
    Line,
    Template,
    chart,
    money_text,
    multiple_text,
    number,
    one_of,
    percent_text,
    signed_percent_text,
    signed_text,
    styles,
    text,
    whole,
)

_STEPS = 21
_NEAREST = 5
_SIGNED = "+0.0%;-0.0%;0.0%"
_INPUTS = [
    InputColumn("Symbol", "", text(), styles.GENERAL),
    InputColumn("Side", "", one_of("long", "short"), styles.GENERAL),
    InputColumn("Method", "", one_of(*venues.METHODS), styles.GENERAL),
    InputColumn("Entry", "", ABOVE_ZERO, styles.PRICE),
    InputColumn("Quantity", "", ABOVE_ZERO, styles.QUANTITY),
    InputColumn("Leverage", "", number(1, 150), styles.MULTIPLE),
    InputColumn("Maintenance margin rate", "", number(0, 0.5), styles.PERCENT),
    InputColumn("Price", "", ABOVE_ZERO, styles.PRICE),
]
_ROWS = (
    ("BTCUSDT", "long", "bybit", 78500, 0.35, 8, 0.005, 80000),
    ("ETHUSDT", "long", "binance", 3350, 6, 10, 0.005, 3200),
    ("SOLUSDT", "short", "okx", 172, 90, 6, 0.01, 185),
    ("BNBUSDT", "long", "binance", 905, 12, 5, 0.01, 930),
    ("XRPUSDT", "long", "gate", 2.42, 4000, 12, 0.01, 2.35),
    ("DOGEUSDT", "short", "mexc", 0.168, 45000, 4, 0.0125, 0.159),
    ("AVAXUSDT", "long", "bitget", 19.8, 400, 20, 0.015, 19.4),
    ("LINKUSDT", "short", "okx", 15.1, 350, 7, 0.0125, 14.6),
    ("ADAUSDT", "long", "binance", 0.61, 9000, 3, 0.015, 0.58),
    ("LTCUSDT", "short", "bybit", 96, 45, 5, 0.01, 99.5),
    ("HYPEUSDC", "long", "hyperliquid", 38, 120, 4, 0.05, 41.5),
    ("BTCUSD", "short", "dydx", 82500, 0.2, 10, 0.03, 80000),
)


def template() -> Template:
    """The workbook positions."""
    book = Template(
        "Positions",
        "All your leveraged positions on one page: how much is at stake, which of them are nearest to liquidation, and "
        "what is left when all prices fall or rise together.",
        steps=[
            "On Positions, fill in the blue columns, a row a position; type below the last row and the table grows.",
            "On Inputs, choose the shock and the thresholds, and read the totals and the verdict beside them.",
            "On Dashboard see the five nearest to liquidation and your equity after any shock from fall to rise.",
        ],
        assumptions=[
            "Linear contracts, all in one quote currency, each with isolated margin: what is lost at its liquidation "
            "is the margin of that position and no more.",
            "A shock moves all prices at once by the same part, and you do nothing.",
            "One maintenance margin rate a position: that of its tier. Prices are examples; fill in today's.",
            "A row that can't be computed says check, counts in no total, and the flag on every sheet says so.",
        ],
        limits=[
            "Cross margin, coin-margined (inverse) contracts, fees and funding are not in here.",
            "Coins do not move together; the shock is a yardstick and no forecast.",
            "The sheet Positions is not protected, or its table could not grow: leave its black columns as they are.",
            "Of positions at exactly the same distance to liquidation the list of five names the first.",
        ],
    )
    _table(book)
    _inputs(book)
    _results(book)
    charts = _calculations(book)
    _dashboard(book, charts)
    _checks(book)
    return book


def _of(header: str) -> str:
    """A column of the table."""
    return f"positions[{header}]"


def _here(header: str) -> str:
    """A cell of the table in the same row."""
    return f"positions[[#This Row],[{header}]]"


def _table(book: Template) -> None:
    sheet = book.table_sheet("Positions")
    sheet.widths(14, 8, 13, 13, 13, 10, 14, 13, 9, 15, 14, 15, 14, 10, 13, 11, 12)
    sheet.text("A row a position: fill in the blue columns, the others follow. Type below the last row to add one.")
    sheet.text("Prices and amounts are in the quote currency; exposure is the value now, negative for a short.")
    columns: list[InputColumn | Column] = [*_INPUTS, *(_calculated(*spec) for spec in _calculations_of_a_row())]
    bodies = sheet.excel_table("positions", columns, _ROWS)
    for header in ("Row", "Verdict"):
        sheet.mark_verdicts(bodies[header].partition("!")[2].replace("$", ""))


def _calculated(header: str, formula: str, number_format: str) -> Column:
    return Column(header, "", lambda place, row: formula, number_format)


def _calculations_of_a_row() -> list[tuple[str, str, str]]:
    entry, quantity, leverage, rate, price, side, method = (
        _here(header)
        for header in ("Entry", "Quantity", "Leverage", "Maintenance margin rate", "Price", "Side", "Method")
    )
    profit = f"LEV_PROFIT({entry},{price},{quantity},1,{side})"
    liquidation = f"LEV_LIQPRICE({entry},{leverage},{rate},{side},{method})"
    numbers = "positions[[#This Row],[Entry]:[Price]]"
    filled = f"COUNT({numbers})=COLUMNS({numbers}),ISNUMBER({profit})"
    usable = f"ISNUMBER(_xlfn.IFNA({liquidation},0))"
    kept = f"{rate}*{quantity}*IF({venues.condition(method, venues.ENTRY)},{entry},{price})"

    def if_usable(formula: str) -> str:
        return f'IF({_here("Row")}="OK",{formula},"check")'

    equity, distance = _here("Equity"), _here("Distance")
    return [
        (
            "Row",
            f'IF(AND({filled},{quantity}>0,{price}>0,OR({side}="long",{side}="short"),{usable}),"OK","CHECK")',
            styles.TEXT,
        ),
        # The funding of one settlement at a rate of one is the value with the sign of the side.
        ("Exposure", if_usable(f"LEV_FUNDING({quantity}*{price},1,1,{side})"), styles.MONEY),
        ("Profit", if_usable(profit), styles.MONEY),
        ("Equity", if_usable(f"LEV_MARGIN({quantity}*{entry},{leverage})+{_here('Profit')}"), styles.MONEY),
        ("Margin asked", if_usable(kept), styles.MONEY),
        ("Margin ratio", if_usable(f'IF({equity}>0,{_here("Margin asked")}/{equity},"gone")'), styles.PERCENT),
        ("Liquidation", if_usable(f'_xlfn.IFNA({liquidation},"never")'), styles.PRICE),
        (
            "Distance",
            if_usable(f'IF({_here("Liquidation")}="never",1,LEV_LIQDISTANCE({price},{_here("Liquidation")},{side}))'),
            styles.PERCENT,
        ),
        (
            "Verdict",
            f'IF(ISNUMBER({distance}),IF({distance}<danger_distance,"DANGER",IF({distance}<watch_distance,"WATCH",'
            f'"SAFE")),"CHECK")',
            styles.TEXT,
        ),
    ]


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Portfolio")
    line.input("portfolio", "Portfolio", "Example desk", "", "Shown on the dashboard.", text())
    line.input("currency", "Quote currency", "USDT", "", "Of all prices and amounts.", text(8))
    line.section("Shock")
    line.input(
        "shock", "All prices move by", -0.1, "of price", "Down with a minus.", number(-0.99, 0.99), styles.PERCENT
    )
    line.input(
        "largest_shock",
        "Chart of shocks up to",
        0.5,
        "of price",
        "Both down and up.",
        number(0.01, 0.99),
        styles.PERCENT,
    )
    line.section("Thresholds")
    line.input(
        "watch_distance",
        "WATCH when nearer than",
        0.15,
        "of price",
        "A position's distance to liquidation.",
        number(0, 1),
        styles.PERCENT,
    )
    line.input(
        "danger_distance",
        "DANGER when nearer than",
        0.05,
        "of price",
        "A position's distance to liquidation.",
        number(0, 1),
        styles.PERCENT,
    )
    line.input(
        "largest_count",
        "DANGER when more than",
        3,
        "positions",
        "Are liquidated by the shock.",
        whole(0, 100000),
        styles.WHOLE,
    )


_PERCENT = styles.PERCENT
_EXPOSURE, _EQUITY, _DISTANCE = _of("Exposure"), _of("Equity"), _of("Distance")


def _equity_after(shock: str) -> str:
    """Equity of what is not liquidated by a shock, with its profit: longs by a fall, shorts by a rise."""

    def alive(column: str, sign: str, beyond: str) -> str:
        return f'SUMIFS({column},{_EXPOSURE},"{sign}0",{_DISTANCE},">"&{beyond})'

    sides = ((">", f"-({shock})"), ("<", shock))
    return "+".join(f"{alive(_EQUITY, *side)}+{shock}*{alive(_EXPOSURE, *side)}" for side in sides)


def _liquidated(shock: str) -> str:
    """How many positions a shock liquidates."""
    sides = ((">", f"-({shock})"), ("<", shock))
    return "+".join(f'COUNTIFS({_EXPOSURE},"{sign}0",{_DISTANCE},"<="&{beyond})' for sign, beyond in sides)


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "Of the portfolio; CHECK: see Checks.", styles.TEXT)
    line.sentence("exposure_in_words", _EXPOSURE_IN_WORDS)
    line.sentence("nearest_in_words", _NEAREST_IN_WORDS)
    line.sentence("shock_in_words", _SHOCK_IN_WORDS)
    line.section("Exposure")
    line.output("position_count", "Positions", f"ROWS({_of('Symbol')})", "rows", "", styles.WHOLE)
    line.output("gross_exposure", "Gross exposure", _GROSS, "=currency", "Longs and shorts added.")
    line.output("net_exposure", "Net exposure", f"SUM({_EXPOSURE})", "=currency", "Longs less shorts.")
    line.output("unrealised_profit", "Unrealised profit", f"SUM({_of('Profit')})", "=currency", "At the prices now.")
    line.section("Margin")
    line.output("equity", "Equity", f"SUM({_EQUITY})", "=currency", "Margin and unrealised profit.")
    line.output(
        "margin_asked", "Maintenance margin", f"SUM({_of('Margin asked')})", "=currency", "Asked by the venues."
    )
    line.output("margin_ratio", "Margin ratio", "margin_asked/equity", "of equity", "100%: nothing is left.", _PERCENT)
    line.output(
        "portfolio_leverage",
        "Leverage",
        "LEV_RATIO(gross_exposure,equity)",
        "times",
        "Gross exposure over equity.",
        styles.MULTIPLE,
    )
    line.section("Nearest to liquidation")
    line.output("nearest_distance", "Distance", f"MIN({_DISTANCE})", "of price", "Of the nearest position.", _PERCENT)
    line.output("in_danger", "In DANGER", f'COUNTIF({_of("Verdict")},"DANGER")', "positions", "", styles.WHOLE)
    line.output("in_watch", "In WATCH", f'COUNTIF({_of("Verdict")},"WATCH")', "positions", "", styles.WHOLE)
    line.section("After the shock")
    line.output("equity_after_shock", "Equity", _equity_after("shock"), "=currency", "Of what is not liquidated.")
    line.output("shock_profit", "Change of equity", "equity_after_shock-equity", "=currency", "Lost margins are in it.")
    line.output(
        "liquidated_count", "Liquidated", _liquidated("shock"), "positions", "By the shock alone.", styles.WHOLE
    )


_GROSS = f'SUMIF({_EXPOSURE},">0")-SUMIF({_EXPOSURE},"<0")'
_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(nearest_distance<danger_distance,liquidated_count>largest_count),"DANGER",'
    'IF(nearest_distance<watch_distance,"WATCH","SAFE")))'
)
_EXPOSURE_IN_WORDS = (
    f'IFERROR(TEXT(position_count,"#,##0")&" positions of "&{money_text("gross_exposure")}&" "&currency&" in all, "&'
    f'{multiple_text("portfolio_leverage")}&" the equity of "&{money_text("equity")}&".","No totals: see Checks.")'
)
_NEAREST_IN_WORDS = (
    f'IFERROR("Nearest to liquidation: "&INDEX({_of("Symbol")},MATCH(nearest_distance,{_DISTANCE},0))&", "&'
    f'{percent_text("nearest_distance")}&" away; "&TEXT(in_danger,"#,##0")&" in DANGER, "&TEXT(in_watch,"#,##0")&'
    '" in WATCH.","No distances: see Checks.")'
)
_SHOCK_IN_WORDS = (
    f'IFERROR("If all prices move by "&{signed_percent_text("shock")}&", equity changes by "&'
    f'{signed_text("shock_profit")}&" and "&TEXT(liquidated_count,"#,##0")&" positions are liquidated.",'
    '"No shock: see Checks.")'
)


def _calculations(book: Template) -> list[Any]:
    """The five nearest and the shocks; gives the charts of them."""
    return [_shocks(book), _nearest(book)]


def _nearest(book: Template) -> Any:
    def found(header: str, row: int) -> str:
        return f'IFERROR(INDEX({_of(header)},MATCH(D{row},{_DISTANCE},0)),"none")'

    _, symbols, distances, _, _, watch, danger = book.calculations.table(
        "The five nearest to liquidation",
        "Distance: how far the price may still move against the position.",
        [
            Column("Place", "", lambda place, row: place + 1, styles.WHOLE),
            Column("Symbol", "", lambda place, row: found("Symbol", row), styles.TEXT),
            Column("Distance", "of price", lambda place, row: f'IFERROR(SMALL({_DISTANCE},B{row}),"none")', _PERCENT),
            Column("Side", "", lambda place, row: found("Side", row), styles.TEXT),
            Column("Liquidation", "quote", lambda place, row: found("Liquidation", row), styles.PRICE),
            Column("WATCH", "of price", lambda place, row: "watch_distance", _PERCENT),
            Column("DANGER", "of price", lambda place, row: "danger_distance", _PERCENT),
        ],
        _NEAREST,
    )
    title, x_title, y_title = "The five nearest to liquidation", "Position (symbol)", "Distance (% of price)"
    words = (
        "Columns of the distance to liquidation of the five nearest positions, nearest first, under the lines of the "
        "thresholds of WATCH and DANGER."
    )
    columns = [Line("Distance to liquidation", symbols, distances, styles.BLUE, words=True)]
    thresholds = [
        Line("WATCH below this", symbols, watch, styles.ORANGE, dash="lgDash", words=True),
        Line("DANGER below this", symbols, danger, styles.VERMILLION, dash="sysDot", words=True),
    ]
    made = chart("column", title, x_title, y_title, columns, alternative_text=words, y_format="0%")
    lines = chart("line", title, x_title, y_title, thresholds, alternative_text=words, y_format="0%")
    for place, series in enumerate(lines.series, len(columns)):
        series.idx = series.order = place
    made += lines
    return made


def _shocks(book: Template) -> Any:
    sheet = book.calculations
    first = sheet.row + 3
    numbers = f"$B${first}:$B${first - 1 + _STEPS}"
    _, moves, equities, _, _, now = sheet.table(
        "A shock to all prices",
        "Equity of what is not liquidated; a liquidated position has lost its margin and no more.",
        [
            Column("Step", "", lambda place, row: place, styles.WHOLE),
            Column(
                "All prices",
                "of price",
                lambda place, row: f"(largest_shock+largest_shock)*B{row}/MAX({numbers})-largest_shock",
                _SIGNED,
            ),
            Column("Equity", "quote", lambda place, row: _equity_after(f"C{row}")),
            Column("Change", "quote", lambda place, row: f"D{row}-equity"),
            Column("Liquidated", "positions", lambda place, row: _liquidated(f"C{row}"), styles.WHOLE),
            Column("Equity now", "quote", lambda place, row: "equity"),
        ],
        _STEPS,
    )
    made = chart(
        "scatter",
        "What is left after a shock to all prices",
        "All prices move by (%)",
        "Equity (quote currency)",
        [
            Line("Equity after the shock", moves, equities, styles.BLUE),
            Line("Equity now", moves, now, styles.BLACK, dash="dash", width=1.25),
            Line(
                "Your shock",
                book.address("shock"),
                book.address("equity_after_shock"),
                styles.VERMILLION,
                mark="diamond",
                width=0,
                size=13,
            ),
        ],
        alternative_text="Equity over a shock to all prices from a fall to a rise, beside the equity now: where the "
        "line drops, positions are liquidated. A diamond marks the shock that is set on Inputs.",
        x_format="+0%;-0%;0%",
    )
    made.y_axis.crosses = "min"
    return made


def _dashboard(book: Template, charts: list[Any]) -> None:
    sheet = book.dashboard
    sheet.text('=portfolio&" · "&TEXT(position_count,"#,##0")&" positions"', quiet=False, bold=True, size=14)
    sheet.space()
    after = f'={signed_text("shock_profit")}&" at "&{signed_percent_text("shock")}'
    nearest = f"=INDEX({_of('Symbol')},MATCH(nearest_distance,{_DISTANCE},0))"
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, '=TEXT(in_danger,"#,##0")&" in DANGER"'),
            Card("Nearest to liquidation", "nearest_distance", _PERCENT, nearest),
            Card("Equity", "equity", styles.MONEY, f'={signed_text("unrealised_profit")}&" unrealised"'),
            Card("Equity after the shock", "equity_after_shock", styles.MONEY, after),
            Card("Gross exposure", "gross_exposure", styles.MONEY, "=currency"),
            Card("Net exposure", "net_exposure", styles.MONEY, "longs less shorts"),
            Card("Leverage", "portfolio_leverage", styles.MULTIPLE, "gross exposure over equity"),
            Card("Margin ratio", "margin_ratio", _PERCENT, "of the equity is asked"),
        ]
    )
    for name in ("exposure_in_words", "nearest_in_words", "shock_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    for made in charts:
        sheet.place(made, rows=22)


def _checks(book: Template) -> None:
    quantity, price, entry, leverage = (_of(header) for header in ("Quantity", "Price", "Entry", "Leverage"))
    sign = f'(({_of("Side")}="long")-({_of("Side")}="short"))'
    profit = f"SUMPRODUCT({sign}*({price}-{entry})*{quantity})"
    equity = f"{profit}+SUMPRODUCT({quantity}*{entry}/{leverage})"
    gross = f"SUMPRODUCT({quantity},{price})"
    alive = f"({_DISTANCE}+{sign}*shock>0)"
    book.check("Positions", "position_count", f'COUNTIF({_of("Row")},"OK")', styles.WHOLE)
    book.check("Gross exposure", "gross_exposure", gross)
    book.check("Net exposure", "net_exposure", f"SUMPRODUCT({sign}*{quantity}*{price})")
    book.check("Unrealised profit", "unrealised_profit", profit)
    book.check("Equity", "equity", equity)
    book.check("Leverage", "portfolio_leverage", f"{gross}/({equity})", styles.MULTIPLE)
    book.check("Nearest to liquidation", "nearest_distance", f"SMALL({_DISTANCE},1)", _PERCENT)
    book.check("Equity after the shock", "equity_after_shock", f"SUMPRODUCT({alive}*({_EQUITY}+{_EXPOSURE}*shock))")
    book.check("Liquidated by the shock", "liquidated_count", f"SUMPRODUCT(1-{alive})", styles.WHOLE)
    book.rule("Every row can be computed", f'COUNTIF({_of("Row")},"CHECK")=0', "The column Row says which can't")
    book.rule("There is equity left", "equity>0", "Margin and unrealised profit above zero")
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")
