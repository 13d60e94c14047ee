"""How a function is called: the one way through domain checks and broadcasting that every function shares.

A body is plain arithmetic on floats or arrays. Here its arguments are brought into the form it expects: numbers
inside their domain, choices as their canonical word or sign, series as lists, tables as what their reader makes.
One number that is out of its domain costs its own element and no other. Arrays are evaluated in blocks that stay
in the processor's cache, which is what makes a million rows cost a few memory copies.

Without numpy everything here still works, one element at a time (LibreOffice brings a Python without numpy on
Windows and macOS).
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xladdin.core.arrays import np
from xladdin.core.errors import CODES, NA, NUM, REF, VALUE
from xladdin.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = sys.float_info.max
ALL = "all"  # of the columns of a function that gives rows
BLOCK = 32768  # doubles: the few arrays that a formula needs at once fit the second-level cache

_CODE_VALUES = tuple(CODES.values())


@dataclass(frozen=True)
class Kind:
    """What an argument may be: its unit, and the numbers, words, range or table that it accepts.

    `low` and `high` are inclusive; an open bound is the next float inside it. Where a blank member of a series stands
    for something, its words have an empty one.
    """

    unit: str
    domain: str = ""
    low: float = -LARGEST
    high: float = LARGEST
    words: dict[str | float, Any] | None = None
    is_series: bool = False
    repeats: bool = False  # a series of which one value stands for every row
    is_text: bool = False  # any text, as it is
    read_table: Callable[[list[list[float]]], Any] | None = None
    native_table: str = ""  # the same check as a formula of `table_rows`, which gives the rows or an error

    @functools.cached_property
    def options(self) -> tuple[Any, ...]:
        """The canonical values of a choice, each once."""
        return tuple(dict.fromkeys((self.words or {}).values()))

    @functools.cached_property
    def is_sign(self) -> bool:
        """Whether the choice is itself a number that the body multiplies by."""
        return self.words is not None and all(isinstance(option, float) for option in self.options)

    @functools.cached_property
    def limits(self) -> tuple[float, float]:
        """The bounds of a converted value; a choice was checked when it was read."""
        return (self.low, self.high) if self.words is None else (-LARGEST, LARGEST)

    @functools.cached_property
    def broadcasts(self) -> bool:
        return not self.is_series and not self.is_text and self.read_table is None


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function: its name, its kind and, when it may be left out, its default."""

    name: str
    kind: Kind
    required: bool
    default: Any  # as the body takes it
    shown_default: Any  # as it is written in the signature


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call needs to know of a function.

    Attributes
    ----------
    columns : tuple of str
        What a function that gives rows calls the values of each; empty where it gives one value. Such a function ends
        in two arguments that its body does not see: `column`, where there are several, and `row`.
    row_each : bool
        Whether the rows given are those of its series, so that one that is blank keeps its place.
    explain : callable, optional
        Given what the body is given, why there is no value; empty where it does not know.
    gives_text : bool
        Whether it gives a text, of no arguments.
    """

    name: str
    body: Callable[..., Any]
    arguments: tuple[Argument, ...]
    columns: tuple[str, ...] = ()
    row_each: bool = False
    explain: Callable[..., str] | None = None
    gives_text: bool = False
    has_series: bool = field(init=False)
    singles: tuple[int, ...] = field(init=False)  # places of the arguments of which a range is one of calls

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_series", any(argument.kind.is_series for argument in self.arguments))
        places = (place for place, argument in enumerate(self.arguments) if argument.kind.broadcasts)
        object.__setattr__(self, "singles", tuple(places))

    @property
    def choosing(self) -> int:
        """How many of the last arguments choose among the rows of a function that gives such."""
        return min(len(self.columns), 2)

    @property
    def required(self) -> int:
        """How many arguments have to be given."""
        return sum(argument.required for argument in self.arguments)


def is_error(value: Any) -> bool:
    """Whether a converted argument is an error (a NaN, with or without a code)."""
    return isinstance(value, float) and value != value


def fast_call(
    signature: Signature,
    general: Callable[[tuple[Any, ...]], Any],
    finish: Callable[[float], Any],
) -> Callable[..., Any]:
    """A callable that sends plain numbers and words straight to the body and everything else to `general`.

    `finish` says what becomes of a result that is not a finite number.
    """
    body = signature.body
    if signature.gives_text:
        return functools.wraps(body)(lambda: body())
    names = tuple(argument.name for argument in signature.arguments)
    takes_whole = bool(signature.columns) or signature.has_series
    required, most = signature.required, len(names)
    # What the loop needs of each argument, as plain tuples: attribute look-ups would double its cost.
    checks = [
        (
            (1.0, 0.0)
            if argument.kind.words is not None or not argument.kind.broadcasts
            else (argument.kind.low, argument.kind.high)
        )
        + (argument.kind.words or {}, argument.required)
        for argument in signature.arguments
    ]
    defaults = [None if argument.kind.is_series else argument.default for argument in signature.arguments]

    def call(*args: Any, **named: Any) -> Any:
        if named:
            args = positional(signature, args, named)
        count = len(args)
        if not required <= count <= most:
            raise TypeError(f"{signature.name} takes {required} to {most} arguments ({', '.join(names)}), not {count}")
        if takes_whole:
            return general((*args, *defaults[count:]))
        values = defaults[:]
        place = 0  # counted by hand: `enumerate` makes a call a quarter slower
        for value in args:
            low, high, words, is_required = checks[place]
            kind = type(value)
            if kind is float:
                if not low <= value <= high:
                    break
                values[place] = value
            elif kind is int:
                if not low <= value <= high:
                    break
                values[place] = float(value)
            elif kind is str and value in words:
                values[place] = words[value]
            elif value is not None or is_required:
                break
            place += 1  # noqa: SIM113
        else:
            try:
                result = body(*values)
            except (ArithmeticError, ValueError):
                return finish(NUM)
            return result if -LARGEST <= result <= LARGEST else finish(result)
        return general((*args, *defaults[count:]))

    functools.update_wrapper(call, body)
    call.__annotations__ = {}
    call.__signature__ = _parameters(signature)  # type: ignore[attr-defined]
    return call


def _parameters(signature: Signature) -> inspect.Signature:
    """The parameters of Python: those of the body, and those that choose among rows."""
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(signature.body).parameters.values()
    ]
    # A series whose default is another one is left out as None: a host hands the default of the signature over.
    parameters = [
        parameter.replace(default=None) if argument.kind.is_series and isinstance(argument.default, str) else parameter
        for parameter, argument in zip(parameters, signature.arguments, strict=False)
    ]
    parameters += [
        inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=argument.shown_default)
        for argument in signature.arguments[len(parameters) :]
    ]
    return inspect.Signature(parameters)


def positional(signature: Signature, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments in their order, those left out before the last given one as None."""
    names = [argument.name for argument in signature.arguments]
    values = dict(zip(names, args, strict=False))
    for name in named:
        if name not in names:
            near = did_you_mean(name, names)
            raise TypeError(f"{signature.name} has no argument {name!r}{near}; it has {', '.join(names)}")
        if name in values:
            raise TypeError(f"{signature.name} is given {name} twice")
    values |= named
    missing = [argument.name for argument in signature.arguments if argument.required and argument.name not in values]
    if missing:
        raise TypeError(f"{signature.name} needs {', '.join(missing)}")
    last = max(index for index, argument in enumerate(signature.arguments) if argument.name in values)
    return tuple(values.get(argument.name) for argument in signature.arguments[: last + 1])


