"""The text that a template of one's own begins with."""

from __future__ import annotations

from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.templates.library import folder
from xladdin.workbook.file.writing import write_whole

SCHEMA_FILE = "template.schema.json"
_TEXT = Path(__file__).parent / "starter.toml"


def write_starter(name: str, path: Path) -> None:
    """Write a small example that builds, with comments, under a name of its own.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    if path.suffix.lower() != ".toml":
        raise UserError(f"{path} does not end in .toml, as a template's text does.")
    title = " ".join(name.replace("-", " ").replace("_", " ").replace('"', "").replace("\\", "").split()).capitalize()
    text = _TEXT.read_text(encoding="utf-8").replace("TITLE", title or "Mine")
    text = text.replace("SCHEMA", (folder() / SCHEMA_FILE).resolve().as_uri())
    write_whole(path, text.encode())
