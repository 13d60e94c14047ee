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
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xladdin.core.arrays import np
from xladdin.core.errors import CODES, NA, NUM, VALUE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = sys.float_info.max
BLOCK = 32768  # doubles: the few arrays that a formula needs at once fit the second-level cache

_CODE_VALUES = tuple(CODES.values())


@dataclass(frozen=True)
class Kind:
    """What an argument may be: its unit, and the numbers, words, range or table that it accepts.

    `low` and `high` are inclusive; an open bound is the next float inside it.
    """

    unit: str
    domain: str = ""
    low: float = -LARGEST
    high: float = LARGEST
    words: dict[str | float, Any] | None = None
    is_series: bool = False
    read_table: Callable[[list[list[float]]], Any] | None = None
    native_table: str = ""  # the same check as a formula of `rows`, which gives the rows or an error

    @functools.cached_property
    def options(self) -> tuple[Any, ...]:
        """The canonical values of a choice, each once."""
        return tuple(dict.fromkeys((self.words or {}).values()))

    @functools.cached_property
    def is_sign(self) -> bool:
        """Whether the choice is itself a number that the body multiplies by."""
        return self.words is not None and all(isinstance(option, float) for option in self.options)

    @property
    def limits(self) -> tuple[float, float]:
        """The bounds of a converted value; a choice was checked when it was read."""
        return (self.low, self.high) if self.words is None else (-LARGEST, LARGEST)

    @property
    def broadcasts(self) -> bool:
        return not self.is_series and self.read_table is None


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
    """What a call needs to know of a function."""

    name: str
    body: Callable[..., Any]
    arguments: tuple[Argument, ...]

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
    names = tuple(argument.name for argument in signature.arguments)
    required = signature.required
    # What the loop needs of each argument, as plain tuples: attribute look-ups would double its cost.
    checks = tuple(
        (
            (1.0, 0.0)
            if argument.kind.words is not None or not argument.kind.broadcasts
            else (argument.kind.low, argument.kind.high)
        )
        + (argument.kind.words or {}, argument)
        for argument in signature.arguments
    )
    tails = [tuple(argument.default for argument in signature.arguments[count:]) for count in range(len(names) + 1)]

    @functools.wraps(body)
    def call(*args: Any, **named: Any) -> Any:
        if named:
            args = positional(signature, args, named)
        count = len(args)
        if not required <= count <= len(names):
            raise TypeError(
                f"{signature.name} takes {required} to {len(names)} arguments ({', '.join(names)}), not {count}"
            )
        values = []
        for value, (low, high, words, argument) in zip(args, checks, strict=False):
            kind = type(value)
            if kind is float:
                if not low <= value <= high:
                    break
                values.append(value)
            elif kind is int:
                if not low <= value <= high:
                    break
                values.append(float(value))
            elif kind is str and value in words:
                values.append(words[value])
            elif value is None and not argument.required:
                values.append(argument.default)
            else:
                break
        else:
            try:
                result = body(*values, *tails[count])
            except (ArithmeticError, ValueError):
                return finish(NUM)
            return result if -LARGEST <= result <= LARGEST else finish(result)
        return general(args + tails[count])

    call.__annotations__ = {}
    return call


def positional(signature: Signature, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments in their order, those left out before the last given one as None."""
    values = dict(zip((argument.name for argument in signature.arguments), args, strict=False))
    for name in named:
        if name in values or all(name != argument.name for argument in signature.arguments):
            raise TypeError(f"{signature.name} got an argument {name!r} that it does not take, or twice")
    values |= named
    missing = [argument.name for argument in signature.arguments if argument.required and argument.name not in values]
    if missing:
        raise TypeError(f"{signature.name} needs {', '.join(missing)}")
    last = max(index for index, argument in enumerate(signature.arguments) if argument.name in values)
    return tuple(values.get(argument.name) for argument in signature.arguments[: last + 1])


def evaluate(signature: Signature, values: Sequence[Any]) -> Any:
    """The function's value for arguments that are already converted.

    Each value is a float, a canonical option, a series, a table, or (with numpy) an array of floats in which a
    choice that is not a sign stands as the index of its option. An error is a NaN that carries its code.
    """
    if np is not None and any(isinstance(value, np.ndarray) for value in values):
        return _evaluate_arrays(signature, values)
    return _evaluate_scalars(signature, values)


def _evaluate_scalars(signature: Signature, values: Sequence[Any]) -> float:
    for value in values:
        if is_error(value):
            return float(value)
    for value, argument in zip(values, signature.arguments, strict=True):
        if isinstance(value, float) and not argument.kind.low <= value <= argument.kind.high:
            return NUM
    result = float(_body(signature, values))
    return result if is_error(result) or abs(result) <= LARGEST else NUM


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
    limits = [argument.kind.limits for argument in signature.arguments]
    sliced = [index for index, value in enumerate(values) if isinstance(value, np.ndarray) and value.shape[axis] != 1]
    whole = [
        index for index, value in enumerate(values) if isinstance(value, (float, np.ndarray)) and index not in sliced
    ]
    whole_inside = all(_inside(values[index], *limits[index]) for index in whole)
    part = list(values)
    with np.errstate(all="ignore"):
        for start in range(0, length, step):
            block = tuple([slice(None)] * axis + [slice(start, start + step)])
            for index in sliced:
                part[index] = values[index][block]
            if whole_inside and all(_inside(part[index], *limits[index]) for index in sliced):
                result = _by_option(signature, part)
                # One pass: a sum is finite only where every member is (and that of huge ones is looked at for nothing).
                flat[block] = result if np.isfinite(np.add.reduce(result, None)) else _coded(result)
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
    return bool(np.minimum.reduce(value, None) >= low and np.maximum.reduce(value, None) <= high)


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


def pair_series(arguments: Sequence[Argument], values: list[Any]) -> list[Any]:
    """Series of the same length without the places that are blank in all of them; a length that differs is #VALUE!.

    A blank stands as None.
    """
    indices = [
        index for index, argument in enumerate(arguments) if argument.kind.is_series and isinstance(values[index], list)
    ]
    if not indices:
        return values
    values = list(values)
    if len({len(values[index]) for index in indices}) > 1:
        values[indices[0]] = VALUE
        return values
    kept = [row for row in zip(*(values[index] for index in indices), strict=True) if any(v is not None for v in row)]
    for column, index in enumerate(indices):
        values[index] = checked_series([row[column] for row in kept], arguments[index].kind)
    return values


def checked_series(numbers: list[float | None], kind: Kind) -> Any:
    """A series of numbers, or the error that its first bad member makes of the whole."""
    found = [NA if number is None else number for number in numbers] or [NA]
    for number in found:
        if is_error(number):
            return number
    return found if all(kind.low <= number <= kind.high for number in found) else NUM
