"""Hedging with futures."""

from typing import Annotated

from xladdin.core.catalog import Money, Number, Quantity, function, number


@function("LEV_HEDGE", native="exposure*ratio/contract_size")
def hedge_contracts(
    exposure: Money, contract_size: Quantity, ratio: Annotated[Number, number("fraction", ">= 0")] = 1
) -> Number:
    """Futures contracts to short against an exposure.

    Parameters
    ----------
    exposure : money, any number
        What is to be hedged: coins, or money for contracts of a money size. Negative for a short exposure.
    contract_size : quantity, > 0
        What one contract is for, in the same unit.
    ratio : fraction, >= 0, default 1
        Part of the exposure to hedge, or the minimum variance hedge ratio.

    Returns
    -------
    contracts
        Not rounded; negative means to go long. #NUM! when the contract size is not above zero or the ratio negative.

    Notes
    -----
    ratio * exposure / contract_size

    References
    ----------
    .. [1] Hull, J. C., "Options, Futures, and Other Derivatives", chapter 3: optimal number of contracts.

    Examples
    --------
    >>> hedge_contracts(12.5, 5)
    2.5
    """
    return exposure * ratio / contract_size
