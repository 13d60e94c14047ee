"""Mining with borrowed money: what it earns and costs, when it has paid the loan, and when the loan is liquidated."""

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

_MONTHS = 60
_CONSTANTS = (
    ("Days in a month of the plan", 30),
    ("Days in a year of interest", 365),
    ("Seconds in a day", 86400),
    ("Hours in a day", 24),
    ("Watts in a kilowatt", 1000),
    ("Hashes in a terahash", 10**12),
    ("Hashes a unit of difficulty", 2**32),
)


def template() -> Template:
    """The workbook mining-leveraged."""
    book = Template(
        "Leveraged mining",
        "Before you borrow to mine: what the rigs earn and cost a day, what is left of it after the loan, how long the "
        "loan takes to pay for itself, whether borrowing beats mining with your own money alone, and at which price "
        "of the coin the loan is liquidated.",
        steps=[
            "On Inputs, change the blue cells: your money and the loan, the rigs, the network, and what you expect.",
            "Read the verdict and the sentences beside them, then the figures.",
            "On Dashboard see month by month whether the loan pays; on Calculations what other prices would bring.",
        ],
        assumptions=[
            "Net profit = capital x leverage x yield - borrowing cost - capital x leverage x price loss. The yield is "
            "what the plan earns after power over the term, as a part of all that was invested.",
            "Break-even time = total borrowing cost / daily net earnings of today.",
            "What the rigs would fetch moves with the price of the coin, one for one; they secure the loan.",
            "The loan costs simple interest each month and is repaid in one sum at the end of its term. A month has "
            "30 days.",
            "Coins are sold as they are mined. The price goes evenly to where you expect it at the end of the term "
            "and stays there. In a month whose power would cost more than it earns, the rigs are off.",
            'Net profit counts the rigs at what they would fetch; "your money is back" counts cash alone.',
            "Tax is due on each month's earnings after power and interest; a loss of value is not deducted.",
        ],
        limits=[
            "Wear, repairs and hosting are not in here: put them into the price of power, uptime or price loss.",
            "Difficulty follows your growth, not the price; after a halving it might fall, which would help you.",
            "The loan's fees, margin calls that you meet and a resale below the assumed value are not modelled.",
        ],
    )
    book.calculations.widths(28, *[14] * 7)
    _inputs(book)
    constants = _constants(book)
    _grids(book)
    plan = _plan(book, constants)
    _results(book, constants, plan)
    _dashboard(book, plan)
    _checks(book, constants, plan)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("You and the loan")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("currency", "Currency", "USD", "", "Of prices, the loan and power.", text(8))
    line.input("capital", "Your own money", 50000, "=currency", "What you put in.", ABOVE_ZERO, styles.MONEY)
    line.input(
        "leverage", "Leverage", 1.8, "times", "All that is invested over your own.", number(1, 10), styles.MULTIPLE
    )
    line.input("apr", "Interest", 0.11, "a year", "Of the loan.", FRACTION, styles.PERCENT)
    line.input("term_months", "Term of the loan", 12, "months", "Of 30 days; repaid at the end.", whole(1, _MONTHS))
    line.input(
        "margin_call_ltv", "Margin call at", 0.7, "loan to value", "The lender's term.", number(0.01, 1), styles.PERCENT
    )
    line.input(
        "liquidation_ltv", "Liquidation at", 0.8, "loan to value", "The lender's term.", number(0.01, 1), styles.PERCENT
    )
    _rig_inputs(book)
    _expectation_inputs(book)


