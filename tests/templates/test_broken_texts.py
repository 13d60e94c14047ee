"""Broken texts of templates: each is said in one sentence with its line and its key, and nothing is written."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xladdin.cli import main

GOOD = (Path(__file__).parent / "good.toml").read_text(encoding="utf-8")

BROKEN = tomllib.loads((Path(__file__).parent / "broken_texts.toml").read_text(encoding="utf-8"))


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(text: Path, sentences: list[str]) -> None:
    """Neither checked nor built, and the same is said."""
    built = text.with_suffix(".xlsx")
    for arguments in (("check", str(text)), ("build", str(text), "-o", str(built))):
        result = call("template", *arguments)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert result.stderr == "xladdin: " + "\n".join(sentences) + "\n"
    assert not built.exists()


def test_the_text_that_is_broken_below_is_good(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD, encoding="utf-8")
    result = call("template", "check", str(text))
    assert (result.stderr, result.exit_code) == (f"{text}: 5 inputs, 6 results.\n", 0)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_text_is_said_with_its_line(tmp_path: Path, what: str) -> None:
    broken = BROKEN[what]
    assert GOOD.count(broken["old"]) == 1
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace(broken["old"], broken["new"]), encoding="utf-8")
    refused(text, [f"{text}, {sentence}" for sentence in broken["said"]])


def test_a_formula_that_no_cell_takes(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("MAX({plan.cost})", "+".join(["rate"] * 1800)), encoding="utf-8")
    where = f"{text}, line 17, results.Answer.cost.formula"
    refused(text, [f"{where}: the formula has 8,999 characters, and a cell takes 8,192."])


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("Before cost.", "n" * 47).replace("example = 12", "example = 500"), encoding="utf-8")
    refused(
        text,
        [
            f"{text}, line 9, inputs.Terms.days.example: 500 is not a whole number from 1 to 365.",
            f"{text}, line 16, results.Answer.income.note: the note has 47 characters, and 46 are shown.",
        ],
    )


def test_another_encoding(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_bytes(GOOD.replace("Day by day", "Tag für Tag").encode("cp1252"))
    refused(text, [f"{text}, line 21: not UTF-8 text; save the file as UTF-8."])


def test_a_file_that_is_far_too_long(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_bytes(b"#" * 10_000_000)
    refused(text, [f"{text} has 10,000,000 bytes; a template's text has at most 1,000,000 bytes."])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file without an end")
def test_a_file_without_an_end() -> None:
    result = call("template", "check", "/dev/zero")
    assert result.stderr == "xladdin: /dev/zero has no end; a template's text has at most 1,000,000 bytes.\n"


def test_far_too_many_inputs(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    more = "".join(f'more_{number} = "@client"\n' for number in range(2000))
    text.write_text(GOOD.replace('owner = "@client"\n', more), encoding="utf-8")
    refused(text, [f"{text}, line 7, inputs: there are 2,003 inputs; a workbook to fill in has 1 to 500."])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    with pytest.raises(FileNotFoundError) as system:
        text.stat()
    refused(text, [f"{text} can't be read: {system.value.strerror}."])


def test_lists_in_lists_without_end(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text("title = " + "[" * 100_000, encoding="utf-8")
    refused(text, [f"{text} is nested too deeply to be read."])


def test_the_reports_and_new_refuse_a_broken_text_alike(tmp_path: Path) -> None:
    text, table = tmp_path / "mine.toml", tmp_path / "table.csv"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAXX({plan.cost})"), encoding="utf-8")
    table.write_text("days\n3\n")
    said = f"xladdin: {text}, line 17, results.Answer.cost.formula: there is no function MAXX; did you mean MAX.\n"
    for arguments in (("report", str(table), "--template", str(text), "--out"), ("new", str(text), "-o")):
        result = call(*arguments, str(tmp_path / "out.xlsx"))
        assert (result.stderr, result.exit_code) == (said, 3)
    assert not (tmp_path / "out.xlsx").exists()


def test_a_result_that_is_an_error_with_the_example_is_told(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAX({plan.cost})/(days-days)"), encoding="utf-8")
    result = call("template", "check", str(text))
    assert result.exit_code == 1
    assert f"xladdin: {text}: with the example cost is #DIV/0!.\n" in result.stderr


def test_build_tells_of_a_result_that_is_an_error_too(tmp_path: Path) -> None:
    text, built = tmp_path / "mine.toml", tmp_path / "mine.xlsx"
    text.write_text(GOOD.replace("MAX({plan.cost})", "MAX({plan.cost})/(days-days)"), encoding="utf-8")
    result = call("template", "build", str(text), "-o", str(built))
    assert f"xladdin: {text}: with the example cost is #DIV/0!.\n" in result.stderr
    assert result.stderr.endswith(f"{built} is ready.\n")


def test_a_number_of_more_digits_than_are_read(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text("title = " + "1" * 5000, encoding="utf-8")
    refused(text, [f"{text} has a number of too many digits."])


def test_a_verdict_of_more_cases_than_a_formula_takes(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    cases = "".join(f'{{ when = "income>{number}", word = "W{number}" }}, ' for number in range(100))
    text.write_text(GOOD.replace('[{ when = "income>cost"', f'[{cases}{{ when = "income>cost"'), encoding="utf-8")
    refused(text, [f"{text}, line 14, results.Answer.state.verdict: a verdict has at most 60 cases, not 102."])


@pytest.mark.parametrize("number_format", ['0.0\\" EUR\\";-0', "yyyy-mm-dd hh:mm", "[h]:mm", "# ?/?", "0.00E+00", "@"])
def test_formats_as_spreadsheets_write_them(tmp_path: Path, number_format: str) -> None:
    text = tmp_path / "mine.toml"
    said = GOOD.replace('{plan.cost})", format = "money"', f'{{plan.cost}})", format = "{number_format}"')
    text.write_text(said, encoding="utf-8")
    assert call("template", "check", str(text)).exit_code == 0
