"""What a number is counted in: the unit in a header or in a cell, held against that of the workbook's input."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xladdin.reports.notation import DOLLARS, PARTS
from xladdin.workbook.compute import compute
from xladdin.workbook.model import Input, Model, Place
from xladdin.workbook.references import NoReferenceError, area_of

_IN_HEADER = re.compile(  # in brackets, or one that is no word of a name
    r"\s*[(\[]([^()\[\]]*)[)\]]\s*$|\s*,\s*([a-z$\u20ac\u00a3\u00a5%/]{1,8})\s*$|(?:\s+in\s+|[\s_]*)(%|\u2030)\s*$"
    r"|(?:\s+in\s+|[\s_]+)(bps|bp|pct|percent|prozent|basis points|[kmgtpe]?h/s|[kmg]?w)\s*$",
    re.IGNORECASE,
)
_PARTS = PARTS | {
    "percent": -2,
    "percentage": -2,
    "decimal": 0,
    "pct": -2,
    "prozent": -2,
    "basis points": -4,
    "fraction": 0,
}
_PART_OF = re.compile(rf"({'|'.join(map(re.escape, sorted(_PARTS, key=len, reverse=True)))})?[\s,]*(.*)")
_HASHES = {"": -12, "k": -9, "m": -6, "g": -3, "t": 0, "p": 3, "e": 6}
# By the unit of the workbook, the powers of ten of those that a number can be counted in besides.
_MULTIPLES: dict[str, dict[str, int]] = {
    "th/s": {f"{prefix}h{ending}": power for prefix, power in _HASHES.items() for ending in ("/s", "s", "")},
    "w": {"w": 0, "watt": 0, "watts": 0, "kw": 3, "kilowatt": 3, "kilowatts": 3, "megawatt": 6, "megawatts": 6},
    "j/th": {"j/th": 0, "w/th": 0, "w/th/s": 0},
    "times": {"times": 0, "x": 0, "\u00d7": 0, "fold": 0},
    "days": {"days": 0, "day": 0, "d": 0, "tage": 0},
    "/year": {"/year": 0, "p.a.": 0, "p. a.": 0, "pa": 0, "annual": 0, "annually": 0, "yearly": 0, "apr": 0},
    "/month": {"/month": 0, "monthly": 0},
}
_OTHERS = ("months", "hours/day", "trades", "positions")
_LARGE_WATTS = {"MW": 6, "GW": 9}  # with a small letter it would be a thousandth
_MULTIPLE = re.compile(  # thousands and the like
    r"(k|m|mn|mio|mill?|tsd|thousands?|millions?|billions?|cents?|sats?|wei|gwei)\b.*", re.IGNORECASE
)
_CURRENCY = re.compile(r"usd[tce]?|fdusd|busd|dai|eur|gbp|jpy|chf|[$\u20ac\u00a3\u00a5]", re.IGNORECASE)
_NO_QUANTITY = re.compile(  # a value or a number of contracts, where coins are meant
    rf"{_CURRENCY.pattern}|quote.*|value|notional|cont\.?|contracts?|lots?", re.IGNORECASE
)
_CENTS = ("ct", "cent", "cents", "\u00a2")
_ENERGY = {"wh": -3, "kwh": 0, "mwh": 3}  # powers of ten
_SIGNS = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "\u20bf": "BTC"}
_COIN = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_COINS = re.compile(r"(?i:coins?|units?|tokens?|base.*|pieces|pcs|st\u00fcck|stk)")
PRICES_AND_FEES = ("entry", "exit_price", "price", "stop", "target", "fees", "fee")
# What is in coins where the contract is inverse, whose quantity is money.
_IN_COINS = ("margin", "fees", "funding", "funding_paid", "realised", "wallet_balance")
_MONEY = (*PRICES_AND_FEES[:-1], *_IN_COINS, "balance", "open", "high", "low", "close")
_AMOUNTS = (*_MONEY, "quantity", "collateral", "debt")  # never a part


def split_header(header: str) -> tuple[str, str]:
    """A header without its unit, and the unit."""
    found = _IN_HEADER.search(header)
    if found is None or not header[: found.start()].strip():
        return header, ""
    return header[: found.start()].strip(), next(filter(None, found.groups()), "").strip()


def is_rate(item: Input) -> bool:
    """Whether an input is a part of something, at most all of it."""
    most = item.rule.second if item.rule and item.rule.is_number else None
    return "%" in item.number_format or (most is not None and most <= 1)


def power_of(unit: str, counted: str, item: Input, meaning: str) -> int | None:
    """What numbers in a unit are to be multiplied by, as a power of ten; None where they are not the input's.

    Parameters
    ----------
    unit : str
        What a header or a cell says.
    counted : str
        What the workbook counts the input in, or nothing where it does not say.
    item : Input
        The input.
    meaning : str
        What it means in the field.
    """
    said, own = _plain(unit), _plain(counted)
    if said == own:
        return 0
    known = _MULTIPLES.get(own, {}) | (_LARGE_WATTS if own == "w" else {})
    if unit.strip() in known or said in known:
        return known.get(unit.strip(), known.get(said))
    if is_rate(item):
        return _power_of_rate(said, own)
    if said in _PARTS and said != "fraction":
        return None if meaning in _AMOUNTS or _is_physical(own) or _code(counted) else _PARTS[said]
    if _code(counted) or own in _MULTIPLES or own in _OTHERS:
        return 0 if said.rstrip("s") == own.rstrip("s") else _power_of_money(unit, counted)
    return 0 if _may_be(meaning, unit, is_coins=own == "coins") else None


def _is_physical(own: str) -> bool:
    return own in _OTHERS or (own in _MULTIPLES and own != "times")


def _power_of_rate(said: str, own: str) -> int | None:
    found = _PART_OF.fullmatch(said)
    assert found is not None
    part, rest = found[1] or "", found[2].strip()
    if rest in ("", own) or rest in _MULTIPLES.get(own, {}):
        return _PARTS.get(part, 0)
    return None


def _power_of_money(unit: str, counted: str) -> int | None:
    """By what money in a unit is multiplied: in the currency or coin that is counted in, all dollars being one.

    Where it is counted by something, as by a kWh, that is the same or energy too, and cents are those of the currency.
    """
    (theirs, their_rest), (ours, our_rest) = _parted(unit), _parted(counted)
    power = 0
    if their_rest not in ("", our_rest):
        if not {their_rest, our_rest} <= _ENERGY.keys():
            return None
        power = _ENERGY[our_rest] - _ENERGY[their_rest]
    if not _code(counted) or (not theirs and not their_rest):
        return None
    if our_rest and theirs.casefold() in _CENTS:
        return power - 2
    theirs = _SIGNS.get(theirs, theirs.upper())
    is_same = theirs in ("", ours.upper()) or (theirs in DOLLARS and ours.upper() in DOLLARS)
    return power if is_same else None


def _parted(unit: str) -> tuple[str, str]:
    head, _, rest = re.sub(r"\s+(?:a|an|per|pro|je)\s+", "/", unit.strip()).partition("/")
    return head.strip(), rest.strip().casefold()


def _code(counted: str) -> bool:
    """Whether a unit is a currency or a coin, by its capitals."""
    return _COIN.fullmatch(_parted(counted)[0]) is not None and _plain(counted) not in _MULTIPLES


def _may_be(meaning: str, unit: str, *, is_coins: bool) -> bool:
    """Whether a number may be in a unit where the workbook says no more than what it means in the field."""
    if meaning == "quantity" or is_coins:
        return not counts_otherwise("quantity", unit) and bool(_COIN.fullmatch(unit) or _COINS.fullmatch(unit))
    return not counts_otherwise(meaning, unit)


def _plain(unit: str) -> str:
    """A unit without what does not count: case, and how "a day" is written."""
    text = " ".join(unit.casefold().split())
    return re.sub(r"^(?:a|an|per|pro)\s+|\s+(?:a|an|per|pro)\s+|\s*/\s*", "/", text)


def counts_otherwise(meaning: str, unit: str) -> bool:
    """Whether what means something in the field is not counted in a unit."""
    if unit.casefold() in _PARTS:
        return meaning in _AMOUNTS
    if meaning in ("fees", "fee") and _COIN.fullmatch(unit) and not _CURRENCY.fullmatch(unit):
        return True
    is_multiple = _MULTIPLE.fullmatch(unit) or re.fullmatch(
        rf"(?:k|m|mn|mio|t(?!usd))\.?\s*(?:{_CURRENCY.pattern})", unit, re.I
    )
    return bool(is_multiple or (meaning == "quantity" and _NO_QUANTITY.fullmatch(unit)))


def currency_of(unit: str) -> str:
    """The currency that a unit is, all dollars being one, or nothing."""
    unit, _ = _parted(unit)
    if not _CURRENCY.fullmatch(unit):
        return ""
    return _SIGNS.get(unit, "USD" if unit.upper() in DOLLARS else unit.upper())


def allowed(counted: str, item: Input) -> str:
    """What the numbers of an input may be counted in, in words."""
    own = _plain(counted)
    if is_rate(item):
        return f"%, bps or a fraction{f' {counted}' if counted else ''}"
    if own == "th/s":
        return "TH/s, GH/s, PH/s or EH/s"
    if own == "w":
        return "W, kW or MW"
    head, _, rest = counted.partition(" ")
    if _code(counted) and _parted(counted)[1] in _ENERGY:
        return f"{counted}, or cents a kWh"
    if _code(counted) and head.upper() in DOLLARS:
        return f"{counted}{' or another dollar' if not rest else ''}"
    return counted or "its own unit"


@dataclass
class Counting:
    """What the inputs of a workbook are counted in: some in what others say, as in the currency that is given.

    Attributes
    ----------
    model : Model
        The workbook.
    given : mapping
        The values of inputs that are given for all rows.
    """

    model: Model
    given: Mapping[str, Any] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def decided_by(self, item: Input, meaning: str) -> list[str]:
        """The inputs that an input's unit hangs on."""
        if not item.unit_formula:
            return self._contracts() if meaning in (*_IN_COINS, "quantity") else []
        words = set(re.findall(r"\w+", item.unit_formula))
        return [name for name in self.model.inputs if name in words]

    def of(self, item: Input, meaning: str, row: Mapping[str, Any] | None = None) -> str:
        """What an input is counted in, where those that decide on it have these values in a row."""
        names = self.decided_by(item, meaning)
        if not names or not item.unit_formula:
            return self._without_formula(item, meaning, row or {})
        values = {**{name: self.model.inputs[name].default for name in names}, **self.given, **(row or {})}
        values = {name: values[name] for name in names}
        if all(values[name] == self.model.inputs[name].default for name in names):
            return item.unit
        key = (item.name, *values.values())
        if key not in self._known:
            place = item.place._replace(column=item.place.column + 1)
            self._known[key] = str(next(compute(self.model, [values]))[place] or "")
        return self._known[key]

    def otherwise(self, item: Input, meaning: str, unit: str, counted: str) -> str:
        """What says that an input counts in a unit and not in its own, to end a sentence with, or nothing."""
        currency, decided_by = currency_of(unit), self.decided_by(item, meaning)
        if currency and ("currency" in decided_by or (self.currency() and counted.startswith(self.currency()))):
            return f"; --set currency={currency} says that all money is in it"
        if meaning in _IN_COINS and decided_by and not currency and power_of(unit, "coins", item, meaning) == 0:
            return f"; inverse as {decided_by[0]} says that it is in coins"
        return ""

    def _contracts(self) -> list[str]:
        """The inputs that say whether a contract is linear or inverse."""
        named = [(name, item.rule) for name, item in self.model.inputs.items() if name.casefold() == "contract"]
        return [name for name, rule in named if rule and "inverse" in rule.words]

    def _without_formula(self, item: Input, meaning: str, row: Mapping[str, Any]) -> str:
        """The unit that stands in a header; of money in a list the currency that the workbook has beside it."""
        if meaning == "leverage":
            return "times"
        if any((dict(self.given) | dict(row)).get(name) == "inverse" for name in self.decided_by(item, meaning)):
            return self.currency() if meaning == "quantity" else "coins"
        per = item.unit if item.unit.startswith(("a ", "an ")) else ""
        if item.unit == "quote" or (meaning in _MONEY and not is_rate(item) and item.unit == per):
            return f"{self.currency()} {per}".strip()
        return item.unit

    def currency(self) -> str:
        """What the workbook says that its money is in, or nothing."""
        try:
            area = area_of(self.model.meaning("currency") or "", "")
        except NoReferenceError:
            return ""
        return str(self.model.constants.get(Place(area.sheet, area.first_row, area.first_column)) or "")
