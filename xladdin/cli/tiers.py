"""Commands of margin tiers."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from xladdin.cli.common import FILE, for_people
from xladdin.cli.completion import venue_words
from xladdin.cli.groups import Command


class _ShownByName(click.Group):
    """A group whose command `show` may be left out: what is no command is its first argument."""

    command_class = Command

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        return super().resolve_command(context, args if args[0] in self.commands else ["show", *args])


@click.group(cls=_ShownByName, invoke_without_command=True)
@click.pass_context
@for_people
def tiers(context: click.Context) -> None:
    """Show the margin tiers of a symbol: `tiers binance BTCUSDT`.

    Without a symbol it lists which tiers there are.

    Tiers are of a day, and venues change them: bring newer ones with `import` or `fetch`.
    """
    if not context.invoked_subcommand:
        from xladdin import tier_files

        click.echo("\n".join(tier_files.listed(datetime.date.today())))


_DAY = click.DateTime(["%Y-%m-%d"])


@tiers.command(name="show", hidden=True)
@click.argument("venue", shell_complete=venue_words)
@click.argument("symbol")
@click.option("--as-of", type=_DAY, help="The tiers of that day, or the newest before it.")
@for_people
def show_tiers(venue: str, symbol: str, as_of: datetime.datetime | None) -> None:
    """The tiers of a SYMBOL at a VENUE: floor, maintenance margin rate, maximum leverage, deduction."""
    from xladdin import tier_files

    found = tier_files.shown(venue, symbol, as_of and as_of.date(), datetime.date.today())
    click.echo(found.heading, err=True)
    click.echo("\n".join(found.rows))


@tiers.command(name="import")
@click.argument("file", type=FILE)
@click.option("--venue", help="The venue; else the word that the file's name begins with.")
@click.option("--date", type=_DAY, help="The day of the tiers; else what the file says, or when it was last changed.")
@for_people
def import_tiers(file: Path, venue: str | None, date: datetime.datetime | None) -> None:
    """Take tiers from a file.

    FILE is what ccxt (fetchLeverageTiers, as JSON) or freqtrade writes.
    """
    from xladdin import tier_files

    click.echo(tier_files.told(tier_files.import_file(file, venue, date and date.date())), err=True)


@tiers.command(name="fetch")
@click.argument("venue", shell_complete=venue_words)
@click.argument("symbols", nargs=-1)
@for_people
def fetch_tiers(venue: str, symbols: tuple[str, ...]) -> None:
    """Ask a venue for its tiers of now.

    Needs ccxt, which the extra `exchange` installs.
    """
    from xladdin import tier_files

    click.echo(tier_files.told(tier_files.fetch(venue, symbols, datetime.date.today())), err=True)
