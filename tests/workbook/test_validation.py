"""What a workbook's own rules allow."""

from __future__ import annotations

import datetime
from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation, DataValidationList
from openpyxl.xml.functions import tostring

from xladdin.workbook.validation import Rule, rules_in


def rule_of(**rule: Any) -> Rule:
    validations = DataValidationList()
    validation = DataValidation(**rule)
    validation.add("A1")
    validations.append(validation)
    (found,) = rules_in(tostring(validations.to_tree()), lambda text: ())
    return found


def test_dates_are_compared_with_the_bounds_of_their_rule() -> None:
    rule = rule_of(type="date", operator="greaterThan", formula1="45292")
    values = (1.0, 45293.0, datetime.datetime(2023, 1, 1), datetime.datetime(2024, 1, 2), "soon")
    assert [rule.admits(value) for value in values] == [False, True, False, True, False]
    assert rule.allowed == "a date above 2024-01-01"


def test_a_known_bound_is_checked_where_the_other_is_a_formula() -> None:
    rule = rule_of(type="decimal", operator="between", formula1="B1", formula2="1e3")
    assert [rule.admits(value) for value in (2000.0, 1000.0)] == [False, True]
    assert rule.allowed == "a number at most 1000"


def test_a_number_of_a_list_is_told_by_its_value() -> None:
    assert rule_of(type="list", formula1='"5,10"').admits(5.0)
