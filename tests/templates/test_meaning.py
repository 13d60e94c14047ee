"""What each formula and text of a template is in a cell."""

from __future__ import annotations

import re
from typing import Any

from support.template_texts import formula

from xladdin import evaluate
from xladdin.core import venues


def test_a_verdict_looks_at_the_checks_first(build: Any) -> None:
    text = formula(build(), "state")
    assert text.startswith("=IF(")
    assert text.index("income>cost") < text.index('"DANGER"')


def test_a_unit_may_be_what_an_input_says(build: Any) -> None:
    book = build()
    sheet, _, cell = book.defined_names["income"].attr_text.rpartition("!")
    unit = book[sheet.strip("'")][cell.replace("$", "")].offset(0, 1).value
    assert str(unit) == "=currency"


def test_a_method_is_on_the_entry_value_where_the_price_of_liquidation_is(build: Any) -> None:
    book = build(('"MAX({plan.cost})"', "'IF({on_entry_value(currency)},1,MAX({plan.cost}))'"))
    (condition,) = re.findall(r"^=IF\((OR\([^()]*\)),1,", formula(book, "cost"))
    price = '=LEV_LIQPRICE(50000,10,1%,"short","{method}")'
    for method in venues.METHODS:
        is_on_entry = evaluate(price.format(method=method)) == evaluate(price.format(method="entry"))
        assert evaluate("=" + condition.replace("currency", f'"{method}"')) == is_on_entry, method
