"""The formula engine (formualizer) with the catalogue in it: whole formulas and whole workbooks, cell by cell."""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import formualizer

from xladdin import udfs
from xladdin.core.errors import CODES, UnreadableError, UserError
from xladdin.workbook import columns
from xladdin.workbook.file.sheet import reference_of
from xladdin.workbook.file.splice import spliced
from xladdin.workbook.references import is_external, parsed

# What the engine calls each error. Those that it alone knows show as the nearest that every spreadsheet has.
_KINDS = {
    "#NUM!": "Num",
    "#VALUE!": "Value",
    "#NULL!": "Null",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#DIV/0!": "Div",
    "#N/A": "Na",
}
_TEXTS = {kind: text for text, kind in _KINDS.items()} | {"Circ": "#REF!"}

_LONGEST_QUOTED = 60  # characters of a formula in a message
_SPAN = re.compile(r"TokenSpan \{.*?start: (\d+), end: (\d+).*\}")  # how the engine names a part of a formula
_TOO_DEEP = re.compile(r"(?:height limit exceeded|nesting too deep) \(max (\d+)\)")
# What the engine's parser says, in words for people.
_SAID = {
    "unmatched opening": "a bracket is opened and not closed",
    "no matching opener": "a bracket is closed that was not opened",
    "no tokens": "it is empty",
    "unexpected end": "it ends too early",
    "token limit": "it is longer than 16384 numbers, names and signs, which is what is allowed",
    "while parsing string": "a quotation mark is opened and not closed",
}

_SHEET = "Sheet1"
GIVES_RANGES = frozenset({"RANDARRAY"})
# What the engine may be asked for; others are computed here, or by nobody.
_FUNCTIONS = (
    *("BASE", "BESSELI", "BESSELJ", "BESSELK", "BESSELY", "BITAND", "BITLSHIFT", "BITOR", "BITRSHIFT", "BITXOR"),
    *("COMPLEX", "CONVERT", "CUMIPMT", "CUMPRINC", "DECIMAL", "FACTDOUBLE", "FIXED", "GESTEP", "IMABS", "IMAGINARY"),
    *("IMARGUMENT", "IMCONJUGATE", "IMCOS", "IMCOSH", "IMCOT", "IMCSC", "IMCSCH", "IMDIV", "IMEXP", "IMLN", "IMLOG10"),
    *("IMLOG2", "IMPOWER", "IMPRODUCT", "IMREAL", "IMSEC", "IMSECH", "IMSIN", "IMSINH", "IMSQRT", "IMSUB", "IMSUM"),
    *("IMTAN", "ISPMT", "RAND", "RANDARRAY", "RANDBETWEEN", "RATE", "SQRTPI", "TBILLEQ", "TBILLPRICE", "TBILLYIELD"),
)

_LEFT_OUT = "XLADDIN_LEFT_OUT"  # stands in for an argument left out between commas, which the engine would make 0


class FormulaError(UserError):
    """A text that is not a formula."""


def new_workbook() -> formualizer.Workbook:
    """An empty workbook that knows the functions."""
    return _with_functions(formualizer.Workbook())


def evaluate(formula: str) -> Any:
    """The value of one formula by the engine alone, as a second opinion; `one_formula` has ours.

    Raises
    ------
    FormulaError
        When the text is not a formula.
    """
    text = checked(formula)
    with in_a_sentence(short(formula)):
        return _value_of(text)


def checked(formula: str) -> str:
    """A formula with its equals sign.

    Raises
    ------
    FormulaError
        When the text is not a formula.
    """
    text = "=" + formula.strip().removeprefix("=")
    try:
        parsed(text)
    except UnicodeEncodeError:
        raise FormulaError(f"{short(formula)} is not a formula: it holds bytes that are not UTF-8 text.") from None
    except (formualizer.ParserError, formualizer.TokenizerError, ValueError) as error:
        if found := _TOO_DEEP.search(str(error)):
            raise FormulaError(
                f"{short(formula)} is too deep: its brackets, functions and signs stand in one another more than "
                f"{found[1]} times, and {found[1]} are allowed; compute a part of it by itself."
            ) from None
        raise FormulaError(f"{short(formula)} is not a formula: {_reason(error, text)}.") from None
    return text


