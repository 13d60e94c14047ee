"""Margin tiers: the range of rows that a venue publishes, checked once and ready to compute with; and where from."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

from xladdin.core import venues
from xladdin.core.catalog import NA, NUM, VALUE, Rows, function, number, table, text
from xladdin.core.errors import UserError

if TYPE_CHECKING:
    from xladdin.core.tier_sets import TierSet


class Tier(NamedTuple):
    """One tier: from which position size it holds, and what it asks."""

    floor: float
    rate: float
    deduction: float
    max_leverage: float


def read_tiers(rows: list[list[float]]) -> list[Tier] | float:
    """The tiers of a range of floor, maintenance margin rate and, where given, maximum leverage.

    Returns
    -------
    list of Tier, or float
        #VALUE! where the range has not two or three columns; #NUM! where the floors do not start at zero and rise, a
        rate falls or is not a fraction below 1, or a leverage is not above zero.
    """
    if not rows or len(rows[0]) not in (2, 3):
        return VALUE
    tiers: list[Tier] = []
    for floor, rate, *leverage in rows:
        max_leverage = leverage[0] if leverage else NA
        if tiers:
            last = tiers[-1]
            ascending = floor > last.floor and rate >= last.rate
            deduction = last.deduction + floor * (rate - last.rate)
        else:
            ascending = floor == 0
            deduction = 0.0
        if not ascending or not 0 <= rate < 1 or max_leverage <= 0:
            return NUM
        tiers.append(Tier(floor, rate, deduction, max_leverage))
    return tiers


# The same check as a formula of `table_rows`, which gives the rows themselves where they are good.
NATIVE_CHECK = (
    "IF((COLUMNS(table_rows)<2)+(COLUMNS(table_rows)>3)>0,#VALUE!,LET(floors,INDEX(table_rows,0,1),rates,INDEX(table_rows,0,2),"
    "unordered,(floors<=TAKE(VSTACK(-1,floors),ROWS(floors)))+(rates<TAKE(VSTACK(0,rates),ROWS(rates)))+(rates>=1),"
    "unusable,IF(COLUMNS(table_rows)=3,SUM(--(INDEX(table_rows,0,COLUMNS(table_rows))<=0)),0),"
    "IF((INDEX(table_rows,1,1)<>0)+SUM(unordered)+unusable>0,#NUM!,table_rows)))"
)


_RANGE = table("floor in money, rate, max leverage", read_tiers, NATIVE_CHECK)
Tiers = Annotated[list[Tier], _RANGE]
TiersIfAny = Annotated[list[Tier] | None, _RANGE]
VenueName = Annotated[str, text("venue")]
Symbol = Annotated[str, text("symbol")]
Date = Annotated[float, number("date", ">= 0 and < 2958466")]

_NO_NATIVE = "a spreadsheet can't look into the sets of tiers that ship with xladdin"


@function(
    "LEV_TIERS",
    no_native=_NO_NATIVE,
    columns=("floor", "rate", "max_leverage"),
    explain=lambda venue, symbol, as_of: _why(venue, symbol, as_of),
)
def venue_tiers(venue: VenueName, symbol: Symbol, as_of: Date = 0) -> Rows:
    """Margin tiers of a symbol at a venue: a row a tier with floor, maintenance margin rate and maximum leverage.

    Parameters
    ----------
    venue : venue, a text
        One of which tiers are here; `xladdin tiers` lists them.
    symbol : symbol, a text
        In any spelling: BTCUSDT, BTC/USDT, BTC-USDT-SWAP.
    as_of : date, >= 0 and < 2958466, default 0
        The day, as a spreadsheet's date: the newest tiers that are not younger. 0 for the newest of all.

    Returns
    -------
    money, fraction, multiple
        Rows for LEV_LIQTIERED and its like: floors in the currency of the margin. They are of the day that LEV_TIERDATE
        gives, and the venue may have changed them since. #VALUE! for a venue that is not known; #N/A when there are no
        tiers of the venue, of that time or of the symbol.

    Notes
    -----
    The set with the largest date <= as_of; of the same date the one that you brought with `xladdin tiers import`.

    References
    ----------
    .. [1] Binance, leverage brackets of 2024-10-24 and 2026-09-29, as freqtrade carries them (binance_leverage_tiers).

    Examples
    --------
    >>> venue_tiers("binance", "BTCUSDT", 45589, "rate", 2)
    0.005
    """
    try:
        return _found(venue, as_of).table(symbol)
    except UserError:
        return _missing(venue)


@function(
    "LEV_TIERDATE",
    no_native=_NO_NATIVE,
    columns=("date",),
    explain=lambda venue, as_of: _why(venue, "", as_of),
)
def tier_date(venue: VenueName, as_of: Date = 0) -> Rows:
    """Day of the margin tiers that LEV_TIERS gives: venues change them, and old ones give a wrong price.

    Parameters
    ----------
    venue : venue, a text
        One of which tiers are here; `xladdin tiers` lists them.
    as_of : date, >= 0 and < 2958466, default 0
        As for LEV_TIERS.

    Returns
    -------
    date
        A spreadsheet's date, so that TODAY() less it is the age in days. #VALUE! for a venue that is not known; #N/A
        when there are no tiers of the venue or of that time.

    Notes
    -----
    The largest date <= as_of of the venue's sets.

    References
    ----------
    .. [1] The sets of tiers that ship with xladdin; `xladdin tiers` shows the source of each.

    Examples
    --------
    >>> tier_date("binance", 45700, 1)
    45589.0
    """
    try:
        return [[_found(venue, as_of).serial]]
    except UserError:
        return _missing(venue)


def _found(venue: str, as_of: float) -> "TierSet":
    from xladdin.core import tier_sets  # only here: it is not to cost every import of the functions

    return tier_sets.find(venue, tier_sets.from_serial(as_of) if as_of else None)


def _missing(venue: str) -> float:
    return NA if venue.casefold() in venues.WORDS else VALUE


def _why(venue: str, symbol: str, as_of: float) -> str:
    """Why there are no tiers; empty where there are."""
    try:
        found = _found(venue, as_of)
        if symbol:
            found.table(symbol)
    except UserError as error:
        return str(error)
    return ""
