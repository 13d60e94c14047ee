"""Two files are the same workbook when nothing differs but the last digits of their numbers."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from support.books import parts, with_parts

from xladdin.core.errors import UnreadableError
from xladdin.templates import workbook_path
from xladdin.workbook.file.comparison import differences

WORKBOOK = workbook_path("position-sizing")
SHEET, CHART = "xl/worksheets/sheet3.xml", "xl/charts/chart1.xml"
FORMULA = "<f>POWER(1-risk,B50)</f>"
(OPENING,) = re.findall(r'<c r="C50" s="\d+">', parts(WORKBOOK)[SHEET].decode())


def changed(tmp_path: Path, part: str, old: str, new: str, source: Path = WORKBOOK) -> Path:
    """A copy of a workbook with a text of one of its parts replaced."""
    path = Path(shutil.copy(source, tmp_path / f"changed-{len(list(tmp_path.iterdir()))}.xlsx"))
    text = parts(path)[part].decode()
    assert text.count(old) == 1
    return with_parts(path, {part: text.replace(old, new).encode()})


def with_number(tmp_path: Path, number: str) -> Path:
    """A copy in which the formula's stored number is another."""
    kept = parts(WORKBOOK)[SHEET].decode().partition(f"{FORMULA}<v>")[2].partition("<")[0]
    assert float(kept) == pytest.approx(0.99**3, rel=1e-15)
    return changed(tmp_path, SHEET, f"{FORMULA}<v>{kept}<", f"{FORMULA}<v>{number}<")


def test_a_workbook_is_the_same_as_its_copy_packed_in_another_way(tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts(WORKBOOK).items():
            archive.writestr(name, text)
    assert differences(WORKBOOK, copy) == []


@pytest.mark.parametrize("number", ["0.970299", "0.9702989999999998", "0.97029900000005", "9.70299E-1"])
def test_the_last_digits_of_a_number_do_not_count(tmp_path: Path, number: str) -> None:
    assert differences(WORKBOOK, with_number(tmp_path, number)) == []


@pytest.mark.parametrize("number", ["0.970299001", "0.970298999", "0.97029900001", "-0.970299", "0"])
def test_a_number_that_is_off_is_said(tmp_path: Path, number: str) -> None:
    (found,) = differences(with_number(tmp_path, "0.970299"), with_number(tmp_path, number))
    assert found == f"{SHEET}, cell C50: 0.970299 is not {number}"


def test_what_is_left_of_a_difference_of_equal_figures_is_nothing(tmp_path: Path) -> None:
    zero = with_number(tmp_path, "0.0")
    assert differences(zero, with_number(tmp_path, "7.275957614183426e-12")) == []
    assert differences(zero, with_number(tmp_path, "1e-9")) != []


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (SHEET, "POWER(1-risk,B50)", "POWER(1-risk,B51)", f"{SHEET}, cell C50: "),
        (SHEET, OPENING, '<c r="C50" s="1">', f"{SHEET}, cell C50: "),
        (SHEET, f"{FORMULA}<v>", f"{FORMULA}<v> ", f"{SHEET}, cell C50: "),
        (SHEET, OPENING, OPENING.replace(">", ' t="str">'), f"{SHEET}, cell C50: "),
        ("xl/styles.xml", 'formatCode="0.000%"', 'formatCode="0.00%"', "xl/styles.xml: "),
        ("xl/workbook.xml", 'name="risk"', 'name="risks"', "xl/workbook.xml: "),
        (SHEET, "</worksheet>", "<!-- --></worksheet>", f"{SHEET}, after cell "),
    ],
)
def test_anything_else_that_is_changed_is_said(tmp_path: Path, part: str, old: str, new: str, said: str) -> None:
    (found,) = differences(WORKBOOK, changed(tmp_path, part, old, new))
    assert found.startswith(said)


def test_a_part_that_one_of_them_lacks_is_said(tmp_path: Path) -> None:
    path = with_parts(Path(shutil.copy(WORKBOOK, tmp_path / "x.xlsx")), {CHART: None})
    assert differences(WORKBOOK, path) == [f"not both have {CHART}"]


def test_the_numbers_that_a_chart_keeps_are_numbers_too(tmp_path: Path) -> None:
    cache = '<numCache><ptCount val="1"/><pt idx="0"><v>{}</v></pt></numCache></numRef></xVal></chartSpace>'
    one, two, other = (
        changed(tmp_path, CHART, "</chartSpace>", cache.format(number))
        for number in ("0.3", "0.30000000000000004", "0.31")
    )
    assert differences(one, two) == []
    assert differences(one, other) == [f"{CHART}: 0.3 is not 0.31"]


def test_texts_that_look_like_numbers_are_texts(tmp_path: Path) -> None:
    opening = f"{OPENING}{FORMULA}<v>"
    as_text = changed(tmp_path, SHEET, opening, opening.replace(">", ' t="str">', 1))
    kept = parts(as_text)[SHEET].decode().partition(f"{FORMULA}<v>")[2].partition("<")[0]
    other = changed(tmp_path, SHEET, f"{FORMULA}<v>{kept}<", f"{FORMULA}<v>0.970299<", as_text)
    (found,) = differences(as_text, other)
    assert "cell C50" in found


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("no zip")
    with pytest.raises(UnreadableError, match=r"x\.xlsx is not an \.xlsx workbook"):
        differences(WORKBOOK, tmp_path / "x.xlsx")
