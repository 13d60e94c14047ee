"""Leveraged staking: what a loop of staked coins yields, and what ends it."""

from __future__ import annotations

from typing import Any

from xladdin.templates.kit import (
    ABOVE_ZERO,
    FRACTION,
    Axis,
    Card,
    Column,
    Line,
    Template,
    cells_of,
    chart,
    money_text,
    number,
    one_of,
    percent_text,
    signed_percent_text,
    styles,
    text,
    whole,
)

_LOOPS = 12
_RATE = number(-0.05, 1)
_BORROW_RATES = (0, 0.01, 0.02, 0.025, 0.03, 0.035, 0.04, 0.05, 0.06, 0.08)


def template() -> Template:
    """The workbook staking-loop."""
    book = Template(
        "Staking loop",
        "Before you loop staked coins (stake, borrow against them, stake again): the leverage that the loops make, "
        "what it yields on your own coins, from which borrow rate on it loses, and which depeg liquidates it.",
        steps=[
            "On Inputs, change the blue cells: your coins, the loops, the rates and the market's threshold.",
            "Read the verdict and the sentences beside them, then the figures.",
            "On Dashboard compare 2x to 5x and see which borrow rate they bear; on Calculations the depeg.",
        ],
        assumptions=[
            "Loops borrow the same part of what was added last. Leverage given directly is what they end at.",
            "Rates are simple yearly rates that stay; net yield is leverage x staking - (leverage - 1) x borrowing.",
            "Debt is in the coin that was staked, so that its price does not matter; a depeg does.",
            "A depeg is a fall of the staked coin's value, as the market's oracle sees it, against the borrowed coin.",
        ],
        limits=[
            "Fees of swaps and transactions count only as the one cost of opening and closing.",
            "Slashing, failing contracts and queues to unstake are not in here; a market may freeze.",
            "Rates change by the hour: see what the dearest week would have cost.",
        ],
    )
    book.calculations.widths(26, *[14] * 7)
    _inputs(book)
    _results(book)
    columns = _calculations(book)
    _dashboard(book, columns)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Your coins and the loop")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("coin", "Coin", "ETH", "", "Staked and borrowed.", text(12))
    line.input("capital", "Your own coins", 10, "=coin", "", ABOVE_ZERO, styles.QUANTITY)
    line.input("sizing", "Leverage from", "loops", "", "Loops, or a leverage you choose.", one_of("loops", "leverage"))
    line.input("loops", "Loops", 4, "times", "Only for loops.", whole(0, 50), styles.WHOLE)
    line.input("loop_ltv", "Borrowed each loop", 0.75, "of value", "Only for loops.", number(0, 0.98), styles.PERCENT)
    line.input("chosen_leverage", "Leverage", 3, "times", "Only for leverage.", number(1, 30), styles.MULTIPLE)
    line.section("Rates and the market")
    line.input("stake_apr", "Staking yields", 0.031, "a year", "", _RATE, styles.PERCENT)
    line.input("borrow_apr", "Borrowing costs", 0.024, "a year", "", _RATE, styles.PERCENT)
    line.input("round_trip_cost", "Cost to open and close", 0.001, "of staked", "Swaps and fees.", FRACTION, "0.00%")
    line.input("days", "Days held", 365, "days", "", whole(1, 3650), styles.WHOLE)
    line.input("threshold", "Liquidation threshold", 0.93, "of value", "The market's.", number(0.01, 1), styles.PERCENT)
    line.input("max_ltv", "Highest loan to value", 0.9, "of value", "The market's.", number(0.01, 1), styles.PERCENT)
    line.section("Depeg and thresholds")
    line.input(
        "depeg", "Depeg to prepare for", 0.07, "of value", "stETH fell about 7% in 2022.", number(0, 0.99), "0.00%"
    )
    line.input("watch_health", "WATCH when health below", 1.2, "times", "Health factor.", number(1, 10), "0.00")
    line.input(
        "danger_health", "DANGER when health below", 1.05, "times", "Or the depeg liquidates.", number(1, 10), "0.00"
    )


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    for name, formula in _SENTENCES.items():
        line.sentence(name, f'IF(verdict="CHECK","No answer: see Checks.",IFERROR({formula},"No answer."))')
    line.section("The loop")
    line.output("leverage", "Leverage", _LEVERAGE, "times", "Staked over your own.", _TWO_PLACES)
    line.output("debt", "Borrowed", "LEV_BORROWED(capital,leverage)", "=coin", "", styles.QUANTITY)
    line.output("staked", "Staked", "capital+debt", "=coin", "", styles.QUANTITY)
    line.output("loan_to_value", "Loan to value", "LEV_LTV(debt,staked,1)", "of value", "", styles.PERCENT)
    line.output("collateral_level", "Collateralisation", 'IF(debt=0,"no loan",staked/debt)', "of loan", "", "0%")
    line.section("Yield")
    line.output(
        "net_apy", "Net yield", "LEV_LOOPAPY(leverage,stake_apr,borrow_apr)", "a year", "On your own.", styles.PERCENT
    )
    line.output("daily_earnings", "Staking earns a day", "LEV_BORROWCOST(staked,stake_apr,1)", "=coin", "", _SMALL)
    line.output("daily_cost", "Borrowing costs a day", "LEV_BORROWCOST(debt,borrow_apr,1)", "=coin", "", _SMALL)
    line.output("opening_cost", "To open and close", "staked*round_trip_cost", "=coin", "", _SMALL)
    line.output("profit", "Profit while held", "LEV_BORROWCOST(capital,net_apy,days)-opening_cost", "=coin", "", _SMALL)
    line.output(
        "profit_alone",
        "Profit without a loop",
        "LEV_BORROWCOST(capital,stake_apr,days)",
        "=coin",
        "Just staked.",
        _SMALL,
    )
    line.output(
        "breakeven_days",
        "Days until it is paid",
        "IF(daily_earnings>daily_cost,LEV_BREAKEVEN(opening_cost,daily_earnings-daily_cost),IF(ISNUMBER(daily_earnings-"
        'daily_cost),"never",NA()))',
        "days",
        "Cost to open and close is earned.",
        "#,##0.0",
    )
    line.output(
        "worst_borrow_rate",
        "Borrow rate it bears",
        'IF(debt=0,"no loan",stake_apr*leverage/(leverage-1))',
        "a year",
        "Above it your coins shrink.",
        styles.PERCENT,
    )
    line.section("Risk")
    line.output(
        "health",
        "Health factor",
        'IF(debt=0,"no loan",LEV_HEALTH(staked,threshold,debt))',
        "times",
        "Liquidated below 1.",
        styles.RATIO,
    )
    line.output(
        "liquidation_depeg", "Depeg that liquidates", "LEV_DEPEG(leverage,threshold)", "of value", "", styles.PERCENT
    )
    line.output(
        "liquidation_price",
        "Liquidation price",
        "LEV_LOANPRICE(debt,staked,threshold)",
        "=coin",
        "Of one staked coin; 1 today.",
        "0.0000",
    )
    line.output(
        "health_after_depeg",
        "Health after the depeg",
        'IF(debt=0,"no loan",health*(1-depeg))',
        "times",
        "",
        styles.RATIO,
    )
    line.output(
        "safe_leverage", "Leverage that survives it", _SAFE_LEVERAGE, "times", "At most, with that depeg.", _TWO_PLACES
    )


