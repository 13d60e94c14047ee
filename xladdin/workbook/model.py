"""A workbook as a model: which of its names are inputs, which are outputs, and where its formulas are."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openpyxl.utils.datetime import WINDOWS_EPOCH

from xladdin.workbook.file.package import Package
from xladdin.workbook.file.styles import GENERAL
from xladdin.workbook.links import Links
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area, without_tables
from xladdin.workbook.table.excel_table import ExcelTable
from xladdin.workbook.validation import Rule

__all__ = ["DataTable", "Input", "Model", "Output", "Place"]

MAY_BE_BLANK = "may be blank"  # in the comment of an input's name
_SUBTOTAL = re.compile(r"\b(SUBTOTAL|AGGREGATE)\(", re.IGNORECASE)


@dataclass(frozen=True)
class Input:
    """A name that points to one cell without a formula: what may be filled in."""

    name: str
    place: Place
    default: Any
    rule: Rule | None
    label: str
    unit: str
    number_format: str = GENERAL
    comment: str = ""  # what the name manager has as the name's comment
    unit_formula: str = ""  # of the cell beside it, where the unit hangs on others, as on the currency

    @property
    def required(self) -> bool:
        """Whether it has to be given: the cell is blank and nothing says that it may be."""
        return self.default is None and not (self.rule and (self.rule.allows_blank or self.rule.is_guess))

    @property
    def may_be_blank(self) -> bool:
        """Whether what is not given stays blank: the comment of its name says so."""
        return MAY_BE_BLANK in self.comment


@dataclass(frozen=True)
class Output:
    """A name that points to a cell holding a formula: what the workbook answers."""

    name: str
    place: Place
    label: str
    unit: str
    number_format: str = GENERAL


@dataclass(frozen=True)
class DataTable:
    """A what-if table: a formula computed for the values in its first row and column.

    Attributes
    ----------
    area : Area
        The cells that it fills.
    across, down : Place, optional
        The cell that takes the values of the row above, and that which takes those of the column on the left.
    is_broken : bool
        Whether such a cell was deleted.
    """

    area: Area
    across: Place | None
    down: Place | None
    is_broken: bool = False


@dataclass(frozen=True, eq=False)  # one model is like no other: what is compiled of it is kept by it
class Model:
    """A workbook that can be filled in and computed."""

    path: Path
    package: Package
    inputs: dict[str, Input]
    outputs: dict[str, Output]
    formulas: dict[Place, str]
    spills: dict[Place, tuple[int, int]]  # the rows and columns that an array formula fills
    constants: dict[Place, Any] = field(repr=False)
    names: dict[str, str] = field(repr=False)
    sheets: dict[str, str]  # the part of each sheet
    rules: dict[str, list[Rule]] = field(repr=False)  # the data validations of each sheet
    epoch: datetime.datetime = WINDOWS_EPOCH  # the day that its dates are counted from
    links: Links = field(default_factory=Links, repr=False)  # what is stored of other workbooks
    names_of_sheets: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)  # both in lower case
    titles: list[str] = field(default_factory=list)  # of all sheets, those of charts too
    tables: dict[str, ExcelTable] = field(default_factory=dict, repr=False)  # by the name in lower case
    written: dict[Place, str] = field(default_factory=dict, repr=False)  # formulas as they are in the file
    dynamic: set[Place] = field(default_factory=set, repr=False)  # array formulas that spill
    data_tables: list[DataTable] = field(default_factory=list, repr=False)
    stored: dict[Place, Any] = field(default_factory=dict, repr=False)  # what formulas gave when it was saved
    hidden: dict[str, tuple[frozenset[int], frozenset[int]]] = field(default_factory=dict, repr=False)
    iterates: bool = False

    def with_values(self, values: Mapping[Place, Any]) -> Model:
        """The same with cells whose formulas are computed elsewhere: they are constants."""
        formulas = {place: formula for place, formula in self.formulas.items() if place not in values}
        spills = {place: size for place, size in self.spills.items() if place not in values}
        return replace(self, formulas=formulas, spills=spills, constants={**self.constants, **values})

    def value_places(self) -> Iterator[Place]:
        """Every cell whose value comes from a formula."""
        for place in self.formulas:
            rows, columns = self.spills.get(place, (1, 1))
            for row in range(rows):
                for column in range(columns):
                    yield Place(place.sheet, place.row + row, place.column + column)
        yield from self.table_places()

    def table_places(self) -> Iterator[Place]:
        """The cells of what-if tables."""
        for table in self.data_tables:
            for row_of in table.area.rows():
                yield from (Place(table.area.sheet, *address) for address in row_of)

    def meaning(self, name: str) -> str | None:
        """What a name of the whole workbook stands for."""
        return self._meanings.get(name.casefold())

    @functools.cached_property
    def _meanings(self) -> dict[str, str]:
        return {name.casefold(): text for name, text in self.names.items()}

    def without_tables(self, formula: str, place: Place) -> str:
        """A formula of a cell with its references to tables as plain ones."""
        return without_tables(formula, place, self.tables)

    def is_hidden(self, sheet: str, row: int, *, by_filter: bool) -> bool:
        """Whether a row is hidden, by hand too or by a filter alone."""
        by_hand, filtered = self.hidden.get(sheet, (frozenset(), frozenset()))
        return row in filtered or (not by_filter and row in by_hand)

    def is_subtotal(self, place: Place) -> bool:
        """Whether a cell is a subtotal, which the next one leaves out."""
        return _SUBTOTAL.search(self.formulas.get(place, "")) is not None