def _rig_inputs(book: Template) -> None:
    line = book.inputs
    line.section("Rigs and power")
    line.input(
        "earnings_from", "Earnings from", "hash rate", "", "Or a yield that you were quoted.", _EARNINGS, styles.GENERAL
    )
    line.input("quoted_yield", "Quoted yield", 0.4, "a term", "After power; only for yield.", number(0, 5), "0.00%")
    line.input(
        "terahash_price",
        "Price of hash rate",
        11,
        '=currency&" a TH/s"',
        "Rigs, ready to run.",
        ABOVE_ZERO,
        styles.MONEY,
    )
    line.input("efficiency", "Efficiency", 13.5, "J/TH", "Watts for each TH/s, at the wall.", number(0, 1000), "0.0")
    line.input("tariff", "Price of power", 0.04, '=currency&" a kWh"', "All in.", number(0, 10), "0.0000")
    line.input("uptime", "Uptime", 0.97, "of time", "The rest is outages and repairs.", FRACTION, styles.PERCENT)
    line.input("pool_fee", "Pool fee", 0.01, "of coins", "", FRACTION, styles.PERCENT)
    line.section("Network today")
    line.input("price", "Price of the coin", 95000, "=currency", "", ABOVE_ZERO, styles.PRICE)
    line.input("difficulty", "Difficulty", 140e12, "", "Any block explorer shows it.", number(1, 1e30), "0.00E+00")
    line.input("block_reward", "Block reward", 3.125, "coins", "Add fees if you count on them.", ABOVE_ZERO, "0.0000")


def _expectation_inputs(book: Template) -> None:
    line = book.inputs
    line.section("What you expect")
    line.input("difficulty_growth", "Growth of difficulty", 0.01, "a month", "", number(-0.2, 0.5), styles.PERCENT)
    line.input("halving_months", "Full months to halving", 19, "months", "60: none in the plan.", whole(0, _MONTHS))
    line.input("reward_after", "Block reward then", 1.5625, "coins", "Half, plus fees.", ABOVE_ZERO, "0.0000")
    line.input(
        "price_loss",
        "Price loss over the term",
        0.1,
        "of price",
        "Negative when you expect a rise.",
        number(-9, 0.99),
        styles.PERCENT,
    )
    line.input("tax_rate", "Tax", 0.1, "of earnings", "After power and interest.", FRACTION, styles.PERCENT)
    line.section("Thresholds")
    line.input(
        "watch_distance", "WATCH when nearer than", 0.4, "of price", "Fall until liquidation.", FRACTION, styles.PERCENT
    )
    line.input("danger_distance", "DANGER when nearer than", 0.2, "of price", "", FRACTION, styles.PERCENT)


_EARNINGS = one_of("hash rate", "yield")


def _constants(book: Template) -> dict[str, str]:
    """Fixed figures, each once; gives the address of each by its label."""
    sheet = book.calculations
    _, values = sheet.table(
        "Fixed figures",
        "",
        [
            Column("Figure", "", lambda place, row: f'"{_CONSTANTS[place][0]}"', styles.GENERAL),
            Column("Value", "", lambda place, row: _CONSTANTS[place][1], "[>=1000000000000]0E+00;#,##0"),
        ],
        len(_CONSTANTS),
    )
    return {label: cell for (label, _), cell in zip(_CONSTANTS, cells_of(values), strict=True)}


