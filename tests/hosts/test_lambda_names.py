"""The LAMBDA edition, evaluated by an engine that knows LAMBDA."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from support.books import parts
from support.calls_in_cells import write_cells
from support.vectors import Vector, all_vectors, few_or_all_vectors, same

from xladdin import __version__
from xladdin.core.catalog import functions
from xladdin.core.errors import UserError
from xladdin.core.native_formula import as_lambda
from xladdin.hosts import lambda_names

VECTORS = [vector for vector in all_vectors() if functions()[vector.function].native]
CALLS = 500  # to a workbook: the engine computes all of it at once


def evaluated(path: Path) -> Any:
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return model


def answers(vectors: list[Vector], directory: Path) -> Iterator[tuple[Vector, Any]]:
    """Each call's value in the LAMBDA edition; a block's elements are asked for one by one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    asked: list[tuple[Vector, list[list[tuple[int, int]]]]] = []
    row = 1
    for vector in vectors:
        formula, height = write_cells(sheet, row, vector)
        expected = vector.expected
        rows = expected if isinstance(expected, list) else [[expected]]
        places = []
        for down, cells in enumerate(rows):
            places.append([(row + down, 40 + across) for across in range(len(cells))])
            for across in range(len(cells)):
                element = f"INDEX({formula},{down + 1},{across + 1})" if isinstance(expected, list) else formula
                sheet.cell(row + down, 40 + across, f"={element}")
        asked.append((vector, places))
        row += max(height, len(rows))
    plain = directory / "plain.xlsx"
    book.save(plain)
    lambda_names.add_names(plain, directory / "named.xlsx")
    model = evaluated(directory / "named.xlsx")
    for vector, places in asked:
        values = [[model.get_cell_value(0, *place) for place in line] for line in places]
        yield vector, values if isinstance(vector.expected, list) else values[0][0]


@few_or_all_vectors
@pytest.mark.parametrize("start", range(0, len(VECTORS), CALLS))
def test_every_vector(start: int, every: int, tmp_path: Path) -> None:
    wrong = [
        f"{vector}: {given!r}, not {vector.expected!r}"
        for vector, given in answers(VECTORS[start : start + CALLS : every], tmp_path)
        if not same(given, vector.expected)
    ]
    assert not wrong, "\n".join(wrong[:20])


def test_the_built_workbook_computes_every_example(tmp_path: Path) -> None:
    lambda_names.build(tmp_path / "functions.xlsx")
    stored = openpyxl.load_workbook(tmp_path / "functions.xlsx", data_only=True)["Functions"]
    model = evaluated(tmp_path / "functions.xlsx")
    shown = 0
    for row in range(1, stored.max_row + 1):
        if str(stored.cell(row, 3).value).startswith("=") or str(stored.cell(row, 1).value).startswith("LEV_"):
            assert same(model.get_cell_value(0, row, 4), stored.cell(row, 4).value), stored.cell(row, 1).value
            shown += 1
    assert shown == sum(bool(function.native and function.arguments) for function in functions().values())


