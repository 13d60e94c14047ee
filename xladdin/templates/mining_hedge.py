"""A miner who shorts futures: what the hedge fixes, what it costs, and when the short itself is liquidated."""

from __future__ import annotations

from xladdin.core import venues
from xladdin.templates.kit import (
    ABOVE_ZERO,
    FRACTION,
    Axis,
    Card,
    Column,
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
    signed_text,
    styles,
    text,
    whole,
)

_STEPS = 24  # of the chart's price range
_FEE = number(-0.01, 0.05)
_CONSTANTS = (
    ("Days in a month of growth", 30),
    ("Seconds in a day", 86400),
    ("Hours in a day", 24),
    ("Watts in a kilowatt", 1000),
    ("Hashes in a terahash", 10**12),
    ("Hashes a unit of difficulty", 2**32),
)


def template() -> Template:
    """The workbook mining-hedge."""
    book = Template(
        "Mining hedge",
        "Before you sell futures against the coins you are going to mine: how many contracts, what you earn with and "
        "without them wherever the price goes, what the short needs when the price rises, and where it is liquidated.",
        steps=[
            "On Inputs, change the blue cells: your mine, the network, the short and your cash reserve.",
            "Read the verdict and the sentences beside them, then the figures.",
            "On Dashboard see profit by price, hedged and not; on Calculations other hedge ratios and leverages.",
        ],
        assumptions=[
            "All coins of the hedge period are sold at its end, and the short is closed then, at the same price.",
            "Difficulty grows evenly through the period; a growth month has 30 days. No halving falls into it.",
            "The short is linear (profit in the quote currency) with isolated margin at one maintenance margin rate.",
            "Contracts = coins mined x hedge ratio / contract size, to the next whole contract.",
            "Funding is paid on the value at entry; with a positive rate shorts receive it.",
            "When the short is liquidated its whole margin is lost; no margin is added before.",
        ],
        limits=[
            "Coins sold before the end leave the short larger than what it covers: close part of it as you sell.",
            "The gap between futures and spot price at the end, slippage and changes of funding are not modelled.",
            "Wear, rent, wages, interest and tax are not in here.",
        ],
    )
    book.calculations.widths(28, *[14] * 7)
    _mine_inputs(book)
    _short_inputs(book)
    constants = _constants(book)
    _answers(book)
    _production_results(book)
    _short_results(book)
    _outcome_results(book)
    prices = _price_range(book)
    _grids(book)
    _dashboard(book, prices)
    _checks(book, constants)
    return book


def _mine_inputs(book: Template) -> None:
    line = book.inputs
    line.section("Your mine")
    line.input("client", "Client", "Example", "", "Shown on the dashboard; may be blank.", text())
    line.input("currency", "Currency", "USDT", "", "Of prices, power and margin.", text(8))
    line.input("hashrate", "Hash rate", 20000, "TH/s", "Of all rigs.", ABOVE_ZERO, styles.WHOLE)
    line.input("uptime", "Uptime", 0.97, "of time", "The rest is outages and repairs.", FRACTION, styles.PERCENT)
    line.input("efficiency", "Efficiency", 18, "J/TH", "Watts for each TH/s, at the wall.", number(0, 1000), "0.0")
    line.input("tariff", "Price of power", 0.05, '=currency&" a kWh"', "All in.", number(0, 10), "0.0000")
    line.input("pool_fee", "Pool fee", 0.01, "of coins", "", number(0, 0.99), styles.PERCENT)
    line.section("Network")
    line.input("price", "Price of the coin", 95000, "=currency", "Today.", ABOVE_ZERO, styles.PRICE)
    line.input("difficulty", "Difficulty", 140e12, "", "Any block explorer shows it.", number(1, 1e30), "0.00E+00")
    line.input("block_reward", "Block reward", 3.125, "coins", "Add fees if you count on them.", ABOVE_ZERO, "0.0000")
    line.input("difficulty_growth", "Growth of difficulty", 0.02, "a month", "", number(-0.2, 0.5), styles.PERCENT)


