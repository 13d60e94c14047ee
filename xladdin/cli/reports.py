"""Commands from a table to workbooks: report, check, fetch, update."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xladdin.cli.common import (
    FILE,
    SOME_REJECTED,
    counted,
    for_people,
    messages,
    of_a_new_file,
    of_an_engine,
    of_any_size,
    values_of_engine,
)
from xladdin.cli.completion import template_names, venue_words
from xladdin.cli.ending import Telling, of_a_run
from xladdin.cli.groups import Choice, Command
from xladdin.cli.language import of_a_language
from xladdin.cli.table_options import of_a_table, said_of
from xladdin.core.errors import UnreadableError, UserError

if TYPE_CHECKING:
    from xladdin.reports.groups import Grouping
    from xladdin.reports.outcome import Outcome
    from xladdin.reports.reading import Said


_SPELLED = {"group_by": "group-by", "lists": "with"}  # of options whose names are no words of Python


def _of_many_rows(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that makes, or tries, one report of many rows."""
    group_by = click.option(
        "--group-by", metavar="COLUMN", help="One report for all rows with the same value in this column."
    )
    lists = click.option(
        "--with",
        "lists",
        multiple=True,
        metavar="NAME=FILE",
        help="With --group-by: rows for another list, by the same key.",
    )
    return group_by(lists(command))


def _grouping(group_by: str | None, lists: tuple[str, ...]) -> Grouping | None:
    """By what rows are of one report."""
    from xladdin.reports.groups import Grouping

    if lists and group_by is None:
        raise UserError("--with is for reports of many rows, which --group-by makes; --set NAME=FILE is for all.")
    return Grouping(group_by, lists) if group_by is not None else None


