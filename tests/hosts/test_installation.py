"""The installation of the extension for a person."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from support.required import need
from support.systems import IS_WINDOWS

from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice import installation
from xladdin.hosts.libreoffice.extension import build

PERSON = "xladdin-test"


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that answer as LibreOffice's do, for what can't be had here: old ones and broken ones."""
    if IS_WINDOWS:
        pytest.skip("a script is no program there")
    folder = tmp_path / "programs"
    folder.mkdir()
    program(folder, "soffice", 'echo "LibreOffice 25.2.3.2 520(Build:2)"')
    program(folder, "unopkg", 'echo "$@" >> "$0.log"')
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return folder


def test_it_is_installed_by_libreoffices_own_installer(office: Path) -> None:
    assert "25.2" in installation.install()
    assert (office / "unopkg.log").read_text().startswith("add --force --suppress-license")


def test_no_libreoffice(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "find_program", lambda name: None)
    with pytest.raises(UserError, match=r"LibreOffice was not found; install LibreOffice 25\.2 or newer"):
        installation.install()


def test_an_old_libreoffice(office: Path) -> None:
    program(office, "soffice", 'echo "LibreOffice 7.4.7.2 40(Build:2)"')
    with pytest.raises(UserError, match=r"LibreOffice 7\.4 .*install LibreOffice 25\.2 or newer"):
        installation.install()


def test_a_libreoffice_that_does_not_say_its_version(office: Path) -> None:
    program(office, "soffice", "exit 1")
    with pytest.raises(UserError, match="does not say which version"):
        installation.install()


def test_a_libreoffice_that_is_running(office: Path, tmp_path: Path) -> None:
    lock = tmp_path / "settings" / "libreoffice" / "4" / ".lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(UserError, match="LibreOffice is running; close it and try again"):
        installation.install()
    assert not (office / "unopkg.log").exists()


def test_an_installer_that_fails(office: Path) -> None:
    program(office, "unopkg", 'echo "ERROR: something else" >&2; exit 1')
    with pytest.raises(UserError, match="failed: something else"):
        installation.install()


def test_the_superuser(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(UserError, match="superuser"):
        installation.install()


@pytest.fixture
def person() -> Iterator[Path]:
    """The home of an ordinary user who exists for this test only: LibreOffice installs nothing for the superuser."""
    need("libreoffice", installation.find_program("unopkg"))
    if os.geteuid() != 0 or not shutil.which("useradd") or not shutil.which("runuser"):
        pytest.skip("only the superuser of a Linux can make a user to install the extension for")
    pwd = pytest.importorskip("pwd")
    subprocess.run(["useradd", "--create-home", PERSON], check=True)
    try:
        yield Path(pwd.getpwnam(PERSON).pw_dir)
    finally:
        subprocess.run(["userdel", "--remove", PERSON], check=True, stderr=subprocess.DEVNULL)


def as_person(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["runuser", "-u", PERSON, "--", "env", "-i", f"HOME={home}", f"PATH={os.environ['PATH']}", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )


@pytest.mark.hosts
def test_an_ordinary_user_installs_it_and_computes_with_it(person: Path) -> None:
    build(person / "xladdin.oxt").chmod(0o644)
    done = as_person(person, "unopkg", "add", "--force", "--suppress-license", "xladdin.oxt")
    assert done.returncode == 0, done.stderr
    assert "Identifier: xladdin" in as_person(person, "unopkg", "list").stdout

    book = openpyxl.Workbook()
    book.active["A1"] = "=LEV_LIQPRICE(50000,10,1%)"
    book.active["A2"] = "=SUM(LEV_SIZE({1;2;3},2))"
    book.active["A3"] = "=LEV_RATIO(1,0)"
    book.save(person / "formulas.xlsx")
    (person / "formulas.xlsx").chmod(0o644)
    done = as_person(person, "soffice", "--headless", "--convert-to", "csv", "formulas.xlsx")
    assert (person / "formulas.csv").read_text().split() == ["45500", "12", "#NUM!"], done.stderr


def test_libreoffice_starts_without_the_venv_that_is_active(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own Python would take that one for its home, and find no module of its own."""
    venv = tmp_path / "venv"
    monkeypatch.setenv("VIRTUAL_ENV", str(venv))
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PATH", os.pathsep.join([str(venv / "bin"), "/usr/bin"]))
    found = installation.environment()
    assert found["PATH"] == "/usr/bin"
    assert not {"VIRTUAL_ENV", "PYTHONPATH"} & set(found)
