"""Examples that stand at the end of each command's help, by what is typed behind `xladdin`."""

from __future__ import annotations

import click

EXAMPLES = {
    "": ["xladdin eval '=LEV_LIQPRICE(50000, 10, 1%)'", "xladdin new futures-planner -o plan.xlsx", "xladdin doctor"],
    "report": [
        "xladdin report trades.csv --template futures-planner --out reports --name '{client}-{symbol}'",
        "xladdin report trades.csv --template positions --into account.xlsx",
        "xladdin report trades.csv --template my-own.xlsx --out reports --workers 4 --resume",
    ],
    "check": ["xladdin check trades.csv --template futures-planner", "xladdin check my-own.xlsx"],
    "fetch": [
        "xladdin fetch hyperliquid positions --user 0x0000000000000000000000000000000000000001 -o positions.csv",
        "xladdin fetch binance prices --symbol BTC/USDT:USDT",
    ],
    "update": ["xladdin update account.xlsx prices.csv --key symbol"],
    "new": [
        "xladdin new futures-planner -o plan.xlsx --set side=short --set entry=61000",
        "xladdin new positions -o account.xlsx --host libreoffice",
        "xladdin new futures-planner -o plan.xlsx --host lambda",
    ],
    "recalc": ["xladdin recalc my-own.xlsx -o computed.xlsx"],
    "eval": [
        'xladdin eval \'=LEV_LIQPRICE(50000, 10, 0.5%, "long", "binance")\'',
        "xladdin eval '=SUM(LEV_SIZE({1000;2000},5))' --json",
        "xladdin eval -",
        "xladdin eval",
    ],
    "functions": ["xladdin functions", "xladdin functions liqprice", "xladdin functions --json"],
    "venues": ["xladdin venues"],
    "tiers": ["xladdin tiers", "xladdin tiers binance BTCUSDT"],
    "tiers show": ["xladdin tiers binance BTCUSDT --as-of 2026-09-30"],
    "tiers import": ["xladdin tiers import binance.json --venue binance"],
    "tiers fetch": ["xladdin tiers fetch okx BTC/USDT:USDT"],
    "templates": ["xladdin templates", "xladdin templates mining-leveraged"],
    "template": ["xladdin template new my-own -o my-own.toml", "xladdin template build my-own.toml -o my-own.xlsx"],
    "template new": ["xladdin template new my-own -o my-own.toml"],
    "template check": ["xladdin template check my-own.toml"],
    "template build": ["xladdin template build my-own.toml -o my-own.xlsx"],
    "template show": ["xladdin template show futures-planner", "xladdin template show my-own.xlsx"],
    "install": ["xladdin install libreoffice", "xladdin install excel"],
    "install libreoffice": ["xladdin install libreoffice"],
    "install excel": ["xladdin install excel"],
    "build": ["xladdin build excel -o xladdin.xlam", "xladdin build sheets -o lev.gs"],
    "build libreoffice": ["xladdin build libreoffice -o xladdin.oxt"],
    "build excel": ["xladdin build excel -o xladdin.xlam"],
    "build lambda": ["xladdin build lambda -o functions.xlsx"],
    "build sheets": ["xladdin build sheets -o lev.gs"],
    "serve": ["xladdin serve", "xladdin serve --certificate localhost.pem --key localhost-key.pem"],
    "doctor": ["xladdin doctor", "xladdin doctor --host excel"],
    "completion": [
        "xladdin completion bash >> ~/.bashrc",
        "xladdin completion fish > ~/.config/fish/completions/xladdin.fish",
        "xladdin completion powershell >> $PROFILE",
    ],
}


def epilog(words: str) -> str | None:
    """What stands at the end of the help of a command: its examples, as they are typed."""
    lines = "\n".join(f"  {line}" for line in EXAMPLES.get(words, ()))
    return f"\b\nExamples:\n{lines}" if lines else None


def add(command: click.Command, words: str = "") -> None:
    """Put the examples into a command and all below it that are made already."""
    command.epilog = epilog(words)
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        add(below, f"{words} {name}".strip())
