"""The command line: thin, one function a command. Data on standard output, messages on standard error.

Exit codes: 0 fine, 1 some rows rejected, 2 wrong use or no place to write, 3 unreadable input, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from xladdin import __version__
from xladdin.core.errors import CODES, UnreadableError, UserError
from xladdin.hosts.registry import FORMER_NAMES, HOSTS

if TYPE_CHECKING:
    from rich.console import Console

    from xladdin.hosts.host import Host
    from xladdin.reports.reading import Said
    from xladdin.reports.rejected import Rejection
    from xladdin.reports.run import Outcome

SOME_REJECTED = 1
STOPPED = 130
_FILE = click.Path(path_type=Path, dir_okay=False)


def _messages() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)


def _output() -> Console:
    from rich.console import Console

    return Console(highlight=False)


_LONGEST_NAME = 80  # characters of a file's name that are shown


def _told(table: Path, rejection: Rejection) -> str:
    return f"xladdin: {table}, line {rejection.line}, {rejection}."


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _for_people(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose errors are one sentence and an exit code."""

    @functools.wraps(command)
    def guarded(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except UserError as error:
            click.echo(f"xladdin: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:  # of which click would make 1, some rows rejected
            click.echo("xladdin: Stopped.", err=True)
            sys.exit(STOPPED)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:  # a name that the system takes for none: too long, a folder that may not be searched
            name = str(error.filename or "A file")
            shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
            click.echo(f"xladdin: {shown} can't be read or written: {error.strerror or error}.", err=True)
            sys.exit(UserError.exit_code)

    return guarded


class _HostName(click.Choice[str]):
    """The name of a host; what it was called before is taken too, with a word about it."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(_present_name(value), param, ctx)


def _present_name(host: str) -> str:
    if host not in FORMER_NAMES:
        return host
    click.echo(
        f"xladdin: the host {host} is called {FORMER_NAMES[host]} now; {host} goes with the next release.", err=True
    )
    return FORMER_NAMES[host]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xladdin")
def main() -> None:
    """The mathematics of leverage: functions, template workbooks and batch reports."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows can't take every character


_OF_A_TABLE = (
    click.option("--sheet", help="The sheet with the table; else the first visible one with rows."),
    click.option("--header", type=click.IntRange(1), help="The line of the column names, where it is not found."),
    click.option("--map", "mapping", multiple=True, metavar="COLUMN=INPUT", help="The input that a column is for."),
    click.option("--keep-map", "is_kept", is_flag=True, help="Keep what --map says in TABLE.map.toml."),
    click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="One value of an input for all rows."),
    click.option(
        "--decimal", type=click.Choice([".", ","]), help="The mark of decimals, where a number has two meanings."
    ),
    click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="Whether dates begin with the day or the month."),
    click.option(
        "--blank",
        type=click.Choice(["keep", "reject", "default"]),
        help="What a blank is where a row can do without: kept, a fault, or the template's value.",
    ),
    click.option("--defaults", is_flag=True, help="The template's values may stand for what the table has not."),
)


