"""Random accounts for the template positions: wallets of money and of coins, and positions in every mode."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl

from xladdin import templates

VENUES = ("bybit", "binance", "okx", "gate", "bitget", "mexc", "bitmex", "kraken")
PRICES = {"BTC": 60000.0, "ETH": 3000.0, "SOL": 150.0}
# Of a row in cross margin: the number of a column that is filled in, and what can't stand there.
BAD_CELLS = (
    *((2, "up"), (3, "both"), (4, -1), (5, 0), (5, "many"), (6, 0), (8, None), (14, "high")),
    *((15, "nowhere"), (16, "quanto")),
)


def write_account(path: Path, seed: int, bad: tuple[int, Any] | None = None) -> None:
    """The template with a random account in it, and with a bad cell in the first row."""
    dice = random.Random(seed)
    betas = {coin: round(dice.uniform(0.5, 1.9), 2) for coin in PRICES}
    wallets = [[venue, round(dice.uniform(500, 50000), 2), None, None] for venue in dice.sample(VENUES, 3)]
    wallets += [
        [dice.choice(VENUES), round(dice.uniform(3000, 90000) / PRICES[coin], 4), coin, "inverse"]
        for coin in ("BTC", "ETH")
    ]
    rows = []
    for venue, _, name, contract in wallets:
        for _ in range(2):
            coin = name or dice.choice(list(PRICES))
            rows.append(_position(dice, coin, betas[coin], venue, "cross", name, contract))
    for _ in range(4):
        coin = dice.choice(list(PRICES))
        contract = dice.choice([None, "linear", "inverse"])
        rows.append(_position(dice, coin, betas[coin], dice.choice(VENUES), "isolated", None, contract))
    if bad is not None:
        column, value = bad
        rows[0][column] = value
    book = openpyxl.load_workbook(templates.workbook_path("positions"))
    sheet = book["Positions"]
    for line, values in zip(list(sheet[sheet.tables["positions"].ref])[1:], rows, strict=True):
        for cell, value in zip(line, values, strict=False):
            cell.value = value
    ((_, area),) = book.defined_names["wallets"].destinations
    for number, line in enumerate(book["Inputs"][area.replace("$", "")]):
        for cell, value in zip(line, wallets[number] if number < len(wallets) else [None] * 4, strict=True):
            cell.value = value
    book.save(path)


def _position(
    dice: random.Random, coin: str, beta: float, venue: str, mode: str, name: str | None, contract: str | None
) -> list[Any]:
    """A row of what is filled in; of an inverse contract the quantity is money, and money is coins."""
    price = PRICES[coin] * random.Random(f"{coin} {venue}").uniform(0.98, 1.02)  # a venue has one of each
    held = dice.uniform(0.98, 1.02)  # since the entry
    money = dice.uniform(500, 20000)
    unit = price if contract == "inverse" else 1.0
    return [
        *(coin, venue, dice.choice(["long", "short"]), mode),
        round(price * held * dice.uniform(0.94, 1.06), 4),
        round(money if contract == "inverse" else money / price, 6),
        *(dice.choice([2, 3, 5, 8, 10]), dice.choice([0.004, 0.005, 0.01]), round(price, 4)),
        round(money * 0.4 / unit, 6) if mode == "isolated" and dice.random() < 0.3 else None,
        round(dice.uniform(0, 5) / unit, 8),
        round(dice.uniform(-5, 5) / unit, 8),
        round(price * dice.uniform(1.05, 1.3), 2) if dice.random() < 0.6 else None,
        round(price * dice.uniform(0.7, 0.95), 2) if dice.random() < 0.6 else None,
        *(beta, name, contract),
    ]