def evaluate(signature: Signature, values: Sequence[Any]) -> Any:
    """The function's value for arguments that are already converted.

    Each value is a float, a canonical option, a text, a series in which a blank is None, a table, or (with numpy) an
    array of floats in which a choice that is not a sign stands as the index of its option. An error is a NaN that
    carries its code. What gives rows gives an array of two dimensions or a list of rows, in which infinity and a NaN
    without a code are #NUM! as well.
    """
    if signature.gives_text:
        return signature.body()
    if signature.columns:
        return _evaluate_rows(signature, values)
    if signature.has_series:
        values, _ = paired(signature.arguments, values)
    if np is not None and np.ndarray in map(type, values):
        return _evaluate_arrays(signature, values)
    return _evaluate_scalars(signature, values)


def _evaluate_scalars(signature: Signature, values: Sequence[Any]) -> float:
    refused = _refusal(signature, values)
    if refused is not None:
        return refused
    return _finite_or_error(float(_body(signature, values)))


def _finite_or_error(result: float) -> float:
    return result if -LARGEST <= result <= LARGEST or is_error(result) else NUM


def _refusal(signature: Signature, values: Sequence[Any]) -> float | None:
    """The first error among the values, or #NUM! where one is out of its domain, or nothing."""
    outside = None
    for value, argument in zip(values, signature.arguments, strict=True):
        if isinstance(value, float):
            if value != value:
                return value
            if not argument.kind.low <= value <= argument.kind.high:
                outside = NUM
    return outside


