"""How likely a position is liquidated within a time: by leverage, by day, and where the price may go."""

from __future__ import annotations

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    Axis,
    Card,
    Column,
    Grid,
    Line,
    Panel,
    Template,
    cells_of,
    chart,
    multiple_text,
    number,
    one_of,
    percent_text,
    price_text,
    styles,
    text,
    whole,
)

_LEVERAGE = number(1, 150)
_LEVERAGES = (2, 3, 4, 5, 7, 10, 15, 20, 30, 50)
_DAYS = whole(1, 3650)
_SHARE = number(0, 1)
_POINTS = 21


def template() -> Template:
    """The workbook liquidation-probability."""
    book = Template(
        "Liquidation probability",
        "How likely is this position liquidated before you mean to close it? From the volatility of the coin, your "
        "leverage and the days: the probability that the price touches the liquidation price at any time until then.",
        steps=[
            "On Inputs, change the blue cells: the position, the price now, the volatility and the days.",
            "Read the probability and the verdict beside them, and the leverage that keeps within your limit.",
            "On Dashboard see where the price may go, and how the probability grows with leverage and days.",
        ],
        assumptions=[
            "The price is a geometric Brownian motion: steady volatility, no jumps, returns that follow a bell curve.",
            "The probability is that of the first touch at any time until the day, not only at its end.",
            "Volatility is a year's standard deviation of returns; crypto trades on all days of the year.",
            "The drift is what you expect of the price in a year; 0% is the careful choice for a short horizon.",
        ],
        limits=[
            "Real coins jump and have fat tails: near liquidation the true probability is often higher than this one.",
            "Volatility rises when prices fall. The stressed figure shows what a multiple of it does.",
            "Margin added or taken away, funding, tiers and stops on the way are not in here.",
        ],
    )
    _inputs(book)
    _helpers(book)
    _heat_map(book)
    by_leverage = _by_leverage(book)
    book.calculations.page_break()
    by_day = _by_day(book)
    fan = _fan(book, by_day[0])
    _results(book, by_leverage, by_day)
    _dashboard(book)
    _charts(book, fan, by_leverage, by_day)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Position")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("symbol", "Symbol", "BTCUSDT", "", "Shown on the dashboard.", text())
    line.input("currency", "Quote currency", "USDT", "", "Currency of prices.", text(8))
    line.input("side", "Side", "long", "", "Long wins when the price rises.", one_of("long", "short"))
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*venues.METHODS))
    line.input("entry", "Entry price", 60000, "=currency", "Average price of the fills.", ABOVE_ZERO, styles.PRICE)
    line.input("leverage", "Leverage", 5, "times", "Position size over margin.", _LEVERAGE, styles.MULTIPLE)
    line.input(
        "maintenance_margin_rate",
        "Maintenance margin rate",
        0.01,
        "of value",
        "Of your position's tier.",
        number(0, 0.5),
        styles.PERCENT,
    )
    line.section("Market")
    line.input("price_now", "Price now", 60000, "=currency", "The mark price.", ABOVE_ZERO, styles.PRICE)
    line.input(
        "volatility", "Volatility", 0.55, "a year", "Of returns; see your venue.", number(0.1, 5), styles.PERCENT
    )
    line.input("drift", "Drift", 0, "a year", "Expected growth of the price.", number(-1, 1), styles.PERCENT)
    line.input("carry", "Carry", 0, "a year", "Taken off the drift.", number(-1, 1), styles.PERCENT)
    line.section("Time")
    line.input("horizon_days", "Days held", 30, "days", "Until you close the position.", _DAYS, styles.WHOLE)
    line.input("short_days", "Days, a shorter look", 7, "days", "A second line on the chart.", _DAYS, styles.WHOLE)
    line.input("days_a_year", "Days in a year", 365, "days", "365: crypto trades every day.", whole(250, 366), "#,##0")
    line.section("Thresholds and shares")
    line.input("watch_probability", "WATCH from", 0.1, "chance", "Your limit.", _SHARE, styles.PERCENT)
    line.input("danger_probability", "DANGER from", 0.25, "chance", "Far too likely.", _SHARE, styles.PERCENT)
    line.input(
        "stress_factor", "Volatility under stress", 1.5, "times", "Of the volatility above.", number(1, 5), "0.0"
    )
    line.input(
        "outer_share", "Outside the wide fan", 0.05, "each side", "5%: 9 of 10 paths are inside.", _TAIL, "0.00%"
    )
    line.input(
        "inner_share", "Outside the narrow fan", 0.25, "each side", "25%: every other is inside.", _TAIL, "0.00%"
    )


