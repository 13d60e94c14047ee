"""A template's text is read: encodings, lengths, what is no text of a template."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.command import call
from support.template_texts import GOOD, refused


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


def test_a_number_of_more_digits_than_are_read(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    text.write_text("title = " + "1" * 5000, encoding="utf-8")
    refused(text, [f"{text} has a number of too many digits."])
