"""The option that says in which language a template's workbook is made."""

from __future__ import annotations

from pathlib import Path

import click


def _language_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The languages that begin so, of the template that is named or of all."""
    from xladdin.templates.library import languages_of, names, text_path

    said = context.params.get("template") or ""
    texts = map(text_path, [said] if said in names() else names()) if not said.endswith(".toml") else [Path(said)]
    known = {language for text in texts for language in languages_of(text)}
    return sorted(language for language in known if language.startswith(incomplete))


of_a_language = click.option(
    "--language",
    default="en",
    show_default=True,
    shell_complete=_language_names,
    help="Language of the template's texts, such as de or es; formulas and names stay English.",
)
