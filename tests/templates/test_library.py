"""The templates that come with the product."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import templates as kept
from xladdin import templates
from xladdin.core.errors import UserError


def test_a_file_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = templates.find("futures-planner")
    assert path.name == "futures-planner.xlsx"
    assert templates.find(str(path)) == path
    with pytest.raises(UserError, match="neither a file nor a template"):
        templates.find("futures-planer")
    with pytest.raises(UserError, match="did you mean futures-planner"):
        kept.build("futures-planer", tmp_path / "never.xlsx")
