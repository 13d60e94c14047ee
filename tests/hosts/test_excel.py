"""The Excel add-in: its VBA read back and executed, and xlwings' own way to the functions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from pyopenvba.apps.excel import ExcelApplication
from support.vectors import LEFT_OUT, all_vectors, same

from xladdin.core.catalog import functions
from xladdin.core.errors import CODES, UserError
from xladdin.hosts import excel

HERE = Path(__file__).parent
NUMBERS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}

# Stands for xlwings' object: keeps what it is given, and gives what it is told to.
TRANSPORT = """
Public Received As Variant
Public Answer As Variant
Public Function XLPy() As Object
    Set XLPy = New Transport
End Function
Public Function SizeOfRanges() As Variant
    SizeOfRanges = LEV_SIZE(Range("A1:B2"), Range("D1"))
End Function
Public Function SizeOfErrorAndNothing() As Variant
    SizeOfErrorAndNothing = LEV_LIQPRICE(CVErr(xlErrDiv0), 10, 0.01, , "binance")
End Function
Public Sub WillAnswerABlock()
    Dim cells(0 To 1, 0 To 1) As Variant
    cells(0, 0) = 1.5: cells(0, 1) = "#NUM!": cells(1, 0) = "#N/A": cells(1, 1) = "words"
    Answer = cells
End Sub
Public Sub WillAnswerARow()
    Answer = Array(1.5, "#DIV/0!")
End Sub
Public Sub WillAnswer(ByVal value As Variant)
    Answer = value
End Sub
Public Function ReceivedAt(ByVal place As Long) As Variant
    ReceivedAt = Received(place)
End Function
Public Function ToText(ByVal number As Long) As Variant
    ToText = XladdinErrorText(CVErr(number))
End Function
"""
TRANSPORT_CLASS = """
Public Function CallUDF(ByVal script As String, ByVal name As String, ByVal arguments As Variant) As Variant
    If script <> "xladdin.udfs" Then Err.Raise 5
    Received = arguments
    CallUDF = Answer
