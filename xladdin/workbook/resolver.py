"""What references lead to: the cells of a workbook, through its names too, and their values."""

from __future__ import annotations

import bisect
import collections
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import formualizer
import numpy as np

from xladdin.core.errors import REF, error
from xladdin.workbook import columns
from xladdin.workbook.builtins.long_range import LongRange, Part
from xladdin.workbook.model import Model
from xladdin.workbook.place import Place
from xladdin.workbook.references import Area, NoReferenceError, area_of, areas_of, parsed, shifted
from xladdin.workbook.terms import LONG, Cells, NotCompiledError, Reference, Scope, Term

_NO_NAME = error("#NAME?")
_RUN = 16  # rows of the shortest run; each longer one has so many of those below it
_MOST_CELLS = 20_000  # of one range with a column for each: beyond it one row of a batch at a time is better


class Index:
    """Cells by their column, so that those of a range are found without looking at each."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._rows: dict[tuple[str, int], list[int]] = collections.defaultdict(list)
        self._columns: dict[str, set[int]] = collections.defaultdict(set)
        for sheet, row, column in places:
            self._rows[sheet, column].append(row)
            self._columns[sheet].add(column)
        for rows in self._rows.values():
            rows.sort()

    def within(self, area: Area) -> Iterator[Place]:
        """The cells that stand in an area."""
        known = self._columns.get(area.sheet, set())
        wanted = range(area.first_column, area.last_column + 1)
        for column in wanted if len(wanted) <= len(known) else sorted(known):
            rows = self._rows.get((area.sheet, column))
            if rows and column in wanted:
                first, last = bisect.bisect_left(rows, area.first_row), bisect.bisect_right(rows, area.last_row)
                for row in rows[first:last]:
                    yield Place(area.sheet, row, column)


class Run(NamedTuple):
    """So many rows of a column, as ranges that begin or end elsewhere have them too."""

    sheet: str
    column: int
    row: int
    height: int


def runs(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Rows as a few runs, each a first row and a height, of which ranges that overlap have most in common.

    Every run begins at a multiple of its height, which is a power of sixteen and below that of all rows together; what
    is left over at both ends is as long as it is.
    """
    longest = _RUN
    while longest * _RUN < last - first + 1:
        longest *= _RUN
    row = first
    while row <= last:
        height = longest
        while height >= _RUN and (row % height or row + height - 1 > last):
            height //= _RUN
        if height < _RUN:
            height = min(last + 1, row - row % _RUN + _RUN) - row
        yield row, height
        row += height


