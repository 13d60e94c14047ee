"""The worked examples: each template filled in with a plausible case other than its defaults."""

from __future__ import annotations

from pathlib import Path

from xladdin.templates import templates_path
from xladdin.workbook.model import read_model
from xladdin.workbook.render import recalculate

# Inputs by the name of the template; those not named keep the template's own values.
EXAMPLES: dict[str, dict[str, object]] = {
    "collateral-loan": {
        "client": "Elena",
        "coin": "ETH",
        "collateral": 40,
        "price": 3200,
        "debt": 45000,
        "apr": 0.115,
        "term_days": 365,
        "margin_call_ltv": 0.65,
        "liquidation_ltv": 0.75,
        "target_ltv": 0.35,
        "reserve": 25,
        "expected_fall": 0.5,
    },
    "mining-leveraged": {
        "client": "Northern hydro",
        "capital": 250000,
        "leverage": 1.5,
        "apr": 0.095,
        "term_months": 18,
        "terahash_price": 12.5,
        "efficiency": 15,
        "tariff": 0.032,
        "price": 88000,
        "price_loss": 0.2,
        "tax_rate": 0.15,
    },
    "staking-loop": {
        "client": "Validator club",
        "capital": 64,
        "sizing": "leverage",
        "chosen_leverage": 5,
        "stake_apr": 0.029,
        "borrow_apr": 0.0225,
        "days": 90,
        "depeg": 0.05,
    },
}


def build_examples(folder: Path) -> list[Path]:
    """Build every example into a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, inputs in EXAMPLES.items():
        path = folder / f"{name}-example.xlsx"
        recalculate(read_model(templates_path(name)), path, inputs)
        paths.append(path)
    return paths
