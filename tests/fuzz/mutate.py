"""Input changed at random."""

from __future__ import annotations

import io
import random
import zipfile

_ODD_BYTES = [
    b"",
    b"\0",
    b"\xff",
    b"<",
    b">",
    b'"',
    b"&",
    b"-1",
    b"0",
    b"9" * 30,
    b"1e999",
    b"nan",
    b"\xed\xa0\x80",
    b"A1:XFD1048576",
]
_ODD_TEXTS = [
    "",
    "0",
    "-1",
    "1e308",
    "1e999",
    "nan",
    "#REF!",
    "'",
    '"',
    "{",
    "}",
    "A0",
    "XFD1048576",
    "1:1",
    "A:A",
    "é",
    "\u202e",
    "\ud800",
    "9" * 400,
]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Bytes with a few places cut, doubled, overwritten or filled with something odd."""
    for _ in range(dice.choice([1, 1, 2, 4, 8])):
        start = dice.randrange(len(data) + 1)
        end = min(len(data), start + dice.choice([0, 1, 1, 2, 8, 60]))
        put = dice.choice([dice.choice(_ODD_BYTES), data[start:end] * 2, dice.randbytes(dice.randrange(4))])
        data = data[:start] + put + data[end:]
    return data


def mutated_text(text: str, dice: random.Random) -> str:
    """A text with a few places cut, moved or filled with something odd."""
    for _ in range(dice.choice([1, 1, 2, 4])):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice([0, 1, 3, 12, 80]))
        other = dice.randrange(len(text) + 1)
        put = dice.choice([dice.choice(_ODD_TEXTS), text[other : other + 20], text[start:end] * 2])
        text = text[:start] + put + text[end:]
    return text


def mutated_package(data: bytes, dice: random.Random) -> bytes:
    """A zip of which one part is mutated, left out or put in the place of another; or the bytes themselves."""
    if dice.random() < 0.15:
        return mutated(data, dice)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = dice.choice([each for each in parts if each.startswith("xl/")])
    match dice.randrange(10):
        case 0:
            del parts[name]
        case 1:
            parts[name] = parts[dice.choice(list(parts))]
        case _:
            parts[name] = mutated(parts[name], dice)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each, text in parts.items():
            archive.writestr(each, text)
    return target.getvalue()
