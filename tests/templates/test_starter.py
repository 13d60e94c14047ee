"""A template of one's own, begun."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from xladdin.cli import main


def test_a_template_begun_by_the_command_is_not_overwritten(tmp_path: Path) -> None:
    text = tmp_path / "mine.toml"
    arguments = ["template", "new", "two-boats", "-o", str(text)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert 'title = "Two boats"' in text.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, arguments)
    assert (again.stderr, again.exit_code) == (
        f"xladdin: {text} is there already; choose another name, or write over it with --force.\n",
        2,
    )