def _of_a_table(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the options that say how a table is read."""
    for option in reversed(_OF_A_TABLE):
        command = option(command)
    return command


def _said(table: Path, options: dict[str, Any]) -> Said:
    """What was said of a table: now, and at an earlier time beside it."""
    from xladdin.reports.matching import keep_mapping, kept_mapping, mapping_of
    from xladdin.reports.reading import Said

    mapping = kept_mapping(table) | mapping_of(options.pop("mapping"))
    if options.pop("is_kept") and mapping:
        click.echo(f"xladdin: the columns are kept in {keep_mapping(table, mapping)}.", err=True)
    return Said(**options, mapping=mapping)


@main.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--template", required=True, help="A template's name, or any .xlsx with named inputs.")
@click.option("--out", help="Folder for the reports, or a URL such as s3://bucket/folder.")
@click.option("--into", help="One workbook for all rows, which fill the template's Excel table: its name, or a URL.")
@click.option(
    "--name", default="report-{row}", show_default=True, help="Pattern of the files' names, from {column} and {row}."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Number of processes.")
@click.option("--scheduler", help="Address of a Dask scheduler, whose workers then make the reports.")
@click.option("--resume", is_flag=True, help="Make only what an earlier run did not, or made of other inputs.")
@click.option("--trust", is_flag=True, help="Go on though results are not computed as the template's stored values.")
@click.option("--force", is_flag=True, help="Write over a workbook, list or summary of another that is there.")
@_of_a_table
@click.option("--explain", "is_asked", is_flag=True, help="Only say how each formula would be computed.")
@click.pass_context
@_for_people
def report(
    context: click.Context,
    table: Path,
    template: str,
    out: str | None,
    into: str | None,
    name: str,
    workers: int,
    scheduler: str | None,
    resume: bool,
    trust: bool,
    force: bool,
    is_asked: bool,
    **said: Any,
) -> None:
    """Make one finished workbook for every row of TABLE (--out), or one of all rows (--into).

    TABLE is a .csv, .tsv, .txt, .xlsx, .xls, .ods or .parquet file, or a .zip or .gz of one. Each column is matched to
    the template's input of the same name, or with --into to the column of its Excel table. Beside the reports the
    folder gets summary.xlsx and, when rows could not be used, rejected.csv; beside the one workbook comes a list named
    after it.
    """
    from xladdin.templates import find

    if (out is None) == (into is None) and not (is_asked and out is None):
        raise UserError("Say where to: --out FOLDER for a workbook of every row, or --into FILE for one of all rows.")
    for option in ("name", "workers", "scheduler", "resume", "trust") if into is not None else ():
        if context.get_parameter_source(option) is not click.core.ParameterSource.DEFAULT:
            raise UserError(f"--{option} is for the reports of --out; --into makes one workbook.")
    if is_asked:
        from xladdin.reports import explain
        from xladdin.reports import into as into_one

        lines = explain.explain(find(template)) if into is None else into_one.explain(table, find(template))
        click.echo("\n".join(lines))
    elif into is not None:
        _fill_one(table, find(template), into, _said(table, said), force=force)
    elif out is not None:
        from xladdin.reports.run import check_folder

        options = {"worker_count": workers, "scheduler": scheduler, "resume": resume, "trust": trust}
        if not force and not resume:
            check_folder(out)
        _make_reports(table, find(template), out, name, _said(table, said), **options)


@main.command(name="check")
@click.argument("table", type=click.Path(path_type=Path), metavar="TABLE|WORKBOOK")
@click.option("--template", help="The workbook that it is for: a template's name, or any .xlsx.")
@_of_a_table
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@_for_people
def check_table(table: Path, template: str | None, as_json: bool, **said: Any) -> None:
    """Say what would be read of TABLE, and write nothing; of a WORKBOOK with formulas what is computed otherwise.

    How the file is read, each column and the input that it is for, what is missing, what comes from the template, the
    first rows as they are understood, and the first faults. A workbook's formulas are computed on its own inputs and
    held against the values that are stored of them; each cell that differs is named. Exit code 0 when all rows can be
    used or nothing differs, 1 when not all can or something does, 3 when the table or workbook can't be.
    """
    from xladdin.reports.check import check
    from xladdin.templates import find
    from xladdin.workbook import oracle
    from xladdin.workbook.model import read_model

    if template is None and table.suffix.lower() in (".xlsx", ".xlsm") and (model := read_model(table)).formulas:
        comparison = oracle.compared(model)
        click.echo("\n".join(comparison.lines()))
        sys.exit(1 if comparison.differences else 0)
    found = check(table, find(template) if template else None, _said(table, said))
    click.echo(json.dumps(found.as_data(), indent=2, default=str) if as_json else "\n".join(found.as_lines()))
    sys.exit(UnreadableError.exit_code if found.missing else SOME_REJECTED if found.rejected else 0)


@contextmanager
def _progress(thing: str) -> Iterator[Callable[[int], None]]:
    """A bar of what is done, where somebody looks on."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = _messages()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(thing, total=None)
        yield lambda count: bar.advance(task, count)


def _make_reports(table: Path, template: Path, out: str, name: str, said: Said, **options: Any) -> None:
    """The workbooks of every row."""
    from xladdin.reports.run import REJECTED, run

    with _progress("reports") as progress:
        outcome = run(table, template, out, name, progress, said=said, tell=_tell, **options)
    kept = f", {outcome.kept} more there already" if outcome.kept else ""
    _end(
        table,
        outcome,
        f"{_counted(outcome.made, 'report')} and a summary in {out}{_errors(outcome)}{kept}",
        f"{out}/{REJECTED}",
    )


def _fill_one(table: Path, template: Path, target: str, said: Said, *, force: bool) -> None:
    """The workbook of all rows."""
    from xladdin.reports import into

    into.check_target(target, template, table)
    _must_be_new(target.removeprefix("file://"), force=force)
    if not force:
        into.check_rejected(target)
    with _progress("rows") as progress:
        outcome = into.fill(table, template, target, progress, said, _tell)
    made = (
        f"{_counted(outcome.made, 'row')} in {target}{_errors(outcome)}"
        if outcome.made
        else f"No row can be used; {target} is not written"
    )
    _end(table, outcome, made, into.rejected_path(target))


def _errors(outcome: Outcome) -> str:
    with_errors = f", {outcome.with_errors} with an error among the results" if outcome.with_errors else ""
    return with_errors + (f", {outcome.failing} with a check that fails" if outcome.failing else "")


def _tell(remarks: list[str]) -> None:
    """Say what is worth saying."""
    for remark in remarks:
        click.echo(f"xladdin: {remark}", err=True)


def _end(table: Path, outcome: Outcome, made: str, rejected_path: str) -> NoReturn:
    """Say what a run has made and what it could not, and end by it."""
    _tell(outcome.remarks[outcome.told :])
    for rejection in outcome.first_rejected:
        click.echo(_told(table, rejection), err=True)
    if (more := outcome.rejected - len(outcome.first_rejected)) > 0:
        click.echo(f"xladdin: and {more} more, all in {rejected_path}.", err=True)
    rejected = f", {_counted(outcome.rejected, 'row')} rejected ({rejected_path})" if outcome.rejected else ""
    click.echo(f"{made}{rejected}.", err=True)
    sys.exit(SOME_REJECTED if outcome.rejected else 0)


@main.command(name="fetch")
@click.argument("venue")
@click.argument("what", type=click.Choice(["positions", "trades", "funding", "tiers", "prices"]))
@click.option("-o", "--output", type=_FILE, help="The file to write; otherwise standard output.")
@click.option("--user", help="The address whose positions they are, on venues that show them to everybody.")
@click.option("--symbol", "symbols", multiple=True, help="Which, as BTC/USDT:USDT; may be given several times.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="From which time on, in UTC.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@_for_people
def fetch_table(
    venue: str, what: str, output: Path | None, user: str | None, symbols: tuple[str, ...], since: Any, force: bool
) -> None:
    """Ask a VENUE for a table that report takes: positions, trades, funding, tiers or prices.

    Needs xladdin[exchange]. Keys that may read come from the environment, XLADDIN_VENUE_KEY, _SECRET, _PASSWORD and
    _WALLET, and are neither written nor shown.
    """
    from xladdin.reports.fetch import fetch

    if output is not None:
        _must_be_new(output, force=force)
    start = None if since is None else int(since.replace(tzinfo=datetime.UTC).timestamp() * 1000)
    data, remarks = fetch(venue, what, user=user, symbols=symbols, since=start)
    for remark in remarks:
        click.echo(f"xladdin: {remark}", err=True)
    if output is None:
        click.echo(data.write_csv(), nl=False)
    else:
        from xladdin.workbook.file.writing import write_whole

        write_whole(output, data.write_csv().encode())
        click.echo(f"{_counted(data.height, 'row')} in {output}.", err=True)


@main.command()
@click.argument("workbook", type=_FILE)
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The column by which rows are the same, such as symbol.")
@click.option("--force", is_flag=True, help="Replace an older copy, and write a workbook that is open somewhere.")
@_of_a_table
@_for_people
def update(workbook: Path, table: Path, key: str, force: bool, **said: Any) -> None:
    """Write the rows of TABLE into the Excel table of a WORKBOOK that is kept.

    A row of the same key gets what TABLE has for it, other rows and columns stay as they are, rows with a new key are
    added, and all is computed anew. The workbook as it was is kept beside it, its name ending in .bak.
    """
    from xladdin.reports import into
    from xladdin.reports.update import update

    outcome = update(workbook, table, key, _said(table, said), force=force)
    made = f"{_counted(outcome.made, 'row')} written into {workbook}" if outcome.made else f"{workbook} is as it was"
    _end(table, outcome, made, into.rejected_path(str(workbook)))


def _must_be_new(target: str | Path, *, force: bool) -> None:
    """Refuse to write over a file that is there."""
    from xladdin.reports import destinations

    folder, slash, name = str(target).rpartition("/")
    place = folder if slash else "."
    if not force and destinations.exists(place, name):
        raise UserError(f"{target} is there already; choose another name, or write over it with --force.")


@main.command()
@click.argument("template")
@click.option("-o", "--output", type=_FILE, required=True, help="The file to write.")
@click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", help="Fill in an input; may be given several times."
)
@click.option(
    "--host",
    type=_HostName(HOSTS),
    default="excel",
    show_default=True,
    help="Where it will be opened; lambda is Excel 365 or 2024 with nothing installed.",
)
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "xlsm"]), help="An xlsm carries the functions' macros itself."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@_for_people
def new(template: str, output: Path, given: tuple[str, ...], host: str, form: str | None, force: bool) -> None:
    """Make a workbook from TEMPLATE, filled in and computed."""
    from xladdin.hosts import editions
    from xladdin.reports.settings import settings
    from xladdin.templates import find
    from xladdin.workbook.model import read_model

    model = read_model(find(template))
    _must_be_new(output, force=force)
    failing = editions.write(model, output, settings(model, given), host, form or output.suffix.removeprefix("."))
    if failing:
        click.echo(f"xladdin: {output}: {failing}; see its sheet Checks.", err=True)
    click.echo(f"{output} is ready.", err=True)


