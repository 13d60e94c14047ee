"""Values as a file has them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.core.errors import NA
from xladdin.workbook.file.values import kind_of, number_texts, text_of, texts_of


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "blank", b""),
        (1.0, "n", b"1.0"),
        (-0.0, "n", b"0.0"),
        (NA, "e", b"#N/A"),
        (True, "b", b"1"),
        (False, "b", b"0"),
        ("a<b & c", "str", b"a&lt;b &amp; c"),
        ("a\x00\x1f\ud800\uffff", "str", b"a" + 4 * b"\xef\xbf\xbd"),
    ],
)
def test_each_kind_declares_itself_and_is_written(value: Any, kind: str, text: bytes) -> None:
    assert (kind_of(value), text_of(value)) == (kind, text)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_number_is_read_back_as_the_same_one(numbers: list[float]) -> None:
    read = [float(text) for text in number_texts(np.array(numbers))]
    assert [struct.pack("d", each) for each in read] == [struct.pack("d", each + 0.0) for each in numbers]


@given(st.lists(st.text(), min_size=1))
def test_texts_together_are_written_as_each_alone(texts: list[str]) -> None:
    assert texts_of(texts) == [text_of(text) for text in texts]
