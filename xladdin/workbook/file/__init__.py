"""The bytes of a workbook file: its parts, its cells, its charts, where its formulas stand. No arithmetic."""