_TAIL = number(0.001, 0.49)
_LIQUIDATION = "LEV_LIQPRICE(entry,{leverage},maintenance_margin_rate,side,method)"


def _probability(days: str, volatility: str = "volatility") -> str:
    """The probability within some days: none where it can't be liquidated, no value where it is already."""
    return (
        "IF(ISNA(liquidation_price),0,IF(liquidation_distance>0,"
        f"LEV_LIQPROB(price_now,liquidation_price,{volatility},{days}/days_a_year,drift,carry),NA()))"
    )


def _probability_at(leverage: str, days: str) -> str:
    """The probability at another leverage: certain where the price now is already beyond liquidation."""
    liquidation = _LIQUIDATION.format(leverage=leverage)
    return (
        f"IF(ISNA({liquidation}),0,IFERROR(IF(LEV_LIQDISTANCE(price_now,{liquidation},side)<=0,1,LEV_LIQPROB(price_now,"
        f'{liquidation},volatility,{days}/days_a_year,drift,carry)),"n/a"))'
    )


def _last_below(headers: str, rising: str, limit: str) -> str:
    """Of the headers of figures that rise, the last one whose figure is below a limit; #N/A where none is."""
    below = f'COUNTIF({rising},"<"&{limit})'
    return f"IF({below}>0,INDEX({headers},{below}),NA())"


def _results(book: Template, by_leverage: Grid, by_day: list[str]) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    line.sentence("chance_in_words", _CHANCE_IN_WORDS)
    line.sentence("distance_in_words", _DISTANCE_IN_WORDS)
    line.sentence("stress_in_words", _STRESS_IN_WORDS)
    line.sentence("limit_in_words", _LIMIT_IN_WORDS)
    line.section("Liquidation")
    line.output(
        "liquidation_price",
        "Liquidation price",
        _LIQUIDATION.format(leverage="leverage"),
        "=currency",
        "#N/A: never. #NUM!: can't be opened.",
        styles.PRICE,
    )
    line.output(
        "liquidation_distance",
        "Distance to liquidation",
        "LEV_LIQDISTANCE(price_now,liquidation_price,side)",
        "of price now",
        "Adverse move until then.",
        styles.PERCENT,
    )
    line.output(
        "deviations_away",
        "Standard deviations away",
        "ABS(LN(liquidation_price/price_now))/(volatility*SQRT(horizon_days/days_a_year))",
        "times",
        "Of the price over the days held.",
        styles.RATIO,
    )
    line.section("Probability of liquidation")
    chance = (
        ("probability", "Over the days held", "horizon_days"),
        ("probability_short", "Shorter look", "short_days"),
    )
    for name, label, days in chance:
        line.output(name, label, _probability(days), "chance", "Touched at any time until then.", styles.PERCENT)
    line.output("probability_day", "Within a day", _probability("1"), "chance", "", styles.PERCENT)
    line.output(
        "probability_stressed",
        "Under stress",
        _probability("horizon_days", "volatility*stress_factor"),
        "chance",
        "At the volatility under stress.",
        styles.PERCENT,
    )
    line.output("odds", "One in", "IF(probability>0,1/probability,NA())", "positions", "#N/A: none.", "#,##0.0")
    line.section("Within your limit")
    line.output(
        "leverage_within_limit",
        "Leverage for the days held",
        _last_below(by_leverage.row_headers, by_leverage.columns[-1], "watch_probability"),
        "times",
        "Highest on Calculations below WATCH.",
        styles.MULTIPLE,
    )
    line.output(
        "days_within_limit",
        "Days at this leverage",
        _last_below(by_day[0], by_day[1], "watch_probability"),
        "days",
        "Longest below WATCH, up to the days held.",
        "0.0",
    )


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(probability>=danger_probability,"DANGER",'
    'IF(probability>=watch_probability,"WATCH","SAFE")))'
)
_CHANCE_IN_WORDS = (
    f'IFERROR("Chance of liquidation within "&TEXT(horizon_days,"0")&" days at "&{multiple_text("leverage")}&": "&'
    f'{percent_text("probability")}&IF(probability>0,", about 1 in "&TEXT(odds,"#,##0")&".","."),'
    '"No probability: see Checks.")'
)
_DISTANCE_IN_WORDS = (
    f'IFERROR("Liquidated at "&{price_text("liquidation_price")}&", "&{percent_text("liquidation_distance")}&" away: "&'
    'TEXT(deviations_away,"0.0")&" standard deviations of "&TEXT(horizon_days,"0")&" days.",'
    'IF(ISNA(liquidation_price),"It can\'t be liquidated.","No liquidation price: see Checks."))'
)
_STRESS_IN_WORDS = (
    f'IFERROR("With "&TEXT(stress_factor,"0.0")&" times the volatility: "&{percent_text("probability_stressed")}&'
    f'". Within one day, as it is now: "&{percent_text("probability_day")}&".","No stressed figure: see Checks.")'
)
_LIMIT_IN_WORDS = (
    f'IFERROR("At "&{multiple_text("leverage_within_limit")}&" or less it stays below your limit of "&'
    f'{percent_text("watch_probability")}&".","No leverage on Calculations stays below your limit.")'
)


