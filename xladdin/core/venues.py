"""The venues: whose rules give which liquidation price, as of when, and who says so.

All that depends on a venue is read from here: the words that `method` and `tiering` take, the lists of templates and
their checks, docs/venues.md and `xladdin venues`. What changes at a venue is changed here and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

ENTRY, MARK = "entry", "mark"
MARGINAL, FLAT = "marginal", "flat"
UNKNOWN = ""


class Rule(NamedTuple):
    """What a venue asked of a position over some time.

    `since` and `until` are the days between which the rule is known to hold, ISO dates or years; without `until` it
    holds still. `seen` is the day of the newest page or record that shows it.
    """

    basis: str
    """Maintenance margin on the value at entry or at the mark price."""
    tiering: str
    """Marginal: each part of a position has its tier's rate; flat: the whole has the rate of the tier it is in."""
    added: str
    """What stands in the requirement beside the maintenance margin rate; give it as `fee`."""
    since: str
    until: str
    seen: str
    source: str


class Venue(NamedTuple):
    """A venue: the word that a cell takes for it, and its rules, the one of today first."""

    word: str
    name: str
    contracts: str
    funding: str
    rounding: str
    rules: tuple[Rule, ...]
    note: str = ""
    ccxt: str = ""
    """What ccxt calls its exchange of futures, where that is not the word."""

    @property
    def rule(self) -> Rule:
        """The rule of today."""
        return self.rules[0]


