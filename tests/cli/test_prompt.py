"""The prompt for formulas: what it completes, what it explains, and what it computes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from xladdin.cli import main, prompt


def typed(text: str) -> list[str]:
    """What is computed of what a person types."""
    computed: list[str] = []
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(text)
        prompt.run(computed.append)
    return computed


def test_lines_are_computed_until_the_end_and_ctrl_c_gives_up_one() -> None:
    assert typed("LEV_SIZE(1000,5)\n\n1+\x031+1\n\x04") == ["LEV_SIZE(1000,5)", "1+1"]


@pytest.mark.parametrize("word", ["exit", " Quit "])
def test_a_word_ends_it_too(word: str) -> None:
    assert typed(f"1+1\n{word}\n2+2\n") == ["1+1"]


def test_a_name_that_is_chosen_stands_in_the_place_of_what_was_typed() -> None:
    before = "=2*liqdist"
    (offered,) = prompt.Names().get_completions(Document(before), CompleteEvent())
    assert before[: offered.start_position] + offered.text == "=2*LEV_LIQDISTANCE("
    assert offered.display_meta_text.startswith("Adverse move")


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("liqpric", ["LEV_LIQPRICE"]),
        ("=2*LEV_LIQPR", ["LEV_LIQPRICE", "LEV_LIQPROB"]),
        ('="lev_liqpr', []),
        ("50000", []),
        ("xyzzy", []),
    ],
)
def test_names_that_are_offered(before: str, names: list[str]) -> None:
    assert [name for name, _ in prompt.completions(before)] == names


@pytest.mark.parametrize(
    ("before", "begins"),
    [
        ("LEV_LIQPRICE(", "entry: "),
        ("lev_liqprice(50000, ", "leverage: "),
        ("=SUM(LEV_SIZE({1,2},5),LEV_LIQPRICE(MAX(1,2),10", "leverage: "),
        ('LEV_LIQPRICE(50000,10,1%,"long, or short", ', "method: "),
        ("LEV_LIQPRICE(1,2,3,4,5,6,7,8", "LEV_LIQPRICE takes 7 arguments"),
        ("LEV_LIQPRICE(50000,10,1%)", "A formula"),
        ("", "A formula"),
    ],
)
def test_the_argument_that_is_typed_is_explained(before: str, begins: str) -> None:
    assert prompt.argument_help(before).startswith(begins)


def test_without_a_person_before_it_a_formula_is_asked_for() -> None:
    result = CliRunner().invoke(main, ["eval"])
    assert result.exit_code == 2
    assert result.stderr == "xladdin: There is no formula; give some, or - to read them from standard input.\n"
