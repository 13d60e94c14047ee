"""The page of the exports that are known, from the files of their sources."""

from __future__ import annotations

from pathlib import Path

from xladdin.reports import exports
from xladdin.reports.exports import Meaning, Source

_INTRODUCTION = """\
# The columns of the exports that are known

*Made from `xladdin/reports/sources` by `make generated`.*

A file is known by the columns of its header: all that stand behind "known by", of several names any. Their order and
case and the zone behind a time ("(UTC+8)") do not count, and it may have others. What becomes of it is in
[reports](reports.md#exports-that-are-known). Where yours calls one of these columns otherwise, rename it, say of
fills which it is (`--map "When=time"`), or write [a file like these](reports.md#an-export-of-your-own). Headers are
from public documentation and from files of this form.
"""
_KINDS = {"positions": "A position in each line", "fills": "Fills, which become positions", "log": "A list of changes"}


def exports_page() -> str:
    """The text of docs/exports.md."""
    paths = (Path(exports.__file__).parent / "sources").glob("*.toml")
    sources = sorted(map(exports.read_source, sorted(paths)), key=lambda source: source.name.casefold())
    return "\n".join([_INTRODUCTION, *map(_section, sources)])


def _section(source: Source) -> str:
    lines = [f"**{source.name}.** {_KINDS[source.kind]}.", "", f"- Known by: {_named_by(source)}."]
    if source.columns:
        lines.append(f"- Read: {'; '.join(f'{ours} from {_from(each)}' for ours, each in source.columns.items())}.")
    return "\n".join([*lines, ""])


def _named_by(source: Source) -> str:
    known = "; ".join(_any_of(names) for names in source.header)
    return known + (f"; without {', '.join(map(_quoted, source.without))}" if source.without else "")


def _from(meanings: tuple[Meaning, ...]) -> str:
    return _any_of([" with ".join(map(str, meaning.needed)) for meaning in meanings])


def _any_of(names: tuple[str, ...] | list[str]) -> str:
    return " or ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f"`{name}`"