def _helpers(book: Template) -> None:
    sheet = book.calculations
    line = Panel(sheet, 2, sheet.row)
    line.section("Helpers")
    line.output("side_sign", "Sign of the side", 'IF(side="long",1,IF(side="short",-1,NA()))', "", "", styles.WHOLE)
    line.output(
        "log_drift", "Drift of the logarithm", "drift-carry-volatility*volatility/(1+1)", "", "", styles.PERCENT
    )
    line.output("outer_deviations", "Wide fan, deviations", "-NORMSINV(outer_share)", "", "", styles.RATIO)
    line.output("inner_deviations", "Narrow fan, deviations", "-NORMSINV(inner_share)", "", "", styles.RATIO)
    sheet.space()


def _heat_map(book: Template) -> None:
    sheet = book.calculations
    grid = sheet.grid(
        "Probability of liquidation",
        "By leverage and days held. Orange from WATCH, red from DANGER. n/a: can't be opened.",
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Days held", (1, 3, 7, 14, 30, 90), styles.WHOLE, _DAYS),
        _probability_at,
        styles.PERCENT,
        mark=("AND(ISNUMBER({cell}),{cell}>=danger_probability)", styles.VERMILLION),
    )
    first, last = cells_of(grid.columns[0])[0], cells_of(grid.columns[-1])[-1]
    corner, end = (address.rpartition("!")[2].replace("$", "") for address in (first, last))
    sheet.mark(f"{corner}:{end}", f"AND(ISNUMBER({corner}),{corner}>=watch_probability)", styles.ORANGE)


def _fan(book: Template, days: str) -> list[str]:
    """Where the price may go: the days, the five lines of the fan from below, and the liquidation price."""
    sheet = book.calculations
    deviations = ("-outer_deviations", "-inner_deviations", "0", "inner_deviations", "outer_deviations")
    day_cells = cells_of(days)
    names = ("Low, wide", "Low, narrow", "Middle", "High, narrow", "High, wide")
    return sheet.table(
        "Where the price may go",
        "The shares of paths outside the fan are set on Inputs.",
        [
            Column("Days", "from now", lambda place, row: day_cells[place], "0.0"),
            *[_fan_column(name, deviation) for name, deviation in zip(names, deviations, strict=True)],
            Column("Liquidation", "against now", lambda place, row: "liquidation_price/price_now-1", styles.PERCENT),
        ],
        _POINTS,
    )


