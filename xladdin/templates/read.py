"""A template's text, read and checked word by word: TOML, then the words of the language, each fault with its line."""

from __future__ import annotations

import datetime
import functools
import operator
import tomllib
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from xladdin.core.errors import UnreadableError
from xladdin.core.suggestions import did_you_mean
from xladdin.templates import toml_lines
from xladdin.templates.check import faults_in
from xladdin.templates.faults import Fault, TemplateTextError, sentences
from xladdin.templates.language import Fields, Template

LARGEST_TEXT = 1_000_000  # bytes; the largest of ours has 40,000
_MOST_SHOWN = 60  # characters of a value in a sentence
_KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def read_template(path: Path, fields: Path) -> Template:
    """Read a template's text.

    Parameters
    ----------
    path : Path
        The .toml file.
    fields : Path
        The file of what templates share.

    Raises
    ------
    TemplateTextError
        With a line for every fault that there is.
    """
    source = text_of(path)
    data = parsed(path, source)
    shared = msgspec.convert(parsed(fields, text_of(fields)), Fields)
    faults: list[Fault] = []
    _fill_in_fields(data, shared, faults)
    for key in ("allowed", "pieces"):
        if isinstance(data.get(key, {}), dict):
            data[key] = getattr(shared, key) | data.get(key, {})
    template: Template | None = _Reader(faults).struct(data, Template, ())
    if template is not None and not faults:
        faults += faults_in(template)
    if faults or template is None:
        raise TemplateTextError("\n".join(sentences(faults, str(path), toml_lines.lines_of(source))))
    return template


