"""Sets of margin tiers by venue and day: those that ship with xladdin, and those that a user brought in.

A set is a JSON file that names its venue, its day and its source, holds each different table once and says which
symbol has which. It is read when it is first asked for, and without anything but the standard library: Calc's own
Python does it.
"""

from __future__ import annotations

import datetime
import functools
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xladdin.core import venues
from xladdin.core.errors import UnreadableError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "xladdin.tiers/1"
OLD_AFTER_DAYS = 90
SHIPPED = Path(__file__).parent / "tier_data"
_FIRST_DAY = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet's dates


@dataclass(frozen=True)
class TierSet:
    """The tiers of a venue on a day: tables of floor, maintenance margin rate and leverage, and whose each is."""

    venue: str
    date: datetime.date
    source: str
    tables: list[list[list[float]]]
    symbols: dict[str, int]
    """The place of a symbol's table, by the symbol as ccxt writes it: "BTC/USDT:USDT"."""

    @functools.cached_property
    def names(self) -> dict[str, str]:
        """The symbols by their short form."""
        return {short(symbol): symbol for symbol in self.symbols}

    def table(self, symbol: str) -> list[list[float]]:
        """The tiers of a symbol in any spelling.

        Raises
        ------
        UserError
            When the set has no such symbol; it names those that are near.
        """
        name = self.names.get(short(symbol))
        if name is not None:
            return self.tables[self.symbols[name]]
        near = _near(short(symbol), self.names)
        meant = f"did you mean {near}?" if near else f"it has {', '.join(list(self.names)[:3])} and others."
        raise UserError(f"The tiers of {self.venue} of {self.date} have no symbol {symbol!r}; {meant}")

    @property
    def serial(self) -> float:
        """The day as a spreadsheet's date."""
        return float((self.date - _FIRST_DAY).days)

    def age(self, today: datetime.date) -> int:
        """How many days old the tiers are."""
        return (today - self.date).days


def short(symbol: str) -> str:
    """A symbol without what venues and programs write differently: "BTC/USDT:USDT" and "btc-usdt-swap" are BTCUSDT.

    The day of a dated contract stays: "BTC/USDT:USDT-261225" is BTCUSDT261225.
    """
    pair, _, settled = symbol.strip().upper().partition(":")
    pair = re.sub(r"[-_](PERP|SWAP|PERPETUAL)$", "", pair)
    return re.sub(r"[\W_]", "", pair + settled.partition("-")[2])


def user_folder() -> Path:
    """Where the sets lie that a user brought in."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    return base / "xladdin" / "tiers"


def files() -> list[Path]:
    """Every file of a set, a user's before those that ship."""
    return [path for folder in (user_folder(), SHIPPED) for path in sorted(folder.glob("*.json"))]


def find(venue: str, as_of: datetime.date | None = None) -> TierSet:
    """The newest set of a venue, or the newest of those that are not younger than a day.

    Raises
    ------
    UserError
        When there is no such venue, no set of it or none that old; UnreadableError when its file is damaged.
    """
    word = venue.strip().casefold()
    if word not in venues.WORDS:
        near = _near(word, venues.WORDS)
        meant = f"did you mean {near}?" if near else f"there are {', '.join(venues.WORDS)}."
        raise UserError(f"There is no venue {venue!r}; {meant}")
    dated = [(day, path) for path in files() for name, day in [_name_and_day(path)] if name == word and day is not None]
    if not dated:
        raise UserError(
            f"There are no tiers of {word} here; `xladdin tiers fetch {word}` or `xladdin tiers import` brings some."
        )
    fitting = [each for each in dated if as_of is None or each[0] <= as_of]
    if not fitting:
        raise UserError(
            f"The tiers of {word} go back to {min(dated)[0]}, and {as_of} is before it; import a set of that time."
        )
    newest = max(day for day, _ in fitting)
    return read(next(path for day, path in fitting if day == newest))


def file_name(venue: str, date: datetime.date) -> str:
    return f"{venue}-{date}.json"


def _name_and_day(path: Path) -> tuple[str, datetime.date | None]:
    """The venue and the day in a file's name, so that a set is read only where it is the one that is wanted."""
    venue, _, day = path.stem.partition("-")
    try:
        return venue, datetime.date.fromisoformat(day)
    except ValueError:
        return venue, None


def newest_day() -> datetime.date | None:
    """The day of the newest set of all, by the names of the files alone."""
    return max((day for path in files() for _, day in [_name_and_day(path)] if day is not None), default=None)


def newest() -> list[TierSet]:
    """The newest set of each venue of which there is one.

    Raises
    ------
    UnreadableError
        When a file of a set is damaged.
    """
    words = {word for path in files() for word, day in [_name_and_day(path)] if day is not None}
    return [find(word) for word in venues.WORDS if word in words]


@functools.lru_cache(maxsize=8)
def read(path: Path) -> TierSet:
    """The set in a file.

    Raises
    ------
    UnreadableError
        When it can't be read, is no JSON, or of another schema.
    """
    mend = f"delete it, or bring it anew with `xladdin tiers import`; {SCHEMA} is what belongs there"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise UnreadableError(f"{path} is no JSON ({error}): {mend}.") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        found = content.get("schema") if isinstance(content, dict) else type(content).__name__
        raise UnreadableError(f"{path} is of schema {found!r}: {mend}.")
    try:
        return _checked(content)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UnreadableError(f"{path} is damaged ({error!r}): {mend}.") from None


def _checked(content: dict[str, Any]) -> TierSet:
    """A set from the content of its file; whatever is not as it is to be raises."""
    tables = [[[float(cell) for cell in row] for row in table] for table in content["tables"]]
    symbols = {str(symbol): int(place) for symbol, place in content["symbols"].items()}
    if not all(0 <= place < len(tables) for place in symbols.values()):
        raise ValueError("a symbol's table is missing")
    return TierSet(
        str(content["venue"]), datetime.date.fromisoformat(content["date"]), str(content["source"]), tables, symbols
    )


def from_serial(day: float) -> datetime.date:
    """The day of a spreadsheet's date."""
    return _FIRST_DAY + datetime.timedelta(days=int(day))


def _least_usual(name: str) -> tuple[bool, int]:
    """What puts the contracts in USDT first, and short names before long ones."""
    return not name.endswith("USDT"), len(name)


def _near(word: str, known: Iterable[str]) -> str:
    import difflib

    begun = sorted((name for name in known if word and name.startswith(word)), key=_least_usual)
    return " or ".join((begun or difflib.get_close_matches(word, list(known), n=3, cutoff=0.6))[:3])
