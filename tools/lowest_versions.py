"""The lowest versions of all dependencies that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def main() -> None:
    """Print a line for each dependency that has a lowest version."""
    for text in {*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())}:
        requirement = Requirement(text)
        for bound in requirement.specifier:
            if bound.operator == ">=":
                print(f"{requirement.name}=={bound.version}")


if __name__ == "__main__":
    main()
