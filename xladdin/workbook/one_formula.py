"""One formula without a workbook, as the command line and Python have it."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from xladdin.core.calls import Signature
from xladdin.core.errors import CODES
from xladdin.core.reasons import why_of
from xladdin.core.series import shortened
from xladdin.workbook import columns, engine
from xladdin.workbook.builtins.long_range import LongRange
from xladdin.workbook.dates import counted_from
from xladdin.workbook.expressions import Expressions
from xladdin.workbook.file.budget import counted_steps, in_file
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.place import Place
from xladdin.workbook.references import parsed
from xladdin.workbook.resolver import Resolver
from xladdin.workbook.terms import Cells, NotCompiledError, Term, UnknownFunctionError, shown

Told = Callable[[str], None]


def evaluate(formula: str, told: Told | None = None) -> Any:
    """The value of one formula: a number, text, a boolean, an error as text, or a list of rows.

    Parameters
    ----------
    formula : str
        With or without its equals sign. It stands in no sheet, so that of a cell no more than its address is known.
    told : callable, optional
        Given the reason, in a sentence's words, wherever one of our functions gives an error that it was not given, or
        a spreadsheet would not take the formula.

    Raises
    ------
    FormulaError
        When the text is not a formula, or asks for what is in a cell.
    TypeError
        When it is no text.

    Examples
    --------
    >>> evaluate("=LEV_LIQPRICE(50000, 10, 1%)")
    45500.0
    """
    if not isinstance(formula, str):
        raise TypeError(f"evaluate takes a formula as text, such as '=1+1', not {shortened(formula)}")
    text = engine.checked(formula)
    model = _empty()
    expressions = Expressions(Resolver(model)) if told is None else _Explained(Resolver(model), told=told)
    here = Place(next(iter(model.sheets)), 1, 1)
    with counted_from(model.epoch), counted_steps(), in_file(engine.short(formula)), np.errstate(all="ignore"):
        try:
            found = expressions.formula(parsed(text), here, is_array=True).evaluate(_NoCells({}))
        except UnknownFunctionError:
            return "#NAME?"
        except NotCompiledError as reason:
            if told is not None:
                told(str(reason))
            return "#VALUE!"
    return _as_cells(found)


class _NoCells(Cells):
    """The cells of a formula that stands alone: there are none, and what a blank gives would be an invented number."""

    def __missing__(self, key: Any) -> Any:
        if isinstance(key, Place):
            cell = reference_of(key.address)
            raise engine.FormulaError(
                f"There is no cell {cell}: a formula here stands in no sheet; write the value in the place of {cell}."
            )
        return super().__missing__(key)


@functools.cache
def _empty() -> Model:
    """A workbook with nothing in it."""
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return read_model(Path("formula.xlsx"), file.getvalue())


@dataclass
class _Explained(Expressions):
    """The parts of a formula of which it is told why they give an error.

    Attributes
    ----------
    told : callable
        Is given each reason.
    """

    told: Told = lambda reason: None

    def explain(self, reason: str) -> None:
        self.told(reason)

    def catalogue(self, signature: Signature, terms: Sequence[Term], *, all_rows: bool) -> Term:
        term = super().catalogue(signature, terms, all_rows=all_rows)

        def evaluate(cells: Cells) -> Any:
            found = term.evaluate(cells)
            result = _as_cells(found)
            if has_error(result):
                reason = why_of(signature, [_as_given(each.evaluate(cells)) for each in terms], result)
                if reason and not reason.endswith("itself"):
                    self.explain(f"{signature.name} gives {reason}")
            return found

        return replace(term, evaluate=evaluate)


def _as_cells(found: Any) -> Any:
    """A value as a cell shows it; a range of one cell is one."""
    rows = found.block if isinstance(found, LongRange) else found
    if not isinstance(rows, list):
        return columns.to_cell(shown(rows))
    if len(rows) == 1 and len(rows[0]) == 1:
        return columns.to_cell(shown(rows[0][0]))
    return [[columns.to_cell(shown(cell)) for cell in row] for row in rows]


def _as_given(value: Any) -> Any:
    """An argument as a cell has it: a blank is none."""
    rows = value.block if isinstance(value, LongRange) else value
    if not isinstance(rows, list):
        return columns.to_cell(rows)
    return [[columns.to_cell(cell) for cell in row] for row in rows]


def has_error(value: Any) -> bool:
    """Whether a formula's value is an error, or a block with one in it."""
    return any(map(has_error, value)) if isinstance(value, list) else isinstance(value, str) and value in CODES