@click.command(cls=Command)
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--template",
    required=True,
    shell_complete=template_names,
    help="A template's name, or any .xlsx with named inputs.",
)
@of_a_language
@click.option("--out", help="Folder for the reports, or a URL such as s3://bucket/folder.")
@click.option("--into", help="One workbook for all rows, which fill the template's Excel table: its name, or a URL.")
@_of_many_rows
@click.option(
    "--name", help="Pattern of the files' names, from {column} and {row}; else report-{row}, or what --group-by names."
)
@click.option("--values", is_flag=True, help="Values in place of formulas, so that the model is not given away.")
@click.option("--pdf", type=click.Path(path_type=Path), help="Folder for the reports as PDF too, by LibreOffice.")
@click.option(
    "--address", metavar="COLUMN", help="Write made.csv for the program that sends the reports: file, key, this column."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Number of processes.")
@click.option("--scheduler", help="Address of a Dask scheduler, whose workers then make the reports.")
@click.option("--resume", is_flag=True, help="Make only what an earlier run did not, or made of other inputs.")
@click.option("--prune", is_flag=True, help="Remove reports of earlier runs whose rows are gone.")
@click.option("--trust", is_flag=True, help="Go on though results differ from the values that the template has stored.")
@click.option("--force", is_flag=True, help="Write over files that are there and no run has made.")
@of_a_table
@click.option(
    "--explain", "is_asked", is_flag=True, help="Only say how each formula would be computed, and make nothing."
)
@click.pass_context
@for_people
@of_a_run
@of_any_size
def report(
    context: click.Context,
    table: Path,
    template: str,
    language: str,
    out: str | None,
    into: str | None,
    group_by: str | None,
    lists: tuple[str, ...],
    name: str | None,
    values: bool,
    pdf: Path | None,
    address: str | None,
    workers: int,
    scheduler: str | None,
    resume: bool,
    prune: bool,
    trust: bool,
    force: bool,
    is_asked: bool,
    telling: Telling,
    **said: Any,
) -> None:
    """Make a finished workbook of each row of a table.

    With --out each row of TABLE becomes a workbook, with --into all rows become one. TABLE is a .csv, .tsv, .txt,
    .xlsx, .xls, .ods or .parquet file, or a .zip or .gz of one. Each column is matched to the template's input of the
    same name, or with --into to the column of its Excel table. Beside the reports the folder gets summary.xlsx and,
    when rows could not be used, rejected.csv; beside the one workbook comes a list named after it.
    """
    from xladdin.templates import find

    if (out is None) == (into is None) and not (is_asked and out is None):
        raise UserError("Say where to: --out FOLDER for a workbook of every row, or --into FILE for one of all rows.")
    for option in (
        ("name", "group_by", "lists", "values", "pdf", "address", "workers", "scheduler", "resume", "prune")
        if into is not None
        else ()
    ):
        if context.get_parameter_source(option) is not click.core.ParameterSource.DEFAULT:
            raise UserError(f"--{_SPELLED.get(option, option)} is for the reports of --out; --into makes one workbook.")
    if is_asked:
        from xladdin.reports import explain
        from xladdin.reports import into as into_one

        workbook = find(template, language)
        lines = explain.explain(workbook) if into is None else into_one.explain(table, workbook)
        click.echo("\n".join(lines))
    elif into is not None:
        _fill_one(table, find(template, language), into, said_of(table, said), telling, force=force, trust=trust)
    elif out is not None:
        from xladdin.reports.run import check_folder

        options = {
            "worker_count": workers,
            "scheduler": scheduler,
            "resume": resume,
            "prune": prune,
            "force": force,
            "trust": trust,
            "grouping": _grouping(group_by, lists),
            "values": values,
            "pdf": pdf,
            "address": address,
            "allow_errors": telling.allow_errors,
        }
        if not force:
            check_folder(out, with_addresses=address is not None, is_going_on=resume)
        _make_reports(table, find(template, language), out, name, said_of(table, said), telling, **options)


@click.command(cls=Command, name="check")
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE|WORKBOOK")
@click.option("--template", help="The workbook that it is for: a template's name, or any .xlsx.")
@_of_many_rows
@click.option(
    "--address", metavar="COLUMN", help="The column that `report` takes addresses from, the same in a report."
)
@of_a_table
@of_an_engine
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@for_people
@of_any_size
def check_table(
    table: Path,
    template: str | None,
    group_by: str | None,
    lists: tuple[str, ...],
    address: str | None,
    engine: str,
    as_json: bool,
    **said: Any,
) -> None:
    """Say what would be read of a table, and write nothing.

    How the file is read, each column and the input that it is for, what is missing, what comes from the template, the
    first rows as they are understood, and the first faults. With a template what the rows make is computed, and each
    line of which the result is an error or fails a check is named. The formulas of a WORKBOOK are computed on its own
    inputs and compared with the values that are stored in it; each cell that differs is named. Exit code 0 when all is
    well, 1 when a row can't be used, has an error or fails a check, or a cell differs, 3 when the table or workbook
    can't be read or used.
    """
    from xladdin.reports.check import check
    from xladdin.templates import find
    from xladdin.workbook import oracle
    from xladdin.workbook.model_reader import read_model

    grouping = _grouping(group_by, lists)
    if grouping and template is None:
        raise UserError("--group-by is for a workbook with an Excel table; --template says which.")
    if address is not None and template is None:
        raise UserError("--address is for the reports of a workbook; --template says which.")
    if template is None and table.suffix.lower() in (".xlsx", ".xlsm") and (model := read_model(table)).formulas:
        comparison = oracle.compared(model, others=values_of_engine(model, engine))
        click.echo("\n".join(comparison.lines()))
        sys.exit(1 if comparison.differences else 0)
    found = check(table, find(template) if template else None, said_of(table, said), grouping, address)
    click.echo(json.dumps(found.as_data(), indent=2, default=str) if as_json else "\n".join(found.as_lines()))
    is_whole = not (found.rejected or found.with_errors)
    sys.exit(UnreadableError.exit_code if found.missing or found.lacking else 0 if is_whole else SOME_REJECTED)


@contextmanager
def _progress(thing: str, table: Path, telling: Telling) -> Iterator[Callable[[int], None]]:
    """A bar of what is done, where somebody looks on; of how many, where the file says so at once."""
    if telling.quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from xladdin.reports.text_files import rows_at_most

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=messages(), transient=True) as bar:
        task = bar.add_task(thing, total=rows_at_most(table))
        yield lambda count: bar.advance(task, count)


