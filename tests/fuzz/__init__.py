"""Random and mutated input for everything that reads, and what may come of it: a value, or a sentence."""
