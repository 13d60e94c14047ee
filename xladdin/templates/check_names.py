"""Names: each is one that a spreadsheet takes, stands for one thing, and is not what every workbook has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xladdin.templates.faults import Fault, shown
from xladdin.templates.language import Lines, Table, Template
from xladdin.templates.meaning import OWN_NAMES, OWN_PIECES
from xladdin.templates.places import CALCULATIONS, CHECKS, DASHBOARD, INPUTS, READ_ME
from xladdin.templates.toml_lines import Path

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PIECE = re.compile(r"[a-z][a-z0-9_]*( *\([a-z][a-z0-9_]*( *, *[a-z][a-z0-9_]*)*\))?")
_A_VALUE = ("true", "false")  # a workbook that gives a name to one of them is damaged for Excel
_LOOKS_LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d+|[rc]\d*|r\d*c\d*")
_LONGEST_NAME = 60  # a spreadsheet takes 255; nobody types them
_LONGEST_TITLE = 31
_OWN_SHEETS = (READ_ME, INPUTS, CALCULATIONS, DASHBOARD, CHECKS)
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_A_HEADER = re.compile(r"[\[\]#']")


def name_faults(template: Template) -> Iterator[Fault]:
    """What is wrong with the names of a template."""
    seen: dict[str, Path] = {}
    for path, name in named(template):
        if (why := _why_no_name(name)) is not None:
            yield Fault(path, f"{name!r} {why}")
        elif name in OWN_NAMES:
            yield Fault(path, f"every workbook has the name {name}; take another")
        elif name in seen:
            yield Fault(path, f"the name {name} is taken: {shown(seen[name])}")
        seen.setdefault(name, path)
    yield from _in_braces(template)
    yield from _titles(template)


def named(template: Template) -> Iterator[tuple[Path, str]]:
    """Every name that the workbook is going to have, and where the text gives it."""
    for part, sections in (("inputs", template.inputs), ("results", template.results)):
        for section, lines in sections.items():
            yield from (((part, section, name), name) for name in lines)
    for block, panel in template.calculations.items():
        if isinstance(panel, Lines):
            yield from ((("calculations", block, "lines", name), name) for name in panel.lines)
    yield from ((("tables", name), name) for name in template.tables)
    yield from ((("sheets", title, "name"), sheet.name) for title, sheet in template.sheets.items())


def _why_no_name(name: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "is no name: small letters and digits, _ between words, a letter first"
    if _LOOKS_LIKE_A_CELL.fullmatch(name):
        return "is no name: a spreadsheet takes it for a cell"
    if name in _A_VALUE:
        return "is no name: a spreadsheet takes it for a value"
    if len(name) > _LONGEST_NAME:
        return f"is no name: it has more than {_LONGEST_NAME} characters"
    return None


def _in_braces(template: Template) -> Iterator[Fault]:
    """Pieces, blocks and columns, which braces hold."""
    for name in template.pieces:
        if not _PIECE.fullmatch(name):
            yield Fault(("pieces", name), f"{name!r} is no name of a piece, such as kept or profit(exit)")
    pieces = {name.partition("(")[0].strip() for name in OWN_PIECES | template.pieces}
    tables = {*template.tables, *(sheet.name for sheet in template.sheets.values())}
    for path, name in _blocks_and_columns(template):
        if not _NAME.fullmatch(name):
            yield Fault(path, f"{name!r} is no name: small letters and digits, _ between words, a letter first")
        elif name in pieces:
            yield Fault(path, f"there is a piece {name} too, and braces can't mean both")
        elif len(path) == 2 and name in tables:
            yield Fault(path, f"there is a table or list {name} too, and braces can't mean both")


def _blocks_and_columns(template: Template) -> Iterator[tuple[Path, str]]:
    for name, block in template.calculations.items():
        yield ("calculations", name), name
        if isinstance(block, Table):
            yield from ((("calculations", name, "columns", key), key) for key in block.columns)
    for name, entries in template.tables.items():
        yield from ((("tables", name, "columns", key), key) for key in entries.columns)
    for title, sheet in template.sheets.items():
        yield from ((("sheets", title, "columns", key), key) for key in sheet.columns)


def _titles(template: Template) -> Iterator[Fault]:
    # A spreadsheet does not tell capitals from small letters in them, and keeps History for itself.
    taken = {title.casefold(): f"every workbook has a sheet {title}" for title in _OWN_SHEETS}
    taken["history"] = "Excel keeps the title History for itself"
    for title, sheet in template.sheets.items():
        if title.casefold() in taken:
            yield Fault(("sheets", title), f"{taken[title.casefold()]}; take another title")
        elif not title or len(title) > _LONGEST_TITLE or _NOT_IN_A_TITLE.search(title):
            yield Fault(
                ("sheets", title), f"a sheet's title has 1 to {_LONGEST_TITLE} characters, none of [ ] : * ? / \\ '"
            )
        headers: set[str] = set()
        for key, column in sheet.columns.items():
            path = ("sheets", title, "columns", key, "header")
            if column.header.casefold() in headers:
                yield Fault(path, f"two columns of a list can't both be called {column.header}")
            if not column.header.strip() or _NOT_IN_A_HEADER.search(column.header):
                yield Fault(path, "a list's header is a text without [ ] # '")
            headers.add(column.header.casefold())
        taken[title.casefold()] = f"there is a sheet {title} already"
