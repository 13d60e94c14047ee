"""What is read how: the columns, what was said by hand, what is needed, and what is left to the template."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import nearest
from xladdin.reports import exports, notation, trips
from xladdin.reports.matching import Matching, concept, kept_mapping, match_columns, plain
from xladdin.reports.reader import TableReader
from xladdin.reports.remarks import Doubt
from xladdin.reports.settings import settings
from xladdin.reports.survey import survey
from xladdin.reports.table import FRAME, MAP, OPTIONS, Table, open_table
from xladdin.reports.units import Counting, allowed, currency_of, power_of
from xladdin.reports.usual import is_setting, unusual_settings
from xladdin.reports.values import is_number
from xladdin.reports.wording import cut, listed
from xladdin.templates import library
from xladdin.workbook import columns as cell_columns
from xladdin.workbook.model import Input, Model

Blank = Literal["keep", "reject", "default"]


@dataclass(frozen=True)
class Said:
    """What a person says of a table and of what it has not.

    Attributes
    ----------
    sheet, header
        Which sheet of a workbook, and which line has the names, where they are not to be found.
    mapping
        The input for columns that are named otherwise.
    given
        Inputs of every row as NAME=VALUE.
    decimal, dates
        The mark of decimals, "dmy" or "mdy", where both ways are possible.
    blank
        What a blank cell is, where the row can do without it: a blank, a fault, or the template's own value.
    defaults
        Whether the template's values may stand for whatever the table has not.
    options
        The options of the command that say something of a table.
    """

    sheet: str | None = None
    header: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    decimal: str | None = None
    dates: str | None = None
    blank: Blank | None = None
    defaults: bool = False
    options: frozenset[str] = OPTIONS

    @property
    def files(self) -> list[Path]:
        """The files that inputs may be given from, as NAME=FILE."""
        return [Path(value.strip()) for _, _, value in (text.partition("=") for text in self.given) if value.strip()]

    def of_list(self, path: Path) -> tuple[Table, Said]:
        """The file of a list, and what is said of it: its columns only by what was kept beside it.

        Raises
        ------
        UserError
            When it can't be read.
        """
        table = replace(open_table(path), options=self.options - {MAP})
        return table, Said(mapping=kept_mapping(path), decimal=self.decimal, dates=self.dates)


@dataclass(frozen=True)
class Reading:
    """A table on its way into a workbook.

    Attributes
    ----------
    reader
        What reads its rows.
    fixed
        The elements of inputs that are the same for every row, as they were given by hand.
    from_template
        The inputs that have the template's value in every report.
    missing
        The inputs that need a column and have none.
    examples
        The lists that have the template's example rows in every report.
    left_blank
        The inputs that are blank in every report.
    are_accepted
        Whether it was said that the template's values may stand for what the table has not.
    """

    reader: TableReader
    fixed: dict[str, Any]
    from_template: list[str]
    missing: list[str] = field(default_factory=list)
    examples: tuple[str, ...] = ()
    left_blank: tuple[str, ...] = ()
    are_accepted: bool = False

    @property
    def matching(self) -> Matching:
        return self.reader.matching

    @property
    def blank(self) -> list[str]:
        """The inputs that are blank in every report, also by what was said."""
        return [name for name, value in self.fixed.items() if value is None]

    @property
    def unused(self) -> list[str]:
        """The columns of the file that are for nothing; what is made of fills, or of several columns, is none."""
        table = self.reader.table
        names = [table.named(name) for name in self.matching.unused]
        return [name for name in names if name in table.in_file] if table.source else names

    def remarks(self, used: set[str]) -> list[str]:
        """One line of the columns that neither an input nor a file's name uses, and what is told of the file."""
        table = self.reader.table
        unused = [name for name in self.unused if name not in used]
        left = Matching({}, unused, self.matching.hints)
        known = [f"{table.path}: read as: {table.source}."] if table.source else []
        known += unusual_settings(self.reader.model, self.fixed)
        if table.header > 1 or (table.separator and not table.form.startswith("UTF-8")):
            known.insert(0, f"{table.path}: {table.form}, names in line {table.header}.")
        kind = Doubt if left.hints.keys() & set(unused) else str  # one that is nearly named like an input may be meant
        told = [kind(f"{table.path}: {left.remark}.")] if unused else []
        return known + table.remarks + told + self._other_money(unused)

    def _other_money(self, unused: Sequence[str]) -> list[str]:
        """One sentence where a column for nothing says that money is in another currency than that of the workbook."""
        table = self.reader.table
        column = next((name for name in unused if plain(name) == "currency" and name in table.columns), "")
        ours = currency_of(self.reader.counting.currency()) if self.reader.counting else ""
        if not column or not ours:
            return []
        frames = (frame.data.to_series(table.columns.index(column)) for frame in table.frames(FRAME))
        said = {str(text).strip() for each in frames for text in each.drop_nulls().unique().to_list()} - {""}
        others = sorted(text for text in said if currency_of(text.upper()) != ours)
        if not others:
            return []
        return [Doubt(f"{table.path}: the column {column} has {listed(others, 5)}, and all is counted as {ours}.")]

    def template_values(self) -> list[str]:
        """The inputs that have the template's value in every report, with it."""
        inputs = self.reader.model.inputs
        return [f"{name} {shown(inputs[name])}" for name in self.from_template]

    def template_remark(self) -> list[str]:
        """One line of what comes from the template in every report, and one of what is blank in all."""
        model = self.reader.model
        told = kept_told("From the template in every report", model, self.from_template, are_accepted=self.are_accepted)
        return told + ([f"Blank in every report: {listed(self.blank)}."] if self.blank else [])

    def blank_told(self, place: str) -> list[str]:
        """One sentence on the columns of a list that the table has nothing for."""
        if not self.blank:
            return []
        return [f"{self.reader.table.path} has no column {', '.join(self.blank)}; blank in the {place}."]

    def check_list(self, name: str) -> None:
        """Refuse a table for a list of the workbook that has not all columns that the list needs.

        Raises
        ------
        UnreadableError
            When one is missing.
        """
        if not self.missing:
            return
        table, model = self.reader.table, self.reader.model
        columns = {near: column for column, near in self.matching.hints.items()}
        first = self.missing[0]
        column = columns.get(first, "COLUMN")
        raise UnreadableError(
            f"{table.path} has no column for {listed(self.missing)} of the list {name} of {model.path.name}; "
            f"its columns are {listed(table.columns)}. Allowed are columns of these names, or lines for them such as "
            f"{table.ways_to_map(column, first).removeprefix('the line ')}."
        )


