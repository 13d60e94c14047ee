"""The texts of a template: all of them, and the same template with others in their place; its formulas stay.

Which words of the language are texts is said there, in its types. Inside a formula each quoted text is one, but for the
words that cells hold and formulas ask for, such as long.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct, structs

from xladdin.templates.allowed import Allowed, allowed_of
from xladdin.templates.formulas import BracesError, Figure, Formula, Hole, Words, piece, with_texts, words
from xladdin.templates.language import (
    CODE,
    EXAMPLE,
    Entries,
    EntryColumn,
    Lines,
    ListColumn,
    ListSheet,
    Result,
    Template,
)
from xladdin.templates.styles import VERDICTS

Change = Callable[[str], str]


class Texts:
    """What of a template people read."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._kept = _kept_words(template)
        self._figures = _Figures(template, self._kept)
        self.needed: dict[str, None] = {}  # in their order, each once
        self.possible: dict[str, None] = {}  # examples, which may stay as they are
        _changed(_with_headings_shown(template), Template, self._collect)

    def changed(self, change: Change) -> Template:
        """The template with its texts changed.

        Raises
        ------
        ValueError
            When two headings that were different are the same then.
        """
        original = _with_headings_shown(self._template)
        made: Template = _changed(original, Template, lambda value, role: self._one(value, role, change))
        return made

    def differs(self, text: str, other: str) -> str:
        """What of the formulas in a text is another in its translation, or nothing.

        Raises
        ------
        BracesError
            When braces or quotation marks of the translation are not as they should be.
        """
        if text not in self.needed:
            return ""
        wanted, found = (self._figures.of(words(said)) for said in (text, other))
        lacking = [figure for figure in wanted if wanted.count(figure) > found.count(figure)]
        strange = [figure for figure in found if found.count(figure) > wanted.count(figure)]
        if lacking:
            return f"{{{lacking[0]}}} is missing" if not strange else f"{{{strange[0]}}} should be {{{lacking[0]}}}"
        return f"{{{strange[0]}}} is not in the text" if strange else ""

    def _one(self, value: str, role: str, change: Change) -> str:
        if role == CODE:
            return with_texts(value, lambda text: self._in_formula(text, change))
        if role == EXAMPLE:
            return change(value) if _is_an_example(value, self._kept) else value
        return change(value) if _says_something(value, self._kept) else value

    def _in_formula(self, text: str, change: Change) -> str:
        stays = _asked_for(text) in self._kept or not _says_something(text, self._kept)
        return text if stays else change(text)

    def _collect(self, value: str, role: str) -> str:
        kept = self.possible if role == EXAMPLE else self.needed
        return self._one(value, role, lambda text: kept.setdefault(text) or text)


def _with_headings_shown(template: Template) -> Template:
    """The template in which each column to fill in, or of a list, shows its heading as a text, which can be another."""

    def shown(rows: Entries | ListSheet) -> Any:
        columns: Mapping[str, EntryColumn | ListColumn] = rows.columns
        return structs.replace(
            rows,
            columns={
                key: structs.replace(column, shown=column.shown or column.header) for key, column in columns.items()
            },
        )

    return structs.replace(
        template,
        tables={name: shown(entries) for name, entries in template.tables.items()},
        sheets={title: shown(rows) for title, rows in template.sheets.items()},
    )


def _changed(value: Any, kind: Any, change: Callable[[str, str], str]) -> Any:
    """A part of a template by its type in the language, with what is a text changed."""
    if isinstance(value, str):
        role = _role(kind)
        return change(value, role) if role else value
    if isinstance(value, Struct):
        parts = {part.name: _changed(getattr(value, part.name), part.type, change) for part in structs.fields(value)}
        return structs.replace(value, **parts)
    if isinstance(value, list):
        (of,) = _arguments(kind, list)
        return [_changed(item, of, change) for item in value]
    if isinstance(value, dict):
        of_keys, of_values = _arguments(kind, dict)
        made = {_changed(key, of_keys, change): _changed(item, of_values, change) for key, item in value.items()}
        if len(made) < len(value):
            raise ValueError(f"of the headings {', '.join(value)} two are the same in this language")
        return made
    return value


def _role(kind: Any) -> str:
    """What a text of this type is: a text, one with figures, a formula, an example; or nothing of these."""
    if get_origin(kind) is Annotated:
        inner, *rest = get_args(kind)
        said = [meta.extra["is"] for meta in rest if isinstance(meta, msgspec.Meta) and meta.extra]
        return said[0] if said else _role(inner)
    if get_origin(kind) in (Union, types.UnionType):
        return next(filter(None, map(_role, get_args(kind))), "")
    return ""


