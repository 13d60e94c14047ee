"""On which line of a TOML file each key and each item of a list stands; the file is known to be valid."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]  # the keys, and the places in lists, that lead to something

_TOKEN = re.compile(
    r'(?P<skip>[ \t\r]+|\#[^\n]*)|(?P<newline>\n)|(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}'
    r"|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.\"'#]+)",
    re.DOTALL,
)


class _Tokens:
    """The tokens of a text, with their lines, read one after the other."""

    def __init__(self, text: str) -> None:
        self._tokens = list(self._all(text))
        self._at = 0

    @staticmethod
    def _all(text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup or ""
            if kind != "skip":
                yield kind, found[0], line
            line += found[0].count("\n")

    @property
    def now(self) -> tuple[str, str, int]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "", 0)

    def take(self) -> tuple[str, str, int]:
        taken = self.now
        self._at += 1
        return taken

    def skip_newlines(self) -> None:
        while self.now[0] == "newline":
            self._at += 1


def lines_of(text: str) -> dict[Path, int]:
    """The line of every key and item by its path."""
    tokens = _Tokens(text)
    table: Path = ()
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    while tokens.now[0] != "end":
        kind, said, line = tokens.now
        if kind == "newline":
            tokens.take()
        elif said == "[":
            table = _header(tokens, lines, counts, line)
        else:
            _pair(tokens, lines, table)
    return lines


def _header(tokens: _Tokens, lines: dict[Path, int], counts: dict[Path, int], line: int) -> Path:
    tokens.take()
    is_item = tokens.now[1] == "["
    if is_item:
        tokens.take()
    path: Path = ()
    for part in _key(tokens):
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    if is_item:
        name = path[:-1] if isinstance(path[-1], int) else path
        counts[name] = counts.get(name, -1) + 1
        lines.setdefault(name, line)
        path = (*name, counts[name])
    for _ in range(1 + is_item):
        tokens.take()
    for end in range(1, len(path) + 1):
        lines.setdefault(path[:end], line)
    return path


def _pair(tokens: _Tokens, lines: dict[Path, int], table: Path) -> None:
    line = tokens.now[2]
    path = table
    for part in _key(tokens):
        path = (*path, part)
        lines.setdefault(path, line)
    tokens.take()  # =
    _value(tokens, lines, path)


def _key(tokens: _Tokens) -> list[str]:
    parts = []
    while True:
        kind, said, _ = tokens.take()
        parts.append(_unquoted(said) if kind == "text" else said)
        if tokens.now[1] != ".":
            return parts
        tokens.take()


def _value(tokens: _Tokens, lines: dict[Path, int], path: Path) -> None:
    kind, said, _ = tokens.take()
    if (kind, said) == ("mark", "["):
        number = 0
        while True:
            tokens.skip_newlines()
            if tokens.now[1] == "]" and tokens.now[0] == "mark":
                tokens.take()
                return
            lines[(*path, number)] = tokens.now[2]
            _value(tokens, lines, (*path, number))
            number += 1
            tokens.skip_newlines()
            if tokens.now[1] == ",":
                tokens.take()
    elif (kind, said) == ("mark", "{"):
        while True:
            tokens.skip_newlines()
            if tokens.now[0] == "mark" and tokens.now[1] == "}":
                tokens.take()
                return
            if tokens.now[1] == ",":
                tokens.take()
                continue
            _pair(tokens, lines, path)
    else:
        while tokens.now[0] in ("bare", "mark") and tokens.now[1] not in (",", "]", "}"):  # 1.5, a date and its time
            tokens.take()


def _unquoted(said: str) -> str:
    if said.startswith("'"):
        return said[1:-1]
    return str(tomllib.loads(f"key = {said}")["key"])
