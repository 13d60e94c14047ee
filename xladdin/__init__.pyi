# Made by `make generated` of the catalogue and of __init__.py.

from typing import Any, Literal, Protocol, overload

from numpy import floating, integer
from numpy.typing import NDArray

from xladdin.core.errors import UserError as UserError
from xladdin.core.reasons import errors as errors
from xladdin.core.series import apply as apply
from xladdin.workbook.model_reader import read_model as read_model
from xladdin.workbook.one_formula import evaluate as evaluate
from xladdin.workbook.render import recalculate as recalculate

__version__: str
FORMAT: int
_OTHERS: dict[str, str]

class Series(Protocol):
    """A Series of pandas or polars."""

    def to_numpy(self, *args: Any, **kwargs: Any) -> Any: ...

class Expression(Protocol):
    """An expression of polars."""

    @property
    def meta(self) -> Any: ...

Number = float | int | floating[Any] | integer[Any]
Column = NDArray[Any] | list[Any] | tuple[Any, ...] | Series | Expression

Contract = Literal["linear", "inverse"]

Method = Literal[
    "entry",
    "mark",
    "bybit",
    "binance",
    "okx",
    "gate",
    "bitget",
    "kraken",
    "hyperliquid",
    "dydx",
    "kucoin",
    "bitmex",
    "phemex",
    "coinex",
    "htx",
    "mexc",
    "blofin",
    "delta",
    "lighter",
    "bingx",
    "deribit",
    "bybit 2020",
    "bybit 2021",
    "bybit 2022",
    "bybit 2023",
    "bybit 2024",
    "bybit 2026",
    "gate 2022",
    "gate 2023",
    "gate 2024",
    "gate 2026",
    "bitget 2022",
    "bitget 2023",
    "bitget 2024",
    "bitget 2026",
    "kucoin 2021",
    "kucoin 2022",
    "kucoin 2023",
    "kucoin 2024",
    "kucoin 2026",
    "phemex 2020",
    "phemex 2021",
    "phemex 2022",
    "phemex 2025",
    "phemex 2026",
    "coinex 2022",
    "coinex 2024",
    "coinex 2025",
    "coinex 2026",
]

Side = Literal["long", "short", "buy", "sell", 1, -1]

Tiering = Literal[
    "marginal",
    "flat",
    "bybit",
    "binance",
    "okx",
    "gate",
    "bitget",
    "hyperliquid",
    "kucoin",
    "phemex",
    "htx",
    "bingx",
    "bybit 2020",
    "bybit 2021",
    "bybit 2022",
    "bybit 2023",
    "bybit 2024",
    "bybit 2026",
    "gate 2022",
    "gate 2023",
    "gate 2024",
    "gate 2026",
    "bitget 2022",
    "bitget 2023",
    "bitget 2024",
    "bitget 2026",
    "kucoin 2021",
    "kucoin 2022",
    "kucoin 2023",
    "kucoin 2024",
    "kucoin 2026",
    "phemex 2025",
    "phemex 2026",
]

def about() -> str:
    """Which xladdin computes this workbook: its version, host and Python, and the day of its newest margin tiers."""
    ...

def account_free_margin(
    wallet: Number | Column,
    entries: Number | Column,
    quantities: Number | Column,
    sides: Side | Column,
    mmrs: Number | Column,
    prices: Number | Column | None = ...,
    betas: Number | Column | None = ...,
    deductions: Number | Column | None = ...,
    fee: Number | Column | None = ...,
) -> Any:
    """Money that an account with cross margin can lose before it is liquidated, at the prices now."""
    ...

def account_liquidation_move(
    wallet: Number | Column,
    entries: Number | Column,
    quantities: Number | Column,
    sides: Side | Column,
    mmrs: Number | Column,
    prices: Number | Column | None = ...,
    betas: Number | Column | None = ...,
    deductions: Number | Column | None = ...,
    fee: Number | Column | None = ...,
) -> Any:
    """Common move of all prices at which an account with cross margin is liquidated."""
    ...

