"""Commands that take each option once, and groups and choices that say what a person may have meant."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from xladdin.core.suggestions import did_you_mean


class Command(click.Command):
    """A command that refuses a second value of an option that takes one: only the last would count, without a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            _, _, given = self.make_parser(ctx).parse_args(args=list(args))
            for parameter, times in Counter(given).items():
                if times > 1 and isinstance(parameter, click.Option) and not (parameter.multiple or parameter.is_flag):
                    raise click.UsageError(f"{max(parameter.opts, key=len)} is given twice; allowed is one value.", ctx)
        return super().parse_args(ctx, args)


class Group(click.Group):
    """A group that names the command which is nearest to one that it has not."""

    command_class = Command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if name.startswith("-") or self.get_command(ctx, name) is not None or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"There is no command {name!r}{self.meant(name, ctx)}.", ctx)

    def meant(self, name: str, ctx: click.Context) -> str:
        """What is said further of a word that is no command."""
        return did_you_mean(name, self.list_commands(ctx))


class Choice(click.Choice[str]):
    """One word of several, which names the nearest to one that is none of them."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        said = super().get_invalid_choice_message(value, ctx).removesuffix(".")
        return f"{said}{did_you_mean(str(value), self.choices)}."
