"""Rows and cells that say where they stand: some writers leave that out, and the next place is meant."""

from __future__ import annotations

import re
from xml.parsers import expat

from xladdin.workbook.file import package as packages
from xladdin.workbook.file.package import Package
from xladdin.workbook.file.sheet import address_of, reference_of

_WITHOUT = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])(?![^>]*\sr\s*=)")


def with_addresses(xml: bytes) -> bytes:
    """A sheet's XML in which each row has its number and each cell its reference.

    A row without is the one after the row before it, a cell without the one to the right of the cell before it.
    """
    if not _WITHOUT.search(xml):
        return xml
    parser = expat.ParserCreate()
    insertions: list[tuple[int, str]] = []
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        name = tag.rpartition(":")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
            address = str(row)
        elif name == "c":
            column = address_of(attributes["r"])[1] if "r" in attributes else column + 1
            address = reference_of((row, column))
        else:
            return
        if "r" not in attributes:
            insertions.append((parser.CurrentByteIndex + len(f"<{tag}".encode()), f' r="{address}"'))

    parser.StartElementHandler = start
    parser.Parse(xml, True)
    pieces = []
    position = 0
    for place, text in insertions:
        pieces += [xml[position:place], text.encode()]
        position = place
    return b"".join([*pieces, xml[position:]])


def addressed(package: Package) -> Package:
    """The package with all its sheets so, and itself where they are."""
    changed = {}
    for part in packages.sheet_parts(package).values():
        before = package.read(part)
        if (after := with_addresses(before)) is not before:
            changed[part] = packages.compress(after)
    return packages.open_package(package.path, packages.with_members(package, changed)) if changed else package
