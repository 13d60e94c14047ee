"""A workbook before its rows: its lists given by hand, or without the examples of its template, which are nobody's."""

from __future__ import annotations

import tempfile
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import did_you_mean, nearest
from xladdin.reports.filling import table_inputs, write_filled
from xladdin.reports.matching import concept, plain
from xladdin.reports.reading import Said, as_known, is_needed, kept_told, read_as
from xladdin.reports.settings import says_twice, settings
from xladdin.reports.usual import unusual_settings
from xladdin.reports.wording import listed
from xladdin.workbook import columns
from xladdin.workbook.columns import Column
from xladdin.workbook.filled_lists import FilledList, cells_of, inputs_of, is_example_of, lists_of
from xladdin.workbook.model import Model
from xladdin.workbook.model_reader import read_model
from xladdin.workbook.render import recalculate
from xladdin.workbook.table.excel_table import ExcelTable

ROWS_LEFT_OUT = "rows_left_out"  # the input of a workbook that is told how many rows of a table it is without
_Filled = tuple[dict[str, Column], int]  # the columns of a list, and how many rows they have


@dataclass(frozen=True)
class Prepared:
    """A workbook that is ready for the rows of a table.

    Attributes
    ----------
    model
        The workbook, with what was given to it.
    data
        Its file, where it is another than before.
    said
        What was said by hand of the table alone.
    remarks
        What is worth saying of its lists.
    lacking
        A sentence on each thing that has to be given and was not.
    examples
        The lists that have the example rows of the template.
    """

    model: Model
    data: bytes | None
    said: Said
    remarks: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def complete(self) -> Prepared:
        """The same, where nothing is lacking.

        Raises
        ------
        UnreadableError
            When something is.
        """
        if self.lacking:
            raise UnreadableError(self.lacking[0])
        return self


def prepare(
    model: Model,
    said: Said,
    filled: ExcelTable | None = None,
    *,
    is_own: bool = False,
    apart: Container[str] = (),
    option: str = "--set",
) -> Prepared:
    """Give a workbook what was said of it by hand, and take the examples of its template away.

    A list is the case itself where a column's validation does not ignore a blank. Where such a list has the example
    rows of its template, and nothing else was given, it is lacking; other examples are left out.

    Parameters
    ----------
    model : Model
        The workbook.
    said : Said
        What was said by hand; of what is given, lists are files: NAME=FILE.
    filled : ExcelTable, optional
        The list that the rows of the table go into; otherwise each row goes into the named inputs.
    is_own : bool
        Whether the named inputs are the user's own though the rows are the template's, as in a workbook that is kept.
    apart : container of str
        The lists that get rows of their own in each report.
    option : str
        The option that gives a list its rows.

    Raises
    ------
    UserError
        When what was said can't be given.
    """
    others = [
        each for each in lists_of(model) if each.name not in apart and (filled is None or each.name != filled.name)
    ]
    lists, values, rest = _sorted_out(model, said, filled, others)
    lacking: list[str] = []
    remarks: list[str] = []
    examples: list[str] = []
    found: dict[str, _Filled] = {}
    as_given = _with_values(model, values if filled else settings(model, rest))
    for each in others:
        if each.name in lists:
            found[each.name] = _given(as_given, each, lists[each.name], said, remarks)
        elif each.is_example and said.defaults:
            examples.append(each.name)
        elif each.is_example and each.is_needed:
            lacking.append(_says_lacking(model, each, may_be_filled=filled is None and each.grows))
        elif each.is_example:
            found[each.name] = {}, 0
            remarks.append(
                f"{model.path.name}: the example rows of the list {each.name} are left out; "
                f"{option} {each.name}=FILE gives it rows of your own."
            )
    if examples:
        remarks.append(f"From the template: the example rows of {listed(examples)}.")
    if filled is not None and not is_own and is_example_of(model, filled):
        lacking += [] if said.defaults else _inputs_lacking(model, values)
        remarks += inputs_kept(model, values, are_accepted=said.defaults)
    remarks += given_blank(values) + unusual_settings(model, values)
    changed = (
        _written(model, values, [each for each in others if each.name in found], found) if values or found else None
    )
    said = replace(said, given=rest)
    return Prepared(read_model(model.path, changed) if changed else model, changed, said, remarks, lacking, examples)


