"""A cell of a workbook."""

from __future__ import annotations

from typing import NamedTuple

from xladdin.workbook.file.sheet import Address, reference_of


class Place(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> Address:
        return self.row, self.column

    @property
    def reference(self) -> str:
        """The cell as people write it, with its sheet."""
        return f"{self.sheet}!{reference_of(self.address)}"
