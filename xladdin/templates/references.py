"""What a name in braces stands for in a formula: a column, a header, a cell of a table, the range of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from xladdin.core.suggestions import did_you_mean
from xladdin.templates.language import Grid, Template
from xladdin.templates.places import Area, Body, Places, cell


class UnknownReferenceError(ValueError):
    """A name in braces that stands for nothing."""


@dataclass(frozen=True)
class Scope:
    """Where a formula stands: its block and row, and what its braces may hold besides."""

    block: str = ""
    row: int = 0
    held: Mapping[str, str] = field(default_factory=dict)


NOWHERE = Scope()


class References:
    """Resolves what stands in braces, for the places of one template."""

    def __init__(self, template: Template, places: Places) -> None:
        self._places = places
        self._bodies = {**places.entries, **places.bodies}
        self._grids = {name for name, block in template.calculations.items() if isinstance(block, Grid)}
        self._headers = {
            sheet.name: {name: column.header for name, column in sheet.columns.items()}
            for sheet in template.sheets.values()
        }

    def resolve(self, name: str, scope: Scope) -> str:
        """What a name in braces stands for, as a formula writes it.

        Raises
        ------
        UnknownReferenceError
            When it stands for nothing.
        """
        if name in scope.held:
            return scope.held[name]
        if scope.block in self._headers:
            if (found := self._of_this_row(name, self._headers[scope.block], scope.block)) is not None:
                return found
        elif scope.block in self._bodies and scope.block not in self._grids:
            columns = self._bodies[scope.block].columns
            if name in columns:
                return f"{get_column_letter(columns[name])}{scope.row}"
            first, _, column = name.partition(".")
            if first == "previous" and column in columns:
                if scope.row == self._bodies[scope.block].first:
                    raise UnknownReferenceError(
                        f"the first row has none before it for {{{name}}}: give its formula as first"
                    )
                return f"{get_column_letter(columns[column])}{scope.row - 1}"
        block, _, part = name.partition(".")
        if block in self._headers and part in self._headers[block]:
            return f"{block}[{self._headers[block][part]}]"
        if block in self._headers and part.endswith(".whole") and part[:-6] in self._headers[block]:
            letter = get_column_letter(self._places.lists[block].columns[part[:-6]])
            return f"{cell(self._places.lists[block].sheet, 1, 1).address.rpartition('!')[0]}!${letter}:${letter}"
        area = self.area(name, scope)
        return area.cells if block == scope.block and area.top != area.bottom else area.address

    def area(self, name: str, scope: Scope = NOWHERE) -> Area:
        """The cells that a name stands for, in braces or in a chart: `curve.move`, `points.profit.stop`, `leverage`.

        Raises
        ------
        UnknownReferenceError
            When it stands for nothing.
        """
        block, *parts = name.split(".")
        if not parts and block in self._places.names:
            return self._places.names[block]
        if block in self._places.lists and len(parts) == 1 and parts[0] in self._places.lists[block].columns:
            return self._places.lists[block].column(parts[0])
        if block not in self._bodies:
            raise UnknownReferenceError(self._unknown(name, scope))
        body = self._bodies[block]
        if block in self._grids:
            return self._of_grid(name, body, parts)
        if not parts or parts[0] not in body.columns:
            wrong = parts[0] if parts else ""
            near = did_you_mean(wrong, body.columns) or f"; it has {', '.join(body.columns)}"
            raise UnknownReferenceError(f"{block} has no column {wrong!r}{near}")
        if len(parts) > 2:
            raise UnknownReferenceError(f"{name}: a table's column and one of its rows are named, and no more")
        column = body.column(parts[0])
        return column if len(parts) == 1 else _row_of(name, column, parts[1], body, self._offset(scope))

    def _offset(self, scope: Scope) -> int | None:
        """The number of the formula's row in its block, from 0."""
        body = self._bodies.get(scope.block)
        return scope.row - body.first if body and scope.row else None

    def _of_this_row(self, name: str, headers: Mapping[str, str], block: str) -> str | None:
        first, _, last = name.partition("..")
        if first not in headers or (last and last not in headers):
            return None
        columns = f"[{headers[first]}]" + (f":[{headers[last]}]" if last else "")
        return f"{block}[[#This Row],{columns}]"

    def _of_grid(self, name: str, body: Body, parts: list[str]) -> Area:
        left, right = body.columns["1"], body.right
        match parts:
            case ["rows"]:
                return body.column("0")
            case ["columns"]:
                return Area(body.sheet, body.header_row, left, body.header_row, right)
            case ["columns" | "body", number]:
                number = str(len(body.columns) - 1) if number == "last" else number
                if number in body.columns and number != "0":
                    column = body.column(number)
                    header = replace(column, top=body.header_row, bottom=body.header_row)
                    return header if parts[0] == "columns" else column
        raise UnknownReferenceError(
            f"a grid has rows, columns, columns.1 (a header) and body.1 (a column), up to "
            f"{len(body.columns) - 1}; found {name}"
        )

    def _unknown(self, name: str, scope: Scope) -> str:
        first, _, rest = name.partition(".")
        known = [*scope.held, *self._bodies, *self._headers]
        if scope.block in self._headers:
            known = [*self._headers[scope.block], *known]
        elif scope.block in self._bodies and scope.block not in self._grids:
            known = [*self._bodies[scope.block].columns, *known]
        near = did_you_mean(rest if first == "previous" else first, known)
        return f"nothing here is called {{{name}}}{near}"


def _row_of(name: str, column: Area, row: str, body: Body, offset: int | None) -> Area:
    """One cell of a column: by a word, by a number from 1, or by the name of its row."""
    rows = {"first": column.top, "last": column.bottom} | dict(body.row_names)
    if offset is not None:
        rows |= {"here": column.top + offset, "previous": column.top + offset - 1}
    found = rows.get(row)
    if row.isdigit():
        found = column.top + int(row) - 1
    if found is None or not column.top <= found <= column.bottom:
        raise UnknownReferenceError(f"{name}: there is no such row{did_you_mean(row, rows)}")
    return cell(column.sheet, found, column.left)