def as_known(table: Table, model: Model, said: Said) -> Table:
    """A table in our words where it is an export that is known; fills become positions.

    One that has what the workbook needs under the workbook's own names is left as it is: it is for its fills.

    Raises
    ------
    UnreadableError
        When it is an export in which there are no positions.
    """
    inputs = {plain(name) for name in model.inputs}
    source = exports.recognised(table, {plain(word) for word in said.mapping.values()} - inputs)
    if source is None or _fits_as_it_is(table, source, model, said):
        return table
    of_fills = _said_of_fills(table, source, model, said)
    columns = {plain(column) for column in table.columns}
    if source.kind != "positions" and any(
        plain(column) in columns for column in said.mapping if column not in of_fills
    ):
        return table
    if source.kind == "log":
        raise UnreadableError(f"{table.path}, {exports.what_it_is(table, source)}.")
    if source.kind == "fills":
        source = source.with_columns({word: column for column, word in of_fills.items()})
        table = replace(table, of_fills=frozenset(of_fills))
        needed = {concept(name) for name, item in model.inputs.items() if is_needed(item)}
        known = trips.positions_of(table, source, said.dates, of_closed=concept("exit_price") in needed)
    else:
        known = exports.in_our_words(table, source)
    return replace(known, remarks=known.remarks + _closed_told(known, model, said))


def _closed_told(table: Table, model: Model, said: Said) -> list[str]:
    """One sentence where closed positions are for a workbook that has no place for what closed them."""
    of_a_close = {concept(word) for word in ("exit_price", "realised", "status", "closed")}
    asked = {concept(name) for name in (*model.inputs, *said.mapping)}
    if not model.inputs or asked & of_a_close or "exit_price" not in table.columns:
        return []
    exits = [notation.numbers(frame.data["exit_price"])[0] for frame in table.frames(FRAME)]
    count = sum(int((exit_price.fill_nan(None).fill_null(0) != 0).sum()) for exit_price in exits)
    counted = "1 closed position counts" if count == 1 else f"{count:,} closed positions count"
    return [Doubt(f"{table.path}: {counted} as open in {model.path.name}, which takes no exit price.")] if count else []


