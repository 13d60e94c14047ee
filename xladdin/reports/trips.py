"""Fills become positions, from flat to flat, with what is still open; or, for a journal, what of them is closed."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import polars

from xladdin.core.errors import UnreadableError, quoted
from xladdin.core.functions.fills import realized
from xladdin.reports import notation
from xladdin.reports.exports import Source
from xladdin.reports.fills import Fill, FillReader
from xladdin.reports.remarks import Doubt
from xladdin.reports.table import Frame, Table
from xladdin.reports.wording import cut, listed

COLUMNS = (
    *("symbol", "side", "entry", "quantity", "exit_price", "realised", "fees", "funding", "status", "opened", "closed"),
    "fills",
    "contract",
)
_TINY = 1e-9  # of the largest fill: what is left of a position by rounding


@dataclass
class Trip:
    """Fills from flat to flat, or to what is still open."""

    fills: list[Fill] = field(default_factory=list)
    open: float = 0.0

    def add(self, fill: Fill, quantity: float) -> None:
        """A fill, or the part of one that belongs to this position; the venue's profit is that of what it closes."""
        part = quantity / fill.quantity
        turns = abs(part) < 1 and not self.open
        self.fills.append(
            replace(
                fill,
                quantity=quantity,
                fee=fill.fee * part,
                funding=fill.funding * part,
                venue_profit=None if turns else fill.venue_profit,
            )
        )
        self.open += quantity

    def of(self, result: str) -> float:
        """What LEV_REALIZED says of the fills, before fees: their profit, or the entry of what is open."""
        prices = [[fill.price] for fill in self.fills]
        quantities = [[fill.quantity] for fill in self.fills]
        contract = "inverse" if self.fills[0].is_inverse else "linear"
        return float(cast(float, realized(prices, quantities, "average", 0, contract, result, 1)))

    @property
    def direction(self) -> int:
        return 1 if self.fills[0].quantity > 0 else -1

    def row(self, *, is_open: bool, is_trade: bool = False) -> dict[str, Any]:
        """The position; as a trade of a journal with funding as it is paid, and with the venue's own profit alone."""
        opening = [fill for fill in self.fills if fill.quantity * self.direction > 0]
        closing = [fill for fill in self.fills if fill.quantity * self.direction < 0]
        fees = math.fsum(fill.fee for fill in self.fills)
        funding = math.fsum(fill.funding for fill in self.fills)
        profit = self.venue_profit() if is_trade else self.of("profit")
        return {
            "symbol": self.fills[0].key[0],
            "side": "long" if self.direction > 0 else "short",
            "entry": self.of("entry") if is_open else _average(opening),
            "quantity": abs(self.open) if is_open else math.fsum(abs(fill.quantity) for fill in opening),
            "exit_price": None if is_open else _average(closing),
            "realised": None if profit is None else math.fsum([profit, -fees, funding]),
            "fees": fees,
            "funding": -funding if is_trade and funding else funding,
            "status": "open" if is_open else "closed",
            "opened": self.fills[0].time,
            "closed": None if is_open else self.fills[-1].time,
            "fills": float(len(self.fills)),
            "contract": "inverse" if self.fills[0].is_inverse else "linear",
        }

    def closed_part(self) -> Trip | None:
        """What of an open position is closed, at the average entry at which it was and with its share of what was paid.

        It is one opening fill and those that closed it.
        """
        held = worth = paid = funded = 0.0
        opened = replace(self.fills[0], quantity=0.0, fee=0.0, funding=0.0)
        closing: list[Fill] = []
        entry = 0.0
        for fill in self.fills:
            value = 1 / fill.price if fill.is_inverse else fill.price
            if fill.quantity * self.direction > 0:
                held += fill.quantity
                worth += fill.quantity * value
                paid += fill.fee
            else:
                share = min(1.0, -fill.quantity / held)
                entry += worth * share
                opened = replace(
                    opened,
                    quantity=opened.quantity - fill.quantity,
                    fee=opened.fee + paid * share,
                    funding=opened.funding + funded * share,
                )
                held += fill.quantity
                worth, paid, funded = worth * (1 - share), paid * (1 - share), funded * (1 - share)
                closing.append(replace(fill, funding=0.0))
            funded += fill.funding
        if not closing:
            return None
        average = entry / opened.quantity
        return Trip([replace(opened, price=1 / average if opened.is_inverse else average), *closing])

    def venue_profit(self) -> float | None:
        """What the venue says that the fills earned, before fees, where it says so."""
        theirs = [fill.venue_profit for fill in self.fills if fill.venue_profit is not None]
        return math.fsum(theirs) if theirs else None


