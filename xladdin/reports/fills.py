"""The fills of an export, line by line, and what is to be told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars

from xladdin.core.errors import UnreadableError, quoted
from xladdin.reports import notation
from xladdin.reports.exports import Meaning, Source
from xladdin.reports.odd_lines import EACH_COUNTS, SameLines, lines_told
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import FRAME, Frame, Table
from xladdin.reports.units import counts_otherwise
from xladdin.reports.wording import listed

_FUNDING = ("funding", "settlement")  # what a line among fills is called that is one of funding
_UNFILLED = ("cancel", "expire", "reject", "new", "open", "untriggered")  # what an order is called that has no fill
_CURRENCY = re.compile("[A-Z][A-Z0-9]{1,9}|[$\u20ac\u00a3\u00a5\u20bf]")
_TIMES = re.compile("time|date|zeit|datum|when|created|executed", re.IGNORECASE)
# What is money of a fill, and what it is called.
_MONEY = {"price": "a price", "fee": "a fee", "funding": "funding", "realised": "a profit", "cash": "an amount"}

_LEAST_FEE, _MOST_FEE = 2e-6, 0.02  # of the value of the fills; makers pay 1e-5 and more, who buys coins 0.01


@dataclass(frozen=True)
class Fill:
    """One fill: its line, what and when, the signed quantity, its price, the fee paid, the venue's profit before it."""

    line: int
    key: tuple[str, str]
    time: str
    quantity: float
    price: float
    fee: float
    funding: float
    venue_profit: float | None
    closes: bool | None
    is_inverse: bool


