"""The templates that come with the product: a folder with a text and a built workbook of each, which is the list."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import did_you_mean

ORIGINAL = "en"  # the language that templates are written in
LANGUAGES = "languages"  # the folder of the others
_FIELDS = "fields"
_IN_CHECKOUT = Path(__file__).parents[2] / "templates"
_IN_WHEEL = Path(__file__).parent / "shipped"
_built_of_ours: set[Path] = set()  # workbooks of our texts in other languages, as long as the process is


def folder() -> Path:
    """Where the templates are: of the installed package, or of the checkout."""
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT


def names() -> list[str]:
    """The names of all templates."""
    return sorted(path.stem for path in folder().glob("*.toml") if path.stem != _FIELDS)


def languages_of(text: Path) -> list[str]:
    """The languages that a template's workbook can be made in: its own, and those of files beside its text."""
    return sorted({ORIGINAL, *(path.parent.name for path in (text.parent / LANGUAGES).glob(f"*/{text.name}"))})


def fields_path() -> Path:
    """The file of what templates share."""
    return folder() / f"{_FIELDS}.toml"


def text_path(name: str) -> Path:
    """The text of a template.

    Raises
    ------
    UserError
        When there is no template of this name.
    """
    if name not in names():
        raise UserError(
            f"There is no template {quoted(name)}{did_you_mean(name, names())}; there are {', '.join(names())}."
        )
    return folder() / f"{name}.toml"


def workbook_path(name: str) -> Path:
    """The built workbook of a template.

    Raises
    ------
    UserError
        When there is no template of this name, or it has not been built.
    """
    path = text_path(name).with_suffix(".xlsx")
    if not path.is_file():
        raise UserError(f"Template {name} is not built: run `make generated`.")
    return path


def is_shipped(workbook: Path) -> bool:
    """Whether a workbook is that of a template that comes with the product, in whatever language."""
    return workbook.parent == folder() or workbook in _built_of_ours


def find(template: str, language: str = ORIGINAL) -> Path:
    """The workbook that a person means: a template's name, the path of an .xlsx, or of a template's text.

    A text is built into a workbook that is there as long as the process is; so is a template in another language.

    Raises
    ------
    UserError
        When it is none of these, a text with faults, or not there in this language.
    """
    if template in names():
        return workbook_path(template) if language == ORIGINAL else _built(text_path(template), language)
    path = Path(template)
    if path.is_file():
        if path.suffix.lower() == ".toml":
            return _built(path, language)
        if language != ORIGINAL:
            raise UserError(f"{path} is a workbook, which has one language; --language is for a template.")
        return path
    if template and (path.is_dir() or path.suffix):
        what = "a folder" if path.is_dir() else "not there"
        raise UnreadableError(
            f"{quoted(template)} is {what}; a template is an .xlsx or .toml file or one of {', '.join(names())}."
        )
    raise UserError(
        f"{quoted(template)} is neither a file nor a template{did_you_mean(template, names())}; there are "
        f"{', '.join(names())}."
    )


def _built(text: Path, language: str) -> Path:
    from xladdin.templates.build import write
    from xladdin.templates.languages import in_language
    from xladdin.templates.read import read_template

    scratch = Path(tempfile.mkdtemp(prefix="xladdin-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    workbook = scratch / f"{text.stem}.xlsx"
    template, own = in_language(read_template(text, fields_path()), text, language)
    write(template, workbook, own)
    if text.parent == folder():
        _built_of_ours.add(workbook)
    return workbook