def _fan_column(name: str, deviations: str) -> Column:
    years = "B{row}/days_a_year"
    formula = f"EXP(log_drift*{years}+({deviations})*volatility*SQRT({years}))-1"
    return Column(name, "against now", lambda place, row: formula.format(row=row), styles.PERCENT)


def _by_day(book: Template) -> list[str]:
    """The probability by day: the days, as it is, under stress, and the two thresholds."""
    sheet = book.calculations
    first = sheet.row + 2
    points = f"$B${first}:$B${first - 1 + _POINTS}"
    _, *columns = sheet.table(
        "Probability by day",
        "",
        [
            Column("Point", "", lambda place, row: place, styles.WHOLE),
            Column("Days", "from now", lambda place, row: f"horizon_days*B{row}/MAX({points})", "0.0"),
            Column("Probability", "chance", lambda place, row: _probability(f"C{row}"), styles.PERCENT),
            Column(
                "Under stress",
                "chance",
                lambda place, row: _probability(f"C{row}", "volatility*stress_factor"),
                styles.PERCENT,
            ),
            Column("WATCH", "chance", lambda place, row: "watch_probability", styles.PERCENT),
            Column("DANGER", "chance", lambda place, row: "danger_probability", styles.PERCENT),
        ],
        _POINTS,
    )
    return columns


def _by_leverage(book: Template) -> Grid:
    return book.calculations.grid(
        "Probability by leverage",
        "For the chart; leverages in ascending order.",
        Axis("Leverage", _LEVERAGES, styles.MULTIPLE, _LEVERAGE),
        Axis("Days held", ("1", "short_days", "horizon_days"), styles.WHOLE),
        _probability_at,
        styles.PERCENT,
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
            Card("Verdict", "verdict", styles.TEXT, f'="your limit: "&{percent_text("watch_probability")}'),
            Card("Chance of liquidation", "probability", "0.0%", '="within "&TEXT(horizon_days,"0")&" days"'),
            Card("Under stress", "probability_stressed", "0.0%", '=TEXT(stress_factor,"0.0")&" times the volatility"'),
            Card(
                "Leverage within limit",
                "leverage_within_limit",
                styles.MULTIPLE,
                '="for "&TEXT(horizon_days,"0")&" days"',
            ),
            Card("Liquidation price", "liquidation_price", styles.PRICE, "=currency"),
            Card("Distance", "liquidation_distance", "0.0%", "of the price now"),
            Card("Deviations away", "deviations_away", styles.RATIO, "fewer is nearer"),
            Card("Within a day", "probability_day", "0.0%", "chance of liquidation"),
        ]
    )
    for name in ("chance_in_words", "distance_in_words", "stress_in_words", "limit_in_words"):
        sheet.text(f"={name}", quiet=False)
    sheet.text(
        "The model leaves out jumps, fat tails and volatility that rises as prices fall: true chances are often higher."
    )
    sheet.space()