@dataclass
class FillReader:
    """What reads the fills of an export, and notes what is to be told of them.

    Attributes
    ----------
    table, source
        The table, and whose export it is.
    """

    table: Table
    source: Source
    _same: SameLines = field(default_factory=SameLines)
    _no_rows: list[tuple[int, str]] = field(default_factory=list)
    _foreign: set[str] = field(default_factory=set)
    _left_out: dict[str, int] = field(default_factory=dict)
    _without_fee: list[int] = field(default_factory=list)
    _has_fees: bool = True
    _paid: int = 0
    _fees: float = 0.0
    _value: float = 0.0
    _earned: int = 0

    def fills(self) -> Iterator[Fill]:
        """The fills, and the lines of funding among them.

        Raises
        ------
        UnreadableError
            When a line that is a fill can't be read, or no column says the time.
        """
        meanings = self.source.found_in(self.table.columns)
        self._check_time(meanings)
        self._has_fees = "fee" in meanings
        sign = _sign_of_fees(self.table, self.source, meanings)
        for frame in self.table.frames(FRAME):
            yield from self._of_frame(frame, meanings, sign)

    @property
    def kinds_left_out(self) -> list[str]:
        """What the lines are called that are no fills of futures."""
        return [kind for kind in self._left_out if kind]

    def told(self) -> list[str]:
        """What has to be told of the lines that were read."""
        path = self.table.path
        told = lines_told(path, self._no_rows) + self._same.told(path, EACH_COUNTS)
        if not self._has_fees:
            way = (
                f"; if there is one, {self.table.ways_to_map('COLUMN', 'fee')}" if "fee" in self.source.columns else ""
            )
            told.append(Doubt(f"{path}: no column for the fee of a fill, and the profit is before fees{way}."))
        if self._without_fee:
            lines = listed([f"{line:,}" for line in self._without_fee], 5)
            told.append(Doubt(f"{path}: no fee in line {lines}; it is counted as 0."))
        if self._earned > 1 and not self._paid:
            written = "positive" if self.source.fills.get("fees") == "earned" else "negative"
            told.append(
                Doubt(
                    f"{path}: all {self._earned:,} fees are {written}, which in {self.source.name} is what was earned: "
                    "they are added to the profit; if they were paid, write them the other way."
                )
            )
        if self._fees and not _LEAST_FEE < self._fees / self._value < _MOST_FEE:
            told.append(
                Doubt(
                    f"{path}: fees are {self._fees / self._value:.3g} of the value of the fills, and usual is 0.0001 "
                    "to 0.005: a fee may be a rate, or a quantity money."
                )
            )
        if self._foreign:
            told.append(
                Doubt(f"{path}: fees in {', '.join(sorted(self._foreign))} are not taken off the realised profit.")
            )
        if self._left_out:
            shown = ", ".join(
                f"{count} of {kind or 'another symbol'}" for kind, count in list(self._left_out.items())[:8]
            )
            told.append(f"{path}: lines that are no fills of futures are left out: {shown}.")
        return told

    def _check_time(self, meanings: Mapping[str, Meaning]) -> None:
        """Refuse fills of which nothing says in which order they were."""
        if "time" in meanings or "time" not in self.source.columns:
            return
        names = listed([column for meaning in self.source.columns["time"] for column in meaning.columns])
        used = {column for meaning in meanings.values() for column in meaning.needed}
        likely = next((name for name in self.table.columns if name not in used and _TIMES.search(name)), "")
        way = self.table.ways_to_map(likely or "COLUMN", "time")
        raise UnreadableError(
            f"{self.table.path}, read as: {self.source.name}, has no column for the time of a fill; allowed is one of "
            f"{names}, or {way}."
        )

    def _of_frame(self, frame: Frame, meanings: Mapping[str, Meaning], sign: float) -> Iterator[Fill]:
        data = frame.data.rename(dict(zip(frame.data.columns, self.table.columns, strict=False)))
        columns = {ours: meaning.of(data) for ours, meaning in meanings.items()}
        _check_units(self.table, frame, meanings, data)
        numeric = {
            name: notation.numbers(columns[name])[0].to_list() if name in columns else [None] * data.height
            for name in ("price", "quantity", "fee", "funding", "realised", "cash")
        }
        texts = {
            name: columns[name].cast(polars.String).to_list() if name in columns else [""] * data.height
            for name in ("symbol", "time", "direction", "position_side", "type", "contract", "fee_currency", "fee")
        }
        unread = [
            name
            for name in ("fee", "funding", "realised")
            if name in columns and (columns[name].is_not_null() & ~notation.is_blank(columns[name])).any()
        ]
        counted: list[int] = []
        for index, line in enumerate(frame.lines.tolist()):
            values = {name: column[index] for name, column in numeric.items()}
            words = {name: column[index] or "" for name, column in texts.items()}
            if (is_funding := self._is_funding(line, data.row(index), values, words)) is None:
                continue
            self._check_length(frame, index)
            way = None if is_funding else self._way(line, data[index], meanings, values, words)
            for name in unread:
                _check_number(self.table, line, meanings[name].columns[0], columns[name], values[name], index)
            counted.append(index)
            yield self._fill(line, values, words, way, sign)
        self._note_same(frame, data, columns, counted)

    def _check_length(self, frame: Frame, index: int) -> None:
        """Refuse a line with more or fewer values than the header has names: each may stand in the wrong column."""
        count = len(self.table.columns)
        is_short = frame.are_short is not None and frame.are_short[index]
        if is_short or any(value is not None for value in frame.data.row(index)[count:]):
            raise UnreadableError(
                f"{self.table.path}, line {frame.lines[index]}: it has {'fewer' if is_short else 'more'} values than "
                f"the {count} columns of the header."
            )

    def _is_funding(
        self, line: int, row: tuple[Any, ...], values: Mapping[str, float | None], words: Mapping[str, str]
    ) -> bool | None:
        """Whether a line is one of funding, or a fill; None where it is neither."""
        first = next((str(value) for value in row if value not in (None, "")), "")
        if not first:
            return None
        if not (values["quantity"] and values["price"]) and notation.is_no_row(first):
            self._no_rows.append((line, first.strip()))
            return None
        if any(word in f"{words['direction']} {words['type']}".casefold() for word in _FUNDING):
            return True
        kind = words["type"].strip()
        if not _is_fill(self.source, words):
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return None
        is_unfilled = not values["quantity"] and any(word in kind.casefold() for word in _UNFILLED)
        return None if is_unfilled else False

    def _way(
        self,
        line: int,
        row: polars.DataFrame,
        meanings: Mapping[str, Meaning],
        values: Mapping[str, float | None],
        words: Mapping[str, str],
    ) -> tuple[int, bool | None]:
        """Whether a fill bought (1) or sold (-1), and whether it closes, where it has all that it needs."""
        quantity = values["quantity"]
        way = _way(words["direction"], words["position_side"], quantity)
        says_short = "short" in f"{words['direction']} {words['position_side']}".casefold()
        if way and quantity and values["price"]:
            if quantity > 0 or way[0] < 0 or says_short:
                return way
            wanted, kind = "quantity", f"a number above 0 beside {quoted(words['direction'])}"
        else:
            wanted = "direction" if way is None else "quantity" if not quantity else "price"
            kind = "a side, as buy or Open Long" if way is None else "a number above 0"
        column = meanings[wanted].columns[0] if wanted in meanings else wanted
        found = row[column][0] if column in row.columns else ""
        raise UnreadableError(
            f"{self.table.path}, line {line}, column {column}: found {quoted(str(found or ''))}; allowed is {kind}."
        )

    def _fill(
        self,
        line: int,
        values: Mapping[str, float | None],
        words: Mapping[str, str],
        way: tuple[int, bool | None] | None,
        sign: float,
    ) -> Fill:
        """A line; one of funding has no quantity."""
        is_inverse = _is_inverse(self.table, self.source, line, words)
        closes = way[1] if way else None
        fee = (values["fee"] or 0.0) * sign
        if way:
            if self._has_fees and values["fee"] is None:
                self._without_fee.append(line)
            self._paid += fee > 0
            self._earned += fee < 0
        if fee and (currency := _foreign(words, is_inverse=is_inverse)):
            self._foreign.add(currency)
            fee = 0.0
        if way and fee:
            price, quantity = values["price"] or 0.0, values["quantity"] or 0.0
            self._fees += abs(fee)
            self._value += abs(quantity / price if is_inverse else quantity * price)
        funding = values["funding"] if way or values["funding"] else values["cash"]
        realised = values["realised"]
        if realised is not None and self.source.fills.get("realised") == "after own fee":
            realised += fee
        return Fill(
            line,
            (words["symbol"], _hedged(words["position_side"])),
            words["time"],
            abs(values["quantity"] or 0.0) * way[0] if way else 0.0,
            values["price"] or 0.0,
            fee,
            funding or 0.0,
            realised,
            closes if closes is not None else True if values["realised"] else None,
            is_inverse,
        )

    def _note_same(
        self, frame: Frame, data: polars.DataFrame, columns: Mapping[str, polars.Series], counted: list[int]
    ) -> None:
        """Note what tells fills from each other: the venue's number of one with what it was, or the whole line."""
        lines, rows = frame.lines[counted], data[counted]
        if "trade_id" not in columns:
            self._same.note(lines, rows)
            return
        ids = columns["trade_id"].gather(counted)
        numbered = ~notation.is_blank(ids)
        known = polars.DataFrame(
            [
                ids.cast(polars.String).alias("trade_id"),
                *(columns[name].gather(counted).cast(polars.String).alias(name) for name in ("symbol", "direction")),
                *(notation.numbers(columns[name])[0].gather(counted).alias(name) for name in ("price", "quantity")),
            ]
        )
        self._same.note(lines[numbered.to_numpy()], known.filter(numbered))
        self._same.note(lines[~numbered.to_numpy()], rows.filter(~numbered))


