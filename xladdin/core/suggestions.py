"""What a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable

_FEWEST = 2  # letters that a word begins with


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word, in any case, or the shortest that begins so; empty where none is near."""
    import difflib  # of which a call that is right has no need

    by_small = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_small, n=1, cutoff=0.6)
    begun = sorted((name for name in by_small if len(word) >= _FEWEST and name.startswith(word.casefold())), key=len)
    return by_small[near[0]] if near else by_small[begun[0]] if begun else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as the end of a sentence, or nothing where none is near."""
    near = nearest(word, known)
    return f"; did you mean {near}" if near else ""
