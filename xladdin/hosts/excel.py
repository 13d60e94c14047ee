"""Excel on Windows: an add-in, or a workbook with macros, made from xlwings' own VBA and wrappers of the catalogue.

xlwings starts Python and carries a call there. What it does not do is ours, in VBA: real cell errors in and out, help
in Excel's own dialog, and formulas that still work when the add-in lies elsewhere than where the workbook was saved.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from xladdin import __version__, installed
from xladdin.core import catalog
from xladdin.core.catalog import Function
from xladdin.core.errors import UserError
from xladdin.hosts.host import PROBE, Finding, Host, live, package
from xladdin.workbook.file.package import compress, open_package, with_members
from xladdin.workbook.file.writing import write_whole

ADD_IN = "xladdin.xlam"
_MODULE = "xladdin_udfs"
_LONGEST_HELP = 255  # of a function or an argument, in Excel's dialog
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_KEYWORDS = {"exit", "stop"}  # argument names that VBA keeps for itself
_HELP = ".intellisense.xml"  # the ending of the file of what the add-in shows of each function


def build(target: Path, python: str = sys.executable) -> None:
    """Write the add-in, and beside it the file from which Excel-DNA's IntelliSense shows argument help while typing.

    Parameters
    ----------
    target : Path
        The .xlam file.
    python : str
        The Python that Excel is to run; where it does not exist, the one on the path.

    Raises
    ------
    UserError
        When a file can't be written.
    """
    _check_suffix(target, ".xlam")
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory) / ADD_IN
        shutil.copyfile(_xlwings_file("quickstart_addin.xlam"), made)
        with _open(made) as file:
            project = file.vba_project()
            project.delete_module("Module1")
            file.set_module("xlwings", _with_our_configuration(file.get_module("xlwings")))
            file.set_module("ThisWorkbook", _vba("addin_events.bas"))
            project.add_module(_MODULE, wrappers(python))
            file.save()
        write_whole(target, made.read_bytes())
    write_whole(target.with_suffix(_HELP), intellisense().encode())


def install() -> Path:
    """Put the add-in where Excel looks for add-ins.

    Returns
    -------
    Path
        The installed file.

    Raises
    ------
    UserError
        When this is not Windows, or the folder can't be written because it is protected or Excel has the file open.
    """
    target = installed_file()
    try:
        build(target)
    except UserError as error:
        raise UserError(f"{error} Close Excel if it is running, then try again.") from None
    return target


def installed_file() -> Path:
    """Where the add-in is installed.

    Raises
    ------
    UserError
        When this is not Windows.
    """
    if not os.environ.get("APPDATA"):
        raise UserError(
            "The Excel add-in can be installed on Windows only; on Mac and the web use xlwings Lite or "
            "`xladdin serve`, or write the file for another machine with `xladdin build excel -o xladdin.xlam`."
        )
    return Path(os.environ["APPDATA"]) / "Microsoft" / "AddIns" / ADD_IN


def with_macros(source: Path, target: Path, python: str = sys.executable) -> None:
    """Write a workbook as one with macros that carries the functions itself; sheets and stored values stay.

    Raises
    ------
    UserError
        When the source can't be read, or the target can't be written.
    """
    _check_suffix(target, ".xlsm")
    package = open_package(source)
    types = package.read("[Content_Types].xml").replace(_PLAIN_TYPE, _MACRO_TYPE)
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory) / "workbook.xlsm"
        made.write_bytes(with_members(package, {"[Content_Types].xml": compress(types)}))
        with _open(_xlwings_file("quickstart_standalone.xlsm")) as original:
            theirs = {name: original.get_module(name) for name in ("xlwings", "Dictionary")}
            kinds = {module.name: module.kind for module in original.vba_project().modules}
        with _open(made) as file:
            project = file.add_vba_project()
            project.add_module("xlwings", _with_our_configuration(theirs["xlwings"]), kind=kinds["xlwings"])
            project.add_module("Dictionary", theirs["Dictionary"], kind=kinds["Dictionary"])
            project.add_module(_MODULE, wrappers(python))
            file.set_module("ThisWorkbook", _vba("workbook_events.bas"))
            file.save()
        write_whole(target, made.read_bytes())


def dll_version() -> str:
    """The version of xlwings whose DLL the VBA names; Python needs the same one."""
    with _open(_xlwings_file("quickstart_addin.xlam")) as file:
        found = re.search(r"xlwings64-([\w.]+)\.dll", file.get_module("xlwings"))
    assert found is not None, "xlwings' add-in names its DLL"
    return found.group(1)


def version_of(add_in: Path) -> str:
    """The version of xladdin that built an add-in.

    Raises
    ------
    UserError
        When the file is no add-in of ours.
    """
    found = None
    try:
        with _open(add_in) as file:
            found = re.search(r'XLADDIN_VERSION As String = "(.*)"', file.get_module(_MODULE))
    except UserError:
        raise
    except Exception:  # whatever a reader finds in a file that is damaged or another's
        found = None
    if found is None:
        raise UserError(f"{add_in} is not an add-in that xladdin built.")
    return found.group(1)


def wrappers(python: str) -> str:
    """The VBA module with one function of named arguments for each of the catalogue."""
    known = catalog.functions().values()
    calls = _vba("calls.bas").replace(_quoted("python"), _quoted(python))
    calls = calls.replace(_quoted("version"), _quoted(__version__))
    parts = [f'Attribute VB_Name = "{_MODULE}"', calls, *map(_wrapper, known), *_registration(list(known))]
    return "\n".join(parts).replace("\n", "\r\n")


def intellisense() -> str:
    """The file of Excel-DNA's IntelliSense, which shows the arguments while a formula is typed."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append('<IntelliSense xmlns="http://schemas.excel-dna.net/intellisense/1.0">\n  <FunctionInfo>')
    for function in catalog.functions().values():
        lines.append(f"    <Function Name={quoteattr(function.name)} Description={quoteattr(function.summary)}>")
        for argument in function.arguments:
            name = argument.name if argument.required else f"[{argument.name}]"
            help_text = quoteattr(function.argument_help[argument.name])
            lines.append(f"      <Argument Name={quoteattr(name)} Description={help_text} />")
        lines.append("    </Function>")
    return "\n".join([*lines, "  </FunctionInfo>\n</IntelliSense>\n"])


