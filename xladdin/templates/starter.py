"""The text that a template of one's own begins with."""

from __future__ import annotations

from pathlib import Path

from xladdin.core.errors import UserError
from xladdin.templates.library import folder

SCHEMA_FILE = "template.schema.json"
_TEXT = Path(__file__).parent / "starter.toml"


def write_starter(name: str, path: Path) -> None:
    """Write a small example that builds, with comments, under a name of its own.

    Raises
    ------
    UserError
        When the file is there already, or can't be written.
    """
    if path.suffix.lower() != ".toml":
        raise UserError(f"{path} does not end in .toml, as a template's text does.")
    title = " ".join(name.replace("-", " ").replace("_", " ").replace('"', "").replace("\\", "").split()).capitalize()
    text = _TEXT.read_text(encoding="utf-8").replace("TITLE", title or "Mine")
    text = text.replace("SCHEMA", (folder() / SCHEMA_FILE).resolve().as_uri())
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{path} is there already; take another name.") from None
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}.") from None
