"""A loan against coins: how far the price may fall, what a margin call takes, and how to get back to the target."""

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
    chart,
    money_text,
    number,
    percent_text,
    price_text,
    styles,
    text,
    whole,
)

_STEPS = 13
_LOAN_TO_VALUE = number(0.01, 0.99)


def template() -> Template:
    """The workbook collateral-loan."""
    book = Template(
        "Loan against coins",
        "Before you borrow against your coins, and while you owe: how far the price may fall before the margin call "
        "and the liquidation, how many coins or how much money would put it right, and whether your reserve is enough.",
        steps=[
            "On Inputs, change the blue cells: the coins, the loan, the lender's terms and the fall to prepare for.",
            "Read the verdict and the sentences beside them, then the prices.",
            "On Dashboard see the loan to value over the price; on Calculations what each fall would take.",
        ],
        assumptions=[
            "Loan to value = what is owed / (coins x price). The lender acts on the price alone, at once.",
            "Interest is simple, on 365 days a year, and is added to the debt at the end of the term.",
            "A top-up adds coins of the same kind; the debt stays as it is.",
            "Selling coins to repay lowers both sides: loan to value is back at your target afterwards.",
        ],
        limits=[
            "One kind of coin. Partial liquidation, notice periods and several loans are not in here.",
            "In a crash a lender may sell below the liquidation price; then less is left for you.",
            "Tax on coins that are sold or liquidated is not counted.",
        ],
    )
    _inputs(book)
    _results(book)
    columns = _calculations(book)
    _dashboard(book, columns)
    _checks(book)
    return book


def _inputs(book: Template) -> None:
    line = book.inputs
    line.section("Collateral and loan")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("coin", "Coin", "BTC", "", "What secures the loan.", text(12))
    line.input("currency", "Currency", "USD", "", "Of the loan and the price.", text(8))
    line.input("collateral", "Collateral", 2, "=coin", "Coins that secure the loan.", ABOVE_ZERO, styles.QUANTITY)
    line.input("price", "Price of the coin", 95000, "=currency", "Today.", ABOVE_ZERO, styles.PRICE)
    line.input("debt", "Owed today", 85000, "=currency", "Interest so far included.", ABOVE_ZERO, styles.MONEY)
    line.input("apr", "Interest", 0.09, "a year", "", FRACTION, styles.PERCENT)
    line.input("term_days", "Still to run", 180, "days", "Until the loan is repaid.", whole(0, 3650), styles.WHOLE)
    line.section("The lender's terms")
    for name, label, value in (("margin_call_ltv", "Margin call at", 0.7), ("liquidation_ltv", "Liquidation at", 0.8)):
        line.input(name, label, value, "loan to value", "", _LOAN_TO_VALUE, styles.PERCENT)
    line.input(
        "liquidation_fee", "Liquidation fee", 0.02, "of sale", "Kept by the lender.", number(0, 0.5), styles.PERCENT
    )
    line.section("Your plan")
    line.input("target_ltv", "Target", 0.4, "loan to value", "Where you want to be.", _LOAN_TO_VALUE, styles.PERCENT)
    line.input("reserve", "Reserve", 0.8, "=coin", "Coins you could add in time.", number(), styles.QUANTITY)
    line.input(
        "expected_fall", "Fall to prepare for", 0.45, "of price", "From today's.", number(0, 0.99), styles.PERCENT
    )
    line.section("Thresholds and range")
    line.input(
        "watch_distance", "WATCH when nearer than", 0.4, "of price", "Fall until liquidation.", FRACTION, styles.PERCENT
    )
    line.input(
        "danger_distance",
        "DANGER when nearer than",
        0.15,
        "of price",
        "Or the reserve is too small.",
        FRACTION,
        styles.PERCENT,
    )
    line.input(
        "stress_step",
        "Step of the stress table",
        0.05,
        "of price",
        "Between two prices.",
        number(0.01, 0.08),
        styles.PERCENT,
    )