_SMALL = "0.000000"
_TWO_PLACES = '0.00"x"'
# SUM: straight inside MAX or MIN, Calc loses the error of an add-in's function.
_LEVERAGE = 'IF(sizing="loops",MAX(1,SUM(LEV_LOOP(loop_ltv,loops))),IF(sizing="leverage",chosen_leverage,NA()))'
_SAFE_LEVERAGE = "1/(1-threshold*(1-depeg))"
_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(depeg>=liquidation_depeg,net_apy<=0,IF(debt=0,FALSE,health<danger_health)),'
    '"DANGER",IF(OR(net_apy<=stake_apr*(leverage>1),IF(debt=0,FALSE,health<watch_health)),"WATCH","SAFE")))'
)
_SENTENCES = {
    "loop_in_words": (
        f'{money_text("capital")}&" "&coin&" of your own, "&{money_text("debt")}&" borrowed: "&'
        f'{money_text("staked")}&" staked, "&TEXT(leverage,"0.00")&"x."'
    ),
    "yield_in_words": (
        f'{signed_percent_text("net_apy")}&" a year on your own, "&{signed_percent_text("stake_apr")}&'
        f'" without a loop; "&TEXT(profit,"+0.0000;-0.0000")&" "&coin&" in "&days&" days after costs."'
    ),
    "risk_in_words": (
        'IF(debt=0,"No loan: nothing to liquidate.","A depeg of "&'
        f'{percent_text("liquidation_depeg")}&" liquidates it"&IF(depeg>=liquidation_depeg,'
        f'": LESS THAN THE "&{percent_text("depeg")}&" TO PREPARE FOR.",'
        f'"; you prepare for "&{percent_text("depeg")}&"."))'
    ),
}


