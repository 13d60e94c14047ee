"""Series and expressions of pandas and polars: their numbers go in, and what comes out is of the same library.

Neither library is imported but when one of its own objects has come.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xladdin.core.arrays import np
from xladdin.core.calls import Signature
from xladdin.core.suggestions import did_you_mean, nearest

_LIBRARIES = ("pandas", "polars")
_LONGEST = 80  # of what was given, where it is quoted


def among(args: Sequence[Any]) -> list[Any]:
    """The Series and expressions among arguments."""
    return [value for value in args if _library(value) in _LIBRARIES and type(value).__name__ in ("Series", "Expr")]


def called(signature: Signature, call: Callable[..., Any], args: Sequence[Any]) -> Any:
    """A function called with Series among its arguments: a Series like the first, or an expression of expressions.

    The index stays; the name stays where all of them have it, as the libraries' own arithmetic keeps it.

    Raises
    ------
    ValueError
        When the Series have different indexes.
    """
    given = among(args)
    if any(type(value).__name__ == "Expr" for value in given):
        return _expression(signature, call, args)
    first = given[0]
    if _library(first) == "pandas":
        for other in given[1:]:
            if _library(other) == "pandas" and not first.index.equals(other.index):
                raise ValueError(f"{signature.name} takes Series of one index, not of {len(given)} that differ")
    return like(given, call(*(plain(value) for value in args)))


def like(given: Sequence[Any], result: Any) -> Any:
    """What an array of a value for each row is as a Series like those given; anything else is itself."""
    first = max(given, key=len)
    if np is None or np.shape(result) != (len(first),):
        return result
    if _library(first) == "polars":
        return type(first)(given[0].name, result)
    names = {other.name for other in given}
    return type(first)(result, index=first.index, name=names.pop() if len(names) == 1 else None)


def _expression(signature: Signature, call: Callable[..., Any], args: Sequence[Any]) -> Any:
    """The function as an expression, which polars calls when it computes the frame."""
    import polars

    places = [place for place, value in enumerate(args) if type(value).__name__ == "Expr"]

    def of_columns(columns: Sequence[Any]) -> Any:
        row = list(args)
        for place, column in zip(places, columns, strict=True):
            row[place] = column
        found = called(signature, call, row)
        return found if isinstance(found, polars.Series) else polars.Series(np.ravel(found))

    return polars.map_batches([args[place] for place in places], of_columns, return_dtype=polars.Float64)


def _library(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def is_blank(value: Any) -> bool:
    """Whether it stands for nothing: None, or pandas' own signs of it."""
    return value is None or (type(value).__name__ in ("NAType", "NaTType") and _library(value) == "pandas")


def without_masks(value: Any) -> Any:
    """An array of which a part is masked, or a list with such, as a list in which that part is blank."""
    numpy_ma: Any = sys.modules.get("numpy.ma")  # which is loaded where somebody has such an array
    if numpy_ma is None:
        return value
    if isinstance(value, numpy_ma.MaskedArray):
        return math.nan if value is numpy_ma.masked else value.tolist()
    nested = (numpy_ma.MaskedArray, list, tuple)
    if isinstance(value, (list, tuple)) and any(issubclass(kind, nested) for kind in set(map(type, value))):
        return [without_masks(member) for member in value]
    return value


def plain(value: Any) -> Any:
    """A Series as an array of numbers, a blank as NaN; or of what else it holds, a blank as None."""
    match _library(value):
        case "pandas" if getattr(value.dtype, "kind", "O") in "biuf":
            return value.to_numpy(dtype=np.float64, na_value=math.nan)
        case "pandas":
            found = value.to_numpy(dtype=object, na_value=None)
        case "polars":
            if value.dtype.is_numeric() and not value.dtype.is_decimal():
                return value.to_numpy().astype(np.float64)
            found = np.array(value.to_list(), dtype=object)
        case _:
            return without_masks(value)
    if any(isinstance(member, str) for member in found):
        return found
    return np.array([math.nan if member is None else member for member in found])


def apply(frame: Any, function: Any, **given: Any) -> Any:
    """A function over the rows of a DataFrame.

    Parameters
    ----------
    frame : DataFrame or LazyFrame
        Of pandas or polars. A column that is named like an argument is that argument.
    function : callable or str
        A function of xladdin, or its name: "liquidation_price" or "LEV_LIQPRICE".
    **given
        Arguments that are other columns, by their names, or one value for all rows.

    Returns
    -------
    Series or Expr
        A value for each row, named like the function; of a LazyFrame an expression.

    Examples
    --------
    >>> import polars
    >>> trades = polars.DataFrame({"entry": [50000.0, 3000.0], "lev": [10, 20], "side": ["long", "short"]})
    >>> apply(trades, "liquidation_price", leverage="lev", mmr=0.01).to_list()
    [45500.0, 3120.0]
    """
    call = function_of(function)
    return named_after(call, call(**columns_of(frame, call, given)))


