"""A table from a venue itself: positions, trades, funding, tiers, prices, through ccxt and only ever read.

Keys come from the environment and go nowhere but to the venue: they are neither written nor shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars

from xladdin import installed, tier_files
from xladdin.core import venues
from xladdin.core.errors import UserError
from xladdin.reports.rejected import inert

WHAT = ("positions", "trades", "funding", "tiers", "prices")
_KEYS = {"KEY": "apiKey", "SECRET": "secret", "PASSWORD": "password", "WALLET": "walletAddress"}
_ASKS = {
    "positions": "fetchPositions",
    "trades": "fetchMyTrades",
    "funding": "fetchFundingHistory",
    "tiers": "fetchLeverageTiers",
    "prices": "fetchTickers",
}
_COLUMNS = {
    "positions": (
        *(
            "symbol",
            "side",
            "contracts",
            "contractSize",
            "entryPrice",
            "markPrice",
            "notional",
            "leverage",
            "marginMode",
        ),
        *("initialMargin", "maintenanceMarginPercentage", "unrealizedPnl", "liquidationPrice", "datetime"),
    ),
    "trades": (
        *("timestamp", "datetime", "symbol", "side", "takerOrMaker", "price", "amount", "cost", "fee.cost"),
        *("fee.currency", "id", "order"),
    ),
    "funding": ("timestamp", "datetime", "symbol", "code", "amount", "id"),
    "tiers": ("symbol", "tier", "minNotional", "maxNotional", "maintenanceMarginRate", "maxLeverage", "currency"),
    "prices": ("symbol", "last", "markPrice", "bid", "ask", "datetime"),
}
_MOST_PAGES = 1000
Rows = list[dict[str, Any]]


def fetch(
    venue: str,
    what: str,
    *,
    user: str | None = None,
    symbols: Sequence[str] = (),
    since: int | None = None,
    connect: Callable[[str], Any] | None = None,
) -> tuple[polars.DataFrame, list[str]]:
    """Ask a venue for a table.

    Parameters
    ----------
    venue : str
        Its word, or its name in ccxt.
    what : str
        One of `WHAT`.
    user : str, optional
        The address whose positions they are, where a venue shows them to everybody.
    symbols : sequence of str
        Which; some venues tell trades of one symbol at a time and need it.
    since : int, optional
        Milliseconds since 1970 from which on.
    connect : callable, optional
        Gives the connection to a venue; that of ccxt otherwise.

    Returns
    -------
    tuple
        The table, and a sentence on each thing that the venue does not tell.

    Raises
    ------
    UserError
        When ccxt is not installed, there is no such venue, it can't be reached, refuses, or does not tell this at all.
    """
    try:
        import ccxt
    except ImportError:
        raise UserError(f"Fetching needs ccxt: {installed.again('exchange')}") from None
    exchange = (connect or connection)(venue)
    asked = _ASKS[what]
    if not exchange.has.get(asked) and not (what == "tiers" and exchange.has.get("fetchMarketLeverageTiers")):
        raise UserError(f"{venue} does not tell {what}; it tells {', '.join(_told(exchange)) or 'nothing of it'}.")
    parameters = {"user": user} if user else {}
    try:
        exchange.load_markets()
        rows = _ROWS[what](exchange, list(symbols), since, parameters)
    except ccxt.AuthenticationError:
        names = ", ".join(f"XLADDIN_{venue.upper()}_{name}" for name in _KEYS)
        raise UserError(f"{venue} needs keys that may read, or refuses these; they come from {names}.") from None
    except ccxt.BadSymbol:
        raise UserError(
            f"{venue} does not know one of the symbols {', '.join(symbols)}; a symbol is such as BTC/USDT:USDT."
        ) from None
    except ccxt.ArgumentsRequired as error:
        raise UserError(f"{venue} asks for more: {_safe(error, exchange)}; see --user and --symbol.") from None
    except ccxt.NetworkError:
        raise UserError(f"{venue} can't be reached, or answers no more for now; try again later.") from None
    except ccxt.BaseError as error:
        raise UserError(f"{venue} refuses: {_safe(error, exchange)}.") from None
    columns = _COLUMNS[what]
    data = polars.DataFrame(
        {name: [_cell(row, name) for row in rows] for name in columns},
        schema=dict.fromkeys(columns, polars.String),
    )
    untold = [name for name in columns if data.height and data[name].is_null().all()]
    return data, [f"{venue} does not tell {', '.join(untold)}."] if untold else []


def connection(venue: str, address: str | None = None) -> Any:
    """A connection to a venue that reads; to another address where one is given.

    Raises
    ------
    UserError
        When ccxt knows no venue of this name.
    """
    import ccxt

    word = venue.strip().casefold()
    name = next((each.ccxt or word for each in venues.VENUES if each.word == word), word)
    if name not in ccxt.exchanges:
        raise UserError(f"ccxt knows no venue {venue!r}; its names are such as binance, bybit, okx, hyperliquid.")
    found = {
        field: value for name, field in _KEYS.items() if (value := os.environ.get(f"XLADDIN_{venue.upper()}_{name}"))
    }
    exchange = getattr(ccxt, name)({**found, "enableRateLimit": True, "options": {"defaultType": "swap"}})
    if venue == "hyperliquid":
        exchange.options["fetchMarkets"] = {"types": ["swap"]}
    if address:
        exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], address)
    return exchange


def _told(exchange: Any) -> list[str]:
    return [what for what, asked in _ASKS.items() if exchange.has.get(asked)]


def _positions(exchange: Any, symbols: list[str], since: int | None, parameters: dict[str, Any]) -> Rows:
    rows: Rows = exchange.fetch_positions(symbols or None, parameters)
    for row in rows:
        if row.get("contractSize") is None:
            row["contractSize"] = exchange.market(row["symbol"]).get("contractSize")
    return [row for row in rows if row.get("contracts")]


def _trades(exchange: Any, symbols: list[str], since: int | None, parameters: dict[str, Any]) -> Rows:
    return _pages(lambda symbol, start: exchange.fetch_my_trades(symbol, start, None, parameters), symbols, since)


def _funding(exchange: Any, symbols: list[str], since: int | None, parameters: dict[str, Any]) -> Rows:
    return _pages(lambda symbol, start: exchange.fetch_funding_history(symbol, start, None, parameters), symbols, since)


def _pages(ask: Callable[[str | None, int | None], Rows], symbols: list[str], since: int | None) -> Rows:
    """All answers from a time on: the next is asked from the last of the one before, until nothing new comes."""
    rows: Rows = []
    for symbol in symbols or [None]:  # type: ignore[list-item]
        start, known = since, set()
        for _ in range(_MOST_PAGES):
            new = [
                row for row in ask(symbol, start) if (row.get("id"), row["timestamp"], row.get("amount")) not in known
            ]
            if not new:
                break
            known |= {(row.get("id"), row["timestamp"], row.get("amount")) for row in new}
            rows += new
            if since is None:
                break
            start = max(row["timestamp"] for row in new)
    return sorted(rows, key=lambda row: row["timestamp"] or 0)


def _identity(row: dict[str, Any]) -> tuple[Any, ...]:
    return row.get("id"), row["timestamp"], row.get("symbol"), row.get("amount")


def _tiers(exchange: Any, symbols: list[str], since: int | None, parameters: dict[str, Any]) -> Rows:
    found = tier_files.asked(exchange.id, exchange, symbols)
    return [{**tier, "symbol": symbol} for symbol, tiers in found.items() for tier in tiers]


def _prices(exchange: Any, symbols: list[str], since: int | None, parameters: dict[str, Any]) -> Rows:
    return list(exchange.fetch_tickers(symbols or None, parameters).values())


_ROWS = {"positions": _positions, "trades": _trades, "funding": _funding, "tiers": _tiers, "prices": _prices}


def _cell(row: dict[str, Any], name: str) -> str | None:
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else repr(value) if isinstance(value, float) else inert(str(value))


def _safe(error: Exception, exchange: Any) -> str:
    """What a venue says, without addresses and without anything secret."""
    text = re.sub(r"https?://\S+", "", str(error).replace("\n", " "))
    for field in _KEYS.values():
        if secret := getattr(exchange, field, None):
            text = text.replace(str(secret), "***")
    return " ".join(text.split())[:160].rstrip(".")
