"""What is wrong in a template's text: every fault with its place, in one sentence each."""

from __future__ import annotations

from dataclasses import dataclass

from xladdin.core.errors import UnreadableError
from xladdin.templates.toml_lines import Path


@dataclass(frozen=True)
class Fault:
    """One fault: where in the text, by the keys that lead there, and what is wrong."""

    path: Path
    sentence: str


class TemplateTextError(UnreadableError):
    """A template's text that can't be used; the message has a line for every fault."""


def sentences(faults: list[Fault], file: str, lines: dict[Path, int]) -> list[str]:
    """The faults as people read them, in the order of the file, each once."""
    told = {
        (_line(fault.path, lines), f"{file}, line {_line(fault.path, lines)}, {shown(fault.path)}: {fault.sentence}.")
        for fault in faults
    }
    return [sentence for _, sentence in sorted(told)]


def shown(path: Path) -> str:
    """A path as TOML writes it, lists counted from 1 as people do."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, int):
            parts[-1] += f" {part + 1}"
        else:
            parts.append(part if part.replace("_", "").replace("-", "").isalnum() else f'"{part}"')
    return ".".join(parts) or "the file"


def _line(path: Path, lines: dict[Path, int]) -> int:
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1