def _plan(book: Template, constants: dict[str, str]) -> dict[str, str]:
    """Month by month; gives the address of each column."""
    sheet = book.calculations
    sheet.page_break()
    days = constants["Days in a month of the plan"]
    fallen = "((1-price_loss)^(MIN(B{row}-1,term_months)/term_months))"
    kept = "MAX(0,D{row}-E{row})"

    def cash(column: str, first: str, change: str) -> tuple[str, str]:
        return f"{first}+{change}", f"{column}{{before}}+{change}"

    with_loan = cash("H", "-capital", f"{kept}-F{{row}}+E{{row}}-G{{row}}-IF(B{{row}}=term_months,borrowed,0)")
    alone = cash("I", "-capital", f"{kept}*(1-tax_rate)/leverage")
    formulas = {
        "price": f"price*{fallen}",
        "revenue": f"daily_revenue*{days}*{fallen}/(1+difficulty_growth)^(B{{row}}-1)*"
        "IF(B{row}<=halving_months,1,reward_after/block_reward)",
        "power": f"daily_power*{days}",
        "costs": f"E{{row}}+IF(B{{row}}<=term_months,daily_interest*{days},0)",
        "tax": f"tax_rate*MAX(0,{kept}-F{{row}}+E{{row}})",
    }

    def column(header: str, unit: str, formula: str, following: str | None = None) -> Column:
        return Column(
            header,
            unit,
            lambda place, row: (following if place and following else formula).format(row=row, before=row - 1),
            styles.WHOLE,
        )

    columns = [
        Column("Month", "of 30 days", lambda place, row: place + 1, styles.WHOLE),
        column("Coin price", "at its start", formulas["price"]),
        column("Revenue", "a month", formulas["revenue"]),
        column("Power", "a month", formulas["power"]),
        column("Power, interest", "a month", formulas["costs"]),
        column("Tax", "a month", formulas["tax"]),
        column("Cash with loan", "since the start", *with_loan),
        column("Cash, no loan", "since the start", *alone),
    ]
    addresses = sheet.table(
        "The plan",
        "Cash starts with your money spent on rigs. The loan is repaid at the end of its term.",
        columns,
        _MONTHS,
    )
    return dict(zip(("months", "prices", "revenue", "power", "costs", "tax", "cash", "alone"), addresses, strict=True))


def _results(book: Template, constants: dict[str, str], plan: dict[str, str]) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    for name, formula in _SENTENCES.items():
        line.sentence(name, f'IF(verdict="CHECK","No answer: see Checks.",IFERROR({formula},"No answer."))')
    line.section("Loan and collateral")
    line.output("borrowed", "Borrowed", "LEV_BORROWED(capital,leverage)", "=currency", "")
    line.output("exposure", "Invested in all", "capital+borrowed", "=currency", "Yours and the lender's.")
    line.output(
        "loan_to_value", "Loan to value", "LEV_LTV(borrowed,exposure/price,price)", "of value", "", styles.PERCENT
    )
    line.output(
        "collateral_level",
        "Collateralisation",
        'IF(borrowed=0,"no loan",exposure/borrowed)',
        "of loan",
        "Value of the rigs over the loan.",
        "0%",
    )
    line.output(
        "margin_call_price",
        "Margin call price",
        _loan_price("margin_call_ltv"),
        "=currency",
        "Of the coin.",
        styles.PRICE,
    )
    line.output(
        "liquidation_price",
        "Liquidation price",
        _loan_price("liquidation_ltv"),
        "=currency",
        "Of the coin: estimated.",
        styles.PRICE,
    )
    line.output(
        "liquidation_distance",
        "Fall until liquidation",
        "LEV_LIQDISTANCE(price,liquidation_price)",
        "of price",
        "From today's price.",
        styles.PERCENT,
    )
    line.output(
        "planned_price", "Planned price", "price*(1-price_loss)", "=currency", "At the end of the term.", styles.PRICE
    )
    line.output(
        "leverage_at_plan",
        "Leverage at planned price",
        _LEVERAGE_AT_PLAN,
        "times",
        "At the end of the term.",
        styles.MULTIPLE,
    )
    _daily_results(book, constants)
    _term_results(book, constants, plan)


def _loan_price(ltv: str) -> str:
    return f"LEV_LOANPRICE(borrowed,exposure/price,{ltv})"


def _daily_results(book: Template, constants: dict[str, str]) -> None:
    line = book.results
    line.section("A day, at today's price and difficulty")
    line.output("hashrate", "Hash rate running", _of("exposure/terahash_price*uptime", "0"), "TH/s", "", styles.WHOLE)
    line.output("daily_coins", "Coins mined", "daily_revenue/price", "coins", "After the pool's fee.", "0.000000")
    line.output(
        "daily_revenue",
        "Revenue",
        _of(
            "LEV_MINEDAILY(hashrate,0,difficulty,block_reward,price,0,pool_fee)",
            "exposure*quoted_yield/term_days*LEV_RATIO(price,price)",
        ),
        "=currency",
        "",
    )
    line.output("daily_power", "Power", _of("LEV_POWERCOST(hashrate*efficiency,tariff)", "0"), "=currency", "")
    line.output("daily_interest", "Interest", "borrow_cost/term_days", "=currency", "")
    line.output("daily_net", "Net earnings", "daily_revenue-daily_power", "=currency", "Before interest.")
    line.output("daily_left", "Left after interest", "daily_net-daily_interest", "=currency", "")
    line.output(
        "idle_price",
        "Coin price that pays nothing",
        "price*(daily_power+daily_interest)/daily_revenue",
        "=currency",
        "Revenue equals power and interest.",
        styles.PRICE,
    )