def named_after(call: Callable[..., Any], found: Any) -> Any:
    """What a call has given for the rows of a frame, named like its function; one value is itself."""
    if not among([found]):
        return found
    return found.rename(call.__name__) if hasattr(found, "rename") else found.alias(call.__name__)


def columns_of(frame: Any, call: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a function by their names: columns of a frame, and one value for all rows.

    Raises
    ------
    TypeError
        When it is no frame, an argument is missing, or there is no such argument or column.
    ValueError
        When the frame has a column twice.
    """
    signature: Signature = call.signature
    if not is_frame(frame):
        raise TypeError(f"apply takes a DataFrame or LazyFrame of pandas or polars, not {shortened(frame)}")
    known = [argument.name for argument in signature.arguments]
    if unknown := sorted(given.keys() - set(known)):
        near = did_you_mean(unknown[0], known)
        raise TypeError(f"{signature.name} has no argument {', '.join(unknown)}{near}; it has {', '.join(known)}")
    is_lazy = type(frame).__name__ == "LazyFrame"
    names = frame.collect_schema().names() if is_lazy else list(frame.columns)

    def column(name: str) -> Any:
        if (count := names.count(name)) > 1:
            raise ValueError(f"the frame has {count} columns {name!r}; allowed is one of a name that is taken")
        if is_lazy:
            import polars

            return polars.col(name)
        return frame[name]

    for argument in signature.arguments:
        value = given.get(argument.name)
        takes_text = argument.kind.words is not None or argument.kind.is_text
        if isinstance(value, str) and not takes_text and value not in names:
            there_are = [str(name) for name in names]
            near = did_you_mean(value, there_are)
            raise TypeError(f"there is no column {value!r} for {argument.name}{near}; there are {', '.join(there_are)}")
    arguments = {name: column(name) for name in names if name in known and name not in given}
    arguments |= {
        name: column(value) if isinstance(value, str) and value in names else value for name, value in given.items()
    }
    _check_columns(signature, [str(name) for name in names], arguments, given)
    return arguments


def _check_columns(
    signature: Signature, names: list[str], arguments: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    """Refuse what lacks an argument, and a column that is named like one in other letters: it would be left out."""
    lacking = [each for each in signature.arguments if each.name not in arguments]
    missing = [each.name for each in lacking if each.required]
    taken = {value for value in given.values() if isinstance(value, str)}
    by_letters = {name.strip().casefold(): name for name in names if name not in taken}
    meant = {each.name: by_letters[each.name] for each in lacking if each.name in by_letters}
    meant |= {name: near for name in missing if name not in meant and (near := nearest(name, names))}
    if missing or meant:
        said = ", ".join(f'{name}="{column}"' for name, column in meant.items())
        needs = (
            f"{signature.name} needs {', '.join(missing)}" if missing else f"{signature.name} takes its columns by name"
        )
        raise TypeError(f"{needs}; did you mean {said}" if said else needs)


def is_frame(value: Any) -> bool:
    """Whether it is a frame of one of the libraries, or of a kind that is made of theirs."""
    frames = ("DataFrame", "LazyFrame")
    return any(
        kind.__name__ in frames and kind.__module__.partition(".")[0] in _LIBRARIES for kind in type(value).__mro__
    )


def shortened(value: Any) -> str:
    """What was given as a sentence quotes it: not at any length."""
    found = " ".join(repr(value).split())
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}..."


def function_of(function: Any) -> Any:
    """A function of xladdin, which may be given by its name."""
    if not isinstance(function, str):
        if not isinstance(getattr(function, "signature", None), Signature):
            raise TypeError(f"a function of xladdin or its name is wanted, not {shortened(function)}")
        return function
    from xladdin.core.catalog import functions

    for known in functions().values():
        if function in (known.name, known.python_name):
            import xladdin

            return getattr(xladdin, known.python_name)
    names = [name for known in functions().values() for name in (known.name, known.python_name)]
    raise ValueError(f"xladdin has no function {function!r}{did_you_mean(function, names)}")
