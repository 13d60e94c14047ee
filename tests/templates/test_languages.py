"""Templates in other languages: every text has its own there, formulas and figures are the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.formula.tokenizer import Token
from support.command import call
from support.template_texts import GOOD, tokens

from xladdin import templates
from xladdin.templates import library
from xladdin.templates.formulas import with_texts

FOLDER = library.folder() / library.LANGUAGES
LANGUAGES = sorted(path.name for path in FOLDER.iterdir())
TRANSLATED = [
    (name, language)
    for name in templates.names()
    for language in library.languages_of(library.text_path(name))
    if language != library.ORIGINAL
]
SHARED_TEXTS = ("label", "unit", "note")


def texts_of(language: str, name: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))


def test_what_is_there_in_german_and_spanish() -> None:
    assert LANGUAGES == ["de", "es"]
    both = {(name, language) for name in ("futures-planner", "positions") for language in LANGUAGES}
    assert both <= set(TRANSLATED)


@pytest.mark.parametrize(("name", "language"), TRANSLATED)
def test_formulas_names_formats_and_figures_are_those_of_the_template(name: str, language: str) -> None:
    """All but the words of texts; that no text is missing or gone, building has seen to."""
    ours, theirs = (
        openpyxl.load_workbook(path) for path in (templates.workbook_path(name), templates.find(name, language))
    )
    assert {key: each.attr_text for key, each in ours.defined_names.items() if not each.hidden} == {
        key: each.attr_text for key, each in theirs.defined_names.items() if not each.hidden
    }
    assert ours.sheetnames == theirs.sheetnames
    formulas = 0
    for sheet in ours.worksheets:
        assert sheet.dimensions == theirs[sheet.title].dimensions
        for row in sheet.iter_rows():
            for cell in row:
                other = theirs[sheet.title][cell.coordinate]
                assert other.number_format == cell.number_format or is_heading(cell, other)
                if cell.data_type == "f":
                    formulas += 1
                    assert without_texts(other.value) == without_texts(cell.value)
    assert formulas > 100
    for title in ours.sheetnames:
        rules = [
            {
                str(rule.sqref): (rule.type, rule.formula1, rule.formula2)
                for rule in book[title].data_validations.dataValidation
            }
            for book in (ours, theirs)
        ]
        assert rules[0] == rules[1]


def is_heading(cell: Cell, other: Cell) -> bool:
    """Whether it is one that shows other words in a language, and is the same in all."""
    return cell.value == other.value and shown_in(other) not in ("", cell.value)


def shown_in(heading: Cell) -> str:
    """What a heading shows in place of what it is known by."""
    found = re.fullmatch(r';;;"(.+)"', str(heading.number_format))
    return found[1] if found else str(heading.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_read_in_the_language_and_known_by_the_same_names(tmp_path: Path, language: str) -> None:
    """References, updates and tables of people know them by their names; a person reads his own words."""
    known = texts_of(language, "fields") | texts_of(language, "positions")
    book = openpyxl.load_workbook(templates.find("positions", language))
    rows = book["Positions"][book["Positions"].tables["positions"].ref]
    ((_, area),) = book.defined_names["wallets"].destinations
    top = book["Inputs"][area.replace("$", "")][0][0].row - 1
    headings = [*rows[0], *[cell for cell in book["Inputs"][top] if cell.value]]
    assert len(headings) > 30
    assert [shown_in(heading) for heading in headings] == [known[str(heading.value)] for heading in headings]
    table, wallets = tmp_path / "t.csv", tmp_path / "w.csv"
    table.write_text(
        "symbol,venue,side,margin mode,entry,quantity,leverage,maintenance margin rate,price\n"
        "BTCUSDT,bybit,long,cross,60000,0.1,5,0.5%,61000\n"
    )
    wallets.write_text("venue,wallet balance\nbybit,2500\n")
    made = tmp_path / "one.xlsx"
    options = ("--template", "positions", "--language", language, "--set", f"wallets={wallets}", "--into", made)
    assert call("report", table, *options).exit_code == 0
    new = tmp_path / "new.csv"
    new.write_text("symbol,price\nBTCUSDT,62000\n")
    assert call("update", made, new, "--key", "symbol").exit_code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_a_doubt_in_every_language(tmp_path: Path, language: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text("side,entry,amount,leverage\nlong,50000,1000,10\n")
    options = ("--template", "futures-planner", "--out", tmp_path / "out", "--language", language, "--quiet")
    assert "From the template in every report: " in call("report", table, *options).stderr


def without_texts(formula: Any) -> list[str]:
    """A formula's parts without its words; where it joins texts, whose order is the language's, in no order."""
    parts = [token.value for token in tokens(str(getattr(formula, "text", formula))) if not is_words(token)]
    return sorted(part for part in parts if part != "&") if "&" in parts else parts


def is_words(token: Token) -> bool:
    """Whether it is a text, and none that shows how a number is written."""
    return token.subtype == Token.TEXT and not any(mark in token.value for mark in "0#")


@pytest.mark.parametrize(("name", "language"), TRANSLATED)
def test_values_are_those_of_the_template(name: str, language: str) -> None:
    ours, theirs = (
        openpyxl.load_workbook(path, data_only=True)
        for path in (templates.workbook_path(name), templates.find(name, language))
    )
    for sheet in ours.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = theirs[sheet.title][cell.coordinate].value
                if isinstance(cell.value, (int, float)):
                    assert value == pytest.approx(cell.value, rel=1e-12), cell
                else:
                    assert type(value) is type(cell.value), cell


@pytest.mark.parametrize("language", LANGUAGES)
def test_shared_texts_are_those_of_fields(language: str) -> None:
    fields = tomllib.loads(library.fields_path().read_text(encoding="utf-8"))
    inputs = fields["inputs"].values()
    wanted = {line[key] for line in inputs for key in SHARED_TEXTS if key in line and line[key] != "{currency}"}
    for formula in fields["pieces"].values():
        with_texts(formula, lambda text: wanted.add(text) or text)
    examples = {line["example"] for line in inputs if isinstance(line.get("example"), str)}
    found = texts_of(language, "fields").keys()
    assert {text for text in wanted if any(map(str.isalpha, text))} - found == set()
    assert found - wanted - examples == set()


GERMAN = {
    "Rent": "Miete",
    "What a machine brings that is let by the day.": "Was eine Maschine bringt, die tageweise vermietet wird.",
    "Terms": "Bedingungen",
    "Days": "Tage",
    "Currency": "Währung",
    "Answer": "Antwort",
    "State": "Stand",
    "{income:money} {currency} in {days:0} days.": "In {days:0} Tagen {income:money} {currency}.",
    "Nothing.": "Nichts.",
    "Income": "Ertrag",
    "Before cost.": "Vor Kosten.",
    "Cost": "Kosten",
    "{days:0} days": "{days:0} Tage",
    "Day (number)": "Tag (Nummer)",
    "Cost (currency)": "Kosten (Währung)",
    "Cost rises in a straight line.": "Die Kosten steigen in einer Geraden.",
    "Day by day": "Tag für Tag",
    "Day": "Tag",
    "Word": "Wort",
    "late": "spät",
    "early": "früh",
    "Let at all": "Überhaupt vermietet",
    "At least a day": "Mindestens einen Tag",
}


@pytest.fixture
def mine(tmp_path: Path) -> Any:
    """A template of one's own with a German file beside it, in which something is another."""

    def with_german(changes: Mapping[str, str | None], text: str = GOOD) -> Path:
        german = {key: value for key, value in (GERMAN | dict(changes)).items() if value is not None}
        folder = tmp_path / "languages" / "de"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"'{key}' = '{value}'" for key, value in german.items()]
        (folder / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        return tmp_path / "mine.toml"

    return with_german


def build(text: Path, language: str = "de") -> Any:
    return call("template", "build", text, "-o", text.with_suffix(".xlsx"), "--force", "--language", language)


def test_a_template_of_one_s_own_in_a_language(mine: Any) -> None:
    text = mine({})
    assert build(text).exit_code == 0
    book = openpyxl.load_workbook(text.with_suffix(".xlsx"))
    values = openpyxl.load_workbook(text.with_suffix(".xlsx"), data_only=True)
    inputs = book["Inputs"]
    assert [inputs.cell(row, 2).value for row in range(5, 10)] == ["Bedingungen", "Miete", "Tage", "Währung", "Kunde"]
    assert values["Inputs"]["G7"].value == "In 12 Tagen 480.00 EUR."
    assert [row[2] for row in values["Calculations"].iter_rows(7, 8, values_only=True)] == ["früh", "spät"]
    assert values["Inputs"]["B2"].value == "ALLE PRÜFUNGEN BESTANDEN"
    (rule,) = [each for each in inputs.data_validations.dataValidation if str(each.sqref) == "C6"]
    assert rule.prompt == "Eine Zahl von 0 bis 1.000."


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"Days": None}, ["line 1, the file: nothing for 'Days', which mine.toml says."]),
        ({"Weeks": "Wochen"}, ["line 24, Weeks: mine.toml says no such text."]),
        ({"Dayss": "Tage"}, ["line 24, Dayss: mine.toml says no such text; did you mean Days."]),
        (
            {"{days:0} days": "{day:0} Tage"},
            ["line 13, \"{days:0} days\": in '{day:0} Tage' {day:0} should be {days:0}."],
        ),
        ({"{days:0} days": "Tage"}, ["line 13, \"{days:0} days\": in 'Tage' {days:0} is missing."]),
        (
            {"{days:0} days": "{days:0} {days:0} Tage"},
            ["line 13, \"{days:0} days\": in '{days:0} {days:0} Tage' {days:0} is not in the text."],
        ),
        (
            {"{days:0} days": "{days:0 Tage"},
            ["line 13, \"{days:0} days\": in '{days:0 Tage' the { of '{days:0 Tage' is not closed."],
        ),
        ({"Nothing.": ""}, ["line 9: for each text there is one text, in quotation marks."]),
        (
            {"Before cost.": "Vor allen Kosten, die dabei und danach entstanden sind."},
            ["line 1, the file: results.Antwort.income.note: the note has 55 characters, and 46 are shown."],
        ),
    ],
)
def test_what_is_wrong_in_a_language_is_said(mine: Any, changes: dict[str, str | None], sentences: list[str]) -> None:
    result = build(mine(changes))
    said = result.stderr.replace(str(mine(changes).parent / "languages" / "de" / "mine.toml"), "mine.toml")
    assert said == "xladdin: " + "\n".join(f"mine.toml, {sentence}" for sentence in sentences) + "\n"
    assert result.exit_code == 3


