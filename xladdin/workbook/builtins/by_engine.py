"""Functions of single values that the formula engine computes: what it is given is made here what they take.

It alone would take text that spells a number for an error, and of a range its first cell.
"""

from __future__ import annotations

from typing import Any

from xladdin.workbook import engine
from xladdin.workbook.builtins.registry import NUMBER, PLAIN, TEXT, VALUE, Kind, elementwise

# Each with the fewest arguments and with what each is.
FUNCTIONS: dict[str, tuple[int, tuple[Kind, ...]]] = {
    **dict.fromkeys(("BESSELI", "BESSELJ", "BESSELK", "BESSELY"), (2, (PLAIN, PLAIN))),
    **dict.fromkeys(("BITAND", "BITOR", "BITXOR", "BITLSHIFT", "BITRSHIFT"), (2, (NUMBER, NUMBER))),
    "BASE": (2, (NUMBER, NUMBER, NUMBER)),
    "DECIMAL": (2, (TEXT, NUMBER)),
    "COMPLEX": (2, (PLAIN, PLAIN, TEXT)),
    "CONVERT": (3, (PLAIN, TEXT, TEXT)),
    "FACTDOUBLE": (1, (PLAIN,)),
    "FIXED": (1, (NUMBER, NUMBER, NUMBER)),
    "GESTEP": (1, (PLAIN, PLAIN)),
    "ISPMT": (4, (NUMBER, NUMBER, NUMBER, NUMBER)),
    "RATE": (3, (NUMBER,) * 6),
    "CUMIPMT": (6, (NUMBER,) * 6),
    "CUMPRINC": (6, (NUMBER,) * 6),
    "SQRTPI": (1, (PLAIN,)),
    **dict.fromkeys(("TBILLEQ", "TBILLPRICE", "TBILLYIELD"), (3, (PLAIN, PLAIN, PLAIN))),
    **dict.fromkeys(
        (
            *(
                "IMABS",
                "IMAGINARY",
                "IMARGUMENT",
                "IMCONJUGATE",
                "IMCOS",
                "IMCOSH",
                "IMCOT",
                "IMCSC",
                "IMCSCH",
                "IMEXP",
            ),
            *("IMLN", "IMLOG10", "IMLOG2", "IMREAL", "IMSEC", "IMSECH", "IMSIN", "IMSINH", "IMSQRT", "IMTAN"),
        ),
        (1, (VALUE,)),
    ),
    **dict.fromkeys(("IMDIV", "IMSUB", "IMPOWER"), (2, (VALUE, VALUE))),
}


def _declare(name: str, required: int, takes: tuple[Kind, ...]) -> None:
    def computed(*arguments: Any) -> Any:
        return engine.call(name, list(arguments))

    elementwise(name, *takes, required=required)(computed)


for _name, (_required, _takes) in FUNCTIONS.items():
    if _name in engine.known_functions():
        _declare(_name, _required, _takes)