def positions_of(table: Table, source: Source, dates: str | None = None, *, of_closed: bool = False) -> Table:
    """The table of the positions that the fills of a table make.

    Parameters
    ----------
    table : Table
        The fills.
    source : Source
        Whose they are.
    dates : {"dmy", "mdy"}, optional
        Whether a date begins with the day or with the month, where that was said.
    of_closed : bool
        Whether only what is closed is wanted, as for a journal: a part of an open position is a trade, what is open of
        it is told; the realised profit is the venue's own, with which the trades are compared, or blank; and funding
        is what was paid, as fees are.

    Raises
    ------
    UnreadableError
        When a fill can't be read, closes what the file does not open, or comes first or later by how dates are read.
    """
    reader = FillReader(table, source)
    fills = _ordered(table, list(reader.fills()), dates)
    if not fills:
        found = cut(", ".join(reader.kinds_left_out), 200)
        only = f", only {found}" if found else ""
        raise UnreadableError(f"{table.path}, read as: {source.name}, has no fills of futures{only}.")
    trips = _trips(table, fills)
    remarks = _compared(table, source, [trip for _, trip in trips])
    still_open = [trip for _, trip in trips if trip.open]
    if still_open and all(fill.closes is None and fill.venue_profit is None for fill in fills):
        remarks.append(
            Doubt(
                f"{table.path}: no line says whether it opens or closes; what is open at the end, "
                f"{_named(still_open)}, is right where nothing was open before the first line."
            )
        )
    if of_closed:
        trips, told = _closed(table, source, trips, [fill.line for fill in fills])
        remarks += told
    lines = [line for line, _ in trips]
    rows = [trip.row(is_open=bool(trip.open), is_trade=of_closed) for _, trip in trips]
    remarks += reader.told()
    data = polars.DataFrame(
        {name: [row[name] for row in rows] for name in COLUMNS},
        schema={name: _kind(name) for name in COLUMNS},
    )

    def frames(size: int) -> Iterator[Frame]:
        for start in range(0, data.height, size):
            part = data.slice(start, size)
            yield Frame(np.array(lines[start : start + size], dtype=np.int64), part)

    made = f"{len(rows)} {'closed trade' if of_closed else 'position'}{'s' * (len(rows) != 1)}"
    remarks = [
        f"{table.path}: {sum(bool(fill.quantity) for fill in fills)} fills make {made}, {len(still_open)} still open.",
        *remarks,
    ]
    return replace(
        table,
        columns=list(COLUMNS),
        frames_of=frames,
        source=source.name,
        remarks=table.remarks + remarks,
        in_words=source.kind,
        aliases={},
    )


def _kind(name: str) -> Any:
    texts = ("symbol", "side", "status", "opened", "closed", "contract")
    return polars.String if name in texts else polars.Float64


def _average(fills: list[Fill]) -> float | None:
    total = math.fsum(abs(fill.quantity) for fill in fills)
    if fills and fills[0].is_inverse:
        return total / math.fsum(abs(fill.quantity) / fill.price for fill in fills)
    return math.fsum(abs(fill.quantity) * fill.price for fill in fills) / total if total else None