def test_a_workbook_says_which_version_its_names_are_of(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = "=LEV_VERSION()"
    book.save(tmp_path / "plain.xlsx")
    lambda_names.add_names(tmp_path / "plain.xlsx", tmp_path / "named.xlsx")
    assert (
        evaluated(tmp_path / "named.xlsx").get_cell_value(0, 1, 1) == f"xladdin {__version__}, formulas without Python"
    )


def test_names_fit_what_excel_allows(tmp_path: Path) -> None:
    lambda_names.build(tmp_path / "functions.xlsx")
    names = openpyxl.load_workbook(tmp_path / "functions.xlsx").defined_names
    for name, defined in names.items():
        assert len(defined.attr_text) <= 8192, name
        assert 0 < len(defined.comment) <= 255, name


def test_what_is_newer_than_the_file_format_is_stored_with_its_prefix(tmp_path: Path) -> None:
    lambda_names.build(tmp_path / "functions.xlsx")
    stored = openpyxl.load_workbook(tmp_path / "functions.xlsx").defined_names.values()
    texts = [re.sub(r'"[^"]*"', "", defined.attr_text) for defined in stored]
    called = {name for text in texts for name in re.findall(r"([\w.]+)\(", text)}
    assert {"_xlfn.LAMBDA", "_xlfn.LET", "_xlfn.MAP", "_xlfn.ISOMITTED", "_xlfn.TOCOL"} <= called
    newer = {name.rpartition("_xl")[2].partition(".")[2] for name in called if name.startswith("_xlfn.")}
    assert not called & {name.removeprefix("_xlws.") for name in newer}


def test_no_local_name_reads_as_a_cell(tmp_path: Path) -> None:
    for function in filter(lambda function: function.native and function.arguments, functions().values()):
        names = set(re.findall(r"(?<![\w.\"])([a-z_]+)(?![\w(\"])", as_lambda(function)))
        assert names
        assert not names & {"r", "c"}
        assert all(
            "_" in name or len(name) > 3 or name in {"fee", "mmr", "roi", "ltv", "apr", "apy"} for name in names
        ), names


def test_no_local_name_hides_a_function_that_is_called(tmp_path: Path) -> None:
    """A name in a LET hides the function of that name in some engines."""
    for function in filter(lambda function: function.native and function.arguments, functions().values()):
        tokens = Tokenizer(f"={as_lambda(function)}").items
        called = {
            token.value[:-1].lower() for token in tokens if token.type == Token.FUNC and token.subtype == Token.OPEN
        }
        local = {token.value.strip("[]").lower() for token in tokens if token.subtype == Token.RANGE}
        assert called
        assert local
        assert not called & local, function.name


def test_names_stand_in_one_place_of_the_workbook(tmp_path: Path) -> None:
    """A second list of names is a damaged file to Excel; openpyxl writes an empty one where there are none."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=LEV_SIZE(1000,5)"
    book.save(tmp_path / "plain.xlsx")
    assert b"<definedNames />" in parts(tmp_path / "plain.xlsx")["xl/workbook.xml"]
    lambda_names.add_names(tmp_path / "plain.xlsx", tmp_path / "named.xlsx")
    lambda_names.build(tmp_path / "functions.xlsx")
    for made in ("named.xlsx", "functions.xlsx"):
        assert len(re.findall(rb"<definedNames\b", parts(tmp_path / made)["xl/workbook.xml"])) == 1


def test_a_workbook_gets_the_functions_it_uses_and_keeps_its_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=LEV_SIZE(1000,5)"
    for name in ("Price", "Leverage", "margin_"):  # two are names inside the function too
        book.defined_names[name] = openpyxl.workbook.defined_name.DefinedName(name, attr_text="Sheet!$B$1")
    book.save(tmp_path / "plain.xlsx")
    for _ in range(2):  # a second time changes nothing
        lambda_names.add_names(tmp_path / "plain.xlsx", tmp_path / "plain.xlsx")
        names = openpyxl.load_workbook(tmp_path / "plain.xlsx").defined_names
        assert sorted(names) == ["LEV_SIZE", "Leverage", "Price", "margin_"]
    assert evaluated(tmp_path / "plain.xlsx").get_cell_value(0, 1, 1) == 5000


def has_table(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.startswith("xl/tables/") for name in archive.namelist())


def without_blank_cells(path: Path) -> Path:
    """A copy without cells that have a format and no value: to the engine such a cell of a range is not blank."""
    copy = path.with_stem(f"{path.stem}-bare")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, re.sub(rb"<c [^<>]*/>", b"", data) if name.startswith("xl/worksheets/") else data)
    return copy


def lacking(path: Path) -> list[str]:
    """The functions that a workbook calls and that have no native formula."""
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    return sorted({name for name in re.findall(r"\b(LEV_[A-Z]+)\(", text) if not functions()[name].native})


ALL_TEMPLATES = sorted((Path(__file__).parents[2] / "templates").glob("*.xlsx"))
# The engine knows no structured references, so a template with a table is not for it.
TEMPLATES = [path for path in ALL_TEMPLATES if not has_table(path) and not lacking(path)]


@pytest.mark.parametrize("template", list(filter(lacking, ALL_TEMPLATES)), ids=lambda path: path.stem)
def test_a_template_that_needs_an_add_in_is_refused_in_a_sentence(template: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=rf"^The workbook calls {' and '.join(lacking(template))}, which can't be"):
        lambda_names.add_names(template, tmp_path / "lambda.xlsx")
    assert not (tmp_path / "lambda.xlsx").exists()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_gives_its_stored_values_without_an_add_in(template: Path, tmp_path: Path) -> None:
    lambda_names.add_names(template, tmp_path / "lambda.xlsx")
    stored, written = openpyxl.load_workbook(template, data_only=True), openpyxl.load_workbook(template)
    model = evaluated(without_blank_cells(tmp_path / "lambda.xlsx"))
    wrong, compared = [], 0
    for number, sheet in enumerate(written.worksheets):
        for cell in (cell for row in sheet for cell in row):
            if isinstance(cell.value, str) and re.fullmatch(r"=LEV_[A-Z]+\([^()]*\)", cell.value):
                compared += 1
                given = model.get_cell_value(number, cell.row, cell.column)
                expected = stored[sheet.title][cell.coordinate].value
                if not same(given, expected):
                    wrong.append(f"{sheet.title}!{cell.coordinate} {cell.value}: {given!r}, not {expected!r}")
    assert compared
    assert not wrong, "\n".join(wrong[:20])