def _results(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    for name, formula in _SENTENCES.items():
        line.sentence(name, f'IF(verdict="CHECK","No answer: see Checks.",IFERROR({formula},"No answer."))')
    line.section("Today")
    line.output("collateral_value", "Value of the collateral", "collateral*price", "=currency", "")
    line.output("loan_to_value", "Loan to value", "LEV_LTV(debt,collateral,price)", "of value", "", styles.PERCENT)
    line.output("collateral_level", "Collateralisation", "1/loan_to_value", "of debt", "", "0.0%")
    line.output(
        "health",
        "Health factor",
        "LEV_HEALTH(collateral_value,liquidation_ltv,debt)",
        "times",
        "Liquidated below 1.",
        styles.RATIO,
    )
    _price_results(book)
    _repair_results(book)


def _price_results(book: Template) -> None:
    line = book.results
    line.section("Prices of the coin")
    for name, label, formula, note in (
        ("margin_call_price", "Margin call", "LEV_LOANPRICE(debt,collateral,margin_call_ltv)", "Today's debt."),
        ("liquidation_price", "Liquidation", "LEV_LOANPRICE(debt,collateral,liquidation_ltv)", "Today's debt."),
        (
            "liquidation_at_end",
            "Liquidation at the end",
            "LEV_LOANPRICE(debt_at_end,collateral,liquidation_ltv)",
            "Debt with all interest.",
        ),
        (
            "liquidation_with_reserve",
            "Liquidation, reserve added",
            "LEV_LOANPRICE(debt,collateral+reserve,liquidation_ltv)",
            "Today's debt.",
        ),
    ):
        line.output(name, label, formula, "=currency", note, styles.PRICE)
    line.output(
        "liquidation_distance",
        "Fall until liquidation",
        "LEV_LIQDISTANCE(price,liquidation_price)",
        "of price",
        "Negative: it is due already.",
        styles.PERCENT,
    )
    line.output(
        "left_after_liquidation",
        "Left after liquidation",
        "collateral*liquidation_price*(1-liquidation_fee)-debt",
        "=currency",
        "Debt and fee paid.",
    )
    line.output("interest", "Interest to the end", "LEV_BORROWCOST(debt,apr,term_days)", "=currency", "")
    line.output("debt_at_end", "Owed at the end", "debt+interest", "=currency", "")


def _repair_results(book: Template) -> None:
    line = book.results
    line.section("After the fall that you prepare for")
    line.output("fallen_price", "Price", "price*(1-expected_fall)", "=currency", "", styles.PRICE)
    line.output("fallen_ltv", "Loan to value", "LEV_LTV(debt,collateral,fallen_price)", "of value", "", styles.PERCENT)
    line.output(
        "fallen_ltv_with_reserve",
        "With the reserve added",
        "LEV_LTV(debt,collateral+reserve,fallen_price)",
        "of value",
        "",
        styles.PERCENT,
    )
    line.output(
        "top_up",
        "Coins to add",
        _to_add("fallen_price", "target_ltv"),
        "=coin",
        "To be at the target.",
        styles.QUANTITY,
    )
    line.output(
        "call_top_up",
        "Coins to avoid the call",
        _to_add("fallen_price", "margin_call_ltv"),
        "=coin",
        "Just to be at the margin call.",
        styles.QUANTITY,
    )
    line.output("repayment", "Or money to repay", _to_repay("fallen_price"), "=currency", "To be at the target.")
    line.section("Back to the target, today")
    line.output(
        "rebalance",
        "Buy (+) or sell (-)",
        "LEV_REBALANCE(collateral_value,collateral_value-debt,1/(1-target_ltv))",
        "=currency",
        "Borrowing more, or repaying with the sale.",
    )
    line.output("rebalance_coins", "In coins", "rebalance/price", "=coin", "", "+0.0000;-0.0000;0.0000")


def _to_add(price: str, ltv: str) -> str:
    # SUM: straight inside MAX, Calc loses the error of an add-in's function.
    return f"MAX(0,SUM(LEV_COLLATERAL(debt,{price},{ltv}),-collateral))"


def _to_repay(price: str) -> str:
    return f"MAX(0,debt-target_ltv*collateral*{price})"


_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(liquidation_distance<danger_distance,fallen_ltv_with_reserve>=liquidation_ltv),'
    '"DANGER",IF(OR(liquidation_distance<watch_distance,fallen_ltv>=margin_call_ltv),"WATCH","SAFE")))'
)
_SENTENCES = {
    "loan_in_words": (
        f'{money_text("debt")}&" "&currency&" owed against "&{price_text("collateral")}&" "&coin&" worth "&'
        f'{money_text("collateral_value")}&": loan to value "&{percent_text("loan_to_value")}&"."'
    ),
    "risk_in_words": (
        'IF(liquidation_distance<=0,"Liquidation is due at today\'s price.","Margin call at "&'
        f'{price_text("margin_call_price")}&", liquidated at "&{price_text("liquidation_price")}&": "&'
        f'{percent_text("liquidation_distance")}&" below today.")'
    ),
    "fall_in_words": (
        f'"A fall of "&{percent_text("expected_fall")}&IF(fallen_ltv>=liquidation_ltv," would liquidate it",'
        'IF(fallen_ltv>=margin_call_ltv," would bring a margin call"," would bring no margin call"))&'
        'IF(fallen_ltv<margin_call_ltv,".",IF(fallen_ltv_with_reserve<margin_call_ltv,'
        '"; your reserve, added in time, prevents it.",IF(fallen_ltv_with_reserve<liquidation_ltv,'
        '"; your reserve prevents the liquidation, not the call.","; YOUR RESERVE IS TOO SMALL.")))'
    ),
}