def _short_inputs(book: Template) -> None:
    line = book.inputs
    line.section("The short")
    line.input("hedge_days", "Hedge period", 90, "days", "Until the coins are sold.", whole(1, 1000), styles.WHOLE)
    line.input("hedge_ratio", "Hedge ratio", 0.8, "of coins", "100%: all of them.", number(0.01, 2), "0%")
    line.input("contract_size", "Contract size", 0.01, "coins", "Of one contract.", ABOVE_ZERO, styles.QUANTITY)
    line.input("entry", "Futures price", 95400, "=currency", "At which you sell, or sold.", ABOVE_ZERO, styles.PRICE)
    line.input("leverage", "Leverage", 2.5, "times", "Value of the short / margin.", number(0.1, 150), styles.MULTIPLE)
    line.input("method", "Venue or method", "bybit", "", "Whose liquidation formula to use.", one_of(*venues.METHODS))
    line.input(
        "maintenance_margin_rate", "Maintenance margin rate", 0.01, "of value", "", number(0, 0.5), styles.PERCENT
    )
    line.input("fee", "Fee to open, to close", 0.00055, "of value", "Each of the two.", _FEE, "0.000%")
    line.input(
        "funding_rate",
        "Funding rate",
        0.0001,
        "a settlement",
        "Positive: shorts receive.",
        number(-0.05, 0.05),
        styles.RATE,
    )
    line.input("daily_settlements", "Settlements a day", 3, "times", "", whole(0, 24), styles.WHOLE)
    line.section("Reserve, stress and thresholds")
    line.input("reserve", "Cash reserve", 15000, "=currency", "For margin that must be added.", number(0), styles.MONEY)
    line.input("stress_rise", "Stress: price rises", 0.5, "of price", "", number(0.01, 5), styles.PERCENT)
    line.input("stress_fall", "Stress: price falls", 0.5, "of price", "", number(0.01, 0.99), styles.PERCENT)
    line.input("watch_distance", "WATCH when nearer than", 0.3, "of price", "Rise to liquidation.", FRACTION, "0.00%")
    line.input("danger_distance", "DANGER when nearer than", 0.15, "of price", "", FRACTION, styles.PERCENT)


def _constants(book: Template) -> dict[str, str]:
    """Fixed figures, each once, and what follows from them; gives the address of each figure by its label."""
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
    constants = {label: cell for (label, _), cell in zip(_CONSTANTS, cells_of(values), strict=True)}
    month = constants["Days in a month of growth"]
    line = Panel(sheet, 2, sheet.row)
    line.section("Helpers")
    line.output(
        "full_days",
        "Days at today's difficulty",
        f"IF(difficulty_growth=0,hedge_days,(1-(1+difficulty_growth)^(-hedge_days/{month}))*{month}"
        "/LN(1+difficulty_growth))",
        "days",
        "Would mine the same coins.",
        "0.00",
    )
    line.output("settlements", "Settlements", "daily_settlements*hedge_days", "times", "", styles.WHOLE)
    sheet.space()
    return constants


def _answers(book: Template) -> None:
    line = book.results
    line.section("Answer")
    line.output("verdict", "Verdict", _VERDICT, "", "SAFE, WATCH or DANGER; CHECK: see Checks.", styles.TEXT)
    for name, formula in _SENTENCES.items():
        line.sentence(name, f'IF(verdict="CHECK","No answer: see Checks.",IFERROR({formula},"No answer."))')


