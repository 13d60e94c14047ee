"""A real Calc without a window, driven from Python."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xladdin.core.errors import TEXTS
from xladdin.hosts.libreoffice.extension import build
from xladdin.hosts.libreoffice.installation import find_program
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.model import Model, Place

SECONDS_TO_START = 60
NEVER, ALWAYS = 0, 4  # com.sun.star.document.MacroExecMode
_TEXT = 2  # com.sun.star.sheet.FormulaResult.STRING


def find_uno() -> Any:
    """LibreOffice's own module for Python, or nothing where either is missing."""
    if find_program("soffice") is None:
        return None
    if "/usr/lib/python3/dist-packages" not in sys.path:
        sys.path.append("/usr/lib/python3/dist-packages")  # where a Linux distribution puts it
    try:
        return importlib.import_module("uno")
    except ImportError:
        return None


def cell_value(cell: Any) -> float | str:
    """What a cell holds: a number, text, or its error as text."""
    code = cell.getError()
    if code:
        return error_shown(code)
    number: float | str = cell.getString() if cell.FormulaResultType2 == _TEXT else cell.getValue()
    return number


def values(block: Any) -> list[list[Any]]:
    """What the cells of a range hold; of a blank cell, an empty text."""
    rows = [list(row) for row in block.getDataArray()]
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value is None:  # Calc's word for an error
                row[x] = cell_value(block.getCellByPosition(x, y))
    return rows


def shown(document: Any, model: Model) -> dict[Place, Any]:
    """What the cells of a workbook with formulas hold now."""
    return {
        Place(first.sheet, first.row + down, first.column + across): value
        for first, last in blocks(model.value_places())
        for down, row in enumerate(values(_range(document.Sheets, first, last)))
        for across, value in enumerate(row)
    }


class Filled:
    """A workbook in Calc that is filled in and read many times.

    Asking for one cell takes as long as reading a thousand at once, so the errors of a sheet have another one, with
    their codes.
    """

    def __init__(self, document: Any, model: Model) -> None:
        sheets = document.Sheets
        self._inputs = {name: _range(sheets, item.place, item.place) for name, item in model.inputs.items()}
        self._held: dict[str, Any] = {}
        for title in model.sheets:
            sheets.insertNewByName(_errors_of(title), sheets.Count)
        self._blocks = []
        for first, last in blocks(model.value_places()):
            codes = _range(sheets, first._replace(sheet=_errors_of(first.sheet)), last)
            codes.setFormulaArray(
                tuple(
                    tuple(
                        f"=ERRORTYPE($'{first.sheet}'.{reference_of((row, column))})"
                        for column in range(first.column, last.column + 1)
                    )
                    for row in range(first.row, last.row + 1)
                )
            )
            self._blocks.append((first, _range(sheets, first, last), codes))

    def fill_in(self, inputs: Mapping[str, Any]) -> None:
        """Put numbers and texts, or None for a blank, into the cells of the inputs."""
        for name, value in inputs.items():
            if name not in self._held or self._held[name] != value:
                self._inputs[name].setDataArray((("" if value is None else value,),))
                self._held[name] = value

    def values(self) -> dict[Place, Any]:
        """What the cells with formulas show."""
        return {
            Place(first.sheet, first.row + down, first.column + across): error_shown(code) if value is None else value
            for first, block, codes in self._blocks
            for down, row in enumerate(zip(block.getDataArray(), codes.getDataArray(), strict=True))
            for across, (value, code) in enumerate(zip(*row, strict=True))
        }


def _range(sheets: Any, first: Place, last: Place) -> Any:
    corners = (first.column - 1, first.row - 1, last.column - 1, last.row - 1)
    return sheets.getByName(first.sheet).getCellRangeByPosition(*corners)


def _errors_of(title: str) -> str:
    return f"errors of {title}"


def error_shown(code: float) -> str:
    """How an error shows, by Calc's number for it."""
    return TEXTS.get(int(code), f"Err:{int(code)}")


def blocks(places: Iterable[Place]) -> list[tuple[Place, Place]]:
    """The first and last cells of blocks that hold these cells and no others: a cell that is read takes its time."""
    runs: dict[tuple[str, int, int], list[int]] = {}  # the columns that have a run of these rows
    wanted = set(places)
    for place in wanted:
        if place._replace(row=place.row - 1) not in wanted:
            last = next(row for row in itertools.count(place.row) if place._replace(row=row + 1) not in wanted)
            runs.setdefault((place.sheet, place.row, last), []).append(place.column)
    found = []
    for (sheet, top, bottom), columns in runs.items():
        for column in columns:
            if column - 1 not in columns:
                right = next(other for other in itertools.count(column) if other + 1 not in columns)
                found.append((Place(sheet, top, column), Place(sheet, bottom, right)))
    return found


