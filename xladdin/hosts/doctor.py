"""What of the hosts is there, what works, and the one command that mends what does not."""

from __future__ import annotations

import datetime
import importlib
import os
import platform
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from xladdin import __version__
from xladdin.core.errors import UserError

# A call that is made through each host, and what it gives.
PROBE = ("LEV_LIQPRICE", (50000, 10, 0.01), 45500.0)


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, whether it works, what was found and what mends it."""

    host: str
    what: str
    works: bool
    found: str
    mend: str = ""


Check = Callable[[], Iterator[Finding]]


def report(host: str | None = None) -> list[Finding]:
    """Look at every host, or at one.

    Parameters
    ----------
    host : str, optional
        A key of `HOSTS`.

    Returns
    -------
    list of Finding
        Python's own first, which every host needs.

    Raises
    ------
    UserError
        When there is no such host.
    """
    if host is not None and host not in HOSTS:
        raise UserError(f"{host} is no host; there are {', '.join(HOSTS)}.")
    checks = [_python, *(check for name, check in HOSTS.items() if host in (None, name) and check is not _python)]
    return [finding for check in checks for finding in check()]


def works(findings: list[Finding]) -> bool:
    return all(finding.works for finding in findings)


def as_data(findings: list[Finding]) -> list[dict[str, Any]]:
    """The report for a program to read."""
    return [asdict(finding) for finding in findings]


def as_lines(findings: list[Finding]) -> list[str]:
    """The report for a person: a tick or a cross a line, and below a cross what mends it."""
    lines = []
    for finding in findings:
        lines.append(f"{'✓' if finding.works else '✗'} {finding.what}: {finding.found}")
        if not finding.works and finding.mend:
            lines.append(f"    {finding.mend}")
    return lines


def _python() -> Iterator[Finding]:
    bits = struct.calcsize("P") * 8
    yield Finding("python", "Python", True, f"{platform.python_version()}, {bits} bit, {sys.executable}")
    yield Finding("python", "xladdin", True, __version__)
    yield _live("python", "a call in Python", _in_python, "pip install --force-reinstall xladdin")
    yield from _tiers(datetime.date.today())


def _tiers(today: datetime.date) -> Iterator[Finding]:
    """The margin tiers, which grow old."""
    from xladdin import tier_files
    from xladdin.core import tier_sets

    try:
        newest = tier_sets.newest()
    except UserError as error:
        yield Finding("python", "margin tiers", False, str(error), "xladdin tiers import FILE")
        return
    for found in newest:
        yield Finding("python", f"margin tiers of {found.venue}", True, tier_files.aged(found, today))


def _excel() -> Iterator[Finding]:
    yield _package("excel", "xlwings", "excel")
    yield _package("excel", "pyOpenVBA", "excel")
    yield _dll()
    yield _excel_itself()
    yield _add_in()
    if sys.platform == "win32":
        yield _live("excel", "a call through xlwings", _through_xlwings, "pip install --force-reinstall xladdin[excel]")


def _server() -> Iterator[Finding]:
    from xladdin.hosts.server import LICENSE_VARIABLE

    yield _package("server", "xlwings-server", "server")
    named = os.environ.get(LICENSE_VARIABLE)
    yield Finding(
        "server",
        "licence of xlwings Server",
        bool(named),
        f"{LICENSE_VARIABLE} is {'set' if named else 'not set'}",
        f"{'set' if os.name == 'nt' else 'export'} {LICENSE_VARIABLE}=noncommercial",
    )


def _native() -> Iterator[Finding]:
    yield _live("native", "a call in native formulas", _in_native_formulas, "pip install --force-reinstall xladdin")


def _libreoffice() -> Iterator[Finding]:
    from xladdin.hosts.libreoffice import extension, installation

    office = installation.find_program("soffice")
    oldest = ".".join(map(str, extension.FIRST_VERSION))
    mend = f"install LibreOffice {oldest} or newer"
    if office is None:
        yield Finding("libreoffice", "LibreOffice", False, "not found", mend)
        return
    try:
        found = installation.version_of(office)
    except UserError as error:
        yield Finding("libreoffice", "LibreOffice", False, str(error), mend)
        return
    shown = ".".join(map(str, found))
    yield Finding("libreoffice", "LibreOffice", found >= extension.FIRST_VERSION, f"{shown}, {office}", mend)
    packages = installation.settings_folder() / "user" / "uno_packages" / "cache" / "uno_packages"
    installed = any(packages.glob("*/xladdin.oxt"))
    place = f"in {packages}" if installed else "not installed for this user"
    yield Finding("libreoffice", "the extension", installed, place, "xladdin install libreoffice")
    yield _live("libreoffice", "a call in Calc", lambda: _through_calc(office), mend)


HOSTS: dict[str, Check] = {
    "python": _python,
    "excel": _excel,
    "server": _server,
    "native": _native,
    "libreoffice": _libreoffice,
}


def _package(host: str, name: str, extra: str) -> Finding:
    try:
        return Finding(host, name, True, version(name))
    except PackageNotFoundError:
        return Finding(host, name, False, "not installed", f"pip install xladdin[{extra}]")


def _dll() -> Finding:
    """xlwings' DLL: that of the version which the add-in's VBA names, and of Python's own bits."""
    from xladdin.hosts.excel import dll_version

    what = "xlwings' DLL"
    try:
        wanted = dll_version()
        installed = version("xlwings")
    except (UserError, PackageNotFoundError):
        return Finding("excel", what, False, "not looked for without xlwings", "pip install xladdin[excel]")
    if installed != wanted:
        mend = f"pip install xlwings=={wanted}"
        return Finding("excel", what, False, f"the add-in wants {wanted}, and xlwings is {installed}", mend)
    if sys.platform != "win32":
        return Finding("excel", what, True, f"{wanted}, which is the one that the add-in names")
    name = f"xlwings{struct.calcsize('P') * 8}-{wanted}.dll"
    there = (Path(sys.prefix) / name).is_file()
    found = str(Path(sys.prefix) / name) if there else f"{name} is not in {sys.prefix}"
    return Finding("excel", what, there, found, f"pip install --force-reinstall xlwings=={wanted}")


