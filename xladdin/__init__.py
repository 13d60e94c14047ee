"""The mathematics of leverage for spreadsheets.

Every function by its Python name, such as `xladdin.liquidation_price`, for floats, arrays and Series, with NaN for what
has no value; `errors` says why each NaN is one, `apply` takes the columns of a DataFrame. `evaluate` is for a formula,
`read_model` and `recalculate` are for a workbook. `xladdin.udfs` has the same functions as cells call them.
"""

import sys

__version__ = "0.1.0"

# The number of what we make: it stands in the templates and in what `--resume` goes by. Raise it when the same template
# and inputs make another workbook than before, and not at a release, which would make all of them anew for nothing.
FORMAT = 1

# What is public beside the functions, and where it is. Nothing is imported before it is asked for; checkers and editors
# read __init__.pyi, which `make generated` makes of the same.
_OTHERS = {
    "UserError": "xladdin.core.errors",
    "apply": "xladdin.core.series",
    "errors": "xladdin.core.reasons",
    "evaluate": "xladdin.workbook.one_formula",
    "read_model": "xladdin.workbook.model_reader",
    "recalculate": "xladdin.workbook.render",
}


def _modules() -> dict[str, str]:
    """The module of everything public, by its name."""
    from xladdin.core.catalog import functions

    return {known.python_name: f"xladdin.core.functions.{known.group}" for known in functions().values()} | _OTHERS


def __getattr__(name: str) -> object:
    if name == "__all__":
        return ["__version__", *_modules()]
    if name.startswith("_") or name not in (modules := _modules()):
        # With its name and object Python says what may have been meant.
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    from importlib import import_module

    value: object = getattr(import_module(modules[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_modules()})
