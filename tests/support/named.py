"""What the names of a workbook stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl


def named_values(path: Path) -> dict[str, Any]:
    """The stored value of each name that points to one cell."""
    book = openpyxl.load_workbook(path, data_only=True)
    cells = {name: defined.attr_text.rpartition("!")[::2] for name, defined in book.defined_names.items()}
    return {
        name: book[sheet.strip("'")][cell.replace("$", "")].value
        for name, (sheet, cell) in cells.items()
        if ":" not in cell
    }
