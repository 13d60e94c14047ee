"""What a function is, declared once, on the function itself; everything else about it is derived from here.

A function under `functions/` is arithmetic with an annotation on each argument, a numpydoc docstring and the
decorator `function`. The decorator records it and puts the one way of calling (`calls`) in front of it. Help
texts, the reference page, the hosts' registrations and the tests all read the record.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import math
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, overload

from xladdin.core import calls, cells, venues
from xladdin.core import series as series_of
from xladdin.core.arrays import Number, Rows, np
from xladdin.core.calls import Argument, Kind, Signature
from xladdin.core.errors import NA, NUM, VALUE
from xladdin.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LONG", "NA", "NUM", "VALUE", "Function", "Number", "Rows", "function", "functions"]

GROUPS = (
    "position",
    "liquidation",
    "tiers",
    "account",
    "fills",
    "risk",
    "mining",
    "lending",
    "loans",
    "hedging",
    "simulation",
    "about",
)


def number(unit: str, domain: str = "any number") -> Kind:
    """A number with a unit; `domain` is "any number", "> 0", ">= 1" or two bounds joined by "and"."""
    low, high = -calls.LARGEST, calls.LARGEST
    for bound in domain.split(" and ") if domain != "any number" else ():
        sign, limit = bound.split()
        match sign:
            case ">":
                low = math.nextafter(float(limit), math.inf)
            case ">=":
                low = float(limit)
            case "<":
                high = math.nextafter(float(limit), -math.inf)
            case "<=":
                high = float(limit)
            case _:
                raise ValueError(f"a bound starts with >, >=, < or <=, not {sign!r}")
    return Kind(unit, domain, low, high)


def choice(domain: str, words: Mapping[Any, Any]) -> Kind:
    """A word out of several; each is given the value that the body sees."""
    return Kind("text", domain, words=dict(words))


def series(unit: str, domain: str = "any number", *, repeats: bool = False) -> Kind:
    """A range that is taken whole; where it `repeats`, one value stands for every row."""
    plain = number(unit, domain)
    return Kind(unit, domain, plain.low, plain.high, is_series=True, repeats=repeats)


def series_of_choices(domain: str, words: Mapping[Any, float]) -> Kind:
    """A range of words that stand for numbers, or one word for every row; the empty word is what a blank stands for."""
    return Kind("text", domain, words=dict(words), is_series=True, repeats=True)


def text(what: str) -> Kind:
    """Any text, of a function that gives rows."""
    return Kind(what, "a text", is_text=True)


def table(columns: str, read: Callable[[list[list[float]]], Any], native: str) -> Kind:
    """A range of rows that `read` makes something of, or an error; `native` is its check as a formula of `rows`."""
    return Kind(columns, "a range of rows", read_table=read, native_table=native)


# The units and domains that arguments share, one name for each.
Price = Annotated[Number, number("price", "> 0")]
PriceOrZero = Annotated[Number, number("price", ">= 0")]
Quantity = Annotated[Number, number("quantity", "> 0")]
QuantityOrZero = Annotated[Number, number("quantity", ">= 0")]
Money = Annotated[Number, number("money")]
MoneyAboveZero = Annotated[Number, number("money", "> 0")]
MoneyOrZero = Annotated[Number, number("money", ">= 0")]
Leverage = Annotated[Number, number("multiple", "> 0")]
LeverageFromOne = Annotated[Number, number("multiple", ">= 1")]
Rate = Annotated[Number, number("fraction", ">= 0 and < 1")]
Fee = Annotated[Number, number("fraction of the traded value", "> -1 and < 1")]
Fraction = Annotated[Number, number("fraction")]
Side = Annotated[
    Number, choice('"long" or "short"', {"long": 1.0, "short": -1.0, "buy": 1.0, "sell": -1.0, 1.0: 1.0, -1.0: -1.0})
]
LONG: Any = "long"  # what a caller writes; a body sees 1 or -1
Contract = Annotated[str, choice('"linear" or "inverse"', {"linear": "linear", "inverse": "inverse"})]
Tiering = Annotated[str, choice('"marginal", "flat" or a venue', venues.tierings())]
Method = Annotated[str, choice('"entry", "mark" or a venue', venues.bases())]


@dataclass(frozen=True)
class Function:
    """All that is known of one function. What is read from its docstring is read when it is first asked for."""

    name: str
    group: str
    signature: Signature
    native: str
    no_native: str

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return self.signature.arguments

    @property
    def category(self) -> str:
        """Where a spreadsheet's list of functions shows it."""
        return f"xladdin {self.group}"

    @property
    def python_name(self) -> str:
        return self.signature.body.__name__

    @functools.cached_property
    def sections(self) -> dict[str, str]:
        """The docstring's numpydoc sections by title; the opening is "Summary" and "Extended"."""
        text = inspect.getdoc(self.signature.body) or ""
        parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", text, flags=re.MULTILINE)
        summary, _, extended = parts[0].strip().partition("\n\n")
        found = {"Summary": " ".join(summary.split()), "Extended": extended.strip()}
        return found | {title: body.strip("\n") for title, body in zip(parts[1::2], parts[2::2], strict=True)}

    @property
    def summary(self) -> str:
        return self.sections["Summary"]

    @functools.cached_property
    def argument_help(self) -> dict[str, str]:
        """One line of help for each argument."""
        documented = {name: " ".join(body.split()) for name, _, body in self._entries("Parameters")}
        return documented | {argument.name: _CHOOSING_HELP[argument.name] for argument in self.choosing}

    @functools.cached_property
    def argument_types(self) -> dict[str, str]:
        """What the docstring says of each argument's unit, domain and default."""
        documented = {name: kind for name, kind, _ in self._entries("Parameters")}
        return documented | {argument.name: describe(argument) for argument in self.choosing}

    @property
    def columns(self) -> tuple[str, ...]:
        """What the values of each row are, of a function that gives rows."""
        return self.signature.columns

    @property
    def choosing(self) -> tuple[Argument, ...]:
        """The arguments that choose among rows, which the body does not take."""
        return self.arguments[len(inspect.signature(self.signature.body).parameters) :]

    @functools.cached_property
    def result(self) -> tuple[str, str]:
        """The unit of what is returned, and what it is and when it is an error."""
        unit, _, body = self.sections.get("Returns", "").partition("\n")
        return unit.strip(), " ".join(body.split())

    @property
    def equation(self) -> str:
        return textwrap.dedent(self.sections.get("Notes", "")).strip()

    @functools.cached_property
    def references(self) -> list[str]:
        text = self.sections.get("References", "")
        return [" ".join(part.split()) for part in re.split(r"^\.\. \[\d+\] ", text, flags=re.MULTILINE)[1:]]

    @functools.cached_property
    def examples(self) -> list[tuple[str, str]]:
        """Pairs of a spreadsheet formula and what it gives, from the docstring's calls of this function alone."""
        found = []
        for call, shown in re.findall(
            r"^>>> (.+?)(?:  #.*)?\n(?!>>>)(.+)", self.sections.get("Examples", ""), flags=re.MULTILINE
        ):
            formula = _as_formula(call, self)
            if formula:
                found.append((formula, shown))
        return found

    def _entries(self, section: str) -> Iterator[tuple[str, str, str]]:
        entries = re.findall(r"^(\w+) : (.+)\n((?:^[ \t]+.*\n?)+)", self.sections.get(section, ""), flags=re.MULTILINE)
        yield from ((name.rstrip("_"), kind, body) for name, kind, body in entries)