@contextlib.contextmanager
def in_a_sentence(what: object) -> Iterator[None]:
    """Whatever the engine fails with as one sentence that names the file or formula.

    Raises
    ------
    UnreadableError
        In the place of what the engine raises.
    """
    try:
        yield
    except (UserError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the engine is no Exception
        reason = " ".join(str(error).split())
        raise UnreadableError(f"{what} can't be computed: {reason}.") from None


def _value_of(text: str) -> Any:
    workbook = new_workbook()
    workbook.sheet("Sheet1")
    workbook.set_formula("Sheet1", 1, 1, fill_in(text))
    value = from_engine(workbook.evaluate_cell("Sheet1", 1, 1))
    spill = workbook.inspect_cell("Sheet1!A1").cell.spill
    if spill is None or spill.extent is None:
        return value
    last = formualizer.CellRef.from_string(spill.extent.rpartition(":")[2], "Sheet1")
    rows = workbook.sheet("Sheet1").get_values(formualizer.RangeAddress("Sheet1", 1, 1, last.row, last.col))
    return [[from_engine(cell) for cell in row] for row in rows]


def shown(value: Any) -> str:
    """A value as text: numbers to 15 digits as spreadsheets show them, a block as rows with tabs."""
    if isinstance(value, list):
        return "\n".join("\t".join(shown(cell) for cell in row) for row in value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value + 0.0:.15g}"  # no spreadsheet shows a negative zero
    return "" if value is None else str(value)


def fill_in(formula: str) -> str:
    """The formula as the engine can take it.

    Every argument that is left out between the commas of one of our functions has a stand-in, and a reference into
    another workbook is #REF!.
    """
    if "LEV_" not in formula.upper() and "[" not in formula:
        return formula
    changes: list[tuple[int, int, bytes]] = []
    after_separator = after_comma = False
    ours: list[bool] = []
    for token in formualizer.tokenize(formula):
        text = token.value.strip() if token else ""
        if not token or not text:
            continue
        if not text.startswith('"') and is_external(text):
            changes.append((token.start, token.end, b"#REF!"))
        ends_argument = text == "," or (text == ")" and after_comma)  # an empty bracket has no argument
        if ends_argument and ours and ours[-1] and after_separator:
            changes.append((token.start, token.start, f"{_LEFT_OUT}()".encode()))
        if text.endswith(("(", "{")):
            ours.append(text.upper().startswith("LEV_"))
            after_separator = ours[-1]
        elif text in (")", "}") and ours:
            ours.pop()
            after_separator = False
        else:
            after_separator = text == ","
        after_comma = text == ","
    return spliced(formula.encode(), changes).decode()


def from_engine(value: Any) -> Any:
    """A value of the engine as a cell value: an error is its text."""
    if isinstance(value, dict) and value.get("type") == "Error":
        return _TEXTS.get(value["kind"], "#VALUE!")
    if isinstance(value, list):
        return [from_engine(member) for member in value]
    return value if not isinstance(value, float) or math.isfinite(value) else "#NUM!"


def to_engine(value: Any) -> Any:
    """A cell value as the engine takes it from a function."""
    if isinstance(value, str) and value in CODES:
        return {"type": "Error", "kind": _KINDS[value]}
    if isinstance(value, list):
        return [to_engine(member) for member in value]
    return value


@functools.cache
def known_functions() -> frozenset[str]:
    """The functions that the engine has."""
    workbook = formualizer.Workbook()
    workbook.sheet("Sheet1")
    found = []
    for name in _FUNCTIONS:
        workbook.set_formula("Sheet1", 1, 1, f"={name}()")
        value = workbook.evaluate_cell("Sheet1", 1, 1)
        if not (isinstance(value, dict) and value.get("kind") == "Name"):
            found.append(name)
    return frozenset(found)


def call(name: str, arguments: list[Any]) -> Any:
    """A function of the engine, of values: a list of rows is a range, and anything else is typed in.

    Raises
    ------
    UnreadableError
        When the engine fails.
    """
    is_of_values = not any(isinstance(argument, list) for argument in arguments)
    workbook = _kept_scratch() if is_of_values else _scratch()
    texts = []
    column = 2
    for argument in arguments:
        if not isinstance(argument, list):
            texts.append(_literal(argument))
            continue
        first = column
        for row, line in enumerate(argument, 1):
            for offset, value in enumerate(line):
                workbook.set_value(_SHEET, row, first + offset, to_engine(columns.to_cell(value)))
        column += len(argument[0])
        last = reference_of((len(argument), column - 1))
        texts.append(f"{reference_of((1, first))}:{last}")
    with in_a_sentence(name):
        workbook.set_formula(_SHEET, 1, 1, f"={name}({','.join(texts)})")
        value = from_engine(workbook.evaluate_cell(_SHEET, 1, 1))
    if isinstance(value, list):
        return [[columns.from_cell(cell) for cell in row] for row in value]
    return columns.from_cell(value)


@functools.cache
def _kept_scratch() -> formualizer.Workbook:
    """A workbook for one formula after another, of which no cell but that of the formula holds anything."""
    return _scratch()


def _scratch() -> formualizer.Workbook:
    workbook = formualizer.Workbook()
    workbook.set_temporal_egress("serial")
    workbook.sheet(_SHEET)
    return workbook


def _literal(value: Any) -> str:
    """A value as it is typed into a formula."""
    shown = columns.to_cell(value)
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "TRUE" if shown else "FALSE"
    if isinstance(shown, str):
        return shown if shown in CODES else '"' + shown.replace('"', '""') + '"'
    return repr(shown)


def _with_functions(workbook: formualizer.Workbook) -> formualizer.Workbook:
    workbook.set_temporal_egress("serial")
    for name, function, fewest, most in _functions():
        workbook.register_function(name, _callback(function), min_args=fewest, max_args=most)
    workbook.register_function(_LEFT_OUT, lambda: None, min_args=0, max_args=0)
    return workbook


def _callback(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function as the engine calls it."""
    return lambda *args: to_engine(function(*map(from_engine, args)))


@functools.cache
def _functions() -> list[tuple[str, Callable[..., Any], int, int]]:
    """Our functions with the fewest and the most arguments of each."""
    found = []
    for name, function in udfs.FUNCTIONS.items():
        signature = function.signature
        found.append((name, function, signature.required, len(signature.arguments)))
    return found


def short(formula: str) -> str:
    """A formula as it is quoted in a message."""
    return repr(formula if len(formula) <= _LONGEST_QUOTED else f"{formula[:_LONGEST_QUOTED]}…")


def _reason(error: Exception, formula: str) -> str:
    """Why the engine's parser refuses a formula, in words."""
    text = str(error).partition(": ")[2] or str(error)
    found = _SPAN.search(text)
    if found:
        unexpected = formula.encode()[int(found[1]) : int(found[2])].decode(errors="replace")
        if unexpected.strip() == ";":
            meant = _with_commas(formula)
            return f"arguments are separated by commas, and decimals by a point; did you mean {meant}"
        is_value = unexpected.strip()[:1].isalnum()
        return f"{unexpected.strip()!r} {'has no comma or operator before it' if is_value else 'is not expected there'}"
    for said, ours in _SAID.items():
        if said in text.casefold():
            return ours
    return text[0].lower() + text[1:]


def _with_commas(formula: str) -> str:
    """A formula as it is written where decimals have a comma, as it is written here."""
    parts = re.split(r'("[^"]*"|\{[^{}]*\})', formula)
    parts[::2] = [re.sub(r"(?<=\d),(?=\d)", ".", part).replace(";", ",") for part in parts[::2]]
    return "".join(parts)