def _sorted_out(
    model: Model, said: Said, filled: ExcelTable | None, others: list[FilledList]
) -> tuple[dict[str, str], dict[str, Any], tuple[str, ...]]:
    """What was given to lists, to named inputs beside the rows, and to every row."""
    by_name = {plain(each.name): each.name for each in others}
    of_rows = {plain(name) for name in (model.inputs if filled is None else inputs_of(model, filled))}
    beside = {} if filled is None else {plain(name): name for name in model.inputs}
    lists, single, rest = {}, [], []
    seen: set[str] = set()
    for text in said.given:
        name, equals, value = text.partition("=")
        if equals and plain(name) in seen:
            raise UserError(says_twice(text, name))
        seen.add(plain(name))
        if plain(name) in of_rows or not equals:
            rest.append(text)
        elif plain(name) in beside:
            single.append(text)
        elif plain(name) in by_name:
            lists[by_name[plain(name)]] = value.strip()
        else:
            if concept(name) not in map(concept, model.inputs):
                _check_not_of_a_list(text, name, others, [*model.inputs, *of_rows])
                if filled is not None:
                    _check_is_of_table(text, name, model, filled)
            rest.append(text)
    return lists, settings(model, single), tuple(rest)


def _check_not_of_a_list(text: str, name: str, lists: list[FilledList], inputs: list[str]) -> None:
    """Refuse what is given to a column of a list, or to a list by nearly its name where no input's is nearer.

    Raises
    ------
    UserError
        When it is.
    """
    by_column = {concept(column): each.name for each in lists for column in each.inputs}
    if concept(name) in by_column:
        found = by_column[concept(name)]
        raise UserError(
            f"--set {quoted(text)} is for a column of the list {found}; allowed is --set {found}=FILE with its rows."
        )
    names = [each.name for each in lists]
    near = nearest(name, [*inputs, *names])
    if near in names:
        raise UserError(f"--set {quoted(text)} names no input or list; did you mean {near}.")


def _check_is_of_table(text: str, name: str, model: Model, filled: ExcelTable) -> None:
    """Refuse a name that neither a column of the table nor an input beside it has.

    Raises
    ------
    UserError
        When it is.
    """
    by_row = inputs_of(model, filled)
    if concept(name) not in map(concept, by_row):
        raise UserError(
            f"--set {quoted(text)} names no input of {model.path.name}"
            f"{did_you_mean(name, [*model.inputs, *by_row])}; the inputs are {listed(list(model.inputs))}, "
            f"and those of each row {listed(list(by_row))}."
        )


def _with_values(model: Model, values: Mapping[str, Any]) -> Model:
    """A workbook whose inputs have these values, not computed: the currency says what the money of its lists is in."""
    given = {model.inputs[name].place: value for name, value in values.items()}
    return replace(model, constants={**model.constants, **given})


