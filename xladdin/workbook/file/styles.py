"""The number formats of cells."""

from __future__ import annotations

from openpyxl.styles.numbers import BUILTIN_FORMATS

from xladdin.workbook.file.package import Package

GENERAL = "General"


def number_formats(package: Package) -> list[str]:
    """The number format of each cell style, by its number."""
    if "xl/styles.xml" not in package.members:
        return [GENERAL]
    root = package.parse("xl/styles.xml")
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")}
    found = []
    for each in root.iterfind("{*}cellXfs/{*}xf"):
        number = each.get("numFmtId", "0")
        found.append(own.get(number) or BUILTIN_FORMATS.get(int(number) if number.isdecimal() else 0, GENERAL))
    return found or [GENERAL]
