"""Numbers, words and times as exchanges, brokers and spreadsheets write them, where there is one meaning.

What a column of texts means is said here and nowhere else: for the reports, the one workbook and the settings alike.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

import polars

DOLLARS = ("USD", "USDT", "USDC", "BUSD", "FDUSD", "USDE", "TUSD", "DAI", "USDG", "USDB")  # worth the same, nearly
BLANK_WORDS = ("", "-", "--", "---", "\u2013", "\u2014", "n/a", "na", "none", "null")  # what stands for no value
_SPACES = " \t\r\n\u00a0\u202f\u2009"
_GROUP = "['\u2019\u00a0\u202f\u2009 ]"
_POINT = rf"[1-9][0-9]{{0,2}}(?:(?:,[0-9]{{3}})+|(?:{_GROUP}[0-9]{{3}})+)(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_COMMA = rf"[1-9][0-9]{{0,2}}(?:(?:\.[0-9]{{3}})+|(?:{_GROUP}[0-9]{{3}})+)(?:,[0-9]+)?|[0-9]+(?:,[0-9]*)?|,[0-9]+"
_PER = r"(?:\s*/\s*|\s+(?i:per|pro|je|an?)\s+)[A-Za-z]{2,7}"
_WITH_MARKS = (
    r"^(\()?\s*([+\-\u2212])?\s*(?:(?i:cross|isolated)\s+|([$\u20ac\u00a3\u00a5\u20bf]|[A-Z]{2,6}\s)\s*)?([+\-\u2212])?"
    r"((?:%s)(?:[eE][+\-]?[0-9]+)?)"
    rf"\s*((?:%%|\u2030)(?:\s*(?i:p\.\s?a\.|p\.?a)|{_PER})?|(?i:bps|bp)|[xX\u00d7]|"
    r"(?:[$\u20ac\u00a3\u00a5\u20bf\u00a2]|[A-Z][A-Z0-9]{1,9}|(?i:ct|cents?))"
    rf"(?:{_PER})?|{_PER}|(?i:[kmgtpe]?h/s|[kmg]?w|j/th))?"
    r"(?:\s+(?i:cross|isolated))?\s*(\))?$"
)
_PATTERNS = {".": _WITH_MARKS % _POINT, ",": _WITH_MARKS % _COMMA}
_UNIT = "[A-Z$\u20ac\u00a3\u00a5\u20bf]"
_UNIT_OR_PART = "[A-Z$\u20ac\u00a3\u00a5\u20bf%\u2030bphwc\u00a2/]"
_BESIDE_A_NUMBER = re.compile(rf"[+-]?[\d.,'{_SPACES}]*\d\s*((?:[^\W\d_]|[%\u2030\u00a2/])[^\d()]{{0,20}})")
PARTS = {"%": -2, "\u2030": -3, "bps": -4, "bp": -4}  # powers of ten
# One mark before three digits and nothing else: a thousand, or a decimal.
_TWO_MEANINGS = {
    ",": r"^\D*[1-9][0-9]{0,2}\.[0-9]{3}(?:[^0-9.,].*)?$",
    ".": r"^\D*[1-9][0-9]{0,2},[0-9]{3}(?:[^0-9.,].*)?$",
}
_ONLY_COMMA = (
    r"(?:^|[^0-9.])(?:0,[0-9]+|[0-9.]*[0-9],(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9,.]|$)|[0-9]+\.[0-9]{3}[.,][0-9]+)"
)
_ONLY_POINT = (
    r"(?:^|[^0-9,])(?:0?\.[0-9]+|[0-9,]*[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9,.]|$)|[0-9]+,[0-9]{3}[.,][0-9]+)"
)


def is_blank(column: polars.Series) -> polars.Series:
    """Where a column of numbers, words or times holds nothing, or what is written for nothing."""
    if column.dtype != polars.String:
        return column.is_null()
    stripped = column.str.strip_chars(_SPACES).str.to_lowercase()
    return column.is_null() | stripped.is_in(list(BLANK_WORDS)).fill_null(True)


def numbers(
    column: polars.Series, decimal: str | None = None, powers: Mapping[str, int] = PARTS
) -> tuple[polars.Series, polars.Series]:
    """The numbers that a column spells, null where it spells none; and where a unit (%, bps, kW) was counted in.

    Parameters
    ----------
    column : polars.Series
        Texts or numbers.
    decimal : str, optional
        The mark of the column's decimals, where it is known: "." or ",".
    powers : mapping
        By the units that are counted in, the power of ten that a number in one is multiplied by.
    """
    if column.dtype in (polars.Categorical, polars.Enum):
        column = column.cast(polars.String)
    if column.dtype in (polars.Boolean, polars.Binary) or column.dtype.is_temporal() or column.dtype.is_nested():
        nothing = polars.Series([None] * len(column), dtype=polars.Float64)
        return nothing, polars.Series([False] * len(column), dtype=polars.Boolean)
    if column.dtype != polars.String:
        values = column.cast(polars.Float64, strict=False)
        return _finite(values), polars.Series([False] * len(column), dtype=polars.Boolean)
    texts = column.str.strip_chars(_SPACES)
    values = texts.cast(polars.Float64, strict=False)
    if decimal == ",":
        values = values.set(texts.str.contains(".", literal=True).fill_null(False), None)
    frame = polars.DataFrame({"text": texts, "value": values, "marked": False})
    odd = frame["value"].is_null() & ~is_blank(column)
    if odd.any():
        index = odd.arg_true()
        found = _with_marks(texts.gather(index), decimal, powers)
        frame[index, "value"] = found["value"]
        frame[index, "marked"] = found["marked"]
    return _finite(frame["value"]), frame["marked"]


def _finite(values: polars.Series) -> polars.Series:
    return values.set(~values.is_finite().fill_null(True), None)


def _with_marks(texts: polars.Series, decimal: str | None, powers: Mapping[str, int]) -> polars.DataFrame:
    """What is written with a currency, a unit, a leverage's x, thousands or brackets around it."""
    found = polars.DataFrame(
        {"value": [None] * len(texts), "marked": False}, schema_overrides={"value": polars.Float64}
    )
    for mark in (decimal,) if decimal else (".", ","):
        parts = texts.str.extract_groups(_PATTERNS[mark]).struct.unnest()
        opening, before, sign, after, digits, unit, closing = (parts.to_series(index) for index in range(7))
        unit = _whole(sign, unit)
        plain = digits.str.replace_all(f"[{',' if mark == '.' else '.'}'\u2019\u00a0\u202f\u2009 ]", "")
        plain = plain.str.replace(",", ".", literal=True)
        is_negative = opening.is_not_null() | before.is_in(["-", "\u2212"]).fill_null(False)
        is_negative |= after.is_in(["-", "\u2212"]).fill_null(False)
        is_whole = (opening.is_null() == closing.is_null()) & (before.is_null() | after.is_null())
        places = unit.replace_strict(powers, default=None, return_dtype=polars.Int64)
        places = polars.select(
            polars.coalesce(
                places, unit.str.to_lowercase().replace_strict(PARTS, default=None, return_dtype=polars.Int64)
            )
        ).to_series()
        is_other_part = unit.str.contains("^[%\u2030].") & places.is_null()  # 5% a day, where that is not known
        absolute = _with_point_moved(plain, places.fill_null(0))
        signed = polars.select(polars.when(is_negative).then(-absolute).otherwise(absolute)).to_series()
        values = signed.set(~is_whole | is_other_part.fill_null(False), None)
        found = found.with_columns(
            marked=polars.when(polars.col("value").is_null() & values.is_not_null())
            .then(places.is_not_null())
            .otherwise("marked"),
            value=polars.coalesce("value", values),
        )
    return found


