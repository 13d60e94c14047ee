"""docs/templates.md: its commands run, its tutorial builds after every step, its page of the language is a template."""

from __future__ import annotations

import re
import shlex
import struct
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from support.books import named_values

from tools import template_pictures
from xladdin.cli import main
from xladdin.templates.trial import tried

STEPS = template_pictures.texts()["tutorial"]
LANGUAGE = template_pictures.texts()["language"]


def written(folder: Path, blocks: list[str]) -> Path:
    text = folder / "mine.toml"
    text.write_text("\n".join(blocks), encoding="utf-8")
    return text


@pytest.mark.parametrize("count", range(1, len(STEPS) + 1))
def test_the_tutorial_builds_after_each_step(tmp_path: Path, count: int) -> None:
    assert tried(written(tmp_path, STEPS[:count])).remarks == []


def test_the_tutorial_ends_with_a_chart_a_verdict_and_a_check(tmp_path: Path) -> None:
    text = written(tmp_path, STEPS)
    result = CliRunner().invoke(main, ["template", "build", str(text), "-o", str(tmp_path / "mine.xlsx")])
    assert result.exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx", data_only=True)
    assert len(book["Dashboard"]._charts) == 1
    values = named_values(tmp_path / "mine.xlsx")
    assert values["verdict"] == "WATCH"
    assert values["in_words"] == "Liquidated at 45,000.00, 10.0% away."
    assert values["overall_flag"] == "ALL CHECKS PASS"


def test_the_page_of_the_language_is_a_template(tmp_path: Path) -> None:
    assert tried(written(tmp_path, LANGUAGE)).remarks == []


def test_the_commands_run_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text("amount,rate,months,income\n9000,0.08,12,900\n", encoding="utf-8")
    introduction = template_pictures.PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    commands = re.findall(r"^    xladdin (.*?)(?:   .*)?$", introduction, re.MULTILINE)
    assert len(commands) == 6
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
    assert Path("mine.xlsx").is_file()
    assert len(list(Path("reports").glob("report-*.xlsx"))) == 1


@pytest.mark.parametrize("name", template_pictures.PICTURES)
def test_every_picture_is_there_and_shown(name: str) -> None:
    picture = template_pictures.picture(name)
    assert f"(images/{picture.name})" in template_pictures.PAGE.read_text(encoding="utf-8")
    data = picture.read_bytes()
    assert struct.unpack(">II", data[16:24]) == template_pictures.PICTURES[name][2:]
    assert len(data) < 100_000