def _wrapper(function: Function) -> str:
    names = [_vba_name(argument.name) for argument in function.arguments]
    signature = ", ".join(
        f"{'' if argument.required else 'Optional '}{name} As Variant"
        for argument, name in zip(function.arguments, names, strict=True)
    )
    return (
        f"\nPublic Function {function.name}({_broken(signature)}) As Variant\n"
        f"    {function.name} = XladdinCall({_quoted(function.name)}, Array({', '.join(names)}))\n"
        "End Function"
    )


def _registration(known: list[Function]) -> list[str]:
    """Procedures that give Excel the help: one a function, as VBA limits how long a procedure and a line may be."""
    calls = "".join(f"    Register_{function.name}\n" for function in known)
    procedures = [f"\nPublic Sub XladdinRegister()\n{calls}End Sub"]
    for function in known:
        helps = ", _\n        ".join(_help(function.argument_help[argument.name]) for argument in function.arguments)
        arguments = f", _\n        ArgumentDescriptions:=Array( _\n        {helps})" if helps else ""
        procedures.append(
            f"\nPrivate Sub Register_{function.name}()\n"
            f"    Application.MacroOptions Macro:={_quoted(function.name)}, Category:={_quoted(function.category)}, _\n"
            f"        Description:={_help(function.summary)}{arguments}\n"
            "End Sub"
        )
    return procedures


def _with_our_configuration(module: str) -> str:
    """xlwings' module, asking ours for its configuration."""
    first_line = re.compile(r"^(Function GetConfig\(.*\r?\n)", flags=re.MULTILINE)
    changed, count = first_line.subn(
        r"\1    GetConfig = XladdinConfig(configKey, default)" + "\r\n    Exit Function\r\n", module
    )
    assert count == 1, "xlwings' module has the function GetConfig"
    return changed


def _vba(name: str) -> str:
    return (resources.files("xladdin.hosts") / "vba" / name).read_text(encoding="ascii")


def _vba_name(name: str) -> str:
    return f"{name}_" if name in _KEYWORDS else name


def _broken(signature: str) -> str:
    return signature.replace(", ", ", _\n        ")


def _help(text: str) -> str:
    return _quoted(text if len(text) <= _LONGEST_HELP else text[: _LONGEST_HELP - 3] + "...")


def _quoted(text: str) -> str:
    """A text in VBA, which knows only the letters of one code page, so that others are given by number."""
    pieces = re.findall(r"[ -~]+|[^ -~]", text.replace('"', '""')) or [""]
    return " & ".join(f'"{piece}"' if piece.isascii() else f"ChrW({ord(piece)})" for piece in pieces)


