"""Columns of a table to the inputs of a workbook: by what was said, by name, and by the other names of the field."""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports.notation import DOLLARS
from xladdin.reports.table import OWN_COLUMNS, Table, cut, listed
from xladdin.workbook.model import Input, Model

SYNONYMS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8")
)  # what the field calls one thing, by our word for it
_UNIT = re.compile(  # in brackets, or one that is no word of a name
    r"\s*[(\[]([^()\[\]]*)[)\]]\s*$|\s*,\s*([a-z$\u20ac\u00a3\u00a5%/]{1,8})\s*$|(?:\s+in\s+|[\s_]*)(%|\u2030)\s*$"
    r"|(?:\s+in\s+|[\s_]+)(bps|bp|pct|percent|prozent|basis points|[kmgtpe]?h/s)\s*$",
    re.IGNORECASE,
)
_SCALES = {
    "%": 0.01,
    "percent": 0.01,
    "pct": 0.01,
    "prozent": 0.01,
    "\u2030": 0.001,
    "bps": 0.0001,
    "bp": 0.0001,
    "basis points": 0.0001,
}
_HASHES = {"h/s": 1e-12, "kh/s": 1e-9, "mh/s": 1e-6, "gh/s": 1e-3, "th/s": 1.0, "ph/s": 1e3, "eh/s": 1e6}
_MULTIPLE = re.compile(  # thousands and the like
    r"(k|m|mn|mio|mill?|tsd|thousands?|millions?|billions?|cents?|sats?|wei|gwei)\b.*", re.IGNORECASE
)
_CURRENCY = re.compile(r"usd[tce]?|fdusd|busd|dai|eur|gbp|jpy|chf|[$\u20ac\u00a3\u00a5]", re.IGNORECASE)
_NO_QUANTITY = re.compile(  # a value or a number of contracts, where coins are meant
    rf"{_CURRENCY.pattern}|quote.*|value|notional|cont\.?|contracts?|lots?", re.IGNORECASE
)
_SIGNS = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "\u20bf": "BTC"}
_COIN = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_PRICES_AND_FEES = ("entry", "exit_price", "price", "stop", "target", "fees", "fee")
_AMOUNTS = (*_PRICES_AND_FEES[:-1], "quantity", "margin", "collateral", "debt", "realised", "funding")  # never a part
FRACTION = "fraction"
_NEAR = 0.8  # likeness of letters from which on a name is worth a hint


@dataclass(frozen=True)
class Match:
    """The column of an input, and what its numbers are multiplied by: a header may say percent.

    Of a column that was said by hand, the numbers are taken as they are, whatever unit they have.
    """

    column: str
    unit: str = ""
    scale: float = 1.0
    is_said: bool = False


@dataclass(frozen=True)
class Matching:
    """Which column is for which input, and what is left of both."""

    by_input: dict[str, Match]
    unused: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """One line of the columns that are not used."""
        shown = [
            f"{cut(name)} (did you mean {self.hints[name]}?)" if name in self.hints else name for name in self.unused
        ]
        return f"columns not used: {listed(shown)}"


def plain(name: str) -> str:
    """A name without what does not count: case, spaces, underscores and dashes, accents of vowels."""
    folded = name.casefold().translate(str.maketrans("\u00e4\u00f6\u00fc\u00e9\u00e8\u00ea\u00e0\u00e2", "aoueeeaa"))
    return "_".join(re.sub(r"[-_./\u2019']", " ", folded).split())


_CONCEPTS = {plain(name): word for word, names in SYNONYMS.items() for name in (word, *names)}


def concept(name: str) -> str:
    """What a name means in the field, or the name itself."""
    known = _CONCEPTS.get(plain(name))
    return plain(known) if known else plain(name)


def in_units(header: str, item: Input | None) -> tuple[str, str, float]:
    """A header without its unit, the unit, and what the numbers are multiplied by to be in the input's."""
    found = _UNIT.search(header)
    if found is None or not header[: found.start()].strip():
        return header, "", 1.0
    unit = next(filter(None, found.groups()), "").strip()
    scale = _SCALES.get(unit.casefold(), 1.0)
    if item is not None and item.unit.casefold() == "th/s":
        scale = _HASHES.get(unit.casefold(), 1.0)
    return header[: found.start()].strip(), unit, scale


