"""Where liquidation lies at every leverage, long and short, and what adding margin does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    Axis,
    Card,
    Column,
    InputColumn,
    Line,
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
    styles,
    text,
)

_LEVERAGE = number(1, 150)
_RUNGS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125)
_HEAT_LEVERAGES = (1, 2, 3, 5, 10, 20, 25, 50, 75, 100, 125)
_HEAT_MOVES = (-0.5, -0.2, -0.1, -0.05, -0.01, 0.01, 0.05, 0.1, 0.2, 0.5)
_MOVE = number(-0.99, 5)
_MOVE_FORMAT = "+0.0%;-0.0%;0.0%"
_ADDITIONS = 11
_TIER_COUNT = 12
_TIERS = (
    (0, 0.004, 125),
    (300000, 0.005, 100),
    (800000, 0.0065, 75),
    (3000000, 0.01, 50),
    (12000000, 0.02, 25),
    (70000000, 0.025, 20),
    (100000000, 0.05, 10),
    (230000000, 0.1, 5),
)

Tiers = tuple[str, str, str]


class ByHand(NamedTuple):
    """Formulas of what the tiers ask at entry and at the wanted price, and where each tier's price stands."""

    asked_at_entry: str
    asked_at_target: str
    prices: str


def template() -> Template:
    """The workbook liquidation-ladder."""
    book = Template(
        "Liquidation ladder",
        "How far the price may move against you before you are liquidated: at every leverage from 1x to 125x, long "
        "and short, by both formulas that venues use; and how much margin to add to push liquidation away.",
        steps=[
            "On Inputs, change the blue cells: side, venue, entry, margin, leverage, and the price at which you would "
            "bear to be liquidated. Replace the margin tiers by your venue's.",
            "On Dashboard see where liquidation lies at your leverage and at every other, and what more margin does.",
            "On Calculations read the whole ladder and the heat map: your margin after a move, by leverage.",
        ],
        assumptions=[
            "A linear contract (profit in the quote currency) with isolated margin: the same margin at every leverage, "
            "so that the position grows with the leverage.",
            "Formula on the entry value: Bybit. On the value at the mark price: Binance, OKX, Gate, Bitget, Kraken, "
            "Hyperliquid and dYdX. Their margins and rates differ; that is what the tiers are for.",
            "Each part of the position is charged its own tier's rate. The tiers given are an example in the shape of "
            "a large venue's for BTCUSDT. For Hyperliquid fill in one tier, with the rate 1/(2 x highest leverage).",
            "Prices are examples. A typical day's move is what you take it to be: about 2% to 3% for bitcoin.",
        ],
        limits=[
            "Coin-margined (inverse) contracts and cross margin are not in here.",
            "Fees, funding and interest paid before liquidation bring it nearer; they are not in the ladder.",
            "Venues round prices to their tick and may liquidate in steps; figures here are the formulas' own.",
        ],
    )
    _inputs(book)
    _results(book)
    tiers = _tiers(book)
    charts = _calculations(book)
    by_hand = _by_hand(book, tiers)
    _dashboard(book, charts)
    _checks(book, tiers, by_hand)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Position")
    line.input("symbol", "Symbol", "BTCUSDT", "", "Shown on the dashboard.", text())
    line.input("currency", "Quote currency", "USDT", "", "Currency of prices and margin.", text(8))
    line.input("side", "Side", "long", "", "Long wins when the price rises.", one_of("long", "short"))
    line.input(
        "method",
        "Venue or method",
        "binance",
        "",
        "Whose liquidation formula to use.",
        one_of(*venues.METHODS),
    )
    line.input("entry", "Entry price", 80000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("margin", "Margin", 1000, "=currency", "Your own money in the position.", ABOVE_ZERO, styles.MONEY)
    line.input("leverage", "Leverage", 20, "times", "Position size over margin.", _LEVERAGE, styles.MULTIPLE)
    line.input(
        "liquidation_fee",
        "Liquidation fee",
        0,
        "of value",
        "Kept back by the venue; often zero.",
        number(0, 0.05),
        styles.PERCENT,
    )
    line.section("Adding margin")
    line.input(
        "target_liquidation",
        "Liquidation price you want",
        72000,
        "=currency",
        "Beyond any price that you expect.",
        ABOVE_ZERO,
        styles.PRICE,
    )
    line.input(
        "largest_addition",
        "Most you could add",
        2000,
        "=currency",
        "How far the chart of added margin goes.",
        ABOVE_ZERO,
        styles.MONEY,
    )
    line.section("Thresholds")
    line.input(
        "daily_move",
        "A typical day's move",
        0.025,
        "of price",
        "Up or down, from your own experience.",
        number(0.001, 1),
        styles.PERCENT,
    )
    line.input(
        "watch_distance",
        "WATCH when nearer than",
        0.15,
        "of entry",
        "Distance to liquidation.",
        number(0.001, 0.99),
        styles.PERCENT,
    )
    line.input(
        "danger_distance",
        "DANGER when nearer than",
        0.05,
        "of entry",
        "Distance to liquidation.",
        number(0.001, 0.99),
        styles.PERCENT,
    )


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    line.sentence("position_in_words", _POSITION_IN_WORDS)
    line.sentence("risk_in_words", _RISK_IN_WORDS)
    line.sentence("remedy_in_words", _REMEDY_IN_WORDS)
    line.section("Position")
    line.output("position_size", "Position size", "LEV_SIZE(margin,leverage)", "=currency", "Value at entry.")
    line.output("quantity", "Quantity", "LEV_QTY(margin,leverage,entry)", "coins", "", styles.QUANTITY)
    line.output(
        "maintenance_margin",
        "Maintenance margin",
        "LEV_MAINTMARGIN(position_size,tiers)",
        "=currency",
        "What the venue asks to keep it open.",
    )
    line.output(
        "maintenance_margin_rate",
        "Maintenance margin rate",
        "maintenance_margin/position_size",
        "of value",
        "Over all tiers that it reaches into.",
        styles.PERCENT,
    )
    line.output(
        "tier_leverage",
        "Highest leverage of its tier",
        "LEV_MAXLEVERAGE(position_size,tiers)",
        "times",
        "The venue offers no more at this size.",
        styles.MULTIPLE,
    )
    line.section("Liquidation")
    line.output(
        "liquidation_price",
        "Liquidation price",
        _liquidation("leverage", "side"),
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
        "daily_moves_away",
        "Typical days away",
        "liquidation_distance/daily_move",
        "days",
        "If every day went against you.",
        styles.RATIO,
    )
    line.output(
        "bankruptcy_price",
        "Bankruptcy price",
        "LEV_BANKRUPTCY(entry,leverage,side)",
        "=currency",
        "Where the margin is gone. #N/A: never.",
        styles.PRICE,
    )
    line.section("What helps")
    line.output(
        "margin_to_add",
        "Margin to add",
        "LEV_TOPUP(entry,quantity,margin,target_rate,target_liquidation,side,method,liquidation_fee)",
        "=currency",
        "For the liquidation price you want.",
    )
    line.output(
        "leverage_after",
        "Leverage after that",
        "LEV_RATIO(position_size,margin+margin_to_add)",
        "times",
        "",
        styles.MULTIPLE,
    )
    line.output(
        "safe_leverage",
        "Highest leverage for SAFE",
        "LEV_STOPLEVERAGE(entry,entry*(1-side_sign*watch_distance),maintenance_margin_rate,side,method,liquidation_fee)",
        "times",
        "At the maintenance margin rate above.",
        styles.MULTIPLE,
    )


def _tiers(book: Template) -> Tiers:
    """The venue's tiers, below the other inputs; where their floors, rates and highest leverages stand."""
    sheet = book.inputs.sheet
    sheet.space()
    floors, rates, leverages = sheet.input_table(
        "tiers",
        "Margin tiers",
        "Replace them by your venue's: from which position size on each rate holds. Leave the rows you don't need "
        "blank.",
        [
            InputColumn("Position size from", "quote", number(), styles.WHOLE),
            InputColumn("Rate", "of value", number(0, 0.99), styles.PERCENT),
            InputColumn("Leverage", "at most", _LEVERAGE, styles.MULTIPLE),
        ],
        _TIERS,
        _TIER_COUNT,
    )
    return floors, rates, leverages


def _liquidation(leverage: str, side: str) -> str:
    """The liquidation price at a leverage on the margin, by the method chosen."""
    return f"IF(rate_is_frozen,{_entry_method(leverage, side)},{_mark_method(leverage, side)})"


def _entry_method(leverage: str, side: str) -> str:
    rate = f"LEV_MAINTMARGIN(margin*{leverage},tiers)/(margin*{leverage})"
    return f'LEV_LIQPRICE(entry,{leverage},{rate},{side},"entry",liquidation_fee)'


def _mark_method(leverage: str, side: str) -> str:
    return f"LEV_LIQTIERED(entry,margin*{leverage}/entry,margin,tiers,{side},liquidation_fee)"


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(ISNA(liquidation_distance),"SAFE",IF(liquidation_distance<danger_distance,"DANGER",'
    'IF(liquidation_distance<watch_distance,"WATCH","SAFE"))))'
)
_POSITION_IN_WORDS = (
    f'IFERROR(PROPER(side)&" "&{price_text("quantity")}&" "&symbol&" at "&{price_text("entry")}&", "&'
    f'{multiple_text("leverage")}&" on "&{money_text("margin")}&" "&currency&" of margin.","No position: see Checks.")'
)
_RISK_IN_WORDS = (
    f'IFERROR("Liquidated at "&{price_text("liquidation_price")}&", "&{percent_text("liquidation_distance")}&'
    f'" away: "&TEXT(daily_moves_away,"0.0")&" typical days of "&{percent_text("daily_move")}&" against you.",'
    'IF(ISNA(liquidation_price),"It can\'t be liquidated.","No liquidation price: see Checks."))'
)
_REMEDY_IN_WORDS = (
    f'IFERROR(IF(margin_to_add>0,"Add "&{money_text("margin_to_add")}&" "&currency&" and it is liquidated only at "&'
    f'{price_text("target_liquidation")}&"; ","It is already liquidated beyond "&{price_text("target_liquidation")}&'
    f'"; ")&"SAFE up to "&{multiple_text("safe_leverage")}&".","No remedy: see Checks.")'
)


def _calculations(book: Template) -> list[Any]:
    """The ladder, the heat map, and the figures of the charts that it gives."""
    sheet = book.calculations
    sheet.widths(26, *[13] * 10)
    sheet.portrait = False
    ladder_prices = _ladder(book)
    sheet.page_break()
    _heat_map(book)
    _helpers(book)
    sheet.page_break()
    funnel = _funnel(book, ladder_prices)
    sheet.page_break()
    return [funnel, _addition(book)]


def _ladder(book: Template) -> list[str]:
    """The ladder; gives where its prices stand: long by entry and mark value, short by entry and mark value."""

    def price(formula: str) -> str:
        return f'IFERROR(IF(ISNA({formula}),"never",{formula}),"n/a")'

    def yours(row: int) -> str:
        return f'IF(side="long",IF(rate_is_frozen,D{row},E{row}),IF(rate_is_frozen,F{row},G{row}))'

    sheet = book.calculations
    first = sheet.row + 3
    columns = sheet.table(
        "The ladder: liquidation price by leverage",
        "The same margin at every leverage. Entry value: Bybit; mark value: Binance, OKX, Gate, Bitget, Kraken, "
        "Hyperliquid, dYdX. never: it can't be liquidated; n/a: it can't be opened.",
        [
            Column("Leverage", "times", lambda place, row: _RUNGS[place], styles.MULTIPLE),
            Column(
                "Rate", "of value", lambda place, row: f"LEV_MAINTMARGIN(margin*B{row},tiers)/(margin*B{row})", _RATE
            ),
            Column("Long", "entry value", lambda place, row: price(_entry_method(f"B{row}", '"long"')), styles.PRICE),
            Column("Long", "mark value", lambda place, row: price(_mark_method(f"B{row}", '"long"')), styles.PRICE),
            Column("Short", "entry value", lambda place, row: price(_entry_method(f"B{row}", '"short"')), styles.PRICE),
            Column("Short", "mark value", lambda place, row: price(_mark_method(f"B{row}", '"short"')), styles.PRICE),
            Column(
                "Your distance",
                "of entry",
                lambda place, row: f"IF(ISNUMBER({yours(row)}),ABS({yours(row)}/entry-1),{yours(row)})",
                styles.PERCENT,
            ),
            Column(
                "Verdict",
                "your side",
                lambda place, row: (
                    f'IF(ISNUMBER(H{row}),IF(H{row}<danger_distance,"DANGER",IF(H{row}<watch_distance,"WATCH","SAFE")),'
                    f'IF(H{row}="never","SAFE",H{row}))'
                ),
                styles.TEXT,
            ),
        ],
        len(_RUNGS),
    )
    sheet.mark_verdicts(f"I{first}:I{first + len(_RUNGS) - 1}")
    return columns[2:6]


_RATE = "0.000%"


def _heat_map(book: Template) -> None:
    def left(row: str, column: str) -> str:
        prices = (_entry_method(row, "side"), _mark_method(row, "side"))
        frozen, marked = (f"LEV_LIQDISTANCE(entry,IF(ISNA({price}),0,{price}),side)" for price in prices)
        won = f"LEV_ROI(entry,entry*(1+{column}),{row},side)"
        return f'IFERROR(IF(side_sign*{column}+IF(rate_is_frozen,{frozen},{marked})<=0,"gone",{won}),"n/a")'

    book.calculations.grid(
        "The heat map: what a move does to your margin",
        "Profit or loss as a part of the margin, on your side and by your method. gone: liquidated, all of the margin "
        "is lost.",
        Axis("Leverage", _HEAT_LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Price against entry", _HEAT_MOVES, _MOVE_FORMAT, _MOVE),
        left,
        "+#,##0%;-#,##0%;0%",
        mark=('{cell}="gone"', styles.VERMILLION),
        heat=True,
    )


def _funnel(book: Template, ladder_prices: list[str]) -> Any:
    """Liquidation against entry by leverage, long and short."""

    ladder = [cells_of(column) for column in ladder_prices]

    def move(frozen: str, marked: str) -> str:
        price = f"IF(rate_is_frozen,{frozen},{marked})"
        return f'IFERROR(IF({price}="never",-1,{price}/entry-1),NA())'

    leverages, long_moves, short_moves, up, down = book.calculations.table(
        "Liquidation against entry",
        "By the method chosen; -100% where a long can't be liquidated. For the chart.",
        [
            Column("Leverage", "times", lambda place, row: _RUNGS[place], styles.MULTIPLE),
            Column("Long", "of entry", lambda place, row: move(ladder[0][place], ladder[1][place]), _MOVE_FORMAT),
            Column("Short", "of entry", lambda place, row: move(ladder[2][place], ladder[3][place]), _MOVE_FORMAT),
            Column("Typical day", "up", lambda place, row: "daily_move", _MOVE_FORMAT),
            Column("Typical day", "down", lambda place, row: "-daily_move", _MOVE_FORMAT),
        ],
        len(_RUNGS),
    )
    position, distance = book.calculations.table(
        "Your position",
        "",
        [
            Column("Leverage", "times", lambda place, row: "leverage", styles.MULTIPLE),
            Column(
                "Liquidation",
                "of entry",
                lambda place, row: "IF(ISNA(liquidation_price),-1,liquidation_price/entry-1)",
                _MOVE_FORMAT,
            ),
        ],
        1,
    )
    made = chart(
        "scatter",
        "The higher the leverage, the nearer liquidation",
        "Leverage (times, logarithmic scale)",
        "Liquidation against entry (%)",
        [
            Line("A short is liquidated", leverages, short_moves, styles.ORANGE, dash="dash"),
            Line("A long is liquidated", leverages, long_moves, styles.BLUE),
            Line("A typical day, up", leverages, up, styles.QUIET, dash="sysDot", width=1.25),
            Line("A typical day, down", leverages, down, styles.QUIET, dash="sysDot", width=1.25),
            Line("Your position", position, distance, styles.VERMILLION, mark="diamond", width=0, size=13),
        ],
        alternative_text="Liquidation price against entry over the leverage: the line of longs rises and that of "
        "shorts falls towards the entry, until both lie within a typical day's move. A diamond marks this position.",
        x_format='0"x"',
        y_format="+#,##0%;-#,##0%;0%",
    )
    made.x_axis.scaling.logBase = 10
    made.x_axis.scaling.min, made.x_axis.scaling.max = 1, _RUNGS[-1]
    made.x_axis.crosses = made.y_axis.crosses = "min"
    made.y_axis.scaling.min, made.y_axis.scaling.max = -0.5, 0.5
    made.y_axis.majorUnit = 0.1
    return made


def _addition(book: Template) -> Any:
    """What adding margin does to the liquidation price."""
    sheet = book.calculations
    first = sheet.row + 3
    numbers = f"$B${first}:$B${first - 1 + _ADDITIONS}"

    def price(row: int) -> str:
        rate = "maintenance_margin_rate"
        frozen = f'LEV_LIQPRICE(entry,E{row},{rate},side,"entry",liquidation_fee)'
        marked = f"LEV_LIQTIERED(entry,quantity,D{row},tiers,side,liquidation_fee)"
        return f"IF(rate_is_frozen,{frozen},{marked})"

    _, added, _, _, _, distances, wanted, watch, danger = sheet.table(
        "What adding margin does",
        "The same position with more margin behind it. A liquidation price of 0 means that it can't be liquidated.",
        [
            Column("Step", "", lambda place, row: place, styles.WHOLE),
            Column("Margin added", "quote", lambda place, row: f"largest_addition*B{row}/MAX({numbers})"),
            Column("Margin then", "quote", lambda place, row: f"margin+C{row}"),
            Column("Leverage", "times", lambda place, row: f"LEV_RATIO(position_size,D{row})", styles.MULTIPLE),
            Column("Liquidation", "quote", lambda place, row: f"IF(ISNA({price(row)}),0,{price(row)})", styles.PRICE),
            Column("Distance", "of entry", lambda place, row: f"ABS(F{row}/entry-1)", styles.PERCENT),
            Column("Wanted", "of entry", lambda place, row: "ABS(target_liquidation/entry-1)", styles.PERCENT),
            Column("WATCH", "of entry", lambda place, row: "watch_distance", styles.PERCENT),
            Column("DANGER", "of entry", lambda place, row: "danger_distance", styles.PERCENT),
        ],
        _ADDITIONS,
    )
    return chart(
        "scatter",
        "What adding margin does",
        "Margin added (quote currency)",
        "Distance to liquidation (% of entry)",
        [
            Line("Distance to liquidation", added, distances, styles.BLUE),
            Line("Distance you want", added, wanted, styles.BLACK, dash="dash"),
            Line("WATCH below this", added, watch, styles.ORANGE, dash="lgDash", width=1.5),
            Line("DANGER below this", added, danger, styles.VERMILLION, dash="sysDot", width=1.5),
            Line(
                "Margin to add",
                book.address("margin_to_add"),
                cells_of(wanted)[0],
                styles.VERMILLION,
                mark="diamond",
                width=0,
                size=13,
            ),
        ],
        alternative_text="The distance to liquidation grows in a straight line as margin is added, out of the zones of "
        "DANGER and WATCH; a diamond marks the margin at which it reaches the distance that is wanted.",
        x_format="#,##0",
        y_format="0%",
    )


def _helpers(book: Template) -> None:
    sheet = book.calculations
    line = Panel(sheet, 2, sheet.row)
    line.section("Helpers")
    line.output("side_sign", "Sign of the side", 'IF(side="long",1,IF(side="short",-1,NA()))', "", "", styles.WHOLE)
    line.output("rate_is_frozen", "On the entry value", _RATE_IS_FROZEN, "", "", styles.GENERAL)
    line.output(
        "target_rate",
        "Rate at the wanted price",
        "IF(rate_is_frozen,maintenance_margin_rate,"
        "LEV_MAINTMARGIN(quantity*target_liquidation,tiers)/(quantity*target_liquidation))",
        "",
        "",
        styles.PERCENT,
    )
    sheet.space()


_ON_ENTRY, _ON_MARK = (venues.condition("method", basis) for basis in (venues.ENTRY, venues.MARK))
_RATE_IS_FROZEN = f"IF({_ON_ENTRY},TRUE,IF({_ON_MARK},FALSE,NA()))"


def _by_hand(book: Template, tiers: Tiers) -> ByHand:
    """The tiers worked out without any function of ours, for Checks."""
    floors, rates, _ = (cells_of(column) for column in tiers)

    def filled(place: int, formula: str, otherwise: str) -> str:
        return f"IF(ISNUMBER({floors[place]}),{formula},{otherwise})"

    def deduction(place: int, row: int) -> str:
        if place == 0:
            return "0"
        raised = f"{floors[place]}*({rates[place]}-{rates[place - 1]})"
        return filled(place, f"C{row - 1}+{raised}", f"C{row - 1}")

    def asked(size: str) -> Callable[[int, int], str]:
        return lambda place, row: filled(place, f"{size}*{rates[place]}-C{row}", "0")

    def price(place: int, row: int) -> str:
        quantity = "margin*leverage/entry"
        found = f"(margin+C{row}-side_sign*margin*leverage)/({quantity}*({rates[place]}+liquidation_fee-side_sign))"
        return filled(place, found, f"F{row - 1}" if place else "NA()")

    _, _, asked_at_entry, asked_at_target, prices = book.calculations.table(
        "The tiers by hand",
        "For Checks: what each tier would ask and where it would liquidate. The dearest tier is the one that holds.",
        [
            Column("Tier", "", lambda place, row: place + 1, styles.WHOLE),
            Column("Deduction", "quote", deduction),
            Column("Asked", "at entry", asked("margin*leverage")),
            Column("Asked", "at wanted", asked("margin*leverage/entry*target_liquidation")),
            Column("Liquidation", "mark value", price, styles.WHOLE),
        ],
        _TIER_COUNT,
    )
    return ByHand(f"MAX({asked_at_entry})", f"MAX({asked_at_target})", prices)


def _dashboard(book: Template, charts: list[Any]) -> None:
    sheet = book.dashboard
    sheet.text(f'=symbol&" · "&side&" · "&{multiple_text("leverage")}&" · "&method', quiet=False, bold=True, size=14)
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("liquidation_distance")}&" to liquidation"'),
            Card("Liquidation price", "liquidation_price", styles.PRICE, "=currency"),
            Card("Typical days away", "daily_moves_away", "0.0", f'="of "&{percent_text("daily_move")}&" each"'),
            Card("Highest leverage for SAFE", "safe_leverage", styles.MULTIPLE, "at this margin rate"),
            Card("Position size", "position_size", styles.MONEY, f'="on "&{money_text("margin")}&" "&currency'),
            Card(
                "Maintenance margin",
                "maintenance_margin",
                styles.MONEY,
                '=TEXT(maintenance_margin_rate,"0.00%")&" of the position"',
            ),
            Card(
                "Margin to add",
                "margin_to_add",
                styles.MONEY,
                f'="to be liquidated at "&{price_text("target_liquidation")}',
            ),
            Card("Leverage after that", "leverage_after", styles.MULTIPLE, "position over margin"),
        ]
    )
    for name in ("position_in_words", "risk_in_words", "remedy_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    for made in charts:
        sheet.place(made, rows=22)


def _checks(book: Template, tiers: Tiers, by_hand: ByHand) -> None:
    floors, _, leverages = tiers
    size = "margin*leverage"
    rate = f"({by_hand.asked_at_entry}/({size})+liquidation_fee)"
    frozen = f"entry*(1-side_sign/leverage+side_sign*{rate})"
    marked = f"IF(side_sign=1,MAX({by_hand.prices}),MIN({by_hand.prices}))"
    price = f"IF(rate_is_frozen,{frozen},{marked})"
    kept = (
        f"IF(rate_is_frozen,{by_hand.asked_at_entry}+liquidation_fee*{size},"
        f"{by_hand.asked_at_target}+liquidation_fee*{size}/entry*target_liquidation)"
    )
    addition = f"MAX(0,{size}/entry*side_sign*(entry-target_liquidation)+{kept}-margin)"
    book.check("Position size", "position_size", size)
    book.check("Quantity", "quantity", f"{size}/entry", styles.QUANTITY)
    book.check("Maintenance margin", "maintenance_margin", by_hand.asked_at_entry)
    book.check("Highest leverage of its tier", "tier_leverage", _tier_at(size, floors, leverages), styles.MULTIPLE)
    book.check("Liquidation price", "liquidation_price", f"IF({price}>0,{price},NA())", styles.PRICE)
    book.check(
        "Distance to liquidation",
        "liquidation_distance",
        f"IF({price}>0,side_sign*(1-{price}/entry),NA())",
        styles.PERCENT,
    )
    book.check("Bankruptcy price", "bankruptcy_price", "IF(side_sign=leverage,NA(),entry*(1-side_sign/leverage))")
    book.check("Margin to add", "margin_to_add", addition)
    book.check("Leverage after that", "leverage_after", f"{size}/(margin+{addition})", styles.MULTIPLE)
    book.check(
        "Highest leverage for SAFE",
        "safe_leverage",
        f"1/(watch_distance+{rate}*IF(rate_is_frozen,1,1-side_sign*watch_distance))",
        styles.MULTIPLE,
    )
    book.rule("Margin tiers are in order", "ISNUMBER(tier_leverage)", "From zero upwards, rates rising too")
    book.rule("Venue offers this leverage", "leverage<=tier_leverage", "At this position size, by the tiers")
    book.rule(
        "Position can be opened",
        "maintenance_margin+liquidation_fee*position_size<margin",
        "Maintenance margin below the margin",
    )
    book.rule(
        "Wanted price is on the losing side",
        "side_sign*(entry-target_liquidation)>0",
        "Below entry for a long, above it for a short",
    )
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")


def _tier_at(size: str, floors: str, values: str) -> str:
    return f"INDEX({values},MATCH({size},{floors},1))"
