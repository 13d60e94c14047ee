"""Days as numbers, from 1900 and from 1904."""

from __future__ import annotations

import datetime

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH
from support.books import Make, filled


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, CALENDAR_MAC_1904])
def test_a_date_stays_the_same_day_whatever_the_calendar(make: Make, epoch: datetime.datetime) -> None:
    day, given = datetime.datetime(2024, 1, 1), datetime.datetime(2025, 6, 30)
    path = make({"A1": day, "A2": day, "A3": "=A1+1"}, {"kept": "S!$A$1", "changed": "S!$A$2"}, epoch)
    sheet = filled(path, changed=given)
    assert [sheet["A1"].value, sheet["A2"].value] == [day, given]