End Function
"""


@pytest.fixture(scope="module")
def add_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("excel") / "xladdin.xlam"
    excel.build(path)
    return path


@pytest.fixture
def interpreter(add_in: Path) -> Any:
    application = ExcelApplication()
    application.add_workbook()
    application.add_module(vba(add_in)["xladdin_udfs"], name="xladdin_udfs")
    application.add_module(TRANSPORT, name="Transports")
    application.add_module(TRANSPORT_CLASS, name="Transport", kind="class")
    return application


def vba(path: Path) -> dict[str, str]:
    """The modules of a file, read by an independent reader."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls its own parser by names of the past
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(path))
    found = {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    return {name: re.sub(r"^Attribute VB_Name = .*\r?\n", "", code) for name, code in found.items()}


def test_every_function_is_there_with_its_arguments(add_in: Path) -> None:
    code = vba(add_in)["xladdin_udfs"].replace(" _\r\n", "").replace(" _\n", "")
    wrappers = dict(re.findall(r"^Public Function (LEV_\w+)\((.*)\) As Variant", code, flags=re.MULTILINE))
    assert list(wrappers) == list(functions())
    for name, signature in wrappers.items():
        given = [re.sub(r"\s+", " ", part).strip() for part in signature.split(",") if part]
        names = [part.removeprefix("Optional ").removesuffix(" As Variant").rstrip("_") for part in given]
        assert names == [argument.name for argument in functions()[name].arguments]
        assert [not part.startswith("Optional ") for part in given] == [a.required for a in functions()[name].arguments]


def test_help_is_registered_within_what_excel_and_vba_allow(add_in: Path) -> None:
    code = vba(add_in)["xladdin_udfs"]
    lines = code.splitlines()
    assert max(map(len, lines)) < 1023
    assert max(len(run.split("\n")) for run in re.findall(r"(?:.* _\r?\n)+", code)) <= 25
    assert all(len(text.replace('""', '"')) <= 255 for text in re.findall(r'"((?:[^"\n]|"")*)"', code))
    for function in functions().values():
        assert f'Macro:="{function.name}", Category:="xladdin {function.group}"' in code
        assert function.summary.replace('"', '""') in code


def test_xlwings_is_asked_nothing_that_a_workbook_could_decide(add_in: Path) -> None:
    code = vba(add_in)["xlwings"].replace("\r\n", "\n")
    body = code[code.index("Function GetConfig(") :].split("\n", 3)
    assert body[1].strip() == "GetConfig = XladdinConfig(configKey, default)"
    assert body[2].strip() == "Exit Function"


def test_the_add_in_is_an_add_in_that_opens(add_in: Path) -> None:
    with zipfile.ZipFile(add_in) as archive:
        assert archive.testzip() is None
        assert b"ms-excel.addin.macroEnabled" in archive.read("[Content_Types].xml")
    assert "App_WorkbookOpen" in vba(add_in)["ThisWorkbook"]
    assert "Module1" not in vba(add_in)


@pytest.mark.parametrize("text", NUMBERS)
def test_every_error_goes_in_as_text_and_comes_out_as_an_error(interpreter: Any, text: str) -> None:
    assert set(NUMBERS) == set(CODES)
    assert interpreter.run("ToText", NUMBERS[text]) == text
    assert str(interpreter.run("XladdinError", text)) == f"Error {NUMBERS[text]}"


def test_an_error_of_a_newer_excel_is_a_value_error(interpreter: Any) -> None:
    assert interpreter.run("ToText", 2045) == "#VALUE!"  # #SPILL!


def test_errors_inside_ranges_both_ways(interpreter: Any) -> None:
    sheet = interpreter.sheet(1)
    sheet.set_value("A1", 1000)
    sheet.set_value("B1", "words")
    sheet.set_value("B2", True)
    interpreter.run("WillAnswerABlock")
    (one, num), (missing, words) = interpreter.run("SizeOfRanges")
    assert (one, str(num), str(missing), words) == (1.5, "Error 2036", "Error 2042", "words")
    assert interpreter.run("ReceivedAt", 0) == [[1000, "words"], [None, True]]
    assert interpreter.run("ReceivedAt", 1) is None
    interpreter.run("WillAnswerARow")
    number, divided = interpreter.run("SizeOfRanges")
    assert (number, str(divided)) == (1.5, "Error 2007")


def test_an_error_cell_a_left_out_argument_and_a_single_answer(interpreter: Any) -> None:
    interpreter.run("WillAnswer", "#NUM!")
    assert str(interpreter.run("SizeOfErrorAndNothing")) == "Error 2036"
    given = [interpreter.run("ReceivedAt", place) for place in range(7)]
    assert given == ["#DIV/0!", 10, 0.01, None, "binance", None, None]


def test_a_function_without_arguments_is_called_with_none(interpreter: Any) -> None:
    interpreter.run("WillAnswer", "xladdin 0.1.0")
    assert interpreter.run("LEV_VERSION") == "xladdin 0.1.0"


def test_a_failing_python_is_a_cell_error() -> None:

    broken = ExcelApplication()
    broken.add_workbook()
    broken.add_module(excel.wrappers("python").split("\r\n", 1)[1], name="xladdin_udfs")
    broken.add_module(
        'Public Function XLPy() As Object\nErr.Raise 1, Description:="Could not load the DLL"\nEnd Function',
        name="Main",
    )
    assert str(broken.run("LEV_SIZE", 1000, 5)) == "Error 2015"


@pytest.mark.parametrize(
    ("link", "is_other"),
    [
        (r"C:\Users\someone\AppData\Roaming\Microsoft\AddIns\XLADDIN.XLAM", True),
        ("https://example.org/shared/xladdin.xlam", True),
        (r"D:\addins\xladdin.xlam", False),
        (r"C:\other\prices.xlsx", False),
    ],
)
def test_links_to_another_copy_are_known(interpreter: Any, link: str, is_other: bool) -> None:
    assert interpreter.run("XladdinIsOtherCopy", link, r"D:\addins\xladdin.xlam") is is_other


def test_intellisense_lists_every_argument(add_in: Path) -> None:
    name = "{http://schemas.excel-dna.net/intellisense/1.0}"
    root = ElementTree.parse(add_in.with_suffix(".intellisense.xml")).getroot()
    listed = {
        function.get("Name"): [argument.get("Name", "").strip("[]") for argument in function]
        for function in root.iter(f"{name}Function")
    }
    assert listed == {known.name: [argument.name for argument in known.arguments] for known in functions().values()}


def test_a_path_in_any_letters_is_plain_vba() -> None:
    code = excel.wrappers('C:\\Users\\J\u00f6rg \u0416"\\python.exe')
    assert code.isascii()
    application = ExcelApplication()
    application.add_workbook()
    application.add_module(code.split("\r\n", 1)[1], name="xladdin_udfs")

    assert application.run("XladdinPython") == 'C:\\Users\\J\u00f6rg \u0416"\\python.exe'


def test_a_workbook_with_macros_keeps_its_sheets_and_values(tmp_path: Path) -> None:
    from xladdin.workbook.model_reader import read_model
    from xladdin.workbook.render import recalculate

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=LEV_SIZE(1000,5)"
    book.create_sheet("Other")["A1"] = "words"
    book.save(tmp_path / "plain.xlsx")
    recalculate(read_model(tmp_path / "plain.xlsx"), tmp_path / "plain.xlsx")
    excel.with_macros(tmp_path / "plain.xlsx", tmp_path / "made.xlsm")
    values = openpyxl.load_workbook(tmp_path / "made.xlsm", data_only=True)
    assert values["Sheet"]["A1"].value == 5000
    assert openpyxl.load_workbook(tmp_path / "made.xlsm")["Sheet"]["A1"].value == "=LEV_SIZE(1000,5)"
    assert values["Other"]["A1"].value == "words"
    modules = vba(tmp_path / "made.xlsm")
    assert {"ThisWorkbook", "xlwings", "Dictionary", "xladdin_udfs"} <= set(modules)
    assert "Function LEV_SIZE(" in modules["xladdin_udfs"]
    with zipfile.ZipFile(tmp_path / "made.xlsm") as archive:
        assert b"sheet.macroEnabled.main+xml" in archive.read("[Content_Types].xml")


def test_wrong_targets_are_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"does not end in \.xlam"):
        excel.build(tmp_path / "xladdin.xlsx")
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(UserError, match="can't be written"):
        excel.build(tmp_path / "folder" / "xladdin.xlam")
    monkeypatch.delenv("APPDATA", raising=False)
    with pytest.raises(UserError, match="Windows only"):
        excel.install()


