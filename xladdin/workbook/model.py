"""A workbook as a model: which of its names are inputs, which are outputs, and where its formulas are."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from xladdin.core.errors import UnreadableError
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.addresses import addressed
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import Address, reference_of
from xladdin.workbook.links import Links, read_links
from xladdin.workbook.references import without_tables
from xladdin.workbook.validation import Rule, rules_of


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


@dataclass(frozen=True)
class Input:
    """A name that points to one cell without a formula: what may be filled in."""

    name: str
    place: Place
    default: Any
    rule: Rule | None
    label: str
    unit: str

    @property
    def required(self) -> bool:
        """Whether it has to be given: the cell is blank and nothing says that it may be."""
        return self.default is None and not (self.rule and self.rule.allows_blank)


@dataclass(frozen=True)
class Output:
    """A name that points to a cell holding a formula: what the workbook answers."""

    name: str
    place: Place
    label: str
    unit: str


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

    def value_places(self) -> Iterator[Place]:
        """Every cell whose value comes from a formula."""
        for place in self.formulas:
            rows, columns = self.spills.get(place, (1, 1))
            for row in range(rows):
                for column in range(columns):
                    yield Place(place.sheet, place.row + row, place.column + column)


def read_model(path: Path, data: bytes | None = None) -> Model:
    """Read a workbook as a model; its bytes may be given where the file is elsewhere.

    Raises
    ------
    UnreadableError
        When the file is missing, encrypted, no workbook, or can't be read.
    """
    package = packages.open_package(path, data)
    try:
        package = addressed(package)
        return _with_links(_model_of(package, open_book(package.data)))
    except UnreadableError:
        raise
    except Exception as error:  # whatever openpyxl finds in a file that is damaged or of another kind
        raise UnreadableError(f"{path} can't be read as a workbook: {error}.") from None


def open_book(data: bytes) -> openpyxl.Workbook:
    """A workbook's bytes as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what it would drop on saving; nothing is saved with it
        return openpyxl.load_workbook(io.BytesIO(data), keep_links=False)


def _model_of(package: Package, book: openpyxl.Workbook) -> Model:
    sheets = packages.sheet_parts(package)
    formulas: dict[Place, str] = {}
    spills: dict[Place, tuple[int, int]] = {}
    tables = {
        table.displayName.casefold(): (sheet.title, table)
        for sheet in book.worksheets
        for table in sheet.tables.values()
    }
    constants: dict[Place, Any] = {}
    for sheet in book.worksheets:
        for (row, column), cell in sorted(sheet._cells.items()):  # all that there are; iter_rows makes those between
            value = cell.value
            if value is None:
                continue
            place = Place(sheet.title, row, column)
            if isinstance(value, ArrayFormula):
                formulas[place] = without_tables(value.text or "", row, tables)
                first_column, first_row, last_column, last_row = range_boundaries(value.ref)
                spills[place] = (last_row - first_row + 1, last_column - first_column + 1)
            elif cell.data_type == "f" and not isinstance(value, DataTableFormula):
                formulas[place] = without_tables(str(value), row, tables)
            else:
                constants[place] = value
    names = {name: defined.attr_text for name, defined in book.defined_names.items() if not name.startswith("_xlnm")}
    rules = {sheet.title: rules_of(sheet) for sheet in book.worksheets}
    inputs, outputs = _named_cells(book, names, formulas, rules)
    return Model(package.path, package, inputs, outputs, formulas, spills, constants, names, sheets, rules, book.epoch)


def _with_links(model: Model) -> Model:
    """The model with what is stored of other workbooks among its constants."""
    links = read_links(model.package)
    stored = {Place(title, *address): value for title, cells in links.cells.items() for address, value in cells.items()}
    return replace(model, links=links, constants=model.constants | stored)


def _named_cells(
    book: openpyxl.Workbook, names: dict[str, str], formulas: dict[Place, str], rules: dict[str, list[Rule]]
) -> tuple[dict[str, Input], dict[str, Output]]:
    inputs: dict[str, Input] = {}
    outputs: dict[str, Output] = {}
    for name, text in names.items():
        place = _single_cell(book, text)
        if place is None:
            continue
        sheet = book[place.sheet]
        label = _text(sheet.cell(place.row, place.column - 1).value) if place.column > 1 else ""
        unit = _text(sheet.cell(place.row, place.column + 1).value)
        if place in formulas:
            outputs[name] = Output(name, place, label, unit)
        else:
            rule = next((rule for rule in rules[place.sheet] if place.address in rule), None)
            inputs[name] = Input(name, place, sheet.cell(place.row, place.column).value, rule, label, unit)
    return inputs, outputs


def _single_cell(book: openpyxl.Workbook, text: str) -> Place | None:
    """The cell that a name points to, or none where it is a range, a constant or a formula."""
    sheet, _, reference = text.rpartition("!")
    title = sheet.strip("'").replace("''", "'")
    if title not in book.sheetnames or title not in {worksheet.title for worksheet in book.worksheets}:
        return None
    try:
        first_column, first_row, last_column, last_row = range_boundaries(reference)
    except (ValueError, TypeError):
        return None
    if (first_column, first_row) != (last_column, last_row) or first_column is None or first_row is None:
        return None
    return Place(title, first_row, first_column)


def _text(value: Any) -> str:
    return value if isinstance(value, str) and not value.startswith("=") else ""