def text_of(path: Path) -> str:
    """What a file of text says, that is no larger than a template's may be.

    Raises
    ------
    UnreadableError
        When it can't be read, is larger, or is no UTF-8.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            source = file.read(LARGEST_TEXT + 1)  # a device has no size, and no end
        if len(source) > LARGEST_TEXT:
            found = f"{size:,} bytes" if size else "no end"
            raise UnreadableError(f"{path} has {found}; a template's text has at most {LARGEST_TEXT:,} bytes.")
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}.") from None
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise UnreadableError(f"{path}, line {line}: not UTF-8 text; save the file as UTF-8.") from None


def parsed(path: Path, source: str) -> dict[str, Any]:
    """A file's text as TOML.

    Raises
    ------
    UnreadableError
        When it is none.
    """
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at ")
        line = where.removesuffix(")").partition(",")[0] or f"line {source.count(chr(10)) + 1}"
        if "overwrite" in what or "twice" in what:
            what = "a name is given a second time"
        raise UnreadableError(f"{path}, {line}: this is not TOML: {what[:1].lower()}{what[1:]}.") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise UnreadableError(f"{path} has a number of too many digits.") from None
    except RecursionError:
        raise UnreadableError(f"{path} is nested too deeply to be read.") from None


def _fill_in_fields(data: dict[str, Any], shared: Fields, faults: list[Fault]) -> None:
    """Put the shared inputs where a template asks for them: name = "@side", or { like = "entry", example = 60000 }."""
    inputs = data.get("inputs")
    for section, lines in inputs.items() if isinstance(inputs, dict) else ():
        for name, line in lines.items() if isinstance(lines, dict) else ():
            path = ("inputs", section, name)
            if isinstance(line, str) and line.startswith("@"):
                like, own = line[1:], {}
            elif isinstance(line, dict) and "like" in line:
                own = {key: value for key, value in line.items() if key != "like"}
                like = line["like"]
            else:
                continue
            if not isinstance(like, str) or like not in shared.inputs:
                near = did_you_mean(str(like), shared.inputs)
                faults.append(Fault(path, f"there is no field {like!r} in fields.toml{near}"))
                own = {"label": "", "allowed": {"from": 0}}  # or what is missing in it would be told too
            lines[name] = shared.inputs.get(str(like), {}) | own


class _Reader:
    """Turns plain data into the language's structures, and goes on behind a fault."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def struct(self, value: Any, kind: type[Any], path: toml_lines.Path) -> Any:
        """A structure, or none where something in it is wrong."""
        if not isinstance(value, dict):
            return self._wrong(path, f"expected a table, found {_shown(value)}")
        known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        tag = kind.__struct_config__.tag_field
        count = len(self._faults)
        for key in value:
            if key not in known and key != tag:
                near = did_you_mean(key, known)
                self._wrong((*path, key), f"{key} is no word here{near or '; there are ' + ', '.join(known)}")
        given = {}
        for key, field in known.items():
            if key in value:
                given[field.name] = self._value(value[key], field.type, (*path, key))
            elif field.required:
                self._wrong(path, f"{key} is missing")
        return kind(**given) if len(self._faults) == count else None

    def _value(self, value: Any, kind: Any, path: toml_lines.Path) -> Any:
        if get_origin(kind) is Annotated:
            inner, *rest = get_args(kind)
            read = self._value(value, inner, path)
            if not any(
                isinstance(meta, msgspec.Meta) and (meta.ge is not None or meta.le is not None) for meta in rest
            ):
                return read
            return self._plain(value, kind, path)
        origin, arguments = get_origin(kind), get_args(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.struct(value, kind, path)
        if origin is dict:
            if not isinstance(value, dict):
                return self._wrong(path, f"expected a table, found {_shown(value)}")
            return {key: self._value(item, arguments[1], (*path, key)) for key, item in value.items()}
        if origin is list:
            if not isinstance(value, list):
                return self._wrong(path, f"expected a list, found {_shown(value)}")
            return [self._value(item, arguments[0], (*path, place)) for place, item in enumerate(value)]
        if origin in (Union, types.UnionType):
            return self._one_of(value, arguments, path)
        if origin is Literal:
            if value in arguments:
                return value
            known = [word for word in arguments if word]
            near = did_you_mean(str(value), known) or f"; there are {', '.join(known)}"
            return self._wrong(path, f"{_shown(value)} is no word here{near}")
        if kind is Any:
            if isinstance(value, dict | list | datetime.time):
                return self._wrong(path, f"expected a number, a text or a date, found {_shown(value)}")
            return value
        return self._plain(value, kind, path)

    def _one_of(self, value: Any, kinds: tuple[Any, ...], path: toml_lines.Path) -> Any:
        structs = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
        if isinstance(value, dict) and len(structs) == 1:
            return self.struct(value, structs[0], path)
        if structs and structs[0].__struct_config__.tag_field:
            return self._tagged(value, structs, path)
        for kind in kinds:
            if get_origin(kind) is list and isinstance(value, list):
                return self._value(value, kind, path)
        return self._plain(value, functools.reduce(operator.or_, kinds), path)

    def _tagged(self, value: Any, kinds: list[Any], path: toml_lines.Path) -> Any:
        by_tag = {kind.__struct_config__.tag: kind for kind in kinds}
        if not isinstance(value, dict):
            return self._wrong(path, f"expected a table, found {_shown(value)}")
        said = value.get("kind")
        if not isinstance(said, str) or said not in by_tag:
            found = f"found {_shown(said)}" if said is not None else "it is missing"
            return self._wrong((*path, "kind"), f"kind is one of {', '.join(by_tag)}; {found}")
        return self.struct(value, by_tag[said], path)

    def _plain(self, value: Any, kind: Any, path: toml_lines.Path) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            expected = _expected(kind)
            what = f"expected {expected}, found {_shown(value)}"
            if "`int` >=" in str(error) or "`int` <=" in str(error):
                what = f"{_shown(value)} is outside what is allowed: {str(error).partition('`int` ')[2]}"
            return self._wrong(path, what)

    def _wrong(self, path: toml_lines.Path, sentence: str) -> None:
        self._faults.append(Fault(path, sentence))


def _expected(kind: Any) -> str:
    """A kind of value in words."""
    if get_origin(kind) is Annotated:
        return _expected(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        words = [_expected(part) for part in get_args(kind) if part is not type(None)]
        return " or ".join(dict.fromkeys(words))
    return _KINDS.get(get_origin(kind) or kind, str(kind))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
