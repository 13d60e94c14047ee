"""What the pages say is so: every formula gives what stands beside it, every command runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xladdin.workbook.one_formula import evaluate

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, kind: str) -> list[str]:
    """The fenced blocks of a kind, in the order of the page."""
    if not page.is_file():
        return []
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


# A block of text with a file's name is a file that the reader is to save: any shell will do then.
FILES_AND_COMMANDS = r"^```(shell|python|text)(?: (\S+))?\n(.*?)^```$"

FORMULAS = [
    pytest.param(*re.split(r"\s{2,}", line.strip(), maxsplit=1), id=f"{page.stem}: {line.strip()[:60]}")
    for page in PAGES
    for block in blocks(page, "formulas")
    for line in block.splitlines()
]


@pytest.mark.parametrize(("formula", "shown"), FORMULAS)
def test_a_formula_gives_what_stands_beside_it(formula: str, shown: str) -> None:
    result = evaluate(formula)
    cells = result[0] if isinstance(result, list) else [result]
    assert [as_shown(cell, text) for cell, text in zip(cells, re.split(r"\s{2,}", shown), strict=True)] == shown.split()


def as_shown(cell: object, text: str) -> str:
    """A value with as many digits as the page shows."""
    if not isinstance(cell, (int, float)):
        return str(cell)
    decimals = len(text.partition(".")[2])
    return f"{cell:,.{decimals}f}"


@pytest.mark.hosts  # it needs a shell, and starts a process for each command
@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "(?:shell|python)")], ids=lambda page: page.stem
)
def test_the_commands_of_a_page_run_in_its_order_in_an_empty_folder(page: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
    }
    (tmp_path / "home").mkdir()
    folder = tmp_path / "empty"
    folder.mkdir()
    text = page.read_text(encoding="utf-8")
    for kind, name, block in re.findall(FILES_AND_COMMANDS, text, flags=re.DOTALL | re.MULTILINE):
        if kind == "text":
            (folder / name).write_text(block, encoding="utf-8")
            continue
        command = ["bash", "-euo", "pipefail", "-c", block] if kind == "shell" else [sys.executable, "-c", block]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "templates/README.md"], ids=lambda page: page.stem)
def test_every_link_into_the_project_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
