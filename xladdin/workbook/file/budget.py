"""How large a workbook may be, so that none takes the memory or the day of a machine without being asked for.

All limits follow from one size: what a file may be unpacked. A cell of XML takes some twenty bytes, and what we keep
of it some fifty times that, so the rest is a share of the size.
"""

from __future__ import annotations

import contextlib
import functools
import re
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from xladdin.core.errors import UnreadableError, UserError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_MOST_MEMBERS = 10_000
ROUNDS_A_STEP = 100  # of a loop that is as long as a cell says
_FORMULAS_A_SECOND = 10_000  # that are read, turned and computed; and the others as they were measured in November 2026
_NAMES_A_SECOND = 20_000
_SHEETS_A_SECOND = 3_000
_BYTES_A_SECOND = 2_500_000
_CELLS_A_SECOND = 10_000_000  # that formulas look at, where a function goes over them one by one
_WORTH_A_WORD = 3  # seconds: on a machine that is busy or slow it is more than ten


@dataclass(frozen=True)
class Budget:
    """What a workbook may hold.

    Attributes
    ----------
    size : int
        The bytes of its parts together, when they are unpacked.
    """

    size: int

    @property
    def members(self) -> int:
        """How many parts it may have."""
        return _MOST_MEMBERS

    @property
    def large(self) -> int:
        """The bytes that a part may have however small it is packed."""
        return self.size // 10

    @property
    def ratio(self) -> int:
        """How many times its packed bytes a larger part may have: a sheet has some 30, and no zip more than 1,032."""
        return max(self.size, DEFAULT.size) // 2**19

    @property
    def filled(self) -> int:
        """How many cells its array formulas and what-if tables may fill."""
        return self.size // 400

    @property
    def computed(self) -> int:
        """How many values an array may have while it is computed."""
        return self.size // 64

    @property
    def steps(self) -> int:
        """How many steps all formulas may take: calls of functions that a workbook defines itself, and long loops."""
        return self.size // 200


DEFAULT = Budget(100 * 2**20)
_BUDGET: ContextVar[Budget] = ContextVar("budget", default=DEFAULT)
_LEFT: ContextVar[list[int]] = ContextVar("steps that are left", default=[sys.maxsize])  # noqa: B039


_TELL: ContextVar[Callable[[str], object]] = ContextVar("who is told", default=lambda sentence: None)


class CellFaultError(UnreadableError):
    """What keeps a cell from being computed."""

    def __init__(self, sentence: str, *, is_placed: bool = False) -> None:
        super().__init__(sentence)
        self._is_placed = is_placed

    def of(self, where: object) -> CellFaultError:
        """The same with where it is; what is said already stays."""
        return self if self._is_placed else type(self)(f"cell {where}: {self}", is_placed=True)


class OverBudgetError(CellFaultError):
    """A workbook that is larger than it may be, or a cell that computes more than it may."""


def budget() -> Budget:
    """What workbooks may hold now."""
    return _BUDGET.get()


@contextlib.contextmanager
def allowed(size: int) -> Iterator[None]:
    """Allow workbooks that unpack to so many bytes, for a while."""
    token = _BUDGET.set(Budget(size))
    try:
        yield
    finally:
        _BUDGET.reset(token)


def refuse(what: str, found: int, most: int) -> OverBudgetError:
    """The sentence for what is too much, with how to allow it."""
    size = -(-budget().size * found // most)
    return OverBudgetError(
        f"{what}; allowed are {most:,}, against files that are made to fill a machine: if it is meant, say --max-size "
        f"{shown(size)}."
    )


def check_computed(height: int, width: int) -> None:
    """Refuse an array of so many rows and columns before it is made, where that is too many values.

    Raises
    ------
    OverBudgetError
        When it is.
    """
    count, most = height * width, budget().computed
    if count > most:
        raise refuse(f"an array of {height:,} x {width:,} values is computed", count, most)


@contextlib.contextmanager
def telling(tell: Callable[[str], object]) -> Iterator[None]:
    """Have somebody told of what takes long before it does, of each once."""
    token = _TELL.set(functools.cache(tell))
    try:
        yield
    finally:
        _TELL.reset(token)


def tell_of_reading(path: object, size: int, *, sheets: int, formulas: int, names: int) -> None:
    """Say that it takes long to read so many bytes and compute so many formulas, where it does."""
    seconds = (
        size / _BYTES_A_SECOND + sheets / _SHEETS_A_SECOND + formulas / _FORMULAS_A_SECOND + names / _NAMES_A_SECOND
    )
    if seconds >= _WORTH_A_WORD:
        what = f"{-(-size // 2**20)} MB of cells (sheets: {sheets:,}, formulas: {formulas:,}, names: {names:,})"
        _TELL.get()(f"{path} has {what}: it takes some {seconds:.0f} seconds to read and compute it once.")


def tell_of_looking(path: object, cells: int) -> None:
    """Say that it takes long where formulas look at so many cells, each counted as often as it is looked at."""
    if cells >= _CELLS_A_SECOND * _WORTH_A_WORD:
        minutes = cells / _CELLS_A_SECOND / 60
        _TELL.get()(
            f"{path} has formulas that look at {cells:,} cells together: it takes from some seconds to "
            f"{max(minutes, 1):.0f} min to compute it once."
        )


@contextlib.contextmanager
def counted_steps(rows: int = 1) -> Iterator[None]:
    """Count the steps of what follows, which is computed for so many rows."""
    token = _LEFT.set([budget().steps * max(rows, 1)])
    try:
        yield
    finally:
        _LEFT.reset(token)


@contextlib.contextmanager
def in_file(path: object) -> Iterator[None]:
    """Say of which file it is what is too much or too deep."""
    try:
        yield
    except CellFaultError as found:
        raise type(found)(f"{path}, {found}", is_placed=True) from found.__cause__
    except RecursionError:
        raise UnreadableError(f"{path} has a formula that is nested too deep to be computed.") from None


def step(count: int = 1) -> None:
    """Count a step, or several.

    Raises
    ------
    OverBudgetError
        When it is one too many.
    """
    left = _LEFT.get()
    left[0] -= count
    if left[0] < 0:
        most = budget().steps
        raise refuse("what it computes takes too many steps", max(2 * most, count), most)


def size_of(text: str) -> int:
    """A size that somebody wrote, such as 500MB or 2 GB, in bytes.

    Raises
    ------
    UserError
        When it is none.

    Examples
    --------
    >>> size_of("500MB")
    524288000
    """
    found = _SIZE.fullmatch(text.strip())
    size = int(float(found[1]) * _UNITS[found[2].upper()]) if found else 0
    if not size:
        raise UserError(f"{text[:40]!r} is no size; allowed is one above zero such as 500MB or 2GB.")
    return size


def shown(size: int) -> str:
    """A size as somebody writes it, rounded up."""
    return f"{-(-size // 2**20)}MB" if size < 10 * 2**30 else f"{-(-size // 2**30)}GB"