@main.command()
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=_FILE, required=True, help="The file to write.")
@_for_people
def recalc(workbook: Path, output: Path) -> None:
    """Compute a WORKBOOK's formulas and store the values; the formulas are kept."""
    from xladdin.hosts import editions
    from xladdin.workbook import oracle
    from xladdin.workbook.model import read_model
    from xladdin.workbook.render import recalculate

    model = read_model(workbook)
    editions.check_ending(output, model.path.suffix.removeprefix("."))
    comparison = oracle.compared(model)
    values = recalculate(model, output)
    errors = sum(value in CODES for value in values.values() if isinstance(value, str))
    found = f", {errors} of them errors" if errors else ""
    click.echo(f"{output}: {len(values)} values computed{found}.", err=True)
    if comparison.differences:
        for line in comparison.lines():
            click.echo(f"xladdin: {line}", err=True)


def _has_error(value: Any) -> bool:
    """Whether a formula's value is an error, or a block with one in it."""
    if isinstance(value, list):
        return any(map(_has_error, value))
    return isinstance(value, str) and value in CODES


@main.command(name="eval")
@click.argument("formulas", nargs=-1, required=True, metavar="FORMULA...")
@click.option("--json", "as_json", is_flag=True, help="A list of the results as JSON.")
@_for_people
def evaluate(formulas: tuple[str, ...], as_json: bool) -> None:
    """Compute formulas, such as "=LEV_LIQPRICE(50000,10,1%)".

    One result a line; a block is rows of values with tabs between them. A - instead of formulas reads them from
    standard input, one a line. Why a function gives an error is said on standard error; with --json the result is
    then {"value": ..., "why": ...}.
    """
    from xladdin.workbook.engine import evaluate, shown

    lines = (line.rstrip("\r\n") for line in sys.stdin) if formulas == ("-",) else formulas
    results = []
    for formula in lines:
        if not formula.strip():
            continue
        reasons: list[str] = []
        value = evaluate(formula, reasons.append)
        why = "; ".join(dict.fromkeys(reasons)) if _has_error(value) else ""
        if as_json:
            results.append({"value": value, "why": why} if why else value)
        else:
            click.echo(shown(value))
        if why:
            click.echo(f"xladdin: {why}.", err=True)
    if as_json:
        click.echo(json.dumps(results))


