"""The stub of the package, by which checkers and editors see what `import xladdin` finds when it is asked for."""

from __future__ import annotations

import xladdin


def stub() -> str:
    """The text of xladdin/__init__.pyi."""
    modules = xladdin._modules()
    imports = [f"from {module} import {name} as {name}" for name, module in modules.items()]
    return "\n".join(
        [
            "# Made by `make generated` of the catalogue and of __init__.py.",
            "",
            *sorted(imports),
            "",
            "__version__: str",
            "FORMAT: int",
            "",
            "def _modules() -> dict[str, str]: ...",
            "",
        ]
    )