_FUNCTIONS: dict[str, Function] = {}


# The arguments that every function that gives rows has besides its own, for a host or a cell that can't show them all.
_CHOOSING_HELP = {
    "column": "Column to give alone, by its name; all when left out. INDEX(..., row, column) gives the same.",
    "row": "Number of the row to give alone; all when 0 or left out. INDEX(..., row) gives the same.",
}
_ROW = Kind("row", ">= 0", 0.0, calls.LARGEST)

# A declared function keeps the type of its body, so that checkers and editors of those who call it see the arguments.
# One that gives rows does not: it takes more arguments than its body has.
_Body = TypeVar("_Body", bound=Callable[..., Any])


@overload
def function(
    name: str, *, native: str = "", no_native: str = "", explain: Callable[..., str] | None = None
) -> Callable[[_Body], _Body]: ...


@overload
def function(
    name: str,
    *,
    native: str = "",
    no_native: str = "",
    columns: tuple[str, ...],
    row_each: bool = False,
    explain: Callable[..., str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...


def function(
    name: str,
    *,
    native: str = "",
    no_native: str = "",
    columns: tuple[str, ...] = (),
    row_each: bool = False,
    explain: Callable[..., str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function of the catalogue.

    Parameters
    ----------
    name : str
        What it is called in a cell, for example ``"LEV_RATIO"``.
    native : str
        The same in spreadsheet functions alone, in the names of the arguments, for arguments inside their domain.
        A side stands for 1 or -1.
    no_native : str
        Why there is no such formula.
    columns : tuple of str
        For a function that gives rows: what the values of a row are.
    row_each : bool
        Whether it gives a row for each member of its series.
    explain : callable, optional
        Given what the body is given, why that has no value, in a sentence's words; "" where it does not know.
    """

    def declare(body: Callable[..., Any]) -> Callable[..., Any]:
        arguments = _arguments(body) + _choosing(columns)
        gives_text = inspect.signature(body).return_annotation is str
        signature = Signature(name, body, arguments, columns, row_each, explain, gives_text)
        _FUNCTIONS[name] = Function(name, body.__module__.rpartition(".")[2], signature, native, no_native)
        call = calls.fast_call(signature, lambda args: _general(signature, args), lambda result: math.nan)
        call.signature = signature  # type: ignore[attr-defined]
        return call

    return declare


def declared(name: str) -> Function:
    """The record of a function whose module is imported."""
    return _FUNCTIONS[name]


def functions() -> dict[str, Function]:
    """Every function by its name in a cell, in the order of the groups and of their files."""
    for group in GROUPS:
        importlib.import_module(f"xladdin.core.functions.{group}")
    return dict(sorted(_FUNCTIONS.items(), key=lambda item: GROUPS.index(item[1].group)))


def shown(value: Any) -> str:
    """A default as it is written in help."""
    if value is None:
        return "none"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def describe(argument: Argument) -> str:
    """The unit, domain and default of an argument, in one line."""
    kind = argument.kind
    parts = [kind.domain if kind.words is not None else f"{kind.unit}, {kind.domain}"]
    if kind.is_series:
        parts.append("a range, or one for all" if kind.repeats else "a range")
    if not argument.required:
        default = argument.shown_default
        parts.append(f"default {default if kind.is_series else shown(default)}")
    return ", ".join(parts)


def _choosing(columns: tuple[str, ...]) -> tuple[Argument, ...]:
    """The arguments that choose among the rows of a function that gives such."""
    if not columns:
        return ()
    row = Argument("row", _ROW, False, 0.0, 0)
    if len(columns) == 1:
        return (row,)
    words = (calls.ALL, *columns)
    kind = choice(", ".join(map(shown, words[:-1])) + f" or {shown(words[-1])}", dict(zip(words, words, strict=True)))
    return (Argument("column", kind, False, calls.ALL, calls.ALL), row)


def _arguments(body: Callable[..., Any]) -> tuple[Argument, ...]:
    arguments = []
    for parameter in inspect.signature(body).parameters.values():
        # The files of functions do not postpone their annotations: to evaluate them from text takes 20 ms at import.
        (kind,) = (extra for extra in parameter.annotation.__metadata__ if isinstance(extra, Kind))
        required = parameter.default is inspect.Parameter.empty
        default = None if required else _default(kind, parameter.default)
        name_in_cell = parameter.name.rstrip("_")  # yield_ is `yield`, which Python keeps for itself
        arguments.append(Argument(name_in_cell, kind, required, default, None if required else parameter.default))
    return tuple(arguments)


def _default(kind: Kind, written: Any) -> Any:
    """A default as the body takes it: a table that is left out is None, and a series may name another in its place."""
    if kind.words is not None:
        return kind.words[written]
    return written if written is None or isinstance(written, str) else float(written)


def _general(signature: Signature, args: tuple[Any, ...]) -> Any:
    """A call from Python with anything but plain numbers: arrays, array-likes, Series, words in any case."""
    if series_of.among(args):
        return series_of.called(signature, lambda *plain: _general(signature, plain), args)
    values = [
        _from_caller(series_of.without_masks(value), argument, signature.name)
        for value, argument in zip(args, signature.arguments, strict=True)
    ]
    _check_shapes(signature, values)
    result = calls.evaluate(signature, values)
    if isinstance(result, float):
        return result if result == result else math.nan
    if isinstance(result, list):
        result = [[value if math.isfinite(value) else math.nan for value in row] for row in result]
    return result if np is None else np.asarray(result)


def _check_shapes(signature: Signature, values: list[Any]) -> None:
    """Raise ValueError where arrays can't be brought to one shape."""
    if np is None:
        return
    shapes = {
        argument.name: value.shape
        for value, argument in zip(values, signature.arguments, strict=True)
        if isinstance(value, np.ndarray)
    }
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"{signature.name} takes arrays of one shape, not {found}") from None


def _from_caller(value: Any, argument: Argument, name: str) -> Any:
    """An argument as the body takes it; what is no number where one belongs is named."""
    try:
        return _from_python(value, argument, name)
    except _NoWordError as error:
        raise ValueError(str(error)) from None
    except (TypeError, ValueError, cells.ShapeError):
        what = "numbers" if not argument.kind.broadcasts else "a number or an array of numbers"
        if argument.kind.words is not None:
            what = argument.kind.domain
        raise TypeError(f"{name} takes {what} for {argument.name}, not {series_of.shortened(value)}") from None


class _NoWordError(ValueError):
    """A word that is none of a choice's; it names the word and not all that was given."""


def _from_python(value: Any, argument: Argument, name: str) -> Any:
    kind = argument.kind
    if value is None and not argument.required:
        return argument.default
    if kind.read_table is not None:
        return kind.read_table([[_float(cell) for cell in row] for row in value])
    if kind.is_text:
        return str(value)
    if kind.is_series:
        if isinstance(value, (list, tuple)) and value:
            cells.as_rows(value)
        return [_member(member, argument, name) for member in _flat(value)]
    if kind.words is None:
        if isinstance(value, (int, float)):
            return _float(value)
        if value is None:
            raise TypeError
        if np is None:
            raise TypeError(f"{name} takes one number for {argument.name} where numpy is missing, not {value!r}")
        array = np.asarray(value)
        if array.dtype.kind in "US":  # a text makes texts of the numbers beside it
            array = np.asarray(value, dtype=object)
        if array.dtype.kind not in "biuf":
            numbers = [_number_or_error(member) for member in array.ravel().tolist()]
            if numbers and all(number is VALUE for number in numbers):
                raise TypeError
            array = np.array(numbers).reshape(array.shape)
        array = array.astype(np.float64, copy=False)
        return float(array) if array.ndim == 0 else array
    if isinstance(value, (str, int, float)) or np is None:
        return _word(value, argument, name)
    return np.array([_code(word, argument, name) for word in _flat(value)], dtype=np.float64).reshape(np.shape(value))


def _number_or_error(member: Any) -> float:
    """A member of an array of numbers; a text is its element's error, for one bad row spoils no other."""
    if series_of.is_blank(member):
        return NA
    return VALUE if isinstance(member, str) else _float(member)


def _code(word: Any, argument: Argument, name: str) -> float:
    """A member of an array of words as the number that stands for it; any other is its element's error."""
    kind = argument.kind
    if series_of.is_blank(word) or word != word:
        canonical = NA if argument.required else argument.default
    else:
        try:
            canonical = _word(word, argument, name)
        except _NoWordError:
            return VALUE
    return float(canonical if kind.is_sign or calls.is_error(canonical) else kind.options.index(canonical))


def _member(value: Any, argument: Argument, name: str) -> float | None:
    if series_of.is_blank(value):
        return None
    return float(_word(value, argument, name)) if argument.kind.words is not None else _float(value)


def _float(value: Any) -> float:
    """A number; TypeError for what is none, a text of digits among it."""
    number = cells.number_of(value)
    if number is VALUE:
        raise TypeError
    return number


def _flat(value: Any) -> Iterator[Any]:
    """The members of a sequence, of one of sequences or of an array; a single value is its only member."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        for member in value:
            yield from _flat(member)
    else:
        yield value


def _word(value: Any, argument: Argument, name: str) -> Any:
    """The canonical value of a choice; a member that is none of the words raises ValueError."""
    words = argument.kind.words or {}
    key = value.strip().casefold() if isinstance(value, str) else value
    if isinstance(key, (str, int, float)) and key in words:
        return words[key]
    near = did_you_mean(value, [word for word in words if isinstance(word, str)]) if isinstance(value, str) else ""
    raise _NoWordError(f"{name} takes {argument.kind.domain} for {argument.name}, not {value!r}{near}")


def _as_formula(call: str, known: Function) -> str:
    """A documented Python call as a spreadsheet formula, or nothing where it does more than call this function."""
    node = ast.parse(call, mode="eval").body
    match node:
        case ast.Call(func=ast.Name(id="round"), args=[inner, ast.Constant(value=int(digits))]):
            return f"=ROUND({_as_formula(ast.unparse(inner), known).removeprefix('=')}, {digits})"
        case ast.Call(func=ast.Name(id=name), args=arguments) if name == known.python_name:
            return f"={known.name}({', '.join(_as_cell(argument) for argument in arguments)})"
    return ""


def _as_cell(node: ast.expr) -> str:
    value = ast.literal_eval(node)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        rows = [row if isinstance(row, list) else [row] for row in value]
        return "{" + ";".join(",".join(f"{cell:.15g}" for cell in row) for row in rows) + "}"
    return f"{value:.15g}"