@main.command()
@click.argument("name", default="")
@click.option("--json", "as_json", is_flag=True, help="The catalogue as JSON.")
@_for_people
def functions(name: str, as_json: bool) -> None:
    """List all functions, or explain the one of a NAME in full."""
    from xladdin import reference

    if as_json:
        click.echo(json.dumps(reference.as_json(name), indent=2))
    else:
        reference.show(_output(), name)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The list as JSON.")
@_for_people
def venues(as_json: bool) -> None:
    """List the venues that a cell may name: whose rule each word is, and as of when."""
    from xladdin import reference

    if as_json:
        click.echo(json.dumps(reference.venues_as_json(), indent=2))
    else:
        reference.show_venues(_output())


class _ShownByName(click.Group):
    """A group whose command `show` may be left out: what is no command is its first argument."""

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        return super().resolve_command(context, args if args[0] in self.commands else ["show", *args])


@main.group(cls=_ShownByName, invoke_without_command=True)
@click.pass_context
@_for_people
def tiers(context: click.Context) -> None:
    """Margin tiers of a venue: `xladdin tiers binance BTCUSDT`. Alone it lists what tiers there are.

    Tiers are of a day, and venues change them: bring newer ones with `import` or `fetch`.
    """
    if not context.invoked_subcommand:
        from xladdin import tier_files

        click.echo("\n".join(tier_files.listed(datetime.date.today())))