def _body(signature: Signature, values: Sequence[Any]) -> Any:
    """What the body gives; #NUM! where its plain numbers alone make it fail, as a division by zero does."""
    try:
        return signature.body(*values)
    except (ArithmeticError, ValueError):
        return NUM


def _evaluate_arrays(signature: Signature, values: Sequence[Any]) -> NDArray[np.float64]:
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    out: NDArray[np.float64] = np.empty(shape)
    if not out.size:
        return out
    if all(array.shape == shape for array in arrays):
        flat: Any = out.reshape(-1)
        values = [value.reshape(-1) if isinstance(value, np.ndarray) else value for value in values]
    else:
        flat = out
        values = [
            value.reshape((1,) * (out.ndim - value.ndim) + value.shape) if isinstance(value, np.ndarray) else value
            for value in values
        ]
    axis = max(range(flat.ndim), key=flat.shape.__getitem__)
    length = flat.shape[axis]
    step = max(1, BLOCK * length // flat.size)
    sliced = []
    whole_inside = True
    for index, (value, argument) in enumerate(zip(values, signature.arguments, strict=True)):
        if isinstance(value, np.ndarray) and value.shape[axis] != 1:
            sliced.append((index, *argument.kind.limits))
        elif isinstance(value, (float, np.ndarray)) and not _inside(value, *argument.kind.limits):
            whole_inside = False
    part = list(values)
    with np.errstate(all="ignore"):
        for start in range(0, length, step):
            block = tuple([slice(None)] * axis + [slice(start, start + step)])
            for index, _, _ in sliced:
                part[index] = values[index][block]
            if whole_inside and all(_inside(part[index], low, high) for index, low, high in sliced):
                result = _by_option(signature, part)
                # One pass: a sum is finite only where every member is (and that of huge ones is looked at for nothing).
                flat[block] = result if np.isfinite(np.sum(result)) else _coded(result)
            else:
                flat[block] = _evaluate_block_with_errors(signature, part)
    return out


def _evaluate_block_with_errors(signature: Signature, values: list[Any]) -> Any:
    """The body of the good and the bad alike, the bad on stand-ins that it can bear and then overwritten."""
    bearable = list(values)
    outside: list[Any] = []
    errors: list[tuple[Any, Any]] = []
    spoils_all = False  # a series or a table that is an error has no stand-in
    for index, (value, argument) in enumerate(zip(values, signature.arguments, strict=True)):
        if isinstance(value, (float, np.ndarray)) and not _inside(value, *argument.kind.limits):
            numbers = np.asarray(value)
            low, high = argument.kind.limits
            bad = ~((numbers >= low) & (numbers <= high))
            bearable[index] = np.where(bad, _stand_in(argument), numbers)
            outside.append(bad)
            errors.append((np.isnan(numbers), numbers))
            spoils_all |= not argument.kind.broadcasts
    result = NUM if spoils_all else _coded(_by_option(signature, bearable))
    for bad in outside:
        result = np.where(bad, NUM, result)
    for bad, numbers in reversed(errors):  # the first argument's error is written last and so is the one that shows
        result = np.where(bad, numbers, result)
    return result


def _inside(value: Any, low: float, high: float) -> bool:
    if isinstance(value, float):
        return low <= value <= high
    return bool(value.min() >= low and value.max() <= high)


def _stand_in(argument: Argument) -> float:
    if argument.kind.words is not None:
        return 1.0 if argument.kind.is_sign else 0.0
    return min(max(0.5, argument.kind.low), argument.kind.high)


def _coded(result: Any) -> Any:
    """A result in which whatever is infinite or a NaN without a code is #NUM!."""
    return np.where(np.isfinite(result) | _is_coded(result), result, NUM)


def _is_coded(value: Any) -> Any:
    numbers = np.asarray(value, dtype=np.float64)
    coded = np.isnan(numbers)
    return coded & np.isin(numbers.view(np.uint64) & np.uint64(0xFFFF), _CODE_VALUES) if coded.any() else coded


def _by_option(signature: Signature, values: list[Any]) -> Any:
    """The body's value, called once for each option that an array of choices holds: a body branches on a word."""
    for index, argument in enumerate(signature.arguments):
        kind = argument.kind
        if kind.words is not None and not kind.is_sign and isinstance(values[index], np.ndarray):
            return _option_by_option(signature, values, index)
    return _body(signature, values)


def _option_by_option(signature: Signature, values: list[Any], index: int) -> Any:
    options = signature.arguments[index].kind.options
    codes = values[index]
    present = np.unique(codes)
    if present.size == 1:
        return _by_option(signature, [*values[:index], options[int(present[0])], *values[index + 1 :]])
    arrays = np.broadcast_arrays(*(value for value in values if isinstance(value, np.ndarray)))
    result = np.empty(arrays[0].shape)
    for code in present:
        chosen = np.broadcast_to(codes, result.shape) == code
        remaining = iter(arrays)
        part = [next(remaining)[chosen] if isinstance(value, np.ndarray) else value for value in values]
        part[index] = options[int(code)]
        result[chosen] = _by_option(signature, part)
    return result


def paired(arguments: Sequence[Argument], values: Sequence[Any]) -> tuple[Sequence[Any], list[int]]:
    """The values with series of one length, and the places in their ranges that are left.

    A place that is blank in all of the series is left out, one that is blank in some is what a blank stands for there,
    and lengths that differ are #VALUE!. A series is a list in which a blank stands as None, or its default.
    """
    members: dict[int, list[Any]] = {
        index: value if isinstance(value, list) else [None]
        for index, (value, argument) in enumerate(zip(values, arguments, strict=True))
        if argument.kind.is_series and not is_error(value)
    }
    if not members:
        return values, []
    found = list(values)
    repeated = {index for index, series in members.items() if arguments[index].kind.repeats and len(series) == 1}
    lengths = {len(series) for index, series in members.items() if index not in repeated} or {1}
    if len(lengths) > 1:
        found[min(members)] = VALUE
        return found, []
    (length,) = lengths
    places = list(range(length))
    with_blanks = {index for index, series in members.items() if _has_blank(series)}
    if with_blanks - repeated or (with_blanks and length == 1):
        ranges = [series for index, series in members.items() if index not in repeated or length == 1]
        places = [place for place in places if any(series[place] is not None for series in ranges)]
        for index in members.keys() - repeated:
            members[index] = [members[index][place] for place in places]
    for index, series in members.items():
        whole = _filled(series, arguments[index], arguments, members) if index in with_blanks else series
        checked = checked_series(whole, arguments[index].kind)
        is_one_for_all = index in repeated and not is_error(checked) and len(whole) == 1
        found[index] = checked * len(places) if is_one_for_all else checked
    return found, places


def _has_blank(series: list[float | None]) -> bool:
    # Faster than to compare each with None, which counts for ten thousand fills: of None there is no sum.
    try:
        sum(series)  # type: ignore[arg-type]
    except TypeError:
        return True
    return False


def _filled(
    series: list[float | None], argument: Argument, arguments: Sequence[Argument], members: Mapping[int, list[Any]]
) -> list[float]:
    """A series with what a blank stands for in the place of each: a number, or the member of another series."""
    blank = (argument.kind.words or {}).get("", NA) if argument.required else argument.default
    if isinstance(blank, str):
        names = [other.name for other in arguments]
        others = members.get(names.index(blank), series)
        whole = series * len(others) if len(series) == 1 else series
        series = [other if number is None else number for number, other in zip(whole, others, strict=True)]
        blank = NA
    return [blank if number is None else number for number in series]


def checked_series(numbers: list[float], kind: Kind) -> Any:
    """A series of numbers, or the error that its first bad member makes of the whole."""
    if not numbers:
        return NA
    total = sum(numbers)  # NaN where a member is, which the least and the greatest do not show
    if total == total and kind.low <= min(numbers) and max(numbers) <= kind.high:
        return numbers
    return next((number for number in numbers if is_error(number)), NUM)


def _evaluate_rows(signature: Signature, values: Sequence[Any]) -> Any:
    """The rows of a function that gives such, or those chosen of them, or the error that there is instead."""
    values = list(values)
    for place in signature.singles:
        values[place] = single(values[place], signature.arguments[place])
    values, places = paired(signature.arguments, values)
    refused = _refusal(signature, values)
    if refused is not None:
        return refused
    given, (*column, row) = values[: -signature.choosing], values[-signature.choosing :]
    rows = _body(signature, given)
    if is_error(rows):
        return rows
    if signature.row_each:
        rows = _in_their_places(rows, places, len(signature.columns))
    return chosen(rows, signature.columns.index(column[0]) if column and column[0] != ALL else None, int(row))


def single(value: Any, argument: Argument) -> Any:
    """The one value of a range where only one can be meant; #VALUE! for more."""
    if isinstance(value, (float, str)):
        return value
    members = [cell for row in value for cell in row] if isinstance(value, list) else value.ravel().tolist()
    if len(members) != 1:
        return VALUE
    number = float(members[0])
    is_index = argument.kind.words is not None and not argument.kind.is_sign and not is_error(number)
    return argument.kind.options[int(number)] if is_index else number


def _in_their_places(rows: Any, places: list[int], width: int) -> Any:
    """Rows where the members of the series stood that they are of, with #N/A between for those that were blank."""
    if places[-1] == len(places) - 1:
        return rows
    spread = [[NA] * width for _ in range(places[-1] + 1)]
    for place, row in zip(places, rows, strict=True):
        spread[place] = list(row)
    return spread


def chosen(rows: Any, column: int | None, row: int) -> Any:
    """All rows, or one row, one column by its index, or one value; a row that is not there is #REF!, as of INDEX."""
    if row > len(rows):
        return REF
    rows = rows[row - 1 : row] if row else rows
    if isinstance(rows, list):
        chosen = rows if column is None else [line[column : column + 1] for line in rows]
        width = len(chosen[0])
    else:
        chosen = _coded(rows if column is None else rows[:, column : column + 1])
        width = chosen.shape[1]
    return _finite_or_error(float(chosen[0][0])) if row and width == 1 else chosen


def are_numbers(rows: list[list[float]]) -> bool:
    """Whether all of some rows is finite; rows of huge numbers may be said not to be."""
    return abs(sum(map(sum, rows))) <= LARGEST
