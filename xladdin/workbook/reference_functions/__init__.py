"""Functions that take or give references, and those that name parts of a formula: they see more than values."""