def _open(path: Path) -> Any:
    """A workbook's VBA."""
    try:
        from pyopenvba import ExcelFile
    except ModuleNotFoundError:
        raise UserError(
            f"pyOpenVBA is not installed, and the macros are written by it: {installed.again('excel')}"
        ) from None
    return ExcelFile(path)


def _xlwings_file(name: str) -> Path:
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise UserError(f"xlwings is not installed, and the Excel add-in is made from it: {installed.again('excel')}")
    return Path(found.origin).with_name(name)


def _check_suffix(target: Path, suffix: str) -> None:
    if target.suffix.lower() != suffix:
        raise UserError(f"{target} does not end in {suffix}, by which Excel knows what is in it.")


def _findings() -> Iterator[Finding]:
    needed = "" if sys.platform == "win32" else "here only to build the add-in for a Windows"
    yield package("excel", "xlwings", "excel", needed)
    yield package("excel", "pyOpenVBA", "excel", needed)
    if find_spec("xlwings") is not None:
        yield _dll()
    yield _excel_itself()
    yield _add_in()
    if sys.platform == "win32":
        yield live("excel", "a call through xlwings", _through_xlwings, installed.again("excel"))


def _dll() -> Finding:
    """xlwings' DLL: that of the version which the add-in's VBA names, and of Python's own bits."""
    what = "xlwings' DLL"
    try:
        wanted = dll_version()
        present = version("xlwings")
    except (UserError, PackageNotFoundError):
        return Finding(
            "excel", what, False, "not looked for without xlwings", installed.again("excel"), is_set_up=False
        )
    if present != wanted:
        mend = installed.package(f"xlwings=={wanted}")
        return Finding("excel", what, False, f"the add-in wants {wanted}, and xlwings is {present}", mend)
    if sys.platform != "win32":
        return Finding("excel", what, True, f"{wanted}, which is the one that the add-in names")
    name = f"xlwings{struct.calcsize('P') * 8}-{wanted}.dll"
    there = (Path(sys.prefix) / name).is_file()
    found = str(Path(sys.prefix) / name) if there else f"{name} is not in {sys.prefix}"
    return Finding("excel", what, there, found, installed.package(f"xlwings=={wanted}"))


def _excel_itself() -> Finding:
    what = "Excel"
    if sys.platform != "win32":
        mend = "on a Mac use xlwings Lite or xladdin serve; elsewhere LibreOffice"
        found = f"the add-in is for Excel on Windows, and this is {platform.system()}"
        return Finding("excel", what, False, found, mend, is_set_up=False)
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Excel.Application\CurVer") as key:
            number = winreg.QueryValue(key, None).rpartition(".")[2]
    except OSError:
        return Finding("excel", what, False, "not installed", "install Excel 2016 or newer", is_set_up=False)
    new_enough = number.isdigit() and int(number) >= 16
    return Finding("excel", what, new_enough, f"version {number}", "install Excel 2016 or newer")


def _add_in() -> Finding:
    """The installed add-in, which is to be the one that this xladdin builds."""
    what, mend = "the add-in", "xladdin install excel"
    try:
        file = installed_file()
    except UserError:
        mend = "xladdin build excel -o xladdin.xlam"
        return Finding("excel", what, False, "can be installed on Windows only", mend, is_set_up=False)
    if not file.is_file():
        return Finding("excel", what, False, f"{file} is not there", mend, is_set_up=False)
    try:
        made_by = version_of(file)
    except UserError as error:
        return Finding("excel", what, False, str(error), mend)
    found = f"{made_by}, {file}"
    return Finding("excel", what, made_by == __version__, found, mend)


def _through_xlwings() -> Any:
    """The call that Excel makes: by the object that xlwings serves to it, which exists on Windows alone."""
    name, arguments, _ = PROBE
    com_server = importlib.import_module("xlwings.com_server")
    return com_server.XLPython().CallUDF("xladdin.udfs", name, arguments + (None,) * 4)


def _install() -> str:
    return f"{install()} is installed: start Excel and type =LEV_ in a cell."


HOST = Host(
    name="excel",
    where="Excel on Windows",
    how="`xladdin install excel` ([more](docs/excel-windows.md))",
    proved=(
        "a real Windows Python under Wine, called over COM as the macros do: every call; the macros by a VBA "
        "interpreter. **Not run in Excel.**"
    ),
    findings=_findings,
    macro_edition=with_macros,
    build=build,
    built="The add-in for Excel on Windows, an .xlam file.",
    beside=_HELP,
    install=_install,
    installed="Build the add-in and put it where Excel on Windows looks.",
)
