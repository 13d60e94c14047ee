"""The add-in's VBA in a second engine, LibreOffice's, which runs the macros of an .xlsm as they are.

xlwings' own two modules, which call Windows, make way for one that hands a call to Python through UNO. What this engine
does otherwise than Excel, and what is therefore not asked of it here:

- An argument that is left out before one that is given arrives as 0, not as missing.
- An error cell arrives as an error that `IsMissing` takes for a missing argument.
- CVErr shows in a cell as the text "Error 2042", not as an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from support.calc import Calc, cell_value, find_uno, running
from support.calls_in_cells import write_cells
from support.required import need
from support.vectors import LEFT_OUT, Vector, all_vectors, same

from xladdin import udfs
from xladdin.core.errors import CODES
from xladdin.hosts import excel

pytestmark = [pytest.mark.hosts, pytest.mark.slow]
RESULTS = 40  # the column of the first result
NUMBERS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
SHOWN = {f"Error {number}": text for text, number in NUMBERS.items()}

# Macros are run without a question, and those of Excel are run at all.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Filter/Import/VBA"><prop oor:name="Load" oor:op="fuse"><value>true</value>
</prop><prop oor:name="Executable" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
TRANSPORT = """Attribute VB_Name = "Transport"
Public Py As Variant
Public Sub SetPy(given As Variant)
    Set Py = given
End Sub
Public Function XLPy() As Object
    Set XLPy = New PyObject
End Function
Public Function Asked(name, arguments) As Variant
    Dim given(1) As Variant, answer As Variant, row As Long, column As Long, block() As Variant
    Set given(0) = CreateUnoStruct("com.sun.star.beans.NamedValue")
    given(0).Name = "name"
    given(0).Value = name
    Set given(1) = CreateUnoStruct("com.sun.star.beans.NamedValue")
    given(1).Name = "arguments"
    given(1).Value = arguments
    answer = Py.execute(given)
    Asked = answer
    If Not IsArray(answer) Then Exit Function
    If Not IsArray(answer(0)) Then Exit Function
    ReDim block(0 To UBound(answer), 0 To UBound(answer(0)))
    For row = 0 To UBound(answer)
        For column = 0 To UBound(answer(0))
            block(row, column) = answer(row)(column)
        Next column
    Next row
    Asked = block
End Function
"""
OBJECT = """Public Function CallUDF(ByVal script As String, ByVal name As String, ByVal arguments As Variant) As Variant
    CallUDF = Asked(name, arguments)
End Function
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    uno = find_uno()
    need("libreoffice", uno)
    folder = tmp_path_factory.mktemp("office")
    user = folder / "profile/user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    with running(folder, uno, with_extension=False) as started:
        yield started


def comparable(vector: Vector) -> bool:
    """Whether a call has nothing that this engine hands over otherwise than Excel."""
    given = list(vector.arguments)
    while given and given[-1] is LEFT_OUT:
        given.pop()
    cells = [cell for value in given for row in (value if isinstance(value, list) else [[value]]) for cell in row]
    return LEFT_OUT not in given and not any(isinstance(cell, str) and cell in CODES for cell in cells)


def rows_of(value: Any) -> list[list[Any]]:
    return value if isinstance(value, list) else [[value]]


def workbook(path: Path, vectors: list[Vector]) -> list[int]:
    """An .xlsm of these calls, computed nowhere yet; gives the row of each."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    places, row = [], 1
    for vector in vectors:
        formula, height = write_cells(sheet, row, vector)
        expected = vector.expected
        places.append(row)
        if isinstance(expected, list):
            last = get_column_letter(RESULTS + len(expected[0]) - 1)
            area = f"{get_column_letter(RESULTS)}{row}:{last}{row + len(expected) - 1}"
            sheet[area.partition(":")[0]] = ArrayFormula(area, f"={formula}")
        else:
            sheet.cell(row, RESULTS, f"={formula}")
        row += max(height, len(rows_of(expected)))
    plain = path.with_suffix(".xlsx")
    book.save(plain)
    excel.with_macros(plain, path)
    return places


def with_transport(path: Path) -> None:
    """Put our way to Python into the place of xlwings' own."""
    with excel._open(path) as file:
        project = file.vba_project()
        (kind,) = (module.kind for module in project.modules if module.name == "Dictionary")
        project.delete_module("xlwings")
        project.delete_module("Dictionary")
        project.add_module("Transport", TRANSPORT.replace("\n", "\r\n"))
        project.add_module("PyObject", OBJECT.replace("\n", "\r\n"), kind=kind)
        file.save()


def python_object() -> Any:
    """What the macros call, on our side of the bridge."""
    import unohelper
    from com.sun.star.task import XJob

    class Python(unohelper.Base, XJob):  # type: ignore[misc]
        def execute(self, given: Any) -> Any:
            asked = {each.Name: each.Value for each in given}
            arguments = [[*map(list, each)] if isinstance(each, tuple) else each for each in asked["arguments"]]
            result = getattr(udfs, asked["name"])(*arguments)
            if not isinstance(result, list):
                return result
            rows = tuple(map(tuple, result))  # as COM hands them over: a row alone is flat
            return rows if len(rows) > 1 else rows[0] if len(rows[0]) > 1 else rows[0][0]

    return Python()


def test_the_wrappers_give_what_the_core_gives(office: Calc, tmp_path: Path) -> None:
    vectors = [vector for vector in all_vectors() if comparable(vector)]
    places = workbook(tmp_path / "calls.xlsm", vectors)
    with_transport(tmp_path / "calls.xlsm")
    wrong = []
    with office.open(tmp_path / "calls.xlsm", macros=True) as document:
        address = "vnd.sun.star.script:VBAProject.Transport.SetPy?language=Basic&location=document"
        document.getScriptProvider().getScript(address).invoke((python_object(),), (), ())
        document.calculateAll()
        sheet = document.Sheets.getByIndex(0)
        for vector, row in zip(vectors, places, strict=True):
            for down, line in enumerate(rows_of(vector.expected)):
                for across, expected in enumerate(line):
                    value = cell_value(sheet.getCellByPosition(RESULTS - 1 + across, row - 1 + down))
                    shown = SHOWN.get(value, value) if isinstance(value, str) else value
                    if not same(shown, expected):
                        wrong.append(f"{vector}: {shown!r}, not {expected!r}")
    assert len(vectors) > len(all_vectors()) / 3
    assert not wrong, f"{len(wrong)} cells of {len(vectors)} calls, for example\n" + "\n".join(wrong[:20])


def test_a_workbook_without_python_behind_it_is_opened_and_computed(office: Calc, tmp_path: Path) -> None:
    workbook(tmp_path / "alone.xlsm", [Vector("LEV_SIZE", (1000, 5)), Vector("LEV_RATIO", (10, 5))])
    with_transport(tmp_path / "alone.xlsm")  # and nobody behind it: each call fails while the workbook loads
    with office.open(tmp_path / "alone.xlsm", macros=True) as document:
        document.calculateAll()
        cell = document.Sheets.getByIndex(0).getCellByPosition(RESULTS - 1, 0)
        assert SHOWN.get(cell_value(cell)) == "#VALUE!"