def match_columns(table: Table, model: Model, said: Mapping[str, str] | None = None) -> Matching:
    """The column for each input that has one.

    Parameters
    ----------
    table : Table
        The table.
    model : Model
        The workbook.
    said : mapping, optional
        The name of the input for columns of which it was said.

    Raises
    ------
    UnreadableError
        When two columns are for one input, or none is for any.
    UserError
        When what was said names no column or no input.
    """
    by_input = _as_said(table, model, said or {})
    taken = {match.column for match in by_input.values()}
    for alike in (plain, concept):
        found: dict[str, list[str]] = {}
        for column in table.columns:
            if column in taken or column in OWN_COLUMNS:
                continue
            for name in model.inputs:
                if name not in by_input and alike(name) in (alike(column), alike(in_units(column, None)[0])):
                    found.setdefault(name, []).append(column)
        for name, columns in found.items():
            columns = [column for column in columns if column not in taken]
            if len(columns) > 1:
                raise UnreadableError(
                    f"{table.path}, line {table.header or 1}: the columns {quoted(cut(columns[0]))} and "
                    f"{quoted(cut(columns[1]))} are named like the same input {name} of {model.path.name}; allowed is "
                    f"one, or say which: {table.ways_to_map(columns[0], name)}."
                )
            if columns:
                by_input[name] = _match(columns[0], model.inputs[name])
                _check_unit(table, model, name, by_input[name])
                taken.add(columns[0])
    if not by_input:
        raise UnreadableError(
            f"{table.path} has no column that is named like an input of {model.path.name}; "
            f"the columns{_place(table)} are {listed(table.columns)}, the inputs {listed(list(model.inputs))}."
        )
    unused = [column for column in table.columns if column not in taken and column not in OWN_COLUMNS]
    ordered = {name: by_input[name] for name in model.inputs if name in by_input}
    return Matching(ordered, unused, _hints(unused, [name for name in model.inputs if name not in by_input]))


def _place(table: Table) -> str:
    """Which of a workbook's sheets was read, where it has several perhaps."""
    return f" of its {table.form} (--sheet takes another)" if table.form.startswith("sheet ") else ""


def alike(columns: Iterable[str], names: Iterable[str]) -> int:
    """How many names have a column that is named like them."""
    known = {concept(name) for name in names}
    return len({concept(in_units(column, None)[0]) for column in columns} & known)


def mapping_of(given: Sequence[str]) -> dict[str, str]:
    """What was said of columns, each as COLUMN=INPUT.

    Raises
    ------
    UserError
        When one is written otherwise.
    """
    said: dict[str, str] = {}
    for text in given:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip() or not name.strip():
            raise UserError(
                f'--map {quoted(cut(text))} says no column and input; allowed is --map "Entry Price=entry".'
            )
        if said.setdefault(column.strip(), name.strip()) != name.strip():
            raise UserError(f"--map names two inputs for the column {quoted(cut(column.strip()))}; allowed is one.")
    return said


def kept_mapping(table: Path) -> dict[str, str]:
    """What was kept of an earlier time beside a table, as TABLE.map.toml.

    Raises
    ------
    UserError
        When the file is not written as one.
    """
    path = Path(f"{table}.map.toml")
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))["columns"] if os.path.isfile(path) else {}  # noqa: PTH113  (false for a name that can't be)
        if not all(isinstance(name, str) for name in said.values()):
            raise TypeError("an input is a text")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError, OSError) as error:
        raise UserError(
            f'{path} says no columns and inputs: {error}; allowed are lines such as "Entry Price" = "entry" '
            "below [columns]."
        ) from None
    return dict(said)


def keep_mapping(table: Path, mapping: Mapping[str, str]) -> Path:
    """Keep what was said of a table's columns beside it.

    Raises
    ------
    UserError
        When it can't be written.
    """
    path = Path(f"{table}.map.toml")
    lines = [f"{json.dumps(column, ensure_ascii=False)} = {json.dumps(name)}" for column, name in mapping.items()]
    try:
        path.write_text("\n".join(["[columns]", *lines]) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror or error}.") from None
    return path