def _sign_of_fees(table: Table, source: Source, meanings: Mapping[str, Meaning]) -> float:
    """Whether a fee that was paid is a positive number or a negative one; by what most are, where venues differ."""
    said = source.fills.get("fees")
    if said != "by majority" or "fee" not in meanings:
        return -1.0 if said == "earned" else 1.0
    balance = 0
    for frame in table.frames(FRAME):
        data = frame.data.rename(dict(zip(frame.data.columns, table.columns, strict=False)))
        balance += int(notation.numbers(meanings["fee"].of(data))[0].sign().sum() or 0)
    return -1.0 if balance < 0 else 1.0


def _check_units(table: Table, frame: Frame, meanings: Mapping[str, Meaning], data: polars.DataFrame) -> None:
    """Refuse a quantity in dollars or contracts, and money in percent, thousands or a unit that is none of money."""
    for name in ("quantity", *_MONEY):
        if name not in meanings:
            continue
        is_other = _counts_no_quantity if name == "quantity" else _is_no_money
        others = meanings[name].in_other_units(data, is_other)
        if others is not None:
            index = others.is_not_null().arg_true()[0]
            own = "a quantity in its own unit" if name == "quantity" else f"{_MONEY[name]} in money"
            raise UnreadableError(
                f"{table.path}, line {frame.lines[index]}, column {meanings[name].columns[0]}: found "
                f"{quoted(str(others[index])[:60])}; allowed is {own}."
            )


