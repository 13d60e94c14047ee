"""The functions and operators that every spreadsheet has."""
