"""How what was found stands in a sentence: not too long, and a list of it not without end."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_LIST = 400  # characters, so that the sentence with the list is read


def cut(text: str, length: int = 80) -> str:
    """A text as it is quoted in a message."""
    return text if len(text) <= length else f"{text[:length]}\u2026"


def listed(texts: Sequence[str], most: int = 30, length: int = _LONGEST_LIST) -> str:
    """Texts as they are listed in a message: the first of them where there are many, or they are long."""
    shown: list[str] = []
    for text in texts[:most]:
        if shown and len(", ".join([*shown, cut(text)])) > length:
            break
        shown.append(cut(text))
    left = len(texts) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
