"""Calls as formulas over cells, for hosts that compute a workbook."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter

from support.vectors import LEFT_OUT, Vector

# What makes each error in a cell.
MAKES = {"#NUM!": "=SQRT(-1)", "#VALUE!": '="a"+1', "#N/A": "=NA()", "#DIV/0!": "=1/0", "#REF!": "=#REF!"}


def write_cells(sheet: Any, row: int, vector: Vector) -> tuple[str, int]:
    """Put a call's arguments into cells of a row and below; give the formula over them and the rows they take."""
    column, height, references = 1, 1, []
    for argument in vector.arguments:
        if argument is LEFT_OUT:
            references.append("")
            continue
        block = argument if isinstance(argument, list) else [[argument]]
        for down, cells in enumerate(block):
            for across, cell in enumerate(cells):
                value = MAKES.get(cell, cell) if isinstance(cell, str) else cell
                sheet.cell(row + down, column + across, value)
        last = column + len(block[0]) - 1
        reference = f"{get_column_letter(column)}{row}"
        if isinstance(argument, list):
            reference += f":{get_column_letter(last)}{row + len(block) - 1}"
        references.append(reference)
        column, height = last + 1, max(height, len(block))
    while references and not references[-1]:
        references.pop()
    return f"{vector.function}({','.join(references)})", height
