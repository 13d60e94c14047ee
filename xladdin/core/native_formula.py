"""A function as one spreadsheet formula: its native arithmetic behind the same checks that `cells` and `calls` make.

Each argument is first brought into the form that the arithmetic expects: a blank is the default or #N/A, TRUE counts
as 1, a word becomes its canonical one, text for a number is #VALUE!. Then the first argument that is an error shows it,
a number outside its domain is #NUM!, and only then is anything computed. Conversions and checks work element by element
on ranges; what is computed from a table is for one element at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from xladdin.core.calls import Argument, Kind
from xladdin.core.catalog import Function

_EMPTY = '""'
_BREAKS = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}  # a bound of a domain, and what lies outside it

# Functions newer than the file format, and the names that LET and LAMBDA bind, are stored with a prefix.
_NEWER = ("ISOMITTED", "LAMBDA", "LET", "MAP", "NORM.S.DIST", "REDUCE", "SEQUENCE", "TAKE", "TOCOL", "VSTACK")
_STORED_FUNCTIONS = {name: f"_xlfn.{name}" for name in _NEWER} | {"FILTER": "_xlfn._xlws.FILTER"}


def guarded(function: Function, given: Sequence[str]) -> str:
    """The function of these arguments as a formula, without the equals sign.

    Parameters
    ----------
    function : Function
        One that has a native formula.
    given : sequence of str
        An expression an argument, in order: a reference, a number, a text in quotation marks. An empty one, and any
        missing at the end, is left out.
    """
    if not function.arguments:
        return function.native
    expressions = [expression or _EMPTY for expression in given]
    expressions += [_EMPTY] * (len(function.arguments) - len(given))
    cells = {argument.name: cell for argument, cell in zip(function.arguments, expressions, strict=True)}
    whole, single = _whole_bindings(function, cells), _single_bindings(function, cells)
    return f"LET({','.join(whole + single)},{_checked(function)})"


def as_lambda(function: Function) -> str:
    """The function as a LAMBDA of its own argument names: ranges broadcast, and any argument may be left out."""
    if not function.arguments:
        return f"LAMBDA({function.native})"
    parameters = [argument.name if argument.required else f"[{argument.name}]" for argument in function.arguments]
    # Only ISOMITTED may touch an argument that is left out; from then on it is a blank.
    whole = _whole_bindings(
        function,
        {argument.name: f"IF(ISOMITTED({argument.name}),{_EMPTY},{argument.name})" for argument in function.arguments},
    )
    names = [argument.name for argument in function.arguments if argument.kind.broadcasts]
    blocks = [f"{name}_block_,IF(ISOMITTED({name}),{_EMPTY},IF({name}={_EMPTY},{_EMPTY},{name}))" for name in names]
    # A block that does not fit makes an error in the sum of all.
    shape = "+".join(f"IFERROR(0*({name}_block_={_EMPTY}),0)" for name in names)
    filled = ",".join(f"IF(shape_=0,{name}_block_)" for name in names)
    single = _single_bindings(function, {name: f"{name}_cell_" for name in names})
    each = f"LAMBDA({','.join(f'{name}_cell_' for name in names)},LET({','.join(single)},{_checked(function)}))"
    bindings = ",".join([*whole, *blocks, f"shape_,{shape}"])
    return f"LAMBDA({','.join(parameters)},LET({bindings},IF(ISERROR(SUM(shape_)),#VALUE!,MAP({filled},{each}))))"


def stored(formula: str, taken: Collection[str] = ()) -> str:
    """A formula whose references are all local names, as a file stores it.

    `taken` are a workbook's own names in small letters: not every engine lets a local name stand before one of them.
    """
    optional = re.findall(r"\[(\w+)\]", formula)
    marked = set(optional)
    text = re.sub(r"\[(\w+)\]", r"\1", formula)
    out = []
    for token in Tokenizer(f"={text}").items:
        value = token.value
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            value = _STORED_FUNCTIONS.get(value[:-1], value[:-1]) + "("
        elif _is_name(token):
            # An optional parameter is marked where it first stands, which is the LAMBDA's list.
            name = f"{value}__" if value in taken else value
            value = f"_xlop.{name}" if value in marked else f"_xlpm.{name}"
            marked.discard(token.value)
        out.append(value)
    return "".join(out)


def _whole_bindings(function: Function, given: Mapping[str, str]) -> list[str]:
    """The names that stand for converted series and tables, each after what it is made of."""
    series = [argument for argument in function.arguments if argument.kind.is_series]
    tables = [argument for argument in function.arguments if argument.kind.read_table is not None]
    bindings = [f"{_given(argument)},TOCOL({_number(given[argument.name], _EMPTY)})" for argument in series]
    if series:
        bindings.append(f"length_,MAX({','.join(f'ROWS({_given(argument)})' for argument in series)})")
    bindings += [f"{_cells(argument)},{_of_full_length(argument)}" for argument in series]
    if series:
        bindings.append(f"filled_,{'+'.join(_fills(argument) for argument in series)}")
    bindings += [f"{_converted(argument)},{_series(argument, series)}" for argument in series]
    for argument in tables:
        bindings.append(f"{_cells(argument)},{_number(given[argument.name], _EMPTY)}")
        bindings.append(f"{_converted(argument)},{_table(argument)}")
    return bindings


def _single_bindings(function: Function, given: Mapping[str, str]) -> list[str]:
    """The names that stand for converted numbers and words."""
    return [
        f"{_converted(argument)},{_conversion(argument, given[argument.name])}"
        for argument in function.arguments
        if argument.kind.broadcasts
    ]


def _converted(argument: Argument) -> str:
    """What an argument is called once it is converted."""
    return f"{argument.name}_"


def _cells(argument: Argument) -> str:
    """What the cells of a series or a table are called: numbers, errors, and empty text for a blank."""
    return f"{argument.name}_cells_"


def _given(argument: Argument) -> str:
    """What the cells of a series are called as they are given: of a series that repeats perhaps one for all."""
    return f"{argument.name}_given_"


def _of_full_length(argument: Argument) -> str:
    name = _given(argument)
    return f"IF((ROWS({name})=1)*SEQUENCE(length_),{name},{name})" if argument.kind.repeats else name


def _fills(argument: Argument) -> str:
    """Where a series has something: one value for all fills no row."""
    filled = _is_filled(_cells(argument))
    return f"(ROWS({_given(argument)})=length_)*{filled}" if argument.kind.repeats else filled


def _conversion(argument: Argument, cell: str) -> str:
    """A number or a word, or the error that the cell makes."""
    blank = "NA()" if argument.required else _literal(argument.default)
    if cell == _EMPTY:
        return blank
    if argument.kind.words is None:
        return _number(cell, blank)
    return f"IF({cell}={_EMPTY},{blank},{_word(argument.kind, cell)})"


def _number(cell: str, blank: str) -> str:
    """A cell as a number. What it holds shows in the order of all values: numbers, text, FALSE, TRUE; errors pass."""
    return f"IF({cell}={_EMPTY},{blank},IF({cell}<{_EMPTY},{cell},IF({cell}>=FALSE,{cell}+0,#VALUE!)))"


def _word(kind: Kind, cell: str) -> str:
    """The canonical word that a cell stands for. Spreadsheets compare text without regard to case."""
    formula = "#VALUE!"
    for option in reversed(kind.options):
        same = "+".join(f"(word_={_literal(word)})" for word, value in (kind.words or {}).items() if value == option)
        formula = f"IF({same},{_literal(option)},{formula})"
    return f"LET(word_,IF(ISTEXT({cell}),TRIM({cell}),{cell}+0),{formula})"


def _series(argument: Argument, series: Sequence[Argument]) -> str:
    """The numbers of a series without the places that are blank in all series, or its error."""
    lengths = "+".join(f"(ROWS({_cells(other)})<>length_)" for other in series)
    outside = _outside("kept_", argument.kind)
    inside = f"IF(SUM(--({outside})),#NUM!,kept_)" if outside else "kept_"
    blank = "NA()" if argument.required else _literal(argument.default)
    kept = _with_blanks(f"FILTER({_cells(argument)},filled_)", blank)
    found = f"LET(kept_,{kept},IF(ISERROR(MAX(kept_)),MAX(kept_),{inside}))"
    return f"IF({lengths},#VALUE!,IF(SUM(filled_)=0,NA(),{found}))"


def _table(argument: Argument) -> str:
    """The rows of a table down to the last that is filled in, or its error."""
    cells = _cells(argument)
    height = f"MAX({_is_filled(cells)}*SEQUENCE(ROWS({cells})))"
    rows = _with_blanks(f"TAKE({cells},height_)", "NA()")
    missing = "NA()" if argument.required else "0"  # one cell, which no table is
    checked = f"LET(table_rows,{rows},IF(ISERROR(MAX(table_rows)),MAX(table_rows),{argument.kind.native_table}))"
    return f"LET(height_,{height},IF(height_=0,{missing},{checked}))"


def _is_filled(cells: str) -> str:
    return f"IFERROR(--({cells}<>{_EMPTY}),1)"


def _with_blanks(cells: str, blank: str) -> str:
    return f"LET(found_,{cells},IF(found_={_EMPTY},{blank},found_))"


def _checked(function: Function) -> str:
    """What is left to do with converted arguments: show the first error, keep to the domain, compute.

    A sum shows the first error in it, so the sum of what breaks each domain has every argument in it, in order.
    """
    broken = "+".join(_breaks(argument) for argument in function.arguments)
    result = f"LET(result_,{_over_converted(function)},IF(ISERR(result_),#NUM!,result_))"
    return f"IF({broken},#NUM!,{result})"


def _breaks(argument: Argument) -> str:
    name = _converted(argument)
    if not argument.kind.broadcasts:
        return f"(MAX({name})<>MAX({name}))"
    return _outside(name, argument.kind) or f"({name}<>{name})"


def _outside(name: str, kind: Kind) -> str:
    """A condition that holds where a number is outside the domain; empty where any number will do."""
    if kind.words is not None or kind.domain == "any number":
        return ""
    bounds = [bound.split() for bound in kind.domain.split(" and ")]
    return "+".join(f"({name}{_BREAKS[sign]}{limit})" for sign, limit in bounds)


def _over_converted(function: Function) -> str:
    """The native formula in the names of the converted arguments."""
    names = {argument.name: _converted(argument) for argument in function.arguments}
    tokens = Tokenizer(f"={function.native}").items
    return "".join(names.get(token.value, token.value) if _is_name(token) else token.value for token in tokens)


def _is_name(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _literal(value: str | float) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:.15g}"
