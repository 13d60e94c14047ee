"""The built workbooks that are kept beside the templates' texts: made anew, and held against what the texts say."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from xladdin.templates.build import write
from xladdin.templates.language import schema
from xladdin.templates.library import fields_path, folder, names, text_path
from xladdin.templates.read import read_template
from xladdin.workbook.file.comparison import differences


def schema_text() -> str:
    """The language's JSON schema, as editors read it."""
    return json.dumps(schema(), indent=2) + "\n"


def build(name: str, path: Path) -> None:
    """Build a template that comes with the product, with its values computed.

    Raises
    ------
    UserError
        When there is no template of this name, or the file can't be written.
    """
    write(read_template(text_path(name), fields_path()), path)


def build_all(into: Path | None = None) -> list[Path]:
    """Build every template into a folder, that of their texts if none is given; gives the files."""
    target = into or folder()
    target.mkdir(parents=True, exist_ok=True)
    paths = [target / f"{name}.xlsx" for name in names()]
    for path in paths:
        build(path.stem, path)
    return paths


def stale(kept: Path | None = None) -> list[str]:
    """The names of the templates whose file in a folder is missing or not the workbook that their text makes."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for fresh in build_all(Path(scratch)):
            path = (kept or folder()) / fresh.name
            if not path.is_file() or differences(path, fresh):
                found.append(fresh.stem)
    return found
