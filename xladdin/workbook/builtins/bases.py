"""Numbers in other bases: DEC2BIN, HEX2OCT and their kin."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from xladdin.core.errors import NUM
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.registry import VALUE, elementwise

_BASES = {"BIN": (2, 10), "OCT": (8, 30), "HEX": (16, 40)}  # the base, and how many bits its numbers have
_LONGEST = 10  # digits


def _read(value: Any, name: str) -> float | int:
    """The number that digits of a base stand for, the upper half of which are the negative ones."""
    base, bits = _BASES[name]
    if type(value) is bool:
        return VALUE_ERROR
    if isinstance(value, float):
        value = f"{value:.0f}" if value >= 0 and value == int(value) else "-"
    text = (value or "").strip()
    digits = "0123456789ABCDEF"[:base]
    if len(text) > _LONGEST or not re.fullmatch(f"[{digits}]*", text, re.IGNORECASE):
        return NUM
    number = int(text or "0", base)
    return number - 2**bits if number >= 2 ** (bits - 1) else number


def _whole(value: Any) -> float | int:
    """A number without its broken part, of which TRUE and FALSE are none."""
    number = VALUE_ERROR if type(value) is bool else columns.number(value)
    return number if number != number else int(number)


def _written(number: int, name: str, places: int) -> Any:
    """A number in digits of a base, filled up to so many; a negative one has all, however many are asked for."""
    base, bits = _BASES[name]
    if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        return NUM
    if number < 0:
        return np.base_repr(number + 2**bits, base)
    text = np.base_repr(number, base)
    return NUM if 0 < places < len(text) else text.zfill(places)


def _declare(source: str, target: str) -> None:
    def converted(value: Any, places: Any = None) -> Any:
        width = 0 if places is None else _whole(places)
        if width != width or (places is not None and not 1 <= width <= _LONGEST):
            return width if width != width else NUM
        number = _whole(value) if source == "DEC" else _read(value, source)
        return number if number != number else _written(int(number), target, int(width))

    elementwise(f"{source}2{target}", VALUE, VALUE, required=1)(converted)


def _declare_decimal(source: str) -> None:
    elementwise(f"{source}2DEC", VALUE)(lambda value: _read(value, source))


for _source in ("DEC", *_BASES):
    for _target in _BASES:
        if _source != _target:
            _declare(_source, _target)
    if _source != "DEC":
        _declare_decimal(_source)
