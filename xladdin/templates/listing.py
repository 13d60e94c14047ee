"""What templates there are, and what can be filled in in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xladdin.templates import names, workbook_path
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.model import Input, Model, Output, read_model

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = "xladdin.templates/1"


def as_json() -> dict[str, Any]:
    """The list as plain data."""
    return {"schema": SCHEMA, "templates": [_described(name) for name in names()]}


def show(console: Console) -> None:
    """The list as tables on a console."""
    from rich.table import Table

    for name in names():
        model = read_model(workbook_path(name))
        table = Table(title=f"{name}: {len(model.inputs)} inputs, {len(model.outputs)} results", title_justify="left")
        for column in ("input", "default", "unit", "allowed"):
            table.add_column(column, overflow="fold")
        for item in model.inputs.values():
            table.add_row(item.name, _shown(item.default), item.unit, item.rule.allowed if item.rule else "")
        console.print(table)


def _described(name: str) -> dict[str, Any]:
    model: Model = read_model(workbook_path(name))
    return {
        "name": name,
        "inputs": [_input(item) for item in model.inputs.values()],
        "outputs": [
            {"name": item.name, "label": item.label, "unit": item.unit, "cell": _cell(item)}
            for item in model.outputs.values()
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
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
