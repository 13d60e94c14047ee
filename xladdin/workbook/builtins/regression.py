"""Lines through points by least squares: LINEST, LOGEST, TREND and GROWTH."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xladdin.core.errors import NA, NUM, REF
from xladdin.core.errors import VALUE as VALUE_ERROR
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import Block
from xladdin.workbook.builtins.registry import ARRAY, VALUE, block_of, of_ranges

_SAME = 1e-14  # of its square: what is left of a variable that the others make up
Floats = NDArray[np.float64]


class _FaultError(ArithmeticError):
    """What is given is no points; with the error that a cell shows."""

    def __init__(self, shown: float) -> None:
        super().__init__()
        self.shown = shown


@dataclass(frozen=True)
class _Fit:
    """A line, or a plane: the slope of each variable, and what it is where all of them are 0."""

    slopes: Floats
    constant: float
    variables: Floats  # a column for each
    values: Floats
    kept: list[int]  # the variables that the others do not make up
    has_constant: bool

    def at(self, variables: Floats) -> Floats:
        found: Floats = variables @ self.slopes + self.constant
        return found


def _numbers(argument: Any) -> Floats:
    """A range of numbers alone, in rows.

    Raises
    ------
    _FaultError
        When it holds anything else.
    """
    rows = block_of(argument)
    for cell in (cell for row in rows for cell in row):
        if type(cell) is not float:
            raise _FaultError(VALUE_ERROR)
        if cell != cell:
            raise _FaultError(cell)
    return np.array(rows, dtype=np.float64)


def _points(known_y: Any, known_x: Any) -> tuple[Floats, Floats, bool]:
    """The values, the variables with a column for each, and whether these stood in rows."""
    values = _numbers(known_y)
    variables = np.arange(1.0, values.size + 1).reshape(values.shape) if known_x is None else _numbers(known_x)
    if variables.shape == values.shape:
        return values.ravel(), variables.reshape(-1, 1), False
    if values.shape[1] == 1 and variables.shape[0] == values.shape[0]:
        return values.ravel(), variables, False
    if values.shape[0] == 1 and variables.shape[1] == values.shape[1]:
        return values.ravel(), variables.T, True
    raise _FaultError(REF)


def _fitted(values: Floats, variables: Floats, *, has_constant: bool) -> _Fit:
    centre = variables.mean(axis=0) if has_constant else np.zeros(variables.shape[1])
    level = float(values.mean()) if has_constant else 0.0
    moved, heights = variables - centre, values - level
    kept: list[int] = []
    for index in range(variables.shape[1]):
        column = moved[:, index]
        others = moved[:, kept]
        left = column - others @ np.linalg.lstsq(others, column, rcond=None)[0] if kept else column
        if float(left @ left) > _SAME * float(variables[:, index] @ variables[:, index]):
            kept.append(index)
    slopes = np.zeros(variables.shape[1])
    if kept:
        directions, triangle = np.linalg.qr(moved[:, kept])
        slopes[kept] = np.linalg.solve(triangle, directions.T @ heights)
    constant = level - float(centre @ slopes) if has_constant else 0.0
    return _Fit(slopes, constant, variables, values, kept, has_constant)


def _statistics(fit: _Fit, width: int) -> Block:
    """The four lines below the slopes: how sure they are, how well the line fits, by how many points."""
    left = fit.values - fit.at(fit.variables)
    heights = fit.values - (fit.values.mean() if fit.has_constant else 0.0)
    unexplained, total = float(left @ left), float(heights @ heights)
    explained = total - unexplained
    free = len(fit.values) - len(fit.kept) - fit.has_constant
    spread = float(np.sqrt(unexplained / free)) if free > 0 else 0.0
    columns_of = [fit.variables[:, fit.kept], *([np.ones((len(left), 1))] if fit.has_constant else [])]
    inverse = np.linalg.pinv(np.column_stack(columns_of)) if fit.kept or fit.has_constant else np.zeros((0, 0))
    errors = iter((spread * np.sqrt((inverse**2).sum(axis=1))).tolist())
    of_slopes = [next(errors) if index in fit.kept else 0.0 for index in range(width)]
    sure = [*of_slopes[::-1], next(errors) if fit.has_constant else NA]
    ratio = explained / len(fit.kept) / (unexplained / free) if fit.kept and free > 0 and unexplained else NUM
    pairs = [[explained / total if total else 1.0, spread], [ratio, float(free)], [explained, unexplained]]
    return [sure, *([*pair, *[NA] * (width - 1)] for pair in pairs)]


def _logarithms(known_y: Any) -> Block:
    values = _numbers(known_y)
    if (values <= 0).any():
        raise _FaultError(NUM)
    found: Block = np.log(values).tolist()
    return found


def _estimated(known_y: Any, known_x: Any, constant: Any, statistics: Any, *, is_power: bool) -> Any:
    try:
        values, variables, _ = _points(_logarithms(known_y) if is_power else known_y, known_x)
        fit = _fitted(values, variables, has_constant=bool(columns.truth(constant)))
    except _FaultError as found:
        return found.shown
    line = [*fit.slopes.tolist()[::-1], fit.constant]
    rows: Block = [[float(np.exp(number)) for number in line] if is_power else line]
    return rows + _statistics(fit, len(fit.slopes)) if columns.truth(statistics) is True else rows


def _predicted(known_y: Any, known_x: Any, new_x: Any, constant: Any, *, is_power: bool) -> Any:
    try:
        values, variables, in_rows = _points(_logarithms(known_y) if is_power else known_y, known_x)
        fit = _fitted(values, variables, has_constant=bool(columns.truth(constant)))
        asked = _numbers(new_x if new_x is not None else known_x if known_x is not None else known_y)
        if new_x is None and known_x is None:
            asked = np.arange(1.0, values.size + 1).reshape(asked.shape)
        if len(fit.slopes) == 1:
            shape, points = asked.shape, asked.reshape(-1, 1)
        else:
            points = asked.T if in_rows else asked
            if points.shape[1] != len(fit.slopes):
                raise _FaultError(REF)
            shape = (1, len(points)) if in_rows else (len(points), 1)
    except _FaultError as found:
        return found.shown
    result = fit.at(points).reshape(shape)
    return (np.exp(result) if is_power else result).tolist()


def _declare(estimate: str, predict: str, *, is_power: bool) -> None:
    @of_ranges(estimate, ARRAY, ARRAY, VALUE, VALUE, required=1, omitted_is_default=True)
    def estimated(known_y: Any, known_x: Any = None, constant: Any = True, statistics: Any = False) -> Any:
        return _estimated(known_y, known_x, constant, statistics, is_power=is_power)

    @of_ranges(predict, ARRAY, ARRAY, ARRAY, VALUE, required=1, omitted_is_default=True)
    def predicted(known_y: Any, known_x: Any = None, new_x: Any = None, constant: Any = True) -> Any:
        return _predicted(known_y, known_x, new_x, constant, is_power=is_power)


_declare("LINEST", "TREND", is_power=False)
_declare("LOGEST", "GROWTH", is_power=True)
