"""Worked examples: each template filled in with a plausible case other than its defaults."""

from __future__ import annotations

from pathlib import Path

from xladdin.templates import workbook_path
from xladdin.workbook.model import read_model
from xladdin.workbook.render import recalculate

# By the template's name: the inputs that differ from its defaults.
EXAMPLES: dict[str, dict[str, object]] = {
    "futures-planner": {
        "client": "Birch Capital",
        "symbol": "ETHUSDT",
        "side": "short",
        "method": "binance",
        "entry": 3200,
        "amount": 800,
        "leverage": 8,
        "maintenance_margin_rate": 0.01,
        "stop": 3420,
        "target": 2750,
    },
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
    "mining-hedge": {
        "client": "Fjord Mining",
        "hashrate": 350000,
        "uptime": 0.95,
        "efficiency": 21,
        "tariff": 0.042,
        "price": 88000,
        "difficulty_growth": 0.03,
        "hedge_days": 180,
        "hedge_ratio": 0.6,
        "entry": 90500,
        "leverage": 4,
        "method": "binance",
        "maintenance_margin_rate": 0.015,
        "funding_rate": 0.00005,
        "reserve": 400000,
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


def build(name: str, path: Path) -> None:
    """Fill in and compute the example of a template."""
    recalculate(read_model(workbook_path(name)), path, EXAMPLES[name])