def _calculations(book: Template) -> list[str]:
    sheet = book.calculations
    sheet.widths(26, *[14] * 7)
    falls = [
        Column("Step", "", lambda place, row: place, styles.WHOLE),
        Column("Fall", "of price", lambda place, row: f"B{row}*stress_step", "0%"),
        Column("Price", "a coin", lambda place, row: f"price*(1-C{row})", styles.PRICE),
        Column("Loan to value", "of value", lambda place, row: f"LEV_LTV(debt,collateral,D{row})", "0.0%"),
        Column("With reserve", "of value", lambda place, row: f"LEV_LTV(debt,collateral+reserve,D{row})", "0.0%"),
        Column("Coins to add", "to the target", lambda place, row: _to_add(f"D{row}", "target_ltv"), "0.0000"),
        Column("Or to repay", "money", lambda place, row: _to_repay(f"D{row}"), styles.WHOLE),
        Column(
            "What happens",
            "",
            lambda place, row: (
                f'IF(E{row}>=liquidation_ltv,"liquidation",IF(E{row}>=margin_call_ltv,"margin call","nothing"))'
            ),
            styles.GENERAL,
        ),
    ]
    columns = sheet.table(
        "If the price falls", "By the step on Inputs: what it does, and what puts it right.", falls, _STEPS
    )
    limits = sheet.table(
        "The lender's limits and your reserve, for the charts",
        "",
        [
            Column("Price", "a coin", lambda place, row: ("MIN", "MAX")[place] + f"({columns[2]})", styles.PRICE),
            Column("Margin call", "of value", lambda place, row: "margin_call_ltv", styles.PERCENT),
            Column("Liquidation", "of value", lambda place, row: "liquidation_ltv", styles.PERCENT),
            Column("Your reserve", "coins", lambda place, row: "reserve", styles.QUANTITY),
        ],
        2,
    )
    sheet.grid(
        "Loan to value",
        "By fall of the price and part of the debt repaid first. Orange: liquidated.",
        Axis("Fall", (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7), "0%", number(0, 0.99)),
        Axis("Debt repaid", (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75), "0%", number(0, 1)),
        lambda row, column: f"LEV_LTV(debt*(1-{column}),collateral,price*(1-{row}))",
        "0.0%",
        mark=("{cell}>=liquidation_ltv", styles.ORANGE),
    )
    sheet.grid(
        "Liquidation price",
        "By what is owed, against today's debt, and coins, against today's collateral. Orange: above today's price.",
        Axis("Debt", (0.25, 0.5, 0.75, 1, 1.25, 1.5, 2), "0%", number(0, 5)),
        Axis("Collateral", (0.5, 0.75, 1, 1.25, 1.5, 1.75, 2), "0%", number(0.01, 5)),
        lambda row, column: f"LEV_LOANPRICE(debt*{row},collateral*{column},liquidation_ltv)",
        styles.PRICE,
        mark=("{cell}>=price", styles.ORANGE),
    )
    return [*columns, *limits]


