"""Tiers brought in: from a file of ccxt's or freqtrade's form, or from an exchange through ccxt."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xladdin import installed
from xladdin.core import tier_sets, venues
from xladdin.core.errors import UnreadableError, UserError
from xladdin.core.functions.tiers import read_tiers

_FIELDS = ("minNotional", "maintenanceMarginRate", "maxLeverage")


@dataclass(frozen=True)
class Outcome:
    """A set that was stored, and why symbols were left out of it."""

    path: Path
    symbols: int
    tables: int
    left_out: dict[str, str]


@dataclass(frozen=True)
class Shown:
    """The tiers of a symbol for a person: what they are of, and a line a tier."""

    heading: str
    rows: list[str]


def shown(venue: str, symbol: str, as_of: datetime.date | None, today: datetime.date) -> Shown:
    """The tiers of a symbol as lines, with the deduction that makes a maintenance margin of size * rate."""
    found = tier_sets.find(venue, as_of)
    tiers = read_tiers(found.table(symbol))
    if not isinstance(tiers, list):
        raise UnreadableError(f"The tiers of {symbol} in {found.source} are not in ascending order from 0.")
    rows = [["floor", "rate", "max leverage", "deduction"]]
    rows += [[f"{cell:.15g}" for cell in (tier.floor, tier.rate, tier.max_leverage, tier.deduction)] for tier in tiers]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    name = found.names[tier_sets.short(symbol)]
    return Shown(f"{found.venue} {name}, {aged(found, as_of or today)}; source: {found.source}.", lines)


def aged(found: tier_sets.TierSet, today: datetime.date) -> str:
    """Of which day a set is and how old it is on a day, with what to do about an old one."""
    days = found.age(today)
    told = f"tiers of {found.date}, {days} {'day' if days == 1 else 'days'} old"
    if days <= tier_sets.OLD_AFTER_DAYS:
        return told
    return f"{told}, and venues change them: `xladdin tiers fetch {found.venue}` or `import` brings newer ones"


def listed(today: datetime.date) -> list[str]:
    """A line for the newest set of each venue."""
    return [
        f"{found.venue}: {aged(found, today)}; {len(found.symbols)} symbols; source: {found.source}."
        for found in tier_sets.newest()
    ]


def told(outcome: Outcome) -> str:
    """What was stored, in a sentence or two."""
    said = f"{outcome.symbols} symbols with {outcome.tables} different tables are in {outcome.path}."
    if not outcome.left_out:
        return said
    symbol, reason = next(iter(outcome.left_out.items()))
    return f"{said} Left out: {len(outcome.left_out)}, the first {symbol}: {reason}."


def import_file(path: Path, venue: str | None, date: datetime.date | None) -> Outcome:
    """Store the tiers of a file, in the form of ccxt's `fetchLeverageTiers` or freqtrade's, as the user's set.

    Parameters
    ----------
    path : Path
        A JSON object of symbols, each with a list of tiers, or one such list as of `fetchMarketLeverageTiers`.
    venue : str, optional
        Whose they are; when left out it is the word that the file's name begins with.
    date : date, optional
        Of which day they are; when left out the day that the file itself says, or the day it was last changed.

    Raises
    ------
    UserError
        When the venue is not known or can't be told, or no symbol is usable; UnreadableError when the file can't be
        read or is of another form.
    """
    word = (venue or path.name.partition("_")[0].partition("-")[0]).strip().casefold()
    if word not in venues.WORDS:
        how = "name it with --venue" if venue is None else "there are"
        raise UserError(f"{word!r} is no venue that is known; {how}: {', '.join(venues.WORDS)}.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        changed = datetime.date.fromtimestamp(path.stat().st_mtime)
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise UnreadableError(f"{path} is no JSON: {error}.") from None
    if isinstance(content, dict) and {"updated", "data"} <= content.keys():  # freqtrade's own copies say when
        changed = _day(content["updated"]) or changed
        content = content["data"]
    return store(word, date or changed, f"imported from {path.name}", by_symbol(content, str(path)))


def fetch(venue: str, symbols: Sequence[str], today: datetime.date, exchange: Any = None) -> Outcome:
    """Store the tiers that an exchange gives now, asked through ccxt.

    Parameters
    ----------
    venue : str
        The venue's word.
    symbols : sequence of str
        Those wanted, as ccxt writes them; all when empty, where the exchange gives all at once.
    today : date
        The day that the set will carry.
    exchange : ccxt.Exchange, optional
        The exchange to ask; when left out the one that ccxt has for the venue.

    Raises
    ------
    UserError
        When ccxt is not installed, has no such exchange, or can't get the tiers.
    """
    word = venue.strip().casefold()
    if word not in venues.WORDS:
        raise UserError(f"There is no venue {venue!r}; there are {', '.join(venues.WORDS)}.")
    try:
        import ccxt
    except ModuleNotFoundError:
        raise UserError(
            "ccxt is not installed; bring a file with `xladdin tiers import`, or install it: "
            f"{installed.again('exchange')}"
        ) from None
    if exchange is None:
        (name,) = (each.ccxt or word for each in venues.VENUES if each.word == word)
        if not hasattr(ccxt, name):
            raise UserError(f"ccxt has no exchange {name}; bring a file with `xladdin tiers import`.")
        exchange = getattr(ccxt, name)({"options": {"defaultType": "swap"}})
    try:
        found = asked(word, exchange, symbols)
    except ccxt.AuthenticationError:
        raise UserError(
            f"{word} gives its tiers only to a key of yours: ask with ccxt yourself, save what fetch_leverage_tiers "
            "gives as JSON and bring it with `xladdin tiers import`."
        ) from None
    except ccxt.BaseError as error:
        raise UserError(f"{word} gave no tiers: {' '.join(str(error).split())[:200]}") from None
    return store(word, today, f"{exchange.id} through ccxt {ccxt.__version__}", by_symbol(found, word))


def asked(word: str, exchange: Any, symbols: Sequence[str]) -> Mapping[str, Any]:
    """The tiers by symbol that an exchange gives.

    Raises
    ------
    UserError
        When ccxt can't ask it, or not for all symbols at once.
    """
    if exchange.has.get("fetchLeverageTiers") is True:
        tiers: Mapping[str, Any] = exchange.fetch_leverage_tiers(list(symbols) or None)
        return tiers
    if not exchange.has.get("fetchMarketLeverageTiers"):
        raise UserError(f"ccxt can't ask {word} for tiers; bring a file with `xladdin tiers import`.")
    if not symbols:
        raise UserError(f"{word} gives the tiers of one symbol at a time: name those you want, such as BTC/USDT:USDT.")
    return {symbol: exchange.fetch_market_leverage_tiers(symbol) for symbol in symbols}


def by_symbol(content: Any, where: str) -> dict[str, list[Any]]:
    """The lists of tiers by symbol, of an object of such lists or of one list whose tiers name their symbol.

    Raises
    ------
    UnreadableError
        When it is neither.
    """
    if isinstance(content, list) and content and all(isinstance(tier, dict) and tier.get("symbol") for tier in content):
        listed: dict[str, list[Any]] = {}
        for tier in content:
            listed.setdefault(tier["symbol"], []).append(tier)
        return listed
    if isinstance(content, Mapping) and content and all(isinstance(tiers, list) for tiers in content.values()):
        return dict(content)
    raise UnreadableError(
        f"{where} holds no leverage tiers: wanted is an object of symbols, each a list of tiers with "
        f"{', '.join(_FIELDS)}, as ccxt's fetchLeverageTiers gives it."
    )


def store(venue: str, date: datetime.date, source: str, tiers: Mapping[str, Sequence[Any]]) -> Outcome:
    """Write a set into the user's folder."""
    left_out: dict[str, str] = {}
    tables = {}
    for symbol, listed in tiers.items():
        try:
            tables[symbol] = table(listed)
        except (TypeError, ValueError) as error:
            left_out[symbol] = str(error)
    if not tables:
        symbol, reason = next(iter(left_out.items()))
        raise UserError(f"No symbol of {source} has usable tiers; {symbol}: {reason}.")
    path = tier_sets.user_folder() / tier_sets.file_name(venue, date)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(packed(venue, date, source, tables), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"The tiers can't be written to {path}: {error.strerror}.") from None
    tier_sets.read.cache_clear()
    return Outcome(path, len(tables), len({json.dumps(table) for table in tables.values()}), left_out)


