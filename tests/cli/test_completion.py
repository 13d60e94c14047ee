"""What a shell offers where Tab is pressed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from support.required import need

from xladdin.cli import main

BEGIN = "import sys; sys.argv[0] = 'xladdin'; from xladdin.cli import main; main(prog_name='xladdin')"


def offered(shell: str, line: str, word: str, place: str) -> list[str]:
    """What the program answers to a shell's question."""
    told = {"_XLADDIN_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": place}
    if shell == "powershell":
        told["COMP_CWORD"] = word
    done = subprocess.run(
        [sys.executable, "-c", BEGIN], env=os.environ | told, capture_output=True, text=True, check=False
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "word", "place", "wanted"),
    [
        ("xladdin rec", "rec", "1", "recalc"),
        ("xladdin new fut", "fut", "2", "futures-planner"),
        ("xladdin functions liqpr", "liqpr", "2", "LEV_LIQPRICE"),
        ("xladdin tiers show bina", "bina", "3", "binance"),
        ("xladdin doctor --host she", "she", "3", "sheets"),
        ("xladdin new futures-planner --language d", "d", "4", "de"),
        ("xladdin build lib", "lib", "2", "libreoffice"),
        ("xladdin report t.csv --templ", "--templ", "3", "--template"),
    ],
)
def test_both_kinds_of_shell_get_the_same(line: str, word: str, place: str, wanted: str) -> None:
    word_alone = offered("powershell", line, word, place)
    assert wanted in word_alone
    assert [entry.partition(",")[2] for entry in offered("bash", line, word, place)] == word_alone


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_each_shell_asks_the_program(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert "xladdin" in script
    assert f"_XLADDIN_COMPLETE={shell}_complete" in script or f'_XLADDIN_COMPLETE = "{shell}_complete"' in script


def test_bash_takes_the_script() -> None:
    bash = shutil.which("bash")
    need("bash", bash)
    assert bash is not None
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    done = subprocess.run([bash, "-c", f"{script}\ncomplete -p xladdin"], capture_output=True, text=True, check=False)
    assert "_xladdin_completion" in done.stdout, done.stderr