VENUES = (
    Venue(
        "bybit",
        "Bybit",
        "linear, inverse",
        "1, 4 or 8 hours",
        "up for a long",
        (
            Rule(
                MARK,
                MARGINAL,
                "nothing: the fee to close is held in the margin too",
                "2025-09-02",
                "",
                "2026-05-27",
                'Bybit Help Center, "The New Margin Calculation: Adjustments and Implications" (2025-09-18) and '
                '"Liquidation Price Calculation under Isolated Mode (Unified Trading Account)" (2026-05-27)',
            ),
            Rule(
                ENTRY,
                MARGINAL,
                "nothing: the fee to close is held in the margin too",
                "2020",
                "2025-09-01",
                "2025-09-18",
                'Bybit Help Center, "Liquidation Price (USDT Contract)" and the isolated mode page of 2024-09-10',
            ),
        ),
    ),
    Venue(
        "binance",
        "Binance",
        "linear, inverse",
        "1, 4 or 8 hours",
        "none seen: eight digits are printed",
        (
            Rule(
                MARK,
                MARGINAL,
                "nothing",
                "2020-08-14",
                "",
                "2026-01-05",
                'Binance Support, "How to Calculate Liquidation Price of USD-M Futures Contracts" and "... of COIN-M '
                'Futures Contracts"',
            ),
        ),
        ccxt="binanceusdm",
    ),
    Venue(
        "okx",
        "OKX",
        "linear, inverse",
        "1, 2, 4 or 8 hours",
        "one tick towards the mark price (isolated)",
        (
            Rule(
                MARK,
                FLAT,
                "the account's taker fee",
                "2021",
                "",
                "2025-05-16",
                'OKX Help Center, "Tiered maintenance margin ratio rules"; positions of 2021 to 2025',
            ),
        ),
    ),
    Venue(
        "gate",
        "Gate",
        "linear, inverse",
        "1, 4 or 8 hours",
        "up for a long",
        (
            Rule(
                MARK,
                MARGINAL,
                "the taker fee, 0.075%",
                "2025-07-29",
                "",
                "2025-07-29",
                "Gate, risk limit upgrade from 2025-07-29: each part of the value at the rate of its tier",
            ),
            Rule(
                MARK,
                FLAT,
                "the taker fee, 0.075%",
                "2022",
                "2025-07-28",
                "2025-07-29",
                "Gate, risk limits before the upgrade of 2025-07-29; positions of 2022 and 2023",
            ),
        ),
    ),
    Venue(
        "bitget",
        "Bitget",
        "linear, inverse",
        "1, 4 or 8 hours",
        "cut (isolated)",
        (
            Rule(
                MARK,
                MARGINAL,
                "the account's taker fee, 0.06%",
                "2025-11-10",
                "",
                "2025-11-10",
                'Bitget Support, "Bitget to update maintenance margin calculation for classic account futures"',
            ),
            Rule(
                MARK,
                FLAT,
                "the account's taker fee, 0.06%",
                "2022",
                "2025-11-09",
                "2025-11-10",
                "the same page, the method before; positions of 2022 to 2025",
            ),
        ),
        "A position that was opened before 2025-11-10 keeps the older rule. In cross margin the maintenance margin is "
        "the one at the mark price of now.",
    ),
    Venue(
        "kraken",
        "Kraken",
        "linear, inverse",
        "1 hour",
        UNKNOWN,
        (
            Rule(
                MARK,
                UNKNOWN,
                "nothing",
                "2023",
                "",
                "2023",
                'Kraken Support, "Equity Protection Process"',
            ),
        ),
        "Its margin schedules speak of the value at entry; the formula is the one of the page named.",
        "krakenfutures",
    ),
    Venue(
        "hyperliquid",
        "Hyperliquid",
        "linear",
        "1 hour",
        "none",
        (
            Rule(
                MARK,
                MARGINAL,
                "nothing",
                "2023-03",
                "",
                "2026-01",
                'Hyperliquid Docs, "Liquidations" and "Margin tiers"; positions of 2023 to 2026',
            ),
        ),
        "The maintenance margin rate is 1/(2*maximum leverage).",
    ),
    Venue(
        "dydx",
        "dYdX",
        "linear",
        "1 hour",
        "none",
        (
            Rule(
                MARK,
                UNKNOWN,
                "nothing",
                "2023",
                "",
                "2024",
                'dYdX Docs, "Margin" and "Liquidations"',
            ),
        ),
        "The price is the oracle's. The maintenance margin fraction is the same for every size.",
    ),
    Venue(
        "kucoin",
        "KuCoin",
        "linear, inverse",
        "1, 4 or 8 hours",
        "up for a long",
        (
            Rule(
                MARK,
                FLAT,
                "the liquidation fee rate",
                "2025-05-22",
                "",
                "2025-05-20",
                'KuCoin, "Update to the Isolated Margin Calculation Formula" (2025-05-20)',
            ),
            Rule(
                ENTRY,
                FLAT,
                "the taker fee on (1 + 1/leverage), and the predicted funding rate",
                "2021",
                "2025-05-21",
                "2025-05-20",
                "the same page, the formula before; positions of 2021 to 2025",
            ),
        ),
        "These are the rules of isolated margin; cross margin was on the mark price, with the taker fee, from 2024-11.",
    ),
    Venue(
        "bitmex",
        "BitMEX",
        "linear, inverse",
        "8 hours",
        "up for a long",
        (
            Rule(
                ENTRY,
                UNKNOWN,
                "the predicted funding rate",
                "2017-11",
                "",
                "2022-05",
                "BitMEX positions of 2017 to 2022; no help page that says it was found",
            ),
        ),
    ),
    Venue(
        "phemex",
        "Phemex",
        "linear, inverse",
        "8 hours",
        "up for a long",
        (
            Rule(
                MARK,
                MARGINAL,
                "the taker fee, 0.06%",
                "2025-12",
                "",
                "2025-12",
                'Phemex Help Center, "Liquidation price for USDT-M"; a position of 2025-12',
            ),
            Rule(
                ENTRY,
                UNKNOWN,
                "nothing",
                "2020-04-10",
                "2022-10",
                "2022-10",
                'Phemex Help Center, "How are Liquidation Prices calculated?" (2020-04-10); positions of 2022',
            ),
        ),
        "When it changed between these dates is not known.",
    ),
    Venue(
        "coinex",
        "CoinEx",
        "linear, inverse",
        "8 hours",
        "none",
        (
            Rule(
                MARK,
                UNKNOWN,
                "nothing",
                "2024-03",
                "",
                "2024-03",
                'CoinEx Help, "How to Calculate Liquidation Price For Linear Contract"; a position of 2024-03',
            ),
            Rule(
                ENTRY,
                UNKNOWN,
                "nothing",
                "2022-04",
                "2022-04",
                "2022-04",
                "CoinEx positions of 2022-04",
            ),
        ),
        "When it changed between these dates is not known.",
    ),
    Venue(
        "htx",
        "HTX",
        "linear, inverse",
        "8 hours",
        "none",
        (
            Rule(
                MARK,
                FLAT,
                "nothing",
                "2021",
                "",
                "2025-05",
                'HTX Support, "Tiered Adjustment Factor of USDT-M Contracts"; positions of 2021 to 2025',
            ),
        ),
        "The maintenance margin rate is adjustment factor / leverage.",
    ),
    Venue(
        "mexc",
        "MEXC",
        "linear, inverse",
        "8 hours",
        "up for a long",
        (
            Rule(
                ENTRY,
                UNKNOWN,
                "nothing",
                "2021-01",
                "",
                "2021-01",
                'MEXC, "Liquidation in Futures"; a position of 2021-01',
            ),
        ),
    ),
    Venue(
        "blofin",
        "BloFin",
        "linear",
        "8 hours",
        "none",
        (
            Rule(
                MARK,
                UNKNOWN,
                "the account's taker fee, 0.06%",
                "2023-09",
                "",
                "2024-02",
                "BloFin positions of 2023-09 and 2024-02; no help page that says it was found",
            ),
        ),
    ),
    Venue(
        "delta",
        "Delta",
        "linear",
        "8 hours",
        "none",
        (
            Rule(
                ENTRY,
                UNKNOWN,
                "nothing",
                "2026-01",
                "",
                "2026-01",
                "a Delta position of 2026-01; its guide defines the price and does not say which value",
            ),
        ),
    ),
    Venue(
        "lighter",
        "Lighter",
        "linear",
        "1 hour",
        "none",
        (
            Rule(
                MARK,
                UNKNOWN,
                "nothing",
                "2025",
                "",
                "2025",
                'Lighter Docs, "Liquidations & Insurance Fund"',
            ),
        ),
        "The maintenance margin fraction is the same for every size.",
    ),
    Venue(
        "bingx",
        "BingX",
        "linear, inverse",
        "8 hours",
        UNKNOWN,
        (
            Rule(
                MARK,
                MARGINAL,
                "the taker fee",
                "2024-07-22",
                "",
                "2024-07-22",
                'BingX Support, "Perpetual Futures Forced Liquidation Rules" and the maintenance margin rules of '
                "2024-07-22",
            ),
        ),
        "That the value is the one at the mark price is our reading; no position of a user was found to hold it "
        "against.",
    ),
    Venue(
        "deribit",
        "Deribit",
        "inverse, linear",
        "continuous, its rate is for 8 hours",
        UNKNOWN,
        (
            Rule(
                MARK,
                UNKNOWN,
                "nothing",
                "2025-05",
                "",
                "2025-05",
                'Deribit Support, "Inverse Perpetual" and "Linear Perpetual": standard margin',
            ),
        ),
        "Cross and portfolio margin only. The rate rises with the size by a line and no steps; with one position in "
        "standard margin the formula holds, with options in the account it does not.",
    ),
)

