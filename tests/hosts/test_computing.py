"""What can't be computed here is computed by LibreOffice where it is asked for."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from support.books import make_book
from support.required import need

from xladdin.cli import main
from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice import computing
from xladdin.hosts.libreoffice.installation import find_program

# The price is that of Excel's documentation.
_PRICE = "=ODDLPRICE(DATE(2008,2,7),DATE(2008,6,15),DATE(2007,10,15),0.0375,0.0405,100,2,0)"
CELLS = {"A1": 3, "A2": _PRICE, "A3": "=A2+A1", "A4": "=LEV_LIQPRICE(100,A1,0)"}


@pytest.mark.hosts
def test_libreoffice_computes_what_is_not_known_here(tmp_path: Path) -> None:
    need("libreoffice", find_program("soffice"))
    book = make_book(tmp_path / "mine.xlsx", CELLS, {})
    arguments = ["recalc", str(book), "-o", str(tmp_path / "done.xlsx"), "--engine", "libreoffice"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "done.xlsx", data_only=True).active
    assert [sheet[cell].value for cell in ("A2", "A3")] == pytest.approx([99.87829, 102.87829], abs=1e-5)
    assert sheet["A4"].value == pytest.approx(200 / 3)


def test_without_libreoffice_it_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "find_program", lambda name: None)
    book = make_book(tmp_path / "mine.xlsx", CELLS, {})
    found = CliRunner().invoke(main, ["check", str(book), "--engine", "libreoffice"])
    assert found.exit_code == UserError.exit_code
    assert "LibreOffice was not found" in found.stderr
