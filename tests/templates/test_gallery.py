"""The gallery: its page is what the built templates say, and every template has its picture."""

from __future__ import annotations

import re
import struct

import pytest

from xladdin.templates import gallery, names

LARGEST_PICTURE = 150_000  # bytes


def test_the_page_is_not_stale() -> None:
    assert gallery.README.read_text(encoding="utf-8") == gallery.text()


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^#)]+)\)", gallery.text())
    assert len(links) == 3 * len(names())
    assert not [link for link in links if not (gallery.README.parent / link).is_file()]


@pytest.mark.parametrize("name", names())
def test_every_template_has_its_picture(name: str) -> None:
    picture = (gallery.PICTURES / f"{name}.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (900,)
    assert len(picture) < LARGEST_PICTURE
