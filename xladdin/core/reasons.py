"""Why a call gives an error: which argument, what it is and what it may be, in words for people.

A cell shows an error alone; `xladdin eval` and who calls from Python can be told more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xladdin.core import calls, catalog, cells, series
from xladdin.core.arrays import np
from xladdin.core.calls import Argument, Kind, Signature
from xladdin.core.catalog import Function
from xladdin.core.errors import CODES
from xladdin.core.suggestions import did_you_mean

_LONGEST = 40  # of a text that is quoted
_HUNDRED = 100.0
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(?=\.|\D|$)")
_NUMBER_IN_TEXT = re.compile(r"\s*[$\u20ac]?\s*(\d+(?:[.,]\d+)?)\s*(%?)\s*[x\u00d7]?\s*", re.IGNORECASE)

_UNDOCUMENTED = {"#NUM!": "what comes out is no number, or one that is too large for a cell"}


def why(function: Callable[..., Any], *args: Any) -> str:
    """Why a call gives an error.

    Parameters
    ----------
    function : callable
        A function of the catalogue, or its form for cells.
    *args
        What it is called with: numbers, words, lists of rows, or None for what is left out.

    Returns
    -------
    str
        The error and its reason; empty where the call gives a value. Of ranges the first error is explained.

    Examples
    --------
    >>> from xladdin.core.functions.liquidation import liquidation_price
    >>> why(liquidation_price, 50000, 10, 0.5)
    '#NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%'
    >>> why(liquidation_price, 50000, 10, 0.01)
    ''
    """
    signature: Signature = function.signature  # type: ignore[attr-defined]
    if signature.gives_text:
        return ""
    return why_of(signature, args, cells.call_with_cells(signature, _all(signature, args)))


def why_of(signature: Signature, args: Sequence[Any], result: Any) -> str:
    """Why what a function has given is an error, or the first of a range of results.

    Parameters
    ----------
    signature : Signature
        The function's.
    args
        What it was called with, as for `why`.
    result
        What it gave: a cell or a list of rows of cells.
    """
    given = _all(signature, args)
    if isinstance(result, list):
        place = next(
            ((down, across) for down, row in enumerate(result) for across, cell in enumerate(row) if cell in CODES),
            None,
        )
        if place is None:
            return ""
        result = result[place[0]][place[1]]
        if not signature.columns:
            if found := _shapes_that_differ(signature, given, place):
                return f"{result}: {found}"
            given = [_at(cell, argument, *place) for cell, argument in zip(given, signature.arguments, strict=True)]
    if not isinstance(result, str):
        return ""
    return f"{result}: {_reason(catalog.declared(signature.name), given, result)}"


def _all(signature: Signature, args: Sequence[Any]) -> list[Any]:
    """A value for each argument, None for what is left out, and arrays as lists."""
    given = [value.tolist() if hasattr(value, "tolist") else value for value in args]
    return [*given, *[None] * (len(signature.arguments) - len(given))]


def errors(function: Any, *args: Any, **named: Any) -> Any:
    """Why each NaN of a call is one, or each that `apply` gives for a frame.

    Parameters
    ----------
    function : callable, str or DataFrame
        A function of xladdin, or its name; or a frame of pandas or polars, with the function after it.
    *args, **named
        What it is called with: numbers, words, arrays, Series; of a frame what `apply` takes.

    Returns
    -------
    str, array of str or Series
        Shaped like what the function gives: the error and its reason, empty where there is a value.

    Examples
    --------
    >>> from xladdin.core.functions.liquidation import liquidation_price
    >>> errors(liquidation_price, [50000, 60000], 10, [0.01, 0.5]).tolist()
    ['', '#NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%']
    >>> import polars
    >>> trades = polars.DataFrame({"entry": [50000, 60000], "mmr": [0.01, 0.5]})
    >>> errors(trades, "liquidation_price", leverage=10).to_list()
    ['', '#NUM!: mmr 0.5 is 50%; the initial margin at 10x is 10%']
    """
    if series.is_frame(function):
        return _errors_of_rows(function, args, named)
    called: Any = series.function_of(function)
    signature: Signature = called.signature
    given = calls.positional(signature, args, named) if named else args
    frames = series.among(given)
    if any(type(value).__name__ == "Expr" for value in frames):
        raise TypeError("errors says why values are NaN, and an expression has none yet: collect the frame first")
    plain = [series.plain(value) for value in given]
    found = called(*plain)
    if np is None or np.ndim(found) == 0 or signature.columns:
        return why(called, *map(_cell, plain)) or _left_blank(signature, plain, plain)
    rows = [
        np.broadcast_to(np.asarray(value, dtype=object), found.shape).ravel() if argument.kind.broadcasts else None
        for value, argument in zip(plain, signature.arguments, strict=False)
    ]
    reasons = np.full(found.size, "", dtype=object)
    for place in np.flatnonzero(np.isnan(found.ravel())):
        row = [whole if members is None else members[place] for members, whole in zip(rows, plain, strict=True)]
        reasons[place] = why(called, *map(_cell, row)) or _left_blank(signature, plain, row)
    return series.like(frames, reasons) if frames else reasons.reshape(found.shape)


def _errors_of_rows(frame: Any, args: Sequence[Any], given: Mapping[str, Any]) -> Any:
    if len(args) != 1:
        raise TypeError(
            "errors of a frame takes one function after it and arguments by name, as apply does: "
            'errors(frame, "liquidation_price", leverage=10)'
        )
    call = series.function_of(args[0])
    return series.named_after(call, errors(call, **series.columns_of(frame, call, given)))


def _left_blank(signature: Signature, given: Sequence[Any], row: Sequence[Any]) -> str:
    """Which argument with a default is blank: in Python that makes no value, for NaN may be a failed result."""
    for argument, whole, value in zip(signature.arguments, given, row, strict=False):
        if whole is not None and _cell(value) is None:
            return f"#N/A: {argument.name} is blank; allowed is {argument.kind.domain}, or to leave it out altogether"
        if isinstance(value, str) and not value:
            return f"#VALUE!: {argument.name} is an empty text; allowed is {argument.kind.domain}"
    return ""


def _cell(value: Any) -> Any:
    """An element as a cell would hold it."""
    return None if series.is_blank(value) or (isinstance(value, float) and value != value) else value


def _at(cell: Any, argument: Argument, down: int, across: int) -> Any:
    """What stands at a place of a range."""
    if not argument.kind.broadcasts or not isinstance(cell, (list, tuple)):
        return cell
    rows = cells.as_rows(cell)
    row = rows[down if len(rows) > 1 else 0]
    return row[across if len(row) > 1 else 0]


def _shapes_that_differ(signature: Signature, given: Sequence[Any], place: tuple[int, int] | None = None) -> str:
    """Which ranges do not fit together, or do not reach to a place in what they give; empty where all do."""
    shapes = {
        argument.name: (len(rows), len(rows[0]))
        for cell, argument in zip(given, signature.arguments, strict=True)
        if argument.kind.broadcasts and isinstance(cell, (list, tuple)) and (rows := cells.as_rows(cell))
    }
    if place:
        fit = all(
            length == 1 or reached < length
            for shape in shapes.values()
            for length, reached in zip(shape, place, strict=True)
        )
    else:
        fit = all(
            len({length for length in lengths if length > 1}) <= 1 for lengths in zip(*shapes.values(), strict=True)
        )
    if fit:
        return ""
    where = f" at row {place[0] + 1}, column {place[1] + 1}" if place else ""
    found = ", ".join(f"{name} is {down} x {across}" for name, (down, across) in shapes.items())
    return (
        f"the shapes of the ranges do not fit together{where}: {found} (rows x columns); "
        "allowed is as many as the others have, or 1"
    )


def _reason(function: Function, given: Sequence[Any], error: str) -> str:
    try:
        values = [cells.convert(cell, argument) for cell, argument in zip(given, function.arguments, strict=True)]
        if not function.columns and (found := _shapes_that_differ(function.signature, given)):
            return found
    except cells.ShapeError:
        return "a range has rows of different lengths, or none"
    for cell, value, argument in zip(given, values, function.arguments, strict=True):
        takes_one = argument.kind.is_text or (argument.kind.broadcasts and not isinstance(value, (float, str)))
        if takes_one and len(_cells_of(cell)) > 1:
            return f"{argument.name} is a range, where one value is wanted"
    values = [
        calls.single(value, argument) if argument.kind.broadcasts else value
        for value, argument in zip(values, function.arguments, strict=True)
    ]
    found = _of_ranges(function, given, values)
    for cell, value, argument in zip(given, values, function.arguments, strict=True):
        if calls.is_error(value):
            return (
                _of_a_cell(cell, value, argument, function.arguments)
                or _of_a_table(cell, argument)
                or _documented(function, error, f"allowed for {argument.name}: {_help(function, argument)}")
            )
    if found:
        return found
    paired, _ = calls.paired(function.arguments, values)
    for value, argument in zip(paired, function.arguments, strict=True):
        kind = argument.kind
        if isinstance(value, float) and not kind.is_series and not kind.low <= value <= kind.high:
            return f"{argument.name} is {value:.15g}; allowed is {kind.domain}{_as_percent(value, argument)}"
    if function.columns and error == "#REF!":
        return f"row is {paired[-1]:.15g}; there are fewer"
    own = function.signature.explain
    count = len(paired) - len(function.choosing)
    return (own(*paired[:count]) if own else "") or _documented(function, error)


def _of_a_cell(cell: Any, value: float, argument: Argument, arguments: Sequence[Argument]) -> str:
    kind = argument.kind
    while isinstance(cell, (list, tuple)) and len(cell) == 1:
        (cell,) = cell
    if cells.is_blank(cell):
        return f"{argument.name} is blank and has no default"
    if isinstance(cell, str) and cell in CODES:
        return f"{argument.name} is {cell} itself"
    if isinstance(cell, (list, tuple)):
        return ""
    shown = _shown(cell)
    if kind.words is not None:
        return f"{argument.name} is {shown}; allowed is {kind.domain}{_meant(cell, argument, arguments)}"
    if isinstance(cell, str):
        meant = _as_number(cell) or _taking(cell, arguments)
        return f"{argument.name} is the text {shown}; allowed is {_in_words(kind)}{meant}"
    return ""


def _of_a_table(cell: Any, argument: Argument) -> str:
    """Which cell of a table is no number."""
    if argument.kind.read_table is None or not isinstance(cell, (list, tuple)):
        return ""
    for down, row in enumerate(cells.as_rows(cell), start=1):
        for across, member in enumerate(row, start=1):
            if calls.is_error(cells.number_of(member)) and not cells.is_blank(member):
                return f"{argument.name} has {_shown(member)} in row {down}, column {across}; allowed is a number"
    return ""


def _help(function: Function, argument: Argument) -> str:
    """The first sentence on what an argument is, as the end of one."""
    said = function.argument_help[argument.name].partition(". ")[0].rstrip(".")
    return said[:1].lower() + said[1:]


def _meant(cell: Any, argument: Argument, arguments: Sequence[Argument]) -> str:
    """The nearest word, or the argument of which it is one, as the end of a sentence."""
    if not isinstance(cell, str):
        return ""
    return _taking(cell, arguments) or did_you_mean(
        cell, [known for known in argument.kind.words or () if known and isinstance(known, str)]
    )


def _taking(text: str, arguments: Sequence[Argument]) -> str:
    """The arguments of which a text is a word, as the end of a sentence."""
    word = text.strip().casefold()
    taking = [other.name for other in arguments if other.kind.words and word in other.kind.words]
    return f"; {_shown(text)} is a word of {' and '.join(taking)}" if taking else ""


def _in_words(kind: Kind) -> str:
    """What is allowed in the place of a text."""
    if kind.read_table:
        return kind.domain
    return "a number" if kind.domain == "any number" else f"a number {kind.domain}"


def _as_number(text: str) -> str:
    """How a text that is meant as a number is written as one."""
    if not text.strip().startswith("0"):
        text = _THOUSANDS.sub(lambda written: written[0].replace(",", ""), text)
    found = _NUMBER_IN_TEXT.fullmatch(text)
    return f"; write {found[1].replace(',', '.')}{found[2] or ''}, without quotation marks" if found else ""


def _as_percent(value: float, argument: Argument) -> str:
    """How a number that may be one of percent is written as a fraction."""
    if not argument.kind.unit.startswith("fraction") or not 1 <= value <= _HUNDRED:
        return ""
    return f"; {value:.15g}% is written {value:.15g}% or {value / _HUNDRED:.15g}"


def _shown(cell: Any) -> str:
    """What stands in a cell: an error as it is, anything else in quotation marks and not at any length."""
    if isinstance(cell, str) and cell in CODES:
        return cell
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return repr(cell if len(str(cell)) <= _LONGEST else f"{str(cell)[:_LONGEST]}...")


def _cells_of(cell: Any) -> list[Any]:
    """The cells of a range one after another; of a single cell itself."""
    if hasattr(cell, "tolist"):
        cell = cell.tolist()
    return [member for row in cells.as_rows(cell) for member in row] if isinstance(cell, (list, tuple)) else [cell]


def _of_ranges(function: Function, given: Sequence[Any], values: Sequence[Any]) -> str:
    """What is wrong with the ranges that are taken whole: their lengths, or a member."""
    series = [
        (argument, _cells_of(cell), value)
        for argument, cell, value in zip(function.arguments, given, values, strict=True)
        if argument.kind.is_series and isinstance(value, list)
    ]
    whole = [(argument, value) for argument, _, value in series if not (argument.kind.repeats and len(value) == 1)]
    if len({len(value) for _, value in whole}) > 1:
        found = ", ".join(f"{argument.name} {len(value)}" for argument, value in whole)
        return f"the ranges differ in length: {found}"
    filled = [any(member is not None for member in row) for row in zip(*(value for _, value in whole), strict=True)]
    for argument, written, value in series:
        kind = argument.kind
        for place, member in enumerate(value, start=1):
            if member is None:
                if (
                    argument.required
                    and "" not in (kind.words or {})
                    and (len(value) != len(filled) or filled[place - 1])
                ):
                    return f"{argument.name} is blank at place {place}, where others are filled in"
            elif calls.is_error(member) and isinstance(written[place - 1], float):
                return f"{argument.name} is blank at place {place}; allowed is {kind.domain}"
            elif calls.is_error(member):
                shown = _shown(written[place - 1])
                return f"{argument.name} has {shown} at place {place}; allowed is {kind.domain}"
            elif not kind.low <= member <= kind.high:
                return f"{argument.name} has {member:.15g} at place {place}; allowed is {kind.domain}"
    return "" if not series or any(filled) else f"{series[0][0].name} is blank"


def _documented(function: Function, error: str, otherwise: str = "") -> str:
    """What the documentation of the result says of the error, or what is said otherwise."""
    _, meaning = function.result
    parts = [part.strip(" .;").removeprefix(error).strip() for part in re.split(r"[.;] ", meaning) if error in part]
    # The domains have been looked at before.
    said = re.sub(r",? ?(?:and |or )?outside the domains above", "", "; ".join(parts))
    said = said.removeprefix("when ") or otherwise or _UNDOCUMENTED.get(error, "")
    return said or f"{function.name} has no value for these arguments"
