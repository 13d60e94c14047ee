"""What a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable

_FEWEST = 2  # letters that a word begins with


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word, in any case, or the shortest that begins so; empty where none is near.

    Another number is no slip of the pen: it is another year, or another input of several.
    """
    import difflib  # of which a call that is right has no need

    by_small = {name.casefold(): name for name in known if not _is_of_other_digits(name, word)}
    near = difflib.get_close_matches(word.casefold(), by_small, n=1, cutoff=0.6)
    begun = sorted((name for name in by_small if len(word) >= _FEWEST and name.startswith(word.casefold())), key=len)
    return by_small[near[0]] if near else by_small[begun[0]] if begun else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as the end of a sentence, or nothing where none is near."""
    near = nearest(word, known)
    return f"; did you mean {near}" if near else ""


def _is_of_other_digits(name: str, word: str) -> bool:
    def letters(text: str) -> str:
        return "".join(letter for letter in text.casefold() if not letter.isdigit())

    return len(letters(word)) < len(word) and len(letters(name)) < len(name) and letters(name) == letters(word)
