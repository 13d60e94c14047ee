"""The notebook runs from its first cell to its last and shows what it says."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.mark.hosts  # it starts a kernel
@pytest.mark.filterwarnings("ignore")  # of the kernel's own loops
def test_the_notebook_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert shown[0].data["text/plain"].startswith("45226.13")
    assert "the initial margin at 300x is 0.333" in shown[1].data["text/html"]
    assert sum("image/png" in output.data for output in shown) == 2
    assert shown[-1].data["text/plain"].startswith("45226.13")  # the report is of the same position
    assert (tmp_path / "my-position.xlsx").is_file()


def test_the_notebook_is_kept_without_what_it_shows() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
