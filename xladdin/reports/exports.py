"""Exports known by their header: what each column of a venue's file means, as data in `sources`."""

from __future__ import annotations

import functools
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
import polars

from xladdin.core.errors import UserError
from xladdin.reports import notation
from xladdin.reports.matching import concept, plain
from xladdin.reports.table import FRAME, Frame, Table
from xladdin.reports.units import counts_otherwise

_OURS = Path(__file__).parent / "sources"
OF_USERS = "XLADDIN_SOURCES"  # the environment's name for a folder with more of them
_KINDS = ("positions", "fills", "log")
_KEYS = {"name", "kind", "header", "columns", "fills", "totals", "says", "without", "contracts"}


@dataclass(frozen=True)
class Meaning:
    """Where a value of ours comes from.

    Attributes
    ----------
    columns
        The column, or several of which it is the product.
    over
        The column by which it is divided: a value by its price is a quantity.
    scale
        What it is multiplied by: -1 where the venue counts the other way, 1e-8 for satoshis.
    sign_of
        A column whose sign it gets.
    absolute
        Whether its sign says something else.
    nothing
        What stands for no value: a price of 0, a leverage of 999999.
    words
        Our word for a venue's own; a word without is passed on.
    as_text
        How it is made of words: "joined" of several columns, "side" of the sign of a number, "position side" of a word
        or else a sign, "contract" of a symbol.
    added
        Whether the columns are added and not multiplied: fees of opening and of closing.
    """

    columns: tuple[str, ...]
    over: str = ""
    scale: float = 1.0
    sign_of: str = ""
    absolute: bool = False
    nothing: tuple[float, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    as_text: str = ""
    added: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        return (*self.columns, *filter(None, (self.over, self.sign_of)))

    def of(self, data: polars.DataFrame) -> polars.Series:
        """The values of some rows."""
        first = data[self.columns[0]]
        if self.as_text:
            return _made_of_words(self.as_text, [data[column] for column in self.columns])
        if self.words:
            known = {plain(word): ours for word, ours in self.words.items()}
            found = [None if each is None else known.get(plain(str(each)), str(each)) for each in first]
            return polars.Series(found, dtype=polars.String)
        is_plain = len(self.columns) == 1 and self.scale == 1.0 and not (self.over or self.sign_of or self.nothing)
        if is_plain and not self.absolute:
            return _in_utc(first, self.columns[0])
        numbers, _ = notation.numbers(first)
        for column in self.columns[1:]:
            other, _ = notation.numbers(data[column])
            numbers = numbers + other if self.added else numbers * other
        if self.over:
            numbers = _finite(numbers / notation.numbers(data[self.over])[0])
        if self.scale != 1.0:
            numbers = numbers * self.scale
        numbers = numbers.abs() if self.absolute or self.sign_of else numbers
        if self.sign_of:
            numbers = numbers * notation.numbers(data[self.sign_of])[0].sign()
        return numbers.set(numbers.is_in(list(self.nothing)).fill_null(False), None) if self.nothing else numbers

    def in_other_units(self, data: polars.DataFrame, is_other: Callable[[str], bool]) -> polars.Series | None:
        """Where a number that is taken as it is has a unit in its cell that it is not counted in, as text; or none."""
        if len(self.columns) != 1 or self.over or self.as_text or self.words:
            return None
        first = data[self.columns[0]]
        units = notation.units(first, with_parts=True)
        others = [unit for unit in units.drop_nulls().unique().to_list() if is_other(unit)]
        return first.cast(polars.String).set(~units.is_in(others).fill_null(False), None) if others else None


def _finite(numbers: polars.Series) -> polars.Series:
    return numbers.set(~numbers.is_finite().fill_null(True), None)


_ZONE = re.compile(r"\s*\(UTC[^()]*\)\s*$")
_OFFSET = re.compile(r"UTC\s*([+\-\u2212])\s*(\d{1,2})(?::?(\d{2}))?")
_OF_THE_CLOCK = r"\d:\d\d(?::\d\d(?:\.\d+)?)?\s*$"


def _in_utc(times: polars.Series, header: str) -> polars.Series:
    """Times with the zone that their header says, such as (UTC+08:00)."""
    found = _OFFSET.search(header)
    if found is None or times.dtype != polars.String or not (int(found[2]) or int(found[3] or 0)):
        return times
    zone = f" {found[1].replace(chr(0x2212), '-')}{int(found[2]):02}:{found[3] or '00'}"
    is_clock = times.str.contains(_OF_THE_CLOCK).fill_null(False)
    return polars.select(polars.when(is_clock).then(times.str.strip_chars_end() + zone).otherwise(times)).to_series()


def _made_of_words(way: str, columns: list[polars.Series]) -> polars.Series:
    if way == "side":
        signs = notation.numbers(columns[0])[0].sign().to_list()
        return polars.Series([{1.0: "long", -1.0: "short"}.get(sign) for sign in signs], dtype=polars.String)
    if way == "position side":
        by_sign = _made_of_words("side", columns[1:]).to_list()
        said = [str(each).casefold() for each in columns[0]]
        sides = [word if word in ("long", "short") else sign for word, sign in zip(said, by_sign, strict=True)]
        return polars.Series(sides, dtype=polars.String)
    if way == "side of the profit":  # before fees and funding: realised + opening fee + closing fee + funding
        parts = [notation.numbers(column)[0] for column in columns]
        gross = parts[0] + parts[1].fill_null(0) + parts[2].fill_null(0) + parts[3].fill_null(0)
        signs = ((parts[5] - parts[4]).sign() * gross.sign()).to_list()
        return polars.Series([{1.0: "long", -1.0: "short"}.get(sign) for sign in signs], dtype=polars.String)
    rows = zip(*(["" if each is None else str(each) for each in column] for column in columns), strict=True)
    if way == "first word":
        return polars.Series([row[0].split()[0] if row[0].split() else "" for row in rows], dtype=polars.String)
    if way == "after the first word":
        return polars.Series([row[0].strip().partition(" ")[2] for row in rows], dtype=polars.String)
    if way == "cost":  # ccxt's fee, as a dictionary or as JSON
        found = (re.search(r"cost['\"]?\s*:\s*(-?[0-9.eE+-]+)", row[0]) for row in rows)
        return polars.Series([each[1] if each else row for each, row in zip(found, columns[0], strict=True)])
    if way == "inverse if XBT":  # BitMEX: a contract of bitcoin is one of a dollar, others are not
        names = [row[0].upper() for row in rows]
        inverse = [name.startswith("XBT") and "USDT" not in name for name in names]
        return polars.Series(["inverse" if each else "other" for each in inverse], dtype=polars.String)
    if way == "inverse unless _USD":  # Deribit
        return polars.Series(["linear" if "_USD" in row[0].upper() else "inverse" for row in rows], dtype=polars.String)
    if way == "contract":
        return polars.Series([_contract_of(row[0]) for row in rows], dtype=polars.String)
    return polars.Series([" ".join(filter(None, row)) for row in rows], dtype=polars.String)


def _contract_of(symbol: str) -> str:
    """Whether a contract is inverse: settled in the coin that it is of, as its name says on the usual venues."""
    name = symbol.upper()
    if ":" in name:  # ccxt: BASE/QUOTE:SETTLE
        return "inverse" if name.partition("/")[0] == name.rpartition(":")[2].partition("-")[0] else "linear"
    if any(mark in name for mark in ("USDT", "USDC", "FDUSD", "BUSD", "USDE")):
        return "linear"
    ends = ("USD", "USD_PERP", "-USD-SWAP", "-PERPETUAL", "USDM", "_USD")
    return "inverse" if name.endswith(ends) or "-USD-" in name or "USD_2" in name else "linear"


@dataclass(frozen=True)
class Total:
    """What a log adds up to: a word for it, its column, its sign, the columns of its currency and of its kind."""

    word: str
    column: str
    sign: int = 1
    currency: str = ""
    by: str = ""


@dataclass(frozen=True)
class Source:
    """An export of a venue.

    Attributes
    ----------
    name
        What a person calls it.
    kind
        "positions", a row each; "fills", which become positions; or "log", in which there are none.
    header
        The columns by which it is known; all of them are there, of several names of one any.
    without
        Columns that another export has which is like it.
    columns
        Our word for what a column means, and where it comes from.
    fills
        For fills: "fees" is "paid" or "earned", as a fee that is paid is counted, or "by majority"; "realised" is
        "before fees" or "after own fee".
    totals
        For a log: what of it is told.
    says
        For a log: what it is.
    contracts
        "linear" or "inverse", where the quantities of others are in a unit that the file does not say.
    """

    name: str
    kind: str
    header: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[Meaning, ...]]
    without: tuple[str, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[Total, ...] = ()
    says: str = ""
    contracts: str = ""

    def knows(self, columns: Sequence[str]) -> bool:
        """Whether a table with these columns is such an export."""
        there = {plain(column) for column in columns} | {plain(_ZONE.sub("", column)) for column in columns}
        has_all = all({plain(name) for name in names} & there for names in self.header)
        return has_all and not {plain(name) for name in self.without} & there

    def names_of(self, words: Iterable[str]) -> list[str]:
        """The names in the header of what fills are, by our words for it."""
        found = [meaning for word in words for meaning in self.columns.get(word, ())] if self.kind == "fills" else []
        return [column for meaning in found for column in meaning.columns]

    def with_columns(self, said: Mapping[str, str]) -> Source:
        """The same with a column for some of our words, by what was said of a file."""
        return replace(self, columns={**self.columns, **{word: (Meaning((column,)),) for word, column in said.items()}})

    def found_in(self, columns: Sequence[str]) -> dict[str, Meaning]:
        """The meanings whose columns a table has, by their names in it."""
        names = {plain(_ZONE.sub("", column)): column for column in reversed(columns)}
        names |= {plain(column): column for column in columns}
        found: dict[str, Meaning] = {}
        for ours, meanings in self.columns.items():
            for meaning in meanings:
                if ours not in found and all(plain(name) in names for name in meaning.needed):
                    found[ours] = replace(
                        meaning,
                        columns=tuple(names[plain(name)] for name in meaning.columns),
                        over=names.get(plain(meaning.over), ""),
                        sign_of=names.get(plain(meaning.sign_of), ""),
                    )
        return found


def recognised(table: Table, said: Iterable[str] = ()) -> Source | None:
    """The export that a table is, if it is a known one: the one of most columns, one's own before ours.

    Parameters
    ----------
    table : Table
        The table.
    said : iterable of str
        Our words for what it has in columns of other names.
    """
    words = list(said)
    known = [source for source in sources() if source.knows([*table.columns, *source.names_of(words)])]
    return max(known, key=lambda source: len(source.header), default=None)


@functools.cache
def sources() -> tuple[Source, ...]:
    """All known exports, those of the user first.

    Raises
    ------
    UserError
        When a file is not a source.
    """
    folder = Path(os.environ.get(OF_USERS) or Path(click.get_app_dir("xladdin")) / "sources")
    paths = [*sorted(folder.glob("*.toml")), *sorted(_OURS.glob("*.toml"))]
    return tuple(read_source(path) for path in paths)


def read_source(path: Path) -> Source:
    """A source as it is written in a file.

    Raises
    ------
    UserError
        When it is not written as one.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        wrong = data.keys() - _KEYS
        if wrong or data["kind"] not in _KINDS:
            said = f"{sorted(wrong)[0]}" if wrong else f"the kind {data['kind']}"
            raise UserError(
                f"{path} has {said}; allowed are {', '.join(sorted(_KEYS))} and the kinds {', '.join(_KINDS)}."
            )
        return Source(
            data["name"],
            data["kind"],
            tuple((name,) if isinstance(name, str) else tuple(name) for name in data["header"]),
            {ours: _meanings(value) for ours, value in data.get("columns", {}).items()},
            tuple(data.get("without", ())),
            data.get("fills", {}),
            tuple(Total(**each) for each in data.get("totals", ())),
            data.get("says", ""),
            data.get("contracts", ""),
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is no source of a table: {error}; allowed is what docs/reports.md says.") from None


def _meanings(value: Any) -> tuple[Meaning, ...]:
    """What is written of a value: a column, several of which the first that is there counts, or how it is made."""
    if isinstance(value, str):
        return (Meaning((value,)),)
    if isinstance(value, list):
        return tuple(each for part in value for each in _meanings(part))
    columns = value.get("columns") or [value["column"]]
    rest = {key: part for key, part in value.items() if key not in ("columns", "column", "nothing")}
    return (Meaning(tuple(columns), nothing=tuple(map(float, value.get("nothing", ()))), **rest),)


def in_our_words(table: Table, source: Source) -> Table:
    """A table of positions with our names for the columns that are known; what else it has stays as it is."""
    meanings = source.found_in(table.columns)
    others = _others(table, meanings)

    def frames(size: int) -> Iterator[Frame]:
        for each in table.frames_of(size):
            frame = each.without_blank  # what is the same in all rows is no row by itself
            data = frame.data.rename(dict(zip(frame.data.columns, table.columns, strict=False)))
            extra = data.columns[len(table.columns) :]
            known = [_with_units(ours, meaning, data).alias(ours) for ours, meaning in meanings.items()]
            if source.contracts and {"quantity", "contract"} <= set(meanings):
                known = _of_one_contract(known, source.contracts)
            rest = [data[name] for name in (*others, *extra)]
            made = Frame(frame.lines, polars.DataFrame([*known, *rest]), frame.are_short)
            yield made if "exit_price" in meanings else _open_ones(made)

    aliases: dict[str, str] = {}
    for ours, meaning in meanings.items():
        aliases.setdefault(meaning.columns[0], ours)
    return replace(
        table,
        columns=[*meanings, *others],
        frames_of=frames,
        source=source.name,
        aliases=aliases,
        in_words=source.kind,
        in_file=table.columns,
    )


def _open_ones(frame: Frame) -> Frame:
    """The rows without those of a quantity of 0: an API lists every symbol of an account, and of most no position."""
    if "quantity" not in frame.data.columns or not frame.data["quantity"].dtype.is_numeric():
        return frame
    are_some = (frame.data["quantity"] != 0).fill_null(True)
    is_kept = are_some.to_numpy()
    are_short = None if frame.are_short is None else frame.are_short[is_kept]
    return Frame(frame.lines[is_kept], frame.data.filter(are_some), are_short)


def _with_units(ours: str, meaning: Meaning, data: polars.DataFrame) -> polars.Series:
    """The values of some rows; such as are in another unit stand as they are written, and are refused as such."""
    found, others = meaning.of(data), meaning.in_other_units(data, functools.partial(counts_otherwise, ours))
    if others is None or found.dtype == polars.String:
        return found
    return polars.select(polars.coalesce(others, found.cast(polars.String))).to_series()


def _of_one_contract(known: list[polars.Series], contract: str) -> list[polars.Series]:
    """Columns of ours without the quantities of other contracts: the file does not say what they count."""
    by_name = {series.name: series for series in known}
    are_others = (by_name["contract"] != contract).fill_null(False)
    return [series.set(are_others, None) if series.name == "quantity" else series for series in known]


def _others(table: Table, meanings: Mapping[str, Meaning]) -> list[str]:
    """The columns that have no meaning for us and are not named like one that has."""
    used = {plain(name) for meaning in meanings.values() for name in meaning.needed}
    ours = {concept(name) for name in meanings} | {plain(name) for name in meanings}
    return [name for name in table.columns if plain(name) not in used and concept(name) not in ours]


def what_it_is(table: Table, source: Source) -> str:
    """One sentence of a log: what it is, and what it adds up to."""
    sums: dict[tuple[str, str], float] = {}
    names = {plain(column): column for column in table.columns}
    for frame in table.frames(FRAME):
        data = frame.data.rename(dict(zip(frame.data.columns, table.columns, strict=False)))
        for total in source.totals:
            if plain(total.column) not in names:
                continue
            amounts = notation.numbers(data[names[plain(total.column)]])[0].fill_null(0) * total.sign
            by, of_currency = names.get(plain(total.by)), names.get(plain(total.currency))
            kinds = data[by] if by else [total.word] * data.height
            same = total.currency if total.currency.isupper() else ""
            money = data[of_currency] if of_currency else [same] * data.height
            for kind, currency, amount in zip(kinds, money, amounts, strict=True):
                key = (str(kind or total.word), str(currency or ""))
                sums[key] = sums.get(key, 0.0) + amount
    told = [f"{kind} {amount:.12g} {currency}".strip() for (kind, currency), amount in sums.items() if amount]
    return f"read as: {source.name}, {source.says}" + (f"; {', '.join(told[:12])}" if told else "")
