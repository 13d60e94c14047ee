"""Worked examples: each template filled in with a plausible case other than its defaults."""

from __future__ import annotations

from pathlib import Path

from xladdin.templates import templates_path
from xladdin.workbook.model import read_model
from xladdin.workbook.render import recalculate

_IN_CHECKOUT = Path(__file__).parents[2] / "workbooks"

# By the template's name: the inputs that differ from its defaults.
EXAMPLES: dict[str, dict[str, object]] = {
    "position-sizing": {
        "client": "Birch Capital",
        "balance": 25000,
        "risk": 0.0075,
        "symbol": "ETHUSDT",
        "side": "short",
        "method": "binance",
        "entry": 3200,
        "stop": 3380,
        "target": 2750,
        "leverage": 8,
        "maintenance_margin_rate": 0.005,
        "fee": 0.0005,
        "win_rate": 0.38,
        "trades": 250,
        "losing_run": 12,
    },
    "liquidation-probability": {
        "client": "Birch Capital",
        "symbol": "SOLUSDT",
        "side": "short",
        "method": "okx",
        "entry": 185,
        "price_now": 178,
        "leverage": 3,
        "volatility": 0.8,
        "horizon_days": 14,
        "short_days": 3,
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
