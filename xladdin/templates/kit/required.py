"""The inputs of our templates that are the case itself: a report never takes them from the template."""

from __future__ import annotations

from openpyxl import Workbook

REQUIRED: dict[str, frozenset[str]] = {
    "collateral-loan": frozenset({"collateral", "price", "debt"}),
    "funding-planner": frozenset({"side", "entry", "exit_price", "margin", "leverage"}),
    "futures-planner": frozenset({"side", "entry", "amount", "leverage", "stop", "target"}),
    "liquidation-ladder": frozenset({"side", "entry", "margin", "leverage", "target_liquidation"}),
    "liquidation-probability": frozenset({"side", "entry", "leverage", "price_now", "volatility"}),
    "mining-hedge": frozenset({"hashrate", "price", "difficulty", "entry"}),
    "mining-leveraged": frozenset({"capital", "leverage", "price", "difficulty"}),
    "position-sizing": frozenset({"balance", "side", "entry", "stop", "target"}),
    "positions": frozenset({"Side", "Entry", "Quantity", "Leverage", "Price"}),
    "staking-loop": frozenset({"capital"}),
}


def mark(book: Workbook, required: frozenset[str]) -> None:
    """Let the validation of each input say it: that of one which is required does not ignore a blank."""
    named = {defined.attr_text.replace("$", "").replace("'", ""): key for key, defined in book.defined_names.items()}
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            (area, *_) = rule.sqref.ranges
            header = str(sheet.cell(area.min_row - 1, area.min_col).value or "").partition("\n")[0]
            is_column = area.size["rows"] > 1
            key = header if is_column else named.get(f"{sheet.title}!{area.coord}", "")
            rule.allow_blank = key not in required
