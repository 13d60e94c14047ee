"""Results of a workbook that are not computed as its spreadsheet stored them: nothing is made of them but on trust."""

from __future__ import annotations

from collections.abc import Mapping

from xladdin.core.errors import UnreadableError
from xladdin.templates import library
from xladdin.workbook import oracle
from xladdin.workbook.model import Model, Place
from xladdin.workbook.oracle import Difference
from xladdin.workbook.table.excel_table import ExcelTable


def doubts(model: Model, table: ExcelTable | None = None, *, trust: bool) -> dict[str, Difference]:
    """The doubtful results of a workbook, and of the columns of a table in it, each with the cell that it hangs on.

    Raises
    ------
    UnreadableError
        When there are such and they are not trusted.
    """
    found = _found(model, _columns_of(model, table))
    if found and not trust:
        raise UnreadableError(f"{_sentence(model, found)}; `xladdin check` lists all, and --trust goes on.")
    return found


def doubts_told(model: Model, found: Mapping[str, Difference]) -> list[str]:
    """One sentence on them, where there are any."""
    return [f"{_sentence(model, found)}; --trust goes on."] if found else []


def new_doubts(model: Model) -> list[str]:
    """The same of a workbook that is only filled in, whose formulas its own spreadsheet computes again."""
    found = _found(model, {})
    return [f"{_sentence(model, found)}."] if found else []


def _found(model: Model, columns: dict[Place, str]) -> dict[str, Difference]:
    """Nothing of the templates that come with the product: their values are our own, of another processor perhaps."""
    return {} if model.path.parent == library.folder() else oracle.doubtful_results(model, columns)


def _sentence(model: Model, found: Mapping[str, Difference]) -> str:
    name, cell = next(iter(found.items()))
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"the result {name}{more} of {model.path.name} comes out otherwise than it is stored: {cell.line}"


def _columns_of(model: Model, table: ExcelTable | None) -> dict[Place, str]:
    """The computed cells of a table by the names of their columns."""
    if table is None:
        return {}
    places = (
        (Place(table.sheet, row, column), name)
        for row in range(table.first_row, table.last_row + 1)
        for column, name in enumerate(table.columns, table.first_column)
    )
    return {place: name for place, name in places if place in model.formulas}
