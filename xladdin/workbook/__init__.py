"""Any .xlsx as a model: its named inputs, its formulas as a graph, its values written back."""
