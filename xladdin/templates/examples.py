"""Worked examples: each template filled in with a plausible case other than its defaults."""

from __future__ import annotations

from pathlib import Path

from xladdin.templates import templates_path
from xladdin.workbook.model import read_model
from xladdin.workbook.render import recalculate

_IN_CHECKOUT = Path(__file__).parents[2] / "workbooks"

# By the template's name: the inputs that differ from its defaults.
EXAMPLES: dict[str, dict[str, object]] = {
    "liquidation-ladder": {
        "symbol": "ETHUSDT",
        "side": "short",
        "method": "bybit",
        "entry": 3200,
        "margin": 2500,
        "leverage": 8,
        "target_liquidation": 4000,
        "largest_addition": 3000,
        "daily_move": 0.035,
    },
    "positions": {"portfolio": "Alder Trading", "shock": -0.15, "watch_distance": 0.1},
    "funding-planner": {
        "symbol": "SOLUSDT",
        "side": "long",
        "method": "okx",
        "entry": 185,
        "exit_price": 200,
        "margin": 1500,
        "leverage": 5,
        "funding_rate": 0.0004,
        "days_held": 45,
        "maintenance_margin_rate": 0.01,
    },
}


def build_examples(folder: Path = _IN_CHECKOUT) -> list[Path]:
    """Fill in and compute every example; gives the files, named after their templates."""
    paths = []
    for name, inputs in EXAMPLES.items():
        path = folder / f"{name}-example.xlsx"
        recalculate(read_model(templates_path(name)), path, inputs)
        paths.append(path)
    return paths