def packed(venue: str, date: datetime.date, source: str, tables: Mapping[str, list[list[float]]]) -> str:
    """The text of a set's file: each different table once, a line each, and the symbols that share it."""
    places: dict[str, int] = {}
    symbols = {symbol: places.setdefault(_line(table), len(places)) for symbol, table in sorted(tables.items())}
    head = {"schema": tier_sets.SCHEMA, "venue": venue, "date": str(date), "source": source}
    lines = ",\n".join(places)
    return f'{json.dumps(head)[:-1]},\n"tables": [\n{lines}\n],\n"symbols": {json.dumps(symbols)}}}\n'


def _line(table: list[list[float]]) -> str:
    return json.dumps([[int(cell) if cell == int(cell) else cell for cell in row] for row in table])


def table(listed: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """The rows of floor, rate and maximum leverage of a symbol; ValueError says which tier is no tier."""
    if not listed:
        raise ValueError("no tiers")
    rows = []
    for number, tier in enumerate(listed, start=1):
        if not isinstance(tier, Mapping):
            raise ValueError(f"tier {number} is no object")
        missing = [field for field in _FIELDS if tier.get(field) is None]
        if missing:
            raise ValueError(f"tier {number} has no {' and no '.join(missing)}")
        rows.append([float(tier[field]) for field in _FIELDS])
    if not isinstance(read_tiers(rows), list):
        raise ValueError("floors that do not rise from 0, a rate that falls or is not below 1, or a leverage of 0")
    return rows


def _day(text: Any) -> datetime.date | None:
    try:
        return datetime.datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None