def test_a_word_that_a_formula_asks_for_is_the_same_in_every_language(mine: Any) -> None:
    original = '{IF(currency="USD","late","early")}'
    text = GOOD.replace('"Nothing."', f"'{original}'")
    assert text != GOOD
    german = {original: '{IF(currency="USD","spät","früh")}', "Nothing.": None}
    assert build(mine(german, text)).exit_code == 0
    result = build(mine(german | {original: '{IF(currency="Dollar","spät","früh")}'}, text))
    assert result.exit_code == 3
    assert '{IF(currency="Dollar","…","…")} should be {IF(currency="USD","…","…")}' in result.stderr


def test_two_headings_stay_two(mine: Any) -> None:
    text = GOOD + '\n[results.More]\nmore = { sentence = "{days:0} days" }\n'
    assert build(mine({"More": "Mehr"}, text)).exit_code == 0
    result = build(mine({"More": "Antwort"}, text))
    assert result.exit_code == 3
    assert "of the headings Answer, More two are the same in this language" in result.stderr


def test_a_language_that_is_not_there_is_said_in_one_sentence(mine: Any) -> None:
    for done, said in (
        (build(mine({}), "fr"), "mine is not there in the language 'fr'; it is in de, en."),
        (
            call("new", "position-sizing", "-o", "x.xlsx", "--language", "de"),
            "position-sizing is not there in the language 'de'; it is in en.",
        ),
    ):
        assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"xladdin: {said}\n")