def _arguments(kind: Any, wanted: type) -> tuple[Any, ...]:
    """The types of what a list or dictionary of this type holds."""
    if get_origin(kind) is wanted:
        return get_args(kind)
    if get_origin(kind) is Annotated:
        return _arguments(get_args(kind)[0], wanted)
    return next((found for part in get_args(kind) if (found := _arguments(part, wanted))), ())


def _kept_words(template: Template) -> frozenset[str]:
    """The words that formulas ask for: of inputs, and of verdicts."""
    kept = {*VERDICTS, *template.words}
    for allowed in _all_allowed(template):
        kept.update(allowed.words)
    for line in _lines(template):
        kept.update(case.word for case in line.verdict)
    return frozenset(kept)


def _all_allowed(template: Template) -> Iterator[Allowed]:
    said = [line.allowed for lines in template.inputs.values() for line in lines.values()]
    said += [column.allowed for entries in template.tables.values() for column in entries.columns.values()]
    said += [column.allowed for rows in template.sheets.values() for column in rows.columns.values() if column.allowed]
    return (allowed_of(each, template.allowed) for each in said)


def _lines(template: Template) -> Iterator[Result]:
    for lines in template.results.values():
        yield from lines.values()
    for block in template.calculations.values():
        if isinstance(block, Lines):
            yield from block.lines.values()


def _is_an_example(value: str, kept: frozenset[str]) -> bool:
    return value not in kept and any(map(str.isalpha, value))


def _asked_for(text: str) -> str:
    """The word that a criterion such as "<>cross" is about."""
    return text.lstrip("<>=")


def _says_something(text: str, kept: frozenset[str]) -> bool:
    """Whether there is a word in a text that stands for no formula."""
    try:
        return _has_words(words(text), kept)
    except BracesError:  # a label is no formula, and may hold a brace
        return True


def _has_words(said: Words, kept: frozenset[str]) -> bool:
    plain = any(character.isalpha() for part in said.parts if isinstance(part, str) for character in part)
    return plain or any(
        not _is_asked_for(inner, kept) and _has_words(inner, kept)
        for part in said.parts
        if isinstance(part, Figure)
        for inner in _texts_of(part.formula)
    )


def _texts_of(formula: Formula) -> Iterator[Words]:
    for part in formula:
        if isinstance(part, Words):
            yield part
        elif isinstance(part, Hole):
            for argument in part.arguments:
                yield from _texts_of(argument)


def _is_asked_for(said: Words, kept: frozenset[str]) -> bool:
    return len(said.parts) == 1 and isinstance(said.parts[0], str) and _asked_for(said.parts[0]) in kept


class _Figures:
    """The figures in texts without the words in them, with pieces of formula put in: what a translation has too."""

    def __init__(self, template: Template, kept: frozenset[str]) -> None:
        self._kept = kept
        self._pieces = dict(piece(name, text) for name, text in template.pieces.items())

    def of(self, said: Words, given: Mapping[str, str] | None = None) -> list[str]:
        """In an order that is not the text's; `given` is what stands for the parameters of a piece."""
        return sorted(
            self._bare(part.formula, given or {}) + (f":{part.shown}" if part.shown else "")
            for part in said.parts
            if isinstance(part, Figure)
        )

    def _bare(self, formula: Formula, given: Mapping[str, str]) -> str:
        out = ""
        for part in formula:
            if isinstance(part, str):
                out += part
            elif isinstance(part, Hole):
                out += self._put_in(part, given)
            elif self._stays(part, out):
                out += f'"{part.parts[0] if part.parts else ""}"'
            else:
                figures = "".join(f"{{{figure}}}" for figure in self.of(part, given))
                out += f'"…{figures}"'
        return out

    def _put_in(self, hole: Hole, given: Mapping[str, str]) -> str:
        if hole.name in given:
            return given[hole.name]
        arguments = [self._bare(argument, given) for argument in hole.arguments]
        called = self._pieces.get(hole.name)
        if called is not None and len(called.parameters) == len(arguments):
            return self._bare(called.formula, dict(zip(called.parameters, arguments, strict=True)))
        return f"{{{hole.name}({', '.join(arguments)})}}" if arguments else f"{{{hole.name}}}"

    def _stays(self, said: Words, before: str) -> bool:
        """Whether a text in a formula is the same in every language: it is asked for, or says how a figure is shown."""
        if not all(isinstance(part, str) for part in said.parts):
            return False
        plain = "".join(map(str, said.parts))
        is_compared = before.endswith(("=", "<>", "<", ">"))
        return is_compared or _asked_for(plain) in self._kept or any(mark in plain for mark in "0#?@")
