"""Putting the extension into the LibreOffice of this user."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xladdin.core.errors import UserError
from xladdin.hosts.host import PROBE, Finding, Host, live
from xladdin.hosts.libreoffice.extension import FIRST_VERSION, build

_OLDEST = ".".join(map(str, FIRST_VERSION))


def install() -> str:
    """Build the extension and install it for this user.

    Returns
    -------
    str
        What was done, in one sentence.

    Raises
    ------
    UserError
        When LibreOffice is missing, too old or running, or when this user may not write to its settings.
    """
    office, installer = find_program("soffice"), find_program("unopkg")
    if office is None or installer is None:
        raise UserError(f"LibreOffice was not found; install LibreOffice {_OLDEST} or newer, or put it on the PATH.")
    version = version_of(office)
    if version < FIRST_VERSION:
        found = ".".join(map(str, version))
        raise UserError(
            f"LibreOffice {found} at {office} does not find add-in functions in .xlsx files; "
            f"install LibreOffice {_OLDEST} or newer."
        )
    if _is_superuser():
        raise UserError("LibreOffice installs no extension for the superuser; run this as the user who works with it.")
    lock = settings_folder() / ".lock"
    if lock.exists():
        raise UserError(f"LibreOffice is running; close it and try again (if it is not running, delete {lock}).")
    with tempfile.TemporaryDirectory() as folder:
        extension = build(Path(folder) / "xladdin.oxt")
        _add(installer, extension)
    shown = ".".join(map(str, version))
    return f"The functions are in LibreOffice {shown} ({office}): start Calc and type =LEV_ in a cell."


def _is_superuser() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def find_program(name: str) -> Path | None:
    """One of LibreOffice's programs: the one on the PATH, or where its installer puts it."""
    ending = ".com" if sys.platform == "win32" else ""  # the .exe says nothing to a console
    on_path = shutil.which(name + ending)
    folders = [Path(on_path).parent] if on_path else []
    if sys.platform == "darwin":
        folders += [place / "Applications/LibreOffice.app/Contents/MacOS" for place in (Path("/"), Path.home())]
    elif sys.platform == "win32":
        folders += [
            Path(os.environ[variable], "LibreOffice", "program")
            for variable in ("ProgramFiles", "ProgramFiles(x86)")
            if variable in os.environ
        ]
    else:
        folders += [Path("/usr/lib/libreoffice/program"), *sorted(Path("/opt").glob("libreoffice*/program"))[::-1]]
    return next((folder / (name + ending) for folder in folders if (folder / (name + ending)).is_file()), None)


def version_of(office: Path) -> tuple[int, ...]:
    """The year and month of a LibreOffice, such as (25, 2)."""
    try:
        answer = subprocess.run([office, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    found = re.search(r"LibreOffice\S* (\d+)\.(\d+)", answer)
    if found is None:
        raise UserError(f"{office} does not say which version it is; install LibreOffice {_OLDEST} or newer.")
    return int(found[1]), int(found[2])


def environment() -> dict[str, str]:
    """What LibreOffice is started with: without an active venv, which its own Python would take for its home."""
    prefixes = {sys.prefix, os.environ.get("VIRTUAL_ENV", sys.prefix)} - {sys.base_prefix}
    folders = {os.path.join(prefix, folder) for prefix in prefixes for folder in ("bin", "Scripts")}  # noqa: PTH118
    kept = [
        folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.normpath(folder) not in folders
    ]
    others = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PATH", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }
    return others | {"PATH": os.pathsep.join(kept)}


def settings_folder() -> Path:
    """Where LibreOffice keeps what belongs to this user."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData/Roaming"), "LibreOffice", "4")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/LibreOffice/4"
    return Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"), "libreoffice", "4")


def _add(installer: Path, extension: Path) -> None:
    command = [str(installer), "add", "--force", "--suppress-license", str(extension)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    if done.returncode == 0:
        return
    reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR:")), "ERROR: it gave no reason")
    if "write permission" in reason or "could not be created" in reason:
        raise UserError(f"LibreOffice may not write to its settings in {settings_folder()}; make that folder writable.")
    raise UserError(f"LibreOffice's installer {installer} failed: {reason.removeprefix('ERROR: ')}")


def _findings() -> Iterator[Finding]:
    office = find_program("soffice")
    mend = f"install LibreOffice {_OLDEST} or newer"
    if office is None:
        yield Finding("libreoffice", "LibreOffice", False, "not found", mend, is_set_up=False)
        return
    try:
        found = version_of(office)
    except UserError as error:
        yield Finding("libreoffice", "LibreOffice", False, str(error), mend)
        return
    shown = ".".join(map(str, found))
    yield Finding("libreoffice", "LibreOffice", found >= FIRST_VERSION, f"{shown}, {office}", mend)
    packages = settings_folder() / "user" / "uno_packages" / "cache" / "uno_packages"
    installed = any(packages.glob("*/xladdin.oxt"))
    place = f"in {packages}" if installed else "not installed for this user"
    command = "xladdin install libreoffice" + (", as the user who works with it" if _is_superuser() else "")
    yield Finding("libreoffice", "the extension", installed, place, command, is_set_up=installed)
    # The extension is put beside a profile of its own, so that it is known whether it would work.
    yield live("libreoffice", "a call in Calc", lambda: _through_calc(office), f"{command}, or {mend}")


def _through_calc(office: Path) -> Any:
    """A workbook that Calc opens, computes and writes again, with the extension put beside a profile of its own."""
    import openpyxl

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(build(folder / "xladdin.oxt")) as archive:
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
        subprocess.run(command, capture_output=True, timeout=120, check=True, env=environment())
        written = (folder / "probe.csv").read_text().strip()
    try:
        return float(written)
    except ValueError:
        return written


HOST = Host(
    name="libreoffice",
    where=f"LibreOffice Calc {_OLDEST} or newer",
    how="`xladdin install libreoffice` ([more](docs/libreoffice.md))",
    proved="every function, file and template in a real headless Calc",
    findings=_findings,
    build=build,
    built="The extension for LibreOffice, an .oxt file.",
    install=install,
    installed="Build the extension and install it into your LibreOffice.",
)
