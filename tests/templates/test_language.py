"""The words of the language: what each makes of a cell, seen in the built workbook."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner

from xladdin.cli import main
from xladdin.templates import library
from xladdin.templates.build import without_values
from xladdin.templates.read import read_template

FOLDER = library.folder()
TEXTS = [*map(library.text_path, library.names()), *sorted((FOLDER / "examples").glob("*.toml"))]
GOOD = (Path(__file__).parent / "good.toml").read_text(encoding="utf-8")


@pytest.fixture
def built(tmp_path: Path) -> Any:
    """Builds good.toml with something put in the place of something."""

    def build(*changes: tuple[str, str]) -> openpyxl.Workbook:
        text = GOOD
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        (tmp_path / "mine.xlsx").write_bytes(
            without_values(read_template(tmp_path / "mine.toml", library.fields_path()))
        )
        return openpyxl.load_workbook(tmp_path / "mine.xlsx")

    return build


def formula(book: openpyxl.Workbook, name: str) -> str:
    sheet, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return str(book[sheet.strip("'")][cell.replace("$", "")].value)


def test_a_piece_is_put_in_with_what_it_is_given(built: Any) -> None:
    assert formula(built(), "income") == "=rate*days"
    book = built(("{paid(days)}", "{paid(days+1)}"), ("rate*{days}", "rate*({days})"))
    assert formula(book, "income") == "=rate*(days+1)"


def test_a_sentence_joins_its_texts_and_figures(built: Any) -> None:
    said = '=IFERROR(TEXT(income,"#,##0.00")&" "&currency&" in "&TEXT(days,"0")&" days.","Nothing.")'
    assert formula(built(), "said") == said


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{currency}", "currency"),
        ('All of \\"it\\"', '"All of ""it"""'),
        ("Rich: {income>5}.", '"Rich: "&(income>5)&"."'),  # & would bind before >
        ('{IF(days>1,\\"{days:0} days\\",\\"a day\\")}.', 'IF(days>1,TEXT(days,"0")&" days","a day")&"."'),
        ("{days:date}", 'TEXT(days,"yyyy-mm-dd")'),
        ("{rate:signed_percent}", 'TEXT(rate,"+0.0%;-0.0%;0.0%")'),
    ],
)
def test_texts_with_figures(built: Any, text: str, made: str) -> None:
    book = built(("{income:money} {currency} in {days:0} days.", text))
    assert formula(book, "said") == f'=IFERROR({made},"Nothing.")'


def test_a_sentence_without_an_otherwise_looks_at_the_verdict(built: Any) -> None:
    book = built((', otherwise = "Nothing."', ""))
    assert formula(book, "said").startswith('=IF(state="CHECK","No answer: see Checks.",IFERROR(TEXT(income,')


def test_a_verdict_is_the_first_case_that_holds_after_the_checks(built: Any) -> None:
    assert formula(built(), "state") == '=IF(checks_failed>0,"CHECK",IF(income>cost,"SAFE","DANGER"))'


def test_columns_of_a_table_are_addresses_in_its_rows(built: Any) -> None:
    sheet = built()["Calculations"]
    column = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7, max_row=9, min_col=2, max_col=4)]
    assert column == [
        [1, '=IF(B7>1,"late","early")', "=rate"],
        [2, '=IF(B8>1,"late","early")', "=D7+rate"],
        [3, '=IF(B9>1,"late","early")', "=D8+rate"],
    ]


def test_a_whole_column_is_named_with_its_sheet_elsewhere_and_without_in_its_own_table(built: Any) -> None:
    book = built(('formula = "{previous.cost}+rate"', 'formula = "{day}/MAX({plan.day})"'))
    assert formula(book, "cost") == "=MAX(Calculations!$D$7:$D$11)"
    assert book["Calculations"]["D8"].value == "=B8/MAX($B$7:$B$11)"


def test_a_table_that_grows_above_moves_what_is_below(built: Any) -> None:
    book = built(("rows = 5", "rows = 9"))
    assert formula(book, "cost") == "=MAX(Calculations!$D$7:$D$15)"


def test_headers_of_a_grid_stay_while_its_cells_go_on(built: Any) -> None:
    sheet = built()["Calculations"]
    assert sheet["C16"].value == "=$B16*C$15"
    assert sheet["D17"].value == "=$B17*D$15"


def test_required_is_a_validation_that_does_not_ignore_blanks(built: Any) -> None:
    sheet = built()["Inputs"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert {cells: bool(rule.allow_blank) for cells, rule in rules.items()} == {
        "C6": True,
        "C7": False,
        "C8": True,
        "C9": True,
    }
    assert rules["C7"].prompt == "A whole number from 1 to 365."


def test_newer_functions_are_stored_with_their_prefix(built: Any) -> None:
    book = built(('"MAX({plan.cost})"', "'IFNA(MAX({plan.cost}),LEN(\"IFNA(\"))'"))
    assert formula(book, "cost") == '=_xlfn.IFNA(MAX(Calculations!$D$7:$D$11),LEN("IFNA("))'


def test_an_ampersand_in_a_title_is_one_in_the_footer(built: Any) -> None:
    book = built(('title = "Rent"', 'title = "R&D"'))
    assert book["Inputs"].oddFooter.left.text == "R&&D"
    assert book["Inputs"]["B1"].value == "R&D"


def test_a_template_begun_by_the_command_is_not_overwritten(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    arguments = ["template", "new", "two-boats", "-o", str(text)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert 'title = "Two boats"' in text.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, arguments)
    assert (again.stderr, again.exit_code) == (f"xladdin: {text} is there already; take another name.\n", 2)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_schema_takes_every_text_of_ours(path: Path) -> None:
    schema = json.loads((library.folder() / "template.schema.json").read_text(encoding="utf-8"))
    text = json.loads(
        json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str)
    )  # a date is a text there
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(text)] == []


def test_the_schema_finds_a_word_that_is_none() -> None:
    schema = json.loads((library.folder() / "template.schema.json").read_text(encoding="utf-8"))
    text = tomllib.loads(GOOD.replace("[rules]", "[rulez]"))
    (error,) = jsonschema.Draft202012Validator(schema).iter_errors(text)
    assert "rulez" in error.message


def test_no_heading_and_no_colour_stands_for_what_a_template_has_not(built: Any) -> None:
    has_all = texts(built())
    has_none = texts(
        built(
            ('[checks]\nincome = { plain = "rate*days" }\n', ""),
            ('[rules]\n"Let at all" = { holds = "days>0", note = "At least a day" }', ""),
            ('word = "SAFE"', 'word = "GOOD"'),
        )
    )
    assert {"Rules between inputs", "Results against native formulas", "SAFE", "DANGER"} <= has_all
    assert has_all - has_none >= {"Rules between inputs", "Results against native formulas", "SAFE"}
    assert "WATCH" not in has_all | has_none
    assert "DANGER" in has_none


def texts(book: openpyxl.Workbook) -> set[str]:
    """All that stands on Read me and Checks."""
    rows = [row for title in ("Read me", "Checks") for row in book[title].iter_rows(values_only=True)]
    return {str(value) for row in rows for value in row}
