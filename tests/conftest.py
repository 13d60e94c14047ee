"""What all tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import process
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from support.systems import is_wine

# The same inputs in every run: a failure is a change of the code and not of the dice.
settings.register_profile("stable", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("stable")
# Or the numbers that stand in the modules imported so far would be among them, and these depend on the tests before.
providers._get_local_constants = providers.Constants

if is_wine():  # whose pipes lose an empty message now and then, and Python's executor waits for it for ever
    process._ThreadWakeup.wakeup = lambda self: self._closed or self._writer.send_bytes(b"0")  # type: ignore[attr-defined]

pytest_plugins = ["support.books"]

HERE = Path(__file__).parent


@pytest.fixture(autouse=True, scope="session")
def _no_tiers_of_a_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Only the tiers that ship, whatever the person who runs the tests has brought."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME",) if sys.platform == "darwin" else ("XDG_DATA_HOME", "LOCALAPPDATA"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _nothing_in_the_store_of_memory() -> Iterator[None]:
    """No file of an earlier test at a URL that begins with memory://, which the process keeps."""
    yield
    memory = sys.modules.get("fsspec.implementations.memory")
    if memory is not None:
        memory.MemoryFileSystem.store.clear()
        memory.MemoryFileSystem.pseudo_dirs[:] = [""]


def pytest_report_header() -> str:
    """How many published numbers the functions are held against."""
    cases, errors = (
        len((HERE / "core" / name).read_text(encoding="utf-8").splitlines()) - 1
        for name in ("published_cases.csv", "published_errors.csv")
    )
    return f"published: {cases} cases that we give, {errors} errors of their sources that we do not"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the hosts' tests in one process of several: they share one LibreOffice, one server, one browser."""
    for item in items:
        if HERE / "hosts" in item.path.parents and item.get_closest_marker("hosts"):
            item.add_marker(pytest.mark.xdist_group("hosts"))