def _calculations(book: Template) -> dict[str, str]:
    sheet = book.calculations
    sheet.table(
        "Loop by loop",
        "What each further loop brings, and costs in safety.",
        [
            Column("Loops", "times", lambda place, row: place, styles.WHOLE),
            Column("Leverage", "times", lambda place, row: f"MAX(1,SUM(LEV_LOOP(loop_ltv,B{row})))", _TWO_PLACES),
            Column("Net yield", "a year", lambda place, row: f"LEV_LOOPAPY(C{row},stake_apr,borrow_apr)", "0.00%"),
            Column("Depeg", "that liquidates", lambda place, row: f"IFERROR(LEV_DEPEG(C{row},threshold),0)", "0.00%"),
            Column("Health", "times", lambda place, row: f'IF(B{row}=0,"no loan",C{row}*threshold/(C{row}-1))', "0.00"),
        ],
        _LOOPS + 1,
    )
    grid = sheet.grid(
        "Net yield on your own coins",
        "By borrow rate and leverage, at the staking yield on Inputs. Orange: your coins shrink.",
        Axis("Borrow rate", _BORROW_RATES, styles.PERCENT, _RATE),
        Axis("Leverage", (1, 1.5, 2, 2.5, 3, 4, 5), styles.MULTIPLE, number(1, 30)),
        lambda row, column: f"LEV_LOOPAPY({column},stake_apr,{row})",
        styles.PERCENT,
        heat=True,
    )
    sheet.grid(
        "Profit while held, as a part of your own coins",
        "By borrow rate and depeg at your leverage, if you had to sell at it. In words where it is liquidated.",
        Axis("Borrow rate", (0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1), styles.PERCENT, _RATE),
        Axis("Depeg", (0, 0.01, 0.02, 0.05, 0.07, 0.1, 0.2), "0%", number(0, 0.99)),
        lambda row, column: (
            f'IF(IFERROR({column}>=LEV_DEPEG(leverage,threshold),TRUE),"liquidated",'
            f"LEV_BORROWCOST(1,LEV_LOOPAPY(leverage,stake_apr,{row}),days)-leverage*(round_trip_cost+{column}))"
        ),
        styles.PERCENT,
        heat=True,
    )
    survived = sheet.grid(
        "Depeg that liquidates",
        "By leverage, at the market's threshold. 0%: it can't be opened.",
        Axis("Leverage", (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7, 10), _TWO_PLACES, number(1, 30)),
        Axis("Threshold", ("threshold",), styles.PERCENT),
        lambda row, column: f"IFERROR(LEV_DEPEG({row},{column}),0)",
        styles.PERCENT,
    )
    return {
        "leverages": survived.row_headers,
        "depegs": survived.columns[0],
        "rates": grid.row_headers,
        "headers": grid.column_headers,
        "two": grid.columns[2],
        "three": grid.columns[4],
        "four": grid.columns[5],
        "five": grid.columns[6],
    }