def scaled(numbers: polars.Series, power: int) -> polars.Series:
    """Numbers times a power of ten, each the nearest to what it is as a decimal: 2.9% is 0.029."""
    return _with_point_moved(numbers.cast(polars.String), polars.Series([power]))


def _with_point_moved(digits: polars.Series, places: polars.Series) -> polars.Series:
    """Decimals times powers of ten: not by a division, whose result is the nearest to that of another number."""
    parts = digits.str.to_lowercase().str.split_exact("e", 1).struct.unnest()
    powers = parts["field_1"].cast(polars.Int64, strict=False).fill_null(0) + places
    return (parts["field_0"] + "e" + powers.cast(polars.String)).cast(polars.Float64, strict=False)


def units(column: polars.Series, *, with_parts: bool = False) -> polars.Series:
    """The currency or unit that stands in each cell with a number, null where none does; a part (%, bps) is none."""
    nothing = polars.Series([None] * len(column), dtype=polars.String)
    if column.dtype != polars.String or column.cast(polars.Float64, strict=False).null_count() == column.null_count():
        return nothing  # bare numbers, which this is found of more quickly
    texts = column.str.strip_chars(_SPACES)
    index = texts.str.contains(_UNIT_OR_PART if with_parts else _UNIT).fill_null(False).arg_true()
    found = polars.Series([None] * len(index), dtype=polars.String)
    for pattern in _PATTERNS.values():
        parts = texts.gather(index).str.extract_groups(pattern).struct.unnest()
        before, alone = parts.to_series(2).str.strip_chars(), parts.to_series(5)
        after = _whole(before, alone)
        before = before.set((after != alone).fill_null(False), None)
        is_part = after.str.to_lowercase().is_in([*([] if with_parts else PARTS), "x", "\u00d7"])
        is_part = (is_part if with_parts else is_part | after.str.contains("^[%\u2030]")).fill_null(False)
        found = polars.select(polars.coalesce(found, before, after.set(is_part, None))).to_series()
    return nothing.scatter(index, found) if len(index) else nothing