class Resolver:
    """The references of a workbook's formulas."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._titles = {title.casefold(): title for title in (*model.sheets, *model.links.cells)}
        self._order = list(model.sheets)
        self._relative: dict[str, bool] = {}  # whether the meaning of a name is other from place to place
        self._trees: dict[tuple[str, str, int, int], Reference | dict[str, Any] | float] = {}
        self.spilled = {
            Place(anchor.sheet, anchor.row + down, anchor.column + across): anchor
            for anchor, (height, width) in model.spills.items()
            for down in range(height)
            for across in range(width)
        }
        self.formulas = Index({*model.formulas, *self.spilled, *model.table_places()})
        self.inputs = Index(item.place for item in model.inputs.values())
        self.members: dict[Area, tuple[Place | Area, ...]] = {}
        self.used: dict[str, tuple[int, int]] = {}
        inputs = (item.place for item in model.inputs.values())
        for place in itertools.chain(model.constants, model.formulas, self.spilled, inputs):
            row, column = self.used.get(place.sheet, (1, 1))
            self.used[place.sheet] = max(row, place.row), max(column, place.column)

    def resolve(self, text: str, scope: Scope) -> Reference | dict[str, Any] | float:
        """The cells of a reference, the formula of a name that is none, or an error."""
        found = self.named(text, scope)
        if found is not None:
            return found
        try:
            return Reference(tuple(self._on_sheets(area) for area in areas_of(text, scope.here.sheet, self._order)))
        except NoReferenceError:
            return REF if "[" in text or "!" in text else _NO_NAME

    def named(self, text: str, scope: Scope) -> Reference | dict[str, Any] | float | None:
        """What a name stands for at a cell, or nothing where there is no such name."""
        meaning = self._meaning_of(text, scope.here.sheet)
        if meaning is None:
            return None
        if text.rpartition("!")[2].casefold() in scope.seen:
            raise NotCompiledError(f"the name {text} refers to itself")
        here = scope.here
        key = (here.sheet, text.casefold(), here.row, here.column)
        if key not in self._trees:
            self._trees[key] = self._meaning(meaning, here)
        return self._trees[key]

    def _meaning_of(self, text: str, here: str) -> str | None:
        """What stands for a name in the file: that of the sheet before the workbook's."""
        title, mark, name = text.rpartition("!")
        sheet = title.strip("'").replace("''", "'").casefold() if mark else here.casefold()
        return self.model.names_of_sheets.get((sheet, name.casefold())) or self.model.meaning(name)

    def is_relative_name(self, text: str, scope: Scope) -> bool:
        """Whether a name leads to other cells from other places."""
        if not self.model.names and not self.model.names_of_sheets:
            return False
        meaning = self._meaning_of(text, scope.here.sheet)
        if meaning is None:
            return False
        if meaning not in self._relative:
            formula = f"={meaning.removeprefix('=')}"
            try:
                self._relative[meaning] = shifted(formula, 1, 1) != formula
            except (formualizer.TokenizerError, ValueError):
                self._relative[meaning] = False
        return self._relative[meaning]

    def _meaning(self, meaning: str, here: Place) -> Reference | dict[str, Any] | float:
        formula = f"={self.model.links.stored('=' + meaning.removeprefix('='))[1:]}"
        try:
            # A relative reference of a name is stored as it is in the first cell.
            formula = shifted(formula, here.row - 1, here.column - 1)
            tree = parsed(formula)
        except (formualizer.ParserError, formualizer.TokenizerError, ValueError):
            raise NotCompiledError(f"the name for {meaning} can't be read") from None
        if tree["node_type"] == "Reference":
            try:
                areas = areas_of(tree["reference"], here.sheet, self._order)
                return Reference(tuple(map(self._on_sheets, areas)))
            except NoReferenceError:
                pass
        return tree

    def area(self, text: str, sheet: str) -> Area:
        """The one range that a plain reference names.

        Raises
        ------
        NoReferenceError
            When it is none of this workbook.
        """
        return self._on_sheets(area_of(text, sheet))

    def _on_sheets(self, area: Area) -> Area:
        title = self._titles.get(area.sheet.casefold())
        if title is None:
            raise NoReferenceError(area.sheet)
        return area if title == area.sheet else area.on(title)

    def clipped(self, area: Area) -> Area:
        """The part of a whole row or column that holds anything."""
        return area.within(*self.used.get(area.sheet, (1, 1)))

    @functools.cached_property
    def _subtotals(self) -> Index:
        return Index(filter(self.model.is_subtotal, self.model.formulas))

    def has_left_out(self, area: Area) -> bool:
        """Whether an area holds what a subtotal may leave out: a hidden row, or another subtotal."""
        hidden = itertools.chain.from_iterable(self.model.hidden.get(area.sheet, ()))
        is_hidden = any(area.first_row <= row <= area.last_row for row in hidden)
        return is_hidden or next(self._subtotals.within(area), None) is not None

    def cells(self, area: Area, text: str = "") -> Term:
        """The cells of an area as a part of a formula, in which the reference may be written so."""
        if area.is_cell:
            place = Place(area.sheet, area.first_row, area.first_column)
            return Term(lambda cells: cells[place], area=area)
        by_row = ""
        if area.is_unbounded:
            by_row = "it refers to whole rows or columns"
        elif area.size > _MOST_CELLS:
            by_row = f"it refers to {area.size:,} cells at once"
        return Term(lambda cells: self.values(area, cells), True, area=area, by_row=by_row)

    def values(self, area: Area, cells: Cells) -> Any:
        """What the cells of an area hold: a value, a list of rows, or of many plain values each column as an array."""
        if area.is_cell:
            return [[cells[Place(area.sheet, area.first_row, area.first_column)]]]
        if area in cells:
            return cells[area]
        used = self.clipped(area)
        if cells.count is not None:
            rows = [[cells[Place(area.sheet, *address)] for address in row] for row in used.rows()]
            if used.size < LONG or any(isinstance(cell, np.ndarray) for row in rows for cell in row):
                return rows
        if used.size < LONG and not area.is_clipped:
            found: Any = [[cells[Place(area.sheet, *address)] for address in row] for row in used.rows()]
        else:
            found = self._long(area, used, cells)
            if area not in cells.seen:  # such as of a running sum: one formula looks at it, and it is never asked again
                cells.seen.add(area)
                return found
        cells[area] = found
        return found

    def _long(self, area: Area, used: Area, cells: Cells) -> LongRange:
        wanted = range(used.first_column, used.last_column + 1)
        height = used.shape[0]
        found = [self._parts(Run(used.sheet, number, used.first_row, height), cells) for number in wanted]
        beside = (area.last_column - area.first_column) - (used.last_column - used.first_column)
        if beside and area.last_row - area.first_row < 1000:
            found += [[Part(np.full(height, None, dtype=object))]] * beside
            beside = 0
        return LongRange(found, (area.last_row - area.first_row) - (used.last_row - used.first_row), beside)

    def _parts(self, wanted: Run, cells: Cells) -> list[Part]:
        """Rows of a column in parts, of runs that are kept for others."""
        if wanted.height <= _RUN:
            sheet, column, row, height = wanted
            return [Part(columns.from_values([cells[Place(sheet, each, column)] for each in range(row, row + height)]))]
        parts = []
        for row, height in runs(wanted.row, wanted.row + wanted.height - 1):
            run = Run(wanted.sheet, wanted.column, row, height)
            if run in cells:
                parts.append(cells[run])
                continue
            within = self._parts(run, cells)
            part = within[0] if len(within) == 1 else Part(columns.joined([each.cells for each in within]))
            if height >= _RUN:
                cells[run] = part
            parts.append(part)
        return parts

    def members_of(self, area: Area) -> tuple[Place | Area, ...]:
        """The formula cells and inputs in an area, or in the place of many rows runs of them that others have too."""
        if area not in self.members:
            self.members[area] = tuple(self._members(area))
        return self.members[area]

    def _members(self, area: Area) -> Iterator[Place | Area]:
        if not self._has_members(area):
            return
        if area.shape[0] <= _RUN:
            yield from dict.fromkeys(self.formulas_in(area))
            yield from self.inputs_in(area)
            return
        for row, height in runs(area.first_row, area.last_row):
            run = Area(area.sheet, row, area.first_column, row + height - 1, area.last_column)
            if self._has_members(run):
                yield run

    def _has_members(self, area: Area) -> bool:
        return any(True for found in (self.formulas_in, self.inputs_in) for _ in found(area))

    def inputs_in(self, area: Area) -> Iterator[Place]:
        """The inputs of an area."""
        yield from self.inputs.within(area)

    def formulas_in(self, area: Area) -> Iterator[Place]:
        """The formula cells of an area; of what an array formula fills its first cell."""
        for place in self.formulas.within(area):
            yield self.spilled.get(place, place)
