"""What is made from something else is not stale, and where it is, that is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.books import parts, with_parts

from tools import examples, generated, reference


@pytest.mark.parametrize("file", generated.TEXTS)
def test_no_text_is_stale(file: str) -> None:
    assert (generated.ROOT / file).read_text(encoding="utf-8") == generated.TEXTS[file]()


def test_the_table_of_the_readme_is_made_anew_in_its_place() -> None:
    readme = generated.README.read_text(encoding="utf-8")
    known = "xladdin install libreoffice` ([more]"
    assert readme.count(known) == 1
    assert reference.with_table(readme.replace(known, "something else")) == readme


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_a_worked_example_is_what_its_inputs_make(name: str) -> None:
    assert not generated.is_stale(name)


def test_an_example_that_was_changed_by_hand_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "position-sizing"
    (tmp_path / "workbooks").mkdir()
    copy = Path(shutil.copy(generated.ROOT / "workbooks" / f"{name}-example.xlsx", tmp_path / "workbooks"))
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    assert not generated.is_stale(name)
    sheet = "xl/worksheets/sheet2.xml"
    with_parts(copy, {sheet: parts(copy)[sheet].replace(b"Birch Capital", b"Birch Partners")})
    assert generated.is_stale(name)
    copy.unlink()
    assert generated.is_stale(name)