def _dashboard(book: Template, columns: dict[str, str]) -> None:
    sheet = book.dashboard
    sheet.text(
        '=IF(client="","",client&" · ")&coin&" looped to "&TEXT(leverage,"0.00")&"x"',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, '=IF(debt=0,"no loan","health factor "&TEXT(health,"0.00"))'),
            Card("Current leverage", "leverage", _TWO_PLACES, '="survives up to "&TEXT(safe_leverage,"0.00")&"x"'),
            Card("Collateralisation", "collateral_level", "0%", f'="loan to value "&{percent_text("loan_to_value")}'),
            Card(
                "Liquidation price",
                "liquidation_price",
                "0.0000",
                f'="a depeg of "&{percent_text("liquidation_depeg")}',
            ),
            Card("Net yield a year", "net_apy", "0.00%", f'={signed_percent_text("stake_apr")}&" without a loop"'),
            Card("Earnings a day", "daily_earnings", "0.00000", '="less borrowing "&TEXT(daily_cost,"0.00000")'),
            Card("Profit while held", "profit", "0.0000", '=coin&" in "&days&" days, after costs"'),
            Card("Borrow rate it bears", "worst_borrow_rate", "0.00%", '="now "&TEXT(borrow_apr,"0.00%")'),
        ]
    )
    for name in _SENTENCES:
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    for made in (_rate_chart(columns), _depeg_chart(book, columns)):
        sheet.place(made, rows=21)


def _rate_chart(columns: dict[str, str]) -> Any:
    _, _, two, _, three, four, five = cells_of(columns["headers"])  # the user may change them: the legend follows
    return chart(
        "scatter",
        "Which borrow rate does a loop bear?",
        "Borrow rate (% a year)",
        "Net yield (% a year)",
        [
            Line(two, columns["rates"], columns["two"], styles.SKY),
            Line(three, columns["rates"], columns["three"], styles.BLUE, dash="dash"),
            Line(four, columns["rates"], columns["four"], styles.ORANGE, dash="lgDash"),
            Line(five, columns["rates"], columns["five"], styles.VERMILLION, dash="sysDot"),
        ],
        alternative_text="Net yield a year over the borrow rate for four leverages: the more leverage, the steeper "
        "the line; all meet where borrowing costs what staking yields.",
        x_format="0%",
        y_format="0%",
    )


def _depeg_chart(book: Template, columns: dict[str, str]) -> Any:
    return chart(
        "scatter",
        "How much depeg does it survive?",
        "Leverage (times)",
        "Depeg that liquidates (%)",
        [
            Line("Depeg that liquidates", columns["leverages"], columns["depegs"], styles.BLUE),
            Line(
                "Your loop",
                book.address("leverage"),
                book.address("liquidation_depeg"),
                styles.VERMILLION,
                mark="diamond",
                width=0,
                size=13,
            ),
        ],
        alternative_text="The depeg that liquidates the loop falls as leverage rises; a diamond marks your loop.",
        x_format='0"x"',
        y_format="0%",
    )


def _checks(book: Template) -> None:
    looped = 'IF(sizing="loops",(1-loop_ltv^(loops+1))/(1-loop_ltv),chosen_leverage)'
    year = "(DATE(2027,1,1)-DATE(2026,1,1))"
    apy = f"({looped}*stake_apr-({looped}-1)*borrow_apr)"
    book.check("Leverage", "leverage", looped, styles.RATIO)
    book.check("Borrowed", "debt", f"capital*({looped}-1)", styles.QUANTITY)
    book.check("Loan to value", "loan_to_value", f"1-1/{looped}", styles.PERCENT)
    book.check("Net yield", "net_apy", apy, styles.PERCENT)
    book.check("Profit while held", "profit", f"capital*({apy}*days/{year}-{looped}*round_trip_cost)", _SMALL)
    book.check("Profit without a loop", "profit_alone", f"capital*stake_apr*days/{year}", _SMALL)
    book.check("Depeg that liquidates", "liquidation_depeg", f"1-({looped}-1)/({looped}*threshold)", styles.PERCENT)
    book.check("Liquidation price", "liquidation_price", f"(1-1/{looped})/threshold", "0.0000")
    book.check(
        "Health factor",
        "IF(ISTEXT(health),0,health)",
        f"IF({looped}=1,0,{looped}*threshold/({looped}-1))",
        styles.RATIO,
        note="0: no loan",
    )
    book.rule("Loan to value is allowed", "loan_to_value<=max_ltv", "At most what the market lends")
    book.rule("The market lends below its threshold", "max_ltv<=threshold", "Its two limits in order")
    book.rule("DANGER is nearer than WATCH", "danger_health<=watch_health", "Thresholds in order")
