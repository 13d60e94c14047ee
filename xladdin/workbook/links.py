"""Other workbooks that a workbook refers to: the values of their cells that are stored in it.

A spreadsheet computes with these until somebody has it look into the other file, and so do we, who can't. They are
the cells of sheets whose titles (`1/Prices` for the sheet Prices of the first link) no worksheet may have.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import formualizer

from xladdin.workbook.file import package as packages
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import Address, address_of
from xladdin.workbook.references import NoReferenceError, area_of, is_external, rewritten

_REFERENCE = re.compile(r"('?)\[(\d+)\](.*?)'?!(.+)", re.DOTALL)
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Links:
    """The other workbooks by their number in formulas: the names of their files, and what is stored of them.

    Attributes
    ----------
    files : dict
        The name of each file.
    cells : dict
        The stored values by the title of their sheet, in lower case.
    names : dict
        What each defined name of another workbook stands for, by its number and the name in lower case.
    """

    files: dict[int, str] = field(default_factory=dict)
    cells: dict[str, dict[Address, Any]] = field(default_factory=dict)
    names: dict[tuple[int, str], str] = field(default_factory=dict)

    def stored(self, formula: str) -> str:
        """The formula with its references to the stored values; those of which nothing is stored stay."""
        return _with_references(formula, self._stored)

    def shown(self, formula: str) -> str:
        """The formula as people know it, with the files' names."""
        return _with_references(formula, lambda text: _NUMBER.sub(lambda match: f"[{self._file(int(match[1]))}]", text))

    def _file(self, number: int) -> str:
        return self.files.get(number, f"workbook {number}")

    def _stored(self, reference: str) -> str:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            return reference
        number, sheet, cells = int(match[2]), match[3], match[4]
        if meaning := self.names.get((number, cells.casefold())):
            sheet, _, cells = meaning.removeprefix("=").rpartition("!")
            sheet = sheet.removeprefix("'").removesuffix("'")
        title = f"{number}/{sheet}".casefold()
        try:
            area_of(f"'{title}'!{cells}", "")
        except NoReferenceError:
            return reference
        return f"'{title}'!{cells}" if title.replace("''", "'") in self.cells else reference


def refers_elsewhere(formula: str) -> bool:
    """Whether a formula refers to another workbook."""
    return _with_references(formula, lambda text: "#REF!") != formula


def _with_references(formula: str, change: Callable[[str], str]) -> str:
    """The formula with its references into other workbooks changed."""
    if "[" not in formula:
        return formula
    try:
        return rewritten(formula, lambda text: change(text) if is_external(text) else text)
    except (formualizer.TokenizerError, ValueError):
        return formula


def read_links(package: Package) -> Links:
    """What a workbook has stored of others."""
    links = Links()
    workbook = package.parse("xl/workbook.xml")
    parts = _targets(package, "xl/workbook.xml")
    for number, reference in enumerate(workbook.iterfind(".//{*}externalReference"), 1):
        part = posixpath.normpath(posixpath.join("xl", parts.get(packages.relation_of(reference), ""))).lstrip("/")
        if part in package.members:
            book = package.parse(part).find("{*}externalBook")
            if book is not None:  # and not a program that sends values
                target = _targets(package, part).get(packages.relation_of(book), "")
                links.files[number] = unquote(re.split(r"[/\\]", target)[-1]) or f"workbook {number}"
                _read_book(links, number, book)
    return links


def _targets(package: Package, part: str) -> dict[str, str]:
    """What a part's relations lead to."""
    return {each.get("Id", ""): each.get("Target", "") for each in packages.relations_of(package, part)}


def _read_book(links: Links, number: int, book: ElementTree.Element) -> None:
    sheets = [sheet.get("val", "") for sheet in book.iterfind(".//{*}sheetName")]
    for data in book.iterfind(".//{*}sheetData"):
        place = int(data.get("sheetId", -1))
        if 0 <= place < len(sheets) and data.get("refreshError") not in ("1", "true"):
            links.cells[f"{number}/{sheets[place]}".casefold()] = {
                address_of(cell.get("r", "")): _value(cell) for cell in data.iterfind(".//{*}cell") if cell.get("r")
            }
    for name in book.iterfind(".//{*}definedName"):
        links.names[number, name.get("name", "").casefold()] = name.get("refersTo", "")


def _value(cell: ElementTree.Element) -> Any:
    text = cell.findtext("{*}v")
    match cell.get("t", "n"):
        case "n":
            number = float(text) if text else None
            return None if number is None or number - number else number  # an infinity is no value
        case "b":
            return text in ("1", "true")
    return text or ""
