"""A workbook's package read as a model."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import formualizer
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

from xladdin.core.errors import UnreadableError
from xladdin.core.series import shortened
from xladdin.workbook.file import package as packages
from xladdin.workbook.file.budget import budget, refuse, tell_of_reading
from xladdin.workbook.file.cells import Cell, read_cells, shared_strings
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import hidden_rows, normalized, reference_of
from xladdin.workbook.file.styles import GENERAL, number_formats
from xladdin.workbook.links import read_links
from xladdin.workbook.model import DataTable, Input, Model, Output
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area, NoReferenceError, area_of, shifted, without_tables
from xladdin.workbook.table.excel_table import tables_of
from xladdin.workbook.validation import Rule, rules_in


def read_model(path: str | Path, data: bytes | None = None) -> Model:
    """Read a workbook as a model.

    Parameters
    ----------
    path : str or Path
        The file.
    data : bytes, optional
        Its bytes, where the file is elsewhere.

    Raises
    ------
    UnreadableError
        When the file is missing, encrypted, no workbook, or can't be read.
    """
    if not isinstance(path, (str, Path)):
        raise TypeError(f"read_model takes the path of a workbook, not {shortened(path)}")
    path = Path(path)
    package = packages.open_package(path, data)
    parts = list(packages.sheet_parts(package).values())  # one that several sheets share is read for each
    size = sum(package.members[part].size for part in parts)
    tell_of_reading(
        path,
        size,
        sheets=len(parts),
        formulas=sum(package.read(part).count(b"<f") for part in parts),
        names=package.read("xl/workbook.xml").count(b"definedName "),
    )
    try:
        return _Reader(_normalized(package)).model()
    except UnreadableError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, ElementTree.ParseError, ExpatError, RecursionError) as error:
        raise UnreadableError(f"{path} can't be read as a workbook: {error}.") from None


def _normalized(package: Package) -> Package:
    """The package with sheets in UTF-8 in which each cell says where it stands."""
    changed = {}
    for title, part in packages.sheet_parts(package).items():
        before = package.read(part)
        try:
            after = normalized(before)
        except (ValueError, LookupError, ExpatError) as error:  # an encoding that nobody knows is a LookupError
            raise UnreadableError(f"{package.path} is damaged: its sheet {title!r} can't be read: {error}.") from None
        if after is not before:
            changed[part] = packages.compress(after)
    return packages.open_package(package.path, packages.with_members(package, changed)) if changed else package


class _Reader:
    """A package on the way to a model."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.workbook = package.parse("xl/workbook.xml")
        properties = self.workbook.find("{*}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if is_1904 else WINDOWS_EPOCH
        self.sheets = packages.sheet_parts(package)
        self.titles = [each.get("name", "") for each in self.workbook.iterfind("{*}sheets/{*}sheet")]
        self.formats = number_formats(package)
        self.tables = {table.name.casefold(): table for table in tables_of(package)}
        self.names: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        self.names_of_sheets: dict[tuple[str, str], str] = {}
        self.links = read_links(package)
        self.formulas: dict[Place, str] = {}
        self.written: dict[Place, str] = {}
        self.spills: dict[Place, tuple[int, int]] = {}
        self.dynamic: set[Place] = set()
        self.data_tables: list[DataTable] = []
        self.constants: dict[Place, Any] = {}
        self.stored: dict[Place, Any] = {}
        self.styles: dict[Place, int] = {}
        self._filled = 0  # cells of array formulas and what-if tables so far

    def model(self) -> Model:
        self._read_names()
        for title, part in self.sheets.items():
            try:
                self._read_sheet(title, part)
            except (ValueError, ExpatError) as error:
                raise UnreadableError(f"{self.package.path} is damaged: in its sheet {title!r} {error}.") from None
        rules = {title: self._rules(title, part) for title, part in self.sheets.items()}
        inputs, outputs = self._named_cells(rules)
        linked = {
            Place(title, *address): value
            for title, cells in self.links.cells.items()
            for address, value in cells.items()
        }
        calculation = self.workbook.find("{*}calcPr")
        return Model(
            self.package.path,
            self.package,
            inputs,
            outputs,
            self.formulas,
            self.spills,
            self.constants | linked,
            self.names,
            self.sheets,
            rules,
            self.epoch,
            self.links,
            self.names_of_sheets,
            self.titles,
            self.tables,
            self.written,
            self.dynamic,
            self.data_tables,
            self.stored,
            {title: hidden_rows(self.package.read(part), self._filters(title)) for title, part in self.sheets.items()},
            calculation is not None and calculation.get("iterate") in ("1", "true"),
        )

    def _rules(self, title: str, part: str) -> list[Rule]:
        try:
            return rules_in(self.package.read(part), functools.partial(self._words, title))
        except ValueError as error:
            raise UnreadableError(f"{self.package.path} is damaged: in its sheet {title!r} {error}.") from None

    def _read_names(self) -> None:
        for each in self.workbook.iterfind("{*}definedNames/{*}definedName"):
            name, text = each.get("name", ""), each.text or ""
            if name.startswith("_xlnm"):
                continue
            # A row of its own is relative, as it is in the first cell.
            text = without_tables(f"={text}", ("", 1, 1), self.tables)[1:] if text else text
            sheet = each.get("localSheetId")
            if sheet is None:
                self.names[name] = text
                self.comments[name] = each.get("comment", "")
            elif sheet.isdecimal() and int(sheet) < len(self.titles):
                self.names_of_sheets[self.titles[int(sheet)].casefold(), name.casefold()] = text

    @functools.cached_property
    def _strings(self) -> list[str]:
        part = next(
            (
                each
                for each in packages.related(self.package, "xl/workbook.xml", "/sharedStrings")
                if each in self.package.members
            ),
            None,
        )
        return shared_strings(self.package.parse(part)) if part else []

    def _read_sheet(self, title: str, part: str) -> None:
        groups: dict[str, tuple[str, Place]] = {}
        filled: set[Place] = set()
        cells = read_cells(self.package.read(part), self._strings)
        for cell in cells:
            place = Place(title, *cell.address)
            if cell.style:
                self.styles[place] = cell.style
            if cell.formula is None:
                if cell.value is not None and place not in filled:
                    self.constants[place] = self._dated(cell)
                elif cell.value is not None:
                    self.stored[place] = cell.value
                continue
            self._read_formula(cell, place, groups, filled)

    def _read_formula(self, cell: Cell, place: Place, groups: dict[str, tuple[str, Place]], filled: set[Place]) -> None:
        formula = cell.formula
        assert formula is not None
        if formula.kind == "dataTable":
            table = _data_table(place, formula.attributes)
            self._count_filled(table.area, place, "what-if table")
            self.data_tables.append(table)
            filled |= {Place(place.sheet, *address) for row in table.area.rows() for address in row}
            if cell.value is not None:
                self.stored[place] = cell.value
            return
        text = formula.text.strip().removeprefix("=")
        if formula.kind == "shared":
            text = _of_group(text, formula.attributes.get("si", ""), place, groups)
        if not text:  # a cell of an array formula, or one whose formula is empty
            if cell.value is not None:
                (self.stored if place in filled else self.constants)[place] = cell.value
            return
        if formula.kind == "array":
            area = _filled_area(formula.attributes, place)
            self._count_filled(area, place, "array formula")
            self.spills[place] = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
            filled |= {Place(place.sheet, *address) for row in area.rows() for address in row}
            if cell.is_dynamic:
                self.dynamic.add(place)
        self.written[place] = f"={text}"
        try:
            self.formulas[place] = without_tables(f"={text}", place, self.tables)
        except (formualizer.TokenizerError, ValueError):
            self.formulas[place] = f"={text}"
        if cell.value is not None:
            self.stored[place] = cell.value

    def _count_filled(self, area: Area, place: Place, what: str) -> None:
        """Refuse more cells filled than a workbook may have: a file claims millions in a few bytes.

        Raises
        ------
        UnreadableError
            When these are too many.
        """
        self._filled += area.size
        most = budget().filled
        if self._filled > most:
            raise refuse(
                f"{self.package.path}, cell {place.reference}: with its {what} {self._filled:,} cells are filled",
                self._filled,
                most,
            )

    def _dated(self, cell: Cell) -> Any:
        """A number that is shown as a day or a time as such."""
        value = cell.value
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not cell.style:
            return value
        shown = self.formats[cell.style] if cell.style < len(self.formats) else GENERAL
        if not is_date_format(shown):
            return value
        try:
            return from_excel(value, self.epoch, timedelta=is_timedelta_format(shown))
        except (OverflowError, ValueError):
            return value

    def _words(self, title: str, text: str) -> tuple[str, ...]:
        """The words in the cells that a name or reference leads to."""
        meaning = next((each for name, each in self.names.items() if name.casefold() == text.casefold()), text)
        try:
            area = area_of(meaning, title)
        except NoReferenceError:
            return ()
        places = (Place(area.sheet, *address) for row in area.rows() for address in row)
        if area.size > len(self.constants):
            places = (place for place in self.constants if _holds(area, place))
        return tuple(str(self.constants[place]) for place in places if place in self.constants)

    def _named_cells(self, rules: Mapping[str, list[Rule]]) -> tuple[dict[str, Input], dict[str, Output]]:
        inputs: dict[str, Input] = {}
        outputs: dict[str, Output] = {}
        filled = {
            Place(anchor.sheet, anchor.row + row, anchor.column + column)
            for anchor, (height, width) in self.spills.items()
            for row in range(height)
            for column in range(width)
        }
        for name, text in self.names.items():
            place = self._single_cell(text)
            if place is None:
                continue
            beside = (place.column - 1, place.column + 1)
            label, unit = (
                _text(self.constants.get(each, self.stored.get(each)))
                for each in (place._replace(column=column) for column in beside)
            )
            style = self.styles.get(place, 0)
            shown = self.formats[style] if style < len(self.formats) else GENERAL
            if place in self.formulas:
                outputs[name] = Output(name, place, label, unit, shown)
            elif place not in filled:
                rule = next((rule for rule in rules[place.sheet] if place.address in rule), None)
                comment, formula = self.comments.get(name, ""), self.formulas.get(place._replace(column=beside[1]), "")
                inputs[name] = Input(name, place, self.constants.get(place), rule, label, unit, shown, comment, formula)
        return inputs, outputs

    def _single_cell(self, text: str) -> Place | None:
        """The cell that a name points to, or none where it is a range, a constant or a formula."""
        title, mark, _ = text.rpartition("!")
        if not mark or title.strip("'").replace("''", "'") not in self.sheets:
            return None
        try:
            area = area_of(text, "")
        except NoReferenceError:
            return None
        return Place(area.sheet, area.first_row, area.first_column) if area.is_cell else None

    def _filters(self, title: str) -> Callable[[], list[tuple[int, int]]]:
        """The rows of a sheet's filtered tables, of which the hidden ones are hidden by the filter."""
        tables = [table for table in self.tables.values() if table.sheet == title and table.is_filtered]
        return lambda: [(table.first_row, table.last_row) for table in tables]


def _holds(area: Area, place: Place) -> bool:
    return (
        area.sheet == place.sheet
        and area.first_row <= place.row <= area.last_row
        and area.first_column <= place.column <= area.last_column
    )


def _of_group(text: str, group: str, place: Place, groups: dict[str, tuple[str, Place]]) -> str:
    """A formula that several cells share, as it is in one of them."""
    if text:
        groups[group] = text, place
        return text
    if group not in groups:
        return ""
    first, origin = groups[group]
    return shifted(f"={first}", place.row - origin.row, place.column - origin.column)[1:]


def _filled_area(attributes: Mapping[str, str], place: Place) -> Area:
    """The cells that a formula fills.

    Raises
    ------
    ValueError
        When the file names none.
    """
    text = attributes.get("ref") or reference_of(place.address)
    try:
        return area_of(text, place.sheet)
    except NoReferenceError:
        raise ValueError(f"the formula of cell {place.reference} fills {text[:60]!r}, which is no range") from None


def _data_table(place: Place, attributes: Mapping[str, str]) -> DataTable:
    area = _filled_area(attributes, place)
    inputs = []
    for key in ("r1", "r2"):
        if attributes.get(key):
            cell = area_of(attributes[key], place.sheet)
            inputs.append(Place(cell.sheet, cell.first_row, cell.first_column))
    if any(attributes.get(key) in ("1", "true") for key in ("del1", "del2")):
        return DataTable(area, None, None, is_broken=True)
    if attributes.get("dt2D") in ("1", "true") and len(inputs) == 2:
        return DataTable(area, inputs[0], inputs[1])
    is_row = attributes.get("dtr") in ("1", "true")
    one = inputs[0] if inputs else None
    return DataTable(area, one if is_row else None, None if is_row else one)


def _text(value: Any) -> str:
    return value if isinstance(value, str) and not value.startswith("=") else ""
