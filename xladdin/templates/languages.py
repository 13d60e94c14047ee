"""The languages of templates: a file for each beside the texts, with what each text is there.

In `languages/de` stand `futures-planner.toml` for the texts of that template, `fields.toml` for those of shared inputs
and `workbook.toml` for those that every workbook has. A key is a text as the template has it, its value the same there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from xladdin.core.errors import UnreadableError, UserError, quoted
from xladdin.core.suggestions import did_you_mean
from xladdin.templates import toml_lines
from xladdin.templates.check import faults_in
from xladdin.templates.faults import Fault, TemplateTextError, sentences, shown
from xladdin.templates.formulas import BracesError, shortened
from xladdin.templates.language import Template
from xladdin.templates.library import LANGUAGES, ORIGINAL, folder, languages_of
from xladdin.templates.own_texts import ENGLISH, OwnTexts
from xladdin.templates.read import parsed, text_of
from xladdin.templates.translation import Texts

_SHARED, _OF_EVERY_WORKBOOK = "fields", "workbook"


def in_language(template: Template, text: Path, language: str) -> tuple[Template, OwnTexts]:
    """A template with its texts in a language, and what every workbook says there.

    Parameters
    ----------
    template : Template
        As it was read.
    text : Path
        Its file, beside which the languages are.
    language : str
        One of `languages_of`.

    Raises
    ------
    UserError
        When there is no such language.
    TemplateTextError
        When the language's file is not of this template: a text is missing, gone, or has other formulas in it.
    """
    if language == ORIGINAL:
        return template, ENGLISH
    known = languages_of(text)
    if language not in known:
        raise UserError(f"{text.stem} is not there in the language {quoted(language)}; it is in {', '.join(known)}.")
    path = text.parent / LANGUAGES / language / text.name
    own, source = _read(path)
    shared = _read_if_there(text, language, _SHARED)
    texts = Texts(template)
    faults = list(_faults(texts, own, shared, text.name))
    made = template
    if not faults:
        try:
            made = texts.changed(lambda said: own.get(said, shared.get(said, said)))
            faults = [Fault((), f"{shown(fault.path)}: {fault.sentence}") for fault in faults_in(made)]
        except ValueError as error:
            faults = [Fault((), str(error))]
    if faults:
        raise TemplateTextError("\n".join(sentences(faults, str(path), toml_lines.lines_of(source))))
    return made, own_texts_of(text, language)


def own_texts_of(text: Path, language: str) -> OwnTexts:
    """What every workbook says in a language: by a file beside a template's text or, if there is none, by ours."""
    return ENGLISH if language == ORIGINAL else OwnTexts(_read_if_there(text, language, _OF_EVERY_WORKBOOK))


def _faults(texts: Texts, own: Mapping[str, str], shared: Mapping[str, str], name: str) -> Iterator[Fault]:
    for text in own:
        if text not in texts.needed and text not in texts.possible:
            yield Fault((text,), f"{name} says no such text{did_you_mean(text, texts.needed)}")
    for text in texts.needed:
        translation = own.get(text, shared.get(text))
        if translation is None:
            yield Fault((), f"nothing for {quoted(text)}, which {name} says")
            continue
        try:
            differs = texts.differs(text, translation)
        except BracesError as error:
            differs = str(error)
        if differs:
            yield Fault((text,), f"in {quoted(shortened(translation))} {differs}")


def _read_if_there(text: Path, language: str, name: str) -> dict[str, str]:
    """A file of a language beside a template's text or, if there is none, of ours."""
    paths = (where / LANGUAGES / language / f"{name}.toml" for where in (text.parent, folder()))
    return next((_read(path)[0] for path in paths if path.is_file()), {})


def _read(path: Path) -> tuple[dict[str, str], str]:
    """The texts in a file of a language, and the file as it stands."""
    source = text_of(path)
    texts = parsed(path, source)
    for key, value in texts.items():
        if not isinstance(value, str) or not value:
            line = toml_lines.lines_of(source)[(key,)]
            raise UnreadableError(f"{path}, line {line}: for each text there is one text, in quotation marks.")
    return texts, source