def test_installed_where_excel_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert excel.install() == tmp_path / "Microsoft" / "AddIns" / "xladdin.xlam"
    assert vba(excel.installed_file())["xladdin_udfs"]


def test_the_dll_is_that_of_the_installed_xlwings() -> None:
    from importlib.metadata import version

    assert excel.dll_version() == version("xlwings")


def as_vba_hands_over(argument: Any) -> Any:
    return None if argument is LEFT_OUT or argument == "" else argument


def rows_of(value: Any) -> list[list[Any]]:
    """What xlwings gives to VBA as rows: there a block of one cell is the cell, and a row is a flat list."""
    rows = value if isinstance(value, list) else [value]
    return rows if isinstance(rows[0], list) else [rows]


@pytest.fixture(scope="module")
def xlwings_answers() -> list[Any]:
    lines = [json.dumps([v.function, [as_vba_hands_over(a) for a in v.arguments]]) for v in all_vectors()]
    done = subprocess.run(
        [sys.executable, HERE / "xlwings_on_windows.py"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.hosts
def test_every_vector_through_xlwings_own_call(xlwings_answers: list[Any]) -> None:
    wrong = [
        f"{vector}: {given!r}, not {vector.expected!r}"
        for vector, given in zip(all_vectors(), xlwings_answers, strict=True)
        if not same(rows_of(given), rows_of(vector.expected))
    ]
    assert not wrong, "\n".join(wrong[:20])
