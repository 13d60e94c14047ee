"""Groups of commands and choices that say what a person may have meant."""

from __future__ import annotations

from typing import Any

import click

from xladdin.core.suggestions import did_you_mean


class Group(click.Group):
    """A group that names the command which is nearest to one that it has not."""

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
