"""The functions as cells call them, and the module that xlwings imports: one line a function."""

import sys

from xladdin.core.cells import udf
from xladdin.core.functions import (
    about,
    account,
    fills,
    hedging,
    lending,
    liquidation,
    loans,
    mining,
    position,
    risk,
    simulation,
    tiers,
)

LEV_RATIO = udf(position.leverage_ratio)
LEV_SIZE = udf(position.position_size)
LEV_MARGIN = udf(position.initial_margin)
LEV_QTY = udf(position.quantity)
LEV_BORROWED = udf(position.borrowed)
LEV_AVGENTRY = udf(position.average_entry)
LEV_PROFIT = udf(position.profit)
LEV_PNL = udf(position.position_profit)
LEV_ROI = udf(position.return_on_margin)
LEV_EXITPRICE = udf(position.exit_price)
LEV_BREAKEVENPRICE = udf(position.breakeven_price)
LEV_FUNDING = udf(position.funding)

LEV_LIQPRICE = udf(liquidation.liquidation_price)
LEV_BANKRUPTCY = udf(liquidation.bankruptcy_price)
LEV_LIQDISTANCE = udf(liquidation.liquidation_distance)
LEV_LIQCROSS = udf(liquidation.cross_liquidation_price)
LEV_TOPUP = udf(liquidation.top_up)
LEV_LIQAFTER = udf(liquidation.liquidation_price_after)
LEV_LIQPARTIAL = udf(liquidation.partial_liquidation)

LEV_MMR = udf(tiers.maintenance_margin_rate)
LEV_MAXLEVERAGE = udf(tiers.maximum_leverage)
LEV_MAINTMARGIN = udf(tiers.maintenance_margin)
LEV_LIQTIERED = udf(tiers.tiered_liquidation_price)
LEV_TIERS = udf(tiers.venue_tiers)
LEV_TIERDATE = udf(tiers.tier_date)

LEV_LIQACCOUNT = udf(account.account_liquidation_move)
LEV_LIQPOSITIONS = udf(account.account_liquidation_prices)
LEV_ACCOUNTRATIO = udf(account.account_margin_ratio)
LEV_FREEMARGIN = udf(account.account_free_margin)

LEV_LADDER = udf(fills.ladder)
LEV_REALIZED = udf(fills.realized)

LEV_POSITIONSIZE = udf(risk.position_size_for_risk)
LEV_STOPLEVERAGE = udf(risk.stop_leverage)
LEV_RISKREWARD = udf(risk.risk_reward)
LEV_KELLY = udf(risk.kelly_leverage)
LEV_KELLYBET = udf(risk.kelly_bet)
LEV_LIQPROB = udf(risk.liquidation_probability)
LEV_REBALANCE = udf(risk.rebalance)
LEV_MAXQTY = udf(risk.largest_quantity)

LEV_MINEPROFIT = udf(mining.mining_profit)
LEV_BREAKEVEN = udf(mining.breakeven_days)
LEV_HASHREVENUE = udf(mining.hash_revenue)
LEV_HASHPRICE = udf(mining.hash_price)
LEV_POWERCOST = udf(mining.power_cost)
LEV_MINEDAILY = udf(mining.mining_daily)
LEV_PAYBACK = udf(mining.payback_days)
LEV_MINETOTAL = udf(mining.mining_total)
LEV_BORROWCOST = udf(mining.borrow_cost)

LEV_LTV = udf(lending.loan_to_value)
LEV_LOANPRICE = udf(lending.loan_price)
LEV_COLLATERAL = udf(lending.collateral_needed)
LEV_HEALTH = udf(lending.health_factor)
LEV_HEALTHPRICE = udf(lending.health_price)
LEV_LIQSPOT = udf(lending.spot_liquidation_price)
LEV_LOOP = udf(lending.loop_exposure)
LEV_LOOPAPY = udf(lending.loop_yield)
LEV_DEPEG = udf(lending.depeg_to_liquidation)

LEV_APY = udf(loans.compounded_yield)
LEV_APR = udf(loans.simple_rate)
LEV_LOANDAYS = udf(loans.days_until_interest_liquidates)
LEV_AMORTIZE = udf(loans.amortization)

LEV_HEDGE = udf(hedging.hedge_contracts)

LEV_PAPERTRADE = udf(simulation.paper_trade)

LEV_VERSION = udf(about.about)

FUNCTIONS = {name: call for name, call in list(globals().items()) if name.startswith("LEV_")}

if "xlwings" in sys.modules:  # Excel's own add-in imports this module; anybody else does without
    from xladdin.hosts.xlwings_udf import register_all

    register_all(FUNCTIONS.values())
