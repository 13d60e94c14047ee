"""Commands of one workbook or formula: new, recalc, eval, functions, venues."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from xladdin.cli.common import (
    FILE,
    HostName,
    for_people,
    must_be_new,
    of_an_engine,
    of_any_size,
    output_console,
    values_of_engine,
)
from xladdin.cli.completion import function_names, template_names
from xladdin.cli.groups import Choice
from xladdin.cli.language import of_a_language
from xladdin.core.errors import CODES, UserError
from xladdin.hosts.registry import HOSTS

_ERRORS_NAMED = 5  # cells


@click.command()
@click.argument("template", shell_complete=template_names)
@click.option("-o", "--output", type=FILE, required=True, help="The file to write.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="Fill in an input, or a list from a file; may be given several times.",
)
@click.option(
    "--host",
    type=HostName(HOSTS),
    default="excel",
    show_default=True,
    help="Where it will be opened; lambda is Excel 365 or 2024 with nothing installed.",
)
@click.option("--format", "form", type=Choice(["xlsx", "xlsm"]), help="An xlsm carries the functions' macros itself.")
@of_a_language
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@for_people
@of_any_size
def new(
    template: str, output: Path, given: tuple[str, ...], host: str, form: str | None, language: str, force: bool
) -> None:
    """Make a workbook from a template, filled in and computed.

    TEMPLATE is a name that `xladdin templates` lists, or a file.
    """
    from xladdin.hosts import editions
    from xladdin.reports.doubts import new_doubts
    from xladdin.reports.prepared import inputs_kept, prepare
    from xladdin.reports.reading import Said
    from xladdin.reports.settings import settings
    from xladdin.templates import find
    from xladdin.workbook.model import read_model

    must_be_new(output, force=force)
    model = read_model(find(template, language))
    prepared = prepare(model, Said(given=given, defaults=True))
    values = settings(prepared.model, prepared.said.given)
    if given:  # somebody's own case, of which nothing is known but what was said
        values = {name: None for name, item in prepared.model.inputs.items() if item.may_be_blank} | values
    for remark in [*new_doubts(model), *((*prepared.remarks, *inputs_kept(prepared.model, values)) if given else ())]:
        click.echo(f"xladdin: {remark}", err=True)
    failing = editions.write(prepared.model, output, values, host, form or output.suffix.removeprefix("."))
    if failing:
        click.echo(f"xladdin: {output}: {failing}; see its sheet Checks.", err=True)
    click.echo(f"{output} is ready.", err=True)


@click.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=FILE, required=True, help="The file to write.")
@of_an_engine
@for_people
@of_any_size
def recalc(workbook: Path, output: Path, engine: str) -> None:
    """Compute a workbook's formulas and store their values."""
    from xladdin.hosts import editions
    from xladdin.workbook import oracle
    from xladdin.workbook.file.sheet import reference_of
    from xladdin.workbook.model import read_model
    from xladdin.workbook.render import recalculate

    model = read_model(workbook)
    editions.check_ending(output, model.path.suffix.removeprefix("."))
    others = values_of_engine(model, engine)
    comparison = oracle.compared(model, others=others)
    values = recalculate(model, output, others=others)
    errors = [place for place, value in values.items() if isinstance(value, str) and value in CODES]
    named = ", ".join(
        f"{place.sheet}!{reference_of(place.address)} {values[place]}" for place in errors[:_ERRORS_NAMED]
    )
    found = f", {len(errors)} of them errors: {named}" if errors else ""
    more = " and others" if len(errors) > _ERRORS_NAMED else ""
    click.echo(f"{output}: {len(values)} values computed{found}{more}.", err=True)
    if comparison.differences:
        for line in comparison.lines():
            click.echo(f"xladdin: {line}", err=True)


def _has_error(value: Any) -> bool:
    """Whether a formula's value is an error, or a block with one in it."""
    if isinstance(value, list):
        return any(map(_has_error, value))
    return isinstance(value, str) and value in CODES


@click.command(name="eval")
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...", shell_complete=function_names)
@click.option("--json", "as_json", is_flag=True, help="A list of the results as JSON.")
@for_people
def evaluate(formulas: tuple[str, ...], as_json: bool) -> None:
    """Compute formulas, such as "=LEV_LIQPRICE(50000,10,1%)".

    One result a line; a block is rows of values with tabs between them. A - instead of formulas reads them from
    standard input, one a line. Without any it asks for formulas, completes names and explains each argument; so it is
    typed in a Windows shell, which takes quotation marks away. Why a function gives an error is said on standard error;
    with --json the result is then {"value": ..., "why": ...}.
    """
    if not formulas:
        _ask_for_formulas()
        return
    lines = (line.rstrip("\r\n").removeprefix("\ufeff") for line in sys.stdin) if formulas == ("-",) else formulas
    if as_json:
        click.echo(json.dumps([_computed(formula, silent=True) for formula in lines if formula.strip()]))
        return
    refused = [formula for formula in lines if formula.strip() and not _is_computed(formula)]
    sys.exit(UserError.exit_code if refused else 0)


def _computed(formula: str, *, silent: bool = False) -> Any:
    """A formula's value, shown unless it is to be silent; why it is an error, and what looks like a slip, is said."""
    from xladdin.workbook.engine import shown
    from xladdin.workbook.formula_doubts import doubts
    from xladdin.workbook.one_formula import evaluate

    reasons: list[str] = []
    value = evaluate(formula, reasons.append)
    is_error = _has_error(value)
    remarks = list(dict.fromkeys([*(reasons if is_error else ()), *doubts(formula, value)]))
    if not silent:
        click.echo(shown(value))
    for remark in remarks:
        click.echo(f"xladdin: {remark}{'' if remark.endswith('?') else '.'}", err=True)
    return {"value": value, "why": "; ".join(remarks)} if is_error and remarks else value


def _is_computed(formula: str) -> bool:
    """Show a formula's value, or why there is none: the next one is computed all the same."""
    try:
        _computed(formula)
    except UserError as error:
        click.echo(f"xladdin: {error}", err=True)
        return False
    return True


def _ask_for_formulas() -> None:
    """A prompt, where somebody sits before it."""
    if not sys.stdin.isatty():
        raise UserError("There is no formula; give some, or - to read them from standard input.")
    from xladdin.cli import prompt

    prompt.run(_is_computed)


@click.command()
@click.argument("name", default="", shell_complete=function_names)
@click.option("--json", "as_json", is_flag=True, help="The catalogue as JSON.")
@for_people
def functions(name: str, as_json: bool) -> None:
    """List all functions, or explain the one of a NAME in full."""
    from xladdin import reference

    if as_json:
        click.echo(json.dumps(reference.as_json(name), indent=2))
    else:
        reference.show(output_console(), name)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
@for_people
def venues(as_json: bool) -> None:
    """List the venues that a formula may name, with their rules."""
    from xladdin import reference

    if as_json:
        click.echo(json.dumps(reference.venues_as_json(), indent=2))
    else:
        reference.show_venues(output_console())