def _dashboard(book: Template, columns: list[str]) -> None:
    sheet = book.dashboard
    sheet.text(
        f'=IF(client="","",client&" · ")&"loan against "&{price_text("collateral")}&" "&coin',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("liquidation_distance")}&" to liquidation"'),
            Card("Loan to value", "loan_to_value", "0.0%", f'="target "&{percent_text("target_ltv")}'),
            Card("Margin call price", "margin_call_price", styles.PRICE, '=currency&" a coin"'),
            Card(
                "Liquidation price",
                "liquidation_price",
                styles.PRICE,
                f'={price_text("liquidation_with_reserve")}&" with the reserve"',
            ),
            Card("Collateralisation", "collateral_level", "0%", '="health factor "&TEXT(health,"0.00")'),
            Card(
                "Coins to add", "top_up", styles.QUANTITY, f'="to the target after -"&{percent_text("expected_fall")}'
            ),
            Card(
                "Or money to repay",
                "repayment",
                styles.WHOLE,
                f'="to the target after -"&{percent_text("expected_fall")}',
            ),
            Card("Owed at the end", "debt_at_end", styles.WHOLE, f'="interest "&{money_text("interest")}'),
        ]
    )
    for name in _SENTENCES:
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    for made in (_ltv_chart(book, columns), _top_up_chart(columns)):
        sheet.place(made, rows=21)


def _ltv_chart(book: Template, columns: list[str]) -> Any:
    prices, ltv, with_reserve, ends = columns[2], columns[3], columns[4], columns[8]
    return chart(
        "scatter",
        "How far may the price fall?",
        "Price of the coin (your currency)",
        "Loan to value (%)",
        [
            Line("Loan to value", prices, ltv, styles.BLUE),
            Line("With the reserve added", prices, with_reserve, styles.SKY, dash="lgDash"),
            Line("Margin call", ends, columns[9], styles.ORANGE, dash="dash"),
            Line("Liquidation", ends, columns[10], styles.VERMILLION, dash="sysDot"),
            Line(
                "Today",
                book.address("price"),
                book.address("loan_to_value"),
                styles.BLACK,
                mark="diamond",
                width=0,
                size=12,
            ),
        ],
        alternative_text="Loan to value over the price of the coin, with the reserve and without, against the margin "
        "call and the liquidation: where a curve crosses a line, the lender acts. A diamond marks today.",
        x_format="#,##0",
        y_format="0%",
    )


def _top_up_chart(columns: list[str]) -> Any:
    return chart(
        "scatter",
        "Is the reserve enough to be back at the target?",
        "Price of the coin (your currency)",
        "Coins (number)",
        [
            Line("Coins to add", columns[2], columns[5], styles.BLUE),
            Line("Your reserve", columns[8], columns[11], styles.GREEN, dash="dash"),
        ],
        alternative_text="Coins to add to be back at the target over the price of the coin; below the price where the "
        "curve crosses the dashed line, the reserve is not enough.",
        x_format="#,##0",
        y_format="0.00",
    )


def _checks(book: Template) -> None:
    value, fallen = "(collateral*price)", "(price*(1-expected_fall))"
    book.check("Loan to value", "loan_to_value", f"debt/{value}", styles.PERCENT)
    book.check("Health factor", "health", f"{value}*liquidation_ltv/debt", styles.RATIO)
    book.check("Margin call price", "margin_call_price", "debt/collateral/margin_call_ltv")
    book.check("Liquidation price", "liquidation_price", "debt/collateral/liquidation_ltv")
    book.check("Liquidation, reserve added", "liquidation_with_reserve", "debt/(collateral+reserve)/liquidation_ltv")
    book.check("Fall until liquidation", "liquidation_distance", f"1-debt/{value}/liquidation_ltv", styles.PERCENT)
    year = "(DATE(2027,1,1)-DATE(2026,1,1))"
    book.check("Interest", "interest", f"debt*apr*term_days/{year}")
    book.check("Loan to value after the fall", "fallen_ltv", f"debt/(collateral*{fallen})", styles.PERCENT)
    book.check("Coins to add", "top_up", f"MAX(0,debt/({fallen}*target_ltv)-collateral)", styles.QUANTITY)
    book.check("Buy or sell", "rebalance", f"({value}-debt)/(1-target_ltv)-{value}")
    book.check(
        "Loan to value after buying or selling",
        "LEV_LTV(debt+rebalance,collateral+rebalance_coins,price)",
        "target_ltv",
        styles.PERCENT,
    )
    book.rule("Collateral is worth more than the debt", f"{value}>debt", "Else there is nothing to rebalance")
    book.rule("Margin call before liquidation", "margin_call_ltv<=liquidation_ltv", "The lender's terms in order")
    book.rule("Target is below the margin call", "target_ltv<margin_call_ltv", "Else you would be called at once")
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")
