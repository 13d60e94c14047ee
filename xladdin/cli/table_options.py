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
    click.option(
        "--header", type=click.IntRange(1), help="The line with the column names, if it is not found by itself."
    ),
    click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="COLUMN=INPUT",
        help="The input that a column is for; may be given several times.",
    ),
    click.option("--keep-map", "is_kept", is_flag=True, help="Keep what --map says in TABLE.map.toml."),
    click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="One value of an input for all rows."),
    click.option("--decimal", type=Choice([".", ","]), help="The decimal mark, if a number can be read in two ways."),
    click.option("--dates", type=Choice(["dmy", "mdy"]), help="Whether dates begin with the day or with the month."),
    click.option(
        "--blank",
        type=Choice(["keep", "reject", "default"]),
        help="What becomes of a blank that is allowed: kept, rejected, or given the template's value.",
    ),
    click.option("--defaults", is_flag=True, help="Take the template's values for what the table does not have."),
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