_DAY = click.DateTime(["%Y-%m-%d"])


@tiers.command(name="show", hidden=True)
@click.argument("venue")
@click.argument("symbol")
@click.option("--as-of", type=_DAY, help="The tiers of that day, or the newest before it.")
@_for_people
def show_tiers(venue: str, symbol: str, as_of: datetime.datetime | None) -> None:
    """The tiers of a SYMBOL at a VENUE: floor, maintenance margin rate, maximum leverage, deduction."""
    from xladdin import tier_files

    found = tier_files.shown(venue, symbol, as_of and as_of.date(), datetime.date.today())
    click.echo(found.heading, err=True)
    click.echo("\n".join(found.rows))


@tiers.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--venue", help="Whose they are; else the word that the file's name begins with.")
@click.option("--date", type=_DAY, help="Of which day; else what the file says, or when it was last changed.")
@_for_people
def import_tiers(file: Path, venue: str | None, date: datetime.datetime | None) -> None:
    """Bring the tiers of a FILE of ccxt (fetchLeverageTiers as JSON) or freqtrade."""
    from xladdin import tier_files

    click.echo(tier_files.told(tier_files.import_file(file, venue, date and date.date())), err=True)


@tiers.command(name="fetch")
@click.argument("venue")
@click.argument("symbols", nargs=-1)
@_for_people
def fetch_tiers(venue: str, symbols: tuple[str, ...]) -> None:
    """Bring the tiers that a VENUE gives now, through ccxt (pip install xladdin[exchange])."""
    from xladdin import tier_files

    click.echo(tier_files.told(tier_files.fetch(venue, symbols, datetime.date.today())), err=True)


@main.command()
@click.argument("name", default="")
@click.option("--json", "as_json", is_flag=True, help="Every template in full as JSON.")
@_for_people
def templates(name: str, as_json: bool) -> None:
    """List the template workbooks, or say of the one of a NAME what it takes and gives."""
    from xladdin.templates import listing, workbook_path

    if as_json:
        click.echo(json.dumps(listing.as_json(name), indent=2, default=str))
    elif name:
        listing.show(_output(), workbook_path(name))
    else:
        listing.show_all(_output())


@main.group()
def template() -> None:
    """Write a template of your own: a page of text that becomes a workbook."""


@template.command(name="new")
@click.argument("name")
@click.option("-o", "--output", type=_FILE, required=True, help="The .toml file to write.")
@_for_people
def new_template(name: str, output: Path) -> None:
    """Begin a template called NAME: a small example with comments, which builds."""
    from xladdin.templates.starter import write_starter

    write_starter(name, output)
    click.echo(f"{output} is ready: change it, and try it with `xladdin template check {output}`.", err=True)


