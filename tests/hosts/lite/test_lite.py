"""xlwings Lite's way to the functions: xlwings' own runtime in Pyodide, with numpy and without; `make test-lite`."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support.browser import answered_in_chromium
from support.office import as_office, from_office
from support.required import need
from support.vectors import Vector, all_vectors, same

from xladdin import __version__, udfs

pytestmark = pytest.mark.lite
FOLDER = Path(__file__).parents[3] / "build/lite"
SCRIPT = Path(__file__).with_name("lite.mjs")
COLUMN = [[50000 + row] for row in range(10_000)]


@pytest.fixture(scope="module", params=["with-numpy", "without-numpy"])
def lite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one Pyodide answered to all calls; the last is a long column."""
    need("lite", (FOLDER / "ready").is_file() and shutil.which("node"))
    server = find_spec("xlwings_server")
    assert server is not None
    assert server.origin is not None
    folder = tmp_path_factory.mktemp("lite")
    calls = [(vector.function, vector.arguments) for vector in all_vectors()]
    calls += [("LEV_VERSION", ()), ("LEV_LIQPRICE", (COLUMN, 10, 0.01))]
    asked = [{"name": name, "args": as_office(name, arguments)} for name, arguments in calls]
    (folder / "calls.json").write_text(json.dumps(asked), encoding="utf-8")
    version = FOLDER / request.param
    words = [
        *("node", SCRIPT, version / "pyodide", Path(server.origin).parent / "wasm"),
        *(folder / "calls.json", folder / "answers.json"),
        "numpy" if request.param == "with-numpy" else "nothing",
        *(version / "wheels").glob("*.whl"),
        *FOLDER.glob("xladdin-*.whl"),
    ]
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    assert found["hasNumpy"] is (request.param == "with-numpy")
    return found


def test_every_call_gives_what_the_core_gives(lite: dict[str, Any]) -> None:
    vectors = all_vectors()
    wrong = [
        f"{vector}: {answer!r}, not {vector.expected!r}"
        for vector, answer in zip(vectors, map(from_office, lite["answers"][:-2]), strict=True)
        if not same(answer, vector.expected if isinstance(vector.expected, list) else [[vector.expected]])
    ]
    assert not wrong, f"{len(wrong)} of {len(vectors)} in Python {lite['python']}, for example {'; '.join(wrong[:5])}"


def test_it_says_what_it_is(lite: dict[str, Any]) -> None:
    ((shown,),) = from_office(lite["answers"][-2])
    assert shown.startswith(f"xladdin {__version__}, xlwings Lite, Python {lite['python']}")


def test_a_long_column_is_right_and_every_function_is_offered(lite: dict[str, Any]) -> None:
    assert same(from_office(lite["answers"][-1]), udfs.LEV_LIQPRICE(COLUMN, 10, 0.01))
    assert sorted(lite["functions"]) == sorted(udfs.FUNCTIONS)


def test_the_page_in_chromium_gives_what_the_core_gives(tmp_path: Path) -> None:
    """As Excel calls: Microsoft's runtime, xlwings' scripts and Pyodide, all in one page; the last call is a column."""
    need("lite", (FOLDER / "ready").is_file())
    vectors = [*all_vectors(), Vector("LEV_LIQPRICE", (COLUMN, 10, 0.01))]
    given = answered_in_chromium(vectors, tmp_path, FOLDER / "with-numpy")
    assert sorted(given["names"]) == sorted(udfs.FUNCTIONS)
    wrong = [
        f"{vector}: {answer!r}"[:300]
        for vector, answer in zip(vectors, map(from_office, given["answers"]), strict=True)
        if not same(answer, vector.expected if isinstance(vector.expected, list) else [[vector.expected]])
    ]
    assert not wrong, f"{len(wrong)} of {len(vectors)}, for example {'; '.join(wrong[:5])}"