class Calc:
    """A running Calc with the extension in it."""

    def __init__(self, uno: Any, context: Any) -> None:
        self.uno = uno
        self.context = context
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def _property(self, name: str, value: Any) -> Any:
        made = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        made.Name, made.Value = name, value
        return made

    @contextlib.contextmanager
    def open(self, path: Path | None = None, *, macros: bool = False) -> Iterator[Any]:
        """A document, new or from a file, that recalculates when it is told to."""
        how = (self._property("Hidden", True), self._property("MacroExecutionMode", ALWAYS if macros else NEVER))
        address = path.resolve().as_uri() if path else "private:factory/scalc"
        document = self.desktop.loadComponentFromURL(address, "_blank", 0, how)
        assert document is not None, f"Calc can't open {path}"
        try:
            document.enableAutomaticCalculation(False)
            yield document
        finally:
            document.close(True)

    def save(self, document: Any, path: Path) -> None:
        """Store a document in the form that the ending of its name says."""
        form = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".pdf": "calc_pdf_Export"}[path.suffix]
        document.storeToURL(path.resolve().as_uri(), (self._property("FilterName", form),))

    def formulas(self, formulas: Sequence[str], cells: Sequence[Sequence[Any]] = ()) -> list[Any]:
        """The values of formulas in Calc's own writing, which may refer to the given cells from A1 on."""
        with self.open() as document:
            return [value for (value,) in values(enter(document, formulas, cells))]


def enter(document: Any, formulas: Sequence[str], cells: Sequence[Sequence[Any]] = ()) -> Any:
    """The computed cells of formulas, which are put below each other and far to the right of the given cells."""
    sheet = document.Sheets.getByIndex(0)
    if cells:
        fill(sheet, cells)
    results = sheet.getCellRangeByPosition(60, 0, 60, len(formulas) - 1)
    results.setFormulaArray(tuple((formula,) for formula in formulas))
    document.calculateAll()
    return results


def fill(sheet: Any, cells: Sequence[Sequence[Any]]) -> None:
    """Write values from A1 on: numbers, text, None for a blank, and whatever starts with = as a formula."""
    plain = tuple(
        tuple(
            "" if value is None or _is_formula(value) else float(value) if isinstance(value, int) else value
            for value in row
        )
        for row in cells
    )
    sheet.getCellRangeByPosition(0, 0, len(plain[0]) - 1, len(plain) - 1).setDataArray(plain)
    for y, row in enumerate(cells):
        for x, value in enumerate(row):
            if _is_formula(value):
                sheet.getCellByPosition(x, y).setFormula(value)


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


@contextlib.contextmanager
def running(folder: Path, uno: Any, *, with_extension: bool = True) -> Iterator[Calc]:
    """A Calc of its own profile in the folder, with the extension as it is built now.

    The extension is put where LibreOffice looks for its own: the installer refuses to work for the superuser.
    """
    inside = folder / "extensions" / "xladdin"
    inside.mkdir(parents=True)
    if with_extension:
        with zipfile.ZipFile(build(folder / "xladdin.oxt")) as archive:
            archive.extractall(inside)
    pipe = f"xladdin-{uuid.uuid4().hex}"  # of several at once each has its own
    office = subprocess.Popen(
        [
            *(str(find_program("soffice")), "--headless", "--norestore", "--nologo", "--nodefault"),
            *("--nofirststartwizard", "--nolockcheck", f"--accept=pipe,name={pipe};urp"),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"-env:BUNDLED_EXTENSIONS={inside.parent.as_uri()}",
        ],
        env=os.environ | {"PYTHONPATH": str(_numpy_alone(folder))},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        started = Calc(uno, _connect(uno, pipe, office))
        yield started
        with contextlib.suppress(Exception):  # the bridge breaks down while the answer is on its way
            started.desktop.terminate()
        office.wait(20)
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)
            office.wait()


def _numpy_alone(folder: Path) -> Path:
    """A folder with numpy and nothing else: the functions must come out of the extension."""
    import numpy

    alone = folder / "numpy-alone"
    alone.mkdir()
    packages = Path(numpy.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (packages / name).exists():
            (alone / name).symlink_to(packages / name)
    return alone


def _connect(uno: Any, pipe: str, office: subprocess.Popen[bytes]) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and office.poll() is None:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # UNO's NoConnectException exists only once UNO is loaded
            time.sleep(0.05)
    raise RuntimeError(f"LibreOffice did not start within {SECONDS_TO_START} s")