def account_liquidation_prices(
    wallet: Number | Column,
    entries: Number | Column,
    quantities: Number | Column,
    sides: Side | Column,
    mmrs: Number | Column,
    prices: Number | Column | None = ...,
    betas: Number | Column | None = ...,
    deductions: Number | Column | None = ...,
    fee: Number | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Liquidation price of each position of an account with cross margin, the other prices staying where they are."""
    ...

def account_margin_ratio(
    wallet: Number | Column,
    entries: Number | Column,
    quantities: Number | Column,
    sides: Side | Column,
    mmrs: Number | Column,
    prices: Number | Column | None = ...,
    betas: Number | Column | None = ...,
    deductions: Number | Column | None = ...,
    fee: Number | Column | None = ...,
) -> Any:
    """Margin ratio of an account with cross margin: maintenance margin over equity, at the prices now."""
    ...

def amortization(
    principal: Number | Column,
    apr: Number | Column,
    months: Number | Column,
    balloon: Number | Column | None = ...,
    grace: Number | Column | None = ...,
    column: Literal["all", "payment", "interest", "principal", "balance"] | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Loan in equal instalments: a row a month with payment, interest, principal and the balance that is left."""
    ...

def average_entry(
    prices: Number | Column,
    quantities: Number | Column,
    contract: Contract | Column | None = ...,
) -> Any:
    """Average entry price of a position that was built in several fills."""
    ...

@overload
def bankruptcy_price(
    entry: Number,
    leverage: Number,
    side: Side | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Price at which a position's margin is gone."""
    ...

@overload
def bankruptcy_price(
    entry: Number | Column,
    leverage: Number | Column,
    side: Side | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Price at which a position's margin is gone."""
    ...

@overload
def borrow_cost(
    borrowed: Number,
    apr: Number,
    days: Number,
) -> float:
    """Simple interest on what is borrowed."""
    ...

@overload
def borrow_cost(
    borrowed: Number | Column,
    apr: Number | Column,
    days: Number | Column,
) -> Any:
    """Simple interest on what is borrowed."""
    ...

@overload
def borrowed(
    capital: Number,
    leverage: Number,
) -> float:
    """Amount borrowed to bring a capital to a leverage."""
    ...

@overload
def borrowed(
    capital: Number | Column,
    leverage: Number | Column,
) -> Any:
    """Amount borrowed to bring a capital to a leverage."""
    ...

@overload
def breakeven_days(
    borrow_cost: Number,
    daily_net: Number,
) -> float:
    """Days until the earnings have paid the total borrowing cost."""
    ...

@overload
def breakeven_days(
    borrow_cost: Number | Column,
    daily_net: Number | Column,
) -> Any:
    """Days until the earnings have paid the total borrowing cost."""
    ...

@overload
def breakeven_price(
    entry: Number,
    side: Side | None = ...,
    open_fee: Number | None = ...,
    close_fee: Number | None = ...,
    carry: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Exit price at which nothing is won or lost after fees and carry."""
    ...

@overload
def breakeven_price(
    entry: Number | Column,
    side: Side | Column | None = ...,
    open_fee: Number | Column | None = ...,
    close_fee: Number | Column | None = ...,
    carry: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Exit price at which nothing is won or lost after fees and carry."""
    ...

@overload
def collateral_needed(
    debt: Number,
    price: Number,
    ltv: Number,
) -> float:
    """Collateral that a debt needs at a loan to value."""
    ...

@overload
def collateral_needed(
    debt: Number | Column,
    price: Number | Column,
    ltv: Number | Column,
) -> Any:
    """Collateral that a debt needs at a loan to value."""
    ...

@overload
def compounded_yield(
    rate: Number,
    periods: Number,
) -> float:
    """Yearly yield with compounding (APY) of a simple yearly rate (APR)."""
    ...

@overload
def compounded_yield(
    rate: Number | Column,
    periods: Number | Column,
) -> Any:
    """Yearly yield with compounding (APY) of a simple yearly rate (APR)."""
    ...

@overload
def cross_liquidation_price(
    wallet: Number,
    entry: Number,
    quantity: Number,
    mmr: Number,
    side: Side | None = ...,
    deduction: Number | None = ...,
    other_mm: Number | None = ...,
    other_pnl: Number | None = ...,
    fee: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Liquidation price of a position with cross margin, in one-way mode."""
    ...

@overload
def cross_liquidation_price(
    wallet: Number | Column,
    entry: Number | Column,
    quantity: Number | Column,
    mmr: Number | Column,
    side: Side | Column | None = ...,
    deduction: Number | Column | None = ...,
    other_mm: Number | Column | None = ...,
    other_pnl: Number | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Liquidation price of a position with cross margin, in one-way mode."""
    ...

@overload
def days_until_interest_liquidates(
    ltv: Number,
    liquidation_ltv: Number,
    borrow_apr: Number,
    supply_apr: Number | None = ...,
) -> float:
    """Days until interest alone brings a loan to its liquidation, prices staying."""
    ...

@overload
def days_until_interest_liquidates(
    ltv: Number | Column,
    liquidation_ltv: Number | Column,
    borrow_apr: Number | Column,
    supply_apr: Number | Column | None = ...,
) -> Any:
    """Days until interest alone brings a loan to its liquidation, prices staying."""
    ...

@overload
def depeg_to_liquidation(
    leverage: Number,
    threshold: Number,
) -> float:
    """Fall of the staked coin against the borrowed one that liquidates a loop."""
    ...

@overload
def depeg_to_liquidation(
    leverage: Number | Column,
    threshold: Number | Column,
) -> Any:
    """Fall of the staked coin against the borrowed one that liquidates a loop."""
    ...

@overload
def exit_price(
    entry: Number,
    leverage: Number,
    roi: Number,
    side: Side | None = ...,
    open_fee: Number | None = ...,
    close_fee: Number | None = ...,
    carry: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Exit price that gives a return on the initial margin."""
    ...

@overload
def exit_price(
    entry: Number | Column,
    leverage: Number | Column,
    roi: Number | Column,
    side: Side | Column | None = ...,
    open_fee: Number | Column | None = ...,
    close_fee: Number | Column | None = ...,
    carry: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Exit price that gives a return on the initial margin."""
    ...

@overload
def funding(
    position_size: Number,
    rate: Number,
    periods: Number | None = ...,
    side: Side | None = ...,
) -> float:
    """Funding paid by a position over a number of settlements."""
    ...

@overload
def funding(
    position_size: Number | Column,
    rate: Number | Column,
    periods: Number | Column | None = ...,
    side: Side | Column | None = ...,
) -> Any:
    """Funding paid by a position over a number of settlements."""
    ...

@overload
def hash_price(
    difficulty: Number,
    block_reward: Number,
    price: Number,
) -> float:
    """Hash price: revenue of one petahash a second for one day."""
    ...

@overload
def hash_price(
    difficulty: Number | Column,
    block_reward: Number | Column,
    price: Number | Column,
) -> Any:
    """Hash price: revenue of one petahash a second for one day."""
    ...

@overload
def hash_revenue(
    hashrate: Number,
    difficulty: Number,
    block_reward: Number,
    days: Number | None = ...,
    pool_fee: Number | None = ...,
) -> float:
    """Coins that a hash rate earns."""
    ...

@overload
def hash_revenue(
    hashrate: Number | Column,
    difficulty: Number | Column,
    block_reward: Number | Column,
    days: Number | Column | None = ...,
    pool_fee: Number | Column | None = ...,
) -> Any:
    """Coins that a hash rate earns."""
    ...

def health_factor(
    collateral_values: Number | Column,
    thresholds: Number | Column,
    debt: Number | Column,
) -> Any:
    """Health factor of a loan against several collaterals: below 1 it is liquidated."""
    ...

def health_price(
    collaterals: Number | Column,
    thresholds: Number | Column,
    prices: Number | Column,
    debt: Number | Column,
    which: Number | Column,
    pegs: Number | Column | None = ...,
) -> Any:
    """Price of one of several collaterals at which the health factor of a loan is 1, the others staying."""
    ...

@overload
def hedge_contracts(
    exposure: Number,
    contract_size: Number,
    ratio: Number | None = ...,
) -> float:
    """Futures contracts to short against an exposure."""
    ...

@overload
def hedge_contracts(
    exposure: Number | Column,
    contract_size: Number | Column,
    ratio: Number | Column | None = ...,
) -> Any:
    """Futures contracts to short against an exposure."""
    ...

@overload
def initial_margin(
    position_size: Number,
    leverage: Number,
    contract: Contract | None = ...,
    entry: Number | None = ...,
) -> float:
    """Initial margin that a position of a size needs at a leverage."""
    ...

@overload
def initial_margin(
    position_size: Number | Column,
    leverage: Number | Column,
    contract: Contract | Column | None = ...,
    entry: Number | Column | None = ...,
) -> Any:
    """Initial margin that a position of a size needs at a leverage."""
    ...

@overload
def kelly_bet(
    win_rate: Number,
    payoff: Number,
    fraction: Number | None = ...,
) -> float:
    """Kelly bet: the part of the balance to stake on a bet that is repeated."""
    ...

@overload
def kelly_bet(
    win_rate: Number | Column,
    payoff: Number | Column,
    fraction: Number | Column | None = ...,
) -> Any:
    """Kelly bet: the part of the balance to stake on a bet that is repeated."""
    ...

@overload
def kelly_leverage(
    mean: Number,
    volatility: Number,
    rate: Number | None = ...,
    fraction: Number | None = ...,
) -> float:
    """Kelly leverage: the one at which wealth grows fastest over the long run."""
    ...

@overload
def kelly_leverage(
    mean: Number | Column,
    volatility: Number | Column,
    rate: Number | Column | None = ...,
    fraction: Number | Column | None = ...,
) -> Any:
    """Kelly leverage: the one at which wealth grows fastest over the long run."""
    ...

def ladder(
    prices: Number | Column,
    quantities: Number | Column,
    margin: Number | Column,
    mmr: Number | Column,
    side: Side | Column | None = ...,
    method: Method | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
    column: Literal["all", "entry", "position", "leverage", "liquidation"] | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Ladder of orders: after each fill the average entry, the position, its leverage and its liquidation price."""
    ...

def largest_quantity(
    wallet: Number | Column,
    leverage: Number | Column,
    price: Number | Column,
    fee: Number | Column | None = ...,
    side: Side | Column | None = ...,
    contract: Contract | Column | None = ...,
    tiers: Column = ...,
) -> Any:
    """Largest order that a wallet can open with its fees, within the maximum leverage of the tiers."""
    ...

@overload
def leverage_ratio(
    position_size: Number,
    margin: Number,
) -> float:
    """Leverage of a position: its size over the margin behind it."""
    ...

@overload
def leverage_ratio(
    position_size: Number | Column,
    margin: Number | Column,
) -> Any:
    """Leverage of a position: its size over the margin behind it."""
    ...

@overload
def liquidation_distance(
    price: Number,
    liq_price: Number,
    side: Side | None = ...,
) -> float:
    """Adverse move that is left before liquidation, as a fraction of the price now."""
    ...

@overload
def liquidation_distance(
    price: Number | Column,
    liq_price: Number | Column,
    side: Side | Column | None = ...,
) -> Any:
    """Adverse move that is left before liquidation, as a fraction of the price now."""
    ...

@overload
def liquidation_price(
    entry: Number,
    leverage: Number,
    mmr: Number,
    side: Side | None = ...,
    method: Method | None = ...,
    fee: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Liquidation price of a position with isolated margin."""
    ...

@overload
def liquidation_price(
    entry: Number | Column,
    leverage: Number | Column,
    mmr: Number | Column,
    side: Side | Column | None = ...,
    method: Method | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Liquidation price of a position with isolated margin."""
    ...

@overload
def liquidation_price_after(
    entry: Number,
    leverage: Number,
    mmr: Number,
    rate: Number,
    periods: Number,
    side: Side | None = ...,
    method: Method | None = ...,
) -> float:
    """Liquidation price of a linear position after funding or interest has eaten into its isolated margin."""
    ...

@overload
def liquidation_price_after(
    entry: Number | Column,
    leverage: Number | Column,
    mmr: Number | Column,
    rate: Number | Column,
    periods: Number | Column,
    side: Side | Column | None = ...,
    method: Method | Column | None = ...,
) -> Any:
    """Liquidation price of a linear position after funding or interest has eaten into its isolated margin."""
    ...

@overload
def liquidation_probability(
    price: Number,
    liq_price: Number,
    volatility: Number,
    years: Number,
    drift: Number | None = ...,
    carry: Number | None = ...,
) -> float:
    """Probability that the price touches the liquidation price within a time."""
    ...

@overload
def liquidation_probability(
    price: Number | Column,
    liq_price: Number | Column,
    volatility: Number | Column,
    years: Number | Column,
    drift: Number | Column | None = ...,
    carry: Number | Column | None = ...,
) -> Any:
    """Probability that the price touches the liquidation price within a time."""
    ...

@overload
def loan_price(
    debt: Number,
    collateral: Number,
    ltv: Number,
) -> float:
    """Price at which a loan reaches a loan to value: its margin call or its liquidation."""
    ...

@overload
def loan_price(
    debt: Number | Column,
    collateral: Number | Column,
    ltv: Number | Column,
) -> Any:
    """Price at which a loan reaches a loan to value: its margin call or its liquidation."""
    ...

@overload
def loan_to_value(
    debt: Number,
    collateral: Number,
    price: Number,
) -> float:
    """Loan to value: the debt over what the collateral is worth."""
    ...

@overload
def loan_to_value(
    debt: Number | Column,
    collateral: Number | Column,
    price: Number | Column,
) -> Any:
    """Loan to value: the debt over what the collateral is worth."""
    ...

@overload
def loop_exposure(
    ltv: Number,
    loops: Number,
) -> float:
    """Exposure after borrowing against the collateral and buying more of it several times."""
    ...

@overload
def loop_exposure(
    ltv: Number | Column,
    loops: Number | Column,
) -> Any:
    """Exposure after borrowing against the collateral and buying more of it several times."""
    ...

@overload
def loop_yield(
    leverage: Number,
    stake_apr: Number,
    borrow_apr: Number,
) -> float:
    """Net yearly yield of leveraged staking on your own capital."""
    ...

@overload
def loop_yield(
    leverage: Number | Column,
    stake_apr: Number | Column,
    borrow_apr: Number | Column,
) -> Any:
    """Net yearly yield of leveraged staking on your own capital."""
    ...

def maintenance_margin(
    position_size: Number | Column,
    tiers: Column,
    tiering: Tiering | Column | None = ...,
) -> Any:
    """Maintenance margin of a position under margin tiers."""
    ...

def maintenance_margin_rate(
    position_size: Number | Column,
    tiers: Column,
) -> Any:
    """Maintenance margin rate of the tier that a position falls in."""
    ...

def maximum_leverage(
    position_size: Number | Column,
    tiers: Column,
) -> Any:
    """Maximum leverage of the tier that a position falls in."""
    ...

@overload
def mining_daily(
    hashrate: Number,
    watts: Number,
    difficulty: Number,
    block_reward: Number,
    price: Number,
    tariff: Number,
    pool_fee: Number | None = ...,
    daily_borrow_cost: Number | None = ...,
) -> float:
    """Net earnings of a rig a day, after power and borrowing."""
    ...

@overload
def mining_daily(
    hashrate: Number | Column,
    watts: Number | Column,
    difficulty: Number | Column,
    block_reward: Number | Column,
    price: Number | Column,
    tariff: Number | Column,
    pool_fee: Number | Column | None = ...,
    daily_borrow_cost: Number | Column | None = ...,
) -> Any:
    """Net earnings of a rig a day, after power and borrowing."""
    ...

@overload
def mining_profit(
    capital: Number,
    leverage: Number,
    yield_: Number,
    borrow_cost: Number,
    price_loss: Number | None = ...,
) -> float:
    """Net profit of leveraged mining over one period."""
    ...

@overload
def mining_profit(
    capital: Number | Column,
    leverage: Number | Column,
    yield_: Number | Column,
    borrow_cost: Number | Column,
    price_loss: Number | Column | None = ...,
) -> Any:
    """Net profit of leveraged mining over one period."""
    ...

@overload
def mining_total(
    daily_revenue: Number,
    days: Number,
    daily_cost: Number | None = ...,
    growth: Number | None = ...,
    halving_day: Number | None = ...,
    uptime: Number | None = ...,
    price_growth: Number | None = ...,
) -> float:
    """What a rig earns over a time, while difficulty grows and with a halving in it."""
    ...

@overload
def mining_total(
    daily_revenue: Number | Column,
    days: Number | Column,
    daily_cost: Number | Column | None = ...,
    growth: Number | Column | None = ...,
    halving_day: Number | Column | None = ...,
    uptime: Number | Column | None = ...,
    price_growth: Number | Column | None = ...,
) -> Any:
    """What a rig earns over a time, while difficulty grows and with a halving in it."""
    ...

def paper_trade(
    closes: Number | Column,
    margin: Number | Column,
    leverage: Number | Column,
    highs: Number | Column | None = ...,
    lows: Number | Column | None = ...,
    opens: Number | Column | None = ...,
    mmr: Number | Column | None = ...,
    side: Side | Column | None = ...,
    entry: Number | Column | None = ...,
    stop: Number | Column | None = ...,
    target: Number | Column | None = ...,
    funding: Number | Column | None = ...,
    fee: Number | Column | None = ...,
    band: Number | Column | None = ...,
    addition: Number | Column | None = ...,
    nearer_than: Number | Column | None = ...,
    column: Literal["all", "event", "quantity", "liquidation", "funding", "equity", "drawdown", "added"]
    | Column
    | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Paper trade: a position with isolated margin lived through bar by bar, what can't be known assumed against it."""
    ...

def partial_liquidation(
    entry: Number | Column,
    quantity: Number | Column,
    margin: Number | Column,
    tiers: Column,
    price: Number | Column,
    penalty: Number | Column | None = ...,
    side: Side | Column | None = ...,
    tiering: Tiering | Column | None = ...,
    column: Literal["all", "closed", "penalty", "margin"] | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """What a venue that liquidates by steps closes at a price, tier by tier, and what is left."""
    ...

@overload
def payback_days(
    cost: Number,
    daily_revenue: Number,
    daily_cost: Number | None = ...,
    growth: Number | None = ...,
    halving_day: Number | None = ...,
    uptime: Number | None = ...,
    price_growth: Number | None = ...,
) -> float:
    """Days until the hardware is paid, while revenue falls as difficulty grows."""
    ...

@overload
def payback_days(
    cost: Number | Column,
    daily_revenue: Number | Column,
    daily_cost: Number | Column | None = ...,
    growth: Number | Column | None = ...,
    halving_day: Number | Column | None = ...,
    uptime: Number | Column | None = ...,
    price_growth: Number | Column | None = ...,
) -> Any:
    """Days until the hardware is paid, while revenue falls as difficulty grows."""
    ...

@overload
def position_profit(
    entry: Number,
    exit: Number,
    quantity: Number,
    side: Side | None = ...,
    open_fee: Number | None = ...,
    close_fee: Number | None = ...,
    funding: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Profit or loss of a position of the quantity that a venue shows, after fees and funding."""
    ...

@overload
def position_profit(
    entry: Number | Column,
    exit: Number | Column,
    quantity: Number | Column,
    side: Side | Column | None = ...,
    open_fee: Number | Column | None = ...,
    close_fee: Number | Column | None = ...,
    funding: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Profit or loss of a position of the quantity that a venue shows, after fees and funding."""
    ...

@overload
def position_size(
    margin: Number,
    leverage: Number,
) -> float:
    """Size of the position that a margin opens at a leverage."""
    ...

@overload
def position_size(
    margin: Number | Column,
    leverage: Number | Column,
) -> Any:
    """Size of the position that a margin opens at a leverage."""
    ...

@overload
def position_size_for_risk(
    balance: Number,
    risk: Number,
    entry: Number,
    stop: Number,
    fee: Number | None = ...,
    contract: Contract | None = ...,
    max_leverage: Number | None = ...,
) -> float:
    """Quantity that loses a fraction of the balance at the stop, the fees of both legs counted."""
    ...

@overload
def position_size_for_risk(
    balance: Number | Column,
    risk: Number | Column,
    entry: Number | Column,
    stop: Number | Column,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
    max_leverage: Number | Column | None = ...,
) -> Any:
    """Quantity that loses a fraction of the balance at the stop, the fees of both legs counted."""
    ...

@overload
def power_cost(
    watts: Number,
    tariff: Number,
    days: Number | None = ...,
) -> float:
    """Cost of the electricity that a rig uses."""
    ...

@overload
def power_cost(
    watts: Number | Column,
    tariff: Number | Column,
    days: Number | Column | None = ...,
) -> Any:
    """Cost of the electricity that a rig uses."""
    ...

@overload
def profit(
    entry: Number,
    exit: Number,
    quantity_before_leverage: Number,
    leverage: Number | None = ...,
    side: Side | None = ...,
    open_fee: Number | None = ...,
    close_fee: Number | None = ...,
    funding: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Profit or loss of a quantity times a leverage; for a position as a venue shows it use LEV_PNL."""
    ...

@overload
def profit(
    entry: Number | Column,
    exit: Number | Column,
    quantity_before_leverage: Number | Column,
    leverage: Number | Column | None = ...,
    side: Side | Column | None = ...,
    open_fee: Number | Column | None = ...,
    close_fee: Number | Column | None = ...,
    funding: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Profit or loss of a quantity times a leverage; for a position as a venue shows it use LEV_PNL."""
    ...

@overload
def quantity(
    margin: Number,
    leverage: Number,
    entry: Number,
    contract: Contract | None = ...,
) -> float:
    """Quantity of the position that a margin opens at a price."""
    ...

@overload
def quantity(
    margin: Number | Column,
    leverage: Number | Column,
    entry: Number | Column,
    contract: Contract | Column | None = ...,
) -> Any:
    """Quantity of the position that a margin opens at a price."""
    ...

def realized(
    prices: Number | Column,
    quantities: Number | Column,
    method: Literal["average", "fifo", "lifo"] | Column | None = ...,
    fees: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
    column: Literal["all", "profit", "quantity", "entry"] | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Realised profit of a list of fills, and the quantity and entry of what is still open."""
    ...

@overload
def rebalance(
    position_size: Number,
    equity: Number,
    target_leverage: Number,
) -> float:
    """What to buy (+) or sell (-) to be back at a target leverage."""
    ...

@overload
def rebalance(
    position_size: Number | Column,
    equity: Number | Column,
    target_leverage: Number | Column,
) -> Any:
    """What to buy (+) or sell (-) to be back at a target leverage."""
    ...

@overload
def return_on_margin(
    entry: Number,
    exit: Number,
    leverage: Number,
    side: Side | None = ...,
    open_fee: Number | None = ...,
    close_fee: Number | None = ...,
    carry: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Return on the initial margin: profit after fees and carry over the margin."""
    ...

@overload
def return_on_margin(
    entry: Number | Column,
    exit: Number | Column,
    leverage: Number | Column,
    side: Side | Column | None = ...,
    open_fee: Number | Column | None = ...,
    close_fee: Number | Column | None = ...,
    carry: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Return on the initial margin: profit after fees and carry over the margin."""
    ...

@overload
def risk_reward(
    entry: Number,
    stop: Number,
    target: Number,
) -> float:
    """Reward to risk of a trade: what the target wins for each unit that the stop loses."""
    ...

@overload
def risk_reward(
    entry: Number | Column,
    stop: Number | Column,
    target: Number | Column,
) -> Any:
    """Reward to risk of a trade: what the target wins for each unit that the stop loses."""
    ...

@overload
def simple_rate(
    apy: Number,
    periods: Number,
) -> float:
    """Simple yearly rate (APR) that compounds to a yearly yield (APY)."""
    ...

@overload
def simple_rate(
    apy: Number | Column,
    periods: Number | Column,
) -> Any:
    """Simple yearly rate (APR) that compounds to a yearly yield (APY)."""
    ...

@overload
def spot_liquidation_price(
    assets: Number,
    debt: Number,
    rate: Number,
    side: Side | None = ...,
    fee: Number | None = ...,
) -> float:
    """Liquidation price of a spot position with isolated margin, in which the coin or the money is borrowed."""
    ...

@overload
def spot_liquidation_price(
    assets: Number | Column,
    debt: Number | Column,
    rate: Number | Column,
    side: Side | Column | None = ...,
    fee: Number | Column | None = ...,
) -> Any:
    """Liquidation price of a spot position with isolated margin, in which the coin or the money is borrowed."""
    ...

@overload
def stop_leverage(
    entry: Number,
    stop: Number,
    mmr: Number,
    side: Side | None = ...,
    method: Method | None = ...,
    fee: Number | None = ...,
    contract: Contract | None = ...,
) -> float:
    """Leverage at which the liquidation price is the stop price: stay below it and the stop comes first."""
    ...

@overload
def stop_leverage(
    entry: Number | Column,
    stop: Number | Column,
    mmr: Number | Column,
    side: Side | Column | None = ...,
    method: Method | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
) -> Any:
    """Leverage at which the liquidation price is the stop price: stay below it and the stop comes first."""
    ...

def tier_date(
    venue: str,
    as_of: Number | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Day of the margin tiers that LEV_TIERS gives: venues change them, and old ones give a wrong price."""
    ...

def tiered_liquidation_price(
    entry: Number | Column,
    quantity: Number | Column,
    margin: Number | Column,
    tiers: Column,
    side: Side | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
    tiering: Tiering | Column | None = ...,
) -> Any:
    """Liquidation price under margin tiers, with the tier that holds at the liquidation price itself."""
    ...

def top_up(
    entry: Number | Column,
    quantity: Number | Column,
    margin: Number | Column,
    mmr: Number | Column,
    target_price: Number | Column,
    side: Side | Column | None = ...,
    method: Method | Column | None = ...,
    fee: Number | Column | None = ...,
    contract: Contract | Column | None = ...,
    tiers: Column = ...,
) -> Any:
    """Margin to add so that the liquidation price moves to a target."""
    ...

def venue_tiers(
    venue: str,
    symbol: str,
    as_of: Number | Column | None = ...,
    column: Literal["all", "floor", "rate", "max_leverage"] | Column | None = ...,
    row: Number | Column | None = ...,
) -> Any:
    """Margin tiers of a symbol at a venue: a row a tier with floor, maintenance margin rate and maximum leverage."""
    ...

def _modules() -> dict[str, str]: ...