def _said_of_fills(table: Table, source: exports.Source, model: Model, said: Said) -> dict[str, str]:
    """By column, our word for what it is of a fill, where that was said of it and is no input of the workbook."""
    columns, inputs = {plain(column) for column in table.columns}, {plain(name) for name in model.inputs}
    return {
        column: plain(word)
        for column, word in said.mapping.items()
        if source.kind == "fills" and plain(column) in columns and plain(word) in source.columns.keys() - inputs
    }


def _fits_as_it_is(table: Table, source: exports.Source, model: Model, said: Said) -> bool:
    """Whether a table has what a workbook needs under its own names, and no less than it would have in our words."""
    given = {plain(text.partition("=")[0]) for text in said.given} | {plain(name) for name in said.mapping.values()}
    there = {plain(column) for column in table.columns} | given
    asked = [name for name, item in model.inputs.items() if item.rule is None or is_needed(item)]
    under_own_names = sum(plain(name) in there for name in model.inputs)
    ours = {"positions": set(source.columns), "fills": set(trips.COLUMNS)}.get(source.kind, set())
    known = sum(concept(name) in {concept(word) for word in ours} for name in model.inputs)
    has_all = all(plain(name) in there for name in asked) if asked else 2 * under_own_names >= len(model.inputs)
    return has_all and under_own_names > 0 and under_own_names >= known


def read_as(table: Table, model: Model, said: Said, blank: Blank, *, is_tried: bool = False) -> Reading:
    """Find out how a table is read into the inputs of a workbook.

    Parameters
    ----------
    table, model
        The table, and the workbook.
    said : Said
        What was said by hand.
    blank : str
        What a blank is where nothing was said of it.
    is_tried : bool
        Whether it is only to be told what is missing.

    Raises
    ------
    UnreadableError
        When an input that is needed has no column and no value was given, or a column has two meanings.
    UserError
        When what was said fits neither the table nor the workbook.
    """
    blank = said.blank or blank
    fixed = settings(model, said.given)
    matching = match_columns(table, model, said.mapping)
    both = [name for name in fixed if name in matching.by_input]
    if both:
        column = matching.by_input[both[0]].column
        raise UserError(
            f"--set gives {both[0]} one value, and {table.path} has the column {column} for it; allowed is one."
        )
    needed = frozenset(
        name
        for name, item in model.inputs.items()
        if is_needed(item) and not (_is_guess(item) and (said.blank or said.defaults))
    )
    not_taken: dict[str, str] = {}
    if blank == "default" and not said.blank and not said.defaults:
        # Nothing says that a blank is the template's value: one in a row is as one without a column.
        needed |= {name for name, item in model.inputs.items() if item.rule is None and not item.may_be_blank}
        not_taken = {
            name: shown(item)
            for name, item in model.inputs.items()
            if name not in needed and item.default is not None and not item.may_be_blank
        }
        needed |= set(not_taken)
    free = [name for name in model.inputs if name not in matching.by_input and name not in fixed]
    lacking = [name for name in free if _must_be_given(model.inputs[name], defaults=said.defaults)]
    if lacking and not is_tried:
        raise UnreadableError(_lacking(table, model, lacking))
    if blank == "reject":
        needed |= set(matching.by_input)
    stay_blank = {name for name, item in model.inputs.items() if item.may_be_blank and not said.defaults}
    defaults = {
        name: model.inputs[name].default for name in matching.by_input if blank == "default" and name not in stay_blank
    }
    counting = Counting(model, fixed)
    _check_units(table, model, matching, counting)
    written = survey(table, model, matching, said.decimal, said.dates)
    reader = TableReader(table, model, matching, written, needed, defaults, not_taken, counting=counting)
    elements = {name: cell_columns.from_cell(value, model.epoch) for name, value in fixed.items()}
    of_nobody = set(lacking)
    left = [name for name in free if name not in of_nobody]
    from_template = [name for name in left if name not in stay_blank and model.inputs[name].default is not None]
    known = set(from_template)
    left_blank = tuple(name for name in left if name not in known)
    elements |= dict.fromkeys(left_blank)
    left_blank += tuple(name for name, value in fixed.items() if value is None)
    return Reading(reader, elements, from_template, lacking, left_blank=left_blank, are_accepted=said.defaults)