def _as_said(table: Table, model: Model, said: Mapping[str, str]) -> dict[str, Match]:
    columns = {plain(column): column for column in reversed(table.columns)} | {
        column: column for column in table.columns
    }
    columns = {plain(theirs): ours for theirs, ours in table.aliases.items()} | columns
    inputs = {plain(name): name for name in reversed(model.inputs)}
    by_input: dict[str, Match] = {}
    for column, target in said.items():
        bare, unit, _ = in_units(target, None)
        name = inputs.get(plain(target)) or inputs.get(plain(bare))
        found = columns.get(column) or columns.get(plain(column))
        if found is None:
            raise UserError(
                f"{table.mapped_by} names a column {quoted(cut(column))} that {table.path} has not"
                f"{did_you_mean(column, table.columns)}; "
                f"its columns are {listed(table.columns)}."
            )
        if name is None:
            raise UserError(
                f"{table.mapped_by} names an input {quoted(cut(target))} that {model.path.name} has not"
                f"{did_you_mean(target, model.inputs)}; "
                f"its inputs are {listed(list(model.inputs))}."
            )
        if name in by_input:
            raise UserError(f"{table.mapped_by} names two columns for the input {name}; allowed is one.")
        if plain(target) in inputs or not unit:
            by_input[name] = replace(_match(found, model.inputs[name]), is_said=True)
        else:
            by_input[name] = Match(found, unit, in_units(target, model.inputs[name])[2], is_said=True)
    return by_input


def _match(column: str, item: Input) -> Match:
    if plain(column) == plain(item.name):
        return Match(column)
    _, unit, scale = in_units(column, item)
    return Match(column, unit, scale)


def is_other_unit(item: Input, unit: str) -> bool:
    """Whether numbers in a unit are not the input's as they are: thousands, dollars for coins, percent of a price."""
    if unit.casefold() == item.unit.casefold():
        return False
    if _is_rate(item):
        return unit.casefold() not in _SCALES and bool(_CURRENCY.fullmatch(unit) or _MULTIPLE.fullmatch(unit))
    return counts_otherwise(concept(item.name), unit)


def _is_rate(item: Input) -> bool:
    """Whether an input is a part of something, at most all of it."""
    most = item.rule.second if item.rule and item.rule.is_number else None
    return "%" in item.number_format or (most is not None and most <= 1)


def counts_otherwise(meaning: str, unit: str) -> bool:
    """Whether what means something in the field is not counted in a unit."""
    if unit.casefold() in _SCALES:
        return meaning in _AMOUNTS
    if meaning in ("fees", "fee") and _COIN.fullmatch(unit) and not _CURRENCY.fullmatch(unit):
        return True
    return bool(_MULTIPLE.fullmatch(unit) or (meaning == "quantity" and _NO_QUANTITY.fullmatch(unit)))


def currency_of(unit: str) -> str:
    """The currency that a unit is, all dollars being one, or nothing."""
    if not _CURRENCY.fullmatch(unit):
        return ""
    return _SIGNS.get(unit, "USD" if unit.upper() in DOLLARS else unit.upper())


def has_currency(item: Input) -> bool:
    """Whether an input is a price or a fee: those of one table are in one currency."""
    return concept(item.name) in _PRICES_AND_FEES


def _check_unit(table: Table, model: Model, name: str, match: Match) -> None:
    """A header may say thousands, or dollars where coins are asked: its numbers are not the input's as they are."""
    if is_other_unit(model.inputs[name], match.unit):
        raise UnreadableError(
            f"{table.path}, line {table.header or 1}: the column {quoted(cut(match.column))} is in {cut(match.unit)}, "
            f"which is not what the input {name} of {model.path.name} counts; allowed is a column in its unit, or, if "
            f"the numbers are right as they are, {table.ways_to_map(match.column, name)}."
        )


def _hints(unused: Sequence[str], free: Sequence[str]) -> dict[str, str]:
    """An input for each column whose name is nearly its own, and that means nothing else in the field."""
    names = {plain(name): name for name in free}
    hints = {}
    for column in unused:
        if plain(column) in _CONCEPTS:
            continue
        near = difflib.get_close_matches(plain(column), names, 1, _NEAR)
        if near:
            hints[column] = names[near[0]]
    return hints