def _production_results(book: Template) -> None:
    line = book.results
    line.section("Production")
    line.output(
        "daily_earnings",
        "Earnings a day",
        "LEV_MINEDAILY(hashrate*uptime,0,difficulty,block_reward,price,0,pool_fee)",
        "=currency",
        "Today, after the pool's fee.",
    )
    line.output(
        "daily_power", "Power a day", "LEV_POWERCOST(hashrate*uptime*efficiency,tariff)", "=currency", "While running."
    )
    line.output(
        "daily_funding",
        "Funding a day",
        'LEV_FUNDING(position_size,funding_rate,daily_settlements,"short")',
        "=currency",
        "Negative: received.",
    )
    line.output("daily_costs", "Costs a day", "daily_power+daily_funding", "=currency", "Power and funding.")
    line.output(
        "coins_mined",
        "Coins mined",
        "LEV_HASHREVENUE(hashrate*uptime,difficulty,block_reward,full_days,pool_fee)",
        "coins",
        "Over the hedge period.",
        styles.QUANTITY,
    )
    line.output("power_cost", "Power", "daily_power*hedge_days", "=currency", "Over the hedge period.")
    line.output(
        "cost_a_coin", "Power for a coin", "power_cost/coins_mined", "=currency", "Unhedged break-even.", styles.PRICE
    )


def _short_results(book: Template) -> None:
    line = book.results
    line.section("The short")
    line.output("contracts", "Contracts to short", _contracts("hedge_ratio"), "contracts", "Whole ones.", styles.WHOLE)
    line.output("quantity", "Coins sold short", "contracts*contract_size", "coins", "", styles.QUANTITY)
    line.output("covered", "Part of the coins", "quantity/coins_mined", "of coins", "", styles.PERCENT)
    line.output("position_size", "Value of the short", "quantity*entry", "=currency", "At the futures price.")
    line.output("margin", "Initial margin", "LEV_MARGIN(position_size,leverage)", "=currency", "Lost if liquidated.")
    line.output(
        "current_leverage",
        "Current leverage",
        f"LEV_RATIO(quantity*price,{_EQUITY})",
        "times",
        "At today's price.",
        styles.MULTIPLE,
    )
    line.output(
        "collateral_level",
        "Collateralisation",
        f"{_EQUITY}/LEV_SIZE(quantity,price)",
        "of value",
        "Margin and gain over the short's value.",
        styles.PERCENT,
    )
    line.output(
        "liquidation_price",
        "Liquidation price",
        'LEV_LIQPRICE(entry,leverage,maintenance_margin_rate,"short",method)',
        "=currency",
        "Without adding margin.",
        styles.PRICE,
    )
    line.output(
        "liquidation_distance",
        "Rise to liquidation",
        'LEV_LIQDISTANCE(price,liquidation_price,"short")',
        "of price",
        "From today's price.",
        styles.PERCENT,
    )
    line.output(
        "price_with_reserve",
        "With the whole reserve",
        'LEV_LIQPRICE(entry,LEV_RATIO(position_size,margin+reserve),maintenance_margin_rate,"short",method)',
        "=currency",
        "Liquidation price, reserve added.",
        styles.PRICE,
    )
    line.output("stress_price", "Price in the stress rise", "price*(1+stress_rise)", "=currency", "", styles.PRICE)
    line.output("top_up", "Margin to add there", _top_up("margin", "stress_price"), "=currency", "To stay alive.")
    line.output("reserve_left", "Left of the reserve", "reserve-top_up", "=currency", "Negative: not enough.")


def _outcome_results(book: Template) -> None:
    line = book.results
    line.section("Profit of the period, after power")
    line.output("funding_paid", "Funding paid", _funding("position_size"), "=currency", "Negative: received.")
    for name, label, price in _OUTCOMES:
        line.output(f"unhedged_{name}", f"{label}: unhedged", _unhedged(price), "=currency", "")
        line.output(f"hedged_{name}", f"{label}: hedged", _hedged(price), "=currency", _NOTES[name])
    line.output(
        "liquidated_then_fall",
        "Liquidated, then the fall",
        f"{_unhedged('price*(1-stress_fall)')}-margin",
        "=currency",
        "The worst: margin and price both lost.",
    )


def _contracts(ratio: str) -> str:
    return f"ROUND(LEV_HEDGE(coins_mined,contract_size,{ratio}),0)"


def _funding(size: str) -> str:
    return f'LEV_FUNDING({size},funding_rate,settlements,"short")'