def _given(model: Model, listed_: FilledList, file: str, said: Said, remarks: list[str]) -> _Filled:
    """The rows of a file for a list, as columns, and their number.

    Raises
    ------
    UserError
        When it can't be read, or a row of it can't be used: a list is whole or of no use.
    """
    name = listed_.name
    if not file:
        if listed_.is_needed:
            raise UserError(f"--set {quoted(f'{name}=')} leaves out what {model.path.name} needs; allowed is a file.")
        return {}, 0
    path = Path(file)
    asked = table_inputs(model, listed_.table)
    table, own = said.of_list(path)
    reading = read_as(as_known(table, asked, own), asked, own, "keep", is_tried=True)
    reading.check_list(name)
    parts: dict[str, list[Any]] = {each: [] for each in reading.matching.by_input}
    count = 0
    for rows in reading.reader.rows():
        if rows.rejected:
            first = rows.rejected[0]
            raise UnreadableError(f"{path}, line {first.line}, {first}; a list is given with all its rows.")
        count += len(rows.lines)
        for each, column in rows.inputs.items():
            parts[each].append(column)
    room = listed_.table.capacity if listed_.grows else listed_.table.last_row - listed_.table.first_row + 1
    if count > room:
        raise UnreadableError(f"{path} has {count:,} rows; the list {name} of {model.path.name} has room for {room:,}.")
    remarks += [
        *reading.remarks(set()),
        *reading.blank_told(f"list {name}"),
        *reading.reader.told(),
        f"{path}: {count} {'row' if count == 1 else 'rows'} for the list {name}.",
    ]
    return {each: columns.joined(part) for each, part in parts.items()}, count


def with_rows_left_out(model: Model, count: int) -> Model:
    """A workbook that says how many rows it is without, where it has an input for that."""
    name = next((name for name in model.inputs if plain(name) == plain(ROWS_LEFT_OUT)), None)
    return model if name is None else read_model(model.path, _written(model, {name: float(count)}, [], {}))


def _written(model: Model, values: dict[str, Any], lists: list[FilledList], found: dict[str, _Filled]) -> bytes:
    """The file of a workbook with these inputs and rows of lists, computed."""
    cells, given = dict(model.inputs), dict(values)
    for each in lists:
        for name, item, value in () if each.grows else cells_of(each, *found[each.name]):
            cells[name], given[name] = item, value
    with tempfile.TemporaryDirectory(prefix="xladdin-") as folder:
        path = Path(folder) / model.path.name
        if given:
            recalculate(replace(model, inputs=cells), path, given)
            model = read_model(model.path, path.read_bytes())
        for each in lists:
            if each.grows:
                filled, count = found[each.name]
                blank = {name: columns.full(None, 1) for name in each.inputs}
                table = model.tables[each.name.casefold()]  # where it is now: another on its sheet may have grown
                write_filled(path, model, table, filled or blank, max(count, 1))
                model = read_model(model.path, path.read_bytes())
        return path.read_bytes()


def _says_lacking(model: Model, each: FilledList, *, may_be_filled: bool) -> str:
    titles = listed(list(each.inputs))
    into = (
        "--into FILE fills it with the rows of the table, --group-by COLUMN makes a report of the rows of each client "
        "or the like, "
        if may_be_filled
        else ""
    )
    return (
        f"{model.path.name} has only the example rows of its template in the list {each.name} ({titles}): {into}"
        f"--set {each.name}=FILE gives it the rows of a file, --defaults takes the example."
    )


def _inputs_lacking(model: Model, values: dict[str, Any]) -> list[str]:
    """One sentence on the named inputs that are the case itself and were not given beside the rows of a list."""
    names = [name for name, item in model.inputs.items() if item.rule and is_needed(item) and name not in values]
    if not names:
        return []
    return [
        f"{model.path.name} needs {listed(names)} beside the rows: --set {names[0]}=VALUE gives it, "
        "--defaults takes what the workbook has."
    ]


def given_blank(values: Mapping[str, Any]) -> list[str]:
    """One line of the inputs that are blank because that was said, which a slip of the pen says too."""
    names = [name for name, value in values.items() if value is None]
    return [f"Blank, as --set says: {listed(names)}."] if names else []


def inputs_kept(model: Model, values: Container[str], *, are_accepted: bool = False) -> list[str]:
    """One line of the named inputs that are as the workbook has them, beside those that have values."""
    kept = [name for name, item in model.inputs.items() if name not in values and item.default is not None]
    return kept_told("From the template", model, kept, are_accepted=are_accepted)
