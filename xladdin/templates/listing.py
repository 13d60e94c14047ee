"""What templates there are, and what can be filled in in each."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xladdin.templates.library import languages_of, names, text_path, workbook_path
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.filled_lists import lists_of
from xladdin.workbook.model import Input, Model, Output
from xladdin.workbook.model_reader import read_model

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "xladdin.templates/1"


def as_json(name: str = "") -> dict[str, Any]:
    """Every template, or the one of a name, as plain data."""
    return {"schema": SCHEMA, "templates": [_described(known) for known in ([name] if name else names())]}


def show_all(console: Console) -> None:
    """The templates, each with how its purpose begins; a line each where the console has 80 columns."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for name in names():
        purpose = tomllib.loads(text_path(name).read_text(encoding="utf-8"))["purpose"]
        grid.add_row(name, re.split(r"(?<=\?) |:", purpose)[0])
    console.print(grid)


def show(console: Console, path: Path) -> None:
    """What a workbook takes and gives, as tables on a console."""
    from rich.table import Table

    model = read_model(path)
    for filled in lists_of(model):
        rows = (
            "as many rows as there are"
            if filled.grows
            else f"{filled.table.last_row - filled.table.first_row + 1} rows"
        )
        table = Table(title=f"{path.stem}: the list {filled.name} ({rows})", title_justify="left")
        table.add_column("column", no_wrap=True)
        for column in ("example", "unit", "allowed"):
            table.add_column(column, overflow="fold")
        for title, item in filled.inputs.items():
            example = model.constants.get(item.place)
            table.add_row(title, _shown(example), item.unit, item.rule.allowed if item.rule else "")
        console.print(table)
    table = Table(title=f"{path.stem}: {len(model.inputs)} inputs", title_justify="left")
    table.add_column("input", no_wrap=True)
    for column in ("label", "example", "unit", "allowed"):
        table.add_column(column, overflow="fold")
    for item in model.inputs.values():
        allowed = item.rule.allowed if item.rule else ""
        table.add_row(item.name, item.label, _shown(item.default), item.unit, allowed)
    console.print(table)
    table = Table(title=f"{path.stem}: {len(model.outputs)} results", title_justify="left")
    table.add_column("result", no_wrap=True)
    for column in ("label", "unit", "cell"):
        table.add_column(column, overflow="fold")
    for output in model.outputs.values():
        table.add_row(output.name, output.label, output.unit, _cell(output))
    console.print(table)


def _described(name: str) -> dict[str, Any]:
    model: Model = read_model(workbook_path(name))
    return {
        "name": name,
        "languages": languages_of(text_path(name)),
        "inputs": [_input(item) for item in model.inputs.values()],
        "outputs": [
            {"name": item.name, "label": item.label, "unit": item.unit, "cell": _cell(item)}
            for item in model.outputs.values()
        ],
        "lists": [
            {"name": filled.name, "grows": filled.grows, "columns": [_input(item) for item in filled.inputs.values()]}
            for filled in lists_of(model)
        ],
    }


def _input(item: Input) -> dict[str, Any]:
    return {
        "name": item.name,
        "label": item.label,
        "unit": item.unit,
        "default": item.default,
        "required": item.required,
        "allowed": item.rule.allowed if item.rule else None,
        "cell": _cell(item),
    }


def _cell(item: Input | Output) -> str:
    return f"'{item.place.sheet}'!{reference_of(item.place.address)}"


def _shown(value: Any) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
