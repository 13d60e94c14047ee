"""Columns of a table to the inputs of a workbook: by what was said, by name, and by the other names of the field."""

from __future__ import annotations

import difflib
import functools
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.reports import notation
from xladdin.reports.table import FRAME, Table
from xladdin.reports.text_files import OWN_COLUMNS
from xladdin.reports.units import allowed, power_of, split_header
from xladdin.reports.values import is_date, is_number
from xladdin.reports.wording import cut, listed
from xladdin.workbook.model import Input, Model

_DATA = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))
_BY_VALUES: dict[str, list[str]] = _DATA.pop("by_values")  # what it is called where the values of a column bear it out
SYNONYMS: dict[str, list[str]] = _DATA  # what the field calls one thing, by our word for it
_SYMBOL = re.compile(  # BTCUSDT, BTC-USD-SWAP, BTC/USDT:USDT, 1000PEPEUSDT; and not a kind of contract
    r"(?!(?:LINEAR|INVERSE|QUANTO|PERP|PERPETUAL|SWAP|FUTURES?|SPOT|USDT?-M|COIN-M)$)"
    r"(?:10*)?[A-Z][A-Z0-9]+(?:[-_/:][A-Z0-9]+)*"
)
_NEAR = 0.8  # likeness of letters from which on a name is worth a hint


@dataclass(frozen=True)
class Match:
    """The column of an input, and the power of ten that its numbers are multiplied by: a header may say percent.

    Of a column that was said by hand, the numbers are taken as they are, whatever unit they have.
    """

    column: str
    unit: str = ""
    power: int = 0
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

    @functools.cache  # it reads the column
    def bears_out(column: str, name: str) -> bool:
        return _bears_out(table, model, column, name)

    def is_for_another(column: str, name: str) -> bool:
        others = any(bears_out(column, other) for other in model.inputs if other != name)
        return others and not _can_hold(table, column, model.inputs[name])

    for alike in (plain, concept):
        found: dict[str, list[str]] = {}
        for column in table.columns:
            if column in taken or column in OWN_COLUMNS:
                continue
            for name in model.inputs:
                is_named = name not in by_input and alike(name) in (alike(column), alike(split_header(column)[0]))
                if is_named and not is_for_another(column, name):
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
                taken.add(columns[0])
    for name in model.inputs:
        for column in table.columns:
            if name not in by_input and column not in taken and bears_out(column, name):
                by_input[name] = Match(column)
                taken.add(column)
    if not by_input:
        raise UnreadableError(
            f"{table.path} has no column that is named like an input of {model.path.name}; "
            f"the columns{_place(table)} are {listed(table.columns)}, the inputs {listed(list(model.inputs))}."
        )
    unused = [column for column in table.columns if column not in taken and column not in OWN_COLUMNS]
    ordered = {name: by_input[name] for name in model.inputs if name in by_input}
    return Matching(ordered, unused, _hints(unused, [name for name in model.inputs if name not in by_input]))


def _bears_out(table: Table, model: Model, column: str, name: str) -> bool:
    """Whether a column has a name that may mean an input, and values that bear it out."""
    names = map(plain, _BY_VALUES.get(concept(name), ()))
    return plain(column) in names and _are_such(table, column, model.inputs[name])


def _can_hold(table: Table, column: str, item: Input) -> bool:
    """Whether an input can hold texts that are such as another's: it takes any, or they are its words."""
    return _are_such(table, column, item) if item.rule and item.rule.words else not is_number(item)


def _are_such(table: Table, column: str, item: Input) -> bool:
    """Whether a column has values, and all are some of an input's words, dates or symbols where it is one."""
    words = {word.casefold() for word in item.rule.words or ()} if item.rule else set[str]()
    if not words and not is_date(item) and concept(item.name) != "symbol":
        return False
    has_some = False
    for frame in table.frames(FRAME):
        series = frame.data.to_series(table.columns.index(column))
        if is_date(item) and series.dtype.is_temporal():
            has_some |= series.null_count() < len(series)
            continue
        if series.dtype != polars.String:
            return False
        found = {text.strip() for text in series.drop_nulls().unique().to_list()} - {""}
        if not all(_is_such(text, item, words) for text in found):
            return False
        has_some |= bool(found)
    return has_some


def _is_such(text: str, item: Input, words: set[str]) -> bool:
    if words:
        return text.casefold() in words
    return _is_a_date(text) if is_date(item) else _SYMBOL.fullmatch(text) is not None


def _is_a_date(text: str) -> bool:
    return any(notation.time_of(text, order) for order in ("dmy", "mdy"))


def _place(table: Table) -> str:
    """Which of a workbook's sheets was read, where it has several perhaps."""
    return f" of its {table.form} (--sheet takes another)" if table.form.startswith("sheet ") else ""


def alike(columns: Iterable[str], names: Iterable[str]) -> int:
    """How many names have a column that is named like them."""
    known = {concept(name) for name in names}
    return len({concept(split_header(column)[0]) for column in columns} & known)


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
        if column in table.of_fills:
            continue
        bare, unit = split_header(target)
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
            by_input[name] = Match(
                found, unit, _said_power(model.inputs[name], unit, f"{column}={target}"), is_said=True
            )
    return by_input


def _match(column: str, item: Input) -> Match:
    if plain(column) == plain(item.name):
        return Match(column)
    _, unit = split_header(column)
    return Match(column, unit, (power_of(unit, item.unit, item, concept(item.name)) or 0) if unit else 0)


def _said_power(item: Input, unit: str, said: str) -> int:
    power = power_of(unit, item.unit, item, concept(item.name))
    if power is None:
        raise UserError(
            f"--map {quoted(cut(said))}: {unit} is not what the input {item.name} counts; allowed is "
            f"{allowed(item.unit, item)}, or {item.name} alone if the numbers are right as they are."
        )
    return power


def _hints(unused: Sequence[str], free: Sequence[str]) -> dict[str, str]:
    """An input for each column of nearly its name or the end of it, which means nothing else in the field."""
    names = {plain(name): name for name in free}
    hints = {}
    for column in unused:
        if plain(column) in _CONCEPTS:
            continue
        longer = [name for name in names if name.endswith(f"_{plain(column)}")]
        near = longer if len(longer) == 1 else difflib.get_close_matches(plain(column), names, 1, _NEAR)
        if near:
            hints[column] = names[near[0]]
    return hints