def _top_up(margin: str, price: str) -> str:
    return f'LEV_TOPUP(entry,quantity,{margin},maintenance_margin_rate,{price},"short",method)'


def _unhedged(price: str) -> str:
    return f"coins_mined*IF(price>0,{price},NA())-power_cost"


def _hedged(price: str) -> str:
    """Profit at a price at the end with no margin added: from the liquidation price on the margin is lost."""
    gain = f'LEV_PROFIT(entry,{price},quantity,1,"short",fee,fee,funding_paid)'
    return f"{_unhedged(price)}+IF({price}>=liquidation_price,-margin,{gain})"


_EQUITY = "(margin+quantity*(entry-price))"
_OUTCOMES = (
    ("at_fall", "Fall", "(price*(1-stress_fall))"),
    ("at_today", "Same price", "price"),
    ("at_rise", "Rise", "(price*(1+stress_rise))"),
)
_NOTES = {"at_fall": "", "at_today": "", "at_rise": "Margin lost if beyond liquidation."}
_VERDICT = (
    'IF(checks_failed>0,"CHECK",IF(OR(liquidation_distance<danger_distance,reserve_left<0),"DANGER",'
    'IF(OR(liquidation_distance<watch_distance,covered>1,hedged_at_fall<=0),"WATCH","SAFE")))'
)
_SENTENCES = {
    "hedge_in_words": (
        '"Short "&TEXT(contracts,"#,##0")&" contracts: "&TEXT(quantity,"0.00##")&" of "&TEXT(coins_mined,"0.00##")&'
        f'" coins ("&{percent_text("covered")}&") on "&{money_text("margin")}&" "&currency&" margin."'
    ),
    "profit_in_words": (
        f'"Price down "&{percent_text("stress_fall")}&": "&{signed_text("hedged_at_fall")}&" hedged, "&'
        f'{signed_text("unhedged_at_fall")}&" unhedged."&IF(covered>1," MORE SOLD THAN MINED.","")'
    ),
    "risk_in_words": (
        f'"Liquidated at "&{price_text("liquidation_price")}&", "&{percent_text("liquidation_distance")}&'
        '" above today, if you add nothing."'
    ),
    "stress_in_words": (
        f'"Price up "&{percent_text("stress_rise")}&": add "&{money_text("top_up")}&'
        'IF(reserve_left<0,": MORE THAN YOUR RESERVE of ",", within your reserve of ")&'
        f'{money_text("reserve")}&"."'
    ),
}


def _price_range(book: Template) -> list[str]:
    """Profit over the price at the end, from the stress fall to beyond both the stress rise and liquidation."""
    sheet = book.calculations
    first = sheet.row + 3
    points = f"$B${first}:$B${first + _STEPS}"
    top = "MAX(stress_rise,liquidation_distance*(1+danger_distance))"
    columns = [
        Column("Point", "", lambda place, row: place, styles.WHOLE),
        Column(
            "Move",
            "from today",
            lambda place, row: f"-stress_fall+({top}+stress_fall)*B{row}/MAX({points})",
            "+0.0%;-0.0%;0.0%",
        ),
        Column("Price", "at the end", lambda place, row: f"price*(1+C{row})", styles.PRICE),
        Column("Unhedged", "profit", lambda place, row: _unhedged(f"D{row}"), styles.WHOLE),
        Column("Hedged", "profit", lambda place, row: _hedged(f"D{row}"), styles.WHOLE),
        Column("Liquidated", "on the way", lambda place, row: f"E{row}-margin", styles.WHOLE),
        Column("Margin to add", "at that price", lambda place, row: _top_up("margin", f"D{row}"), styles.WHOLE),
        Column("Reserve", "", lambda place, row: "reserve", styles.WHOLE),
    ]
    addresses = sheet.table(
        "Profit by price at the end",
        "Hedged: no margin added. Liquidated on the way: the price first rose to liquidation, then went here.",
        columns,
        _STEPS + 1,
    )
    return addresses[2:]