def _whole(before: polars.Series, after: polars.Series) -> polars.Series:
    """The unit behind a number, with the currency before it where it goes on with what that is for: $0.05/kWh."""
    goes_on = after.str.contains(f"^{_PER}$") | after.str.starts_with("/")
    both = (goes_on & before.is_not_null()).fill_null(False)
    return polars.select(polars.when(both).then(before.str.strip_chars() + after).otherwise(after)).to_series()


def unit_beside(text: str) -> str:
    """What stands behind the number of a text that is no number because of it, or nothing."""
    found = _BESIDE_A_NUMBER.fullmatch(text.strip(_SPACES))
    return found[1].strip() if found and numbers(polars.Series([text]))[0][0] is None else ""


def decimal_marks(column: polars.Series) -> tuple[bool, bool]:
    """Whether a column has numbers that can only be of decimal points, and such that can only be of decimal commas."""
    return _any(column, _ONLY_POINT), _any(column, _ONLY_COMMA)


def two_meanings(column: polars.Series, separator: str) -> str | None:
    """The first number of a column that could have a decimal mark or a mark of thousands, if there is one.

    A point is a decimal's but in a file that has semicolons because its commas are decimals'.
    """
    patterns = [_TWO_MEANINGS["."]] + ([_TWO_MEANINGS[","]] if separator == ";" else [])
    texts = column.str.strip_chars(_SPACES)
    for pattern in patterns:
        found = texts.filter(texts.str.contains(pattern).fill_null(False))
        if len(found):
            return str(found[0])
    return None


def _any(column: polars.Series, pattern: str) -> bool:
    return bool(column.str.contains(pattern).any())


_SIGNS = {1.0: "long", -1.0: "short"}
_LONG = {"long", "buy", "b", "bought", "kauf", "kaufen", "achat", "bid", "l"}
_SHORT = {"short", "sell", "s", "sold", "verkauf", "verkaufen", "vente", "ask"}
# What may stand beside a side and does not turn it: what was done, of which kind of margin, at which leverage.
_BESIDE = {"open", "opened", "opening", "close", "closed", "closing", "position", "pos", "cross", "isolated"}
_BESIDE |= {"entry", "exit", "liquidation", "liquidated"} | _LONG | _SHORT
_IN_A_SIDE = re.compile(r"[\w\s/()\[\]\u00b7:,.|+-]+")
_TIMES = re.compile(r"\b\d+(?:\.\d+)?x\b", re.IGNORECASE)
BY_SIGN = "by the sign"  # of the quantity: one-way mode, as exchanges call it


