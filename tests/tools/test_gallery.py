"""The gallery: its page is what the built templates say, and every template has its picture."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from tools import gallery
from xladdin.templates import names

README = Path(__file__).parents[2] / "templates" / "README.md"
LARGEST_PICTURE = 160_000  # bytes


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^#)]+)\)", gallery.text())
    assert len(links) == 3 * len(names())
    assert not [link for link in links if not (README.parent / link).is_file()]


@pytest.mark.parametrize("name", names())
def test_every_template_has_its_picture(name: str) -> None:
    picture = gallery.picture(name).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (900,)
    assert len(picture) < LARGEST_PICTURE
