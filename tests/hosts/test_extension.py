"""The extension's file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import xladdin
from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.extension import build


def test_the_same_catalogue_makes_the_same_file(tmp_path: Path) -> None:
    first, second = build(tmp_path / "first.oxt"), build(tmp_path / "second.oxt")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert f'<version value="{xladdin.__version__}"/>' in archive.read("description.xml").decode()
        assert "pythonpath/xladdin/core/functions/liquidation.py" in archive.namelist()


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"can't be written to .*nowhere"):
        build(tmp_path / "nowhere" / "xladdin.oxt")