def side_of(text: str) -> str | None:
    """The side that a word of a venue means: "long", "short", or `BY_SIGN`; None where it means none.

    "Close Long" is said of a long, whatever was done to close it. A word that is not known beside it may turn it.
    """
    if not _IN_A_SIDE.fullmatch(text):
        return None
    words = re.findall(r"[^\W\d_]+|[+-]?\d+(?:\.0*)?", _TIMES.sub(" ", text.casefold()))
    if said := {"long", "short"} & set(words):
        return said.pop() if len(said) == 1 and _BESIDE.issuperset(words) else None
    if len(words) == 1:
        word = words[0]
        if word in _LONG or word in _SHORT:
            return "long" if word in _LONG else "short"
        if word in ("both", "net"):
            return BY_SIGN
        if word[-1].isdigit() or word.endswith("."):
            return _SIGNS.get(float(word))
    if len(words) == 2 and words[0] == "open":
        return side_of(words[1])
    return None


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(.+))?")
_BYPARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,-]+(.+))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(r"(?:(\d{1,2})[ -]([A-Za-z]{3,9})|([A-Za-z]{3,9})\.? (\d{1,2}))[ ,-]+(\d{4})(?:[ ,]+(?:at )?(.+))?")
_CLOCK_FIRST = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?) (\d{4}[-/.]\d{1,2}[-/.]\d{1,2})")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
    r"(?:\s*\((?:UTC|GMT)\))?"
)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}|\d{16}")
_SECONDS = {10: 1, 13: 1000, 16: 1_000_000}


def time_of(text: str, order: str | None = None) -> datetime.datetime | None:
    """The time that a text says, in UTC where it has a zone, or None.

    Parameters
    ----------
    text : str
        A date, with or without a time; ISO 8601, seconds since 1970, or day and month first.
    order : str, optional
        "dmy" or "mdy", where the column has dates that begin with a day or a month.
    """
    text = _CLOCK_FIRST.sub(r"\2 \1", text.strip())
    if _EPOCH.fullmatch(text):
        whole = text.partition(".")[0]
        seconds = float(text) / _SECONDS[len(whole)]
        return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    if found := _ISO.fullmatch(text):
        year, month, day, clock = found.groups()
    elif found := _NAMED.fullmatch(text):
        month = (found[2] or found[3])[:3].casefold()
        if month not in _MONTHS:
            return None
        day, month, year, clock = found[1] or found[4], str(_MONTHS.index(month) + 1), found[5], found[6]
    elif found := _BYPARTS.fullmatch(text):
        first, mark, second, year, clock = found.groups()
        meaning = order or ("dmy" if mark == "." or int(first) > 12 else "mdy" if int(second) > 12 else None)
        if meaning is None and first != second:
            return None
        day, month = (second, first) if meaning == "mdy" else (first, second)
        year = year if len(year) == 4 else f"20{year}"
    else:
        return None
    try:
        moment = datetime.datetime(int(year), int(month), int(day))
        return moment if clock is None else _at(moment, clock)
    except (ValueError, OverflowError):
        return None


def _at(day: datetime.datetime, clock: str) -> datetime.datetime | None:
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        return None
    hours, minutes, seconds, part, half, zone = found.groups()
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    micro = int((part or "0").ljust(6, "0")[:6])
    moment = day.replace(hour=hour, minute=int(minutes), second=int(seconds or 0), microsecond=micro)
    if zone and zone[0] in "+-":
        shift = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        moment += shift if zone[0] == "-" else -shift
    return moment


def date_orders(texts: Iterable[str]) -> set[str]:
    """How dates that begin with a day or a month must be read: "dmy", "mdy"; "either" for those that say neither."""
    found = set()
    for text in texts:
        parts = _BYPARTS.fullmatch(text.strip())
        if parts is None:
            continue
        first, mark, second = int(parts[1]), parts[2], int(parts[3])
        if mark == "." or first > 12:
            found.add("dmy")
        elif second > 12:
            found.add("mdy")
        elif first != second:
            found.add("either")
    return found


_TOTAL = r"^\s*(?i:(?:grand[ -]?|sub[ -]?)?totals?|sum(?:me)?|gesamt(?:summe)?|insgesamt|zwischensumme)\s*:?\s*$"
_NO_ROW = re.compile(
    r"(grand[ -]|sub[ -]?)?totals?\b.*|sum(me)?:?|gesamt(summe)?:?|insgesamt:?|average:?|"
    r"(report )?(generated|exported|created|downloaded)\b.*|end of (file|report|data).*|\*+",
    re.IGNORECASE,
)


def are_totals(column: polars.Series) -> polars.Series:
    """Where a text is no more than the name of a sum."""
    return column.str.contains(_TOTAL).fill_null(False)


def is_no_row(text: str) -> bool:
    """Whether a text begins a line of totals or of remarks, such as "Total" or "Generated on ..."."""
    return _NO_ROW.fullmatch(text.strip()) is not None