@template.command(name="check")
@click.argument("text", type=_FILE)
@_for_people
def check_template(text: Path) -> None:
    """Say all that is wrong in a template's TEXT, and which results are errors with its example."""
    from xladdin.templates.trial import tried

    found = tried(text)
    for remark in found.remarks:
        click.echo(f"xladdin: {remark}", err=True)
    click.echo(f"{text}: {_counted(found.inputs, 'input')}, {_counted(found.outputs, 'result')}.", err=True)
    sys.exit(1 if found.remarks else 0)


@template.command(name="build")
@click.argument("text", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="The .xlsx file to write.")
@_for_people
def build_template(text: Path, output: Path) -> None:
    """Make the workbook of a template's TEXT, computed with its example, and say which results are errors with it."""
    from xladdin.templates.build import write
    from xladdin.templates.library import fields_path
    from xladdin.templates.read import read_template
    from xladdin.templates.trial import tried

    if output.suffix.lower() != ".xlsx":
        raise UserError(f"{output} does not end in .xlsx, which a template's workbook is.")
    write(read_template(text, fields_path()), output)
    for remark in tried(text).remarks:
        click.echo(f"xladdin: {remark}", err=True)
    click.echo(f"{output} is ready.", err=True)


@template.command(name="show")
@click.argument("workbook")
@_for_people
def show_template(workbook: str) -> None:
    """Say what WORKBOOK, a template's name or file, takes and gives: inputs, limits, results."""
    from xladdin.templates import find, listing

    listing.show(_output(), find(workbook))


class _HostGroup(click.Group):
    """A command for each host that has something to do; a host's file is read when its name is given, or for a list."""

    def __init__(self, *args: Any, has: Callable[[Host], bool], command: Callable[[Host], click.Command], **kw: Any):
        super().__init__(*args, **kw)
        self._has, self._command = has, command

    def list_commands(self, context: click.Context) -> list[str]:
        from xladdin.hosts.registry import all_hosts

        return [host.name for host in all_hosts() if self._has(host)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        from xladdin.hosts.registry import host_of

        host = host_of(_present_name(name)) if name in (*HOSTS, *FORMER_NAMES) else None
        return self._command(host) if host and self._has(host) else None


def _installing(host: Host) -> click.Command:
    @_for_people
    def install_host() -> None:
        click.echo(host.install and host.install(), err=True)

    return click.Command(host.name, callback=install_host, help=host.installed)


def _building(host: Host) -> click.Command:
    @click.option("-o", "--output", type=_FILE, required=True, help="The file to write.")
    @_for_people
    def build_file(output: Path) -> None:
        if host.build:
            host.build(output)
        click.echo(f"{output} is ready; its SHA-256 is {hashlib.sha256(output.read_bytes()).hexdigest()}.", err=True)

    return click.command(host.name, help=host.built)(build_file)


@main.group(cls=_HostGroup, has=lambda host: host.install is not None, command=_installing)
def install() -> None:
    """Put the functions into a spreadsheet application."""


@main.group(cls=_HostGroup, has=lambda host: host.build is not None, command=_building)
def build() -> None:
    """Build what an application loads, without installing it."""


@main.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen, on this machine only.")
@click.option("--certificate", type=_FILE, help="File of a certificate that Excel trusts; with it it is https.")
@click.option("--key", type=_FILE, help="File of the certificate's key.")
@_for_people
def serve(port: int, certificate: Path | None, key: Path | None) -> None:
    """Answer Excel on Mac and the web through xlwings Server."""
    from xladdin.hosts.server import serve

    serve(port, certificate, key, lambda line: click.echo(line, err=True))


@main.command()
@click.option("--host", type=_HostName(HOSTS), help="Only this host, and exit 1 when it does not work.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@_for_people
def doctor(host: str | None, as_json: bool) -> None:
    """Say what is installed, what works, and what mends the rest."""
    from xladdin.hosts import doctor

    findings = doctor.report(host)
    click.echo(json.dumps(doctor.as_data(findings), indent=2) if as_json else "\n".join(doctor.as_lines(findings)))
    sys.exit(1 if host and not doctor.works(findings) else 0)


if __name__ == "__main__":
    main()
