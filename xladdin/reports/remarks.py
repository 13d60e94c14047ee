"""The kinds of what is said of a run: a sentence is information, or it is a doubt."""

from __future__ import annotations

from collections.abc import Iterable


class Doubt(str):
    """A remark on data of which a wrong number may come, such as a line that is there twice.

    Any other remark, a plain text, is information: how a file was read, what was not needed of it. Whoever looks at
    nothing but what went wrong is told of doubts, and not of the rest.
    """

    __slots__ = ()


def doubts_in(remarks: Iterable[str]) -> list[str]:
    """The doubts among remarks, in their order."""
    return [remark for remark in remarks if isinstance(remark, Doubt)]