def _grids(book: Template) -> None:
    sheet = book.calculations
    sheet.page_break()
    moves = (-0.5, -0.3, -0.1, 0, 0.1, 0.3, 0.5)
    quantity = _contracts("{ratio}") + "*contract_size"
    move = number(-0.99, 5)

    def profit(row: str, column: str) -> str:
        coins, price = quantity.format(ratio=row), f"(price*(1+{column}))"
        gain = f'LEV_PROFIT(entry,{price},{coins},1,"short",fee,fee,{_funding(f"{coins}*entry")})'
        return f"{_unhedged(price)}+IF({price}>=liquidation_price,-{coins}*entry/leverage,{gain})"

    sheet.grid(
        "Profit of the period",
        "By hedge ratio and price at the end, with no margin added.",
        Axis("Hedge ratio", (0, 0.25, 0.5, 0.75, 1, 1.25), "0%", number(0, 2)),
        Axis("Price at the end", moves, "+0%;-0%;0%", move),
        profit,
        styles.WHOLE,
        heat=True,
    )
    sheet.grid(
        "Margin to add",
        "By leverage and rise of the price from today's, so that the short lives. Orange: more than your reserve.",
        Axis("Leverage", (1, 2, 3, 5, 10, 20), styles.MULTIPLE, number(0.1, 150)),
        Axis("Rise of the price", (0.1, 0.2, 0.3, 0.5, 0.75, 1, 2), "+0%;-0%;0%", move),
        lambda row, column: _top_up(f"position_size/{row}", f"price*(1+{column})"),
        styles.WHOLE,
        mark=("{cell}>reserve", styles.ORANGE),
    )


def _dashboard(book: Template, prices: list[str]) -> None:
    sheet = book.dashboard
    sheet.text(
        '=IF(client="","",client&" · ")&"short "&TEXT(quantity,"0.00##")&" coins at "&'
        f'{multiple_text("leverage")}&" · "&hedge_days&" days · "&method',
        quiet=False,
        bold=True,
        size=14,
    )
    sheet.space()
    sheet.cards(
        [
            Card("Verdict", "verdict", styles.TEXT, f'={percent_text("liquidation_distance")}&" to liquidation"'),
            Card("Current leverage", "current_leverage", styles.MULTIPLE, f'="margin "&{money_text("margin")}'),
            Card(
                "Collateralisation",
                "collateral_level",
                "0.0%",
                f'="with reserve "&{percent_text("collateral_level+reserve/(quantity*price)")}',
            ),
            Card("Liquidation price", "liquidation_price", styles.PRICE, '=currency&" a coin, estimated"'),
            Card("Earnings a day", "daily_earnings", styles.MONEY, '=TEXT(daily_earnings/price,"0.000000")&" coins"'),
            Card(
                "Costs a day",
                "daily_costs",
                styles.MONEY,
                f'="power "&{money_text("daily_power")}&", funding "&{signed_text("daily_funding")}',
            ),
            Card("Contracts to short", "contracts", styles.WHOLE, f'={percent_text("covered")}&" of the coins"'),
            Card(
                "Margin to add in stress",
                "top_up",
                styles.MONEY,
                f'="of a reserve of "&{money_text("reserve")}',
            ),
        ]
    )
    for name in _SENTENCES:
        sheet.text(f"={name}", quiet=False)
    sheet.space()
    price, unhedged, hedged, liquidated, added, reserve = prices
    sheet.place(
        chart(
            "scatter",
            "Profit of the period, hedged and not",
            "Price of the coin at the end (your currency)",
            "Profit after power (your currency)",
            [
                Line("Hedged", price, hedged, styles.BLUE, width=3),
                Line("Unhedged", price, unhedged, styles.ORANGE, dash="dash"),
                Line("Short liquidated on the way", price, liquidated, styles.VERMILLION, dash="sysDot"),
                Line(
                    "Today's price",
                    book.address("price"),
                    book.address("hedged_at_today"),
                    styles.BLACK,
                    mark="diamond",
                    width=0,
                    size=11,
                ),
            ],
            alternative_text="Profit over the price at the end: unhedged it rises and falls with the price, hedged it "
            "stays nearly level until the short's liquidation price, where the margin is lost; the dotted line is what "
            "is left when the short was liquidated on the way.",
            x_format="#,##0",
        ),
        rows=22,
    )
    sheet.place(
        chart(
            "scatter",
            "Can you carry the short when the price rises?",
            "Price of the coin (your currency)",
            "Margin to add (your currency)",
            [
                Line("Margin to add", price, added, styles.VERMILLION, width=3),
                Line("Your reserve", price, reserve, styles.BLACK, dash="dash"),
                Line(
                    "Your stress",
                    book.address("stress_price"),
                    book.address("top_up"),
                    styles.ORANGE,
                    mark="diamond",
                    width=0,
                    size=11,
                ),
            ],
            alternative_text="Margin that must be added by price, zero up to the liquidation price and rising beyond "
            "it, against the cash reserve: above the dashed line the short can't be kept. A diamond marks your stress.",
            x_format="#,##0",
        ),
        rows=20,
    )


