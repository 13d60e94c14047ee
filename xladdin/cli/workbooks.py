"""Commands of one workbook or formula: new, recalc, eval, functions, venues."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from xladdin.cli.common import (
    HostName,
    for_people,
    of_a_new_file,
    of_an_engine,
    of_any_size,
    output_console,
    values_of_engine,
)
from xladdin.cli.completion import function_names, template_names
from xladdin.cli.groups import Choice, Command
from xladdin.cli.language import of_a_language
from xladdin.core.errors import CODES, UserError
from xladdin.hosts.registry import HOSTS

NOT_IN_ORDER = 1  # the exit code where something is made, and is an error or fails a check
_ERRORS_NAMED = 5  # cells


@click.command(cls=Command)
@click.argument("template", shell_complete=template_names)
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
@for_people
@of_any_size
@of_a_new_file()
def new(template: str, output: Path, given: tuple[str, ...], host: str, form: str | None, language: str) -> None:
    """Make a workbook from a template, filled in and computed.

    TEMPLATE is a name that `xladdin templates` lists, or a file. Exit code 1 when a check of the workbook fails: it is
    written all the same.
    """
    from xladdin.hosts import editions
    from xladdin.reports.doubts import new_doubts
    from xladdin.reports.prepared import given_blank, inputs_kept, prepare
    from xladdin.reports.reading import Said
    from xladdin.reports.settings import says_idle, settings
    from xladdin.reports.usual import unusual_settings
    from xladdin.templates import find
    from xladdin.workbook.idle import idle
    from xladdin.workbook.model_reader import read_model

    model = read_model(find(template, language))
    prepared = prepare(model, Said(given=given, defaults=True, options=frozenset()))
    values = settings(prepared.model, prepared.said.given)
    told = [
        *new_doubts(model),
        *(prepared.remarks if given else ()),
        *given_blank(values),
        *unusual_settings(prepared.model, values),
    ]
    if unused := idle(prepared.model, values):
        told.append(says_idle(prepared.model, unused, values))
    if given:  # somebody's own case, of which nothing is known but what was said
        values = {name: None for name, item in prepared.model.inputs.items() if item.may_be_blank} | values
    for remark in [*told, *(inputs_kept(prepared.model, values) if given else ())]:
        click.echo(f"xladdin: {remark}", err=True)
    failing = editions.write(prepared.model, output, values, host, form or output.suffix.removeprefix("."))
    if failing:
        click.echo(f"xladdin: {output} is written, but {failing}; see its sheet Checks.", err=True)
        sys.exit(NOT_IN_ORDER)
    click.echo(f"{output} is ready.", err=True)


@click.command(cls=Command)
@click.argument("workbook", type=click.Path(path_type=Path))
@of_an_engine
@for_people
@of_any_size
@of_a_new_file()
def recalc(workbook: Path, output: Path, engine: str) -> None:
    """Compute a workbook's formulas and store their values.

    Exit code 1 when a check of the workbook fails, a result is an error or a cell is #NAME?; it is written all the
    same.
    """
    from xladdin.hosts import editions
    from xladdin.reports.failures import failures
    from xladdin.workbook import columns, oracle
    from xladdin.workbook.file.sheet import reference_of
    from xladdin.workbook.model_reader import read_model
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
    looked_at = [*errors, *(item.place for item in model.outputs.values() if item.place in values)]
    cells = {place: columns.full(columns.from_cell(values[place], model.epoch), 1) for place in looked_at}
    (wrong,) = failures(model, cells, 1, errors)
    if wrong:
        click.echo(f"xladdin: {output} is written, but {wrong}.", err=True)
        sys.exit(NOT_IN_ORDER)


@click.command(cls=Command, name="eval")
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...", shell_complete=function_names)
@click.option("--json", "as_json", is_flag=True, help="A list of the results as JSON.")
@for_people
def evaluate(formulas: tuple[str, ...], as_json: bool) -> None:
    """Compute formulas, such as "=LEV_LIQPRICE(50000,10,1%)".

    One result a line; a block is rows of values with tabs between them. A - instead of formulas reads them from
    standard input, one a line. Without any it asks for formulas, completes names and explains each argument; so it is
    typed in a Windows shell, which takes quotation marks away. Why a function gives an error is said on standard error;
    with --json the result is then {"value": ..., "why": ...}. Exit code 1 when a result is an error, 2 when a formula
    can't be read.
    """
    if not formulas:
        _ask_for_formulas()
        return
    lines = (line.rstrip("\r\n").removeprefix("\ufeff") for line in sys.stdin) if formulas == ("-",) else formulas
    if as_json:
        from xladdin.workbook.one_formula import has_error

        found = [_computed(formula, silent=True) for formula in lines if formula.strip()]
        click.echo(json.dumps([value if why is None else {"value": value, "why": why} for value, why in found]))
        sys.exit(NOT_IN_ORDER if any(has_error(value) for value, _ in found) else 0)
    sys.exit(max((_exit_code(formula) for formula in lines if formula.strip()), default=0))


def _computed(formula: str, *, silent: bool = False) -> tuple[Any, str | None]:
    """A formula's value, shown unless it is silent, and why it is an error; that and what looks like a slip is said."""
    from xladdin.workbook.engine import shown
    from xladdin.workbook.formula_doubts import doubts
    from xladdin.workbook.one_formula import evaluate, has_error

    reasons: list[str] = []
    value = evaluate(formula, reasons.append)
    is_error = has_error(value)
    remarks = list(dict.fromkeys([*(reasons if is_error else ()), *doubts(formula, value)]))
    if not silent:
        click.echo(shown(value))
    for remark in remarks:
        click.echo(f"xladdin: {remark}{'' if remark.endswith('?') else '.'}", err=True)
    return value, "; ".join(remarks) if is_error and remarks else None


def _exit_code(formula: str) -> int:
    """Show a formula's value, or why there is none: the next one is computed all the same."""
    from xladdin.workbook.one_formula import has_error

    try:
        value, _ = _computed(formula)
    except UserError as error:
        click.echo(f"xladdin: {error}", err=True)
        return error.exit_code
    return NOT_IN_ORDER if has_error(value) else 0


def _ask_for_formulas() -> None:
    """A prompt, where somebody sits before it."""
    if not sys.stdin.isatty():
        raise UserError("There is no formula; give some, or - to read them from standard input.")
    from xladdin.cli import prompt

    prompt.run(_exit_code)


@click.command(cls=Command)
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


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
@for_people
def venues(as_json: bool) -> None:
    """List the venues that a formula may name, with their rules."""
    from xladdin import reference

    if as_json:
        click.echo(json.dumps(reference.venues_as_json(), indent=2))
    else:
        reference.show_venues(output_console())