def test_a_workbook_has_one_language(tmp_path: Path) -> None:
    path = templates.workbook_path("futures-planner")
    done = call("new", path, "-o", tmp_path / "x.xlsx", "--language", "de")
    assert done.exit_code == 2
    assert done.stderr == f"xladdin: {path} is a workbook, which has one language; --language is for a template.\n"


def test_reports_and_new_workbooks_in_a_language(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("side,entry,amount,leverage\nlong,50000,1000,10\nlong,50000,1000,100\n", encoding="utf-8")
    for language in ("en", "de"):
        out = tmp_path / language
        options = (
            "--template",
            "futures-planner",
            "--out",
            out,
            "--language",
            language,
            "--defaults",
            "--allow-errors",
        )
        assert call("report", table, *options).exit_code == 0
    english, german = (values_of(tmp_path / language / "report-1.xlsx") for language in ("en", "de"))
    assert german["G18"] == "Liquidationspreis"
    assert (german["H18"], german["H13"]) == (english["H18"], english["H13"])
    assert values_of(tmp_path / "de" / "report-2.xlsx")["B2"] == (
        "PRÜFUNG NICHT BESTANDEN: trifft nicht zu: „Position lässt sich öffnen“"
    )
    made = tmp_path / "one.xlsx"
    given = ("entry=50000", "side=long", "amount=5", "leverage=100")
    sets = [part for each in given for part in ("--set", each)]
    done = call("new", "futures-planner", "-o", made, "--language", "de", *sets)
    failing = "PRÜFUNG NICHT BESTANDEN: trifft nicht zu: „Position lässt sich öffnen“"
    assert f"xladdin: {made} is written, but {failing}; see its sheet Checks." in done.stderr


def values_of(path: Path) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(path, data_only=True)["Inputs"]
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