def _checks(book: Template, constants: dict[str, str]) -> None:
    hashes, seconds = constants["Hashes in a terahash"], constants["Seconds in a day"]
    block, kilo, hours = (
        constants["Hashes a unit of difficulty"],
        constants["Watts in a kilowatt"],
        constants["Hours in a day"],
    )
    rate = "hashrate*uptime"
    coins = f"{rate}*{hashes}*{seconds}*block_reward/(difficulty*{block})*(1-pool_fee)"
    power = f"{rate}*efficiency/{kilo}*{hours}*tariff"
    frozen = venues.condition("method", venues.ENTRY)
    kept = "maintenance_margin_rate"
    size = "quantity*entry"
    book.check("Coins mined", "coins_mined", f"{coins}*full_days", styles.QUANTITY)
    book.check("Earnings a day", "daily_earnings", f"{coins}*price")
    book.check("Power", "power_cost", f"{power}*hedge_days")
    book.check("Contracts", "contracts", f"ROUND({coins}*full_days*hedge_ratio/contract_size,0)", styles.WHOLE)
    book.check("Initial margin", "margin", f"{size}/leverage")
    book.check("Current leverage", "current_leverage", f"quantity*price/({size}/leverage+{size}-quantity*price)")
    for label, name, leverage in (
        ("Liquidation price", "liquidation_price", "leverage"),
        ("Liquidation price with reserve", "price_with_reserve", f"({size}/({size}/leverage+reserve))"),
    ):
        book.check(label, name, f"IF({frozen},entry*(1+1/{leverage}-{kept}),entry*(1+1/{leverage})/(1+{kept}))")
    book.check("Rise to liquidation", "liquidation_distance", "liquidation_price/price-1", styles.PERCENT)
    book.check(
        "Margin to add in stress",
        "top_up",
        f"MAX(0,quantity*(stress_price-entry+{kept}*IF({frozen},entry,stress_price))-{size}/leverage)",
    )
    book.check("Funding paid", "funding_paid", f"-{size}*funding_rate*daily_settlements*hedge_days")
    for name, label, price in _OUTCOMES:
        gain = f"quantity*(entry-{price}-fee*(entry+{price}))+{size}*funding_rate*daily_settlements*hedge_days"
        native = f"{coins}*full_days*{price}-{power}*hedge_days+IF({price}>=liquidation_price,-{size}/leverage,{gain})"
        book.check(f"{label}: hedged", f"hedged_{name}", native)
    book.rule("Some coins are mined", "coins_mined>0", "Hash rate, uptime and reward above zero")
    book.rule("At least one contract", "contracts>0", "Contract size small enough for the coins mined")
    book.rule("Short can be opened", f"{kept}*leverage<1", "Maintenance margin below initial margin")
    book.rule("Short is alive", "price<liquidation_price", "Today's price below the liquidation price")
    book.rule("DANGER is nearer than WATCH", "danger_distance<=watch_distance", "Thresholds in order")
