"""Columns of a table to the inputs of a workbook, and the cells of a row to values that the workbook allows."""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.reports.table import Row, Table
from xladdin.workbook.model import Input, Model


@dataclass
class Rejection(Exception):
    """Why a row can't be used: the column, what stands there, and what is allowed."""

    line: int
    column: str
    value: str
    reason: str


def match_columns(table: Table, model: Model) -> dict[str, str]:
    """The column for each input that has one.

    Raises
    ------
    UnreadableError
        When an input that has no value in the workbook has no column either, or one has two.
    """
    matched = named_alike(table.columns, model.inputs)
    if not matched:
        raise UnreadableError(
            f"{table.path} has no column that is named like an input of {model.path.name}; "
            f"the columns are {', '.join(table.columns)}, the inputs {', '.join(model.inputs)}."
        )
    used = {_plain(column): column for column in matched.values()}
    for column in table.columns:
        if used.get(_plain(column), column) != column:
            raise UnreadableError(
                f"{table.path}, line 1: the columns {column!r} and {used[_plain(column)]!r} are named like the same "
                f"input of {model.path.name}; allowed is one."
            )
    for name, item in model.inputs.items():
        if item.required and name not in matched:
            raise UnreadableError(
                f"{table.path} has no column {name!r}, and {model.path.name} has no value for it "
                f"in {item.place.sheet}; the columns are {', '.join(table.columns)}."
            )
    return matched


def named_alike(columns: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """The column for each name that one is named like, whatever the case and with spaces for underscores or dashes."""
    by_name = {_plain(name): name for name in names}
    return {by_name[_plain(column)]: column for column in columns if _plain(column) in by_name}


def unmatched_columns(table: Table, model: Model, used: set[str]) -> list[str]:
    """One sentence for each column that no input is named like and that no file name uses."""
    names = {_plain(name): name for name in model.inputs}
    sentences = []
    for position, column in enumerate(table.columns, 1):
        if _plain(column) in names or column in used:
            continue
        near = difflib.get_close_matches(_plain(column), names, 1)
        hint = f"did you mean {names[near[0]]!r}" if near else f"the inputs are {', '.join(model.inputs)}"
        sentences.append(f"{table.path}, line 1, column {position}: no input is named {column!r}; {hint}.")
    return sentences


def read_inputs(row: Row, matched: dict[str, str], model: Model) -> dict[str, Any]:
    """The values of a row for the inputs.

    Raises
    ------
    Rejection
        At the first value that can't be used.
    """
    if row.has_more:
        raise Rejection(row.line, "", "", f"it has more values than the {len(row.values)} columns of the header")
    found = {}
    for name, column in matched.items():
        item = model.inputs[name]
        raw = row.values[column]
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if item.required:
                raise Rejection(row.line, column, "", f"it is blank and the workbook has no value; {_allowed(item)}")
            continue
        value = admitted_value(item, raw)
        if value is None:
            raise Rejection(row.line, column, str(raw), _allowed(item))
        found[name] = value
    return found


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _allowed(item: Input) -> str:
    if item.rule and item.rule.is_checked:
        return f"allowed is {item.rule.allowed}"
    return "allowed is a number" if is_number(item) else "allowed is a date" if _is_date(item) else "allowed is text"


def is_number(item: Input) -> bool:
    """Whether an input holds a number."""
    by_default = isinstance(item.default, (int, float)) and not isinstance(item.default, bool)
    return bool(item.rule and item.rule.is_number) or by_default


def _is_date(item: Input) -> bool:
    return isinstance(item.default, datetime.date) or bool(item.default is None and item.rule and item.rule.is_date)


def _value(raw: Any, item: Input) -> Any:
    """A table's value in the kind that the input takes, or None where it is not of that kind."""
    if is_number(item):
        return _number(raw)
    if _is_date(item):
        return _date(raw)
    if isinstance(item.default, bool):
        return {"true": True, "false": False, "1": True, "0": False}.get(str(raw).strip().casefold())
    return str(raw).strip()


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return None
    text = str(raw).strip()
    try:
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _date(raw: Any) -> datetime.date | None:
    if isinstance(raw, datetime.date):
        return raw
    try:
        return datetime.datetime.fromisoformat(str(raw).strip())
    except ValueError:
        return None


def settings(model: Model, given: Sequence[str]) -> dict[str, Any]:
    """Inputs written as NAME=VALUE.

    Raises
    ------
    UserError
        When one is written otherwise, names no input, or has a value that the workbook does not allow.
    """
    names = {_plain(name): name for name in model.inputs}
    found = {}
    for text in given:
        name, equals, raw = text.partition("=")
        if not equals or _plain(name) not in names:
            raise UserError(
                f"--set {quoted(text)} names no input of {model.path.name}; the inputs are {', '.join(model.inputs)}."
            )
        item = model.inputs[names[_plain(name)]]
        value = _value(raw, item) if raw.strip() else None
        refused = value is None and (bool(raw.strip()) or item.required)
        if refused or not _admits(item, value):
            raise UserError(f"--set {quoted(text)}: found {quoted(raw)}; {_allowed(item)}.")
        found[item.name] = value
    return found


def admitted_value(item: Input, raw: Any) -> Any:
    """A table's value in the kind that the input takes, or None where the input does not allow it."""
    value = _value(raw, item)
    return value if value is not None and _admits(item, value) else None


def _admits(item: Input, value: Any) -> bool:
    return value is None or item.rule is None or item.rule.admits(value)