def _make_reports(
    table: Path, template: Path, out: str, name: str | None, said: Said, telling: Telling, **options: Any
) -> None:
    """The workbooks of every row."""
    from xladdin.reports.manifest import NAME
    from xladdin.reports.run import REJECTED, run

    telling.begin(table=table, template=template, out=out)
    with _progress("reports", table, telling) as progress:
        outcome = run(table, template, out, name, progress, said=said, tell=telling.remarks, **options)
    kept = f", {outcome.kept} more there already" if outcome.kept else ""
    made = f"{counted(outcome.made, 'report')} and a summary in {out}{_errors(outcome)}{kept}"
    telling.end(table, outcome, made, f"{out}/{REJECTED}", f"{out}/{NAME}")


def _fill_one(
    table: Path, template: Path, target: str, said: Said, telling: Telling, *, force: bool, trust: bool
) -> None:
    """The workbook of all rows."""
    from xladdin.reports import destinations, into

    telling.begin(table=table, template=template, into=target)
    into.check_target(target, template, table)
    destinations.check_new(destinations.here(target), force=force)
    if not force:
        into.check_rejected(target)
    with _progress("rows", table, telling) as progress:
        outcome = into.fill(table, template, target, progress, said, telling.remarks, trust=trust)
    made = (
        f"{counted(outcome.made, 'row')} in {target}{_errors(outcome)}"
        if outcome.made
        else f"No row can be used; {target} is not written"
    )
    telling.end(table, outcome, made, into.rejected_path(target), target)


def _errors(outcome: Outcome) -> str:
    return f", {outcome.with_errors} with an error or a failing check" if outcome.with_errors else ""


@click.command(cls=Command, name="fetch")
@click.argument("venue", shell_complete=venue_words)
@click.argument("what", type=Choice(["positions", "trades", "funding", "tiers", "prices"]))
@click.option("--user", help="The address whose positions they are, on venues that show them to everybody.")
@click.option(
    "--symbol", "symbols", multiple=True, help="The symbol, such as BTC/USDT:USDT; may be given several times."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="The earliest time, in UTC.")
@for_people
@of_a_new_file("The file to write; otherwise standard output.", required=False)
def fetch_table(
    venue: str, what: str, output: Path | None, user: str | None, symbols: tuple[str, ...], since: Any
) -> None:
    """Ask a venue for positions, trades, funding, tiers or prices.

    What it gives is a table that `xladdin report` takes.

    Needs ccxt, which the extra `exchange` installs. Keys that may read come from the environment, XLADDIN_VENUE_KEY,
    _SECRET, _PASSWORD and _WALLET, and are neither written nor shown.
    """
    from xladdin.reports.fetch import fetch

    start = None if since is None else int(since.replace(tzinfo=datetime.UTC).timestamp() * 1000)
    data, remarks = fetch(venue, what, user=user, symbols=symbols, since=start)
    for remark in remarks:
        click.echo(f"xladdin: {remark}", err=True)
    if output is None:
        click.echo(data.write_csv(), nl=False)
    else:
        from xladdin.workbook.file.writing import write_whole

        write_whole(output, data.write_csv().encode())
        click.echo(f"{counted(data.height, 'row')} in {output}.", err=True)


@click.command(cls=Command)
@click.argument("workbook", type=FILE)
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    metavar="COLUMN",
    help="The column that says which row is which, such as symbol; may be given several times, as with side.",
)
@click.option(
    "--force", is_flag=True, help="Replace other files of the names of the copy and of the list of rejected rows."
)
@click.option("--trust", is_flag=True, help="Go on though results differ from the values that the workbook has stored.")
@of_a_table
@for_people
@of_any_size
@of_a_run
def update(
    workbook: Path, table: Path, keys: tuple[str, ...], force: bool, trust: bool, telling: Telling, **said: Any
) -> None:
    """Write the rows of a table into a workbook that is kept.

    A row of the same key, or of all the same keys, gets what TABLE has for it, other rows and columns stay as they are,
    rows with a new key are added, and all is computed anew. The workbook as it was is kept beside it as NAME.bak.
    """
    from xladdin.reports import into
    from xladdin.reports.update import update

    telling.begin(workbook=workbook, table=table)
    outcome = update(workbook, table, keys, said_of(table, said), force=force, trust=trust)
    made = f"{counted(outcome.made, 'row')} written into {workbook}" if outcome.made else f"{workbook} is as it was"
    telling.end(table, outcome, f"{made}{_errors(outcome)}", into.rejected_path(str(workbook)), str(workbook))