def _check_units(table: Table, model: Model, matching: Matching, counting: Counting) -> None:
    """A header may say thousands, or dollars where coins are asked: its numbers are not the input's as they are.

    Where a column decides what an input is counted in, that is a matter of each row.

    Raises
    ------
    UnreadableError
        When one says another unit than that of its input.
    """
    for name, match in matching.by_input.items():
        item = model.inputs[name]
        by_rows = any(each in matching.by_input for each in counting.decided_by(item, concept(name)))
        if not match.unit or match.is_said or by_rows or not is_number(item):
            continue
        counted = counting.of(item, concept(name))
        if power_of(match.unit, counted, item, concept(name)) is None:
            raise UnreadableError(
                f"{table.path}, line {table.header or 1}: the column {quoted(cut(match.column))} is in "
                f"{cut(match.unit)}, which is not what the input {name} of {model.path.name} counts; allowed is "
                f"{allowed(counted, item)}, or, if the numbers are right as they are, "
                f"{table.ways_to_map(match.column, name)}"
                f"{counting.otherwise(item, concept(name), match.unit, counted)}."
            )


def is_needed(item: Input) -> bool:
    """Whether an input is the case itself: its validation does not ignore a blank, or nothing says what a blank is."""
    if item.rule is None:
        return item.required
    return not item.rule.allows_blank


def _is_guess(item: Input) -> bool:
    """Whether no validation of the workbook says what an input allows, but an example at most."""
    return item.rule is None or item.rule.is_guess


def _must_be_given(item: Input, *, defaults: bool) -> bool:
    """Whether an input needs a column: the template's value is a setting only where its validation says so."""
    if item.required:
        return True
    return not defaults and ((_is_guess(item) and not item.may_be_blank) or is_needed(item))


def _lacking(table: Table, model: Model, names: list[str]) -> str:
    item = model.inputs[names[0]]
    columns = listed([table.named(column) for column in table.columns])
    if len(names) == 1 and item.required:
        return (
            f"{table.path} has no column for {cut(names[0])}, and {model.path.name} has no value for it "
            f"in {item.place.sheet}; the columns are {columns}."
        )
    return (
        f"{table.path} has no column for {listed(names)} of {model.path.name}{_nearly_named(names, table)}: "
        f"{ways_to_give(item)}; the columns are {columns}."
    )


def _nearly_named(names: list[str], table: Table) -> str:
    """The columns whose names are nearly those of inputs, in brackets."""
    columns = [column for column in table.columns if concept(column) == plain(column)]  # others mean something else
    near = [f"{column} may be {name}" for name in names if (column := nearest(name, columns))]
    return f" ({', '.join(near)})" if near else ""


def ways_to_give(item: Input) -> str:
    """What to say for an input that a table has no column for."""
    name = cut(item.name)
    own = "leaves it blank" if item.rule and item.rule.is_guess else "takes the template's own"
    last = "" if item.required else f", --defaults {own}"
    return f'--map "COLUMN={name}" says which column is one, --set "{name}=VALUE" gives one value for all rows{last}'


def kept_told(where: str, model: Model, names: Sequence[str], *, are_accepted: bool) -> list[str]:
    """One line of the inputs that are as the workbook has them.

    Of a template that comes with the product these are examples, in the place of somebody's own figures: a doubt,
    unless it was said that they may stand. What is no figure of a case, such as a threshold, is then named without
    its value.
    """
    are_examples = library.is_shipped(model.path)
    figures = [name for name in names if not (are_examples and is_setting(name))]
    if not figures:
        return []
    others = [name for name in names if name not in figures]
    figures.sort(key=lambda name: not is_needed(model.inputs[name]))  # the case itself first
    more = f"; and the setting{'s' if len(others) > 1 else ''} {listed(others)}" if others else ""
    told = f"{where}: {listed([f'{name} {shown(model.inputs[name])}' for name in figures])}{more}."
    return [Doubt(told) if are_examples and not are_accepted else told]


def shown(item: Input) -> str:
    """A value as a person says it: what its cell shows as a percentage is one."""
    value = item.default
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in item.number_format:
        return f"{value * 100:.10g}%"
    if isinstance(value, datetime.datetime):
        return str(value).removesuffix(" 00:00:00")
    return f"{value:,.15g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
