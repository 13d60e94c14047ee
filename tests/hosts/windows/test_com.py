"""Excel's way to the functions on Windows: xlwings' DLL, real COM, a Windows Python; a client stands for the VBA."""

from __future__ import annotations

from typing import Any

import pytest
from support.vectors import all_vectors, same
from support.windows import Currency, Date, call_over_com

from xladdin import __version__, udfs

pytestmark = pytest.mark.windows
COLUMN = [[50000 + row] for row in range(10_000)]
TYPED: list[tuple[list[Any], Any]] = [
    ([Currency(50000.25), 10, 0.01], 45500.2275),
    ([Date(45000), 10, 0.01], "#VALUE!"),  # a date is no price
    (["#DIV/0!", 10, 0.01], "#DIV/0!"),
    ([None, 10, 0.01], "#N/A"),
    ([50000, 10, 0.01, "Überhang"], "#VALUE!"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """All answers of one Python, which dies before the last call."""
    calls: list[Any] = [(vector.function, vector.arguments) for vector in all_vectors()]
    calls += [("LEV_LIQPRICE", arguments) for arguments, _ in TYPED]
    calls += [("LEV_VERSION", []), ("LEV_LIQPRICE", [COLUMN, 10, 0.01]), "die", ("LEV_LIQPRICE", [50000, 10, 0.01])]
    answers = call_over_com(calls, tmp_path_factory.mktemp("com"))
    assert len(answers) == len(calls)
    return answers


def as_rows(value: Any) -> list[list[Any]]:
    """A single value stands in a cell as a block of one does."""
    return value if isinstance(value, list) else [[value]]


def test_every_call_gives_what_the_core_gives(answers: list[Any]) -> None:
    vectors = all_vectors()
    wrong = [
        f"{vector}: {answer!r}, not {vector.expected!r}"
        for vector, answer in zip(vectors, answers[: len(vectors)], strict=True)
        if not same(as_rows(answer), as_rows(vector.expected))
    ]
    assert not wrong, f"{len(wrong)} of {len(vectors)}, for example {'; '.join(wrong[:5])}"


def test_cells_that_excel_hands_over_in_a_type_of_their_own(answers: list[Any]) -> None:
    first = len(all_vectors())
    given = [as_rows(answer) for answer in answers[first : first + len(TYPED)]]
    assert given == [[[expected]] for _, expected in TYPED]


def test_it_says_what_it_is(answers: list[Any]) -> None:
    assert answers[-4].startswith(f"xladdin {__version__}, xlwings, Python 3.")


def test_a_column_of_ten_thousand_rows(answers: list[Any]) -> None:
    assert same(answers[-3], udfs.LEV_LIQPRICE(COLUMN, 10, 0.01))


def test_a_python_that_dies_is_a_failure_of_the_call_and_no_value(answers: list[Any]) -> None:
    assert isinstance(answers[-1], str)
    assert answers[-1].startswith("!")