def _excel_itself() -> Finding:
    what = "Excel"
    if sys.platform != "win32":
        mend = "on a Mac use xlwings Lite or xladdin serve; elsewhere LibreOffice"
        return Finding(
            "excel", what, False, f"the add-in is for Excel on Windows, and this is {platform.system()}", mend
        )
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CurVer") as key:
            number = winreg.QueryValue(key, None).rpartition(".")[2]
    except OSError:
        return Finding("excel", what, False, "not installed", "install Excel 2016 or newer")
    new_enough = number.isdigit() and int(number) >= 16
    return Finding("excel", what, new_enough, f"version {number}", "install Excel 2016 or newer")


def _add_in() -> Finding:
    """The installed add-in, which is to be the one that this xladdin builds."""
    from xladdin.hosts import excel

    what, mend = "the add-in", "xladdin install excel"
    try:
        file = excel.installed_file()
    except UserError:
        return Finding("excel", what, False, "can be installed on Windows only", "xladdin build excel -o xladdin.xlam")
    if not file.is_file():
        return Finding("excel", what, False, f"{file} is not there", mend)
    try:
        made_by = excel.version_of(file)
    except UserError as error:
        return Finding("excel", what, False, str(error), mend)
    found = f"{made_by}, {file}"
    return Finding("excel", what, made_by == __version__, found, mend)


def _live(host: str, what: str, call: Callable[[], Any], mend: str) -> Finding:
    """A function called through a host; whatever goes wrong there is the finding."""
    name, arguments, expected = PROBE
    written = f"{name}({', '.join(map(str, arguments))})"
    try:
        given = call()
    except Exception as error:  # whatever keeps a host from computing is what is asked here
        return Finding(host, what, False, f"{written} failed: {str(error) or type(error).__name__}", mend)
    return Finding(host, what, given == expected, f"{written} = {given}", mend)


def _in_python() -> Any:
    from xladdin import udfs

    name, arguments, _ = PROBE
    return getattr(udfs, name)(*arguments)


def _through_xlwings() -> Any:
    """The call that Excel makes: by the object that xlwings serves to it, which exists on Windows alone."""
    name, arguments, _ = PROBE
    com_server = importlib.import_module("xlwings.com_server")
    return com_server.XLPython().CallUDF("xladdin.udfs", name, arguments + (None,) * 4)


def _in_native_formulas() -> Any:
    from xladdin.core import catalog
    from xladdin.core.native_formula import guarded
    from xladdin.workbook.engine import evaluate

    name, arguments, _ = PROBE
    return evaluate(guarded(catalog.functions()[name], [str(argument) for argument in arguments]))


def _through_calc(office: Path) -> Any:
    """A workbook that Calc opens, computes and writes again, with the extension put beside a profile of its own."""
    import openpyxl

    from xladdin.hosts.libreoffice import extension

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(extension.build(folder / "xladdin.oxt")) as archive:
            archive.extractall(folder / "extensions" / "xladdin")
        book = openpyxl.Workbook()
        assert book.active is not None
        function, arguments, _ = PROBE
        book.active["A1"] = f"={function}({','.join(map(str, arguments))})"
        book.save(folder / "probe.xlsx")
        settings = [f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        settings.append(f"-env:BUNDLED_EXTENSIONS={(folder / 'extensions').as_uri()}")
        command = [
            str(office),
            *settings,
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            name,
            str(folder / "probe.xlsx"),
        ]
        subprocess.run(command, capture_output=True, timeout=120, check=True)
        written = (folder / "probe.csv").read_text().strip()
    try:
        return float(written)
    except ValueError:
        return written
