"""Building: the same input gives the same bytes, and the files that are kept are what their builders make."""

from __future__ import annotations

from pathlib import Path

import pytest

from xladdin import templates
from xladdin.errors import UserError


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_same_input_same_bytes(name: str, tmp_path: Path) -> None:
    templates.build(name, tmp_path / "first.xlsx")
    templates.build(name, tmp_path / "second.xlsx")
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_kept_files_are_what_their_builders_make() -> None:
    assert templates.stale() == []


def test_a_changed_and_a_missing_file_are_stale(tmp_path: Path) -> None:
    assert templates.stale(tmp_path) == list(templates.TEMPLATES)
    first, *others = templates.build_all(tmp_path)
    first.write_bytes(first.read_bytes() + b"x")
    assert others or templates.stale(tmp_path) == [first.stem]


def test_a_file_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = templates.find("futures-planner")
    assert path.name == "futures-planner.xlsx"
    assert templates.find(str(path)) == path
    with pytest.raises(UserError, match="neither a file nor a template"):
        templates.find("futures-planer")
    with pytest.raises(UserError, match="no template"):
        templates.build("futures-planer", tmp_path / "never.xlsx")