def _charts(book: Template, fan: list[str], by_leverage: Grid, by_day: list[str]) -> None:
    days, low, inner_low, middle, inner_high, high, liquidation = fan
    book.dashboard.place(
        chart(
            "scatter",
            "Where the price may go, and where you are liquidated",
            "Time from now (days)",
            "Price against now (%)",
            [
                Line("Wide fan, high", days, high, styles.SKY),
                Line("Narrow fan, high", days, inner_high, styles.BLUE, dash="dash"),
                Line("Middle", days, middle, styles.BLACK),
                Line("Narrow fan, low", days, inner_low, styles.BLUE, dash="dash"),
                Line("Wide fan, low", days, low, styles.SKY),
                Line("Liquidation price", days, liquidation, styles.VERMILLION, dash="sysDot", width=3),
            ],
            alternative_text="A fan of prices that widens over the days held, wide and narrow around the middle, and "
            "the liquidation price as a dotted line: where it lies inside the fan, liquidation is no rare event.",
            x_format="0",
            y_format="+0%;-0%;0%",
        ),
        rows=17,
    )
    probabilities = chart(
        "scatter",
        "Probability by leverage",
        "Leverage (times)",
        "Chance of liquidation (%)",
        [
            Line("Within a day", by_leverage.row_headers, by_leverage.columns[0], styles.SKY, dash="sysDot"),
            Line("Shorter look", by_leverage.row_headers, by_leverage.columns[1], styles.ORANGE, dash="dash"),
            Line("Days held", by_leverage.row_headers, by_leverage.columns[2], styles.BLUE),
            Line(
                "Your position",
                book.address("leverage"),
                book.address("probability"),
                styles.VERMILLION,
                mark="diamond",
                width=0,
                size=12,
            ),
        ],
        alternative_text="The probability of liquidation rises with leverage, within a day, the shorter look and "
        "the days held; a diamond marks this position.",
        x_format='0"x"',
        y_format="0%",
    )
    probabilities.y_axis.scaling.max = 1  # no chance is above 100%
    book.dashboard.place(probabilities, rows=15)
    book.dashboard.place(
        chart(
            "scatter",
            "Probability by day, at your leverage",
            "Time from now (days)",
            "Chance of liquidation (%)",
            [
                Line("As it is", by_day[0], by_day[1], styles.BLUE),
                Line("Under stress", by_day[0], by_day[2], styles.PURPLE, dash="dash"),
                Line("WATCH", by_day[0], by_day[3], styles.ORANGE, dash="sysDot"),
                Line("DANGER", by_day[0], by_day[4], styles.VERMILLION, dash="lgDash", width=1.5),
            ],
            alternative_text="The probability of liquidation over the days held, as it is and under stress, against "
            "the thresholds for WATCH and DANGER.",
            x_format="0",
            y_format="0%",
        ),
        rows=15,
    )


def _native_probability(days: str, volatility: str = "volatility") -> str:
    """The first passage of a geometric Brownian motion, from the normal distribution alone."""
    away = "ABS(LN(liquidation_price/price_now))"
    towards = f"(-side_sign*(drift-carry-{volatility}*{volatility}/(1+1)))"
    years = f"({days}/days_a_year)"
    spread = f"({volatility}*SQRT{years})"
    straight = f"NORMSDIST(({towards}*{years}-{away})/{spread})"
    mirrored = f"NORMSDIST(-({towards}*{years}+{away})/{spread})"
    factor = f"EXP((1+1)*{towards}*{away}/({volatility}*{volatility}))"
    # Where the factor is beyond the largest number, the term it belongs to is beyond a double's digits.
    return f"IF(ISNA(liquidation_price),0,MIN(1,{straight}+IFERROR({factor}*{mirrored},0)))"


def _checks(book: Template) -> None:
    frozen = venues.condition("method", venues.ENTRY)
    liquidation = (
        f"IF(maintenance_margin_rate*leverage>=1,NA(),IF({frozen},"
        "entry*(1-side_sign/leverage+side_sign*maintenance_margin_rate),"
        "entry*(1-side_sign/leverage)/(1-side_sign*maintenance_margin_rate)))"
    )
    price = f"IF({liquidation}>0,{liquidation},NA())"
    stressed = "(volatility*stress_factor)"
    book.check("Liquidation price", "liquidation_price", price, styles.PRICE)
    book.check("Distance to liquidation", "liquidation_distance", f"side_sign*(1-{price}/price_now)", styles.PERCENT)
    book.check("Over the days held", "probability", _native_probability("horizon_days"), styles.PERCENT)
    book.check("Shorter look", "probability_short", _native_probability("short_days"), styles.PERCENT)
    book.check("Within a day", "probability_day", _native_probability("1"), styles.PERCENT)
    book.check("Under stress", "probability_stressed", _native_probability("horizon_days", stressed), styles.PERCENT)
    book.rule("Position can be opened", "maintenance_margin_rate*leverage<1", "Maintenance margin below initial margin")
    book.rule(
        "Not liquidated already",
        "IF(ISNA(liquidation_price),TRUE,side_sign*(price_now-liquidation_price)>0)",
        "The price now is not beyond liquidation",
    )
    book.rule("DANGER is beyond WATCH", "danger_probability>=watch_probability", "Thresholds in order")
    book.rule("Narrow fan is inside the wide", "inner_share>=outer_share", "Shares outside in order")
