# Made by `make generated` of the catalogue and of __init__.py.

from xladdin.core.errors import UserError as UserError
from xladdin.core.functions.hedging import hedge_contracts as hedge_contracts
from xladdin.core.functions.lending import collateral_needed as collateral_needed
from xladdin.core.functions.lending import depeg_to_liquidation as depeg_to_liquidation
from xladdin.core.functions.lending import health_factor as health_factor
from xladdin.core.functions.lending import loan_price as loan_price
from xladdin.core.functions.lending import loan_to_value as loan_to_value
from xladdin.core.functions.lending import loop_exposure as loop_exposure
from xladdin.core.functions.lending import loop_yield as loop_yield
from xladdin.core.functions.liquidation import bankruptcy_price as bankruptcy_price
from xladdin.core.functions.liquidation import cross_liquidation_price as cross_liquidation_price
from xladdin.core.functions.liquidation import liquidation_distance as liquidation_distance
from xladdin.core.functions.liquidation import liquidation_price as liquidation_price
from xladdin.core.functions.liquidation import maintenance_margin as maintenance_margin
from xladdin.core.functions.liquidation import maintenance_margin_rate as maintenance_margin_rate
from xladdin.core.functions.liquidation import maximum_leverage as maximum_leverage
from xladdin.core.functions.liquidation import tiered_liquidation_price as tiered_liquidation_price
from xladdin.core.functions.liquidation import top_up as top_up
from xladdin.core.functions.mining import amortization as amortization
from xladdin.core.functions.mining import borrow_cost as borrow_cost
from xladdin.core.functions.mining import breakeven_days as breakeven_days
from xladdin.core.functions.mining import hash_price as hash_price
from xladdin.core.functions.mining import hash_revenue as hash_revenue
from xladdin.core.functions.mining import mining_daily as mining_daily
from xladdin.core.functions.mining import mining_profit as mining_profit
from xladdin.core.functions.mining import payback_days as payback_days
from xladdin.core.functions.mining import power_cost as power_cost
from xladdin.core.functions.position import average_entry as average_entry
from xladdin.core.functions.position import borrowed as borrowed
from xladdin.core.functions.position import breakeven_price as breakeven_price
from xladdin.core.functions.position import exit_price as exit_price
from xladdin.core.functions.position import funding as funding
from xladdin.core.functions.position import initial_margin as initial_margin
from xladdin.core.functions.position import leverage_ratio as leverage_ratio
from xladdin.core.functions.position import position_size as position_size
from xladdin.core.functions.position import profit as profit
from xladdin.core.functions.position import quantity as quantity
from xladdin.core.functions.position import return_on_margin as return_on_margin
from xladdin.core.functions.risk import kelly_bet as kelly_bet
from xladdin.core.functions.risk import kelly_leverage as kelly_leverage
from xladdin.core.functions.risk import liquidation_probability as liquidation_probability
from xladdin.core.functions.risk import position_size_for_risk as position_size_for_risk
from xladdin.core.functions.risk import rebalance as rebalance
from xladdin.core.functions.risk import risk_reward as risk_reward
from xladdin.core.functions.risk import stop_leverage as stop_leverage
from xladdin.workbook.engine import evaluate as evaluate
from xladdin.workbook.model import read_model as read_model
from xladdin.workbook.render import recalculate as recalculate

__version__: str
FORMAT: int

def _modules() -> dict[str, str]: ...