def _term_results(book: Template, constants: dict[str, str], plan: dict[str, str]) -> None:
    line = book.results
    line.section("Over the term")
    line.output(
        "term_days", "Length", f"term_months*{constants['Days in a month of the plan']}", "days", "", styles.WHOLE
    )
    line.output("borrow_cost", "Borrowing cost", "LEV_BORROWCOST(borrowed,apr,term_days)", "=currency", "All of it.")
    in_term = f"({plan['months']}<=term_months)"
    line.output(
        "term_earnings",
        "Earnings after power",
        f"SUMPRODUCT({in_term}*({plan['revenue']}>{plan['power']})*({plan['revenue']}-{plan['power']}))",
        "=currency",
        "By the plan on Calculations.",
    )
    line.output("term_yield", "Yield", "term_earnings/exposure", "of invested", "After power.", styles.PERCENT)
    line.output(
        "net_profit",
        "Net profit",
        "LEV_MINEPROFIT(capital,leverage,term_yield,borrow_cost,price_loss)",
        "=currency",
        "After the price loss, before tax.",
    )
    line.output("net_return", "Return", "net_profit/capital", "of your money", "", styles.PERCENT)
    line.output("term_tax", "Tax", f"SUMPRODUCT({in_term}*{plan['tax']})", "=currency", "By the plan on Calculations.")
    line.output("profit_after_tax", "Net profit after tax", "net_profit-term_tax", "=currency", "")
    line.output(
        "profit_alone",
        "Net profit without a loan",
        "LEV_MINEPROFIT(capital,1,term_yield,0,price_loss)",
        "=currency",
        "Before tax.",
    )
    line.output(
        "breakeven_days",
        "Break-even time",
        'IF(daily_net>0,LEV_BREAKEVEN(borrow_cost,daily_net),IF(ISNUMBER(daily_net),"never",NA()))',
        "days",
        "Borrowing cost over daily net earnings.",
        "#,##0.0",
    )
    below = f"SUMPRODUCT(MAX(({plan['cash']}<0)*{plan['months']}))"  # the last month with cash below zero
    line.output(
        "payback_month",
        "Your money is back",
        f'IF({below}<MAX({plan["months"]}),{below}+1,"not in plan")',
        "month",
        "For good, after the loan's repayment.",
        styles.WHOLE,
    )


def _of(from_hash_rate: str, from_yield: str) -> str:
    return f'IF(earnings_from="hash rate",{from_hash_rate},IF(earnings_from="yield",{from_yield},NA()))'


