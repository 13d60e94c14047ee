"""How what was found stands in a sentence: not too long, and a list of it not without end."""

from __future__ import annotations

from collections.abc import Sequence


def cut(text: str, length: int = 80) -> str:
    """A text as it is quoted in a message."""
    return text if len(text) <= length else f"{text[:length]}\u2026"


def listed(texts: Sequence[str], most: int = 30) -> str:
    """Texts as they are listed in a message: the first of them where there are many."""
    shown = ", ".join(cut(text) for text in texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most} more"