def _trips(table: Table, fills: list[Fill]) -> list[tuple[int, Trip]]:
    """The positions with the line of the last fill of each, in the order in which they were closed; open ones last."""
    trips: dict[tuple[str, str], Trip] = {}
    largest = {key: max(abs(fill.quantity) for fill in fills if fill.key == key) for key in {f.key for f in fills}}
    done: list[tuple[int, Trip]] = []
    for fill in fills:
        trip = trips.setdefault(fill.key, Trip())
        if not fill.quantity:  # funding
            if trip.fills:
                trip.fills[-1] = replace(trip.fills[-1], funding=trip.fills[-1].funding + fill.funding)
            continue
        tiny = largest[fill.key] * _TINY
        rest = fill.quantity
        if not trip.open and fill.closes:
            raise UnreadableError(
                f"{table.path}, line {fill.line}: the fill closes a position in {fill.key[0]} that no line before it "
                "opens; allowed is an export from before the position was opened."
            )
        if trip.open and (trip.open > 0) != (rest > 0):
            part = math.copysign(min(abs(trip.open), abs(rest)), rest)
            trip.add(fill, part)
            rest = 0.0 if abs(rest - part) <= tiny else rest - part
            if abs(trip.open) <= tiny:
                trip.open = 0.0
                done.append((fill.line, trip))
                trip = trips[fill.key] = Trip()
        if rest:
            trip.add(fill, rest)
    return done + [(trip.fills[-1].line, trip) for trip in trips.values() if trip.fills]


def _closed(
    table: Table, source: Source, trips: list[tuple[int, Trip]], order: list[int]
) -> tuple[list[tuple[int, Trip]], list[str]]:
    """What of the positions is closed, in the order of closing, and one sentence of what is open.

    Raises
    ------
    UnreadableError
        When nothing is closed.
    """
    still_open = [trip for _, trip in trips if trip.open]
    open_now = _named(still_open)
    parts = [trip.closed_part() if trip.open else trip for _, trip in trips]
    closed = [(trip.fills[-1].line, trip) for trip in parts if trip is not None]
    if not closed:
        raise UnreadableError(f"{table.path}, read as: {source.name}, has no closed trade; still open: {open_now}.")
    place = {line: number for number, line in enumerate(order)}
    closed.sort(key=lambda each: place[each[0]])
    return closed, [f"{table.path}: still open at the end, and no trade yet: {open_now}."] if still_open else []


def _named(still_open: list[Trip]) -> str:
    return listed(
        [
            f"{trip.fills[0].key[0]} {'long' if trip.direction > 0 else 'short'} {abs(trip.open):.12g}"
            for trip in still_open
        ]
    )


def _compared(table: Table, source: Source, trips: list[Trip]) -> list[str]:
    """One sentence where the venue's own profit is another than that of the fills."""
    for trip in trips:
        theirs = trip.venue_profit()
        ours = trip.of("profit")
        if theirs is not None and abs(ours - theirs) > max(0.01, 1e-6 * abs(ours)):
            return [
                Doubt(
                    f"{table.path}, line {trip.fills[-1].line}: the fills of {trip.fills[0].key[0]} earn {ours:,.2f}, "
                    f"and {source.name} says {theirs:,.2f}, before fees."
                )
            ]
    return []


def _ordered(table: Table, fills: list[Fill], said: str | None) -> list[Fill]:
    """Fills from the first to the last; which that is may hang on whether a date begins with the day or the month."""
    decided = notation.date_orders({fill.time for fill in fills}) - {"either"}
    if said or len(decided) == 1:
        return _in_order(table, fills, said or next(iter(decided)))
    if len(decided) > 1 or [id(fill) for fill in _in_order(table, fills, "dmy")] != [
        id(fill) for fill in _in_order(table, fills, "mdy")
    ]:
        raise UnreadableError(
            f"{table.path}: its dates can begin with the day or with the month, and the fills are in another order "
            f"by each; {table.ways_to_say_order()}."
        )
    return _in_order(table, fills, "dmy")


def _in_order(table: Table, fills: list[Fill], order: str) -> list[Fill]:
    """Fills by their time; exports often begin with the newest."""
    if not any(fill.time for fill in fills):  # a source of the user's own that has none
        return fills[::-1] if fills and fills[0].closes and fills[-1].closes is False else fills
    timed: list[tuple[datetime.datetime, Fill]] = []
    for fill in fills:
        time = notation.time_of(fill.time, order)
        if time is None:
            raise UnreadableError(
                f"{table.path}, line {fill.line}: found {quoted(fill.time[:60])} as the time of the fill; allowed is a "
                "date and a time, as 2026-12-31 23:59:59."
            )
        timed.append((time, fill))
    if timed[0][0] > timed[-1][0]:
        timed.reverse()
    return [fill for _, fill in sorted(timed, key=lambda each: each[0])]