WORDS = tuple(venue.word for venue in VENUES)
METHODS = (ENTRY, MARK, *WORDS)
"""What a template's list offers as a method: the two rules, and each venue by today's."""


def dated() -> dict[str, Rule]:
    """The rules by venue and by venue and year, as "bybit" and "bybit 2024".

    A year stands for a rule where only that one was in force or seen in it, at a venue that has changed its rule.
    """
    found = {venue.word: venue.rule for venue in VENUES}
    last = max(int(rule.seen[:4]) for venue in VENUES for rule in venue.rules)
    for venue in VENUES:
        if len(venue.rules) > 1:
            first = min(int(rule.since[:4]) for rule in venue.rules)
            for year in range(first, last + 1):
                held = [rule for rule in venue.rules if _held_in(rule, year)]
                if len(held) == 1:
                    found[f"{venue.word} {year}"] = held[0]
    return found


def _held_in(rule: Rule, year: int) -> bool:
    return int(rule.since[:4]) <= year <= int(rule.until[:4] or "9999")


def bases() -> dict[str, str]:
    """Entry or mark by the word that says so."""
    return {ENTRY: ENTRY, MARK: MARK} | {word: rule.basis for word, rule in dated().items()}


def tierings() -> dict[str, str]:
    """Marginal or flat by the word that says so; a venue of which it is not known has none."""
    return {MARGINAL: MARGINAL, FLAT: FLAT} | {word: rule.tiering for word, rule in dated().items() if rule.tiering}


def condition(cell: str, basis: str) -> str:
    """A spreadsheet's condition that the method in a cell is on this basis, "entry" or "mark"."""
    words = [basis, *(venue.word for venue in VENUES if venue.rule.basis == basis)]
    return "OR(" + ",".join(f'{cell}="{word}"' for word in words) + ")"