def _counts_no_quantity(unit: str) -> bool:
    return counts_otherwise("quantity", unit)


def _is_no_money(unit: str) -> bool:
    """Whether a unit is neither a currency nor a coin; of a fee in another coin it is said that it is not taken off."""
    return counts_otherwise("realised", unit) or not _CURRENCY.fullmatch(unit)


def _check_number(table: Table, line: int, column: str, texts: polars.Series, number: float | None, index: int) -> None:
    """Refuse what is no number where a fee, funding or a profit stands: it would be counted as none."""
    if number is None and not notation.is_blank(texts.slice(index, 1))[0]:
        raise UnreadableError(
            f"{table.path}, line {line}, column {column}: found {quoted(str(texts[index])[:60])}; allowed is a number."
        )


def _foreign(words: Mapping[str, str], *, is_inverse: bool) -> str:
    """The currency of a fee that is another than that of the profit, if it is one."""
    unit = re.search(r"[A-Za-z]{2,10}\s*$", words["fee"])
    currency = (words["fee_currency"] or (unit[0] if unit else "")).strip().upper()
    symbol = words["symbol"].upper().replace("XBT", "BTC")
    if not currency or (is_inverse and symbol.startswith(currency.replace("XBT", "BTC"))):
        return ""
    return "" if currency in notation.DOLLARS and not is_inverse else currency


def _is_inverse(table: Table, source: Source, line: int, words: Mapping[str, str]) -> bool:
    """Whether a fill is of an inverse contract; some exports count those alone in a unit that is known."""
    only = source.contracts
    if only and words["contract"] and words["contract"] != only:
        raise UnreadableError(
            f"{table.path}, line {line}: {words['symbol']} is counted in contracts of a size that the file does not "
            f"say; allowed are {only} contracts."
        )
    return words["contract"] == "inverse"


def _is_fill(source: Source, words: Mapping[str, str]) -> bool:
    """Whether a line is a fill, where the export has lines of other kinds too, and of options."""
    wanted, without = source.fills.get("type", ""), source.fills.get("without", "")
    is_left_out = bool(without) and words["symbol"].endswith(tuple(without.split("|")))
    kind = words["type"].casefold()
    return not is_left_out and (not kind or any(word in kind for word in wanted.casefold().split("|")))


def _hedged(side: str) -> str:
    """Hedge mode: a long and a short of one symbol are two positions."""
    return side.casefold() if side.casefold() in ("long", "short") else ""


def _way(direction: str, position_side: str, quantity: float | None) -> tuple[int, bool | None] | None:
    """Whether something is bought (1) or sold (-1), and whether that closes, where it is said."""
    said = direction.casefold().replace("_", " ").replace(">", " > ")
    words = said.split()
    closes = True if "close" in said or "reduce" in said or "liquidat" in said else False if "open" in said else None
    if ">" in words and len(words) == 3:
        return (-1 if words[0] == "long" else 1), None
    for word, sign in (("long", 1), ("short", -1)):
        if word in words and closes is not None:
            return (-sign if closes else sign), closes
    sides = [side for word in words if (side := notation.side_of(word)) in ("long", "short")]
    if sides:
        return (1 if sides[0] == "long" else -1), closes
    return ((1 if quantity > 0 else -1), closes) if quantity and not words else None