_LEVERAGE_AT_PLAN = (
    'IF(exposure*(1-price_loss)>borrowed,LEV_RATIO(exposure*(1-price_loss),exposure*(1-price_loss)-borrowed),"lost")'
)
_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(liquidation_distance<danger_distance,price_loss>=liquidation_distance,'
    'daily_left<=0),"DANGER",IF(OR(liquidation_distance<watch_distance,net_profit<=0,ISTEXT(payback_month)),"WATCH","SAFE")))'
)
_SENTENCES = {
    "loan_in_words": (
        f'{money_text("exposure")}&" "&currency&" invested: "&{money_text("capital")}&" yours, "&'
        f'{money_text("borrowed")}&" borrowed at "&{percent_text("apr")}&" a year."'
    ),
    "profit_in_words": (
        f'"In "&term_months&" months: "&{signed_text("net_profit")}&" "&currency&" ("&'
        f'{signed_percent_text("net_return")}&" of your money), "&{signed_text("profit_alone")}&" without a loan."'
    ),
    "payback_in_words": (
        'IF(ISTEXT(payback_month),"In cash alone your money is not back within the plan: you would have to sell rigs.",'
        '"In cash alone, loan repaid and tax paid, your money is back after month "&payback_month&".")'
    ),
    "risk_in_words": (
        f'IF(borrowed=0,"No loan: nothing to liquidate.","Liquidated when the coin falls "&'
        f'{percent_text("liquidation_distance")}&" to "&{price_text("liquidation_price")}&'
        'IF(price_loss>=liquidation_distance,": YOUR OWN PRICE PLAN GOES THERE.",'
        f'"; your plan ends at "&{price_text("planned_price")}&"."))'
    ),
}


def _grids(book: Template) -> None:
    sheet = book.calculations
    change = number(-0.95, 5)
    sheet.grid(
        "Left a day after power and interest",
        "By change of the coin's price and of the difficulty, from today's. Orange: you pay to mine.",
        Axis("Coin price", (-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.25, 0.5), "+0%;-0%;0%", change),
        Axis("Difficulty", (-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1), "+0%;-0%;0%", change),
        lambda row, column: f"daily_revenue*(1+{row})/(1+{column})-daily_power-daily_interest",
        styles.MONEY,
        heat=True,
    )
    sheet.grid(
        "Net profit of the term",
        "By leverage and price loss at the yield on Inputs. In words where the price loss liquidates the loan.",
        Axis("Leverage", (1, 1.5, 2, 2.5, 3, 4, 5), styles.MULTIPLE, number(1, 10)),
        Axis("Price loss", (-0.2, 0, 0.1, 0.2, 0.3, 0.4, 0.5), "0%", number(-9, 0.99)),
        lambda row, column: (
            f'IF(LEV_BORROWED(capital,{row})>=capital*{row}*(1-{column})*liquidation_ltv,"liquidated",'
            f"LEV_MINEPROFIT(capital,{row},term_yield,LEV_BORROWCOST(LEV_BORROWED(capital,{row}),apr,term_days),"
            f"{column}))"
        ),
        styles.WHOLE,
        heat=True,
    )


def _dashboard(book: Template, plan: dict[str, str]) -> None:
    sheet = book.dashboard
    sheet.text(
        f'=IF(client="","",client&" · ")&"mining with "&{multiple_text("leverage")}&" · "&term_months&" months"',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("liquidation_distance")}&" to liquidation"'),
            Card(
                "Current leverage",
                "leverage",
                styles.MULTIPLE,
                f'={multiple_text("leverage_at_plan")}&" at the planned price"',
            ),
            Card(
                "Collateralisation",
                "collateral_level",
                "0%",
                f'="loan to value "&{percent_text("loan_to_value")}',
            ),
            Card("Liquidation price", "liquidation_price", styles.PRICE, '=currency&" a coin, estimated"'),
            Card("Earnings a day", "daily_revenue", styles.MONEY, '=TEXT(daily_coins,"0.000000")&" coins"'),
            Card(
                "Costs a day",
                "daily_power+daily_interest",
                styles.MONEY,
                f'="power "&{money_text("daily_power")}&", interest "&{money_text("daily_interest")}',
            ),
            Card(
                "Net profit of the term",
                "net_profit",
                styles.WHOLE,
                f'="after tax "&{signed_text("profit_after_tax")}',
            ),
            Card("Break-even time", "breakeven_days", '#,##0" days"', "until the loan's cost is earned"),
        ]
    )
    for name in _SENTENCES:
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    _charts(book, plan)


def _charts(book: Template, plan: dict[str, str]) -> None:
    for made in (_cash_chart(plan), _month_chart(plan)):
        made.x_axis.scaling.min, made.x_axis.scaling.max = 0, _MONTHS
        made.x_axis.majorUnit = 12
        book.dashboard.place(made, rows=21)


