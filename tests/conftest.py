"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same inputs in every run: a failure is a change of the code and not of the dice.
settings.register_profile("stable", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("stable")

pytest_plugins = ["own_workbook"]
