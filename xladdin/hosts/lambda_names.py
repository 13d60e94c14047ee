"""No add-in at all: the functions as LAMBDA names inside a workbook, for Excel 365 and Excel 2024."""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from xladdin import __version__, installed
from xladdin.core import catalog
from xladdin.core.errors import UserError
from xladdin.core.native_formula import as_lambda, guarded, stored
from xladdin.hosts.host import PROBE, Finding, Host, live
from xladdin.workbook.engine import evaluate
from xladdin.workbook.file.package import compress, open_package, with_members
from xladdin.workbook.file.writing import write_whole
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate

_LONGEST_COMMENT = 255  # Excel finds a workbook damaged that has a longer one
_WORKBOOK = "xl/workbook.xml"
_INTRODUCTION = (
    f"xladdin {__version__}: the functions of leverage without an add-in",
    "They are names of this workbook, made of Excel's own functions. They work in Excel 365 and Excel 2024, on "
    "Windows, Mac and the web, and in this workbook only: make a copy of it and add your own sheets, or move a sheet "
    "of yours into it.",
    "Do not use it together with xlwings Lite, which can't have functions of the same names.",
)
_HEADINGS = ("Function", "Gives", "Example", "Result")


@functools.cache
def lambdas() -> dict[str, str]:
    """The LAMBDA of each function as a file stores it, by its name."""
    return {name: stored(as_lambda(function)) for name, function in catalog.functions().items() if function.native}


def build(target: Path) -> None:
    """Write a workbook that has all functions as names, and a sheet that shows each at work.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    book = openpyxl.Workbook()
    assert book.active is not None
    _fill_in(book.active)
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "functions.xlsx"
        book.save(plain)
        recalculate(read_model(plain), plain)
        _write_with_names(plain, target, set(lambdas()))


def add_names(source: Path, target: Path) -> None:
    """Write a copy of a workbook that has the functions it uses as names; its sheets and values stay as they are.

    Raises
    ------
    UserError
        When the source can't be read, the target can't be written, or a function that it uses has no native formula.
    """
    package = open_package(source)
    parts = [part for part in package.members if part.startswith("xl/") and part.endswith(".xml")]
    called = {name.decode() for part in parts for name in re.findall(rb"\bLEV_[A-Z]+(?=\()", package.read(part))}
    used = called & set(catalog.functions())
    if lacking := sorted(used - set(lambdas())):
        raise UserError(
            f"The workbook calls {' and '.join(lacking)}, which can't be written as a formula of Excel's own; "
            "allowed is a host with the functions themselves, such as excel, server or libreoffice."
        )
    _write_with_names(source, target, used)


def _write_with_names(source: Path, target: Path, functions: set[str]) -> None:
    package = open_package(source)
    text = package.read(_WORKBOOK).decode()
    changed = compress(_with_names(text, functions).encode())
    write_whole(target, with_members(package, {_WORKBOOK: changed}))


def _with_names(workbook: str, functions: set[str]) -> str:
    """The text of a workbook part with these functions among its defined names, in place of any of the same name."""
    prefix = _found(re.search(r"<(\w+:)?sheets>", workbook)).group(1) or ""
    ours = "|".join(sorted(functions)) or "$^"
    workbook = re.sub(rf'<{prefix}definedName [^>]*name="(?:{ours})"[^>]*>.*?</{prefix}definedName>', "", workbook)
    taken = {name.lower() for name in re.findall(rf'<{prefix}definedName [^>]*name="([^"]+)"', workbook)}
    known = catalog.functions()
    names = "".join(
        f"<{prefix}definedName name={quoteattr(name)} comment={quoteattr(_comment(name))}>"
        f"{escape(stored(as_lambda(known[name]), taken))}</{prefix}definedName>"
        for name in sorted(functions)
    )
    end = f"</{prefix}definedNames>"
    workbook = re.sub(rf"<{prefix}definedNames\s*/>", f"<{prefix}definedNames>{end}", workbook)
    if end in workbook:
        return workbook.replace(end, names + end)
    # The order of a workbook's parts is fixed: names come after these.
    last = list(re.finditer(rf"</{prefix}(?:sheets|functionGroups|externalReferences)>", workbook))[-1].end()
    return f"{workbook[:last]}<{prefix}definedNames>{names}{end}{workbook[last:]}"


def _found(match: re.Match[str] | None) -> re.Match[str]:
    assert match is not None, "a workbook has sheets"
    return match


def _comment(name: str) -> str:
    summary = catalog.functions()[name].summary
    return summary if len(summary) <= _LONGEST_COMMENT else summary[: _LONGEST_COMMENT - 3] + "..."


def _fill_in(sheet: Worksheet) -> None:
    sheet.title = "Functions"
    sheet.sheet_view.showGridLines = False
    for line in _INTRODUCTION:
        sheet.append([line])
    sheet["A1"].font = Font(name="Calibri", bold=True, size=14)
    for row in range(2, len(_INTRODUCTION) + 1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 32
    sheet.append([])
    sheet.append(_HEADINGS)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3864")
    sheet.freeze_panes = sheet.cell(sheet.max_row + 1, 1)
    for name in lambdas():
        function = catalog.functions()[name]
        if function.signature.gives_text:
            continue  # the value that is stored here is Python's, which is not what the name gives
        formula, _ = function.examples[0]
        sheet.append([name, function.summary, formula, formula])
        sheet.cell(sheet.max_row, 3).data_type = "s"
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(sheet.max_row, 4).number_format = "#,##0.00########"
    for column, width in zip("ABCD", (22, 60, 62, 18), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _findings() -> Iterator[Finding]:
    yield live("lambda", "a call in native formulas", _in_native_formulas, installed.again())


def _in_native_formulas() -> Any:
    name, arguments, _ = PROBE
    return evaluate(guarded(catalog.functions()[name], [str(argument) for argument in arguments]))


HOST = Host(
    name="lambda",
    where="Excel 365 or 2024, nothing installed",
    how="`xladdin new futures-planner --host lambda -o FILE.xlsx` ([more](docs/no-addin.md))",
    proved="by a formula engine that knows LAMBDA. **Not run in Excel.**",
    findings=_findings,
    edition=add_names,
    build=build,
    built="All functions as names, for Excel 365 or 2024: an .xlsx file.",
)
