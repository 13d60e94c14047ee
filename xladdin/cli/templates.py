"""Commands of templates, ours and one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from xladdin.cli.common import FILE, counted, for_people, of_a_new_file, output_console
from xladdin.cli.completion import template_names
from xladdin.cli.groups import Command, Group
from xladdin.cli.language import of_a_language
from xladdin.core.errors import UserError


@click.command(cls=Command)
@click.argument("name", default="", shell_complete=template_names)
@click.option("--json", "as_json", is_flag=True, help="Every template in full as JSON.")
@for_people
def templates(name: str, as_json: bool) -> None:
    """List the template workbooks, or explain the one of a NAME.

    Of one it says which inputs and lists are to be filled in, what each may be, and which results it has.
    """
    from xladdin.templates import listing, workbook_path

    if as_json:
        click.echo(json.dumps(listing.as_json(name), indent=2, default=str))
    elif name:
        listing.show(output_console(), workbook_path(name))
    else:
        listing.show_all(output_console())


class _OfTexts(Group):
    """The commands of a template's text, which are one letter away from those of the template workbooks."""

    def meant(self, name: str, ctx: click.Context) -> str:
        from xladdin.templates import names

        is_template = name in names()
        return f"; `xladdin templates {name}` shows that template" if is_template else super().meant(name, ctx)


@click.group(cls=_OfTexts)
def template() -> None:
    """Write a template of your own, a page of text."""


@template.command(name="new")
@click.argument("name")
@for_people
@of_a_new_file("The .toml file to write.")
def new_template(name: str, output: Path) -> None:
    """Write a small example to begin with, called NAME."""
    from xladdin.templates.starter import write_starter

    write_starter(name, output)
    click.echo(f"{output} is ready: change it, and try it with `xladdin template check {output}`.", err=True)


@template.command(name="check")
@click.argument("text", type=FILE)
@for_people
def check_template(text: Path) -> None:
    """Say what is wrong in a template's text.

    First in its words, then in what they mean, then in its formulas; and which results are errors with its example.
    """
    from xladdin.templates.trial import tried

    found = tried(text)
    for remark in found.remarks:
        click.echo(f"xladdin: {remark}", err=True)
    made = f"{counted(found.inputs, 'input')} and {counted(found.outputs, 'result')}"
    click.echo(f"{text}: its workbook has {made}, those of its checks among them.", err=True)
    sys.exit(1 if found.remarks else 0)


@template.command(name="build")
@click.argument("text", type=FILE)
@of_a_language
@for_people
@of_a_new_file("The .xlsx file to write.")
def build_template(text: Path, output: Path, language: str) -> None:
    """Make the workbook of a template's text.

    It is computed with the example of the text, and it is said which results are errors with it.
    """
    from xladdin.templates.build import write
    from xladdin.templates.languages import in_language
    from xladdin.templates.library import fields_path
    from xladdin.templates.read import read_template
    from xladdin.templates.trial import tried

    if output.suffix.lower() != ".xlsx":
        raise UserError(f"{output} does not end in .xlsx, as a template's workbook does.")
    template, own = in_language(read_template(text, fields_path()), text, language)
    write(template, output, own)
    for remark in tried(text).remarks:
        click.echo(f"xladdin: {remark}", err=True)
    click.echo(f"{output} is ready.", err=True)


@template.command(name="show")
@click.argument("workbook", shell_complete=template_names)
@for_people
def show_template(workbook: str) -> None:
    """Say what a workbook takes and gives.

    WORKBOOK is a template's name or a file; its inputs, what is allowed in them and its results are listed.
    """
    from xladdin.templates import find, listing

    listing.show(output_console(), find(workbook))
