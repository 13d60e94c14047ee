"""The options that say how a table is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xladdin.cli.groups import Choice

if TYPE_CHECKING:
    from xladdin.reports.reading import Said


_OF_A_TABLE = (
    click.option("--sheet", help="The sheet with the table; else the first visible one with rows."),
    click.option("--header", type=click.IntRange(1), help="The line of the column names, where it is not found."),
    click.option("--map", "mapping", multiple=True, metavar="COLUMN=INPUT", help="The input that a column is for."),
    click.option("--keep-map", "is_kept", is_flag=True, help="Keep what --map says in TABLE.map.toml."),
    click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="One value of an input for all rows."),
    click.option("--decimal", type=Choice([".", ","]), help="The mark of decimals, where a number has two meanings."),
    click.option("--dates", type=Choice(["dmy", "mdy"]), help="Whether dates begin with the day or the month."),
    click.option(
        "--blank",
        type=Choice(["keep", "reject", "default"]),
        help="What a blank is where a row can do without: kept, a fault, or the template's value.",
    ),
    click.option("--defaults", is_flag=True, help="The template's values may stand for what the table has not."),
)


def of_a_table(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with the options that say how a table is read."""
    for option in reversed(_OF_A_TABLE):
        command = option(command)
    return command


def said_of(table: Path, options: dict[str, Any]) -> Said:
    """What was said of a table: now, and at an earlier time beside it."""
    from xladdin.reports.matching import keep_mapping, kept_mapping, mapping_of
    from xladdin.reports.reading import Said

    mapping = kept_mapping(table) | mapping_of(options.pop("mapping"))
    if options.pop("is_kept") and mapping:
        click.echo(f"xladdin: the columns are kept in {keep_mapping(table, mapping)}.", err=True)
    return Said(**options, mapping=mapping)
