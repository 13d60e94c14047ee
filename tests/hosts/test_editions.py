"""A template for the host that it will be opened in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from xladdin.core.errors import UserError
from xladdin.hosts import editions
from xladdin.hosts.registry import HOSTS
from xladdin.workbook.model_reader import read_model


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_each_host_gets_the_same_values_and_its_own_formulas(workbook: Path, tmp_path: Path, host: str) -> None:
    editions.write(read_model(workbook), tmp_path / "made.xlsx", {"leverage": 20.0}, host)
    assert openpyxl.load_workbook(tmp_path / "made.xlsx", data_only=True)["In puts"]["B5"].value == 48_000
    assert openpyxl.load_workbook(tmp_path / "made.xlsx")["In puts"]["B5"].data_type == "f"


@pytest.mark.parametrize(("name", "form"), [("made.csv", "xlsx"), ("made", "xlsx"), ("made.xlsx", "xlsm")])
def test_an_ending_of_another_kind_is_refused(tmp_path: Path, name: str, form: str) -> None:
    with pytest.raises(UserError, match="allowed here is"):
        editions.check_ending(tmp_path / name, form)


def test_macros_go_with_excel_alone(workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not go with --host lambda"):
        editions.write(read_model(workbook), tmp_path / "made.xlsm", {}, "lambda", "xlsm")