def _cash_chart(plan: dict[str, str]) -> Any:
    return chart(
        "scatter",
        "When is your money back?",
        "Time (months)",
        "Cash since the start (your currency)",
        [
            Line("With the loan, after tax", plan["months"], plan["cash"], styles.BLUE),
            Line("Without a loan, after tax", plan["months"], plan["alone"], styles.ORANGE, dash="dash"),
        ],
        alternative_text="Cash since the start over 60 months, with the loan and without: where a line crosses "
        "zero your money is back. The step down is the repayment of the loan.",
        x_format="0",
    )


def _month_chart(plan: dict[str, str]) -> Any:
    return chart(
        "scatter",
        "Do the rigs pay their way?",
        "Time (months)",
        "Money a month (your currency)",
        [
            Line("Revenue", plan["months"], plan["revenue"], styles.BLUE),
            Line("Power and interest", plan["months"], plan["costs"], styles.VERMILLION, dash="dash"),
            Line("Power", plan["months"], plan["power"], styles.BLACK, dash="sysDot"),
        ],
        alternative_text="Revenue a month against power and interest over 60 months: revenue falls as difficulty "
        "grows and drops at the halving; below the cost of power the rigs are off.",
        x_format="0",
    )


def _checks(book: Template, constants: dict[str, str], plan: dict[str, str]) -> None:
    hashes, kilo = constants["Hashes in a terahash"], constants["Watts in a kilowatt"]
    seconds, hours = constants["Seconds in a day"], constants["Hours in a day"]
    block, year = constants["Hashes a unit of difficulty"], constants["Days in a year of interest"]
    debt, invested = "capital*(leverage-1)", "capital*leverage"
    rate = f"{invested}/terahash_price*uptime"
    interest = f"{debt}*apr*term_days/{year}"
    revenue = _of(
        f"{rate}*{hashes}*{seconds}*block_reward/(difficulty*{block})*(1-pool_fee)*price",
        f"{invested}*quoted_yield/term_days",
    )
    power = _of(f"{rate}*efficiency/{kilo}*{hours}*tariff", "0")
    book.check("Borrowed", "borrowed", debt)
    book.check("Loan to value", "loan_to_value", f"{debt}/({invested})", styles.PERCENT)
    book.check("Margin call price", "margin_call_price", f"{debt}*price/({invested}*margin_call_ltv)")
    book.check("Liquidation price", "liquidation_price", f"{debt}*price/({invested}*liquidation_ltv)")
    book.check(
        "Fall until liquidation", "liquidation_distance", f"1-{debt}/({invested}*liquidation_ltv)", styles.PERCENT
    )
    book.check("Revenue a day", "daily_revenue", revenue)
    book.check("Power a day", "daily_power", power)
    book.check("Borrowing cost", "borrow_cost", interest)
    profit = "term_earnings-{cost}-{size}*price_loss"
    book.check("Net profit", "net_profit", profit.format(cost=interest, size=invested))
    book.check("Net profit without a loan", "profit_alone", "term_earnings/leverage-capital*price_loss")
    book.check(
        "Break-even time",
        "IF(ISTEXT(breakeven_days),0,breakeven_days)",
        f"IF({revenue}>{power},{interest}/({revenue}-{power}),0)",
        note="0: never",
    )
    book.check(
        "Cash at the end of the plan",
        f"SUM(INDEX({plan['cash']},{_MONTHS}))",
        f"SUMPRODUCT(({plan['revenue']}>{plan['power']})*({plan['revenue']}-{plan['power']}))-{interest}"
        f"-SUM({plan['tax']})-capital-{debt}",
    )
    book.rule("Margin call before liquidation", "margin_call_ltv<=liquidation_ltv", "The lender's terms in order")
    book.rule("Loan can be opened", f"{debt}<{invested}*liquidation_ltv", "Not liquidated on the first day")
    book.rule("Block reward does not grow", "reward_after<=block_reward", "A halving lowers it")
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")
