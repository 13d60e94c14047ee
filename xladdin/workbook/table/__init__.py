"""A workbook around one long Excel table."""
